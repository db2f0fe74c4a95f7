/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <cmocka.h>
#include <base/heap.h>
#include <base/prng.h>

enum { CAPACITY = 257 };

static struct heap_item items[CAPACITY];

/* Against a simple model: of all items, the earliest; of equal ones, the first pushed */
static void
pops_in_order_of_time_then_of_pushing(void **state)
{
	struct heap heap = {.items = items, .capacity = CAPACITY, .seq = UINT32_MAX - 5000};
	static struct heap_item in[CAPACITY];
	uint32_t nin = 0;
	uint64_t seed = (uint64_t)time(NULL), random = seed;

	(void)state;
	printf("seed %llu\n", (unsigned long long)seed);
	for (int step = 0; step < 20000; step += 1) {
		uint64_t r = prng_next(&random);

		if (nin < CAPACITY && (r & 1 || nin == 0)) {
			in[nin] = (struct heap_item){(r >> 8) % 16, heap.seq, (uint32_t)step};
			heap_push(&heap, in[nin].at, in[nin].slot);
			nin += 1;
			continue;
		}
		uint32_t best = 0;

		for (uint32_t i = 1; i < nin; i += 1) {
			best = heap_item_before(&in[i], &in[best]) ? i : best;
		}
		assert_int_equal(heap_next(&heap), in[best].at);
		assert_int_equal(heap_pop(&heap).slot, in[best].slot);
		nin -= 1;
		in[best] = in[nin];
	}
	assert_int_equal(heap.count, nin);
}

static void
an_empty_heap_has_no_next(void **state)
{
	struct heap heap = {.items = items, .capacity = CAPACITY};

	(void)state;
	assert_int_equal(heap_next(&heap), NS_NEVER);
	heap_push(&heap, 5, 1);
	assert_int_equal(heap_next(&heap), 5);
	(void)heap_pop(&heap);
	assert_int_equal(heap_next(&heap), NS_NEVER);
}

static void
a_decreased_key_comes_earlier(void **state)
{
	struct heap heap = {.items = items, .capacity = CAPACITY};

	(void)state;
	for (uint32_t slot = 0; slot < 100; slot += 1) {
		heap_push(&heap, 1000 + slot, slot);
	}
	assert_true(heap_decrease_key(&heap, 77, 5));
	assert_true(heap_decrease_key(&heap, 99, 1000)); /* after slot 0, pushed earlier */
	assert_true(heap_decrease_key(&heap, 50, 2000)); /* not moved to a later instant */
	assert_false(heap_decrease_key(&heap, 100, 5));
	assert_int_equal(heap_pop(&heap).slot, 77);
	assert_int_equal(heap_pop(&heap).slot, 0);
	assert_int_equal(heap_pop(&heap).slot, 99);
	for (uint32_t slot = 1; slot < 99; slot += 1) {
		if (slot != 77) {
			assert_int_equal(heap_pop(&heap).slot, slot);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pops_in_order_of_time_then_of_pushing),
		cmocka_unit_test(a_decreased_key_comes_earlier),
		cmocka_unit_test(an_empty_heap_has_no_next),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
