/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Numbers in byte arrays: little endian on any machine, at any alignment.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <base/assert.h>
#include <env/env.h>

static inline void
put_le(void *at, uint64_t value, uint32_t nbytes)
{
	uint8_t *bytes = at;

	ASSERT(nbytes <= sizeof(value));
	for (uint32_t i = 0; i < nbytes; ++i) {
		bytes[i] = (uint8_t)(value >> (8 * i));
	}
}

static inline uint64_t
get_le(const void *at, uint32_t nbytes)
{
	const uint8_t *bytes = at;
	uint64_t value = 0;

	ASSERT(nbytes <= sizeof(value));
	for (uint32_t i = 0; i < nbytes; ++i) {
		value |= (uint64_t)bytes[i] << (8 * i);
	}
	return value;
}

static inline void
put_be(void *at, uint64_t value, uint32_t nbytes)
{
	uint8_t *bytes = at;

	ASSERT(nbytes <= sizeof(value));
	for (uint32_t i = 0; i < nbytes; ++i) {
		bytes[i] = (uint8_t)(value >> (8 * (nbytes - 1 - i)));
	}
}

/*
 * Copies text into a field that the standard pads with spaces: NVMe Base 2.0, Conventions (ASCII
 * string)
 */
static inline void
put_ascii(void *at, const char *text, uint32_t nbytes)
{
	uint8_t *bytes = at;
	bool ended = false;

	for (uint32_t i = 0; i < nbytes; ++i) {
		ended = ended || text[i] == '\0';
		bytes[i] = ended ? (uint8_t)' ' : (uint8_t)text[i];
	}
}

static inline bool
bytes_are(const void *at, uint8_t byte, size_t nbytes)
{
	const uint8_t *bytes = at;

	for (size_t i = 0; i < nbytes; ++i) {
		if (bytes[i] != byte) {
			return false;
		}
	}
	return true;
}

#endif /* BASE_BYTES_H */
