/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Commands whose bytes are copied through buffers of the device (bounce buffers): gathered before a
 * command that sends data, scattered after one that returns data. For metadata in several pieces,
 * since a command has one address for it, and for memory that a controller cannot address.
 *
 * The buffers are allocated for the command and freed with it. The address of the caller's memory
 * is not cached, since the caller may free the memory and get other memory at the same address.
 */
#ifndef HOST_CARRY_H
#define HOST_CARRY_H

#include <host/path.h>

struct carry;

/* xnvme_cmd_passv() with more than one piece of metadata; `mvec_nbytes` is their total */
int carry_meta_vec(struct xnvme_cmd_ctx *ctx, struct iovec *dvec, size_t dvec_cnt,
		   size_t dvec_nbytes, struct iovec *mvec, size_t mvec_cnt, size_t mvec_nbytes);

/* For a path's submit: copies all of `payload` to memory of the device and calls the path's
 * submitv. Returns what that returns; -EAGAIN when memory is exhausted but outstanding commands
 * will free some. */
int carry_submit(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct payload *payload);

/* For a path's call: `*own` is `payload` in memory of the device. Returns NULL after err_set() when
 * there is no memory. carry_end() copies back the data that the command returned, unless ctx->cpl
 * holds an error, and frees everything. */
struct carry *carry_begin(const struct xnvme_cmd_ctx *ctx, const struct payload *payload,
			  struct payload *own);
void carry_end(const struct xnvme_cmd_ctx *ctx, struct carry *carry);

/* While a command is carried, its context has carry's callback instead of the caller's. Sets the
 * caller's callback to `cb` and returns true for such a context; false for any other. */
bool carry_set_cb(struct xnvme_cmd_ctx *ctx, xnvme_queue_cb cb, void *cb_arg);

#endif /* HOST_CARRY_H */
