#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The shared library shows only xnvme_* and nvmevirt_*, and its tables of functions cannot be
# written: nothing named *_ops, *_path or path_* lies in .data or .bss.
# usage: ci/symbols.sh LIBRARY
set -eu
library=$1
other=$(nm -D --defined-only "$library" | awk '$3 !~ /^(xnvme_|_xnvme_|nvmevirt_)/ {print $3}')
if [ -n "$other" ]; then
	echo "exported, but neither xnvme_* nor nvmevirt_*:" $other
	exit 1
fi
shown=$(nm -D --defined-only "$library" | wc -l)
if [ "$shown" -lt 200 ]; then
	echo "only $shown symbols are exported: has the map been applied?"
	exit 1
fi
writable=$(objdump -t "$library" | awk '
	($4 == ".data" || $4 == ".bss" || $5 == ".data" || $5 == ".bss") &&
	($NF ~ /(_ops|_path|_table)$/ || $NF ~ /^path_/) {print $NF}')
if [ -n "$writable" ]; then
	echo "tables of functions that can be written:" $writable
	exit 1
fi
echo "$shown symbols, all xnvme_* or nvmevirt_*; no writable table of functions"
