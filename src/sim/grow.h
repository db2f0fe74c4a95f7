/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIM_GROW_H
#define SIM_GROW_H

#include <stdint.h>
#include <stdlib.h>

/* Grow an array of `count` items for one more: returns the array, moved if its capacity was
 * doubled, or NULL when out of memory, with the array unchanged */
static inline void *
grow_by_one(void *items, uint64_t count, uint64_t *room, size_t item_nbytes)
{
	uint64_t wanted = *room ? 2 * *room : 64;
	void *larger;

	if (count < *room) {
		return items;
	}
	if (wanted > SIZE_MAX / item_nbytes) {
		return NULL;
	}
	larger = realloc(items, (size_t)wanted * item_nbytes);
	if (larger) {
		*room = wanted;
	}
	return larger;
}

#endif /* SIM_GROW_H */
