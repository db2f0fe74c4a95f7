#compdef xnvme-driver
# SPDX-License-Identifier: BSD-3-Clause
local class functions=()

for class in ${XNVME_SYSFS:-/sys}/bus/pci/devices/*/class(N); do
	[[ "$(<$class)" == 0x010802 ]] && functions+=(${class:h:t})
done
if (( CURRENT == 2 )); then
	local commands=(
		'status:Show the NVMe functions of this machine'
		'bind:To vfio-pci, for the driver in user space'
		'unbind:Back to the kernel driver'
		'hugepages:Have so many hugepages of 2 MiB'
		'--help:Show the commands'
		'--version:Show the version'
	)
	_describe command commands
else
	case $words[2] in
	bind) compadd -- --no-iommu $functions ;;
	unbind) compadd -- $functions ;;
	esac
fi
