/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * usage: inject URI [ASYNC]      (with the shim preloaded)
 *
 * URI is as for the conformance script: tmpfile:SIZE, loop:SIZE or one of the library's own.
 *
 * Runs one scenario (open, queue, reads, writes, flush, zeroes, vectors, copy, dataset management,
 * event descriptor, close) with the Nth allocation or system call failing, for every N until N
 * exceeds their number. Whichever call fails, there is no crash and no hang, an error has a message
 * or a status, data reported as written reads back, and neither descriptors nor memory leak.
 *
 * Defects of xNVMe 0.7.5 that this finds:
 * X01b: a failed identify or allocation is ignored, and getters return zeroes.
 * X18: descriptors leak on errors.
 * X28: a descriptor whose registration failed is kept, and returned later.
 * X29: an error while completions are read blocks the queue or reads an invalid entry.
 * X30: libaio's events leak.
 * X31: a thread pool that cannot start frees memory that was never allocated, and returns +EINVAL.
 */
#include "conform.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define DEPTH 8

struct outcome {
	int failed; /* commands that ended with an error */
	int ended;
};

static const char *uri;
static const char *async;

static void (*arm)(long nth);
static void (*disarm)(void);
static const char *(*what)(void);
static long (*live)(void);

static _Noreturn void
bad(long nth, const char *why)
{
	printf("FAILED with call %ld (%s) failing: %s; last error: %s\n", nth, what(), why,
	       xnvme_err_text());
	exit(1);
}

static int
count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	while (dir && readdir(dir)) {
		count += 1;
	}
	(void)closedir(dir);
	return count;
}

static void
ended(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct outcome *outcome = arg;

	outcome->ended += 1;
	outcome->failed += !!xnvme_cmd_ctx_cpl_status(ctx);
	xnvme_cmd_ctx_clear(ctx);
	xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx);
}

/* Submits and waits; submit and wait may fail only temporarily */
static void
run_async(struct xnvme_queue *queue, uint8_t opcode, char *buf, struct outcome *outcome, long nth)
{
	outcome->ended = 0;
	outcome->failed = 0;
	xnvme_queue_set_cb(queue, ended, outcome);
	for (uint64_t i = 0; i < DEPTH; ++i) {
		struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);
		bool data = opcode == XNVME_SPEC_NVM_OPC_WRITE || opcode == XNVME_SPEC_NVM_OPC_READ;
		int err;

		if (!ctx) {
			bad(nth, "a context got lost");
		}
		xnvme_prep_nvm(ctx, opcode, 1, i, 0);
		do {
			err = xnvme_cmd_pass(ctx, data ? buf + i * 512 : NULL, data ? 512 : 0,
					     NULL, 0);
		} while (err == -EAGAIN && xnvme_queue_poke(queue, 0) >= 0);
		if (err) {
			bad(nth, "a submission was refused for good");
		}
	}
	for (int tries = 0; outcome->ended < DEPTH && tries < 100; ++tries) {
		(void)xnvme_queue_drain(queue);
	}
	if (outcome->ended != DEPTH) {
		bad(nth, "commands never ended");
	}
}

/* One synchronous command of each form: flat, in pieces, without data, with ranges as data */
static void
use_sync(struct xnvme_dev *dev, char *buf, long nth)
{
	struct iovec vec[2] = {{buf, 512}, {buf + 512, 1024}};
	struct iovec meta[2] = {{buf + 2048, 8}, {buf + 3072, 8}};

	for (int i = 0; i < 6; ++i) {
		struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
		int err;

		memset(buf + 512, 0, 64);
		switch (i) {
		case 0:
			err = xnvme_nvm_write_zeroes(&ctx, 1, 100, 7);
			break;
		case 1:
			err = xnvme_nvm_read(&ctx, 1, 0, 0, buf, NULL);
			break;
		case 2:
			xnvme_prep_nvm(&ctx, XNVME_SPEC_NVM_OPC_READ, 1, 3, 2);
			err = xnvme_cmd_pass_iov(&ctx, vec, 2, 1536, NULL, 0);
			break;
		case 3:
			xnvme_prep_nvm(&ctx, XNVME_SPEC_NVM_OPC_READ, 1, 3, 2);
			err = xnvme_cmd_passv(&ctx, vec, 2, 1536, meta, 2, 16);
			break;
		case 4:
			err = xnvme_nvm_scopy(&ctx, 1, 200, (void *)(buf + 512), 0,
					      XNVME_NVM_SCOPY_FMT_ZERO);
			break;
		default:
			err = xnvme_nvm_dsm(&ctx, 1, (void *)(buf + 512), 0, true, false, false);
			break;
		}
		if (!!err != !!xnvme_cmd_ctx_cpl_status(&ctx)) {
			bad(nth, "return value and status contradict each other");
		}
	}
}

static void
use(struct xnvme_dev *dev, struct xnvme_queue *queue, char *out, char *in, long nth)
{
	struct outcome written;
	struct outcome outcome;

	for (size_t i = 0; i < DEPTH * 512; ++i) {
		out[i] = (char)(nth * 7 + (long)i);
	}
	memset(in, 0, DEPTH * 512);
	(void)xnvme_queue_get_completion_fd(queue);
	run_async(queue, XNVME_SPEC_NVM_OPC_WRITE, out, &written, nth);
	run_async(queue, XNVME_SPEC_NVM_OPC_FLUSH, out, &outcome, nth);
	run_async(queue, XNVME_SPEC_NVM_OPC_READ, in, &outcome, nth);
	if (!written.failed && !outcome.failed && memcmp(in, out, DEPTH * 512) != 0) {
		bad(nth, "what was written does not read back");
	}
	use_sync(dev, in, nth);
}

/* One run; a failed open, allocation or queue ends it early, with a message */
static void
scenario(long nth)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_queue *queue = NULL;
	struct xnvme_dev *dev;

	opts.async = async;
	xnvme_err_clear();
	arm(nth);
	dev = xnvme_dev_open(uri, &opts);
	if (!dev) {
		if (!errno || !xnvme_err_text()[0]) {
			bad(nth, "open failed without a reason");
		}
		return;
	}
	if (!xnvme_dev_get_geo(dev)->nbytes || !xnvme_dev_get_geo(dev)->nsect) {
		bad(nth, "a handle without a geometry");
	}
	char *out = xnvme_buf_alloc(dev, DEPTH * 512);
	char *in = xnvme_buf_alloc(dev, DEPTH * 512);
	int err = xnvme_queue_init(dev, DEPTH, 0, &queue);

	if (err && (queue || !xnvme_err_text()[0])) {
		bad(nth, "a queue failed without a reason");
	}
	if (!err && out && in) {
		use(dev, queue, out, in, nth);
	}
	xnvme_buf_free(dev, out);
	xnvme_buf_free(dev, in);
	if (!err) {
		(void)xnvme_queue_term(queue);
	}
	xnvme_dev_close(dev);
}

int
main(int argc, char **argv)
{
	long nth = 0;
	bool reached;
	int descriptors;

	*(void **)&arm = dlsym(RTLD_DEFAULT, "inject_arm");
	*(void **)&disarm = dlsym(RTLD_DEFAULT, "inject_disarm");
	*(void **)&what = dlsym(RTLD_DEFAULT, "inject_what");
	*(void **)&live = dlsym(RTLD_DEFAULT, "inject_live");
	if (!arm || !disarm || !what || !live || argc < 2) {
		printf("run it with the shim preloaded: LD_PRELOAD=.../libinject_shim.so\n");
		return 2;
	}
	uri = fixture_make(argv[1]);
	async = argc > 2 ? argv[2] : NULL;
	if (!uri) {
		return 77;
	}
	(void)alarm(200);
	scenario(1000000); /* opens what the process opens only once */
	descriptors = count_descriptors();
	long allocations = live();

	do {
		nth += 1;
		scenario(nth);
		reached = what()[0];
		disarm();
		if (count_descriptors() != descriptors) {
			bad(nth, "a descriptor was left open");
		}
		/* glibc's aio keeps threads and their memory for some time */
		if (live() > allocations && (!async || strcmp(async, "posix"))) {
			bad(nth, "memory was left allocated");
		}
	} while (reached);
	printf("%ld calls failed in turn\n", nth - 1);
	return nth < 10 ? 1 : 0;
}
