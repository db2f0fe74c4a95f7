#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Objects built for xNVMe 0.7.5 cannot be linked to this library silently: the linker names each
# function whose structures differ, and the loader refuses a program that needs libxnvme.so.0.
# Objects of this library's headers link without output, in C and in C++.
# usage: older_object.sh INCLUDE PC-FOLDER CC LIBRARY.so [LIBRARY.a]     PC-FOLDER: of xnvme.pc
set -eu
include=$1
private=$(PKG_CONFIG_PATH=$2 pkg-config --static --libs xnvme | sed 's/-lxnvme//')
cc=$3
shared=$4
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folder=$(dirname "$shared")
said='was not compiled with the headers of this library'

# As in the headers of 0.7.5: structures of different sizes, plain names
cat >"$work/older.c" <<'END'
struct xnvme_opts { char bytes[136]; };
struct xnvme_dev;
struct xnvme_opts xnvme_opts_default(void);
struct xnvme_dev *xnvme_dev_open(const char *uri, struct xnvme_opts *opts);
void xnvme_dev_close(struct xnvme_dev *dev);
int main(void)
{
	struct xnvme_opts opts = xnvme_opts_default();

	xnvme_dev_close(xnvme_dev_open("1MiB", &opts));
	return 0;
}
END
cat >"$work/newer.c" <<'END'
#include <libxnvme.h>
int main(int argc, char **argv)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_cli cli = {};
	struct xnvme_dev *dev;

	if (argc > 1) {
		return xnvme_cli_run(&cli, argc, argv, 0) + (int)xnvme_cli_timer_start(&cli);
	}
	dev = xnvme_dev_open("1MiB", &opts);
	xnvme_dev_close(dev);
	return dev == NULL;
}
END
cp "$work/newer.c" "$work/newer.cpp"
# shellcheck disable=SC2086
$cc -c -o "$work/older.o" "$work/older.c"

fail()
{
	echo "$1"
	cat "$work/log"
	exit 1
}

# links COMPILER SOURCE LIBRARY...: to $work/program; what the linker prints goes to $work/log
links()
{
	compiler=$1
	source=$2
	shift 2
	# shellcheck disable=SC2086
	$compiler -I"$include" -o "$work/program" "$work/$source" "$@" >"$work/log" 2>&1 ||
		fail "$compiler $source $*: does not link"
}

# checks COMPILER SOURCE LIBRARY
checks()
{
	libraries=$private
	[ "$3" != "$shared" ] || libraries=
	# shellcheck disable=SC2086
	links "$1" older.o "$3" $libraries
	for function in xnvme_opts_default xnvme_dev_open; do
		grep -q "$function() .*$said" "$work/log" ||
			fail "$1 $3: no warning of $function()"
	done
	! grep -q "xnvme_dev_close()" "$work/log" || fail "$1 $3: xnvme_dev_close() has not changed"
	# shellcheck disable=SC2086
	links "$1" "$2" "$3" $libraries
	[ ! -s "$work/log" ] || fail "$1 $2 $3: a warning"
	LD_LIBRARY_PATH="$folder" "$work/program" || fail "$1 $2 $3: exit status $?"
	checked=$((checked + 1))
}

checked=0
for library; do
	checks "$cc" newer.c "$library"
	for other in gcc:c clang:c g++:cpp clang++:cpp; do
		if command -v "${other%:*}" >/dev/null; then
			checks "${other%:*}" "newer.${other#*:}" "$library"
		fi
	done
done

# A program that was linked to libxnvme.so.0
echo 'void *xnvme_opts_default, *xnvme_dev_open, *xnvme_dev_close;' >"$work/stub.c"
mkdir "$work/0.7.5"
# shellcheck disable=SC2086
$cc -shared -fPIC -Wl,-soname,libxnvme.so.0 -o "$work/0.7.5/libxnvme.so" "$work/stub.c"
links "$cc" older.o "$work/0.7.5/libxnvme.so"
status=0
LD_LIBRARY_PATH="$folder" "$work/program" >"$work/log" 2>&1 || status=$?
[ "$status" = 127 ] || fail "the loader starts a program that needs libxnvme.so.0: $status"
grep -q 'libxnvme\.so\.0: cannot open shared object file' "$work/log" ||
	fail "the loader does not name libxnvme.so.0"
echo "$checked times the linker warned of an older object; the loader refused libxnvme.so.0"
