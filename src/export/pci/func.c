/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The run of the function: takes commands, starts them, completes those that are due. See pci.h
 * for the introduction of the folder.
 */
#include <export/pci/hot.h>

/* An event request may be held for ever, so it returns its completion entry until it is completed;
 * half of a fused pair keeps it */
static void
hold(struct pci_func *f, struct sq *sq)
{
	ASSERT(f->cqs[sq->cqid].reserved > 0);
	f->cqs[sq->cqid].reserved -= sq->qid == 0;
	f->held += 1;
	sq->held += 1;
}

static void
begin_admin(struct pci_func *f, ns_t now, const struct xnvme_spec_cmd *cmd, struct ssd_work *work)
{
	ASSERT(work->sqid == 0 && f->xfer.cmd == cmd);
	if (!func_admin_begin(f, now, cmd, work)) {
		ssd_begin(f->ssd, now, cmd, work);
	}
	func_admin_end(f, cmd, work);
}

/* No I/O command set is enabled */
static void
refuse_io(ns_t now, struct ssd_work *work)
{
	ASSERT(work->sqid != 0);
	work->verdict = SSD_DONE;
	work->status = STATUS(INVALID_OPCODE);
	work->result = 0;
	work->ready_at = now;
}

/* The command does not complete now */
static void __attribute__((noinline))
end_later(struct pci_func *f, struct sq *sq, ns_t now, uint16_t cid, const struct ssd_work *work)
{
	ns_t due = work->ready_at;

	ASSERT(work->verdict != SSD_DONE || due > now);
	switch (work->verdict) {
	case SSD_HELD:
		hold(f, sq);
		return;
	case SSD_LOST:
		due = NS_NEVER;
		break;
	case SSD_CUT:
		/* power returns at once: the host finds the function in its power-on state */
		pci_reset(f, now);
		return;
	case SSD_DONE:
		break;
	}
	pending_add(f, &(struct pending){.due = due,
					 .result = work->result,
					 .sqid = sq->qid,
					 .cid = cid,
					 .status = work->status});
}

static inline void
begin(struct pci_func *f, struct sq *sq, ns_t now, const struct xnvme_spec_cmd *cmd,
      struct ssd_work *work)
{
	ASSERT(work->sqid == sq->qid && work->owner == f->owner);
	xfer_start(f, cmd, sq->qid);
	if (UNLIKELY(sq->qid == 0)) {
		begin_admin(f, now, cmd, work);
	} else if (UNLIKELY(CC_CSS(f->cc) == CC_CSS_ADMIN_ONLY)) {
		refuse_io(now, work);
	} else {
		ssd_begin(f->ssd, now, cmd, work);
	}
	if (UNLIKELY(f->far) && f->ops->far_done) {
		f->ops->far_done(f->arg);
	}
	if (LIKELY(work->verdict == SSD_DONE && work->ready_at <= now)) {
		cq_post(f, sq, cmd->common.cid, work->status, work->result);
	} else {
		end_later(f, sq, now, cmd->common.cid, work);
	}
}

static inline bool
is_ready(const struct pci_func *f)
{
	return (f->csts & (CSTS_RDY | CSTS_CFS)) == CSTS_RDY;
}

/* Take as many commands from one queue as may start, including those that arrive meanwhile; returns
 * their number. All costs per command are below here: bench/pcie_cost.py counts them by this
 * function. */
static uint32_t __attribute__((noinline))
fetch_from(struct pci_func *f, struct sq *sq, ns_t now, uint32_t most)
{
	struct ssd_work work = {.owner = f->owner, .sqid = sq->qid, .dma = &f->xfer.dma};
	struct xnvme_spec_cmd cmd;
	uint32_t taken = 0, ready = 0;

	sq_check(f, sq);
	ASSERT(f->bus_master);
	while (taken < most && is_ready(f)) {
		if (taken == ready && !sq_is_idle(sq)) {
			ready += sq_ready(f, sq, most - taken);
		}
		if (taken == ready || !sq_take(f, sq, &cmd)) {
			break;
		}
		taken += 1;
		begin(f, sq, now, &cmd, &work);
	}
	f->stats.commands += taken;
	return taken;
}

/* Take commands while there are any, while completions have space, and up to a limit per run */
static uint32_t
fetch(struct pci_func *f, ns_t now)
{
	uint32_t done = 0;

	while (done < RUN_BATCH) {
		uint32_t burst = RUN_BATCH - done, taken;
		struct sq *sq = arb_next(f, &burst);

		if (!sq) {
			break;
		}
		ASSERT(burst > 0 && burst <= RUN_BATCH - done);
		taken = fetch_from(f, sq, now, burst);
		done += taken;
		if (taken == 0 || !is_ready(f)) {
			break; /* pending is full, far memory is not yet available, or a reset */
		}
		arb_spent(f, sq, taken);
	}
	return done;
}

static uint32_t
complete_due(struct pci_func *f, ns_t now)
{
	uint32_t done = 0;

	while (pending_due(f, now)) {
		struct pending p = pending_pop(f);

		sq_check(f, &f->sqs[p.sqid]);
		cq_post(f, &f->sqs[p.sqid], p.cid, p.status, p.result);
		done += 1;
	}
	return done;
}

/* Post the completions of commands that the SSD held, while there is space */
static uint32_t
answer_held(struct pci_func *f, ns_t now)
{
	uint32_t done = 0;

	while (f->held > 0) {
		struct sq *sq;

		f->event_waits = f->event_waits ||
				 ssd_next_event(f->ssd, now, f->owner, &f->event);
		if (!f->event_waits) {
			break;
		}
		sq = f->event.sqid <= f->config.ioq_max ? &f->sqs[f->event.sqid] : NULL;
		if (!sq || sq->held == 0) {
			f->event_waits = false; /* its queue was deleted meanwhile */
			continue;
		}
		if (sq->qid == 0) {
			if (cq_free(f, &f->cqs[0]) == 0) {
				break;
			}
			f->cqs[0].reserved += 1;
		}
		ASSERT(f->held >= sq->held);
		f->event_waits = false;
		f->held -= 1;
		sq->held -= 1;
		cq_post(f, sq, f->event.cid, f->event.status, f->event.result);
		done += 1;
	}
	return done;
}

static ns_t
next_instant(const struct pci_func *f)
{
	ns_t next = f->shutdown_due;

	pending_check(f);
	if (f->bus_master) {
		next = ns_min(next, f->vector_deadline);
	}
	if (f->bus_master && f->nheap > 0) {
		next = ns_min(next, f->heap[0].due);
	}
	return ns_min(next, f->tick_due);
}

uint32_t
pci_run(struct pci_func *f, ns_t now, ns_t *next)
{
	uint32_t done = 0;

	func_check(f);
	*next = NS_NEVER;
	if (f->removed) {
		return 0;
	}
	if (f->shutdown_due <= now) {
		f->shutdown_due = NS_NEVER;
		f->csts = (f->csts & ~0xCu) | CSTS_SHST_COMPLETE << 2;
	}
	if (f->bus_master && is_ready(f)) {
		done = complete_due(f, now);
		if (CSTS_SHST(f->csts) == CSTS_SHST_NORMAL) {
			done += fetch(f, now);
		}
		done += answer_held(f, now);
	}
	if (done > 0 || f->tick_due <= now) {
		f->tick_due = ssd_tick(f->ssd, now);
		if (ssd_is_removed(f->ssd)) {
			pci_remove(f);
		} else if (ssd_is_fatal(f->ssd)) {
			pci_fail(f);
		}
	}
	irq_flush(f, now);
	*next = next_instant(f);
	return done;
}

bool
pci_before_wait(struct pci_func *f)
{
	bool work = false;

	func_check(f);
	if (f->removed || !f->bus_master || !is_ready(f)) {
		return false;
	}
	for (uint32_t i = 0; i < f->nactive; ++i) {
		queue_ask_ring(f, &f->sqs[f->active[i]]);
	}
	/* full: the requests to ring are visible before the doorbells are read for the last time */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	work = queue_can_take(f, &f->sqs[0]) ||
	       (f->held > 0 && ssd_has_event(f->ssd, f->owner) && cq_free(f, &f->cqs[0]) > 0);
	for (uint32_t i = 0; i < f->nactive; ++i) {
		work = queue_can_take(f, &f->sqs[f->active[i]]) || work;
	}
	return work;
}

void
pci_memory_changed(struct pci_func *f)
{
	func_check(f);
	memset(f->near, 0, sizeof(f->near));
	for (uint32_t qid = 0; qid <= f->config.ioq_max; ++qid) {
		if (f->sqs[qid].ring.entries > 0) {
			ring_find(f, &f->sqs[qid].ring, SQE_NBYTES, false);
		}
		if (f->cqs[qid].ring.entries > 0) {
			ring_find(f, &f->cqs[qid].ring, CQE_NBYTES, true);
		}
		if (qid > 0) {
			queue_shadow_find(f, qid);
		}
	}
}

void
pci_far(struct pci_func *f, bool any)
{
	f->far = any;
}

void
pci_bus_master(struct pci_func *f, bool on)
{
	f->bus_master = on;
}

void
pci_set_owner(struct pci_func *f, uint16_t owner)
{
	ASSERT(f->stats.commands == 0); /* the SSD has none of another owner */
	f->owner = owner;
}

void
pci_fail(struct pci_func *f)
{
	func_check(f);
	f->csts |= CSTS_CFS;
}

void
pci_remove(struct pci_func *f)
{
	f->removed = true;
}

void
pci_stats(const struct pci_func *f, struct pci_stats *stats)
{
	*stats = f->stats;
}
