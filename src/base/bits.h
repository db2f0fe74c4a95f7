/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ranges of bits in an array of 64-bit words that belongs to the caller.
 */
#ifndef BASE_BITS_H
#define BASE_BITS_H

#include <env/env.h>

/* `count` one-bits from `first` on, both within one word */
static inline uint64_t
bits_mask(uint32_t first, uint32_t count)
{
	return (count >= 64 ? ~0ULL : (1ULL << count) - 1) << first;
}

static inline bool
bits_get(const uint64_t *words, uint64_t bit)
{
	return (words[bit >> 6] >> (bit & 63)) & 1;
}

void bits_set(uint64_t *words, uint64_t first, uint64_t count);
void bits_clear(uint64_t *words, uint64_t first, uint64_t count);

/* Is any of them set? */
bool bits_any(const uint64_t *words, uint64_t first, uint64_t count);

/* The first bit in [first, first + count) whose value is `value`; first + count when there is none
 */
uint64_t bits_find(const uint64_t *words, uint64_t first, uint64_t count, bool value);

/* How many of them are set? */
uint64_t bits_count(const uint64_t *words, uint64_t first, uint64_t count);

#endif /* BASE_BITS_H */
