/* SPDX-License-Identifier: BSD-3-Clause */
/* Recipes of load: `type:key=value:…`, separated by ` | `; each generates a stream of requests */
#ifndef SIM_JOB_H
#define SIM_JOB_H

#include <ssd/time/model.h>

#define JOBS_MAX 16

enum job_type {
	JOB_SEQREAD,
	JOB_SEQWRITE,
	JOB_RANDREAD,
	JOB_RANDWRITE,
	JOB_RANDRW,
	JOB_HOTWRITE,
	JOB_MIXSZ,
	JOB_FLUSH,
	JOB_ZWRITE,
	JOB_ZAPPEND,
	JOB_KVPUT,
	JOB_KVGET,
	JOB_KV,
};

struct job {
	enum job_type type;
	uint64_t block_nbytes;
	uint32_t depth, queues;
	uint64_t count;
	uint64_t lo, hi;   /* bytes; hi 0: the namespace. Key-value: hi is the number of keys */
	uint64_t align_nbytes;
	uint64_t seed;
	uint32_t read_percent;
	uint64_t gap_ns;   /* 0: closed loop */
	uint64_t value_nbytes;
	uint64_t dump;     /* rows in the recording */
	uint64_t window_ns;
	bool fua;
};

/* Parse a recipe; the number of its jobs, or -EINVAL with a sentence in `why` */
int jobs_parse(const char *text, struct job jobs[JOBS_MAX], char *why, size_t why_nbytes);

/* The requests of a job, generated one by one */
struct job_stream {
	const struct job *job;
	uint64_t lo, span, slots;
	uint64_t zone_nbytes;
	uint64_t rng;
	uint64_t next;       /* index of the next request */
	uint64_t *zone, *zone_at; /* per queue: its zone, and the offset in it */
	uint64_t zone_end;
};

int job_stream_open(struct job_stream *stream, const struct job *job, uint64_t namespace_nbytes,
		    uint64_t zone_nbytes, char *why, size_t why_nbytes);
void job_stream_close(struct job_stream *stream);

/* The next request, for queue `queue`; false at the end */
bool job_stream_next(struct job_stream *stream, uint32_t queue, struct model_io *io,
		     uint64_t *index);

#endif /* SIM_JOB_H */
