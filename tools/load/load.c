/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Keeps queues full, and counts completions.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../common/random.h"
#include "load.h"

#define QUEUE_CAPACITY_MAX 4096
/* Failures without a success after which a queue stops: the device is unusable */
#define NFAILED_MAX 1000
/* Rounds without a completion between two checks of the time: less than a millisecond */
#define IDLE_ROUNDS 1024
/* Maximum sleep for a completion between two checks of the time */
#define WAIT_NS 1000000ULL
/* Time without a completion after which the device is considered dead */
#define STALL_NS 30000000000ULL
/* Completions of one poke that share a reading of the time-stamp counter, which costs as much as
 * the rest of a completion; the fastest paths process them in less than half a microsecond */
#define COMPLETIONS_PER_STAMP 8

struct load_slot {
	struct load_queue *q;
	struct load_slot *next; /* in q->deferred */
	struct xnvme_cmd_ctx *ctx;
	void *buf;
	uint64_t begin; /* ticks */
};

int
load_pattern_from_str(const char *text, enum load_pattern *pattern)
{
	static const char *const names[] = {"read", "write", "randread", "randwrite"};

	for (int i = 0; i < 4; ++i) {
		if (!strcmp(names[i], text)) {
			*pattern = (enum load_pattern)i;
			return 0;
		}
	}
	return -EINVAL;
}

/* User and kernel time of this thread from its CPU clock; getrusage() has only the resolution of
 * the scheduler tick */
uint64_t
load_thread_cpu_ns(void)
{
	struct timespec used;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	return (uint64_t)used.tv_sec * 1000000000 + (uint64_t)used.tv_nsec;
}

/* The next three functions run once per command: inlining keeps shared values in registers */
static inline __attribute__((always_inline)) uint64_t
next_lba(struct load_queue *q)
{
	uint64_t place;

	if (q->is_random) { /* the high half of the product: a division would dominate the cost */
		place = (uint64_t)(((unsigned __int128)random_next(&q->random) * q->nplaces) >> 64);
	} else {
		place = q->next_place;
		q->next_place = place + 1 < q->nplaces ? place + 1 : 0;
		if (UNLIKELY(q->spec->once && !q->next_place)) {
			q->deadline = 0; /* this was the last */
		}
	}
	return q->first_lba + place * ((uint64_t)q->nlb + 1);
}

/* Submit the slot's command; on -EBUSY or -EAGAIN it is retried after the next poke */
static inline __attribute__((always_inline)) void
submit(struct load_slot *slot)
{
	struct load_queue *q = slot->q;
	int err = xnvme_cmd_pass(slot->ctx, slot->buf, q->spec->iosize, NULL, 0);

	if (!UNLIKELY(err)) {
		return;
	}
	if (err == -EBUSY || err == -EAGAIN) {
		slot->next = q->deferred;
		q->deferred = slot;
		return;
	}
	q->nfailed += 1;
	q->nactive -= 1;
}

/* Start the slot's next command; init_slots() has set its other fields */
static inline __attribute__((always_inline)) void
begin(struct load_slot *slot, uint64_t now)
{
	slot->ctx->cmd.nvm.slba = next_lba(slot->q);
	slot->begin = now;
	submit(slot);
}

static __attribute__((noinline)) void
count_failure(struct load_queue *q, const struct xnvme_spec_cpl *cpl)
{
	if (!q->nfailed) {
		q->first_failure = *cpl;
	}
	q->nfailed += 1;
	q->gone |= cpl->status.sct == XNVME_STATUS_CODE_TYPE_VENDOR && cpl->status.sc == ENODEV;
	if (q->gone || (!q->hist.count && q->nfailed >= NFAILED_MAX)) {
		q->deadline = 0;
	}
}

static inline __attribute__((always_inline)) void
complete(struct xnvme_cmd_ctx *ctx, struct load_slot *slot, uint64_t now)
{
	struct load_queue *q = slot->q;

	if (UNLIKELY(xnvme_cmd_ctx_cpl_status(ctx))) {
		count_failure(q, &ctx->cpl);
	} else {
		hist_add(&q->hist, now - slot->begin);
	}
	q->stop = now;
	if (UNLIKELY(now >= q->deadline)) {
		q->nactive -= 1;
		return; /* the slot keeps its context */
	}
	begin(slot, now);
}

static void
on_complete(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct load_slot *slot = arg;

	complete(ctx, slot, load_clock_ticks(&slot->q->clock));
}

/* Reads the clock for the first completion of a poke, then for each COMPLETIONS_PER_STAMPth */
static void
on_complete_of_many(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct load_slot *slot = arg;
	struct load_queue *q = slot->q;

	if (q->nstamped++ % COMPLETIONS_PER_STAMP == 0) {
		q->stop = load_clock_ticks(&q->clock);
	}
	complete(ctx, slot, q->stop);
}

static uint16_t
capacity_for(uint32_t qdepth)
{
	uint32_t capacity = 1;

	while (capacity < qdepth) {
		capacity <<= 1;
	}
	return (uint16_t)capacity;
}

/* Compute the range of blocks of the queue, and the number of commands in it */
static int
init_range(struct load_queue *q, uint32_t index, uint32_t nparts)
{
	const struct xnvme_geo *geo = xnvme_dev_get_geo(q->dev);
	uint64_t nblocks, per_io, nplaces;

	if (!geo->lba_nbytes || q->spec->iosize % geo->lba_nbytes || !q->spec->iosize) {
		return tool_refuse("--iosize is a multiple of the block, see lba_nbytes in "
				   "'xnvme info'");
	}
	if (geo->mdts_nbytes && q->spec->iosize > geo->mdts_nbytes) {
		return tool_refuse("--iosize is larger than a command may be, see mdts_nbytes in "
				   "'xnvme info'");
	}
	nblocks = geo->tbytes / geo->nbytes;
	per_io = q->spec->iosize / geo->lba_nbytes;
	nplaces = nblocks / per_io;
	if (per_io > UINT16_MAX + 1ULL || nplaces < nparts) {
		return tool_refuse("the device is too small for commands of --iosize bytes by so "
				   "many queues");
	}
	q->nlb = (uint16_t)(per_io - 1);
	q->nplaces = nplaces / nparts;
	q->first_lba = q->nplaces * per_io * index;
	return 0;
}

static int
init_slots(struct load_queue *q)
{
	bool is_read = q->spec->pattern == LOAD_READ || q->spec->pattern == LOAD_RANDREAD;
	uint8_t opcode = is_read ? XNVME_SPEC_NVM_OPC_READ : XNVME_SPEC_NVM_OPC_WRITE;
	/* on other clocks each completion has its own time: a virtual one moves between them */
	bool shares = q->clock.is_tsc && q->spec->qdepth >= COMPLETIONS_PER_STAMP;

	q->slots = calloc(q->spec->qdepth, sizeof(*q->slots));
	if (!q->slots) {
		xnvme_cli_perr("calloc()", -ENOMEM);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < q->spec->qdepth; ++i) {
		struct load_slot *slot = &q->slots[i];
		int err;

		slot->q = q;
		slot->buf = tool_buf(q->dev, q->spec->iosize, NULL, &err);
		if (!slot->buf) {
			return err;
		}
		xnvme_buf_fill(slot->buf, q->spec->iosize, "anum");
		slot->ctx = xnvme_queue_get_cmd_ctx(q->queue);
		if (!slot->ctx) {
			xnvme_cli_perr("xnvme_queue_get_cmd_ctx()", -errno);
			return -ENOMEM;
		}
		xnvme_cmd_ctx_set_cb(slot->ctx, shares ? on_complete_of_many : on_complete, slot);
		xnvme_prep_nvm(slot->ctx, opcode, q->nsid, 0, q->nlb);
	}
	return 0;
}

int
load_queue_init(struct load_queue *q, struct xnvme_dev *dev, const struct load_spec *spec,
		uint32_t index, uint32_t nparts)
{
	int err;

	memset(q, 0, sizeof(*q));
	q->dev = dev;
	q->spec = spec;
	q->nsid = xnvme_dev_get_nsid(dev);
	q->is_random = spec->pattern == LOAD_RANDREAD || spec->pattern == LOAD_RANDWRITE;
	q->random = (spec->seed + index + 1) * 0x9E3779B97F4A7C15ULL; /* never 0 for small seeds */
	q->random = q->random ? q->random : 1;
	if (!spec->qdepth || spec->qdepth > QUEUE_CAPACITY_MAX) {
		return tool_refuse("--qdepth is 1 to 4096");
	}
	err = init_range(q, index, nparts);
	if (err) {
		return err;
	}
	load_clock_init(&q->clock, dev);
	err = xnvme_queue_init(dev, capacity_for(spec->qdepth), spec->queue_opts, &q->queue);
	if (err) {
		q->queue = NULL;
		xnvme_cli_perr("xnvme_queue_init()", err);
		load_queue_term(q);
		return err;
	}
	err = init_slots(q);
	if (err) {
		load_queue_term(q);
	}
	return err;
}

void
load_queue_term(struct load_queue *q)
{
	/* contexts are freed with their queue: after an error commands may be outstanding */
	q->deadline = 0;
	if (q->queue) {
		xnvme_queue_term(q->queue);
	}
	for (uint32_t i = 0; q->slots && i < q->spec->qdepth; ++i) {
		xnvme_buf_free(q->dev, q->slots[i].buf);
	}
	free(q->slots);
	load_clock_term(&q->clock);
	q->slots = NULL;
	q->queue = NULL;
}

static void
retry_deferred(struct load_queue *q)
{
	struct load_slot *slot = q->deferred;
	bool over = load_clock_ticks(&q->clock) >= q->deadline;

	q->deferred = NULL;
	while (slot) {
		struct load_slot *next = slot->next;

		if (over && !q->spec->once) {
			q->nactive -= 1;
		} else {
			submit(slot);
		}
		slot = next;
	}
}

static void
start(struct load_queue *q)
{
	q->start = q->stop = load_clock_ticks(&q->clock);
	q->deadline = q->spec->once ? UINT64_MAX
		      : q->start + (uint64_t)((double)q->spec->runtime_ns / q->clock.ns_per_tick);
	for (uint32_t i = 0; i < q->spec->qdepth && q->deadline; ++i) {
		q->nactive += 1;
		begin(&q->slots[i], q->start);
	}
}

/* One round over the queues: callbacks count completions and submit again. Returns the number of
 * completions, or a negative errno. */
static int
drive(struct load_queue **queues, uint32_t nqueues, uint32_t *nactive)
{
	int ndone = 0;

	*nactive = 0;
	for (uint32_t i = 0; i < nqueues; ++i) {
		struct load_queue *q = queues[i];
		int got;

		q->nstamped = 0;
		got = q->nactive ? xnvme_queue_poke(q->queue, 0) : 0;
		if (UNLIKELY(!got && q->spec->sleeps && q->nactive && nqueues == 1)) {
			got = xnvme_queue_wait_timeout(q->queue, WAIT_NS);
		}
		if (UNLIKELY(got < 0 && got != -EAGAIN && got != -EBUSY && got != -EINTR)) {
			xnvme_cli_perr("xnvme_queue_poke()", got);
			return got;
		}
		if (UNLIKELY(q->deferred)) {
			retry_deferred(q);
		}
		ndone += got > 0 ? got : 0;
		*nactive += q->nactive;
	}
	return ndone;
}

/* Returns -ETIMEDOUT when no command has completed for too long, on this machine's clock, whatever
 * clock the load uses */
static int
watch(uint64_t *since_ns)
{
	uint64_t now = xnvme_timer_now_ns();

	*since_ns = *since_ns ? *since_ns : now;
	if (now - *since_ns < STALL_NS) {
		return 0;
	}
	xnvme_cli_perr("no command completed for 30 seconds", -ETIMEDOUT);
	return -ETIMEDOUT;
}

int
load_run(struct load_queue **queues, uint32_t nqueues, atomic_bool *stop, uint64_t *cpu_ns)
{
	uint64_t cpu_begin_ns = load_thread_cpu_ns(), since_ns = 0;
	uint32_t nactive = nqueues, nidle = 0;
	int err = 0;

	for (uint32_t i = 0; i < nqueues; ++i) {
		start(queues[i]);
	}
	while (nactive && err >= 0) {
		err = drive(queues, nqueues, &nactive);
		if (err > 0) {
			since_ns = 0;
			nidle = 0;
		} else if (!err && (queues[0]->spec->sleeps || ++nidle % IDLE_ROUNDS == 0)) {
			err = watch(&since_ns);
		}
		for (uint32_t i = 0; i < nqueues && stop && atomic_load(stop); ++i) {
			queues[i]->deadline = 0;
		}
	}
	*cpu_ns = load_thread_cpu_ns() - cpu_begin_ns;
	for (uint32_t i = 0; i < nqueues; ++i) {
		load_clock_calibrate(&queues[i]->clock);
	}
	return err < 0 ? err : 0;
}
