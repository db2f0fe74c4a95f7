/* SPDX-License-Identifier: BSD-3-Clause */
#include <base/bits.h>

/* The end of a range is a bit number too, which bits_find() returns */
static void
range_check(uint64_t first, uint64_t count)
{
	ASSERT(count <= UINT64_MAX - first);
}

/* The part of [first, first + count) in the word of `first` */
static uint32_t
part_of(uint64_t first, uint64_t count)
{
	uint32_t room = 64 - (uint32_t)(first & 63);

	ASSERT(count > 0); /* else a loop over the parts would not end */
	return count < room ? (uint32_t)count : room;
}

void
bits_set(uint64_t *words, uint64_t first, uint64_t count)
{
	range_check(first, count);
	while (count > 0) {
		uint32_t part = part_of(first, count);

		words[first >> 6] |= bits_mask(first & 63, part);
		first += part;
		count -= part;
	}
}

void
bits_clear(uint64_t *words, uint64_t first, uint64_t count)
{
	range_check(first, count);
	while (count > 0) {
		uint32_t part = part_of(first, count);
		uint64_t mask = bits_mask(first & 63, part);

		/* a clear word is not written, so that its page need not become resident */
		if (words[first >> 6] & mask) {
			words[first >> 6] &= ~mask;
		}
		first += part;
		count -= part;
	}
}

bool
bits_any(const uint64_t *words, uint64_t first, uint64_t count)
{
	return bits_find(words, first, count, true) != first + count;
}

uint64_t
bits_find(const uint64_t *words, uint64_t first, uint64_t count, bool value)
{
	uint64_t flip = value ? 0 : ~0ULL;

	range_check(first, count);
	while (count > 0) {
		uint32_t part = part_of(first, count);
		uint64_t found = (words[first >> 6] ^ flip) & bits_mask(first & 63, part);

		if (found) {
			return (first & ~63ULL) + (uint32_t)__builtin_ctzll(found);
		}
		first += part;
		count -= part;
	}
	return first;
}

/* Population count by adding neighbours (Warren, Hacker's Delight, 5-1): the builtin may call a
 * library function that freestanding code does not have */
static uint64_t
word_count(uint64_t word)
{
	word -= (word >> 1) & 0x5555555555555555ULL;
	word = (word & 0x3333333333333333ULL) + ((word >> 2) & 0x3333333333333333ULL);
	word = (word + (word >> 4)) & 0x0F0F0F0F0F0F0F0FULL;
	return (word * 0x0101010101010101ULL) >> 56;
}

uint64_t
bits_count(const uint64_t *words, uint64_t first, uint64_t count)
{
	uint64_t total = 0;

	range_check(first, count);
	while (count > 0) {
		uint32_t part = part_of(first, count);

		total += word_count(words[first >> 6] & bits_mask(first & 63, part));
		first += part;
		count -= part;
	}
	return total;
}
