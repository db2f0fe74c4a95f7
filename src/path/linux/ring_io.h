/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Maps a command to an operation of a ring of reads and writes (io_uring, libaio), before an entry
 * of the ring is taken, so that none has to be returned.
 */
#ifndef PATH_LINUX_RING_IO_H
#define PATH_LINUX_RING_IO_H

#include <host/err.h>
#include <host/media_fd.h>
#include <host/queue.h>

#include <errno.h>
#include <os/os.h>
#include <base/likely.h>
#include <string.h>

/* The longest sleep of an empty poke under XNVME_POLICY_CONSERVE_CPU. A completion ends it. */
#define RING_IO_NAP_NS 1000000

/* May an empty poke sleep briefly? Only if the user selected XNVME_POLICY_CONSERVE_CPU. */
static inline bool
ring_io_naps(const struct xnvme_queue *q)
{
	return q->dev->opts.policy == XNVME_POLICY_CONSERVE_CPU;
}

/* Empty polls between two calls of sched_yield(), for ring_io_yields(). A poll costs about 20 ns, a
 * yield about 300 ns when no other thread needs the processor: a caller that serves several queues
 * pays 40 ns per poll, and one that only spins yields after 160 ns. */
#define RING_IO_YIELD_POLLS 8

/* Does a kernel thread, which may need this processor, complete the device's commands? Then empty
 * polls yield regularly. They never sleep: the caller may have other work. */
static inline bool
ring_io_yields(const struct xnvme_queue *q)
{
	return q->dev->opts.policy == XNVME_POLICY_AUTO && os_fd_works_in_thread(q->dev->fd);
}

/* After an empty poll with commands in flight; `polls` counts them */
static inline void
ring_io_yield(uint32_t *polls)
{
	*polls += 1;
	if (*polls % RING_IO_YIELD_POLLS == 0) {
		os_yield();
	}
}

/* The number of bytes of a complete transfer; 0: any result is valid. Stored in the context. */
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
 * Is this read or write the common case: all of its blocks on the device, a buffer of exactly their
 * size, and none of the options of dword 12 (FUA, protection, directives)? The number of blocks is
 * zeroes based. Others take pass_checked().
 */
static inline bool
ring_io_is_plain(const struct xnvme_cmd_ctx *ctx, uint64_t slba, size_t nbytes, uint64_t block)
{
	uint64_t nlb = ctx->cmd.common.cdw12;
	uint64_t last;

	return LIKELY(nlb <= UINT16_MAX && (nlb + 1) * block == nbytes &&
		      !__builtin_add_overflow(slba, nlb, &last) &&
		      last < ctx->dev->nsze);
}

/* The remaining work for a command */
enum ring_io_verb {
	RING_IO_NOTHING, /* already completed: invalid, or no operation of a ring */
	RING_IO_MOVE,    /* transfer the bytes of the span */
	RING_IO_FLUSH,
};

/* Classify a command of any shape, for a path's submitv; sets `span` for RING_IO_MOVE, and the
 * expected number of bytes */
enum ring_io_verb ring_io_look(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx,
			       const struct payload *payload, struct media_span *span);

/* A transfer ended with `res` instead of ctx_expected(): set the error in ctx->cpl */
void ring_io_unexpected(struct xnvme_cmd_ctx *ctx, int64_t res);

#endif /* PATH_LINUX_RING_IO_H */
