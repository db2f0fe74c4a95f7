# SPDX-License-Identifier: BSD-3-Clause
# What our tools say of real devices, compared with nvme-cli; enumeration; resets and registers;
# and a container that forbids io_uring.
. /checks.sh
load nvme
wait_for 20 test -c /dev/ng0n5
wait_for 20 test -c /dev/ng1n1
wait_for 20 test -b /dev/nvme0n5

# number FILE KEY: the value of the first line `KEY : VALUE`, decimal whatever it was
number() {
	value=$(sed -n "s/^ *$2 *: *\(0x[0-9a-f]*\|[0-9]*\).*/\1/p" "$1" | head -n 1)
	[ -n "$value" ] && echo $((value))
}

# same WHAT OURS THEIRS KEY...: both files have the key, with the same value
same() {
	name=$1 ours=$2 theirs=$3
	shift 3
	for key; do
		a=$(number "$ours" "$key")
		b=$(number "$theirs" "$key")
		if [ -n "$a" ] && [ "$a" = "$b" ]; then
			pass "$name: $key is $a"
		else
			fail "$name: $key is '$a' for us, '$b' for nvme-cli"
		fi
	done
}

for ns in 1 2 3 4 5; do
	nvme id-ns /dev/ng0n$ns > /tmp/theirs 2>&1
	xnvme idfy-ns /dev/ng0n$ns > /tmp/ours 2>&1
	same "namespace $ns" /tmp/ours /tmp/theirs nsze ncap nuse nlbaf
done
nvme id-ctrl /dev/nvme0 > /tmp/theirs 2>&1
xnvme idfy-ctrlr /dev/nvme0 > /tmp/ours 2>&1
same "controller" /tmp/ours /tmp/theirs vid ssvid mdts cntlid nn

# zones in several states: ours, theirs, line by line
zoned mgmt-open /dev/ng0n5 --slba 0x400 > /dev/null 2>&1
zoned mgmt-finish /dev/ng0n5 --slba 0x800 > /dev/null 2>&1
zoned append /dev/ng0n5 --slba 0xc00 --nlb 3 > /dev/null 2>&1
n='\(0x[0-9a-f]*\|[0-9]*\)'
nvme zns report-zones /dev/nvme0n5 2>/dev/null |
	sed -n "s/^SLBA: $n *WP: $n *Cap: $n .*/\1 \2 \3/p" |
	while read -r slba wp cap; do echo $((slba)) $((wp)) $((cap)); done > /tmp/theirs
zoned report /dev/ng0n5 2>/dev/null | sed -n "s/.*zslba: $n, wp: $n, zcap: $n,.*/\1 \2 \3/p" |
	while read -r slba wp cap; do echo $((slba)) $((wp)) $((cap)); done > /tmp/ours
check "16 zones are reported" test "$(wc -l < /tmp/ours)" = 16
check "zones agree with nvme-cli" cmp /tmp/ours /tmp/theirs
zoned report /dev/nvme0n5 --sync block --admin block 2>/dev/null |
	sed -n "s/.*zslba: $n, wp: $n, zcap: $n,.*/\1 \2 \3/p" |
	while read -r slba wp cap; do echo $((slba)) $((wp)) $((cap)); done > /tmp/block
# the write pointer of a full zone means nothing: the block layer moves it to the zone's end
check "zones by the block layer agree but for a full one's pointer" \
	test "$(diff /tmp/ours /tmp/block | grep -c '^<')" -le 1

# enumeration: all that nvme-cli lists, sorted, each with its sibling
nvme list 2>/dev/null | sed -n 's/^\(\/dev\/nvme[0-9n]*\) .*/\1/p' | sort > /tmp/theirs
xnvme list 2>/dev/null | sed -n "s/.*'\(\/dev\/nvme[0-9n]*\)'.*/\1/p" > /tmp/ours
check "enumeration is sorted and agrees with nvme-cli" cmp /tmp/ours /tmp/theirs
xnvme scan > /tmp/scan 2>&1
check "scan: PCI function" grep -q "uri: '0000:01:00.0', dtype: 0x1, .*kernel_driver: 'nvme'" /tmp/scan
check "scan: controller" grep -q "uri: '/dev/nvme1', dtype: 0x1" /tmp/scan
check "scan: zoned namespace" grep -q "uri: '/dev/ng0n5', dtype: 0x2, nsid: 0x5, csi: 0x2" /tmp/scan
load loop
head -c 1048576 /dev/zero > /tmp/disk
losetup /dev/loop0 /tmp/disk
xnvme scan > /tmp/scan 2>&1
check "scan: loop device" grep -q "uri: '/dev/loop0', dtype: 0x3, .*kernel_driver: 'loop'" /tmp/scan

# bytes from a file to a namespace and back, by either way, seen by passthrough
head -c 262144 /dev/urandom > /tmp/bytes
for how in sync async; do
	check "xdd $how to a namespace" xdd $how --data-input /tmp/bytes --data-output /dev/nvme0n2 \
		--data-nbytes 262144 --iosize 8192
	check "... is what passthrough reads" sh -c "lblk read /dev/ng0n2 --slba 0 --nlb 31 \
		--data-output /tmp/read && cmp -n 131072 /tmp/read /tmp/bytes"
	check "xdd $how from a namespace" xdd $how --data-input /dev/nvme0n2 --data-output /tmp/back \
		--data-nbytes 262144
	check "... is what was there" cmp /tmp/bytes /tmp/back
	head -c 262144 /dev/urandom > /tmp/bytes
done
refuse "xdd by passthrough" "blocks, not bytes" xdd sync --data-input /dev/ng0n2 \
	--data-output /tmp/back --data-nbytes 4096

check "reset through a namespace's node" xnvme ctrlr-reset /dev/ng0n1
check "rescan through a namespace's node" xnvme ns-rescan /dev/nvme0n1
wait_for 20 test -c /dev/ng0n1
refuse "registers are the driver's" "iomem=relaxed" xnvme show-regs /dev/nvme0

# not root: what the kernel allows, and a sentence for what it does not
chmod 666 /dev/ng0n1 /dev/nvme0n1
refuse "not root, no access" "no permission to open" \
	su nobody -s /bin/sh -c "guest_io show /dev/ng0n2"
check "not root, block layer" su nobody -s /bin/sh -c \
	"guest_io verify /dev/nvme0n1 direct=1 count=16"
su nobody -s /bin/sh -c "xnvme info /dev/nvme0n1" > /tmp/info 2>&1
check "not root: still the subsystem's name" grep -q "subnqn: 'nqn.2019-08.org.qemu:subsys0'" \
	/tmp/info
check "not root: each path that was passed over, and what to do" \
	grep -q "sync nvme was.*admin nvme was.*async io_uring_cmd was.*to the device node)'$" /tmp/info
refuse "not root: the controller is there, but not for this user" "CAP_SYS_ADMIN" \
	su nobody -s /bin/sh -c "xnvme ctrlr-reset /dev/nvme0n1"
su nobody -s /bin/sh -c "xnvme enum" > /tmp/enum 2>&1
check "not root: what is not listed is spoken of" grep -qE "^# [0-9]+ of 1[0-9] devices could not" \
	/tmp/enum
xnvme enum > /tmp/enum 2>&1
check "root: nothing is left out" sh -c "! grep -q '^#' /tmp/enum"
check "doctor" xnvme doctor /dev/ng0n1

# io_uring forbidden, as containers do
guest_no_uring guest_io show /dev/nvme0n1 > /tmp/show 2>&1
check "without io_uring: another path, and a word about it" \
	grep -qE "async=(libaio|thrpool).*io_uring.*is not available" /tmp/show
check "without io_uring: verified" guest_no_uring guest_io verify /dev/nvme0n1 direct=1
check "without io_uring: passthrough too" guest_no_uring guest_io verify /dev/ng0n1
refuse "without io_uring: who insists is told" "seccomp" \
	guest_no_uring guest_io show /dev/ng0n1 async=io_uring_cmd
finish
