/* SPDX-License-Identifier: BSD-3-Clause */
#include <host/queue.h>

#include <base/assert.h>
#include <base/likely.h>
#include <errno.h>
#include <fcntl.h>
#include <host/carry.h>
#include <host/err.h>
#include <host/fork.h>
#include <os/os.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY_MAX 4096
STATIC_ASSERT(sizeof(struct xnvme_cmd_ctx) % 64 == 0, "contexts share cache lines");

const struct queue_ways queue_ways_checked = {
	.pass_read = pass_checked,
	.pass_write = pass_checked,
	.read = blocks_checked,
	.write = blocks_checked,
};

int
queue_done(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx)
{
	queue_append_done(q, ctx);
	if (q->event_fd >= 0) {
		os_event_signal(q->event_fd);
	}
	return 0;
}

int
queue_fail(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, int err)
{
	(void)cpl_set_errno(ctx, err);
	return queue_done(q, ctx);
}

int
queue_submit_flat(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
		  size_t mbuf_nbytes, struct xnvme_queue *q)
{
	struct payload payload = {.data = dbuf, .data_nbytes = dbuf_nbytes, .meta = mbuf,
				  .meta_nbytes = mbuf_nbytes};

	queue_check(q);
	ASSERT(q->outstanding < q->capacity && q->path->submitv);
	return q->path->submitv(q, ctx, &payload);
}

int
queue_called(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, int err)
{
	queue_check(q);
	if (err && !xnvme_cmd_ctx_cpl_status(ctx)) {
		(void)cpl_set_errno(ctx, err);
	}
	return queue_done(q, ctx);
}

int
queue_call(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct payload *payload)
{
	path_check(q->dev->path[ROLE_SYNC], ROLE_SYNC);
	payload_check(payload);
	return queue_called(q, ctx, q->dev->path[ROLE_SYNC]->call(ctx, ROLE_SYNC, payload));
}

static void
ignore_completion(struct xnvme_cmd_ctx *ctx, void *arg)
{
	(void)ctx;
	(void)arg;
}

static int
pool_init(struct xnvme_queue *q, uint32_t cnt)
{
	ASSERT(cnt > 2 && !q->pool);
	q->pool = aligned_alloc(64, sizeof(*q->pool) * cnt);
	if (!q->pool) {
		return -ENOMEM;
	}
	q->pool_cnt = cnt;
	memset(q->pool, 0, sizeof(*q->pool) * cnt);
	for (uint32_t i = 0; i < cnt; ++i) {
		struct xnvme_cmd_ctx *ctx = &q->pool[i];

		ctx->dev = q->dev;
		ctx->opts = XNVME_CMD_ASYNC;
		ctx->async.queue = q;
		ctx->async.cb = ignore_completion;
		ctx_set_next(ctx, i + 1 < cnt ? ctx + 1 : NULL);
	}
	ASSERT(!ctx_next(&q->pool[cnt - 1]));
	q->free = q->pool;
	return 0;
}

static void
queue_free(struct xnvme_queue *q)
{
	free(q->pool);
	free(q);
}

static int
check_capacity(uint16_t capacity)
{
	if (!xnvme_is_pow2(capacity) || capacity > CAPACITY_MAX) {
		return err_set(-EINVAL, "a queue of %u commands: the capacity must be a power of "
			       "two from 1 to %u", capacity, CAPACITY_MAX);
	}
	return 0;
}

static struct xnvme_queue *
queue_new(struct xnvme_dev *dev, uint16_t capacity, int opts)
{
	struct xnvme_queue *q = aligned_alloc(64, (sizeof(*q) + 63) & ~(size_t)63);

	path_check(dev->path[ROLE_ASYNC], ROLE_ASYNC);
	if (!q) {
		return NULL;
	}
	memset(q, 0, sizeof(*q));
	q->dev = dev;
	q->capacity = capacity;
	q->opts = opts;
	q->event_fd = -1;
	q->path = dev->path[ROLE_ASYNC];
	q->submit = q->path->submit;
	for (size_t i = 0; i < sizeof(q->pass) / sizeof(q->pass[0]); ++i) {
		q->pass[i] = dev_forbids(dev, ROLE_ASYNC, (uint8_t)i) ? pass_forbidden
								      : pass_checked;
	}
	q->read = q->write = blocks_checked;
	q->reap = q->path->reap;
	/* Two more than the capacity: one for a callback, whose command no longer counts, and one
	 * that the caller holds until the queue has capacity again */
	if (pool_init(q, (uint32_t)capacity + 2)) {
		queue_free(q);
		return NULL;
	}
	queue_check(q);
	return q;
}

int
xnvme_queue_init(struct xnvme_dev *dev, uint16_t capacity, int opts, struct xnvme_queue **queue)
{
	struct xnvme_queue *q;
	int err;

	dev_open_check(dev);
	*queue = NULL;
	err = check_capacity(capacity);
	if (err) {
		return err;
	}
	if (!dev->path[ROLE_ASYNC]) {
		return err_set(-ENOTSUP, "'%s' is a handle without queues: it takes admin "
			       "commands only", dev->ident.uri);
	}
	q = queue_new(dev, capacity, opts);
	if (!q) {
		return err_set(-ENOMEM, "no memory for a queue of %u commands", capacity);
	}
	err = q->path->queue_init(q);
	if (err) {
		queue_free(q);
		return err;
	}
	queue_check(q);
	ASSERT(q->submit && q->reap && q->read && q->write);
	(void)atomic_fetch_add_explicit(&dev->refs, 1, memory_order_relaxed);
	fork_add_queue(q);
	*queue = q;
	return 0;
}

uint32_t
xnvme_queue_get_capacity(struct xnvme_queue *queue)
{
	queue_check(queue);
	return queue->capacity;
}

uint32_t
xnvme_queue_get_outstanding(struct xnvme_queue *queue)
{
	queue_check(queue);
	return queue->outstanding;
}

const char *
xnvme_queue_get_features(const struct xnvme_queue *queue)
{
	queue_check(queue);
	return queue->features;
}

struct xnvme_cmd_ctx *
xnvme_queue_get_cmd_ctx(struct xnvme_queue *queue)
{
	struct xnvme_cmd_ctx *ctx = queue->free;

	queue_check(queue);
	if (UNLIKELY(!ctx)) {
		return err_null(ENOMEM);
	}
	queue->free = ctx_next(ctx);
	return ctx;
}

static __attribute__((noinline, cold)) int
put_twice(void)
{
	return err_set(-EINVAL, "a context was put back twice in a row");
}

int
xnvme_queue_put_cmd_ctx(struct xnvme_queue *queue, struct xnvme_cmd_ctx *ctx)
{
	struct xnvme_cmd_ctx *last = queue->free;

	queue_check(queue);
	if (UNLIKELY(ctx == last)) {
		return put_twice();
	}
	ctx_set_next(ctx, last);
	queue->free = ctx;
	return 0;
}

int
xnvme_queue_set_cb(struct xnvme_queue *queue, xnvme_queue_cb cb, void *cb_arg)
{
	if (!queue) {
		return err_set(-EINVAL, "callback of a queue: NULL was passed as the queue");
	}
	queue_check(queue);
	for (uint32_t i = 0; i < queue->pool_cnt; ++i) {
		struct xnvme_cmd_ctx *ctx = &queue->pool[i];

		if (!carry_set_cb(ctx, cb ? cb : ignore_completion, cb_arg)) {
			xnvme_cmd_ctx_set_cb(ctx, cb ? cb : ignore_completion, cb_arg);
		}
	}
	return 0;
}

/* Completes at most `max` commands: those completed without the path first, then the path's. `max`
 * is limited to what is outstanding at the start, so that callbacks that submit cannot prolong the
 * call forever. */
static __attribute__((noinline)) int
poke_many(struct xnvme_queue *q, uint32_t max)
{
	uint32_t outstanding = q->outstanding;
	struct xnvme_cmd_ctx *ctx;
	uint32_t left;

	queue_check(q);
	if (max - 1 >= outstanding) { /* 0 (all) wraps to UINT32_MAX */
		max = outstanding;
	}
	left = max;
	while (left && (ctx = q->done_head)) {
		q->done_head = ctx_next(ctx);
		left -= 1;
		queue_complete(q, ctx);
	}
	if (left && q->outstanding) {
		int rc = q->reap(q, left < q->outstanding ? left : q->outstanding);

		ASSERT(rc < 0 || (uint32_t)rc <= left);
		left -= rc > 0 ? (uint32_t)rc : 0;
	}
	return (int)(max - left);
}

static int
poke_path(struct xnvme_queue *q, uint32_t max)
{
	uint32_t outstanding = q->outstanding;

	queue_check(q);
	ASSERT(!q->done_head);
	if (max - 1 >= outstanding) { /* 0 (all) wraps to UINT32_MAX */
		max = outstanding;
	}
	return max ? q->reap(q, max) : 0;
}

int
xnvme_queue_poke(struct xnvme_queue *queue, uint32_t max)
{
	struct xnvme_cmd_ctx *ctx = queue->done_head;

	queue_check(queue);
	if (!ctx) {
		return poke_path(queue, max);
	}
	if (queue->outstanding != 1) {
		return poke_many(queue, max);
	}
	/* the only outstanding command, and it is complete */
	ASSERT(queue->done_tail == ctx);
	queue->done_head = NULL;
	queue->outstanding = 0;
	ctx->async.cb(ctx, ctx->async.cb_arg);
	return 1;
}

/* Nothing was ready: yields the processor until something is, or for about `timeout_ns` */
static int
wait_ready(struct xnvme_queue *q, uint64_t timeout_ns, uint32_t *tries)
{
	ASSERT(timeout_ns > 0);
	if (q->done_head) {
		return 0;
	}
	if (q->path->wait) {
		return q->path->wait(q, timeout_ns);
	}
	uint64_t pause = 1000ULL << (*tries < 10 ? *tries : 10);

	*tries += 1;
	if (*tries > 3) {
		os_pause_ns(pause < timeout_ns ? pause : timeout_ns);
	}
	return 0;
}

static int
wait_some(struct xnvme_queue *queue, uint64_t timeout_ns)
{
	uint64_t start = os_clock_ns();
	uint32_t tries = 0;

	while (queue->outstanding) {
		int rc = xnvme_queue_poke(queue, 0);

		if (rc) {
			return rc;
		}
		uint64_t passed = timeout_ns == UINT64_MAX ? 0 : os_clock_ns() - start;

		if (passed >= timeout_ns) {
			return 0;
		}
		rc = wait_ready(queue, timeout_ns == UINT64_MAX ? UINT64_MAX : timeout_ns - passed,
				&tries);
		if (rc < 0) {
			return rc;
		}
	}
	return 0;
}

/* Counts the waits in progress for xnvme_queue_term(). xnvme_queue_poke() and what it calls do not
 * count, since that would cost each I/O. */
int
xnvme_queue_wait_timeout(struct xnvme_queue *queue, uint64_t timeout_ns)
{
	int rc;

	queue_check(queue);
	queue->waits += 1;
	rc = wait_some(queue, timeout_ns);
	queue_check(queue);
	ASSERT(queue->waits > 0);
	queue->waits -= 1;
	return rc;
}

int
xnvme_queue_drain(struct xnvme_queue *queue)
{
	int count = 0;

	queue_check(queue);
	while (queue->outstanding) {
		int rc = xnvme_queue_wait_timeout(queue, UINT64_MAX);

		if (rc < 0) {
			return rc;
		}
		count += rc;
	}
	return count;
}

int
xnvme_queue_wait(struct xnvme_queue *queue)
{
	return xnvme_queue_drain(queue);
}

int
xnvme_queue_get_completion_fd(struct xnvme_queue *queue)
{
	queue_check(queue);
	if (queue->event_fd >= 0) {
		return queue->event_fd;
	}
	if (queue->outstanding) {
		return err_set(-EBUSY, "ask for the completion descriptor before commands are "
			       "submitted: %u are outstanding", queue->outstanding);
	}
	int fd = queue->path->event_fd(queue);

	/* programs block in read() until a completion, without polling first */
	if (fd >= 0 && fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK)) {
		int err = -errno;

		return err_set(err, "cannot set the completion descriptor to blocking: %s",
			       strerror(-err));
	}
	if (fd >= 0) {
		queue->event_fd = fd;
	}
	return fd;
}

int
xnvme_queue_term(struct xnvme_queue *queue)
{
	struct xnvme_dev *dev;
	int rc;

	if (!queue) {
		return err_set(-EINVAL, "there is no queue to terminate: NULL was passed");
	}
	queue_check(queue);
	if (queue->waits) {
		return err_set(-EBUSY, "a callback cannot terminate its own queue, which goes on "
			       "when the callback returns: terminate it outside");
	}
	dev = queue->dev;
	queue->capacity = 0; /* callbacks that submit get -EBUSY, so that the queue drains */
	rc = xnvme_queue_drain(queue);
	ASSERT(rc < 0 || !queue->outstanding);
	ASSERT(!queue->waits);
	fork_remove_queue(queue);
	queue->path->queue_fini(queue);
	queue_free(queue);
	dev_put(dev);
	return rc < 0 ? rc : 0;
}
