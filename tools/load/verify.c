/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Verification in two passes over the same blocks: all are written before the first is read, so
 * that a misdirected write is detected at its wrong destination, too.
 */
#include <errno.h>
#include <stdlib.h>

#include "pattern.h"
#include "verify.h"

#define WAIT_NS 1000000ULL
#define QDEPTH_MAX 4096

struct slot {
	struct pass *pass;
	struct slot *next; /* in pass->deferred */
	struct xnvme_cmd_ctx *ctx;
	uint8_t *buf;
	uint64_t io;
};

/* One pass, writing or reading */
struct pass {
	struct verify *v;
	bool is_write;
	struct xnvme_queue *queue;
	struct slot *slots;
	struct slot *deferred;
	uint64_t next_io;
	uint32_t nactive;
};

static bool
stopped(const struct verify *v)
{
	return v->stop && atomic_load(v->stop);
}

int
verify_check_sizes(const struct verify *v)
{
	const struct xnvme_geo *geo = xnvme_dev_get_geo(v->dev);

	if (!v->iosize || !geo->lba_nbytes || v->iosize % geo->lba_nbytes ||
	    v->iosize / geo->lba_nbytes > UINT16_MAX + 1ULL) {
		return tool_refuse("--iosize is a multiple of the block, see lba_nbytes in "
				   "'xnvme info'");
	}
	if (geo->mdts_nbytes && v->iosize > geo->mdts_nbytes) {
		return tool_refuse("--iosize is larger than a command may be, see mdts_nbytes in "
				   "'xnvme info'");
	}
	if (v->qdepth > QDEPTH_MAX) {
		return tool_refuse("--qdepth is 1 to 4096 for queues, 0 for synchronous commands");
	}
	if (!v->nios || v->nios > geo->tbytes / v->iosize) {
		return tool_refuse("--count is at least 1, and at most what the device has room "
				   "for");
	}
	return 0;
}

static void
prep(struct verify *v, struct xnvme_cmd_ctx *ctx, uint8_t *buf, uint64_t io, bool is_write)
{
	uint32_t nblocks = v->iosize / xnvme_dev_get_geo(v->dev)->lba_nbytes;

	xnvme_prep_nvm(ctx, is_write ? XNVME_SPEC_NVM_OPC_WRITE : XNVME_SPEC_NVM_OPC_READ,
		       xnvme_dev_get_nsid(v->dev), io * nblocks, (uint16_t)(nblocks - 1));
	if (is_write) {
		pattern_fill(buf, v->iosize, io * v->iosize, v->seed);
	} else {
		memset(buf, 0, v->iosize); /* stale data of the last command could pass the check */
	}
}

/* Count the result of a command */
static void
judge(struct verify *v, struct xnvme_cmd_ctx *ctx, const uint8_t *buf, uint64_t io, bool is_write)
{
	if (xnvme_cmd_ctx_cpl_status(ctx)) {
		if (!v->nwrite_failed && !v->nread_failed) {
			v->first_failure = ctx->cpl;
		}
		*(is_write ? &v->nwrite_failed : &v->nread_failed) += 1;
		return;
	}
	if (is_write) {
		return;
	}
	if (pattern_check(buf, v->iosize, io * v->iosize, v->seed) == v->iosize) {
		v->nverified += 1;
		return;
	}
	v->nmismatches += 1;
	if (v->on_mismatch) {
		uint32_t nblocks = v->iosize / xnvme_dev_get_geo(v->dev)->lba_nbytes;

		v->on_mismatch(io, io * nblocks, v->nmismatches);
	}
}

static int
pass_sync(struct verify *v, bool is_write)
{
	int err = 0;
	uint8_t *buf = tool_buf(v->dev, v->iosize, NULL, &err);

	for (uint64_t io = 0; !err && io < v->nios && !stopped(v); ++io) {
		struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(v->dev);

		prep(v, &ctx, buf, io, is_write);
		err = xnvme_cmd_pass(&ctx, buf, v->iosize, NULL, 0);
		if (err && !xnvme_cmd_ctx_cpl_status(&ctx)) {
			xnvme_cli_perr("xnvme_cmd_pass()", err);
			break;
		}
		err = 0;
		judge(v, &ctx, buf, io, is_write);
		xnvme_cli_progress(is_write ? "writing" : "reading", io + 1, v->nios);
	}
	xnvme_buf_free(v->dev, buf);
	return err;
}

static void
submit(struct slot *slot)
{
	struct pass *pass = slot->pass;
	int err = xnvme_cmd_pass(slot->ctx, slot->buf, pass->v->iosize, NULL, 0);

	if (!err) {
		return;
	}
	if (err == -EBUSY || err == -EAGAIN) {
		slot->next = pass->deferred;
		pass->deferred = slot;
		return;
	}
	*(pass->is_write ? &pass->v->nwrite_failed : &pass->v->nread_failed) += 1;
	pass->nactive -= 1;
}

static void
begin(struct slot *slot)
{
	struct pass *pass = slot->pass;

	if (pass->next_io >= pass->v->nios || stopped(pass->v)) {
		return;
	}
	slot->io = pass->next_io++;
	pass->nactive += 1;
	prep(pass->v, slot->ctx, slot->buf, slot->io, pass->is_write);
	submit(slot);
}

static void
on_complete(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct slot *slot = arg;

	judge(slot->pass->v, ctx, slot->buf, slot->io, slot->pass->is_write);
	slot->pass->nactive -= 1;
	begin(slot);
}

static int
init_slots(struct pass *pass)
{
	struct verify *v = pass->v;
	uint32_t capacity = 1;
	int err;

	v->qdepth = (uint32_t)XNVME_MIN_U64(v->qdepth, v->nios);
	while (capacity < v->qdepth) {
		capacity <<= 1;
	}
	err = xnvme_queue_init(v->dev, (uint16_t)capacity, 0, &pass->queue);
	if (err) {
		pass->queue = NULL;
		xnvme_cli_perr("xnvme_queue_init()", err);
		return err;
	}
	pass->slots = calloc(v->qdepth, sizeof(*pass->slots));
	for (uint32_t i = 0; pass->slots && i < v->qdepth; ++i) {
		struct slot *slot = &pass->slots[i];

		slot->pass = pass;
		slot->buf = tool_buf(v->dev, v->iosize, NULL, &err);
		slot->ctx = slot->buf ? xnvme_queue_get_cmd_ctx(pass->queue) : NULL;
		if (!slot->ctx) {
			return err ? err : -ENOMEM;
		}
		xnvme_cmd_ctx_set_cb(slot->ctx, on_complete, slot);
	}
	return pass->slots ? 0 : -ENOMEM;
}

static void
term_slots(struct pass *pass)
{
	/* contexts are freed with their queue: after an error commands may be outstanding */
	if (pass->queue) {
		xnvme_queue_term(pass->queue);
	}
	for (uint32_t i = 0; pass->slots && i < pass->v->qdepth; ++i) {
		xnvme_buf_free(pass->v->dev, pass->slots[i].buf);
	}
	free(pass->slots);
}

static int
drive(struct pass *pass)
{
	while (pass->nactive) {
		struct slot *slot;
		int got = xnvme_queue_poke(pass->queue, 0);

		got = got ? got : xnvme_queue_wait_timeout(pass->queue, WAIT_NS);
		if (got < 0 && got != -EAGAIN && got != -EBUSY && got != -EINTR) {
			xnvme_cli_perr("xnvme_queue_poke()", got);
			return got;
		}
		slot = pass->deferred;
		pass->deferred = NULL;
		while (slot) {
			struct slot *next = slot->next;

			submit(slot);
			slot = next;
		}
	}
	return 0;
}

static int
pass_async(struct verify *v, bool is_write)
{
	struct pass pass = {.v = v, .is_write = is_write};
	int err = init_slots(&pass);

	for (uint32_t i = 0; !err && i < v->qdepth; ++i) {
		begin(&pass.slots[i]);
	}
	err = err ? err : drive(&pass);
	term_slots(&pass);
	return err;
}

int
verify_run(struct verify *v)
{
	int err = v->qdepth ? pass_async(v, true) : pass_sync(v, true);

	if (!err && !stopped(v)) {
		err = v->qdepth ? pass_async(v, false) : pass_sync(v, false);
	}
	if (err) {
		return err;
	}
	if (v->nmismatches) {
		return -EBADMSG;
	}
	if (v->nwrite_failed || v->nread_failed) {
		return -EIO;
	}
	return v->nverified == v->nios ? 0 : -EINTR;
}
