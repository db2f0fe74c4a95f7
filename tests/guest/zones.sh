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
finish
