# SPDX-License-Identifier: BSD-3-Clause
# Both interfaces of Linux to a function behind an IOMMU: iommufd, the default where it is
# available, and the older group and container, on request.
. /checks.sh
vfio_begin
refuse "no IOMMU where there is one" "leave --no-iommu away" xnvme-driver bind --no-iommu "$function"
check "handed over" xnvme-driver bind "$function"
check "it has a device of its own" sh -c 'test -c /dev/vfio/devices/vfio0 && test -c /dev/iommu'
check "iommufd is taken unasked" sh -c "conform $function only=flushes | grep vfio-iommufd"
check "the group, when asked for" sh -c \
	"conform $function,iommu=group only=reads_back_what_it_wrote | grep vfio-group"
refuse "another word" "write iommu=iommufd, iommu=group or iommu=none" \
	xnvme info "$function,iommu=perhaps"
refuse "another key" "only iommu=WAY can stand" xnvme info "$function,noiommu"
refuse "no IOMMU where there is one" "leave iommu=none away" xnvme info "$function,iommu=none"

check "conformance, iommufd" conform "$function"

conform "$function" > /tmp/held 2>&1 &
holder=$!
wait_for 20 grep -q "^ok" /tmp/held
refuse "a second process" "used by others" xnvme info "$function,iommu=iommufd"
refuse "not taken away from who uses it" "in use by process $holder" xnvme-driver unbind "$function"
kill $holder
wait $holder 2> /dev/null
check "given back" xnvme-driver unbind "$function"
check "the kernel's driver has it again" wait_for 30 test -b /dev/nvme0n1
finish
