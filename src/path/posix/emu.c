/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Queues for handles with blocking paths only: a first-in-first-out list whose commands run through
 * the handle's sync path when the queue is poked.
 */
#include <host/queue.h>

#include <errno.h>
#include <host/err.h>
#include <os/os.h>
#include <stdlib.h>
#include <unistd.h>

struct emu_entry {
	struct xnvme_cmd_ctx *ctx;
	struct payload payload;
};

struct emu {
	uint32_t head; /* next to run */
	uint32_t tail; /* next free slot */
	uint32_t mask;
	struct emu_entry ring[];
};

static blocks_fn emu_blocks;

static int
emu_queue_init(struct xnvme_queue *q)
{
	static const struct queue_ways ways = {
		.pass_read = pass_checked,
		.pass_write = pass_checked,
		.read = emu_blocks,
		.write = emu_blocks,
	};
	struct emu *emu = malloc(sizeof(*emu) + q->capacity * sizeof(emu->ring[0]));

	if (!emu) {
		return err_set(-ENOMEM, "no memory for a queue of %u commands", q->capacity);
	}
	emu->head = 0;
	emu->tail = 0;
	emu->mask = q->capacity - 1;
	q->state = emu;
	queue_shorten(q, &ways);
	return 0;
}

static void
emu_queue_fini(struct xnvme_queue *q)
{
	if (q->event_fd >= 0) {
		(void)close(q->event_fd);
	}
	free(q->state);
}

/* Append a slot for a command, which is outstanding from now on; the caller fills its payload */
static inline struct payload *
append(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx)
{
	struct emu *emu = q->state;
	struct emu_entry *entry = &emu->ring[emu->tail++ & emu->mask];

	entry->ctx = ctx;
	q->outstanding += 1;
	return &entry->payload;
}

static int
emu_submit(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	   size_t mbuf_nbytes, struct xnvme_queue *q)
{
	*append(q, ctx) = (struct payload){.data = dbuf, .data_nbytes = dbuf_nbytes, .meta = mbuf,
					   .meta_nbytes = mbuf_nbytes};
	return 0;
}

/* Unused where a waiting thread must be woken */
static int
emu_blocks(struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, uint64_t slba, uint64_t nlb,
	   void *dbuf, void *mbuf)
{
	if (!blocks_are_plain(ctx, q, slba, nlb, mbuf)) {
		return blocks_pass(ctx, q, dbuf, mbuf);
	}
	cpl_clear(ctx);
	return emu_submit(ctx, dbuf, (nlb + 1) * ctx->dev->lba_nbytes, NULL, 0, q);
}

static int
emu_submitv(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct payload *payload)
{
	*append(q, ctx) = *payload;
	if (q->event_fd >= 0) {
		os_event_signal(q->event_fd);
	}
	return 0;
}

static int
emu_reap(struct xnvme_queue *q, uint32_t max)
{
	struct emu *emu = q->state;
	uint32_t count = 0;

	/* read again each time: a callback that pokes takes from the same list */
	for (; count < max && emu->head != emu->tail; ++count) {
		const struct emu_entry *entry = &emu->ring[emu->head++ & emu->mask];
		struct xnvme_cmd_ctx *ctx = entry->ctx;
		int err = q->dev->path[ROLE_SYNC]->call(ctx, ROLE_SYNC, &entry->payload);

		if (err && !xnvme_cmd_ctx_cpl_status(ctx)) {
			(void)cpl_set_errno(ctx, err);
		}
		queue_complete(q, ctx); /* from here on the entry may be reused */
	}
	return (int)count;
}

static int
emu_wait(struct xnvme_queue *q, uint64_t timeout_ns)
{
	(void)q; /* outstanding commands run when they are reaped */
	(void)timeout_ns;
	return 0;
}

static int
emu_event_fd(struct xnvme_queue *q)
{
	int event = os_event_open();

	if (event < 0) {
		return err_set(event, "no descriptor is left for an event");
	}
	q->submit = queue_submit_flat;
	queue_shorten(q, &queue_ways_checked);
	return event;
}

extern const struct path path_emu;
const struct path path_emu = {
	.name = "emu",
	.descr = "Runs commands one by one through the sync path when the queue is poked",
	.bytes = BYTES_AS_SYNC,
	.queue_init = emu_queue_init,
	.queue_fini = emu_queue_fini,
	.submit = emu_submit,
	.submitv = emu_submitv,
	.reap = emu_reap,
	.wait = emu_wait,
	.event_fd = emu_event_fd,
};
