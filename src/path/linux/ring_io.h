/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a command is to a ring of reads and writes (io_uring, libaio): decided before anything is
 * taken from the ring, so that nothing has to be given back.
 */
#ifndef PATH_LINUX_RING_IO_H
#define PATH_LINUX_RING_IO_H

#include <host/err.h>
#include <host/media_fd.h>
#include <host/queue.h>

#include <errno.h>
#include <os/os.h>
#include <string.h>

/* How long a poke that finds nothing may sleep where spinning would be in the way. A completion
 * ends it; the limit is for callers that have other things to look after. */
#define RING_IO_NAP_NS 1000000

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
 * Is this read or write the common case: all of its blocks on the device, as many bytes as they
 * have, and none of the options of its third dword (FUA, protection, directives)? The number of
 * blocks is zeroes based. Those that are not go by pass_checked().
 */
static inline bool
ring_io_is_plain(const struct xnvme_cmd_ctx *ctx, uint64_t slba, size_t nbytes, uint64_t block)
{
	uint64_t nlb = ctx->cmd.common.cdw12;
	uint64_t last;

	return __builtin_expect(nlb <= UINT16_MAX && (nlb + 1) * block == nbytes &&
				!__builtin_add_overflow(slba, nlb, &last) &&
				last < ctx->dev->nsze, 1);
}

/* Blocks of more bytes than this may make a transfer of more than one operation moves */
#define RING_IO_SHIFT_MAX 14

/* What is left to do for a command */
enum ring_io_verb {
	RING_IO_NOTHING, /* its completion is on its way: it was wrong, or nothing for a ring */
	RING_IO_MOVE,    /* the bytes of the span */
	RING_IO_FLUSH,
};

/* Looks at a command of any shape, for a path's submitv; sets `span` for RING_IO_MOVE, and how many
 * bytes are expected */
enum ring_io_verb ring_io_look(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx,
			       const struct payload *payload, struct media_span *span);

/* A transfer ended with `res`, which is not what ctx_expected() says: why, into ctx->cpl */
void ring_io_unexpected(struct xnvme_cmd_ctx *ctx, int64_t res);

#endif /* PATH_LINUX_RING_IO_H */
