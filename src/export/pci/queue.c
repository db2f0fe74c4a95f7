/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Takes commands from submission queues and posts to completion queues. A command is taken only
 * after its completion entry is reserved, so posting never fails for lack of space.
 */
#include <export/pci/hot.h>

/* Look up the memory of a ring; if it is not contiguous, its entries are looked up one by one */
void
ring_find(struct pci_func *f, struct ring *ring, uint32_t entry_nbytes, bool write)
{
	uint64_t wanted = (uint64_t)ring->entries * entry_nbytes, got = wanted;
	uint8_t *base = f->ops->translate(f->arg, ring->addr, &got, write);

	ring_check(ring);
	ASSERT(!base || (got > 0 && got <= wanted)); /* see struct pci_ops */
	ring->base = base && got >= wanted ? base : NULL;
}

/* Is all of it mapped, contiguous or not? */
bool
ring_is_mapped(struct pci_func *f, const struct ring *ring, uint32_t entry_nbytes, bool write)
{
	uint64_t addr = ring->addr, left = (uint64_t)ring->entries * entry_nbytes;

	ring_check(ring);
	while (left > 0) {
		uint64_t got = left;
		bool far;

		if (!host_find(f, addr, &got, write, &far) && !far) {
			f->stats.dma_refused += 1;
			return false;
		}
		addr += got;
		left -= got;
	}
	return true;
}

/* The pointer to an entry; NULL and `*far`, or NULL and not mapped. Rings are page aligned and
 * entries divide a page, so that every entry is contiguous. */
static uint8_t *
ring_entry(struct pci_func *f, const struct ring *ring, uint32_t index, uint32_t entry_nbytes,
	   bool write, bool *far)
{
	uint64_t got = entry_nbytes;
	uint8_t *entry;

	ASSERT(index < ring->entries);
	ASSERT(ring->addr % entry_nbytes == 0);
	if (ring->base) {
		*far = false;
		return ring->base + (size_t)index * entry_nbytes;
	}
	entry = host_find(f, ring->addr + (uint64_t)index * entry_nbytes, &got, write, far);
	*far = *far && got == entry_nbytes;
	return got == entry_nbytes ? entry : NULL;
}

/* Count an invalid value of a doorbell and report it to the host, once per value */
static void
refuse_value(struct pci_func *f, uint32_t value, uint32_t *refused)
{
	func_check(f);
	if (value != *refused) {
		f->stats.invalid_doorbells += 1;
		ssd_raise_error(f->ssd, f->owner, XNVME_SPEC_ASYNC_ERROR_INVALID_DOORBELL_VALUE);
	}
	*refused = value;
}

/* Accept the host's new head only if it is between the old one and the tail */
void
cq_refresh_head(struct pci_func *f, struct cq *cq)
{
	const uint32_t *word = cq->shadow ? cq->shadow : cq->doorbell;
	/* while host memory may not be read, shadow doorbells keep their last known value */
	uint32_t head = cq->shadow && !f->bus_master ? cq->head : shared_read(word);
	uint32_t entries = cq->ring.entries;
	uint32_t used = ring_distance(cq->head, cq->tail, entries);
	uint32_t consumed = ring_distance(cq->head, head, entries);

	cq_check(cq);
	if (head == cq->head) {
		return;
	}
	if (head >= entries || consumed > used) {
		refuse_value(f, head, &cq->refused);
		return;
	}
	cq->head = cq->refused = head; /* to write an old value again is invalid */
	ASSERT(ring_distance(head, cq->tail, entries) <= used);
	if (cq->event_idx) {
		/* one behind: the host has already passed that value, so it does not ring */
		shared_write(cq->event_idx, (uint16_t)(head - 1));
	}
}

static uint32_t
cq_free_slots(const struct cq *cq)
{
	uint32_t entries = cq->ring.entries;
	uint32_t used = ring_distance(cq->head, cq->tail, entries);

	cq_check(cq);
	return entries - 1 - used - cq->reserved;
}

/* Entries that are neither used nor reserved. The doorbell is read only when there seem to be none:
 * it is in a cache line that the host writes. */
uint32_t
cq_free(struct pci_func *f, struct cq *cq)
{
	uint32_t room = cq_free_slots(cq);

	if (room == 0) {
		cq_refresh_head(f, cq);
		room = cq_free_slots(cq);
	}
	return room;
}

/* Far entries in two copies, with the phase bit last, since the order in which the bytes of one
 * copy become visible is unknown */
static bool
post_far(struct pci_func *f, const struct cq *cq, uint32_t *entry)
{
	uint64_t addr = cq->ring.addr + (uint64_t)cq->tail * CQE_NBYTES;

	ASSERT(f->ops->far_copy && !cq->ring.base);
	return f->ops->far_copy(f->arg, addr, entry, 12, true) &&
	       f->ops->far_copy(f->arg, addr + 12, &entry[3], 4, true);
}

bool
cq_write_apart(struct pci_func *f, const struct cq *cq, const struct cqe *cqe)
{
	uint32_t away[4], *entry;
	bool far;

	ASSERT(!cq->ring.base); /* otherwise cq_post() stores it */
	entry = (uint32_t *)(void *)ring_entry(f, &cq->ring, cq->tail, CQE_NBYTES, true, &far);
	if (far) {
		entry = away;
	}
	if (entry) {
		cqe_store(entry, cqe);
	}
	if (!entry || (far && !post_far(f, cq, entry))) {
		f->stats.dma_refused += 1;
		pci_fail(f);
		return false;
	}
	return true;
}

/* The number of commands in a submission queue */
uint32_t
sq_waiting(struct pci_func *f, struct sq *sq)
{
	uint32_t tail = shared_read(sq->shadow ? sq->shadow : sq->doorbell);

	sq_check(f, sq);
	if (tail != sq->tail) {
		if (tail >= sq->ring.entries) {
			refuse_value(f, tail, &sq->refused);
		} else {
			sq->tail = sq->refused = tail;
			if (sq->event_idx) {
				shared_write(sq->event_idx, (uint16_t)(tail - 1));
			}
		}
	}
	return ring_distance(sq->head, sq->tail, sq->ring.entries);
}

/* How many commands of a queue can be taken now, up to `most`: limited by waiting commands, space
 * for pending commands, and completion entries */
uint32_t
sq_ready(struct pci_func *f, struct sq *sq, uint32_t most)
{
	struct cq *cq = &f->cqs[sq->cqid];
	uint32_t waiting = sq_waiting(f, sq);
	uint32_t pending = f->config.inflight_max - f->nheap;
	uint32_t room;

	ASSERT(most > 0);
	ASSERT(f->nheap <= f->config.inflight_max);
	ASSERT(cq->ring.entries > 0);
	if (waiting == 0) {
		return 0;
	}
	room = cq_free_slots(cq);
	most = waiting < most ? waiting : most;
	most = pending < most ? pending : most;
	if (room < most) {
		cq_refresh_head(f, cq);
		room = cq_free_slots(cq);
	}
	return room < most ? room : most;
}

bool
sq_read_apart(struct pci_func *f, const struct sq *sq, struct xnvme_spec_cmd *cmd)
{
	const uint8_t *entry;
	bool far;

	ASSERT(!sq->ring.base || f->far); /* otherwise sq_take() copies it */
	entry = ring_entry(f, &sq->ring, sq->head, SQE_NBYTES, false, &far);
	if (entry) {
		memcpy(cmd, entry, sizeof(*cmd));
	} else if (!far) {
		return false; /* wait until its memory is mapped again */
	} else if (!ahead_entry_ready(f, sq->ring.addr + (uint64_t)sq->head * SQE_NBYTES)) {
		return false;
	} else if (!host_read(f, sq->ring.addr + (uint64_t)sq->head * SQE_NBYTES, cmd,
			      sizeof(*cmd))) {
		pci_fail(f); /* mapped, but refused: a retry would never end */
		return false;
	}
	/* when its far memory is not available, the command is taken later */
	return !f->far || ahead_ready(f, cmd, sq->qid);
}

bool
queue_can_take_now(struct pci_func *f, struct sq *sq)
{
	bool far;

	return sq_waiting(f, sq) > 0 && cq_free(f, &f->cqs[sq->cqid]) > 0 &&
	       (sq->ring.base ||
		ring_entry(f, &sq->ring, sq->head, SQE_NBYTES, false, &far) || far);
}

/* Request the host to ring the doorbell at its next change */
void
queue_ask_ring(struct pci_func *f, struct sq *sq)
{
	struct cq *cq = &f->cqs[sq->cqid];

	sq_check(f, sq);
	ASSERT(f->bus_master); /* the words are in host memory */
	if (sq->event_idx) {
		shared_write(sq->event_idx, (uint16_t)sq->tail);
	}
	if (cq->event_idx && (cq_free(f, cq) == 0 || !f->msix)) {
		shared_write(cq->event_idx, (uint16_t)cq->head);
	}
}

/* Look up the two words of a queue in the shadow doorbell and event index pages */
void
queue_shadow_find(struct pci_func *f, uint32_t qid)
{
	uint32_t stride = 4u << f->config.dstrd;
	uint64_t page[2] = {f->dbbuf_shadow, f->dbbuf_event_idx};
	uint32_t *word[2][2] = {{NULL, NULL}, {NULL, NULL}};

	ASSERT(qid > 0 && qid <= f->config.ioq_max); /* the admin queue keeps its doorbells */
	ASSERT(!f->dbbuf_shadow == !f->dbbuf_event_idx);
	for (uint32_t which = 0; which < 2; ++which) {
		for (uint32_t is_cq = 0; is_cq < 2; ++is_cq) {
			uint64_t got = 4, offset = (uint64_t)(2 * qid + is_cq) * stride;

			if (page[which] != 0) {
				ASSERT(offset + got <= f->page_nbytes); /* see dbbuf_fits() */
				word[which][is_cq] =
					f->ops->translate(f->arg, page[which] + offset, &got, true);
			}
		}
	}
	f->sqs[qid].shadow = word[1][0] ? word[0][0] : NULL;
	f->sqs[qid].event_idx = word[0][0] ? word[1][0] : NULL;
	f->cqs[qid].shadow = word[1][1] ? word[0][1] : NULL;
	f->cqs[qid].event_idx = word[0][1] ? word[1][1] : NULL;
}
