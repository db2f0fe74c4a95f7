#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Checks README.md on systems with only their base packages. In a chroot of each, made by
# debootstrap: the first command, the installation and the use of its files, and the quick tests.
#
# usage: ci/bare.sh RESULTS SYSTEM...
#
# SYSTEM: a Debian or Ubuntu by its code name: bookworm trixie noble. Appends a line for each check
# to the file RESULTS, `passed|failed|skipped SYSTEM: what`, and the tests' own logs to
# RESULTS.SYSTEM.json. Downloads are kept in $XNVME_CI_CACHE (default: ~/.cache/xnvme-ci).
# Needs root, debootstrap, and the system's package archive or a copy of the base in the cache.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
cache=${XNVME_CI_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xnvme-ci}
[ $# -ge 2 ] || { sed -n '6,11s/^# //p' "$0" >&2; exit 2; }
results=$1
shift
ubuntu_keys=pool/main/u/ubuntu-keyring/ubuntu-keyring_2023.11.28.1_all.deb
ubuntu_keys_sha256=36de43b15853ccae0028e9a767613770c704833f82586f28eb262f0311adb8a8
work=$(mktemp -d "${TMPDIR:-/tmp}/xnvme-bare.XXXXXX")
trap 'rm -rf "$work"' EXIT # mounts exist only in namespaces that end before

say() # passed|failed|skipped TEXT
{
	echo "$1 $system: $2" >>"$results"
	echo "$system: $2: $1"
}

# The package mirror of a system
mirror_of()
{
	case $1 in
	noble) echo http://archive.ubuntu.com/ubuntu ;;
	*) sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources 2>/dev/null |
		grep . || echo http://deb.debian.org/debian ;;
	esac | head -1
}

# The keys of Debian's archive are a package; those of Ubuntu's come from itself, by their checksum
keys_of()
{
	local keys=/usr/share/keyrings/debian-archive-keyring.gpg
	if [ "$1" = noble ]; then
		keys=$cache/ubuntu-archive-keyring.gpg
		[ -f "$keys" ] || python3 - "$2/$ubuntu_keys" "$ubuntu_keys_sha256" "$work/keys.deb" <<-'END' &&
		import hashlib, sys, urllib.request
		package = urllib.request.urlopen(sys.argv[1], timeout=20).read(1 << 20)
		if hashlib.sha256(package).hexdigest() != sys.argv[2]:
		    sys.exit("the package of Ubuntu's keys has another checksum")
		open(sys.argv[3], "wb").write(package)
		END
			dpkg-deb --fsys-tarfile "$work/keys.deb" |
			tar -xO ./usr/share/keyrings/ubuntu-archive-keyring.gpg >"$keys.$$" &&
			mv "$keys.$$" "$keys"
	fi
	echo "$keys"
}

# The base system as an archive in the cache; 1: not available, $why says why
base_of()
{
	local suite=$1 mirror keys parts=main script=
	[ ! -f "$cache/$suite.tar" ] || return 0
	mirror=$(mirror_of "$suite")
	why="the cache has no base system, and debootstrap is not installed"
	command -v debootstrap >/dev/null || return 1
	why="no base system in $cache, and $mirror does not answer"
	python3 - "$mirror/dists/$suite/Release" <<-'END' 2>/dev/null || return 1
	import sys, urllib.request
	urllib.request.urlopen(sys.argv[1], timeout=20).read(1)
	END
	[ -e "/usr/share/debootstrap/scripts/$suite" ] || script=gutsy # for newer Ubuntus
	[ "$suite" != noble ] || parts=main,universe
	keys=$(keys_of "$suite" "$mirror")
	why="$keys is missing"
	[ -f "$keys" ] || return 1
	# shellcheck disable=SC2086
	if ! debootstrap --variant=minbase --components=$parts --keyring="$keys" "$suite" "$work/$suite" "$mirror" \
		$script >"$work/log" 2>&1; then
		why="debootstrap failed: $(tail -1 "$work/log")"
		return 1
	fi
	rm -f "$work/$suite"/var/cache/apt/archives/*.deb
	tar -C "$work/$suite" -cf "$cache/$suite.tar.$$" . && mv "$cache/$suite.tar.$$" "$cache/$suite.tar"
	rm -rf "${work:?}/$suite"
}

# Run a command in the chroot, in its own mount and process namespaces
inside()
{
	unshare --mount --pid --fork --propagation private bash -c '
		root=$1 cache=$2 suite=$3
		shift 3
		mount --rbind /dev "$root/dev" && mount -t proc proc "$root/proc" &&
			mount --rbind /sys "$root/sys" &&
			mount --bind "$cache/apt-$suite" "$root/var/cache/apt/archives" &&
			mount --bind "$cache/ccache" "$root/var/cache/ccache" || exit 1
		exec chroot "$root" env -i HOME=/root LANG=C.UTF-8 TERM=dumb DEBIAN_FRONTEND=noninteractive \
			CCACHE_DIR=/var/cache/ccache PATH="/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin" "$@"
		' inside "$root" "$cache" "$system" "$@"
}

# One check: a script in the chroot's copy of the tree. Sets $offline when it could not get packages.
check() # TEXT SCRIPT
{
	local began=$SECONDS
	if inside bash -euc "cd /root/xnvme; $2" >"$work/log" 2>&1 </dev/null; then
		say passed "$1 ($((SECONDS - began)) s)"
		return 0
	fi
	if grep -qE "^E: (Failed|Unable) to (fetch|connect)" "$work/log"; then
		say skipped "$1: its package archive does not deliver: $(grep -m 1 ^E: "$work/log")"
		offline=1
		return 1
	fi
	say failed "$1"
	tail -n "${LOG_LINES:-60}" "$work/log" | sed 's/^/    /'
	return 1
}

make_root()
{
	mkdir -p "$root" && tar -C "$root" -xf "$cache/$system.tar" || return 1
	cp /etc/resolv.conf "$root/etc/"
	mkdir -p "$root/root/xnvme" "$root/var/cache/ccache"
	# the system is temporary: dpkg need not sync after each file
	echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/unsafe-io"
	git -C "$top" ls-files -z | (cd "$top" && xargs -0 ls -d 2>/dev/null | tar -cf - -T -) |
		tar -xf - -C "$root/root/xnvme"
}

# All files of the system that an installation may change
listing='find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /root -o -path /tmp \
	-o -path /var/cache -o -path /var/lib/apt -o -path /run \) -prune -o ! -type d -printf "%p %l %s\n" \
	-o -type d -print | sort'

# A user's program: it compiles and links with the output of pkg-config, and finds the library
user_program='cat >/tmp/user.c <<-END
	#include <libxnvme.h>
	int main(void)
	{
		struct xnvme_opts opts = xnvme_opts_default();
		struct xnvme_dev *dev = xnvme_dev_open("virt:null", &opts);
		return !dev || !xnvme_dev_get_geo(dev)->lba_nbytes;
	}
	END
	cc /tmp/user.c -o /tmp/user $(pkg-config --cflags --libs xnvme); /tmp/user
	cc -static /tmp/user.c -o /tmp/user $(pkg-config --static --cflags --libs xnvme); /tmp/user'

# The builds of a user, here with warnings as errors; distributions define _FORTIFY_SOURCE
builds='for cc in gcc clang; do for type in release minsize; do
		CC="ccache $cc" meson setup /tmp/build --buildtype=$type -Dwerror=true -Dtests=disabled \
			-Dc_args="-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3"
		ninja -C /tmp/build
		rm -rf /tmp/build
	done; done'

# Checks the log of the last check, a build
no_warnings()
{
	! grep "warning:" "$work/log" && return
	say failed "it compiles without warnings"
	return 1
}

one_system()
{
	local root=$work/root-$1 offline=
	system=$1
	mkdir -p "$cache/apt-$system/partial" "$cache/ccache"
	base_of "$system" || { say skipped "$why"; return; }
	if ! make_root || ! inside true 2>"$work/log"; then
		say skipped "no chroot here: $(tail -1 "$work/log")"
		rm -rf "$root"
		return
	fi
	if ! inside apt-get update -qq >"$work/log" 2>&1; then
		say skipped "its package archive is not reachable: $(tail -1 "$work/log")"
		rm -rf "$root"
		return
	fi
	# ccache only saves time
	check "make demo" "apt-get install -y -qq make ccache; make demo" && no_warnings &&
	check "make install" "make all; $listing >/tmp/before; make install; make install" && {
		check "xnvme info" "cd /; xnvme info virt:null; xnvme library-info"
		check "a program by pkg-config" "$user_program"
		check "import xnvme" 'cd /; python3 -c "import xnvme; xnvme.Device(\"virt:null\").close()"'
		check "manual pages" 'cd /usr/local/share/man; test -s man1/xnvme.1 -a -s man3/xnvme_queue_poke.3'
		check "make uninstall" "make uninstall; $listing | diff /tmp/before -; ! ldconfig -p | grep xnvme"
	}
	[ -n "$offline" ] || { check "make quick" "make quick" && no_warnings; }
	[ -n "$offline" ] || check "release and minsize by gcc and clang, no warnings" "$builds"
	for log in "$root"/root/xnvme/build/meson-logs/testlog*.json; do
		[ ! -f "$log" ] || cat "$log" >>"$results.$system.json"
	done
	rm -rf "$root"
}

mkdir -p "$cache"
for system; do
	one_system "$system"
done
