# SPDX-License-Identifier: BSD-3-Clause
# Features of QEMU's NVMe device beyond plain blocks, over VFIO: protection information and
# metadata, separate and interleaved; zones; two controllers at a time.
. /checks.sh
vfio_begin
wait_for 30 test -b /dev/nvme1n1
other=$(function_of nvme1)
[ "$(ls -d /sys/class/nvme/nvme0/nvme0*n* | wc -l)" = 5 ] || { # must have five namespaces
	swap=$function
	function=$other
	other=$swap
}
check "both handed over" xnvme-driver bind "$function" "$other"

for ns in 3 4; do
	check "namespace $ns: protection information" guest_io pi "$function" nsid=$ns
	cat /tmp/check.out
done
refuse "namespace 1 has none" "no protection information" guest_io pi "$function" nsid=1
check "namespace 5: append at 32" guest_io append "$function" nsid=5
check "namespace 5: append at 8" guest_io append "$function" nsid=5 qd=8
check "namespace 5: 16 zones are reported" sh -c \
	"test \"\$(zoned report $function --dev-nsid 5 | grep -c 'zslba: .*wp:')\" = 16"
check "namespace 5: a zone is opened" zoned mgmt-open "$function" --dev-nsid 5 --slba 0x400
for ns in 1 2; do
	check "namespace $ns: queue" guest_io verify "$function" nsid=$ns
	check "namespace $ns: pieces" guest_io verify "$function" nsid=$ns vectors=3
done
guest_io verify "$other" seconds=5 > /tmp/other 2>&1 &
other_job=$!
check "both at a time" guest_io verify "$function" nsid=2
check "the other one too" wait $other_job
check "given back" xnvme-driver unbind "$function" "$other"
check "the kernel's driver has them again" wait_for 30 sh -c 'test -b /dev/nvme0n1 && test -b /dev/nvme1n1'
finish
