#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Each public header compiles by itself, in C and in C++, with each installed compiler, also with
# -pedantic; and programs that rely on the system headers included by <libxnvme.h> compile without
# feature test macros. X39: headers of xNVMe 0.7.5 do not compile alone.
# usage: alone_test.sh <include> <program>...
set -eu
include=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
warn="-Wall -Wextra -Wundef -Wshadow -Werror -fsyntax-only"
pedantic="-pedantic-errors"

checked=0
for header in "$include"/*.h; do
	name=$(basename "$header")
	printf '#include <%s>\n#include <%s>\n' "$name" "$name" >"$work/$name.c"
	cp "$work/$name.c" "$work/$name.cpp"
	checked=$((checked + 1))
done

have() {
	command -v "$1" >/dev/null 2>&1
}

compilers=0
for cc in gcc clang; do
	if have "$cc"; then
		compilers=$((compilers + 1))
		for std in c11 gnu11; do
			# shellcheck disable=SC2086
			"$cc" -std=$std $pedantic $warn -I"$include" "$work"/*.c
			# shellcheck disable=SC2086
			"$cc" -std=$std $warn -D_POSIX_C_SOURCE=200809L -I"$include" "$@"
		done
		# shellcheck disable=SC2086
		"$cc" $warn -I"$include" "$@"
		# shellcheck disable=SC2086
		"$cc" -std=c99 $pedantic $warn -I"$include" "$work/libxnvme.h.c" "$work/libxnvme_cli.h.c"
	fi
done
for cxx in g++ clang++; do
	if have "$cxx"; then
		compilers=$((compilers + 1))
		# shellcheck disable=SC2086
		"$cxx" -std=c++17 $pedantic $warn -I"$include" "$work"/*.h.cpp
	fi
done
[ "$checked" -gt 30 ] || { echo "only $checked headers in $include: wrong folder?"; exit 1; }
[ "$compilers" -gt 0 ] || { echo "none of gcc, clang, g++, clang++ is here"; exit 77; }
echo "$checked headers alone, $compilers compilers"
