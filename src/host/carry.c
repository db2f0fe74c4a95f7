/* SPDX-License-Identifier: BSD-3-Clause */
#include <host/carry.h>

#include <base/assert.h>
#include <errno.h>
#include <host/err.h>
#include <host/queue.h>
#include <stdlib.h>
#include <string.h>

/* Bit 1 of an opcode: the controller sends data to the host. NVMe Base 2.0, Opcodes */
#define OPCODE_GIVES 2u

/* Data or metadata: the caller's pieces and the device's contiguous copy */
struct part {
	const struct iovec *vec; /* borrowed until the command is complete */
	size_t cnt;
	struct iovec piece; /* what `vec` points to when the caller's buffer is contiguous */
	void *flat;         /* NULL: there are no bytes to carry */
	size_t nbytes;
};

/* Allocated for a command and freed with it. These rare commands are the only ones that allocate
 * while they are passed. */
struct carry {
	struct part data, meta;
	xnvme_queue_cb cb; /* the caller's */
	void *cb_arg;
};

/* A part has the device's copy exactly when it has bytes */
static void
part_check(const struct part *part)
{
	ASSERT(part->vec && part->cnt > 0);
	ASSERT(!part->flat == !part->nbytes);
}

static void
carry_check(const struct carry *carry)
{
	part_check(&carry->data);
	part_check(&carry->meta);
}

static void
move_pieces(const struct part *part, bool to_flat)
{
	char *at = part->flat;

	part_check(part);
	for (size_t i = 0; at && i < part->cnt; ++i) {
		size_t nbytes = part->vec[i].iov_len;

		/* xnvme_cmd_passv() has compared the sum with the total */
		ASSERT(!to_flat || nbytes <= part->nbytes - (size_t)(at - (char *)part->flat));
		if (nbytes) {
			memcpy(to_flat ? at : part->vec[i].iov_base,
			       to_flat ? part->vec[i].iov_base : at, nbytes);
		}
		at += nbytes;
	}
}

/* The device's buffer is a copy of the caller's bytes in either direction: a command may return
 * less than the buffer holds, and the bytes that it does not write must come back unchanged. */
static bool
part_begin(const struct xnvme_cmd_ctx *ctx, struct part *part)
{
	ASSERT(part->vec && !part->flat);
	if (!part->nbytes) {
		return true;
	}
	part->flat = xnvme_buf_alloc(ctx->dev, part->nbytes);
	if (!part->flat) {
		return false;
	}
	move_pieces(part, true);
	return true;
}

static struct part
part_of(const struct iovec *vec, size_t cnt, size_t nbytes)
{
	ASSERT(vec && cnt > 0);
	return (struct part){.vec = vec, .cnt = cnt, .nbytes = nbytes};
}

/* One contiguous buffer; carry_new() makes `vec` point to `piece` */
static struct part
part_of_piece(void *base, size_t nbytes)
{
	return (struct part){.cnt = 1, .piece = {base, nbytes}, .nbytes = base ? nbytes : 0};
}

static void
carry_free(const struct xnvme_cmd_ctx *ctx, struct carry *carry)
{
	xnvme_buf_free(ctx->dev, carry->data.flat);
	xnvme_buf_free(ctx->dev, carry->meta.flat);
	free(carry);
}

static struct carry *
carry_new(const struct xnvme_cmd_ctx *ctx, const struct part *data, const struct part *meta)
{
	struct carry *carry = malloc(sizeof(*carry));

	if (!carry) {
		(void)err_set(-ENOMEM, "no memory to carry a command's bytes over");
		return NULL;
	}
	*carry = (struct carry){.data = *data, .meta = *meta, .cb = ctx->async.cb,
				.cb_arg = ctx->async.cb_arg};
	carry->data.vec = data->vec ? data->vec : &carry->data.piece;
	carry->meta.vec = meta->vec ? meta->vec : &carry->meta.piece;
	if (!part_begin(ctx, &carry->data) || !part_begin(ctx, &carry->meta)) {
		carry_free(ctx, carry);
		(void)err_set(-ENOMEM, "no memory to carry %zu bytes of data and %zu of metadata "
			      "over", data->nbytes, meta->nbytes);
		return NULL;
	}
	carry_check(carry);
	return carry;
}

static void
bring_back(const struct xnvme_cmd_ctx *ctx, const struct carry *carry)
{
	const struct xnvme_spec_status *status = &ctx->cpl.status;

	carry_check(carry);
	if (ctx->cmd.common.opcode & OPCODE_GIVES && !status->sc && !status->sct) {
		move_pieces(&carry->data, false);
		move_pieces(&carry->meta, false);
	}
}

void
carry_end(const struct xnvme_cmd_ctx *ctx, struct carry *carry)
{
	bring_back(ctx, carry);
	carry_free(ctx, carry);
}

static void
give_callback_back(struct xnvme_cmd_ctx *ctx, const struct carry *carry)
{
	ASSERT(ctx->async.cb_arg == carry);
	ctx->async.cb = carry->cb;
	ctx->async.cb_arg = carry->cb_arg;
}

static void
carried(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct carry *carry = arg;

	give_callback_back(ctx, carry);
	carry_end(ctx, carry);
	ctx->async.cb(ctx, ctx->async.cb_arg);
}

bool
carry_set_cb(struct xnvme_cmd_ctx *ctx, xnvme_queue_cb cb, void *cb_arg)
{
	struct carry *carry = ctx->async.cb_arg;

	if (ctx->async.cb != carried) {
		return false;
	}
	carry_check(carry);
	while (carry->cb == carried) { /* carried twice: metadata in pieces, memory out of reach */
		carry = carry->cb_arg;
		carry_check(carry);
	}
	carry->cb = cb;
	carry->cb_arg = cb_arg;
	return true;
}

struct carry *
carry_begin(const struct xnvme_cmd_ctx *ctx, const struct payload *payload, struct payload *own)
{
	struct part data = payload->vec ? part_of(payload->vec, payload->vec_cnt,
						  payload->data_nbytes) :
					  part_of_piece(payload->data, payload->data_nbytes);
	struct part meta = part_of_piece(payload->meta, payload->meta_nbytes);
	struct carry *carry = carry_new(ctx, &data, &meta);

	payload_check(payload);
	if (carry) {
		*own = (struct payload){.data = carry->data.flat,
					.data_nbytes = payload->data_nbytes,
					.meta = carry->meta.flat,
					.meta_nbytes = payload->meta_nbytes};
		payload_check(own);
	}
	return carry;
}

int
carry_submit(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct payload *payload)
{
	struct payload own;
	struct carry *carry = carry_begin(ctx, payload, &own);
	int err;

	queue_check(q);
	ASSERT(q->outstanding < q->capacity);
	if (!carry) {
		return q->outstanding ? -EAGAIN : queue_fail(q, ctx, -ENOMEM);
	}
	ctx->async.cb = carried;
	ctx->async.cb_arg = carry;
	err = q->path->submitv(q, ctx, &own);
	if (err) {
		ASSERT(err == -EBUSY || err == -EAGAIN); /* any other error is a completion */
		give_callback_back(ctx, carry);
		carry_free(ctx, carry);
	}
	return err;
}

int
carry_meta_vec(struct xnvme_cmd_ctx *ctx, struct iovec *dvec, size_t dvec_cnt, size_t dvec_nbytes,
	       struct iovec *mvec, size_t mvec_cnt, size_t mvec_nbytes)
{
	struct xnvme_queue *q = ctx->opts & XNVME_CMD_ASYNC ? ctx->async.queue : NULL;
	struct part meta = part_of(mvec, mvec_cnt, mvec_nbytes);
	struct part none = part_of_piece(NULL, 0);
	struct carry *carry;
	int err;

	ASSERT(mvec_cnt > 1 && mvec_nbytes);
	if (q && q->outstanding >= q->capacity) {
		return -EBUSY;
	}
	carry = carry_new(ctx, &none, &meta);
	if (!carry) {
		return q ? queue_fail(q, ctx, -ENOMEM) : cpl_set_errno(ctx, -ENOMEM);
	}
	if (q) {
		ctx->async.cb = carried;
		ctx->async.cb_arg = carry;
	}
	err = xnvme_cmd_pass_iov(ctx, dvec, dvec_cnt, dvec_nbytes, carry->meta.flat, mvec_nbytes);
	if (q && !err) {
		return 0; /* carried() continues */
	}
	if (q) {
		give_callback_back(ctx, carry);
		carry_free(ctx, carry);
	} else {
		carry_end(ctx, carry);
	}
	return err;
}
