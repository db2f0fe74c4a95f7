/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Allocates tables from one borrowed piece of memory; each begins a cache line. The same calls
 * without memory compute the total size, so that size and layout always agree.
 */
#ifndef BASE_BUMP_H
#define BASE_BUMP_H

#include <base/assert.h>
#include <env/env.h>

#define BUMP_LINE_NBYTES 64u

struct bump {
	uint8_t *memory; /* NULL: compute the size only */
	uint64_t used;
};

/* A table of `count` items of `nbytes` each; NULL when only the size is computed */
static inline void *
bump_alloc(struct bump *from, uint64_t count, uint64_t nbytes)
{
	uint64_t at = from->used;

	ASSERT(at % BUMP_LINE_NBYTES == 0);
	ASSERT(nbytes == 0 || count <= (UINT64_MAX / 2 - at) / nbytes); /* sizes were checked */
	from->used += (count * nbytes + BUMP_LINE_NBYTES - 1) & ~(uint64_t)(BUMP_LINE_NBYTES - 1);
	return from->memory ? from->memory + at : NULL;
}

#endif /* BASE_BUMP_H */
