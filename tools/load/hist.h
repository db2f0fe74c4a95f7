/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A histogram of nanoseconds: 64 buckets per power of two, so a value read back is at most 1.6 %
 * below the value added. It does not allocate; adding is a shift and an increment.
 */
#ifndef TOOLS_HIST_H
#define TOOLS_HIST_H

#include <stdint.h>

#define HIST_SUB_BITS 6
#define HIST_SUB (1u << HIST_SUB_BITS)
#define HIST_BUCKETS ((64 - HIST_SUB_BITS + 1) * HIST_SUB)

struct hist {
	uint64_t count;
	uint64_t max;
	uint64_t buckets[HIST_BUCKETS];
};

static inline uint32_t
hist_index(uint64_t value)
{
	uint32_t shift;

	if (value < HIST_SUB) {
		return (uint32_t)value;
	}
	shift = 63u - (uint32_t)__builtin_clzll(value) - HIST_SUB_BITS;
	return (shift + 1) * HIST_SUB + (uint32_t)((value >> shift) - HIST_SUB);
}

static inline void
hist_add(struct hist *hist, uint64_t value)
{
	hist->count += 1;
	hist->max = value > hist->max ? value : hist->max;
	hist->buckets[hist_index(value)] += 1;
}

void hist_merge(struct hist *into, const struct hist *from);

/* The value that `permille` thousandths of the added values do not exceed; 0 for an empty
 * histogram */
uint64_t hist_permille(const struct hist *hist, uint32_t permille);

#endif /* TOOLS_HIST_H */
