/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The fast path of every command, inline; rare cases are functions in the .c files. Budget: 400
 * instructions for a plain Read of 512 bytes with all that the engine does and copies;
 * bench/pcie_cost.py measures it.
 */
#ifndef EXPORT_PCI_HOT_H
#define EXPORT_PCI_HOT_H

#include <export/pci/impl.h>

/* ---- host memory ---- */

/* data.c: the same outside the cached window */
uint8_t *near_move(struct pci_func *f, uint64_t addr, uint64_t *nbytes, bool write);

/* translate() with a cache of its last result */
static inline uint8_t *
near_find(struct pci_func *f, uint64_t addr, uint64_t *nbytes, bool write)
{
	const struct window *near = &f->near[write];
	uint64_t at = addr - near->addr;

	ASSERT(*nbytes > 0);
	ASSERT(near->nbytes == 0 || near->base);
	if (UNLIKELY(at >= near->nbytes)) {
		return near_move(f, addr, nbytes, write);
	}
	*nbytes = near->nbytes - at < *nbytes ? near->nbytes - at : *nbytes;
	return near->base + at;
}

/* The data always starts in the page of PRP1 (NVMe Base 2.0, Physical Region Page Entry and List);
 * a command whose data also ends there needs no walk */
static inline void
xfer_find_start(struct xfer *x, const struct xnvme_spec_cmd *cmd)
{
	struct pci_func *f = x->f;
	uint64_t prp1 = cmd->common.dptr.prp.prp1;
	uint64_t nbytes = f->page_nbytes - (prp1 & (f->page_nbytes - 1));

	ASSERT(x->dma.nbytes >= PAGE_NBYTES_MIN); /* the window is never empty */
	if (cmd->common.psdt != XNVME_SPEC_PSDT_PRP || (prp1 & 3)) {
		return; /* left to prepare() */
	}
	nbytes = nbytes < x->dma.nbytes ? nbytes : x->dma.nbytes;
	x->dma.start = near_find(f, prp1, &nbytes, cmd->common.opcode == XNVME_SPEC_NVM_OPC_READ);
	x->dma.start_nbytes = x->dma.start ? nbytes : 0;
}

static inline void
xfer_start(struct pci_func *f, const struct xnvme_spec_cmd *cmd, uint16_t sqid)
{
	struct xfer *x = &f->xfer;
	uint8_t opcode = cmd->common.opcode;

	ASSERT(sqid <= f->config.ioq_max);
	x->cmd = cmd;
	x->sqid = sqid;
	x->data.nbytes = x->meta.nbytes = 0;
	x->dma.flat = x->dma.meta_flat = NULL;
	x->dma.start_nbytes = 0;
	if (LIKELY(opcode == XNVME_SPEC_NVM_OPC_READ || opcode == XNVME_SPEC_NVM_OPC_WRITE)) {
		xfer_find_start(x, cmd);
	}
}

/* ---- queues ---- */

/* All entries were taken, and the doorbell is unchanged: the common case */
static inline bool
sq_is_idle(const struct sq *sq)
{
	uint32_t tail = shared_read(sq->shadow ? sq->shadow : sq->doorbell);

	ring_check(&sq->ring);
	return tail == sq->tail && tail == sq->head;
}

/* queue.c: for a queue that is not idle */
bool queue_can_take_now(struct pci_func *f, struct sq *sq);

/* Is there a command to take, and space for its completion? */
static inline bool
queue_can_take(struct pci_func *f, struct sq *sq)
{
	sq_check(f, sq);
	return !sq_is_idle(sq) && queue_can_take_now(f, sq);
}

/* queue.c: the next command of a queue that is not contiguous, or while some memory is far. False:
 * it cannot be taken now. */
bool sq_read_apart(struct pci_func *f, const struct sq *sq, struct xnvme_spec_cmd *cmd);

/* Copy the next of sq_ready() commands out of the queue, and reserve a completion entry for it */
static inline bool
sq_take(struct pci_func *f, struct sq *sq, struct xnvme_spec_cmd *cmd)
{
	sq_check(f, sq);
	ASSERT(f->nheap < f->config.inflight_max); /* it may be due later */
	if (LIKELY(sq->ring.base && !f->far)) {
		memcpy(cmd, sq->ring.base + (size_t)sq->head * SQE_NBYTES, sizeof(*cmd));
	} else if (!sq_read_apart(f, sq, cmd)) {
		return false;
	}
	/* from here on the compiler uses the copy, not memory that the host may change */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	f->cqs[sq->cqid].reserved += 1;
	cq_check(&f->cqs[sq->cqid]); /* the entry was free: see sq_ready() */
	sq->head = ring_next(sq->head, sq->ring.entries);
	return true;
}

/* The content of a completion queue entry */
struct cqe {
	uint64_t result;
	uint32_t queue; /* SQHD and SQID */
	uint32_t end;   /* CID, phase, status */
};

static inline void
cqe_store(uint32_t *entry, const struct cqe *cqe)
{
	entry[0] = (uint32_t)cqe->result;
	entry[1] = (uint32_t)(cqe->result >> 32);
	entry[2] = cqe->queue;
	/* the phase bit last: a host that sees it also sees the rest of the entry and the data */
	shared_write(&entry[3], cqe->end);
}

/* queue.c: into a queue that is not contiguous or is far. False: the host unmapped the memory, and
 * the controller has failed. */
bool cq_write_apart(struct pci_func *f, const struct cq *cq, const struct cqe *cqe);

static inline void
irq_completed(struct pci_func *f, const struct cq *cq)
{
	ASSERT(cq->vector < f->config.vectors);
	if (cq->interrupts) {
		f->vectors[cq->vector].count += 1;
		f->vectors[cq->vector].fire = true;
		f->any_fire = true;
	}
}

/* Post a completion in a reserved entry */
static inline void
cq_post(struct pci_func *f, const struct sq *sq, uint16_t cid, uint16_t status, uint64_t result)
{
	struct cq *cq = &f->cqs[sq->cqid];
	struct cqe cqe = {.result = result,
			  .queue = sq->head | (uint32_t)sq->qid << 16,
			  .end = cid | (uint32_t)cq->phase << 16 | (uint32_t)status << 17};
	uint8_t *at = cq->ring.base;

	cq_check(cq);
	ASSERT(cq->reserved > 0);
	ASSERT(status <= 0x7FFF); /* 15 bits above the phase */
	cq->reserved -= 1;
	if (LIKELY(at)) {
		at += (size_t)cq->tail * CQE_NBYTES;
		cqe_store((uint32_t *)(void *)at, &cqe);
	} else if (!cq_write_apart(f, cq, &cqe)) {
		return;
	}
	cq->tail = ring_next(cq->tail, cq->ring.entries);
	if (cq->tail == 0) {
		cq->phase ^= 1;
	}
	f->stats.completions += 1;
	irq_completed(f, cq);
}

#endif /* EXPORT_PCI_HOT_H */
