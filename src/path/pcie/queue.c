/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The asynchronous path: one queue pair per xnvme queue, one thread at a time, no lock, no system
 * call, no allocation.
 *
 * Budget: submit and reap together at most 100 instructions per 512-byte command, at depth 32;
 * bench/pcie_cost measures it (callgrind).
 */
#include <errno.h>
#include <host/carry.h>
#include <host/err.h>
#include <host/queue.h>
#include <nvme/regs.h>
#include <os/os.h>
#include <path/pcie/pcie.h>
#include <base/likely.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define IDLE_LOOKS 64u               /* empty reaps between two reads of the clock */
#define CHECK_NS 100000000ull        /* between two reads of CSTS while commands are outstanding */
#define ABORT_NS 2000000000ull       /* time limit for the answer to an abort */
#define IN_FLIGHT 0x80000000u

struct pcie_queue {
	struct qpair qp;        /* first: hot */
	uint64_t block_opcodes; /* pcie_block_opcodes() */
	uint32_t limit;         /* capacity of the ring, in commands */
	bool ring_each; /* a thread waits on the descriptor: ring at each submit, not in reap */
	void (*run)(struct bus *bus);
	struct bus *bus;
	uint32_t idle;
	uint32_t generation;
	bool dead;
	bool aborting;
	bool renewing;
	int event;
	uint64_t checked_ns;
	uint64_t aborted_ns;
	uint32_t flight; /* IN_FLIGHT and a coarse clock: the time stamp of each command */
	uint64_t epoch_ns;
};

/* The four bytes that the host reserves for paths hold the mark IN_FLIGHT and the submission
 * time */
static inline void
flight_set(struct xnvme_cmd_ctx *ctx, uint32_t value)
{
	__builtin_memcpy(ctx->be_rsvd, &value, sizeof(value));
}

static inline uint32_t
flight_get(const struct xnvme_cmd_ctx *ctx)
{
	uint32_t value;

	__builtin_memcpy(&value, ctx->be_rsvd, sizeof(value));
	return value;
}

/* Slow path: any payload, all errors */
int
pcie_submitv(struct xnvme_queue *q, struct xnvme_cmd_ctx *ctx, const struct payload *payload)
{
	struct pcie_queue *pq = q->state;
	uint64_t cid = (uint64_t)(ctx - q->pool);
	struct xnvme_spec_cmd *sqe;
	int err;

	if (cid >= q->pool_cnt || (flight_get(ctx) & IN_FLIGHT)) {
		return queue_fail(q, ctx,
				  err_set(-EINVAL, "the context is not a free one of this "
						   "queue"));
	}
	if (pq->dead) {
		return queue_fail(q, ctx, -ENODEV);
	}
	if (q->outstanding >= pq->limit) { /* the ring is full of the caller's own commands */
		return -EBUSY;
	}
	if (pcie_wrong_length(pq->block_opcodes, q->dev->lba_nbytes, &ctx->cmd,
			      payload->data_nbytes)) {
		return queue_fail(q, ctx, -EINVAL);
	}
	sqe = qpair_entry(&pq->qp, &ctx->cmd, (uint32_t)cid);
	err = qpair_describe(&pq->qp, sqe, (uint32_t)cid, payload);
	if (err) {
		return err == QPAIR_CARRY ? carry_submit(q, ctx, payload) : queue_fail(q, ctx, err);
	}
	flight_set(ctx, pq->flight);
	qpair_push(&pq->qp);
	q->outstanding += 1;
	if (pq->ring_each) {
		qpair_ring_sq(&pq->qp);
	}
	return 0;
}

/* The same for a flat buffer. It is the queue's submit() while the queue is dead, while each
 * command must ring for a waiting thread, or while the ring is shorter than the queue;
 * pcie_submit() therefore checks none of these. */
static __attribute__((noinline)) int
submit_any(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	   size_t mbuf_nbytes, struct xnvme_queue *q)
{
	const struct payload payload = {
		.data = dbuf, .data_nbytes = dbuf_nbytes, .meta = mbuf, .meta_nbytes = mbuf_nbytes};

	return pcie_submitv(q, ctx, &payload);
}

/* A heap buffer in at most two pages: build the entry once, in the ring. For another buffer it
 * returns false and changes nothing. */
static inline bool
submit_heap(struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, const void *dbuf, uint64_t nbytes)
{
	struct pcie_queue *pq = q->state;
	struct qpair *qp = &pq->qp;
	uint64_t cid = ((uintptr_t)ctx - (uintptr_t)q->pool) / sizeof(*ctx);
	uint64_t iova = (uintptr_t)dbuf + qp->heap.delta, end = iova + nbytes;
	uint64_t next = (iova | (DMA_PAGE - 1)) + 1;

	if (UNLIKELY((uintptr_t)dbuf - qp->heap.vaddr > qp->heap_safe ||
			     end > next + DMA_PAGE || (iova & 3) || cid >= q->pool_cnt)) {
		return false;
	}
	qpair_entry_prp(qp, &ctx->cmd, (uint32_t)cid, iova, end > next ? next : 0);
	flight_set(ctx, pq->flight);
	qpair_push(qp);
	q->outstanding += 1;
	return true;
}

int
pcie_submit(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	    size_t mbuf_nbytes, struct xnvme_queue *q)
{
	/* another length may be valid for another opcode: slow path */
	if (UNLIKELY(mbuf || dbuf_nbytes != (ctx->cmd.nvm.nlb + 1ull) * q->dev->lba_nbytes) ||
	    !submit_heap(ctx, q, dbuf, dbuf_nbytes)) {
		return submit_any(ctx, dbuf, dbuf_nbytes, mbuf, mbuf_nbytes, q);
	}
	return 0;
}

static int
pcie_blocks(struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, uint64_t slba, uint64_t nlb,
	    void *dbuf, void *mbuf)
{
	if (blocks_are_plain(ctx, q, slba, nlb, mbuf)) {
		cpl_clear(ctx);
		if (submit_heap(ctx, q, dbuf, (nlb + 1) * ctx->dev->lba_nbytes)) {
			return 0;
		}
	}
	return blocks_pass(ctx, q, dbuf, mbuf);
}

static const struct queue_ways heap_ways = {
	.pass_read = pass_checked,
	.pass_write = pass_checked,
	.read = pcie_blocks,
	.write = pcie_blocks,
};

static void
choose_submit(struct xnvme_queue *q)
{
	const struct pcie_queue *pq = q->state;
	bool fast = !pq->dead && !pq->ring_each && pq->limit >= q->capacity;

	q->submit = fast ? pcie_submit : submit_any;
	queue_shorten(q, fast ? &heap_ways : &queue_ways_checked);
}

/* ---- nothing completes ---- */

/* Mark the queue as dead: it does not exist at the controller */
static void
die(struct xnvme_queue *q)
{
	struct pcie_queue *pq = q->state;

	pq->dead = true;
	choose_submit(q);
}

/* Complete all outstanding commands: the controller was reset (err 0) or removed */
static int
end_all(struct xnvme_queue *q, int err)
{
	struct pcie_queue *pq = q->state;
	int count = 0;

	for (uint32_t cid = 0; cid < q->pool_cnt; ++cid) {
		struct xnvme_cmd_ctx *ctx = &q->pool[cid];

		if (!(flight_get(ctx) & IN_FLIGHT)) {
			continue;
		}
		flight_set(ctx, 0);
		if (err) {
			(void)cpl_set_errno(ctx, err);
		} else {
			(void)cpl_set_status(ctx, STATUS(ABORTED_BY_HOST));
			ctx->cpl.status.dnr = 0; /* a retry may succeed */
		}
		ctx->cpl.cid = (uint16_t)cid;
		count += 1;
		queue_complete(q, ctx);
	}
	pq->aborting = false;
	return count;
}

/* After a reset, create the queue at the controller again, empty */
static int
renew(struct xnvme_queue *q)
{
	struct pcie_queue *pq = q->state;
	struct ctrl *ctrl = pq->qp.ctrl;
	uint32_t generation = ctrl_generation(ctrl);
	int vector = pq->event >= 0 ? (int)(pq->qp.qid % ctrl->bus->vectors) : -1;
	int err = ctrl_is_gone(ctrl) ? -ENODEV : 0;
	int count;

	if (pq->renewing) { /* a callback of end_all() below polls: complete the rest */
		return end_all(q, err);
	}
	/* until the queue exists again, submissions from callbacks are refused */
	pq->renewing = true;
	die(q);
	count = end_all(q, err);
	pq->renewing = false;
	qpair_clear(&pq->qp);
	if (!ctrl_is_gone(ctrl) && ioq_create(ctrl, &pq->qp, vector) == 0) {
		pq->generation = generation;
		pq->dead = false;
		choose_submit(q);
	}
	return count;
}

/* The oldest command past its timeout, or NULL */
static struct xnvme_cmd_ctx *
too_old(struct xnvme_queue *q)
{
	struct pcie_queue *pq = q->state;

	for (uint32_t cid = 0; cid < q->pool_cnt; ++cid) {
		uint32_t flight = flight_get(&q->pool[cid]);

		/* the first step may come at once; each of the other four takes a quarter */
		if ((flight & IN_FLIGHT) && ((pq->flight - flight) & ~IN_FLIGHT) >= 5) {
			return &q->pool[cid];
		}
	}
	return NULL;
}

/* Advance the coarse clock; abort a command past its timeout once, then reset the controller */
static int
check_age(struct xnvme_queue *q, uint64_t now)
{
	struct pcie_queue *pq = q->state;
	struct ctrl *ctrl = pq->qp.ctrl;
	uint64_t quarter = ctrl->command_timeout_ns / 4;
	struct xnvme_cmd_ctx *old;

	if (quarter == 0) {
		return 0; /* no timeout */
	}
	/* one step per call: after a long pause of the caller a new command is not old yet */
	if (now - pq->epoch_ns >= quarter) {
		pq->epoch_ns = now;
		pq->flight = (pq->flight + 1) | IN_FLIGHT;
	}
	old = too_old(q);
	if (!old) {
		pq->aborting = false;
		return 0;
	}
	if (!pq->aborting) {
		pq->aborting = true;
		pq->aborted_ns = now;
		(void)ioq_abort(ctrl, pq->qp.qid, (uint32_t)(old - q->pool));
		return 0;
	}
	if (now - pq->aborted_ns > ABORT_NS) {
		(void)ctrl_reset(ctrl, false);
		return renew(q);
	}
	return 0;
}

/* No completion was found, which is the normal case. At intervals check the controller. */
static __attribute__((noinline)) int
idle(struct xnvme_queue *q)
{
	struct pcie_queue *pq = q->state;
	struct ctrl *ctrl = pq->qp.ctrl;
	uint64_t now;

	if (ctrl_is_gone(ctrl)) {
		die(q);
		return end_all(q, -ENODEV);
	}
	if (pq->generation != ctrl_generation(ctrl)) {
		return ctrl->up ? renew(q) : 0;
	}
	if (++pq->idle % IDLE_LOOKS != 0) {
		return 0;
	}
	now = os_clock_ns();
	if (now - pq->checked_ns > CHECK_NS) {
		pq->checked_ns = now;
		switch (ctrl_check(ctrl)) {
		case 0:
			break;
		case -EIO:
			(void)(ctrl->up && ctrl_reset(ctrl, false));
			return 0;
		default:
			return 0; /* removed: noticed in the next call */
		}
	}
	return check_age(q, now);
}

/* ---- fast path ---- */

int
pcie_reap(struct xnvme_queue *q, uint32_t max)
{
	struct pcie_queue *pq = q->state;
	struct qpair *qp = &pq->qp;
	const struct xnvme_spec_cpl *cqe;
	uint32_t count = 0;

	if (qp->sq_rung != qp->sq_tail) {
		qpair_ring_sq(qp);
	}
	if (pq->run) {
		pq->run(pq->bus);
	}
	while (count < max && (cqe = qpair_peek(qp))) {
		uint32_t cid = cqe->cid;
		struct xnvme_cmd_ctx *ctx = &q->pool[cid];

		qpair_take(qp); /* before the callback, which may call pcie_reap() again */
		if (UNLIKELY(cid >= q->pool_cnt || !(flight_get(ctx) & IN_FLIGHT))) {
			break; /* an unknown identifier: it may send them without end */
		}
		ctx->cpl = *cqe;
		ctx->cpl.status.p = 0;
		flight_set(ctx, 0);
		count += 1;
		queue_complete(q, ctx);
	}
	if (qp->cq_rung != qp->cq_head) {
		qpair_ring_cq(qp);
	}
	return count ? (int)count : idle(q);
}

/* ---- creation and deletion ---- */

static uint32_t
power_of_two_above(uint32_t n)
{
	uint32_t power = 2;

	while (power < n) {
		power *= 2;
	}
	return power;
}

int
pcie_queue_init(struct xnvme_queue *q)
{
	struct ctrl *ctrl = q->dev->handle;
	/* a ring of N entries holds N - 1 */
	uint32_t entries = power_of_two_above(q->capacity + 1);
	struct pcie_queue *pq;
	uint32_t qid;
	int err;

	/* a controller with shorter queues: commands beyond its capacity get -EBUSY */
	while (entries > CAP_MQES(ctrl->cap) + 1) {
		entries /= 2;
	}
	err = ioq_take_qid(ctrl, &qid);
	if (err) {
		return err;
	}
	pq = aligned_alloc(64, (sizeof(*pq) + 63) & ~(size_t)63);
	if (!pq) {
		ioq_release_qid(ctrl, qid);
		return err_set(-ENOMEM, "no memory for a queue");
	}
	memset(pq, 0, sizeof(*pq));
	pq->event = -1;
	pq->limit = entries - 1;
	pq->block_opcodes = pcie_block_opcodes(q->dev);
	pq->bus = ctrl->bus;
	pq->run = ctrl->bus->ops->run;
	pq->generation = ctrl_generation(ctrl);
	pq->flight = IN_FLIGHT;
	pq->epoch_ns = pq->checked_ns = os_clock_ns();
	err = qpair_alloc(&pq->qp, ctrl, qid, q->pool_cnt, entries);
	if (!err) {
		err = ioq_create(ctrl, &pq->qp, -1);
		if (err) {
			qpair_free(&pq->qp);
		}
	}
	if (err) {
		ioq_release_qid(ctrl, qid);
		free(pq);
		return err;
	}
	q->state = pq;
	choose_submit(q);
	return 0;
}

void
pcie_queue_fini(struct xnvme_queue *q)
{
	struct pcie_queue *pq = q->state;
	struct ctrl *ctrl = pq->qp.ctrl;
	uint32_t qid = pq->qp.qid;

	if (!pq->dead && !ctrl_is_gone(ctrl) && pq->generation == ctrl_generation(ctrl)) {
		(void)ioq_delete(ctrl, &pq->qp);
	}
	if (pq->event >= 0) { /* nothing signals it from now on */
		(void)ctrl->bus->ops->vector(ctrl->bus, qid % ctrl->bus->vectors, -1);
		(void)close(pq->event);
	}
	qpair_free(&pq->qp);
	free(pq);
	ioq_release_qid(ctrl, qid);
}

/* Create the queue again with interrupts: the host checked that nothing is outstanding */
int
pcie_event_fd(struct xnvme_queue *q)
{
	struct pcie_queue *pq = q->state;
	struct ctrl *ctrl = pq->qp.ctrl;
	uint32_t vector;
	int err;

	if (ctrl->bus->vectors < 2) {
		return err_set(-ENOTSUP, "'%s' has no interrupt left for a queue; poll it",
			       ctrl->uri);
	}
	if (pq->qp.qid >= ctrl->bus->vectors) {
		return err_set(-ENOSPC,
			       "'%s' has %u interrupts and they are in use; poll this "
			       "queue",
			       ctrl->uri, ctrl->bus->vectors);
	}
	vector = pq->qp.qid;
	pq->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (pq->event < 0) {
		return err_set(-errno, "no event descriptor: %s", strerror(errno));
	}
	err = ctrl->bus->ops->vector(ctrl->bus, vector, pq->event);
	err = err ? err : ioq_delete(ctrl, &pq->qp);
	if (!err) {
		qpair_clear(&pq->qp);
		err = ioq_create(ctrl, &pq->qp, (int)vector);
		if (err) {
			die(q);
		}
	}
	if (err) {
		(void)close(pq->event);
		pq->event = -1;
		return err;
	}
	pq->ring_each = true;
	choose_submit(q);
	return pq->event;
}
