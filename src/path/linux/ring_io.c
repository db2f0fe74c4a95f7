/* SPDX-License-Identifier: BSD-3-Clause */
#include <path/linux/ring_io.h>

/* In a file of its own: a compiler that sees it with its callers gives it other registers, which
 * costs the short way of each 7 instructions per command */
int
ring_io_submit_flat(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
		    size_t mbuf_nbytes, struct xnvme_queue *q)
{
	struct payload payload = {.data = dbuf, .data_nbytes = dbuf_nbytes};

	(void)mbuf; /* these handles have no metadata */
	(void)mbuf_nbytes;
	return q->path->submitv(q, ctx, &payload);
}

void
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
