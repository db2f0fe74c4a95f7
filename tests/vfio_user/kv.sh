# SPDX-License-Identifier: BSD-3-Clause
# A key-value namespace under Linux' driver, which creates a generic character device for it but no
# block device: found, identified, and used through passthrough.
. /checks.sh
load nvme
check "passthrough node" wait_for 20 test -c /dev/ng0n1
check "no block device" test ! -e /dev/nvme0n1
xnvme scan > /tmp/scan 2>&1
sed 's/^/     /' /tmp/scan
# an older kernel does not report the command set: it comes from the namespace
check "scan has the node" grep -q "uri: '/dev/ng0n1', dtype: 0x2, nsid: 0x1, csi: 0x1," /tmp/scan
check "scan has no node that is not there" sh -c '! grep -q /dev/nvme0n1 /tmp/scan'
kvs enum > /tmp/enum 2>&1
check "it is a key-value namespace" grep -q "uri: '/dev/ng0n1', .*csi: 0x1" /tmp/enum
xnvme info /dev/ng0n1 > /tmp/info 2>&1
check "its geometry says so" grep -q "type: XNVME_GEO_KV" /tmp/info
check "no other node is spoken of" grep -q "note: ''" /tmp/info
# the kernel's limit is below the SSD's; it is in the sysfs entry of a disk without a node
queue=/sys/class/block/nvme0n1/queue
most=$((($(cat $queue/max_segments) - 1) * 4096))
[ $(($(cat $queue/max_hw_sectors_kb) * 1024)) -lt $most ] &&
	most=$(($(cat $queue/max_hw_sectors_kb) * 1024))
check "the most that a command carries is $most" grep -q "mdts_nbytes: $most$" /tmp/info
kvs idfy-ns /dev/ng0n1 > /tmp/idfy 2>&1
check "keys of 16 bytes" grep -q "kml: 16" /tmp/idfy

refuse "no such key yet" "Key Does Not Exist" kvs retrieve /dev/ng0n1 --key marco
check "store" kvs store /dev/ng0n1 --key marco --value polo
check "exist" kvs exist /dev/ng0n1 --key marco
kvs retrieve /dev/ng0n1 --key marco > /tmp/value 2>&1
check "retrieve" grep -q polo /tmp/value
kvs list /dev/ng0n1 > /tmp/list 2>&1
check "list" grep -q marco /tmp/list
check "delete" kvs delete /dev/ng0n1 --key marco
refuse "the key is gone" "exists: 0" kvs exist /dev/ng0n1 --key marco

check "store again" kvs store /dev/ng0n1 --key anew --value born
check "subsystem reset" xnvme subsystem-reset /dev/ng0n1
wait_for 20 grep -qx live /sys/class/nvme/nvme0/state
wait_for 20 test -c /dev/ng0n1
kvs retrieve /dev/ng0n1 --key anew > /tmp/value 2>&1
check "... and the controller is back at once" grep -q born /tmp/value

# not root: operations that the kernel permits. Since 6.2 these are most, but not Identify for the
# command set
chmod 666 /dev/ng0n1
su nobody -s /bin/sh -c "xnvme scan" > /tmp/scan 2>&1
case $(uname -r) in
[1-5].* | 6.[01].*)
	check "not root: a scan says that it does not know" grep -q "ng0n1'.*csi: 0xff" /tmp/scan
	refuse "not root: an old kernel lets nobody pass commands" "run as root" \
		su nobody -s /bin/sh -c "kvs retrieve /dev/ng0n1 --key marco"
	su nobody -s /bin/sh -c "kvs enum" > /tmp/enum 2>&1
	check "not root: what is not listed is spoken of" grep -q "1 of 1 devices could not" /tmp/enum
	;;
*)
	check "not root: a scan knows" grep -q "ng0n1'.*csi: 0x1" /tmp/scan
	check "not root: store" \
		su nobody -s /bin/sh -c "kvs store /dev/ng0n1 --key marco --value polo"
	su nobody -s /bin/sh -c "kvs retrieve /dev/ng0n1 --key marco" > /tmp/value 2>&1
	check "not root: retrieve" grep -q polo /tmp/value
	;;
esac
finish
