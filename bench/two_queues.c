/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One thread, two queues: a memory device beside a device that a kernel thread completes (loop).
 * An event loop, as in SPDK, polls both in turn and never sleeps. It is compared with the same loop
 * written by hand with liburing, in alternation within one run.
 *
 * usage: two_queues MEMORY LOOP [ROUNDS [SECONDS]]
 *
 * MEMORY: a file on a memory file system (tmpfs); LOOP: a loop device. Both get random reads of
 * 4 KiB, 32 in flight on each, io_uring on both sides. Prints both rates per round and the medians
 * of the ratios.
 */
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <libxnvme.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { DEPTH = 32, SIZE = 4096, ROUNDS_MAX = 99 };

struct rates {
	double memory;
	double loop;
};

struct side {
	const char *name;
	uint64_t done;
	uint64_t blocks; /* of SIZE bytes */
	uint64_t seed;
	char *bufs;
	/* the library */
	struct xnvme_dev *dev;
	struct xnvme_queue *queue;
	uint16_t nlb; /* zeroes based */
	/* by hand */
	struct io_uring ring;
	int fd;
};

static _Noreturn void
die(const char *what, const char *why)
{
	fprintf(stderr, "two_queues: %s: %s\n", what, why);
	exit(1);
}

static uint64_t
now_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* xorshift64 */
static uint64_t
next_block(struct side *side)
{
	side->seed ^= side->seed << 13;
	side->seed ^= side->seed >> 7;
	side->seed ^= side->seed << 17;
	return side->seed % side->blocks;
}

static void
submit_ours(struct side *side, struct xnvme_cmd_ctx *ctx)
{
	size_t at = (size_t)(uintptr_t)ctx->async.cb_arg;
	uint64_t block = next_block(side);
	int err = xnvme_nvm_read(ctx, xnvme_dev_get_nsid(side->dev), block * (side->nlb + 1u),
				 side->nlb, side->bufs + at * SIZE, NULL);

	if (err) {
		die(side->name, "a read was refused");
	}
}

static struct side *sides[2];

static void
on_done(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct side *side = sides[ctx->dev != sides[0]->dev];

	(void)arg;
	if (xnvme_cmd_ctx_cpl_status(ctx)) {
		die(side->name, "a read failed");
	}
	side->done += 1;
	submit_ours(side, ctx);
}

static void
open_ours(struct side *side)
{
	struct xnvme_opts opts = xnvme_opts_default();

	opts.rdwr = 0;
	opts.rdonly = 1;
	opts.async = "io_uring";
	side->dev = xnvme_dev_open(side->name, &opts);
	if (!side->dev || xnvme_queue_init(side->dev, DEPTH, 0, &side->queue)) {
		die(side->name, xnvme_err_text());
	}
	side->nlb = (uint16_t)(SIZE / xnvme_dev_get_geo(side->dev)->lba_nbytes - 1);
	side->blocks = xnvme_dev_get_geo(side->dev)->tbytes / SIZE;
	side->bufs = xnvme_buf_alloc(side->dev, (size_t)DEPTH * SIZE);
}

static struct rates
run_ours(uint64_t nanoseconds)
{
	uint64_t begin, end;

	for (size_t i = 0; i < 2; ++i) {
		open_ours(sides[i]);
		sides[i]->done = 0;
		for (size_t at = 0; at < DEPTH; ++at) {
			struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(sides[i]->queue);

			xnvme_cmd_ctx_set_cb(ctx, on_done, (void *)(uintptr_t)at);
			submit_ours(sides[i], ctx);
		}
	}
	begin = now_ns();
	do {
		for (int i = 0; i < 100; ++i) {
			(void)xnvme_queue_poke(sides[0]->queue, 0);
			(void)xnvme_queue_poke(sides[1]->queue, 0);
		}
		end = now_ns();
	} while (end - begin < nanoseconds);
	struct rates rates = {(double)sides[0]->done * 1e9 / (double)(end - begin),
			      (double)sides[1]->done * 1e9 / (double)(end - begin)};

	for (size_t i = 0; i < 2; ++i) {
		(void)xnvme_queue_set_cb(sides[i]->queue, NULL, NULL);
		(void)xnvme_queue_term(sides[i]->queue);
		xnvme_buf_free(sides[i]->dev, sides[i]->bufs);
		xnvme_dev_close(sides[i]->dev);
	}
	return rates;
}

static void
submit_by_hand(struct side *side, uint64_t at)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&side->ring);

	io_uring_prep_read(sqe, side->fd, side->bufs + at * SIZE, SIZE, next_block(side) * SIZE);
	io_uring_sqe_set_data(sqe, (void *)(uintptr_t)at);
}

static void
open_by_hand(struct side *side)
{
	int err = io_uring_queue_init(DEPTH, &side->ring, IORING_SETUP_COOP_TASKRUN |
				      IORING_SETUP_TASKRUN_FLAG);

	side->fd = open(side->name, O_RDONLY | O_CLOEXEC);
	if (err || side->fd < 0) {
		die(side->name, "no ring for it");
	}
	side->blocks = (uint64_t)lseek(side->fd, 0, SEEK_END) / SIZE;
	side->bufs = aligned_alloc(SIZE, (size_t)DEPTH * SIZE);
	side->done = 0;
	for (uint64_t at = 0; at < DEPTH; ++at) {
		submit_by_hand(side, at);
	}
}

static void
poll_by_hand(struct side *side)
{
	struct io_uring_cqe *cqe;

	if (io_uring_sq_ready(&side->ring) > 0) {
		(void)io_uring_submit(&side->ring);
	}
	while (!io_uring_peek_cqe(&side->ring, &cqe)) {
		uint64_t at = (uintptr_t)io_uring_cqe_get_data(cqe);

		if (cqe->res != SIZE) {
			die(side->name, "a read failed");
		}
		io_uring_cqe_seen(&side->ring, cqe);
		side->done += 1;
		submit_by_hand(side, at);
	}
}

/* Commands in flight still write to the buffers */
static void
close_by_hand(struct side *side)
{
	struct io_uring_cqe *cqe;

	(void)io_uring_submit(&side->ring);
	for (int i = 0; i < DEPTH; ++i) {
		if (io_uring_wait_cqe(&side->ring, &cqe)) {
			die(side->name, "the ring does not run dry");
		}
		io_uring_cqe_seen(&side->ring, cqe);
	}
	io_uring_queue_exit(&side->ring);
	(void)close(side->fd);
	free(side->bufs);
}

static struct rates
run_by_hand(uint64_t nanoseconds)
{
	uint64_t begin, end;

	open_by_hand(sides[0]);
	open_by_hand(sides[1]);
	begin = now_ns();
	do {
		for (int i = 0; i < 100; ++i) {
			poll_by_hand(sides[0]);
			poll_by_hand(sides[1]);
		}
		end = now_ns();
	} while (end - begin < nanoseconds);
	struct rates rates = {(double)sides[0]->done * 1e9 / (double)(end - begin),
			      (double)sides[1]->done * 1e9 / (double)(end - begin)};

	close_by_hand(sides[0]);
	close_by_hand(sides[1]);
	return rates;
}

static int
compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *values, int count)
{
	qsort(values, (size_t)count, sizeof(*values), compare_doubles);
	return values[count / 2];
}

int
main(int argc, char **argv)
{
	struct side memory = {.seed = 88172645463325252u}, loop = {.seed = 362436069u};
	int rounds = argc > 3 ? atoi(argv[3]) : 7;
	uint64_t nanoseconds = (uint64_t)((argc > 4 ? atof(argv[4]) : 1.0) * 1e9);
	double by_memory[ROUNDS_MAX], by_loop[ROUNDS_MAX];

	if (argc < 3 || rounds < 1 || rounds > ROUNDS_MAX) {
		die("usage", "two_queues MEMORY LOOP [ROUNDS [SECONDS]]");
	}
	memory.name = argv[1];
	loop.name = argv[2];
	sides[0] = &memory;
	sides[1] = &loop;
	for (int i = 0; i < rounds; ++i) {
		struct rates hand = {0}, ours;

		if (i % 2) { /* a drift of the machine affects both */
			hand = run_by_hand(nanoseconds);
		}
		ours = run_ours(nanoseconds);
		if (i % 2 == 0) {
			hand = run_by_hand(nanoseconds);
		}
		by_memory[i] = ours.memory / hand.memory;
		by_loop[i] = ours.loop / hand.loop;
		printf("round %d: memory %.0f by hand %.0f IOPS, ratio %.3f; loop %.0f by hand "
		       "%.0f IOPS, ratio %.3f\n", i, ours.memory, hand.memory, by_memory[i],
		       ours.loop, hand.loop, by_loop[i]);
		(void)fflush(stdout);
	}
	printf("ratio of IOPS, ours to the loop by hand, median of %d rounds: memory %.3f, loop "
	       "%.3f\n", rounds, median(by_memory, rounds), median(by_loop, rounds));
	return 0;
}
