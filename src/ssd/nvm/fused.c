/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fused operations (NVMe Base 2.0, Fused Operations): Compare, then Write of the same blocks, as
 * one atomic operation. The first half is held here with a copy of its data; both run when the
 * second half arrives.
 *
 *   none ──first half──▶ waiting ──second half──▶ none: both complete
 *                        waiting ──any other command in that queue──▶ none: Missing Fused Command
 */
#include <ssd/ctrl/ctrl.h>
#include <ssd/nvm/fused.h>
#include <ssd/nvm/nvm.h>

static void
fused_check(const struct fused *first)
{
	ASSERT(first->used && first->sqid != 0);
	ASSERT(first->data_nbytes <= sizeof(first->data));
	ASSERT(first->meta_nbytes <= sizeof(first->meta));
}

static struct fused *
waiting_of(struct ssd *ssd, const struct ssd_work *work)
{
	ASSERT(work->sqid != 0);
	for (uint32_t i = 0; i < FUSED_SLOTS; ++i) {
		struct fused *first = &ssd->nvm.fused[i];

		if (first->used && first->owner == work->owner && first->sqid == work->sqid) {
			return first;
		}
	}
	return NULL;
}

static struct fused *
free_slot(struct ssd *ssd)
{
	for (uint32_t i = 0; i < FUSED_SLOTS; ++i) {
		if (!ssd->nvm.fused[i].used) {
			return &ssd->nvm.fused[i];
		}
	}
	return NULL;
}

/* Without pending first halves, commands need no check for them */
static void
update_attend(struct ssd *ssd)
{
	bool pending = false;

	for (uint32_t i = 0; i < FUSED_SLOTS; ++i) {
		pending = pending || ssd->nvm.fused[i].used;
	}
	if (!pending) {
		attend(ssd, 0, ATTEND_FUSED);
	}
}

void
fused_forget(struct ssd *ssd, uint16_t owner, uint16_t sqid)
{
	for (uint32_t i = 0; i < FUSED_SLOTS; ++i) {
		struct fused *first = &ssd->nvm.fused[i];

		first->used = first->used && !queue_is_of(first->owner, first->sqid, owner, sqid);
	}
	update_attend(ssd);
}

static void
end_first(struct ssd *ssd, struct fused *first, uint16_t status, ns_t due)
{
	struct ssd_work work = {.sqid = first->sqid, .status = status};
	struct ssd_event event = {
		.owner = first->owner, .sqid = first->sqid, .cid = first->cmd.common.cid};

	fused_check(first);
	if (status) {
		error_note(ssd, &first->cmd, &work);
	}
	event.status = work.status;
	event_add(ssd, due, &event);
	first->used = false;
	update_attend(ssd);
}

/* Check the Compare and fetch its data; returns its status so far */
static uint16_t
fetch_first(struct ssd *ssd, struct fused *first, const struct ssd_work *work)
{
	struct ssd_ns *ns = ns_of(ssd, first->cmd.common.nsid);
	struct nvm_io io;
	uint16_t status;

	ASSERT(first->used && first->sqid == work->sqid);
	if (ssd->attend & ATTEND_SANITIZE) {
		return STATUS(SANITIZE_IN_PROGRESS);
	}
	if (!ns_is_active(ns)) {
		return ns_refusal(ssd, first->cmd.common.nsid);
	}
	if (ns_is_refused(ssd, work, ns)) {
		return REFUSE(INVALID_NS_OR_FORMAT);
	}
	if (first->cmd.common.opcode != XNVME_SPEC_NVM_OPC_COMPARE || ns->kind != SSD_NS_NVM) {
		return REFUSE(INVALID_FIELD);
	}
	if (first->cmd.nvm.nlb + 1u > FUSED_LBA_MAX) {
		return REFUSE(ATOMIC_WRITE_UNIT_EXCEEDED);
	}
	status = nvm_parse(ssd, ns, &first->cmd, work, &io);
	if (status) {
		return status;
	}
	first->data_nbytes = io.nlb * io.host_stride;
	first->meta_nbytes = ns->extended ? 0 : io.nlb * io.host_meta;
	fused_check(first);
	status = host_pull(work, 0, first->data, first->data_nbytes);
	return status ? status : host_pull_meta(work, 0, first->meta, first->meta_nbytes);
}

static void
take_first(struct ssd *ssd, const struct xnvme_spec_cmd *cmd, struct ssd_work *work)
{
	struct fused *first = free_slot(ssd);

	command_check(ssd, NULL, work);
	/* a completion that the export has not fetched yet also occupies an entry */
	if (!first || ssd->events.npending >= EVENTS_MAX - AER_OWNERS_MAX * AER_MAX - FUSED_SLOTS) {
		work->status = STATUS(COMMAND_INTERRUPTED);
		return;
	}
	first->used = true;
	first->owner = work->owner;
	first->sqid = work->sqid;
	first->cmd = *cmd;
	first->status = fetch_first(ssd, first, work);
	attend(ssd, ATTEND_FUSED, 0);
	work->verdict = SSD_HELD;
}

static void
take_second(struct ssd *ssd, struct fused *first, const struct xnvme_spec_cmd *cmd,
	    struct ssd_work *work)
{
	struct ssd_ns *ns = ns_of(ssd, cmd->common.nsid);
	struct ssd_dma dma = {.flat = first->data,
			      .meta_flat = first->meta,
			      .nbytes = first->data_nbytes,
			      .meta_nbytes = first->meta_nbytes};
	struct ssd_work compare = {
		.sqid = first->sqid, .dma = &dma, .status = first->status, .ready_at = ssd->now};

	fused_check(first);
	command_check(ssd, NULL, work);
	if (cmd->common.opcode != XNVME_SPEC_NVM_OPC_WRITE ||
	    cmd->common.nsid != first->cmd.common.nsid || cmd->nvm.slba != first->cmd.nvm.slba ||
	    cmd->nvm.nlb != first->cmd.nvm.nlb) {
		end_first(ssd, first, REFUSE(INVALID_FIELD), ssd->now);
		work->status = REFUSE(INVALID_FIELD);
		return;
	}
	/* the namespace may have been detached or formatted since the check of the first half */
	if (!compare.status && !(ns_is_active(ns) && ns->kind == SSD_NS_NVM)) {
		compare.status = ns_refusal(ssd, cmd->common.nsid);
	}
	if (!compare.status) {
		nvm_compare(ssd, ns, &first->cmd, &compare);
	}
	if (compare.status) {
		work->status = STATUS(ABORTED_FAILED_FUSED);
	} else {
		nvm_write(ssd, ns, cmd, work);
		work->ready_at = ns_max(work->ready_at, compare.ready_at);
	}
	end_first(ssd, first, compare.status, compare.ready_at);
}

bool
fused_take(struct ssd *ssd, const struct xnvme_spec_cmd *cmd, struct ssd_work *work)
{
	uint32_t fuse = cmd->common.fuse;
	struct fused *first;

	ssd_check(ssd);
	if (work->sqid == 0 || (fuse == XNVME_SPEC_FUSE_NONE && !(ssd->attend & ATTEND_FUSED))) {
		return false;
	}
	first = waiting_of(ssd, work);
	if (first && fuse != XNVME_SPEC_FUSE_SECOND) {
		end_first(ssd, first, REFUSE(ABORTED_MISSING_FUSED), ssd->now);
	}
	switch (fuse) {
	case XNVME_SPEC_FUSE_NONE:
		return false;
	case XNVME_SPEC_FUSE_FIRST:
		take_first(ssd, cmd, work);
		return true;
	case XNVME_SPEC_FUSE_SECOND:
		if (first) {
			take_second(ssd, first, cmd, work);
		} else {
			work->status = REFUSE(ABORTED_MISSING_FUSED);
		}
		return true;
	default:
		work->status = REFUSE(INVALID_FIELD);
		return true;
	}
}
