#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The freestanding gate: compiles each source without a C library, without its headers and without
# floating point registers; the undefined symbols of all objects must be in a list of five names.
#
# usage: ci/freestanding.sh SOURCE_ROOT FILE...      CC (default: cc) may name the compiler
set -eu

root=$1
shift
cc=${CC:-cc}
allowed='memcpy memmove memset memcmp env_panic'

case $($cc -dumpmachine) in
x86_64* | i?86* | aarch64*) no_float=-mgeneral-regs-only ;;
*) no_float= ;;
esac
case $($cc --version) in
*clang*) builtin=$($cc -print-resource-dir)/include ;;
*) builtin=$($cc -print-file-name=include) ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
n=0
for file in "$@"; do
	n=$((n + 1))
	if ! $cc -std=gnu11 -O2 -ffreestanding -nostdinc -isystem "$builtin" $no_float \
		-Wall -Wextra -Werror -fno-stack-protector -fno-pic \
		-I"$root/include" -I"$root/src" -c "$file" -o "$work/$n.o"; then
		echo "$file: does not compile freestanding" >&2
		failed=1
	fi
done
[ $failed -eq 0 ] || exit 1

# Exclude symbols that one object needs and another defines
nm --defined-only "$work"/*.o | awk 'NF == 3 { print $3 }' | sort -u >"$work/has"
nm --undefined-only "$work"/*.o | awk '$1 == "U" { print $2 }' | sort -u >"$work/asks"
printf '%s\n' $allowed | sort -u >"$work/may"
if comm -23 "$work/asks" "$work/has" | comm -23 - "$work/may" | grep . >"$work/bad"; then
	while read -r name; do
		echo "freestanding code asks for '$name'; it may ask for: $allowed" >&2
		nm -A --undefined-only "$work"/*.o | awk -v name="$name" '$NF == name' >&2
	done <"$work/bad"
	exit 1
fi
# Writable data would be shared by all SSDs of a program
if nm "$work"/*.o | awk 'NF == 3 && $2 ~ /^[bBdDC]$/ { print $3 }' | grep . >"$work/data"; then
	sed 's/^/freestanding code has writable data: /' "$work/data" >&2
	exit 1
fi
echo "freestanding: $n files ask for: $(comm -23 "$work/asks" "$work/has" | tr '\n' ' ')"
