/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Commands and their contexts
 */
#ifndef LIBXNVME_CMD_H
#define LIBXNVME_CMD_H

#include <sys/uio.h>
#include <libxnvme_base.h>
#include <libxnvme_dev.h>
#include <libxnvme_spec.h>

#ifdef __cplusplus
extern "C" {
#endif

struct xnvme_cmd_ctx;
struct xnvme_queue;

/* Where a context came from: the value of xnvme_cmd_ctx.opts */
enum xnvme_cmd_opts {
	XNVME_CMD_SYNC = 0x1,
	XNVME_CMD_ASYNC = 0x2,
};
#define XNVME_CMD_MASK_IOMD (XNVME_CMD_SYNC | XNVME_CMD_ASYNC)

typedef void (*xnvme_queue_cb)(struct xnvme_cmd_ctx *ctx, void *opaque);

struct xnvme_cmd_ctx_async {
	struct xnvme_queue *queue;
	xnvme_queue_cb cb;
	void *cb_arg;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_cmd_ctx_async) == 24, "incorrect size")

struct xnvme_cmd_ctx {
	struct xnvme_spec_cmd cmd;
	struct xnvme_spec_cpl cpl;
	struct xnvme_dev *dev;
	struct xnvme_cmd_ctx_async async;
	uint32_t opts;
	uint8_t be_rsvd[12];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_cmd_ctx) == 128, "incorrect size")

void xnvme_cmd_ctx_pr(const struct xnvme_cmd_ctx *ctx, int opts);

struct xnvme_cmd_ctx xnvme_cmd_ctx_from_dev(struct xnvme_dev *dev);

struct xnvme_cmd_ctx *xnvme_cmd_ctx_from_queue(struct xnvme_queue *queue);

void xnvme_cmd_ctx_clear(struct xnvme_cmd_ctx *ctx);

int xnvme_cmd_pass(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf, size_t mbuf_nbytes);

int xnvme_cmd_passv(struct xnvme_cmd_ctx *ctx, struct iovec *dvec, size_t dvec_cnt, size_t dvec_nbytes, struct iovec *mvec, size_t mvec_cnt, size_t mvec_nbytes);

int xnvme_cmd_pass_iov(struct xnvme_cmd_ctx *ctx, struct iovec *dvec, size_t dvec_cnt, size_t dvec_nbytes, void *mbuf, size_t mbuf_nbytes);

int xnvme_cmd_pass_admin(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf, size_t mbuf_nbytes);

/** Set the callback of one context; called once, from poke, with `cb_arg`, when it completes */
static inline void
xnvme_cmd_ctx_set_cb(struct xnvme_cmd_ctx *ctx, xnvme_queue_cb cb, void *cb_arg)
{
	ctx->async.cb = cb;
	ctx->async.cb_arg = cb_arg;
}

/** Non-zero when the command ended with an error: status code or status code type is set */
static inline int
xnvme_cmd_ctx_cpl_status(struct xnvme_cmd_ctx *ctx)
{
	return ctx->cpl.status.sc || ctx->cpl.status.sct;
}

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_CMD_H */
