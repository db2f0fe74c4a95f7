/* SPDX-License-Identifier: BSD-3-Clause */
/* Traces in virtual time, and calibration, through the public functions */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include <sim/sim.h>

static char path[] = "/tmp/sim_test_XXXXXX";

static void
write_trace(const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int
make_path(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 || close(fd);
}

static int
drop_path(void **state)
{
	(void)state;
	return unlink(path);
}

/* A 4 KiB write takes 4000 + 460 ns of firmware and 1163 ns of link; a read of it hits the
 * buffer */
static void
instants_are_the_traces(void **state)
{
	struct sim_options options = { .uri = "samsung-970-pro,size=1GiB",
						.window_ns = 1000000 };
	struct sim_result result;

	(void)state;
	write_trace("at_ns,op,offset,nbytes\n0,W,0,4096\n5000000,R,0,4096\n9000000,R,8192,4096\n");
	assert_int_equal(sim_run(path, &options, &result), 0);
	assert_int_equal(result.requests, 3);
	assert_int_equal(result.reads, 2);
	assert_int_equal(result.other.max_ns, 4000 + 460 + 1163);
	assert_int_equal(result.read.min_ns, 21500 + 1163);
	assert_int_equal(result.read.max_ns, 21500 + 1163);
	assert_int_equal(result.buffer_hits, 1);
	assert_int_equal(result.elapsed_ns, 9000000 + 21500 + 1163);
	assert_int_equal(result.window_count, 10);
	assert_int_equal(result.windows[0].write_nbytes, 4096);
	assert_int_equal(result.windows[5].read_nbytes, 4096);
	assert_int_equal(result.windows[9].requests, 1);
	sim_result_free(&result);
}

/* Traces count from different epochs: the same requests give the same result */
static void
an_epoch_changes_nothing(void **state)
{
	struct sim_options options = { .uri = "samsung-970-pro,size=1GiB",
						.window_ns = 100000000 };
	struct sim_result results[2];

	(void)state;
	for (int i = 0; i < 2; ++i) {
		write_trace(i == 0 ? "at_ns,op,offset,nbytes\n0,W,0,4096\n100000,R,0,4096\n"
				   : "at_ns,op,offset,nbytes\n1577808144360767000,W,0,4096\n"
				     "1577808144360867000,R,0,4096\n");
		assert_int_equal(sim_run(path, &options, &results[i]), 0);
		assert_int_equal(results[i].window_count, 1);
		sim_result_free(&results[i]);
	}
	assert_int_equal(results[0].elapsed_ns, results[1].elapsed_ns);
	assert_int_equal(results[0].read.max_ns, results[1].read.max_ns);
	assert_int_equal(results[0].user_program_nbytes, results[1].user_program_nbytes);
}

/* The steps of a time series are counted before the first is allocated: a gap of 50 years is
 * refused at once. The bytes programmed per step add up to the total. */
static void
long_gaps_are_refused_or_counted(void **state)
{
	static const struct {
		uint64_t window_ns;
		uint32_t depth;
		int rc;
	} cases[] = { { 100000000, 0, -7 }, { 1000000000000, 0, 0 }, { 100000000, 1, 0 } };

	(void)state;
	write_trace("at_ns,op,offset,nbytes\n0,W,0,131072\n1577808144360867000,W,131072,131072\n");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
		struct sim_options options = { .uri = "samsung-970-pro,size=64MiB",
							.window_ns = cases[i].window_ns };
		struct sim_result result;
		uint64_t programmed = 0;
		int rc;

		if (cases[i].depth) { /* a closed loop counts only waits between requests */
			write_trace("fio version 2 iolog\n/dev/a add\n/dev/a open\n"
				    "/dev/a write 0 131072\n/dev/a write 131072 131072\n");
		}
		rc = sim_run(path, &options, &result);
		assert_int_equal(rc, cases[i].rc);
		if (rc) {
			assert_non_null(strstr(result.why, "more than 4194304 steps"));
			continue;
		}
		for (uint64_t w = 0; w < result.window_count; ++w) {
			programmed += result.windows[w].user_program_nbytes;
		}
		assert_int_equal(programmed, result.user_program_nbytes);
		sim_result_free(&result);
	}
}

struct seen {
	uint64_t calls, last, total, stop_at;
};

static bool
see(void *arg, uint64_t done, uint64_t total)
{
	struct seen *seen = arg;

	assert_true(seen->calls == 0 || done > seen->last);
	assert_true(done <= total);
	seen->calls += 1;
	seen->last = done;
	seen->total = total;
	return done >= seen->stop_at;
}

static void
progress_is_told_and_may_stop(void **state)
{
	static char text[300000] = "at_ns,op,offset,nbytes\n";
	struct seen seen = { .stop_at = UINT64_MAX };
	struct sim_options options = { .uri = "samsung-970-pro,size=64MiB", .fill = 2,
						.progress = see, .progress_arg = &seen };
	struct sim_result result;
	size_t used = strlen(text);

	(void)state;
	for (int i = 0; i < 10000; ++i) {
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%d,W,%d,4096\n",
					 i * 1000, i % 16 * 4096);
	}
	write_trace(text);
	assert_int_equal(sim_run(path, &options, &result), 0);
	assert_false(result.stopped);
	assert_int_equal(result.requests, 10000);
	assert_int_equal(seen.total, 10000 + 2 * 512);
	assert_true(seen.calls > 5);
	sim_result_free(&result);

	seen = (struct seen){ .stop_at = 4096 };
	assert_int_equal(sim_run(path, &options, &result), 0);
	assert_true(result.stopped);
	assert_int_equal(result.requests, 4096 - 2 * 512);
	sim_result_free(&result);
}

/* fio's iolog version 2 has no instants: requests run one after another, with its waits */
static void
waits_are_kept(void **state)
{
	struct sim_options options = { .uri = "samsung-970-pro,size=1GiB" };
	struct sim_result result;

	(void)state;
	write_trace("fio version 2 iolog\n/dev/x add\n/dev/x open\n/dev/x write 0 4096\n"
		    "/dev/x wait 1000 0\n/dev/x write 4096 4096\n/dev/x close\n");
	assert_int_equal(sim_run(path, &options, &result), 0);
	assert_int_equal(result.elapsed_ns, 2 * (4000 + 460 + 1163) + 1000000);
	sim_result_free(&result);
}

static void
overwriting_amplifies_and_is_repeatable(void **state)
{
	struct sim_options options = { .uri = "samsung-970-pro,size=32MiB", .depth = 8,
						.fill = 2, .seed = 5 };
	struct sim_result results[2];
	FILE *file = fopen(path, "w");
	uint64_t lines = 0, erases = 0, x = 1;

	(void)state;
	assert_non_null(file);
	fprintf(file, "at_ns,op,offset,nbytes\n");
	for (int i = 0; i < 30000; ++i) {
		x = x * 6364136223846793005ULL + 1442695040888963407ULL;
		fprintf(file, "0,W,%llu,4096\n", (unsigned long long)(x >> 33) % 8192 * 4096);
	}
	fclose(file);
	for (int i = 0; i < 2; ++i) {
		assert_int_equal(sim_run(path, &options, &results[i]), 0);
	}
	assert_true(results[0].gc_program_nbytes > results[0].user_program_nbytes);
	assert_true(results[0].erases > 0);
	for (uint32_t i = 0; i < results[0].erase_histogram_count; ++i) {
		lines += results[0].erase_histogram[i];
		erases += i * results[0].erase_histogram[i];
	}
	assert_int_equal(lines, results[0].lines);
	assert_true(erases >= results[0].erases);
	assert_int_equal(results[0].elapsed_ns, results[1].elapsed_ns);
	assert_int_equal(results[0].all.p99_ns, results[1].all.p99_ns);
	assert_int_equal(results[0].gc_program_nbytes, results[1].gc_program_nbytes);
	sim_result_free(&results[0]);
	sim_result_free(&results[1]);
}

static void
what_cannot_be_played_says_why(void **state)
{
	static const struct {
		const char *uri, *text, *says;
	} cases[] = {
		{ "samsung-970-pro,size=1GiB", "nonsense\n", "line 1" },
		{ "samsung-970-pro,size=1GiB",
		  "at_ns,op,offset,nbytes\n0,W,1099511627776,512\n", "--wrap" },
		{ "no-such-drive", "at_ns,op,offset,nbytes\n0,W,0,512\n", "no-such-drive" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
		struct sim_options options = { .uri = cases[i].uri };
		struct sim_result result;

		write_trace(cases[i].text);
		assert_true(sim_run(path, &options, &result) < 0);
		print_message("%s\n", result.why);
		assert_non_null(strstr(result.why, cases[i].says));
		if (i == 1) {
			options.wrap = true;
			assert_int_equal(sim_run(path, &options, &result), 0);
			sim_result_free(&result);
		}
	}
}

static void
calibration_meets_the_figures(void **state)
{
	static const struct calibrate_way ways[] = {
		{ 12, 2300 }, { 14, 1900 }, { 80, 7000 }, { 6.5, 13351 }, { 100, 40 },
	};

	(void)state;
	for (size_t r = 0; r < 5; ++r) {
		for (size_t w = 0; w < 5; ++w) {
			struct calibrate_result result;
			int rc = calibrate_simple(&ways[r], &ways[w], 0, &result);

			if (rc) {
				print_message("%s\n", result.why);
			}
			assert_int_equal(rc, 0);
			assert_true(fabs(result.read_latency_us / ways[r].latency_us - 1) < 0.001);
			assert_true(fabs(result.write_latency_us / ways[w].latency_us - 1) < 0.001);
			assert_true(fabs(result.read_bandwidth_mib_s / ways[r].bandwidth_mib_s - 1)
				    < 0.01);
			assert_true(fabs(result.write_bandwidth_mib_s / ways[w].bandwidth_mib_s - 1)
				    < 0.01);
		}
	}
}

static void
calibration_refuses_what_cannot_be(void **state)
{
	static const struct calibrate_way slow = { 1, 100 }, fine = { 10, 1000 },
						   none = { 0, 1000 }, nan = { 10, NAN };
	struct calibrate_result result;

	(void)state;
	assert_int_equal(calibrate_simple(&slow, &fine, 0, &result), -22);
	assert_non_null(strstr(result.why, "read"));
	assert_int_equal(calibrate_simple(&fine, &none, 0, &result), -22);
	assert_int_equal(calibrate_simple(&nan, &fine, 0, &result), -22);
	assert_int_equal(calibrate_simple(&fine, &fine, 5000, &result), -22);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instants_are_the_traces),
		cmocka_unit_test(an_epoch_changes_nothing),
		cmocka_unit_test(long_gaps_are_refused_or_counted),
		cmocka_unit_test(progress_is_told_and_may_stop),
		cmocka_unit_test(waits_are_kept),
		cmocka_unit_test(overwriting_amplifies_and_is_repeatable),
		cmocka_unit_test(what_cannot_be_played_says_why),
		cmocka_unit_test(calibration_meets_the_figures),
		cmocka_unit_test(calibration_refuses_what_cannot_be),
	};

	return cmocka_run_group_tests(tests, make_path, drop_path);
}
