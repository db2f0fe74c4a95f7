/* SPDX-License-Identifier: BSD-3-Clause */
/* Values read back from a histogram are close to those added; data patterns depend on the offset */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "hist.h"
#include "pattern.h"

static void
percentiles_are_at_most_a_64th_too_low(void **state)
{
	struct hist *hist = calloc(1, sizeof(*hist));

	(void)state;
	for (uint64_t value = 1; value <= 1000000; ++value) {
		hist_add(hist, value);
	}
	for (uint32_t permille = 1; permille <= 1000; ++permille) {
		uint64_t exact = permille * 1000, got = hist_permille(hist, permille);

		assert_true(got <= exact);
		assert_true(exact - got <= exact / 64);
	}
	assert_int_equal(hist->count, 1000000);
	assert_int_equal(hist->max, 1000000);
	free(hist);
}

static void
every_value_has_a_bucket_of_its_own_size(void **state)
{
	uint32_t last = 0;

	(void)state;
	for (uint32_t bit = 0; bit < 64; ++bit) {
		for (uint64_t value = 1ULL << bit, k = 0; k < 2; ++k, value += (1ULL << bit) - 1) {
			uint32_t index = hist_index(value);

			assert_true(index < HIST_BUCKETS);
			assert_true(index >= last);
			last = index;
		}
	}
	assert_int_equal(hist_index(UINT64_MAX), HIST_BUCKETS - 1);
	assert_int_equal(hist_index(0), 0);
}

static void
merging_adds_up(void **state)
{
	struct hist *a = calloc(1, sizeof(*a)), *b = calloc(1, sizeof(*b));

	(void)state;
	assert_int_equal(hist_permille(a, 500), 0);
	hist_add(a, 10);
	hist_add(b, 20);
	hist_add(b, 30);
	hist_merge(a, b);
	assert_int_equal(a->count, 3);
	assert_int_equal(a->max, 30);
	assert_int_equal(hist_permille(a, 333), 10);
	assert_int_equal(hist_permille(a, 500), 20);
	assert_int_equal(hist_permille(a, 999), 30);
	free(a);
	free(b);
}

static void
a_pattern_is_of_one_place_and_one_seed(void **state)
{
	uint8_t buf[4096];

	(void)state;
	pattern_fill(buf, sizeof(buf), 8192, 7);
	assert_int_equal(pattern_check(buf, sizeof(buf), 8192, 7), sizeof(buf));
	assert_int_equal(pattern_check(buf, sizeof(buf), 8200, 7), 0);
	assert_int_equal(pattern_check(buf, sizeof(buf), 8192, 8), 0);
	for (size_t i = 0; i < sizeof(buf); i += 97) {
		buf[i] ^= 1;
		assert_int_equal(pattern_check(buf, sizeof(buf), 8192, 7), i / 8 * 8);
		buf[i] ^= 1;
	}
	pattern_fill(buf, 13, 0, 1); /* not a multiple of eight: the rest is unchanged */
	assert_int_equal(pattern_check(buf, 13, 0, 1), 13);
	assert_int_equal(pattern_check(buf + 16, 8, 8208, 7), 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(percentiles_are_at_most_a_64th_too_low),
		cmocka_unit_test(every_value_has_a_bucket_of_its_own_size),
		cmocka_unit_test(merging_adds_up),
		cmocka_unit_test(a_pattern_is_of_one_place_and_one_seed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
