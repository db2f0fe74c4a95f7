/* SPDX-License-Identifier: BSD-3-Clause */
/* The NVM command set: written data are read back, and invalid commands are refused */
#include <ssd/rig_test.h>

#define NLBA (16u << 20 >> 9)

static void
written_blocks_are_read(void **state)
{
	struct rig *rig = rig_new(NULL);

	(void)state;
	assert_ok(rig_read(rig, 5, 3));
	assert_bytes(rig->buf, 0, 3 * 512);
	assert_int_equal(rig->buf[3 * 512], 0xEE);
	assert_ok(rig_write(rig, 6, 1, 0x61));
	assert_ok(rig_read(rig, 5, 3));
	assert_bytes(rig->buf, 0, 512);
	assert_bytes(rig->buf + 512, 0x61, 512);
	assert_bytes(rig->buf + 1024, 0, 512);
	assert_ok(rig_write(rig, NLBA - 1, 1, 0x62));
	assert_ok(rig_read(rig, NLBA - 1, 1));
	assert_bytes(rig->buf, 0x62, 512);
	rig_free(rig);
}

static void
ranges_outside_are_refused(void **state)
{
	static const struct {
		uint64_t lba;
		uint32_t nlb;
	} bad[] = {{NLBA, 1},	    {NLBA - 1, 2},	 {UINT64_MAX, 1},
		   {UINT64_MAX, 2}, {UINT64_MAX - 7, 8}, {NLBA + 1, 1},
		   {1ULL << 63, 1}, {1ULL << 55, 1},	 {NLBA - 7, 8}};
	static const uint8_t opcodes[] = {0x01, 0x02, 0x04, 0x05, 0x08, 0x0C};
	struct rig *rig = rig_new(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i) {
		for (size_t j = 0; j < sizeof(opcodes); ++j) {
			assert_int_equal(rig_blocks(rig, opcodes[j], 1, bad[i].lba, bad[i].nlb, 0),
					 STATUS(LBA_OUT_OF_RANGE) | STATUS_DNR);
		}
	}
	rig_free(rig);
}

static void
more_than_mdts_is_refused(void **state)
{
	struct rig *rig = rig_new(NULL);

	(void)state;
	assert_ok(rig_blocks(rig, 0x02, 1, 0, 1024, 0)); /* 512 KiB = 2^7 pages */
	assert_status(rig_blocks(rig, 0x02, 1, 0, 1025, 0), STATUS(INVALID_FIELD));
	assert_status(rig_blocks(rig, 0x01, 1, 0, 1025, 0), STATUS(INVALID_FIELD));
	assert_status(rig_blocks(rig, 0x05, 1, 0, 65536 / 4, 0), STATUS(INVALID_FIELD));
	rig_free(rig);
}

static void
short_host_memory_is_refused(void **state)
{
	struct rig *rig = rig_new(NULL);

	(void)state;
	rig->dma.nbytes = 4095;
	assert_status(rig_blocks(rig, 0x02, 1, 0, 8, 0), STATUS(DATA_SGL_LENGTH_INVALID));
	assert_status(rig_blocks(rig, 0x01, 1, 0, 8, 0), STATUS(DATA_SGL_LENGTH_INVALID));
	assert_ok(rig_blocks(rig, 0x02, 1, 0, 7, 0));
	rig_free(rig);
}

static uint64_t prepared; /* length of the last prepare call */

static uint16_t
prepare(struct ssd_dma *dma, uint64_t nbytes, uint64_t meta_nbytes, bool to_host)
{
	(void)meta_nbytes;
	(void)to_host;
	prepared = nbytes;
	dma->flat = dma->start;
	return 0;
}

static void
expect_prepared(struct rig *rig, uint8_t opcode, uint64_t lba, uint32_t nlb, uint16_t status,
		uint64_t nbytes)
{
	prepared = 0;
	rig->dma.flat = NULL;
	assert_status(rig_blocks(rig, opcode, 1, lba, nlb, 0), status);
	assert_int_equal(prepared, nbytes);
}

/* The known start of the data suffices for a Read or Write that ends there, and for no other
 * command */
static void
data_within_their_known_start_are_not_prepared(void **state)
{
	struct rig *rig = rig_new(NULL);

	(void)state;
	assert_ok(rig_write(rig, 0, 64, 0xA5));
	rig->dma.prepare = prepare;
	rig->dma.start_nbytes = 1024;
	memset(rig->buf, 0, 4096);
	expect_prepared(rig, 0x02, 3, 2, STATUS(SUCCESS), 0);
	assert_int_equal(rig->buf[1023], 0xA5);
	assert_int_equal(rig->buf[1024], 0);
	memset(rig->buf, 0x5A, 1024);
	expect_prepared(rig, 0x01, 3, 2, STATUS(SUCCESS), 0);
	expect_prepared(rig, 0x05, 3, 2, STATUS(SUCCESS), 1024); /* Compare */
	expect_prepared(rig, 0x02, 3, 3, STATUS(SUCCESS), 1536);
	assert_int_equal(rig->buf[1023], 0x5A);
	assert_int_equal(rig->buf[1024], 0xA5);
	expect_prepared(rig, 0x01, 3, 3, STATUS(SUCCESS), 1536);
	expect_prepared(rig, 0x02, UINT64_MAX, 1, STATUS(LBA_OUT_OF_RANGE), 0);
	expect_prepared(rig, 0x01, UINT64_MAX, 1, STATUS(LBA_OUT_OF_RANGE), 0);
	rig->dma.start_nbytes = 0;
	expect_prepared(rig, 0x02, 3, 1, STATUS(SUCCESS), 512);
	expect_prepared(rig, 0x01, 3, 1, STATUS(SUCCESS), 512);
	rig_free(rig);
}

static void
namespaces_that_are_not_there(void **state)
{
	static const uint32_t invalid[] = {0, 33, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF};
	struct rig *rig = rig_new(NULL);

	(void)state;
	for (size_t i = 0; i < 5; ++i) {
		assert_status(rig_blocks(rig, 0x02, invalid[i], 0, 1, 0),
			      STATUS(INVALID_NS_OR_FORMAT));
		assert_status(rig_blocks(rig, 0x01, invalid[i], 0, 1, 0),
			      STATUS(INVALID_NS_OR_FORMAT));
	}
	assert_status(rig_blocks(rig, 0x02, 2, 0, 1, 0), STATUS(INVALID_FIELD));
	assert_status(rig_blocks(rig, 0x00, 2, 0, 1, 0), STATUS(INVALID_FIELD));
	assert_ok(rig_blocks(rig, 0x00, 0xFFFFFFFF, 0, 1, 0));
	assert_ok(rig_blocks(rig, 0x00, 1, 0, 1, 0));
	rig_free(rig);
}

static void
unknown_opcodes_are_invalid_opcodes(void **state)
{
	static const uint8_t known[] = {0x00, 0x01, 0x02, 0x04, 0x05, 0x08, 0x09, 0x0C, 0x19};
	struct rig *rig = rig_new(NULL);

	(void)state;
	for (uint32_t opcode = 0; opcode < 256; ++opcode) {
		if (!memchr(known, (int)opcode, sizeof(known))) {
			assert_int_equal(rig_blocks(rig, (uint8_t)opcode, 1, 0, 1, 0),
					 STATUS(INVALID_OPCODE) | STATUS_DNR);
		}
	}
	rig_free(rig);
}

static void
compare_tells_the_difference(void **state)
{
	struct rig *rig = rig_new(NULL);

	(void)state;
	assert_ok(rig_write(rig, 0, 8, 7));
	assert_ok(rig_blocks(rig, 0x05, 1, 0, 8, 0));
	rig->buf[4095] ^= 1;
	assert_status(rig_blocks(rig, 0x05, 1, 0, 8, 0), STATUS(COMPARE_FAILURE));
	assert_ok(rig_blocks(rig, 0x05, 1, 0, 7, 0));
	rig_free(rig);
}

static void
write_zeroes_zeroes(void **state)
{
	struct rig *rig = rig_new(NULL);

	(void)state;
	for (uint32_t deac = 0; deac < 2; ++deac) {
		assert_ok(rig_write(rig, 0, 8, 7));
		assert_ok(rig_blocks(rig, 0x08, 1, 2, 4, deac << 25));
		assert_ok(rig_read(rig, 0, 8));
		assert_bytes(rig->buf, 7, 1024);
		assert_bytes(rig->buf + 1024, 0, 2048);
		assert_bytes(rig->buf + 3072, 7, 1024);
	}
	rig_free(rig);
}

static void
uncorrectable_until_written(void **state)
{
	struct rig *rig = rig_new(NULL);

	(void)state;
	assert_ok(rig_write(rig, 0, 8, 7));
	assert_ok(rig_blocks(rig, 0x04, 1, 3, 2, 0));
	assert_status(rig_read(rig, 0, 8), STATUS(UNRECOVERED_READ_ERROR));
	assert_ok(rig_read(rig, 0, 3));
	assert_ok(rig_read(rig, 5, 3));
	assert_status(rig_blocks(rig, 0x05, 1, 4, 1, 0), STATUS(UNRECOVERED_READ_ERROR));
	assert_status(rig_blocks(rig, 0x0C, 1, 4, 1, 0), STATUS(UNRECOVERED_READ_ERROR));
	assert_ok(rig_write(rig, 3, 1, 8));
	assert_status(rig_read(rig, 0, 8), STATUS(UNRECOVERED_READ_ERROR));
	assert_ok(rig_blocks(rig, 0x08, 1, 4, 1, 0));
	assert_ok(rig_read(rig, 0, 8));
	assert_bytes(rig->buf + 3 * 512, 8, 512);
	assert_bytes(rig->buf + 4 * 512, 0, 512);
	rig_free(rig);
}

static uint16_t
dsm(struct rig *rig, uint32_t count, const struct xnvme_spec_dsm_range *ranges)
{
	struct xnvme_spec_cmd cmd = {0};

	memcpy(rig->buf, ranges, count * sizeof(*ranges));
	cmd.common.opcode = 0x09;
	cmd.common.nsid = 1;
	cmd.dsm.nr = (count - 1) & 0xFF;
	cmd.dsm.ad = 1;
	return rig_io(rig, &cmd);
}

static void
trim_deallocates(void **state)
{
	struct xnvme_spec_dsm_range ranges[3] = {
	    {.slba = 1, .llb = 2}, {.slba = 4, .llb = 0}, {.slba = 6, .llb = 1}};
	struct rig *rig = rig_new(NULL);

	(void)state;
	assert_ok(rig_write(rig, 0, 8, 7));
	assert_ok(dsm(rig, 3, ranges));
	assert_ok(rig_read(rig, 0, 8));
	for (uint32_t i = 0; i < 8; ++i) {
		assert_bytes(rig->buf + i * 512, i == 1 || i == 2 || i == 6 ? 0 : 7, 512);
	}
	/* with one bad range nothing is changed */
	ranges[2].slba = NLBA;
	assert_status(dsm(rig, 3, ranges), STATUS(LBA_OUT_OF_RANGE));
	ranges[2] = (struct xnvme_spec_dsm_range){.slba = UINT64_MAX, .llb = UINT32_MAX};
	assert_status(dsm(rig, 3, ranges), STATUS(LBA_OUT_OF_RANGE));
	/* reading deallocated blocks is an error if enabled: DULBE */
	assert_ok(rig_set_feature(rig, 1, XNVME_SPEC_FEAT_ERROR_RECOVERY, 0x10000, false));
	assert_status(rig_read(rig, 0, 8), STATUS(DEALLOCATED_OR_UNWRITTEN));
	assert_ok(rig_read(rig, 3, 3));
	rig_free(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(written_blocks_are_read),
	    cmocka_unit_test(ranges_outside_are_refused),
	    cmocka_unit_test(more_than_mdts_is_refused),
	    cmocka_unit_test(short_host_memory_is_refused),
	    cmocka_unit_test(data_within_their_known_start_are_not_prepared),
	    cmocka_unit_test(namespaces_that_are_not_there),
	    cmocka_unit_test(unknown_opcodes_are_invalid_opcodes),
	    cmocka_unit_test(compare_tells_the_difference),
	    cmocka_unit_test(write_zeroes_zeroes),
	    cmocka_unit_test(uncorrectable_until_written),
	    cmocka_unit_test(trim_deallocates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
