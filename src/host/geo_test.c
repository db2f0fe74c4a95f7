/* SPDX-License-Identifier: BSD-3-Clause */
#include <host/dev.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct xnvme_spec_idfy_ctrlr ctrlr;
static struct xnvme_spec_idfy_ns ns;
static struct xnvme_spec_znd_idfy_ns zns;
static struct xnvme_dev dev;

/* A namespace with 64 LBA formats that uses number 37; the others have other sizes */
static int
setup(void **state)
{
	(void)state;
	memset(&ctrlr, 0, sizeof(ctrlr));
	memset(&ns, 0, sizeof(ns));
	memset(&zns, 0, sizeof(zns));
	memset(&dev, 0, sizeof(dev));
	for (size_t i = 0; i < 64; ++i) {
		ns.lbaf[i].ds = 9;
		zns.lbafe[i].zsze = 64;
	}
	ns.nlbaf = 63;
	ns.flbas.format = 37 & 0xF;
	ns.flbas.format_msb = 37 >> 4;
	ns.lbaf[37].ds = 12;
	ns.lbaf[37].ms = 8;
	ns.nsze = 4096;
	zns.lbafe[37].zsze = 1024;
	dev.ctrlr = &ctrlr;
	dev.ns = &ns;
	dev.ns_css = (struct xnvme_spec_idfy_ns *)&zns;
	dev.ident.csi = XNVME_SPEC_CSI_NVM;
	return 0;
}

/* X20: xNVMe 0.7.5 uses four of the six bits of the LBA format */
static void
x20_a_format_beyond_the_sixteenth(void **state)
{
	(void)state;
	assert_int_equal(dev_derive(&dev), 0);
	assert_int_equal(dev.geo.nbytes, 4096);
	assert_int_equal(dev.geo.nbytes_oob, 8);
	assert_int_equal(dev.geo.nsect, 4096);
	dev.ident.csi = XNVME_SPEC_CSI_ZONED;
	assert_int_equal(dev_derive(&dev), 0);
	assert_int_equal(dev.geo.type, XNVME_GEO_ZONED);
	assert_int_equal(dev.geo.nsect, 1024);
	assert_int_equal(dev.geo.nzone, 4);
}

/* With at most 16 formats the upper bits are reserved: NVM Command Set 1.0, Identify Namespace */
static void
reserved_bits_name_no_format(void **state)
{
	(void)state;
	ns.nlbaf = 15;
	assert_int_equal(dev_derive(&dev), 0);
	assert_int_equal(dev.geo.nbytes, 512);
}

/* X20: in xNVMe 0.7.5, MDTS overflows an int, which is shifted by up to 267 */
static void
x20_any_mdts_is_a_size(void **state)
{
	uint64_t before = 0;

	(void)state;
	for (uint32_t mdts = 1; mdts < 256; ++mdts) {
		ctrlr.mdts = (uint8_t)mdts;
		assert_int_equal(dev_derive(&dev), 0);
		assert_true(dev.geo.mdts_nbytes >= before && dev.geo.mdts_nbytes >= 8192);
		assert_int_equal(dev.geo.mdts_nbytes % 4096, 0);
		before = dev.geo.mdts_nbytes;
	}
	assert_true(before > 1ULL << 31);
}

/* What cannot be: a length computed from it would be beyond the caller's buffer, or wrap */
static void
impossible_blocks_are_refused(void **state)
{
	(void)state;
	ctrlr.mdts = 5; /* 128 KiB */
	ns.lbaf[37].ds = 17;
	assert_int_equal(dev_derive(&dev), 0);
	for (uint32_t ds = 18; ds < 64; ++ds) {
		ns.lbaf[37].ds = (uint8_t)ds;
		assert_int_equal(dev_derive(&dev), -EIO);
	}
	assert_non_null(strstr(xnvme_err_text(), "blocks"));
	ctrlr.mdts = 0;
	dev.mdts_cap_nbytes = 4096;
	ns.lbaf[37].ds = 13;
	assert_int_equal(dev_derive(&dev), -EIO);
	ns.lbaf[37].ds = 12;
	ns.nsze = UINT64_MAX >> 12;
	assert_int_equal(dev_derive(&dev), 0);
	ns.nsze += 1;
	assert_int_equal(dev_derive(&dev), -EIO);
	dev.ident.csi = XNVME_SPEC_CSI_ZONED;
	zns.lbafe[37].zsze = 1;
	ns.nsze = 1ull << 32;
	assert_int_equal(dev_derive(&dev), -EIO);
	ns.nsze -= 1;
	assert_int_equal(dev_derive(&dev), 0);
	assert_int_equal(dev.geo.nzone, UINT32_MAX);
}

/* The fast path is for blocks below plain_nsze, which is 0 unless blocks are all data and of
 * limited size */
static void
only_plain_blocks_take_the_fast_path(void **state)
{
	(void)state;
	assert_int_equal(dev_derive(&dev), 0);
	assert_int_equal(dev.plain_nsze, 0); /* separate metadata */
	ns.flbas.extended = 1;
	assert_int_equal(dev_derive(&dev), 0);
	assert_int_equal(dev.plain_nsze, 0);
	ns.lbaf[37].ms = 0;
	assert_int_equal(dev_derive(&dev), 0);
	assert_int_equal(dev.plain_nsze, 4096);
	assert_int_equal(dev.lba_nbytes, 4096);
	ns.lbaf[37].ds = 14;
	assert_int_equal(dev_derive(&dev), 0);
	assert_int_equal(dev.plain_nsze, 4096);
	ns.lbaf[37].ds = 15;
	assert_int_equal(dev_derive(&dev), 0);
	assert_int_equal(dev.plain_nsze, 0);
	assert_int_equal(dev.nsze, 4096);
	ns.lbaf[37].ds = 12;
	dev.ident.csi = XNVME_SPEC_CSI_KV;
	assert_int_equal(dev_derive(&dev), 0);
	assert_int_equal(dev.plain_nsze, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(x20_a_format_beyond_the_sixteenth, setup),
		cmocka_unit_test_setup(reserved_bits_name_no_format, setup),
		cmocka_unit_test_setup(x20_any_mdts_is_a_size, setup),
		cmocka_unit_test_setup(impossible_blocks_are_refused, setup),
		cmocka_unit_test_setup(only_plain_blocks_take_the_fast_path, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
