/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Power cuts at random instants: durable blocks are kept, and each other block has the contents of
 * one of the writes since it was last durable.
 *
 * usage: virt_power_test [SEED]; the seed is printed, and the same seed makes the same commands
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "virt_test.h"

enum { BLOCKS = 64, DEPTH = 8, CUTS = 120, COMMANDS = 60, NLB_MAX = 4 };

/* Versions increase: each write has its own and fills the block with it. A power cut may leave any
 * written version between `durable` and `newest`. */
struct block {
	uint64_t durable; /* survives a power cut */
	uint64_t newest;
};

struct world {
	struct xnvme_dev *dev;
	struct nvmevirt *ssd;
	struct xnvme_queue *queue;
	struct block blocks[BLOCKS];
	bool busy[BLOCKS]; /* in flight: the order of two writes is undefined */
	uint64_t random, version;
	uint32_t block_nbytes;
	bool has_cache; /* false: completed writes are durable */
	uint64_t nlost; /* blocks that reverted to an older version */
};

struct flight {
	struct world *world;
	uint64_t lba, nlb, version;
	uint64_t at_start[BLOCKS]; /* for a flush: the versions that it makes durable */
	bool is_flush, fua;
	uint8_t *buf;
};

static void
completed(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct flight *flight = arg;
	struct world *world = flight->world;
	bool good = !xnvme_cmd_ctx_cpl_status(ctx);

	for (uint64_t i = 0; i < flight->nlb; i += 1) {
		struct block *block = &world->blocks[flight->lba + i];

		world->busy[flight->lba + i] = false;
		if (good && (flight->fua || !world->has_cache)) {
			block->durable = flight->version;
		}
	}
	for (uint64_t lba = 0; good && flight->is_flush && lba < BLOCKS; lba += 1) {
		if (flight->at_start[lba] > world->blocks[lba].durable) {
			world->blocks[lba].durable = flight->at_start[lba];
		}
	}
	assert_int_equal(xnvme_queue_put_cmd_ctx(world->queue, ctx), 0);
	xnvme_buf_free(world->dev, flight->buf);
	free(flight);
}

static struct flight *
new_flight(struct world *world, struct xnvme_cmd_ctx **ctx)
{
	struct flight *flight = calloc(1, sizeof(*flight));

	assert_non_null(flight);
	flight->world = world;
	while (xnvme_queue_get_outstanding(world->queue) == DEPTH) {
		assert_true(xnvme_queue_poke(world->queue, 1) >= 0);
	}
	*ctx = xnvme_queue_get_cmd_ctx(world->queue);
	xnvme_cmd_ctx_set_cb(*ctx, completed, flight);
	return flight;
}

static void
submit_flush(struct world *world)
{
	struct xnvme_cmd_ctx *ctx;
	struct flight *flight = new_flight(world, &ctx);

	flight->is_flush = true;
	for (uint64_t lba = 0; lba < BLOCKS; lba += 1) { /* a flush covers completed writes only */
		flight->at_start[lba] = world->busy[lba] ? 0 : world->blocks[lba].newest;
	}
	xnvme_prep_nvm(ctx, XNVME_SPEC_NVM_OPC_FLUSH, 1, 0, 0);
	assert_int_equal(xnvme_cmd_pass(ctx, NULL, 0, NULL, 0), 0);
}

static void
submit_write(struct world *world)
{
	uint64_t r = next_random(&world->random);
	uint64_t nlb = 1 + r % NLB_MAX, lba = (r >> 8) % (BLOCKS - nlb + 1);
	struct xnvme_cmd_ctx *ctx;
	struct flight *flight;

	for (uint64_t i = 0; i < nlb; i += 1) {
		if (world->busy[lba + i]) {
			return;
		}
	}
	flight = new_flight(world, &ctx);
	flight->lba = lba;
	flight->nlb = nlb;
	flight->fua = (r >> 32) % 8 == 0;
	flight->version = world->version += 1;
	flight->buf = xnvme_buf_alloc(world->dev, nlb * world->block_nbytes);
	for (uint64_t i = 0; i < nlb * world->block_nbytes / 8; i += 1) {
		memcpy(flight->buf + i * 8, &flight->version, 8);
	}
	for (uint64_t i = 0; i < nlb; i += 1) {
		world->busy[lba + i] = true;
		world->blocks[lba + i].newest = flight->version;
	}
	xnvme_prep_nvm(ctx, XNVME_SPEC_NVM_OPC_WRITE, 1, lba, (uint16_t)(nlb - 1));
	ctx->cmd.nvm.fua = flight->fua;
	assert_int_equal(xnvme_cmd_pass(ctx, flight->buf, nlb * world->block_nbytes, NULL, 0), 0);
}

/* After a cut: the version that is read is durable from now on */
static void
check(struct world *world)
{
	uint64_t *buf = xnvme_buf_alloc(world->dev, world->block_nbytes);

	for (uint64_t lba = 0; lba < BLOCKS; lba += 1) {
		struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(world->dev);
		struct block *block = &world->blocks[lba];

		assert_int_equal(xnvme_nvm_read(&ctx, 1, lba, 0, buf, NULL), 0);
		for (uint32_t i = 1; i < world->block_nbytes / 8; i += 1) {
			assert_int_equal(buf[i], buf[0]); /* no block is torn */
		}
		if (buf[0] < block->durable || buf[0] > block->newest) {
			fail_msg("block %llu holds version %llu: durable was %llu, newest %llu",
				 (unsigned long long)lba, (unsigned long long)buf[0],
				 (unsigned long long)block->durable,
				 (unsigned long long)block->newest);
		}
		world->nlost += buf[0] < block->newest;
		block->durable = block->newest = buf[0];
	}
	xnvme_buf_free(world->dev, buf);
}

static void
cut_again_and_again(const char *uri, uint64_t seed)
{
	struct world world = {.random = seed ? seed : 1};
	struct xnvme_opts opts = xnvme_opts_default();

	world.dev = xnvme_dev_open(uri, &opts);
	if (!world.dev) {
		fail_msg("%s: %s", uri, xnvme_err_text());
	}
	world.has_cache = xnvme_dev_get_ctrlr(world.dev)->vwc.present;
	world.ssd = ssd_of(world.dev);
	world.block_nbytes = xnvme_dev_get_geo(world.dev)->lba_nbytes;
	assert_int_equal(xnvme_queue_init(world.dev, DEPTH, 0, &world.queue), 0);
	for (int cut = 0; cut < CUTS; cut += 1) {
		uint64_t count = next_random(&world.random) % COMMANDS;

		for (uint64_t i = 0; i < count; i += 1) {
			if (next_random(&world.random) % 10 == 0) {
				submit_flush(&world);
			} else {
				submit_write(&world);
			}
		}
		nvmevirt_power_cut(world.ssd);
		assert_true(xnvme_queue_drain(world.queue) >= 0);
		check(&world);
	}
	printf("%s: %llu blocks lost what was not durable\n", uri, (unsigned long long)world.nlost);
	assert_true(!world.has_cache || world.nlost > 0); /* otherwise nothing was tested */
	assert_int_equal(xnvme_queue_term(world.queue), 0);
	nvmevirt_destroy(world.ssd);
	xnvme_dev_close(world.dev);
}

static uint64_t the_seed;

static void
every_cut_keeps_what_was_durable(void **state)
{
	static const char *const uris[] = {
		"virt:null,size=1MiB,cache=64KiB,clock=virtual",
		"virt:null,size=1MiB,lba=4096,cache=64KiB,power_loss=random",
		"virt:null,size=1MiB,lba=4096,clock=virtual",
		"virt:optane-p4800x,size=1MiB,lba=4096,cache=128KiB,clock=virtual",
		"virt:optane-p4800x,size=1MiB,cache=64KiB,power_loss=random,clock=virtual",
		"virt:samsung-970-pro,size=256MiB,lba=4096,cache=1MiB,clock=virtual",
		"virt:optane-p4800x,size=1MiB,cache=64KiB,power_loss=torn,clock=virtual",
		"virt:optane-p4800x,size=1MiB,lba=4096,power_loss=torn,clock=virtual",
		"virt:samsung-970-pro,size=256MiB,lba=4096,power_loss=torn,clock=virtual",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i += 1) {
		cut_again_and_again(uris[i], the_seed + i);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cut_keeps_what_was_durable),
	};

	the_seed = argc > 1 ? strtoull(argv[1], NULL, 0) : (uint64_t)time(NULL) * 1000003u + 1;
	printf("seed=%llu\n", (unsigned long long)the_seed);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
