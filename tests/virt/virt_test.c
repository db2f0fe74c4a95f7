/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A virtual SSD through the public interfaces libxnvme and libnvmevirt only: time, names, threads.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "virt_test.h"

/* --- random commands on a virtual clock ------------------------------------------------------ */

struct run {
	struct xnvme_dev *dev;
	struct nvmevirt *ssd;
	struct xnvme_queue *queue;
	uint8_t *buf;
	uint64_t random;
	uint64_t hash; /* over the instant, LBA and opcode of each completion */
	uint32_t ndone;
};

static void
add_to_hash(uint64_t *hash, uint64_t value)
{
	for (int i = 0; i < 8; i += 1) { /* FNV-1a */
		*hash = (*hash ^ ((value >> (8 * i)) & 0xFF)) * 0x100000001B3ULL;
	}
}

static void
count_completion(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct run *run = arg;

	assert_int_equal(xnvme_cmd_ctx_cpl_status(ctx), 0);
	add_to_hash(&run->hash, nvmevirt_clock_get_ns(run->ssd));
	add_to_hash(&run->hash, ctx->cmd.nvm.slba << 8 | ctx->cmd.common.opcode);
	run->ndone += 1;
	assert_int_equal(xnvme_queue_put_cmd_ctx(run->queue, ctx), 0);
}

static void
submit_random(struct run *run)
{
	struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(run->queue);
	uint32_t nsid = xnvme_dev_get_nsid(run->dev);
	uint64_t r = next_random(&run->random);
	uint64_t lba = (r >> 8) % (xnvme_dev_get_geo(run->dev)->nsect - 8);
	uint16_t nlb = (r >> 32) % 8;
	int err;

	assert_non_null(ctx);
	err = r & 1 ? xnvme_nvm_read(ctx, nsid, lba, nlb, run->buf, NULL)
		    : xnvme_nvm_write(ctx, nsid, lba, nlb, run->buf, NULL);
	assert_int_equal(err, 0);
}

static void
run_random(const char *uri, uint32_t ncmds, bool collects, uint64_t *hash, uint64_t *trace_hash)
{
	struct nvmevirt_stats stats;
	struct run run = {.dev = open_dev(uri), .random = 88172645463325252ULL,
			  .hash = 0xCBF29CE484222325ULL};

	run.ssd = ssd_of(run.dev);
	run.buf = xnvme_buf_alloc(run.dev, 8 * LBA_NBYTES);
	memset(run.buf, 0, 8 * LBA_NBYTES);
	assert_int_equal(xnvme_queue_init(run.dev, 16, 0, &run.queue), 0);
	xnvme_queue_set_cb(run.queue, count_completion, &run);
	for (uint32_t i = 0; i < ncmds; i += 1) {
		while (xnvme_queue_get_outstanding(run.queue) == 16) {
			assert_true(xnvme_queue_poke(run.queue, 0) >= 0);
		}
		submit_random(&run);
	}
	assert_true(xnvme_queue_drain(run.queue) >= 0);
	assert_int_equal(run.ndone, ncmds);
	*hash = run.hash;
	*trace_hash = nvmevirt_get_trace_hash(run.ssd);
	nvmevirt_get_stats(run.ssd, &stats);
	assert_int_equal(stats.gc_moves > 0, collects);
	assert_int_equal(xnvme_queue_term(run.queue), 0);
	xnvme_buf_free(run.dev, run.buf);
	nvmevirt_destroy(run.ssd);
	xnvme_dev_close(run.dev);
}

/*
 * Recorded hashes: every compiler, optimisation level and machine must reproduce them. They change
 * only with the preset, its model, or the commands of xnvme_dev_open(). The second drive is written
 * twice over, so that it collects garbage.
 */
static const struct {
	const char *uri;
	uint32_t ncmds;
	bool collects;
	uint64_t hash;
} instants[] = {
	{"virt:optane-p4800x,size=64MiB,lba=4096,clock=virtual,seed=7", 2000, false,
	 0x1399567BBE8D4D43ULL},
	{"virt:samsung-970-pro,size=64MiB,lba=4096,clock=virtual,seed=7", 16000, true,
	 0x5BD88822D00CF60CULL},
};

static void
the_same_seed_gives_the_same_instants(void **state)
{
	uint64_t hash, trace_hash, first_trace_hash = 0;

	(void)state;
	for (size_t at = 0; at < sizeof(instants) / sizeof(instants[0]); at += 1) {
		for (int i = 0; i < 10; i += 1) {
			run_random(instants[at].uri, instants[at].ncmds,
				   instants[at].collects, &hash, &trace_hash);
			first_trace_hash = i ? first_trace_hash : trace_hash;
			assert_int_equal(trace_hash, first_trace_hash);
			if (hash != instants[at].hash) {
				fail_msg("%s: the hash of the instants is 0x%llx", instants[at].uri,
					 (unsigned long long)hash);
			}
		}
	}
}

static void
on_a_virtual_clock_time_is_that_of_the_model(void **state)
{
	struct xnvme_dev *dev = open_dev("virt:optane-p4800x,size=64MiB,lba=4096,clock=virtual");
	struct nvmevirt *ssd = ssd_of(dev);
	uint64_t before = nvmevirt_clock_get_ns(ssd);

	(void)state;
	assert_true(nvmevirt_clock_is_virtual(ssd));
	assert_int_equal(write_lba(dev, 0, 1), 0);
	assert_int_equal(nvmevirt_clock_get_ns(ssd) - before, 10000); /* the preset: 10 us */
	before = nvmevirt_clock_get_ns(ssd);
	assert_int_equal(read_lba(dev, 0), 1);
	assert_int_equal(nvmevirt_clock_get_ns(ssd) - before, 10000);
	assert_int_equal(nvmevirt_clock_advance(ssd, 3600000000000ULL), 0);
	assert_int_equal(nvmevirt_clock_get_ns(ssd) - before, 3600000010000ULL);
	assert_int_equal(nvmevirt_clock_advance(ssd, UINT64_MAX), -EINVAL);
	nvmevirt_destroy(ssd);
	xnvme_dev_close(dev);
}

/* --- the real clock ------------------------------------------------------------------------- */

static uint64_t
monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000ULL + (uint64_t)now.tv_nsec;
}

static void
no_completion_comes_before_its_instant(void **state)
{
	/* much longer than a preemption on a busy machine */
	static const uint64_t DELAY_NS = 500000000;
	struct xnvme_dev *dev =
		open_dev("virt:null,size=1MiB,lba=4096,model=simple,simple.read_delay_ns=500000000,"
			 "simple.write_delay_ns=500000000,simple.read_time_ns=1");
	struct run run = {.dev = dev, .random = 1, .ssd = ssd_of(dev)};
	uint64_t start = monotonic_ns();

	(void)state;
	assert_int_equal(read_lba(dev, 0), 0);
	assert_true(monotonic_ns() - start >= DELAY_NS);
	assert_int_equal(nvmevirt_clock_advance(run.ssd, 1), -EINVAL);
	assert_non_null(strstr(nvmevirt_err_text(), "clock=virtual"));
	assert_false(nvmevirt_clock_is_virtual(run.ssd));

	run.buf = xnvme_buf_alloc(dev, 8 * LBA_NBYTES);
	assert_int_equal(xnvme_queue_init(dev, 1, 0, &run.queue), 0);
	xnvme_queue_set_cb(run.queue, count_completion, &run);
	start = monotonic_ns();
	struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(run.queue);

	assert_int_equal(xnvme_nvm_read(ctx, 1, 0, 0, run.buf, NULL), 0);
	assert_int_equal(xnvme_queue_poke(run.queue, 0), 0);
	assert_int_equal(xnvme_queue_wait_timeout(run.queue, 500000), 0); /* too short */
	assert_true(monotonic_ns() - start < DELAY_NS);
	assert_int_equal(xnvme_queue_wait_timeout(run.queue, UINT64_MAX), 1);
	assert_true(monotonic_ns() - start >= DELAY_NS);
	assert_int_equal(xnvme_queue_term(run.queue), 0);
	xnvme_buf_free(dev, run.buf);
	nvmevirt_destroy(run.ssd);
	xnvme_dev_close(dev);
}

/* The completion descriptor works with epoll on both clocks */
static void
wait_by_epoll(const char *uri, uint32_t ncmds)
{
	struct xnvme_dev *dev = open_dev(uri);
	struct run run = {.dev = dev, .random = 1, .ssd = ssd_of(dev)};
	struct epoll_event event = {.events = EPOLLIN};
	int poll_fd = epoll_create1(0), fd;
	uint64_t count;

	run.buf = xnvme_buf_alloc(dev, 8 * LBA_NBYTES);
	memset(run.buf, 0, 8 * LBA_NBYTES);
	assert_int_equal(xnvme_queue_init(dev, 8, 0, &run.queue), 0);
	xnvme_queue_set_cb(run.queue, count_completion, &run);
	fd = xnvme_queue_get_completion_fd(run.queue);
	assert_true(fd >= 0);
	assert_int_equal(epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event), 0);
	assert_int_equal(epoll_wait(poll_fd, &event, 1, 0), 0); /* nothing is due yet */
	for (uint32_t i = 0; i < ncmds; i += 1) {
		submit_random(&run);
		while (xnvme_queue_get_outstanding(run.queue) == 8 ||
		       (i + 1 == ncmds && xnvme_queue_get_outstanding(run.queue))) {
			assert_int_equal(epoll_wait(poll_fd, &event, 1, 5000), 1);
			assert_int_equal(read(fd, &count, sizeof(count)), sizeof(count));
			assert_true(xnvme_queue_poke(run.queue, 0) >= 0);
		}
	}
	assert_int_equal(run.ndone, ncmds);
	assert_int_equal(epoll_wait(poll_fd, &event, 1, 0), 0);
	close(poll_fd);
	assert_int_equal(xnvme_queue_term(run.queue), 0);
	xnvme_buf_free(dev, run.buf);
	nvmevirt_destroy(run.ssd);
	xnvme_dev_close(dev);
}

static void
the_completion_descriptor(void **state)
{
	(void)state;
	wait_by_epoll("virt:optane-p4800x,size=64MiB,lba=4096", 1000);
	wait_by_epoll("virt:optane-p4800x,size=64MiB,lba=4096,clock=virtual", 1000);
	wait_by_epoll("virt:null,size=64MiB,lba=4096", 1000);
}

/* --- names ----------------------------------------------------------------------------------- */

static void
two_handles_of_one_name_share_one_ssd(void **state)
{
	struct xnvme_dev *a = open_dev("virt:null,size=1MiB,name=twin");
	struct xnvme_dev *b = open_dev("virt:null,size=1MiB,name=twin");
	struct xnvme_dev *c = open_dev("virt:@twin");
	struct xnvme_dev *d = open_dev("virt:null,size=1MiB");

	(void)state;
	assert_int_equal(write_lba(a, 3, 0x5A), 0);
	xnvme_dev_close(a);
	assert_int_equal(read_lba(b, 3), 0x5A);
	xnvme_dev_close(b);
	assert_int_equal(read_lba(c, 3), 0x5A);
	assert_int_equal(read_lba(d, 3), 0);
	xnvme_dev_close(c);
	xnvme_dev_close(d);
	a = open_dev("virt:null,size=1MiB,name=twin"); /* a new SSD: the last close freed it */
	assert_int_equal(read_lba(a, 3), 0);
	xnvme_dev_close(a);
}

/* One half of a fused Compare and Write: *status is -1 while it is held, then its status */
static void
half_done(struct xnvme_cmd_ctx *ctx, void *arg)
{
	*(int *)arg = ctx->cpl.status.sct << 8 | ctx->cpl.status.sc;
	xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx);
}

static void
half(struct xnvme_queue *queue, bool first, void *buf, int *status)
{
	struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);

	assert_non_null(ctx);
	xnvme_cmd_ctx_clear(ctx);
	*status = -1;
	xnvme_cmd_ctx_set_cb(ctx, half_done, status);
	xnvme_prep_nvm(ctx, first ? XNVME_SPEC_NVM_OPC_COMPARE : XNVME_SPEC_NVM_OPC_WRITE, 1, 5, 0);
	ctx->cmd.common.fuse = first ? 1 : 2;
	assert_int_equal(xnvme_cmd_pass(ctx, buf, LBA_NBYTES, NULL, 0), 0);
}

#define NQUEUES 8

/*
 * A PCI function and a virt: handle of one SSD both number their queues from 1. A first half of one
 * must not fuse with a second half of the other, and each gets its own completions, whichever polls
 * first.
 */
static void
what_a_pci_function_holds_is_not_its_neighbours(void **state)
{
	const uint32_t missing = 0x0A; /* Command Aborted due to Missing Fused Command */
	struct xnvme_dev *pci =
		open_dev("pci-virt:optane-p4800x,size=1MiB,lba=4096,clock=virtual,name=fuse");
	struct xnvme_dev *virt = open_dev("virt:@fuse");
	struct xnvme_queue *queue, *others[NQUEUES];
	char *old = xnvme_buf_alloc(pci, LBA_NBYTES);
	char *new = xnvme_buf_alloc(pci, LBA_NBYTES);
	int first, second, lone[NQUEUES];

	(void)state;
	memset(old, 0, LBA_NBYTES);
	memset(new, 0x77, LBA_NBYTES);
	assert_int_equal(xnvme_queue_init(pci, 4, 0, &queue), 0);
	for (uint32_t i = 0; i < NQUEUES; i += 1) {
		assert_int_equal(xnvme_queue_init(virt, 4, 0, &others[i]), 0);
	}
	/* second halves without a first one, while the function's first half is held */
	half(queue, true, old, &first);
	assert_true(xnvme_queue_poke(queue, 0) >= 0);
	for (uint32_t i = 0; i < NQUEUES; i += 1) {
		half(others[i], false, new, &lone[i]);
		assert_int_equal(xnvme_queue_drain(others[i]), 1);
		assert_int_equal(lone[i], missing);
	}
	assert_int_equal(first, -1);
	half(queue, false, new, &second);
	assert_int_equal(xnvme_queue_drain(queue), 2);
	assert_int_equal(first, 0);
	assert_int_equal(second, 0);
	assert_int_equal(read_lba(virt, 5), 0x77);
	/* completions of the virt: handle, which the function must not reap although it polls
	 * first */
	half(others[3], true, new, &first);
	half(others[3], false, old, &second);
	assert_int_equal(read_lba(pci, 6), 0);
	assert_int_equal(xnvme_queue_drain(others[3]), 2);
	assert_int_equal(first, 0);
	assert_int_equal(second, 0);
	/* terminating a queue discards its first half: a new queue with the same number has none */
	half(others[0], true, old, &first);
	assert_int_equal(xnvme_queue_term(others[0]), 0);
	assert_int_equal(xnvme_queue_init(virt, 4, 0, &others[0]), 0);
	half(others[0], false, old, &second);
	assert_int_equal(xnvme_queue_drain(others[0]), 1);
	assert_int_equal(second, missing);
	for (uint32_t i = 0; i < NQUEUES; i += 1) {
		assert_int_equal(xnvme_queue_term(others[i]), 0);
	}
	assert_int_equal(xnvme_queue_term(queue), 0);
	xnvme_buf_free(pci, old);
	xnvme_buf_free(pci, new);
	xnvme_dev_close(virt);
	xnvme_dev_close(pci);
}

static void
a_name_with_other_parameters_is_refused(void **state)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *a = open_dev("virt:null,size=1MiB,name=one");

	(void)state;
	assert_null(xnvme_dev_open("virt:null,size=2MiB,name=one", &opts));
	assert_int_equal(errno, EEXIST);
	assert_non_null(strstr(xnvme_err_text(), "exists and differs in the drive itself"));
	assert_non_null(strstr(xnvme_err_text(), "write virt:@one"));
	assert_null(xnvme_dev_open("virt:null,size=1MiB,name=one,clock=virtual", &opts));
	assert_non_null(strstr(xnvme_err_text(), "differs in the clock"));
	assert_null(xnvme_dev_open("virt:@two", &opts));
	assert_int_equal(errno, ENOENT);
	assert_non_null(strstr(xnvme_err_text(), "no virtual SSD of this process is named 'two'"));
	xnvme_dev_close(a);
}

static void
an_ssd_made_by_the_program(void **state)
{
	static const char toml[] = "[drive]\nserial = \"MINE\"\n"
				   "[[namespace]]\nnbytes = \"1MiB\"\n"
				   "[[namespace]]\nnbytes = \"2MiB\"\nlba_nbytes = 4096\n";
	struct xnvme_opts opts = xnvme_opts_default();
	struct nvmevirt *ssd, *again;
	struct nvmevirt_stats stats;
	struct xnvme_dev *dev;
	char text[1024];

	(void)state;
	assert_int_equal(nvmevirt_create_from_toml(toml, strlen(toml), "clock=virtual,name=made",
						   &ssd), 0);
	assert_string_equal(nvmevirt_get_uri(ssd), "virt:@made");
	opts.nsid = 2;
	dev = xnvme_dev_open(nvmevirt_get_uri(ssd), &opts);
	assert_non_null(dev);
	assert_int_equal(xnvme_dev_get_nsid(dev), 2);
	assert_int_equal(xnvme_dev_get_geo(dev)->lba_nbytes, 4096);
	assert_int_equal(write_lba(dev, 511, 9), 0);
	nvmevirt_get_stats(ssd, &stats);
	assert_int_equal(stats.write_cmds, 1);
	assert_int_equal(stats.write_nbytes, 4096);
	assert_true(stats.now_ns == nvmevirt_clock_get_ns(ssd));
	assert_int_equal(nvmevirt_create("virt:@made", &again), 0);
	nvmevirt_destroy(again);
	nvmevirt_destroy(ssd); /* the open handle keeps the SSD */
	assert_int_equal(read_lba(dev, 511), 9);
	xnvme_dev_close(dev);

	assert_int_equal(nvmevirt_create("virt:null,serial=X1,size=3MiB", &ssd), 0);
	assert_true(nvmevirt_get_toml(ssd, text, sizeof(text)) < sizeof(text));
	assert_non_null(strstr(text, "serial = \"X1\""));
	assert_int_equal(nvmevirt_create_from_toml(text, strlen(text), NULL, &again), 0);
	assert_string_not_equal(nvmevirt_get_uri(ssd), nvmevirt_get_uri(again));
	nvmevirt_destroy(again);
	nvmevirt_destroy(ssd);
	nvmevirt_destroy(NULL);
	assert_int_equal(nvmevirt_create("virt:what", &ssd), -EINVAL);
	assert_null(ssd);
	assert_non_null(strstr(nvmevirt_err_text(), "'what' is not a preset"));
}

/* Each preset opens as a drive of its kind, whatever its size */
static void
every_preset_opens(void **state)
{
	const struct nvmevirt_preset *preset;

	(void)state;
	for (uint32_t i = 0; (preset = nvmevirt_preset_get(i)); i += 1) {
		struct xnvme_dev *dev;
		char uri[128];

		snprintf(uri, sizeof(uri), "virt:%s,clock=virtual", preset->name);
		dev = open_dev(uri);
		if (strstr(preset->toml, "\"zns\"")) {
			assert_int_equal(xnvme_dev_get_geo(dev)->type, XNVME_GEO_ZONED);
		} else if (strstr(preset->toml, "\"kv\"")) {
			assert_int_equal(xnvme_dev_get_csi(dev), XNVME_SPEC_CSI_KV);
		} else {
			assert_int_equal(write_lba(dev, xnvme_dev_get_geo(dev)->nsect - 1, 7), 0);
			assert_int_equal(read_lba(dev, xnvme_dev_get_geo(dev)->nsect - 1), 7);
		}
		xnvme_dev_close(dev);
	}
}

static void
a_namespace_that_is_not_there_is_named(void **state)
{
	struct xnvme_opts opts = xnvme_opts_default();

	(void)state;
	opts.nsid = 5;
	assert_null(xnvme_dev_open("virt:null,size=1MiB", &opts));
	assert_int_equal(errno, ENODEV);
	assert_non_null(strstr(xnvme_err_text(), "has no active namespace 5"));
}

/* nsid 0 (fio's default) once gave a handle with block size 0: a division by zero in the program */
static void
namespace_0_is_the_first_active_one(void **state)
{
	static const char toml[] = "[[namespace]]\nnbytes = \"1MiB\"\ndetached = true\n"
				   "[[namespace]]\nnbytes = \"2MiB\"\nlba_nbytes = 4096\n";
	static const char *const uris[] = {"virt:@detached", "pci-virt:@detached"};
	struct xnvme_opts opts = xnvme_opts_default();
	struct nvmevirt *ssd;

	(void)state;
	opts.nsid = 0;
	assert_int_equal(nvmevirt_create_from_toml(toml, strlen(toml), "name=detached", &ssd), 0);
	for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); ++i) {
		struct xnvme_dev *dev = xnvme_dev_open(uris[i], &opts);

		assert_non_null(dev);
		assert_int_equal(xnvme_dev_get_nsid(dev), 2);
		assert_int_equal(xnvme_dev_get_opts(dev)->nsid, 2);
		assert_int_equal(xnvme_dev_get_geo(dev)->lba_nbytes, 4096);
		xnvme_dev_close(dev);
	}
	nvmevirt_destroy(ssd);
}

static void
presets_can_be_listed(void **state)
{
	const struct nvmevirt_preset *preset;
	uint32_t n = 0;

	(void)state;
	for (; (preset = nvmevirt_preset_get(n)); n += 1) {
		assert_true(strlen(preset->name) > 0 && strlen(preset->descr) > 0);
		assert_non_null(strstr(preset->toml, preset->descr));
	}
	assert_int_equal(n, 8);
}

/* --- threads --------------------------------------------------------------------------------- */

enum { NTHREADS = 4, NROUNDS = 500 };

struct thread {
	pthread_t id;
	const char *uri;
	uint32_t index;
	uint32_t nwrong;
};

static void *
write_and_read(void *arg)
{
	struct thread *thread = arg;
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev = xnvme_dev_open(thread->uri, &opts);
	struct xnvme_queue *queue;
	uint8_t *buf;

	thread->nwrong = 1;
	if (!dev || xnvme_queue_init(dev, 4, 0, &queue)) {
		return NULL;
	}
	buf = xnvme_buf_alloc(dev, LBA_NBYTES);
	thread->nwrong = 0;
	for (uint32_t i = 0; i < NROUNDS; i += 1) {
		uint64_t lba = thread->index * NROUNDS + i;
		struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);
		struct xnvme_cmd_ctx sync = xnvme_cmd_ctx_from_dev(dev);

		memset(buf, (int)(lba % 251), LBA_NBYTES);
		thread->nwrong += xnvme_nvm_write(ctx, 1, lba, 0, buf, NULL) != 0;
		thread->nwrong += xnvme_queue_drain(queue) != 1;
		xnvme_queue_put_cmd_ctx(queue, ctx);
		memset(buf, 0xEE, LBA_NBYTES);
		thread->nwrong += xnvme_nvm_read(&sync, 1, lba, 0, buf, NULL) != 0;
		thread->nwrong += buf[0] != lba % 251 || buf[LBA_NBYTES - 1] != lba % 251;
	}
	xnvme_queue_term(queue);
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
	return NULL;
}

static void
several_threads_use_one_ssd(void **state)
{
	static const char *const uris[] = {
		"virt:null,size=64MiB,lba=4096,name=shared",
		"virt:optane-p4800x,size=64MiB,lba=4096,name=shared",
		"virt:optane-p4800x,size=64MiB,lba=4096,name=shared,clock=virtual",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i += 1) {
		struct thread threads[NTHREADS];

		for (uint32_t j = 0; j < NTHREADS; j += 1) {
			threads[j] = (struct thread){.uri = uris[i], .index = j};
			assert_int_equal(pthread_create(&threads[j].id, NULL, write_and_read,
							&threads[j]), 0);
		}
		for (uint32_t j = 0; j < NTHREADS; j += 1) {
			assert_int_equal(pthread_join(threads[j].id, NULL), 0);
			assert_int_equal(threads[j].nwrong, 0);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_seed_gives_the_same_instants),
		cmocka_unit_test(on_a_virtual_clock_time_is_that_of_the_model),
		cmocka_unit_test(no_completion_comes_before_its_instant),
		cmocka_unit_test(the_completion_descriptor),
		cmocka_unit_test(two_handles_of_one_name_share_one_ssd),
		cmocka_unit_test(what_a_pci_function_holds_is_not_its_neighbours),
		cmocka_unit_test(a_name_with_other_parameters_is_refused),
		cmocka_unit_test(an_ssd_made_by_the_program),
		cmocka_unit_test(every_preset_opens),
		cmocka_unit_test(a_namespace_that_is_not_there_is_named),
		cmocka_unit_test(namespace_0_is_the_first_active_one),
		cmocka_unit_test(presets_can_be_listed),
		cmocka_unit_test(several_threads_use_one_ssd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
