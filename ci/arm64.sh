#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# The unit tests on another processor: cross-built for arm64, run by QEMU's user-mode emulation.
#
# usage: ci/arm64.sh RESULTS
#
# Appends a line for each test to the file RESULTS, `passed|failed|skipped arm64: what`. The
# libraries to link with come from Debian's arm64 packages and are kept in $XNVME_CI_CACHE (default:
# ~/.cache/xnvme-ci). Needs root, debootstrap, the cross compiler and qemu-user.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
cache=${XNVME_CI_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xnvme-ci}
root=$cache/arm64
build=$top/build-arm64
[ $# = 1 ] || { sed -n '5,9s/^# //p' "$0" >&2; exit 2; }
results=$1

# Tests that the emulator cannot run, with the reason. Its address space is 32 GiB (the page tables
# of a drive of terabytes exhaust it), and exec cannot start programs of the emulated machine.
declare -A lacks=(
	[host_znd]="its memory counts as the test's"
	[ssd_ns]="too few addresses" [virt_media_test]="too few addresses"
	[vfio_user_protocol_test]="too few addresses" [virt_break]="too few addresses"
	[virt]="too few addresses" [virt_work]="too few addresses"
	[pi_end_to_end_virt]="too few addresses" [pi_end_to_end_pci-virt]="too few addresses"
	[virt_count]="cannot start the tools"
	[python]="this machine's Python cannot load the library"
	[python_mistakes]="this machine's Python cannot load the library")

skip()
{
	echo "skipped arm64: $1" >>"$results"
	echo "arm64: $1: skipped"
	exit 0
}

for program in debootstrap aarch64-linux-gnu-gcc qemu-aarch64; do
	command -v $program >/dev/null || skip "$program is not installed"
done
mirror=$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -1)
if [ ! -d "$root" ]; then
	mkdir -p "$cache"
	work=$(mktemp -d "$cache/arm64.XXXXXX")
	debootstrap --foreign --arch=arm64 --variant=minbase \
		--include=libc6-dev,liburing-dev,libaio-dev,libjson-c-dev,libyaml-dev,libcmocka-dev \
		bookworm "$work" "${mirror:-http://deb.debian.org/debian}" >"$work.log" 2>&1 ||
		skip "Debian's arm64 packages are not reachable: $(tail -1 "$work.log")"
	for package in "$work"/var/cache/apt/archives/*.deb; do
		dpkg-deb -x "$package" "$work"
	done
	rm -rf "$work.log" "$work"/var/cache/apt/archives/*.deb
	mv "$work" "$root"
fi

cross=$root/cross.ini
cat >"$cross" <<-END
	[binaries]
	c = 'aarch64-linux-gnu-gcc'
	ar = 'aarch64-linux-gnu-ar'
	strip = 'aarch64-linux-gnu-strip'
	objcopy = 'aarch64-linux-gnu-objcopy'
	pkgconfig = 'pkg-config'
	exe_wrapper = ['qemu-aarch64', '-cpu', 'max', '-R', '32G', '-L', '$root']
	[properties]
	sys_root = '$root'
	pkg_config_libdir = '$root/usr/lib/aarch64-linux-gnu/pkgconfig:$root/usr/share/pkgconfig'
	[built-in options]
	c_args = ['--sysroot=$root']
	c_link_args = ['--sysroot=$root']
	[host_machine]
	system = 'linux'
	cpu_family = 'aarch64'
	cpu = 'aarch64'
	endian = 'little'
END
log=$root/log
if ! { [ -f "$build/build.ninja" ] || meson setup --cross-file "$cross" "$build" -Dtests=enabled \
	-Dwerror=true -Db_ndebug=false; } >"$log" 2>&1 ||
	! ninja -C "$build" >>"$log" 2>&1; then
	tail -40 "$log"
	echo "failed arm64: it builds" >>"$results"
	exit 1
fi
echo "passed arm64: it builds" >>"$results"

meson test -C "$build" --no-rebuild --suite unit -t 8 --print-errorlogs
while read -r result name; do
	case $result in
	OK) echo "passed arm64: $name" ;;
	SKIP) echo "skipped arm64: $name" ;;
	*)
		if [ -n "${lacks[$name]:-}" ]; then
			echo "skipped arm64: $name: the emulator: ${lacks[$name]}"
		else
			echo "failed arm64: $name"
		fi
		;;
	esac
done < <(jq -r '.result + " " + (.name | sub(".*/ "; ""))' "$build/meson-logs/testlog.json") >>"$results"
grep ^skipped "$results" || true
