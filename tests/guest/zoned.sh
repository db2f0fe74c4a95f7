# SPDX-License-Identifier: BSD-3-Clause
# Boundary values of zoned: each sub-command with the last valid and the first invalid argument,
# through NVMe commands and through the block layer. Zones of 0x400 blocks, 0x300 of them writable;
# the controller appends at most 32 blocks per command.
. /checks.sh
load nvme
wait_for 20 test -c /dev/ng0n5
wait_for 20 test -b /dev/nvme0n5

# states LETTERS WHAT: checks the first zones: Empty, eXplicitly open, Implicitly open, Closed, Full
states() {
	got=$(zoned report /dev/ng0n5 --limit ${#1} |
		sed -n 's/.*zs: *ZND_STATE_\(.\)\(.\).*/\1\2/p' |
		sed 's/EM/E/; s/EO/X/; s/IO/I/; s/CL/C/; s/FU/F/' | tr -d '\n')
	if [ "$got" = "$1" ]; then
		pass "$2: $1"
	else
		fail "$2: zones are $got, expected $1"
	fi
}

# Status of the device itself, through NVMe commands
Z=/dev/ng0n5
check "append of as many blocks as go" zoned append $Z --slba 0 --nlb 31
refuse "append of one more" "Invalid Field" zoned append $Z --slba 0 --nlb 32
refuse "append in the middle of a zone" "Invalid Field" zoned append $Z --slba 5 --nlb 0
refuse "append of more than a command carries" "it takes at most" zoned append $Z --slba 0 --nlb 65535
check "append is where it says" sh -c "zoned append $Z --slba 0 --nlb 0 |
	grep 'Appended to slba: 0x0000000000000020'"
check "write at the pointer" zoned write $Z --slba 0x21 --nlb 0
refuse "write beside it" "Zone Invalid Write" zoned write $Z --slba 0x23 --nlb 0
check "read up to a zone's end" zoned read $Z --slba 0x3ff --nlb 0
refuse "read across a zone's end" "Zone Boundary Error" zoned read $Z --slba 0x3ff --nlb 1
refuse "the wrong namespace" "its own namespace, 0x5" zoned mgmt-open $Z --slba 0 --nsid 1
refuse "no such action" "Invalid Field" zoned mgmt $Z --slba 0 --zsa 0x77
refuse "a descriptor without its bytes" "data-input" zoned mgmt $Z --slba 0x800 --zsa 0x10
head -c 64 /dev/urandom > /tmp/descr
refuse "bytes for what takes none" "goes with --zsa 0x10" zoned mgmt $Z --slba 0x800 --zsa 3 \
	--data-input /tmp/descr
check "a descriptor is set" zoned mgmt $Z --slba 0x800 --zsa 0x10 --data-input /tmp/descr
nvme zns report-zones /dev/nvme0n5 -s 0x800 -d 1 -e -o binary > /tmp/extended 2>/dev/null
tail -c 64 /tmp/extended > /tmp/descr.read
check "... and is what nvme-cli reads" cmp /tmp/descr /tmp/descr.read
refuse "no random write areas here" "Invalid Zone Operation Request" zoned mgmt-open-zrwa $Z --slba 0
refuse "no changed zones list here" "optional" zoned changes $Z
check "errors" zoned errors $Z
check "controller" sh -c "zoned idfy-ctrlr $Z | grep 'zasl: 5'"
check "namespace" sh -c "zoned idfy-ns $Z | grep 'mar: 9'"

for z in "$Z" "/dev/nvme0n5 --sync block --admin block --direct"; do
	check "$z reset all" zoned mgmt-reset $z --slba 0 --all
	states EEEEEE "... all are empty"
	refuse "$z open in the middle" "Invalid Field\|not where a zone begins" \
		zoned mgmt-open $z --slba 5
	refuse "$z reset in the middle" "Invalid Field\|not where a zone begins" \
		zoned mgmt-reset $z --slba 0x405
	refuse "$z open beyond the last" "LBA Out of Range" zoned mgmt-open $z --slba 0x4000
	refuse "$z open far beyond" "LBA Out of Range" zoned mgmt-open $z --slba 0xffffffffffffffff
	refuse "$z close an empty one" "." zoned mgmt-close $z --slba 0
	check "$z open" zoned mgmt-open $z --slba 0x400
	check "$z finish an empty one" zoned mgmt-finish $z --slba 0x800
	refuse "$z open a full one" "." zoned mgmt-open $z --slba 0x800
	check "$z write" zoned write $z --slba 0xc00 --nlb 0
	states EXFIEE "... as told"
	check "$z close all" zoned mgmt-close $z --slba 0 --all
	states ECFCEE "... those that were open"
	check "$z open all" zoned mgmt-open $z --slba 0 --all
	states EXFXEE "... those that were closed"
	check "$z finish all" zoned mgmt-finish $z --slba 0 --all
	states EFFFEE "... those that were active"
	refuse "$z report beyond the last zone" "beyond the last zone" zoned report $z --slba 0x4000
	check "$z report of few from within a zone" sh -c "zoned report $z --slba 0x405 --limit 2 |
		grep -c 'zslba: 0x0000000000000[48]00, wp' | grep -x 2"
	check "$z report of more than there are" sh -c "zoned report $z --limit 1000 | grep 'nentries: 16'"
	check "$z report into a file" zoned report $z --limit 3 --data-output /tmp/report
	check "... of 64 bytes and 64 for each" test "$(wc -c < /tmp/report)" = 256
done

# namespaces without zones
for z in /dev/ng0n1 "/dev/nvme0n1 --sync block --admin block"; do
	refuse "$z report" "no zoned namespace" zoned report $z
	refuse "$z reset" "Invalid Command Opcode\|has no zones" zoned mgmt-reset $z --slba 0
	refuse "$z append" "Invalid Command Opcode\|block layer" zoned append $z --slba 0 --nlb 0
	refuse "$z descriptor" "no zoned namespace" zoned mgmt $z --slba 0 --zsa 0x10
done
refuse "a controller has no zones" "no zoned namespace" zoned report /dev/nvme0
refuse "a controller has no blocks" "name one of its namespaces" zoned append /dev/nvme0 --slba 0 \
	--nlb 0
refuse "a controller manages none" "one of its namespaces" zoned mgmt-reset /dev/nvme0 --slba 0
check "enum: the one that is zoned" sh -c "zoned enum | grep -c 'uri:' | grep -x 2"
finish
