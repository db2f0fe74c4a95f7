/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Failed commands end with a status of the standard and do not affect the next command.
 */
#include "conform.h"

#include <errno.h>
#include <string.h>

struct last {
	int done;
	struct xnvme_spec_cpl cpl;
};

static void
last_cb(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct last *last = arg;

	last->done += 1;
	last->cpl = ctx->cpl;
	CHECK(!xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx));
}

/* Runs one read or write synchronously and by a queue; both completions must have this status */
static void
expect(const struct target *target, uint8_t opcode, uint64_t slba, uint16_t nlb, uint8_t sct,
       uint8_t sc)
{
	struct xnvme_dev *dev = target_open(target);
	struct xnvme_queue *queue = target_queue(dev, 1);
	uint32_t nsid = xnvme_dev_get_nsid(dev);
	char *buf = target_buf(dev, nlb + 1u);
	size_t nbytes = (nlb + 1u) * (size_t)xnvme_dev_get_geo(dev)->lba_nbytes;
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	struct xnvme_cmd_ctx *async = xnvme_queue_get_cmd_ctx(queue);
	struct last last = {0};
	int err;

	xnvme_prep_nvm(&ctx, opcode, nsid, slba, nlb);
	err = xnvme_cmd_pass(&ctx, buf, nbytes, NULL, 0);
	CHECK(!!err == !!(sc || sct));
	CHECK(ctx.cpl.status.sct == sct && ctx.cpl.status.sc == sc);
	xnvme_cmd_ctx_set_cb(async, last_cb, &last);
	xnvme_prep_nvm(async, opcode, nsid, slba, nlb);
	CHECK(!xnvme_cmd_pass(async, buf, nbytes, NULL, 0)); /* an error is a completion */
	CHECK(xnvme_queue_get_outstanding(queue) == 1);
	CHECK(xnvme_queue_drain(queue) == 1 && last.done == 1);
	CHECK(last.cpl.status.sct == sct && last.cpl.status.sc == sc);

	/* the next command on the same context succeeds */
	async = xnvme_queue_get_cmd_ctx(queue);
	xnvme_cmd_ctx_set_cb(async, last_cb, &last);
	CHECK(!xnvme_nvm_read(async, nsid, target->scratch, 0, buf, NULL));
	CHECK(xnvme_queue_drain(queue) == 1 && last.done == 2);
	CHECK(!last.cpl.status.sct && !last.cpl.status.sc);
	CHECK(!xnvme_queue_term(queue));
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
}

/* X04: in xNVMe 0.7.5, a reused context keeps the status of an earlier error. Here completions are
 * cleared on submission: the next command on the same context succeeds. X10: reads beyond the end
 * succeed, huge addresses wrap to block 0. Here they are LBA Out of Range, before anything is
 * submitted. X12: a ramdisk checks no bounds. Here they are those of other devices. */
static void
keeps_to_its_bounds(const struct target *target)
{
	static const uint8_t opcodes[] = {XNVME_SPEC_NVM_OPC_READ, XNVME_SPEC_NVM_OPC_WRITE};
	struct xnvme_dev *dev = target_open(target);
	uint64_t end = xnvme_dev_get_geo(dev)->nsect;
	uint32_t shift = (uint32_t)xnvme_dev_get_ssw(dev);

	xnvme_dev_close(dev);
	for (size_t i = 0; i < 2; ++i) {
		uint8_t opcode = opcodes[i];

		expect(target, opcode, end - 1, 0, 0, 0);
		expect(target, opcode, end, 0, 0, 0x80);
		expect(target, opcode, end - 1, 1, 0, 0x80);
		expect(target, opcode, end - 4, 7, 0, 0x80);
		expect(target, opcode, UINT64_MAX, 0, 0, 0x80);
		expect(target, opcode, UINT64_MAX - 3, 7, 0, 0x80); /* the sum wraps */
		expect(target, opcode, 1ULL << (64 - shift), 0, 0, 0x80); /* offset wraps to 0 */
		expect(target, opcode, 1ULL << 63, 0, 0, 0x80);
	}
}

/* Passes a read of one block with a buffer of `length` bytes; returns whether it failed */
static bool
errs_with_length(struct xnvme_queue *queue, struct xnvme_dev *dev, uint64_t slba, char *buf,
		 size_t length, bool sync)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	struct last last = {0};

	if (sync) {
		xnvme_prep_nvm(&ctx, XNVME_SPEC_NVM_OPC_READ, 1, slba, 0);
		int err = xnvme_cmd_pass(&ctx, buf, length, NULL, 0);

		CHECK(!!err == !!xnvme_cmd_ctx_cpl_status(&ctx));
		return err;
	}
	struct xnvme_cmd_ctx *async = xnvme_queue_get_cmd_ctx(queue);

	xnvme_cmd_ctx_set_cb(async, last_cb, &last);
	xnvme_prep_nvm(async, XNVME_SPEC_NVM_OPC_READ, 1, slba, 0);
	CHECK(!xnvme_cmd_pass(async, buf, length, NULL, 0));
	CHECK(xnvme_queue_drain(queue) == 1);
	return last.cpl.status.sc || last.cpl.status.sct;
}

/* A buffer that is too small is refused. One that is too large is either refused, or only the bytes
 * of the command are touched. */
static void
believes_no_wrong_length(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	struct xnvme_queue *queue = target_queue(dev, 1);
	size_t block = xnvme_dev_get_geo(dev)->lba_nbytes;
	size_t lengths[] = {0, 1, block - 1, block + 1, 2 * block};
	char *buf = target_buf(dev, 4);

	for (size_t i = 0; i < 2 * sizeof(lengths) / sizeof(lengths[0]); ++i) {
		size_t length = lengths[i / 2];

		memset(buf, 0x5A, 4 * block);
		bool errs = errs_with_length(queue, dev, target->scratch, buf, length, i & 1);

		CHECK(errs || length > block || !target->moves_data);
		for (size_t at = length < block ? length : block; at < 4 * block; ++at) {
			CHECK(buf[at] == 0x5A);
		}
	}
	CHECK(!xnvme_queue_term(queue));
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
}

static void
needs_a_buffer(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	struct xnvme_queue *queue = target_queue(dev, 1);
	size_t block = xnvme_dev_get_geo(dev)->lba_nbytes;
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	struct xnvme_cmd_ctx *async = xnvme_queue_get_cmd_ctx(queue);
	struct last last = {0};

	xnvme_prep_nvm(&ctx, XNVME_SPEC_NVM_OPC_READ, xnvme_dev_get_nsid(dev),
		       target->scratch, 0);
	CHECK(xnvme_cmd_pass(&ctx, NULL, block, NULL, 0));
	CHECK(xnvme_cmd_ctx_cpl_status(&ctx));
	xnvme_cmd_ctx_set_cb(async, last_cb, &last);
	xnvme_prep_nvm(async, XNVME_SPEC_NVM_OPC_READ, xnvme_dev_get_nsid(dev),
		       target->scratch, 0);
	CHECK(!xnvme_cmd_pass(async, NULL, block, NULL, 0));
	CHECK(xnvme_queue_drain(queue) == 1);
	CHECK(!target->moves_data || last.cpl.status.sc || last.cpl.status.sct);
	CHECK(!xnvme_queue_term(queue));
	xnvme_dev_close(dev);
}

/* X32: in xNVMe 0.7.5, posix aio leaves a partly filled request after an unknown opcode. Here the
 * opcode is checked before a slot is taken. */
static void
knows_no_such_command(const struct target *target)
{
	static const uint8_t opcodes[] = {0x03, 0x3F, 0x55, 0xFE};
	struct xnvme_dev *dev = target_open(target);
	struct xnvme_queue *queue = target_queue(dev, 1);
	struct last last = {0};

	for (size_t i = 0; i < sizeof(opcodes); ++i) {
		struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
		struct xnvme_cmd_ctx *async = xnvme_queue_get_cmd_ctx(queue);

		xnvme_prep_nvm(&ctx, opcodes[i], xnvme_dev_get_nsid(dev), 0, 0);
		CHECK(xnvme_cmd_pass(&ctx, NULL, 0, NULL, 0) == -EIO);
		CHECK(is_foreign(dev) || (ctx.cpl.status.sc == 0x01 && ctx.cpl.status.sct == 0));
		xnvme_cmd_ctx_set_cb(async, last_cb, &last);
		xnvme_prep_nvm(async, opcodes[i], xnvme_dev_get_nsid(dev), 0, 0);
		CHECK(!xnvme_cmd_pass(async, NULL, 0, NULL, 0));
		CHECK(xnvme_queue_drain(queue) == 1);
		CHECK(!target->moves_data || last.cpl.status.sc == 0x01 ||
		      (is_foreign(dev) && last.cpl.status.sc));
		xnvme_cmd_ctx_clear(async);
	}
	CHECK(!xnvme_queue_term(queue));
	xnvme_dev_close(dev);
}

/* A buffer at an unaligned address works or is refused with an errno; it never corrupts data */
static void
takes_unaligned_addresses(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	struct xnvme_queue *queue = target_queue(dev, 1);
	size_t block = xnvme_dev_get_geo(dev)->lba_nbytes;
	struct xnvme_cmd_ctx *async = xnvme_queue_get_cmd_ctx(queue);
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	char *buf = target_buf(dev, 2);
	char *want = target_buf(dev, 1);
	struct last last = {0};

	pattern(want, block, 4);
	CHECK(!xnvme_nvm_write(&ctx, xnvme_dev_get_nsid(dev), target->scratch, 0, want, NULL));
	memset(buf, 0x5A, 2 * block);
	xnvme_cmd_ctx_set_cb(async, last_cb, &last);
	CHECK(!xnvme_nvm_read(async, xnvme_dev_get_nsid(dev), target->scratch, 0, buf + 1, NULL));
	CHECK(xnvme_queue_drain(queue) == 1);
	if (last.cpl.status.sc || last.cpl.status.sct) {
		CHECK(last.cpl.status.sct == XNVME_STATUS_CODE_TYPE_VENDOR);
	} else {
		CHECK(!target->moves_data || !memcmp(buf + 1, want, block));
	}
	CHECK(buf[0] == 0x5A && buf[block + 1] == 0x5A);
	CHECK(!xnvme_queue_term(queue));
	xnvme_buf_free(dev, buf);
	xnvme_buf_free(dev, want);
	xnvme_dev_close(dev);
}

static void
puts_back_once(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	struct xnvme_queue *queue = target_queue(dev, 1);
	struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);

	CHECK(ctx->dev == dev && ctx->async.queue == queue);
	CHECK(!xnvme_queue_put_cmd_ctx(queue, ctx));
	CHECK(xnvme_queue_put_cmd_ctx(queue, ctx) == -EINVAL);
	CHECK(!xnvme_queue_term(queue));
	CHECK(xnvme_queue_term(NULL) == -EINVAL);
	xnvme_dev_close(dev);
}

const struct check checks_error[] = {
	{"keeps_to_its_bounds", keeps_to_its_bounds},
	{"believes_no_wrong_length", believes_no_wrong_length},
	{"needs_a_buffer", needs_a_buffer},
	{"knows_no_such_command", knows_no_such_command},
	{"takes_odd_addresses", takes_unaligned_addresses},
	{"puts_back_once", puts_back_once},
	{NULL, NULL},
};
