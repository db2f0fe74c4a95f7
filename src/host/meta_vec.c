/* SPDX-License-Identifier: BSD-3-Clause */
#include <host/meta_vec.h>

#include <errno.h>
#include <host/err.h>
#include <host/queue.h>
#include <stdlib.h>
#include <string.h>

/* Bits 1:0 of an opcode say which way data flow: NVMe Base 2.0, Opcodes */
#define OPCODE_TAKES 1u
#define OPCODE_GIVES 2u

/* The pieces of one command. Made for it and freed with it: such commands are rare, and the only
 * ones for which something is allocated on their way. */
struct carry {
	const struct iovec *vec; /* lent until the command is complete */
	size_t cnt;
	xnvme_queue_cb cb; /* the caller's */
	void *cb_arg;
	void *flat;
	size_t nbytes;
};

static void
move_pieces(const struct carry *carry, bool to_flat)
{
	char *at = carry->flat;

	for (size_t i = 0; i < carry->cnt; ++i) {
		size_t nbytes = carry->vec[i].iov_len;

		memcpy(to_flat ? at : carry->vec[i].iov_base,
		       to_flat ? carry->vec[i].iov_base : at, nbytes);
		at += nbytes;
	}
}

static void
carry_free(const struct xnvme_cmd_ctx *ctx, struct carry *carry)
{
	xnvme_buf_free(ctx->dev, carry->flat);
	free(carry);
}

static struct carry *
carry_new(const struct xnvme_cmd_ctx *ctx, const struct iovec *mvec, size_t mvec_cnt,
	  size_t mvec_nbytes)
{
	struct carry *carry = calloc(1, sizeof(*carry));

	if (!carry) {
		return NULL;
	}
	*carry = (struct carry){.vec = mvec, .cnt = mvec_cnt, .nbytes = mvec_nbytes,
				.cb = ctx->async.cb, .cb_arg = ctx->async.cb_arg};
	carry->flat = xnvme_buf_alloc(ctx->dev, mvec_nbytes);
	if (!carry->flat) {
		free(carry);
		return NULL;
	}
	memset(carry->flat, 0, mvec_nbytes);
	if (ctx->cmd.common.opcode & OPCODE_TAKES) {
		move_pieces(carry, true);
	}
	return carry;
}

static void
arrived(const struct xnvme_cmd_ctx *ctx, const struct carry *carry)
{
	const struct xnvme_spec_status *status = &ctx->cpl.status;

	if (ctx->cmd.common.opcode & OPCODE_GIVES && !status->sc && !status->sct) {
		move_pieces(carry, false);
	}
}

static void
carried(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct carry *carry = arg;

	arrived(ctx, carry);
	ctx->async.cb = carry->cb;
	ctx->async.cb_arg = carry->cb_arg;
	carry_free(ctx, carry);
	ctx->async.cb(ctx, ctx->async.cb_arg);
}

bool
meta_vec_set_cb(struct xnvme_cmd_ctx *ctx, xnvme_queue_cb cb, void *cb_arg)
{
	struct carry *carry = ctx->async.cb_arg;

	if (ctx->async.cb != carried) {
		return false;
	}
	carry->cb = cb;
	carry->cb_arg = cb_arg;
	return true;
}

int
meta_vec_pass(struct xnvme_cmd_ctx *ctx, struct iovec *dvec, size_t dvec_cnt, size_t dvec_nbytes,
	      struct iovec *mvec, size_t mvec_cnt, size_t mvec_nbytes)
{
	bool async = ctx->opts & XNVME_CMD_ASYNC;
	struct xnvme_queue *q = async ? ctx->async.queue : NULL;
	struct carry *carry;
	int err;

	if (async && q->outstanding >= q->capacity) {
		return -EBUSY;
	}
	carry = carry_new(ctx, mvec, mvec_cnt, mvec_nbytes);
	if (!carry) {
		err = err_set(-ENOMEM, "no memory to gather %zu bytes of metadata", mvec_nbytes);
		return async ? queue_fail(q, ctx, err) : cpl_set_errno(ctx, err);
	}
	if (async) {
		ctx->async.cb = carried;
		ctx->async.cb_arg = carry;
	}
	err = xnvme_cmd_pass_iov(ctx, dvec, dvec_cnt, dvec_nbytes, carry->flat, mvec_nbytes);
	if (async && !err) {
		return 0; /* carried() does the rest */
	}
	if (async) {
		ctx->async.cb = carry->cb;
		ctx->async.cb_arg = carry->cb_arg;
	} else {
		arrived(ctx, carry);
	}
	carry_free(ctx, carry);
	return err;
}
