# SPDX-License-Identifier: BSD-3-Clause
# A function without an IOMMU: refused at every step unless the user requests it explicitly.
. /checks.sh
vfio_begin
refuse "not handed over just so" "behind no IOMMU" xnvme-driver bind "$function"
check "still the kernel's" test -b /dev/nvme0n1
check "handed over when it is said" xnvme-driver bind --no-iommu "$function"
check "shown as what it is" sh -c "xnvme-driver | grep '$function: vfio-pci, IOMMU group none'"
check "the kernel counts as tainted" sh -c 'test $(($(cat /proc/sys/kernel/tainted) & 512)) -ne 0 ||
	dmesg | grep -i "taint"'
refuse "not opened just so" "behind no IOMMU" xnvme info "$function"
refuse "not with an IOMMU that is not there" "behind no IOMMU" xnvme info "$function,iommu=group"
refuse "without hugepages" "no hugepages of 2 MiB are free" xnvme info "$function,iommu=none"
check "hugepages" xnvme-driver hugepages 48
check "info" xnvme info "$function,iommu=none"
check "it is said what was done" sh -c \
	"conform $function,iommu=none only=flushes | grep vfio-no-iommu"
check "conformance" conform "$function,iommu=none"
check "conformance, 4096 byte blocks" conform "$function,iommu=none" nsid=2
check "given back" xnvme-driver unbind "$function"
check "the kernel's driver has it again" wait_for 30 test -b /dev/nvme0n1
check "hugepages came back" sh -c 'test "$(sed -n "s/HugePages_Free: *//p" /proc/meminfo)" = 48'
finish
