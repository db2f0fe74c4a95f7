#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# xnvme-driver on a made-up sysfs: what it shows, and what it refuses to hand over.
# usage: driver_test.sh XNVME-DRIVER
set -u
driver=$1
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
export XNVME_SYSFS="$top/sys" XNVME_PROC="$top/proc"
function=0000:01:00.0
dir=$top/sys/bus/pci/devices/$function
failed=0

expect() {
	what=$1
	text=$2
	shift 2
	said=$(sh "$driver" "$@" 2>&1)
	code=$?
	case $said in
	*"$text"*) echo "ok   $what (exit code $code)" ;;
	*)
		echo "FAIL $what: '$text' is not in: $said"
		failed=1
		;;
	esac
	case $1 in
	bind | unbind)
		[ $code -ne 0 ] || { echo "FAIL $what: it was not refused"; failed=1; }
		[ ! -s "$dir/driver_override" ] || { echo "FAIL $what: it touched sysfs"; failed=1; }
		;;
	esac
}

mkdir -p "$dir/nvme/nvme0/nvme0c0n1" "$top/proc" "$top/sys/class/block/nvme0n1/holders" \
	"$top/sys/class/block/nvme0n1p1/holders" "$top/sys/bus/pci/devices/0000:02:00.0"
echo 0x010802 > "$dir/class"
echo 0x020000 > "$top/sys/bus/pci/devices/0000:02:00.0/class"
: > "$dir/driver_override"
: > "$top/proc/mounts"

expect "shows it" "$function: none, IOMMU group none, nvme0n1 nvme0n1p1" status
expect "no IOMMU" "behind no IOMMU" bind $function
expect "no NVMe controller" "is no NVMe controller" bind 0000:02:00.0
expect "not there" "there is no PCI function" bind 0000:03:00.0
echo "/dev/nvme0n1p1 /data ext4 rw 0 0" > "$top/proc/mounts"
expect "a mounted partition" "/dev/nvme0n1p1 is mounted on /data" bind $function
echo "/dev/nvme0n12 /data ext4 rw 0 0" > "$top/proc/mounts"
expect "another disk of a similar name" "behind no IOMMU" bind $function
printf 'Filename Type\n/dev/nvme0n1p1 partition\n' > "$top/proc/swaps"
expect "swap space" "is swap space" bind $function
rm "$top/proc/swaps"
mkdir "$top/sys/class/block/nvme0n1/holders/dm-0"
expect "a part of another device" "is a part of dm-0" bind $function
expect "nothing named" "bind what?" bind
expect "not a count" "a count" hugepages x
exit $failed
