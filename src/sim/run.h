/* SPDX-License-Identifier: BSD-3-Clause */
/* Load on any timing model in virtual time, and what was measured */
#ifndef SIM_RUN_H
#define SIM_RUN_H

#include <ssd/time/model.h>
#include <stddef.h>

/* A model in memory of its own */
struct run_device {
	const struct model_ops *ops;
	struct model *model;
	size_t nbytes;
	uint64_t media_nbytes;
	ns_t ready_at; /* its time begins then */
};

int run_device_open(struct run_device *device, const struct model_config *config,
		    uint64_t media_nbytes, uint64_t seed, const char **why);
void run_device_close(struct run_device *device);

/* Where requests come from: 1 and a request, 0 at the end, or -errno. In an open loop *at is the
 * instant of its submission, which never goes backwards. In a closed loop it is now, and is
 * ignored unless one request is made at a time: then it may be put off. */
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
	uint64_t *latency_ns;     /* of each, lowest bit: 1 for all but reads; grows */
	uint64_t latency_room;
	struct run_window *windows;
	uint64_t window_count, window_room;
};

struct run_options {
	uint32_t depth;     /* closed loop with so many at once; 0: open loop */
	ns_t started_at;
	ns_t window_ns;     /* 0: no time series */
	bool keep_latency;
	bool tick;          /* let background work go on between requests */
};

int run_load(struct run_device *device, const struct run_source *source,
	     const struct run_options *options, struct run_result *result);
void run_result_free(struct run_result *result);

/* Latencies: sorts them. `part` in 1/10000, nearest rank; which: 0 all, 1 reads, 2 the others */
void run_latencies_sort(struct run_result *result);
uint64_t run_latency(const struct run_result *result, int which, uint32_t part, double *mean);

#endif /* SIM_RUN_H */
