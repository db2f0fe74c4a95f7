/* SPDX-License-Identifier: BSD-3-Clause */
#include <path/pcie/qpair.h>

#include <errno.h>
#include <host/err.h>
#include <nvme/regs.h>
#include <path/pcie/ctrl.h>
#include <string.h>

static uint8_t *
doorbell(const struct bus *bus, uint32_t offset)
{
	size_t at = offset - REG_DOORBELLS;

	return bus->doorbells && at + 4 <= bus->doorbells_nbytes ? bus->doorbells + at : NULL;
}

/* Queues whose doorbells are within one page use shadow doorbells, since each buffer is one page */
static void
attach_shadows(struct qpair *qp)
{
	const struct ctrl *ctrl = qp->ctrl;
	size_t at = (qp->sq_offset - REG_DOORBELLS), next = (qp->cq_offset - REG_DOORBELLS);

	qp->sq_shadow = qp->cq_shadow = qp->sq_event_idx = qp->cq_event_idx = NULL;
	if (!ctrl->shadow || qp->qid == 0 || next + 4 > DMA_PAGE) {
		return;
	}
	qp->sq_shadow = (uint32_t *)(void *)(ctrl->shadow + at);
	qp->cq_shadow = (uint32_t *)(void *)(ctrl->shadow + next);
	qp->sq_event_idx = (uint32_t *)(void *)(ctrl->shadow + DMA_PAGE + at);
	qp->cq_event_idx = (uint32_t *)(void *)(ctrl->shadow + DMA_PAGE + next);
}

int
qpair_alloc(struct qpair *qp, struct ctrl *ctrl, uint32_t qid, uint32_t commands, uint32_t entries)
{
	memset(qp, 0, sizeof(*qp));
	qp->ctrl = ctrl;
	qp->qid = qid;
	qp->entries = entries;
	qp->mask = entries - 1;
	qp->commands = commands;
	qp->heap = ctrl->dma.heap;
	qp->heap_safe = qp->heap.nbytes - 2 * DMA_PAGE;
	qp->sq_offset = reg_doorbell(qid, false, ctrl->dstrd);
	qp->cq_offset = reg_doorbell(qid, true, ctrl->dstrd);
	qp->sq_doorbell = (uint32_t *)(void *)doorbell(ctrl->bus, qp->sq_offset);
	qp->cq_doorbell = (uint32_t *)(void *)doorbell(ctrl->bus, qp->cq_offset);
	qp->sq = dma_alloc(&ctrl->dma, (size_t)entries * sizeof(*qp->sq));
	qp->cq = dma_alloc(&ctrl->dma, (size_t)entries * sizeof(*qp->cq));
	qp->lists = dma_alloc(&ctrl->dma, (size_t)commands * QPAIR_LIST_NBYTES);
	if (!qp->sq || !qp->cq || !qp->lists) {
		int err = -errno; /* the errno of dma_alloc() */

		qpair_free(qp);
		return err;
	}
	qp->lists_iova = dma_iova(&ctrl->dma, qp->lists);
	qpair_clear(qp);
	return 0;
}

void
qpair_free(struct qpair *qp)
{
	dma_free(&qp->ctrl->dma, qp->sq);
	dma_free(&qp->ctrl->dma, qp->cq);
	dma_free(&qp->ctrl->dma, qp->lists);
	qp->sq = NULL;
	qp->cq = NULL;
	qp->lists = NULL;
}

void
qpair_clear(struct qpair *qp)
{
	qp->sq_tail = qp->sq_rung = qp->cq_head = qp->cq_rung = 0;
	qp->phase = 0; /* memory is cleared: entries of the first pass have a 1 */
	qp->last = NULL;
	qp->sgl = qp->ctrl->sgl && qp->qid != 0; /* admin commands use PRPs only */
	qp->sgl_bytes = qp->ctrl->sgl_bytes;
	memset(qp->cq, 0, (size_t)qp->entries * sizeof(*qp->cq));
	attach_shadows(qp);
	if (qp->sq_shadow) {
		*qp->sq_shadow = *qp->cq_shadow = *qp->sq_event_idx = *qp->cq_event_idx = 0;
	}
}

/* Write the new value to the shadow doorbell. True when it passes the event index, so that the
 * register must be written too (NVMe Base 2.0, Doorbell Buffer Config) */
static bool
shadow_wants_ring(uint32_t *shadow, const uint32_t *event_idx, uint32_t value)
{
	uint16_t old = (uint16_t)*shadow, event;

	/* release: queue entries are visible before the value that announces them */
	__atomic_store_n(shadow, value, __ATOMIC_RELEASE);
	/* full: our value is visible before the event index is read; otherwise each side could miss
	 * the other's update */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	event = (uint16_t)__atomic_load_n(event_idx, __ATOMIC_RELAXED);
	return (uint16_t)(value - event - 1) < (uint16_t)(value - old);
}

static void
ring(struct qpair *qp, uint32_t *mapped, uint32_t offset, uint32_t value)
{
	struct bus *bus = qp->ctrl->bus;

	if (mapped) {
		/* queue entries are visible before the doorbell that announces them: the barrier is
		 * for a device, the release for a vfio-user server */
		bus_write_barrier();
		__atomic_store_n(mapped, value, __ATOMIC_RELEASE);
	} else if (bus->ops->write(bus, offset, &value, sizeof(value))) {
		ctrl_gone(qp->ctrl);
	}
}

void
qpair_ring_sq(struct qpair *qp)
{
	uint32_t value = qp->sq_tail & (qp->entries - 1);

	qp->sq_rung = qp->sq_tail;
	if (!qp->sq_shadow || shadow_wants_ring(qp->sq_shadow, qp->sq_event_idx, value)) {
		ring(qp, qp->sq_doorbell, qp->sq_offset, value);
	}
}

void
qpair_ring_cq(struct qpair *qp)
{
	uint32_t value = qp->cq_head & (qp->entries - 1);

	qp->cq_rung = qp->cq_head;
	if (!qp->cq_shadow || shadow_wants_ring(qp->cq_shadow, qp->cq_event_idx, value)) {
		ring(qp, qp->cq_doorbell, qp->cq_offset, value);
	}
}
