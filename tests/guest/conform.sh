# SPDX-License-Identifier: BSD-3-Clause
# The conformance script through every path to namespaces of 512 and 4096 byte blocks.
. /checks.sh
load nvme poll_queues=2
wait_for 20 test -c /dev/ng0n2
wait_for 20 test -b /dev/nvme0n2

# one namespace per run, given on the kernel's command line
for ns in $(sed -n 's/.*guest.namespace=\([0-9]*\).*/\1/p' /proc/cmdline); do
	ng=/dev/ng0n$(instance $ns)
	block=/dev/nvme0n$(instance $ns)
	check "$ng, no choice" conform $ng
	check "$ng io_uring_cmd, registered buffers" conform $ng async=io_uring_cmd \
		register_buffers=1
	check "$ng io_uring_cmd, polled" conform $ng async=io_uring_cmd poll_io=1
	# an unpatched 6.1 oopses when it polls for such a command
	check "$ng io_uring_cmd, polled, commands without data" sh -c "for i in \$(seq 10); do
		conform $ng async=io_uring_cmd poll_io=1 only=takes_all_commands_async || exit; done"
	check "$ng io_uring_cmd, registered and polled" conform $ng async=io_uring_cmd \
		register_buffers=1 poll_io=1
	check "$ng io_uring_cmd, sqpoll" conform $ng async=io_uring_cmd poll_sq=1
	check "$ng emu over nvme" conform $ng async=emu sync=nvme
	check "$ng thrpool over nvme" conform $ng async=thrpool sync=nvme
	check "$block, no choice" conform $block
	check "$block io_uring" conform $block async=io_uring direct=1
	check "$block io_uring, polled" conform $block async=io_uring direct=1 poll_io=1
	# requests below the device's limit: in an unpatched 6.1 a split command never completes
	limits=/sys/block/${block##*/}/queue
	echo 64 > $limits/max_sectors_kb
	check "$block io_uring, polled, in several requests" conform $block async=io_uring \
		direct=1 poll_io=1 only=takes_the_largest
	cat $limits/max_hw_sectors_kb > $limits/max_sectors_kb
	check "$block io_uring, latency" conform $block async=io_uring direct=1 policy=1
	check "$block libaio" conform $block async=libaio direct=1
	check "$block psync, admin by the block layer" conform $block async=emu sync=psync \
		admin=block direct=1
	check "$block thrpool over block" conform $block async=thrpool sync=block admin=block
done
finish
