/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Protection information: tuples byte by byte as in the standard's figures, every format, every
 * size of storage tag, every error.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#include <base/prng.h>
#include <nvme/crc.h>
#include <nvme/pi.h>
#include <nvme/status.h>

#define ALL (PI_CHECK_GUARD | PI_CHECK_APP | PI_CHECK_REF | PI_CHECK_STORAGE)

static void
tuple_16b(void **state)
{
	struct pi_format f = {.data_nbytes = 512, .meta_nbytes = 8, .guard = 0, .type = 1};
	struct pi_tags tags = {.ref = 0x12345678, .app = 0xbeef, .app_mask = 0xffff};
	static uint8_t data[512];
	uint8_t meta[8];

	(void)state;
	memset(data, 0xff, sizeof(data));
	pi_generate(&f, &tags, data, meta);
	assert_memory_equal(meta + 2, ((uint8_t[]){0xbe, 0xef, 0x12, 0x34, 0x56, 0x78}), 6);
	assert_int_equal(meta[0] << 8 | meta[1], crc16_t10dif(0, data, 512));
}

static void
tuple_32b(void **state)
{
	struct pi_format f = {
		.data_nbytes = 4096, .meta_nbytes = 16, .guard = 1, .type = 1, .storage_nbits = 32};
	struct pi_tags tags = {.ref = 0x665544332211, .storage = 0xaabbccdd, .app = 0x0102};
	static uint8_t data[4096];
	uint8_t meta[16];
	const uint8_t want[] = {0x98, 0xf9, 0x41, 0x89, 0x01, 0x02, 0xaa, 0xbb,
				0xcc, 0xdd, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11};

	(void)state;
	/* CRC-32C of 4096 zeroes, NVM Command Set 1.0, End-to-end Data Protection */
	pi_generate(&f, &tags, data, meta);
	assert_memory_equal(meta, want, sizeof(want));
}

static void
tuple_64b(void **state)
{
	struct pi_format f = {
		.data_nbytes = 4096, .meta_nbytes = 16, .guard = 2, .type = 1, .storage_nbits = 16};
	struct pi_tags tags = {.ref = 0x44332211, .storage = 0xaabb, .app = 0x0102};
	static uint8_t data[4096];
	uint8_t meta[16];
	const uint8_t want[] = {0x64, 0x82, 0xd3, 0x67, 0xeb, 0x22, 0xb6, 0x4e,
				0x01, 0x02, 0xaa, 0xbb, 0x44, 0x33, 0x22, 0x11};

	(void)state;
	pi_generate(&f, &tags, data, meta);
	assert_memory_equal(meta, want, sizeof(want));
}

static void
guard_covers_metadata_before_the_tuple_only(void **state)
{
	struct pi_format f = {.data_nbytes = 512, .meta_nbytes = 16, .guard = 0, .type = 1};
	struct pi_tags tags = {.app_mask = 0xffff};
	uint8_t data[512] = {1}, meta[16] = {2};

	(void)state;
	pi_generate(&f, &tags, data, meta);
	assert_int_equal(meta[0], 2);
	assert_int_equal(pi_verify(&f, &tags, ALL, data, meta), STATUS(SUCCESS));
	meta[7] ^= 1;
	assert_int_equal(pi_verify(&f, &tags, ALL, data, meta), STATUS(GUARD_CHECK_ERROR));

	f.first = true;
	pi_generate(&f, &tags, data, meta);
	meta[8] ^= 1;
	assert_int_equal(pi_verify(&f, &tags, ALL, data, meta), STATUS(SUCCESS));
	data[511] ^= 1;
	assert_int_equal(pi_verify(&f, &tags, ALL, data, meta), STATUS(GUARD_CHECK_ERROR));
}

/* Corrupts one field at a time: only its own check detects it */
static void
spoil_each(const struct pi_format *f, struct pi_tags tags, const uint8_t *data, uint8_t *meta)
{
	struct pi_tags bad = tags;

	bad.app ^= 0x10;
	assert_int_equal(pi_verify(f, &bad, ALL, data, meta), STATUS(APPTAG_CHECK_ERROR));
	assert_int_equal(pi_verify(f, &bad, ALL & ~PI_CHECK_APP, data, meta), STATUS(SUCCESS));
	bad.app_mask = 0xff0f;
	assert_int_equal(pi_verify(f, &bad, ALL, data, meta), STATUS(SUCCESS));
	if (pi_ref_nbits(f) > 0) {
		bad = tags;
		bad.ref ^= UINT64_C(1) << (pi_ref_nbits(f) - 1);
		assert_int_equal(pi_verify(f, &bad, ALL, data, meta), STATUS(REFTAG_CHECK_ERROR));
		assert_int_equal(pi_verify(f, &bad, ALL & ~PI_CHECK_REF, data, meta), 0);
	}
	if (f->storage_nbits > 0) {
		bad = tags;
		bad.storage ^= UINT64_C(1) << (f->storage_nbits - 1);
		assert_int_equal(pi_verify(f, &bad, ALL, data, meta),
				 STATUS(STORAGE_TAG_CHECK_ERROR));
		bad.storage_mask = ~(UINT64_C(1) << (f->storage_nbits - 1));
		assert_int_equal(pi_verify(f, &bad, ALL, data, meta), STATUS(SUCCESS));
	}
}

static void
round_trip(const struct pi_format *f, uint64_t *seed)
{
	struct xnvme_spec_cmd cmd;
	struct pi_tags tags, seen;
	uint8_t data[512], meta[24];
	uint64_t guard;

	for (size_t i = 0; i < sizeof(data); ++i) {
		data[i] = (uint8_t)prng_next(seed);
	}
	memset(&cmd, 0, sizeof(cmd));
	cmd.cdw[2] = (uint32_t)prng_next(seed) & 0xffff;
	cmd.cdw[3] = (uint32_t)prng_next(seed);
	cmd.cdw[14] = (uint32_t)prng_next(seed);
	cmd.cdw[15] = 0xffff0000U | (prng_next(seed) & 0x7fff);
	pi_tags_from_cmd(f, &cmd, &tags);

	pi_generate(f, &tags, data, meta);
	pi_parse(f, meta, &guard, &seen);
	assert_true(seen.ref == tags.ref && seen.storage == tags.storage && seen.app == tags.app);
	assert_true(guard == pi_guard(f, data, meta));
	assert_int_equal(pi_verify(f, &tags, ALL, data, meta), STATUS(SUCCESS));
	spoil_each(f, tags, data, meta);

	struct xnvme_spec_cmd again = cmd;
	uint32_t nbits = pi_space_nbits(f->guard);

	pi_tags_to_cmd(f, &tags, &again);
	assert_memory_equal(&again, &cmd, sizeof(cmd));
	memset(&again, 0, sizeof(again));
	pi_tags_to_cmd(f, &tags, &again);
	assert_int_equal(again.cdw[14], cmd.cdw[14]);
	assert_int_equal(again.cdw[3], nbits == 32 ? 0
				       : nbits == 48 ? cmd.cdw[3] & 0xffff : cmd.cdw[3]);
	assert_int_equal(again.cdw[2], nbits == 80 ? cmd.cdw[2] : 0);
}

static void
every_format_and_storage_tag_size(void **state)
{
	uint64_t seed = 42;
	uint32_t tried = 0;

	(void)state;
	for (uint8_t guard = 0; guard < 3; ++guard) {
		for (uint8_t nbits = 0; nbits <= 80; ++nbits) {
			for (uint8_t type = 1; type <= 3; ++type) {
				struct pi_format f = {.data_nbytes = 512,
						      .meta_nbytes = nbits & 1 ? 16 : 24,
						      .guard = guard,
						      .type = type,
						      .storage_nbits = nbits,
						      .first = nbits & 2};

				if (pi_format_valid(&f)) {
					round_trip(&f, &seed);
					tried += 1;
				}
			}
		}
	}
	assert_int_equal(tried, 3 * (33 + 49 + 49)); /* 0 to 32, 16 to 64, 0 to 48 bits */
}

static void
reference_tags_count_and_wrap(void **state)
{
	struct pi_format f = {
		.data_nbytes = 512, .meta_nbytes = 16, .guard = 2, .type = 1, .storage_nbits = 8};
	struct pi_tags tags = {.ref = (UINT64_C(1) << 40) - 1};

	(void)state;
	pi_tags_next(&f, &tags);
	assert_true(tags.ref == 0);
	tags.ref = 0xffffffff;
	pi_tags_next(&f, &tags);
	assert_true(tags.ref == 0x100000000);
	f.type = 3;
	pi_tags_next(&f, &tags);
	assert_true(tags.ref == 0x100000000);
}

static void
escapes(void **state)
{
	struct pi_format f = {.data_nbytes = 512, .meta_nbytes = 8, .guard = 0, .type = 1};
	struct pi_tags expected = {.ref = 1, .app = 2, .app_mask = 0xffff};
	struct pi_tags written = {.ref = 99, .app = 0xffff};
	uint8_t data[512] = {0}, meta[8];

	(void)state;
	pi_generate(&f, &written, data, meta);
	data[0] = 1;
	assert_int_equal(pi_verify(&f, &expected, ALL, data, meta), STATUS(SUCCESS));
	f.type = 3;
	assert_int_equal(pi_verify(&f, &expected, ALL, data, meta), STATUS(GUARD_CHECK_ERROR));
	memset(meta + 4, 0xff, 4);
	assert_int_equal(pi_verify(&f, &expected, ALL, data, meta), STATUS(SUCCESS));
	meta[3] = 0xfe;
	assert_int_equal(pi_verify(&f, &expected, ALL, data, meta), STATUS(GUARD_CHECK_ERROR));
}

static void
formats_that_are_refused(void **state)
{
	const struct pi_format good = {
		.data_nbytes = 512, .meta_nbytes = 16, .guard = 1, .type = 1, .storage_nbits = 16};
	struct pi_format f = good;

	(void)state;
	assert_true(pi_format_valid(&f));
	f.guard = 3;
	assert_false(pi_format_valid(&f));
	assert_int_equal(pi_tuple_nbytes(3), 0);
	assert_int_equal(pi_space_nbits(3), 0);
	f = good;
	f.meta_nbytes = 8;
	assert_false(pi_format_valid(&f));
	f = good;
	f.type = 0;
	assert_false(pi_format_valid(&f));
	f.type = 4;
	assert_false(pi_format_valid(&f));
	f = good;
	f.storage_nbits = 15;
	assert_false(pi_format_valid(&f));
	f = good;
	f.data_nbytes = 0;
	assert_false(pi_format_valid(&f));
}

static void
what_moves_when_the_ssd_inserts_and_strips(void **state)
{
	struct pi_format f = {.data_nbytes = 512, .meta_nbytes = 8, .guard = 0, .type = 1};

	(void)state;
	assert_int_equal(pi_moved_meta_nbytes(&f, true), 0);
	assert_int_equal(pi_moved_meta_nbytes(&f, false), 8);
	f.meta_nbytes = 64;
	assert_int_equal(pi_moved_meta_nbytes(&f, true), 64);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tuple_16b),
		cmocka_unit_test(tuple_32b),
		cmocka_unit_test(tuple_64b),
		cmocka_unit_test(guard_covers_metadata_before_the_tuple_only),
		cmocka_unit_test(every_format_and_storage_tag_size),
		cmocka_unit_test(reference_tags_count_and_wrap),
		cmocka_unit_test(escapes),
		cmocka_unit_test(formats_that_are_refused),
		cmocka_unit_test(what_moves_when_the_ssd_inserts_and_strips),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
