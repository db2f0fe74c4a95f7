/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Completes everything with success and moves nothing: what is left is the cost of the library.
 */
#include <host/queue.h>

#include <os/os.h>
#include <stdlib.h>
#include <unistd.h>
#include <host/err.h>
#include <errno.h>

struct nil {
	uint32_t head; /* next to complete */
	uint32_t tail; /* next free place */
	uint32_t mask;
	struct xnvme_cmd_ctx *ring[];
};

static int
nil_queue_init(struct xnvme_queue *q)
{
	struct nil *nil = malloc(sizeof(*nil) + q->capacity * sizeof(nil->ring[0]));

	if (!nil) {
		return err_set(-ENOMEM, "no memory for a queue of %u commands", q->capacity);
	}
	nil->head = 0;
	nil->tail = 0;
	nil->mask = q->capacity - 1;
	q->state = nil;
	return 0;
}

static void
nil_queue_fini(struct xnvme_queue *q)
{
	if (q->event_fd >= 0) {
		(void)close(q->event_fd);
	}
	free(q->state);
}

/* Budget: 10 instructions with the signal not asked for */
static int
nil_submit(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes,
	   void *mbuf, size_t mbuf_nbytes)
{
	struct nil *nil = q->state;

	(void)dbuf;
	(void)dbuf_nbytes;
	(void)mbuf;
	(void)mbuf_nbytes;
	nil->ring[nil->tail++ & nil->mask] = ctx;
	q->outstanding += 1;
	if (__builtin_expect(q->event_fd >= 0, 0)) {
		os_event_signal(q->event_fd);
	}
	return 0;
}

static int
nil_submitv(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct payload *payload)
{
	return nil_submit(q, ctx, NULL, payload->data_nbytes, NULL, 0);
}

static int
nil_reap(struct xnvme_queue *q, uint32_t max)
{
	struct nil *nil = q->state;
	uint32_t head = nil->head;
	uint32_t ready = nil->tail - head;
	uint32_t end = head + (ready < max ? ready : max);

	for (uint32_t at = head; at != end; ++at) {
		nil->head = at + 1;
		queue_complete(q, nil->ring[at & nil->mask]);
	}
	return (int)(end - head);
}

static int
nil_wait(struct xnvme_queue *q, uint64_t timeout_ns)
{
	(void)q; /* what is outstanding is ready */
	(void)timeout_ns;
	return 0;
}

static int
nil_event_fd(struct xnvme_queue *q)
{
	int event = os_event_open();

	(void)q;
	return event >= 0 ? event : err_set(event, "no descriptor is left for an event");
}

extern const struct path path_nil;
const struct path path_nil = {
	.name = "nil",
	.descr = "Completes at once and moves no data: measures the library itself",
	.queue_init = nil_queue_init,
	.queue_fini = nil_queue_fini,
	.submit = nil_submit,
	.submitv = nil_submitv,
	.reap = nil_reap,
	.wait = nil_wait,
	.event_fd = nil_event_fd,
};
