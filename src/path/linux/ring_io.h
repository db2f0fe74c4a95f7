/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a command is to a ring of reads and writes (io_uring, libaio): decided before anything is
 * taken from the ring, so that nothing has to be given back.
 */
#ifndef PATH_LINUX_RING_IO_H
#define PATH_LINUX_RING_IO_H

#include <host/err.h>
#include <host/media.h>
#include <host/queue.h>

#include <errno.h>
#include <string.h>

/* How many bytes a complete transfer has; 0: whatever comes is right. Kept with the context. */
static inline void
ctx_set_expected(struct xnvme_cmd_ctx *ctx, uint32_t nbytes)
{
	memcpy(&ctx->be_rsvd[0], &nbytes, sizeof(nbytes));
}

static inline uint32_t
ctx_expected(const struct xnvme_cmd_ctx *ctx)
{
	uint32_t nbytes;

	memcpy(&nbytes, &ctx->be_rsvd[0], sizeof(nbytes));
	return nbytes;
}

/* Is this the common case: a read or write whose length is what its blocks are, no FUA, fewer than
 * 2^31 bytes? READ and WRITE are opcodes 2 and 1. */
static inline bool
ring_io_is_plain(const struct xnvme_cmd_ctx *ctx, size_t nbytes)
{
	uint32_t opcode = ctx->cmd.common.opcode;
	size_t blocks = (size_t)ctx->cmd.nvm.nlb + 1;

	return opcode - 1u <= 1u && !ctx->cmd.nvm.fua && blocks << ctx->dev->lba_shift == nbytes &&
	       !(nbytes >> 31);
}

/* A transfer ended with `res`, which is not what ctx_expected() says: why, into ctx->cpl */
static inline void
ring_io_unexpected(struct xnvme_cmd_ctx *ctx, int64_t res)
{
	if (res < 0) {
		(void)cpl_set_errno(ctx, (int)res);
	} else if (ctx_expected(ctx)) {
		(void)cpl_set_errno(ctx, EIO); /* short: the device or file shrank */
	} else {
		ctx->cpl.result = (uint64_t)res;
	}
}

#endif /* PATH_LINUX_RING_IO_H */
