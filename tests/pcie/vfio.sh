# SPDX-License-Identifier: BSD-3-Clause
# The user-space driver on a PCI function behind an (emulated) IOMMU: QEMU's NVMe device, an
# independent implementation, bound to VFIO and returned to the kernel.
. /checks.sh
vfio_begin
load ext4
check "the kernel's driver has it" test -b /dev/nvme0n1
check "it is behind an IOMMU" test -e "/sys/bus/pci/devices/$function/iommu_group"
refuse "not before it is handed over" "belongs to nvme" xnvme info "$function"

check "mkfs" /bin/busybox mke2fs -F /dev/nvme0n1
check "mount" mount -t ext4 /dev/nvme0n1 /mnt
refuse "not while it is mounted" "is mounted on /mnt" xnvme-driver bind "$function"
check "unmount" umount /mnt
sleep 60 < /dev/ng0n2 &
holder=$!
refuse "not while somebody has it open" "process $holder has a node of it open" \
	xnvme-driver bind "$function"
kill $holder
wait $holder 2> /dev/null
refuse "no such function" "there is no PCI function" xnvme-driver bind 0000:7f:00.0
check "handed over" xnvme-driver bind "$function"
check "shown" sh -c "xnvme-driver | grep -q '$function: vfio-pci'"

check "info" xnvme info "$function"
check "identify" xnvme idfy-ctrlr "$function"
check "conformance" conform "$function"
check "a namespace of 4096 bytes" conform "$function" nsid=2
refuse "no such function" "there is no PCI function" xnvme info 0000:7f:00.0

check "given back" xnvme-driver unbind "$function"
check "the kernel's driver has it again" wait_for 30 test -b /dev/nvme0n1
finish
