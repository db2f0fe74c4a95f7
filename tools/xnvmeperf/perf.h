/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The sub-commands of `xnvmeperf`, and their shared definitions.
 */
#ifndef TOOLS_PERF_H
#define TOOLS_PERF_H

#include "../load/load.h"

#define PERF_RULE "===================================================================="
#define PERF_THIN "--------------------------------------------------------------------"

/* One device of the run */
struct perf_target {
	const char *uri;
	struct xnvme_dev *dev;
	struct load_clock clock;

	/* Results, set after the run */
	uint64_t nios, nfailed;
	uint64_t elapsed_ns; /* on `clock` */
	uint64_t cpu_ns;
	struct xnvme_spec_cpl first_failure;
	bool gone; /* removed during the measurement */
	struct hist hist;      /* in ticks of ns_per_tick */
	double ns_per_tick;
};

struct perf_run {
	struct load_spec spec;
	const char *pattern_name;
	uint32_t nqueues; /* per device */
	uint32_t nthreads;
	const uint16_t *cpus; /* one per thread; NULL: threads are not pinned */
	uint32_t ntargets;
	struct perf_target *targets;
	uint64_t elapsed_ns; /* on this machine's clock */
};

int perf_sub_run(struct xnvme_cli *cli);
int perf_sub_verify(struct xnvme_cli *cli);

/* Open the devices of the command line; the caller calls perf_close(), also after an error. Returns
 * 0, or prints the error and returns a negative errno. */
int perf_open(struct xnvme_cli *cli, struct perf_target **targets, uint32_t *ntargets);
void perf_close(struct perf_target *targets, uint32_t ntargets);

/* Write all of each device once. Returns 0, or prints the error and returns a negative errno. */
int perf_fill(const struct perf_run *run);

/* Print a note for each device that is read but, as far as known, was not written completely */
void perf_note_unwritten(const struct perf_run *run);

void perf_report(const struct perf_run *run, enum xnvme_cli_output output);

#endif /* TOOLS_PERF_H */
