/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Protection information of buffers: every layout, every format, every error.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>
#include <libxnvme.h>

#define NBLOCKS 5
#define FLAGS \
	(XNVME_PI_FLAGS_GUARD_CHECK | XNVME_PI_FLAGS_APPTAG_CHECK | XNVME_PI_FLAGS_REFTAG_CHECK)

static uint8_t data_buf[NBLOCKS * (4096 + 64)];
static uint8_t md_buf[NBLOCKS * 64];

static void
fill(void)
{
	for (size_t i = 0; i < sizeof(data_buf); ++i) {
		data_buf[i] = (uint8_t)(i * 7 + i / 251);
	}
	for (size_t i = 0; i < sizeof(md_buf); ++i) {
		md_buf[i] = (uint8_t)(i * 13);
	}
}

/* Flips each bit of one tuple, and one bit of data: verify detects all but those that are not
 * checked */
static void
break_each_bit(struct xnvme_pi_ctx *ctx, uint32_t block)
{
	uint8_t *data = data_buf + block * ctx->block_size;
	uint8_t *meta = ctx->md_interleave ? data : md_buf + block * ctx->md_size;
	uint8_t *tuple = meta + ctx->guard_interval;
	const size_t space[] = {32, 80, 48}; /* of storage and reference tag */
	size_t nbits = xnvme_pi_size((enum xnvme_spec_nvm_ns_pif)ctx->pi_format) * 8;
	size_t storage = ctx->pi_format == XNVME_SPEC_NVM_NS_32B_GUARD ? 48 : nbits;

	for (size_t bit = 0; bit < nbits; ++bit) {
		bool unseen = bit >= storage && bit < storage + 16; /* the storage tag */

		if (ctx->pi_type == XNVME_PI_TYPE3) {
			unseen = bit >= nbits - space[ctx->pi_format];
		}
		tuple[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(xnvme_pi_verify(ctx, data_buf, md_buf, NBLOCKS), unseen ? 0 : -1);
		tuple[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	data[3] ^= 4;
	assert_int_equal(xnvme_pi_verify(ctx, data_buf, md_buf, NBLOCKS), -1);
	data[3] ^= 4;
	assert_int_equal(xnvme_pi_verify(ctx, data_buf, md_buf, NBLOCKS), 0);
}

static void
every_layout(void **state)
{
	(void)state;
	for (int pif = 0; pif < 3; ++pif) {
		for (int layout = 0; layout < 12; ++layout) {
			bool interleave = layout & 1, first = layout & 2;
			enum xnvme_pi_type type = (enum xnvme_pi_type)(1 + layout / 4);
			uint32_t md = first ? 64 : 16, block = pif ? 4096 : 512;
			uint32_t flags = FLAGS & ~(type == 3 ? XNVME_PI_FLAGS_REFTAG_CHECK : 0U);
			struct xnvme_pi_ctx ctx;
			int err;

			fill();
			err = xnvme_pi_ctx_init(&ctx, block + (interleave ? md : 0), md, interleave,
						first, type, flags, 0xfffffffe, 0xffff, 0x1234,
						(enum xnvme_spec_nvm_ns_pif)pif);
			assert_int_equal(err, 0);
			assert_int_equal(xnvme_pi_verify(&ctx, data_buf, md_buf, NBLOCKS), -1);
			xnvme_pi_generate(&ctx, data_buf, md_buf, NBLOCKS);
			assert_int_equal(xnvme_pi_verify(&ctx, data_buf, md_buf, NBLOCKS), 0);
			break_each_bit(&ctx, 0);
			break_each_bit(&ctx, NBLOCKS - 1);
		}
	}
}

/* X25: in xNVMe 0.7.5, one escaped block disables the check of all later blocks */
static void
an_escaped_block_excuses_only_itself(void **state)
{
	struct xnvme_pi_ctx ctx;

	(void)state;
	fill();
	assert_int_equal(xnvme_pi_ctx_init(&ctx, 512, 8, false, false, XNVME_PI_TYPE1, FLAGS, 0,
					   0xffff, 1, XNVME_SPEC_NVM_NS_16B_GUARD), 0);
	xnvme_pi_generate(&ctx, data_buf, md_buf, NBLOCKS);
	md_buf[8 + 2] = 0xff;
	md_buf[8 + 3] = 0xff;
	data_buf[512] ^= 1;
	assert_int_equal(xnvme_pi_verify(&ctx, data_buf, md_buf, NBLOCKS), 0);
	data_buf[3 * 512] ^= 1;
	xnvme_err_clear();
	assert_int_equal(xnvme_pi_verify(&ctx, data_buf, md_buf, NBLOCKS), -1);
	assert_string_equal(xnvme_err_text(),
			    "block 3 of 5: its guard is not what it should be");
}

/* X25: in xNVMe 0.7.5, reference tags are limited to 32 bits */
static void
reference_tags_of_48_bits(void **state)
{
	struct xnvme_pi_ctx ctx;
	const uint8_t want[] = {0x01, 0x00, 0x00, 0x00, 0x00, 0x00};

	(void)state;
	fill();
	assert_int_equal(xnvme_pi_ctx_init(&ctx, 4096, 16, false, true, XNVME_PI_TYPE1, FLAGS, 0,
					   0xffff, 1, XNVME_SPEC_NVM_NS_64B_GUARD), 0);
	assert_int_equal(xnvme_pi_ctx_set_ref_tag(&ctx, 0xffffffffffULL), 0);
	xnvme_pi_generate(&ctx, data_buf, md_buf, 2);
	assert_memory_equal(md_buf + 16 + 10, want, sizeof(want));
	assert_int_equal(xnvme_pi_verify(&ctx, data_buf, md_buf, 2), 0);
	assert_int_equal(xnvme_pi_ctx_set_ref_tag(&ctx, 0xffffffff), 0);
	assert_int_equal(xnvme_pi_verify(&ctx, data_buf, md_buf, 2), -1);
	assert_int_equal(xnvme_pi_ctx_set_ref_tag(&ctx, 1ULL << 48), -EINVAL);
	ctx.pi_format = XNVME_SPEC_NVM_NS_16B_GUARD;
	assert_int_equal(xnvme_pi_ctx_set_ref_tag(&ctx, 1ULL << 32), -EINVAL);
}

static void
only_what_is_selected_is_written(void **state)
{
	struct xnvme_pi_ctx ctx;
	uint8_t before[8];

	(void)state;
	fill();
	memcpy(before, md_buf, 8);
	assert_int_equal(xnvme_pi_ctx_init(&ctx, 512, 8, false, false, XNVME_PI_TYPE1,
					   XNVME_PI_FLAGS_APPTAG_CHECK, 7, 0xffff, 0xabcd,
					   XNVME_SPEC_NVM_NS_16B_GUARD), 0);
	xnvme_pi_generate(&ctx, data_buf, md_buf, 1);
	assert_memory_equal(md_buf, before, 2);
	assert_memory_equal(md_buf + 2, "\xab\xcd", 2);
	assert_memory_equal(md_buf + 4, before + 4, 4);
	assert_int_equal(xnvme_pi_verify(&ctx, data_buf, md_buf, 1), 0);
	ctx.pi_type = XNVME_PI_DISABLE;
	memset(md_buf, 1, 8);
	xnvme_pi_generate(&ctx, data_buf, md_buf, 1);
	assert_int_equal(md_buf[2], 1);
	assert_int_equal(xnvme_pi_verify(&ctx, data_buf, md_buf, 1), 0);
}

static int
init(uint32_t block, uint32_t md, bool interleave, int type, uint32_t flags, int pif)
{
	struct xnvme_pi_ctx ctx;

	return xnvme_pi_ctx_init(&ctx, block, md, interleave, false, (enum xnvme_pi_type)type,
				 flags, 0, 0, 0, (enum xnvme_spec_nvm_ns_pif)pif);
}

static void
what_is_refused(void **state)
{
	(void)state;
	assert_int_equal(init(512, 8, false, 1, FLAGS, 0), 0);
	assert_int_equal(init(512, 7, false, 1, FLAGS, 0), -EINVAL);
	assert_int_equal(init(4096, 15, false, 1, FLAGS, 1), -EINVAL);
	assert_int_equal(init(4096, 15, false, 1, FLAGS, 2), -EINVAL);
	assert_int_equal(init(0, 8, false, 1, FLAGS, 0), -EINVAL);
	assert_int_equal(init(520, 8, false, 1, FLAGS, 0), -EINVAL);
	assert_int_equal(init(520, 8, true, 1, FLAGS, 0), 0);
	assert_int_equal(init(8, 8, true, 1, FLAGS, 0), -EINVAL);
	assert_int_equal(init(4, 8, true, 1, FLAGS, 0), -EINVAL);
	assert_int_equal(init(512, 16, false, 1, FLAGS, 2), -EINVAL);
	assert_int_equal(init(4096, 16, false, 1, FLAGS, 3), -EINVAL);
	assert_int_equal(init(4096, 16, false, 4, FLAGS, 2), -EINVAL);
	assert_int_equal(init(4096, 16, false, 3, FLAGS, 2), -EINVAL);
	assert_int_equal(xnvme_pi_size(XNVME_SPEC_NVM_NS_16B_GUARD), 8);
	assert_int_equal(xnvme_pi_size(XNVME_SPEC_NVM_NS_32B_GUARD), 16);
	assert_int_equal(xnvme_pi_size(XNVME_SPEC_NVM_NS_64B_GUARD), 16);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_layout),
		cmocka_unit_test(an_escaped_block_excuses_only_itself),
		cmocka_unit_test(reference_tags_of_48_bits),
		cmocka_unit_test(only_what_is_selected_is_written),
		cmocka_unit_test(what_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
