/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A load: queues that are kept full with commands of one kind until the time is over, and what that
 * was seen to cost. xnvmeperf and the demo measure with it.
 */
#ifndef TOOLS_LOAD_H
#define TOOLS_LOAD_H

#include <stdatomic.h>

#include "hist.h"
#include "tool.h"

enum load_pattern { LOAD_READ, LOAD_WRITE, LOAD_RANDREAD, LOAD_RANDWRITE };

struct load_spec {
	enum load_pattern pattern;
	uint32_t iosize; /* bytes, a multiple of the block */
	uint32_t qdepth;
	int queue_opts; /* XNVME_QUEUE_* */
	uint64_t runtime_ns;
	uint64_t seed;
	bool once;   /* each place of the device once, from the first on; or for the run time */
	bool sleeps; /* waits without the processor, which takes longer; or polls */
};

/*
 * Whose time latencies and run times are in: that of this machine, or of a virtual SSD. Instants
 * are in ticks: of the processor's time-stamp counter where that runs at one rate (asking the
 * system takes longer than a command of the fastest paths), otherwise nanoseconds.
 */
struct load_clock {
	struct nvmevirt *ssd; /* NULL: it is none */
	bool is_virtual;
	bool is_tsc;
	double ns_per_tick;
	uint64_t first_tick, first_ns; /* the same instant, by both */
};

void load_clock_init(struct load_clock *clock, const struct xnvme_dev *dev);
void load_clock_term(struct load_clock *clock);
uint64_t load_clock_now_ns(const struct load_clock *clock);

/* How long a tick is, more exactly the longer ago load_clock_init() is */
void load_clock_calibrate(struct load_clock *clock);

static inline uint64_t
load_clock_ticks(const struct load_clock *clock)
{
#if defined(__x86_64__)
	if (__builtin_expect(clock->is_tsc, true)) {
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
	struct load_slot *deferred; /* slots whose submission was refused for now */
	uint32_t nactive;	    /* slots with a command in flight or deferred */
	bool is_random;

	uint32_t nsid;
	uint16_t nlb;	    /* zero-based, as commands have it */
	uint64_t first_lba; /* of the range of this queue */
	uint64_t nplaces;   /* commands that fit side by side into the range */
	uint64_t next_place;
	uint64_t random;

	/* In ticks of the clock. From the deadline on nothing begins; 0: it is over. */
	uint64_t start, stop, deadline;
	uint64_t nfailed; /* those that did not are in the histogram */
	struct xnvme_spec_cpl first_failure;
	bool gone; /* the device was removed: nothing more can be measured */
	struct hist hist; /* ticks */
};

/* Which part of the device the queue works on: part `index` of `nparts`. 0, or a negative errno and
 * the error was printed. */
int load_queue_init(struct load_queue *q, struct xnvme_dev *dev, const struct load_spec *spec,
		    uint32_t index, uint32_t nparts);
void load_queue_term(struct load_queue *q);

/* Drive the queues from this thread until their run time is over, or `*stop` is set. *cpu_ns: the
 * processor time of this thread that it took. 0, or a negative errno and the error was printed. */
int load_run(struct load_queue **queues, uint32_t nqueues, atomic_bool *stop, uint64_t *cpu_ns);

/* Processor time that this thread has used so far */
uint64_t load_thread_cpu_ns(void);

int load_pattern_from_str(const char *text, enum load_pattern *pattern);

#endif /* TOOLS_LOAD_H */
