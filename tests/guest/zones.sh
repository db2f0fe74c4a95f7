# SPDX-License-Identifier: BSD-3-Clause
# Zones: appends at full depth over every path that supports them, management by the block layer.
# X05: in xNVMe 0.7.5, a reused completion becomes the timeout of an ioctl.
. /checks.sh
load nvme poll_queues=2
wait_for 20 test -c /dev/ng0n3
for ns in 1 2 3; do
	wait_for 20 test -b /dev/nvme0n$ns
done
one=0n$(instance 1)
two=0n$(instance 2)
far=0n$(instance 3)

for ns in $one $two; do
	for uri in /dev/ng$ns /dev/nvme$ns; do
		check "$uri append at 32, io_uring_cmd" guest_io append $uri async=io_uring_cmd
		check "$uri append at 32, polled" guest_io append $uri async=io_uring_cmd poll_io=1
		check "$uri append at 32, thrpool over nvme" guest_io append $uri async=thrpool \
			sync=nvme
		check "$uri append at 8, emu over nvme" guest_io append $uri async=emu sync=nvme qd=8
	done
	refuse "/dev/nvme$ns append through the block layer" "open the namespace's character device" \
		guest_io append /dev/nvme$ns async=emu sync=block admin=block direct=1
done
# results of more than 32 bits: the fourth zone starts at block 0x180000000
check "64 bits, its zones" grep -qx 2147483648 /sys/block/nvme$far/queue/chunk_sectors
for choice in async=io_uring_cmd "async=io_uring_cmd poll_io=1" "async=thrpool sync=nvme" \
	"async=emu sync=nvme"; do
	# shellcheck disable=SC2086 # words
	check "64 bits, $choice" guest_io append /dev/ng$far $choice
done
zoned append /dev/ng$far --slba 0x200000000 --nlb 0 > /tmp/appended 2>&1
check "64 bits, at once" grep -q "Appended to slba: 0x0000000200000000" /tmp/appended

# managed by the block layer's zone ioctls, reported by both
block="/dev/nvme$two --sync block --admin block --direct --slba 1400"
state() {
	for by in "/dev/ng$two" "/dev/nvme$two --sync block --admin block"; do
		zoned report $by --slba 1400 --limit 1 > /tmp/report 2>&1
		check "... it is $1, says $by" grep -q "zs: *ZND_STATE_$1," /tmp/report
	done
}
state EMPTY
for step in mgmt-open:EOPEN write:EOPEN mgmt-close:CLOSED mgmt-finish:FULL mgmt-reset:EMPTY; do
	[ ${step%:*} = write ] && nlb="--nlb 0" || nlb=
	# shellcheck disable=SC2086 # words
	check "block layer: ${step%:*}" zoned ${step%:*} $block $nlb
	state ${step#*:}
done
# what the block layer cannot do is refused with a message
cached="/dev/nvme$two --sync block --admin block"
# shellcheck disable=SC2086 # words
refuse "block layer: write through the page cache" "open with direct" zoned write $cached \
	--slba 1400 --nlb 0
for async in io_uring:direct libaio:direct thrpool:failed; do # a thread has its own message
	refuse "... by ${async%:*}" "${async#*:}" guest_io verify /dev/nvme$two async=${async%:*} \
		sync=block admin=block count=1
done
for verb in "append --nlb 0" mgmt-open-zrwa mgmt-flush "mgmt --zsa 5"; do
	# shellcheck disable=SC2086 # words
	refuse "block layer: $verb" "cannot go through the block layer" zoned ${verb%% *} $block \
		$(echo "$verb " | cut -d' ' -f2-)
done
# shellcheck disable=SC2086 # words
refuse "block layer: a descriptor" "no descriptor extension" zoned mgmt $block --zsa 0x10

# an example that appends: its command line selects the path, without a change of the program
virt=virt:null,size=64MiB,kind=zns,zone=4MiB,zone_cap=3MiB
for choice in "/dev/ng$one --async emu --sync nvme" "/dev/ng$one --async thrpool" \
	"/dev/ng$one --async io_uring_cmd" "/dev/ng$one --async io_uring_cmd --poll_io 1" $virt \
	"$virt --async thrpool"; do
	# shellcheck disable=SC2086 # words
	check "zoned_io_async append $choice" zoned_io_async append $choice --qdepth 32
done
check "four zones are full now" test "$(zoned report /dev/ng$one | grep -c ZND_STATE_FULL)" -ge 4
finish
