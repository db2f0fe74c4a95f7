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
 *
 * @param ctx The command and its completion; synchronous (of a device) or of a queue
 * @param nsid Namespace identifier; xnvme_dev_get_nsid() is that of the handle
 * @param dbuf Data buffer; valid until the command is complete
 * @param dbuf_nbytes Bytes of `dbuf`
 * @param mbuf Separate metadata, or NULL; valid until the command is complete
 * @param mbuf_nbytes Bytes of `mbuf`
 * @param queue The queue
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

/**
 * Print the completion as YAML to stdout
 *
 * Any thread.
 *
 * @param opts Output format, a value of enum xnvme_pr
 */
void xnvme_cmd_ctx_pr(const struct xnvme_cmd_ctx *ctx, int opts);

/**
 * Get a synchronous context by value, zeroed
 *
 * It is valid until the handle is closed. Does not block; any thread.
 *
 * @return The context
 */
struct xnvme_cmd_ctx xnvme_cmd_ctx_from_dev(struct xnvme_dev *dev);

/** As xnvme_queue_get_cmd_ctx() */
struct xnvme_cmd_ctx *xnvme_cmd_ctx_from_queue(struct xnvme_queue *queue);

/**
 * Zero command and completion; keep device, queue and callback
 *
 * Not while the command is outstanding.
 */
void xnvme_cmd_ctx_clear(struct xnvme_cmd_ctx *ctx);

/**
 * Pass the command of a context, with its data and metadata
 *
 * The buffers must stay valid until the command is complete. A synchronous context: blocks, any
 * thread. An asynchronous one: does not block, only on the thread that uses the queue. NVMe Base
 * 2.0, Submission Queue Entry.
 *
 * @param dbuf Data; NULL with 0 bytes
 * @param mbuf Metadata; NULL with 0 bytes
 * @return 0, or -errno. Synchronous: 0 when the device completed the command without error.
 *   Asynchronous: 0, and exactly one callback follows, even if the command is invalid.
 * @error EIO Synchronous: the device completed the command with an error, whose status is in
 *   ctx->cpl. With another error the command could not start, and ctx->cpl holds status code type 7
 *   with the errno as status code.
 * @error EBUSY Asynchronous: the queue is full; poke, then try again
 * @error EAGAIN Asynchronous: the system is out of resources; poke, then try again
 * @error EBADF Synchronous: the command changes data, and the handle is read-only
 * @error ENOTSUP Synchronous: the path does not support the command
 * @error ESTALE The handle belongs to the process that forked this one
 */
int xnvme_cmd_pass(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
		   size_t mbuf_nbytes);

/**
 * As xnvme_cmd_pass(), with data and metadata in vectors
 *
 * Both vectors must stay valid until the command is complete and are not modified.
 *
 * A command has one address for metadata. Metadata of more than one element are copied through an
 * allocated buffer (-ENOMEM if that fails), and the context's callback must not be changed until
 * the command is complete.
 *
 * @param dvec Vector of data
 * @param dvec_cnt Elements of `dvec`
 * @param dvec_nbytes Bytes of data in total
 * @param mvec Vector of metadata
 * @param mvec_cnt Elements of `mvec`
 * @param mvec_nbytes Bytes of metadata in total
 */
int xnvme_cmd_passv(struct xnvme_cmd_ctx *ctx, struct iovec *dvec, size_t dvec_cnt,
		    size_t dvec_nbytes, struct iovec *mvec, size_t mvec_cnt, size_t mvec_nbytes);

/**
 * As xnvme_cmd_pass(), with data in a vector
 *
 * The vector must stay valid until the command is complete and is not modified.
 *
 * @param dvec Vector of data
 * @param dvec_cnt Elements of `dvec`
 * @param dvec_nbytes Bytes of data in total
 */
int xnvme_cmd_pass_iov(struct xnvme_cmd_ctx *ctx, struct iovec *dvec, size_t dvec_cnt,
		       size_t dvec_nbytes, void *mbuf, size_t mbuf_nbytes);

/**
 * Pass an admin command and block until it is complete
 *
 * Also with a context of a queue. Any thread.
 *
 * @param dbuf Data; NULL with 0 bytes
 * @param mbuf Metadata; NULL with 0 bytes
 * @return 0, or -errno
 * @error EIO The device completed the command with an error, whose status is in ctx->cpl. With
 *   another error the command could not start, and ctx->cpl holds status code type 7 with the errno
 *   as status code.
 * @error EBADF The command changes data or settings, and the handle is read-only
 * @error EINVAL `dbuf` is smaller than what Identify or Get Log Page writes
 * @error ENOTSUP The path does not support the command
 * @error EACCES The user lacks the privilege
 */
int xnvme_cmd_pass_admin(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
			 size_t mbuf_nbytes);

/**
 * Set the callback of a context
 *
 * A poke calls it once per submission, on the thread that pokes.
 *
 * @param cb The callback
 * @param cb_arg Passed to `cb`
 */
static inline void
xnvme_cmd_ctx_set_cb(struct xnvme_cmd_ctx *ctx, xnvme_queue_cb cb, void *cb_arg)
{
	ctx->async.cb = cb;
	ctx->async.cb_arg = cb_arg;
}

/**
 * Check whether the command completed with an error
 *
 * @return Nonzero when status code or status code type is not 0
 */
static inline int
xnvme_cmd_ctx_cpl_status(struct xnvme_cmd_ctx *ctx)
{
	return ctx->cpl.status.sc || ctx->cpl.status.sct;
}

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_CMD_H */
