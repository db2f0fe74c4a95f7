/* SPDX-License-Identifier: BSD-3-Clause */
#include <path/linux/ring_io.h>

enum ring_io_verb
ring_io_look(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct payload *payload,
	     struct media_span *span)
{
	int rc = media_span(ctx, payload, span);

	if (rc < 0) {
		(void)queue_done(q, ctx); /* ctx->cpl has the error */
		return RING_IO_NOTHING;
	}
	/* more than one operation transfers, or without a buffer: the slow path handles it in
	 * steps */
	if (rc && !(span->nbytes >> 31) && payload->vec_cnt <= 1024 &&
	    (payload->vec || payload->data || !payload->data_nbytes)) {
		ctx_set_expected(ctx, span->exact ? (uint32_t)span->nbytes : 0);
		return RING_IO_MOVE;
	}
	if (ctx->cmd.common.opcode == XNVME_SPEC_NVM_OPC_FLUSH ||
	    ctx->cmd.common.opcode == XNVME_SPEC_FS_OPC_FLUSH) {
		ctx_set_expected(ctx, 0);
		return RING_IO_FLUSH;
	}
	(void)queue_call(q, ctx, payload);
	return RING_IO_NOTHING;
}

void
ring_io_unexpected(struct xnvme_cmd_ctx *ctx, int64_t res)
{
	if (res < 0 || ctx_expected(ctx)) {
		int err = res < 0 ? (int)res : -EIO; /* short: the device or file shrank */

		if (!dev_fd_gone(ctx) && !dev_fd_unaligned(ctx, err)) {
			(void)cpl_set_errno(ctx, err);
		}
	} else {
		ctx->cpl.result = (uint64_t)res;
	}
}
