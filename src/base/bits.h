/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ranges of bits in a caller-owned array of 64-bit words.
 */
#ifndef BASE_BITS_H
#define BASE_BITS_H

#include <base/assert.h>
#include <env/env.h>

/* `count` one-bits from bit `first` on, both within one word */
static inline uint64_t
bits_mask(uint32_t first, uint32_t count)
{
	ASSERT(first < 64 && count <= 64 - first);
	return (count >= 64 ? ~0ULL : (1ULL << count) - 1) << first;
}

static inline bool
bits_get(const uint64_t *words, uint64_t bit)
{
	return (words[bit >> 6] >> (bit & 63)) & 1;
}

void bits_set(uint64_t *words, uint64_t first, uint64_t count);
void bits_clear(uint64_t *words, uint64_t first, uint64_t count);

/* Is any bit of [first, first + count) set? */
bool bits_any(const uint64_t *words, uint64_t first, uint64_t count);

/* The first bit in [first, first + count) with the value `value`; first + count when there is
 * none */
uint64_t bits_find(const uint64_t *words, uint64_t first, uint64_t count, bool value);

/* The number of bits set in [first, first + count) */
uint64_t bits_count(const uint64_t *words, uint64_t first, uint64_t count);

#endif /* BASE_BITS_H */
