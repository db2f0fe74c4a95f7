/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Checks of a layout: AT for the offset of a field, at compile time; BITS for a bit-field, which
 * has no offset in the language.
 */
#ifndef NVME_LAYOUT_TEST_H
#define NVME_LAYOUT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#include <libxnvme.h>

#define AT(type, field, off) \
	XNVME_STATIC_ASSERT(offsetof(struct type, field) == (off), "misplaced " #type "." #field)

/* Asserts that only the bits [first, first + width) of the bytes are set */
static void
only_bits(const uint8_t *bytes, size_t nbytes, size_t first, size_t width, const char *what)
{
	for (size_t bit = 0; bit < nbytes * 8; ++bit) {
		int set = (bytes[bit / 8] >> (bit % 8)) & 1;
		int want = bit >= first && bit < first + width;

		if (set != want) {
			print_error("%s: bit %zu\n", what, bit);
		}
		assert_int_equal(set, want);
	}
}

#define BITS(type, field, first, width) BITS_OF(struct type, type, field, first, width)
#define UNION_BITS(type, field, first, width) BITS_OF(union type, type, field, first, width)
#define BITS_OF(whole, type, field, first, width) \
	do { \
		static union { \
			whole s; \
			uint8_t b[sizeof(whole)]; \
		} u; \
		memset(&u, 0, sizeof(u)); \
		u.s.field = (uint64_t)~0ULL >> (64 - (width)); \
		only_bits(u.b, sizeof(u.b), (first), (width), #type "." #field); \
	} while (0)

#endif /* NVME_LAYOUT_TEST_H */
