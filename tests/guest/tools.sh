# SPDX-License-Identifier: BSD-3-Clause
# The tools' output about real devices, compared with nvme-cli; enumeration; resets and registers;
# and a container that forbids io_uring.
# X16: scan of xNVMe 0.7.5 misses multipath heads, fabrics, other block devices. X36: its registers,
# rescan and reset work only on some nodes, with a misleading EPERM. X38: it accepts a short report of
# zones as complete.
. /checks.sh
load nvme
wait_for 20 test -c /dev/nvme1
c=$(controller 0)
other=$(controller 1)
for ns in 1 2 3 4 5; do
	wait_for 20 test -c /dev/ng${c}n$ns
	wait_for 20 test -b /dev/nvme${c}n$ns
done
wait_for 20 test -b /dev/nvme${other}n1
b512=${c}n$(instance 1 $c)
b4096=${c}n$(instance 2 $c)
zns=${c}n$(instance 5 $c)

# flat: lines `key value` of the tool's output; bit fields are joined to one value again
flat() {
	awk -v q="'" '
	function bits(list, n, part, value) { # the first one is bit 0
		value = 0
		for (n = split(list, part, " "); n; n--) value = 2 * value + seen[part[n]]
		return value
	}
	/^  [a-z0-9_]+:/ { top = $1; sub(":", "", top) }
	/^  [a-z0-9_]+: ./ {
		value = $0
		sub(/^  [a-z0-9_]+: */, "", value)
		if (value ~ /val: /) { sub(/.*val: */, "", value); sub(/}.*/, "", value) }
		if (value ~ /^\[[0-9]+, 0\]$/) { sub(/^\[/, "", value); sub(/,.*/, "", value) }
		gsub(q, "", value)
		sub(/ +$/, "", value)
		if (value !~ /^[\[{]/) print top, value
	}
	/^    val: / { print top, $2 }
	/^    [a-z0-9_]+: / { name = $1; sub(":", "", name); seen[name] = $2 }
	END {
		if ("compare" in seen) print "oncs", bits("compare write_unc dsm write_zeroes " \
			"set_features_save reservations timestamp verify copy")
		if ("thin_prov" in seen) print "nsfeat", bits("thin_prov ns_atomic_write_unit " \
			"dealloc_or_unwritten_error guid_never_reused optimal_performance")
		if ("pointer" in seen) print "mc", bits("extended pointer")
	}' "$1" | sed 's/^cdfs /ocfs /; s/^nvscc /icsvscc /; s/^domain_identifier /domainid /
		s/^nsrescap /rescap /'
}

# agree NAME LEAST: all keys that /tmp/ours and /tmp/theirs share have equal values, and they share
# at least LEAST
agree() {
	flat /tmp/ours > /tmp/ours.flat
	sed -n 's/^\([a-z0-9]*\)[ \t]*: *\(.*[^ ]\) *$/\1 \2/p' /tmp/theirs > /tmp/theirs.flat
	same=0
	while read -r key theirs; do
		ours=$(sed -n "s/^$key //p" /tmp/ours.flat | head -n 1)
		[ -n "$ours" ] || continue
		case "$ours,$theirs" in
		*[!0-9a-fx,]*) [ "$ours" = "$theirs" ] ;;
		*[!0x,]*) [ "$ours" = "$theirs" ] || [ $((ours)) = $((theirs)) ] ;;
		*) true ;; # only zeroes
		esac && same=$((same + 1)) || fail "$1: $key is '$ours' for us, '$theirs' for nvme-cli"
	done < /tmp/theirs.flat
	check "$1: $same values agree with nvme-cli" test "$same" -ge "$2"
}

for ns in 1 2 3 4 5; do
	nvme id-ns /dev/ng${c}n$(instance $ns $c) > /tmp/theirs 2>&1
	xnvme idfy-ns /dev/ng${c}n$(instance $ns $c) > /tmp/ours 2>&1
	agree "namespace $ns" 30
	sed -n 's/^lbaf .*ms:\([0-9]*\) *lbads:\([0-9]*\) *rp:\([0-9]*\).*/\1 \2 \3/p' /tmp/theirs > /tmp/lbaf
	check "namespace $ns: formats agree with nvme-cli" sh -c "sed -n \
		's/.*{ms: \([0-9]*\), ds: \([0-9]*\), rp: \([0-9]*\)}/\1 \2 \3/p' /tmp/ours |
		cmp - /tmp/lbaf && test -s /tmp/lbaf"
	nvme id-ns /dev/ng${c}n$(instance $ns $c) --raw-binary > /tmp/theirs 2>/dev/null
	check "namespace $ns: identified" xnvme idfy /dev/ng${c}n$(instance $ns $c) --cns 0x0 --nsid $ns \
		--data-output /tmp/ours
	check "namespace $ns: all 4096 bytes agree" cmp /tmp/ours /tmp/theirs
done
for ctrlr in 0 1; do
	nvme id-ctrl /dev/nvme$ctrlr > /tmp/theirs 2>&1
	xnvme idfy-ctrlr /dev/nvme$ctrlr > /tmp/ours 2>&1
	agree "controller $ctrlr" 77
	nvme id-ctrl /dev/nvme$ctrlr --raw-binary > /tmp/theirs 2>/dev/null
	check "controller $ctrlr: identified" xnvme idfy /dev/nvme$ctrlr --cns 0x1 \
		--data-output /tmp/ours
	check "controller $ctrlr: all 4096 bytes agree" cmp /tmp/ours /tmp/theirs
done
nvme zns id-ns /dev/nvme$zns > /tmp/theirs 2>&1
zoned idfy-ns /dev/ng$zns > /tmp/ours 2>&1
agree "zones of a namespace" 6
nvme zns id-ctrl /dev/nvme$c > /tmp/theirs 2>&1
zoned idfy-ctrlr /dev/ng$zns > /tmp/ours 2>&1
agree "zones of a controller" 1

# zones in several states, compared line by line
zoned mgmt-open /dev/ng$zns --slba 0x400 > /dev/null 2>&1
zoned mgmt-finish /dev/ng$zns --slba 0x800 > /dev/null 2>&1
zoned append /dev/ng$zns --slba 0xc00 --nlb 3 > /dev/null 2>&1
n='\(0x[0-9a-f]*\|[0-9]*\)'
nvme zns report-zones /dev/nvme$zns 2>/dev/null |
	sed -n "s/^SLBA: $n *WP: $n *Cap: $n *State: $n *Type: $n *Attrs: $n .*/\1 \2 \3 \4 \5 \6/p" |
	while read -r slba wp cap zs zt za; do
		echo $((slba)) $((wp)) $((cap)) $((zs)) $((zt)) $((za))
	done > /tmp/theirs
zoned report /dev/ng$zns 2>/dev/null | sed "s/EMPTY/0x10/; s/IOPEN/0x20/; s/EOPEN/0x30/
	s/CLOSED/0x40/; s/FULL/0xe0/; s/za: '0b00000000'/za: 0/" |
	sed -n "s/.*zslba: $n, wp: $n, zcap: $n, zt: $n, zs: *ZND_STATE_$n, za: $n}/\1 \2 \3 \5 \4 \6/p" |
	while read -r slba wp cap zs zt za; do
		echo $((slba)) $((wp)) $((cap)) $((zs)) $((zt)) $((za))
	done > /tmp/ours
check "16 zones are reported" test "$(wc -l < /tmp/ours)" = 16
check "zones agree with nvme-cli" cmp /tmp/ours /tmp/theirs
check "... which are in four states" test "$(cut -d' ' -f4 /tmp/ours | sort -u | wc -l)" = 4
zoned report /dev/ng$zns 2>/dev/null | sed -n "s/.*zslba: $n, wp: $n, zcap: $n,.*/\1 \2 \3/p" |
	while read -r slba wp cap; do echo $((slba)) $((wp)) $((cap)); done > /tmp/ours
zoned report /dev/nvme$zns --sync block --admin block 2>/dev/null |
	sed -n "s/.*zslba: $n, wp: $n, zcap: $n,.*/\1 \2 \3/p" |
	while read -r slba wp cap; do echo $((slba)) $((wp)) $((cap)); done > /tmp/block
# the write pointer of a full zone is undefined: the block layer sets it to the zone's end
check "zones by the block layer agree but for a full one's pointer" \
	test "$(diff /tmp/ours /tmp/block | grep -c '^<')" -le 1

# enumeration: all that nvme-cli lists, sorted, each with its sibling
nvme list 2>/dev/null | sed -n 's/^\(\/dev\/nvme[0-9n]*\) .*/\1/p' | sort > /tmp/theirs
xnvme list 2>/dev/null | sed -n "s/.*'\(\/dev\/nvme[0-9n]*\)'.*/\1/p" > /tmp/ours
check "enumeration is sorted and agrees with nvme-cli" cmp /tmp/ours /tmp/theirs
# and nvme-cli's values of each: node, NSID, bytes per block and in total
nvme list -o json 2>/dev/null | tr -d ' ",' | awk -F: '
	/^NameSpace/ { nsid = $2 } /^DevicePath/ { node = $2 } /^PhysicalSize/ { all = $2 }
	/^SectorSize/ { print node, nsid, $2, all }' | sort > /tmp/theirs
for node in $(cat /tmp/ours); do
	xnvme info "$node" 2>/dev/null | awk -v node="$node" '
		/ nsid:/ { nsid = $2 } / nbytes:/ { nbytes = $2 } / tbytes:/ { tbytes = $2 }
		END { print node, nsid, nbytes, tbytes }'
done | while read -r node nsid rest; do echo "$node $((nsid)) $rest"; done > /tmp/infos
check "... and on what each of them is" cmp /tmp/infos /tmp/theirs
xnvme scan > /tmp/scan 2>&1
check "scan: PCI function" grep -q "uri: '0000:01:00.0', dtype: 0x1, .*kernel_driver: 'nvme'" /tmp/scan
check "scan: controller" grep -q "uri: '/dev/nvme$other', dtype: 0x1" /tmp/scan
check "scan: zoned namespace" grep -q "uri: '/dev/ng$zns', dtype: 0x2, nsid: 0x5, csi: 0x2" /tmp/scan
load loop
head -c 1048576 /dev/zero > /tmp/disk
losetup /dev/loop0 /tmp/disk
xnvme scan > /tmp/scan 2>&1
xnvme info /dev/loop0 > /tmp/info 2>&1
check "info: loop device" grep -q "kernel_driver: 'loop'" /tmp/info
check "scan: loop device" grep -q "uri: '/dev/loop0', dtype: 0x3, .*kernel_driver: 'loop'" /tmp/scan

# bytes from a file to a namespace and back, sync and async, checked by passthrough
head -c 262144 /dev/urandom > /tmp/bytes
for how in sync async; do
	check "xdd $how to a namespace" xdd $how --data-input /tmp/bytes --data-output /dev/nvme$b4096 \
		--data-nbytes 262144 --iosize 8192
	check "... is what passthrough reads" sh -c "lblk read /dev/ng$b4096 --slba 0 --nlb 31 \
		--data-output /tmp/read && cmp -n 131072 /tmp/read /tmp/bytes"
	check "xdd $how from a namespace" xdd $how --data-input /dev/nvme$b4096 --data-output /tmp/back \
		--data-nbytes 262144
	check "... is what was there" cmp /tmp/bytes /tmp/back
	head -c 262144 /dev/urandom > /tmp/bytes
done
refuse "xdd by passthrough" "blocks, not bytes" xdd sync --data-input /dev/ng$b4096 \
	--data-output /tmp/back --data-nbytes 4096

check "reset through a namespace's node" xnvme ctrlr-reset /dev/ng$b512
check "rescan through a namespace's node" xnvme ns-rescan /dev/nvme$b512
wait_for 20 test -c /dev/ng$b512
refuse "registers are the driver's" "iomem=relaxed" xnvme show-regs /dev/nvme$c

# not root: permitted operations work, the others fail with a message
chmod 666 /dev/ng$b512 /dev/nvme$b512
refuse "not root, no access" "no permission to open" \
	su nobody -s /bin/sh -c "guest_io show /dev/ng$b4096"
check "not root, block layer" su nobody -s /bin/sh -c \
	"guest_io verify /dev/nvme$b512 direct=1 count=16"
su nobody -s /bin/sh -c "xnvme info /dev/nvme$b512" > /tmp/info 2>&1
check "not root: still the subsystem's name" grep -q "subnqn: 'nqn.2019-08.org.qemu:subsys0'" \
	/tmp/info
case $(uname -r) in
[1-5].* | 6.[01].*) note="sync nvme was.*CAP_SYS_ADMIN.*admin nvme was.*async io_uring_cmd was.*" ;;
*) note="[^;]*other node[^;]*" ;; # newer kernels permit all who can open the node
esac
check "not root: each path that was skipped, and what to do" grep -q "note: '$note'$" /tmp/info
refuse "not root: the controller is there, but not for this user" "CAP_SYS_ADMIN\|run as root" \
	su nobody -s /bin/sh -c "xnvme ctrlr-reset /dev/nvme$b512"
su nobody -s /bin/sh -c "xnvme enum" > /tmp/enum 2>&1
check "not root: what is not listed is spoken of" grep -qE "^# [0-9]+ of 1[0-9] devices could not" \
	/tmp/enum
xnvme enum > /tmp/enum 2>&1
check "root: nothing is left out" sh -c "! grep -q '^#' /tmp/enum"
check "doctor" xnvme doctor /dev/ng$b512

# io_uring forbidden, as in containers
guest_no_uring guest_io show /dev/nvme$b512 > /tmp/show 2>&1
check "without io_uring: another path, and a word about it" \
	grep -qE "async=(libaio|thrpool).*io_uring.*is not available" /tmp/show
check "without io_uring: verified" guest_no_uring guest_io verify /dev/nvme$b512 direct=1
check "without io_uring: passthrough too" guest_no_uring guest_io verify /dev/ng$b512
refuse "without io_uring: who insists is told" "seccomp" \
	guest_no_uring guest_io show /dev/ng$b512 async=io_uring_cmd
# libaio unavailable too: no context is left
sysctl fs.aio-max-nr=0 > /dev/null
guest_no_uring guest_io show /dev/nvme0n1 direct=1 > /tmp/show 2>&1
check "without io_uring and libaio: threads, and a word about both" \
	grep -q "async=thrpool.*io_uring.*skipped.*libaio was skipped.*sysctl fs.aio-max-nr=" \
	/tmp/show
check "without both: verified" guest_no_uring guest_io verify /dev/nvme0n1 direct=1
refuse "without both: who insists is told" "sysctl fs.aio-max-nr=" \
	guest_io show /dev/nvme0n1 direct=1 async=libaio
finish
