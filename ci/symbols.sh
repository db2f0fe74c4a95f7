#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Checks the symbols of the library: the shared library and the archive export only xnvme_* and
# nvmevirt_*, each with the symbol version, under a separate SONAME, so that programs for xNVMe
# 0.7.5 do not load it. No function pointer is in writable memory, so that tables of functions are
# read-only. At most five objects are writable, one per part that has state of the process:
# this_thread (src/os), process (src/host), registry (src/virt), ranges (src/export/vfio_user) and
# cli_process (src/cli). State of a handle, a queue or an SSD belongs to its structure.
# The tool nvmevirt, which also links files of the library statically, has no second copy of what
# the library exports: the state behind it would be there twice.
# usage: ci/symbols.sh ABI LIBRARY.so NVMEVIRT [LIBRARY.a]   ABI: version of the symbols, "0.8"
set -eu
abi=$1
library=$2
program=$3
archive=${4:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

soname=$(readelf -d "$library" | sed -n 's/.*(SONAME).*\[\(.*\)\]$/\1/p')
if [ "$soname" != "libxnvme.so.$abi" ]; then
	echo "the SONAME is '$soname'; it should be 'libxnvme.so.$abi'"
	exit 1
fi
nm -D --defined-only "$library" | awk '$2 != "A" {print $3}' >"$work/shown"
other=$(grep -v "^\(xnvme_\|nvmevirt_\).*@@XNVME_$abi\$" "$work/shown" || true)
if [ -n "$other" ]; then
	echo "exported, but neither xnvme_* nor nvmevirt_* with the version XNVME_$abi:" $other
	exit 1
fi
shown=$(wc -l <"$work/shown")
if [ "$shown" -lt 200 ]; then
	echo "only $shown symbols are exported: has the map been applied?"
	exit 1
fi
sed 's/@@.*//' "$work/shown" | sort >"$work/names"
twice=$(nm --defined-only "$program" | awk '{print $3}' | sort | comm -12 - "$work/names")
if [ -n "$twice" ]; then
	echo "exported by the library, and again in $program:" $twice
	exit 1
fi
if [ -n "$archive" ]; then
	nm -g --defined-only "$archive" | awk 'NF == 3 {print $3}' | sort >"$work/archived"
	diff "$work/names" "$work/archived" >"$work/differ" || {
		echo "the archive's global symbols are not the shared library's:"
		cat "$work/differ"
		exit 1
	}
fi
# A relocation in writable data whose value is an address of code is a function pointer in a
# variable, whatever its name
writable=$(python3 - "$library" <<-'END'
	import re, subprocess, sys

	def lines(option):
	    out = subprocess.run(["readelf", "-W", option, sys.argv[1]], capture_output=True,
	                         check=True, text=True).stdout
	    return out.splitlines()

	sections, symbols = {}, []
	for line in lines("-S"):
	    if match := re.match(r"\s+\[ *\d+\] (\S+)\s+\S+\s+(\w+) \w+ (\w+)", line):
	        first, size = int(match[2], 16), int(match[3], 16)
	        sections[match[1]] = range(first, first + size)
	for line in lines("-s"):
	    if match := re.match(r"\s+\d+: (\w+)\s+(\d+) OBJECT .* (\S+)$", line):
	        symbols.append((range(int(match[1], 16), int(match[1], 16) + int(match[2])), match[3]))
	if ".data" not in sections or not symbols:
	    sys.exit("no .data or no symbols to look at")
	for line in lines("-r"):
	    if match := re.match(r"([0-9a-f]{8,})\s+[0-9a-f]+ R_\w+_(?:RELATIVE|64|ABS64)\s+(\w+)", line):
	        at, value = int(match[1], 16), int(match[2], 16)
	        if at in sections[".data"] and value in sections[".text"]:
	            print(next((name for place, name in symbols if at in place), hex(at)))
	END
)
if [ -n "$writable" ]; then
	echo "pointers to functions that can be written:" $writable
	exit 1
fi
writable=$(python3 - "$library" <<-'END'
	import re, subprocess, sys

	def lines(option):
	    out = subprocess.run(["readelf", "-W", option, sys.argv[1]], capture_output=True,
	                         check=True, text=True).stdout
	    return out.splitlines()

	# Sections that are writable while the program runs: .data.rel.ro is read-only after relocation
	writable = {number: name for line in lines("-S")
	            for number, name in re.findall(r"^\s+\[ *(\d+)\] (\S+)", line)
	            if re.match(r"\.t?(data|bss)(?!\.rel\.ro)", name)}
	found = set()
	for line in lines("-s"):
	    if match := re.match(r"\s+\d+: (\w+)\s+(\S+) (?:OBJECT|TLS|COMMON) .* (\d+) (\S+)$", line):
	        address, nbytes, section, name = match.groups()
	        # the compiler's: __dso_handle, __TMC_END__, completed.0, those of sanitizers
	        if section in writable and not re.match(r"__|completed\.|\.L", name):
	            found.add((writable[section], address, name, int(nbytes, 0)))
	if not found:
	    sys.exit("no writable object is known: has the library been stripped?")
	for section, _, name, nbytes in sorted(found):
	    print(f"{name}({nbytes})")
END
)
count=$(echo "$writable" | wc -l)
if [ "$count" -gt 5 ]; then
	echo "$count objects of the library can be written; at most 5 may be:" $writable
	exit 1
fi
echo "$count objects can be written:" $writable
echo "$shown symbols, all xnvme_* or nvmevirt_* of version $abi; no pointer to a function that can be written"
