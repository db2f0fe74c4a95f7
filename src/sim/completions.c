/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <sim/completions.h>
#include <stdlib.h>

static bool
earlier(const struct completion *a, const struct completion *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

int
completions_push(struct completions *heap, struct completion completion)
{
	size_t i;

	if (heap->count == heap->room) {
		size_t room = heap->room ? 2 * heap->room : 64;
		struct completion *items = realloc(heap->items, room * sizeof(*items));

		if (!items) {
			return -ENOMEM;
		}
		heap->items = items;
		heap->room = room;
	}
	completion.order = heap->order++;
	for (i = heap->count++; i > 0 && earlier(&completion, &heap->items[(i - 1) / 2]);) {
		heap->items[i] = heap->items[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	heap->items[i] = completion;
	return 0;
}

ns_t
completions_next(const struct completions *heap)
{
	return heap->count ? heap->items[0].at : NS_NEVER;
}

struct completion
completions_pop(struct completions *heap)
{
	struct completion first = heap->items[0], last = heap->items[--heap->count];
	size_t i = 0;

	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= heap->count) {
			break;
		}
		child += child + 1 < heap->count &&
			 earlier(&heap->items[child + 1], &heap->items[child]);
		if (!earlier(&heap->items[child], &last)) {
			break;
		}
		heap->items[i] = heap->items[child];
		i = child;
	}
	heap->items[i] = last;
	return first;
}
