# SPDX-License-Identifier: BSD-3-Clause
# fio's jobs in the guest: write with checksums, read back, over every path to a namespace.
. /checks.sh
load nvme poll_queues=2
wait_for 20 test -c /dev/ng0n5
wait_for 20 test -b /dev/nvme0n5

size=2097152

# job WHAT FILE [more arguments...]: verified random writes; all bytes must have moved
job() {
	what=$1
	file=$2
	shift 2
	fio --name=job --thread=1 --ioengine=xnvme --filename="$file" --rw=randwrite --bs=4k \
		--iodepth=16 --size=$size --verify=crc32c --verify_fatal=1 --do_verify=1 \
		--output-format=terse --terse-version=3 "$@" > /tmp/fio.out 2>&1
	code=$?
	# terse version 3: field 5 is the error, 6 the KiB read, 47 the KiB written
	line=$(grep '^3;fio' /tmp/fio.out | cut -d';' -f5,6,47)
	if [ $code -eq 0 ] && [ "$line" = "0;$((size / 1024));$((size / 1024))" ]; then
		pass "fio $what"
	else
		fail "fio $what: exit code $code, error;read;written = $line"
		grep -v '^3;fio' /tmp/fio.out | tail -n 6 | sed 's/^/     /'
	fi
}

for ns in 1 2; do
	job "ng0n$ns, no choice" /dev/ng0n$ns
	job "ng0n$ns, io_uring_cmd" /dev/ng0n$ns --xnvme_async=io_uring_cmd
	job "ng0n$ns, io_uring_cmd, polled" /dev/ng0n$ns --xnvme_async=io_uring_cmd --hipri=1
	job "ng0n$ns, io_uring_cmd, sqpoll" /dev/ng0n$ns --xnvme_async=io_uring_cmd \
		--sqthread_poll=1
	job "ng0n$ns, io_uring_cmd, vectors" /dev/ng0n$ns --xnvme_async=io_uring_cmd --xnvme_iovec=1
	job "ng0n$ns, emu over nvme" /dev/ng0n$ns --xnvme_async=emu --xnvme_sync=nvme
	job "ng0n$ns, thrpool over nvme" /dev/ng0n$ns --xnvme_async=thrpool --xnvme_sync=nvme
	job "nvme0n$ns, no choice" /dev/nvme0n$ns --direct=1
	job "nvme0n$ns, io_uring" /dev/nvme0n$ns --direct=1 --xnvme_async=io_uring
	job "nvme0n$ns, io_uring, polled" /dev/nvme0n$ns --direct=1 --xnvme_async=io_uring --hipri=1
	job "nvme0n$ns, libaio" /dev/nvme0n$ns --direct=1 --xnvme_async=libaio
	job "nvme0n$ns, io_uring_cmd" /dev/nvme0n$ns --xnvme_async=io_uring_cmd
	job "nvme0n$ns, thrpool over psync" /dev/nvme0n$ns --direct=1 --xnvme_async=thrpool \
		--xnvme_sync=psync
done
# zones: fio resets, writes in order and verifies; two zones of 4 MiB with a capacity of 3 MiB
size=6291456
zbd="--size=8M --zonemode=zbd --direct=1 --rw=write --iodepth=1 --max_open_zones=4"
job "zones, no choice" /dev/ng0n5 $zbd
job "zones, io_uring_cmd" /dev/ng0n5 $zbd --xnvme_async=io_uring_cmd
job "zones, emu over nvme" /dev/ng0n5 $zbd --xnvme_async=emu --xnvme_sync=nvme
job "zones, thrpool over nvme" /dev/ng0n5 $zbd --xnvme_async=thrpool --xnvme_sync=nvme
job "zones, io_uring and the block layer" /dev/nvme0n5 $zbd --xnvme_async=io_uring \
	--xnvme_sync=block --xnvme_admin=block
job "zones, random order" /dev/ng0n5 $zbd --rw=randwrite --xnvme_async=io_uring_cmd
finish
