# SPDX-License-Identifier: BSD-3-Clause
# A device is removed while handles to it are open, idle and busy, through every path, and plugged
# in again. Commands fail with the error that it was removed; close works, and so does opening it
# again. X29: see faults.sh.
. /checks.sh
load nvme-core io_timeout=3
load nvme poll_queues=1

come() {
	wait_for 30 test -c /dev/ng0n1 &&
		wait_for 30 test -b /dev/nvme0n1
}

# The namespaces belong to the subsystem and remain; a new controller has them all
replug() {
	place='"id":"ctrlr0","bus":"port0","subsys":"subsys0"'
	# QEMU frees the old one some time after the kernel does
	check "plugged in again" wait_for 30 qmp device_add \
		"{\"driver\":\"nvme\",\"serial\":\"GUEST0\",$place}"
	come || finish
}

# hold URI OPTION=VALUE...: opens an idle handle, which is used after the device is removed
held=0
hold() {
	held=$((held + 1))
	echo "$*" > /tmp/held.$held
	(guest_io outlive "$@" qd=8 seconds=60 > /tmp/outlive.$held 2>&1; echo "code $?" >> /tmp/outlive.$held) &
	wait_for 30 grep -qE "begun|code" /tmp/outlive.$held
}

come
ng="hold /dev/ng0n1 must_fail=1" # admin commands are submitted to the device
block="hold /dev/nvme0n1 sync=block admin=block"
$ng async=io_uring_cmd
$ng async=io_uring_cmd poll_io=1
$ng async=io_uring_cmd poll_sq=1
$ng async=io_uring_cmd register_buffers=1
$ng async=thrpool
$ng async=emu
$block direct=1 async=io_uring
$block direct=1 async=io_uring poll_io=1
$block direct=1 async=io_uring poll_sq=1
$block direct=1 async=libaio
$block direct=1 async=posix
$block direct=1 async=thrpool
$block direct=1 async=emu sync=psync
$block async=io_uring
$block async=libaio
check "unplugged under $held idle handles" unplug
wait
for n in $(seq $held); do
	check "outlived by $(cat /tmp/held.$n)" sh -c "cat /tmp/outlive.$n; grep -qx 'code 0' /tmp/outlive.$n"
done
refuse "a device that is gone is not opened" "does not exist" guest_io show /dev/ng0n1
replug
for choice in "/dev/ng0n1 async=io_uring_cmd" "/dev/ng0n1 async=thrpool" \
	"/dev/nvme0n1 direct=1 async=io_uring" "/dev/nvme0n1 direct=1 async=libaio"; do
	# shellcheck disable=SC2086 # words
	check "opened again: $choice" guest_io verify $choice
done

# Busy handles, on paths not in faults.sh: the controller is reset, then removed
reset() { echo 1 > /sys/class/nvme/nvme0/reset_controller; }
for choice in "/dev/ng0n1 async=emu sync=nvme" "/dev/ng0n1 async=io_uring_cmd poll_sq=1" \
	"/dev/ng0n1 async=io_uring_cmd register_buffers=1" \
	"/dev/nvme0n1 direct=1 async=io_uring poll_io=1" \
	"/dev/nvme0n1 direct=1 async=io_uring poll_sq=1" "/dev/nvme0n1 direct=1 async=posix" \
	"/dev/nvme0n1 direct=1 async=emu sync=psync admin=block"; do
	# shellcheck disable=SC2086 # words
	storm "$choice reset" reset $choice seconds=3 must_fail=2
	wait_for 30 grep -qx live /sys/class/nvme/nvme0/state
	# shellcheck disable=SC2086 # words
	storm "$choice unplug" unplug $choice seconds=60 must_fail=1
	check "it is gone" wait_for 30 test ! -e /dev/nvme0
	replug
	# shellcheck disable=SC2086 # words
	check "it is back" guest_io verify $choice
done

# A tool ends when the device is removed, and prints why
for choice in "/dev/ng0n1 --async io_uring_cmd" "/dev/nvme0n1 --direct --async libaio"; do
	began=$(cut -d. -f1 /proc/uptime)
	# shellcheck disable=SC2086 # words
	timeout 100 xnvmeperf run $choice --iopattern randread --qdepth 16 --iosize 4096 \
		--runtime 90 > /tmp/perf 2>&1 &
	pid=$!
	usleep 2000000
	unplug > /dev/null
	wait $pid
	code=$?
	check "xnvmeperf $choice ends, and fails" test "$code" = 1 -a \
		$(($(cut -d. -f1 /proc/uptime) - began)) -lt 60
	check "... and says why" grep "then the device was gone" /tmp/perf
	wait_for 30 test ! -e /dev/nvme0
	replug
done
xnvmeperf run /dev/ng0n1 --iopattern randread --qdepth 16 --iosize 4096 --runtime 60 > /tmp/perf 2>&1 &
pid=$!
usleep 2000000
kill -INT $pid
wait $pid
check "xnvmeperf, interrupted, fails" test $? = 1
check "... says how far it came" grep "elapsed: " /tmp/perf
check "... in time" grep -E "elapsed: [0-9]\." /tmp/perf
# An open node keeps its device number, by which a handle detects that its device was removed,
# even if another device is plugged in meanwhile
char=$(sed 's/^/char\//' /sys/class/nvme-generic/ng0n1/dev)
block=$(sed 's/^/block\//' /sys/class/block/nvme0n1/dev)
exec 5< /dev/ng0n1 6< /dev/nvme0n1
unplug
wait_for 30 test ! -e /dev/nvme0n1
check "plugged in beside those who hold on" wait_for 30 qmp device_add \
	"{\"driver\":\"nvme\",\"serial\":\"GUEST0\",$place}"
wait_for 30 sh -c "ls /dev | grep -q '^nvme0n[23]$'"
check "the numbers of $char and $block are given to nobody" test ! -e "/sys/dev/$char" -a \
	! -e "/sys/dev/$block" -a ! -e /dev/ng0n1
exec 5<&- 6<&-
finish
