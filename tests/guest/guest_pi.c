/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Protection information: inserted and stripped by the controller, generated and checked by the
 * host, and corrupted in each field, which the controller must detect. By the synchronous path and
 * by the queue.
 */
#include "guest_io.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* 8 blocks (NLB is zeroes based), from LBA 8: QEMU 7.2 does not check a command at LBA 0 */
enum { NLB = 7, SLBA = 8 };
#define APP_TAG 0xA5A5

struct pi_io {
	struct xnvme_dev *dev;
	struct xnvme_queue *queue; /* NULL: synchronous path */
	const struct xnvme_geo *geo;
	uint8_t *data;
	uint8_t *meta; /* NULL when interleaved */
	size_t data_nbytes;
	size_t meta_nbytes;
	uint8_t checks; /* PRCHK: type 3 does not check the reference tag */
};

/* One command by the selected path; the completion is in *ctx */
static int
io(struct pi_io *pi, uint8_t opcode, uint8_t prinfo, uint16_t app_tag, struct xnvme_cmd_ctx *ctx)
{
	struct xnvme_cmd_ctx *queued = pi->queue ? xnvme_queue_get_cmd_ctx(pi->queue) : NULL;
	struct xnvme_cmd_ctx *used = queued ? queued : ctx;
	int err;

	*ctx = xnvme_cmd_ctx_from_dev(pi->dev);
	if (queued) {
		xnvme_cmd_ctx_clear(queued);
	}
	xnvme_prep_nvm(used, opcode, xnvme_dev_get_nsid(pi->dev), SLBA, NLB);
	used->cmd.nvm.prinfo = prinfo & 0xFU;
	used->cmd.nvm.ilbrt = SLBA;
	used->cmd.nvm.lbat = app_tag;
	used->cmd.nvm.lbatm = 0xFFFF;
	err = xnvme_cmd_pass(used, pi->data, pi->data_nbytes, pi->meta, pi->meta_nbytes);
	if (queued) {
		err = err ? err : xnvme_queue_drain(pi->queue) != 1;
		ctx->cpl = queued->cpl;
		err = err ? err : xnvme_cmd_ctx_cpl_status(ctx) ? -EIO : 0;
		(void)xnvme_queue_put_cmd_ctx(pi->queue, queued);
	}
	return err;
}

static int
context(const struct pi_io *pi, struct xnvme_pi_ctx *ctx)
{
	return xnvme_pi_ctx_init(ctx, pi->geo->lba_nbytes, pi->geo->nbytes_oob,
				 pi->geo->lba_extended, pi->geo->pi_loc,
				 (enum xnvme_pi_type)pi->geo->pi_type, pi->checks, SLBA, 0xFFFF,
				 APP_TAG,
				 (enum xnvme_spec_nvm_ns_pif)pi->geo->pi_format);
}

/* The host generates, the controller checks on write and read, the host verifies */
static int
host_made(struct pi_io *pi)
{
	struct xnvme_cmd_ctx ctx;
	struct xnvme_pi_ctx pi_ctx;
	int err = context(pi, &pi_ctx);

	if (err) {
		return complain("pi context", err);
	}
	pattern_fill(pi->data, pi->data_nbytes, 7);
	xnvme_pi_generate(&pi_ctx, pi->data, pi->meta, NLB + 1);
	err = io(pi, XNVME_SPEC_NVM_OPC_WRITE, pi->checks, APP_TAG, &ctx);
	if (err) {
		return complain("write of what the host made", err);
	}
	memset(pi->data, 0, pi->data_nbytes);
	err = io(pi, XNVME_SPEC_NVM_OPC_READ, pi->checks, APP_TAG, &ctx);
	if (err) {
		return complain("read with checks", err);
	}
	err = xnvme_pi_verify(&pi_ctx, pi->data, pi->meta, NLB + 1);
	return err ? complain("check by the host", -EILSEQ) : 0;
}

/* A write with a wrong guard or tag must fail with the status of that field */
static int
planted(struct pi_io *pi)
{
	static const struct {
		uint8_t check;
		uint8_t sc; /* NVMe base 2.0, 4.1.2.3: media errors */
	} errors[] = {
		{XNVME_SPEC_PRINFO_PRCHK_GUARD, 0x82},
		{XNVME_SPEC_PRINFO_PRCHK_APP, 0x83},
		{XNVME_SPEC_PRINFO_PRCHK_REF, 0x84},
	};
	static const uint8_t at[] = {0, 2, 7}; /* offsets in the tuple of a 16 bit guard */
	size_t tuple = xnvme_pi_size((enum xnvme_spec_nvm_ns_pif)pi->geo->pi_format);
	uint8_t *first = pi->meta ? pi->meta : pi->data + pi->geo->nbytes;
	struct xnvme_pi_ctx pi_ctx;
	int err = context(pi, &pi_ctx);

	first += pi->geo->pi_loc ? 0 : pi->geo->nbytes_oob - tuple;
	for (size_t i = 0; i < 3 && !err; ++i) {
		struct xnvme_cmd_ctx ctx;

		if (!(pi->checks & errors[i].check)) {
			continue;
		}
		pattern_fill(pi->data, pi->data_nbytes, 9);
		xnvme_pi_generate(&pi_ctx, pi->data, pi->meta, NLB + 1);
		first[at[i]] ^= 1;
		err = io(pi, XNVME_SPEC_NVM_OPC_WRITE, errors[i].check, APP_TAG, &ctx);
		err = require(err == -EIO && ctx.cpl.status.sct == 2 &&
			      ctx.cpl.status.sc == errors[i].sc,
			      "a write with a wrong part %zu: %d, sct %u sc 0x%x", i, err,
			      ctx.cpl.status.sct, ctx.cpl.status.sc);
		err = err ? err : require(xnvme_pi_verify(&pi_ctx, pi->data, pi->meta, NLB + 1),
					  "the host does not see the wrong part %zu", i);
	}
	return err;
}

/* PRACT: the controller inserts and strips; if the metadata is only the tuple, only data moves */
static int
inserted(struct pi_io *pi)
{
	uint8_t prinfo = XNVME_SPEC_PRINFO_PRACT | pi->checks;
	size_t data_nbytes = (NLB + 1) * (size_t)pi->geo->nbytes;
	struct pi_io bare = *pi;
	struct xnvme_cmd_ctx ctx;
	uint8_t expected[512];
	int err;

	if (pi->geo->nbytes_oob == xnvme_pi_size((enum xnvme_spec_nvm_ns_pif)pi->geo->pi_format)) {
		bare.data_nbytes = data_nbytes;
		bare.meta = NULL;
		bare.meta_nbytes = 0;
	}
	pattern_fill(bare.data, bare.data_nbytes, 11);
	memcpy(expected, bare.data, sizeof(expected));
	err = io(&bare, XNVME_SPEC_NVM_OPC_WRITE, XNVME_SPEC_PRINFO_PRACT, APP_TAG, &ctx);
	if (err) {
		return complain("write with PRACT", err);
	}
	memset(bare.data, 0, bare.data_nbytes);
	err = io(&bare, XNVME_SPEC_NVM_OPC_READ, prinfo, APP_TAG, &ctx);
	if (err) {
		return complain("read with PRACT", err);
	}
	err = require(!memcmp(expected, bare.data, sizeof(expected)), "PRACT changed the data");
	if (err) {
		return err;
	}
	err = io(pi, XNVME_SPEC_NVM_OPC_READ, XNVME_SPEC_PRINFO_PRCHK_APP, APP_TAG ^ 1, &ctx);
	return require(err == -EIO && ctx.cpl.status.sct == 2 && ctx.cpl.status.sc == 0x83,
		       "a read that expects another application tag: %d, sct %u sc 0x%x", err,
		       ctx.cpl.status.sct, ctx.cpl.status.sc);
}

static int
all_of_it(struct pi_io *pi)
{
	int err = host_made(pi);

	err = err ? err : planted(pi);
	return err ? err : inserted(pi);
}

int
verb_pi(struct xnvme_dev *dev, const struct request *request)
{
	const struct xnvme_geo *geo = xnvme_dev_get_geo(dev);
	struct pi_io pi = {.dev = dev, .geo = geo};
	void *meta;
	int err;

	(void)request;
	if (!geo->pi_type) {
		return require(false, "the namespace has no protection information");
	}
	pi.data_nbytes = (NLB + 1) * (size_t)geo->lba_nbytes;
	pi.meta_nbytes = geo->lba_extended ? 0 : (NLB + 1) * (size_t)geo->nbytes_oob;
	pi.checks = XNVME_SPEC_PRINFO_PRCHK_GUARD | XNVME_SPEC_PRINFO_PRCHK_APP |
		    (geo->pi_type == 3 ? 0 : XNVME_SPEC_PRINFO_PRCHK_REF);
	pi.data = xnvme_buf_alloc(dev, pi.data_nbytes);
	meta = xnvme_buf_alloc(dev, 4096);
	if (!pi.data || !meta) {
		return complain("buffers", -ENOMEM);
	}
	pi.meta = pi.meta_nbytes ? meta : NULL;
	err = all_of_it(&pi);
	err = err ? err : xnvme_queue_init(dev, 1, 0, &pi.queue);
	err = err ? err : all_of_it(&pi);
	(void)(pi.queue && xnvme_queue_term(pi.queue));
	(void)printf("type %u, %u bytes of metadata, %s, tuple %s\n", geo->pi_type,
		     geo->nbytes_oob, geo->lba_extended ? "extended" : "separate",
		     geo->pi_loc ? "first" : "last");
	xnvme_buf_free(dev, pi.data);
	xnvme_buf_free(dev, meta);
	return err;
}
