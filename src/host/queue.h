/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A queue: a pool of contexts, a count of what is outstanding, and a path. One thread at a time.
 */
#ifndef HOST_QUEUE_H
#define HOST_QUEUE_H

#include <host/dev.h>

struct xnvme_queue {
	const struct path *path;
	void *state; /* the path's own, set by queue_init */
	uint32_t outstanding;
	uint32_t capacity;
	uint32_t nfree;              /* contexts on the stack */
	int opts;                    /* XNVME_QUEUE_* */
	struct xnvme_cmd_ctx **free; /* a stack of capacity + 1 */
	struct xnvme_dev *dev;
	struct xnvme_cmd_ctx *pool;
	int event_fd; /* -1 until asked for */
};

/* A path calls this once per accepted command, with ctx->cpl filled */
static inline void
queue_complete(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx)
{
	q->outstanding -= 1; /* before the callback, so that it may submit again at full depth */
	ctx->async.cb(ctx, ctx->async.cb_arg);
}

#endif /* HOST_QUEUE_H */
