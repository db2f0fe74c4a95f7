/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Admin commands of the function itself, since the engine has no queues: creating and deleting
 * queues, abort, shadow doorbells, and the features of queues and interrupts. Also the fields of
 * Identify Controller that depend on the transport.
 */
#include <export/pci/impl.h>


/* SGLS of Identify Controller, NVMe Base 2.0: SGLs without alignment, bit buckets, byte-aligned
 * metadata, lists longer than the transfer, an SGL for the metadata */
#define SGLS_PCIE 0xF0001u
#define OACS_DBBUF 0x100u
#define SQES_64 0x66u /* 2^6 bytes, required and maximum */
#define CQES_16 0x44u

/* Does one page hold the doorbells of all queues? Each of the two buffers is one page, and a driver
 * assumes that they do; otherwise shadow doorbells are not offered, since it would write beyond
 * them. */
static bool
dbbuf_fits(const struct pci_func *f)
{
	uint32_t end = reg_doorbell(f->config.ioq_max + 1, false, f->config.dstrd);

	return end - REG_DOORBELLS <= f->page_nbytes;
}

static uint16_t
dbbuf_config(struct pci_func *f, const struct xnvme_spec_cmd *cmd)
{
	uint64_t shadow = cmd->common.dptr.prp.prp1, event_idx = cmd->common.dptr.prp.prp2;
	uint64_t page = f->page_nbytes, got[2] = {page, page};

	func_check(f);
	if (!dbbuf_fits(f)) {
		return STATUS(INVALID_OPCODE);
	}
	if ((shadow & (page - 1)) || (event_idx & (page - 1)) || shadow == 0 || event_idx == 0) {
		return STATUS(INVALID_FIELD);
	}
	if (!f->ops->translate(f->arg, shadow, &got[0], true) || got[0] < page ||
	    !f->ops->translate(f->arg, event_idx, &got[1], true) || got[1] < page) {
		f->stats.dma_refused += 1;
		return STATUS(DATA_TRANSFER_ERROR);
	}
	f->dbbuf_shadow = shadow;
	f->dbbuf_event_idx = event_idx;
	/* The admin queue keeps its doorbells: no driver shadows them. Existing queues continue
	 * with their current values. */
	for (uint32_t qid = 1; qid <= f->config.ioq_max; ++qid) {
		queue_shadow_find(f, qid);
		if (f->sqs[qid].ring.entries > 0 && f->sqs[qid].shadow) {
			shared_write(f->sqs[qid].shadow, f->sqs[qid].tail);
		}
		if (f->cqs[qid].ring.entries > 0 && f->cqs[qid].shadow) {
			shared_write(f->cqs[qid].shadow, f->cqs[qid].head);
		}
	}
	return STATUS(SUCCESS);
}

/* True when the function handled the command. Result bit 0 of an abort: not aborted. */
static bool
abort_begin(struct pci_func *f, const struct xnvme_spec_cmd *cmd, struct ssd_work *work)
{
	uint16_t sqid = (uint16_t)cmd->common.ndt, cid = (uint16_t)(cmd->common.ndt >> 16);

	ASSERT(work->status == STATUS(SUCCESS) && work->result == 0);
	if (sqid > f->config.ioq_max || f->sqs[sqid].ring.entries == 0) {
		work->status = STATUS(INVALID_FIELD);
		return true;
	}
	if (pending_abort(f, sqid, cid)) {
		return true;
	}
	if (sqid == 0) {
		return false; /* maybe an event request, which the engine holds */
	}
	work->result = 1;
	return true;
}

bool
func_admin_begin(struct pci_func *f, ns_t now, const struct xnvme_spec_cmd *cmd,
		 struct ssd_work *work)
{
	uint32_t qid = cmd->common.ndt & 0xFFFF;

	func_check(f);
	ASSERT(f->xfer.sqid == 0);
	work->verdict = SSD_DONE;
	work->status = STATUS(SUCCESS);
	work->result = 0;
	work->ready_at = now;
	if (cmd->common.psdt != XNVME_SPEC_PSDT_PRP || cmd->common.fuse != 0) {
		work->status = STATUS(INVALID_FIELD);
		return true;
	}
	switch (cmd->common.opcode) {
	case XNVME_SPEC_ADM_OPC_DELETE_SQ:
		work->status = queue_delete_sq(f, qid);
		return true;
	case XNVME_SPEC_ADM_OPC_CREATE_SQ:
		work->status = queue_create_sq(f, cmd);
		return true;
	case XNVME_SPEC_ADM_OPC_DELETE_CQ:
		work->status = queue_delete_cq(f, qid);
		return true;
	case XNVME_SPEC_ADM_OPC_CREATE_CQ:
		work->status = queue_create_cq(f, cmd);
		return true;
	case XNVME_SPEC_ADM_OPC_ABORT:
		return abort_begin(f, cmd, work);
	case XNVME_SPEC_ADM_OPC_DOORBELL_BUFFER:
		work->status = dbbuf_config(f, cmd);
		return true;
	case XNVME_SPEC_ADM_OPC_SFEAT:
	case XNVME_SPEC_ADM_OPC_GFEAT:
		return func_feature_begin(f, cmd, work);
	default:
		return false;
	}
}

/* Correct the fields of the engine's result that depend on the transport */
void
func_admin_end(struct pci_func *f, const struct xnvme_spec_cmd *cmd, struct ssd_work *work)
{
	const struct ssd_dma *dma = &f->xfer.dma;
	uint32_t sgls = SGLS_PCIE;
	uint8_t sizes[2] = {SQES_64, CQES_16};
	uint16_t oacs;

	ASSERT(f->xfer.sqid == 0 && f->xfer.cmd == cmd);
	if (cmd->common.opcode != XNVME_SPEC_ADM_OPC_IDFY ||
	    cmd->idfy.cns != XNVME_SPEC_IDFY_CTRLR || work->verdict != SSD_DONE ||
	    work->status != STATUS(SUCCESS) || f->xfer.data.nbytes != 4096) {
		return;
	}
	dma->copy_in(dma, offsetof(struct xnvme_spec_idfy_ctrlr, oacs), &oacs, sizeof(oacs));
	oacs = (uint16_t)((oacs & ~OACS_DBBUF) | (dbbuf_fits(f) ? OACS_DBBUF : 0));
	dma->copy_out(dma, offsetof(struct xnvme_spec_idfy_ctrlr, oacs), &oacs, sizeof(oacs));
	dma->copy_out(dma, offsetof(struct xnvme_spec_idfy_ctrlr, sqes), sizes, sizeof(sizes));
	dma->copy_out(dma, offsetof(struct xnvme_spec_idfy_ctrlr, sgls), &sgls, sizeof(sgls));
}
