/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory that somebody lends in one piece, cut into tables; each begins a cache line. The same
 * calls without memory add up how much it takes, so that measuring and cutting cannot disagree.
 */
#ifndef BASE_CARVE_H
#define BASE_CARVE_H

#include <env/env.h>

#define CARVE_LINE_NBYTES 64u

struct carve {
	uint8_t *memory; /* NULL: only measure */
	uint64_t used;
};

/* A table of `count` things of `nbytes`; NULL when there is no memory */
static inline void *
carve(struct carve *from, uint64_t count, uint64_t nbytes)
{
	uint64_t at = from->used;

	from->used += (count * nbytes + CARVE_LINE_NBYTES - 1) & ~(uint64_t)(CARVE_LINE_NBYTES - 1);
	return from->memory ? from->memory + at : NULL;
}

#endif /* BASE_CARVE_H */
