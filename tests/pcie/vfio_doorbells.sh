# SPDX-License-Identifier: BSD-3-Clause
# A thousand reads over VFIO, told of one by one; vfio_doorbells.py counts QEMU's side.
. /checks.sh
vfio_begin
check "handed over" xnvme-driver bind "$function"
check "reads" one_by_one "$function" "$(cat /count)"
mv /tmp/check.out /tmp/said
cat /tmp/said
check "with shadow doorbells" grep -q shadow_doorbells /tmp/said
finish
