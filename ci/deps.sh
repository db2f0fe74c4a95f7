#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Install what is missing, by apt-get, on Debian or Ubuntu.
# usage: ci/deps.sh build|test|guest|bare|arm64
set -eu

build="gcc libc6-dev make meson ninja-build pkg-config python3 liburing-dev libaio-dev
	libjson-c-dev libyaml-dev"
test="$build g++ clang libclang-rt-dev libcmocka-dev ccache valgrind python3 jq binutils kmod
	util-linux strace man-db fio e2fsprogs"
guest="qemu-system-x86 busybox-static kmod nvme-cli dpkg-dev xz-utils zstd"
bare="debootstrap debian-archive-keyring"
arm64="$bare gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user"

case "${1:-build}" in
build) wanted=$build ;;
test) wanted=$test ;;
guest) wanted=$guest ;;
bare) wanted=$bare ;;
arm64) wanted=$arm64 ;;
*) echo "usage: ci/deps.sh build|test|guest|bare|arm64" >&2; exit 2 ;;
esac

missing=
for package in $wanted; do
	if [ "$package" = libclang-rt-dev ]; then
		# Debian 12 names it after the version of clang, newer systems do not
		version=$(apt-cache policy clang 2>/dev/null |
			sed -n 's/.*Candidate: 1:\([0-9]*\).*/\1/p')
		[ -n "$version" ] && package=libclang-rt-$version-dev
	fi
	dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
		missing="$missing $package"
done
[ -n "$missing" ] || exit 0

sudo=
if [ "$(id -u)" != 0 ]; then
	if ! command -v sudo >/dev/null; then
		echo "Not installed:$missing" >&2
		echo "Run this as root, or install them: apt-get install$missing" >&2
		exit 1
	fi
	sudo=sudo
fi
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
# shellcheck disable=SC2086
$sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
