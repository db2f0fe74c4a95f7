/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Measures rate, latencies and processor time of one path.
 */
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "demo.h"

#define IOSIZE 4096
#define QDEPTH 32
#define RUNTIME_NS 200000000ULL
/* A virtual clock advances as fast as the processor computes */
#define RUNTIME_VIRTUAL_NS 20000000ULL

#define LIBRARY_QDEPTH 32
#define LIBRARY_ROUNDS 5
#define LIBRARY_IOS 100000

/* Processor time of all threads: some paths have threads of their own */
static uint64_t
process_cpu_ns(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return (uint64_t)used.tv_sec * 1000000000 + (uint64_t)used.tv_nsec;
}

static void
fill(struct demo_row *row, const struct hist *hist, double ns_per_tick, uint64_t elapsed_ns,
     uint64_t cpu_ns)
{
	row->iops = elapsed_ns ? (double)hist->count * 1e9 / (double)elapsed_ns : 0;
	row->p50_ns = (uint64_t)((double)hist_permille(hist, 500) * ns_per_tick);
	row->p99_ns = (uint64_t)((double)hist_permille(hist, 990) * ns_per_tick);
	row->p99_9_ns = (uint64_t)((double)hist_permille(hist, 999) * ns_per_tick);
	row->cpu_ns = hist->count ? cpu_ns / hist->count : 0;
}

int
demo_measure_async(struct demo *demo, struct xnvme_dev *dev, struct demo_row *row)
{
	struct load_spec spec = {
		.pattern = LOAD_RANDREAD,
		.iosize = IOSIZE,
		.qdepth = QDEPTH,
		.runtime_ns = RUNTIME_NS,
		.seed = demo->seed,
		.sleeps = true, /* processor time is reported, too */
	};
	struct load_queue *q = calloc(1, sizeof(*q));
	struct load_clock clock;
	uint64_t cpu_ns = 0, thread_cpu_ns;
	int err;

	if (!q) {
		return -ENOMEM;
	}
	load_clock_init(&clock, dev);
	row->clock_is_virtual = clock.is_virtual;
	spec.runtime_ns = clock.is_virtual ? RUNTIME_VIRTUAL_NS : RUNTIME_NS;
	load_clock_term(&clock);
	err = load_queue_init(q, dev, &spec, 0, 1);
	if (!err) {
		cpu_ns = process_cpu_ns();
		err = load_run(&q, 1, demo->stop, &thread_cpu_ns);
		cpu_ns = process_cpu_ns() - cpu_ns;
		err = !err && q->nfailed ? -EIO : err;
		fill(row, &q->hist, q->clock.ns_per_tick,
		     load_clock_ns(&q->clock, q->stop - q->start), cpu_ns);
		load_queue_term(q);
	}
	free(q);
	return err;
}

/* One command at a time, each at a pseudo-random offset */
static int
sync_loop(struct demo *demo, struct xnvme_dev *dev, struct load_clock *clock, void *buf,
	  struct hist *hist)
{
	const struct xnvme_geo *geo = xnvme_dev_get_geo(dev);
	uint32_t nblocks = IOSIZE / geo->lba_nbytes;
	uint64_t nplaces = geo->tbytes / IOSIZE, state = demo->seed | 1;
	uint64_t begin_ns = load_clock_now_ns(clock), now = begin_ns;
	uint64_t runtime_ns = clock->is_virtual ? RUNTIME_VIRTUAL_NS : RUNTIME_NS;

	while (now - begin_ns < runtime_ns && !atomic_load(demo->stop)) {
		struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
		uint64_t before = now;
		int err;

		state = state * 6364136223846793005ULL + 1442695040888963407ULL;
		xnvme_prep_nvm(&ctx, XNVME_SPEC_NVM_OPC_READ, xnvme_dev_get_nsid(dev),
			       (state >> 33) % nplaces * nblocks, (uint16_t)(nblocks - 1));
		err = xnvme_cmd_pass(&ctx, buf, IOSIZE, NULL, 0);
		if (err || xnvme_cmd_ctx_cpl_status(&ctx)) {
			return tool_cmd_end("xnvme_cmd_pass()", &ctx, err);
		}
		now = load_clock_now_ns(clock);
		hist_add(hist, now - before);
	}
	return 0;
}

int
demo_measure_sync(struct demo *demo, struct xnvme_dev *dev, struct demo_row *row)
{
	struct hist *hist = calloc(1, sizeof(*hist));
	struct load_clock clock;
	uint64_t begin_ns, cpu_ns;
	void *buf;
	int err;

	buf = hist ? tool_buf(dev, IOSIZE, NULL, &err) : NULL;
	if (!buf) {
		free(hist);
		return -ENOMEM;
	}
	load_clock_init(&clock, dev);
	row->clock_is_virtual = clock.is_virtual;
	begin_ns = load_clock_now_ns(&clock);
	cpu_ns = process_cpu_ns();
	err = sync_loop(demo, dev, &clock, buf, hist);
	fill(row, hist, 1, load_clock_now_ns(&clock) - begin_ns, process_cpu_ns() - cpu_ns);
	load_clock_term(&clock);
	xnvme_buf_free(dev, buf);
	free(hist);
	return err;
}

static void
on_nil(struct xnvme_cmd_ctx *ctx, void *arg)
{
	(void)arg;
	xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx);
}

/* Processor time of LIBRARY_IOS rounds of: get a context, prepare, pass, poke, callback, put */
static uint64_t
library_round(struct xnvme_queue *queue, uint32_t nsid, void *buf, uint32_t nbytes)
{
	uint64_t begin_ns = load_thread_cpu_ns();

	for (uint32_t done = 0; done < LIBRARY_IOS; done += LIBRARY_QDEPTH) {
		for (uint32_t i = 0; i < LIBRARY_QDEPTH; ++i) {
			struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);

			xnvme_prep_nvm(ctx, XNVME_SPEC_NVM_OPC_READ, nsid, i, 0);
			if (xnvme_cmd_pass(ctx, buf, nbytes, NULL, 0)) {
				return 0;
			}
		}
		while (xnvme_queue_get_outstanding(queue)) {
			if (xnvme_queue_poke(queue, 0) < 0) {
				return 0;
			}
		}
	}
	return load_thread_cpu_ns() - begin_ns;
}

/* The library's own cost per command, in ns: the minimum of several rounds, since disturbances only
 * add to it. `dev` was opened with async nil. Returns 0 when the measurement failed. */
uint64_t
demo_measure_library(struct xnvme_dev *dev)
{
	uint32_t nbytes = xnvme_dev_get_geo(dev)->lba_nbytes;
	struct xnvme_queue *queue = NULL;
	uint64_t least_ns = 0;
	void *buf;
	int err;

	buf = tool_buf(dev, nbytes, NULL, &err);
	if (!buf || xnvme_queue_init(dev, LIBRARY_QDEPTH, 0, &queue)) {
		xnvme_buf_free(dev, buf);
		return 0;
	}
	xnvme_queue_set_cb(queue, on_nil, NULL);
	for (int round = 0; round < LIBRARY_ROUNDS; ++round) {
		uint64_t ns = library_round(queue, xnvme_dev_get_nsid(dev), buf, nbytes);

		least_ns = ns && (!least_ns || ns < least_ns) ? ns : least_ns;
	}
	xnvme_queue_term(queue);
	xnvme_buf_free(dev, buf);
	return least_ns / LIBRARY_IOS;
}
