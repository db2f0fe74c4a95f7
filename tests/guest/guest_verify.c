/* SPDX-License-Identifier: BSD-3-Clause */
#include "guest_io.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
verb_show(struct xnvme_dev *dev, const struct request *request)
{
	const struct xnvme_opts *opts = xnvme_dev_get_opts(dev);
	const struct xnvme_ident *ident = xnvme_dev_get_ident(dev);
	const struct xnvme_geo *geo = xnvme_dev_get_geo(dev);
	struct xnvme_queue *queue;
	int err;

	(void)printf("uri=%s kind=%s nsid=%u csi=%u driver=%s subnqn=%s\n", ident->uri,
		     xnvme_dev_get_kind(dev), ident->nsid, ident->csi, ident->kernel_driver,
		     ident->subnqn);
	(void)printf("async=%s sync=%s admin=%s mem=%s note=%s\n", opts->async ? opts->async : "-",
		     opts->sync, opts->admin, opts->mem, xnvme_dev_get_note(dev));
	(void)printf("type=%d nbytes=%u oob=%u extended=%u pi=%u nzone=%u nsect=%" PRIu64
		     " tbytes=%" PRIu64 " mdts=%u\n", geo->type, geo->nbytes, geo->nbytes_oob,
		     geo->lba_extended, geo->pi_type, geo->nzone, geo->nsect, geo->tbytes,
		     geo->mdts_nbytes);
	if (!opts->async) {
		return 0;
	}
	err = xnvme_queue_init(dev, (uint16_t)request->qd, 0, &queue);
	if (err) {
		return complain("queue", err);
	}
	(void)printf("features=%s\n", xnvme_queue_get_features(queue));
	return xnvme_queue_term(queue);
}

struct pass {
	uint32_t submitted;
	uint32_t completed;
	uint32_t failed;
};

static void
on_completion(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct pass *pass = arg;

	pass->completed += 1;
	if (xnvme_cmd_ctx_cpl_status(ctx)) {
		if (!pass->failed++) {
			(void)fprintf(stderr, "first failure: sct %u sc 0x%x\n",
				      ctx->cpl.status.sct, ctx->cpl.status.sc);
		}
	}
	(void)xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx);
}

/* Splits the bytes of one command into at most `vectors` pieces of multiples of 4 KiB: each but the
 * last is half of the rest */
static size_t
split(struct iovec *vec, size_t vectors, char *buf, size_t nbytes)
{
	size_t cnt = 0;

	while (nbytes) {
		size_t piece = cnt + 1 == vectors ? nbytes : nbytes / 2 / 4096 * 4096;

		piece = piece ? piece : nbytes;
		vec[cnt].iov_base = buf;
		vec[cnt].iov_len = piece;
		buf += piece;
		nbytes -= piece;
		cnt += 1;
	}
	return cnt;
}

/* Writes or reads all blocks of `buf` in commands of `nlb` + 1 blocks */
static int
transfer(struct xnvme_queue *queue, const struct request *request, uint8_t opcode, char *buf,
	 uint16_t nlb, struct iovec *vecs)
{
	struct xnvme_dev *dev = NULL;
	struct pass pass = {0};
	int err = xnvme_queue_set_cb(queue, on_completion, &pass);

	while (!err && pass.submitted < request->count) {
		struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);
		size_t nbytes;

		if (!ctx || xnvme_queue_get_outstanding(queue) == request->qd) {
			if (ctx) {
				(void)xnvme_queue_put_cmd_ctx(queue, ctx);
			}
			err = xnvme_queue_poke(queue, 0);
			err = err < 0 ? err : 0;
			continue;
		}
		dev = ctx->dev;
		nbytes = (nlb + 1ULL) * xnvme_dev_get_geo(dev)->lba_nbytes;
		xnvme_prep_nvm(ctx, opcode, xnvme_dev_get_nsid(dev),
			       (uint64_t)pass.submitted * (nlb + 1U), nlb);
		if (request->vectors) {
			struct iovec *vec = &vecs[pass.submitted * request->vectors];
			size_t cnt = split(vec, request->vectors, buf + pass.submitted * nbytes,
					   nbytes);

			err = xnvme_cmd_pass_iov(ctx, vec, cnt, nbytes, NULL, 0);
		} else {
			err = xnvme_cmd_pass(ctx, buf + pass.submitted * nbytes, nbytes, NULL, 0);
		}
		if (err == -EBUSY || err == -EAGAIN) {
			(void)xnvme_queue_put_cmd_ctx(queue, ctx);
			err = xnvme_queue_poke(queue, 0);
			err = err < 0 ? err : 0;
			continue;
		}
		pass.submitted += !err;
	}
	if (!err) {
		err = xnvme_queue_drain(queue);
	}
	if (err < 0) {
		return complain("transfer", err);
	}
	err = require(pass.completed == request->count, "%u completions of %u commands",
		      pass.completed, request->count);
	return err ? err : require(!pass.failed, "%u commands failed", pass.failed);
}

int
verb_verify(struct xnvme_dev *dev, const struct request *request)
{
	const struct xnvme_geo *geo = xnvme_dev_get_geo(dev);
	uint16_t nlb = (uint16_t)(16384 / geo->nbytes - 1);
	size_t nbytes = (size_t)request->count * (nlb + 1U) * geo->lba_nbytes;
	struct iovec *vecs = calloc((size_t)request->count * (request->vectors + 1), sizeof(*vecs));
	char *out = xnvme_buf_alloc(dev, nbytes);
	char *in = xnvme_buf_alloc(dev, nbytes);
	struct xnvme_queue *queue = NULL;
	size_t differing = 0;
	int err = out && in && vecs ? 0 : -ENOMEM;

	err = err ? err : xnvme_queue_init(dev, (uint16_t)request->qd, 0, &queue);
	if (err) {
		err = complain("queue", err);
		goto free;
	}
	pattern_fill(out, nbytes, 1);
	memset(in, 0, nbytes);
	err = transfer(queue, request, XNVME_SPEC_NVM_OPC_WRITE, out, nlb, vecs);
	err = err ? err : transfer(queue, request, XNVME_SPEC_NVM_OPC_READ, in, nlb, vecs);
	differing = err ? 0 : xnvme_buf_diff(out, in, nbytes);
	err = err ? err : require(!differing, "%zu bytes of %zu differ", differing, nbytes);
	(void)printf("verified %zu bytes, features=%s, note=%s\n", err ? 0 : nbytes,
		     xnvme_queue_get_features(queue), xnvme_dev_get_note(dev));
	(void)xnvme_queue_term(queue);
free:
	xnvme_buf_free(dev, out);
	xnvme_buf_free(dev, in);
	free(vecs);
	return err;
}

/* One command of `nbytes` bytes at block 0, by the queue, or synchronously if it is NULL */
static int
one(struct xnvme_dev *dev, struct xnvme_queue *queue, uint8_t opcode, char *buf, size_t nbytes)
{
	struct xnvme_cmd_ctx sync = xnvme_cmd_ctx_from_dev(dev);
	struct xnvme_cmd_ctx *ctx = queue ? xnvme_queue_get_cmd_ctx(queue) : &sync;
	struct pass pass = {0};
	int err;

	if (queue) {
		xnvme_cmd_ctx_set_cb(ctx, on_completion, &pass);
	}
	xnvme_prep_nvm(ctx, opcode, xnvme_dev_get_nsid(dev), 0,
		       (uint16_t)(nbytes / xnvme_dev_get_geo(dev)->nbytes - 1));
	err = xnvme_cmd_pass(ctx, buf, nbytes, NULL, 0);
	if (!err && queue) {
		err = xnvme_queue_drain(queue);
		err = err < 0 ? err : require(!pass.failed, "the command failed");
	}
	return err ? complain("command", err) : 0;
}

/* The queue and the synchronous path write in turn, and the other reads the same blocks again: a
 * stale cache would return the previous data */
int
verb_coherent(struct xnvme_dev *dev, const struct request *request)
{
	size_t nbytes = 4096;
	char *out = xnvme_buf_alloc(dev, nbytes);
	char *in = xnvme_buf_alloc(dev, nbytes);
	struct xnvme_queue *queue = NULL;
	int err = out && in ? xnvme_queue_init(dev, (uint16_t)request->qd, 0, &queue) : -ENOMEM;

	for (uint64_t round = 0; !err && round < 8; ++round) {
		struct xnvme_queue *writer = round & 1 ? queue : NULL;

		pattern_fill(out, nbytes, 100 + round);
		err = one(dev, writer, XNVME_SPEC_NVM_OPC_WRITE, out, nbytes);
		err = err ? err : one(dev, writer ? NULL : queue, XNVME_SPEC_NVM_OPC_READ, in,
				      nbytes);
		err = err ? err : require(!memcmp(out, in, nbytes), "what a %s command wrote is "
					  "not what is read", writer ? "queue's" : "synchronous");
	}
	(void)printf("note=%s\n", xnvme_dev_get_note(dev));
	if (queue) {
		(void)xnvme_queue_term(queue);
	}
	xnvme_buf_free(dev, out);
	xnvme_buf_free(dev, in);
	return err;
}
