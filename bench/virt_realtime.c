/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How late the completions of a virtual SSD are in real time.
 *
 * Queue depth 1, reads of 4 KiB from `virt:optane-p4800x`, whose model takes 10 us for each. The
 * lateness is the time from just before the submission to the callback, less those 10 us. In
 * alternation in the same run an empty loop reads the clock until 10 us have passed: its lateness
 * is the noise of the machine (interrupts, other guests). Turns in which the kernel scheduled
 * another thread are counted and left out, on both sides.
 *
 *   virt_realtime [SECONDS]
 *
 * Exits 1 when the mean is more than 1 % off, or the 99th percentile is more than 2 us later than
 * the empty loop's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <libxnvme.h>

enum { MODEL_NS = 10000, SAMPLES_MAX = 4000000, BUF_NBYTES = 4096 };

struct side {
	const char *name;
	uint32_t *late_ns;
	uint32_t count;
	uint32_t disturbed; /* turns left out: the thread was preempted */
	double mean_ns;
};

/* Number of times this thread was preempted so far */
static long
times_preempted(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nivcsw;
}

static uint64_t
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void
on_complete(struct xnvme_cmd_ctx *ctx, void *arg)
{
	*(uint64_t *)arg = xnvme_cmd_ctx_cpl_status(ctx) ? 1 : now_ns();
	xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx);
}

static void
add(struct side *side, uint64_t start, uint64_t end, long *preempted)
{
	uint64_t late = end - start - MODEL_NS;
	long now = times_preempted();

	if (now != *preempted) {
		*preempted = now;
		side->disturbed += 1;
	} else if (side->count < SAMPLES_MAX) {
		side->late_ns[side->count] = late > UINT32_MAX ? UINT32_MAX : (uint32_t)late;
		side->count += 1;
	}
}

/* One read; returns the instant of its callback, or 0 */
static uint64_t
one_read(struct xnvme_queue *queue, void *buf, uint64_t lba)
{
	struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);
	uint64_t done = 0;

	xnvme_cmd_ctx_set_cb(ctx, on_complete, &done);
	if (xnvme_nvm_read(ctx, 1, lba, 0, buf, NULL)) {
		return 0;
	}
	while (!done) {
		xnvme_queue_poke(queue, 0);
	}
	return done > 1 ? done : 0;
}

static uint64_t
one_empty(uint64_t start)
{
	uint64_t now = now_ns();

	while (now < start + MODEL_NS) {
		now = now_ns();
	}
	return now;
}

static int
by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static uint32_t
percentile(const struct side *side, double p)
{
	return side->late_ns[(uint32_t)((side->count - 1) * p / 100)];
}

static void
report(struct side *side)
{
	double sum = 0;

	qsort(side->late_ns, side->count, sizeof(*side->late_ns), by_value);
	for (uint32_t i = 0; i < side->count; ++i) {
		sum += side->late_ns[i];
	}
	side->mean_ns = sum / side->count;
	printf("%-6s n %8u (and %u disturbed)  late by mean %7.1f ns  p50 %6u  p99 %6u  "
	       "p99.9 %6u  max %8u\n",
	       side->name, side->count, side->disturbed, side->mean_ns, percentile(side, 50),
	       percentile(side, 99),
	       percentile(side, 99.9), percentile(side, 100));
}

static int
measure(struct xnvme_dev *dev, struct xnvme_queue *queue, struct side *ssd, struct side *empty,
	double seconds)
{
	uint64_t end = now_ns() + (uint64_t)(seconds * 1e9);
	uint64_t nsect = xnvme_dev_get_geo(dev)->nsect, lba = 1;
	void *buf = xnvme_buf_alloc(dev, BUF_NBYTES);
	long preempted = times_preempted();

	memset(buf, 0, BUF_NBYTES);
	for (int i = 0; i < 1000; ++i) { /* warm up */
		(void)one_read(queue, buf, (uint64_t)i);
	}
	while (now_ns() < end) {
		uint64_t start, done;

		lba = lba * 6364136223846793005u + 1442695040888963407u; /* Knuth's MMIX */
		start = now_ns();
		done = one_read(queue, buf, (lba >> 20) % nsect);
		if (!done) {
			xnvme_buf_free(dev, buf);
			return -1;
		}
		add(ssd, start, done, &preempted);
		start = now_ns();
		add(empty, start, one_empty(start), &preempted);
	}
	xnvme_buf_free(dev, buf);
	return 0;
}

static int
verdict(const struct side *ssd, const struct side *empty)
{
	double off = (ssd->mean_ns - empty->mean_ns) / (double)MODEL_NS * 100;
	double raw = ssd->mean_ns / (double)MODEL_NS * 100;
	uint32_t p99 = percentile(ssd, 99), p99_empty = percentile(empty, 99);

	printf("mean completion %.2f %% after the model's instant, %.2f %% after the empty loop's; "
	       "p99 %.2f us after the instant, the empty loop's %.2f us\n",
	       raw, off, p99 / 1e3, p99_empty / 1e3);
	return off > 1 || p99 > p99_empty + 2000;
}

int
main(int argc, char **argv)
{
	double seconds = argc > 1 ? atof(argv[1]) : 2;
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev = xnvme_dev_open("virt:optane-p4800x,size=64MiB,lba=4096", &opts);
	struct side ssd = {.name = "virt", .late_ns = calloc(SAMPLES_MAX, sizeof(uint32_t))};
	struct side empty = {.name = "empty", .late_ns = calloc(SAMPLES_MAX, sizeof(uint32_t))};
	struct xnvme_queue *queue;
	int failed = 1;

	if (!dev || !ssd.late_ns || !empty.late_ns || xnvme_queue_init(dev, 1, 0, &queue)) {
		fprintf(stderr, "virt_realtime: %s\n", xnvme_err_text());
		return 1;
	}
	if (!measure(dev, queue, &ssd, &empty, seconds)) {
		report(&ssd);
		report(&empty);
		failed = verdict(&ssd, &empty);
	}
	xnvme_queue_term(queue);
	xnvme_dev_close(dev);
	free(ssd.late_ns);
	free(empty.late_ns);
	return failed;
}
