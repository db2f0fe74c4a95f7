/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Commands per second between the user-space driver and the PCI function of a virtual SSD, through
 * memory, on a core each: 512-byte reads of pci-virt:null. The goal is two million at depth 32.
 * Measures in windows of half a second and prints the best and the median, since the machine may be
 * shared.
 *
 * usage: pcie_rate [DEPTH [WINDOWS]]
 */
#include <libxnvme.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WINDOW_NS 500000000ull
#define WINDOWS_MAX 100u
#define BLOCK 512u

static struct {
	uint64_t completed, failed;
	void *buf;
} t;

static uint64_t
now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000ull + (uint64_t)ts.tv_nsec;
}

static void
run_on(int core)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(core, &set);
	if (sched_setaffinity(0, sizeof(set), &set)) {
		perror("sched_setaffinity");
		exit(1);
	}
}

/* Each completion submits the next one */
static void
again(struct xnvme_cmd_ctx *ctx, void *arg)
{
	(void)arg;
	t.completed += 1;
	t.failed += ctx->cpl.status.sc || ctx->cpl.status.sct;
	if (xnvme_cmd_pass(ctx, t.buf, BLOCK, NULL, 0)) {
		t.failed += 1;
	}
}

static double
window(struct xnvme_queue *queue)
{
	uint64_t start = now_ns(), before = t.completed, end = start;

	while (end - start < WINDOW_NS) {
		for (uint32_t i = 0; i < 1000; ++i) {
			if (xnvme_queue_poke(queue, 0) < 0) {
				t.failed += 1;
			}
		}
		end = now_ns();
	}
	return (double)(t.completed - before) * 1e3 / (double)(end - start);
}

static int
rising(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

static int
measure(struct xnvme_dev *dev, uint16_t depth, uint32_t windows)
{
	struct xnvme_queue *queue = NULL;
	double rates[WINDOWS_MAX];

	t.buf = xnvme_buf_alloc(dev, BLOCK);
	if (!t.buf || xnvme_queue_init(dev, depth, 0, &queue)) {
		return 1;
	}
	for (uint16_t i = 0; i < depth; ++i) {
		struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);

		xnvme_cmd_ctx_set_cb(ctx, again, NULL);
		xnvme_prep_nvm(ctx, XNVME_SPEC_NVM_OPC_READ, 1, i, 0);
		t.failed += xnvme_cmd_pass(ctx, t.buf, BLOCK, NULL, 0) != 0;
	}
	(void)window(queue); /* caches and predictors */
	for (uint32_t i = 0; i < windows; ++i) {
		rates[i] = window(queue);
	}
	qsort(rates, windows, sizeof(rates[0]), rising);
	printf("depth %u: best %.2f, median %.2f million commands a second; %llu failed\n", depth,
	       rates[windows - 1], rates[windows / 2], (unsigned long long)t.failed);
	fflush(stdout);
	return t.failed > 0; /* outstanding commands end with the process */
}

int
main(int argc, char **argv)
{
	struct xnvme_opts opts = xnvme_opts_default();
	uint32_t depth = argc > 1 ? (uint32_t)atoi(argv[1]) : 32;
	uint32_t windows = argc > 2 ? (uint32_t)atoi(argv[2]) : 10;
	struct xnvme_dev *dev;

	if (depth < 1 || depth > 1024 || windows < 1 || windows > WINDOWS_MAX) {
		fprintf(stderr, "usage: pcie_rate [DEPTH [WINDOWS]]\n");
		return 2;
	}
	run_on(0); /* the core of the SSD's thread, which open starts */
	dev = xnvme_dev_open("pci-virt:null,drive=thread", &opts);
	if (!dev) {
		fprintf(stderr, "%s\n", xnvme_err_text());
		return 1;
	}
	run_on(1);
	_Exit(measure(dev, (uint16_t)depth, windows));
}
