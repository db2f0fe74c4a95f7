/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The NVM command set (NVM Command Set 1.0, sections of the same titles).
 *
 * With a context of a queue the functions submit, with one of a device they block; they return what
 * xnvme_cmd_pass() returns. The numbers of blocks and ranges are 0's based: 0 means one. The size
 * of the data is the number of blocks times lba_nbytes of the device's geometry. Buffers must stay
 * valid until the command is complete. A function sets the fields of the command that it has
 * parameters for, and keeps the caller's values of the others (FUA, protection, directives).
 */
#ifndef LIBXNVME_NVM_H
#define LIBXNVME_NVM_H

#include <libxnvme_cmd.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Read */
int xnvme_nvm_read(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba, uint16_t nlb,
		   void *dbuf, void *mbuf);

/** Write */
int xnvme_nvm_write(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba, uint16_t nlb,
		    const void *dbuf, const void *mbuf);

/** Write Uncorrectable: reads of these blocks fail until they are written */
int xnvme_nvm_write_uncorrectable(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba,
				  uint16_t nlb);

/** Write Zeroes: transfers no data */
int xnvme_nvm_write_zeroes(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba, uint16_t nlb);

/** Sets the fields opcode, NSID, SLBA and NLB of the command, and no others */
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
 * Copy: copies `nr` + 1 ranges to `sdlba`; -EINVAL for a format other than
 * XNVME_NVM_SCOPY_FMT_ZERO
 */
int xnvme_nvm_scopy(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t sdlba,
		    struct xnvme_spec_nvm_scopy_fmt_zero *ranges, uint8_t nr,
		    enum xnvme_nvm_scopy_fmt copy_fmt);

/** Dataset Management of `nr` + 1 ranges; `ad`: deallocate; `idw`, `idr`: access hints */
int xnvme_nvm_dsm(struct xnvme_cmd_ctx *ctx, uint32_t nsid,
		  struct xnvme_spec_dsm_range *dsm_range, uint8_t nr, bool ad, bool idw,
		  bool idr);

/** I/O Management Receive (NVMe Base 2.1) */
int xnvme_nvm_mgmt_recv(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t mo, uint16_t mos,
			void *dbuf, uint32_t dbuf_nbytes);

/** I/O Management Send (NVMe Base 2.1) */
int xnvme_nvm_mgmt_send(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t mo, uint16_t mos,
			void *dbuf, uint32_t dbuf_nbytes);

/** Compare: completes with Compare Failure when the data differ */
int xnvme_nvm_compare(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba, uint16_t nlb,
		      void *dbuf, void *mbuf);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_NVM_H */
