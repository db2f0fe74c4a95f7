# SPDX-License-Identifier: BSD-3-Clause
# Shared by guest scripts, which source it. `check WHAT COMMAND...` counts and reports failures,
# `finish` exits with the result. A check that could not run is a failure, not a skip.
failed=0
passed=0

pass() {
	passed=$((passed + 1))
	echo "ok   $*"
}

fail() {
	failed=$((failed + 1))
	echo "FAIL $*"
}

# check WHAT COMMAND...: the command must succeed; otherwise its output is printed
check() {
	what=$1
	shift
	if "$@" > /tmp/check.out 2>&1; then
		pass "$what"
	else
		fail "$what: exit code $? of: $*"
		tail -n 30 /tmp/check.out | sed 's/^/     /'
	fi
}

# refuse WHAT TEXT COMMAND...: the command must fail with output that matches TEXT
refuse() {
	what=$1
	text=$2
	shift 2
	if "$@" > /tmp/check.out 2>&1; then
		fail "$what: expected a refusal of: $*"
	elif grep -q "$text" /tmp/check.out; then
		pass "$what"
	else
		fail "$what: the refusal does not say '$text'"
		tail -n 30 /tmp/check.out | sed 's/^/     /'
	fi
}

# instance NSID [CONTROLLER]: the number in the names of that namespace's nodes. Newer kernels scan
# namespaces in parallel, and number them in the order in which they are found
instance() {
	for file in "/sys/class/block/nvme${2:-0}n"*/nsid; do
		node=${file%/nsid}
		[ "$(cat "$file")" = "$1" ] && echo "${node##*n}" && return
	done
	echo "none-has-nsid-$1"
}

# controller N: the kernel's number of the controller with number N in QEMU
controller() {
	for file in /sys/class/nvme/nvme*/serial; do
		node=${file%/serial}
		grep -q "^GUEST$1 *$" "$file" && echo "${node##*/nvme}" && return
	done
	echo "no-controller-$1"
}

# function_of CONTROLLER: the PCI function behind nvme0, nvme1, ...
function_of() { basename "$(readlink -f "/sys/class/nvme/$1/device")"; }

# Start of every VFIO script: loads the kernel's drivers; sets $function to the first controller
vfio_begin() {
	load nvme
	load vfio_iommu_type1
	load vfio-pci
	wait_for 30 test -b /dev/nvme0n1
	function=$(function_of nvme0)
}

# storm WHAT DISTURBANCE guest_io-arguments...: load, a disturbance half a second later, a result
storm() {
	name=$1 disturb=$2
	shift 2
	guest_io storm "$@" > /tmp/storm 2>&1 &
	pid=$!
	wait_for 30 grep -q begun /tmp/storm # open pins memory, which is slow
	usleep 500000
	$disturb > /tmp/disturb 2>&1 || { fail "$name: the disturbance failed"; cat /tmp/disturb; }
	if wait $pid; then
		pass "$name: $(grep submitted /tmp/storm)"
		cat /tmp/disturb
	else
		fail "$name"
		sed 's/^/     /' /tmp/storm /tmp/disturb
	fi
}

# throttle N: limits the medium of namespace 1 of the controller behind $port to N commands per
# second; 0: no limit
port=0
throttle() {
	others='"iops_rd":0,"iops_wr":0,"bps":0,"bps_rd":0,"bps_wr":0'
	qmp block_set_io_throttle "{\"device\":\"media$port-1\",\"iops\":$1,$others}"
}
stall() {
	throttle 1
	sleep 4
	throttle 0
}
unplug() { qmp device_del "{\"id\":\"ctrlr$port\"}"; }

finish() {
	if dmesg | grep -E 'BUG:|Oops|KASAN|hung task|general protection'; then
		fail "the kernel complained (above)"
	fi
	if dmesg | grep -E 'DMAR.*fault'; then
		fail "a controller reached for memory that was not its own (above)"
	fi
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
	exit $?
}
