# SPDX-License-Identifier: BSD-3-Clause
# Linux' NVMe driver on a virtual SSD that another process serves. /phase is "write" for the first
# guest, which is killed under load, and "verify" for the second one.
. /checks.sh
phase=$(cat /phase)

# count NAME: a counter of the SMART log
count() {
	nvme smart-log /dev/nvme0 | tr -d ,: | awk -v name="$1" '$1 == name { print $2 }'
}

# agree: the kernel and the SSD counted the same number of reads and writes since the last call, and
# more than none
agree() {
	before="$reads $writes $ssd_reads $ssd_writes"
	read -r reads _ _ _ writes _ < /sys/block/nvme0n1/stat
	ssd_reads=$(count host_read_commands) ssd_writes=$(count host_write_commands)
	set -- $before
	[ $# -eq 4 ] || return 0 # the first time
	echo "kernel: $((reads - $1)) reads, $((writes - $2)) writes;" \
		"SSD: $((ssd_reads - $3)) and $((ssd_writes - $4))"
	[ $((reads - $1)) -eq $((ssd_reads - $3)) ] && [ "$reads" -gt "$1" ] &&
		[ $((writes - $2)) -eq $((ssd_writes - $4)) ] && [ "$writes" -gt "$2" ]
}

# verify MODE: writes or reads back random 4 KiB blocks with checksums
verify() {
	fio --name=v --filename=/dev/nvme0n1 --direct=1 --ioengine=libaio --iodepth=32 \
		--rw="$1" --bs=4k --offset=64m --size=8m --verify=crc32c --do_verify=1 \
		--randseed=7 --allrandrepeat=1
}

load nvme
check "the driver binds" wait_for 30 test -b /dev/nvme0n1
check "passthrough node" wait_for 10 test -c /dev/ng0n1
check "controller is live" grep -qx live /sys/class/nvme/nvme0/state

if [ "$phase" = verify ]; then
	load ext4
	check "mount what the killed guest left" mount -t ext4 /dev/nvme0n1 /mnt
	check "its file is there" sh -c 'cd /mnt && md5sum -c sums'
	check "unmount" umount /mnt
	check "its blocks are there" verify randread
	finish
fi

head -c 1048576 /dev/urandom > /tmp/pattern
writes=$(count host_write_commands)
check "write" dd if=/tmp/pattern of=/dev/nvme0n1 bs=65536 oflag=direct
check "read back" dd if=/dev/nvme0n1 of=/tmp/back bs=65536 count=16 iflag=direct
check "what was read is what was written" cmp /tmp/pattern /tmp/back
check "the SSD counted 16 writes" test $(($(count host_write_commands) - writes)) -eq 16
check "interrupts arrive" grep -q nvme0q1 /proc/interrupts
check "nvme id-ctrl" nvme id-ctrl /dev/nvme0
check "xnvme by passthrough" xnvme info /dev/ng0n1
check "lblk by passthrough" lblk info /dev/ng0n1

agree
check "fio with verify" verify randwrite
check "the SSD's counters agree with the kernel's" agree
check "reset" sh -c 'echo 1 > /sys/class/nvme/nvme0/reset_controller'
check "live after the reset" wait_for 20 grep -qx live /sys/class/nvme/nvme0/state
check "nvme reset" nvme reset /dev/nvme0
check "live after that" wait_for 20 grep -qx live /sys/class/nvme/nvme0/state
check "verify after the resets" verify randread

check "unload" rmmod nvme
check "the device is gone" wait_for 10 test ! -e /dev/nvme0n1
load nvme
check "the driver binds again" wait_for 30 test -b /dev/nvme0n1
check "what was written is there" verify randread

# a file system before fio's blocks; the guest is killed while it is in use
load ext4
check "mkfs" /bin/mke2fs -q -F -t ext4 /dev/nvme0n1 60m
check "mount" mount -t ext4 /dev/nvme0n1 /mnt
check "copy" sh -c 'cp /tmp/pattern /mnt/pattern && cd /mnt && md5sum pattern > sums && sync'
[ "$failed" -eq 0 ] || finish
(while :; do dd if=/tmp/pattern of=/mnt/more bs=4k oflag=direct; done) > /dev/null 2>&1 &
sleep 2
check "kill the machine under load" sync /mnt/sums
finish
