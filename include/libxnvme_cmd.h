/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Commands and their contexts.
 *
 * A context (struct xnvme_cmd_ctx) holds one command and its completion. A context of
 * xnvme_cmd_ctx_from_dev() is synchronous: the pass functions block until the command is complete.
 * A context of a queue is asynchronous: the pass functions submit the command, and its callback
 * runs in a later xnvme_queue_poke(), on the thread that pokes.
 *
 * Return values of the pass functions:
 *
 * - Synchronous: 0; -EIO when the device completed the command with an error, whose status is in
 *   ctx->cpl; another -errno when the command could not start, and then ctx->cpl holds status code
 *   type 7 with the errno as status code.
 * - Asynchronous: 0, and exactly one callback follows, even if the command is invalid; -EBUSY when
 *   the queue is full or -EAGAIN when the system is out of resources: poke, then try again.
 *
 * Submission clears the completion. A command on blocks beyond the end of the namespace completes
 * with LBA Out of Range and is not sent to the device.
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

/* Kind of a context, the value of xnvme_cmd_ctx.opts: of a device, or of a queue */
enum xnvme_cmd_opts {
	XNVME_CMD_SYNC = 0x1,
	XNVME_CMD_ASYNC = 0x2,
};
#define XNVME_CMD_MASK_IOMD (XNVME_CMD_SYNC | XNVME_CMD_ASYNC)

/** Called when an asynchronous command is complete; `opaque` is the `cb_arg` of the callback */
typedef void (*xnvme_queue_cb)(struct xnvme_cmd_ctx *ctx, void *opaque);

struct xnvme_cmd_ctx_async {
	struct xnvme_queue *queue;
	xnvme_queue_cb cb;
	void *cb_arg;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_cmd_ctx_async) == 24, "incorrect size")

struct xnvme_cmd_ctx {
	struct xnvme_spec_cmd cmd; /**< the command, in the layout of the standard */
	struct xnvme_spec_cpl cpl; /**< its completion; valid when the command is complete */
	struct xnvme_dev *dev;
	struct xnvme_cmd_ctx_async async;
	uint32_t opts;	     /**< enum xnvme_cmd_opts */
	uint8_t be_rsvd[12]; /**< reserved for the library */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_cmd_ctx) == 128, "incorrect size")

/** Prints the completion as YAML to stdout; `opts` is of enum xnvme_pr */
void xnvme_cmd_ctx_pr(const struct xnvme_cmd_ctx *ctx, int opts);

/** Returns a synchronous context by value, zeroed; valid until the handle is closed */
struct xnvme_cmd_ctx xnvme_cmd_ctx_from_dev(struct xnvme_dev *dev);

/** As xnvme_queue_get_cmd_ctx() */
struct xnvme_cmd_ctx *xnvme_cmd_ctx_from_queue(struct xnvme_queue *queue);

/** Zeroes command and completion; keeps device, queue and callback */
void xnvme_cmd_ctx_clear(struct xnvme_cmd_ctx *ctx);

/**
 * Passes ctx->cmd with `dbuf_nbytes` bytes of data at `dbuf` and `mbuf_nbytes` bytes of metadata
 * at `mbuf`; either may be NULL with 0 bytes. The buffers must stay valid until the command is
 * complete. A synchronous context: blocks, any thread. An asynchronous one: does not block, only on
 * the thread that uses the queue.
 */
int xnvme_cmd_pass(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
		   size_t mbuf_nbytes);

/**
 * As xnvme_cmd_pass(), with data in a vector of `dvec_cnt` elements and `dvec_nbytes` bytes in
 * total, and metadata in a vector of `mvec_cnt` elements and `mvec_nbytes` bytes in total. Both
 * vectors must stay valid until the command is complete and are not modified.
 *
 * A command has one address for metadata. Metadata of more than one element are copied through an
 * allocated buffer (-ENOMEM if that fails), and the context's callback must not be changed until
 * the command is complete.
 */
int xnvme_cmd_passv(struct xnvme_cmd_ctx *ctx, struct iovec *dvec, size_t dvec_cnt,
		    size_t dvec_nbytes, struct iovec *mvec, size_t mvec_cnt, size_t mvec_nbytes);

/**
 * As xnvme_cmd_pass(), with data in a vector of `dvec_cnt` elements and `dvec_nbytes` bytes in
 * total. The vector must stay valid until the command is complete and is not modified.
 */
int xnvme_cmd_pass_iov(struct xnvme_cmd_ctx *ctx, struct iovec *dvec, size_t dvec_cnt,
		       size_t dvec_nbytes, void *mbuf, size_t mbuf_nbytes);

/**
 * Passes an admin command and blocks until it is complete; also with a context of a queue. Any
 * thread.
 */
int xnvme_cmd_pass_admin(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
			 size_t mbuf_nbytes);

/** Sets the callback of a context; a poke calls it once per submission, with `cb_arg` */
static inline void
xnvme_cmd_ctx_set_cb(struct xnvme_cmd_ctx *ctx, xnvme_queue_cb cb, void *cb_arg)
{
	ctx->async.cb = cb;
	ctx->async.cb_arg = cb_arg;
}

/** Nonzero when the command completed with an error: status code or status code type is not 0 */
static inline int
xnvme_cmd_ctx_cpl_status(struct xnvme_cmd_ctx *ctx)
{
	return ctx->cpl.status.sc || ctx->cpl.status.sct;
}

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_CMD_H */
