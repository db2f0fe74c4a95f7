/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * splitmix64 (Steele, Lea, Flood 2014): 64 bits of state, every seed valid, the same on all
 * machines.
 */
#ifndef BASE_PRNG_H
#define BASE_PRNG_H

#include <env/env.h>

/* Every bit of `z` affects every bit of the result */
static inline uint64_t
prng_mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
	return z ^ (z >> 31);
}

static inline uint64_t
prng_next(uint64_t *state)
{
	return prng_mix(*state += 0x9E3779B97F4A7C15ULL);
}

#endif /* BASE_PRNG_H */
