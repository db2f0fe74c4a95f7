# SPDX-License-Identifier: BSD-3-Clause
# A thousand reads over VFIO, told of one by one; vfio_doorbells.py counts QEMU's side.
. /checks.sh
load nvme
load vfio_iommu_type1
load vfio-pci
wait_for 30 test -b /dev/nvme0n1
function=$(basename "$(readlink -f /sys/class/nvme/nvme0/device)")
check "handed over" xnvme-driver bind "$function"
check "reads" one_by_one "$function" "$(cat /count)"
mv /tmp/check.out /tmp/said
cat /tmp/said
check "with shadow doorbells" grep -q shadow_doorbells /tmp/said
finish
