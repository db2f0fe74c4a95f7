# SPDX-License-Identifier: BSD-3-Clause
# Protection information of types 1 to 3, separate and extended, first and last.
. /checks.sh
load nvme
wait_for 20 test -c /dev/ng0n6
for ns in 1 2 3 4 5; do
	check "namespace $ns" guest_io pi /dev/ng0n$ns
	cat /tmp/check.out
	check "namespace $ns, emu over nvme" guest_io pi /dev/ng0n$ns async=emu
done
refuse "a namespace without" "no protection information" guest_io pi /dev/ng0n6
refuse "polling where the driver has no queues for it" "no queues that are polled" \
	guest_io show /dev/ng0n6 poll_io=1
finish
