/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A load: keeps queues full with commands of one kind for a given time, and measures latencies and
 * processor time. Used by xnvmeperf and the demo.
 */
#ifndef TOOLS_LOAD_H
#define TOOLS_LOAD_H

#include <stdatomic.h>

#include "../common/tool.h"
#include "hist.h"

/* Branch prediction hints: the likely side falls through */
#define LIKELY(cond) __builtin_expect(!!(cond), 1)
#define UNLIKELY(cond) __builtin_expect(!!(cond), 0)

enum load_pattern { LOAD_READ, LOAD_WRITE, LOAD_RANDREAD, LOAD_RANDWRITE };

struct load_spec {
	enum load_pattern pattern;
	uint32_t iosize; /* bytes, a multiple of the block size */
	uint32_t qdepth;
	int queue_opts; /* XNVME_QUEUE_* */
	uint64_t runtime_ns;
	uint64_t seed;
	bool once;   /* true: access the whole device once, in order; false: until runtime_ns */
	bool sleeps; /* true: sleep for completions, which takes longer; false: poll */
};

/*
 * The clock for latencies and run times: that of this machine, or of a virtual SSD. Times are in
 * ticks: of the processor's time-stamp counter if it has a constant rate (a system call for the
 * time takes longer than a command of the fastest paths), otherwise in nanoseconds.
 */
struct load_clock {
	struct nvmevirt *ssd; /* NULL: not a virtual SSD */
	bool is_virtual;
	bool is_tsc;
	double ns_per_tick;
	uint64_t first_tick, first_ns; /* one point in time, on both clocks */
};

void load_clock_init(struct load_clock *clock, const struct xnvme_dev *dev);
void load_clock_term(struct load_clock *clock);
uint64_t load_clock_now_ns(const struct load_clock *clock);

/* Measure the length of a tick; the precision grows with the time since load_clock_init() */
void load_clock_calibrate(struct load_clock *clock);

static inline uint64_t
load_clock_ticks(const struct load_clock *clock)
{
#if defined(__x86_64__)
	if (LIKELY(clock->is_tsc)) {
		return __builtin_ia32_rdtsc();
	}
#endif
	return load_clock_now_ns(clock);
}

static inline uint64_t
load_clock_ns(const struct load_clock *clock, uint64_t ticks)
{
	return (uint64_t)((double)ticks * clock->ns_per_tick);
}

struct load_slot;

struct load_queue {
	struct xnvme_dev *dev;
	const struct load_spec *spec;
	struct load_clock clock;
	struct xnvme_queue *queue;
	struct load_slot *slots;
	struct load_slot *deferred; /* slots whose submission must be retried */
	uint32_t nactive;	    /* slots with a command in flight or deferred */
	bool is_random;

	uint32_t nsid;
	uint16_t nlb;	    /* 0's based, as in the command */
	uint64_t first_lba; /* of the range of this queue */
	uint64_t nplaces;   /* number of adjacent commands in the range */
	uint64_t next_place;
	uint64_t random;

	/* In ticks of the clock. No command starts after the deadline; 0: stopped. */
	uint64_t start, stop, deadline;
	uint32_t nstamped; /* completions of this poke, see COMPLETIONS_PER_STAMP */
	uint64_t nfailed; /* failed commands; the histogram has the successful ones */
	struct xnvme_spec_cpl first_failure;
	bool gone; /* the device was removed */
	struct hist hist; /* ticks */
};

/* Set up a queue that works on part `index` of `nparts` of the device. Returns 0, or prints the
 * error and returns a negative errno. */
int load_queue_init(struct load_queue *q, struct xnvme_dev *dev, const struct load_spec *spec,
		    uint32_t index, uint32_t nparts);
void load_queue_term(struct load_queue *q);

/* Drive the queues from this thread until their run time is over, or `*stop` is set. *cpu_ns is set
 * to the processor time used by this thread. Returns 0, or prints the error and returns a negative
 * errno. */
int load_run(struct load_queue **queues, uint32_t nqueues, atomic_bool *stop, uint64_t *cpu_ns);

/* The processor time that this thread has used */
uint64_t load_thread_cpu_ns(void);

int load_pattern_from_str(const char *text, enum load_pattern *pattern);

#endif /* TOOLS_LOAD_H */
