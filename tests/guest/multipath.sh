# SPDX-License-Identifier: BSD-3-Clause
# One subsystem with two controllers, one with a smaller transfer limit: a shared namespace, a
# private one, one that is attached later; a path that is removed; and the same without multipath
# heads.
. /checks.sh
load nvme poll_queues=2
wait_for 20 test -c /dev/nvme1
wait_for 20 grep -qx live /sys/class/nvme/nvme0/state
wait_for 20 grep -qx live /sys/class/nvme/nvme1/state

# node NSID: the part after `ng` and `nvme` in the names of that namespace's nodes. A subsystem has
# the number of the controller that was found first.
node() {
	for file in /sys/class/block/nvme[0-9]n*/nsid; do
		name=${file%/nsid}
		[ "$(cat "$file" 2>&1)" = "$1" ] && echo "${name##*/nvme}" && return
	done
	return 1
}
for ns in 1 2; do
	check "namespace $ns" wait_for 20 sh -c "cat /sys/class/block/nvme[0-9]n*/nsid | grep -qx $ns"
done

check "two paths to namespace 1" \
	wait_for 20 sh -c '[ "$(cat /sys/class/block/nvme[0-9]c*n*/nsid | grep -cx 1)" = 2 ]'

# listed TEXT COUNT [xnvme-arguments...]: COUNT lines of a list match TEXT
listed() {
	text=$1 count=$2
	shift 2
	xnvme "${@:-scan}" > /tmp/list 2>&1
	check "${*:-scan}: $count of $text" test "$(grep -c "$text" /tmp/list)" = "$count"
}

# Find the names: $private is the controller of the private namespace. The kernel numbers
# controllers in the order of discovery; one that returns gets a new number if its first is the
# subsystem's.
learn() {
	for path in /sys/class/block/nvme[0-9]c*n*; do
		[ "$(cat $path/nsid)" = 2 ] && private=$(basename "$(readlink $path/device)")
	done
	for ctrlr in /sys/class/nvme/nvme*; do
		[ "$(basename $ctrlr)" = "$private" ] || other=$(basename $ctrlr)
	done
	shared=$(node 1)
	own=$(node 2)
}
learn

listed "uri: '/dev/nvme[0-9]', dtype: 0x1, .*subnqn: 'nqn.2019-08.org.qemu:subsys0'" 2
listed "uri: '/dev/\\(ng\\|nvme\\)$shared', dtype: 0x2, nsid: 0x1, csi: 0x0, kernel_driver: 'nvme'" 2
listed "uri: '/dev/\\(ng\\|nvme\\)$own', dtype: 0x2, nsid: 0x2," 2
listed "nvme[0-9]c" 0
for ctrlr in $private $other; do
	listed "'/dev/ng$shared'" 1 enum --uri /dev/$ctrlr
done
listed "'/dev/ng$own'" 1 enum --uri /dev/$private
listed "'/dev/ng$own'" 0 enum --uri /dev/$other

# A command may take either path, so its limit is the smaller one of both, whatever the head shows.
# Linux 6.1 appeared to show the larger one in some boots; here the files always do.
echo round-robin > /sys/class/nvme-subsystem/nvme-subsys${shared%n*}/iopolicy
for limit in max_hw_sectors_kb=512 max_segments=127; do
	echo ${limit#*=} > /tmp/${limit%=*}
	mount -o bind /tmp/${limit%=*} /sys/class/block/nvme$shared/queue/${limit%=*}
done
guest_io show /dev/ng$shared > /tmp/show 2>&1
check "the most that a command carries is what both can" grep -q " mdts=65536$" /tmp/show
for choice in async=io_uring_cmd "async=io_uring_cmd poll_io=1" "async=thrpool sync=nvme"; do
	# shellcheck disable=SC2086 # words
	check "head, as large as may be, $choice" guest_io limits /dev/ng$shared $choice
	# shellcheck disable=SC2086 # words
	check "head, $choice" guest_io verify /dev/ng$shared $choice
done
for limit in max_hw_sectors_kb max_segments; do
	umount /sys/class/block/nvme$shared/queue/$limit
done

# the path with the smaller limit is removed and returns while a handle is open
pci=$(basename "$(readlink -f /sys/class/nvme/$private/device)")
echo "$pci" > /sys/bus/pci/drivers/nvme/unbind
guest_io show /dev/ng$shared > /tmp/show 2>&1
check "with one path, what that one takes" test "$(sed -n 's/.* mdts=//p' /tmp/show)" -gt 65536
guest_io narrowed /dev/ng$shared seconds=60 > /tmp/narrowed 2>&1 &
pid=$!
wait_for 30 grep -q begun /tmp/narrowed
echo "$pci" > /sys/bus/pci/drivers/nvme/bind
if wait $pid; then
	pass "a path comes that takes less: refused with both limits, right when opened anew"
else
	fail "a path comes that takes less"
	sed 's/^/     /' /tmp/narrowed
fi
check "namespace 2 is there again" wait_for 20 sh -c "cat /sys/class/block/nvme[0-9]n*/nsid | grep -qx 2"
learn

# a namespace that appears when it is attached
check "namespace 3 is not there" test -z "$(node 3)"
check "attach it" nvme attach-ns /dev/$other -n 3 -c "$(cat /sys/class/nvme/$other/cntlid)"
check "rescan" xnvme ns-rescan /dev/$other
check "it is there" wait_for 20 sh -c "cat /sys/class/block/nvme[0-9]n*/nsid | grep -qx 3"
check "it is there as character device" wait_for 20 test -c /dev/ng$(node 3)
check "it takes commands" guest_io verify /dev/ng$(node 3)

# ... and one that is attached and detached during listing: no error and no wrong entry
(
	for round in 1 2 3 4 5 6 7 8; do
		nvme detach-ns /dev/$other -n 3 -c "$(cat /sys/class/nvme/$other/cntlid)"
		usleep 100000
		nvme attach-ns /dev/$other -n 3 -c "$(cat /sys/class/nvme/$other/cntlid)"
		xnvme ns-rescan /dev/$other
	done
	touch /tmp/ended
) > /tmp/attaching 2>&1 &
rounds=0 wrong=0
while [ ! -e /tmp/ended ]; do
	xnvme scan > /tmp/list 2>&1 && xnvme enum > /tmp/enum 2>&1 || wrong=$((wrong + 1))
	[ "$(grep -cE "'/dev/(ng|nvme)($shared|$own)'" /tmp/enum)" = 4 ] || wrong=$((wrong + 1))
	rounds=$((rounds + 1))
done
check "listed $rounds times while a namespace came and went" test $wrong = 0 -a $rounds -gt 2

# a path is removed under load: its commands may fail, the other path does the rest
slot=$(sed -n 's/.*:0\([12]\):.*/\1/p' /sys/class/nvme/$other/address)
port=$((slot - 1))
storm "a path goes" unplug /dev/ng$shared async=io_uring_cmd seconds=4 must_fail=2
check "the controller is gone" wait_for 30 test ! -e /dev/$other
check "the head is not" guest_io verify /dev/ng$shared
listed "uri: '/dev/nvme[0-9]', dtype: 0x1" 1
listed "'/dev/ng$shared'" 1 enum --uri /dev/$private

rmmod nvme
rmmod nvme-core
load nvme-core multipath=N
load nvme poll_queues=2
wait_for 20 test -c /dev/nvme0
for ns in 1 2; do
	check "without heads, namespace $ns" wait_for 20 sh -c "cat /sys/class/block/nvme0n*/nsid | grep -qx $ns"
done
check "without heads: nobody is hidden" sh -c "! ls /sys/class/block | grep -q 'nvme[0-9]c'"
listed "'/dev/ng0n[12]', dtype: 0x2, nsid: 0x[12], csi: 0x0, kernel_driver: 'nvme', subnqn: 'nqn" 2
for ns in 1 2; do
	check "without heads, namespace $ns" guest_io limits /dev/ng$(node $ns)
	check "without heads, namespace $ns, io_uring" guest_io verify /dev/nvme$(node $ns) \
		async=io_uring direct=1
done
finish
