/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Timing models of virtual SSDs, run alone in virtual time: repeat recorded runs, replay traces,
 * derive parameters from measurements. Load that is generated or read from a trace is run on a
 * model, and the result is measured or compared with a recording. Part of the tool nvmevirt, not of
 * the library: the folder is a static library of its own, which the tool, its tests and
 * docs/presets_gen.c link with the engine's files that it needs.
 *
 * Terms
 *   job      a recipe of load, such as `randwrite:bs=4k:qd=32:n=400000`
 *   stream   the requests of a job, one by one, the same for the same seed
 *   replay   one run of a job on NVMeVirt's model, request by request (replay.c)
 *   oracle   a recorded run with its recipe and its results (oracle.c)
 *   trace    a list of requests with their times in one of four formats (trace.c)
 *
 * Life cycle of a request
 *   It comes from a stream or a trace; it waits in the queue of its number; the model returns
 *   its completion time; its completion is in a heap by time; taking it from there starts the
 *   queue's next request.
 *
 * States
 *   queued -> accepted (queue_offer) -> completed (completions_pop)
 *
 * Ownership and lifetimes
 *   A run owns everything that it allocates and frees it before it returns.
 *
 * Threads
 *   None here; separate runs share nothing.
 *
 * Errors
 *   0 or -errno, and a sentence for the user. All input is validated.
 *
 * What it does not do
 *   It transfers no data and prints nothing: reports go through a callback.
 *
 * @param say Receives the lines of the report, or NULL
 * @param arg Passed to `say`
 */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Receives one line of a report, NUL-terminated, without a newline
 *
 * Called on the caller's thread, before the function to which it was passed returns. `line` is
 * valid during the call only.
 */
typedef void (*sim_say_fn)(void *arg, const char *line);

struct oracle_result {
	uint64_t files;      /* recorded runs and tables that were checked */
	uint64_t rows;       /* rows that were compared */
	uint64_t mismatches; /* rows that differ, plus totals that differ */
	bool (*stop)(void);  /* NULL, or called before each recording; true ends with -EINTR */
};

/**
 * Repeat recorded runs of NVMeVirt on the model "nvmevirt1" and compare them
 *
 * It compares every row (start, completion, status) and the totals of the whole run. Blocks,
 * possibly for seconds per file. `say` receives the differences, at most ten rows of each file.
 *
 * @param path A recorded run (NAME.csv or NAME.json; both files must be in the same folder), a
 *   table of bus transfers (unit_chmodel_*.csv) or of zone commands (*_state_machine.csv), or a
 *   folder with any of these. In a folder, recordings with `anomaly_` in their name are skipped:
 *   they show faults of NVMeVirt. The file's name starts with the name of the preset.
 * @param result The counts are added to it; the caller zeroes it before the first call, except
 *   `stop`
 * @return 0 when all files were read and repeated (see result->mismatches), or -errno when a file
 *   cannot be read or parsed; `say` receives the file and the reason
 * @error EINTR result->stop returned true
 */
int
oracle_run(const char *path, sim_say_fn say, void *arg, struct oracle_result *result);

/** Differences in percent of bandwidths and mean latencies; the caller zeroes it before the first
 * call, except `stop` */
struct oracle_compare_result {
	uint64_t runs;     /* recorded runs that were compared */
	uint64_t values;   /* differences: two per run whose duration is not 0 */
	uint64_t reasoned; /* differences above 5 percent with a known reason; `say` receives it */
	uint64_t plain;    /* all other differences */
	double harmonic_mean_percent; /* of all values */
	double mean_percent, largest_percent; /* of the plain ones */
	double sum_of_inverses; /* for harmonic_mean_percent, accumulated over calls */
	bool (*stop)(void);     /* as in struct oracle_result */
};

/**
 * Repeat recorded runs of NVMeVirt on the model "parallel" and report the differences
 *
 * The model has the same drive's parameters; the differences are those of its bandwidth and mean
 * latency from the recorded ones. Recordings of drives without NAND are skipped. A difference below
 * 0.01 percent counts as 0.01 percent.
 *
 * @param path As for oracle_run()
 * @param result The differences are added to it; the caller zeroes it before the first call, except
 *   `stop`
 * @return As oracle_run()
 */
int
oracle_compare(const char *path, sim_say_fn say, void *arg, struct oracle_compare_result *result);

/** How to replay a trace */
struct sim_options {
	const char *uri;    /* the drive: a preset or a description file, with or without `virt:` */
	uint32_t depth;     /* outstanding requests; 0: start each at the trace's time */
	uint32_t fill;      /* times to write the whole drive before the trace */
	uint64_t window_ns; /* step of the time series; 0: no time series */
	uint64_t seed;      /* random seed; 0: the drive's own */
	bool wrap;          /* map requests beyond the drive's end into the drive (modulo) */
	/* NULL, or called periodically on the caller's thread: `done` of `total` requests, those of
	 * the fill included. Returning true stops the replay: requests that have started complete,
	 * and the result covers only those. */
	bool (*progress)(void *arg, uint64_t done, uint64_t total);
	void *progress_arg;
};

/** Latencies of the requests of a kind; percentiles by nearest rank */
struct sim_latency {
	uint64_t count;
	double mean_ns;
	uint64_t min_ns, p50_ns, p90_ns, p99_ns, p999_ns, p9999_ns, max_ns;
};

/** A step of the time series: completed requests, programmed NAND */
struct sim_window {
	uint64_t end_ns; /* from the first request */
	uint64_t requests, read_nbytes, write_nbytes;
	uint64_t user_program_nbytes, gc_program_nbytes;
};

/** The result of a replay; the NAND counters are of the trace only, without the fill */
struct sim_result {
	const char *model; /* static */
	bool stopped;      /* by `progress`, before the end of the trace */
	uint64_t requests, reads, writes, others; /* others: flushes and trims */
	uint64_t read_nbytes, write_nbytes;
	uint64_t elapsed_ns; /* virtual, until the last completion */
	struct sim_latency all, read, other; /* other: all requests but reads */
	uint64_t user_program_nbytes, gc_program_nbytes; /* WAF = (user + gc) / user */
	uint64_t erases, gc_moves, buffer_hits;
	uint64_t lines, free_lines;
	uint64_t *erase_histogram; /* [n]: superblock lines that were erased n times, ever */
	uint32_t erase_histogram_count;
	struct sim_window *windows;
	uint64_t window_count;
	char why[256]; /* after an error: a sentence */
};

/**
 * Replay a trace on a virtual SSD's timing model in virtual time
 *
 * The trace is in one of four formats, detected from the first line: this project's
 * (`at_ns,op,offset,nbytes` with op R, W, F, T or A, and an optional field `fua`), fio's iolog
 * version 2 or 3, blkparse's text, a recording of `nvmevirt oracle`. Offsets are bytes from the
 * drive's start. The replay runs the timing model only: it moves no data and creates no drive.
 * Times are relative to the first request, whatever the recorder's epoch. A time series of more
 * than 4194304 steps is refused before the replay starts. Blocks until the replay has ended.
 *
 * @param path The file of the trace
 * @param options How to replay it
 * @param result Set, also on error; freed with sim_result_free() after success
 * @return 0, or -errno with the reason in result->why
 */
int
sim_run(const char *path, const struct sim_options *options, struct sim_result *result);

/**
 * Free the arrays of a result; its other members stay valid
 *
 * @param result A result of sim_run()
 */
void
sim_result_free(struct sim_result *result);

/** Measurements of a drive, of its reads or of its writes */
struct calibrate_way {
	double latency_us;      /* of small requests at queue depth 1 */
	double bandwidth_mib_s; /* the maximum, with large requests at a high queue depth */
};

struct calibrate_result {
	uint32_t read_delay_ns, read_time_ns;
	uint32_t write_delay_ns, write_time_ns;
	uint32_t units, unit_shift;
	/* latencies and bandwidths of the model "simple" with these parameters, as measured */
	double read_latency_us, write_latency_us;
	double read_bandwidth_mib_s, write_bandwidth_mib_s;
	char why[256]; /* after an error: a sentence */
};

/**
 * Derive the parameters of the model "simple" from a drive's measured latencies and bandwidths
 *
 * A request of 4 KiB takes delay + time; U units deliver U * 4 KiB / time. The function checks the
 * parameters by running the model.
 *
 * @param read Measurements of reads
 * @param write Measurements of writes
 * @param units Units of the model; 0 selects eight, or fewer where 8 * 4 KiB / bandwidth exceeds
 *   the latency
 * @param result Set
 * @return 0, or -errno with the reason in result->why
 * @error EINVAL No parameters match the measurements
 */
int
calibrate_simple(const struct calibrate_way *read, const struct calibrate_way *write,
		 uint32_t units, struct calibrate_result *result);

#endif /* SIM_SIM_H */
