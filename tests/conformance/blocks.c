/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xnvme_nvm_read() and xnvme_nvm_write() are shorthand for a command that the caller prepares.
 * Paths implement them separately; the outcome must be the same.
 */
#include "conform.h"

#include <errno.h>

#define NLB_MAX 8u

struct shape {
	int64_t from_end; /* first block, counted from the end; 0: the first scratch block */
	uint16_t nlb;
	uint32_t options; /* of dword 12, above the count of blocks */
	bool meta;        /* with a metadata buffer */
};

static const struct shape shapes[] = {
	{.nlb = 0},
	{.nlb = NLB_MAX - 1},
	{.nlb = 0, .options = 1u << 30},            /* FUA */
	{.nlb = 3, .options = 1u << 31},            /* limited retry */
	{.nlb = 0, .meta = true},
	{.nlb = 3, .options = 1u << 30, .meta = true},
	{.from_end = 1, .nlb = 0},                  /* the last block */
	{.from_end = 1, .nlb = 1},                  /* one block beyond the end */
	{.from_end = NLB_MAX, .nlb = NLB_MAX - 1},
	{.from_end = NLB_MAX - 1, .nlb = NLB_MAX - 1},
	{.from_end = -1, .nlb = 0},                 /* beyond the end */
	{.from_end = INT64_MAX, .nlb = NLB_MAX - 1}, /* larger than any device */
};

struct outcome {
	int submitted;
	uint16_t status;
	struct xnvme_spec_cmd cmd;
	bool done;
};

static void
ended(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct outcome *outcome = arg;

	CHECK(!outcome->done);
	outcome->done = true;
	outcome->status = (uint16_t)(ctx->cpl.status.val >> 1);
	outcome->cmd = ctx->cmd;
	outcome->cmd.common.cid = 0; /* some paths assign a command identifier */
	CHECK(!xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx));
}

struct way {
	struct xnvme_dev *dev;
	struct xnvme_queue *queue;
	uint8_t opcode;
	bool by_blocks; /* xnvme_nvm_read() and _write(); otherwise xnvme_cmd_pass() */
	char *data;
	char *meta;
};

static int
call_by_blocks(const struct way *way, struct xnvme_cmd_ctx *ctx, uint64_t slba,
	       const struct shape *shape)
{
	uint32_t nsid = xnvme_dev_get_nsid(way->dev);
	void *meta = shape->meta ? way->meta : NULL;

	return way->opcode == XNVME_SPEC_NVM_OPC_WRITE
		       ? xnvme_nvm_write(ctx, nsid, slba, shape->nlb, way->data, meta)
		       : xnvme_nvm_read(ctx, nsid, slba, shape->nlb, way->data, meta);
}

static int
call_by_command(const struct way *way, struct xnvme_cmd_ctx *ctx, uint64_t slba,
		const struct shape *shape)
{
	const struct xnvme_geo *geo = xnvme_dev_get_geo(way->dev);
	size_t count = shape->nlb + 1u;

	xnvme_prep_nvm(ctx, way->opcode, xnvme_dev_get_nsid(way->dev), slba, shape->nlb);
	return xnvme_cmd_pass(ctx, way->data, count * geo->lba_nbytes,
			      shape->meta ? way->meta : NULL,
			      shape->meta ? count * geo->nbytes_oob : 0);
}

static struct outcome
run(const struct target *target, const struct way *way, const struct shape *shape)
{
	const struct xnvme_geo *geo = xnvme_dev_get_geo(way->dev);
	uint64_t slba = shape->from_end ? geo->nsect - (uint64_t)shape->from_end : target->scratch;
	struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(way->queue);
	struct outcome outcome = {0};

	CHECK(ctx);
	xnvme_cmd_ctx_set_cb(ctx, ended, &outcome);
	memset(&ctx->cmd, 0, sizeof(ctx->cmd));
	memset(&ctx->cpl, 0xFF, sizeof(ctx->cpl)); /* the call clears it */
	ctx->cmd.common.cdw12 = shape->options;
	outcome.submitted = way->by_blocks ? call_by_blocks(way, ctx, slba, shape)
					   : call_by_command(way, ctx, slba, shape);
	CHECK(!outcome.submitted);
	CHECK(xnvme_queue_drain(way->queue) == 1);
	CHECK(outcome.done);
	return outcome;
}

/* Runs `shape` both ways: the outcomes are equal, and reads return what was written */
static void
compare(const struct target *target, struct way *way, const struct shape *shape, uint64_t seed)
{
	size_t nbytes = (shape->nlb + 1u) * xnvme_dev_get_geo(way->dev)->lba_nbytes;
	struct outcome outcomes[2];
	char *kept = malloc(nbytes);

	CHECK(kept);
	for (int by_blocks = 0; by_blocks < 2; ++by_blocks) {
		way->by_blocks = by_blocks;
		way->opcode = XNVME_SPEC_NVM_OPC_WRITE;
		pattern(way->data, nbytes, seed * 2 + (uint64_t)by_blocks);
		memcpy(kept, way->data, nbytes);
		outcomes[by_blocks] = run(target, way, shape);
		way->opcode = XNVME_SPEC_NVM_OPC_READ;
		memset(way->data, 0, nbytes);
		CHECK(run(target, way, shape).status == outcomes[by_blocks].status);
		CHECK(outcomes[by_blocks].status || !target->moves_data ||
		      !memcmp(way->data, kept, nbytes));
	}
	CHECK(outcomes[0].status == outcomes[1].status);
	CHECK(!memcmp(&outcomes[0].cmd, &outcomes[1].cmd, sizeof(outcomes[0].cmd)));
	free(kept);
}

static void
comes_to_the_same_by_blocks(const struct target *target)
{
	struct way way = {.dev = target_open(target)};

	way.queue = target_queue(way.dev, 4);
	way.data = target_buf(way.dev, NLB_MAX);
	way.meta = target_buf(way.dev, NLB_MAX);
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); ++i) {
		compare(target, &way, &shapes[i], i);
	}
	CHECK(!xnvme_queue_term(way.queue));
	xnvme_buf_free(way.dev, way.meta);
	xnvme_buf_free(way.dev, way.data);
	xnvme_dev_close(way.dev);
}

const struct check checks_blocks[] = {
	{"comes_to_the_same_by_blocks", comes_to_the_same_by_blocks},
	{NULL, NULL},
};
