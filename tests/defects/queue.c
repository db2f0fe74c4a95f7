/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Defects of queues.
 */
#include "defects.h"

#include <errno.h>
#include <sys/uio.h>
#include <unistd.h>

/* X27: the queues of a ramdisk move no data by default. Here the default moves data. */
static void
x27_queues_move_data_when_nothing_is_chosen(const char *uri)
{
	struct xnvme_dev *dev = open_with(uri, NULL);
	struct xnvme_queue *queue = NULL;
	struct ending ending = {0};
	char *out = xnvme_buf_alloc(dev, 4096);
	char *in = xnvme_buf_alloc(dev, 4096);

	CHECK(!is_async(dev, "nil"));
	CHECK(out && in && !xnvme_queue_init(dev, 1, 0, &queue));
	CHECK(!xnvme_buf_fill(out, 4096, "rand-t"));
	memset(in, 0, 4096);
	CHECK(!xnvme_nvm_write(ctx_for(queue, &ending), 1, 16, 7, out, NULL));
	CHECK(xnvme_queue_drain(queue) == 1 && !status_of(&ending.cpl));
	CHECK(!xnvme_nvm_read(ctx_for(queue, &ending), 1, 16, 7, in, NULL));
	CHECK(xnvme_queue_drain(queue) == 1 && !status_of(&ending.cpl));
	CHECK(!memcmp(in, out, 4096));
	CHECK(!xnvme_queue_term(queue));
	xnvme_buf_free(dev, in);
	xnvme_buf_free(dev, out);
	xnvme_dev_close(dev);
}

struct nest {
	uint32_t cnt[32];
	uint32_t depth;
};

struct egg {
	struct nest *nest;
	uint32_t number;
};

static void
poke_again(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct egg *egg = arg;

	CHECK(!xnvme_cmd_ctx_cpl_status(ctx));
	egg->nest->cnt[egg->number] += 1;
	CHECK(!xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx));
	egg->nest->depth += 1;
	CHECK(xnvme_queue_poke(ctx->async.queue, 0) >= 0 || egg->nest->depth > 1);
	egg->nest->depth -= 1;
}

/* A callback pokes the queue that called it: each command still completes exactly once */
static void
pokes_in_callbacks(struct xnvme_dev *dev)
{
	struct xnvme_queue *queue = NULL;
	char *buf = xnvme_buf_alloc(dev, 32 * 512);

	CHECK(buf && !xnvme_queue_init(dev, 32, 0, &queue));
	for (int round = 0; round < 4; ++round) {
		struct nest nest = {.depth = 0};
		struct egg eggs[32];

		for (uint32_t i = 0; i < 32; ++i) {
			struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);

			CHECK(ctx);
			eggs[i] = (struct egg){&nest, i};
			xnvme_cmd_ctx_set_cb(ctx, poke_again, &eggs[i]);
			CHECK(!xnvme_nvm_read(ctx, 1, i, 0, buf + 512 * i, NULL));
		}
		CHECK(xnvme_queue_drain(queue) >= 0);
		CHECK(!xnvme_queue_get_outstanding(queue));
		for (uint32_t i = 0; i < 32; ++i) {
			CHECK(nest.cnt[i] == 1);
		}
	}
	CHECK(!xnvme_queue_term(queue));
	xnvme_buf_free(dev, buf);
}

/* X30: libaio's ring is read without a barrier; a poke in a callback overwrites events; they leak.
 * Here the tail is read with acquire, before the events that it announces; each poke takes the
 * events one by one from the ring; a callback may poke any path. Not tested: the order on
 * processors with weak ordering, because no such processor was available. */
static void
x30_poke_in_a_callback_loses_nothing(const char *uri)
{
	on_each_path(uri, pokes_in_callbacks);
}

struct order {
	uint32_t numbers[16];
	uint32_t cnt;
};

static struct order order;

static void
note_order(struct xnvme_cmd_ctx *ctx, void *arg)
{
	order.numbers[order.cnt++] = *(uint32_t *)arg;
	CHECK(!xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx));
}

/* X32: nil completes last in, first out, and takes no vectors. Here it keeps the order. */
static void
x32_nil_keeps_the_order_and_takes_vectors(const char *uri)
{
	struct xnvme_dev *dev = open_with(uri, "nil");
	struct xnvme_queue *queue = NULL;
	char *buf = xnvme_buf_alloc(dev, 1024);
	struct iovec vec[2] = {{buf, 512}, {buf + 512, 512}};
	uint32_t numbers[16];

	CHECK(buf && !xnvme_queue_init(dev, 16, 0, &queue));
	order.cnt = 0;
	for (uint32_t i = 0; i < 16; ++i) {
		struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);

		CHECK(ctx);
		numbers[i] = i;
		xnvme_cmd_ctx_set_cb(ctx, note_order, &numbers[i]);
		xnvme_prep_nvm(ctx, XNVME_SPEC_NVM_OPC_READ, 1, 0, 1);
		CHECK(!(i % 3 ? xnvme_cmd_pass(ctx, buf, 1024, NULL, 0)
			      : xnvme_cmd_pass_iov(ctx, vec, 2, 1024, NULL, 0)));
	}
	CHECK(xnvme_queue_drain(queue) == 16 && order.cnt == 16);
	for (uint32_t i = 0; i < 16; ++i) {
		CHECK(order.numbers[i] == i);
	}
	CHECK(!xnvme_queue_term(queue));
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
}

/* X35: the library prints. Here it does not: failures and the older name of drain run with stdout
 * and stderr redirected to a file. */
static void
x35_the_library_prints_nothing(const char *uri)
{
	FILE *kept = tmpfile();
	int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO);
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_queue *queue = NULL;
	struct ending ending = {0};
	struct xnvme_dev *dev;
	off_t said;
	void *buf;

	CHECK(kept && out >= 0 && err >= 0);
	(void)fflush(stdout);
	CHECK(dup2(fileno(kept), STDOUT_FILENO) >= 0 && dup2(fileno(kept), STDERR_FILENO) >= 0);
	opts.async = "nonsense";
	CHECK(!xnvme_dev_open(uri, &opts));
	dev = open_with(uri, NULL);
	buf = xnvme_buf_alloc(dev, 512);
	CHECK(buf && xnvme_queue_init(dev, 3, 0, &queue) && !xnvme_queue_init(dev, 4, 0, &queue));
	for (int i = 0; i < 4; ++i) {
		uint64_t slba = i ? 0 : UINT64_MAX;

		CHECK(!xnvme_nvm_read(ctx_for(queue, &ending), 1, slba, 0, buf, NULL));
	}
	CHECK(xnvme_queue_wait(queue) == 4);
	CHECK(!xnvme_queue_term(queue));
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
	(void)fflush(NULL);
	said = lseek(fileno(kept), 0, SEEK_END);
	CHECK(dup2(out, STDOUT_FILENO) >= 0 && dup2(err, STDERR_FILENO) >= 0);
	CHECK(said == 0);
	(void)close(out);
	(void)close(err);
	(void)fclose(kept);
}

const struct defect defects_queue[] = {
	{"x27_queues_move_data_when_nothing_is_chosen",
	 x27_queues_move_data_when_nothing_is_chosen},
	{"x30_poke_in_a_callback_loses_nothing", x30_poke_in_a_callback_loses_nothing},
	{"x32_nil_keeps_the_order_and_takes_vectors", x32_nil_keeps_the_order_and_takes_vectors},
	{"x35_the_library_prints_nothing", x35_the_library_prints_nothing},
	{NULL, NULL},
};
