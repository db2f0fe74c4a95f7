# SPDX-License-Identifier: BSD-3-Clause
# A thousand reads over VFIO, submitted one by one; vfio_doorbells.py counts doorbell writes in
# QEMU.
. /checks.sh
vfio_begin
check "handed over" xnvme-driver bind "$function"
check "reads" one_by_one "$function" "$(cat /count)"
mv /tmp/check.out /tmp/said
cat /tmp/said
check "with shadow doorbells" grep -q shadow_doorbells /tmp/said
finish
