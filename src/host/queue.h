/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A queue: a pool of contexts, a count of outstanding commands, and a path. Used by one thread at a
 * time.
 */
#ifndef HOST_QUEUE_H
#define HOST_QUEUE_H

#include <host/dev.h>
#include <base/likely.h>

struct xnvme_queue {
	/* one cache line: all that get, pass, poke and put access */
	uint32_t outstanding;
	uint32_t capacity; /* 0 while the queue is closing: no command is accepted */
	struct xnvme_cmd_ctx *free; /* list by ctx_next(): the context that was put back last */
	submit_fn *submit;
	struct xnvme_cmd_ctx *done_head; /* completed without the path; see queue_done() */
	struct xnvme_cmd_ctx *done_tail;
	int (*reap)(struct xnvme_queue *q, uint32_t max);
	void *state; /* private to the path, set by queue_init */
	struct xnvme_dev *dev;

	/* Handlers that xnvme_nvm_read() and xnvme_nvm_write() call: blocks_checked(), which
	 * continues in `pass`, or the path's own, see queue_shorten() */
	blocks_fn *read;
	blocks_fn *write;
	/* Handlers of flat commands by opcode: pass_checked(), which continues in `submit`, or the
	 * path's own for reads and writes. `read`, `write` and the entries of reads and writes are
	 * in one cache line. */
	submit_fn *pass[256];

	const struct path *path;
	struct xnvme_cmd_ctx *pool;
	uint32_t pool_cnt;
	int opts;     /* XNVME_QUEUE_* */
	int event_fd; /* -1 until requested */
	uint32_t waits; /* xnvme_queue_wait_timeout() calls in progress, which run callbacks */
	struct xnvme_queue *fork_next; /* see host/fork.h */
	char features[256]; /* system features that the path uses, for xnvme_queue_get_features() */
};
STATIC_ASSERT(offsetof(struct xnvme_queue, read) == 64, "more than a cache line");
STATIC_ASSERT(offsetof(struct xnvme_queue, pass[XNVME_SPEC_NVM_OPC_READ + 1]) <= 128,
	      "the handlers of reads and writes are in two cache lines");

/* The pointer that chains contexts in a list. A context is in one list at a time. */
static inline struct xnvme_cmd_ctx *
ctx_next(const struct xnvme_cmd_ctx *ctx)
{
	struct xnvme_cmd_ctx *next;

	STATIC_ASSERT(sizeof(ctx->be_rsvd) - 4 >= sizeof(next), "no space for the pointer");
	__builtin_memcpy(&next, &ctx->be_rsvd[4], sizeof(next));
	return next;
}

static inline void
ctx_set_next(struct xnvme_cmd_ctx *ctx, struct xnvme_cmd_ctx *next)
{
	ASSERT(next != ctx);
	__builtin_memcpy(&ctx->be_rsvd[4], &next, sizeof(next));
}

/* The pool has two contexts more than commands may be outstanding; what is completed already is
 * outstanding until its callback runs */
static inline void
queue_check(const struct xnvme_queue *q)
{
	ASSERT(q->pool_cnt > 2 && q->outstanding <= q->pool_cnt - 2);
	ASSERT(!q->capacity || q->capacity == q->pool_cnt - 2);
	ASSERT(!q->done_head || q->outstanding);
	ASSERT(!q->done_head || !ctx_next(q->done_tail));
}

/*
 * The generic handler of flat commands: checks the bounds, then calls `submit`. A path's own entry
 * of q->pass calls it for commands that it does not handle, before it has changed anything.
 */
submit_fn pass_checked;

/* The handler of commands that dev_forbids() */
submit_fn pass_forbidden;

/*
 * The generic handler of xnvme_nvm_read() and xnvme_nvm_write(): computes the bytes of the blocks,
 * then calls xnvme_cmd_pass()
 */
blocks_fn blocks_checked;

/* For commands that a path's own blocks_fn does not handle, before it has changed anything. Reads
 * the blocks from the command again, so that the caller need not keep them. */
static inline int
blocks_pass(struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, void *dbuf, void *mbuf)
{
	ASSERT(ctx->async.queue == q);
	return blocks_checked(ctx, q, ctx->cmd.nvm.slba, ctx->cmd.nvm.nlb, dbuf, mbuf);
}

/*
 * A path's own handlers (the fast path) for reads and writes of one common shape. One such handler
 * costs less than the chain of generic ones, since it knows the opcode and reads each field once.
 *
 * `pass_read` and `pass_write` replace pass_checked(): they get commands passed with their bytes.
 * The queue has capacity and the completion is cleared; the handler must check the bounds.
 *
 * `read` and `write` replace blocks_checked(): they get the calls of xnvme_nvm_read() and
 * xnvme_nvm_write(). Opcode, namespace and blocks are filled in, nothing is checked or cleared; see
 * blocks_are_plain().
 */
struct queue_ways {
	submit_fn *pass_read;
	submit_fn *pass_write;
	blocks_fn *read;
	blocks_fn *write;
};

extern const struct queue_ways queue_ways_checked; /* the generic handlers */

static inline void
queue_shorten(struct xnvme_queue *q, const struct queue_ways *ways)
{
	ASSERT(ways->pass_read && ways->pass_write && ways->read && ways->write);
	q->pass[XNVME_SPEC_NVM_OPC_READ] = ways->pass_read;
	q->read = ways->read;
	if (q->pass[XNVME_SPEC_NVM_OPC_WRITE] != pass_forbidden) {
		q->pass[XNVME_SPEC_NVM_OPC_WRITE] = ways->pass_write;
		q->write = ways->write;
	}
}

/* Has the queue capacity, and are the blocks plain and all within the namespace? */
static inline bool
blocks_fit(const struct xnvme_cmd_ctx *ctx, const struct xnvme_queue *q, uint64_t slba,
	   uint64_t nlb)
{
	uint64_t last;

	queue_check(q);
	return LIKELY(q->outstanding < q->capacity &&
		      !__builtin_add_overflow(slba, nlb, &last) &&
		      last < ctx->dev->plain_nsze);
}

/* The same, and are the options in the command's dword 12 (FUA, protection, directives) all 0? Then
 * its bytes are (nlb + 1) * dev->lba_nbytes, and there is no metadata. */
static inline bool
blocks_are_plain(const struct xnvme_cmd_ctx *ctx, const struct xnvme_queue *q, uint64_t slba,
		 uint64_t nlb, const void *mbuf)
{
	uint16_t options;

	/* 16 bits alone: the lower half was just written */
	__builtin_memcpy(&options, (const char *)&ctx->cmd.common.cdw12 + 2, sizeof(options));
	return LIKELY(!((uintptr_t)mbuf | options)) && blocks_fit(ctx, q, slba, nlb);
}

static inline void
cpl_clear(struct xnvme_cmd_ctx *ctx)
{
	__builtin_memset(&ctx->cpl, 0, sizeof(ctx->cpl));
}

/* The `submit` of paths whose submitv handles flat data too: calls submitv */
submit_fn queue_submit_flat;

/* A path calls this once per accepted command, with ctx->cpl filled */
static inline void
queue_complete(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx)
{
	queue_check(q);
	ASSERT(q->outstanding && ctx->async.queue == q);
	q->outstanding -= 1; /* before the callback, which may submit again at full depth */
	ctx->async.cb(ctx, ctx->async.cb_arg);
}

/* Appends to the list that the next poke completes; for queue_done() and the path nil */
static inline void
queue_append_done(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx)
{
	queue_check(q);
	ASSERT(q->outstanding < q->pool_cnt - 2 && ctx->async.queue == q);
	ctx_set_next(ctx, NULL);
	if (q->done_head) {
		ctx_set_next(q->done_tail, ctx);
	} else {
		q->done_head = ctx;
	}
	q->done_tail = ctx;
	q->outstanding += 1;
}

/*
 * Accepts `ctx`, whose completion (in ctx->cpl) is known already: the next poke delivers it. For a
 * path's submit: `return queue_done(q, ctx);`. Also signals the completion descriptor.
 */
int queue_done(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx);

/* queue_done() with a host error as completion */
int queue_fail(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, int err);

/* queue_done() after running the command through the handle's sync path: for commands without an
 * asynchronous form in the path */
int queue_call(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct payload *payload);

/* queue_done() for a command that a path's `call` has run; `err` is what that returned */
int queue_called(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, int err);

#endif /* HOST_QUEUE_H */
