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

/* How long an empty poke may sleep under XNVME_POLICY_CONSERVE_CPU. A completion ends it. */
#define RING_IO_NAP_NS 1000000

/* May an empty poke sleep for a moment? Only where the user asked to conserve the processor. */
static inline bool
ring_io_naps(const struct xnvme_queue *q)
{
	return q->dev->opts.policy == XNVME_POLICY_CONSERVE_CPU;
}

/* Empty polls from one sched_yield() to the next, for ring_io_yields(). A poll costs about 20 ns, a
 * yield about 300 ns when nothing else wants the processor: so a caller that has other queues to
 * look after pays 40 ns per poll, and one that only spins gives way after 160 ns. */
#define RING_IO_YIELD_POLLS 8

/* Does a kernel thread, which may need this processor, complete the device's commands? Then empty
 * polls yield now and then. They never sleep: the caller may have other work. */
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
