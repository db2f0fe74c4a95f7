/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Metadata in pieces. A command carries one address for its metadata, so the pieces travel through
 * one buffer: gathered before a command that takes them, scattered after one that gives them.
 */
#ifndef HOST_META_VEC_H
#define HOST_META_VEC_H

#include <libxnvme.h>

/* xnvme_cmd_passv() with more than one piece of metadata, which hold `mvec_nbytes` bytes in all */
int meta_vec_pass(struct xnvme_cmd_ctx *ctx, struct iovec *dvec, size_t dvec_cnt,
		  size_t dvec_nbytes, struct iovec *mvec, size_t mvec_cnt, size_t mvec_nbytes);

/* A context on its way with pieces has another callback than the caller's until it is complete:
 * true when that is so and the caller's is now `cb` */
bool meta_vec_set_cb(struct xnvme_cmd_ctx *ctx, xnvme_queue_cb cb, void *cb_arg);

#endif /* HOST_META_VEC_H */
