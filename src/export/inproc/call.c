/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Blocking calls: one command from its start to its due time, without a queue.
 */
#include <base/assert.h>
#include <export/inproc/inproc.h>

#define TIMEOUT_NS (30 * NS_PER_S) /* see queue.c */

enum { ADMIN_SQID = 0, ABORT_OPCODE = 0x08, CID_ABORT = UINT16_MAX };

static bool
take_event(struct virt *virt, uint16_t cid, struct ssd_work *work)
{
	struct ssd_event event;

	ASSERT(work->sqid == ADMIN_SQID || work->sqid == INPROC_SYNC_SQID);
	if (!virt_started(virt, work->sqid, cid, &event)) {
		return false;
	}
	work->status = event.status;
	work->result = event.result;
	return true;
}

/*
 * Ends a command that waits for another one: an Asynchronous Event Request, or the first half of a
 * fused operation. A synchronous caller cannot wait for it: it might wait for the caller's own next
 * command. The Abort command ends it, as a host would do (NVMe Base 2.0, Abort).
 */
static void
take_back(struct virt *virt, ns_t now, uint16_t cid, struct ssd_work *work)
{
	struct xnvme_spec_cmd abort = {0};
	struct ssd_dma none = {0};
	struct ssd_work abort_work = {.sqid = ADMIN_SQID, .dma = &none};

	ASSERT(work->verdict == SSD_HELD);
	work->verdict = SSD_DONE;
	work->ready_at = now;
	if (take_event(virt, cid, work)) {
		return;
	}
	abort.common.opcode = ABORT_OPCODE;
	abort.common.cid = CID_ABORT;
	abort.abort.sqid = work->sqid;
	abort.abort.cid = cid;
	ssd_begin(virt_ssd(virt), now, &abort, &abort_work);
	if (!take_event(virt, cid, work)) {
		work->status = STATUS(ABORT_REQUESTED);
		work->result = 0;
	}
}

/* Lock held */
static void
begin(struct virt *virt, bool admin, struct xnvme_spec_cmd *cmd, struct ssd_work *work)
{
	struct ssd_event event;
	ns_t now = virt_clock_now(virt);

	cmd->common.cid = virt_next_cid(virt);
	work->sqid = admin ? ADMIN_SQID : INPROC_SYNC_SQID;
	ssd_begin(virt_ssd(virt), now, cmd, work);
	if (work->verdict == SSD_HELD) {
		take_back(virt, now, cmd->common.cid, work);
	} else if (work->verdict != SSD_DONE) {
		work->ready_at = now + TIMEOUT_NS;
	}
	ASSERT(work->verdict != SSD_HELD); /* as nothing would end it */
	work->ready_at = ns_max(ns_min(work->ready_at, INPROC_LATEST), now);
	(void)virt_started(virt, VIRT_NO_SQID, 0, &event);
}

void
inproc_call(struct virt *virt, bool admin, struct xnvme_spec_cmd *cmd, struct ssd_dma *dma,
	    struct inproc_cpl *cpl)
{
	struct ssd_work work = {.dma = dma};
	struct virt_disruption before, after;

	ASSERT(dma && cmd && cpl);
	virt_lock(virt);
	before = virt_disrupted(virt);
	begin(virt, admin, cmd, &work);
	if (virt_disrupted(virt).count != before.count) {
		/* power was cut by a planned fault: the command has ended */
	} else if (virt_spec_is_virtual(virt_spec_of(virt))) {
		while (virt_clock_now(virt) < work.ready_at) {
			(void)virt_clock_step(virt, work.ready_at);
		}
	} else if (work.ready_at > virt_clock_now(virt)) {
		virt_unlock(virt);
		inproc_wait_until(virt_epoch(virt) + work.ready_at);
		virt_lock(virt);
	}
	after = virt_disrupted(virt);
	virt_unlock(virt);
	*cpl = (struct inproc_cpl){
		.end = work.verdict == SSD_DONE ? INPROC_ENDED : INPROC_TIMEOUT,
		.cid = cmd->common.cid, .status = work.status, .result = work.result,
		.ready_at = work.ready_at};
	if (after.count != before.count && after.at < work.ready_at) {
		cpl->end = INPROC_ENDED;
		cpl->status = after.status;
		cpl->result = 0;
	}
}
