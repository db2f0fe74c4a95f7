/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reads, writes and flushes through the kernel's older asynchronous interface (io_submit).
 * Submissions are batched and passed to the kernel when the queue is poked, in one call.
 */
#include <path/linux/ring_io.h>

#include <libaio.h>
#include <limits.h>
#include <linux/fs.h>
#include <os/os.h>
#include <base/likely.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define BATCH 32 /* completions per call */
#define RING_MAGIC 0xa10a10a1 /* of a ring that user space may read */

/* The target of an io_context_t: the kernel's ring of completions, which libaio reads too */
struct aio_ring {
	uint32_t id;
	uint32_t cnt;  /* capacity, in events */
	uint32_t head; /* index of the next to take; advanced by user space */
	uint32_t tail; /* index of the next to be posted; advanced by the kernel */
	uint32_t magic;
	uint32_t compat_features;
	uint32_t incompat_features;
	uint32_t header_nbytes;
	struct io_event events[];
};

struct aio {
	/* one cache line */
	uint64_t block;    /* bytes */
	struct iocb *todo; /* next to be filled; those before it are not yet submitted */
	const struct io_event *next; /* completions to deliver: up to `end` */
	const struct io_event *end;
	struct aio_ring *ring; /* NULL: a layout that only the kernel can read */
	io_context_t io;
	struct iocb **list; /* pointers to each of iocbs[], in order: the argument of io_submit() */
	long nap_ns;        /* how long an empty poke sleeps */
	uint32_t empty_polls; /* see ring_io_yield() */

	bool eager; /* submit at once */
	int event_fd;
	struct io_event taken[BATCH]; /* by io_getevents() */
	struct iocb iocbs[]; /* fields common to all commands are preset */
};

static int
explain(uint32_t capacity, int err)
{
	switch (err) {
	case -EAGAIN:
		return err_set(err, "the system's limit of asynchronous commands does not allow a "
			       "queue of %u: raise it (as root: sysctl fs.aio-max-nr=1048576), or "
			       "choose async=thrpool", capacity);
	case -ENOSYS:
	case -EPERM:
		return err_set(err, "libaio is not available (%s): the kernel is built without it, "
			       "or a container's seccomp filter forbids io_setup; choose "
			       "async=thrpool", strerror(-err));
	default:
		return err_set(err, "cannot set up a queue of %u commands with io_setup: %s",
			       capacity, strerror(-err));
	}
}

static unsigned long long
number_in(const char *path, unsigned long long otherwise)
{
	FILE *file = fopen(path, "re");
	unsigned long long value;

	if (file) {
		otherwise = fscanf(file, "%llu", &value) == 1 ? value : otherwise;
		(void)fclose(file);
	}
	return otherwise;
}

/* Can a context be created? 0 or -errno. Creating and ending one would tell, but the kernel takes
 * tens of milliseconds to end one. Instead this requests a context of no events, which is EINVAL
 * where the call is allowed (io_setup(2)), and reads the limit that all contexts share. */
static int
try_context(void)
{
	unsigned long long used = number_in("/proc/sys/fs/aio-nr", 0);
	unsigned long long most = number_in("/proc/sys/fs/aio-max-nr", ULLONG_MAX);
	io_context_t io = NULL;
	int err = io_setup(0, &io);

	if (!err) {
		(void)io_destroy(io);
	}
	if (err && err != -EINVAL) {
		return err;
	}
	return used < most ? 0 : -EAGAIN;
}

/* check now, while another path can be chosen, not in queue_init */
static int
aio_attach(struct xnvme_dev *dev, enum path_role role)
{
	int err = media_fd_attach(dev, role);

	if (err) {
		return err;
	}
	err = try_context();
	return err ? explain(1, err) : 0;
}

static void
aio_queue_fini(struct xnvme_queue *q)
{
	struct aio *aio = q->state;

	(void)io_queue_release(aio->io);
	if (aio->event_fd >= 0) {
		(void)close(aio->event_fd);
	}
	free(aio->list);
	free(aio);
}

static inline uint32_t
pending(const struct aio *aio)
{
	return (uint32_t)(aio->todo - aio->iocbs);
}

/* Remove the first `cnt` from the pending ones */
static void
forget(struct aio *aio, uint32_t cnt)
{
	uint32_t left = pending(aio) - cnt;

	memmove(aio->iocbs, aio->iocbs + cnt, left * sizeof(aio->iocbs[0]));
	aio->todo = aio->iocbs + left;
}

/* The kernel refuses the first command: it alone completes, with the error */
static void
refuse_first(struct xnvme_queue *q, struct aio *aio, int err)
{
	struct xnvme_cmd_ctx *ctx = aio->iocbs[0].data;

	forget(aio, 1);
	q->outstanding -= 1; /* queue_fail() counts it again until it is delivered */
	(void)dev_fd_unaligned(ctx, err);
	(void)queue_fail(q, ctx, err);
}

/* Handle a result `rc` of io_submit() below the number submitted */
static __attribute__((noinline)) void
keep_rest(struct xnvme_queue *q, struct aio *aio, int rc)
{
	for (;;) {
		if (rc > 0) {
			forget(aio, (uint32_t)rc);
		} else if (rc == -EAGAIN || !rc) {
			return; /* the kernel's queue is full: retry at the next poke */
		} else if (rc != -EINTR) {
			refuse_first(q, aio, rc);
		}
		if (!pending(aio)) {
			return;
		}
		rc = io_submit(aio->io, pending(aio), aio->list);
	}
}

static inline void
submit_batch(struct xnvme_queue *q, struct aio *aio)
{
	uint32_t cnt = pending(aio);
	int rc = io_submit(aio->io, cnt, aio->list);

	if (UNLIKELY((uint32_t)rc != cnt)) {
		keep_rest(q, aio, rc);
		return;
	}
	aio->todo = aio->iocbs;
}

/* Queue a command for io_submit(): it is outstanding, and submitted with those before it */
static inline void
collect(struct xnvme_queue *q, struct aio *aio, struct xnvme_cmd_ctx *ctx, enum io_iocb_cmd opcode,
	uint32_t flags, const void *buf, unsigned long count, uint64_t offset)
{
	struct iocb *iocb = aio->todo++;

	iocb->data = ctx;
	/* these three fields are adjacent: one store */
	iocb->aio_rw_flags = flags;
	iocb->aio_lio_opcode = (short)opcode;
	iocb->aio_reqprio = 0;
	iocb->u.c.buf = (void *)(uintptr_t)buf;
	iocb->u.c.nbytes = count;
	iocb->u.c.offset = (long long)offset;
	q->outstanding += 1;
}

static inline int
collected(struct xnvme_queue *q, struct aio *aio)
{
	if (aio->eager && pending(aio)) {
		submit_batch(q, aio);
	}
	return 0;
}

static void
collect_span(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct media_span *span,
	     const struct payload *payload)
{
	uint32_t flags = span->durable && span->write ? RWF_DSYNC : 0;

	if (payload->vec) {
		collect(q, q->state, ctx, span->write ? IO_CMD_PWRITEV : IO_CMD_PREADV, flags,
			payload->vec, payload->vec_cnt, span->offset);
	} else {
		collect(q, q->state, ctx, span->write ? IO_CMD_PWRITE : IO_CMD_PREAD, flags,
			payload->data, span->nbytes, span->offset);
	}
}

static int
aio_submitv(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct payload *payload)
{
	struct media_span span;

	switch (ring_io_look(q, ctx, payload, &span)) {
	case RING_IO_MOVE:
		collect_span(q, ctx, &span, payload);
		break;
	case RING_IO_FLUSH:
		collect(q, q->state, ctx, IO_CMD_FDSYNC, 0, NULL, 0, 0);
		break;
	case RING_IO_NOTHING:
	default:
		return 0;
	}
	return collected(q, q->state);
}

/* Fast path for a plain read or write; others take the slow path */
static inline int
submit_plain(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	     size_t mbuf_nbytes, struct xnvme_queue *q, enum io_iocb_cmd opcode)
{
	if (UNLIKELY(mbuf_nbytes != 0)) { /* metadata: slow path */
		return pass_checked(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q);
	}

	struct aio *aio = q->state;
	uint64_t block = aio->block;
	uint64_t slba = ctx->cmd.nvm.slba;

	if (!ring_io_is_plain(ctx, slba, dbuf_nbytes, block)) {
		return pass_checked(ctx, dbuf, dbuf_nbytes, NULL, 0, q);
	}
	collect(q, aio, ctx, opcode, 0, dbuf, dbuf_nbytes, slba * block);
	ctx_set_expected(ctx, (uint32_t)dbuf_nbytes);
	return 0;
}

/* The same for a call by blocks */
static inline int
submit_blocks(struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, uint64_t slba, uint64_t nlb,
	      void *dbuf, void *mbuf, enum io_iocb_cmd opcode)
{
	if (!blocks_are_plain(ctx, q, slba, nlb, mbuf)) {
		return blocks_pass(ctx, q, dbuf, mbuf);
	}

	uint64_t block = ctx->dev->lba_nbytes;
	uint64_t nbytes = (nlb + 1) * block;

	cpl_clear(ctx);
	collect(q, q->state, ctx, opcode, 0, dbuf, nbytes, slba * block);
	ctx_set_expected(ctx, (uint32_t)nbytes);
	return 0;
}

/* Budget: with reap at most 60 instructions per I/O above a hand-written libaio loop, see
 * bench/path_cost */
static int
aio_read_blocks(struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, uint64_t slba, uint64_t nlb,
		void *dbuf, void *mbuf)
{
	return submit_blocks(ctx, q, slba, nlb, dbuf, mbuf, IO_CMD_PREAD);
}

static int
aio_write_blocks(struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, uint64_t slba, uint64_t nlb,
		 void *dbuf, void *mbuf)
{
	return submit_blocks(ctx, q, slba, nlb, dbuf, mbuf, IO_CMD_PWRITE);
}

static int
aio_read(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	 size_t mbuf_nbytes, struct xnvme_queue *q)
{
	return submit_plain(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q, IO_CMD_PREAD);
}

static int
aio_write(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	  size_t mbuf_nbytes, struct xnvme_queue *q)
{
	return submit_plain(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q, IO_CMD_PWRITE);
}

/* The same without batching */
static int
read_eagerly(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	     size_t mbuf_nbytes, struct xnvme_queue *q)
{
	int rc = aio_read(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q);

	return rc ? rc : collected(q, q->state);
}

static int
write_eagerly(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	      size_t mbuf_nbytes, struct xnvme_queue *q)
{
	int rc = aio_write(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q);

	return rc ? rc : collected(q, q->state);
}

static int
read_blocks_eagerly(struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, uint64_t slba, uint64_t nlb,
		    void *dbuf, void *mbuf)
{
	int rc = aio_read_blocks(ctx, q, slba, nlb, dbuf, mbuf);

	return rc ? rc : collected(q, q->state);
}

static int
write_blocks_eagerly(struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, uint64_t slba, uint64_t nlb,
		     void *dbuf, void *mbuf)
{
	int rc = aio_write_blocks(ctx, q, slba, nlb, dbuf, mbuf);

	return rc ? rc : collected(q, q->state);
}

static const struct queue_ways plain_ways = {
	.pass_read = aio_read,
	.pass_write = aio_write,
	.read = aio_read_blocks,
	.write = aio_write_blocks,
};

static const struct queue_ways eager_ways = {
	.pass_read = read_eagerly,
	.pass_write = write_eagerly,
	.read = read_blocks_eagerly,
	.write = write_blocks_eagerly,
};

/* Select the functions for reads and writes */
static void
choose_ways(struct xnvme_queue *q)
{
	const struct aio *aio = q->state;

	if (q->dev->lba_shift > LBA_SHIFT_PLAIN || media_disorders(q->dev)) {
		return; /* the slow path, which checks each command */
	}
	queue_shorten(q, aio->eager ? &eager_ways : &plain_ways);
}

/* Can reap read the kernel's ring directly, with completions safe until they are delivered? See
 * take_run(). */
static void
learn_ring(const struct xnvme_queue *q, struct aio *aio)
{
	struct aio_ring *ring = (struct aio_ring *)(void *)aio->io;

	if (ring->magic == RING_MAGIC && !ring->incompat_features && ring->cnt > q->capacity &&
	    ring->header_nbytes == sizeof(*ring)) {
		aio->ring = ring;
	}
}

static struct aio *
aio_new(const struct xnvme_queue *q)
{
	size_t nbytes = sizeof(struct aio) + q->capacity * sizeof(struct iocb);
	struct aio *aio = aligned_alloc(64, (nbytes + 63) & ~(size_t)63);

	if (!aio) {
		return NULL;
	}
	memset(aio, 0, nbytes);
	aio->list = malloc(q->capacity * sizeof(struct iocb *));
	if (!aio->list) {
		free(aio);
		return NULL;
	}
	for (uint32_t i = 0; i < q->capacity; ++i) {
		aio->iocbs[i].aio_fildes = q->dev->fd;
		aio->list[i] = &aio->iocbs[i];
	}
	aio->todo = aio->iocbs;
	aio->next = aio->end = aio->taken;
	aio->event_fd = -1;
	return aio;
}

/*
 * Take all consecutive completions in the ring. Their slots are freed at once, before they are
 * read, and still the kernel does not overwrite them: completions are delivered in order, so that
 * everything posted after one is outstanding as long as that one, and the outstanding commands of a
 * queue are fewer than the slots of the ring.
 */
static inline bool
take_run(struct aio *aio)
{
	struct aio_ring *ring = aio->ring;
	uint32_t head, tail, end;

	if (!ring) {
		return false;
	}
	head = ring->head;
	/* acquire: completions are read after the tail that publishes them */
	tail = __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE);
	if (head == tail) {
		return false;
	}
	end = tail > head ? tail : ring->cnt;
	aio->next = &ring->events[head];
	aio->end = &ring->events[end];
	__atomic_store_n(&ring->head, end == ring->cnt ? 0 : end, __ATOMIC_RELAXED);
	return true;
}

/* Take completions by system call; with `wait` wait for the first, for `ts` or without limit */
static int
take_by_call(struct aio *aio, bool wait, struct timespec *ts)
{
	int rc = io_getevents(aio->io, wait, BATCH, aio->taken, ts);

	if (rc > 0) {
		aio->next = aio->taken;
		aio->end = aio->taken + rc;
	}
	return rc == -EINTR ? 0 : rc;
}

/* The ring is empty or unreadable: more than 0 when there are completions to deliver, 0, or -errno.
 * `idle`: this poke has found nothing yet, and may sleep. */
static __attribute__((noinline)) int
take_elsewhere(const struct xnvme_queue *q, struct aio *aio, bool idle)
{
	struct timespec nap = {0, aio->nap_ns};
	bool sleeps = idle && aio->nap_ns && !q->done_head;

	return sleeps || !aio->ring ? take_by_call(aio, sleeps, &nap) : 0;
}

/* Complete with a result that is not the expected one */
static __attribute__((noinline)) void
complete_unexpected(struct xnvme_cmd_ctx *ctx, int64_t res, struct xnvme_queue *q)
{
	ring_io_unexpected(ctx, res);
	queue_complete(q, ctx);
}

static int
aio_reap(struct xnvme_queue *q, uint32_t max)
{
	struct aio *aio = q->state;
	uint32_t left = max;

	if (pending(aio)) {
		submit_batch(q, aio);
	}
	do {
		/* read again each time: callbacks may poke */
		const struct io_event *event = aio->next;
		struct xnvme_cmd_ctx *ctx;
		int64_t res;

		if (event == aio->end) {
			if (!take_run(aio)) {
				int rc = take_elsewhere(q, aio, left == max);

				if (rc <= 0) {
					return left == max ? rc : (int)(max - left);
				}
			}
			event = aio->next;
		}
		aio->next = event + 1;
		ctx = event->data;
		res = (int64_t)event->res;
		ctx->cpl.result = (uint64_t)res;
		/* the lower half of an error never equals an expected number of bytes */
		if (UNLIKELY((uint32_t)res != ctx_expected(ctx))) {
			complete_unexpected(ctx, res, q);
		} else {
			queue_complete(q, ctx);
		}
	} while (--left);
	return (int)(max - left);
}

/* Replaces aio_reap where a kernel thread completes commands */
static int
reap_or_yield(struct xnvme_queue *q, uint32_t max)
{
	struct aio *aio = q->state;
	int rc = aio_reap(q, max);

	if (!rc) {
		ring_io_yield(&aio->empty_polls);
	}
	return rc;
}

static int
aio_queue_init(struct xnvme_queue *q)
{
	struct aio *aio = aio_new(q);
	int err;

	if (!aio) {
		return err_set(-ENOMEM, "no memory for a queue of %u commands", q->capacity);
	}
	err = io_queue_init((int)q->capacity, &aio->io);
	if (err) {
		free(aio->list);
		free(aio);
		return explain(q->capacity, err);
	}
	learn_ring(q, aio);
	aio->eager = q->dev->opts.policy == XNVME_POLICY_LATENCY;
	aio->block = 1ULL << q->dev->lba_shift;
	aio->nap_ns = ring_io_naps(q) ? RING_IO_NAP_NS : 0;
	q->state = aio;
	choose_ways(q);
	if (ring_io_yields(q)) {
		q->reap = reap_or_yield;
	}
	(void)snprintf(q->features, sizeof(q->features), "%s%s%s", aio->eager ? "" : "batching",
		       !aio->eager && aio->nap_ns ? "," : "", aio->nap_ns ? "naps" : "");
	return 0;
}

static int
aio_wait(struct xnvme_queue *q, uint64_t timeout_ns)
{
	struct aio *aio = q->state;
	struct timespec ts = {(time_t)(timeout_ns / 1000000000ULL),
			      (long)(timeout_ns % 1000000000ULL)};
	int rc;

	if (pending(aio)) {
		submit_batch(q, aio);
	}
	if (aio->next != aio->end || q->done_head) {
		return 0;
	}
	rc = take_by_call(aio, true, timeout_ns == UINT64_MAX ? NULL : &ts);
	return rc < 0 ? rc : 0;
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
	for (uint32_t i = 0; i < q->capacity; ++i) {
		io_set_eventfd(&aio->iocbs[i], event);
	}
	aio->nap_ns = 0;
	aio->eager = true; /* a thread that waits on the event does not poke: submit at once */
	choose_ways(q);
	return event;
}

extern const struct path path_libaio;
const struct path path_libaio = {
	.name = "libaio",
	.descr = "Linux io_submit: reads, writes and flushes of files and block devices",
	.bytes = BYTES_YES,
	.attach = aio_attach,
	.queue_init = aio_queue_init,
	.queue_fini = aio_queue_fini,
	.submit = queue_submit_flat,
	.submitv = aio_submitv,
	.reap = aio_reap,
	.wait = aio_wait,
	.event_fd = aio_event_fd,
};
