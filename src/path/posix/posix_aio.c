/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The asynchronous I/O of POSIX: aio_read, aio_write, aio_fsync. It has no vectors and no FUA; such
 * commands run through the handle's sync path and complete through the queue.
 */
#include <host/media_fd.h>
#include <host/queue.h>

#include <aio.h>
#include <errno.h>
#include <fcntl.h>
#include <host/err.h>
#include <host/process.h>
#include <os/os.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NONE UINT32_MAX

/* One per context; those in flight form a list in order of submission */
struct slot {
	struct aiocb cb;
	struct media_span span;
	uint32_t prev, next;
};

struct posix_aio {
	uint32_t first, last;
	int event_fd; /* -1: none */
	bool at_submission; /* commands run when they are submitted */
	struct slot slots[]; /* one per context of the queue's pool */
};

static void
run_at_submission(struct xnvme_queue *q)
{
	struct posix_aio *aio = q->state;

	aio->at_submission = true;
	strcpy(q->features, "runs_at_submission");
}

/* The C library runs requests in threads that it starts on demand. A child of fork() inherits their
 * count but not the threads: requests would wait for ever. */
static int
posix_queue_init(struct xnvme_queue *q)
{
	struct posix_aio *aio = calloc(1, sizeof(*aio) + q->pool_cnt * sizeof(struct slot));

	if (!aio) {
		return err_set(-ENOMEM, "no memory for a queue of %u commands", q->capacity);
	}
	aio->first = NONE;
	aio->last = NONE;
	aio->event_fd = -1;
	q->state = aio;
	atomic_store_explicit(&process.aio_used, true, memory_order_relaxed);
	if (process.aio_lost) {
		run_at_submission(q);
	}
	return 0;
}

static void
posix_queue_fini(struct xnvme_queue *q)
{
	struct posix_aio *aio = q->state;

	if (aio->event_fd >= 0) {
		(void)close(aio->event_fd);
	}
	free(aio);
}

static void
link_slot(struct posix_aio *aio, uint32_t index)
{
	struct slot *slot = &aio->slots[index];

	slot->prev = aio->last;
	slot->next = NONE;
	if (aio->last == NONE) {
		aio->first = index;
	} else {
		aio->slots[aio->last].next = index;
	}
	aio->last = index;
}

static void
unlink_slot(struct posix_aio *aio, uint32_t index)
{
	const struct slot *slot = &aio->slots[index];

	if (slot->prev == NONE) {
		aio->first = slot->next;
	} else {
		aio->slots[slot->prev].next = slot->next;
	}
	if (slot->next == NONE) {
		aio->last = slot->prev;
	} else {
		aio->slots[slot->next].prev = slot->prev;
	}
}

/* Start the operation in slot->cb and slot->span; `start` is aio_read, aio_write or the flush
 * below */
static int
start_slot(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, int (*start)(struct aiocb *))
{
	struct posix_aio *aio = q->state;
	uint32_t index = (uint32_t)(ctx - q->pool);
	struct slot *slot = &aio->slots[index];

	slot->cb.aio_fildes = q->dev->fd;
	slot->cb.aio_sigevent.sigev_notify = SIGEV_NONE;
	link_slot(aio, index);
	if (start(&slot->cb)) {
		int err = errno;

		unlink_slot(aio, index);
		return err == EAGAIN && q->outstanding ? -EAGAIN : queue_fail(q, ctx, err);
	}
	q->outstanding += 1;
	return 0;
}

static int
start_flush(struct aiocb *cb)
{
	return aio_fsync(O_DSYNC, cb);
}

static int
posix_submitv(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct payload *payload)
{
	struct posix_aio *aio = q->state;
	struct slot *slot = &aio->slots[ctx - q->pool];
	int rc = media_span(ctx, payload, &slot->span);

	if (rc < 0) {
		return queue_done(q, ctx); /* ctx->cpl has the error */
	}
	memset(&slot->cb, 0, sizeof(slot->cb));
	if (aio->at_submission) {
		return queue_call(q, ctx, payload);
	}
	if (!rc) {
		if (ctx->cmd.common.opcode != XNVME_SPEC_NVM_OPC_FLUSH) {
			return queue_call(q, ctx, payload);
		}
		slot->span = (struct media_span){.write = true};
		return start_slot(q, ctx, start_flush);
	}
	if (payload->vec || (slot->span.durable && slot->span.write) || !payload->data) {
		return queue_call(q, ctx, payload);
	}
	slot->cb.aio_buf = payload->data;
	slot->cb.aio_nbytes = slot->span.nbytes;
	slot->cb.aio_offset = (off_t)slot->span.offset;
	return start_slot(q, ctx, slot->span.write ? aio_write : aio_read);
}

/* Move finished commands to the host's list before any callback, which may submit and poke */
static uint32_t
harvest(struct xnvme_queue *q, struct posix_aio *aio, uint32_t max)
{
	uint32_t count = 0;

	for (uint32_t at = aio->first, next; at != NONE && count < max; at = next) {
		struct slot *slot = &aio->slots[at];
		struct xnvme_cmd_ctx *ctx = &q->pool[at];
		int err = aio_error(&slot->cb);

		next = slot->next;
		if (err == EINPROGRESS) {
			continue;
		}
		ssize_t moved = aio_return(&slot->cb);

		(void)media_moved(ctx, &slot->span, err ? -err : moved);
		unlink_slot(aio, at);
		q->outstanding -= 1; /* the list counts it again */
		queue_append_done(q, ctx);
		count += 1;
	}
	return count;
}

static int
posix_reap(struct xnvme_queue *q, uint32_t max)
{
	uint32_t count = harvest(q, q->state, max);

	for (uint32_t i = 0; i < count && q->done_head; ++i) {
		struct xnvme_cmd_ctx *ctx = q->done_head;

		q->done_head = ctx_next(ctx);
		queue_complete(q, ctx);
	}
	return (int)count;
}

static int
posix_wait(struct xnvme_queue *q, uint64_t timeout_ns)
{
	struct posix_aio *aio = q->state;
	const struct aiocb *some[32];
	struct timespec ts = {(time_t)(timeout_ns / 1000000000ULL),
			      (long)(timeout_ns % 1000000000ULL)};
	int cnt = 0;

	for (uint32_t at = aio->first; at != NONE && cnt < 32; at = aio->slots[at].next) {
		some[cnt++] = &aio->slots[at].cb;
	}
	if (cnt && aio_suspend(some, cnt, timeout_ns == UINT64_MAX ? NULL : &ts) &&
	    errno != EAGAIN && errno != EINTR) {
		return -errno;
	}
	return 0;
}

/*
 * POSIX can signal a completion by a thread that it starts for each, and reports no error when it
 * cannot start one: a waiting thread would never wake. With a descriptor commands therefore run
 * when they are submitted; other paths offer both asynchrony and a descriptor.
 */
static int
posix_event_fd(struct xnvme_queue *q)
{
	struct posix_aio *aio = q->state;
	int event = os_event_open();

	if (event < 0) {
		return err_set(event, "no descriptor is left for an event");
	}
	aio->event_fd = event;
	run_at_submission(q);
	return event;
}

extern const struct path path_posix;
const struct path path_posix = {
	.name = "posix",
	.descr = "POSIX aio: reads, writes and flushes of files and block devices",
	.bytes = BYTES_YES,
	.attach = media_fd_attach,
	.queue_init = posix_queue_init,
	.queue_fini = posix_queue_fini,
	.submit = queue_submit_flat,
	.submitv = posix_submitv,
	.reap = posix_reap,
	.wait = posix_wait,
	.event_fd = posix_event_fd,
};
