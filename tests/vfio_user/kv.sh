# SPDX-License-Identifier: BSD-3-Clause
# A key-value namespace under Linux' own driver, which makes a generic character device of it and no
# block device: found, identified, and used through passthrough.
. /checks.sh
load nvme
check "passthrough node" wait_for 20 test -c /dev/ng0n1
check "no block device" test ! -e /dev/nvme0n1
xnvme scan > /tmp/scan 2>&1
sed 's/^/     /' /tmp/scan
check "scan has the node" grep -q "uri: '/dev/ng0n1', dtype: 0x2, nsid: 0x1," /tmp/scan
check "scan has no node that is not there" sh -c '! grep -q /dev/nvme0n1 /tmp/scan'
kvs enum > /tmp/enum 2>&1
check "it is a key-value namespace" grep -q "uri: '/dev/ng0n1', .*csi: 0x1" /tmp/enum
xnvme info /dev/ng0n1 > /tmp/info 2>&1
check "its geometry says so" grep -q "type: XNVME_GEO_KV" /tmp/info
check "no other node is spoken of" grep -q "note: ''" /tmp/info
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
finish
