/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * NVMe commands through a ring: every I/O command of every command set, asynchronously. The kernel
 * passes them from an entry of 128 bytes to the device; status and result come back in one of 32
 * bytes.
 */
#include <path/linux/node.h>
#include <path/linux/passthru.h>
#include <path/linux/uring.h>

#include <errno.h>
#include <host/mem.h>
#include <os/linux_nvme.h>
#include <base/likely.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { SQE128_SHIFT = 7 }; /* log2 of an entry's bytes */

/*
 * A polled queue has a second ring, which is not polled, for commands without data (flush, write
 * zeroes, zone management). Linux 6.1 finds the completion of a polled command by its data mapping.
 * One without data completes in another way, and the kernel oopses when it is polled meanwhile:
 * within ten flushes. Newer kernels do not, but polling for a flush has no use.
 */
struct uring_cmd {
	struct uring u;
	struct passthru_shape shape;
	struct uring *side; /* NULL: not polled */
};

static struct uring_cmd *
ring_of(const struct xnvme_queue *q)
{
	return q->state;
}

static int
uring_cmd_attach(struct xnvme_dev *dev, enum path_role role)
{
	int fd = node_fd(dev, KIND_NVME_CHAR);
	int err;

	(void)role;
	if (fd < 0) {
		return fd;
	}
	err = uring_try(IORING_SETUP_SQE128 | IORING_SETUP_CQE32);
	err = err ? err : passthru_try(dev, fd);
	if (!err && fd == dev->sibling_fd) {
		dev_note(dev, "the namespace's other node, %s, is used for what '%s' cannot take",
			 dev->sibling, dev->ident.uri);
	}
	return err;
}

/* The user requires polling: without poll queues no completion would ever appear */
static int
check_polling(struct xnvme_queue *q, int fd)
{
	char name[SYSFS_NAME_NBYTES];

	if (!(q->opts & XNVME_QUEUE_IOPOLL) && !q->dev->opts.poll_io) {
		return 0;
	}
	if (!nvme_name_of_fd(fd, name, sizeof(name)) && !nvme_has_poll_queues(name)) {
		return err_set(-EOPNOTSUPP, "polling was requested, and '%s' has no polled "
			       "queues: load the driver with 'modprobe nvme poll_queues=1' "
			       "(or start the kernel with nvme.poll_queues=1), or do not set "
			       "poll_io", q->dev->ident.uri);
	}
	return 0;
}

static __attribute__((noinline)) int
misfit(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const void *data, size_t data_nbytes,
       size_t meta_nbytes)
{
	(void)passthru_misfit(ctx, data, data_nbytes, meta_nbytes);
	return queue_done(q, ctx);
}

/* Fill an entry for a command whose buffers match. `flags` NULL: the queue never uses flags, and
 * its entries keep the initial 0 */
static inline __attribute__((always_inline)) int
fill_flat(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	  size_t mbuf_nbytes, struct xnvme_queue *q, const uint32_t *flags)
{
	struct uring_cmd *ring = ring_of(q);
	struct io_uring_sqe *sqe = uring_sqe_of(&ring->u, ctx, q,
						ring->u.prefix | IORING_OP_URING_CMD, SQE128_SHIFT);

	sqe->cmd_op = NVME_URING_CMD_IO;
	sqe->__pad1 = 0;
	if (flags) {
		sqe->uring_cmd_flags = *flags;
	}
	passthru_fill((struct nvme_uring_cmd *)sqe->cmd, &ctx->cmd, dbuf,
		      (uint32_t)dbuf_nbytes, mbuf, (uint32_t)mbuf_nbytes);
	return 0;
}

static __attribute__((noinline)) int
submit_other(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	     size_t mbuf_nbytes, struct xnvme_queue *q)
{
	if (!passthru_fits_other(&ring_of(q)->shape, &ctx->cmd, dbuf, dbuf_nbytes, mbuf_nbytes)) {
		return misfit(q, ctx, dbuf, dbuf_nbytes, mbuf_nbytes);
	}
	return fill_flat(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q, NULL);
}

static int
uring_cmd_submit(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
		 size_t mbuf_nbytes, struct xnvme_queue *q)
{
	if (UNLIKELY(!passthru_fits_exactly(&ring_of(q)->shape, 0, &ctx->cmd, dbuf,
					    dbuf_nbytes, mbuf_nbytes))) {
		return submit_other(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q);
	}
	return fill_flat(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q, NULL);
}

/* Fast path: a read or write of blocks within the device, with a buffer of their exact size; others
 * take the slow path. Budget: with reap at most 80 instructions per I/O above a hand-written
 * liburing loop, see bench/uring_cmd_cost */
static int
uring_cmd_move(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	       size_t mbuf_nbytes, struct xnvme_queue *q)
{
	uint64_t last;

	if (UNLIKELY(!passthru_fits_exactly(&ring_of(q)->shape, 0, &ctx->cmd, dbuf,
					    dbuf_nbytes, mbuf_nbytes) ||
		     __builtin_add_overflow(ctx->cmd.nvm.slba, ctx->cmd.nvm.nlb, &last) ||
		     last >= ctx->dev->nsze)) {
		return pass_checked(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q);
	}
	return fill_flat(ctx, dbuf, dbuf_nbytes, mbuf, 0, q, NULL);
}

/* A call by blocks */
static int
uring_cmd_blocks(struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, uint64_t slba, uint64_t nlb,
		 void *dbuf, void *mbuf)
{
	if (UNLIKELY(!dbuf) || !blocks_are_plain(ctx, q, slba, nlb, mbuf)) {
		return blocks_pass(ctx, q, dbuf, mbuf);
	}
	cpl_clear(ctx);
	return fill_flat(ctx, dbuf, (nlb + 1) * ctx->dev->lba_nbytes, NULL, 0, q, NULL);
}

/* The same without batching, for separate metadata, and with registered buffers for data in them:
 * buffer 0 is the whole region */
static int
submit_special(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	     size_t mbuf_nbytes, struct xnvme_queue *q)
{
	struct uring_cmd *ring = ring_of(q);
	bool fixed = ring->u.fixed_bufs && uring_is_fixed(q->dev, dbuf);
	uint32_t flags = fixed ? IORING_URING_CMD_FIXED : 0;

	if (!passthru_fits(&ring->shape, ring->shape.meta_nbytes, &ctx->cmd, dbuf, dbuf_nbytes,
			   mbuf_nbytes)) {
		return misfit(q, ctx, dbuf, dbuf_nbytes, mbuf_nbytes);
	}
	(void)fill_flat(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q, &flags);
	return uring_submitted(&ring->u);
}

/* A polled queue's command without data goes to the second ring, independent of those pending in
 * the first */
static int
submit_on_side(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, void *mbuf, size_t mbuf_nbytes)
{
	struct uring *side = ring_of(q)->side;
	struct io_uring_sqe *sqe = uring_sqe(side, ctx, q, IORING_OP_URING_CMD);

	sqe->off = NVME_URING_CMD_IO;
	sqe->uring_cmd_flags = 0;
	passthru_fill((struct nvme_uring_cmd *)sqe->cmd, &ctx->cmd, NULL, 0, mbuf,
		      (uint32_t)mbuf_nbytes);
	return uring_submitted(side);
}

static int
submit_polled(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	      size_t mbuf_nbytes, struct xnvme_queue *q)
{
	if ((dbuf && dbuf_nbytes) ||
	    !passthru_fits(&ring_of(q)->shape, ring_of(q)->shape.meta_nbytes, &ctx->cmd, dbuf,
			   dbuf_nbytes, mbuf_nbytes)) {
		return submit_special(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q);
	}
	return submit_on_side(q, ctx, mbuf, mbuf_nbytes);
}

static int
uring_cmd_submitv(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct payload *payload)
{
	struct uring_cmd *ring = q->state;
	struct io_uring_sqe *sqe;

	if (!passthru_fits(&ring->shape, ring->shape.meta_nbytes, &ctx->cmd, payload->vec,
			   payload->data_nbytes, payload->meta_nbytes)) {
		return misfit(q, ctx, payload->vec, payload->data_nbytes, payload->meta_nbytes);
	}
	if (ring->side && !payload->data_nbytes) {
		return submit_on_side(q, ctx, payload->meta, payload->meta_nbytes);
	}
	sqe = uring_sqe(&ring->u, ctx, q, IORING_OP_URING_CMD);
	sqe->off = NVME_URING_CMD_IO_VEC;
	sqe->uring_cmd_flags = 0;
	passthru_fill((struct nvme_uring_cmd *)sqe->cmd, &ctx->cmd, payload->vec,
		      payload->vec_cnt, payload->meta, (uint32_t)payload->meta_nbytes);
	return uring_submitted(&ring->u);
}

/* The entry is freed after it was read and before the callback, which may poke again */
static inline __attribute__((always_inline)) void
deliver(struct xnvme_queue *q, struct uring *u, uint32_t head, struct xnvme_cmd_ctx *ctx)
{
	/* release: after the entry was read */
	__atomic_store_n(u->khead, head + 1, __ATOMIC_RELEASE);
	queue_complete(q, ctx);
}

/* All of it out of line: take() keeps no registers over a call */
static __attribute__((noinline)) void
take_failed(struct xnvme_queue *q, struct uring *u, uint32_t head,
	    const struct io_uring_cqe *cqe)
{
	struct xnvme_cmd_ctx *ctx = (struct xnvme_cmd_ctx *)(uintptr_t)cqe->user_data;

	if (!dev_fd_gone(ctx)) {
		(void)cpl_set_errno(ctx, cqe->res);
	}
	deliver(q, u, head, ctx);
}

/* Take the posted completion at `head` */
static inline __attribute__((always_inline)) void
take(struct xnvme_queue *q, struct uring *u, uint32_t head)
{
	/* CQE32: two slots each */
	const struct io_uring_cqe *cqe = &u->cqes[(size_t)(head & u->cqe_mask) << 1];
	struct xnvme_cmd_ctx *ctx = (struct xnvme_cmd_ctx *)(uintptr_t)cqe->user_data;

	if (UNLIKELY(cqe->res < 0)) {
		take_failed(q, u, head, cqe);
		return;
	}
	passthru_cpl(&ctx->cpl, (uint32_t)cqe->res, cqe->big_cqe[0]);
	deliver(q, u, head, ctx);
}

static int
reap_posted(struct uring *u, uint32_t max)
{
	uint32_t head = *u->khead;
	/* acquire: entries are read after the tail that publishes them */
	uint32_t end = __atomic_load_n(u->ktail, __ATOMIC_ACQUIRE);
	int count = 0;

	end = end - head > max ? head + max : end;
	/* a poke in a callback may have taken more than was seen here */
	while ((int32_t)(end - head) > 0) {
		take(u->q, u, head);
		count += 1;
		head = *u->khead;
	}
	return count;
}

static int
reap_ring(struct uring *u, uint32_t max)
{
	int err = uring_is_quiet(u) ? 0 : uring_poke(u);

	return err ? err : reap_posted(u, max);
}

/* Out of line, with the arguments in the registers of uring_cmd_reap() */
static __attribute__((noinline)) int
reap_some(struct xnvme_queue *q, uint32_t max)
{
	return reap_ring(&ring_of(q)->u, max);
}

/* The common case, max = all outstanding. A single posted completion needs no loop, and a limit
 * that does not bind need not be kept while the kernel is entered. */
static int
uring_cmd_reap(struct xnvme_queue *q, uint32_t max)
{
	struct uring *u = &ring_of(q)->u;
	uint32_t head, posted;
	int err = 0;

	if (UNLIKELY(max != q->outstanding)) {
		return reap_some(q, max);
	}
	if (u->tail != u->submitted) {
		err = uring_poke(u);
	} else if (uring_calls(u)) {
		err = uring_collect(u);
	}
	if (UNLIKELY(err)) {
		return err;
	}
	head = *u->khead;
	/* acquire: as in reap_posted() */
	posted = __atomic_load_n(u->ktail, __ATOMIC_ACQUIRE) - head;
	if (!posted) {
		return 0;
	}
	if (posted > 1) {
		return reap_posted(u, UINT32_MAX);
	}
	take(u->q, u, head);
	return 1;
}

/* The second ring first: it gets its turn even with a small `max` */
static int
reap_polled(struct xnvme_queue *q, uint32_t max)
{
	int from_side = reap_ring(ring_of(q)->side, max);
	int rc;

	if (from_side < 0 || (uint32_t)from_side == max) {
		return from_side;
	}
	rc = reap_ring(&ring_of(q)->u, max - (uint32_t)from_side);
	return rc < 0 && !from_side ? rc : from_side + (rc > 0 ? rc : 0);
}

enum { UNTRIED, WORKS, FAILS };

/* Read one block into the middle of registered memory, on a temporary ring. UNTRIED when the memory
 * cannot be registered: that is no result about commands. */
static uintptr_t
try_fixed(struct xnvme_dev *dev, int fd, char *buf, uint32_t nbytes)
{
	struct iovec region = {dev->registered, dev->registered_nbytes};
	struct nvme_uring_cmd cmd = {
		.opcode = XNVME_SPEC_NVM_OPC_READ,
		.nsid = dev->ident.nsid,
		.addr = (uintptr_t)buf,
		.data_len = nbytes,
	};
	struct {
		struct io_uring_sqe sqe;
		char rest[(1 << SQE128_SHIFT) - sizeof(struct io_uring_sqe)];
	} entry = {.sqe = {.opcode = IORING_OP_URING_CMD, .fd = fd, .off = NVME_URING_CMD_IO,
			   .uring_cmd_flags = IORING_URING_CMD_FIXED}};
	struct io_uring_params params = {.flags = IORING_SETUP_SQE128 | IORING_SETUP_CQE32};
	struct kernel_ring ring;
	uintptr_t found = UNTRIED;

	if (kernel_ring_make(&ring, 1, &params)) {
		return UNTRIED;
	}
	memcpy(entry.sqe.cmd, &cmd, sizeof(cmd));
	if (io_uring_register((unsigned int)ring.fd, IORING_REGISTER_BUFFERS, &region, 1) >= 0) {
		/* above 0: a status of the device, so the command was passed */
		found = kernel_ring_run(&ring, &entry) < 0 ? FAILS : WORKS;
	}
	kernel_ring_free(&ring);
	return found;
}

/*
 * Can NVMe commands use registered memory? Before Linux 6.13 the kernel maps a registered buffer
 * for them only as a whole, which no command fills. Tried once per handle; where it fails,
 * registration is skipped and reported. False without blocks to read; true when the memory cannot
 * be registered at all: the queue's own ring reports the reason.
 */
static bool
can_register(struct xnvme_dev *dev, int fd)
{
	_Atomic(uintptr_t) *known = (_Atomic(uintptr_t) *)&dev->state[ROLE_ASYNC];
	uintptr_t expected = UNTRIED;
	uintptr_t found = *known;
	char *buf;

	if (!dev->registered || !dev->geo.lba_nbytes || found != UNTRIED) {
		return dev->registered && found == WORKS;
	}
	buf = dev->mem->alloc(dev, 3UL * 4096 + dev->geo.lba_nbytes);
	found = buf && uring_is_fixed(dev, buf) ?
		try_fixed(dev, fd, buf + 4096, dev->geo.lba_nbytes) : FAILS;
	if (buf) {
		dev->mem->free(dev, buf);
	}
	if (atomic_compare_exchange_strong(known, &expected, found) && found == FAILS) {
		dev_note(dev, "register_buffers was dropped: this kernel cannot map parts of a "
			 "registered buffer for NVMe commands, Linux 6.13 and later can");
	}
	return found != FAILS;
}

static int
add_side(struct xnvme_queue *q, struct uring_cmd *ring)
{
	struct uring *side = calloc(1, sizeof(*side));
	int err;

	if (!side) {
		return err_set(-ENOMEM, "no memory for a second ring of %u entries", q->capacity);
	}
	side->is_side = true;
	err = uring_init(side, q, ring->u.fd, IORING_SETUP_SQE128 | IORING_SETUP_CQE32, false);
	if (err) {
		free(side);
		return err;
	}
	side->eager = ring->u.eager;
	uring_set_timeout(side, ring->u.cmd_timeout_ms);
	ring->side = side;
	q->reap = reap_polled;
	return 0;
}

static const struct queue_ways move_ways = {
	.pass_read = uring_cmd_move,
	.pass_write = uring_cmd_move,
	.read = uring_cmd_blocks,
	.write = uring_cmd_blocks,
};

/* Select the functions for flat commands */
static void
choose_ways(struct xnvme_queue *q, const struct uring_cmd *ring)
{
	bool special = ring->u.fixed_bufs || ring->u.eager || ring->shape.meta_nbytes;

	q->submit = ring->side ? submit_polled : special ? submit_special : uring_cmd_submit;
	queue_shorten(q, special ? &queue_ways_checked : &move_ways);
}

static int
uring_cmd_queue_init(struct xnvme_queue *q)
{
	int fd = node_fd(q->dev, KIND_NVME_CHAR);
	struct uring_cmd *ring;
	int err;

	if (fd < 0) {
		return fd;
	}
	err = check_polling(q, fd);
	if (err) {
		return err;
	}
	ring = calloc(1, sizeof(*ring));
	if (!ring) {
		return err_set(-ENOMEM, "no memory for a ring of %u entries", q->capacity);
	}
	err = uring_init(&ring->u, q, fd, IORING_SETUP_SQE128 | IORING_SETUP_CQE32,
			 can_register(q->dev, fd));
	if (err) {
		free(ring);
		return err;
	}
	ring->shape = passthru_shape(q->dev);
	ring->u.eager = q->dev->opts.policy == XNVME_POLICY_LATENCY;
	uring_set_timeout(&ring->u, passthru_timeout_ms(q->dev->opts.command_timeout));
	err = ring->u.polled ? add_side(q, ring) : 0;
	if (err) {
		uring_fini(&ring->u);
		free(ring);
		return err;
	}
	q->state = ring;
	choose_ways(q, ring);
	return 0;
}

static void
uring_cmd_queue_fini(struct xnvme_queue *q)
{
	struct uring_cmd *ring = q->state;

	if (ring->side) {
		uring_fini(ring->side);
		free(ring->side);
	}
	uring_fini(&ring->u);
	free(ring);
}

static int
uring_cmd_wait(struct xnvme_queue *q, uint64_t timeout_ns)
{
	struct uring_cmd *ring = q->state;

	return uring_wait(&ring->u, timeout_ns);
}

static int
uring_cmd_event_fd(struct xnvme_queue *q)
{
	struct uring_cmd *ring = q->state;
	int fd = uring_event_fd(&ring->u);

	choose_ways(q, ring); /* a queue with an event descriptor submits at once */
	return fd;
}

const struct path path_io_uring_cmd = {
	.name = "io_uring_cmd",
	.descr = "Linux io_uring, NVMe commands to the generic character device",
	.attach = uring_cmd_attach,
	.queue_init = uring_cmd_queue_init,
	.queue_fini = uring_cmd_queue_fini,
	.submit = uring_cmd_submit,
	.submitv = uring_cmd_submitv,
	.reap = uring_cmd_reap,
	.wait = uring_cmd_wait,
	.event_fd = uring_cmd_event_fd,
};
