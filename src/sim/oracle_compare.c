/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Runs recorded recipes on the parallel model: measures how far its bandwidth and mean latency are
 * from those of NVMeVirt, and reports the reason where they must differ.
 */
#include <errno.h>
#include <math.h>
#include <sim/oracle_internal.h>
#include <sim/run.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIFFERENCE_MIN 0.01 /* percent: the resolution of the recordings' digits */
#define DIFFERENCE_LARGE 5.0
#define UNWRITTEN_MIN 0.01 /* of the pages read: enough to be visible in a mean */
#define PAGE_NBYTES 4096

/* The stream of a job, and its effect on the drive's pages */
struct load {
	struct job_stream stream;
	uint8_t *written; /* one bit per page of 4 KiB */
	uint64_t pages, read_pages, unwritten_pages;
	bool partial; /* a write covers only a part of a page */
};

static void
pages_note(struct load *load, const struct model_io *io)
{
	uint64_t page = io->offset / PAGE_NBYTES;
	uint64_t end = io->nbytes ? (io->offset + io->nbytes - 1) / PAGE_NBYTES + 1 : page;

	if (io->op != MODEL_READ && io->op != MODEL_WRITE) {
		return;
	}
	if (io->op == MODEL_WRITE && (io->offset | io->nbytes) % PAGE_NBYTES) {
		load->partial = true;
	}
	for (; page < end && page < load->pages; ++page) {
		uint8_t bit = (uint8_t)(1U << page % 8);

		if (io->op == MODEL_WRITE) {
			load->written[page / 8] |= bit;
			continue;
		}
		load->read_pages += 1;
		load->unwritten_pages += (load->written[page / 8] & bit) == 0;
	}
}

static int
load_next(void *state, struct model_io *io, ns_t *at)
{
	struct load *load = state;
	const struct job *job = load->stream.job;
	uint32_t queue = job->gap_ns ? 0 : (uint32_t)(load->stream.next % job->queues);
	uint64_t index = load->stream.next;

	if (job->gap_ns) {
		*at += index * job->gap_ns;
	}
	if (!job_stream_next(&load->stream, queue, io, &index)) {
		return 0;
	}
	pages_note(load, io);
	return 1;
}

/*
 * Configures the same drive for the parallel model. NVMeVirt divides each partition into 8192
 * lines, independent of the capacity, and rounds their blocks up to whole one-shot pages: the raw
 * capacity of the NAND, the size of a line and (a block of one flash page has only pages of the
 * first type) the page types follow from that.
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
	if (block == 1) { /* a block of one page, which is of the first type */
		nand->cell_bits = 1;
		memset(nand->read_4k_ns + 1, 0, 3 * sizeof(nand->read_4k_ns[0]));
		memset(nand->read_ns + 1, 0, 3 * sizeof(nand->read_ns[0]));
	}
	block *= nand->oneshot_page_nbytes;
	nand->raw_nbytes = block * 8192 * dies;
	nand->line_pages = (uint32_t)(block * dies / nand->partitions / 4096);
	nand->gc_free_lines = 8; /* two per partition */
}

/* Actions of the last job that NVMeVirt models differently */
struct doings {
	bool partial;   /* wrote parts of pages */
	bool unwritten; /* read unwritten pages */
	uint64_t erased, moved_before; /* lines that it collected; pages moved before it */
};

static int
jobs_run(const struct recording *recording, struct run_device *device, struct load *load,
	 struct run_result *result, struct doings *doings, char *why, size_t why_nbytes)
{
	struct model_stats before, after;
	ns_t at = 0;
	int rc = 0;

	for (int j = 0; j < recording->job_count && rc == 0; ++j) {
		const struct job *job = &recording->jobs[j];
		struct run_source source = { load_next, load };
		struct run_options options = {
			.depth = job->gap_ns ? 0 : job->depth * job->queues,
			.started_at = at, .keep_latency = j == recording->job_count - 1,
		};

		run_result_free(result);
		load->read_pages = 0;
		load->unwritten_pages = 0;
		load->partial = false;
		device->ops->stats(device->model, &before);
		rc = job_stream_open(&load->stream, job, recording->namespace_nbytes,
				     recording->config.nand.zone_nbytes, why, why_nbytes);
		if (rc) {
			break;
		}
		rc = run_load(device, &source, &options, result);
		job_stream_close(&load->stream);
		at += result->elapsed + NS_PER_S;
	}
	device->ops->stats(device->model, &after);
	*doings = (struct doings){
		.partial = load->partial,
		.unwritten = (double)load->unwritten_pages >
			     UNWRITTEN_MIN * (double)load->read_pages,
		.erased = after.erases - before.erases,
		.moved_before = before.gc_moves,
	};
	return rc;
}

/* The reason why the models must differ, in a few words; NULL: they should agree */
static const char *
reason_of(const struct recording *recording, const struct doings *doings)
{
	const struct job *last = &recording->jobs[recording->job_count - 1];
	uint64_t errors = 0, refusals = 0;

	oracle_u64(oracle_value(recording, "/errors"), &errors);
	oracle_u64(oracle_value(recording, "/retries_buffer_full"), &refusals);
	if (errors) {
		return "NVMeVirt answers errors at once";
	}
	if (last->fua || last->type == JOB_FLUSH) {
		return "FUA and Flush are durable here";
	}
	if (doings->partial) {
		return "pages written in part are merged here";
	}
	if (doings->unwritten) {
		return "unwritten reads cost firmware and link here";
	}
	if (doings->erased) {
		return "collection here has lines across partitions, and programs after reads";
	}
	if (doings->moved_before && last->block_nbytes > PAGE_NBYTES) {
		return "collection spreads what it moves over all lanes here";
	}
	if (last->queues > 1 && refusals) {
		return "queues that wait for the buffer take turns here";
	}
	if (recording->config.nand.zone_nbytes && last->block_nbytes > 131072 &&
	    (last->type == JOB_RANDREAD || last->type == JOB_SEQREAD)) {
		return "the link takes a large read as its pages come here";
	}
	return NULL;
}

/* All values count for the harmonic mean; the mean and the maximum exclude large ones with a
 * reason */
static void
difference_add(struct oracle_compare_result *result, double percent, const char *reason)
{
	double size = fabs(percent);

	result->values += 1;
	result->sum_of_inverses += 1 / (size < DIFFERENCE_MIN ? DIFFERENCE_MIN : size);
	result->harmonic_mean_percent = (double)result->values / result->sum_of_inverses;
	if (size > DIFFERENCE_LARGE && reason) {
		result->reasoned += 1;
		return;
	}
	result->plain += 1;
	result->mean_percent += (size - result->mean_percent) / (double)result->plain;
	result->largest_percent = size > result->largest_percent ? size : result->largest_percent;
}

static int
compare(struct oracle *oracle, const struct recording *recording, const struct doings *doings,
	struct run_result *run, struct oracle_compare_result *result)
{
	const char *reason = reason_of(recording, doings);
	double bandwidth = 0, latency, was_bandwidth, was_latency, percent[2];
	bool large;

	if (!oracle_double(oracle_value(recording, "/MiB_per_s"), &was_bandwidth) ||
	    !oracle_double(oracle_value(recording, "/lat_ns/mean"), &was_latency)) {
		oracle_say(oracle, "the JSON has no `MiB_per_s` and `lat_ns.mean` to compare with");
		return -EINVAL;
	}
	run_latency(run, 0, 5000, &latency);
	if (run->elapsed) {
		bandwidth = (double)(run->read_nbytes + run->write_nbytes) / 1048576 /
			    ((double)run->elapsed / 1e9);
	}
	result->runs += 1;
	if (was_latency <= 0 || was_bandwidth <= 0) { /* avoid a division by zero */
		result->reasoned += 2;
		oracle_say(oracle, "%.1f MiB/s, mean %.0f ns (recorded without any time): %s",
			   bandwidth, latency, reason ? reason : "no reason known");
		return reason ? 0 : -EINVAL;
	}
	percent[0] = 100 * (bandwidth / was_bandwidth - 1);
	percent[1] = 100 * (latency / was_latency - 1);
	large = fabs(percent[0]) > DIFFERENCE_LARGE || fabs(percent[1]) > DIFFERENCE_LARGE;
	difference_add(result, percent[0], reason);
	difference_add(result, percent[1], reason);
	oracle_say(oracle, "%.1f MiB/s (%.1f, %+.2f %%), mean %.0f ns (%.0f, %+.2f %%)%s%s",
		   bandwidth, was_bandwidth, percent[0], latency, was_latency, percent[1],
		   large ? ": " : "", large && reason ? reason : large ? "no reason known" : "");
	return 0;
}

static int
device_open(struct oracle *oracle, struct recording *recording, struct run_device *device,
	    struct load *load)
{
	struct model_config config;
	const char *problem = NULL;
	int rc;

	recording->namespace_nbytes = nvmevirt1_namespace_nbytes(&recording->config,
								 recording->storage_nbytes);
	drive_of(recording, &config);
	rc = run_device_open(device, &config, recording->namespace_nbytes, 1, &problem);
	if (rc) {
		oracle_say(oracle, "%s", problem ? problem : strerror(-rc));
		return rc;
	}
	load->pages = recording->namespace_nbytes / PAGE_NBYTES + 1;
	load->written = calloc(load->pages / 8 + 1, 1);
	return load->written ? 0 : -ENOMEM;
}

static int
compare_file(struct oracle *oracle, struct oracle_compare_result *result)
{
	struct recording recording = { 0 };
	struct run_device device = { 0 };
	struct run_result run = { 0 };
	struct load load = { 0 };
	struct doings doings;
	char why[256] = "";
	int rc = oracle_load(oracle, &recording);

	if (rc == 0 && recording.config.nand.channels == 0) {
		oracle_say(oracle, "not compared: the recording is of a drive without NAND");
		json_object_put(recording.json);
		return 0;
	}
	rc = rc ? rc : device_open(oracle, &recording, &device, &load);
	rc = rc ? rc : jobs_run(&recording, &device, &load, &run, &doings, why, sizeof(why));
	if (rc == 0) {
		rc = compare(oracle, &recording, &doings, &run, result);
	} else if (why[0]) {
		oracle_say(oracle, "%s", why);
	}
	run_result_free(&run);
	run_device_close(&device);
	free(load.written);
	json_object_put(recording.json);
	return rc;
}

int
oracle_compare(const char *path, sim_say_fn say, void *arg,
			struct oracle_compare_result *result)
{
	return oracle_each(path, say, arg, compare_file, result);
}
