/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Shared by the examples: keeping a queue full.
 */
#ifndef TOOLS_EXAMPLES_EXAMPLE_H
#define TOOLS_EXAMPLES_EXAMPLE_H

#include <errno.h>

#include <libxnvme.h>
#include <libxnvme_cli.h>

/* Counted by the callback of the asynchronous examples */
struct example_counts {
	uint32_t submitted;
	uint32_t completed;
	uint32_t ecount;
};

static inline void
example_on_complete(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct example_counts *counts = arg;

	counts->completed += 1;
	if (xnvme_cmd_ctx_cpl_status(ctx)) {
		xnvme_cmd_ctx_pr(ctx, XNVME_PR_DEF);
		counts->ecount += 1;
	}
	xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx);
}

/* Get a free context; complete commands until there is one */
static inline struct xnvme_cmd_ctx *
example_next_ctx(struct xnvme_queue *queue, uint32_t qdepth)
{
	while (xnvme_queue_get_outstanding(queue) >= qdepth) {
		if (xnvme_queue_wait_timeout(queue, UINT64_MAX) < 0) {
			return NULL;
		}
	}
	return xnvme_queue_get_cmd_ctx(queue);
}

/* Submit; while the queue is full (-EBUSY) or the system is out of resources (-EAGAIN), complete
 * commands and retry */
static inline int
example_pass(struct xnvme_cmd_ctx *ctx, void *buf, size_t nbytes)
{
	for (;;) {
		int err = xnvme_cmd_pass(ctx, buf, nbytes, NULL, 0);

		if (err != -EBUSY && err != -EAGAIN) {
			return err;
		}
		err = xnvme_queue_poke(ctx->async.queue, 0);
		if (err < 0) {
			return err;
		}
	}
}

/* Capacities are powers of two */
static inline uint16_t
example_capacity(uint32_t qdepth)
{
	uint32_t capacity = 1;

	while (capacity < qdepth && capacity < 4096) {
		capacity <<= 1;
	}
	return (uint16_t)capacity;
}

#endif /* TOOLS_EXAMPLES_EXAMPLE_H */
