/* SPDX-License-Identifier: BSD-3-Clause */
/* Runs load on any timing model in virtual time, and measures it */
#ifndef SIM_RUN_H
#define SIM_RUN_H

#include <ssd/time/model.h>
#include <stddef.h>

/* A model with its memory */
struct run_device {
	const struct model_ops *ops;
	struct model *model;
	size_t nbytes;
	uint64_t media_nbytes;
	ns_t ready_at; /* its time starts here */
};

int run_device_open(struct run_device *device, const struct model_config *config,
		    uint64_t media_nbytes, uint64_t seed, const char **why);
void run_device_close(struct run_device *device);

/* A source of requests: returns 1 and a request, 0 at the end, or -errno. In an open loop *at is
 * the time of its submission, which never decreases. In a closed loop *at is the current time;
 * changes of it are ignored unless the depth is 1: then they delay the request. */
struct run_source {
	int (*next)(void *state, struct model_io *io, ns_t *at);
	void *state;
};

#define RUN_WINDOWS_MAX (1U << 22) /* a longer time series is -E2BIG */

struct run_window {
	uint64_t read_nbytes, write_nbytes, requests;
	uint64_t user_program_bytes, gc_program_bytes;
};

struct run_result {
	uint64_t requests, reads, writes, others;
	uint64_t read_nbytes, write_nbytes;
	ns_t started_at, elapsed; /* until the last completion */
	uint64_t *latency_ns;     /* of each request; lowest bit: 1 for all but reads; grows */
	uint64_t latency_capacity;
	struct run_window *windows;
	uint64_t window_count, window_capacity;
};

struct run_options {
	uint32_t depth;     /* closed loop with so many in flight; 0: open loop */
	ns_t started_at;
	ns_t window_ns;     /* 0: no time series */
	bool keep_latency;
	bool tick;          /* run background work between requests */
};

int run_load(struct run_device *device, const struct run_source *source,
	     const struct run_options *options, struct run_result *result);
void run_result_free(struct run_result *result);

/* Latencies: sort them, then read them. `part` in 1/10000, nearest rank; which: 0 all, 1 reads, 2
 * the others */
void run_latencies_sort(struct run_result *result);
uint64_t run_latency(const struct run_result *result, int which, uint32_t part, double *mean);

#endif /* SIM_RUN_H */
