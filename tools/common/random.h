/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TOOLS_RANDOM_H
#define TOOLS_RANDOM_H

#include <stdint.h>

/* xorshift64 (Marsaglia 2003): the same sequence for the same seed on all machines; the seed must
 * not be 0 */
static inline uint64_t
random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

#endif /* TOOLS_RANDOM_H */
