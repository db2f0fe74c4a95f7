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
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define IDLE_LOOKS 64u               /* empty looks between two glances at the clock */
#define CHECK_NS 100000000ull        /* between two looks at CSTS while commands are outstanding */
#define ABORT_NS 2000000000ull       /* what a controller gets to answer an abort */
#define STATUS_ABORTED_BY_HOST_SCT 3 /* path related */
#define STATUS_ABORTED_BY_HOST_SC 0x71
#define IN_FLIGHT 0x80000000u

struct pcie_queue {
	struct qpair qp;        /* first: hot */
	uint64_t block_opcodes; /* pcie_block_opcodes() */
	uint32_t limit;         /* commands that the ring holds */
	bool ring_each; /* somebody sleeps on the descriptor: nothing is held back for reap */
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
	uint32_t flight; /* IN_FLIGHT and a slow clock: commands remember when they left */
	uint64_t epoch_ns;
};

/* A context in flight says so, and when it left, in the four bytes that the host leaves to paths */
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

/* All shapes, and all that goes wrong */
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
	if (q->outstanding >= pq->limit) {
		return -EAGAIN;
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

/* The same for a flat buffer. It is a queue's submit() while it is dead, while a sleeper has to be
 * told of each command, or where the ring is shorter than the queue; so that the fast one need not
 * ask. */
static __attribute__((noinline)) int
submit_any(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	   size_t mbuf_nbytes, struct xnvme_queue *q)
{
	const struct payload payload = {
		.data = dbuf, .data_nbytes = dbuf_nbytes, .meta = mbuf, .meta_nbytes = mbuf_nbytes};

	return pcie_submitv(q, ctx, &payload);
}

/* A heap buffer in at most two pages: the entry is built in the ring, once. False, and nothing is
 * done, when it is another */
static inline bool
submit_heap(struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, const void *dbuf, uint64_t nbytes)
{
	struct pcie_queue *pq = q->state;
	struct qpair *qp = &pq->qp;
	uint64_t cid = ((uintptr_t)ctx - (uintptr_t)q->pool) / sizeof(*ctx);
	uint64_t iova = (uintptr_t)dbuf + qp->heap.delta, end = iova + nbytes;
	uint64_t next = (iova | (DMA_PAGE - 1)) + 1;

	if (__builtin_expect((uintptr_t)dbuf - qp->heap.vaddr > qp->heap_safe ||
				     end > next + DMA_PAGE || (iova & 3) || cid >= q->pool_cnt,
			     0)) {
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
	/* a length that is not the blocks' may be right for another opcode: not here */
	if (__builtin_expect(mbuf || dbuf_nbytes != (ctx->cmd.nvm.nlb + 1ull) * q->dev->lba_nbytes,
			     0) ||
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

/* ---- what happens when nothing completes ---- */

/* The queue does not exist at the controller */
static void
die(struct xnvme_queue *q)
{
	struct pcie_queue *pq = q->state;

	pq->dead = true;
	choose_submit(q);
}

/* The controller was reset or is gone: whatever was outstanding ends now */
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
			(void)cpl_set_status(ctx, STATUS_ABORTED_BY_HOST_SCT,
					     STATUS_ABORTED_BY_HOST_SC);
			ctx->cpl.status.dnr = 0; /* another attempt may well succeed */
		}
		ctx->cpl.cid = (uint16_t)cid;
		count += 1;
		queue_complete(q, ctx);
	}
	pq->aborting = false;
	return count;
}

/* After a reset the queue is made again at the controller, empty */
static int
renew(struct xnvme_queue *q)
{
	struct pcie_queue *pq = q->state;
	struct ctrl *ctrl = pq->qp.ctrl;
	uint32_t generation = ctrl_generation(ctrl);
	int vector = pq->event >= 0 ? (int)(pq->qp.qid % ctrl->bus->vectors) : -1;
	int err = ctrl_is_gone(ctrl) ? -ENODEV : 0;
	int count;

	if (pq->renewing) { /* a callback of end_all() below polls: it ends the rest */
		return end_all(q, err);
	}
	/* until it exists again, callbacks that submit now are refused */
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

/* The oldest command in flight, NULL when it is not yet too old */
static struct xnvme_cmd_ctx *
too_old(struct xnvme_queue *q)
{
	struct pcie_queue *pq = q->state;

	for (uint32_t cid = 0; cid < q->pool_cnt; ++cid) {
		uint32_t flight = flight_get(&q->pool[cid]);

		/* the first step may have come at once, the other four took a quarter each */
		if ((flight & IN_FLIGHT) && ((pq->flight - flight) & ~IN_FLIGHT) >= 5) {
			return &q->pool[cid];
		}
	}
	return NULL;
}

/* Time passes; what takes too long is aborted once, then the controller is reset */
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
	/* one step at most, however long nobody looked: a command that has just left is not old */
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

/* Nothing had completed. Mostly that is all; now and then look whether it ever will. */
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
			return 0; /* gone: noticed at the next look */
		}
	}
	return check_age(q, now);
}

/* ---- hot again ---- */

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

		qpair_take(qp); /* before the callback: it may come back here */
		if (__builtin_expect(cid >= q->pool_cnt || !(flight_get(ctx) & IN_FLIGHT), 0)) {
			break; /* a controller that answers what nobody asked, perhaps for ever */
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

/* ---- making and removing ---- */

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

	/* a controller whose queues are shorter: commands that do not fit get -EAGAIN and wait */
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
	if (pq->event >= 0) { /* nothing signals it any more */
		(void)ctrl->bus->ops->vector(ctrl->bus, qid % ctrl->bus->vectors, -1);
		(void)close(pq->event);
	}
	qpair_free(&pq->qp);
	free(pq);
	ioq_release_qid(ctrl, qid);
}

/* The queue is made again with interrupts: nothing is outstanding, the host saw to it */
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
