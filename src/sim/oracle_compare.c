/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Recorded recipes on the parallel model: how far its bandwidth and mean latency are from those of
 * NVMeVirt, with the reason where they must differ.
 */
#include <errno.h>
#include <math.h>
#include <sim/oracle_internal.h>
#include <sim/run.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIFFERENCE_MIN 0.01 /* percent: what the recordings' digits can tell apart */
#define DIFFERENCE_LARGE 5.0

static int
stream_next(void *state, struct model_io *io, ns_t *at)
{
	struct job_stream *stream = state;
	uint64_t index;

	(void)at;
	return job_stream_next(stream, (uint32_t)(stream->next % stream->job->queues), io, &index);
}

static int
stream_next_timed(void *state, struct model_io *io, ns_t *at)
{
	struct job_stream *stream = state;
	uint64_t index = stream->next;

	*at += index * stream->job->gap_ns;
	return job_stream_next(stream, 0, io, &index);
}

/*
 * The same drive for the parallel model. NVMeVirt cuts 8192 lines out of each partition, whatever
 * the capacity, and rounds their blocks up to whole one-shot pages: the NAND behind the drive, the
 * size of a line and (a block of one flash page has pages of the first type only) the page types
 * follow from that.
 */
static void
drive_of(const struct recording *recording, struct model_config *config)
{
	struct model_nand_config *nand = &config->nand;
	uint64_t dies = (uint64_t)nand->channels * nand->dies_per_channel;
	uint64_t block;

	*config = recording->config;
	memcpy(config->name, "parallel", sizeof("parallel"));
	if (nand->zone_nbytes) {
		return;
	}
	dies = (uint64_t)nand->channels * nand->dies_per_channel;
	block = (recording->storage_nbytes + 8192 * dies - 1) / (8192 * dies);
	block = (block + nand->oneshot_page_nbytes - 1) / nand->oneshot_page_nbytes;
	if (block == 1) {
		nand->cell_bits = 1;
	}
	block *= nand->oneshot_page_nbytes;
	nand->raw_nbytes = block * 8192 * dies;
	nand->line_pages = (uint32_t)(block * dies / nand->partitions / 4096);
	nand->gc_free_lines = 8; /* two in each partition */
}

static int
jobs_run(const struct recording *recording, struct run_device *device, struct run_result *result,
	 char *why, size_t why_nbytes)
{
	ns_t at = 0;
	int rc = 0;

	for (int j = 0; j < recording->job_count && rc == 0; j++) {
		const struct job *job = &recording->jobs[j];
		struct job_stream stream;
		struct run_source source = { job->gap_ns ? stream_next_timed : stream_next,
					     &stream };
		struct run_options options = {
			.depth = job->gap_ns ? 0 : job->depth * job->queues,
			.started_at = at, .keep_latency = j == recording->job_count - 1,
		};

		run_result_free(result);
		rc = job_stream_open(&stream, job, recording->namespace_nbytes,
				     recording->config.nand.zone_nbytes, why, why_nbytes);
		if (rc) {
			break;
		}
		rc = run_load(device, &source, &options, result);
		job_stream_close(&stream);
		at += result->elapsed + NS_PER_S;
	}
	return rc;
}

/* Why the model must not agree, in a word; NULL: it should */
static const char *
reason_of(const struct recording *recording)
{
	const struct job *last = &recording->jobs[recording->job_count - 1];

	if (last->fua) {
		return "FUA is durable here";
	}
	if (recording->job_count == 1 && last->type == JOB_RANDREAD) {
		return "unwritten reads cost firmware and link here";
	}
	if (recording->job_count > 1 &&
	    (last->type == JOB_RANDWRITE || last->type == JOB_HOTWRITE)) {
		return "collection programs after it has read here";
	}
	return NULL;
}

static double
number_of(const struct recording *recording, const char *path)
{
	double number;

	return oracle_double(oracle_value(recording, path), &number) ? number : 0;
}

static void
difference_add(struct nvmevirt_compare_result *result, double percent, const char *reason)
{
	double size = fabs(percent);

	if (size > DIFFERENCE_LARGE && reason) {
		result->reasoned++;
		return;
	}
	result->values++;
	result->sum_of_inverses += 1 / (size < DIFFERENCE_MIN ? DIFFERENCE_MIN : size);
	result->mean_percent += (size - result->mean_percent) / (double)result->values;
	result->largest_percent = size > result->largest_percent ? size : result->largest_percent;
	result->harmonic_mean_percent = (double)result->values / result->sum_of_inverses;
}

static void
compare(struct oracle *oracle, const struct recording *recording, struct run_result *run,
	struct nvmevirt_compare_result *result)
{
	const char *reason = reason_of(recording);
	double bandwidth = 0, latency, was_bandwidth, was_latency, percent[2];
	bool large;

	run_latency(run, 0, 5000, &latency);
	if (run->elapsed) {
		bandwidth = (double)(run->read_nbytes + run->write_nbytes) / 1048576 /
			    ((double)run->elapsed / 1e9);
	}
	was_bandwidth = number_of(recording, "/MiB_per_s");
	was_latency = number_of(recording, "/lat_ns/mean");
	percent[0] = was_bandwidth > 0 ? 100 * (bandwidth / was_bandwidth - 1) : INFINITY;
	percent[1] = was_latency > 0 ? 100 * (latency / was_latency - 1) : INFINITY;
	large = fabs(percent[0]) > DIFFERENCE_LARGE || fabs(percent[1]) > DIFFERENCE_LARGE;
	result->runs++;
	difference_add(result, percent[0], reason);
	difference_add(result, percent[1], reason);
	oracle_say(oracle, "%.1f MiB/s (%.1f, %+.2f %%), mean %.0f ns (%.0f, %+.2f %%)%s%s",
		   bandwidth, was_bandwidth, percent[0], latency, was_latency, percent[1],
		   large ? ": " : "", large && reason ? reason : "");
}

static int
compare_file(struct oracle *oracle, struct nvmevirt_compare_result *result)
{
	struct recording recording = { 0 };
	struct run_device device = { 0 };
	struct run_result run = { 0 };
	struct model_config config;
	const char *problem = NULL;
	char why[256] = "";
	int rc = oracle_load(oracle, &recording);

	if (rc == 0 && recording.config.nand.channels == 0) {
		oracle_say(oracle, "not compared: the recording is of a drive without NAND");
		json_object_put(recording.json);
		return 0;
	}
	if (rc == 0) {
		recording.namespace_nbytes = nvmevirt1_namespace_nbytes(&recording.config,
									recording.storage_nbytes);
		drive_of(&recording, &config);
		rc = run_device_open(&device, &config, recording.namespace_nbytes, 1, &problem);
		if (problem) {
			oracle_say(oracle, "%s", problem);
		}
	}
	rc = rc ? rc : jobs_run(&recording, &device, &run, why, sizeof(why));
	if (rc == 0) {
		compare(oracle, &recording, &run, result);
	} else if (why[0]) {
		oracle_say(oracle, "%s", why);
	}
	run_result_free(&run);
	run_device_close(&device);
	json_object_put(recording.json);
	return rc;
}

int
nvmevirt_oracle_compare(const char *path, nvmevirt_say_fn say, void *arg,
			struct nvmevirt_compare_result *result)
{
	return oracle_each(path, say, arg, compare_file, result);
}
