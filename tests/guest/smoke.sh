# SPDX-License-Identifier: BSD-3-Clause
# The guest itself: devices appear, their media can be written and read, the host can unplug one.
. /checks.sh
load nvme poll_queues=2
wait_for 20 test -c /dev/ng0n2
check "block node of a 512 byte namespace" wait_for 10 test -b /dev/nvme0n1
check "logical block of namespace 2 is 4096" \
	grep -qx 4096 /sys/block/nvme0n2/queue/logical_block_size
check "poll queues" grep -qx 1 /sys/block/nvme0n1/queue/io_poll
head -c 65536 /dev/urandom > /tmp/pattern
check "write through the block layer" dd if=/tmp/pattern of=/dev/nvme0n1 bs=65536 oflag=direct
check "read back" dd if=/dev/nvme0n1 of=/tmp/back bs=65536 count=1 iflag=direct
check "what was read is what was written" cmp /tmp/pattern /tmp/back
check "unplug" qmp device_del '{"id":"ctrlr0"}'
check "the device is gone" wait_for 30 test ! -e /dev/nvme0
finish
