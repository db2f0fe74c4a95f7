/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Recipes of load, and the streams of requests that they generate. The folder is explained in
 * sim.h.
 */
#include <base/prng.h>
#include <errno.h>
#include <sim/job.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	enum job_type type;
} job_types[] = {
	{ "seqread", JOB_SEQREAD },     { "seqwrite", JOB_SEQWRITE },
	{ "randread", JOB_RANDREAD },   { "randwrite", JOB_RANDWRITE },
	{ "randrw", JOB_RANDRW },       { "hotwrite", JOB_HOTWRITE },
	{ "mixsz", JOB_MIXSZ },         { "flush", JOB_FLUSH },
	{ "zwrite", JOB_ZWRITE },       { "zappend", JOB_ZAPPEND },
	{ "kvput", JOB_KVPUT },         { "kvget", JOB_KVGET },
	{ "kv", JOB_KV },
};

/* Parse a number with an optional suffix k, m, g or t (powers of 1024) at the end of the text */
static bool
number_parse(const char *text, uint64_t *value)
{
	char *end;
	int shift = 0;

	if (*text < '0' || *text > '9') {
		return false;
	}
	errno = 0;
	*value = strtoull(text, &end, 0);
	if (errno) {
		return false;
	}
	switch (*end) {
	case 'k':
	case 'K':
		shift = 10;
		break;
	case 'm':
	case 'M':
		shift = 20;
		break;
	case 'g':
	case 'G':
		shift = 30;
		break;
	case 't':
	case 'T':
		shift = 40;
		break;
	default:
		break;
	}
	if (shift) {
		end += 1;
	}
	if (*end || (shift && *value >> (64 - shift))) {
		return false;
	}
	*value <<= shift;
	return true;
}

static bool
field_set(struct job *job, const char *key, uint64_t value)
{
	struct {
		const char *key;
		uint64_t *to;
	} wide[] = {
		{ "bs", &job->block_nbytes }, { "n", &job->count },
		{ "lo", &job->lo },           { "hi", &job->hi },
		{ "align", &job->align_nbytes }, { "seed", &job->seed },
		{ "gap", &job->gap_ns },      { "vl", &job->value_nbytes },
		{ "dump", &job->dump },       { "win", &job->window_ns },
	};

	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); ++i) {
		if (strcmp(key, wide[i].key) == 0) {
			*wide[i].to = value;
			return true;
		}
	}
	if (strcmp(key, "qd") == 0 && value >= 1 && value <= 65536) {
		job->depth = (uint32_t)value;
	} else if (strcmp(key, "sq") == 0 && value >= 1 && value <= 65535) {
		job->queues = (uint32_t)value;
	} else if (strcmp(key, "mix") == 0 && value <= 100) {
		job->read_percent = (uint32_t)value;
	} else if (strcmp(key, "fua") == 0 && value <= 1) {
		job->fua = value == 1;
	} else {
		return false;
	}
	return true;
}

static const char *
job_wrong(const struct job *job)
{
	if (job->block_nbytes == 0 || job->block_nbytes % 512 || job->block_nbytes > 1U << 30) {
		return "`bs` must be a multiple of 512 bytes, at most 1 GiB";
	}
	if (job->align_nbytes == 0 || job->align_nbytes % 512) {
		return "`align` must be a multiple of 512 bytes";
	}
	if (job->lo % 512 || job->count == 0 || job->count > 1ULL << 32) {
		return "`lo` must be a multiple of 512, `n` from 1 to 2^32";
	}
	if (job->gap_ns > 3600 * NS_PER_S || job->gap_ns * job->count > 1ULL << 62) {
		return "`gap` is at most an hour, and `gap` times `n` a century";
	}
	if ((uint64_t)job->depth * job->queues > 1U << 22) {
		return "`qd` times `sq` is at most 4194304";
	}
	if ((job->type == JOB_KVGET || job->type == JOB_KV) && job->hi == 0) {
		return "key-value reads need `hi`, the number of keys";
	}
	if (job->type >= JOB_KVPUT && (job->value_nbytes == 0 || job->value_nbytes > 1U << 30)) {
		return "key-value jobs need `vl`, the bytes of a value";
	}
	return NULL;
}

static int
job_parse(char *text, struct job *job, char *why, size_t why_nbytes)
{
	char *save = NULL;
	char *part = strtok_r(text, ":", &save);
	const char *problem;
	size_t i;

	*job = (struct job){ .block_nbytes = 4096, .depth = 1, .queues = 1, .count = 1,
			     .seed = 1, .dump = 0 };
	for (i = 0; part && i < sizeof(job_types) / sizeof(job_types[0]); ++i) {
		if (strcmp(part, job_types[i].name) == 0) {
			job->type = job_types[i].type;
			break;
		}
	}
	if (!part || i == sizeof(job_types) / sizeof(job_types[0])) {
		snprintf(why, why_nbytes, "no job type '%s': say seqread, seqwrite, randread, "
			 "randwrite, randrw, hotwrite, mixsz, flush, zwrite, zappend, kvput, "
			 "kvget or kv", part ? part : "");
		return -EINVAL;
	}
	while ((part = strtok_r(NULL, ":", &save))) {
		char *equals = strchr(part, '=');
		uint64_t value;

		if (equals) {
			*equals = '\0';
		}
		if (!equals || !number_parse(equals + 1, &value) ||
		    !field_set(job, part, value)) {
			snprintf(why, why_nbytes, "job field '%s' is unknown or its value is "
				 "out of range", part);
			return -EINVAL;
		}
	}
	job->align_nbytes = job->align_nbytes ? job->align_nbytes : job->block_nbytes;
	problem = job_wrong(job);
	if (problem) {
		snprintf(why, why_nbytes, "%s", problem);
		return -EINVAL;
	}
	return 0;
}

int
jobs_parse(const char *text, struct job jobs[JOBS_MAX], char *why, size_t why_nbytes)
{
	char *copy = strdup(text);
	char *save = NULL;
	int count = 0, rc = 0;

	if (!copy) {
		return -ENOMEM;
	}
	for (char *part = strtok_r(copy, "|", &save); part && rc == 0;
	     part = strtok_r(NULL, "|", &save)) {
		size_t length;

		part += strspn(part, " ");
		length = strlen(part);
		while (length && part[length - 1] == ' ') {
			part[--length] = '\0';
		}
		if (count == JOBS_MAX) {
			snprintf(why, why_nbytes, "a recipe has at most %d jobs", JOBS_MAX);
			rc = -EINVAL;
			break;
		}
		rc = job_parse(part, &jobs[count++], why, why_nbytes);
	}
	free(copy);
	if (rc == 0 && count == 0) {
		snprintf(why, why_nbytes, "the recipe is empty");
		rc = -EINVAL;
	}
	return rc ? rc : count;
}

static int
zones_open(struct job_stream *stream, char *why, size_t why_nbytes)
{
	const struct job *job = stream->job;

	if (stream->zone_nbytes == 0) {
		snprintf(why, why_nbytes, "zwrite and zappend need a zoned preset");
		return -EINVAL;
	}
	stream->zone = calloc(job->queues, sizeof(*stream->zone));
	stream->zone_at = calloc(job->queues, sizeof(*stream->zone_at));
	if (!stream->zone || !stream->zone_at) {
		job_stream_close(stream);
		return -ENOMEM;
	}
	for (uint32_t s = 0; s < job->queues; ++s) {
		stream->zone[s] = stream->lo / stream->zone_nbytes + s;
	}
	stream->zone_end = (stream->lo + stream->span) / stream->zone_nbytes;
	return 0;
}

int
job_stream_open(struct job_stream *stream, const struct job *job, uint64_t namespace_nbytes,
		uint64_t zone_nbytes, char *why, size_t why_nbytes)
{
	uint64_t most = job->type == JOB_MIXSZ ? 4096U << 5 : job->block_nbytes;
	uint64_t hi = job->hi ? job->hi : namespace_nbytes >> 20 << 20;

	*stream = (struct job_stream){ .job = job, .rng = job->seed, .zone_nbytes = zone_nbytes };
	if (job->type >= JOB_KVPUT) {
		return 0;
	}
	if (hi > namespace_nbytes || job->lo >= hi || hi - job->lo < most) {
		snprintf(why, why_nbytes, "the range of the job (%llu to %llu) does not lie in "
			 "the namespace of %llu bytes, or is smaller than a request",
			 (unsigned long long)job->lo, (unsigned long long)hi,
			 (unsigned long long)namespace_nbytes);
		return -EINVAL;
	}
	stream->lo = job->lo;
	stream->span = hi - job->lo;
	stream->slots = (stream->span - job->block_nbytes) / job->align_nbytes + 1;
	if (job->type == JOB_ZWRITE || job->type == JOB_ZAPPEND) {
		return zones_open(stream, why, why_nbytes);
	}
	return 0;
}

void
job_stream_close(struct job_stream *stream)
{
	free(stream->zone);
	free(stream->zone_at);
	stream->zone = NULL;
	stream->zone_at = NULL;
}

static uint64_t
random_slot(struct job_stream *stream, uint64_t first, uint64_t count)
{
	uint64_t slot = first + prng_next(&stream->rng) % count;

	return stream->lo + slot * stream->job->align_nbytes;
}

static void
mixed_sizes(struct job_stream *stream, struct model_io *io)
{
	uint64_t x = prng_next(&stream->rng);
	uint64_t size = 4096ULL << (prng_next(&stream->rng) % 6);

	io->op = x % 100 < stream->job->read_percent ? MODEL_READ : MODEL_WRITE;
	io->nbytes = size;
	io->offset = stream->lo +
		     prng_next(&stream->rng) % ((stream->span - size) / 4096 + 1) * 4096;
}

/* Sequential in one zone after another; an append specifies the start of the zone */
static bool
zone_next(struct job_stream *stream, uint32_t queue, struct model_io *io)
{
	uint64_t *zone = &stream->zone[queue], *at = &stream->zone_at[queue];

	if (*at >= stream->zone_nbytes) {
		*zone += stream->job->queues;
		*at = 0;
	}
	if (*zone >= stream->zone_end) {
		return false;
	}
	io->op = stream->job->type == JOB_ZAPPEND ? MODEL_ZONE_APPEND : MODEL_WRITE;
	io->offset = *zone * stream->zone_nbytes + (io->op == MODEL_WRITE ? *at : 0);
	*at += io->nbytes;
	return true;
}

static void
key_value(struct job_stream *stream, struct model_io *io, uint64_t index)
{
	const struct job *job = stream->job;

	io->nbytes = job->value_nbytes;
	io->op = job->type == JOB_KVPUT ? MODEL_KV_STORE : MODEL_KV_RETRIEVE;
	io->offset = job->type == JOB_KVPUT ? index : prng_next(&stream->rng) % job->hi;
	if (job->type == JOB_KV && prng_next(&stream->rng) % 100 >= job->read_percent) {
		io->op = MODEL_KV_STORE;
	}
}

static void
hot_write(struct job_stream *stream, struct model_io *io)
{
	uint64_t x = prng_next(&stream->rng);
	uint64_t hot = stream->slots / 5; /* a fifth of the space gets four fifths of the load */

	io->op = MODEL_WRITE;
	if (x % 100 < 80 && hot > 0) {
		io->offset = random_slot(stream, 0, hot);
	} else {
		io->offset = random_slot(stream, hot, stream->slots - hot);
	}
}

bool
job_stream_next(struct job_stream *stream, uint32_t queue, struct model_io *io, uint64_t *index)
{
	const struct job *job = stream->job;

	if (stream->next == job->count) {
		return false;
	}
	*index = stream->next;
	*io = (struct model_io){ .nbytes = job->block_nbytes, .fua = job->fua };
	switch (job->type) {
	case JOB_SEQREAD:
	case JOB_SEQWRITE:
		io->op = job->type == JOB_SEQREAD ? MODEL_READ : MODEL_WRITE;
		io->offset = stream->lo + *index * job->block_nbytes % stream->span;
		break;
	case JOB_RANDREAD:
	case JOB_RANDWRITE:
		io->op = job->type == JOB_RANDREAD ? MODEL_READ : MODEL_WRITE;
		io->offset = random_slot(stream, 0, stream->slots);
		break;
	case JOB_RANDRW:
		io->op = prng_next(&stream->rng) % 100 < job->read_percent ? MODEL_READ :
									     MODEL_WRITE;
		io->offset = random_slot(stream, 0, stream->slots);
		break;
	case JOB_HOTWRITE:
		hot_write(stream, io);
		break;
	case JOB_MIXSZ:
		mixed_sizes(stream, io);
		break;
	case JOB_FLUSH:
		if (*index % 8 == 7) {
			io->op = MODEL_FLUSH;
			io->nbytes = 512; /* as recorded: one block at LBA 0 */
			break;
		}
		io->op = MODEL_WRITE;
		io->offset = random_slot(stream, 0, stream->slots);
		break;
	case JOB_ZWRITE:
	case JOB_ZAPPEND:
		if (!zone_next(stream, queue, io)) {
			return false;
		}
		break;
	case JOB_KVPUT:
	case JOB_KVGET:
	case JOB_KV:
	default:
		key_value(stream, io, *index);
		break;
	}
	io->fua = io->fua && io->op != MODEL_READ;
	stream->next += 1;
	return true;
}
