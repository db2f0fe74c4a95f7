/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A submission and a completion queue in memory that the controller reaches.
 */
#ifndef PATH_PCIE_QPAIR_H
#define PATH_PCIE_QPAIR_H

#include <host/path.h>
#include <path/pcie/dma.h>
#include <base/likely.h>

#define QPAIR_LIST_NBYTES 4096u /* per command: one page of PRP entries or SGL descriptors */
#define QPAIR_PRPS (QPAIR_LIST_NBYTES / 8)
#define QPAIR_SGLS (QPAIR_LIST_NBYTES / 16)
#define QPAIR_PHASE 0x10000u    /* in the last word of a completion */
#define QPAIR_WORD0_USER 0x3FFu /* opcode and fused bits of a command's first word */

struct ctrl;

struct qpair {
	/* hot: two cache lines */
	struct xnvme_spec_cmd *sq;
	struct xnvme_spec_cpl *cq;
	uint32_t *sq_doorbell; /* in BAR0; NULL: see ring() */
	uint32_t *cq_doorbell;
	struct dma_map heap;
	uint64_t heap_safe; /* up to this offset two whole pages are in the heap, at any offset in
			     * the first */
	uint32_t entries;   /* of each queue, a power of two */
	uint32_t mask;      /* entries - 1 */
	uint32_t phase;     /* bit 16: the phase bit of entries that are not yet written */
	uint32_t sq_tail;   /* counts up; modulo entries: the next free slot */
	uint32_t sq_rung;   /* the tail that the controller was notified of last */
	uint32_t cq_head;   /* counts up */
	bool sgl;           /* the controller supports SGLs */
	bool sgl_bytes;     /* ... of any alignment */
	const struct dma_map *last; /* cached entry of the last buffer outside the heap */

	uint8_t *lists; /* QPAIR_LIST_NBYTES per command identifier */
	uint64_t lists_iova;
	uint32_t *sq_shadow, *cq_shadow; /* shadow doorbells; NULL: none */
	uint32_t *sq_event_idx, *cq_event_idx;
	uint32_t cq_rung;
	uint32_t sq_offset, cq_offset; /* of the doorbells in BAR0 */
	uint32_t qid;
	uint32_t commands; /* number of command identifiers */
	struct ctrl *ctrl;
};

/* Allocate the queues, and lists for `commands` commands. 0, or -errno after err_set(). */
int qpair_alloc(struct qpair *qp, struct ctrl *ctrl, uint32_t qid, uint32_t commands,
		uint32_t entries);
void qpair_free(struct qpair *qp);

/* Reset the queues to empty, as both sides see them after creation */
void qpair_clear(struct qpair *qp);

/* Notify the controller of new submissions, or of consumed completions */
void qpair_ring_sq(struct qpair *qp);
void qpair_ring_cq(struct qpair *qp);

/* The controller cannot use the memory: not mapped, or unaligned. Carry the data over through a
 * buffer of the driver. Not an errno. */
enum { QPAIR_CARRY = -10000 };

/* Fill in the data and metadata pointers of an entry, any payload. 0; QPAIR_CARRY, never for flat
 * memory of the driver's heap; or -errno after err_set(). */
int qpair_describe(struct qpair *qp, struct xnvme_spec_cmd *sqe, uint32_t cid,
		   const struct payload *payload);

/* The controller's address of the buffer; false when it is not mapped */
bool qpair_find(struct qpair *qp, const void *vaddr, uint64_t nbytes, uint64_t *iova);

/* The same, fast: a buffer in the driver's heap costs one addition */
static inline bool
qpair_iova(struct qpair *qp, const void *vaddr, uint64_t nbytes, uint64_t *iova)
{
	if (LIKELY(dma_map_holds(&qp->heap, vaddr, nbytes))) {
		*iova = (uintptr_t)vaddr + qp->heap.delta;
		return true;
	}
	return qpair_find(qp, vaddr, nbytes, iova);
}

/* Copy the command into the next free entry; the caller sets its data pointers */
static inline struct xnvme_spec_cmd *
qpair_entry(struct qpair *qp, const struct xnvme_spec_cmd *cmd, uint32_t cid)
{
	struct xnvme_spec_cmd *sqe = &qp->sq[qp->sq_tail & qp->mask];
	uint32_t *words = (uint32_t *)(void *)sqe;

	*sqe = *cmd;
	/* opcode and fused bits come from the user; PSDT and the identifier from the driver */
	words[0] = (words[0] & QPAIR_WORD0_USER) | cid << 16;
	return sqe;
}

/* The same with PRPs, without copying the fields that they replace */
static inline void
qpair_entry_prp(struct qpair *qp, const struct xnvme_spec_cmd *cmd, uint32_t cid, uint64_t prp1,
		uint64_t prp2)
{
	struct xnvme_spec_cmd *sqe = &qp->sq[qp->sq_tail & qp->mask];
	const uint64_t *from = (const uint64_t *)(const void *)cmd;
	uint64_t *to = (uint64_t *)(void *)sqe;

	to[0] = (from[0] & (0xFFFFFFFF00000000u | QPAIR_WORD0_USER)) | (uint64_t)cid << 16;
	to[1] = from[1]; /* dwords 2 and 3 */
	to[2] = 0;       /* metadata */
	to[3] = prp1;
	to[4] = prp2;
	to[5] = from[5]; /* dwords 10 and 11 */
	__builtin_memcpy(&to[6], &from[6], 16);
}

static inline void
qpair_push(struct qpair *qp)
{
	qp->sq_tail += 1;
}

/* The oldest completion not yet taken; NULL: none */
static inline const struct xnvme_spec_cpl *
qpair_peek(const struct qpair *qp)
{
	const struct xnvme_spec_cpl *cqe = &qp->cq[qp->cq_head & qp->mask];
	const uint32_t *words = (const uint32_t *)(const void *)cqe;
	/* acquire: the phase bit is read before the rest of the entry and before the data */
	uint32_t last = __atomic_load_n(&words[3], __ATOMIC_ACQUIRE);

	return (last ^ qp->phase) & QPAIR_PHASE ? cqe : NULL;
}

/* Consume the completion that qpair_peek() returned */
static inline void
qpair_take(struct qpair *qp)
{
	qp->cq_head += 1;
	if ((qp->cq_head & qp->mask) == 0) {
		qp->phase ^= QPAIR_PHASE; /* the phase bit toggles with each pass over the queue */
	}
}

#endif /* PATH_PCIE_QPAIR_H */
