/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reads, writes and flushes of files and block devices through a ring shared with the kernel. What
 * io_uring has no operation for runs through the handle's sync path and completes through the
 * queue.
 */
#include <path/linux/ring_io.h>
#include <path/linux/uring.h>

#include <linux/fs.h>
#include <os/os.h>
#include <stdlib.h>
#include <unistd.h>

static int
io_uring_attach(struct xnvme_dev *dev, enum path_role role)
{
	struct io_uring_params params = {0};
	int ring = io_uring_setup(1, &params);

	(void)dev;
	(void)role;
	/* can a ring be had at all? Now is the time to fall back, not at queue_init */
	if (ring < 0) {
		return err_set(ring, "io_uring is not available (%s): a container's seccomp filter "
			       "or the setting kernel.io_uring_disabled forbids it. Allow it, or "
			       "choose async=libaio or async=thrpool", strerror(-ring));
	}
	(void)close(ring);
	return 0;
}

/* A device without queues that are polled refuses each command: find out now, with one read */
static int
try_polling(struct xnvme_queue *q, struct uring *u)
{
	size_t nbytes = q->dev->lba_nbytes;
	struct io_uring_cqe *cqe = NULL;
	struct io_uring_sqe *sqe;
	void *buf;
	int err;

	if (!q->dev->opts.direct || !q->dev->nsze || q->dev->opts.wronly) {
		return err_set(-EINVAL, "polling for completions (poll_io) works on commands that "
			       "pass the page cache by: open with direct and for reading");
	}
	buf = aligned_alloc(4096, 4096 > nbytes ? 4096 : nbytes);
	if (!buf) {
		return err_set(-ENOMEM, "no memory for a first read");
	}
	sqe = io_uring_get_sqe(&u->ring);
	io_uring_prep_read(sqe, u->fd, buf, (unsigned int)nbytes, 0);
	err = io_uring_submit_and_wait(&u->ring, 1);
	err = err < 0 ? err : io_uring_wait_cqe(&u->ring, &cqe);
	if (!err) {
		err = cqe->res < 0 ? cqe->res : 0;
		io_uring_cqe_seen(&u->ring, cqe);
	}
	free(buf);
	return err ? err_set(err, "polling was asked for (poll_io), but '%s' answers '%s': its "
			     "driver has no queues that are polled. For NVMe load it with "
			     "'modprobe nvme poll_queues=1', or leave poll_io out",
			     q->dev->ident.uri, strerror(-err)) : 0;
}

/* All fields of an entry but those that uring_sqe() filled */
static inline void
fill(struct io_uring_sqe *sqe, uint8_t opcode, uint64_t off, const void *addr, uint32_t len,
     uint32_t rw_flags)
{
	sqe->opcode = opcode;
	sqe->ioprio = 0;
	sqe->off = off;
	sqe->addr = (uintptr_t)addr;
	sqe->len = len;
	sqe->rw_flags = (int)rw_flags;
	sqe->buf_index = 0;
	sqe->personality = 0;
	sqe->file_index = 0;
	sqe->addr3 = 0;
	sqe->__pad2[0] = 0;
}

/* Reads and writes with FUA, by byte offset or of a vector; `vec` is NULL for a flat one */
static int
submit_span(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct media_span *span,
	    const struct payload *payload)
{
	struct uring *u = q->state;
	uint32_t flags = span->durable && span->write ? RWF_DSYNC : 0;
	struct io_uring_sqe *sqe;

	if (span->nbytes >> 31 || payload->vec_cnt > 1024 ||
	    (!payload->vec && !payload->data && payload->data_nbytes)) {
		return queue_call(q, ctx, payload); /* more than one operation takes, or nothing */
	}
	sqe = uring_sqe(u, ctx);
	if (!sqe) {
		return -EAGAIN;
	}
	ctx_set_expected(ctx, span->exact ? (uint32_t)span->nbytes : 0);
	if (payload->vec) {
		fill(sqe, span->write ? IORING_OP_WRITEV : IORING_OP_READV, span->offset,
		     payload->vec, payload->vec_cnt, flags);
	} else {
		fill(sqe, span->write ? IORING_OP_WRITE : IORING_OP_READ, span->offset,
		     payload->data, (uint32_t)span->nbytes, flags);
	}
	return uring_submitted(u);
}

static int
submit_flush(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx)
{
	struct uring *u = q->state;
	struct io_uring_sqe *sqe = uring_sqe(u, ctx);

	if (!sqe) {
		return -EAGAIN;
	}
	ctx_set_expected(ctx, 0);
	fill(sqe, IORING_OP_FSYNC, 0, NULL, 0, IORING_FSYNC_DATASYNC);
	return uring_submitted(u);
}

static __attribute__((noinline)) int
submit_other(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct payload *payload)
{
	const struct uring *u = q->state;
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
		/* a ring that polls takes nothing but reads and writes */
		return u->polled ? queue_call(q, ctx, payload) : submit_flush(q, ctx);
	default:
		return queue_call(q, ctx, payload);
	}
}

static __attribute__((noinline)) int
submit_flat_other(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
		  size_t mbuf_nbytes, struct xnvme_queue *q)
{
	struct payload payload = {.data = dbuf, .data_nbytes = dbuf_nbytes};

	(void)mbuf; /* these handles have no metadata */
	(void)mbuf_nbytes;
	return submit_other(q, ctx, &payload);
}

static int
io_uring_queue_init_path(struct xnvme_queue *q)
{
	struct uring *u = calloc(1, sizeof(*u));
	int err;

	if (!u) {
		return err_set(-ENOMEM, "no memory for a ring of %u entries", q->capacity);
	}
	err = uring_init(u, q, q->dev->fd, 0);
	if (err) {
		free(u);
		return err;
	}
	err = u->polled ? try_polling(q, u) : 0;
	if (err) {
		uring_fini(u);
		free(u);
		return err;
	}
	u->eager = q->dev->opts.policy == XNVME_POLICY_LATENCY;
	q->state = u;
	if (q->dev->lba_shift > RING_IO_SHIFT_MAX) {
		q->submit = submit_flat_other;
	}
	return 0;
}

static void
io_uring_queue_fini(struct xnvme_queue *q)
{
	struct uring *u = q->state;

	uring_fini(u);
	free(u);
}

/* Budget: with reap at most 60 instructions per I/O above a hand-written liburing loop, see
 * bench/ring_cost */
static int
io_uring_submit_path(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
		     size_t mbuf_nbytes, struct xnvme_queue *q)
{
	struct uring *u = q->state;
	struct io_uring_sqe *sqe;

	(void)mbuf; /* these handles have no metadata */
	(void)mbuf_nbytes;
	if (__builtin_expect(!ring_io_is_plain(ctx, dbuf_nbytes), 0)) {
		return submit_flat_other(ctx, dbuf, dbuf_nbytes, NULL, 0, q);
	}
	sqe = uring_sqe(u, ctx);
	if (__builtin_expect(!sqe, 0)) {
		return -EAGAIN;
	}
	ctx_set_expected(ctx, (uint32_t)dbuf_nbytes);
	/* IORING_OP_READ is 22 and WRITE 23, NVMe's READ 2 and WRITE 1 */
	fill(sqe, (uint8_t)(IORING_OP_READ + 2 - ctx->cmd.common.opcode),
	     ctx->cmd.nvm.slba << ctx->dev->lba_shift, dbuf, (uint32_t)dbuf_nbytes, 0);
	return uring_submitted(u);
}

static int
io_uring_reap(struct xnvme_queue *q, uint32_t max)
{
	struct uring *u = q->state;
	struct io_uring_cq *cq = &u->ring.cq;
	uint32_t count = 0;

	if (!uring_is_quiet(u)) {
		int err = uring_enter(u);

		if (__builtin_expect(err, 0)) {
			return err;
		}
	}
	while (count < max) {
		uint32_t head = *cq->khead;
		const struct io_uring_cqe *cqe;
		struct xnvme_cmd_ctx *ctx;
		int32_t res;

		/* acquire: the entry is read after the tail that makes it ours */
		if (head == io_uring_smp_load_acquire(cq->ktail)) {
			break;
		}
		cqe = &cq->cqes[head & cq->ring_mask];
		ctx = (struct xnvme_cmd_ctx *)(uintptr_t)cqe->user_data;
		res = cqe->res;
		if (__builtin_expect((uint32_t)res == ctx_expected(ctx) && res, 1)) {
			ctx->cpl.result = (uint32_t)res;
		} else {
			ring_io_unexpected(ctx, res);
		}
		/* release: the entry is given back after it was read, and before the callback,
		 * which may poke again */
		io_uring_smp_store_release(cq->khead, head + 1);
		++count;
		queue_complete(q, ctx);
	}
	return (int)count;
}

static int
io_uring_wait_path(struct xnvme_queue *q, uint64_t timeout_ns)
{
	return uring_wait(q->state, timeout_ns);
}

static int
io_uring_event_fd(struct xnvme_queue *q)
{
	return uring_event_fd(q->state);
}

extern const struct path path_io_uring;
const struct path path_io_uring = {
	.name = "io_uring",
	.descr = "Linux io_uring: reads, writes and flushes of files and block devices",
	.attach = io_uring_attach,
	.queue_init = io_uring_queue_init_path,
	.queue_fini = io_uring_queue_fini,
	.submit = io_uring_submit_path,
	.submitv = submit_other,
	.reap = io_uring_reap,
	.wait = io_uring_wait_path,
	.event_fd = io_uring_event_fd,
};
