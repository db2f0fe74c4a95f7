/* SPDX-License-Identifier: BSD-3-Clause */
#include "guest_io.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The LBA of each append, from its completion */
struct appends {
	uint64_t *lba;
	uint32_t completed;
	uint32_t failed;
};

struct one {
	struct appends *all;
	uint32_t number;
};

static void
on_append(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct one *one = arg;

	one->all->completed += 1;
	one->all->failed += xnvme_cmd_ctx_cpl_status(ctx) != 0;
	one->all->lba[one->number] = ctx->cpl.result;
	(void)xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx);
}

static int
append_all(struct xnvme_queue *queue, uint32_t nsid, uint64_t zslba, uint32_t count, char *buf,
	   size_t block, struct one *ones)
{
	for (uint32_t i = 0; i < count;) {
		struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);
		int err = -EBUSY;

		if (ctx) {
			memset(&ctx->cmd, 0, sizeof(ctx->cmd));
			xnvme_cmd_ctx_set_cb(ctx, on_append, &ones[i]);
			err = xnvme_znd_append(ctx, nsid, zslba, 0, buf + i * block, NULL);
			if (err) {
				(void)xnvme_queue_put_cmd_ctx(queue, ctx);
			}
		}
		if (!err) {
			i += 1;
		} else if (err != -EBUSY && err != -EAGAIN) {
			return complain("append", err);
		} else if ((err = xnvme_queue_poke(queue, 0)) < 0) {
			return complain("poke", err);
		}
	}
	int rc = xnvme_queue_drain(queue);

	return rc < 0 ? complain("drain", rc) : 0;
}

/* Reads each block at the LBA that its append returned; each LBA is used once */
static int
check_places(struct xnvme_dev *dev, uint64_t zslba, uint32_t count, const struct appends *all,
	     const char *buf, size_t block)
{
	char *back = xnvme_buf_alloc(dev, block);
	char *used = calloc(count, 1);
	int err = back && used ? 0 : -ENOMEM;

	for (uint32_t i = 0; i < count && !err; ++i) {
		struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
		uint64_t place = all->lba[i] - zslba;

		err = require(place < count && !used[place], "append %u says block %#" PRIx64
			      ", outside or used", i, all->lba[i]);
		if (!err) {
			used[place] = 1;
			err = xnvme_nvm_read(&ctx, xnvme_dev_get_nsid(dev), all->lba[i], 0, back,
					     NULL);
			err = err ? complain("read", err)
				  : require(!memcmp(back, buf + i * block, block),
					    "append %u is not at block %#" PRIx64, i, all->lba[i]);
		}
	}
	xnvme_buf_free(dev, back);
	free(used);
	return err;
}

/* Resets the fourth zone and returns its start: an empty zone */
static int
take_zone(struct xnvme_dev *dev, uint64_t *zslba)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	struct xnvme_spec_znd_descr descr;
	int err;

	*zslba = 3 * xnvme_dev_get_geo(dev)->nsect;
	err = xnvme_znd_mgmt_send(&ctx, xnvme_dev_get_nsid(dev), *zslba, false,
				  XNVME_SPEC_ZND_CMD_MGMT_SEND_RESET, 0, NULL);
	err = err ? err : xnvme_znd_descr_from_dev(dev, *zslba, &descr);
	if (err) {
		return complain("zone", err);
	}
	return require(descr.zs == XNVME_SPEC_ZND_STATE_EMPTY && descr.wp == *zslba,
		       "a zone that was reset is in state 0x%x, its pointer at %#" PRIx64, descr.zs,
		       (uint64_t)descr.wp);
}

/* The zone's write pointer is after the last append, and a full zone rejects another append */
static int
check_zone(struct xnvme_dev *dev, uint64_t zslba, uint32_t count, char *buf)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	uint32_t nsid = xnvme_dev_get_nsid(dev);
	struct xnvme_spec_znd_descr descr;
	int err = xnvme_znd_descr_from_dev(dev, zslba, &descr);

	err = err ? complain("report", err)
		  : require(descr.wp == zslba + count, "the write pointer is at %#" PRIx64,
			    (uint64_t)descr.wp);
	if (err) {
		return err;
	}
	err = xnvme_znd_mgmt_send(&ctx, nsid, zslba, false, XNVME_SPEC_ZND_CMD_MGMT_SEND_FINISH, 0,
				  NULL);
	if (err) {
		return complain("finish", err);
	}
	ctx = xnvme_cmd_ctx_from_dev(dev);
	err = xnvme_znd_append(&ctx, nsid, zslba, 0, buf, NULL);
	return require(err == -EIO && ctx.cpl.status.sct == XNVME_STATUS_CODE_TYPE_CMDSPEC &&
		       ctx.cpl.status.sc == XNVME_SPEC_ZND_SC_IS_FULL,
		       "an append to a full zone: %d, sct %u sc 0x%x", err, ctx.cpl.status.sct,
		       ctx.cpl.status.sc);
}

int
verb_append(struct xnvme_dev *dev, const struct request *request)
{
	size_t block = xnvme_dev_get_geo(dev)->lba_nbytes;
	struct appends all = {.lba = calloc(request->count, sizeof(uint64_t))};
	struct one *ones = calloc(request->count, sizeof(*ones));
	char *buf = xnvme_buf_alloc(dev, request->count * block);
	struct xnvme_queue *queue = NULL;
	uint64_t zslba = 0;
	int err = all.lba && ones && buf ? 0 : -ENOMEM;

	err = err ? err : xnvme_queue_init(dev, (uint16_t)request->qd, 0, &queue);
	if (err) {
		err = complain("queue", err);
		goto free;
	}
	for (uint32_t i = 0; i < request->count; ++i) {
		ones[i] = (struct one){.all = &all, .number = i};
		pattern_fill(buf + i * block, block, i + 1);
	}
	err = take_zone(dev, &zslba);
	err = err ? err : append_all(queue, xnvme_dev_get_nsid(dev), zslba, request->count, buf,
				     block, ones);
	err = err ? err : require(all.completed == request->count && !all.failed,
				  "%u of %u appends completed, %u failed", all.completed,
				  request->count, all.failed);
	err = err ? err : check_places(dev, zslba, request->count, &all, buf, block);
	err = err ? err : check_zone(dev, zslba, request->count, buf);
	(void)xnvme_queue_term(queue);
	(void)printf("%u appends at depth %u\n", all.completed, request->qd);
free:
	xnvme_buf_free(dev, buf);
	free(all.lba);
	free(ones);
	return err;
}
