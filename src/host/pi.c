/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Protection information on the host's side of the wire: made before a write, checked after a read.
 * The rules are in nvme/pi.h; here they are applied to the buffers of a command.
 */
#include <libxnvme.h>

#include <errno.h>
#include <host/err.h>
#include <nvme/pi.h>
#include <string.h>

/* Large enough for the tuple of every format */
#define TUPLE_NBYTES_MAX 16

size_t
xnvme_pi_size(enum xnvme_spec_nvm_ns_pif pi_format)
{
	return pi_tuple_nbytes((uint8_t)pi_format);
}

/* The context keeps where the tuple lies: its offset in a block with interleaved metadata, or else
 * in the metadata of a block */
static struct pi_format
format_of(const struct xnvme_pi_ctx *ctx)
{
	uint32_t data_nbytes = ctx->block_size - (ctx->md_interleave ? ctx->md_size : 0);

	return (struct pi_format){
		.data_nbytes = data_nbytes,
		.meta_nbytes = ctx->md_size,
		.guard = (uint8_t)ctx->pi_format,
		.type = (uint8_t)ctx->pi_type,
		.first = ctx->guard_interval == (ctx->md_interleave ? data_nbytes : 0),
	};
}

int
xnvme_pi_ctx_init(struct xnvme_pi_ctx *ctx, uint32_t block_size, uint32_t md_size,
		  bool md_interleave, bool pi_loc, enum xnvme_pi_type pi_type, uint32_t pi_flags,
		  uint32_t init_ref_tag, uint16_t apptag_mask, uint16_t app_tag,
		  enum xnvme_spec_nvm_ns_pif pi_format)
{
	uint32_t tuple = pi_tuple_nbytes((uint8_t)pi_format);
	uint32_t data_nbytes = block_size - (md_interleave ? md_size : 0);
	struct pi_format format;

	if (!tuple || md_size < tuple || (md_interleave && block_size <= md_size)) {
		return err_set(-EINVAL, "protection information of format %u does not fit %u bytes "
			       "of metadata per block of %u", pi_format, md_size, block_size);
	}
	if (!data_nbytes || data_nbytes % 512) {
		return err_set(-EINVAL, "a block of %u bytes of data cannot be protected: it is no "
			       "multiple of 512", data_nbytes);
	}
	if (pi_type < XNVME_PI_TYPE1 || pi_type > XNVME_PI_TYPE3) {
		return err_set(-EINVAL, "protection information has type 1, 2 or 3, not %u",
			       pi_type);
	}
	if (pi_type == XNVME_PI_TYPE3 && pi_flags & XNVME_PI_FLAGS_REFTAG_CHECK) {
		return err_set(-EINVAL, "type 3 leaves the reference tag to the application: it "
			       "cannot be checked");
	}
	*ctx = (struct xnvme_pi_ctx){
		.block_size = block_size,
		.md_size = md_size,
		.guard_interval = (md_interleave ? data_nbytes : 0) +
				  (pi_loc ? 0 : md_size - tuple),
		.pi_flags = pi_flags,
		.md_interleave = md_interleave,
		.pi_type = (uint16_t)pi_type,
		.pi_format = (uint16_t)pi_format,
		.init_ref_tag = init_ref_tag,
		.app_tag = app_tag,
		.apptag_mask = apptag_mask,
	};
	format = format_of(ctx);
	return pi_format_valid(&format) ? 0 : err_set(-EINVAL, "a 32 bit guard goes with a storage "
						      "tag, which this context does not hold; "
						      "set the fields of the command instead");
}

static struct pi_tags
tags_of(const struct xnvme_pi_ctx *ctx)
{
	return (struct pi_tags){
		.ref = ctx->init_ref_tag,
		.app = ctx->app_tag,
		.app_mask = ctx->apptag_mask,
	};
}

/* Data and metadata of block `index` */
static void
locate(const struct xnvme_pi_ctx *ctx, const struct pi_format *format, uint8_t *data_buf,
       uint8_t *md_buf, size_t index, uint8_t **data, uint8_t **meta)
{
	*data = data_buf + index * ctx->block_size;
	*meta = ctx->md_interleave ? *data + format->data_nbytes : md_buf + index * ctx->md_size;
}

/* Takes back into `tuple` what was not asked to be made */
static void
keep_others(uint8_t *tuple, const uint8_t *before, uint32_t nbytes, uint32_t guard_nbytes,
	    uint32_t made)
{
	if (!(made & XNVME_PI_FLAGS_GUARD_CHECK)) {
		memcpy(tuple, before, guard_nbytes);
	}
	if (!(made & XNVME_PI_FLAGS_APPTAG_CHECK)) {
		memcpy(tuple + guard_nbytes, before + guard_nbytes, 2);
	}
	if (!(made & XNVME_PI_FLAGS_REFTAG_CHECK)) {
		memcpy(tuple + guard_nbytes + 2, before + guard_nbytes + 2,
		       nbytes - guard_nbytes - 2);
	}
}

void
xnvme_pi_generate(struct xnvme_pi_ctx *ctx, uint8_t *data_buf, uint8_t *md_buf,
		  uint32_t num_blocks)
{
	struct pi_format format = format_of(ctx);
	struct pi_tags tags = tags_of(ctx);
	uint32_t nbytes = pi_tuple_nbytes(format.guard);
	uint32_t guard_nbytes = nbytes - 2 - pi_space_nbits(format.guard) / 8;
	uint32_t at = format.first ? 0 : format.meta_nbytes - nbytes;

	for (uint32_t i = 0; i < num_blocks; ++i) {
		uint8_t before[TUPLE_NBYTES_MAX];
		uint8_t *data, *meta;

		locate(ctx, &format, data_buf, md_buf, i, &data, &meta);
		memcpy(before, meta + at, nbytes);
		pi_generate(&format, &tags, data, meta);
		keep_others(meta + at, before, nbytes, guard_nbytes, ctx->pi_flags);
		pi_tags_next(&format, &tags);
	}
}

int
xnvme_pi_verify(struct xnvme_pi_ctx *ctx, uint8_t *data_buf, uint8_t *md_buf, uint32_t num_blocks)
{
	struct pi_format format = format_of(ctx);
	struct pi_tags tags = tags_of(ctx);
	uint32_t checks = 0;

	checks |= ctx->pi_flags & XNVME_PI_FLAGS_GUARD_CHECK ? PI_CHECK_GUARD : 0;
	checks |= ctx->pi_flags & XNVME_PI_FLAGS_APPTAG_CHECK ? PI_CHECK_APP : 0;
	checks |= ctx->pi_flags & XNVME_PI_FLAGS_REFTAG_CHECK ? PI_CHECK_REF : 0;
	for (uint32_t i = 0; i < num_blocks; ++i) {
		uint8_t *data, *meta;
		uint16_t status;

		locate(ctx, &format, data_buf, md_buf, i, &data, &meta);
		status = pi_verify(&format, &tags, checks, data, meta);
		if (status) {
			(void)err_set(-EILSEQ, "block %u of %u: its protection information does "
				      "not match (NVMe status 0x%x)", i, num_blocks, status);
			return -1; /* as programs know it */
		}
		pi_tags_next(&format, &tags);
	}
	return 0;
}
