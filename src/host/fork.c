/* SPDX-License-Identifier: BSD-3-Clause */
#include <host/fork.h>

#include <base/assert.h>
#include <errno.h>
#include <host/err.h>
#include <host/mem.h>
#include <host/paths.h>
#include <host/process.h>
#include <host/queue.h>
#include <pthread.h>
#include <unistd.h>

struct process process = {
	.fork_once = PTHREAD_ONCE_INIT,
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.be_once = PTHREAD_ONCE_INIT,
	.ending_once = PTHREAD_ONCE_INIT,
	.ctrls_lock = PTHREAD_MUTEX_INITIALIZER,
	.ctrls_changed = PTHREAD_COND_INITIALIZER,
};

/* Only handles whose memory was replaced get here */
static void
inherited_check(const struct xnvme_dev *dev)
{
	dev_open_check(dev);
	ASSERT(fork_has_inherited(dev));
}

static int
refuse(const struct xnvme_dev *dev)
{
	inherited_check(dev);
	return err_set(-ESTALE, "'%s' was opened by the process that forked this one, which goes "
		       "on using it: open it here anew", dev->ident.uri);
}

/* ---- the path of inherited handles ---- */

static int
inherited_call(struct xnvme_cmd_ctx *ctx, enum path_role role, const struct payload *payload)
{
	(void)role;
	(void)payload;
	return cpl_set_errno(ctx, refuse(ctx->dev));
}

static int
inherited_queue_init(struct xnvme_queue *q)
{
	return refuse(q->dev);
}

static void
inherited_queue_fini(struct xnvme_queue *q)
{
	inherited_check(q->dev);
	if (q->event_fd >= 0) {
		(void)close(q->event_fd);
	}
}

/* The command is refused: no callback follows */
static int
inherited_submit(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
		 size_t mbuf_nbytes, struct xnvme_queue *q)
{
	(void)dbuf;
	(void)dbuf_nbytes;
	(void)mbuf;
	(void)mbuf_nbytes;
	ASSERT(q->submit == inherited_submit && q == ctx->async.queue);
	return cpl_set_errno(ctx, refuse(ctx->dev));
}

static int
inherited_submitv(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct payload *payload)
{
	(void)payload;
	return inherited_submit(ctx, NULL, 0, NULL, 0, q);
}

static int
inherited_reap(struct xnvme_queue *q, uint32_t max)
{
	ASSERT(q->outstanding > 0 && max <= q->outstanding);
	(void)max;
	return refuse(q->dev);
}

static int
inherited_wait(struct xnvme_queue *q, uint64_t timeout_ns)
{
	(void)timeout_ns;
	ASSERT(q->outstanding > 0); /* nothing is awaited otherwise */
	return refuse(q->dev);
}

static const struct path path_inherited = {
	.name = "inherited",
	.descr = "Refuses everything: in a child of fork()",
	.call = inherited_call,
	.queue_init = inherited_queue_init,
	.queue_fini = inherited_queue_fini,
	.submit = inherited_submit,
	.submitv = inherited_submitv,
	.reap = inherited_reap,
	.wait = inherited_wait,
	.event_fd = inherited_queue_init,
};

static void *
inherited_alloc(struct xnvme_dev *dev, size_t nbytes)
{
	(void)nbytes;
	errno = -refuse(dev);
	return NULL;
}

/* Frees nothing: the allocator may be shared, or fork() may have interrupted it */
static void
inherited_free(struct xnvme_dev *dev, void *buf)
{
	inherited_check(dev);
	(void)dev;
	(void)buf;
}

static size_t
inherited_nbytes(struct xnvme_dev *dev, void *buf)
{
	inherited_check(dev);
	(void)dev;
	(void)buf;
	return 0;
}

static int
inherited_map(struct xnvme_dev *dev, void *vaddr, size_t nbytes)
{
	(void)vaddr;
	(void)nbytes;
	return refuse(dev);
}

static int
inherited_unmap(struct xnvme_dev *dev, void *vaddr)
{
	return inherited_map(dev, vaddr, 0);
}

static int
inherited_vtophys(struct xnvme_dev *dev, void *vaddr, uint64_t *phys)
{
	(void)phys;
	return inherited_map(dev, vaddr, 0);
}

static const struct mem_ops mem_inherited = {
	.name = "inherited",
	.alloc = inherited_alloc,
	.free = inherited_free,
	.nbytes = inherited_nbytes,
	.map = inherited_map,
	.unmap = inherited_unmap,
	.vtophys = inherited_vtophys,
};

/* ---- forking ---- */

static void
inherit_queue(struct xnvme_queue *q)
{
	q->path = &path_inherited;
	q->submit = inherited_submit;
	q->reap = inherited_reap;
	q->read = q->write = blocks_checked; /* which calls `pass` */
	for (size_t i = 0; i < sizeof(q->pass) / sizeof(q->pass[0]); ++i) {
		q->pass[i] = inherited_submit;
	}
	/* outstanding commands complete in the parent; polling for them here is refused */
	q->done_head = NULL;
	q->waits = 0;
}

static void
inherit_dev(struct xnvme_dev *dev)
{
	dev_open_check(dev);
	for (size_t role = 0; role < ROLE_COUNT; ++role) {
		dev->path[role] = dev->path[role] ? &path_inherited : NULL;
	}
	dev->mem = &mem_inherited;
}

static void
before(void)
{
	(void)pthread_mutex_lock(&process.lock);
}

static void
after_in_parent(void)
{
	(void)pthread_mutex_unlock(&process.lock);
}

/* The controllers belong to the parent; one of its threads may have held their lock */
static void
forget_ctrls(void)
{
	static const pthread_mutex_t unlocked = PTHREAD_MUTEX_INITIALIZER;
	static const pthread_cond_t unchanged = PTHREAD_COND_INITIALIZER;

	process.ctrls = NULL;
	process.ctrls_lock = unlocked;
	process.ctrls_changed = unchanged;
}

static void
after_in_child(void)
{
	for (struct xnvme_queue *q = process.queues; q; q = q->fork_next) {
		inherit_queue(q);
	}
	for (struct xnvme_dev *dev = process.devs; dev; dev = dev->fork_next) {
		inherit_dev(dev);
	}
	process.aio_lost |= process.aio_used;
	forget_ctrls();
	(void)pthread_mutex_unlock(&process.lock);
}

static void
watch(void)
{
	process.fork_err = pthread_atfork(before, after_in_parent, after_in_child);
}

int
fork_watch(void)
{
	(void)pthread_once(&process.fork_once, watch);
	if (process.fork_err) {
		return err_set(-process.fork_err, "no memory to register for fork()");
	}
	return 0;
}

int
fork_add_dev(struct xnvme_dev *dev)
{
	int err = fork_watch();

	dev_open_check(dev);
	ASSERT(!fork_has_inherited(dev) && !dev->fork_next);
	if (err) {
		return err;
	}
	(void)pthread_mutex_lock(&process.lock);
	dev->fork_next = process.devs;
	process.devs = dev;
	(void)pthread_mutex_unlock(&process.lock);
	return 0;
}

void
fork_remove_dev(struct xnvme_dev *dev)
{
	struct xnvme_dev **at = &process.devs;

	(void)pthread_mutex_lock(&process.lock);
	for (; *at && *at != dev; at = &(*at)->fork_next) {
	}
	if (ALWAYS(*at)) {
		*at = dev->fork_next;
	}
	(void)pthread_mutex_unlock(&process.lock);
}

void
fork_add_queue(struct xnvme_queue *q)
{
	queue_check(q);
	ASSERT(q->outstanding == 0 && !q->fork_next);
	(void)pthread_mutex_lock(&process.lock);
	q->fork_next = process.queues;
	process.queues = q;
	(void)pthread_mutex_unlock(&process.lock);
}

void
fork_remove_queue(struct xnvme_queue *q)
{
	struct xnvme_queue **at = &process.queues;

	(void)pthread_mutex_lock(&process.lock);
	for (; *at && *at != q; at = &(*at)->fork_next) {
	}
	if (ALWAYS(*at)) {
		*at = q->fork_next;
	}
	(void)pthread_mutex_unlock(&process.lock);
}

bool
fork_has_inherited(const struct xnvme_dev *dev)
{
	return dev->mem == &mem_inherited;
}

void
fork_close(struct xnvme_dev *dev)
{
	inherited_check(dev);
	if (dev->sibling_fd >= 0) {
		(void)close(dev->sibling_fd);
	}
	if (dev->fd >= 0) {
		(void)close(dev->fd);
	}
}
