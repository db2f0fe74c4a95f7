/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Derives the parameters of the simple model from measurements. The model has two parameters for
 * each direction: the latency of one piece is delay + time, the bandwidth is units * piece / time.
 * Given both and the number of units, time follows from the bandwidth, and delay is the rest of the
 * latency. Both directions share the units.
 */
#include <errno.h>
#include <math.h>
#include <sim/run.h>
#include <sim/sim.h>
#include <stdio.h>
#include <string.h>

#define PIECE_NBYTES 4096.0
#define PIECE_SHIFT 12
#define UNITS_DEFAULT 8
#define CHECK_REQUESTS 5000

static uint32_t
units_needed(const struct calibrate_way *way)
{
	/* time = units * piece / bandwidth must not exceed the latency: the maximum number of
	 * units */
	double most = way->latency_us * 1e-6 * way->bandwidth_mib_s * 1048576 / PIECE_NBYTES;

	return most < 1 ? 0 : most > MODEL_UNITS_MAX ? MODEL_UNITS_MAX : (uint32_t)most;
}

static int
way_solve(const struct calibrate_way *way, const char *name, uint32_t units,
	  uint32_t *delay_ns, uint32_t *time_ns, char *why, size_t why_nbytes)
{
	double time = units * PIECE_NBYTES / (way->bandwidth_mib_s * 1048576) * 1e9;
	double delay = way->latency_us * 1e3 - time;

	if (delay < 0 || time < 1 || delay > 4e9) {
		snprintf(why, why_nbytes, "%s: %.0f MiB/s with %u units means %.0f ns for 4 KiB "
			 "on one of them, which does not fit a latency of %.0f ns: choose other "
			 "units, or measure again", name, way->bandwidth_mib_s, units, time,
			 way->latency_us * 1e3);
		return -EINVAL;
	}
	*time_ns = (uint32_t)lround(time);
	*delay_ns = (uint32_t)lround(way->latency_us * 1e3) - *time_ns;
	return 0;
}

struct load {
	enum model_op op;
	uint64_t nbytes, left, at;
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
	*io = (struct model_io){ .op = load->op, .offset = load->at, .nbytes = load->nbytes };
	load->at += load->nbytes;
	return 1;
}

static int
check(const struct model_config *config, enum model_op op, double *latency_us,
      double *bandwidth_mib_s)
{
	struct run_result result;
	struct run_device device;
	const char *why;
	int rc = 0;

	for (int large = 0; large < 2 && rc == 0; ++large) {
		struct load load = { op, large ? 131072 : 4096, CHECK_REQUESTS, 0 };
		struct run_source source = { load_next, &load };
		struct run_options options = { .depth = large ? 256 : 1 };
		double seconds;

		rc = run_device_open(&device, config, 1ULL << 40, 1, &why);
		rc = rc ? rc : run_load(&device, &source, &options, &result);
		if (rc) {
			break;
		}
		seconds = (double)result.elapsed / 1e9;
		if (large) {
			*bandwidth_mib_s = CHECK_REQUESTS * 131072.0 / 1048576 / seconds;
		} else {
			*latency_us = seconds * 1e6 / CHECK_REQUESTS;
		}
		run_result_free(&result);
		run_device_close(&device);
	}
	return rc;
}

static bool
is_measure(const struct calibrate_way *way)
{
	return isfinite(way->latency_us) && isfinite(way->bandwidth_mib_s) &&
	       way->latency_us > 0 && way->bandwidth_mib_s > 0;
}

int
calibrate_simple(const struct calibrate_way *read,
			  const struct calibrate_way *write, uint32_t units,
			  struct calibrate_result *result)
{
	struct model_config config = { .name = "simple" };
	uint32_t most;
	int rc;

	*result = (struct calibrate_result){ .unit_shift = PIECE_SHIFT };
	if (!is_measure(read) || !is_measure(write) || units > MODEL_UNITS_MAX) {
		snprintf(result->why, sizeof(result->why), "latencies (us) and bandwidths (MiB/s) "
			 "must be positive numbers, units at most %d", MODEL_UNITS_MAX);
		return -EINVAL;
	}
	most = units_needed(read);
	most = units_needed(write) < most ? units_needed(write) : most;
	result->units = units ? units : most < UNITS_DEFAULT ? most : UNITS_DEFAULT;
	if (result->units == 0) {
		result->units = 1; /* way_solve() reports the error */
	}
	rc = way_solve(read, "read", result->units, &result->read_delay_ns, &result->read_time_ns,
		       result->why, sizeof(result->why));
	rc = rc ? rc : way_solve(write, "write", result->units, &result->write_delay_ns,
				 &result->write_time_ns, result->why, sizeof(result->why));
	if (rc) {
		return rc;
	}
	config.simple = (struct model_simple_config){
		.read_delay_ns = result->read_delay_ns, .read_time_ns = result->read_time_ns,
		.write_delay_ns = result->write_delay_ns, .write_time_ns = result->write_time_ns,
		.units = result->units, .unit_shift = result->unit_shift,
	};
	rc = check(&config, MODEL_READ, &result->read_latency_us, &result->read_bandwidth_mib_s);
	return rc ? rc : check(&config, MODEL_WRITE, &result->write_latency_us,
			       &result->write_bandwidth_mib_s);
}
