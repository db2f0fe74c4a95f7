# SPDX-License-Identifier: BSD-3-Clause
# Protection information of types 1 to 3, separate and extended, first and last.
. /checks.sh
load nvme
wait_for 20 test -c /dev/ng0n6
for ns in 1 2 3 4 5 6; do
	wait_for 20 test -b /dev/nvme0n$ns
done
for ns in 1 2 3 4 5; do
	ng=/dev/ng0n$(instance $ns)
	check "namespace $ns" guest_io pi $ng
	cat /tmp/check.out
	check "namespace $ns, emu over nvme" guest_io pi $ng async=emu
done
refuse "a namespace without" "no protection information" guest_io pi /dev/ng0n$(instance 6)
refuse "polling where the driver has no queues for it" "no queues that are polled" \
	guest_io show /dev/ng0n$(instance 6) poll_io=1
finish
