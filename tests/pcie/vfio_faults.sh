# SPDX-License-Identifier: BSD-3-Clause
# Faults of a function over VFIO while a queue is full: a medium that stalls, and an unplug that
# makes the kernel request the function back. Every command completes exactly once, and nothing
# hangs.
. /checks.sh
vfio_begin
check "handed over" xnvme-driver bind "$function"

storm "undisturbed" true "$function" seconds=1
storm "timeouts" stall "$function" seconds=8 must_fail=1 command_timeout=1000000
check "it works after that" guest_io verify "$function"
storm "unplugged" unplug "$function" seconds=60 must_fail=1
check "it is gone" wait_for 30 test ! -e "/sys/bus/pci/devices/$function"
refuse "and cannot be opened" "there is no PCI function" xnvme info "$function"
finish
