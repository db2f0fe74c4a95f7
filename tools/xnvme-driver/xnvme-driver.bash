# SPDX-License-Identifier: BSD-3-Clause
# bash completion for xnvme-driver
_xnvme_driver_functions()
{
	local class

	for class in "${XNVME_SYSFS:-/sys}"/bus/pci/devices/*/class; do
		[[ -r $class && $(<"$class") == 0x010802 ]] && basename "${class%/class}"
	done
}

_xnvme_driver_completions()
{
	local cur="${COMP_WORDS[COMP_CWORD]}"

	COMPREPLY=()
	if [[ $COMP_CWORD -eq 1 ]]; then
		COMPREPLY=($(compgen -W "status bind unbind hugepages --help --version" -- "$cur"))
		return
	fi
	case "${COMP_WORDS[1]}" in
	bind)
		COMPREPLY=($(compgen -W "--no-iommu $(_xnvme_driver_functions)" -- "$cur")) ;;
	unbind)
		COMPREPLY=($(compgen -W "$(_xnvme_driver_functions)" -- "$cur")) ;;
	esac
	# readline treats : as the end of a word: remove the part before the last one, already typed
	if [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]]; then
		COMPREPLY=("${COMPREPLY[@]#"${cur%:*}:"}")
	fi
}

complete -F _xnvme_driver_completions xnvme-driver
