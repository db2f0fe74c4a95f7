/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reads, writes and flushes through the kernel's older asynchronous interface (io_submit). What is
 * submitted is collected and handed over when the queue is poked, in one call.
 */
#include <path/linux/ring_io.h>

#include <libaio.h>
#include <linux/fs.h>
#include <os/os.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define BATCH 32 /* completions taken in one call */
#define RING_MAGIC 0xa10a10a1 /* of a ring that user space may read */

/* What an io_context_t points to: the kernel's ring of completions, as libaio reads it too */
struct aio_ring {
	uint32_t id;
	uint32_t cnt;  /* events that there is room for */
	uint32_t head; /* index of the next to take; user space moves it on */
	uint32_t tail; /* index of the next to be posted; the kernel moves it on */
	uint32_t magic;
	uint32_t compat_features;
	uint32_t incompat_features;
	uint32_t header_nbytes;
	struct io_event events[];
};

/* As many bytes as a context: one is as far from its context as the other, see iocb_of() */
struct slot {
	struct iocb iocb;
	char pad[sizeof(struct xnvme_cmd_ctx) - sizeof(struct iocb)];
};

struct aio {
	io_context_t io;
	struct aio_ring *ring; /* NULL: of a kind that only the kernel can read */
	uintptr_t slots_off;   /* from a context to its slot, modulo 2^64 */
	uint32_t pending; /* collected, not handed over yet */
	uint32_t stashed; /* completions that wait() took */
	uint64_t block;   /* bytes */
	long nap_ns;      /* how long a poke that finds nothing sleeps */
	bool eager;       /* hand over at once */
	int event_fd;
	struct iocb **todo; /* the pending ones, in order */
	struct io_event stash[BATCH];
	struct slot slots[]; /* one per context of the queue's pool */
};

static int
explain(const struct xnvme_queue *q, int err)
{
	if (err == -EAGAIN) {
		return err_set(err, "the system's limit of asynchronous commands does not allow a "
			       "queue of %u: raise it with sysctl fs.aio-max-nr", q->capacity);
	}
	return err_set(err, "cannot set up a queue of %u commands with io_setup: %s", q->capacity,
		       strerror(-err));
}

static void
aio_queue_fini(struct xnvme_queue *q)
{
	struct aio *aio = q->state;

	(void)io_queue_release(aio->io);
	if (aio->event_fd >= 0) {
		(void)close(aio->event_fd);
	}
	free(aio->todo);
	free(aio);
}

/* The kernel refuses the first one: it alone completes, with the error */
static void
refuse_first(struct xnvme_queue *q, struct aio *aio, int err)
{
	struct xnvme_cmd_ctx *ctx = aio->todo[0]->data;

	aio->pending -= 1;
	memmove(aio->todo, aio->todo + 1, aio->pending * sizeof(aio->todo[0]));
	q->outstanding -= 1; /* counts again on the list of what is done */
	(void)queue_fail(q, ctx, err);
}

/* After io_submit() answered `rc`, which is not all */
static __attribute__((noinline)) void
hand_over_rest(struct xnvme_queue *q, struct aio *aio, int rc)
{
	for (;;) {
		if (rc > 0) {
			aio->pending -= (uint32_t)rc;
			memmove(aio->todo, aio->todo + rc, aio->pending * sizeof(aio->todo[0]));
		} else if (rc == -EAGAIN || !rc) {
			return; /* the kernel has no room now: again at the next poke */
		} else if (rc != -EINTR) {
			refuse_first(q, aio, rc);
		}
		if (!aio->pending) {
			return;
		}
		rc = io_submit(aio->io, aio->pending, aio->todo);
	}
}

static inline void
hand_over(struct xnvme_queue *q, struct aio *aio)
{
	uint32_t pending = aio->pending;
	int rc = io_submit(aio->io, pending, aio->todo);

	if (__builtin_expect((uint32_t)rc != pending, 0)) {
		hand_over_rest(q, aio, rc);
		return;
	}
	aio->pending = 0;
}

/* Collects a command that is filled in. `data`, `aio_reqprio` and the descriptor never change. */
static inline void
collect(struct xnvme_queue *q, struct aio *aio, struct iocb *iocb, short opcode, uint32_t rw_flags)
{
	iocb->aio_rw_flags = rw_flags;
	iocb->aio_lio_opcode = opcode;
	aio->todo[aio->pending++] = iocb;
	q->outstanding += 1;
}

static inline int
collected(struct xnvme_queue *q, struct aio *aio)
{
	if (aio->eager && aio->pending) {
		hand_over(q, aio);
	}
	return 0;
}

static inline struct iocb *
iocb_of(const struct xnvme_queue *q, const struct xnvme_cmd_ctx *ctx)
{
	const struct aio *aio = q->state;

	return &((struct slot *)((uintptr_t)ctx + aio->slots_off))->iocb;
}

static inline void
set_range(struct iocb *iocb, const void *buf, unsigned long count, uint64_t offset)
{
	iocb->u.c.buf = (void *)(uintptr_t)buf;
	iocb->u.c.nbytes = count;
	iocb->u.c.offset = (long long)offset;
}

static int
submit_span(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct media_span *span,
	    const struct payload *payload)
{
	struct iocb *iocb = iocb_of(q, ctx);
	short opcode;

	if (span->nbytes >> 31 || payload->vec_cnt > 1024 ||
	    (!payload->vec && !payload->data && payload->data_nbytes)) {
		return queue_call(q, ctx, payload); /* more than one operation takes, or nothing */
	}
	ctx_set_expected(ctx, span->exact ? (uint32_t)span->nbytes : 0);
	if (payload->vec) {
		opcode = span->write ? IO_CMD_PWRITEV : IO_CMD_PREADV;
		set_range(iocb, payload->vec, payload->vec_cnt, span->offset);
	} else {
		opcode = span->write ? IO_CMD_PWRITE : IO_CMD_PREAD;
		set_range(iocb, payload->data, span->nbytes, span->offset);
	}
	collect(q, q->state, iocb, opcode, span->durable && span->write ? RWF_DSYNC : 0);
	return collected(q, q->state);
}

static int
submit_other(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct payload *payload)
{
	struct media_span span;
	int rc = media_span(ctx, payload->data_nbytes, &span);

	if (rc < 0) {
		return queue_done(q, ctx); /* ctx->cpl says what was wrong */
	}
	if (rc) {
		return submit_span(q, ctx, &span, payload);
	}
	switch (ctx->cmd.common.opcode) {
	case XNVME_SPEC_NVM_OPC_FLUSH:
	case XNVME_SPEC_FS_OPC_FLUSH:
		ctx_set_expected(ctx, 0);
		set_range(iocb_of(q, ctx), NULL, 0, 0);
		collect(q, q->state, iocb_of(q, ctx), IO_CMD_FDSYNC, 0);
		return collected(q, q->state);
	default:
		return queue_call(q, ctx, payload);
	}
}

/* Budget: with reap at most 60 instructions per I/O above a hand-written libaio loop, see
 * bench/path_cost */
static int
aio_submit(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	   size_t mbuf_nbytes, struct xnvme_queue *q)
{
	struct aio *aio = q->state;
	struct iocb *iocb;

	if (__builtin_expect(!ring_io_is_rw(ctx) ||
			     !ring_io_is_plain(ctx, dbuf_nbytes, aio->block), 0)) {
		return ring_io_submit_flat(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q);
	}
	ctx_set_expected(ctx, (uint32_t)dbuf_nbytes);
	iocb = iocb_of(q, ctx);
	iocb->u.c.buf = dbuf;
	iocb->u.c.nbytes = dbuf_nbytes;
	iocb->u.c.offset = (long long)(ctx->cmd.nvm.slba * aio->block);
	/* IO_CMD_PREAD is 0 and PWRITE 1, NVMe's READ 2 and WRITE 1 */
	collect(q, aio, iocb, (short)(2 - ctx->cmd.common.opcode), 0);
	return 0;
}

/* The same where nothing may be held back */
static int
submit_eagerly(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	       size_t mbuf_nbytes, struct xnvme_queue *q)
{
	int rc = aio_submit(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q);

	return rc ? rc : collected(q, q->state);
}

static void
learn_ring(struct aio *aio)
{
	struct aio_ring *ring = (struct aio_ring *)(void *)aio->io;

	if (ring->magic == RING_MAGIC && !ring->incompat_features && ring->cnt &&
	    ring->header_nbytes == sizeof(*ring)) {
		aio->ring = ring;
	}
}

static int
aio_queue_init(struct xnvme_queue *q)
{
	uint32_t cnt = q->capacity + 1;
	struct aio *aio = calloc(1, sizeof(*aio) + cnt * sizeof(aio->slots[0]));
	int err;

	if (!aio) {
		return err_set(-ENOMEM, "no memory for a queue of %u commands", q->capacity);
	}
	aio->todo = malloc(cnt * sizeof(struct iocb *));
	if (!aio->todo) {
		free(aio);
		return err_set(-ENOMEM, "no memory for a queue of %u commands", q->capacity);
	}
	err = io_queue_init((int)q->capacity, &aio->io);
	if (err) {
		free(aio->todo);
		free(aio);
		return explain(q, err);
	}
	learn_ring(aio);
	aio->slots_off = (uintptr_t)aio->slots - (uintptr_t)q->pool;
	aio->event_fd = -1;
	aio->eager = q->dev->opts.policy == XNVME_POLICY_LATENCY;
	aio->block = 1ULL << q->dev->lba_shift;
	for (uint32_t i = 0; i < cnt; ++i) {
		aio->slots[i].iocb.data = &q->pool[i];
		aio->slots[i].iocb.aio_fildes = q->dev->fd;
	}
	aio->nap_ns = ring_io_naps(q) ? RING_IO_NAP_NS : 0;
	q->state = aio;
	if (q->dev->lba_shift > RING_IO_SHIFT_MAX) {
		q->submit = ring_io_submit_flat;
	} else if (aio->eager) {
		q->submit = submit_eagerly;
	}
	(void)snprintf(q->features, sizeof(q->features), "%s%s", aio->eager ? "" : "batching",
		       aio->nap_ns ? ",naps" : "");
	return 0;
}

static inline void
complete_one(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, int64_t res)
{
	ctx->cpl.result = (uint64_t)res;
	if (__builtin_expect(res != ctx_expected(ctx), 0)) {
		ring_io_unexpected(ctx, res);
	}
	queue_complete(q, ctx);
}

static inline void
complete(struct xnvme_queue *q, const struct io_event *event)
{
	complete_one(q, event->data, (int64_t)event->res);
}

static __attribute__((noinline)) uint32_t
reap_stash(struct xnvme_queue *q, struct aio *aio, uint32_t max)
{
	uint32_t count = 0;

	while (aio->stashed && count < max) {
		/* a copy, taken before the callback, which may poke again */
		struct io_event event = aio->stash[--aio->stashed];

		++count;
		complete(q, &event);
	}
	return count;
}

/* Sleeps, has the kernel read its ring, and takes first what wait() took */
static __attribute__((noinline)) int
reap_by_call(struct xnvme_queue *q, struct aio *aio, uint32_t max)
{
	struct io_event events[BATCH];
	struct timespec nap = {0, aio->nap_ns};
	uint32_t count = reap_stash(q, aio, max);

	while (count < max) {
		uint32_t room = max - count < BATCH ? max - count : BATCH;
		long least = aio->nap_ns && !count && !q->done_head;
		int rc = io_getevents(aio->io, least, (long)room, events, &nap);

		if (rc <= 0) {
			return count || !rc || rc == -EINTR ? (int)count : rc;
		}
		for (int i = 0; i < rc; ++i) {
			complete(q, &events[i]);
		}
		count += (uint32_t)rc;
		if ((uint32_t)rc < room) {
			break;
		}
	}
	return (int)count;
}

static int
aio_reap(struct xnvme_queue *q, uint32_t max)
{
	struct aio *aio = q->state;
	struct aio_ring *ring = aio->ring;
	uint32_t left = max;

	if (aio->pending) {
		hand_over(q, aio);
	}
	if (__builtin_expect(!ring || aio->stashed, 0) || (aio->nap_ns && ring->head ==
	    __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE))) {
		return reap_by_call(q, aio, max);
	}
	do {
		uint32_t head = ring->head; /* anew each time: callbacks may poke */
		struct xnvme_cmd_ctx *ctx;
		int64_t res;

		/* acquire: events are read after the tail that makes them ours */
		if (head == __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE)) {
			break;
		}
		ctx = ring->events[head].data;
		res = (int64_t)ring->events[head].res;
		head += 1;
		/* release: the event is given back after it was read, and before the callback */
		__atomic_store_n(&ring->head, head == ring->cnt ? 0 : head, __ATOMIC_RELEASE);
		complete_one(q, ctx, res);
	} while (--left);
	return (int)(max - left);
}

static int
aio_wait(struct xnvme_queue *q, uint64_t timeout_ns)
{
	struct aio *aio = q->state;
	struct timespec ts = {(time_t)(timeout_ns / 1000000000ULL),
			      (long)(timeout_ns % 1000000000ULL)};
	int rc;

	if (aio->pending) {
		hand_over(q, aio);
	}
	if (aio->stashed || q->done_head) {
		return 0;
	}
	rc = io_getevents(aio->io, 1, BATCH, aio->stash, timeout_ns == UINT64_MAX ? NULL : &ts);
	if (rc > 0) {
		aio->stashed = (uint32_t)rc;
		/* reap takes from the end: turn it round to keep the order of completion */
		for (uint32_t i = 0, j = aio->stashed - 1; i < j; ++i, --j) {
			struct io_event event = aio->stash[i];

			aio->stash[i] = aio->stash[j];
			aio->stash[j] = event;
		}
	}
	return rc >= 0 || rc == -EINTR ? 0 : rc;
}

static int
aio_event_fd(struct xnvme_queue *q)
{
	struct aio *aio = q->state;
	int event = os_event_open();

	if (event < 0) {
		return err_set(event, "no descriptor is left for an event");
	}
	aio->event_fd = event;
	for (uint32_t i = 0; i < q->pool_cnt; ++i) {
		io_set_eventfd(&aio->slots[i].iocb, event);
	}
	aio->nap_ns = 0;
	aio->eager = true; /* who sleeps on the event does not poke: nothing may be held back */
	if (q->submit == aio_submit) {
		q->submit = submit_eagerly;
	}
	return event;
}

extern const struct path path_libaio;
const struct path path_libaio = {
	.name = "libaio",
	.descr = "Linux io_submit: reads, writes and flushes of files and block devices",
	.queue_init = aio_queue_init,
	.queue_fini = aio_queue_fini,
	.submit = aio_submit,
	.submitv = submit_other,
	.reap = aio_reap,
	.wait = aio_wait,
	.event_fd = aio_event_fd,
};
