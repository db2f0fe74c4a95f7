/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Copy in all its formats: from namespaces of the same and of other formats, with protection
 * information copied, generated, inserted and stripped; NVM Command Set 1.2, Copy.
 */
#include <nvme/pi.h>
#include <ssd/rig_test.h>

#define NS_NBYTES (2u << 20)
#define PRACT 8u
#define CHECK_GUARD 4u
#define CHECK_REF 1u

/* 1 and 2: plain. 3 and 4: type 1, 16-bit guard, metadata is the tuple only. 5 and 6: type 1,
 * 64-bit guard, metadata is the tuple only. 7: metadata without protection. 8: keys. All of 4096
 * bytes. */
static void
shaped(struct ssd_config *config)
{
	for (uint32_t i = 0; i < 8; ++i) {
		config->ns[i].nbytes = NS_NBYTES;
		config->ns[i].lba_nbytes = i < 7 ? 4096 : 0;
	}
	for (uint32_t i = 2; i < 6; ++i) {
		config->ns[i].pi_type = 1;
		config->ns[i].meta_nbytes = i < 4 ? 8 : 16;
		config->ns[i].pi_guard_bits = i < 4 ? 16 : 64;
		config->ns[i].meta_extended = i & 1;
	}
	config->ns[6].meta_nbytes = 8;
	config->ns[7].kind = SSD_NS_KV;
	config->cache_nbytes = 1u << 20;
}

static struct pi_format
format_of(uint32_t nsid)
{
	return (struct pi_format){.data_nbytes = 4096,
				  .meta_nbytes = nsid < 5 ? 8 : 16,
				  .type = 1,
				  .guard = nsid < 5 ? XNVME_SPEC_NVM_NS_16B_GUARD
						    : XNVME_SPEC_NVM_NS_64B_GUARD};
}

/* Blocks of a namespace, protection information generated and stripped by the SSD */
static uint16_t
io(struct rig *rig, uint8_t opcode, uint32_t nsid, uint64_t lba, uint32_t nlb)
{
	struct pi_tags tags = {.ref = lba, .app = 0x77, .app_mask = 0xFFFF};
	struct xnvme_spec_cmd cmd = {0};
	struct pi_format pi = format_of(nsid);

	cmd.common.opcode = opcode;
	cmd.common.nsid = nsid;
	cmd.nvm.slba = lba;
	cmd.nvm.nlb = (uint16_t)(nlb - 1);
	if (nsid >= 3 && nsid <= 6) {
		pi_tags_to_cmd(&pi, &tags, &cmd);
		cmd.nvm.prinfo = PRACT | CHECK_GUARD | CHECK_REF;
	}
	return rig_io(rig, &cmd);
}

static void
fill(struct rig *rig, uint32_t nsid, uint64_t lba, uint8_t byte)
{
	memset(rig->buf, byte, 4096);
	assert_ok(io(rig, XNVME_SPEC_NVM_OPC_WRITE, nsid, lba, 1));
}

static void
expect(struct rig *rig, uint32_t nsid, uint64_t lba, uint8_t byte)
{
	assert_ok(io(rig, XNVME_SPEC_NVM_OPC_READ, nsid, lba, 1));
	assert_bytes(rig->buf, byte, 4096);
}

static void
enable(struct rig *rig, uint8_t formats)
{
	memset(rig->buf, 0, 512);
	rig->buf[4] = formats;
	assert_ok(rig_set_feature(rig, 0, XNVME_SPEC_FEAT_HOST_BEHAVIOR, 0, false));
}

struct range {
	uint32_t nsid;
	uint64_t lba;
	uint32_t nlb;
};

static void
put_range(uint8_t *at, uint32_t format, const struct range *range)
{
	uint32_t nlb = range->nlb - 1;

	memset(at, 0, 40);
	memcpy(at, &range->nsid, format >= 2 ? 4 : 0);
	memcpy(at + 8, &range->lba, 8);
	memcpy(at + 16, &nlb, 2);
	if (format & 1) {
		/* the last of 80 bits is the lowest of the tag: at byte 35 */
		for (uint32_t i = 0; i < 6; ++i) {
			at[35 - i] = (uint8_t)(range->lba >> 8 * i);
		}
		at[36] = 0x77;
		at[38] = at[39] = 0xFF;
	} else {
		memcpy(at + 24, &range->lba, 4);
		at[28] = 0x77;
		at[30] = at[31] = 0xFF;
	}
}

static uint16_t
copy(struct rig *rig, uint32_t nsid, uint64_t lba, uint32_t format, uint32_t prinfor,
     uint32_t prinfow, const struct range *ranges, uint32_t count)
{
	struct pi_tags tags = {.ref = lba, .app = 0x77, .app_mask = 0xFFFF};
	struct xnvme_spec_cmd cmd = {0};
	struct pi_format pi = format_of(nsid);

	cmd.common.opcode = XNVME_SPEC_NVM_OPC_SCOPY;
	cmd.common.nsid = nsid;
	if (nsid >= 3 && nsid <= 6) {
		pi_tags_to_cmd(&pi, &tags, &cmd);
	}
	cmd.scopy.sdlba = lba;
	cmd.scopy.df = format & 15u;
	cmd.scopy.nr = (uint8_t)(count - 1);
	cmd.scopy.prinfor = prinfor & 15u;
	cmd.scopy.prinfow = prinfow & 15u;
	for (uint32_t i = 0; i < count; ++i) {
		put_range(rig->buf + i * (format & 1 ? 40 : 32), format, &ranges[i]);
	}
	return rig_io(rig, &cmd);
}

static void
formats_must_be_enabled(void **state)
{
	static const struct range one[] = {{1, 0, 1}};
	struct rig *rig = rig_new(shaped);

	(void)state;
	fill(rig, 1, 0, 0x11);
	assert_ok(copy(rig, 1, 8, 0, 0, 0, one, 1));
	assert_ok(copy(rig, 1, 8, 1, 0, 0, one, 1));
	for (uint32_t format = 2; format < 16; ++format) {
		assert_status(copy(rig, 2, 8, format, 0, 0, one, 1), STATUS(INVALID_FIELD));
	}
	enable(rig, 1u << 2);
	assert_ok(copy(rig, 2, 8, 2, 0, 0, one, 1));
	assert_status(copy(rig, 2, 8, 3, 0, 0, one, 1), STATUS(INVALID_FIELD));
	enable(rig, 1u << 3);
	assert_status(copy(rig, 2, 8, 2, 0, 0, one, 1), STATUS(INVALID_FIELD));
	assert_ok(copy(rig, 2, 9, 3, 0, 0, one, 1));
	expect(rig, 1, 8, 0x11);
	expect(rig, 2, 8, 0x11);
	expect(rig, 2, 9, 0x11);
	/* a reset disables it */
	ssd_reset(rig->ssd, rig->now, SSD_EVERYBODY);
	assert_status(copy(rig, 2, 9, 3, 0, 0, one, 1), STATUS(INVALID_FIELD));
	rig_free(rig);
}

static void
namespaces_must_be_there_and_fit(void **state)
{
	struct rig *rig = rig_new(shaped);
	struct range range = {1, 0, 1};
	static const struct {
		uint32_t nsid;
		uint16_t status;
	} bad[] = {{0, STATUS(INVALID_NS_OR_FORMAT)},	   {33, STATUS(INVALID_NS_OR_FORMAT)},
		   {UINT32_MAX, STATUS(INVALID_NS_OR_FORMAT)}, {20, STATUS(INVALID_FIELD)},
		   {8, STATUS(INVALID_NS_OR_FORMAT)},	   {7, STATUS(INCOMPATIBLE_NS)},
		   {3, STATUS(INCOMPATIBLE_NS)}};

	(void)state;
	enable(rig, 3u << 2);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i) {
		range.nsid = bad[i].nsid;
		assert_status(copy(rig, 2, 0, 2, 0, 0, &range, 1), bad[i].status);
	}
	/* a guard needs descriptors of its size */
	range.nsid = 3;
	assert_status(copy(rig, 4, 0, 3, 0, 0, &range, 1), STATUS(INVALID_NS_OR_FORMAT));
	range.nsid = 5;
	assert_status(copy(rig, 6, 0, 2, 0, 0, &range, 1), STATUS(INVALID_NS_OR_FORMAT));
	range.nsid = 3;
	assert_status(copy(rig, 6, 0, 3, 0, 0, &range, 1), STATUS(INCOMPATIBLE_NS));
	rig_free(rig);
}

static void
ranges_that_name_their_namespace_must_not_overlap(void **state)
{
	struct range ranges[] = {{2, 0, 4}, {1, 10, 4}};
	struct rig *rig = rig_new(shaped);

	(void)state;
	enable(rig, 3u << 2);
	assert_ok(copy(rig, 1, 14, 2, 0, 0, ranges, 2));
	assert_status(copy(rig, 1, 13, 2, 0, 0, ranges, 2), STATUS(OVERLAPPING_IO_RANGE));
	assert_status(copy(rig, 1, 3, 2, 0, 0, ranges, 2), STATUS(OVERLAPPING_IO_RANGE));
	assert_int_equal(rig->work.result, 0);
	assert_ok(copy(rig, 1, 2, 2, 0, 0, ranges, 2));
	ranges[0].nsid = 1;
	assert_ok(copy(rig, 1, 3, 0, 0, 0, ranges, 2));
	rig_free(rig);
}

static void
protection_is_passed_on_or_made_anew(void **state)
{
	struct rig *rig = rig_new(shaped);

	(void)state;
	enable(rig, 3u << 2);
	for (uint32_t nsid = 3; nsid <= 5; nsid += 2) {
		struct range range = {nsid, 4, 1};
		uint32_t format = nsid == 3 ? 2 : 3;

		fill(rig, nsid, 4, 0x40);
		/* copied as is: valid at the same LBA, with a wrong reference tag elsewhere */
		assert_ok(copy(rig, nsid + 1, 4, format, CHECK_GUARD | CHECK_REF,
			       CHECK_GUARD | CHECK_REF, &range, 1));
		expect(rig, nsid + 1, 4, 0x40);
		assert_status(copy(rig, nsid + 1, 5, format, CHECK_GUARD | CHECK_REF,
				   CHECK_GUARD | CHECK_REF, &range, 1),
			      STATUS(REFTAG_CHECK_ERROR));
		assert_int_equal(rig->work.result, 0);
		/* generated again: valid everywhere */
		assert_ok(copy(rig, nsid + 1, 5, format, PRACT | CHECK_GUARD | CHECK_REF, PRACT,
			       &range, 1));
		expect(rig, nsid + 1, 5, 0x40);
		assert_status(copy(rig, nsid + 1, 5, format, PRACT, 0, &range, 1),
			      STATUS(INVALID_FIELD));
		assert_status(copy(rig, nsid + 1, 5, format, 0, PRACT, &range, 1),
			      STATUS(INVALID_FIELD));
		/* within a namespace, in the formats without an NSID */
		assert_ok(copy(rig, nsid, 9, format - 2, PRACT | CHECK_REF, PRACT, &range, 1));
		expect(rig, nsid, 9, 0x40);
	}
	rig_free(rig);
}

static void
protection_is_inserted_and_stripped(void **state)
{
	struct range plain[] = {{1, 4, 1}, {2, 5, 1}, {3, 6, 1}};
	struct range guarded = {3, 4, 1}, wide = {5, 4, 1};
	struct rig *rig = rig_new(shaped);

	(void)state;
	enable(rig, 3u << 2);
	fill(rig, 1, 4, 0x41);
	fill(rig, 2, 5, 0x42);
	assert_ok(copy(rig, 3, 4, 2, 0, PRACT, plain, 2));
	expect(rig, 3, 4, 0x41);
	expect(rig, 3, 5, 0x42);
	assert_ok(copy(rig, 5, 4, 3, 0, PRACT, plain, 2));
	expect(rig, 5, 5, 0x42);
	assert_status(copy(rig, 3, 4, 2, 0, 0, plain, 2), STATUS(INCOMPATIBLE_NS));
	/* all sources alike */
	assert_status(copy(rig, 3, 4, 2, PRACT, PRACT, plain, 3), STATUS(INCOMPATIBLE_NS));
	/* stripped, checked before */
	assert_ok(copy(rig, 1, 20, 2, PRACT | CHECK_GUARD | CHECK_REF, 0, &guarded, 1));
	expect(rig, 1, 20, 0x41);
	assert_ok(copy(rig, 1, 21, 3, PRACT | CHECK_GUARD | CHECK_REF, 0, &wide, 1));
	expect(rig, 1, 21, 0x41);
	assert_status(copy(rig, 1, 20, 2, 0, 0, &guarded, 1), STATUS(INCOMPATIBLE_NS));
	assert_status(copy(rig, 1, 20, 2, PRACT, 0, &wide, 1), STATUS(INCOMPATIBLE_NS));
	rig_free(rig);
}

static void
bad_and_unwritten_sources_are_errors(void **state)
{
	struct range range = {1, 4, 2};
	struct rig *rig = rig_new(shaped);

	(void)state;
	fill(rig, 1, 4, 0x41);
	fill(rig, 1, 30, 0x55);
	assert_ok(rig_blocks(rig, XNVME_SPEC_NVM_OPC_WRITE_UNCORRECTABLE, 1, 5, 1, 0));
	assert_status(copy(rig, 1, 30, 0, 0, 0, &range, 1), STATUS(UNRECOVERED_READ_ERROR));
	expect(rig, 1, 30, 0x55);
	range.nlb = 1;
	assert_ok(copy(rig, 1, 5, 0, 0, 0, &range, 1)); /* the source is readable */
	expect(rig, 1, 5, 0x41);
	assert_ok(rig_set_feature(rig, 1, XNVME_SPEC_FEAT_ERROR_RECOVERY, 0x10000, false));
	range.lba = 100;
	assert_status(copy(rig, 1, 5, 0, 0, 0, &range, 1), STATUS(DEALLOCATED_OR_UNWRITTEN));
	rig_free(rig);
}

/* A Copy is one write: a power cut undoes all of its ranges, and FUA keeps all of them */
static void
power_takes_all_of_it_or_nothing(void **state)
{
	struct range ranges[] = {{1, 4, 1}, {1, 5, 1}, {1, 6, 1}};
	struct rig *rig = rig_new(shaped);
	struct ssd_stats before, after;

	(void)state;
	for (uint32_t i = 4; i < 7; ++i) {
		fill(rig, 1, i, (uint8_t)i);
	}
	assert_ok(rig_blocks(rig, 0, 1, 0, 1, 0));
	ssd_stats(rig->ssd, &before);
	assert_ok(copy(rig, 1, 40, 0, 0, 0, ranges, 3));
	ssd_stats(rig->ssd, &after);
	assert_int_equal(after.write_cmds, before.write_cmds + 1);
	assert_int_equal(after.write_sectors, before.write_sectors + 24);
	expect(rig, 1, 42, 6);
	ssd_power_cut(rig->ssd, rig->now);
	for (uint32_t i = 40; i < 43; ++i) {
		expect(rig, 1, i, 0);
	}
	expect(rig, 1, 6, 6);
	rig_free(rig);
}

static void
host_memory_that_fails_or_is_short(void **state)
{
	struct range ranges[128];
	struct rig *rig = rig_new(shaped);

	(void)state;
	for (uint32_t i = 0; i < 128; ++i) {
		ranges[i] = (struct range){1, i, 1};
	}
	assert_ok(copy(rig, 1, 200, 0, 0, 0, ranges, 128));
	assert_int_equal(rig->work.result, 128);
	assert_ok(copy(rig, 1, 200, 1, 0, 0, ranges, 128));
	rig->dma.nbytes = 128 * 32 - 1;
	assert_status(copy(rig, 1, 200, 0, 0, 0, ranges, 128), STATUS(DATA_SGL_LENGTH_INVALID));
	rig->dma.nbytes = 128 * 32;
	assert_status(copy(rig, 1, 200, 1, 0, 0, ranges, 128), STATUS(DATA_SGL_LENGTH_INVALID));
	assert_status(copy(rig, 1, 512 - 127, 0, 0, 0, ranges, 128), STATUS(LBA_OUT_OF_RANGE));
	rig_free(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_must_be_enabled),
		cmocka_unit_test(namespaces_must_be_there_and_fit),
		cmocka_unit_test(ranges_that_name_their_namespace_must_not_overlap),
		cmocka_unit_test(protection_is_passed_on_or_made_anew),
		cmocka_unit_test(protection_is_inserted_and_stripped),
		cmocka_unit_test(bad_and_unwritten_sources_are_errors),
		cmocka_unit_test(power_takes_all_of_it_or_nothing),
		cmocka_unit_test(host_memory_that_fails_or_is_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
