/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Scans of a generated /sys: names and links of Linux 6.1 for two controllers, a multipath
 * subsystem, a fabrics controller, a namespace without a block device, a function that is bound to
 * vfio-pci, and a loop device.
 */
#include <os/scan.h>

#include <os/linux_nvme.h>
#include <os/sysfs.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../tests/temp_dir.h"

/* In place of the library's: the generated tree */
const char *
sysfs_root(void)
{
	return temp_dir;
}

static void
shell(const char *fmt, ...)
{
	char command[1024];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(command, sizeof(command), fmt, args);
	va_end(args);
	assert_int_equal(system(command), 0);
}

static void
put(const char *path, const char *text)
{
	shell("cd %s && mkdir -p $(dirname %s) && echo '%s' > %s", temp_dir, path, text, path);
}

static void
point(const char *path, const char *target)
{
	shell("cd %s && mkdir -p $(dirname %s) && ln -sfn %s %s", temp_dir, path, target, path);
}

static void
make_controller(const char *name, const char *transport, const char *device, const char *subsys)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "class/nvme/%s/transport", name);
	put(path, transport);
	(void)snprintf(path, sizeof(path), "class/nvme/%s/subsysnqn", name);
	put(path, subsys);
	(void)snprintf(path, sizeof(path), "class/nvme/%s/device", name);
	point(path, device);
}

static void
make_node(const char *class, const char *name, const char *parent)
{
	char path[128];
	char target[128];

	(void)snprintf(path, sizeof(path), "class/%s/%s/device", class, name);
	(void)snprintf(target, sizeof(target), "../../%s", parent);
	point(path, target);
}

static int
make_tree(void **state)
{
	assert_int_equal(temp_dir_make(state), 0);
	put("bus/pci/devices/0000:00:04.0/class", "0x010802");
	point("bus/pci/devices/0000:00:04.0/driver", "../../drivers/nvme");
	put("bus/pci/devices/0000:00:10.0/class", "0x010802");
	point("bus/pci/devices/0000:00:10.0/driver", "../../drivers/vfio-pci");
	put("bus/pci/devices/0000:00:05.0/class", "0x020000");
	make_controller("nvme10", "pcie", "../../../bus/pci/devices/0000:00:04.0", "nqn.ten");
	make_controller("nvme2", "tcp", "../../nvme-fabrics/ctl", "nqn.two");
	make_controller("nvme3", "pcie", "../../../bus/pci/devices/0000:00:07.0", "nqn.mp");
	make_node("block", "nvme10n1", "nvme10");
	make_node("nvme-generic", "ng10n1", "nvme10");
	make_node("nvme-generic", "ng10n2", "nvme10");
	/* a key-value namespace: the kernel hides its disk */
	make_node("block", "nvme10n2", "nvme10");
	put("class/block/nvme10n2/hidden", "1");
	put("class/block/nvme10n2/queue/zoned", "none");
	put("class/block/nvme10n2/queue/max_hw_sectors_kb", "512");
	put("class/block/nvme10n2/queue/max_segments", "33");
	make_node("block", "nvme10n11", "nvme10");
	make_node("block", "nvme2n1", "nvme2");
	make_node("nvme-generic", "ng2n1", "nvme2");
	put("class/block/nvme10n1/nsid", "7");
	put("class/block/nvme10n1/queue/zoned", "host-managed");
	put("class/block/nvme10n1/queue/max_hw_sectors_kb", "512");
	put("class/block/nvme10n1/queue/max_segments", "127");
	put("class/block/nvme10n1/queue/io_poll", "1");
	put("class/block/nvme2n1/queue/zoned", "none");
	put("class/block/nvme10n1p1/partition", "1");
	/* a head under a subsystem, and its hidden path */
	put("class/nvme-subsystem/nvme-subsys3/subsysnqn", "nqn.mp");
	point("class/nvme-subsystem/nvme-subsys3/nvme3", "../../nvme/nvme3");
	make_node("block", "nvme3n1", "nvme-subsystem/nvme-subsys3");
	make_node("nvme-generic", "ng3n1", "nvme-subsystem/nvme-subsys3");
	make_node("block", "nvme3c3n1", "nvme3");
	make_node("block", "nvme3c4n1", "nvme4");
	put("block/loop0/size", "2048");
	put("block/loop1/size", "0");
	put("block/nvme10n1/size", "1");
	return 0;
}

static void
names_are_taken_apart(void **state)
{
	(void)state;
	assert_int_equal(nvme_name_parse("nvme12").kind, NVME_NAME_CTRLR);
	assert_int_equal(nvme_name_parse("nvme12n3").kind, NVME_NAME_BLOCK);
	assert_int_equal(nvme_name_parse("nvme12n3").instance, 12);
	assert_int_equal(nvme_name_parse("nvme12n3").namespace, 3);
	assert_int_equal(nvme_name_parse("ng12n3").kind, NVME_NAME_CHAR);
	assert_true(nvme_name_parse("nvme1c2n3").hidden);
	assert_false(nvme_name_parse("nvme1n3").hidden);
	static const char *const none[] = {"nvme", "nvme1n", "nvme1n1p1", "ng1", "ngn1", "n", "",
					   "nvme-fabrics", "nvme1c", "nvme1cn1", "sda", "nvmex1",
					   "nvme99999999999999999999"};

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); ++i) {
		assert_int_equal(nvme_name_parse(none[i]).kind, NVME_NAME_NONE);
	}
}

static void
numbers_sort_as_numbers(void **state)
{
	(void)state;
	assert_true(natural_compare("nvme2n1", "nvme10n1") < 0);
	assert_true(natural_compare("nvme10n2", "nvme10n11") < 0);
	assert_true(natural_compare("loop0", "nvme0") < 0);
	assert_true(natural_compare("nvme1", "nvme1n1") < 0);
	assert_int_equal(natural_compare("nvme1n1", "nvme1n1"), 0);
}

/* X16: in xNVMe 0.7.5, scan misses multipath heads, fabrics, and other block devices. Here all
 * three classes of sysfs are scanned; in a real kernel: tests/guest/tools.sh. */
static void
scan_finds_all_in_order(void **state)
{
	static const struct {
		const char *uri;
		uint32_t dtype;
		uint32_t nsid;
		uint8_t csi;
		const char *driver;
		const char *subnqn;
	} expected[] = {
		{"/dev/nvme2", 1, 0, 0, "nvme-tcp", "nqn.two"},
		{"/dev/nvme2n1", 2, UINT32_MAX, 0, "nvme-tcp", "nqn.two"},
		{"/dev/ng2n1", 2, UINT32_MAX, 0, "nvme-tcp", "nqn.two"},
		{"0000:00:07.0", 1, 0, 0, "nvme-pcie", "nqn.mp"},
		{"/dev/nvme3", 1, 0, 0, "nvme-pcie", "nqn.mp"},
		{"/dev/nvme3n1", 2, UINT32_MAX, 0xFF, "nvme-pcie", "nqn.mp"},
		{"/dev/ng3n1", 2, UINT32_MAX, 0xFF, "nvme-pcie", "nqn.mp"},
		{"0000:00:04.0", 1, 0, 0, "nvme", "nqn.ten"},
		{"/dev/nvme10", 1, 0, 0, "nvme", "nqn.ten"},
		{"/dev/nvme10n1", 2, 7, 2, "nvme", "nqn.ten"},
		{"/dev/ng10n1", 2, 7, 2, "nvme", "nqn.ten"},
		{"/dev/ng10n2", 2, UINT32_MAX, 0xFF, "nvme", "nqn.ten"},
		{"/dev/nvme10n11", 2, UINT32_MAX, 0xFF, "nvme", "nqn.ten"},
		{"0000:00:10.0", 1, 0, 0xFF, "vfio-pci", ""},
		{"/dev/loop0", 3, 1, 0xFF, "loop", ""},
	};
	struct os_scan scan = {0};

	(void)state;
	assert_int_equal(os_scan(&scan), 0);
	for (size_t i = 0; i < scan.cnt && i < sizeof(expected) / sizeof(expected[0]); ++i) {
		assert_string_equal(scan.idents[i].uri, expected[i].uri);
		assert_int_equal(scan.idents[i].dtype, expected[i].dtype);
		assert_int_equal(scan.idents[i].nsid, expected[i].nsid);
		assert_int_equal(scan.idents[i].csi, expected[i].csi);
		assert_string_equal(scan.idents[i].kernel_driver, expected[i].driver);
		assert_string_equal(scan.idents[i].subnqn, expected[i].subnqn);
	}
	assert_int_equal(scan.cnt, sizeof(expected) / sizeof(expected[0]));
	os_scan_free(&scan);
}

static void
nodes_know_their_sibling(void **state)
{
	char path[64];

	(void)state;
	assert_true(nvme_sibling("nvme10n1", path, sizeof(path)));
	assert_string_equal(path, "/dev/ng10n1");
	assert_true(nvme_sibling("ng10n1", path, sizeof(path)));
	assert_string_equal(path, "/dev/nvme10n1");
	assert_false(nvme_sibling("ng10n2", path, sizeof(path)));
	assert_false(nvme_sibling("nvme10n11", path, sizeof(path)));
	assert_false(nvme_sibling("nvme3c3n1", path, sizeof(path)));
	assert_false(nvme_sibling("nvme10", path, sizeof(path)));
}

static void
paths_lead_to_heads(void **state)
{
	(void)state;
	assert_true(os_scan_leads_to("/dev/nvme10", "/dev/nvme10n1"));
	assert_true(os_scan_leads_to("/dev/nvme10", "/dev/ng10n2"));
	assert_false(os_scan_leads_to("/dev/nvme2", "/dev/nvme10n1"));
	assert_true(os_scan_leads_to("/dev/nvme3", "/dev/ng3n1"));
	assert_true(os_scan_leads_to("/dev/nvme4", "/dev/ng3n1"));
	assert_true(os_scan_leads_to("/dev/nvme4", "/dev/nvme3n1"));
	assert_false(os_scan_leads_to("/dev/nvme10", "/dev/ng3n1"));
	assert_false(os_scan_leads_to("/dev/nvme3", "/dev/nvme3n2"));
}

/* X21: in xNVMe 0.7.5, the largest transfer is read from the wrong attribute in the wrong unit; in
 * a real kernel: tests/guest/paths.sh */
static void
limits_are_the_request_queues(void **state)
{
	(void)state;
	assert_int_equal(nvme_transfer_nbytes_max("nvme10n1"), 126 * sysconf(_SC_PAGESIZE));
	assert_int_equal(nvme_transfer_nbytes_max("ng10n1"), 126 * sysconf(_SC_PAGESIZE));
	/* a hidden disk has limits too */
	assert_int_equal(nvme_transfer_nbytes_max("ng10n2"), 32 * sysconf(_SC_PAGESIZE));
	assert_int_equal(nvme_transfer_nbytes_max("ng2n1"), 0);
	assert_true(nvme_has_poll_queues("ng10n1"));
	assert_false(nvme_has_poll_queues("ng2n1"));
	put("class/block/nvme10n1/queue/max_hw_sectors_kb", "64");
	assert_int_equal(nvme_transfer_nbytes_max("nvme10n1"), 65536);
}

/* A head showed 512 KiB while one of its paths accepted 64: every second command was refused */
static void
a_head_takes_the_least_of_its_paths(void **state)
{
	static const struct {
		const char *name, *sectors_kib, *segments;
	} queues[] = {{"nvme3n1", "512", "127"}, {"nvme3c3n1", "512", "127"},
		      {"nvme3c4n1", "64", "17"}, {"nvme3c4n2", "4", "2"}, {"nvme4c4n1", "4", "2"}};
	char path[128];

	(void)state;
	for (size_t i = 0; i < sizeof(queues) / sizeof(queues[0]); ++i) {
		(void)snprintf(path, sizeof(path), "class/block/%s/queue/max_hw_sectors_kb",
			       queues[i].name);
		put(path, queues[i].sectors_kib);
		(void)snprintf(path, sizeof(path), "class/block/%s/queue/max_segments",
			       queues[i].name);
		put(path, queues[i].segments);
	}
	assert_int_equal(nvme_transfer_nbytes_max("nvme3n1"), 65536);
	assert_int_equal(nvme_transfer_nbytes_max("ng3n1"), 65536);
	/* fewer segments in one, fewer sectors in the other; a path may have no limits in sysfs */
	put("class/block/nvme3c3n1/queue/max_segments", "9");
	assert_int_equal(nvme_transfer_nbytes_max("ng3n1"), 8 * sysconf(_SC_PAGESIZE));
	make_node("block", "nvme3c5n1", "nvme4");
	assert_int_equal(nvme_transfer_nbytes_max("ng3n1"), 8 * sysconf(_SC_PAGESIZE));
	/* a head after the removal of a path: its smallest limit so far */
	put("class/block/nvme3n1/queue/max_hw_sectors_kb", "8");
	assert_int_equal(nvme_transfer_nbytes_max("nvme3n1"), 8 * sysconf(_SC_PAGESIZE));
	/* a head without a disk of its own */
	assert_int_equal(nvme_transfer_nbytes_max("ng3n2"), sysconf(_SC_PAGESIZE));
}

static void
command_sets_are_what_sysfs_tells(void **state)
{
	(void)state;
	assert_int_equal(nvme_csi("nvme10n1"), 2);
	assert_int_equal(nvme_csi("ng10n1"), 2);
	assert_int_equal(nvme_csi("ng2n1"), 0);
	assert_int_equal(nvme_csi("ng10n2"), 0xFF);
	assert_int_equal(nvme_csi("nvme10"), 0xFF);
	/* newer kernels report it for a hidden disk too */
	put("class/block/nvme10n2/csi", "1");
	assert_int_equal(nvme_csi("ng10n2"), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_taken_apart),
		cmocka_unit_test(numbers_sort_as_numbers),
		cmocka_unit_test(scan_finds_all_in_order),
		cmocka_unit_test(nodes_know_their_sibling),
		cmocka_unit_test(paths_lead_to_heads),
		cmocka_unit_test(limits_are_the_request_queues),
		cmocka_unit_test(a_head_takes_the_least_of_its_paths),
		cmocka_unit_test(command_sets_are_what_sysfs_tells),
	};

	return cmocka_run_group_tests(tests, make_tree, temp_dir_remove);
}
