/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Data derived from their address: each eight bytes are a function of their offset on the device
 * and of a seed, so that data of another offset, of another run, or garbage is detected.
 */
#ifndef TOOLS_PATTERN_H
#define TOOLS_PATTERN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The finalizer of SplitMix64 (Steele, Lea, Flood, 2014): each input bit affects all output bits */
static inline uint64_t
pattern_word(uint64_t offset, uint64_t seed)
{
	uint64_t x = (offset + 1) * 0x9E3779B97F4A7C15ULL + seed;

	x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
	x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
	return x ^ (x >> 31);
}

/* `offset` is that of the buffer's first byte on the device; a multiple of eight */
static inline void
pattern_fill(void *buf, size_t nbytes, uint64_t offset, uint64_t seed)
{
	for (size_t at = 0; at < nbytes; at += sizeof(uint64_t)) {
		uint64_t word = pattern_word(offset + at, seed);
		size_t left = nbytes - at < sizeof(word) ? nbytes - at : sizeof(word);

		memcpy((char *)buf + at, &word, left);
	}
}

/* Offset in the buffer of the first eight bytes that differ from the pattern; nbytes when all
 * match */
static inline size_t
pattern_check(const void *buf, size_t nbytes, uint64_t offset, uint64_t seed)
{
	for (size_t at = 0; at < nbytes; at += sizeof(uint64_t)) {
		uint64_t word = pattern_word(offset + at, seed);
		size_t left = nbytes - at < sizeof(word) ? nbytes - at : sizeof(word);

		if (memcmp((const char *)buf + at, &word, left)) {
			return at;
		}
	}
	return nbytes;
}

#endif /* TOOLS_PATTERN_H */
