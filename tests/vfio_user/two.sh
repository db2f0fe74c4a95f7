# SPDX-License-Identifier: BSD-3-Clause
# Two virtual SSDs, served by one process on two sockets: Linux sees two devices with separate
# identifiers and blocks.
. /checks.sh
load nvme
check "the driver binds to the first" wait_for 30 test -b /dev/nvme0n1
check "... and to the second" wait_for 30 test -b /dev/nvme1n1
check "two subsystems" test "$(ls -d /sys/class/nvme-subsystem/nvme-subsys* | wc -l)" -eq 2

# differ FILE FILE: neither file is empty, and they differ
differ() {
	cat "$@"
	[ -s "$1" ] && [ -s "$2" ] && ! cmp -s "$1" "$2"
}

for name in serial subsysnqn; do
	check "$name" differ /sys/class/nvme/nvme0/$name /sys/class/nvme/nvme1/$name
done
for name in wwid nguid uuid eui; do
	for drive in 0 1; do
		cat /sys/block/nvme${drive}n1/$name > /tmp/$name$drive
	done
	check "$name" differ /tmp/${name}0 /tmp/${name}1
done
for drive in 0 1; do
	check "drive $drive is live" grep -qx live /sys/class/nvme/nvme$drive/state
	xnvme info /dev/ng${drive}n1 > /tmp/info$drive
done
check "xnvme info" differ /tmp/info0 /tmp/info1

# both in use at once, with buffers across the guest's memory
for drive in 0 1; do
	head -c 33554432 /dev/urandom > /tmp/pattern$drive
	dd if=/tmp/pattern$drive of=/dev/nvme${drive}n1 bs=131072 oflag=direct 2> /tmp/dd$drive &
done
wait
for drive in 0 1; do
	check "drive $drive has its own blocks" sh -c "dd if=/dev/nvme${drive}n1 bs=131072 count=256 \
		iflag=direct 2> /dev/null | cmp - /tmp/pattern$drive"
	check "reset of drive $drive" sh -c "echo 1 > /sys/class/nvme/nvme$drive/reset_controller"
	check "... and it is back" wait_for 20 grep -qx live /sys/class/nvme/nvme$drive/state
done
finish
