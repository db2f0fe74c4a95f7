/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Random commands, compared with a model in an array of bytes. Every read must return the contents
 * of the array; at the end the whole range is read back.
 *
 * usage: property URI [async=PATH] [seed=N] [count=N] [direct=1]
 *
 * The seed is printed first; the same seed makes the same commands. Commands in flight never
 * overlap, since their order is undefined.
 */
#include <libxnvme.h>

#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define BLOCKS 512
#define DEPTH 32
#define MAX_NLB 24
#define MAX_BLOCK 4096

struct world;

struct slot {
	struct world *world;
	bool busy;
	uint8_t opcode;
	uint32_t slba, blocks;
	uint32_t from; /* source of a copy */
	char *buf;
	struct iovec vec[4];
	bool mismatch; /* a compare that must fail */
};

struct world {
	struct xnvme_dev *dev;
	struct xnvme_queue *queue;
	uint32_t nsid;
	uint32_t block;
	uint64_t seed, state;
	uint64_t issued, checked;
	char *model;
	bool in_use[BLOCKS];
	struct slot slots[DEPTH];
};

static _Noreturn void
fail(const struct world *world, const char *what, const struct slot *slot)
{
	printf("FAILED with seed=%llu at command %llu: %s (opcode 0x%x, blocks %u + %u)\n",
	       (unsigned long long)world->seed, (unsigned long long)world->issued, what,
	       slot->opcode, slot->slba, slot->blocks);
	printf("  last error: %s\n", xnvme_err_text());
	exit(1);
}

static uint64_t
next(struct world *world)
{
	uint64_t z = (world->state += 0x9E3779B97F4A7C15ULL);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
	return z ^ (z >> 31);
}

static void
mark(struct world *world, uint32_t slba, uint32_t blocks, bool in_use)
{
	memset(&world->in_use[slba], in_use, blocks);
}

static bool
is_free(const struct world *world, uint32_t slba, uint32_t blocks)
{
	return !memchr(&world->in_use[slba], true, blocks);
}

/* Completion: applies the command to the model, or compares the data read with the model */
static void
ended(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct slot *slot = arg;
	struct world *world = slot->world;
	char *model = world->model + (size_t)slot->slba * world->block;
	size_t nbytes = (size_t)slot->blocks * world->block;

	if (slot->mismatch != !!xnvme_cmd_ctx_cpl_status(ctx)) {
		fail(world, "the status is not what it should be", slot);
	}
	switch (slot->opcode) {
	case XNVME_SPEC_NVM_OPC_READ:
		if (memcmp(slot->buf, model, nbytes) != 0) {
			fail(world, "the data are not what was written", slot);
		}
		world->checked += slot->blocks;
		break;
	case XNVME_SPEC_NVM_OPC_WRITE:
		memcpy(model, slot->buf, nbytes);
		break;
	case XNVME_SPEC_NVM_OPC_WRITE_ZEROES:
		memset(model, 0, nbytes);
		break;
	case XNVME_SPEC_NVM_OPC_SCOPY:
		memcpy(model, world->model + (size_t)slot->from * world->block, nbytes);
		mark(world, slot->from, slot->blocks, false);
		break;
	default:
		break;
	}
	mark(world, slot->slba, slot->blocks, false);
	slot->busy = false;
	xnvme_cmd_ctx_clear(ctx);
	xnvme_queue_put_cmd_ctx(world->queue, ctx);
}

static struct slot *
free_slot(struct world *world)
{
	for (;;) {
		for (size_t i = 0; i < DEPTH; ++i) {
			if (!world->slots[i].busy) {
				return &world->slots[i];
			}
		}
		if (xnvme_queue_wait_timeout(world->queue, UINT64_MAX) < 0) {
			fail(world, "waiting failed", &world->slots[0]);
		}
	}
}

static void
settle(struct world *world)
{
	if (xnvme_queue_drain(world->queue) < 0) {
		fail(world, "draining failed", &world->slots[0]);
	}
}

/* A read or write, flat or in pieces, with or without FUA */
static int
move(struct world *world, struct slot *slot, struct xnvme_cmd_ctx *ctx)
{
	size_t nbytes = (size_t)slot->blocks * world->block;
	uint64_t draw = next(world);
	size_t cut = (size_t)(draw >> 8) % slot->blocks * world->block;

	if (slot->opcode == XNVME_SPEC_NVM_OPC_WRITE) {
		uint64_t *words = (uint64_t *)(void *)slot->buf;

		for (size_t i = 0; i < nbytes / 8; ++i) {
			words[i] = next(world);
		}
		ctx->cmd.nvm.fua = draw & 1;
	} else {
		memset(slot->buf, 0xEE, nbytes);
	}
	xnvme_prep_nvm(ctx, slot->opcode, world->nsid, slot->slba, (uint16_t)(slot->blocks - 1));
	if (draw & 6 || !cut) {
		return xnvme_cmd_pass(ctx, slot->buf, nbytes, NULL, 0);
	}
	slot->vec[0] = (struct iovec){slot->buf, cut};
	slot->vec[1] = (struct iovec){slot->buf + cut, nbytes - cut};
	return xnvme_cmd_pass_iov(ctx, slot->vec, 2, nbytes, NULL, 0);
}

static int
compare(struct world *world, struct slot *slot, struct xnvme_cmd_ctx *ctx)
{
	size_t nbytes = (size_t)slot->blocks * world->block;

	memcpy(slot->buf, world->model + (size_t)slot->slba * world->block, nbytes);
	slot->mismatch = next(world) & 1;
	if (slot->mismatch) {
		slot->buf[next(world) % nbytes] ^= 1;
	}
	return xnvme_nvm_compare(ctx, world->nsid, slot->slba, (uint16_t)(slot->blocks - 1),
				 slot->buf, NULL);
}

static int
copy(struct world *world, struct slot *slot, struct xnvme_cmd_ctx *ctx)
{
	struct xnvme_spec_nvm_scopy_fmt_zero *range = (void *)slot->buf;

	memset(range, 0, sizeof(*range));
	range->slba = slot->from;
	range->nlb = (uint16_t)(slot->blocks - 1);
	mark(world, slot->from, slot->blocks, true);
	return xnvme_nvm_scopy(ctx, world->nsid, slot->slba, range, 0, XNVME_NVM_SCOPY_FMT_ZERO);
}

static int
issue(struct world *world, struct slot *slot, struct xnvme_cmd_ctx *ctx)
{
	switch (slot->opcode) {
	case XNVME_SPEC_NVM_OPC_READ:
	case XNVME_SPEC_NVM_OPC_WRITE:
		return move(world, slot, ctx);
	case XNVME_SPEC_NVM_OPC_COMPARE:
		return compare(world, slot, ctx);
	case XNVME_SPEC_NVM_OPC_SCOPY:
		return copy(world, slot, ctx);
	case XNVME_SPEC_NVM_OPC_WRITE_ZEROES:
		return xnvme_nvm_write_zeroes(ctx, world->nsid, slot->slba,
					      (uint16_t)(slot->blocks - 1));
	default:
		xnvme_prep_nvm(ctx, XNVME_SPEC_NVM_OPC_FLUSH, world->nsid, 0, 0);
		return xnvme_cmd_pass(ctx, NULL, 0, NULL, 0);
	}
}

static void
step(struct world *world)
{
	static const uint8_t opcodes[] = {
		XNVME_SPEC_NVM_OPC_READ,  XNVME_SPEC_NVM_OPC_READ,    XNVME_SPEC_NVM_OPC_READ,
		XNVME_SPEC_NVM_OPC_WRITE, XNVME_SPEC_NVM_OPC_WRITE,   XNVME_SPEC_NVM_OPC_WRITE,
		XNVME_SPEC_NVM_OPC_FLUSH, XNVME_SPEC_NVM_OPC_COMPARE,
		XNVME_SPEC_NVM_OPC_WRITE_ZEROES, XNVME_SPEC_NVM_OPC_SCOPY};
	const struct xnvme_spec_idfy_ctrlr *ctrlr = xnvme_dev_get_ctrlr(world->dev);
	struct slot *slot = free_slot(world);
	struct xnvme_cmd_ctx *ctx;
	int err;

	slot->opcode = opcodes[next(world) % sizeof(opcodes)];
	slot->blocks = 1 + (uint32_t)(next(world) % MAX_NLB);
	slot->slba = (uint32_t)(next(world) % (BLOCKS - slot->blocks));
	slot->from = (uint32_t)(next(world) % (BLOCKS - slot->blocks));
	slot->mismatch = false;
	if ((slot->opcode == XNVME_SPEC_NVM_OPC_SCOPY &&
	     (!ctrlr->oncs.copy || (slot->from < slot->slba + slot->blocks &&
				    slot->slba < slot->from + slot->blocks))) ||
	    (slot->opcode == XNVME_SPEC_NVM_OPC_COMPARE && !ctrlr->oncs.compare) ||
	    (slot->opcode == XNVME_SPEC_NVM_OPC_WRITE_ZEROES && !ctrlr->oncs.write_zeroes)) {
		slot->opcode = XNVME_SPEC_NVM_OPC_READ;
	}
	if (!is_free(world, slot->slba, slot->blocks) ||
	    (slot->opcode == XNVME_SPEC_NVM_OPC_SCOPY &&
	     !is_free(world, slot->from, slot->blocks))) {
		settle(world);
	}
	mark(world, slot->slba, slot->blocks, true);
	slot->busy = true;
	ctx = xnvme_queue_get_cmd_ctx(world->queue);
	xnvme_cmd_ctx_clear(ctx);
	xnvme_cmd_ctx_set_cb(ctx, ended, slot);
	err = issue(world, slot, ctx);
	if (err) {
		fail(world, "it was not taken", slot);
	}
	world->issued += 1;
	if (!(next(world) % 4) && xnvme_queue_poke(world->queue, (uint32_t)(next(world) % 4)) < 0) {
		fail(world, "poking failed", slot);
	}
}

static void
check_all(struct world *world)
{
	struct slot *slot = &world->slots[0];

	settle(world);
	for (uint32_t at = 0; at < BLOCKS; at += 16) {
		struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(world->dev);

		slot->opcode = XNVME_SPEC_NVM_OPC_READ;
		slot->slba = at;
		slot->blocks = 16;
		if (xnvme_nvm_read(&ctx, world->nsid, at, 15, slot->buf, NULL) ||
		    memcmp(slot->buf, world->model + (size_t)at * world->block,
			   16 * (size_t)world->block) != 0) {
			fail(world, "at the end the data are not what was written", slot);
		}
	}
}

static void
prepare(struct world *world)
{
	world->nsid = xnvme_dev_get_nsid(world->dev);
	world->block = xnvme_dev_get_geo(world->dev)->lba_nbytes;
	world->model = calloc(BLOCKS, world->block);
	for (size_t i = 0; i < DEPTH; ++i) {
		world->slots[i].world = world;
		world->slots[i].buf = xnvme_buf_alloc(world->dev, MAX_NLB * (size_t)world->block);
		if (!world->slots[i].buf || !world->model) {
			fail(world, "no memory", &world->slots[i]);
		}
	}
	for (uint32_t at = 0; at < BLOCKS; at += 16) { /* device and model start with zeroes */
		struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(world->dev);

		memset(world->slots[0].buf, 0, 16 * (size_t)world->block);
		if (xnvme_nvm_write(&ctx, world->nsid, at, 15, world->slots[0].buf, NULL)) {
			fail(world, "clearing failed", &world->slots[0]);
		}
	}
}

static const char *
value_of(const char *arg, const char *key)
{
	size_t len = strlen(key);

	return !strncmp(arg, key, len) && arg[len] == '=' ? arg + len + 1 : NULL;
}

int
main(int argc, char **argv)
{
	struct xnvme_opts opts = xnvme_opts_default();
	static struct world world;
	uint64_t count = 20000;
	char file[] = "/var/tmp/xnvme_property_XXXXXX";
	const char *uri = argc > 1 ? argv[1] : "64MiB";
	int fd = -1;

	world.seed = (uint64_t)time(NULL) ^ ((uint64_t)getpid() << 32);
	for (int i = 2; i < argc; ++i) {
		const char *value;

		if ((value = value_of(argv[i], "async"))) {
			opts.async = value;
		} else if ((value = value_of(argv[i], "seed"))) {
			world.seed = strtoull(value, NULL, 10);
		} else if ((value = value_of(argv[i], "count"))) {
			count = strtoull(value, NULL, 10);
		} else if ((value = value_of(argv[i], "direct"))) {
			opts.direct = *value == '1';
		}
	}
	printf("seed=%llu\n", (unsigned long long)world.seed);
	world.state = world.seed;
	if (!strcmp(uri, "tmpfile")) {
		fd = mkstemp(file);
		uri = file;
		if (fd < 0 || ftruncate(fd, 4 << 20)) {
			return 77;
		}
	}
	world.dev = xnvme_dev_open(uri, &opts);
	if (fd >= 0) {
		(void)unlink(file);
		(void)close(fd);
	}
	if (!world.dev || xnvme_queue_init(world.dev, DEPTH, 0, &world.queue)) {
		printf("FAILED: %s\n", xnvme_err_text());
		return 1;
	}
	(void)alarm(200);
	prepare(&world);
	while (world.issued < count) {
		step(&world);
	}
	check_all(&world);
	printf("%llu commands, %llu blocks compared\n", (unsigned long long)world.issued,
	       (unsigned long long)world.checked);
	for (size_t i = 0; i < DEPTH; ++i) {
		xnvme_buf_free(world.dev, world.slots[i].buf);
	}
	free(world.model);
	xnvme_queue_term(world.queue);
	xnvme_dev_close(world.dev);
	return 0;
}
