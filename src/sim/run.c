/* SPDX-License-Identifier: BSD-3-Clause */
#include <base/assert.h>
#include <errno.h>
#include <sim/completions.h>
#include <sim/grow.h>
#include <sim/run.h>
#include <stdlib.h>
#include <sys/mman.h>

#define ALL_OWNERS_NBYTES_MAX (1ULL << 40) /* largest with 1 GiB for the owners of its pages */

int
run_device_open(struct run_device *device, const struct model_config *wanted,
		uint64_t media_nbytes, uint64_t seed, const char **why)
{
	struct model_config copy = *wanted;
	const struct model_config *config = &copy;
	const char *problem = NULL;
	int rc;

	*device = (struct run_device){
		.ops = model_find(config->name, sizeof(config->name)),
		.media_nbytes = media_nbytes,
	};
	if (!device->ops) {
		*why = "no timing model of that name: say null, simple, parallel or nvmevirt1";
		return -EINVAL;
	}
	/* the model stores no data here: keep all owners, for the same results in less time */
	copy.nand.gc_all_owners = media_nbytes <= ALL_OWNERS_NBYTES_MAX;
	device->nbytes = device->ops->bytes_needed(config, media_nbytes);
	if (device->nbytes == 0) {
		/* called for its error message only */
		device->ops->init(NULL, config, media_nbytes, seed, &problem);
		*why = problem ? problem : "the model does not take this configuration";
		return -EINVAL;
	}
	device->model = mmap(NULL, device->nbytes, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (device->model == MAP_FAILED) {
		device->model = NULL;
		*why = "not enough address space for the model's tables";
		return -ENOMEM;
	}
	rc = device->ops->init(device->model, config, media_nbytes, seed, &problem);
	if (rc) {
		*why = problem;
		run_device_close(device);
	}
	return rc;
}

void
run_device_close(struct run_device *device)
{
	if (device->model) {
		munmap(device->model, device->nbytes);
		device->model = NULL;
	}
}

struct run {
	struct run_device *device;
	const struct run_options *options;
	struct run_result *result;
	struct completions completions;
	struct model_stats window_start;
};

/* Complete the totals of the current window, if there is one */
static void
window_close(struct run *run)
{
	struct run_result *result = run->result;
	struct run_window *last;
	struct model_stats stats;

	if (result->window_count == 0) {
		return;
	}
	last = &result->windows[result->window_count - 1];
	run->device->ops->stats(run->device->model, &stats);
	last->user_program_bytes = stats.user_program_bytes - run->window_start.user_program_bytes;
	last->gc_program_bytes = stats.gc_program_bytes - run->window_start.gc_program_bytes;
	run->window_start = stats;
}

/* Add windows up to the one that contains the time `at`. Their number is checked before the first
 * is added: the next request may be years away. */
static int
windows_until(struct run *run, ns_t at)
{
	struct run_result *result = run->result;
	uint64_t needed = (at - result->started_at) / run->options->window_ns + 1;

	if (needed <= result->window_count) {
		return 0;
	}
	if (needed > RUN_WINDOWS_MAX) {
		return -E2BIG;
	}
	window_close(run);
	while (result->window_count < needed) {
		struct run_window *windows =
			grow_by_one(result->windows, result->window_count, &result->window_capacity,
				    sizeof(*windows));

		if (!windows) {
			return -ENOMEM;
		}
		result->windows = windows;
		windows[result->window_count++] = (struct run_window){ 0 };
	}
	return 0;
}

static int
latency_keep(struct run *run, const struct completion *done, bool read)
{
	struct run_result *result = run->result;
	uint64_t *latency_ns = grow_by_one(result->latency_ns, result->requests,
					   &result->latency_capacity, sizeof(*latency_ns));

	if (!latency_ns) {
		return -ENOMEM;
	}
	result->latency_ns = latency_ns;
	latency_ns[result->requests] = (done->at - done->submit) << 1 | !read;
	return 0;
}

static int
record(struct run *run, const struct completion *done)
{
	struct run_result *result = run->result;
	bool read = done->op == MODEL_READ || done->op == MODEL_KV_RETRIEVE;
	bool write = done->op == MODEL_WRITE || done->op == MODEL_ZONE_APPEND ||
		     done->op == MODEL_KV_STORE;
	ns_t window = run->options->window_ns;
	int rc = 0;

	if (run->options->keep_latency) {
		rc = latency_keep(run, done, read);
	}
	if (rc == 0 && window) {
		rc = windows_until(run, done->at);
	}
	if (rc) {
		return rc;
	}
	result->requests += 1;
	result->reads += read;
	result->writes += write;
	result->others += !read && !write;
	result->read_nbytes += read ? done->nbytes : 0;
	result->write_nbytes += write ? done->nbytes : 0;
	if (window) {
		struct run_window *now = &result->windows[result->window_count - 1];

		now->requests += 1;
		now->read_nbytes += read ? done->nbytes : 0;
		now->write_nbytes += write ? done->nbytes : 0;
	}
	result->elapsed = done->at - result->started_at;
	return 0;
}

/* Submit the source's next request at `now` (closed loop) or at its own time; 0 at the end */
static int
submit(struct run *run, const struct run_source *source, ns_t now)
{
	struct model_io io = { 0 };
	ns_t at = now, done;
	int rc = source->next(source->state, &io, &at);

	if (rc <= 0) {
		return rc;
	}
	if (run->options->depth > 1) {
		at = now;
	}
	while (!run->options->depth && completions_next(&run->completions) <= at) {
		struct completion first = completions_pop(&run->completions);

		rc = record(run, &first);
		if (rc) {
			return rc;
		}
	}
	if (run->options->tick) {
		run->device->ops->tick(run->device->model, at);
	}
	done = run->device->ops->begin(run->device->model, at, &io);
	rc = completions_push(&run->completions,
			      (struct completion){ .at = ns_max(done, at), .submit = at,
						   .op = io.op, .nbytes = io.nbytes });
	return rc ? rc : 1;
}

int
run_load(struct run_device *device, const struct run_source *source,
	 const struct run_options *options, struct run_result *result)
{
	struct run run = { .device = device, .options = options, .result = result };
	bool more = true;
	int rc = 1;

	*result = (struct run_result){ .started_at = options->started_at };
	device->ops->stats(device->model, &run.window_start);
	for (uint32_t i = 0; i < options->depth && rc > 0; ++i) {
		rc = submit(&run, source, options->started_at);
	}
	while (options->depth == 0 && rc > 0) {
		rc = submit(&run, source, options->started_at);
	}
	more = options->depth && rc > 0;
	rc = rc < 0 ? rc : 0;
	while (rc == 0 && run.completions.heap.count) {
		struct completion first = completions_pop(&run.completions);

		rc = record(&run, &first);
		if (rc == 0 && more) {
			int got = submit(&run, source, first.at);

			more = got > 0;
			rc = got < 0 ? got : 0;
		}
	}
	if (rc == 0 && options->window_ns && result->window_count) {
		window_close(&run);
	}
	completions_free(&run.completions);
	if (rc) {
		run_result_free(result);
	}
	return rc;
}

void
run_result_free(struct run_result *result)
{
	free(result->latency_ns);
	free(result->windows);
	*result = (struct run_result){ 0 };
}

/* Reads first, each kind in ascending order */
static int
by_kind_and_time(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	x = x >> 1 | x << 63;
	y = y >> 1 | y << 63;
	return x < y ? -1 : x > y;
}

void
run_latencies_sort(struct run_result *result)
{
	if (result->requests && result->latency_ns) {
		qsort(result->latency_ns, result->requests, sizeof(*result->latency_ns),
		      by_kind_and_time);
	}
}

/* The number of latencies of one sorted kind that are at most `value` */
static uint64_t
count_until(const uint64_t *sorted, uint64_t count, uint64_t value)
{
	uint64_t low = 0;

	while (low < count) {
		uint64_t middle = low + (count - low) / 2;

		if (sorted[middle] >> 1 <= value) {
			low = middle + 1;
		} else {
			count = middle;
		}
	}
	return low;
}

uint64_t
run_latency(const struct run_result *result, int which, uint32_t part, double *mean)
{
	uint64_t first = which == 2 ? result->reads : 0;
	uint64_t count = which == 0 ? result->requests :
			 which == 1 ? result->reads : result->requests - result->reads;
	uint64_t rank = (count * part + 9999) / 10000, low = 0, high = UINT64_MAX >> 1;
	const uint64_t *all = result->latency_ns;
	double sum = 0;

	*mean = 0;
	if (count == 0 || !all) {
		return 0;
	}
	for (uint64_t i = first; i < first + count; ++i) {
		sum += (double)(all[i] >> 1);
	}
	*mean = sum / (double)count;
	rank = rank ? rank : 1;
	if (which != 0) {
		return all[first + rank - 1] >> 1;
	}
	while (low < high) { /* the smallest value with `rank` latencies at or below it */
		uint64_t middle = low + (high - low) / 2;

		if (count_until(all, result->reads, middle) +
			    count_until(all + result->reads, count - result->reads, middle) >=
		    rank) {
			high = middle;
		} else {
			low = middle + 1;
		}
	}
	return low;
}
