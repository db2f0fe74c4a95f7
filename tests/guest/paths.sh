# SPDX-License-Identifier: BSD-3-Clause
# Every path to namespaces of 512 and 4096 byte blocks: which are chosen, which are refused, and
# that written data reads back. X02: xNVMe 0.7.5 offers paths on which every command fails. X21: it
# reads the largest transfer from the wrong attribute in the wrong unit.
. /checks.sh
load nvme poll_queues=2
wait_for 20 test -c /dev/ng0n2
wait_for 20 test -b /dev/nvme0n2

# what WHAT URI EXPECTED [option=value...]: `show` must print a line that matches EXPECTED
what() {
	name=$1 uri=$2 expected=$3
	shift 3
	if guest_io show "$uri" "$@" > /tmp/show 2>&1 && grep -q "$expected" /tmp/show; then
		pass "$name"
	else
		fail "$name: expected '$expected', got:"
		sed 's/^/     /' /tmp/show
	fi
}

what "ng: io_uring_cmd and nvme are chosen" /dev/ng0n1 "^async=io_uring_cmd sync=nvme admin=nvme"
what "the subsystem and driver are known" /dev/ng0n1 \
	"driver=nvme subnqn=nqn.2019-08.org.qemu:subsys0"
# QEMU's limit is 512 KiB; Linux 6.1 accepts 127 pages, and unaligned memory may span one more
mdts='mdts=\(516096\|524288\)$'
what "geometry of 512 byte blocks" /dev/ng0n$(instance 1) "^type=1 nbytes=512 .*tbytes=67108864 $mdts"
what "geometry of 4096 byte blocks" /dev/nvme0n$(instance 2) "^type=1 nbytes=4096 .*$mdts"
what "features of the ring" /dev/ng0n1 "^features=.*single_issuer,defer_taskrun.*registered_file"
what "a namespace knows its other node" /dev/nvme0n1 "note=.*other node, /dev/ng0n1" \
	async=io_uring_cmd
what "a controller takes admin commands only" /dev/nvme0 "kind=nvme_ctrlr"

# only newer kernels support registered memory for NVMe commands
case $(uname -r) in
[1-5].* | 6.[0-9].* | 6.1[0-2].*) registers='note=.*register_buffers was dropped' ;;
*) registers=features=.*registered_buffers ;;
esac
for ns in 1 2; do
	for uri in /dev/ng0n$ns /dev/nvme0n$ns; do
		check "$uri io_uring_cmd" guest_io verify $uri async=io_uring_cmd
		check "$uri io_uring_cmd, vectors" guest_io verify $uri async=io_uring_cmd vectors=3
		check "$uri io_uring_cmd, polled" guest_io verify $uri async=io_uring_cmd poll_io=1
		check "$uri io_uring_cmd, sqpoll" guest_io verify $uri async=io_uring_cmd poll_sq=1
		check "$uri io_uring_cmd, registered buffers" guest_io verify $uri \
			async=io_uring_cmd register_buffers=1
		cp /tmp/check.out /tmp/show
		check "... and they are used, or it is said why not" grep -qE "$registers" \
			/tmp/show
		check "$uri io_uring_cmd, registered and polled" guest_io verify $uri \
			async=io_uring_cmd register_buffers=1 poll_io=1
		check "$uri emu over nvme" guest_io verify $uri async=emu sync=nvme
		check "$uri emu over nvme, vectors" guest_io verify $uri async=emu sync=nvme vectors=3
		check "$uri thrpool over nvme" guest_io verify $uri async=thrpool sync=nvme
	done
	for choice in "ng0n$ns async=io_uring_cmd" "ng0n$ns async=io_uring_cmd poll_io=1" \
		"ng0n$ns async=thrpool sync=nvme" "nvme0n$ns async=io_uring direct=1" \
		"nvme0n$ns async=libaio direct=1" \
		"nvme0n$ns async=thrpool sync=block admin=block direct=1"; do
		# shellcheck disable=SC2086 # words
		check "commands as large as may be, $choice" guest_io limits /dev/$choice
	done
	uri=/dev/nvme0n$ns
	check "$uri io_uring" guest_io verify $uri direct=1 async=io_uring
	check "$uri io_uring, polled" guest_io verify $uri direct=1 async=io_uring poll_io=1
	check "$uri io_uring, latency" guest_io verify $uri direct=1 async=io_uring policy=1
	cp /tmp/check.out /tmp/show
	check "... polls by itself" grep -q "features=.*iopoll" /tmp/show
	check "$uri libaio" guest_io verify $uri direct=1 async=libaio
	check "$uri thrpool over block" guest_io verify $uri direct=1 async=thrpool sync=block
	check "$uri emu over psync" guest_io verify $uri direct=1 async=emu sync=psync
	for async in io_uring_cmd io_uring libaio posix thrpool emu; do
		check "$uri $async sees what is written synchronously" \
			guest_io coherent $uri async=$async
		check "... and past the page cache" \
			guest_io coherent $uri async=$async direct=1 sync=nvme
	done
	what "$uri two caches are spoken of" $uri "note=.*does not see" sync=nvme async=libaio
done
finish
