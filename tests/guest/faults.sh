# SPDX-License-Identifier: BSD-3-Clause
# Devices that are removed, reset or stalled while the queue is full: every command completes
# exactly once, and nothing hangs.
# X29: in xNVMe 0.7.5, an error while completions are read blocks the queue or reads an invalid entry.
. /checks.sh
load nvme-core io_timeout=3
load nvme poll_queues=1
for n in 0 1 2 3 4 5; do
	wait_for 20 test -c /dev/ng${n}n1
	wait_for 20 test -b /dev/nvme${n}n1
done

reset() { echo 1 > /sys/class/nvme/nvme$n/reset_controller; }

# The timeout is a minute, not the kernel's 3 s of this test: a busy host can stop the guest longer
works_again() {
	wait_for 30 grep -qx live /sys/class/nvme/nvme$n/state
	check "the device works after that" guest_io verify $uri $options command_timeout=60000000
}

# spoil N NODE MAY OPTION=VALUE...: every fault of controller N through one path. MAY: the commands
# that must fail in a timeout: 1 some, 2 none or some (the block layer retries)
spoil() {
	n=$1 uri=$2 may=$3
	shift 3
	options=$*
	# the kernel's number may differ from QEMU's
	port=$(sed -n 's/^GUEST\([0-9]*\).*/\1/p' /sys/class/nvme/nvme$n/serial)
	storm "$* undisturbed" true $uri "$@" seconds=1
	storm "$* reset" reset $uri "$@" seconds=3 must_fail=2
	works_again
	storm "$* timeout" stall $uri "$@" seconds=7 must_fail=$may command_timeout=1000000
	works_again
	storm "$* unplug" unplug $uri "$@" seconds=60 must_fail=1
	check "it is gone" wait_for 30 test ! -e /dev/nvme$n
}

spoil 0 /dev/ng0n1 1 async=io_uring_cmd
spoil 1 /dev/ng1n1 1 async=io_uring_cmd poll_io=1
spoil 2 /dev/ng2n1 1 async=thrpool sync=nvme
spoil 3 /dev/nvme3n1 2 async=libaio direct=1
spoil 4 /dev/nvme4n1 2 async=io_uring direct=1
spoil 5 /dev/nvme5n1 2 async=thrpool sync=block admin=block direct=1
finish
