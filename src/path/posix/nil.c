/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Completes every command with success and transfers nothing: measures the cost of the library.
 */
#include <host/err.h>
#include <host/queue.h>
#include <path/posix/posix.h>

#include <os/os.h>
#include <unistd.h>

static void
nil_queue_fini(struct xnvme_queue *q)
{
	if (q->event_fd >= 0) {
		(void)close(q->event_fd);
	}
}

static int
nil_submit(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	   size_t mbuf_nbytes, struct xnvme_queue *q)
{
	(void)dbuf;
	(void)dbuf_nbytes;
	(void)mbuf;
	(void)mbuf_nbytes;
	queue_append_done(q, ctx);
	return 0;
}

static int
nil_blocks(struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, uint64_t slba, uint64_t nlb,
	   void *dbuf, void *mbuf)
{
	if (!blocks_fit(ctx, q, slba, nlb)) {
		return blocks_pass(ctx, q, dbuf, mbuf);
	}
	cpl_clear(ctx);
	queue_append_done(q, ctx);
	return 0;
}

/* The path needs only the host's list of completed commands */
static int
nil_queue_init(struct xnvme_queue *q)
{
	static const struct queue_ways ways = {
		.pass_read = pass_checked,
		.pass_write = pass_checked,
		.read = nil_blocks,
		.write = nil_blocks,
	};

	queue_shorten(q, &ways);
	return 0;
}

/* Replaces nil_submit when a thread may wait on the event */
static int
nil_submit_signalling(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
		      size_t mbuf_nbytes, struct xnvme_queue *q)
{
	(void)dbuf;
	(void)dbuf_nbytes;
	(void)mbuf;
	(void)mbuf_nbytes;
	return queue_done(q, ctx);
}

static int
nil_submitv(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct payload *payload)
{
	(void)payload;
	return queue_done(q, ctx);
}

static int
nil_reap(struct xnvme_queue *q, uint32_t max)
{
	(void)q; /* the host delivers its list */
	(void)max;
	return 0;
}

static int
nil_wait(struct xnvme_queue *q, uint64_t timeout_ns)
{
	(void)q; /* outstanding commands are complete already */
	(void)timeout_ns;
	return 0;
}

static int
nil_event_fd(struct xnvme_queue *q)
{
	int event = os_event_open();

	if (event < 0) {
		return err_set(event, "no descriptor is left for an event");
	}
	q->submit = nil_submit_signalling;
	queue_shorten(q, &queue_ways_checked);
	return event;
}

extern const struct path path_nil;
const struct path path_nil = {
	.name = "nil",
	.descr = "Completes at once and moves no data: measures the library itself",
	.bytes = BYTES_AS_SYNC,
	.queue_init = nil_queue_init,
	.queue_fini = nil_queue_fini,
	.submit = nil_submit,
	.submitv = nil_submitv,
	.reap = nil_reap,
	.wait = nil_wait,
	.event_fd = nil_event_fd,
};
