# SPDX-License-Identifier: BSD-3-Clause
# Devices that go away, are reset or stop answering while the queue is full: every command
# completes exactly once, and nothing hangs.
. /checks.sh
load nvme-core io_timeout=3
load nvme poll_queues=1
wait_for 20 test -c /dev/ng0n2
wait_for 20 test -b /dev/nvme0n2

# storm WHAT DISTURBANCE guest_io-arguments...: load, a disturbance half a second later, a verdict
storm() {
	name=$1 disturb=$2
	shift 2
	guest_io storm "$@" > /tmp/storm 2>&1 &
	pid=$!
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

# throttle N: the medium of namespace 1 does N commands a second; 0 for no limit
throttle() {
	others='"iops_rd":0,"iops_wr":0,"bps":0,"bps_rd":0,"bps_wr":0'
	qmp block_set_io_throttle "{\"device\":\"media0-1\",\"iops\":$1,$others}"
}
reset() { echo 1 > /sys/class/nvme/nvme0/reset_controller; }
stall() {
	throttle 1
	sleep 4
	throttle 0
}
unplug() { qmp device_del '{"id":"ctrlr0"}'; }

storm "undisturbed, io_uring_cmd" true /dev/ng0n1 async=io_uring_cmd seconds=1
storm "reset, io_uring_cmd" reset /dev/ng0n1 async=io_uring_cmd seconds=4 must_fail=2
check "the device works after that" guest_io verify /dev/ng0n1
storm "timeout, io_uring_cmd" stall /dev/ng0n1 async=io_uring_cmd seconds=8 must_fail=1 \
	command_timeout=1000000
check "the device works after that" guest_io verify /dev/ng0n1
storm "unplug, io_uring_cmd" unplug /dev/ng0n1 async=io_uring_cmd seconds=60 must_fail=1
check "it is gone" wait_for 30 test ! -e /dev/nvme0
finish
