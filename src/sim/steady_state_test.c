/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A shrunken preset behaves like a full one: after `precondition`, random writes of 4 KiB at depth
 * 32 are as fast from 1 GiB to 64 GiB, and as fast as after writing the whole drive in virtual
 * time.
 *
 * usage: steady_state_test [GIB...] sizes, default 1 and 4; 1 4 16 64 takes 20 s and 100 MiB
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <base/prng.h>
#include <sim/run.h>
#include <ssd/media/precondition.h>
#include <virt/spec.h>

enum { DEPTH = 32, MEASURED = 300000, TOLERANCE_PERCENT = 15 };

static const char *const presets[] = {"samsung-970-pro", "pcie5-class"};
static uint32_t sizes[16] = {1, 4};
static uint32_t nsizes = 2;

struct load {
	uint64_t random, left, pages;
	bool in_order;
};

static int
load_next(void *state, struct model_io *io, ns_t *at)
{
	struct load *load = state;

	(void)at;
	if (load->left == 0) {
		return 0;
	}
	load->left -= 1;
	*io = (struct model_io){.op = MODEL_WRITE, .nbytes = 4096};
	io->offset = (load->in_order ? load->pages - 1 - load->left
				     : prng_next(&load->random) % load->pages) * 4096;
	return 1;
}

/* Run `count` writes from *now on; returns their IOPS */
static double
play(struct run_device *device, uint64_t count, bool in_order, ns_t *now)
{
	struct load load = {.random = 9, .left = count, .pages = device->media_nbytes / 4096,
			    .in_order = in_order};
	struct run_source source = {load_next, &load};
	struct run_options options = {.depth = DEPTH, .started_at = *now};
	struct run_result result;
	double iops;

	assert_int_equal(run_load(device, &source, &options, &result), 0);
	iops = (double)count * 1e9 / (double)result.elapsed;
	*now += result.elapsed;
	run_result_free(&result);
	return iops;
}

static void
open_device(struct run_device *device, const char *preset, uint32_t gib)
{
	static struct virt_spec spec;
	char uri[128], why_buf[256];
	struct text text = text_on(why_buf, sizeof(why_buf));
	const char *why = NULL;

	(void)snprintf(uri, sizeof(uri), "virt:%s,size=%uGiB", preset, gib);
	if (!virt_spec_parse(&spec, uri, &text)) {
		fail_msg("%s", why_buf);
	}
	if (run_device_open(device, &spec.config.model, (uint64_t)gib << 30, 1, &why)) {
		fail_msg("%s: %s", uri, why);
	}
}

static double
prepared_iops(const char *preset, uint32_t gib)
{
	struct run_device device = {0};
	struct settling settling;
	uint64_t random = precondition_random(1), pages = ((uint64_t)gib << 30) / 4096;
	ns_t now = 0;
	double iops;

	open_device(&device, preset, gib);
	settling = (struct settling){.ops = device.ops, .model = device.model};
	settle_range(&settling, 0, device.media_nbytes);
	for (uint64_t left = 2 * pages; left > 0; left -= 1) {
		settle_write(&settling, precondition_next(&random, pages) * 4096, 4096);
	}
	settle_end(&settling);
	assert_int_equal(settling.now, 0); /* takes no virtual time */
	iops = play(&device, MEASURED, false, &now);
	run_device_close(&device);
	return iops;
}

/* The same after writing all of it in order, then four times at random, in virtual time */
static double
written_iops(const char *preset, uint32_t gib)
{
	struct run_device device = {0};
	ns_t now = 0;
	double iops;

	open_device(&device, preset, gib);
	(void)play(&device, device.media_nbytes / 4096, true, &now);
	(void)play(&device, 4 * device.media_nbytes / 4096, false, &now);
	iops = play(&device, MEASURED, false, &now);
	run_device_close(&device);
	return iops;
}

static void
expect_near(const char *what, double got, double expected)
{
	if (got * 100 < expected * (100 - TOLERANCE_PERCENT) ||
	    got * 100 > expected * (100 + TOLERANCE_PERCENT)) {
		fail_msg("%s: %.0f IOPS, not within %d %% of %.0f", what, got, TOLERANCE_PERCENT,
			 expected);
	}
}

static void
the_steady_state_does_not_depend_on_the_size(void **state)
{
	(void)state;
	for (size_t p = 0; p < sizeof(presets) / sizeof(presets[0]); p += 1) {
		double first = written_iops(presets[p], sizes[0]);

		printf("%s,size=%uGiB, written in time: %.0f IOPS\n", presets[p], sizes[0], first);
		for (uint32_t i = 0; i < nsizes; i += 1) {
			double iops = prepared_iops(presets[p], sizes[i]);

			printf("%s,size=%uGiB,precondition=random: %.0f IOPS\n", presets[p],
			       sizes[i], iops);
			(void)fflush(stdout);
			expect_near(presets[p], iops, first);
		}
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_steady_state_does_not_depend_on_the_size),
	};

	for (int i = 1; i < argc && i <= 16; i += 1) {
		sizes[i - 1] = (uint32_t)strtoul(argv[i], NULL, 10);
		nsizes = (uint32_t)i;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
