/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Allocates tables from one borrowed piece of memory; each begins a cache line. The same calls
 * without memory compute the total size, so that size and layout always agree.
 */
#ifndef BASE_CARVE_H
#define BASE_CARVE_H

#include <base/assert.h>
#include <env/env.h>

#define CARVE_LINE_NBYTES 64u

struct carve {
	uint8_t *memory; /* NULL: compute the size only */
	uint64_t used;
};

/* A table of `count` items of `nbytes` each; NULL when only the size is computed */
static inline void *
carve(struct carve *from, uint64_t count, uint64_t nbytes)
{
	uint64_t at = from->used;

	ASSERT(at % CARVE_LINE_NBYTES == 0);
	ASSERT(nbytes == 0 || count <= (UINT64_MAX / 2 - at) / nbytes); /* sizes were checked */
	from->used += (count * nbytes + CARVE_LINE_NBYTES - 1) & ~(uint64_t)(CARVE_LINE_NBYTES - 1);
	return from->memory ? from->memory + at : NULL;
}

#endif /* BASE_CARVE_H */
