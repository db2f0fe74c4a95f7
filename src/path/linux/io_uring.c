/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reads, writes and flushes of files and block devices through a ring shared with the kernel.
 * Operations that io_uring lacks run through the handle's sync path and complete through the queue.
 */
#include <path/linux/queue_limit.h>
#include <path/linux/ring_io.h>
#include <path/linux/uring.h>

#include <linux/fs.h>
#include <os/linux_nvme.h>
#include <os/os.h>
#include <os/sysfs.h>
#include <base/likely.h>
#include <stdlib.h>
#include <unistd.h>

static int
io_uring_attach(struct xnvme_dev *dev, enum path_role role)
{
	int err = uring_try(0);

	return err ? err : media_fd_attach(dev, role);
}

enum { NVME_PAGE_NBYTES = 4096 }; /* Linux uses it for every controller */

struct io_ring {
	struct uring u; /* first: for the helpers of uring.h */
	uint64_t block;       /* bytes */
	uint64_t request_max; /* largest command that can be polled for, see is_split() */
	uint32_t empty_polls; /* see ring_io_yield() */
};

static struct io_ring *
ring_of(const struct xnvme_queue *q)
{
	return q->state;
}

/* Fill in the fields that uring_sqe() leaves, except those after rw_flags: this path never sets
 * them, and the ring's memory starts as zeroes */
static inline void
fill(struct io_uring_sqe *sqe, uint64_t off, const void *addr, size_t len, uint32_t rw_flags)
{
	sqe->off = off;
	sqe->addr = (uintptr_t)addr;
	sqe->len = (uint32_t)len;
	sqe->rw_flags = (int)rw_flags;
}

/* Reads and writes with any offset, with FUA or with vectors; `vec` is NULL for a flat buffer */
static int
submit_span(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct media_span *span,
	    const struct payload *payload)
{
	struct uring *u = q->state;
	uint32_t flags = span->durable && span->write ? RWF_DSYNC : 0;
	struct io_uring_sqe *sqe;

	if (payload->vec) {
		sqe = uring_sqe(u, ctx, q, span->write ? IORING_OP_WRITEV : IORING_OP_READV);
		fill(sqe, span->offset, payload->vec, payload->vec_cnt, flags);
	} else {
		sqe = uring_sqe(u, ctx, q, span->write ? IORING_OP_WRITE : IORING_OP_READ);
		fill(sqe, span->offset, payload->data, span->nbytes, flags);
	}
	return uring_submitted(u);
}

static int
submit_flush(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct payload *payload)
{
	struct uring *u = q->state;

	if (u->polled) {
		/* a polled ring supports only reads and writes */
		return queue_call(q, ctx, payload);
	}
	fill(uring_sqe(u, ctx, q, IORING_OP_FSYNC), 0, NULL, 0, IORING_FSYNC_DATASYNC);
	return uring_submitted(u);
}

/* Does the kernel split it into several requests? Some kernels (6.1 for one) retry such a command
 * without end when it is polled. Segments must meet at boundaries of an NVMe controller's pages to
 * be one request. */
static bool
is_split(const struct io_ring *ring, const struct payload *payload, uint64_t nbytes)
{
	for (uint32_t i = 1; i < payload->vec_cnt; ++i) {
		const struct iovec *before = &payload->vec[i - 1];
		uintptr_t end = (uintptr_t)before->iov_base + before->iov_len;

		if ((end | (uintptr_t)payload->vec[i].iov_base) % NVME_PAGE_NBYTES) {
			return true;
		}
	}
	return nbytes > ring->request_max;
}

static int
io_uring_submitv(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct payload *payload)
{
	struct media_span span;

	switch (ring_io_look(q, ctx, payload, &span)) {
	case RING_IO_MOVE:
		if (ring_of(q)->u.polled && is_split(ring_of(q), payload, span.nbytes)) {
			return queue_called(q, ctx, media_call(ctx, payload, &media_fd));
		}
		return submit_span(q, ctx, &span, payload);
	case RING_IO_FLUSH:
		return submit_flush(q, ctx, payload);
	case RING_IO_NOTHING:
	default:
		return 0;
	}
}

/* Fast path for a plain read or write; others take the slow path */
static inline int
submit_plain(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	     size_t mbuf_nbytes, struct xnvme_queue *q, uint8_t opcode)
{
	if (UNLIKELY(mbuf_nbytes != 0)) { /* metadata: slow path */
		return pass_checked(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q);
	}

	struct io_ring *ring = ring_of(q);
	uint64_t block = ring->block;
	uint64_t slba = ctx->cmd.nvm.slba;

	if (!ring_io_is_plain(ctx, slba, dbuf_nbytes, block)) {
		return pass_checked(ctx, dbuf, dbuf_nbytes, NULL, 0, q);
	}
	fill(uring_sqe_of(&ring->u, ctx, q, ring->u.prefix | opcode, 6), slba * block, dbuf,
	     dbuf_nbytes, 0);
	ctx_set_expected(ctx, (uint32_t)dbuf_nbytes);
	return 0;
}

/* The same for a call by blocks */
static inline int
submit_blocks(struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, uint64_t slba, uint64_t nlb,
	      void *dbuf, void *mbuf, uint8_t opcode)
{
	if (!blocks_are_plain(ctx, q, slba, nlb, mbuf)) {
		return blocks_pass(ctx, q, dbuf, mbuf);
	}

	struct io_ring *ring = ring_of(q);
	uint64_t block = ctx->dev->lba_nbytes;
	uint32_t nbytes = (uint32_t)((nlb + 1) * block);

	cpl_clear(ctx);
	fill(uring_sqe_of(&ring->u, ctx, q, ring->u.prefix | opcode, 6), slba * block, dbuf,
	     nbytes, 0);
	ctx_set_expected(ctx, nbytes);
	return 0;
}

/* Budget: with reap at most 60 instructions per I/O above a hand-written liburing loop, see
 * bench/path_cost */
static int
io_uring_read_blocks(struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, uint64_t slba, uint64_t nlb,
		     void *dbuf, void *mbuf)
{
	return submit_blocks(ctx, q, slba, nlb, dbuf, mbuf, IORING_OP_READ);
}

static int
io_uring_write_blocks(struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, uint64_t slba, uint64_t nlb,
		      void *dbuf, void *mbuf)
{
	return submit_blocks(ctx, q, slba, nlb, dbuf, mbuf, IORING_OP_WRITE);
}

static int
io_uring_read(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	      size_t mbuf_nbytes, struct xnvme_queue *q)
{
	return submit_plain(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q, IORING_OP_READ);
}

static int
io_uring_write(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	       size_t mbuf_nbytes, struct xnvme_queue *q)
{
	return submit_plain(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q, IORING_OP_WRITE);
}

/* Is it in the memory that the ring has registered? All of that is its buffer 0 */
static inline bool
is_fixed(const struct xnvme_queue *q, const void *buf)
{
	return ring_of(q)->u.fixed_bufs && uring_is_fixed(q->dev, buf);
}

/* submit_plain() for registered buffers, submission without batching, or polling */
static inline int
submit_special(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	       size_t mbuf_nbytes, struct xnvme_queue *q, uint8_t opcode, uint8_t fixed)
{
	int rc;

	if (dbuf_nbytes > ring_of(q)->request_max) {
		return pass_checked(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q);
	}
	rc = submit_plain(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q,
			  is_fixed(q, dbuf) ? fixed : opcode);
	return rc ? rc : uring_submitted(q->state);
}

/* The same for a call by blocks */
static inline int
submit_blocks_special(struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, uint64_t slba, uint64_t nlb,
		      void *dbuf, void *mbuf, uint8_t opcode, uint8_t fixed)
{
	int rc;

	if ((nlb + 1) * ctx->dev->lba_nbytes > ring_of(q)->request_max) {
		return blocks_pass(ctx, q, dbuf, mbuf);
	}
	rc = submit_blocks(ctx, q, slba, nlb, dbuf, mbuf, is_fixed(q, dbuf) ? fixed : opcode);
	return rc ? rc : uring_submitted(q->state);
}

static int
read_special(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	     size_t mbuf_nbytes, struct xnvme_queue *q)
{
	return submit_special(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q, IORING_OP_READ,
			      IORING_OP_READ_FIXED);
}

static int
write_special(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	      size_t mbuf_nbytes, struct xnvme_queue *q)
{
	return submit_special(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q, IORING_OP_WRITE,
			      IORING_OP_WRITE_FIXED);
}

static int
read_blocks_special(struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, uint64_t slba, uint64_t nlb,
		    void *dbuf, void *mbuf)
{
	return submit_blocks_special(ctx, q, slba, nlb, dbuf, mbuf, IORING_OP_READ,
				     IORING_OP_READ_FIXED);
}

static int
write_blocks_special(struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, uint64_t slba, uint64_t nlb,
		     void *dbuf, void *mbuf)
{
	return submit_blocks_special(ctx, q, slba, nlb, dbuf, mbuf, IORING_OP_WRITE,
				     IORING_OP_WRITE_FIXED);
}

static const struct queue_ways plain_ways = {
	.pass_read = io_uring_read,
	.pass_write = io_uring_write,
	.read = io_uring_read_blocks,
	.write = io_uring_write_blocks,
};

static const struct queue_ways special_ways = {
	.pass_read = read_special,
	.pass_write = write_special,
	.read = read_blocks_special,
	.write = write_blocks_special,
};

/* Select the functions for reads and writes */
static void
choose_ways(struct xnvme_queue *q)
{
	const struct io_ring *ring = ring_of(q);

	if (q->dev->lba_shift > LBA_SHIFT_PLAIN || media_disorders(q->dev)) {
		return; /* the slow path, which checks each command */
	}
	queue_shorten(q, ring->u.fixed_bufs || ring->u.eager || ring->u.polled ? &special_ways :
									    &plain_ways);
}

static int
refuse_polling(const struct xnvme_queue *q, int err)
{
	return err_set(err, "polling was requested (poll_io), and '%s' answers '%s': its driver "
		       "has no polled queues. For NVMe load it with 'modprobe nvme "
		       "poll_queues=1' (or start the kernel with nvme.poll_queues=1), or omit "
		       "poll_io", q->dev->ident.uri, strerror(-err));
}

/* Older kernels (6.1 for one) accept polled commands where there is nothing to poll, and complete
 * them by interrupts: the user would not get polling */
static bool
has_nothing_to_poll(const struct xnvme_queue *q)
{
	char name[SYSFS_NAME_NBYTES];

	return q->dev->kind == KIND_NVME_BLOCK &&
	       !nvme_name_of_fd(q->dev->fd, name, sizeof(name)) && !nvme_has_poll_queues(name);
}

/* A device without poll queues refuses each command: find out at once, with one read */
static int
try_polling(struct xnvme_queue *q, struct uring *u)
{
	size_t nbytes = q->dev->lba_nbytes;
	struct io_uring_sqe sqe = {0};
	void *buf;
	int err;

	if (!q->dev->opts.direct || !q->dev->nsze || q->dev->opts.wronly) {
		return err_set(-EINVAL, "polling for completions (poll_io) works on commands that "
			       "pass the page cache by: open with direct and for reading");
	}
	if (has_nothing_to_poll(q)) {
		return refuse_polling(q, -EOPNOTSUPP);
	}
	buf = aligned_alloc(4096, 4096 > nbytes ? 4096 : nbytes);
	if (!buf) {
		return err_set(-ENOMEM, "no memory for a first read");
	}
	io_uring_prep_read(&sqe, u->fd, buf, (unsigned int)nbytes, 0);
	err = uring_run(u, &sqe);
	free(buf);
	return err < 0 ? refuse_polling(q, err) : 0;
}

static bool
polling_is_demanded(const struct xnvme_queue *q)
{
	return q->opts & XNVME_QUEUE_IOPOLL || q->dev->opts.poll_io;
}

/* XNVME_POLICY_LATENCY polls the device where its driver has poll queues */
static bool
polling_helps(const struct xnvme_queue *q)
{
	char name[SYSFS_NAME_NBYTES];

	return q->dev->kind == KIND_NVME_BLOCK && q->dev->opts.policy == XNVME_POLICY_LATENCY &&
	       q->dev->opts.direct && !q->dev->opts.wronly &&
	       !nvme_name_of_fd(q->dev->fd, name, sizeof(name)) && nvme_has_poll_queues(name);
}

/* Create a ring for `q`, in q->state; on error the old state stays */
static int
make_io_ring(struct xnvme_queue *q, bool polls)
{
	struct io_ring *ring = calloc(1, sizeof(*ring));
	int err;

	if (!ring) {
		return err_set(-ENOMEM, "no memory for a ring of %u entries", q->capacity);
	}
	q->features[0] = '\0';
	/* a polled ring does not support the timeout that ends a nap */
	if (ring_io_naps(q) && !polls) {
		ring->u.nap_ns = RING_IO_NAP_NS;
	}
	err = uring_init(&ring->u, q, q->dev->fd, polls ? IORING_SETUP_IOPOLL : 0, true);
	if (err) {
		free(ring);
		return err;
	}
	err = ring->u.polled ? try_polling(q, &ring->u) : 0;
	if (err) {
		uring_fini(&ring->u);
		free(ring);
		return err;
	}
	ring->block = 1ULL << q->dev->lba_shift;
	ring->request_max = polls ? queue_limit_request_nbytes(q->dev->fd) : UINT64_MAX;
	ring->u.eager = q->dev->opts.policy == XNVME_POLICY_LATENCY;
	q->state = ring;
	choose_ways(q);
	return 0;
}

static void
io_uring_queue_fini(struct xnvme_queue *q)
{
	struct io_ring *ring = ring_of(q);

	uring_fini(&ring->u);
	free(ring);
}

/* Handle an unexpected result; false: report it with the command */
static __attribute__((noinline)) bool
is_alarm(struct uring *u, struct xnvme_cmd_ctx *ctx, uint32_t res)
{
	if (ctx == &u->alarm) {
		u->alarm_set = false;
		return true;
	}
	ring_io_unexpected(ctx, (int32_t)res);
	return false;
}

static int
io_uring_reap(struct xnvme_queue *q, uint32_t max)
{
	struct uring *u = q->state;
	uint32_t left = max;

	if (!uring_is_quiet(u) || (u->nap_ns && uring_is_empty(u))) {
		int err = uring_poke(u);

		if (UNLIKELY(err)) {
			return err;
		}
	}
	do {
		uint32_t *khead = u->khead;
		uint32_t head = *khead; /* read again each time: callbacks may poke */
		struct xnvme_cmd_ctx *ctx;
		uint32_t res;

		/* acquire: entries are read after the tail that publishes them */
		if (head == __atomic_load_n(u->ktail, __ATOMIC_ACQUIRE)) {
			break;
		}
		ctx = (struct xnvme_cmd_ctx *)(uintptr_t)u->cqes[head & u->cqe_mask].user_data;
		res = (uint32_t)u->cqes[head & u->cqe_mask].res;
		/* release: the entry is freed after it was read, and before the callback */
		__atomic_store_n(khead, head + 1, __ATOMIC_RELEASE);
		ctx->cpl.result = res;
		if (UNLIKELY(res != ctx_expected(ctx)) && is_alarm(u, ctx, res)) {
			left += 1; /* the alarm does not count */
			continue;
		}
		queue_complete(q, ctx);
	} while (--left);
	return (int)(max - left);
}

/* Replaces io_uring_reap where a kernel thread completes commands */
static int
reap_or_yield(struct xnvme_queue *q, uint32_t max)
{
	int rc = io_uring_reap(q, max);

	if (!rc) {
		ring_io_yield(&ring_of(q)->empty_polls);
	}
	return rc;
}

static int
io_uring_queue_init_path(struct xnvme_queue *q)
{
	bool demanded = polling_is_demanded(q);
	int err = make_io_ring(q, demanded || polling_helps(q));

	/* polling was not required: if it fails, use a ring without it */
	err = err && !demanded ? make_io_ring(q, false) : err;
	if (!err && ring_io_yields(q) && !ring_of(q)->u.polled) {
		q->reap = reap_or_yield;
	}
	return err;
}

static int
io_uring_wait_path(struct xnvme_queue *q, uint64_t timeout_ns)
{
	return uring_wait(q->state, timeout_ns);
}

static int
io_uring_event_fd(struct xnvme_queue *q)
{
	struct io_ring *ring = ring_of(q);
	int fd;

	if (ring->u.polled && !polling_is_demanded(q)) {
		/* a descriptor needs interrupts: nothing is outstanding yet */
		int err = make_io_ring(q, false);

		if (err) {
			return err;
		}
		uring_fini(&ring->u);
		free(ring);
	}
	fd = uring_event_fd(q->state);
	choose_ways(q);
	return fd;
}

extern const struct path path_io_uring;
const struct path path_io_uring = {
	.name = "io_uring",
	.descr = "Linux io_uring: reads, writes and flushes of files and block devices",
	.bytes = BYTES_YES,
	.attach = io_uring_attach,
	.queue_init = io_uring_queue_init_path,
	.queue_fini = io_uring_queue_fini,
	.submit = queue_submit_flat,
	.submitv = io_uring_submitv,
	.reap = io_uring_reap,
	.wait = io_uring_wait_path,
	.event_fd = io_uring_event_fd,
};
