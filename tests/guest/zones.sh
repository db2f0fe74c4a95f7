# SPDX-License-Identifier: BSD-3-Clause
# Zones: appended to at full depth over every path that can, managed through the block layer.
. /checks.sh
load nvme poll_queues=2
wait_for 20 test -c /dev/ng0n2
wait_for 20 test -b /dev/nvme0n2

for ns in 1 2; do
	for uri in /dev/ng0n$ns /dev/nvme0n$ns; do
		check "$uri append at 32, io_uring_cmd" guest_io append $uri async=io_uring_cmd
		check "$uri append at 32, polled" guest_io append $uri async=io_uring_cmd poll_io=1
		check "$uri append at 32, thrpool over nvme" guest_io append $uri async=thrpool \
			sync=nvme
		check "$uri append at 8, emu over nvme" guest_io append $uri async=emu sync=nvme qd=8
	done
	refuse "/dev/nvme0n$ns append through the block layer" "open the namespace's character device" \
		guest_io append /dev/nvme0n$ns async=emu sync=block admin=block direct=1
done
# managed by the block layer's zone ioctls, looked at by both
block="/dev/nvme0n2 --sync block --admin block --direct --slba 1400"
state() {
	for by in "/dev/ng0n2" "/dev/nvme0n2 --sync block --admin block"; do
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

# an application that appends: the path is changed on its command line, not in it
virt=virt:null,size=64MiB,kind=zns,zone=4MiB,zone_cap=3MiB
for choice in "/dev/ng0n1 --async emu --sync nvme" "/dev/ng0n1 --async thrpool" \
	"/dev/ng0n1 --async io_uring_cmd" "/dev/ng0n1 --async io_uring_cmd --poll_io 1" $virt \
	"$virt --async thrpool"; do
	# shellcheck disable=SC2086 # words
	check "zoned_io_async append $choice" zoned_io_async append $choice --qdepth 32
done
check "four zones are full now" test "$(zoned report /dev/ng0n1 | grep -c ZND_STATE_FULL)" -ge 4
finish
