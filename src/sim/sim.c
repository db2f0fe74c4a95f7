/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Runs a trace on a virtual SSD's timing model, in virtual time: measures its duration and its
 * effect on the NAND.
 */
#include <errno.h>
#include <sim/run.h>
#include <sim/sim.h>
#include <sim/trace.h>
#include <ssd/media/precondition.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <virt/spec.h>

#define FILL_NBYTES 131072 /* size of a write that fills the drive before the trace */
#define ERASES_MAX 100000  /* the largest histogram */

/* Progress, and whether to continue */
struct watched {
	const struct sim_options *options;
	uint64_t done, total;
	bool stopped;
};

#define WATCH_EVERY 1024 /* requests */

/* Count a request; false: stop */
static bool
watch(struct watched *watched)
{
	const struct sim_options *options = watched->options;

	if (options->progress && watched->done % WATCH_EVERY == 0 && !watched->stopped) {
		watched->stopped = options->progress(options->progress_arg, watched->done,
						     watched->total);
	}
	watched->done += 1;
	return !watched->stopped;
}

struct player {
	const struct trace *trace;
	struct watched *watched;
	uint64_t next;
	uint64_t capacity;
	bool wrap;
	bool keep_instants; /* or the delays between requests */
};

/* The time that counts as 0: recorders have different epochs. Delays have none. */
static ns_t
trace_epoch(const struct trace *trace)
{
	return trace->timed && trace->count ? trace->rows[0].at : 0;
}

static int
trace_next(void *state, struct model_io *io, ns_t *at)
{
	struct player *player = state;
	const struct trace_row *row;

	if (player->next == player->trace->count || !watch(player->watched)) {
		return 0;
	}
	row = &player->trace->rows[player->next++];
	*io = (struct model_io){ .op = (enum model_op)row->op, .offset = row->offset,
				 .nbytes = row->nbytes, .fua = row->fua };
	if (player->wrap && row->offset + row->nbytes > player->capacity) {
		io->nbytes = row->nbytes < player->capacity ? row->nbytes : player->capacity;
		io->offset = row->offset % player->capacity;
		if (io->offset > player->capacity - io->nbytes) {
			io->offset = player->capacity - io->nbytes;
		}
	}
	*at += player->keep_instants ? row->at - trace_epoch(player->trace) : 0;
	return 1;
}

struct filler {
	uint64_t at, capacity;
	struct watched *watched;
};

static int
fill_next(void *state, struct model_io *io, ns_t *at)
{
	struct filler *filler = state;
	uint64_t left = filler->capacity - filler->at;

	(void)at;
	if (left == 0 || !watch(filler->watched)) {
		return 0;
	}
	*io = (struct model_io){ .op = MODEL_WRITE, .offset = filler->at,
				 .nbytes = left < FILL_NBYTES ? left : FILL_NBYTES };
	filler->at += io->nbytes;
	return 1;
}

/* Write the whole drive sequentially, `times` times; *at becomes the time of the end */
static int
fill(struct run_device *device, uint32_t times, struct watched *watched, ns_t *at)
{
	int rc = 0;

	for (uint32_t i = 0; i < times && rc == 0; ++i) {
		struct filler filler = { .capacity = device->media_nbytes, .watched = watched };
		struct run_source source = { fill_next, &filler };
		struct run_options options = { .depth = 8, .started_at = *at };
		struct run_result result;

		rc = run_load(device, &source, &options, &result);
		*at += result.elapsed + NS_PER_S;
		run_result_free(&result);
	}
	return rc;
}

/* Apply `precondition` of the drive's description */
static void
prepare(struct run_device *device, const struct virt_spec *spec, uint64_t seed)
{
	struct settling settling = { .ops = device->ops, .model = device->model };
	uint64_t random = precondition_random(seed), pages = device->media_nbytes / 4096;
	struct precondition what;

	(void)precondition_parse(spec->config.precondition, &what);
	if (!what.fill) {
		return;
	}
	settle_range(&settling, 0, device->media_nbytes);
	for (uint64_t left = pages * what.overwrites; left > 0; --left) {
		settle_write(&settling, precondition_next(&random, pages) * 4096, 4096);
	}
	settle_end(&settling);
	device->ready_at = settling.now;
}

static int
drive_open(struct run_device *device, const char *uri, uint64_t seed, char *why,
	   size_t why_nbytes)
{
	struct virt_spec *spec = calloc(1, sizeof(*spec));
	struct text text = text_on(why, why_nbytes);
	const char *problem = NULL;
	char full[VIRT_URI_NBYTES_MAX];
	uint64_t nbytes = 0;
	int rc;

	if (!spec) {
		return -ENOMEM;
	}
	snprintf(full, sizeof(full), "%s%s",
		 strncmp(uri, VIRT_SCHEME, strlen(VIRT_SCHEME)) ? VIRT_SCHEME : "", uri);
	if (!virt_spec_parse(spec, full, &text)) {
		free(spec);
		return -EINVAL;
	}
	for (int i = 0; i < SSD_NS_MAX; ++i) {
		nbytes += spec->config.ns[i].nbytes;
	}
	problem = precondition_wrong(&spec->config);
	seed = seed ? seed : spec->seed;
	rc = problem ? -EINVAL
		     : run_device_open(device, &spec->config.model, nbytes, seed, &problem);
	if (rc) {
		virt_spec_blame(spec, problem ? problem : "out of memory", &text);
	} else {
		prepare(device, spec, seed);
	}
	free(spec);
	return rc;
}

static void
latency_of(const struct run_result *run, int which, struct sim_latency *latency)
{
	latency->count = which == 0 ? run->requests :
			 which == 1 ? run->reads : run->requests - run->reads;
	latency->min_ns = run_latency(run, which, 0, &latency->mean_ns);
	latency->p50_ns = run_latency(run, which, 5000, &latency->mean_ns);
	latency->p90_ns = run_latency(run, which, 9000, &latency->mean_ns);
	latency->p99_ns = run_latency(run, which, 9900, &latency->mean_ns);
	latency->p999_ns = run_latency(run, which, 9990, &latency->mean_ns);
	latency->p9999_ns = run_latency(run, which, 9999, &latency->mean_ns);
	latency->max_ns = run_latency(run, which, 10000, &latency->mean_ns);
}

static int
erases_of(const struct run_device *device, struct sim_result *result)
{
	uint32_t erases;
	uint64_t line;

	for (line = 0; device->ops->line_erases(device->model, line, &erases); ++line) {
		if (erases < ERASES_MAX && erases + 1 > result->erase_histogram_count) {
			result->erase_histogram_count = erases + 1;
		}
	}
	if (line == 0) {
		result->erase_histogram_count = 0;
		return 0;
	}
	result->erase_histogram = calloc(result->erase_histogram_count,
					 sizeof(*result->erase_histogram));
	if (!result->erase_histogram) {
		return -ENOMEM;
	}
	for (line = 0; device->ops->line_erases(device->model, line, &erases); ++line) {
		if (erases < result->erase_histogram_count) {
			result->erase_histogram[erases] += 1;
		}
	}
	return 0;
}

static int
windows_of(const struct run_result *run, const struct sim_options *options,
	   struct sim_result *result)
{
	if (run->window_count == 0) {
		return 0;
	}
	result->windows = calloc(run->window_count, sizeof(*result->windows));
	if (!result->windows) {
		return -ENOMEM;
	}
	for (uint64_t i = 0; i < run->window_count; ++i) {
		const struct run_window *from = &run->windows[i];

		result->windows[i] = (struct sim_window){
			.end_ns = (i + 1) * options->window_ns,
			.requests = from->requests,
			.read_nbytes = from->read_nbytes,
			.write_nbytes = from->write_nbytes,
			.user_program_nbytes = from->user_program_bytes,
			.gc_program_nbytes = from->gc_program_bytes,
		};
	}
	result->window_count = run->window_count;
	return 0;
}

static int
result_of(const struct run_device *device, const struct model_stats *before,
	  struct run_result *run, const struct sim_options *options,
	  struct sim_result *result)
{
	struct model_stats after;
	int rc;

	device->ops->stats(device->model, &after);
	run_latencies_sort(run);
	result->model = device->ops->name;
	result->requests = run->requests;
	result->reads = run->reads;
	result->writes = run->writes;
	result->others = run->others;
	result->read_nbytes = run->read_nbytes;
	result->write_nbytes = run->write_nbytes;
	result->elapsed_ns = run->elapsed;
	latency_of(run, 0, &result->all);
	latency_of(run, 1, &result->read);
	latency_of(run, 2, &result->other);
	result->user_program_nbytes = after.user_program_bytes - before->user_program_bytes;
	result->gc_program_nbytes = after.gc_program_bytes - before->gc_program_bytes;
	result->erases = after.erases - before->erases;
	result->gc_moves = after.gc_moves - before->gc_moves;
	result->buffer_hits = after.buffer_hits - before->buffer_hits;
	result->lines = after.lines;
	result->free_lines = after.free_lines;
	rc = erases_of(device, result);
	return rc ? rc : windows_of(run, options, result);
}

static int
replay(struct run_device *device, const struct trace *trace,
       const struct sim_options *options, struct sim_result *result)
{
	uint64_t filling = (device->media_nbytes + FILL_NBYTES - 1) / FILL_NBYTES * options->fill;
	struct watched watched = { .options = options, .total = filling + trace->count };
	struct player player = { .trace = trace, .capacity = device->media_nbytes,
				 .wrap = options->wrap, .watched = &watched };
	struct run_source source = { trace_next, &player };
	struct run_options how = {
		/* requests without times run one after another */
		.depth = options->depth ? options->depth : trace->timed ? 0 : 1,
		.window_ns = options->window_ns, .keep_latency = true, .tick = true,
		.started_at = device->ready_at,
	};
	struct model_stats before;
	struct run_result run;
	int rc;

	player.keep_instants = trace->timed ? how.depth == 0 : how.depth == 1;
	rc = fill(device, options->fill, &watched, &how.started_at);

	if (rc) {
		return rc;
	}
	device->ops->stats(device->model, &before);
	rc = run_load(device, &source, &how, &run);
	if (rc == 0) {
		rc = result_of(device, &before, &run, options, result);
		result->stopped = watched.stopped;
		run_result_free(&run);
	}
	return rc;
}

/* Do the submission times alone require too many windows? Checked before the first is allocated. */
static bool
too_many_windows(const struct trace *trace, const struct sim_options *options)
{
	if (!options->window_ns || !trace->timed || !trace->count || options->depth) {
		return false;
	}
	return (trace->rows[trace->count - 1].at - trace_epoch(trace)) / options->window_ns >=
	       RUN_WINDOWS_MAX;
}

int
sim_run(const char *path, const struct sim_options *options,
		 struct sim_result *result)
{
	struct run_device device = { 0 };
	struct trace trace = { 0 };
	int rc;

	*result = (struct sim_result){ 0 };
	rc = trace_load(&trace, path, TRACE_AUTO, result->why, sizeof(result->why));
	if (rc == 0) {
		rc = drive_open(&device, options->uri, options->seed, result->why,
				sizeof(result->why));
	}
	if (rc == 0 && trace.end > device.media_nbytes && !options->wrap) {
		snprintf(result->why, sizeof(result->why), "the trace reaches byte %llu, the drive "
			 "has %llu: give it a size (uri ...,size=) or fold the trace (--wrap)",
			 (unsigned long long)trace.end, (unsigned long long)device.media_nbytes);
		rc = -ERANGE;
	}
	if (rc == 0 && too_many_windows(&trace, options)) {
		rc = -E2BIG;
	}
	rc = rc ? rc : replay(&device, &trace, options, result);
	if (rc == -E2BIG) {
		snprintf(result->why, sizeof(result->why), "the time series would have more than "
			 "%u steps: make them longer (--window)", RUN_WINDOWS_MAX);
	}
	if (rc && result->why[0] == '\0') {
		snprintf(result->why, sizeof(result->why), "%s", strerror(-rc));
	}
	if (rc) {
		sim_result_free(result);
	}
	run_device_close(&device);
	trace_free(&trace);
	return rc;
}

void
sim_result_free(struct sim_result *result)
{
	free(result->windows);
	free(result->erase_histogram);
	result->windows = NULL;
	result->erase_histogram = NULL;
	result->window_count = 0;
	result->erase_histogram_count = 0;
}
