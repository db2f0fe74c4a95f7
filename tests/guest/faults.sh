# SPDX-License-Identifier: BSD-3-Clause
# Devices that go away, are reset or stop answering while the queue is full: every command
# completes exactly once, and nothing hangs.
. /checks.sh
load nvme-core io_timeout=3
load nvme poll_queues=1
wait_for 20 test -c /dev/ng0n2
wait_for 20 test -b /dev/nvme0n2

reset() { echo 1 > /sys/class/nvme/nvme0/reset_controller; }

storm "undisturbed, io_uring_cmd" true /dev/ng0n1 async=io_uring_cmd seconds=1
storm "reset, io_uring_cmd" reset /dev/ng0n1 async=io_uring_cmd seconds=4 must_fail=2
check "the device works after that" guest_io verify /dev/ng0n1
storm "timeout, io_uring_cmd" stall /dev/ng0n1 async=io_uring_cmd seconds=8 must_fail=1 \
	command_timeout=1000000
check "the device works after that" guest_io verify /dev/ng0n1
storm "unplug, io_uring_cmd" unplug /dev/ng0n1 async=io_uring_cmd seconds=60 must_fail=1
check "it is gone" wait_for 30 test ! -e /dev/nvme0
finish
