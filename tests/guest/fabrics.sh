# SPDX-License-Identifier: BSD-3-Clause
# A fabrics subsystem (Linux' NVMe/TCP target, in this guest) with two paths that the kernel shows
# as one namespace; and registers, which need a kernel started with iomem=relaxed.
. /checks.sh
for module in nvmet nvmet-tcp nvme-tcp configfs loop nvme; do
	load $module
done
wait_for 20 test -c /dev/ng0n2
mkdir -p /sys/kernel/config
mount -t configfs none /sys/kernel/config
ip link set lo up

target=/sys/kernel/config/nvmet
nqn=nqn.2026-11.test:fabrics
truncate -s 64M /tmp/disk
losetup /dev/loop0 /tmp/disk
mkdir $target/subsystems/$nqn $target/subsystems/$nqn/namespaces/1
echo 1 > $target/subsystems/$nqn/attr_allow_any_host
echo -n /dev/loop0 > $target/subsystems/$nqn/namespaces/1/device_path
echo 1 > $target/subsystems/$nqn/namespaces/1/enable
for port in 1 2; do
	mkdir $target/ports/$port
	echo tcp > $target/ports/$port/addr_trtype
	echo ipv4 > $target/ports/$port/addr_adrfam
	echo 127.0.0.1 > $target/ports/$port/addr_traddr
	echo 442$port > $target/ports/$port/addr_trsvcid
	ln -s $target/subsystems/$nqn $target/ports/$port/subsystems/
	check "connect by path $port" nvme connect -t tcp -a 127.0.0.1 -s 442$port -n $nqn \
		--keep-alive-tmo=30
done
wait_for 20 test -b /dev/nvme1n1
wait_for 20 test -c /dev/ng1n1

# listed TEXT COUNT: COUNT lines of the scan match TEXT
listed() {
	check "scan: $2 of $1" test "$(grep -c "$1" /tmp/scan)" = "$2"
}

xnvme scan > /tmp/scan 2>&1
sed 's/^/     /' /tmp/scan
listed "uri: '/dev/nvme[12]', dtype: 0x1, .*kernel_driver: 'nvme-tcp', subnqn: '$nqn'" 2
listed "uri: '/dev/nvme1n1', dtype: 0x2, nsid: 0x1, csi: 0x0, kernel_driver: 'nvme-tcp'" 1
listed "uri: '/dev/ng1n1', dtype: 0x2, .*subnqn: '$nqn'" 1
listed "uri: '/dev/nvme0', dtype: 0x1, .*kernel_driver: 'nvme', " 1
listed "uri: '/dev/nvme2n" 0 # the second path is hidden behind the multipath head
listed "nvme1c" 0
# --uri with either controller lists it with its namespaces
for ctrlr in /dev/nvme1 /dev/nvme2; do
	xnvme scan --uri $ctrlr > /tmp/scan 2>&1
	listed "uri: '$ctrlr', dtype: 0x1" 1
	listed "uri: '/dev/nvme1n1'" 1
	listed "uri: '/dev/nvme0" 0
	xnvme enum --uri $ctrlr > /tmp/scan 2>&1
	listed "uri: '/dev/ng1n1'" 1
done
nvme list 2>/dev/null | sed -n 's/^\(\/dev\/nvme[0-9n]*\) .*/\1/p' | sort > /tmp/theirs
xnvme list 2>/dev/null | sed -n "s/.*'\(\/dev\/nvme[0-9n]*\)'.*/\1/p" > /tmp/ours
check "enumeration agrees with nvme-cli" cmp /tmp/ours /tmp/theirs

for choice in "async=io_uring_cmd" "async=io_uring_cmd poll_sq=1" "async=thrpool sync=nvme" \
	"async=emu sync=nvme"; do
	# shellcheck disable=SC2086 # words
	check "head, $choice" guest_io verify /dev/ng1n1 $choice
done
check "head, io_uring" guest_io verify /dev/nvme1n1 async=io_uring direct=1
check "head, libaio" guest_io verify /dev/nvme1n1 async=libaio direct=1
refuse "no polled queues" "no polled queues" \
	guest_io verify /dev/ng1n1 poll_io=1
check "reset" xnvme ctrlr-reset /dev/nvme2
wait_for 20 grep -qx live /sys/class/nvme/nvme2/state

# one `name value` per line
nvme show-regs /dev/nvme0 2>/dev/null |
	sed -n 's/^\(cap\|version\|cc\|csts\) *: *\([0-9a-f]*\)$/\1 \2/p' |
	sed 's/version/vs/' | sort > /tmp/theirs
properties() {
	xnvme show-regs "$1" 2>/dev/null |
		sed -n 's/^  \(cap\|vs\|cc\|csts\): 0x\([0-9a-f]*\)$/\1 \2/p' | sort > /tmp/ours
	check "$1: four registers" test "$(wc -l < /tmp/ours)" = 4
}
properties /dev/nvme0
check "they agree with nvme-cli" cmp /tmp/ours /tmp/theirs
# nvme-cli 2.3 prints values here that it did not read; Linux' target has version 1.3 and is enabled
properties /dev/nvme1
check "fabrics: version" grep -qx 'vs 10300' /tmp/ours
check "fabrics: enabled and ready" grep -qx 'csts 1' /tmp/ours

# under load: one path is removed, then the other one
guest_io storm /dev/ng1n1 async=io_uring_cmd seconds=60 must_fail=1 > /tmp/storm 2>&1 &
pid=$!
usleep 500000
check "take one path away" sh -c 'echo 1 > /sys/class/nvme/nvme2/delete_controller'
xnvme scan > /tmp/scan 2>&1
listed "uri: '/dev/nvme1n1'" 1
check "take the other away" sh -c 'echo 1 > /sys/class/nvme/nvme1/delete_controller'
check "every command completed" wait $pid
sed 's/^/     /' /tmp/storm
check "it is gone" wait_for 30 test ! -e /dev/ng1n1
finish
