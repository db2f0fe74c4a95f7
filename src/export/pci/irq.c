/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Interrupts: collected during a run and fired at its end, one for a batch of completions; delayed
 * longer when the host enabled coalescing (features 08h and 09h).
 */
#include <export/pci/impl.h>

#define COALESCE_UNIT_NS 100000u /* feature 08h counts in 100 us */

static bool
held_back(struct pci_func *f, uint32_t v, ns_t now)
{
	struct vector *vector = &f->vectors[v];
	bool coalesce = v != 0 /* the admin queue's */ && !vector->no_coalescing &&
			f->coalesce_time_100us != 0;

	ASSERT(f->msix && vector->fire && vector->count > 0);
	if (!coalesce || vector->count > f->coalesce_threshold) {
		return false;
	}
	if (vector->deadline == NO_DEADLINE) {
		vector->deadline = now + (ns_t)f->coalesce_time_100us * COALESCE_UNIT_NS;
	}
	return vector->deadline > now;
}

/* The pin is high while any queue with interrupts enabled has entries and is not masked */
void
irq_pin_update(struct pci_func *f)
{
	bool level = false;

	ASSERT(!f->pin || (!f->msix && f->ops->pin));
	if (f->msix || !f->ops->pin) {
		return;
	}
	for (uint32_t qid = 0; qid <= f->config.ioq_max && !level; ++qid) {
		struct cq *cq = &f->cqs[qid];

		if (cq->ring.entries == 0 || !cq->interrupts) {
			continue;
		}
		cq_refresh_head(f, cq);
		level = cq->head != cq->tail && !(f->intm & 1u); /* the pin serves vector 0 only */
	}
	if (level != f->pin) {
		f->pin = level;
		f->stats.interrupts += level;
		f->ops->pin(f->arg, level);
	}
}

void
irq_flush(struct pci_func *f, ns_t now)
{
	ASSERT(f->any_fire || f->vector_deadline == NO_DEADLINE);
	if (!f->msix) {
		irq_pin_update(f);
	}
	if (!f->any_fire || (f->msix && !f->bus_master)) {
		return;
	}
	f->any_fire = false;
	f->vector_deadline = NO_DEADLINE;
	for (uint32_t v = 0; v < f->config.vectors; ++v) {
		struct vector *vector = &f->vectors[v];

		if (!vector->fire) {
			continue;
		}
		if (f->msix && held_back(f, v, now)) {
			f->any_fire = true;
			f->vector_deadline = ns_min(f->vector_deadline, vector->deadline);
			continue;
		}
		*vector = (struct vector){.deadline = NO_DEADLINE,
					  .no_coalescing = vector->no_coalescing};
		if (f->msix) {
			f->stats.interrupts += 1;
			f->ops->interrupt(f->arg, (uint16_t)v);
		}
	}
}

void
irq_reset(struct pci_func *f)
{
	for (uint32_t v = 0; v < f->config.vectors; ++v) {
		f->vectors[v] = (struct vector){.deadline = NO_DEADLINE};
	}
	f->vector_deadline = NO_DEADLINE;
	f->any_fire = false;
	irq_pin_update(f);
}

void
pci_msix_enable(struct pci_func *f, bool on)
{
	if (on && f->pin && f->ops->pin) {
		f->pin = false;
		f->ops->pin(f->arg, false);
	}
	f->msix = on;
	ASSERT(!on || !f->pin);
	irq_pin_update(f);
}
