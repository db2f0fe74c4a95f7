/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The volatile write cache: a power cut undoes exactly the writes that were not flushed. Checked
 * against a model: for each block, the versions that it may have afterwards.
 */
#include <base/prng.h>
#include <ssd/rig_test.h>

#define FUA (1u << 30)
#define NLBA 256u

static void
with_cache(struct ssd_config *config)
{
	config->cache_nbytes = 1u << 20;
}

static void
with_small_cache(struct ssd_config *config)
{
	config->cache_nbytes = 65536;
	config->power_loss = SSD_POWER_LOSS_RANDOM;
}

static void
with_metadata(struct ssd_config *config)
{
	with_small_cache(config);
	config->ns[0].meta_nbytes = 8;
}

static uint16_t
flush(struct rig *rig)
{
	return rig_blocks(rig, 0, 1, 0, 1, 0);
}

static void
expect(struct rig *rig, uint64_t lba, uint8_t byte)
{
	assert_ok(rig_read(rig, lba, 1));
	assert_bytes(rig->buf, byte, 512);
}

static void
unflushed_writes_are_lost(void **state)
{
	struct rig *rig = rig_new(with_cache);

	(void)state;
	assert_ok(rig_write(rig, 0, 8, 1));
	assert_ok(flush(rig));
	assert_ok(rig_write(rig, 0, 4, 2));
	assert_ok(rig_write(rig, 2, 4, 3));
	expect(rig, 0, 2);
	expect(rig, 3, 3);
	ssd_power_cut(rig->ssd, rig->now);
	for (uint32_t i = 0; i < 8; ++i) {
		expect(rig, i, 1);
	}
	rig_free(rig);
}

static void
force_unit_access_is_kept(void **state)
{
	struct rig *rig = rig_new(with_cache);

	(void)state;
	assert_ok(rig_write(rig, 0, 8, 1));
	memset(rig->buf, 2, 1024);
	assert_ok(rig_blocks(rig, 1, 1, 2, 2, FUA));
	assert_ok(rig_write(rig, 3, 1, 3));
	ssd_power_cut(rig->ssd, rig->now);
	expect(rig, 0, 0);
	expect(rig, 2, 2);
	expect(rig, 3, 2);
	expect(rig, 4, 0);
	rig_free(rig);
}

static void
turned_off_nothing_is_lost(void **state)
{
	struct rig *rig = rig_new(with_cache);

	(void)state;
	assert_ok(rig_get_feature(rig, 0, XNVME_SPEC_FEAT_VWCACHE, 0));
	assert_int_equal(rig->work.result, 1);
	assert_ok(rig_write(rig, 0, 1, 1));
	assert_ok(rig_set_feature(rig, 0, XNVME_SPEC_FEAT_VWCACHE, 0, false));
	assert_ok(rig_write(rig, 1, 1, 2));
	ssd_power_cut(rig->ssd, rig->now);
	expect(rig, 0, 1);
	expect(rig, 1, 2);
	/* and on again, as by default */
	assert_ok(rig_write(rig, 0, 1, 9));
	ssd_power_cut(rig->ssd, rig->now);
	expect(rig, 0, 1);
	rig_free(rig);
}

static void
shutdown_and_reset_lose_nothing(void **state)
{
	struct rig *rig = rig_new(with_cache);

	(void)state;
	assert_ok(rig_write(rig, 0, 1, 1));
	ssd_reset(rig->ssd, rig->now, SSD_EVERYBODY);
	expect(rig, 0, 1);
	ssd_shutdown(rig->ssd, rig->now, false);
	ssd_power_cut(rig->ssd, rig->now);
	expect(rig, 0, 1);
	assert_ok(rig_write(rig, 0, 1, 2));
	ssd_shutdown(rig->ssd, rig->now, true);
	ssd_power_cut(rig->ssd, rig->now);
	expect(rig, 0, 1);
	rig_free(rig);
}

static void
other_changes_are_taken_back_too(void **state)
{
	struct xnvme_spec_dsm_range range = {.slba = 2, .llb = 1};
	struct rig *rig = rig_new(with_cache);
	struct xnvme_spec_cmd cmd = {0};

	(void)state;
	assert_ok(rig_write(rig, 0, 8, 1));
	assert_ok(flush(rig));
	assert_ok(rig_blocks(rig, 8, 1, 0, 1, 0));
	assert_ok(rig_blocks(rig, 4, 1, 1, 1, 0));
	memcpy(rig->buf, &range, sizeof(range));
	cmd.common.opcode = 9;
	cmd.common.nsid = 1;
	cmd.dsm.ad = 1;
	assert_ok(rig_io(rig, &cmd));
	expect(rig, 0, 0);
	assert_status(rig_read(rig, 1, 1), STATUS(UNRECOVERED_READ_ERROR));
	expect(rig, 2, 0);
	ssd_power_cut(rig->ssd, rig->now);
	for (uint32_t i = 0; i < 8; ++i) {
		expect(rig, i, 1);
	}
	rig_free(rig);
}

/* The versions of a block: the durable one, and every later one */
struct versions {
	uint8_t byte[4096];
	uint32_t count;
};

static void
note(struct versions *block, uint8_t byte, bool durable)
{
	if (durable) {
		block->count = 0;
	}
	block->byte[block->count++] = byte;
}

static bool
may_be(const struct versions *block, uint8_t byte)
{
	for (uint32_t i = 0; i < block->count; ++i) {
		if (block->byte[i] == byte) {
			return true;
		}
	}
	return false;
}

static void
cut_and_check(struct rig *rig, struct versions *blocks)
{
	ssd_power_cut(rig->ssd, rig->now);
	for (uint32_t lba = 0; lba < NLBA; ++lba) {
		assert_ok(rig_read(rig, lba, 1));
		assert_bytes(rig->buf, rig->buf[0], 512);
		if (!may_be(&blocks[lba], rig->buf[0])) {
			fail_msg("block %u is %u, which it was never since it was durable", lba,
				 rig->buf[0]);
		}
		note(&blocks[lba], rig->buf[0], true);
	}
}

static void
random_cuts(struct rig *rig, uint64_t seed)
{
	struct versions *blocks = calloc(NLBA, sizeof(*blocks));
	uint64_t random = seed;

	for (uint32_t i = 0; i < NLBA; ++i) {
		note(&blocks[i], 0, true);
	}
	for (uint32_t i = 0; i < 3000; ++i) {
		uint64_t draw = prng_next(&random);
		uint32_t nlb = 1 + (uint32_t)(draw >> 8) % 32;
		uint32_t lba = (uint32_t)(draw >> 16) % (NLBA - nlb + 1);
		bool fua = (draw & 7) == 7;

		if ((draw >> 32) % 100 == 0) {
			cut_and_check(rig, blocks);
		} else if ((draw >> 32) % 50 == 1) {
			assert_ok(flush(rig));
			for (uint32_t j = 0; j < NLBA; ++j) {
				note(&blocks[j], blocks[j].byte[blocks[j].count - 1], true);
			}
		} else {
			memset(rig->buf, (uint8_t)i, nlb * 512);
			memset(rig->meta, (uint8_t)i, nlb * 8);
			assert_ok(rig_blocks(rig, 1, 1, lba, nlb, fua ? FUA : 0));
			for (uint32_t j = 0; j < nlb; ++j) {
				note(&blocks[lba + j], (uint8_t)i, fua);
			}
		}
	}
	cut_and_check(rig, blocks);
	free(blocks);
}

static void
any_cut_leaves_what_was_promised(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 10; ++seed) {
		struct rig *rig = rig_new(seed & 1 ? with_small_cache : with_cache);

		random_cuts(rig, seed);
		rig_free(rig);
		rig = rig_new(with_metadata);
		random_cuts(rig, seed + 100);
		rig_free(rig);
	}
}

static void
dirty_bytes_are_counted(void **state)
{
	struct rig *rig = rig_new(with_cache);
	struct ssd_stats stats;

	(void)state;
	assert_ok(rig_write(rig, 0, 8, 1));
	ssd_stats(rig->ssd, &stats);
	assert_int_equal(stats.cache_dirty_nbytes, 4096);
	for (uint32_t i = 0; i < 1000; ++i) {
		assert_ok(rig_write(rig, (i * 8) % 16384, 8, 1));
	}
	ssd_stats(rig->ssd, &stats);
	assert_true(stats.cache_dirty_nbytes > 900u << 10);
	assert_true(stats.cache_dirty_nbytes <= 1u << 20);
	assert_ok(flush(rig));
	ssd_stats(rig->ssd, &stats);
	assert_int_equal(stats.cache_dirty_nbytes, 0);
	rig_free(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unflushed_writes_are_lost),
		cmocka_unit_test(force_unit_access_is_kept),
		cmocka_unit_test(turned_off_nothing_is_lost),
		cmocka_unit_test(shutdown_and_reset_lose_nothing),
		cmocka_unit_test(other_changes_are_taken_back_too),
		cmocka_unit_test(any_cut_leaves_what_was_promised),
		cmocka_unit_test(dirty_bytes_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
