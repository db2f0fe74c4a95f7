/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <sim/completions.h>
#include <stdlib.h>

/* The heap's items after the last contain the free slots */
static int
grow(struct completions *all)
{
	uint32_t room = all->heap.capacity ? 2 * all->heap.capacity : 64;
	struct heap_item *order;
	struct completion *items;

	if (room > 1U << 30) { /* the maximum of the heap */
		return -ENOMEM;
	}
	order = realloc(all->heap.items, room * sizeof(*order));
	if (!order) {
		return -ENOMEM;
	}
	all->heap.items = order;
	items = realloc(all->items, room * sizeof(*items));
	if (!items) {
		return -ENOMEM;
	}
	all->items = items;
	for (uint32_t slot = all->heap.capacity; slot < room; ++slot) {
		order[slot].slot = slot;
	}
	all->heap.capacity = room;
	return 0;
}

int
completions_push(struct completions *all, struct completion completion)
{
	int rc = all->heap.count == all->heap.capacity ? grow(all) : 0;
	uint32_t slot;

	if (rc) {
		return rc;
	}
	slot = all->heap.items[all->heap.count].slot;
	all->items[slot] = completion;
	heap_push(&all->heap, completion.at, slot);
	return 0;
}

struct completion
completions_pop(struct completions *all)
{
	struct heap_item first = heap_pop(&all->heap);

	all->heap.items[all->heap.count].slot = first.slot;
	return all->items[first.slot];
}

void
completions_free(struct completions *all)
{
	free(all->heap.items);
	free(all->items);
}
