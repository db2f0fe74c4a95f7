/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <ssd/time/model.h>

static struct model *
make(uint32_t units, uint32_t shift, uint32_t delay, uint32_t time, uint32_t trailing)
{
	struct model_config config = {
		.name = "simple",
		.simple = { delay, time, trailing, delay, time, trailing, units, shift },
	};
	const char *why = NULL;
	size_t nbytes = model_simple.bytes_needed(&config, 1 << 30);
	struct model *model = calloc(1, nbytes);

	assert_non_null(model);
	assert_int_equal(model_simple.init(model, &config, 1 << 30, 1, &why), 0);
	return model;
}

static ns_t
ask(struct model *model, ns_t now, enum model_op op, uint64_t offset, uint64_t nbytes)
{
	struct model_io io = { .op = op, .offset = offset, .nbytes = nbytes };

	return model_simple.begin(model, now, &io);
}

static void
delay_is_latency_and_holds_no_unit(void **state)
{
	struct model *model = make(1, 12, 3000, 1000, 0);

	(void)state;
	/* both wait for 3 us at the same time; the unit serves one after the other */
	assert_int_equal(ask(model, 0, MODEL_READ, 0, 4096), 4000);
	assert_int_equal(ask(model, 0, MODEL_READ, 4096, 4096), 5000);
	assert_int_equal(ask(model, 10000, MODEL_READ, 0, 512), 14000);
	free(model);
}

static void
pieces_run_side_by_side(void **state)
{
	struct model *model = make(4, 12, 3000, 1000, 0);

	(void)state;
	assert_int_equal(ask(model, 0, MODEL_READ, 0, 4 * 4096), 4000);
	/* 10 pieces on 4 units: 3, 3, 2, 2, all after the first 4 */
	assert_int_equal(ask(model, 0, MODEL_WRITE, 0, 10 * 4096), 7000);
	assert_int_equal(ask(model, 0, MODEL_FLUSH, 0, 0), 7000);
	/* unit 3 got two pieces, and is free at 6000 */
	assert_int_equal(ask(model, 0, MODEL_READ, 3 * 4096, 4096), 7000);
	free(model);
}

static void
unaligned_touches_one_piece_more(void **state)
{
	struct model *model = make(1, 12, 0, 1000, 0);

	(void)state;
	assert_int_equal(ask(model, 0, MODEL_READ, 512, 4096), 2000);
	assert_int_equal(ask(model, 0, MODEL_READ, 512, 512), 3000);
	free(model);
}

static void
bandwidth_is_units_over_time_at_any_depth(void **state)
{
	struct model *model = make(3, 15, 5000, 2000, 500);
	ns_t done = 0;

	(void)state;
	for (uint64_t i = 0; i < 30000; ++i) {
		done = ns_max(done, ask(model, 0, MODEL_WRITE, i << 15, 1 << 15));
	}
	/* 10,000 pieces on each unit, trailing time between them but not after the last */
	assert_int_equal(done, 5000 + 10000 * 2500 - 500);
	free(model);
}

static void
wrong_configurations_say_why(void **state)
{
	struct model_config config = { .simple = { .units = 1025 } };
	uint64_t memory[64];
	const char *why = NULL;

	(void)state;
	assert_int_equal(model_simple.bytes_needed(&config, 0), 0);
	assert_int_equal(model_simple.init((struct model *)memory, &config, 0, 0, &why),
			 -ENV_EINVAL);
	assert_non_null(why);
	config.simple.units = 1;
	config.simple.unit_shift = 60;
	assert_int_equal(model_simple.init((struct model *)memory, &config, 0, 0, &why),
			 -ENV_EINVAL);
	assert_non_null(why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(delay_is_latency_and_holds_no_unit),
		cmocka_unit_test(pieces_run_side_by_side),
		cmocka_unit_test(unaligned_touches_one_piece_more),
		cmocka_unit_test(bandwidth_is_units_over_time_at_any_depth),
		cmocka_unit_test(wrong_configurations_say_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
