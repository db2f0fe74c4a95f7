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
#include <os/os.h>
#include <string.h>

/* How long a poke that finds nothing may sleep where spinning would be in the way. A completion
 * ends it; the limit is for callers that have other things to look after. */
#define RING_IO_NAP_NS 1000000

/* For struct path, submit: the general way, by the path's submitv */
int ring_io_submit_flat(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
			size_t mbuf_nbytes, struct xnvme_queue *q);

/* Should a poke that finds nothing sleep for a moment rather than return at once? */
static inline bool
ring_io_naps(const struct xnvme_queue *q)
{
	switch (q->dev->opts.policy) {
	case XNVME_POLICY_CONSERVE_CPU:
		return true;
	case XNVME_POLICY_AUTO:
		return os_fd_works_in_thread(q->dev->fd);
	case XNVME_POLICY_LATENCY:
	case XNVME_POLICY_THROUGHPUT:
	default:
		return false;
	}
}

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

/*
 * Is this read or write the common case: as many bytes as its blocks have, and none of the options
 * of its third dword (FUA, protection, directives)? The number of blocks is zeroes based.
 */
static inline bool
ring_io_is_plain(const struct xnvme_cmd_ctx *ctx, size_t nbytes, uint64_t block)
{
	uint32_t nlb = ctx->cmd.common.cdw12;

	return nlb <= UINT16_MAX && nlb * block + block == nbytes;
}

/* READ and WRITE are opcodes 2 and 1 */
static inline bool
ring_io_is_rw(const struct xnvme_cmd_ctx *ctx)
{
	return ctx->cmd.common.opcode - 1u <= 1u;
}

/* Blocks of more bytes than this may make a transfer of more than one operation moves */
#define RING_IO_SHIFT_MAX 14

/* A transfer ended with `res`, which is not what ctx_expected() says: why, into ctx->cpl */
void ring_io_unexpected(struct xnvme_cmd_ctx *ctx, int64_t res);

#endif /* PATH_LINUX_RING_IO_H */
