/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Separate metadata: data and metadata are each written and read flat and in pieces, in all
 * combinations of write and read. By the synchronous path and by the queue.
 */
#include "guest_io.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { NLB = 7, SLBA = 64, PIECES = 3, DATA_MAX = 4096, META_MAX = 64 };

struct meta_io {
	struct xnvme_dev *dev;
	struct xnvme_queue *queue; /* NULL: synchronous path */
	size_t data_nbytes;
	size_t meta_nbytes;
	uint8_t *data;
	uint8_t *meta;
};

/* Number of pieces of the data and of the metadata */
static const struct shape {
	size_t data;
	size_t meta;
} shapes[] = {{1, 1}, {PIECES, 1}, {1, PIECES}, {PIECES, PIECES}};

/* Splits into pieces of one block each, the last with the rest; 0 pieces: flat */
static size_t
split(struct iovec vec[PIECES], size_t pieces, uint8_t *at, size_t nbytes)
{
	size_t part = nbytes / (NLB + 1);

	for (size_t i = 0; i < pieces; ++i) {
		vec[i].iov_base = at + i * part;
		vec[i].iov_len = i + 1 == pieces ? nbytes - i * part : part;
	}
	return pieces;
}

static int
io(struct meta_io *m, const struct shape *shape, uint8_t opcode)
{
	struct xnvme_cmd_ctx own = xnvme_cmd_ctx_from_dev(m->dev);
	struct xnvme_cmd_ctx *ctx = m->queue ? xnvme_queue_get_cmd_ctx(m->queue) : &own;
	struct iovec data[PIECES], meta[PIECES];
	int err;

	xnvme_cmd_ctx_clear(ctx);
	xnvme_prep_nvm(ctx, opcode, xnvme_dev_get_nsid(m->dev), SLBA, NLB);
	if (shape->data == 1 && shape->meta == 1) {
		err = xnvme_cmd_pass(ctx, m->data, m->data_nbytes, m->meta, m->meta_nbytes);
	} else {
		size_t data_cnt = split(data, shape->data, m->data, m->data_nbytes);
		size_t meta_cnt = split(meta, shape->meta, m->meta, m->meta_nbytes);

		err = xnvme_cmd_passv(ctx, data, data_cnt, m->data_nbytes, meta, meta_cnt,
				      m->meta_nbytes);
	}
	if (m->queue) {
		err = err ? err : xnvme_queue_drain(m->queue) != 1;
		err = err ? err : xnvme_cmd_ctx_cpl_status(ctx) ? -EIO : 0;
		(void)xnvme_queue_put_cmd_ctx(m->queue, ctx);
	}
	return err;
}

/* Writes in one shape, reads in another */
static int
there_and_back(struct meta_io *m, size_t out, size_t in)
{
	static uint8_t data[(NLB + 1) * DATA_MAX], meta[(NLB + 1) * META_MAX];
	int err;

	pattern_fill(m->data, m->data_nbytes, out * 16 + in + 1);
	pattern_fill(m->meta, m->meta_nbytes, out * 16 + in + 101);
	memcpy(data, m->data, m->data_nbytes);
	memcpy(meta, m->meta, m->meta_nbytes);
	err = io(m, &shapes[out], XNVME_SPEC_NVM_OPC_WRITE);
	if (err) {
		return complain("write", err);
	}
	memset(m->data, 0, m->data_nbytes);
	memset(m->meta, 0, m->meta_nbytes);
	err = io(m, &shapes[in], XNVME_SPEC_NVM_OPC_READ);
	if (err) {
		return complain("read", err);
	}
	err = require(!memcmp(data, m->data, m->data_nbytes), "shape %zu as %zu: other data", out,
		      in);
	return err ? err : require(!memcmp(meta, m->meta, m->meta_nbytes),
				   "shape %zu as %zu: other metadata", out, in);
}

static int
all_shapes(struct meta_io *m)
{
	const size_t cnt = sizeof(shapes) / sizeof(shapes[0]);
	int err = 0;

	for (size_t i = 0; i < cnt * cnt && !err; ++i) {
		err = there_and_back(m, i / cnt, i % cnt);
	}
	return err;
}

int
verb_meta(struct xnvme_dev *dev, const struct request *request)
{
	const struct xnvme_geo *geo = xnvme_dev_get_geo(dev);
	struct meta_io m = {.dev = dev, .data_nbytes = (NLB + 1) * (size_t)geo->lba_nbytes,
			    .meta_nbytes = (NLB + 1) * (size_t)geo->nbytes_oob};
	int err = require(geo->nbytes_oob && geo->nbytes_oob <= META_MAX &&
			  geo->nbytes <= DATA_MAX && !geo->lba_extended,
			  "blocks have no separate metadata, or more than this test has room for");

	(void)request;
	if (err) {
		return err;
	}
	m.data = xnvme_buf_alloc(dev, m.data_nbytes);
	m.meta = xnvme_buf_alloc(dev, m.meta_nbytes);
	err = m.data && m.meta ? all_shapes(&m) : -ENOMEM;
	err = err ? err : xnvme_queue_init(dev, 1, 0, &m.queue);
	err = err ? err : all_shapes(&m);
	(void)(m.queue && xnvme_queue_term(m.queue));
	xnvme_buf_free(dev, m.data);
	xnvme_buf_free(dev, m.meta);
	return err;
}
