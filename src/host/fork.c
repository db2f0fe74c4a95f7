/* SPDX-License-Identifier: BSD-3-Clause */
#include <host/fork.h>

#include <errno.h>
#include <host/err.h>
#include <host/mem.h>
#include <host/paths.h>
#include <host/queue.h>
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of the lists; held across fork() */
static struct xnvme_dev *devs;
static struct xnvme_queue *queues;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int watching; /* 0, or an error of pthread_atfork() */

static int
refuse(const struct xnvme_dev *dev)
{
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
	(void)q;
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
	(void)max;
	return refuse(q->dev);
}

static int
inherited_wait(struct xnvme_queue *q, uint64_t timeout_ns)
{
	(void)timeout_ns;
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
	(void)dev;
	(void)buf;
}

static size_t
inherited_nbytes(struct xnvme_dev *dev, void *buf)
{
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
	for (size_t role = 0; role < ROLE_COUNT; ++role) {
		dev->path[role] = dev->path[role] ? &path_inherited : NULL;
	}
	dev->mem = &mem_inherited;
}

static void
before(void)
{
	(void)pthread_mutex_lock(&lock);
}

static void
after_in_parent(void)
{
	(void)pthread_mutex_unlock(&lock);
}

static void
after_in_child(void)
{
	for (struct xnvme_queue *q = queues; q; q = q->fork_next) {
		inherit_queue(q);
	}
	for (struct xnvme_dev *dev = devs; dev; dev = dev->fork_next) {
		inherit_dev(dev);
	}
	(void)pthread_mutex_unlock(&lock);
}

static void
watch(void)
{
	watching = pthread_atfork(before, after_in_parent, after_in_child);
}

int
fork_add_dev(struct xnvme_dev *dev)
{
	(void)pthread_once(&once, watch);
	if (watching) {
		return err_set(-watching, "no memory to register for fork()");
	}
	(void)pthread_mutex_lock(&lock);
	dev->fork_next = devs;
	devs = dev;
	(void)pthread_mutex_unlock(&lock);
	return 0;
}

void
fork_remove_dev(struct xnvme_dev *dev)
{
	struct xnvme_dev **at = &devs;

	(void)pthread_mutex_lock(&lock);
	for (; *at && *at != dev; at = &(*at)->fork_next) {
	}
	if (*at) {
		*at = dev->fork_next;
	}
	(void)pthread_mutex_unlock(&lock);
}

void
fork_add_queue(struct xnvme_queue *q)
{
	(void)pthread_mutex_lock(&lock);
	q->fork_next = queues;
	queues = q;
	(void)pthread_mutex_unlock(&lock);
}

void
fork_remove_queue(struct xnvme_queue *q)
{
	struct xnvme_queue **at = &queues;

	(void)pthread_mutex_lock(&lock);
	for (; *at && *at != q; at = &(*at)->fork_next) {
	}
	if (*at) {
		*at = q->fork_next;
	}
	(void)pthread_mutex_unlock(&lock);
}

bool
fork_has_inherited(const struct xnvme_dev *dev)
{
	return dev->mem == &mem_inherited;
}

void
fork_close(struct xnvme_dev *dev)
{
	if (dev->sibling_fd >= 0) {
		(void)close(dev->sibling_fd);
	}
	if (dev->fd >= 0) {
		(void)close(dev->fd);
	}
}
