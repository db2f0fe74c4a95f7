/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A pair of a submission and a completion queue in memory that the controller reaches.
 */
#ifndef PATH_PCIE_QPAIR_H
#define PATH_PCIE_QPAIR_H

#include <host/path.h>
#include <path/pcie/dma.h>

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
	uint64_t heap_safe; /* up to this offset two pages lie in the heap, whatever they begin with
			     */
	uint32_t entries;   /* of each queue, a power of two */
	uint32_t mask;      /* entries - 1 */
	uint32_t phase;     /* bit 16: the phase bit of entries that are not yet written */
	uint32_t sq_tail;   /* counts on; modulo entries is the place */
	uint32_t sq_rung;   /* what the controller was told last */
	uint32_t cq_head;   /* counts on */
	bool sgl;           /* the controller takes SGLs */
	bool sgl_bytes;     /* ... of any alignment */
	const struct dma_map *last; /* what a foreign buffer was found in last */

	uint8_t *lists; /* QPAIR_LIST_NBYTES per command identifier */
	uint64_t lists_iova;
	uint32_t *sq_shadow, *cq_shadow; /* shadow doorbells; NULL: none */
	uint32_t *sq_event_idx, *cq_event_idx;
	uint32_t cq_rung;
	uint32_t sq_offset, cq_offset; /* of the doorbells in BAR0 */
	uint32_t qid;
	uint32_t commands; /* command identifiers: 0 to this, exclusive */
	struct ctrl *ctrl;
};

/* Memory of the queue pair, for `commands` at a time. 0, or -errno after err_set(). */
int qpair_alloc(struct qpair *qp, struct ctrl *ctrl, uint32_t qid, uint32_t commands,
		uint32_t entries);
void qpair_free(struct qpair *qp);

/* Empty, as both sides see it after creation */
void qpair_clear(struct qpair *qp);

/* Tell the controller of new submissions, or of completions that were taken */
void qpair_ring_sq(struct qpair *qp);
void qpair_ring_cq(struct qpair *qp);

/* The memory is not such as the controller takes: out of its reach, or oddly aligned. No errno. */
enum { QPAIR_CARRY = -10000 };

/* Fill the data and metadata pointers of an entry, any shape. 0; QPAIR_CARRY, never for flat memory
 * of the driver's heap; or -errno after err_set(). */
int qpair_describe(struct qpair *qp, struct xnvme_spec_cmd *sqe, uint32_t cid,
		   const struct payload *payload);

/* The controller's address of the buffer; false when it cannot reach it */
bool qpair_find(struct qpair *qp, const void *vaddr, uint64_t nbytes, uint64_t *iova);

/* Buffers of the driver's own heap cost one addition */
static inline bool
qpair_iova(struct qpair *qp, const void *vaddr, uint64_t nbytes, uint64_t *iova)
{
	if (__builtin_expect(dma_map_holds(&qp->heap, vaddr, nbytes), 1)) {
		*iova = (uintptr_t)vaddr + qp->heap.delta;
		return true;
	}
	return qpair_find(qp, vaddr, nbytes, iova);
}

/* The next free entry, with the command in it; its data pointers are still the caller's */
static inline struct xnvme_spec_cmd *
qpair_entry(struct qpair *qp, const struct xnvme_spec_cmd *cmd, uint32_t cid)
{
	struct xnvme_spec_cmd *sqe = &qp->sq[qp->sq_tail & qp->mask];
	uint32_t *words = (uint32_t *)(void *)sqe;

	*sqe = *cmd;
	/* opcode and fused bits are the user's; PSDT and the identifier are ours */
	words[0] = (words[0] & QPAIR_WORD0_USER) | cid << 16;
	return sqe;
}

/* The same with PRPs, without copying what they replace */
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

/* The oldest completion that was not taken; NULL: there is none */
static inline const struct xnvme_spec_cpl *
qpair_peek(const struct qpair *qp)
{
	const struct xnvme_spec_cpl *cqe = &qp->cq[qp->cq_head & qp->mask];
	const uint32_t *words = (const uint32_t *)(const void *)cqe;
	/* acquire: the rest of the entry, and the data, are not read before its phase bit */
	uint32_t last = __atomic_load_n(&words[3], __ATOMIC_ACQUIRE);

	return (last ^ qp->phase) & QPAIR_PHASE ? cqe : NULL;
}

/* What qpair_peek() gave has been taken */
static inline void
qpair_take(struct qpair *qp)
{
	qp->cq_head += 1;
	if ((qp->cq_head & qp->mask) == 0) {
		qp->phase ^= QPAIR_PHASE; /* each round over the queue has the other one */
	}
}

#endif /* PATH_PCIE_QPAIR_H */
