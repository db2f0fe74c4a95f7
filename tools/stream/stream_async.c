/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Streams with several pieces in flight. Each slot processes one piece: it reads it, writes it, and
 * then takes the next piece. Reads and writes have a queue each.
 *
 * States of a slot
 *   IDLE --begin()--> READ --on_read()--> WRITE --on_write()--> IDLE
 *   IDLE --begin()--> WRITE   when the source is memory
 *   READ --on_read()--> IDLE  when the destination is memory
 * A slot whose submission returns -EBUSY or -EAGAIN keeps its state and is retried after the next
 * poke.
 */
#include <errno.h>
#include <stdlib.h>

#include "stream_piece.h"

#define WAIT_NS 1000000ULL

enum slot_state { SLOT_IDLE, SLOT_READ, SLOT_WRITE };

struct stream_run;

struct slot {
	struct stream_run *run;
	struct slot *next; /* in run->deferred */
	enum slot_state state;
	void *own; /* buffer of a slot between two files */
	struct stream_piece piece;
};

struct stream_run {
	struct stream *stream;
	struct xnvme_queue *read_queue, *write_queue; /* NULL: source or destination is memory */
	struct slot *slots;
	struct slot *deferred;
	uint64_t next_offset;
	uint64_t done_bytes;
	uint32_t nactive;
	int err; /* the first error; no piece starts after it */
};

static void begin(struct slot *slot);

static void
end(struct slot *slot, int err)
{
	struct stream_run *run = slot->run;

	run->stream->nerrors += err ? 1 : 0;
	run->err = run->err ? run->err : err;
	run->done_bytes += slot->piece.nbytes;
	slot->state = SLOT_IDLE;
	run->nactive -= 1;
	begin(slot);
}

/* Of the pieces in flight only the first failure is reported: the others have the same cause */
static int
completed(struct slot *slot, struct xnvme_cmd_ctx *ctx, const char *what)
{
	bool failed = xnvme_cmd_ctx_cpl_status(ctx) || ctx->cpl.result != slot->piece.nbytes;

	if (slot->run->err) {
		return failed ? slot->run->err : 0;
	}
	return stream_piece_end(&slot->piece, ctx, what);
}

static void
on_write(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct slot *slot = arg;
	int err = completed(slot, ctx, "xnvme_file_pwrite()");

	slot->run->stream->ncompletions += 1;
	xnvme_queue_put_cmd_ctx(slot->run->write_queue, ctx);
	end(slot, err);
}

static void on_read(struct xnvme_cmd_ctx *ctx, void *arg);

/* Submit the command for the slot's state */
static void
submit(struct slot *slot)
{
	struct stream_run *run = slot->run;
	bool is_read = slot->state == SLOT_READ;
	struct xnvme_queue *queue = is_read ? run->read_queue : run->write_queue;
	struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);
	int err;

	if (!ctx) {
		slot->next = run->deferred;
		run->deferred = slot;
		return;
	}
	xnvme_cmd_ctx_set_cb(ctx, is_read ? on_read : on_write, slot);
	err = is_read ? stream_piece_read(run->stream, &slot->piece, ctx)
		      : stream_piece_write(run->stream, &slot->piece, ctx);
	if (!err) {
		run->stream->nsubmissions += 1;
		return;
	}
	xnvme_queue_put_cmd_ctx(queue, ctx);
	if (err == -EBUSY || err == -EAGAIN) {
		slot->next = run->deferred;
		run->deferred = slot;
		return;
	}
	xnvme_cli_perr(is_read ? "xnvme_file_pread()" : "xnvme_file_pwrite()", err);
	end(slot, err);
}

static void
on_read(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct slot *slot = arg;
	int err = completed(slot, ctx, "xnvme_file_pread()");

	slot->run->stream->ncompletions += 1;
	xnvme_queue_put_cmd_ctx(slot->run->read_queue, ctx);
	if (err || !slot->run->write_queue) {
		end(slot, err);
		return;
	}
	slot->state = SLOT_WRITE;
	submit(slot);
}

/* Start the next piece, if any */
static void
begin(struct slot *slot)
{
	struct stream_run *run = slot->run;
	struct stream *stream = run->stream;

	if (run->err || run->next_offset >= stream->tbytes || atomic_load(&tool_stop)) {
		return;
	}
	slot->piece.offset = run->next_offset;
	slot->piece.nbytes = XNVME_MIN_U64(stream->iosize, stream->tbytes - run->next_offset);
	slot->piece.buf = slot->own ? slot->own : stream->memory + run->next_offset;
	run->next_offset += slot->piece.nbytes;
	run->nactive += 1;
	slot->state = run->read_queue ? SLOT_READ : SLOT_WRITE;
	submit(slot);
}

static int
make_queue(struct xnvme_dev *dev, uint32_t qdepth, struct xnvme_queue **queue)
{
	uint32_t capacity = 1;
	int err;

	if (!dev) {
		return 0;
	}
	while (capacity < qdepth) {
		capacity <<= 1;
	}
	err = xnvme_queue_init(dev, (uint16_t)capacity, 0, queue);
	if (err) {
		*queue = NULL;
		xnvme_cli_perr("xnvme_queue_init()", err);
	}
	return err;
}

static int
run_init(struct stream_run *run)
{
	struct stream *stream = run->stream;
	int err = make_queue(stream->src, stream->qdepth, &run->read_queue);

	err = err ? err : make_queue(stream->dst, stream->qdepth, &run->write_queue);
	if (err) {
		return err;
	}
	run->slots = calloc(stream->qdepth, sizeof(*run->slots));
	if (!run->slots) {
		xnvme_cli_perr("calloc()", -ENOMEM);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < stream->qdepth; ++i) {
		run->slots[i].run = run;
		if (!stream->memory) {
			run->slots[i].own = tool_buf(stream->dst, stream->iosize, NULL, &err);
			if (!run->slots[i].own) {
				return err;
			}
		}
	}
	return 0;
}

static void
run_term(struct stream_run *run)
{
	if (run->read_queue) {
		xnvme_queue_term(run->read_queue);
	}
	if (run->write_queue) {
		xnvme_queue_term(run->write_queue);
	}
	for (uint32_t i = 0; run->slots && i < run->stream->qdepth; ++i) {
		xnvme_buf_free(run->stream->dst, run->slots[i].own);
	}
	free(run->slots);
}

static int
reap(struct xnvme_queue *queue, bool may_sleep)
{
	int got = 0;

	if (queue && xnvme_queue_get_outstanding(queue)) {
		got = may_sleep ? xnvme_queue_wait_timeout(queue, WAIT_NS)
				: xnvme_queue_poke(queue, 0);
	}
	return got == -EAGAIN || got == -EBUSY || got == -EINTR ? 0 : got;
}

/* Run until no piece is in flight; sleeps while neither queue has completions */
static int
drive(struct stream_run *run)
{
	bool idle = false;

	while (run->nactive) {
		int reads = reap(run->read_queue, idle);
		int writes = reads < 0 ? reads : reap(run->write_queue, idle && !reads);
		struct slot *slot = run->deferred;

		if (writes < 0) {
			xnvme_cli_perr("xnvme_queue_poke()", writes);
			run->err = run->err ? run->err : writes; /* no further piece starts */
			return writes;
		}
		idle = !reads && !writes;
		run->deferred = NULL;
		while (slot) {
			struct slot *next = slot->next;

			submit(slot);
			slot = next;
		}
		xnvme_cli_progress("bytes", run->done_bytes, run->stream->tbytes + 1);
	}
	xnvme_cli_progress("bytes", 1, 1);
	return run->err;
}

int
stream_async(struct stream *stream)
{
	struct stream_run run = {.stream = stream};
	int err = run_init(&run);

	for (uint32_t i = 0; !err && i < stream->qdepth; ++i) {
		begin(&run.slots[i]);
	}
	err = err ? err : drive(&run);
	stream->started = run.next_offset;
	run_term(&run);
	if (!err && stream->dst) {
		err = xnvme_file_sync(stream->dst);
		if (err) {
			xnvme_cli_perr("xnvme_file_sync()", err);
		}
	}
	return err;
}
