# SPDX-License-Identifier: BSD-3-Clause
# Features that only a newer QEMU emulates: random write areas of zones, and flexible data
# placement. Block numbers are hexadecimal, as in the options.
. /checks.sh
load nvme poll_queues=1
wait_for 20 test -c /dev/ng0n1
wait_for 20 test -c /dev/ng1n1
zns=/dev/ng0n1
fdp=/dev/ng1n1

# says WHAT TEXT COMMAND...: the command must succeed and print a line that matches TEXT
says() {
	name=$1 text=$2
	shift 2
	if "$@" > /tmp/says 2>&1 && grep -q "$text" /tmp/says; then
		pass "$name"
	else
		fail "$name: no '$text' from: $*"
		tail -n 30 /tmp/says | sed 's/^/     /'
	fi
}

# zone WHAT WP ATTRIBUTES: checks the first zone's write pointer (its last digits) and attributes
zone() {
	says "$1" "zslba: 0x0*0, wp: 0x0*$2, .*za: '$3'" zoned report $zns --limit 1
}

# Areas of 16 blocks of 4096 bytes, committed in units of 4
says "the namespace has random write areas" "zrwas: 16" zoned idfy-ns $zns
says "... committed by 4 blocks" "zrwafg: 4" zoned idfy-ns $zns
says "... and when asked to" "expflushsup: 1" zoned idfy-ns $zns
check "open zone 0 with one" zoned mgmt-open-zrwa $zns --slba 0
zone "zone 0 has it" 0 0b00001000
head -c 4096 /dev/urandom > /tmp/one
head -c 4096 /dev/urandom > /tmp/two
check "write block 5, out of order" zoned write $zns --slba 5 --nlb 0 --data-input /tmp/one
check "write block 5 again" zoned write $zns --slba 5 --nlb 0 --data-input /tmp/two
check "write block 0" zoned write $zns --slba 0 --nlb 0 --data-input /tmp/one
zone "the write pointer stays" 0 0b00001000
check "commit blocks 0 to 3" zoned mgmt-flush $zns --slba 3
zone "the write pointer follows" 4 0b00001000
refuse "what is committed is not written again" "Invalid Write" \
	zoned write $zns --slba 0 --nlb 0 --data-input /tmp/two
check "a write behind the area moves it" zoned write $zns --slba 14 --nlb 0 --data-input /tmp/one
zone "... by as much as is committed at once" 8 0b00001000
check "read block 5" zoned read $zns --slba 5 --nlb 0 --data-output /tmp/back
check "it is what was written last" cmp /tmp/two /tmp/back
refuse "a commit beyond the area" "sc 0x" zoned mgmt-flush $zns --slba 31
refuse "a zone without an area takes writes in order" "Invalid Write" \
	zoned write $zns --slba 405 --nlb 0
check "append at 32 beside it" guest_io append $zns async=io_uring_cmd
check "finish zone 0" zoned mgmt-finish $zns --slba 0
zone "a full zone has no area" '[0-9a-f]*' 0b00000000

# One reclaim group, four handles, reclaim units of 2048 blocks
says "placement is on" "fdpe: 1" xnvme feature-get $fdp --fid 0x1d --cdw11 1
says "the configuration" "nruh: 4" xnvme log-fdp-config $fdp --lsi 1 --data-nbytes 512
says "... its reclaim units" "runs: 1048576" xnvme log-fdp-config $fdp --lsi 1 --data-nbytes 512
says "all handles are the host's" "nruh: 4" xnvme log-ruhu $fdp --lsi 1 --limit 4
says "handle 1 has room" "pi: 1, ruhi: 1, .*ruamw: 2048" xnvme fdp-ruhs $fdp --limit 4
check "write 8 blocks by handle 1" lblk write-dir $fdp --slba 0 --nlb 7 --dtype 2 --dspec 1
says "handle 1 has less" "pi: 1, ruhi: 1, .*ruamw: 2040" xnvme fdp-ruhs $fdp --limit 4
says "handle 0 has all" "pi: 0, ruhi: 0, .*ruamw: 2048" xnvme fdp-ruhs $fdp --limit 4
says "4096 bytes are counted" "hbmw: \[4096, 0\]" xnvme log-fdp-stats $fdp --lsi 1
check "a new reclaim unit for handle 1" xnvme fdp-ruhu $fdp --pid 1
says "handle 1 has all" "pi: 1, ruhi: 1, .*ruamw: 2048" xnvme fdp-ruhs $fdp --limit 4
says "no event yet" "nevents: 0" xnvme log-fdp-events $fdp --lsi 1 --limit 4 --lsp 1
check "events of handle 0" xnvme set-fdp-events $fdp --fid 0x1e --feat 0x60000 --cdw12 1
says "they are enabled" "type: 0, event enabled: 1" \
	xnvme feature-get $fdp --fid 0x1e --cdw11 0xFF0000 --data-nbytes 510
check "write 8 blocks by handle 0" lblk write-dir $fdp --slba 0 --nlb 7 --dtype 2 --dspec 0
check "a new reclaim unit for handle 0" xnvme fdp-ruhu $fdp --pid 0
says "a unit that was not filled is an event" "nevents: 1" \
	xnvme log-fdp-events $fdp --lsi 1 --limit 4 --lsp 1
check "verify, polled" guest_io verify $fdp async=io_uring_cmd poll_io=1
finish
