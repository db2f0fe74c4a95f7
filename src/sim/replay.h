/* SPDX-License-Identifier: BSD-3-Clause */
/* Runs one job on NVMeVirt's model in virtual time, by the rules of its dispatcher */
#ifndef SIM_REPLAY_H
#define SIM_REPLAY_H

#include <sim/job.h>
#include <ssd/time/nvmevirt1.h>

struct replay_row {
	uint64_t index;
	uint32_t queue;
	struct model_io io;
	ns_t submit, start, done; /* from the start of the job */
	uint16_t status;
};

struct replay_window {
	ns_t end;
	uint64_t nbytes, gc_programs, gc_erases;
};

struct replay_result {
	uint64_t requests, reads, writes, errors, refusals, nbytes;
	ns_t started_at, elapsed, last_event;
	uint64_t fingerprint;    /* FNV-1a-64 of (index, start, done) in the order of completion */
	struct replay_row *rows; /* the first `rows_max`, by index */
	uint64_t rows_max;
	uint64_t *latencies;     /* of all requests in the order of completion, or NULL */
	uint64_t latency_max_count;
	struct replay_window *windows;
	uint64_t window_count, windows_max;
	bool hang; /* a request was refused and the buffer will never be released */
};

/* Run `job` from `started_at` on; 0 or -errno with a sentence. The caller provides the arrays
 * result->rows and ->latencies; ->windows is allocated when the job has a window. */
int replay_job(struct nvmevirt1 *nv, const struct job *job, uint64_t namespace_nbytes,
	       uint64_t zone_nbytes, ns_t started_at, struct replay_result *result, char *why,
	       size_t why_nbytes);

#endif /* SIM_REPLAY_H */
