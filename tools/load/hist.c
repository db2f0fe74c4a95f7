/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Histograms: merging and reading percentiles.
 */
#include "hist.h"

void
hist_merge(struct hist *into, const struct hist *from)
{
	into->count += from->count;
	into->max = from->max > into->max ? from->max : into->max;
	for (uint32_t i = 0; i < HIST_BUCKETS; ++i) {
		into->buckets[i] += from->buckets[i];
	}
}

/* The lower bound of a bucket */
static uint64_t
value_of(uint32_t index)
{
	uint32_t shift = index / HIST_SUB;

	if (!shift) {
		return index;
	}
	return (uint64_t)(HIST_SUB + index % HIST_SUB) << (shift - 1);
}

uint64_t
hist_permille(const struct hist *hist, uint32_t permille)
{
	/* count * permille / 1000, rounded up, computed without overflow */
	uint64_t rank =
		hist->count / 1000 * permille + (hist->count % 1000 * permille + 999) / 1000;
	uint64_t seen = 0;

	for (uint32_t i = 0; i < HIST_BUCKETS && hist->count; ++i) {
		seen += hist->buckets[i];
		if (seen && seen >= rank) {
			return value_of(i);
		}
	}
	return 0;
}
