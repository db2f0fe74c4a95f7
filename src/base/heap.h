/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A binary heap of events: the earliest instant on top; among equal instants the one that was
 * pushed first, so that the order is deterministic.
 *
 * The caller owns the array and makes it large enough: it takes a slot before a push.
 */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

#include <base/assert.h>
#include <base/time.h>

struct heap_item {
	ns_t at;
	uint32_t seq;  /* order of pushes; wraps, so fewer than 2^31 items may be in the heap */
	uint32_t slot; /* the caller's reference to the event */
};

struct heap {
	struct heap_item *items;
	uint32_t count;
	uint32_t capacity;
	uint32_t seq;
};

static inline bool
heap_item_before(const struct heap_item *a, const struct heap_item *b)
{
	return a->at != b->at ? a->at < b->at : (int32_t)(a->seq - b->seq) < 0;
}

/* The count is within the array, and neither event below the top is due before it */
static inline void
heap_check(const struct heap *heap)
{
	ASSERT(heap->count <= heap->capacity);
	ASSERT(heap->count < 2 || !heap_item_before(&heap->items[1], &heap->items[0]));
	ASSERT(heap->count < 3 || !heap_item_before(&heap->items[2], &heap->items[0]));
}

/* Puts `item` at index `i` or at an ancestor of it */
static inline void
heap_rise(struct heap *heap, uint32_t i, struct heap_item item)
{
	ASSERT(i < heap->count);
	while (i > 0 && heap_item_before(&item, &heap->items[(i - 1) / 2])) {
		heap->items[i] = heap->items[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	heap->items[i] = item;
}

static inline void
heap_push(struct heap *heap, ns_t at, uint32_t slot)
{
	struct heap_item item = {.at = at, .seq = heap->seq, .slot = slot};

	heap_check(heap);
	ASSERT(heap->count < heap->capacity);
	heap->seq += 1;
	heap->count += 1;
	heap_rise(heap, heap->count - 1, item);
}

/* Decrease key: moves the event of `slot` to `at`, unless it is due earlier already; false when
 * there is none. Linear search: for rare use. */
static inline bool
heap_decrease_key(struct heap *heap, uint32_t slot, ns_t at)
{
	uint32_t i = 0;
	struct heap_item item;

	heap_check(heap);
	while (i < heap->count && heap->items[i].slot != slot) {
		i += 1;
	}
	if (i == heap->count) {
		return false;
	}
	item = heap->items[i];
	item.at = at < item.at ? at : item.at;
	heap_rise(heap, i, item);
	return true;
}

static inline ns_t
heap_next(const struct heap *heap)
{
	heap_check(heap);
	return heap->count ? heap->items[0].at : NS_NEVER;
}

static inline struct heap_item
heap_pop(struct heap *heap)
{
	struct heap_item top = heap->items[0], last;
	uint32_t i = 0;

	ASSERT(heap->count > 0);
	heap_check(heap);
	heap->count -= 1;
	last = heap->items[heap->count];
	for (;;) {
		uint32_t child = 2 * i + 1;

		if (child >= heap->count) {
			break;
		}
		if (child + 1 < heap->count &&
		    heap_item_before(&heap->items[child + 1], &heap->items[child])) {
			child += 1;
		}
		if (!heap_item_before(&heap->items[child], &last)) {
			break;
		}
		heap->items[i] = heap->items[child];
		i = child;
	}
	heap->items[i] = last;
	return top;
}

#endif /* BASE_HEAP_H */
