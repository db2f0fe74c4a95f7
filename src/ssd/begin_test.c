/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Random commands from a seed: no invariant is violated, and the same seed gives the same trace. A
 * failure prints its seed; XNVME_SEED runs that seed alone.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <base/prng.h>
#include <ssd/begin_fuzz.h>

#define NBYTES 16384

static uint64_t running;

static void
aborted(int signal_number)
{
	fprintf(stderr, "failed with XNVME_SEED=%llu\n", (unsigned long long)running);
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

static uint64_t
run_by(uint64_t (*fuzz)(const uint8_t *data, size_t nbytes), uint64_t seed)
{
	uint8_t *bytes = malloc(NBYTES);
	uint64_t state = seed;
	uint64_t hash;

	assert_non_null(bytes);
	running = seed;
	for (uint32_t i = 0; i < NBYTES; i += 8) {
		uint64_t random = prng_next(&state);

		memcpy(bytes + i, &random, 8);
		/* valid opcodes and fields are small numbers: make them likelier */
		for (uint32_t j = 0; j < 8; ++j) {
			if (bytes[i + j] & 0x80) {
				bytes[i + j] &= 0x9F;
			}
		}
	}
	hash = fuzz(bytes, NBYTES);
	free(bytes);
	return hash;
}

static uint64_t
run(uint64_t seed)
{
	return run_by(fuzz_begin, seed);
}

static void
random_commands_break_no_promise(void **state)
{
	const char *only = getenv("XNVME_SEED");

	(void)state;
	if (only) {
		run(strtoull(only, NULL, 0));
		return;
	}
	for (uint64_t seed = 0; seed < 200; ++seed) {
		run(seed);
	}
}

static void
damaged_media_break_no_promise(void **state)
{
	const char *only = getenv("XNVME_SEED");
	uint32_t refused = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 200; ++seed) {
		refused += !run_by(fuzz_media, only ? strtoull(only, NULL, 0) : seed);
	}
	print_message("%u of 200 refused\n", refused);
	assert_true(only || (refused > 0 && refused < 200));
}

static void
same_seed_same_trace(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed < 11; ++seed) {
		assert_true(run(seed) == run(seed));
		assert_true(run(seed) != run(seed + 1000));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_commands_break_no_promise),
		cmocka_unit_test(damaged_media_break_no_promise),
		cmocka_unit_test(same_seed_same_trace),
	};

	signal(SIGABRT, aborted);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
