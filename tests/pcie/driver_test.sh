#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# xnvme-driver on a fake sysfs: what it prints, and which functions it refuses to bind.
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
rmdir "$top/sys/class/block/nvme0n1/holders/dm-0"
: > "$top/proc/mounts"

# open in a process, by any node of the kernel's driver
mkdir -p "$top/proc/77/fd"
for node in /dev/nvme0n1 /dev/nvme0n1p1 /dev/ng0n1 /dev/nvme0; do
	ln -sf $node "$top/proc/77/fd/3"
	expect "open: $node" "process 77 has a node of it open" bind $function
done
ln -sf /dev/nvme0n12 "$top/proc/77/fd/3"
expect "open: another's node" "behind no IOMMU" bind $function

# without an IOMMU: only with --no-iommu, and if the kernel supports it
drivers=$top/sys/bus/pci/drivers
group=$top/sys/kernel/iommu_groups/7
mkdir -p "$drivers/vfio-pci" "$group/devices" "$top/proc/123/fd" "$dir/vfio-dev/vfio3"
expect "no IOMMU, and it is said, but not to this kernel" "CONFIG_VFIO_NOIOMMU" \
	bind --no-iommu $function
ln -s "$group" "$dir/iommu_group"
expect "an IOMMU is there" "leave --no-iommu away" bind --no-iommu $function
expect "its group" "$function: none, IOMMU group 7" status
echo vfio-noiommu > "$group/name"
expect "a group that isolates nothing" "$function: none, IOMMU group none" status

# the process that holds it open, by any VFIO node
ln -s "$drivers/vfio-pci" "$dir/driver"
for node in /dev/vfio/7 /dev/vfio/noiommu-7 /dev/vfio/devices/vfio3; do
	ln -sf $node "$top/proc/123/fd/5"
	expect "held by $node" "in use by process 123" unbind $function
done
expect "nothing named, without an IOMMU" "bind what?" bind --no-iommu
expect "nothing named" "bind what?" bind
expect "not a count" "a count" hugepages x
exit $failed
