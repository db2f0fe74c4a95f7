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
	bool (*stop)(void);  /* NULL, or asked before each recording; true: it ends with -EINTR */
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
 * rows of each file. The counts are added to `result`, which the caller has zeroed but for `stop`.
 *
 * @return 0 when all could be read and repeated (look at result->mismatches), or -errno when a
 * file cannot be read or understood (say tells which and why)
 */
int
nvmevirt_oracle_run(const char *path, nvmevirt_say_fn say, void *arg,
		    struct nvmevirt_oracle_result *result);

/** Differences in percent of bandwidths and mean latencies; zeroed but for `stop` before the first
 * call */
struct nvmevirt_compare_result {
	uint64_t runs;     /* recorded runs that were compared */
	uint64_t values;   /* differences: two of each run that took time at all */
	uint64_t reasoned; /* those above 5 percent that have a reason, which `say` tells */
	uint64_t plain;    /* the others */
	double harmonic_mean_percent; /* of all values */
	double mean_percent, largest_percent; /* of the plain ones */
	double sum_of_inverses; /* the harmonic mean's own */
	bool (*stop)(void);     /* as in struct nvmevirt_oracle_result */
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

/** How to replay a trace */
struct nvmevirt_sim_options {
	const char *uri;    /* the drive: a preset or a description file, with or without `virt:` */
	uint32_t depth;     /* so many requests at once; 0: when the trace says */
	uint32_t fill;      /* write all of the drive so many times before */
	uint64_t window_ns; /* time series in such steps; 0: none */
	uint64_t seed;      /* 0: the drive's own */
	bool wrap;          /* fold requests beyond the drive's end back into it */
	/* NULL, or called now and then on the caller's thread: `done` of `total` requests, those of
	 * the filling included. True stops: what was begun ends, and the result is of that much. */
	bool (*progress)(void *arg, uint64_t done, uint64_t total);
	void *progress_arg;
};

/** Latencies of the requests of a kind; percentiles by nearest rank */
struct nvmevirt_sim_latency {
	uint64_t count;
	double mean_ns;
	uint64_t min_ns, p50_ns, p90_ns, p99_ns, p999_ns, p9999_ns, max_ns;
};

/** A step of the time series: what was completed, what was programmed */
struct nvmevirt_sim_window {
	uint64_t end_ns; /* from the first request */
	uint64_t requests, read_nbytes, write_nbytes;
	uint64_t user_program_nbytes, gc_program_nbytes;
};

/** What came of a trace; the counters of NAND are those of the trace, without the filling */
struct nvmevirt_sim_result {
	const char *model; /* static */
	bool stopped;      /* by `progress`, before the end of the trace */
	uint64_t requests, reads, writes, others; /* others: flushes and trims */
	uint64_t read_nbytes, write_nbytes;
	uint64_t elapsed_ns; /* virtual, until the last completion */
	struct nvmevirt_sim_latency all, read, other; /* other: all that is not a read */
	uint64_t user_program_nbytes, gc_program_nbytes; /* WAF = (user + gc) / user */
	uint64_t erases, gc_moves, buffer_hits;
	uint64_t lines, free_lines;
	uint64_t *erase_histogram; /* [n]: superblock lines that were erased n times, ever */
	uint32_t erase_histogram_count;
	struct nvmevirt_sim_window *windows;
	uint64_t window_count;
	char why[256]; /* after an error: a sentence */
};

/**
 * Replay a trace on a virtual SSD's timing model in virtual time
 *
 * `path` holds a trace in one of four formats, told apart by the first line: our own
 * (`at_ns,op,offset,nbytes` with op R, W, F, T or A, and an optional field `fua`), fio's iolog
 * version 2 or 3, blkparse's text, a recording of `nvmevirt oracle`. Offsets are bytes from the
 * drive's start. No data are moved and no drive is made: only its timing model is asked. Instants
 * count from the first request, whatever epoch the recorder had. A time series of more than 4194304
 * steps is refused before it is begun.
 *
 * @return 0, then free the result with nvmevirt_sim_result_free(); or -errno with result->why
 */
int
nvmevirt_sim_run(const char *path, const struct nvmevirt_sim_options *options,
		 struct nvmevirt_sim_result *result);

/** Free what a result holds; the rest of it stays readable */
void
nvmevirt_sim_result_free(struct nvmevirt_sim_result *result);

/** What was measured of a drive */
struct nvmevirt_calibrate_way {
	double latency_us;      /* of one small request at a time */
	double bandwidth_mib_s; /* the most, with many and large requests at once */
};

struct nvmevirt_calibrate_result {
	uint32_t read_delay_ns, read_time_ns;
	uint32_t write_delay_ns, write_time_ns;
	uint32_t units, unit_shift;
	/* what the model "simple" then does, measured by running it */
	double read_latency_us, write_latency_us;
	double read_bandwidth_mib_s, write_bandwidth_mib_s;
	char why[256]; /* after an error: a sentence */
};

/**
 * Parameters of the model "simple" with which a drive has the measured latencies and bandwidths
 *
 * A request of 4 KiB takes delay + time; U units deliver U * 4 KiB / time. `units` 0: eight, or
 * fewer where the latency leaves no room for a piece on one of eight. The result is checked by
 * running the model.
 *
 * @return 0, or -EINVAL with result->why when no parameters do it
 */
int
nvmevirt_calibrate_simple(const struct nvmevirt_calibrate_way *read,
			  const struct nvmevirt_calibrate_way *write, uint32_t units,
			  struct nvmevirt_calibrate_result *result);

#ifdef __cplusplus
}
#endif

#endif /* LIBNVMEVIRT_SIM_H */
