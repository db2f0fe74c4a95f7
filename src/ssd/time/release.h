/* SPDX-License-Identifier: BSD-3-Clause */
/* Release times of write buffer bytes: a heap ordered by time */
#ifndef SSD_TIME_RELEASE_H
#define SSD_TIME_RELEASE_H

#include <base/assert.h>
#include <base/time.h>

struct release {
	ns_t at;
	uint32_t amount;
	uint32_t owner; /* a zone, or UINT32_MAX for the shared buffer */
};

struct release_heap {
	struct release *items; /* memory of the caller for `capacity` items */
	uint32_t count, capacity;
};

static inline void
release_check(const struct release_heap *heap)
{
	ASSERT(heap->count <= heap->capacity);
	ASSERT(heap->count < 2 || heap->items[0].at <= heap->items[1].at);
	ASSERT(heap->count < 3 || heap->items[0].at <= heap->items[2].at);
}

/* Add a release; the caller ensures that the heap is not full */
static inline void
release_push(struct release_heap *heap, struct release release)
{
	uint32_t at = heap->count++;

	ASSERT(heap->count <= heap->capacity);
	while (at > 0 && heap->items[(at - 1) / 2].at > release.at) {
		heap->items[at] = heap->items[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	heap->items[at] = release;
}

static inline ns_t
release_next(const struct release_heap *heap)
{
	release_check(heap);
	return heap->count ? heap->items[0].at : NS_NEVER;
}

static inline struct release
release_pop(struct release_heap *heap)
{
	struct release first = heap->items[0];
	struct release last = heap->items[--heap->count];
	uint32_t at = 0;

	ASSERT(heap->count < heap->capacity); /* it was not empty */
	for (;;) {
		uint32_t child = 2 * at + 1;

		if (child >= heap->count) {
			break;
		}
		if (child + 1 < heap->count && heap->items[child + 1].at < heap->items[child].at) {
			child += 1;
		}
		if (heap->items[child].at >= last.at) {
			break;
		}
		heap->items[at] = heap->items[child];
		at = child;
	}
	heap->items[at] = last;
	return first;
}

#endif /* SSD_TIME_RELEASE_H */
