/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Virtual SSDs in virtual time, without a drive around them: recorded runs are repeated, traces
 * are replayed, parameters are derived from measurements.
 */
#ifndef LIBNVMEVIRT_SIM_H
#define LIBNVMEVIRT_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A line of a report, terminated, without a newline; called from within the function that was
 * given it, on the caller's thread. The text is lent for the call.
 */
typedef void (*nvmevirt_say_fn)(void *arg, const char *line);

struct nvmevirt_oracle_result {
	uint64_t files;      /* recorded runs and tables that were checked */
	uint64_t rows;       /* rows that were compared */
	uint64_t mismatches; /* rows that differ, plus totals that differ */
};

/**
 * Repeat recorded runs of NVMeVirt on the model "nvmevirt1" and compare every row (start,
 * completion, status) and the totals of the whole run
 *
 * `path` is a recorded run (NAME.csv with NAME.json beside it, either may be named), a table of
 * bus transfers (unit_chmodel_*.csv) or of zone commands (*_state_machine.csv), or a folder with
 * any of these. A folder's recordings whose name has `anomaly_` in it are skipped: they show faults
 * of NVMeVirt. The preset is the start of the file's name.
 *
 * May run for seconds per file. What differs is said through `say` (may be NULL), at most ten
 * rows of each file. The counts are added to `result`, which the caller has zeroed.
 *
 * @return 0 when all could be read and repeated (look at result->mismatches), or -errno when a
 * file cannot be read or understood (say tells which and why)
 */
int
nvmevirt_oracle_run(const char *path, nvmevirt_say_fn say, void *arg,
		    struct nvmevirt_oracle_result *result);

/** Differences in percent of bandwidths and mean latencies; zero it before the first call */
struct nvmevirt_compare_result {
	uint64_t runs;     /* recorded runs that were compared */
	uint64_t values;   /* differences: two of each run, without the next ones */
	uint64_t reasoned; /* those above 5 percent that have a reason, which `say` tells */
	double harmonic_mean_percent, mean_percent, largest_percent;
	double sum_of_inverses; /* the harmonic mean's own */
};

/**
 * Repeat recorded runs of NVMeVirt on the model "parallel", with the same drive's parameters, and
 * say how far its bandwidth and mean latency are from the recorded ones
 *
 * `path` as for nvmevirt_oracle_run(). Recordings of drives without NAND are skipped. A difference
 * below 0.01 percent counts as that.
 *
 * @return as nvmevirt_oracle_run()
 */
int
nvmevirt_oracle_compare(const char *path, nvmevirt_say_fn say, void *arg,
			struct nvmevirt_compare_result *result);

#ifdef __cplusplus
}
#endif

#endif /* LIBNVMEVIRT_SIM_H */
