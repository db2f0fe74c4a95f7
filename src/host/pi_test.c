/* SPDX-License-Identifier: BSD-3-Clause */
#include <libxnvme.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { BLOCKS = 5, DATA = 4096, META_MAX = 64 };
#define ALL_CHECKS (XNVME_PI_FLAGS_GUARD_CHECK | XNVME_PI_FLAGS_APPTAG_CHECK | \
		    XNVME_PI_FLAGS_REFTAG_CHECK)

static uint8_t data[BLOCKS * (DATA + META_MAX)];
static uint8_t meta[BLOCKS * META_MAX];

struct shape {
	enum xnvme_spec_nvm_ns_pif format;
	uint32_t md_size;
	bool interleave;
	bool first;
	enum xnvme_pi_type type;
};

static struct xnvme_pi_ctx
make(const struct shape *shape, uint32_t flags)
{
	struct xnvme_pi_ctx ctx;

	if (shape->type == XNVME_PI_TYPE3) {
		flags &= ~(uint32_t)XNVME_PI_FLAGS_REFTAG_CHECK;
	}
	assert_int_equal(xnvme_pi_ctx_init(&ctx, DATA + (shape->interleave ? shape->md_size : 0),
					   shape->md_size, shape->interleave, shape->first,
					   shape->type, flags, 1000, 0xFFFF, 0xBEEF,
					   shape->format), 0);
	for (size_t i = 0; i < sizeof(data); ++i) {
		data[i] = (uint8_t)(i * 7 + i / 251);
	}
	memset(meta, 0x5A, sizeof(meta));
	return ctx;
}

/* A bit of data, of each tag: flipped, found, flipped back */
static void
check_shape(const struct shape *shape)
{
	struct xnvme_pi_ctx ctx = make(shape, ALL_CHECKS);
	size_t tuple = xnvme_pi_size(shape->format);
	size_t block = DATA + (shape->interleave ? shape->md_size : 0);
	uint8_t *at = shape->interleave ? data + 3 * block + DATA : meta + 3 * shape->md_size;

	at += shape->first ? 0 : shape->md_size - tuple;
	xnvme_pi_generate(&ctx, data, meta, BLOCKS);
	assert_int_equal(xnvme_pi_verify(&ctx, data, meta, BLOCKS), 0);
	uint8_t *spots[] = {data + 3 * block + 77, at, at + tuple - 1};
	size_t cnt = shape->type == XNVME_PI_TYPE3 ? 2 : 3; /* the reference tag is not checked */

	for (size_t i = 0; i < cnt; ++i) {
		*spots[i] ^= 0x10;
		assert_int_equal(xnvme_pi_verify(&ctx, data, meta, BLOCKS), -1);
		assert_non_null(strstr(xnvme_err_text(), "block 3"));
		*spots[i] ^= 0x10;
	}
	assert_int_equal(xnvme_pi_verify(&ctx, data, meta, BLOCKS), 0);
}

static void
every_shape_finds_every_error(void **state)
{
	static const enum xnvme_spec_nvm_ns_pif formats[] = {XNVME_SPEC_NVM_NS_16B_GUARD,
							     XNVME_SPEC_NVM_NS_64B_GUARD};
	int shapes = 0;

	(void)state;
	for (int f = 0; f < 2; ++f) {
		for (int bits = 0; bits < 8; ++bits) {
			for (int type = 1; type <= 3; ++type) {
				struct shape shape = {
					.format = formats[f],
					.md_size = bits & 1 ? META_MAX
							    : (uint32_t)xnvme_pi_size(formats[f]),
					.interleave = bits & 2,
					.first = bits & 4,
					.type = (enum xnvme_pi_type)type,
				};

				check_shape(&shape);
				++shapes;
			}
		}
	}
	assert_int_equal(shapes, 48);
}

static void
only_what_is_asked_for_is_made(void **state)
{
	struct shape shape = {.md_size = 8, .type = XNVME_PI_TYPE1};
	struct xnvme_pi_ctx ctx = make(&shape, XNVME_PI_FLAGS_APPTAG_CHECK);
	static const uint8_t expected[8] = {0x5A, 0x5A, 0xBE, 0xEF, 0x5A, 0x5A, 0x5A, 0x5A};

	(void)state;
	xnvme_pi_generate(&ctx, data, meta, 1);
	assert_memory_equal(meta, expected, sizeof(expected));
}

/* Upstream ended the check of the whole range at the first block that escapes it */
static void
an_escaped_block_hides_no_other(void **state)
{
	struct shape shape = {.md_size = 8, .type = XNVME_PI_TYPE1};
	struct xnvme_pi_ctx ctx = make(&shape, ALL_CHECKS);

	(void)state;
	xnvme_pi_generate(&ctx, data, meta, BLOCKS);
	meta[8 + 2] = 0xFF; /* block 1 says: do not check me */
	meta[8 + 3] = 0xFF;
	data[1 * DATA] ^= 1;
	assert_int_equal(xnvme_pi_verify(&ctx, data, meta, BLOCKS), 0);
	data[2 * DATA] ^= 1;
	assert_int_equal(xnvme_pi_verify(&ctx, data, meta, BLOCKS), -1);
}

static void
nonsense_is_refused(void **state)
{
	struct xnvme_pi_ctx ctx;
	static const struct {
		uint32_t block, md;
		bool interleave;
		int type;
		uint32_t flags;
		int format;
	} bad[] = {
		{4096, 4, false, 1, 4, 0},  {4096, 8, false, 1, 4, 2},  {4096, 8, false, 1, 4, 3},
		{4096, 8, false, 0, 4, 0},  {4096, 8, false, 4, 4, 0},  {4096, 8, false, 3, 1, 0},
		{4096, 16, false, 1, 4, 1}, {4000, 8, false, 1, 4, 0},
		{8, 8, true, 1, 4, 0},      {0, 8, false, 1, 4, 0},
		{4096, 8, true, 1, 4, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i) {
		assert_int_equal(xnvme_pi_ctx_init(&ctx, bad[i].block, bad[i].md, bad[i].interleave,
						   false, (enum xnvme_pi_type)bad[i].type,
						   bad[i].flags, 0, 0, 0,
						   (enum xnvme_spec_nvm_ns_pif)bad[i].format), -22);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_shape_finds_every_error),
		cmocka_unit_test(only_what_is_asked_for_is_made),
		cmocka_unit_test(an_escaped_block_hides_no_other),
		cmocka_unit_test(nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
