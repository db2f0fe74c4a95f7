/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Commands and their contexts.
 *
 * A context is one command with its completion. One made by xnvme_cmd_ctx_from_dev() is
 * synchronous: passing it blocks until the command is complete. One taken from a queue is
 * asynchronous: passing it submits, and its callback runs in a later poke of the queue, in the
 * thread that pokes.
 *
 * Returns of the pass functions, synchronous: 0; -EIO when the device answered with an error,
 * whose status is in ctx->cpl; other -errno when the command could not start, and then ctx->cpl
 * holds status code type 7 with the errno as status code. Asynchronous: 0, exactly one callback
 * follows, also when the command is wrong; -EBUSY when the queue is full, -EAGAIN when the
 * system is: poke, then try again.
 *
 * The completion is cleared on submission. Commands that name blocks beyond the end complete
 * with LBA Out of Range before anything is sent.
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

/** Writes the completion as YAML to the standard output; `opts` is of enum xnvme_pr */
void xnvme_cmd_ctx_pr(const struct xnvme_cmd_ctx *ctx, int opts);

/** A synchronous context, by value: cleared, valid as long as the handle */
struct xnvme_cmd_ctx xnvme_cmd_ctx_from_dev(struct xnvme_dev *dev);

/** As xnvme_queue_get_cmd_ctx() */
struct xnvme_cmd_ctx *xnvme_cmd_ctx_from_queue(struct xnvme_queue *queue);

/** Zeroes command and completion; device, queue and callback stay */
void xnvme_cmd_ctx_clear(struct xnvme_cmd_ctx *ctx);

/**
 * Passes ctx->cmd with `dbuf_nbytes` bytes of data at `dbuf` and `mbuf_nbytes` bytes of metadata
 * at `mbuf`; either may be NULL with 0 bytes. The memory is lent until the command is complete.
 * Synchronous: blocks, any thread. Asynchronous: does not block, the queue's thread.
 */
int xnvme_cmd_pass(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
		   size_t mbuf_nbytes);

/**
 * As xnvme_cmd_pass() with data in `dvec_cnt` pieces that hold `dvec_nbytes` bytes in all, and
 * metadata in `mvec_cnt` pieces that hold `mvec_nbytes`. Both vectors are lent until the command is
 * complete and are not changed. The command carries one address for metadata: more than one piece
 * is copied through a buffer that is allocated for it (-ENOMEM when it cannot be), and its
 * context's callback is not to be changed while it is on its way.
 */
int xnvme_cmd_passv(struct xnvme_cmd_ctx *ctx, struct iovec *dvec, size_t dvec_cnt,
		    size_t dvec_nbytes, struct iovec *mvec, size_t mvec_cnt, size_t mvec_nbytes);

/**
 * As xnvme_cmd_pass() with data in `dvec_cnt` pieces that hold `dvec_nbytes` bytes in all. The
 * vector is lent until the command is complete and is not changed.
 */
int xnvme_cmd_pass_iov(struct xnvme_cmd_ctx *ctx, struct iovec *dvec, size_t dvec_cnt,
		       size_t dvec_nbytes, void *mbuf, size_t mbuf_nbytes);

/**
 * Passes an admin command and blocks until it is complete; the context may be of either kind.
 * Any thread.
 */
int xnvme_cmd_pass_admin(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
			 size_t mbuf_nbytes);

/** Sets the callback of one context: called once per submission, from poke, with `cb_arg` */
static inline void
xnvme_cmd_ctx_set_cb(struct xnvme_cmd_ctx *ctx, xnvme_queue_cb cb, void *cb_arg)
{
	ctx->async.cb = cb;
	ctx->async.cb_arg = cb_arg;
}

/** Not 0 when the command ended with an error: status code or status code type is set */
static inline int
xnvme_cmd_ctx_cpl_status(struct xnvme_cmd_ctx *ctx)
{
	return ctx->cpl.status.sc || ctx->cpl.status.sct;
}

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_CMD_H */
