/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A queue: a pool of contexts, a count of what is outstanding, and a path. One thread at a time.
 */
#ifndef HOST_QUEUE_H
#define HOST_QUEUE_H

#include <host/dev.h>

struct xnvme_queue {
	/* one cache line: all that get, pass, poke and put touch */
	uint32_t outstanding;
	uint32_t capacity; /* 0 while the queue is closing: nothing more is accepted */
	struct xnvme_cmd_ctx *free; /* the context that was put back last; a list by ctx_next() */
	submit_fn *submit;
	struct xnvme_cmd_ctx *done_head; /* complete without the path's doing; see queue_done() */
	struct xnvme_cmd_ctx *done_tail;
	int (*reap)(struct xnvme_queue *q, uint32_t max);
	void *state; /* the path's own, set by queue_init */
	struct xnvme_dev *dev;

	/* Where xnvme_nvm_read() and xnvme_nvm_write() go: blocks_checked(), which goes on to
	 * `pass`, or what a path has put in its place, see queue_shorten() */
	blocks_fn *read;
	blocks_fn *write;
	/* Where a flat command goes, by its opcode: pass_checked(), which goes on to `submit`, or
	 * what a path has put in its place for reads and writes. All in one cache line. */
	submit_fn *pass[256];

	const struct path *path;
	struct xnvme_cmd_ctx *pool;
	uint32_t pool_cnt;
	int opts;     /* XNVME_QUEUE_* */
	int event_fd; /* -1 until asked for */
	uint32_t waits; /* xnvme_queue_wait_timeout() at work, which callbacks run in */
	struct xnvme_queue *fork_next; /* see host/fork.h */
	char features[256]; /* what the path uses of what the system offers, for those who ask */
};

/*
 * The general way of a flat command: checks its bounds, then `submit`. For a path's own entries of
 * q->pass: what they are not made for they leave to it, before they have changed anything.
 */
submit_fn pass_checked;

/* The way of a command that dev_forbids() */
submit_fn pass_forbidden;

/*
 * The general way of xnvme_nvm_read() and xnvme_nvm_write(): how many bytes the blocks have, then
 * xnvme_cmd_pass()
 */
blocks_fn blocks_checked;

/* A path's own blocks_fn leaves to it what it is not made for, before it has changed anything.
 * What stands in the command is read again, so that there is nothing to keep. */
static inline int
blocks_pass(struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, void *dbuf, void *mbuf)
{
	return blocks_checked(ctx, q, ctx->cmd.nvm.slba, ctx->cmd.nvm.nlb, dbuf, mbuf);
}

/*
 * Ways of reads and writes for a path that mostly gets them in one shape. A way costs less than
 * several one after the other, since it knows the opcode and looks at each field once.
 *
 * `pass_read` and `pass_write` get what is passed with its bytes, instead of pass_checked(): there
 * is room in the queue and the completion is cleared; the bounds are theirs to check.
 *
 * `read` and `write` get the calls of xnvme_nvm_read() and xnvme_nvm_write(), instead of
 * blocks_checked(): opcode, namespace and blocks are filled in, nothing is checked or cleared; see
 * blocks_are_plain().
 */
struct queue_ways {
	submit_fn *pass_read;
	submit_fn *pass_write;
	blocks_fn *read;
	blocks_fn *write;
};

extern const struct queue_ways queue_ways_checked; /* all of them the general ones */

static inline void
queue_shorten(struct xnvme_queue *q, const struct queue_ways *ways)
{
	q->pass[XNVME_SPEC_NVM_OPC_READ] = ways->pass_read;
	q->read = ways->read;
	if (q->pass[XNVME_SPEC_NVM_OPC_WRITE] != pass_forbidden) {
		q->pass[XNVME_SPEC_NVM_OPC_WRITE] = ways->pass_write;
		q->write = ways->write;
	}
}

/* Is there room in the queue, and are the blocks plain and all on the device? */
static inline bool
blocks_fit(const struct xnvme_cmd_ctx *ctx, const struct xnvme_queue *q, uint64_t slba,
	   uint64_t nlb)
{
	uint64_t last;

	return __builtin_expect(q->outstanding < q->capacity &&
				!__builtin_add_overflow(slba, nlb, &last) &&
				last < ctx->dev->plain_nsze, 1);
}

/* The same, and the command's dword 12 has none of its options (FUA, protection, directives)?
 * Then its bytes are (nlb + 1) * dev->lba_nbytes, and there is no metadata. */
static inline bool
blocks_are_plain(const struct xnvme_cmd_ctx *ctx, const struct xnvme_queue *q, uint64_t slba,
		 uint64_t nlb, const void *mbuf)
{
	uint16_t options;

	/* by itself: the half below was just written */
	__builtin_memcpy(&options, (const char *)&ctx->cmd.common.cdw12 + 2, sizeof(options));
	return __builtin_expect(!((uintptr_t)mbuf | options), 1) && blocks_fit(ctx, q, slba, nlb);
}

static inline void
cpl_clear(struct xnvme_cmd_ctx *ctx)
{
	__builtin_memset(&ctx->cpl, 0, sizeof(ctx->cpl));
}

/* For struct path, submit, of one for which flat data is nothing special: its submitv does it */
submit_fn queue_submit_flat;

/* A path calls this once per accepted command, with ctx->cpl filled */
static inline void
queue_complete(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx)
{
	q->outstanding -= 1; /* before the callback, so that it may submit again at full depth */
	ctx->async.cb(ctx, ctx->async.cb_arg);
}

/* The pointer that chains contexts in a list: they are in one list at a time */
static inline struct xnvme_cmd_ctx *
ctx_next(const struct xnvme_cmd_ctx *ctx)
{
	struct xnvme_cmd_ctx *next;

	__builtin_memcpy(&next, &ctx->be_rsvd[4], sizeof(next));
	return next;
}

static inline void
ctx_set_next(struct xnvme_cmd_ctx *ctx, struct xnvme_cmd_ctx *next)
{
	__builtin_memcpy(&ctx->be_rsvd[4], &next, sizeof(next));
}

/* Appends to the list of what the next poke delivers; for queue_done() and the path nil */
static inline void
queue_append_done(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx)
{
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
 * `ctx` is accepted and its completion (in ctx->cpl) is known already: the next poke delivers it.
 * For a path's submit: `return queue_done(q, ctx);`. Also signals the completion descriptor.
 */
int queue_done(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx);

/* The same with a host error as completion */
int queue_fail(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, int err);

/* The same after running the command through the handle's sync path: for commands that a path has
 * no asynchronous form of */
int queue_call(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct payload *payload);

/* The same for one that a path's `call` has run, with what that returned */
int queue_called(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, int err);

#endif /* HOST_QUEUE_H */
