/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Creates and deletes queues: NVMe Base 2.0, Create and Delete I/O Queue commands.
 */
#include <export/pci/impl.h>

#define FLAG_PC 0x1u  /* physically contiguous */
#define FLAG_IEN 0x2u /* interrupts enabled */

static void
sq_start(struct pci_func *f, uint32_t qid, uint64_t addr, uint32_t entries)
{
	struct sq *sq = &f->sqs[qid];

	ASSERT(sq->ring.entries == 0 && sq->held == 0);
	ASSERT(f->cqs[sq->cqid].ring.entries > 0);
	sq->ring = (struct ring){.addr = addr, .entries = entries};
	sq->qid = (uint16_t)qid;
	sq->head = sq->tail = sq->refused = 0;
	ring_find(f, &sq->ring, SQE_NBYTES, false);
	shared_write(sq->doorbell, 0);
	if (sq->shadow) {
		shared_write(sq->shadow, 0);
		shared_write(sq->event_idx, UINT16_MAX);
	}
	f->cqs[sq->cqid].sqs += 1;
	sq_check(f, sq);
}

static void
cq_start(struct pci_func *f, uint32_t qid, uint64_t addr, uint32_t entries)
{
	struct cq *cq = &f->cqs[qid];

	ASSERT(cq->ring.entries == 0 && cq->sqs == 0 && cq->reserved == 0);
	ASSERT(cq->vector < f->config.vectors);
	cq->ring = (struct ring){.addr = addr, .entries = entries};
	cq->head = cq->tail = cq->refused = 0;
	cq->reserved = cq->sqs = 0;
	cq->phase = 1;
	ring_find(f, &cq->ring, CQE_NBYTES, true);
	shared_write(cq->doorbell, 0);
	if (cq->shadow) {
		shared_write(cq->shadow, 0);
		shared_write(cq->event_idx, UINT16_MAX);
	}
}

void
queue_start_admin(struct pci_func *f)
{
	ASSERT(f->nactive == 0 && f->nheap == 0 && f->held == 0); /* after a reset */
	f->cqs[0].vector = 0;
	f->cqs[0].interrupts = true;
	f->sqs[0].cqid = 0;
	cq_start(f, 0, f->acq, AQA_ACQS(f->aqa) + 1);
	sq_start(f, 0, f->asq, AQA_ASQS(f->aqa) + 1);
}

/* Checks common to the creation of both kinds: 0 or a status */
static uint16_t
check(const struct pci_func *f, const struct xnvme_spec_cmd *cmd, uint32_t allocated,
      uint32_t entry_shift, uint32_t entry_shift_wanted)
{
	uint32_t qid = cmd->common.ndt & 0xFFFF, entries = (cmd->common.ndt >> 16) + 1;

	ASSERT(allocated <= f->config.ioq_max && f->config.entries_max <= RING_ENTRIES_MAX);
	if (qid == 0 || qid > allocated) {
		return STATUS(INVALID_QID);
	}
	if (entries < 2 || entries > f->config.entries_max || entry_shift != entry_shift_wanted) {
		return STATUS(INVALID_QUEUE_SIZE);
	}
	if (!(cmd->common.ndm & FLAG_PC)) {
		return STATUS(INVALID_FIELD); /* CAP.CQR: contiguous queues only */
	}
	if (cmd->common.dptr.prp.prp1 & (f->page_nbytes - 1)) {
		return STATUS(PRP_OFFSET_INVALID);
	}
	return STATUS(SUCCESS);
}

uint16_t
queue_create_cq(struct pci_func *f, const struct xnvme_spec_cmd *cmd)
{
	uint32_t qid = cmd->common.ndt & 0xFFFF;
	uint32_t vector = cmd->common.ndm >> 16;
	uint16_t status = check(f, cmd, f->cq_allocated, CC_IOCQES(f->cc), 4); /* 2^4 = 16 bytes */

	if (status != STATUS(SUCCESS)) {
		return status;
	}
	if (f->cqs[qid].ring.entries > 0) {
		return STATUS(INVALID_QID);
	}
	if (vector >= f->config.vectors) {
		return STATUS(INVALID_INTERRUPT_VECTOR);
	}
	queue_shadow_find(f, qid);
	f->cqs[qid].vector = (uint16_t)vector;
	f->cqs[qid].interrupts = cmd->common.ndm & FLAG_IEN;
	cq_start(f, qid, cmd->common.dptr.prp.prp1, (cmd->common.ndt >> 16) + 1);
	if (!ring_is_mapped(f, &f->cqs[qid].ring, CQE_NBYTES, true)) {
		f->cqs[qid].ring.entries = 0;
		return STATUS(DATA_TRANSFER_ERROR); /* fail now instead of at the first entry */
	}
	return STATUS(SUCCESS);
}

uint16_t
queue_create_sq(struct pci_func *f, const struct xnvme_spec_cmd *cmd)
{
	uint32_t qid = cmd->common.ndt & 0xFFFF;
	uint32_t cqid = cmd->common.ndm >> 16;
	uint16_t status = check(f, cmd, f->sq_allocated, CC_IOSQES(f->cc), 6); /* 2^6 = 64 bytes */

	if (status != STATUS(SUCCESS)) {
		return status;
	}
	if (f->sqs[qid].ring.entries > 0 || cqid == 0 || cqid > f->cq_allocated) {
		return STATUS(INVALID_QID);
	}
	if (f->cqs[cqid].ring.entries == 0) {
		return STATUS(CQ_INVALID);
	}
	queue_shadow_find(f, qid);
	f->sqs[qid].cqid = (uint16_t)cqid;
	f->sqs[qid].prio = (cmd->common.ndm >> 1) & 3;
	sq_start(f, qid, cmd->common.dptr.prp.prp1, (cmd->common.ndt >> 16) + 1);
	if (!ring_is_mapped(f, &f->sqs[qid].ring, SQE_NBYTES, false)) {
		f->sqs[qid].ring.entries = 0;
		f->cqs[cqid].sqs -= 1;
		return STATUS(DATA_TRANSFER_ERROR);
	}
	ASSERT(f->nactive < f->config.ioq_max);
	f->active[f->nactive++] = qid;
	return STATUS(SUCCESS);
}

uint16_t
queue_delete_cq(struct pci_func *f, uint32_t qid)
{
	if (qid == 0 || qid > f->config.ioq_max || f->cqs[qid].ring.entries == 0) {
		return STATUS(INVALID_QID);
	}
	if (f->cqs[qid].sqs > 0) {
		return STATUS(INVALID_QUEUE_DELETION); /* first its submission queues */
	}
	ASSERT(f->cqs[qid].reserved == 0);
	f->cqs[qid].ring = (struct ring){0};
	irq_pin_update(f);
	return STATUS(SUCCESS);
}

uint16_t
queue_delete_sq(struct pci_func *f, uint32_t qid)
{
	uint32_t kept = 0;

	if (qid == 0 || qid > f->config.ioq_max || f->sqs[qid].ring.entries == 0) {
		return STATUS(INVALID_QID);
	}
	sq_check(f, &f->sqs[qid]);
	pending_abort_queue(f, (uint16_t)qid);
	f->sqs[qid].ring = (struct ring){0};
	ASSERT(f->cqs[f->sqs[qid].cqid].reserved >= f->sqs[qid].held);
	f->cqs[f->sqs[qid].cqid].reserved -= f->sqs[qid].held;
	f->held -= f->sqs[qid].held;
	f->sqs[qid].held = 0;
	ssd_forget(f->ssd, f->owner, (uint16_t)qid);
	f->cqs[f->sqs[qid].cqid].sqs -= 1;
	for (uint32_t i = 0; i < f->nactive; ++i) {
		if (f->active[i] != qid) {
			f->active[kept++] = f->active[i];
		}
	}
	ASSERT(kept + 1 == f->nactive); /* it was in the list, once */
	f->nactive = kept;
	return STATUS(SUCCESS);
}

void
queue_forget_all(struct pci_func *f)
{
	for (uint32_t qid = 0; qid <= f->config.ioq_max; ++qid) {
		f->sqs[qid].ring = (struct ring){0};
		f->cqs[qid].ring = (struct ring){0};
		f->sqs[qid].shadow = f->sqs[qid].event_idx = NULL;
		f->cqs[qid].shadow = f->cqs[qid].event_idx = NULL;
		f->cqs[qid].reserved = f->cqs[qid].sqs = 0;
		f->sqs[qid].held = 0;
	}
	f->nactive = 0;
	f->nheap = 0;
	f->held = 0;
	f->event_waits = false;
	f->dbbuf_shadow = f->dbbuf_event_idx = 0;
}
