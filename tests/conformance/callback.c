/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Callbacks may submit until the queue is full again, and drain it. A poke does not sleep.
 */
#include "conform.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEPTH_MAX = 64, NESTED_MAX = 4, CONTEXTS_MAX = DEPTH_MAX + 2 };

/* A layer above the queue, such as SPDK's bdev_xnvme: it has more commands than the queue has
 * capacity, takes a context without checking for free slots, and retries on each completion */
struct layer {
	const struct target *target;
	struct xnvme_dev *dev;
	struct xnvme_queue *queue;
	char *buf; /* a block per context: threads that read into a shared one would race */
	const struct xnvme_cmd_ctx *contexts[CONTEXTS_MAX];
	uint32_t waiting; /* commands not submitted yet */
	uint32_t done;
	uint32_t busy; /* refusals within a callback that holds its own context */
	uint32_t nested;
	bool puts_first; /* puts its own context back before it submits */
};

/* The block of a context; the queue owns the contexts and reuses them */
static void *
block_of(struct layer *layer, const struct xnvme_cmd_ctx *ctx)
{
	size_t i = 0;

	while (layer->contexts[i] && layer->contexts[i] != ctx) {
		i += 1;
		CHECK(i < CONTEXTS_MAX);
	}
	layer->contexts[i] = ctx;
	return layer->buf + i * xnvme_dev_get_geo(layer->dev)->lba_nbytes;
}

/* False when the queue is full */
static bool
submit_one(struct layer *layer)
{
	struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(layer->queue);
	int err;

	CHECK(ctx); /* the layer does not check for NULL */
	err = xnvme_nvm_read(ctx, xnvme_dev_get_nsid(layer->dev), layer->target->scratch, 0,
			     block_of(layer, ctx), NULL);
	if (err) {
		CHECK(err == -EBUSY || err == -EAGAIN);
		CHECK(!xnvme_queue_put_cmd_ctx(layer->queue, ctx));
		return false;
	}
	layer->waiting -= 1;
	return true;
}

static void
submit_until_busy(struct layer *layer)
{
	while (layer->waiting && submit_one(layer)) {
		CHECK(xnvme_queue_get_outstanding(layer->queue) <=
		      xnvme_queue_get_capacity(layer->queue));
	}
}

static void
retry_cb(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct layer *layer = arg;

	CHECK(!xnvme_cmd_ctx_cpl_status(ctx));
	layer->done += 1;
	if (layer->puts_first) {
		CHECK(!xnvme_queue_put_cmd_ctx(layer->queue, ctx));
	}
	submit_until_busy(layer);
	layer->busy += layer->waiting > 0;
	if (!layer->puts_first) {
		CHECK(!xnvme_queue_put_cmd_ctx(layer->queue, ctx));
	}
}

static void
layer_open(struct layer *layer, const struct target *target, uint16_t depth, xnvme_queue_cb cb)
{
	*layer = (struct layer){.target = target, .dev = target_open(target)};
	layer->queue = target_queue(layer->dev, depth);
	layer->buf = target_buf(layer->dev, CONTEXTS_MAX);
	CHECK(!xnvme_queue_set_cb(layer->queue, cb, layer));
}

static void
layer_close(struct layer *layer)
{
	CHECK(!xnvme_queue_get_outstanding(layer->queue));
	CHECK(!xnvme_queue_term(layer->queue));
	xnvme_buf_free(layer->dev, layer->buf);
	xnvme_dev_close(layer->dev);
}

static void
retries_until_busy(const struct target *target)
{
	static const uint16_t depths[] = {1, 2, DEPTH_MAX};

	for (size_t i = 0; i < 2 * sizeof(depths) / sizeof(depths[0]); ++i) {
		struct layer layer;
		uint32_t work = depths[i / 2] * 5u;

		layer_open(&layer, target, depths[i / 2], retry_cb);
		layer.puts_first = i % 2;
		layer.waiting = work;
		submit_until_busy(&layer);
		CHECK(layer.waiting);
		while (layer.done < work) {
			int rc = xnvme_queue_poke(layer.queue, 0);

			CHECK(rc >= 0);
			if (!rc) {
				submit_until_busy(&layer);
				CHECK(xnvme_queue_wait_timeout(layer.queue, UINT64_MAX) >= 0);
			}
		}
		CHECK(layer.busy);
		layer_close(&layer);
	}
}

static void
drain_cb(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct layer *layer = arg;

	CHECK(!xnvme_cmd_ctx_cpl_status(ctx));
	layer->done += 1;
	CHECK(!xnvme_queue_put_cmd_ctx(layer->queue, ctx));
	if (layer->nested < NESTED_MAX) {
		layer->nested += 1;
		submit_until_busy(layer);
		CHECK(xnvme_queue_drain(layer->queue) >= 0);
		CHECK(!xnvme_queue_get_outstanding(layer->queue));
		layer->nested -= 1;
	}
}

/* A callback's drain, called within a poke and within a drain, completes all outstanding
 * commands */
static void
drains_in_a_callback(const struct target *target)
{
	for (int i = 0; i < 2; ++i) {
		struct layer layer;

		layer_open(&layer, target, DEPTH_MAX, drain_cb);
		layer.waiting = 5 * DEPTH_MAX;
		submit_until_busy(&layer);
		while (layer.done < 5 * DEPTH_MAX) {
			CHECK((i ? xnvme_queue_drain(layer.queue) :
				   xnvme_queue_poke(layer.queue, 0)) >= 0);
			submit_until_busy(&layer);
		}
		layer_close(&layer);
	}
}

#define LOW_WORD(arg) (offsetof(struct seccomp_data, args) + (arg) * sizeof(uint64_t))
#define KILL BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define DIES_OF(number) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), KILL
/* Kills the process on the system call when `arg`, the number of events to wait for, is not 0 */
#define DIES_OF_WAIT(number, arg)                                                      \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 4),                           \
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW_WORD(arg)),                     \
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1), ALLOW, KILL

/* From now on a system call that sleeps kills the process. Exempt: waiting for a lock, reads and
 * writes. */
static void
forbid_sleep(void)
{
	static struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		DIES_OF(SYS_nanosleep),
		DIES_OF(SYS_clock_nanosleep),
		DIES_OF(SYS_ppoll),
		DIES_OF(SYS_epoll_pwait),
		DIES_OF(SYS_pselect6),
		DIES_OF_WAIT(SYS_io_uring_enter, 2),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		DIES_OF_WAIT(SYS_io_getevents, 1),
		ALLOW,
	};
	static const struct sock_fprog program = {sizeof(filter) / sizeof(filter[0]), filter};

	CHECK(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	CHECK(!prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
}

static void
count_cb(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct layer *layer = arg;

	layer->done += 1;
	CHECK(!xnvme_queue_put_cmd_ctx(layer->queue, ctx));
}

static void
poke_only(const struct target *target)
{
	struct layer layer;

	(void)alarm(200); /* a child does not inherit the parent's */
	layer_open(&layer, target, 4, count_cb);
	forbid_sleep();
	layer.waiting = 200;
	while (layer.done < 200) {
		submit_until_busy(&layer);
		CHECK(xnvme_queue_poke(layer.queue, 0) >= 0);
	}
	_exit(0);
}

/* A loop that serves several queues needs a poke to return without sleeping. Exceptions: the policy
 * that conserves the processor permits it, emu runs commands within the poke, and registers behind
 * a socket are accessed by messages with a reply.
 *
 * Runs in a child, since a seccomp filter cannot be removed. Runs first: after a fork from a
 * process with threads of glibc's POSIX aio the child has none, and nothing completes. */
static void
pokes_without_sleep(const struct target *target)
{
	struct xnvme_dev *dev = target_open(target);
	bool may = UNDER_TSAN || target->opts.policy == XNVME_POLICY_CONSERVE_CPU ||
		   !strcmp(xnvme_dev_get_opts(dev)->async, "emu") ||
		   !strcmp(xnvme_dev_get_kind(dev), "vfio_user");
	pid_t child;
	int status;

	xnvme_dev_close(dev);
	if (may) {
		return;
	}
	child = fork();
	CHECK(child >= 0);
	if (!child) {
		poke_only(target);
	}
	CHECK(waitpid(child, &status, 0) == child);
	CHECK(WIFEXITED(status) && !WEXITSTATUS(status));
}

const struct check checks_callback[] = {
	{"pokes_without_sleep", pokes_without_sleep}, /* first: it forks */
	{"retries_until_busy", retries_until_busy},
	{"drains_in_a_callback", drains_in_a_callback},
	{NULL, NULL},
};
