/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Instructions per I/O of the library, and of the same loop written by hand.
 *
 * usage: path_cost WAY-ASYNC URI QD COUNT
 *
 * WAY: "read" and "write" set the callback of each command and call xnvme_nvm_read() and
 * xnvme_nvm_write(), as programs do; "pass" prepares the command itself, inlined, calls
 * xnvme_cmd_pass() and uses the callback of the queue. For these three ASYNC is any path of URI.
 * "raw" (raw-io_uring, raw-libaio) is a loop of reads written by hand with the same service: it
 * takes a context per command from a free list and passes it to the caller's function on
 * completion.
 *
 * Reads or writes COUNT blocks of 512 bytes at queue depth QD of URI, whose pages should be cached,
 * so that commands complete at once. Prints the number of polls, by which bench/cost.py checks that
 * they did. bench/cost.py runs it under callgrind with two values of COUNT and divides the
 * difference.
 */
#include <libxnvme.h>

#include <errno.h>
#include <fcntl.h>
#include <libaio.h>
#include <liburing.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK 512
#define SPAN 1024 /* blocks that are read repeatedly: a power of two */

struct work {
	const char *uri;
	uint32_t nsid;
	uint32_t depth;
	uint64_t total; /* commands to run: a multiple of the depth */
	uint64_t rounds; /* polls */
	char *buf;
};

static void
completed(struct xnvme_cmd_ctx *ctx, void *queue)
{
	xnvme_queue_put_cmd_ctx(queue, ctx);
}

static inline int
pass_read(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba, uint16_t nlb, void *dbuf,
	  void *mbuf)
{
	xnvme_prep_nvm(ctx, XNVME_SPEC_NVM_OPC_READ, nsid, slba, nlb);
	return xnvme_cmd_pass(ctx, dbuf, BLOCK, mbuf, 0);
}

static inline int
write_blocks(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba, uint16_t nlb, void *dbuf,
	     void *mbuf)
{
	return xnvme_nvm_write(ctx, nsid, slba, nlb, dbuf, mbuf);
}

typedef int move_fn(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba, uint16_t nlb,
		    void *dbuf, void *mbuf);

/* Keeps `depth` commands in flight: submits one for each that completed. Inlined for each `move`,
 * so that `move` is a constant. */
static inline __attribute__((always_inline)) void
xnvme_loop(struct xnvme_queue *queue, struct work *work, move_fn *move)
{
	char *buf = work->buf;
	uint64_t left = work->total;
	uint64_t rounds = 0;
	uint32_t room = work->depth;

	do {
		for (; room && left; --room, --left) {
			struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);

			if (move != pass_read) {
				xnvme_cmd_ctx_set_cb(ctx, completed, queue);
			}
			if (move(ctx, work->nsid, left & (SPAN - 1), 0, buf, NULL)) {
				abort();
			}
		}
		room += (uint32_t)xnvme_queue_poke(queue, 0);
		rounds += 1;
	} while (left || room < work->depth);
	work->rounds = rounds;
}

/* Runs the loop of one WAY */
static void
run_way(char way, struct xnvme_queue *queue, struct work *work)
{
	switch (way) {
	case 'w':
		xnvme_loop(queue, work, write_blocks);
		break;
	case 'p':
		xnvme_loop(queue, work, pass_read);
		break;
	default:
		xnvme_loop(queue, work, xnvme_nvm_read);
		break;
	}
}

static int
run_xnvme(char way, const char *async, struct work *work)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_queue *queue = NULL;
	struct xnvme_dev *dev;

	opts.async = async;
	dev = xnvme_dev_open(work->uri, &opts);
	if (!dev || xnvme_queue_init(dev, (uint16_t)work->depth, 0, &queue)) {
		fprintf(stderr, "path_cost: %s\n", xnvme_err_text());
		return 1;
	}
	work->buf = xnvme_buf_alloc(dev, 4096);
	work->nsid = xnvme_dev_get_nsid(dev);
	xnvme_queue_set_cb(queue, completed, queue);
	run_way(way, queue, work);
	xnvme_queue_term(queue);
	xnvme_buf_free(dev, work->buf);
	xnvme_dev_close(dev);
	return 0;
}

/* The least context by which a program identifies its commands */
struct own {
	struct own *next;
	void (*done)(struct own *own, void *arg);
	void *arg;
	struct iocb iocb;
};

struct pool {
	struct own *free;
};

static void
own_done(struct own *own, void *arg)
{
	struct pool *pool = arg;

	own->next = pool->free;
	pool->free = own;
}

static struct own *
pool_fill(struct pool *pool, uint32_t cnt)
{
	struct own *all = calloc(cnt, sizeof(*all));

	if (!all) {
		abort();
	}
	for (uint32_t i = 0; i < cnt; ++i) {
		all[i].done = own_done;
		all[i].arg = pool;
		own_done(&all[i], pool);
	}
	return all;
}

static inline struct own *
pool_take(struct pool *pool)
{
	struct own *own = pool->free;

	pool->free = own->next;
	return own;
}

static void
uring_loop(struct io_uring *ring, struct work *work, struct pool *pool)
{
	char *buf = work->buf;
	uint64_t left = work->total;
	uint64_t rounds = 0;
	uint32_t room = work->depth;

	do {
		struct io_uring_cqe *cqe;
		unsigned int head;
		unsigned int seen = 0;

		for (; room && left; --room, --left) {
			struct io_uring_sqe *sqe = io_uring_get_sqe(ring);
			struct own *own = pool_take(pool);

			io_uring_prep_read(sqe, 0, buf, BLOCK, (left & (SPAN - 1)) * BLOCK);
			sqe->flags |= IOSQE_FIXED_FILE;
			io_uring_sqe_set_data(sqe, own);
		}
		io_uring_submit_and_get_events(ring);
		io_uring_for_each_cqe(ring, head, cqe) {
			struct own *own = io_uring_cqe_get_data(cqe);

			if (cqe->res != BLOCK) {
				abort();
			}
			own->done(own, own->arg);
			seen += 1;
		}
		io_uring_cq_advance(ring, seen);
		room += seen;
		rounds += 1;
	} while (left || room < work->depth);
	work->rounds = rounds;
}

static int
run_raw_uring(struct work *work)
{
	struct io_uring_params params = {
		.flags = IORING_SETUP_SUBMIT_ALL | IORING_SETUP_SINGLE_ISSUER |
			 IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG};
	struct pool pool = {NULL};
	struct io_uring ring;
	struct own *all;
	int fd = open(work->uri, O_RDWR);

	if (fd < 0 || io_uring_queue_init_params(work->depth, &ring, &params) ||
	    io_uring_register_files(&ring, &fd, 1) || io_uring_register_ring_fd(&ring) != 1) {
		fprintf(stderr, "path_cost: no ring\n");
		return 1;
	}
	work->buf = aligned_alloc(4096, 4096);
	all = pool_fill(&pool, work->depth);
	uring_loop(&ring, work, &pool);
	free(all);
	io_uring_queue_exit(&ring);
	free(work->buf);
	return close(fd);
}

static void
aio_loop(io_context_t io, struct work *work, struct pool *pool, struct iocb **todo, int fd,
	 struct io_event *events)
{
	struct timespec none = {0, 0};
	char *buf = work->buf;
	uint64_t left = work->total;
	uint64_t rounds = 0;
	uint32_t room = work->depth;

	do {
		long pending = 0;
		int rc;

		for (; room && left; --room, --left) {
			struct own *own = pool_take(pool);

			io_prep_pread(&own->iocb, fd, buf, BLOCK,
				      (long long)(left & (SPAN - 1)) * BLOCK);
			own->iocb.data = own;
			todo[pending++] = &own->iocb;
		}
		if (pending && io_submit(io, pending, todo) != pending) {
			abort();
		}
		rc = io_getevents(io, 0, 32, events, &none);
		for (int i = 0; i < rc; ++i) {
			struct own *own = events[i].data;

			if (events[i].res != BLOCK) {
				abort();
			}
			own->done(own, own->arg);
		}
		room += rc > 0 ? (uint32_t)rc : 0;
		rounds += 1;
	} while (left || room < work->depth);
	work->rounds = rounds;
}

static int
run_raw_aio(struct work *work)
{
	struct pool pool = {NULL};
	struct own *all = pool_fill(&pool, work->depth);
	struct iocb **todo = calloc(work->depth, sizeof(struct iocb *));
	struct io_event *events = calloc(32, sizeof(*events));
	io_context_t io = NULL;
	int fd = open(work->uri, O_RDWR);

	if (fd < 0 || !todo || !events || io_queue_init((int)work->depth, &io)) {
		fprintf(stderr, "path_cost: no aio\n");
		return 1;
	}
	work->buf = aligned_alloc(4096, 4096);
	aio_loop(io, work, &pool, todo, fd, events);
	(void)io_queue_release(io);
	free(work->buf);
	free(all);
	free(todo);
	free(events);
	return close(fd);
}

int
main(int argc, char **argv)
{
	if (argc != 5) {
		fprintf(stderr, "usage: path_cost WAY-ASYNC URI QD COUNT\n");
		return 2;
	}
	const char *async = strchr(argv[1], '-');
	struct work work = {.uri = argv[2], .depth = (uint32_t)atoi(argv[3]),
			    .total = strtoull(argv[4], NULL, 10)};

	int failed;

	if (async && strncmp(argv[1], "raw-", 4) != 0) {
		failed = run_xnvme(argv[1][0], async + 1, &work);
	} else {
		failed = !strcmp(argv[1], "raw-io_uring") ? run_raw_uring(&work)
							  : run_raw_aio(&work);
	}
	printf("%llu\n", (unsigned long long)work.rounds);
	return failed;
}
