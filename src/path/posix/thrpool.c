/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Queues for handles with blocking paths only: a few threads run the commands through the handle's
 * sync path and append them to a list that reap takes from.
 *
 * One mutex protects both rings. A worker holds it only to take an entry and to append a
 * completion.
 */
#include <host/queue.h>

#include <errno.h>
#include <host/err.h>
#include <os/os.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define THREADS_DEFAULT 4
#define THREADS_MAX 64

struct pool_entry {
	struct xnvme_cmd_ctx *ctx;
	struct payload payload;
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t work; /* a command was submitted, or stop */
	pthread_cond_t done; /* a command completed */
	const struct path *sync;
	int event_fd; /* protected by lock */
	bool stop;
	uint32_t mask;
	uint32_t work_head, work_tail;
	uint32_t done_head, done_tail;
	struct pool_entry *work_ring;
	struct xnvme_cmd_ctx **done_ring;
	uint32_t nthreads;
	pthread_t threads[THREADS_MAX];
};

static void *
worker(void *arg)
{
	struct pool *pool = arg;

	(void)pthread_mutex_lock(&pool->lock);
	for (;;) {
		while (pool->work_head == pool->work_tail && !pool->stop) {
			(void)pthread_cond_wait(&pool->work, &pool->lock);
		}
		if (pool->work_head == pool->work_tail) {
			break; /* stop, and all submitted commands are done */
		}
		struct pool_entry entry = pool->work_ring[pool->work_head++ & pool->mask];

		(void)pthread_mutex_unlock(&pool->lock);
		int err = pool->sync->call(entry.ctx, ROLE_SYNC, &entry.payload);

		if (err && !xnvme_cmd_ctx_cpl_status(entry.ctx)) {
			(void)cpl_set_errno(entry.ctx, err);
		}
		(void)pthread_mutex_lock(&pool->lock);
		pool->done_ring[pool->done_tail++ & pool->mask] = entry.ctx;
		(void)pthread_cond_signal(&pool->done);
		if (pool->event_fd >= 0) {
			os_event_signal(pool->event_fd);
		}
	}
	(void)pthread_mutex_unlock(&pool->lock);
	return NULL;
}

static uint32_t
threads_wanted(uint32_t capacity)
{
	const char *text = getenv("XNVME_BE_CBI_ASYNC_THRPOOL_NTHREADS");
	long count = text ? strtol(text, NULL, 10) : THREADS_DEFAULT;

	count = count < 1 || count > THREADS_MAX ? THREADS_DEFAULT : count;
	return (uint32_t)count < capacity ? (uint32_t)count : capacity;
}

/* Join the threads that were started */
static void
pool_stop(struct pool *pool)
{
	(void)pthread_mutex_lock(&pool->lock);
	pool->stop = true;
	(void)pthread_cond_broadcast(&pool->work);
	(void)pthread_mutex_unlock(&pool->lock);
	for (uint32_t i = 0; i < pool->nthreads; ++i) {
		(void)pthread_join(pool->threads[i], NULL);
	}
	(void)pthread_cond_destroy(&pool->work);
	(void)pthread_cond_destroy(&pool->done);
	(void)pthread_mutex_destroy(&pool->lock);
}

static void
pool_free(struct pool *pool)
{
	free(pool->work_ring);
	free(pool->done_ring);
	free(pool);
}

static int
pool_sync_init(struct pool *pool)
{
	pthread_condattr_t attr;

	if (pthread_condattr_init(&attr)) {
		return -ENOMEM;
	}
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_mutex_init(&pool->lock, NULL);
	(void)pthread_cond_init(&pool->work, NULL);
	(void)pthread_cond_init(&pool->done, &attr);
	(void)pthread_condattr_destroy(&attr);
	return 0;
}

static int
pool_queue_init(struct xnvme_queue *q)
{
	struct pool *pool = calloc(1, sizeof(*pool));
	uint32_t wanted = threads_wanted(q->capacity);

	if (!pool) {
		return err_set(-ENOMEM, "no memory for a thread pool");
	}
	pool->sync = q->dev->path[ROLE_SYNC];
	pool->event_fd = -1;
	pool->mask = q->capacity - 1;
	pool->work_ring = malloc(q->capacity * sizeof(*pool->work_ring));
	pool->done_ring = malloc(q->capacity * sizeof(struct xnvme_cmd_ctx *));
	if (!pool->work_ring || !pool->done_ring || pool_sync_init(pool)) {
		pool_free(pool);
		return err_set(-ENOMEM, "no memory for a thread pool of %u commands", q->capacity);
	}
	for (; pool->nthreads < wanted; ++pool->nthreads) {
		int err = os_thread_start(&pool->threads[pool->nthreads], worker, pool);

		if (err) {
			pool_stop(pool);
			pool_free(pool);
			return err_set(err, "cannot start a thread for the pool: %s",
				       strerror(-err));
		}
	}
	q->state = pool;
	return 0;
}

static void
pool_queue_fini(struct xnvme_queue *q)
{
	struct pool *pool = q->state;

	pool_stop(pool);
	if (pool->event_fd >= 0) {
		(void)close(pool->event_fd);
	}
	pool_free(pool);
}

static int
pool_submitv(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct payload *payload)
{
	struct pool *pool = q->state;
	struct pool_entry *entry;

	(void)pthread_mutex_lock(&pool->lock);
	entry = &pool->work_ring[pool->work_tail++ & pool->mask];
	entry->ctx = ctx;
	entry->payload = *payload;
	(void)pthread_cond_signal(&pool->work);
	(void)pthread_mutex_unlock(&pool->lock);
	q->outstanding += 1;
	return 0;
}

static struct xnvme_cmd_ctx *
take_done(struct pool *pool)
{
	struct xnvme_cmd_ctx *ctx = NULL;

	(void)pthread_mutex_lock(&pool->lock);
	if (pool->done_head != pool->done_tail) {
		ctx = pool->done_ring[pool->done_head++ & pool->mask];
	}
	(void)pthread_mutex_unlock(&pool->lock);
	return ctx;
}

static int
pool_reap(struct xnvme_queue *q, uint32_t max)
{
	struct pool *pool = q->state;
	struct xnvme_cmd_ctx *ctx;
	uint32_t count = 0;

	while (count < max && (ctx = take_done(pool))) {
		count += 1;
		queue_complete(q, ctx);
	}
	return (int)count;
}

static int
pool_wait(struct xnvme_queue *q, uint64_t timeout_ns)
{
	struct pool *pool = q->state;
	struct timespec until;
	uint64_t now = os_clock_ns();
	uint64_t end;
	int rc = 0;

	if (__builtin_add_overflow(now, timeout_ns, &end)) {
		end = (uint64_t)INT64_MAX;
	}
	until.tv_sec = (time_t)(end / 1000000000ULL);
	until.tv_nsec = (long)(end % 1000000000ULL);
	(void)pthread_mutex_lock(&pool->lock);
	while (pool->done_head == pool->done_tail && !rc) {
		rc = pthread_cond_timedwait(&pool->done, &pool->lock, &until);
	}
	(void)pthread_mutex_unlock(&pool->lock);
	return rc && rc != ETIMEDOUT ? -rc : 0;
}

static int
pool_event_fd(struct xnvme_queue *q)
{
	struct pool *pool = q->state;
	int event = os_event_open();

	if (event < 0) {
		return err_set(event, "no descriptor is left for an event");
	}
	(void)pthread_mutex_lock(&pool->lock);
	pool->event_fd = event;
	(void)pthread_mutex_unlock(&pool->lock);
	return event;
}

extern const struct path path_thrpool;
const struct path path_thrpool = {
	.name = "thrpool",
	.descr = "A few threads run commands through the sync path",
	.bytes = BYTES_AS_SYNC,
	.queue_init = pool_queue_init,
	.queue_fini = pool_queue_fini,
	.submit = queue_submit_flat,
	.submitv = pool_submitv,
	.reap = pool_reap,
	.wait = pool_wait,
	.event_fd = pool_event_fd,
};
