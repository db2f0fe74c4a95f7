/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Invariants of the function's structures. Each is checked where an operation starts that relies
 * on it, in builds with assertions only. They are about this code's own state: what the host
 * writes is validated before it gets there.
 */
#ifndef EXPORT_PCI_CHECK_H
#define EXPORT_PCI_CHECK_H

#include <export/pci/impl.h>

#define RING_ENTRIES_MAX 65536u
#define PAGE_NBYTES_MIN 4096u
#define PAGE_NBYTES_MAX 65536u /* CAP.MPSMAX */

/* The ring of a queue that exists */
static inline void
ring_check(const struct ring *ring)
{
	ASSERT(ring->entries >= 2 && ring->entries <= RING_ENTRIES_MAX);
	ASSERT(ring->addr % PAGE_NBYTES_MIN == 0); /* so that no entry crosses a page */
}

/* A completion queue that exists. Its entries are posted, reserved, or free, and one is never
 * used: full and empty differ. */
static inline void
cq_check(const struct cq *cq)
{
	ring_check(&cq->ring);
	ASSERT(cq->head < cq->ring.entries && cq->tail < cq->ring.entries);
	ASSERT(ring_distance(cq->head, cq->tail, cq->ring.entries) + cq->reserved <
	       cq->ring.entries);
	ASSERT(cq->phase <= 1);
	ASSERT(!cq->shadow == !cq->event_idx);
}

/* A submission queue that exists; so does its completion queue, which cannot be deleted first */
static inline void
sq_check(const struct pci_func *f, const struct sq *sq)
{
	ring_check(&sq->ring);
	ASSERT(sq->head < sq->ring.entries && sq->tail < sq->ring.entries);
	ASSERT(sq == &f->sqs[sq->qid] && sq->cqid <= f->config.ioq_max);
	ASSERT(f->cqs[sq->cqid].ring.entries > 0 && f->cqs[sq->cqid].sqs > 0);
	ASSERT(sq->prio < PRIO_COUNT);
	ASSERT(sq->held <= f->held);
	ASSERT(!sq->shadow == !sq->event_idx);
}

/* The top of the heap of pending commands is not due after its children */
static inline void
pending_check(const struct pci_func *f)
{
	ASSERT(f->nheap <= f->config.inflight_max);
	ASSERT(f->nheap < 2 || f->heap[0].due <= f->heap[1].due);
	ASSERT(f->nheap < 3 || f->heap[0].due <= f->heap[2].due);
}

static inline void
func_check(const struct pci_func *f)
{
	ASSERT(f->page_nbytes >= PAGE_NBYTES_MIN && f->page_nbytes <= PAGE_NBYTES_MAX &&
	       (f->page_nbytes & (f->page_nbytes - 1)) == 0);
	ASSERT(f->nactive <= f->config.ioq_max);
	ASSERT(!(f->csts & CSTS_RDY) || (f->sqs[0].ring.entries > 0 && f->cqs[0].ring.entries > 0));
	ASSERT(f->shutdown_due == NS_NEVER || CSTS_SHST(f->csts) == CSTS_SHST_OCCURRING);
	ASSERT(f->any_fire || f->vector_deadline == NO_DEADLINE);
	ASSERT(f->arb_burst > 0);
	ASSERT(f->sq_allocated >= 1 && f->sq_allocated <= f->config.ioq_max);
	ASSERT(f->cq_allocated >= 1 && f->cq_allocated <= f->config.ioq_max);
	pending_check(f);
}

/* A scatter that is being filled */
static inline void
scatter_check(const struct scatter *sc)
{
	ASSERT(sc->nsegs <= sc->segs_max);
	ASSERT(sc->cursor == 0 && sc->cursor_offset == 0); /* copies start when it is complete */
	ASSERT((sc->nsegs == 0) == (sc->nbytes == 0));
}

#endif /* EXPORT_PCI_CHECK_H */
