/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Protection information of whole buffers, as a public interface: blocks with metadata inside
 * (extended) or in a separate buffer. nvme/pi.h generates and checks the tuples.
 */
#include <host/err.h>
#include <nvme/pi.h>
#include <nvme/status.h>

#include <base/assert.h>
#include <errno.h>
#include <string.h>

/* The public names have the values of the standard, with which nvme/pi.h works */
STATIC_ASSERT((uint32_t)XNVME_PI_FLAGS_GUARD_CHECK == PI_CHECK_GUARD, "another check");
STATIC_ASSERT((uint32_t)XNVME_PI_FLAGS_APPTAG_CHECK == PI_CHECK_APP, "another check");
STATIC_ASSERT((uint32_t)XNVME_PI_FLAGS_REFTAG_CHECK == PI_CHECK_REF, "another check");
STATIC_ASSERT((uint32_t)XNVME_PI_DISABLE == 0 && (uint32_t)XNVME_PI_TYPE3 == 3, "another type");

size_t
xnvme_pi_size(enum xnvme_spec_nvm_ns_pif pi_format)
{
	return pi_format == XNVME_SPEC_NVM_NS_16B_GUARD ? XNVME_SPEC_PI_16B_NBYTES
							: XNVME_SPEC_PI_64B_NBYTES;
}

static uint32_t
data_nbytes(const struct xnvme_pi_ctx *ctx)
{
	return ctx->md_interleave ? ctx->block_size - ctx->md_size : ctx->block_size;
}

/* The format for nvme/pi.h. A context has no size of the storage tag, so the smallest one is used:
 * 16 of the 80 bits with a 32b guard, which makes reference tags as wide as the masks of
 * libxnvme_pi.h. */
static struct pi_format
format_of(const struct xnvme_pi_ctx *ctx)
{
	uint32_t metadata_at = ctx->md_interleave ? data_nbytes(ctx) : 0;

	return (struct pi_format){
		.data_nbytes = data_nbytes(ctx),
		.meta_nbytes = ctx->md_size,
		.guard = (uint8_t)ctx->pi_format,
		.type = (uint8_t)ctx->pi_type,
		.storage_nbits = ctx->pi_format == XNVME_SPEC_NVM_NS_32B_GUARD ? 16 : 0,
		.first = ctx->guard_interval == metadata_at,
	};
}

static int
check_sizes(uint32_t block_size, uint32_t md_size, bool md_interleave,
	    enum xnvme_spec_nvm_ns_pif pi_format)
{
	uint32_t unit = pi_format == XNVME_SPEC_NVM_NS_16B_GUARD ? 512 : 4096;
	uint32_t data = block_size;

	if (pi_tuple_nbytes((uint8_t)pi_format) == 0 || pi_format > XNVME_SPEC_NVM_NS_64B_GUARD) {
		return err_set(-EINVAL, "protection information format %d does not exist; give 0, "
			       "1 or 2", (int)pi_format);
	}
	ASSERT(xnvme_pi_size(pi_format) == pi_tuple_nbytes((uint8_t)pi_format));
	if (md_size < xnvme_pi_size(pi_format)) {
		return err_set(-EINVAL, "%u bytes of metadata cannot hold protection information "
			       "of %zu bytes", md_size, xnvme_pi_size(pi_format));
	}
	if (md_interleave) {
		if (block_size <= md_size) {
			return err_set(-EINVAL, "an extended block of %u bytes cannot hold %u "
				       "bytes of metadata and data", block_size, md_size);
		}
		data = block_size - md_size;
	}
	/*
	 * NVM Command Set 1.0, End-to-end Data Protection: guards of 32 and 64 bits are for blocks
	 * of 4 KiB and more
	 */
	if (data == 0 || data % unit) {
		return err_set(-EINVAL, "a block of %u bytes of data; this guard is for multiples "
			       "of %u", data, unit);
	}
	return 0;
}

int
xnvme_pi_ctx_init(struct xnvme_pi_ctx *ctx, uint32_t block_size, uint32_t md_size,
		  bool md_interleave, bool pi_loc, enum xnvme_pi_type pi_type, uint32_t pi_flags,
		  uint32_t init_ref_tag, uint16_t apptag_mask, uint16_t app_tag,
		  enum xnvme_spec_nvm_ns_pif pi_format)
{
	int err = check_sizes(block_size, md_size, md_interleave, pi_format);
	uint32_t metadata_at;

	if (err) {
		return err;
	}
	if (pi_type > XNVME_PI_TYPE3) {
		return err_set(-EINVAL, "protection type %d does not exist; give 0 to 3",
			       (int)pi_type);
	}
	if (pi_type == XNVME_PI_TYPE3 && (pi_flags & XNVME_PI_FLAGS_REFTAG_CHECK)) {
		return err_set(-EINVAL, "type 3 has no reference tag to check; leave out "
			       "XNVME_PI_FLAGS_REFTAG_CHECK");
	}
	metadata_at = md_interleave ? block_size - md_size : 0;
	*ctx = (struct xnvme_pi_ctx){
		.block_size = block_size,
		.md_size = md_size,
		.guard_interval = metadata_at,
		.pi_flags = pi_flags,
		.md_interleave = md_interleave,
		.pi_type = (uint16_t)pi_type,
		.pi_format = (uint16_t)pi_format,
		.init_ref_tag = init_ref_tag,
		.app_tag = app_tag,
		.apptag_mask = apptag_mask,
	};
	if (!pi_loc) {
		ctx->guard_interval += md_size - (uint32_t)xnvme_pi_size(pi_format);
	}
	ASSERT(format_of(ctx).first == pi_loc || md_size == xnvme_pi_size(pi_format));
	return 0;
}

int
xnvme_pi_ctx_set_ref_tag(struct xnvme_pi_ctx *ctx, uint64_t init_ref_tag)
{
	static const uint64_t masks[] = {XNVME_REFTAG_MASK_16, XNVME_REFTAG_MASK_32,
					 XNVME_REFTAG_MASK_64};

	if (ctx->pi_format > XNVME_SPEC_NVM_NS_64B_GUARD ||
	    (init_ref_tag & ~masks[ctx->pi_format])) {
		return err_set(-EINVAL, "reference tag 0x%llx is wider than this format's",
			       (unsigned long long)init_ref_tag);
	}
	ctx->init_ref_tag = init_ref_tag;
	return 0;
}

/* The addresses of block `index` and its metadata */
struct place {
	uint8_t *data;
	uint8_t *meta;
};

static struct place
place_of(const struct xnvme_pi_ctx *ctx, uint8_t *data_buf, uint8_t *md_buf, uint32_t index)
{
	struct place place = {.data = data_buf + (size_t)index * ctx->block_size};

	place.meta = ctx->md_interleave ? place.data + data_nbytes(ctx)
					: md_buf + (size_t)index * ctx->md_size;
	return place;
}

static struct pi_tags
tags_of(const struct xnvme_pi_ctx *ctx)
{
	return (struct pi_tags){
		.ref = ctx->init_ref_tag, .app = ctx->app_tag, .app_mask = ctx->apptag_mask};
}

/* Leaves the fields that pi_flags does not select unchanged in the buffer */
static void
generate_selected(const struct xnvme_pi_ctx *ctx, const struct pi_format *format,
		  const struct pi_tags *tags, struct place place)
{
	uint32_t tuple = pi_tuple_nbytes(format->guard);
	uint32_t guard = tuple - 2 - pi_space_nbits(format->guard) / 8;
	uint8_t *at = place.meta + (format->first ? 0 : format->meta_nbytes - tuple);
	uint8_t before[XNVME_SPEC_PI_64B_NBYTES];

	ASSERT(tuple <= sizeof(before) && guard + 2 < tuple);
	memcpy(before, at, tuple);
	pi_generate(format, tags, place.data, place.meta);
	if (!(ctx->pi_flags & XNVME_PI_FLAGS_GUARD_CHECK)) {
		memcpy(at, before, guard);
	}
	if (!(ctx->pi_flags & XNVME_PI_FLAGS_APPTAG_CHECK)) {
		memcpy(at + guard, before + guard, 2);
	}
	if (!(ctx->pi_flags & XNVME_PI_FLAGS_REFTAG_CHECK)) {
		memcpy(at + guard + 2, before + guard + 2, tuple - guard - 2);
	}
}

void
xnvme_pi_generate(struct xnvme_pi_ctx *ctx, uint8_t *data_buf, uint8_t *md_buf, uint32_t num_blocks)
{
	struct pi_format format = format_of(ctx);
	struct pi_tags tags = tags_of(ctx);

	if (ctx->pi_type == XNVME_PI_DISABLE) {
		return;
	}
	for (uint32_t i = 0; i < num_blocks; ++i) {
		generate_selected(ctx, &format, &tags, place_of(ctx, data_buf, md_buf, i));
		pi_tags_next(&format, &tags);
	}
}

static const char *
what_failed(uint16_t status)
{
	switch (status) {
	case STATUS(GUARD_CHECK_ERROR):
		return "guard";
	case STATUS(APPTAG_CHECK_ERROR):
		return "application tag";
	default:
		ASSERT(status == STATUS(REFTAG_CHECK_ERROR));
		return "reference tag";
	}
}

int
xnvme_pi_verify(struct xnvme_pi_ctx *ctx, uint8_t *data_buf, uint8_t *md_buf, uint32_t num_blocks)
{
	const uint32_t all = PI_CHECK_GUARD | PI_CHECK_APP | PI_CHECK_REF;
	struct pi_format format = format_of(ctx);
	struct pi_tags tags = tags_of(ctx);

	if (ctx->pi_type == XNVME_PI_DISABLE) {
		return 0;
	}
	for (uint32_t i = 0; i < num_blocks; ++i) {
		struct place place = place_of(ctx, data_buf, md_buf, i);
		uint16_t status = pi_verify(&format, &tags, ctx->pi_flags & all, place.data,
					    place.meta);

		if (status != STATUS(SUCCESS)) {
			/* -1 is the traditional value; the error text has the details */
			return err_set(-1, "block %u of %u: its %s is not what it should be", i,
				       num_blocks, what_failed(status));
		}
		pi_tags_next(&format, &tags);
	}
	return 0;
}
