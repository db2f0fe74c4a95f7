/* SPDX-License-Identifier: BSD-3-Clause */
/* Reservations against a plain array of instants. BUS_SEED in the environment repeats a run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include <base/panic_test.h>
#include <base/prng.h>
#include <ssd/time/bus.h>

#define INSTANTS 200000

static bool taken[INSTANTS];

static ns_t
plain_transfer(ns_t at, ns_t need)
{
	while (need > 0) {
		assert_true(at < INSTANTS);
		need -= !taken[at];
		taken[at++] = true;
	}
	return at;
}

static ns_t
plain_gap(ns_t at, ns_t need)
{
	for (ns_t from = at, length = 0;; ++at) {
		assert_true(at < INSTANTS);
		length = taken[at] ? 0 : length + 1;
		from = length == 1 ? at : from;
		if (length == need) {
			return from;
		}
	}
}

static void
agrees_with_a_plain_array(void **state)
{
	const char *text = getenv("BUS_SEED");
	uint64_t seed = text ? strtoull(text, NULL, 0) : (uint64_t)time(NULL), rng = seed;
	static struct bus bus;

	(void)state;
	print_message("BUS_SEED=%llu\n", (unsigned long long)seed);
	for (int round = 0; round < 20; ++round) {
		ns_t now = 0;

		memset(taken, 0, sizeof(taken));
		bus_init(&bus, 1000000000 / 1048576 + 1, 0); /* about a nanosecond a byte */
		for (int i = 0; i < 1500; ++i) {
			ns_t at = now + prng_next(&rng) % 3000, need, gap_end, expected;
			uint64_t nbytes = 1 + prng_next(&rng) % 60;

			need = bus_duration(&bus, nbytes);
			if (prng_next(&rng) % 2) {
				ns_t asked = bus_when(&bus, at, nbytes);

				expected = plain_transfer(at, need);
				assert_int_equal(asked, expected);
				assert_int_equal(bus_transfer(&bus, now, at, nbytes), expected);
			} else {
				expected = plain_gap(at, need);
				assert_int_equal(bus_first_gap(&bus, at, need, &gap_end),
						 expected);
				assert_true(gap_end == NS_NEVER || taken[gap_end]);
				bus_take(&bus, now, expected, need);
				plain_transfer(expected, need);
			}
			now += prng_next(&rng) % 60;
		}
	}
}

static void
rates_are_exact(void **state)
{
	static const uint32_t rates[] = { 450, 800, 3360, 13351 };
	static struct bus bus;

	(void)state;
	for (size_t i = 0; i < 4; ++i) {
		ns_t at = 0;
		double ideal = 10000 * 131072.0 / (rates[i] * 1048576.0) * 1e9;

		bus_init(&bus, rates[i], 0);
		for (int n = 0; n < 10000; ++n) {
			at = bus_transfer(&bus, 0, at, 131072);
		}
		assert_true((double)at > 0.9999 * ideal && (double)at < 1.0001 * ideal);
	}
	bus_init(&bus, 800, 413);
	assert_int_equal(bus_duration(&bus, 4096), 4883 + 413);
}

/* More spans than the array holds: transfers may end late, but never early */
static void
overflow_is_late_not_early(void **state)
{
	static struct bus bus;

	(void)state;
	bus_init(&bus, 954, 0);
	for (uint64_t i = 0; i < 1000; ++i) {
		assert_true(bus_transfer(&bus, 0, i * 1000, 100) >= i * 1000 + 99);
	}
	assert_true(bus.count <= BUS_SPANS_MAX);
	assert_true(bus_transfer(&bus, 0, 999 * 1000, 100) >= 999 * 1000 + 199);
}

/* The gap that a full array drops may be the one that the new span is in */
static void
overflow_keeps_the_order(void **state)
{
	(void)state;
	for (uint32_t at = 0; at < BUS_SPANS_MAX + 1; ++at) {
		static struct bus bus;

		bus_init(&bus, 954, 0);
		for (uint64_t i = 0; i < BUS_SPANS_MAX; ++i) {
			bus_take(&bus, 0, 1000 + i * 1000, 10);
		}
		bus_take(&bus, 0, 500 + at * 1000, 10);
		for (uint32_t i = 1; i < bus.count; ++i) {
			assert_true(bus.span[i - 1].to < bus.span[i].from);
		}
		assert_true(bus_transfer(&bus, 0, 500 + at * 1000, 100) > 510 + at * 1000);
	}
}

static void
take(void *bus)
{
	(void)bus_take(bus, 0, 5000, 10);
}

/* bus_check() can fail */
static void
damage_panics(void **state)
{
	(void)state;
	for (int damage = 0; damage < 3; ++damage) {
		static struct bus bus;

		bus_init(&bus, 954, 0);
		bus_take(&bus, 0, 1000, 10);
		bus_take(&bus, 0, 2000, 10);
		if (damage == 0) {
			bus.first = BUS_SPANS_MAX - 1;
		} else if (damage == 1) {
			bus.free_at += 1;
		} else {
			bus.span[bus.first].to = 2000;
		}
		assert_panics(take, &bus);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_a_plain_array),
		cmocka_unit_test(rates_are_exact),
		cmocka_unit_test(overflow_is_late_not_early),
		cmocka_unit_test(overflow_keeps_the_order),
		cmocka_unit_test(damage_panics),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
