/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any memory works on any handle: of another handle, on the stack, from malloc, at any alignment,
 * in pieces, and at an address that was freed and mapped again. Commands of the largest transfer
 * size work, and larger ones complete.
 */
#include "conform.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

enum { BLOCKS = 3, BLOCK_MAX = 4096, NBYTES_MAX = BLOCKS * BLOCK_MAX, TURNS = 50 };

struct rig {
	const struct target *target;
	struct xnvme_dev *dev;
	struct xnvme_queue *queue; /* NULL: synchronous */
	size_t nbytes;
	uint64_t seed;
	char *expected;
};

static void
put_cb(struct xnvme_cmd_ctx *ctx, void *arg)
{
	int *failed = arg;

	*failed = xnvme_cmd_ctx_cpl_status(ctx);
	CHECK(!xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx));
}

static void
move(const struct rig *rig, uint8_t opcode, void *buf, struct iovec *vec, size_t cnt)
{
	struct xnvme_cmd_ctx sync = xnvme_cmd_ctx_from_dev(rig->dev);
	struct xnvme_cmd_ctx *ctx = rig->queue ? xnvme_queue_get_cmd_ctx(rig->queue) : &sync;
	int failed = 0;

	xnvme_prep_nvm(ctx, opcode, xnvme_dev_get_nsid(rig->dev), rig->target->scratch,
		       BLOCKS - 1);
	if (rig->queue) {
		xnvme_cmd_ctx_set_cb(ctx, put_cb, &failed);
	}
	CHECK(!(vec ? xnvme_cmd_pass_iov(ctx, vec, cnt, rig->nbytes, NULL, 0) :
		      xnvme_cmd_pass(ctx, buf, rig->nbytes, NULL, 0)));
	if (rig->queue) {
		CHECK(xnvme_queue_drain(rig->queue) == 1);
		CHECK(!failed);
	}
}

/* Writes from `buf` and reads into the handle's own buffer, then reads into `buf` */
static void
goes_both_ways(struct rig *rig, char *buf)
{
	rig->seed += 1;
	pattern(buf, rig->nbytes, rig->seed);
	move(rig, XNVME_SPEC_NVM_OPC_WRITE, buf, NULL, 0);
	memset(rig->expected, 0, rig->nbytes);
	move(rig, XNVME_SPEC_NVM_OPC_READ, rig->expected, NULL, 0);
	CHECK(!rig->target->moves_data || !memcmp(buf, rig->expected, rig->nbytes));
	memset(buf, 0, rig->nbytes);
	move(rig, XNVME_SPEC_NVM_OPC_READ, buf, NULL, 0);
	CHECK(!rig->target->moves_data || !memcmp(buf, rig->expected, rig->nbytes));
}

/* Accepts a buffer of another handle of any kind; a program may allocate only that one */
static void
takes_buffers_of(struct rig *rig, const char *uri)
{
	struct xnvme_dev *other = xnvme_dev_open(uri, NULL);
	char *buf;

	if (!other) {
		CHECK(errno == ENOTSUP); /* not in this build */
		return;
	}
	buf = xnvme_buf_alloc(other, rig->nbytes);
	CHECK(buf);
	goes_both_ways(rig, buf);
	xnvme_buf_free(other, buf);
	xnvme_dev_close(other);
}

/* The same addresses with different pages each time: a path that caches the first translation reads
 * or writes pages that are no longer mapped */
static void
takes_memory_that_comes_back(struct rig *rig)
{
	char *at = mmap(NULL, NBYTES_MAX, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			0);

	CHECK(at != MAP_FAILED);
	for (int i = 0; i < TURNS; ++i) {
		goes_both_ways(rig, at);
		CHECK(!munmap(at, NBYTES_MAX));
		CHECK(mmap(at, NBYTES_MAX, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == at);
	}
	CHECK(!munmap(at, NBYTES_MAX));
}

static void
takes_unaligned_memory(struct rig *rig)
{
	static const size_t offsets[] = {4, 1, 3, 511};
	char on_the_stack[NBYTES_MAX + 512];

	for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); ++i) {
		char *heap = malloc(NBYTES_MAX + 512);

		CHECK(heap);
		goes_both_ways(rig, heap + offsets[i]);
		goes_both_ways(rig, on_the_stack + offsets[i]);
		free(heap);
	}
}

/* One piece from the handle, one from malloc, one on the stack; each a whole block, since some
 * paths accept only whole blocks */
static void
takes_pieces(struct rig *rig)
{
	size_t block = rig->nbytes / BLOCKS;
	_Alignas(BLOCK_MAX) char on_the_stack[BLOCK_MAX];
	char *own = target_buf(rig->dev, 1);
	char *heap = aligned_alloc(BLOCK_MAX, BLOCK_MAX);
	struct iovec vec[BLOCKS] = {{own, block}, {heap, block}, {on_the_stack, block}};

	CHECK(heap);
	rig->seed += 1;
	pattern(rig->expected, rig->nbytes, rig->seed);
	for (size_t i = 0; i < BLOCKS; ++i) {
		memcpy(vec[i].iov_base, rig->expected + i * block, block);
	}
	move(rig, XNVME_SPEC_NVM_OPC_WRITE, NULL, vec, BLOCKS);
	for (size_t i = 0; i < BLOCKS; ++i) {
		memset(vec[i].iov_base, 0, block);
	}
	move(rig, XNVME_SPEC_NVM_OPC_READ, NULL, vec, BLOCKS);
	for (size_t i = 0; i < BLOCKS && rig->target->moves_data; ++i) {
		CHECK(!memcmp(vec[i].iov_base, rig->expected + i * block, block));
	}
	free(heap);
	xnvme_buf_free(rig->dev, own);
}

static void
takes_any_memory(const struct target *target)
{
	for (int async = 0; async < 2; ++async) {
		struct rig rig = {.target = target, .dev = target_open(target)};

		rig.queue = async ? target_queue(rig.dev, 4) : NULL;
		rig.nbytes = BLOCKS * xnvme_dev_get_geo(rig.dev)->lba_nbytes;
		CHECK(rig.nbytes <= NBYTES_MAX);
		rig.expected = target_buf(rig.dev, BLOCKS);
		takes_buffers_of(&rig, "1MiB");
		takes_buffers_of(&rig, "virt:null,size=1MiB");
		takes_buffers_of(&rig, "pci-virt:null,size=1MiB");
		takes_memory_that_comes_back(&rig);
		takes_pieces(&rig);
		if (!target->opts.direct) { /* direct I/O: the kernel requires alignment */
			takes_unaligned_memory(&rig);
		}
		if (async) {
			CHECK(!xnvme_queue_term(rig.queue));
		}
		xnvme_buf_free(rig.dev, rig.expected);
		xnvme_dev_close(rig.dev);
	}
}

static void
read_async(struct xnvme_dev *dev, const struct target *target, uint32_t blocks, bool may_fail)
{
	struct xnvme_queue *queue = target_queue(dev, 1);
	struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);
	void *buf = target_buf(dev, blocks);
	int failed = 0;
	int err;

	CHECK(ctx);
	xnvme_cmd_ctx_set_cb(ctx, put_cb, &failed);
	err = xnvme_nvm_read(ctx, xnvme_dev_get_nsid(dev), target->scratch, (uint16_t)(blocks - 1),
			     buf, NULL);
	CHECK(xnvme_queue_drain(queue) == !err);
	CHECK(may_fail || (!err && !failed));
	if (err) {
		CHECK(!xnvme_queue_put_cmd_ctx(queue, ctx));
	}
	xnvme_buf_free(dev, buf);
	CHECK(!xnvme_queue_term(queue));
}

/* The largest command works. One block more may fail or work (a kernel may split it into several
 * commands), but completes. */
static void
takes_the_largest(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	const struct xnvme_geo *geo = xnvme_dev_get_geo(dev);
	uint32_t most = geo->mdts_nbytes / geo->lba_nbytes;

	if (most <= UINT16_MAX && most < target->blocks) {
		read_async(dev, target, most, false);
		read_async(dev, target, most + 1, true);
	}
	xnvme_dev_close(dev);
}

/* With direct the kernel may refuse unaligned memory: then a sentence says what to do, except for
 * the threads of thrpool, whose sentences are theirs */
static void
explains_unaligned_memory(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	struct xnvme_queue *queue = target_queue(dev, 2);
	bool by_thread = !strcmp(xnvme_dev_get_opts(dev)->async, "thrpool");
	char *buf = target_buf(dev, 2);

	for (int async = 0; async < 2 && target->opts.direct; ++async) {
		struct xnvme_cmd_ctx sync = xnvme_cmd_ctx_from_dev(dev);
		struct xnvme_cmd_ctx *ctx = async ? xnvme_queue_get_cmd_ctx(queue) : &sync;
		int failed = 0;

		if (async) {
			xnvme_cmd_ctx_set_cb(ctx, put_cb, &failed);
		}
		xnvme_err_clear();
		if (xnvme_nvm_read(ctx, xnvme_dev_get_nsid(dev), target->scratch, 0, buf + 1,
				   NULL)) {
			CHECK(!async && strstr(xnvme_err_text(), "xnvme_buf_alloc()"));
		}
		CHECK(!async || xnvme_queue_drain(queue) == 1);
		CHECK(!failed || by_thread || strstr(xnvme_err_text(), "xnvme_buf_alloc()"));
	}
	CHECK(!xnvme_queue_term(queue));
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
}

const struct check checks_memory[] = {
	{"takes_any_memory", takes_any_memory},
	{"explains_unaligned_memory", explains_unaligned_memory},
	{"takes_the_largest", takes_the_largest},
	{NULL, NULL},
};
