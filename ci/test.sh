#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# All the tests: every build, every suite, one closing line.
#
# usage: ci/test.sh [BUILD...]     of: gcc clang asan tsan fuzz bare arm64 guest; default: all
#
# Each build lives in build-NAME/. The closing line is `N passed, N failed, N skipped`.
set -u
cd "$(dirname "$0")/.." || exit 1

wanted=("$@")
[ ${#wanted[@]} -gt 0 ] || wanted=(gcc clang asan tsan fuzz bare arm64 guest)
passed=0 failed=0 skipped=0 broken=()

# one_build NAME CC SETUP-OPTIONS -- SUITES...
one_build()
{
	local name=$1 cc=$2 options=() suites=()
	shift 2
	while [ "$1" != -- ]; do options+=("$1"); shift; done
	shift
	for suite in "$@"; do suites+=(--suite "$suite"); done
	local dir=build-$name
	if [ ! -f "$dir/build.ninja" ]; then
		CC=$cc meson setup "$dir" -Dtests=enabled -Dwerror=true -Db_ndebug=false \
			"${options[@]}" >"/tmp/xnvme-$$.log" 2>&1 || {
			cat "/tmp/xnvme-$$.log"; broken+=("$name: meson setup"); return; }
	fi
	# shellcheck disable=SC2086
	ninja -C "$dir" ${targets:-all} >"/tmp/xnvme-$$.log" 2>&1 || {
		tail -60 "/tmp/xnvme-$$.log"; broken+=("$name: build"); return; }
	rm -f "$dir"/meson-logs/testlog*.json "/tmp/xnvme-$$.log"
	meson test -C "$dir" --no-rebuild --print-errorlogs "${suites[@]}"
	count "$dir"
}

# Add up meson's test results of a build
count()
{
	count_logs "$1"/meson-logs/testlog*.json || broken+=("$1: no test log")
}

count_logs()
{
	local sums
	sums=$(python3 - "$@" <<-'END'
	import json, sys
	sums = {"passed": 0, "failed": 0, "skipped": 0}
	for path in sys.argv[1:]:
	    for line in open(path, encoding="utf-8"):
	        result = json.loads(line)["result"]
	        kind = {"OK": "passed", "EXPECTEDFAIL": "passed", "SKIP": "skipped"}.get(result, "failed")
	        sums[kind] += 1
	print(sums["passed"], sums["failed"], sums["skipped"])
	END
	) || return 1
	# shellcheck disable=SC2086
	set -- $sums
	passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
}

# Bare systems beside each other, each in a chroot with its own tests and logs
bare_systems()
{
	local results log system systems=(bookworm trixie noble)
	results=$(mktemp -d)
	for system in "${systems[@]}"; do
		ci/bare.sh "$results/$system" "$system" >"$results/$system.log" 2>&1 &
	done
	wait
	for system in "${systems[@]}"; do
		cat "$results/$system.log"
		count_checks "bare $system" "$results/$system"
	done
	for log in "$results"/*.json; do
		[ ! -f "$log" ] || count_logs "$log" || broken+=("bare: $log")
	done
	rm -rf "$results"
}

# count_checks STAGE FILE: add up lines of passed, failed, skipped
count_checks()
{
	[ -s "$2" ] || { broken+=("$1: no results"); return; }
	passed=$((passed + $(grep -c ^passed "$2")))
	failed=$((failed + $(grep -c ^failed "$2")))
	skipped=$((skipped + $(grep -c ^skipped "$2")))
}

arm64_emulated()
{
	local results
	results=$(mktemp)
	ci/arm64.sh "$results"
	count_checks arm64 "$results"
	rm -f "$results"
}

ci/deps.sh test || exit 1
times=()
for build in "${wanted[@]}"; do
	began=$SECONDS
	echo "=== $build"
	case $build in
	gcc) one_build gcc gcc -Dguest_newer_qemu=fetch -- unit gate conformance cli property inject faults oracle ;;
	# also checks that figures in virtual time do not depend on compiler or optimisation
	clang) one_build clang clang -Doptimization=0 -- unit ;;
	asan) one_build asan gcc -Db_sanitize=address,undefined -Db_lundef=false \
		-- unit conformance cli property faults ;;
	# suites with threads; the unit tests map drives of terabytes, too large for its address space
	tsan) TSAN_OPTIONS=suppressions=$PWD/ci/tsan.supp one_build tsan clang -Db_sanitize=thread -Db_lundef=false \
		-- conformance property ;;
	bare)
		ci/deps.sh bare || echo "debootstrap is not available: without a cached base this skips"
		bare_systems
		;;
	arm64)
		ci/deps.sh arm64 || echo "packages for arm64 are not available: this skips"
		arm64_emulated
		;;
	fuzz) targets=fuzzers one_build fuzz clang -Dfuzzers=true -- fuzz ;;
	guest)
		ci/deps.sh guest || echo "guest packages not to be had: those tests will skip"
		one_build gcc gcc -Dguest_newer_qemu=fetch -- guest interop
		;;
	*) echo "ci/test.sh: no build '$build'; there are gcc clang asan tsan fuzz bare arm64 guest" >&2; exit 2 ;;
	esac
	times+=("$build $((SECONDS - began)) s")
done

(IFS=, && echo "${times[*]}")
for what in "${broken[@]}"; do echo "BROKEN $what"; failed=$((failed + 1)); done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
