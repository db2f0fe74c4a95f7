/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The NVM command set (NVM Command Set 1.0, sections of the same titles).
 *
 * The size of the data is the number of blocks times lba_nbytes of the device's geometry. A
 * function sets the fields of the command that it has parameters for, and keeps the caller's values
 * of the others (FUA, protection, directives).
 *
 * @param slba LBA of the first block
 * @param nlb Number of blocks, 0's based: 0 means one
 * @param dbuf Data of the blocks, with metadata if the format is extended; valid until the command
 *   is complete
 * @param mo Management Operation
 * @param mos Management Operation Specific
 *
 * @return What xnvme_cmd_pass() returns: 0, or -errno
 * @error EIO The device completed the command with an error, whose status is in ctx->cpl
 * @error EBUSY The queue is full: poke, then try again
 *
 * @note With a context of a queue the function submits, with one of a device it blocks.
 */
#ifndef LIBXNVME_NVM_H
#define LIBXNVME_NVM_H

#include <libxnvme_cmd.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Read blocks */
int xnvme_nvm_read(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba, uint16_t nlb,
		   void *dbuf, void *mbuf);

/** Write blocks */
int xnvme_nvm_write(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba, uint16_t nlb,
		    const void *dbuf, const void *mbuf);

/** Write Uncorrectable: reads of these blocks fail until they are written */
int xnvme_nvm_write_uncorrectable(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba,
				  uint16_t nlb);

/** Write Zeroes: transfers no data */
int xnvme_nvm_write_zeroes(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba, uint16_t nlb);

/**
 * Set the fields opcode, NSID, SLBA and NLB of the command, and no others
 *
 * @param opcode Opcode, enum xnvme_spec_nvm_opc
 */
void xnvme_prep_nvm(struct xnvme_cmd_ctx *ctx, uint8_t opcode, uint32_t nsid, uint64_t slba,
		    uint16_t nlb);

XNVME_INLINE void
xnvme_prep_nvm(struct xnvme_cmd_ctx *ctx, uint8_t opcode, uint32_t nsid, uint64_t slba,
	       uint16_t nlb)
{
	ctx->cmd.common.opcode = opcode;
	ctx->cmd.common.nsid = nsid;
	ctx->cmd.nvm.slba = slba;
	ctx->cmd.nvm.nlb = nlb;
}

/**
 * Copy ranges of blocks to `sdlba`
 *
 * @param sdlba LBA of the first block of the destination
 * @param ranges Source ranges; valid until the command is complete
 * @param nr Number of ranges, 0's based: 0 means one
 * @param copy_fmt XNVME_NVM_SCOPY_FMT_ZERO
 * @error EINVAL `copy_fmt` is another format
 * @error EIO The device completed the command with an error, whose status is in ctx->cpl
 * @error EBUSY The queue is full: poke, then try again
 */
int xnvme_nvm_scopy(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t sdlba,
		    struct xnvme_spec_nvm_scopy_fmt_zero *ranges, uint8_t nr,
		    enum xnvme_nvm_scopy_fmt copy_fmt);

/**
 * Dataset Management
 *
 * @param dsm_range Ranges of blocks; valid until the command is complete
 * @param nr Number of ranges, 0's based: 0 means one
 * @param ad Deallocate the ranges
 * @param idw Integral Dataset for Write: a hint that the ranges are written together
 * @param idr Integral Dataset for Read: a hint that the ranges are read together
 */
int xnvme_nvm_dsm(struct xnvme_cmd_ctx *ctx, uint32_t nsid,
		  struct xnvme_spec_dsm_range *dsm_range, uint8_t nr, bool ad, bool idw,
		  bool idr);

/**
 * I/O Management Receive; NVMe Base 2.1
 *
 * @param dbuf Receives the data
 */
int xnvme_nvm_mgmt_recv(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t mo, uint16_t mos,
			void *dbuf, uint32_t dbuf_nbytes);

/**
 * I/O Management Send; NVMe Base 2.1
 *
 * @param dbuf The data
 */
int xnvme_nvm_mgmt_send(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t mo, uint16_t mos,
			void *dbuf, uint32_t dbuf_nbytes);

/**
 * Compare: completes with Compare Failure when the data differ
 *
 * @param dbuf Data to compare with
 */
int xnvme_nvm_compare(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba, uint16_t nlb,
		      void *dbuf, void *mbuf);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_NVM_H */
