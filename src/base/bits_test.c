/* SPDX-License-Identifier: BSD-3-Clause */
/* Ranges of bits against an array of booleans, at every alignment around word borders */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#include <base/bits.h>
#include <base/bytes.h>

#define NBITS 320

static void
check(const uint64_t *words, const bool *want)
{
	for (uint32_t i = 0; i < NBITS; ++i) {
		assert_int_equal(bits_get(words, i), want[i]);
	}
}

static void
ranges_set_and_clear(void **state)
{
	(void)state;
	for (uint32_t first = 0; first < 130; ++first) {
		for (uint32_t count = 0; count < 140; count += 3) {
			uint64_t words[NBITS / 64] = {0};
			bool want[NBITS] = {0};

			bits_set(words, first, count);
			for (uint32_t i = first; i < first + count; ++i) {
				want[i] = true;
			}
			check(words, want);
			assert_int_equal(bits_count(words, 0, NBITS), count);
			assert_int_equal(bits_find(words, 0, NBITS, true), count ? first : NBITS);
			assert_int_equal(bits_find(words, first, NBITS - first, false),
					 first + count);
			assert_int_equal(bits_any(words, 0, first), false);

			bits_clear(words, first + 1, count / 2);
			for (uint32_t i = first + 1; i < first + 1 + count / 2; ++i) {
				want[i] = false;
			}
			check(words, want);
		}
	}
}

static void
numbers_in_bytes(void **state)
{
	uint8_t bytes[9] = {0};
	static const uint8_t little[] = {0, 0xEF, 0xCD, 0xAB, 0x89, 0x67, 0x45, 0x23, 0x01};

	(void)state;
	put_le(bytes + 1, 0x0123456789ABCDEFULL, 8);
	assert_memory_equal(bytes, little, 9);
	assert_true(get_le(bytes + 1, 8) == 0x0123456789ABCDEFULL);
	assert_int_equal(get_le(bytes + 1, 3), 0xABCDEF);
	put_be(bytes, 0x0102, 2);
	assert_int_equal(bytes[0], 1);
	assert_int_equal(bytes[1], 2);
	put_ascii(bytes, "abc", 5);
	assert_memory_equal(bytes, "abc  ", 5);
	put_ascii(bytes, "abcdefg", 5);
	assert_memory_equal(bytes, "abcde", 5);
	assert_true(bytes_are("xxxx", 'x', 4));
	assert_false(bytes_are("xxxy", 'x', 4));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ranges_set_and_clear),
	    cmocka_unit_test(numbers_in_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
