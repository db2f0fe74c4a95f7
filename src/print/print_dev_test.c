/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is printed of an open device and of the library: the record that every tool prints.
 */
#include <print/test_yaml.h>

#include <errno.h>
#include <libxnvme.h>

static struct xnvme_dev *dev;

static int
open_ramdisk(void **state)
{
	struct xnvme_opts opts = xnvme_opts_default();

	(void)state;
	dev = xnvme_dev_open("1MiB", &opts);
	return dev ? 0 : -1;
}

static int
close_ramdisk(void **state)
{
	(void)state;
	xnvme_dev_close(dev);
	return 0;
}

static void
device(void **state)
{
	static const char *const lines[] = {
		"xnvme_dev:\n  xnvme_ident:\n    uri: '1MiB'\n    dtype: 0x5\n    nsid: 0x1\n",
		"  xnvme_be:\n    dev: {id: '",
		"    sync: {id: 'ramdisk'}\n",
		"    attr: {name: '",
		"  xnvme_opts:\n    be: '",
		"  xnvme_geo:\n    type: XNVME_GEO_CONVENTIONAL\n    npugrp: 1\n",
		"    tbytes: 1048576\n",
		"    pi_format: 0\n",
	};
	FILE *stream = text_open();
	int printed = xnvme_dev_fpr(stream, dev, XNVME_PR_DEF);
	const char *at = text_close(stream, printed);

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); ++i) {
		at = strstr(at, lines[i]); /* each after the one before */
		if (!at) {
			fail_msg("'%s' is not where it should be in:\n%s", lines[i], text_at);
		}
	}
	free(text_at);
}

static void
no_device_is_null(void **state)
{
	(void)state;
	PRINTS("xnvme_dev: ~\n", xnvme_dev_fpr(stream, NULL, XNVME_PR_DEF));
}

/* Whichever write fails, the failure comes back */
static void
every_write_may_fail(void **state)
{
	char buf[4096];
	int whole;

	(void)state;
	FILE *stream = text_open();

	whole = xnvme_dev_fpr(stream, dev, XNVME_PR_DEF);
	fclose(stream);
	free(text_at);
	assert_true(whole > 0 && (size_t)whole < sizeof(buf));
	for (int room = 1; room < whole; ++room) {
		FILE *full = fmemopen(buf, (size_t)room, "w");

		assert_non_null(full);
		setvbuf(full, NULL, _IONBF, 0);
		assert_int_equal(xnvme_dev_fpr(full, dev, XNVME_PR_DEF), -EIO);
		fclose(full);
	}
}

static void
library(void **state)
{
	FILE *stream = text_open();
	int printed = xnvme_be_attr_list_fpr_706(stream, XNVME_PR_DEF);
	const char *text = text_close(stream, printed);

	(void)state;
	assert_non_null(strstr(text, "xnvme_be_configurations:\n  - {name: '"));
	for (int i = 0; xnvme_be_attr_get_706(i); ++i) {
		assert_non_null(strstr(text, xnvme_be_attr_get_706(i)->name));
	}
	free(text_at);
	stream = text_open();
	printed = xnvme_libconf_fpr(stream, XNVME_PR_DEF);
	assert_non_null(strstr(text_close(stream, printed), "xnvme_libconf:\n  entries:\n  - '"));
	free(text_at);
}

static void
version_of_the_library(void **state)
{
	char version[64];

	(void)state;
	snprintf(version, sizeof(version), "ver: {major: %d, minor: %d, patch: %d}\n",
		 xnvme_ver_major(), xnvme_ver_minor(), xnvme_ver_patch());
	PRINTS(version, xnvme_ver_fpr(stream, XNVME_PR_DEF));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(device),
		cmocka_unit_test(no_device_is_null),
		cmocka_unit_test(every_write_may_fail),
		cmocka_unit_test(library),
		cmocka_unit_test(version_of_the_library),
	};

	return cmocka_run_group_tests(tests, open_ramdisk, close_ramdisk);
}
