#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Make an archive of one object whose global symbols are xnvme_* and nvmevirt_*.
# usage: archive.sh OBJECTS.a OUTPUT.a CC...
set -eu
objects=$1
output=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# With link time optimisation the objects contain no code yet: gcc generates it here
case $("$@" --version) in
*clang*) code= ;;
*) code=-flinker-output=nolto-rel ;;
esac
# shellcheck disable=SC2086
"$@" -r -nostdlib $code -o "$work/xnvme.o" -Wl,--whole-archive "$objects" -Wl,--no-whole-archive
# the compiler's own objcopy and ar: it may be a cross compiler
"$("$@" -print-prog-name=objcopy)" --wildcard --keep-global-symbol='xnvme_*' \
	--keep-global-symbol='nvmevirt_*' "$work/xnvme.o"
rm -f "$output"
"$("$@" -print-prog-name=ar)" rcsD "$output" "$work/xnvme.o"
