/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Protection information, generated and checked by the host
 *
 * @param ctx State of the calculation; only one thread at a time
 * @param data_buf Data of the blocks; with md_interleave followed by the metadata of each
 * @param md_buf Separate metadata of the blocks; may be NULL with md_interleave
 * @param num_blocks Number of blocks
 *
 * @note Does not block; any thread.
 */
#ifndef LIBXNVME_PI_H
#define LIBXNVME_PI_H

#include <libxnvme_base.h>
#include <libxnvme_spec.h>

#ifdef __cplusplus
extern "C" {
#endif

#define XNVME_APPTAG_IGNORE 0xFFFF
#define XNVME_REFTAG_MASK_16 0x00000000FFFFFFFFULL
#define XNVME_REFTAG_MASK_32 0xFFFFFFFFFFFFFFFFULL
#define XNVME_REFTAG_MASK_64 0x0000FFFFFFFFFFFFULL

enum xnvme_pi_type {
	XNVME_PI_DISABLE = 0x0,
	XNVME_PI_TYPE1 = 0x1,
	XNVME_PI_TYPE2 = 0x2,
	XNVME_PI_TYPE3 = 0x3,
};

enum xnvme_pi_check_type {
	XNVME_PI_FLAGS_REFTAG_CHECK = 0x1,
	XNVME_PI_FLAGS_APPTAG_CHECK = 0x2,
	XNVME_PI_FLAGS_GUARD_CHECK = 0x4,
};

struct xnvme_pi_ctx {
	uint32_t block_size;
	uint32_t md_size;
	uint32_t guard_interval;
	uint32_t pi_flags;
	bool md_interleave;
	uint16_t pi_type;
	uint16_t pi_format;
	uint64_t init_ref_tag;
	uint16_t app_tag;
	uint16_t apptag_mask;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_pi_ctx) == 40, "incorrect size")

/**
 * Get the size of one protection information tuple; NVM Command Set 1.0, End-to-end Data Protection
 *
 * @param pi_format Format of the guard
 * @return 8 bytes for a 16b guard, else 16
 */
size_t xnvme_pi_size(enum xnvme_spec_nvm_ns_pif pi_format);

/**
 * Set up `ctx` for xnvme_pi_generate() and xnvme_pi_verify()
 *
 * NVM Command Set 1.0, End-to-end Data Protection.
 *
 * @param block_size Data bytes of a block, plus metadata bytes with `md_interleave`
 * @param md_size Metadata bytes of a block
 * @param md_interleave The metadata of a block follow its data in one buffer (extended blocks)
 * @param pi_loc True if the tuple is at the start of the metadata, false if at the end
 * @param pi_type Protection information type; XNVME_PI_DISABLE: none
 * @param pi_flags XNVME_PI_FLAGS_*, the tags to write and to check
 * @param init_ref_tag Reference tag of the first block; for tags of more than 32 bits see
 *   xnvme_pi_ctx_set_ref_tag()
 * @param apptag_mask Bits of the application tag to compare
 * @param app_tag Application tag to write and to compare
 * @param pi_format Format of the guard
 * @return 0 or -errno
 * @error EINVAL Metadata too small for the tuple, data size not a multiple of 512 bytes (16b guard)
 *   or 4096 bytes (32b and 64b), type 3 with a reference tag to check, invalid type or format
 */
int xnvme_pi_ctx_init(struct xnvme_pi_ctx *ctx, uint32_t block_size, uint32_t md_size,
		      bool md_interleave, bool pi_loc, enum xnvme_pi_type pi_type,
		      uint32_t pi_flags, uint32_t init_ref_tag, uint16_t apptag_mask,
		      uint16_t app_tag, enum xnvme_spec_nvm_ns_pif pi_format);

/**
 * Set the reference tag of the first block; NVM Command Set 1.0, End-to-end Data Protection
 *
 * @param init_ref_tag Tag of up to 32 (16b guard), 64 (32b) or 48 bits (64b)
 * @return 0 or -errno
 * @error EINVAL The tag is wider
 */
int xnvme_pi_ctx_set_ref_tag(struct xnvme_pi_ctx *ctx, uint64_t init_ref_tag);

/**
 * Write the tags that pi_flags selects into the metadata of the blocks
 *
 * The reference tag increases by one per block, except for type 3. Other bytes stay unchanged; with
 * XNVME_PI_DISABLE all bytes do. NVM Command Set 1.0, End-to-end Data Protection.
 */
void xnvme_pi_generate(struct xnvme_pi_ctx *ctx, uint8_t *data_buf, uint8_t *md_buf,
		       uint32_t num_blocks);

/**
 * Check the tags that pi_flags selects in the blocks; the buffers are not modified
 *
 * A block whose application tag is FFFFh (and, for type 3, whose reference tag is all ones) is
 * skipped. NVM Command Set 1.0, End-to-end Data Protection.
 *
 * @return 0 when all tags are correct; -1 at the first mismatch, which xnvme_err_text() describes
 */
int xnvme_pi_verify(struct xnvme_pi_ctx *ctx, uint8_t *data_buf, uint8_t *md_buf,
		    uint32_t num_blocks);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_PI_H */
