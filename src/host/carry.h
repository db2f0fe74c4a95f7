/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Commands whose bytes travel through buffers of the device: gathered before a command that takes
 * them, scattered after one that gives them. For metadata in pieces, since a command carries one
 * address for it, and for memory that a controller cannot reach.
 *
 * The buffers are made for the command and freed with it: nothing is remembered about the caller's
 * memory, which may be freed and come back as another's.
 */
#ifndef HOST_CARRY_H
#define HOST_CARRY_H

#include <host/path.h>

struct carry;

/* xnvme_cmd_passv() with more than one piece of metadata, which hold `mvec_nbytes` bytes in all */
int carry_meta_vec(struct xnvme_cmd_ctx *ctx, struct iovec *dvec, size_t dvec_cnt,
		   size_t dvec_nbytes, struct iovec *mvec, size_t mvec_cnt, size_t mvec_nbytes);

/* For a path's submit: the command, with all of `payload` in memory of the device, goes to the
 * path's submitv. Returns what that returns; -EAGAIN when there is no memory now, but commands are
 * outstanding that give some back. */
int carry_submit(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct payload *payload);

/* For a path's call: `*own` is `payload` in memory of the device. NULL: no memory, after err_set().
 * carry_end() brings back what the command gave when ctx->cpl tells no error, and frees all. */
struct carry *carry_begin(const struct xnvme_cmd_ctx *ctx, const struct payload *payload,
			  struct payload *own);
void carry_end(const struct xnvme_cmd_ctx *ctx, struct carry *carry);

/* A context on its way so has another callback than the caller's until it is complete: true when
 * that is so and the caller's is now `cb` */
bool carry_set_cb(struct xnvme_cmd_ctx *ctx, xnvme_queue_cb cb, void *cb_arg);

#endif /* HOST_CARRY_H */
