/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The sub-commands of `xnvmeperf`, and what they share.
 */
#ifndef TOOLS_PERF_H
#define TOOLS_PERF_H

#include "load.h"

#define PERF_RULE "===================================================================="
#define PERF_THIN "--------------------------------------------------------------------"

/* One device of the run */
struct perf_target {
	const char *uri;
	struct xnvme_dev *dev;
	struct load_clock clock;

	/* Filled in after the run */
	uint64_t nios, nfailed;
	uint64_t elapsed_ns; /* by the clock */
	uint64_t cpu_ns;
	struct xnvme_spec_cpl first_failure;
	bool gone; /* removed while it was measured */
	struct hist hist;      /* ticks of: */
	double ns_per_tick;
};

struct perf_run {
	struct load_spec spec;
	const char *pattern_name;
	uint32_t nqueues; /* per device */
	uint32_t nthreads;
	const uint16_t *cpus; /* of each thread; NULL: wherever it runs */
	uint32_t ntargets;
	struct perf_target *targets;
	uint64_t elapsed_ns; /* by this machine's clock */
};

int perf_sub_run(struct xnvme_cli *cli);
int perf_sub_verify(struct xnvme_cli *cli);

/* Open the devices of the command line; perf_close() on every way out. 0, or a negative errno and
 * the error was printed. */
int perf_open(struct xnvme_cli *cli, struct perf_target **targets, uint32_t *ntargets);
void perf_close(struct perf_target *targets, uint32_t ntargets);

/* Write all of each device once. 0, or a negative errno and the error was printed. */
int perf_fill(const struct perf_run *run);

/* Tell of devices that are read though not all of them was ever written, as far as that is known */
void perf_note_unwritten(const struct perf_run *run);

void perf_report(const struct perf_run *run, enum xnvme_cli_output output);

#endif /* TOOLS_PERF_H */
