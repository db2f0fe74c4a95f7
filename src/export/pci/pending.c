/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Commands that have started and are not yet due: a binary heap on (due, sequence), so that
 * commands with equal due times complete in the order of their start.
 */
#include <export/pci/hot.h>

static bool
before(const struct pending *a, const struct pending *b)
{
	ASSERT(a->seq != b->seq); /* so that the order is total */
	return a->due < b->due || (a->due == b->due && a->seq < b->seq);
}

static void
sift_up(struct pci_func *f, uint32_t i)
{
	struct pending p = f->heap[i];

	ASSERT(i < f->nheap);
	while (i > 0 && before(&p, &f->heap[(i - 1) / 2])) {
		f->heap[i] = f->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	f->heap[i] = p;
}

static void
sift_down(struct pci_func *f, uint32_t i)
{
	struct pending p = f->heap[i];

	ASSERT(i < f->nheap);
	for (uint32_t child = 2 * i + 1; child < f->nheap; child = 2 * i + 1) {
		if (child + 1 < f->nheap && before(&f->heap[child + 1], &f->heap[child])) {
			child += 1;
		}
		if (!before(&f->heap[child], &p)) {
			break;
		}
		f->heap[i] = f->heap[child];
		i = child;
	}
	f->heap[i] = p;
}

static struct pending
remove_at(struct pci_func *f, uint32_t i)
{
	struct pending p = f->heap[i];

	ASSERT(i < f->nheap);
	f->nheap -= 1;
	if (i < f->nheap) {
		f->heap[i] = f->heap[f->nheap];
		sift_down(f, i);
		sift_up(f, i);
	}
	pending_check(f);
	return p;
}

void
pending_add(struct pci_func *f, const struct pending *p)
{
	sq_check(f, &f->sqs[p->sqid]);
	ASSERT(f->nheap < f->config.inflight_max);
	f->heap[f->nheap] = *p;
	f->heap[f->nheap].seq = f->seq++;
	f->nheap += 1;
	sift_up(f, f->nheap - 1);
	pending_check(f);
}

bool
pending_due(const struct pci_func *f, ns_t now)
{
	pending_check(f);
	return f->nheap > 0 && f->heap[0].due <= now && f->heap[0].due != NS_NEVER;
}

struct pending
pending_pop(struct pci_func *f)
{
	ASSERT(f->nheap > 0 && f->heap[0].due != NS_NEVER); /* a lost command never completes */
	return remove_at(f, 0);
}

bool
pending_abort(struct pci_func *f, uint16_t sqid, uint16_t cid)
{
	sq_check(f, &f->sqs[sqid]);
	for (uint32_t i = 0; i < f->nheap; ++i) {
		if (f->heap[i].sqid == sqid && f->heap[i].cid == cid) {
			remove_at(f, i);
			cq_post(f, &f->sqs[sqid], cid, STATUS(ABORT_REQUESTED), 0);
			return true;
		}
	}
	return false;
}

void
pending_abort_queue(struct pci_func *f, uint16_t sqid)
{
	uint32_t kept = 0;

	sq_check(f, &f->sqs[sqid]);
	pending_check(f);
	for (uint32_t i = 0; i < f->nheap; ++i) {
		if (f->heap[i].sqid == sqid) {
			cq_post(f, &f->sqs[sqid], f->heap[i].cid, STATUS(ABORTED_SQ_DELETION), 0);
		} else {
			f->heap[kept++] = f->heap[i];
		}
	}
	f->nheap = kept;
	for (uint32_t i = kept / 2; i > 0; --i) {
		sift_down(f, i - 1);
	}
	pending_check(f);
}
