/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Runs one job on NVMeVirt's model by the rules of the recorded runs: the queues are served one
 * after another, each in order until the model refuses a request; a refused request is submitted
 * again at the next release of the buffer. At equal times releases precede completions, and
 * completions keep the order of their acceptance.
 */
#include <errno.h>
#include <sim/completions.h>
#include <sim/replay.h>
#include <sim/grow.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX
#define WINDOWS_MAX (1U << 22)

/* The start value of the recordings; FNV's has one digit more */
#define FINGERPRINT_BASIS 1469598103934665603ULL

struct slot {
	struct model_io io;
	uint64_t index;
	ns_t submit, start;
	uint16_t status;
	uint32_t queue;
	uint32_t next; /* the next in its queue, or the next free slot */
};

struct queue {
	uint32_t head, tail; /* waiting slots */
};

struct replay {
	struct nvmevirt1 *nv;
	struct job_stream stream;
	struct replay_result *result;
	ns_t now;
	struct slot *slots;
	uint32_t slot_count, free_slot;
	struct completions completions;
	struct queue *queues;
	struct nvmevirt1_totals before; /* at the start of the window */
	uint64_t window_nbytes;
};

/* The number of waiting requests is unbounded in an open loop */
static int
slots_grow(struct replay *run)
{
	uint32_t count = run->slot_count ? run->slot_count * 2 : 64;
	struct slot *slots = realloc(run->slots, count * sizeof(*slots));

	if (!slots) {
		return -ENOMEM;
	}
	run->slots = slots;
	for (uint32_t i = run->slot_count; i < count; ++i) {
		slots[i].next = i + 1 < count ? i + 1 : run->free_slot;
	}
	run->free_slot = run->slot_count;
	run->slot_count = count;
	return 0;
}

/* Append the stream's next request to a queue; 1, 0 at the end of the stream, or -errno */
static int
submit(struct replay *run, uint32_t queue)
{
	struct queue *to = &run->queues[queue];
	struct slot *slot;
	uint32_t at;
	int rc;

	if (run->free_slot == NONE) {
		rc = slots_grow(run);
		if (rc) {
			return rc;
		}
	}
	at = run->free_slot;
	slot = &run->slots[at];
	if (!job_stream_next(&run->stream, queue, &slot->io, &slot->index)) {
		return 0;
	}
	run->free_slot = slot->next;
	slot->submit = run->now;
	slot->queue = queue;
	slot->next = NONE;
	if (to->head == NONE) {
		to->head = at;
	} else {
		run->slots[to->tail].next = at;
	}
	to->tail = at;
	return 1;
}

static int
queue_offer(struct replay *run, struct queue *queue)
{
	int rc = 0;

	while (rc == 0 && queue->head != NONE) {
		struct slot *slot = &run->slots[queue->head];
		struct nvmevirt1_result answer;

		if (!nvmevirt1_submit(run->nv, run->now, &slot->io, &answer)) {
			run->result->refusals += 1;
			break;
		}
		slot->start = run->now;
		slot->status = answer.status;
		rc = completions_push(&run->completions,
				      (struct completion){ .at = ns_max(answer.done, run->now),
							   .slot = queue->head });
		queue->head = slot->next;
	}
	return rc;
}

static uint64_t
fnv1a64_add(uint64_t hash, uint64_t value)
{
	for (int i = 0; i < 8; ++i) {
		hash = (hash ^ ((value >> (8 * i)) & 0xff)) * 0x100000001b3ULL;
	}
	return hash;
}

static void
record(struct replay *run, const struct slot *slot)
{
	struct replay_result *result = run->result;
	ns_t started = result->started_at;
	bool reads = slot->io.op == MODEL_READ || slot->io.op == MODEL_KV_RETRIEVE;

	result->fingerprint = fnv1a64_add(result->fingerprint, slot->index);
	result->fingerprint = fnv1a64_add(result->fingerprint, slot->start - started);
	result->fingerprint = fnv1a64_add(result->fingerprint, run->now - started);
	if (slot->index < result->rows_max) {
		result->rows[slot->index] = (struct replay_row){
			.index = slot->index, .queue = slot->queue, .io = slot->io,
			.submit = slot->submit - started, .start = slot->start - started,
			.done = run->now - started, .status = slot->status,
		};
	}
	if (result->latencies && result->requests < result->latency_max_count) {
		/* lowest bit: 1 for a write */
		result->latencies[result->requests] = (run->now - slot->submit) << 1 | !reads;
	}
	result->requests += 1;
	result->reads += reads;
	result->writes += !reads; /* includes flushes, as recorded */
	result->errors += slot->status != 0;
	if (slot->io.op != MODEL_FLUSH) {
		result->nbytes += slot->io.nbytes;
		run->window_nbytes += slot->io.nbytes;
	}
	result->elapsed = run->now - started;
}

static int
window_close(struct replay *run)
{
	struct replay_result *result = run->result;
	struct replay_window *windows;
	struct nvmevirt1_totals totals;

	if (result->window_count == WINDOWS_MAX) {
		return -E2BIG;
	}
	windows = grow_by_one(result->windows, result->window_count, &result->windows_max,
			      sizeof(*windows));
	if (!windows) {
		return -ENOMEM;
	}
	result->windows = windows;
	nvmevirt1_totals(run->nv, &totals);
	windows[result->window_count] = (struct replay_window){
		.end = (result->window_count + 1) * run->stream.job->window_ns,
		.nbytes = run->window_nbytes,
		.gc_programs = totals.gc_program_ops - run->before.gc_program_ops,
		.gc_erases = totals.gc_erase_ops - run->before.gc_erase_ops,
	};
	result->window_count += 1;
	run->before = totals;
	run->window_nbytes = 0;
	return 0;
}

/* As recorded: a window ends with the first completion after it, and the last one is dropped */
static int
windows_until(struct replay *run, ns_t now)
{
	ns_t window = run->stream.job->window_ns;
	int rc = 0;

	while (window && rc == 0 &&
	       now >= run->result->started_at + (run->result->window_count + 1) * window) {
		rc = window_close(run);
	}
	return rc;
}

/* Submit the first requests of a closed loop */
static int
prime(struct replay *run)
{
	const struct job *job = run->stream.job;
	int rc = 1;

	for (uint32_t d = 0; d < job->depth; ++d) {
		for (uint32_t s = 0; s < job->queues && rc >= 0; ++s) {
			rc = submit(run, s);
		}
	}
	return rc < 0 ? rc : 0;
}

static int
dispatch(struct replay *run)
{
	int rc = 0;

	for (uint32_t s = 0; rc == 0 && s < run->stream.job->queues; ++s) {
		rc = queue_offer(run, &run->queues[s]);
	}
	return rc;
}

/* Record the first completion and submit the queue's next request */
static int
complete(struct replay *run)
{
	struct completion first = completions_pop(&run->completions);
	struct slot *slot = &run->slots[first.slot];
	uint32_t queue = slot->queue;
	int rc = windows_until(run, run->now);

	record(run, slot);
	slot->next = run->free_slot;
	run->free_slot = first.slot;
	if (rc == 0 && run->stream.job->gap_ns == 0) {
		rc = submit(run, queue);
	}
	return rc < 0 ? rc : 0;
}

static int
run_events(struct replay *run)
{
	ns_t gap = run->stream.job->gap_ns;
	ns_t arrival = gap ? run->now : NS_NEVER;
	uint64_t arrived = 0;
	int rc = gap ? 0 : prime(run);

	rc = rc ? rc : dispatch(run);
	while (rc == 0) {
		ns_t released = nvmevirt1_next_release(run->nv);
		ns_t completed = completions_next(&run->completions);
		ns_t next = ns_min(ns_min(released, completed), arrival);

		if (next == NS_NEVER) {
			break;
		}
		run->result->last_event = next;
		run->now = next;
		nvmevirt1_release(run->nv, next);
		while (rc == 0 && completions_next(&run->completions) == next) {
			rc = complete(run);
		}
		if (rc == 0 && arrival == next) {
			rc = submit(run, (uint32_t)(arrived++ % run->stream.job->queues));
			arrival = rc > 0 ? arrival + gap : NS_NEVER;
			rc = rc < 0 ? rc : 0;
		}
		rc = rc ? rc : dispatch(run);
	}
	for (uint32_t s = 0; s < run->stream.job->queues; ++s) {
		run->result->hang |= run->queues[s].head != NONE;
	}
	return rc;
}

int
replay_job(struct nvmevirt1 *nv, const struct job *job, uint64_t namespace_nbytes,
	   uint64_t zone_nbytes, ns_t started_at, struct replay_result *result, char *why,
	   size_t why_nbytes)
{
	struct replay run = { .nv = nv, .result = result, .now = started_at, .free_slot = NONE };
	int rc;

	result->fingerprint = FINGERPRINT_BASIS;
	result->started_at = started_at;
	result->last_event = started_at;
	nvmevirt1_totals(nv, &run.before);
	rc = job_stream_open(&run.stream, job, namespace_nbytes, zone_nbytes, why, why_nbytes);
	if (rc) {
		return rc;
	}
	run.queues = malloc(job->queues * sizeof(*run.queues));
	if (!run.queues) {
		rc = -ENOMEM;
	}
	for (uint32_t s = 0; rc == 0 && s < job->queues; ++s) {
		run.queues[s] = (struct queue){ .head = NONE, .tail = NONE };
	}
	if (rc == 0) {
		rc = run_events(&run);
	}
	if (rc == -ENOMEM) {
		snprintf(why, why_nbytes, "out of memory");
	}
	if (rc == -E2BIG) {
		snprintf(why, why_nbytes, "the job has more than %u windows: make `win` longer",
			 WINDOWS_MAX);
	}
	job_stream_close(&run.stream);
	free(run.slots);
	completions_free(&run.completions);
	free(run.queues);
	return rc;
}
