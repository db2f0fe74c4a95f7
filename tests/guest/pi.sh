# SPDX-License-Identifier: BSD-3-Clause
# Protection information of types 1 to 3, separate and extended, first and last.
. /checks.sh
load nvme
wait_for 20 test -c /dev/ng0n8
for ns in 1 2 3 4 5 6 7 8; do
	wait_for 20 test -b /dev/nvme0n$ns
done
for ns in 1 2 3 4 5 7 8; do
	ng=/dev/ng0n$(instance $ns)
	check "namespace $ns" guest_io pi $ng
	cat /tmp/check.out
	check "namespace $ns, emu over nvme" guest_io pi $ng async=emu
done
# separate metadata, flat and in pieces
for ns in 1 3 6 8; do
	ng=/dev/ng0n$(instance $ns)
	check "metadata of namespace $ns" guest_io meta $ng
	check "metadata of namespace $ns, thrpool over nvme" guest_io meta $ng async=thrpool
done
# ... which the block layer does not transfer: refused, not silently dropped
block=/dev/nvme0n$(instance 1)
for async in io_uring libaio posix; do
	refuse "metadata by $async" "carry none" guest_io meta $block async=$async direct=1
	refuse "metadata in the blocks, $async" "metadata inside its blocks" \
		guest_io show /dev/nvme0n$(instance 4) async=$async
done
refuse "metadata in the blocks, psync" "metadata inside its blocks" \
	guest_io show /dev/nvme0n$(instance 4) sync=psync
refuse "a namespace without" "no protection information" guest_io pi /dev/ng0n$(instance 6)
refuse "polling where the driver has no queues for it" "no polled queues" \
	guest_io show /dev/ng0n$(instance 6) poll_io=1
rmmod nvme
load nvme poll_queues=2
for ns in 1 4 6; do
	wait_for 20 test -b /dev/nvme0n$ns
done
check "metadata, polled" guest_io meta /dev/ng0n$(instance 6) poll_io=1
for ns in 1 4; do
	check "namespace $ns, polled" guest_io pi /dev/ng0n$(instance $ns) poll_io=1
done
finish
