/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Queues for handles whose paths only block: a first-in-first-out list whose commands run through
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
	uint32_t tail; /* next free place */
	uint32_t mask;
	struct emu_entry ring[];
};

static int
emu_queue_init(struct xnvme_queue *q)
{
	struct emu *emu = malloc(sizeof(*emu) + q->capacity * sizeof(emu->ring[0]));

	if (!emu) {
		return err_set(-ENOMEM, "no memory for a queue of %u commands", q->capacity);
	}
	emu->head = 0;
	emu->tail = 0;
	emu->mask = q->capacity - 1;
	q->state = emu;
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

static int
emu_submitv(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct payload *payload)
{
	struct emu *emu = q->state;
	struct emu_entry *entry = &emu->ring[emu->tail++ & emu->mask];

	entry->ctx = ctx;
	entry->payload = *payload;
	q->outstanding += 1;
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

	/* looked at anew each time: a callback that pokes takes from the same list */
	for (; count < max && emu->head != emu->tail; ++count) {
		struct emu_entry entry = emu->ring[emu->head++ & emu->mask];
		int err = q->dev->path[ROLE_SYNC]->call(entry.ctx, ROLE_SYNC, &entry.payload);

		if (err && !xnvme_cmd_ctx_cpl_status(entry.ctx)) {
			(void)cpl_set_errno(entry.ctx, err);
		}
		queue_complete(q, entry.ctx);
	}
	return (int)count;
}

static int
emu_wait(struct xnvme_queue *q, uint64_t timeout_ns)
{
	(void)q; /* what is outstanding runs when it is reaped */
	(void)timeout_ns;
	return 0;
}

static int
emu_event_fd(struct xnvme_queue *q)
{
	int event = os_event_open();

	(void)q;
	return event >= 0 ? event : err_set(event, "no descriptor is left for an event");
}

extern const struct path path_emu;
const struct path path_emu = {
	.name = "emu",
	.descr = "Runs commands one by one through the sync path when the queue is poked",
	.bytes = BYTES_AS_SYNC,
	.queue_init = emu_queue_init,
	.queue_fini = emu_queue_fini,
	.submit = queue_submit_flat,
	.submitv = emu_submitv,
	.reap = emu_reap,
	.wait = emu_wait,
	.event_fd = emu_event_fd,
};
