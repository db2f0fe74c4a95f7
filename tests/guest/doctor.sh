# SPDX-License-Identifier: BSD-3-Clause
# xnvme doctor on a machine that lacks each prerequisite in turn: it reports the problem, and after
# the command that it advises it reports ok. Where the missing prerequisite is used, the message
# names it.
. /checks.sh

# obey ADVICE: runs the command after its last colon. The guest's modules have no index, so that
# modprobe(8) is replaced by a script
cat > /tmp/modprobe <<'END'
#!/bin/sh
[ "$1" = -r ] && exec rmmod "$2"
exec load "$@"
END
chmod +x /tmp/modprobe
obey() {
	check "obeyed: ${1##*: }" sh -c "$(echo "${1##*: }" | sed 's|modprobe|/tmp/&|g')"
}

# told FILE SECTION NAME KEY: a value of a check or of a path in the doctor's output
told() {
	sed -n "/^  $2:/,/^  [a-z]/p" "$1" | sed -n "/- name: '${3%%/*}/,/- name:/s/^ *$4: //p" |
		head -n 1 | sed "s/^'//; s/'$//; s/''/'/g"
}

# verdict NAME WANTED [USER]: the doctor, run by USER, must give the check this verdict
verdict() {
	if [ -n "$3" ]; then
		su "$3" -s /bin/sh -c "xnvme doctor" > /tmp/doctor 2>&1
	else
		xnvme doctor > /tmp/doctor 2>&1
	fi
	got=$(told /tmp/doctor checks "$1" verdict)
	if [ "$got" = "$2" ]; then
		pass "$1 is $2: $(told /tmp/doctor checks "$1" found)"
	else
		fail "$1: '$got', expected '$2': $(told /tmp/doctor checks "$1" found)"
	fi
}

# heed NAME [USER]: runs the command that was advised last; the check must then be ok
heed() {
	obey "$(told /tmp/doctor checks "$1" advice)"
	verdict "$1" ok "$2"
}

# path NAME WORKS [TEXT]: whether a path works, and what enables it, in the last doctor's output
path() {
	works=$(told /tmp/doctor paths "$1" works) enable=$(told /tmp/doctor paths "$1" enable)
	case "$works $enable" in
	"$2 "*"$3"*) pass "path $1 works: $2 $enable" ;;
	*) fail "path $1 works: '$works', enable: '$enable'; expected $2 and '$3'" ;;
	esac
}

verdict "nvme controllers" none
path nvme 0 "modprobe nvme"
path io_uring_cmd 0 "modprobe nvme"
path io_uring 1
heed "nvme controllers"
wait_for 20 test -c /dev/ng0n2
wait_for 20 test -b /dev/nvme0n2
verdict "nvme controllers" ok
path nvme 1
path io_uring_cmd 1

verdict "poll queues" slow
refuse "no queues to poll: block layer" "no polled queues" \
	guest_io verify /dev/nvme0n1 async=io_uring poll_io=1 direct=1
refuse "no queues to poll: NVMe commands" "no polled queues" \
	guest_io verify /dev/ng0n1 poll_io=1
obey "$(told /tmp/doctor checks "poll queues" advice)"
wait_for 20 test -c /dev/ng0n2
wait_for 20 test -b /dev/nvme0n2
verdict "poll queues" ok
check "and polled" guest_io verify /dev/nvme0n1 async=io_uring poll_io=1 direct=1

for file in /sys/block/nvme*/queue/scheduler; do
	grep -q '\[' "$file" && echo mq-deadline > "$file"
done
verdict "I/O scheduler" slow
heed "I/O scheduler"

verdict "huge pages" missing
heed "huge pages"

verdict aio ok
sysctl fs.aio-max-nr=100 > /dev/null
verdict aio missing
path libaio 0 "sysctl fs.aio-max-nr="
heed aio
path libaio 1

# a power-saving governor and autonomous power states, faked: this machine has neither
mount -t tmpfs fake /sys/devices/system/cpu/cpu0
mkdir /sys/devices/system/cpu/cpu0/cpufreq
verdict "CPU governor" none
echo powersave > /sys/devices/system/cpu/cpu0/cpufreq/scaling_governor
verdict "CPU governor" slow
heed "CPU governor"
umount /sys/devices/system/cpu/cpu0
verdict "drive power states" ok
mount -t tmpfs fake /sys/class/nvme/nvme0/power
echo 100000 > /sys/class/nvme/nvme0/power/pm_qos_latency_tolerance_us
verdict "drive power states" slow
heed "drive power states"
umount /sys/class/nvme/nvme0/power
verdict "PCIe link power" ok
echo powersave > /sys/module/pcie_aspm/parameters/policy
verdict "PCIe link power" slow
heed "PCIe link power"

verdict VFIO missing
path pcie 0 "xnvme-driver bind --no-iommu 0000:01:00.0"

# not root: root raises the limit of locked memory of a running shell
verdict "locked memory" ok
mkfifo /tmp/obeyed
chmod 777 /tmp
su nobody -s /bin/sh -c 'ulimit -l 64; xnvme doctor > /tmp/poor; read -r x < /tmp/obeyed
	xnvme doctor > /tmp/rich' &
wait_for 20 grep -q "name: 'libaio'" /tmp/poor
obey "$(told /tmp/poor checks "locked memory" advice)"
echo go > /tmp/obeyed
wait $!
check "not root: locked memory was missing, is ok" test \
	"$(told /tmp/poor checks "locked memory" verdict) $(told /tmp/rich checks "locked memory" \
		verdict)" = "missing ok"

chmod 666 /dev/nvme0n1 /dev/ng0n1
for choice in "/dev/nvme0n1 sync=block admin=block direct=1 async=io_uring" "/dev/ng0n1"; do
	[ "$choice" = /dev/ng0n1 ] && [ ! -e /proc/sys/kernel/io_uring_disabled ] && continue
	refuse "not root: registered buffers need locked memory, $choice" "limit of locked memory" \
		su nobody -s /bin/sh -c "ulimit -l 64; guest_io verify $choice register_buffers=1"
done
chmod 600 /dev/nvme0n1 /dev/ng0n1

verdict "device nodes" missing nobody
path nvme 0
refuse "not root: each path is told of, when none can be opened" "name: 'io_uring_cmd', works: 0" \
	su nobody -s /bin/sh -c "xnvme doctor /dev/ng0n1"
case $(uname -r) in
[1-5].* | 6.[0-1].*)
	path io_uring_cmd 0 "run as root, or with a newer kernel"
	chown nobody /dev/ng0n* /dev/nvme0*
	verdict "device nodes" missing nobody
	su nobody -s /bin/sh -c "guest_io show /dev/nvme0n1" > /tmp/show 2>&1
	check "not root: the next best path is taken, and it is said" grep -q \
		"async=io_uring .*async io_uring_cmd was skipped" /tmp/show
	;;
*)
	path io_uring_cmd 0 "chown 65534 /dev/ng"
	heed "device nodes" nobody
	path io_uring_cmd 1
	check "not root: works as the doctor says" su nobody -s /bin/sh -c \
		"guest_io verify /dev/ng0n1 async=io_uring_cmd"
	;;
esac

# forbidden_for USER: the sysctl disables io_uring; each message says so, and how to enable it
forbidden_for() {
	verdict io_uring missing "$1"
	path io_uring_cmd 0 "sysctl kernel.io_uring_disabled=0"
	su "$1" -s /bin/sh -c "guest_io show /dev/nvme0n1" > /tmp/show 2>&1
	check "$1 without io_uring: another path, and how to have it back" grep -qE \
		"async=(libaio|thrpool).*skipped.*sysctl kernel.io_uring_disabled=0" /tmp/show
	refuse "$1 without io_uring: who insists is told" "sysctl kernel.io_uring_disabled=0" \
		su "$1" -s /bin/sh -c "guest_io show /dev/nvme0n1 async=io_uring"
	xnvme doctor > /dev/null
}
if [ -e /proc/sys/kernel/io_uring_disabled ]; then
	sysctl kernel.io_uring_disabled=1 > /dev/null
	verdict io_uring ok
	forbidden_for nobody
	sysctl kernel.io_uring_disabled=2 > /dev/null
	forbidden_for root
	verdict io_uring missing
	heed io_uring
fi
finish
