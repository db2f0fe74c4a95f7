/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Synchronous commands from any thread: the admin queue and one queue for I/O. A waiting thread
 * also takes the completions of other threads.
 */
#include <errno.h>
#include <host/err.h>
#include <nvme/regs.h>
#include <nvme/status.h>
#include <os/os.h>
#include <path/pcie/ctrl.h>
#include <stdlib.h>
#include <string.h>

#define SPINS 4000u /* polls before the first pause: about 20 us */
#define PAUSE_NS_MAX 200000u
#define CHECK_NS 100000000ull  /* how often a waiting thread reads CSTS */
#define ABORT_NS 2000000000ull /* time limit for the answer to an abort */

int
shared_init(struct ctrl_shared *shared, struct ctrl *ctrl, uint32_t qid, uint32_t entries)
{
	int err;

	/* one identifier is reserved for the event request, and a queue holds one command less than
	 * it has entries */
	shared->slots = calloc(entries - 1, sizeof(*shared->slots));
	if (!shared->slots) {
		return err_set(-ENOMEM, "no memory for a queue of %u commands", entries);
	}
	err = qpair_alloc(&shared->qp, ctrl, qid, entries - 1, entries);
	if (err) {
		free(shared->slots);
		shared->slots = NULL;
		return err;
	}
	(void)pthread_mutex_init(&shared->lock, NULL);
	shared->ready = true;
	return 0;
}

void
shared_fini(struct ctrl_shared *shared)
{
	if (shared->ready) {
		qpair_free(&shared->qp);
		free(shared->slots);
		(void)pthread_mutex_destroy(&shared->lock);
		shared->ready = false;
	}
}

static void
event_seen(struct ctrl *ctrl, const struct xnvme_spec_cpl *cpl)
{
	if (cpl->status.sc || cpl->status.sct) {
		ctrl->aer_cid = UINT16_MAX; /* refused, or ended by a reset: none is outstanding */
		return;
	}
	ctrl->events += 1;
	ctrl->last_event = cpl->cdw0;
	(void)shared_post_aer(ctrl);
}

/* Take completions, at most one pass of the queue: a faulty controller could go on for ever. The
 * lock is held. */
static void
take_completions(struct ctrl_shared *shared)
{
	struct qpair *qp = &shared->qp;
	const struct xnvme_spec_cpl *cqe;
	uint32_t left = qp->entries;

	if (qp->ctrl->bus->ops->run) {
		qp->ctrl->bus->ops->run(qp->ctrl->bus);
	}
	while (left-- > 0 && (cqe = qpair_peek(qp))) {
		struct xnvme_spec_cpl cpl = *cqe;
		struct ctrl_slot *slot = cpl.cid < qp->commands ? &shared->slots[cpl.cid] : NULL;

		qpair_take(qp);
		cpl.status.p = 0;
		if (slot && qp->qid == 0 && cpl.cid == qp->ctrl->aer_cid) {
			slot->used = false;
			event_seen(qp->ctrl, &cpl);
		} else if (slot && slot->used && !slot->done) {
			slot->cpl = cpl;
			slot->done = true;
			slot->used = !slot->abandoned;
		} /* otherwise an unknown identifier from a faulty controller: ignore it */
	}
	if (qp->cq_rung != qp->cq_head) {
		qpair_ring_cq(qp);
	}
}

void
shared_poll(struct ctrl_shared *shared)
{
	(void)pthread_mutex_lock(&shared->lock);
	take_completions(shared);
	(void)pthread_mutex_unlock(&shared->lock);
}

/* A free identifier, or -EAGAIN; the lock is held */
static int
take_slot(struct ctrl_shared *shared)
{
	for (uint32_t cid = 0; cid < shared->qp.commands; ++cid) {
		if (!shared->slots[cid].used) {
			shared->slots[cid] = (struct ctrl_slot){.used = true};
			return (int)cid;
		}
	}
	return -EAGAIN;
}

/* Submit under the lock; the identifier, or -errno */
static int
submit(struct ctrl_shared *shared, const struct xnvme_spec_cmd *cmd, const struct payload *payload)
{
	struct xnvme_spec_cmd *sqe;
	int cid = take_slot(shared), err = 0;

	if (cid < 0) {
		return cid;
	}
	sqe = qpair_entry(&shared->qp, cmd, (uint32_t)cid);
	if (payload) {
		err = qpair_describe(&shared->qp, sqe, (uint32_t)cid, payload);
	}
	if (err) {
		shared->slots[cid].used = false;
		return err;
	}
	qpair_push(&shared->qp);
	qpair_ring_sq(&shared->qp);
	return cid;
}

int
shared_post_aer(struct ctrl *ctrl)
{
	struct xnvme_spec_cmd cmd = {.common = {.opcode = XNVME_SPEC_ADM_OPC_ASYNC_EVENT}};
	const struct payload none = {0};
	int cid = submit(&ctrl->admin, &cmd, &none);

	ctrl->aer_cid = cid < 0 ? UINT16_MAX : (uint16_t)cid;
	return cid < 0 ? cid : 0;
}

/* Between two polls: spin first, then sleep */
static void
pause_between(uint32_t tries)
{
	if (tries > SPINS) {
		uint64_t ns = 1000ull << (tries - SPINS < 8 ? tries - SPINS : 8);

		os_pause_ns(ns < PAUSE_NS_MAX ? ns : PAUSE_NS_MAX);
	}
}

/* Poll once. 1: the command's completion is in `cpl`; 0: not yet */
static int
look(struct ctrl_shared *shared, int cid, struct xnvme_spec_cpl *cpl)
{
	int done;

	(void)pthread_mutex_lock(&shared->lock);
	take_completions(shared);
	done = shared->slots[cid].done;
	if (done) {
		*cpl = shared->slots[cid].cpl;
		shared->slots[cid].used = false;
	}
	(void)pthread_mutex_unlock(&shared->lock);
	return done;
}

/* Stop waiting: the identifier becomes free when the command completes */
static void
abandon(struct ctrl_shared *shared, int cid)
{
	(void)pthread_mutex_lock(&shared->lock);
	shared->slots[cid].abandoned = true;
	shared->slots[cid].used = !shared->slots[cid].done;
	(void)pthread_mutex_unlock(&shared->lock);
}

/* Handle a command past its timeout: one abort, then a reset. 0: continue waiting. */
static int
escalate(struct ctrl_shared *shared, int cid, bool *aborted, uint64_t *deadline, bool failed)
{
	struct ctrl *ctrl = shared->qp.ctrl;

	if (!ctrl->up) {
		return -ETIMEDOUT; /* bring-up and reset handle the timeout themselves */
	}
	if (!failed && !*aborted && shared != &ctrl->admin) {
		*aborted = true;
		*deadline = os_clock_ns() + ABORT_NS;
		(void)ioq_abort(ctrl, shared->qp.qid, (uint32_t)cid);
		return 0;
	}
	*deadline = os_clock_ns() + ABORT_NS;
	/* the reset completes everything outstanding with an error, this command too */
	return ctrl_reset(ctrl, false);
}

static int
wait_for(struct ctrl_shared *shared, int cid, uint64_t timeout_ns, struct xnvme_spec_cpl *cpl)
{
	struct ctrl *ctrl = shared->qp.ctrl;
	uint64_t start = 0, checked = 0, deadline = 0;
	bool aborted = false;

	for (uint32_t tries = 0; !look(shared, cid, cpl); ++tries) {
		int err = 0;

		if (tries < SPINS) {
			continue;
		}
		pause_between(tries);
		if (start == 0) {
			start = checked = os_clock_ns();
			deadline = timeout_ns == UINT64_MAX ? UINT64_MAX : start + timeout_ns;
		}
		uint64_t now = os_clock_ns();

		if (now - checked > CHECK_NS || ctrl_is_gone(ctrl)) {
			checked = now;
			err = ctrl_check(ctrl);
		}
		if (err == -ENODEV) {
			abandon(shared, cid);
			return err_set(-ENODEV, "the controller '%s' is gone", ctrl->uri);
		}
		if (err == -EIO || now > deadline) {
			err = escalate(shared, cid, &aborted, &deadline, err == -EIO);
		}
		if (err) {
			abandon(shared, cid);
			return err_set(err, "the controller '%s' did not answer a command in time",
				       ctrl->uri);
		}
	}
	return 0;
}

int
shared_call(struct ctrl_shared *shared, const struct xnvme_spec_cmd *cmd,
	    const struct payload *payload, uint64_t timeout_ns, struct xnvme_spec_cpl *cpl)
{
	uint64_t start = 0;
	int cid = -EAGAIN, err;

	for (uint32_t tries = 0; cid == -EAGAIN; ++tries) {
		if (ctrl_is_gone(shared->qp.ctrl)) {
			return err_set(-ENODEV, "the controller '%s' is gone",
				       shared->qp.ctrl->uri);
		}
		pause_between(tries);
		if (tries == SPINS) {
			start = os_clock_ns();
		} else if (tries > SPINS && os_clock_ns() - start > timeout_ns) {
			return err_set(-ETIMEDOUT,
				       "the controller '%s' has answered none of %u commands in "
				       "time: there is no place for another",
				       shared->qp.ctrl->uri, shared->qp.commands);
		}
		(void)pthread_mutex_lock(&shared->lock);
		if (tries > 0) {
			take_completions(shared);
		}
		cid = submit(shared, cmd, payload);
		(void)pthread_mutex_unlock(&shared->lock);
	}
	if (cid < 0) {
		return cid;
	}
	err = wait_for(shared, cid, timeout_ns, cpl);
	if (err) {
		return err;
	}
	return cpl->status.sc || cpl->status.sct ? -EIO : 0;
}
