/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A virtual SSD from outside: through libxnvme and libnvmevirt only.
 */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#include <libnvmevirt.h>
#include <libxnvme.h>

enum { LBA_NBYTES = 4096 };

static char dir[] = "/tmp/virt-test-XXXXXX";

static struct xnvme_dev *
open_dev(const char *uri)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev = xnvme_dev_open(uri, &opts);

	if (!dev) {
		fail_msg("%s: %s", uri, xnvme_err_text());
	}
	return dev;
}

static struct nvmevirt *
ssd_of(struct xnvme_dev *dev)
{
	struct nvmevirt *ssd;

	assert_int_equal(nvmevirt_from_dev(dev, &ssd), 0);
	return ssd;
}

static int
write_lba(struct xnvme_dev *dev, uint64_t lba, uint8_t byte)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	uint32_t nbytes = xnvme_dev_get_geo(dev)->lba_nbytes;
	uint8_t *buf = xnvme_buf_alloc(dev, nbytes);
	int err;

	memset(buf, byte, nbytes);
	err = xnvme_nvm_write(&ctx, xnvme_dev_get_nsid(dev), lba, 0, buf, NULL);
	xnvme_buf_free(dev, buf);
	return err;
}

static uint8_t
read_lba(struct xnvme_dev *dev, uint64_t lba)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	uint32_t nbytes = xnvme_dev_get_geo(dev)->lba_nbytes;
	uint8_t *buf = xnvme_buf_alloc(dev, nbytes);
	uint8_t byte;

	memset(buf, 0xEE, nbytes);
	assert_int_equal(xnvme_nvm_read(&ctx, xnvme_dev_get_nsid(dev), lba, 0, buf, NULL), 0);
	byte = buf[0];
	for (uint32_t i = 1; i < nbytes; i += 1) {
		assert_int_equal(buf[i], byte);
	}
	xnvme_buf_free(dev, buf);
	return byte;
}

/* --- random commands on a virtual clock ------------------------------------------------------ */

struct run {
	struct xnvme_dev *dev;
	struct nvmevirt *ssd;
	struct xnvme_queue *queue;
	uint8_t *buf;
	uint64_t random;
	uint64_t hash; /* over the instants at which completions came, and for what */
	uint32_t ndone;
};

static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13; /* xorshift64 (Marsaglia 2003) */
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

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
	uint64_t lba = (r >> 8) % 1000;
	uint16_t nlb = (r >> 32) % 8;
	int err;

	assert_non_null(ctx);
	err = r & 1 ? xnvme_nvm_read(ctx, nsid, lba, nlb, run->buf, NULL)
		    : xnvme_nvm_write(ctx, nsid, lba, nlb, run->buf, NULL);
	assert_int_equal(err, 0);
}

static void
run_random(const char *uri, uint32_t ncmds, uint64_t *hash, uint64_t *trace_hash)
{
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
	assert_int_equal(xnvme_queue_term(run.queue), 0);
	xnvme_buf_free(run.dev, run.buf);
	nvmevirt_destroy(run.ssd);
	xnvme_dev_close(run.dev);
}

/* Recorded once; every compiler, level of optimisation and machine must give it again. It changes
 * only with the preset, the simple model, or what xnvme_dev_open() asks the drive. */
#define INSTANTS_HASH 0x534AD9B9D701B54DULL

static void
the_same_seed_gives_the_same_instants(void **state)
{
	uint64_t hash, trace_hash, first_trace_hash = 0;

	(void)state;
	for (int i = 0; i < 10; i += 1) {
		run_random("virt:optane-p4800x,size=64MiB,lba=4096,clock=virtual,seed=7", 2000,
			   &hash, &trace_hash);
		first_trace_hash = i ? first_trace_hash : trace_hash;
		assert_int_equal(trace_hash, first_trace_hash);
		if (hash != INSTANTS_HASH) {
			fail_msg("hash of the instants is 0x%llx", (unsigned long long)hash);
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
	struct xnvme_dev *dev =
		open_dev("virt:null,size=1MiB,lba=4096,model=simple,simple.read_delay_ns=100000000,"
			 "simple.write_delay_ns=100000000,simple.read_time_ns=1");
	struct run run = {.dev = dev, .random = 1, .ssd = ssd_of(dev)};
	uint64_t start = monotonic_ns();

	(void)state;
	assert_int_equal(read_lba(dev, 0), 0);
	assert_true(monotonic_ns() - start >= 100000000);
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
	assert_true(monotonic_ns() - start < 100000000);
	assert_int_equal(xnvme_queue_wait_timeout(run.queue, UINT64_MAX), 1);
	assert_true(monotonic_ns() - start >= 100000000);
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
	a = open_dev("virt:null,size=1MiB,name=twin"); /* the last one closed it: a new one */
	assert_int_equal(read_lba(a, 3), 0);
	xnvme_dev_close(a);
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
	nvmevirt_destroy(ssd); /* the device keeps it */
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

/* --- media ----------------------------------------------------------------------------------- */

static void
media_in_a_file_survives(void **state)
{
	char uri[512], path[256];
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev;
	struct stat info;

	(void)state;
	snprintf(path, sizeof(path), "%s/survives", dir);
	snprintf(uri, sizeof(uri), "virt:null,size=4GiB,lba=4096,overcommit=true,media=%s",
		 path);
	dev = open_dev(uri);
	for (uint64_t lba = 0; lba < 100; lba += 1) {
		assert_int_equal(write_lba(dev, lba * 10000, (uint8_t)(lba + 1)), 0);
	}
	assert_null(xnvme_dev_open(uri, &opts)); /* two of them would overwrite each other */
	assert_int_equal(errno, EBUSY);
	xnvme_dev_close(dev);
	assert_int_equal(stat(path, &info), 0);
	assert_true(info.st_size > 4LL << 30);
	assert_true(info.st_blocks * 512LL < 4LL << 20);
	dev = open_dev(uri);
	for (uint64_t lba = 0; lba < 100; lba += 1) {
		assert_int_equal(read_lba(dev, lba * 10000), lba + 1);
		assert_int_equal(read_lba(dev, lba * 10000 + 1), 0);
	}
	xnvme_dev_close(dev);
	snprintf(uri, sizeof(uri), "virt:null,size=8GiB,lba=4096,media=%s", path);
	assert_null(xnvme_dev_open(uri, &opts));
	assert_non_null(strstr(xnvme_err_text(), "give the size=, lba= and other settings"));
	assert_int_equal(unlink(path), 0);
}

/* The process is killed in the middle of writing: every block is as before or as written */
static void
a_killed_process_leaves_a_usable_drive(void **state)
{
	char uri[512];
	int told[2];
	uint32_t last = 0;
	struct xnvme_dev *dev;
	struct nvmevirt *ssd;
	struct nvmevirt_stats stats;
	pid_t pid;

	(void)state;
	snprintf(uri, sizeof(uri), "virt:null,size=16MiB,lba=4096,media=%s/killed", dir);
	assert_int_equal(pipe(told), 0);
	pid = fork();
	if (pid == 0) {
		dev = open_dev(uri);
		for (uint32_t i = 0;; i += 1) {
			if (write_lba(dev, i % 4096, (uint8_t)(1 + i / 4096)) ||
			    write(told[1], &i, sizeof(i)) != sizeof(i)) {
				_exit(1);
			}
		}
	}
	while (last < 6000) {
		assert_int_equal(read(told[0], &last, sizeof(last)), sizeof(last));
	}
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	close(told[1]);
	while (read(told[0], &last, sizeof(last)) == sizeof(last)) {
	}
	close(told[0]);
	dev = open_dev(uri);
	ssd = ssd_of(dev);
	nvmevirt_get_stats(ssd, &stats);
	assert_true(stats.media_was_left);
	nvmevirt_destroy(ssd);
	for (uint32_t i = last >= 4095 ? last - 4095 : 0; i <= last; i += 1) {
		uint8_t byte = read_lba(dev, i % 4096), want = (uint8_t)(1 + i / 4096);

		/* the one after the last that was told may have been written already */
		assert_true(byte == want || (i + 4096 == last + 1 && byte == (uint8_t)(want + 1)));
	}
	assert_int_equal(write_lba(dev, 0, 0xAB), 0);
	assert_int_equal(read_lba(dev, 0), 0xAB);
	xnvme_dev_close(dev);
}

static void
a_drive_without_media_is_as_large_as_you_like(void **state)
{
	struct xnvme_dev *dev = open_dev("virt:null,size=64TiB,lba=4096,media=none");

	(void)state;
	assert_int_equal(write_lba(dev, (64ULL << 40) / 4096 - 1, 7), 0);
	assert_int_equal(read_lba(dev, (64ULL << 40) / 4096 - 1), 0);
	xnvme_dev_close(dev);
}

/* --- breaking it ----------------------------------------------------------------------------- */

struct broken {
	uint32_t nstatus[2]; /* [0] good, [1] the expected error */
	uint16_t sct, sc;
};

static void
count_status(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct broken *broken = arg;

	if (xnvme_cmd_ctx_cpl_status(ctx)) {
		assert_int_equal(ctx->cpl.status.sct, broken->sct);
		assert_int_equal(ctx->cpl.status.sc, broken->sc);
		broken->nstatus[1] += 1;
	} else {
		broken->nstatus[0] += 1;
	}
	assert_int_equal(xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx), 0);
}

/* 16 reads of one unit, 10 us apart; after 35 us three are done, and then comes the trouble */
static void
break_in_the_middle(void (*trouble)(struct nvmevirt *ssd), uint16_t sct, uint16_t sc)
{
	struct xnvme_dev *dev =
		open_dev("virt:null,size=1MiB,lba=4096,clock=virtual,model=simple,simple.units=1,"
			 "simple.read_time_ns=10000,simple.write_time_ns=10000");
	struct nvmevirt *ssd = ssd_of(dev);
	struct broken broken = {.sct = sct, .sc = sc};
	struct xnvme_queue *queue;
	uint8_t *buf = xnvme_buf_alloc(dev, LBA_NBYTES);

	assert_int_equal(xnvme_queue_init(dev, 16, 0, &queue), 0);
	xnvme_queue_set_cb(queue, count_status, &broken);
	for (uint64_t i = 0; i < 16; i += 1) {
		assert_int_equal(xnvme_nvm_read(xnvme_queue_get_cmd_ctx(queue), 1, i, 0, buf, NULL),
				 0);
	}
	assert_int_equal(nvmevirt_clock_advance(ssd, 35000), 0);
	trouble(ssd);
	assert_int_equal(xnvme_queue_drain(queue), 16);
	assert_int_equal(broken.nstatus[0], 3);
	assert_int_equal(broken.nstatus[1], 13);
	assert_int_equal(read_lba(dev, 0), 0); /* it works again */
	assert_int_equal(xnvme_queue_term(queue), 0);
	xnvme_buf_free(dev, buf);
	nvmevirt_destroy(ssd);
	xnvme_dev_close(dev);
}

static void
a_power_cut_ends_what_is_outstanding(void **state)
{
	(void)state;
	break_in_the_middle(nvmevirt_power_cut, 0, 0x05);
}

static void
a_reset_ends_what_is_outstanding(void **state)
{
	struct xnvme_dev *dev;

	(void)state;
	break_in_the_middle(nvmevirt_reset, 3, 0x71);
	dev = open_dev("virt:null,size=1MiB"); /* and as the host's own wish */
	assert_int_equal(write_lba(dev, 1, 3), 0);
	assert_int_equal(xnvme_controller_reset(dev), 0);
	assert_int_equal(xnvme_subsystem_reset(dev), 0);
	assert_int_equal(xnvme_namespace_rescan(dev), 0);
	assert_int_equal(read_lba(dev, 1), 3);
	xnvme_dev_close(dev);
}

/* Blocks that were flushed survive, those in the volatile cache do not */
static void
a_power_cut_loses_what_was_not_durable(void **state)
{
	struct xnvme_dev *dev = open_dev("virt:null,size=1MiB,cache=64KiB,clock=virtual");
	struct nvmevirt *ssd = ssd_of(dev);
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);

	(void)state;
	assert_int_equal(write_lba(dev, 0, 1), 0);
	xnvme_prep_nvm(&ctx, XNVME_SPEC_NVM_OPC_FLUSH, xnvme_dev_get_nsid(dev), 0, 0);
	assert_int_equal(xnvme_cmd_pass(&ctx, NULL, 0, NULL, 0), 0);
	assert_int_equal(write_lba(dev, 0, 2), 0);
	assert_int_equal(write_lba(dev, 1, 2), 0);
	assert_int_equal(read_lba(dev, 0), 2);
	nvmevirt_power_cut(ssd);
	assert_int_equal(read_lba(dev, 0), 1);
	assert_int_equal(read_lba(dev, 1), 0);
	nvmevirt_destroy(ssd);
	xnvme_dev_close(dev);
}

/* Faults by plan: each action once, then all is well again */
static void
faults_come_as_planned(void **state)
{
	static const struct nvmevirt_fault plan[] = {
		{.action = NVMEVIRT_FAULT_FAIL, .match_opcode = true, .opcode = 0x02,
		 .io_only = true,
		 .lba = 5, .nlb = 1, .count = 1, .status = 0x0281}, /* Unrecovered Read Error */
		{.action = NVMEVIRT_FAULT_DELAY, .match_opcode = true, .opcode = 0x02,
		 .io_only = true, .skip = 1, .count = 1, .delay_ns = 5000000},
		{.action = NVMEVIRT_FAULT_LOSE, .match_opcode = true, .opcode = 0x01,
		 .io_only = true, .count = 1},
		{.action = NVMEVIRT_FAULT_LOSE_COMPLETION, .match_opcode = true, .opcode = 0x01,
		 .io_only = true, .count = 1},
	};
	struct nvmevirt_fault bad = {.action = (enum nvmevirt_fault_action)99};
	struct xnvme_dev *dev = open_dev("virt:null,size=1MiB,clock=virtual");
	struct nvmevirt *ssd = ssd_of(dev);
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	uint8_t buf[512];
	uint64_t start;

	(void)state;
	assert_int_equal(nvmevirt_set_faults(ssd, plan, 4), 0);
	assert_int_equal(xnvme_nvm_read(&ctx, 1, 4, 3, buf, NULL), -EIO); /* meets block 5 */
	assert_int_equal(ctx.cpl.status.sct, 2);
	assert_int_equal(ctx.cpl.status.sc, 0x81);
	assert_int_equal(read_lba(dev, 5), 0);
	start = nvmevirt_clock_get_ns(ssd);
	assert_int_equal(read_lba(dev, 5), 0);
	assert_int_equal(nvmevirt_clock_get_ns(ssd) - start, 5000000);
	start = nvmevirt_clock_get_ns(ssd);
	assert_int_equal(write_lba(dev, 1, 7), -ETIMEDOUT);
	assert_int_equal(nvmevirt_clock_get_ns(ssd) - start, 30000000000ULL);
	assert_int_equal(read_lba(dev, 1), 0);
	assert_int_equal(write_lba(dev, 1, 7), -ETIMEDOUT); /* lost on the way back only */
	assert_int_equal(read_lba(dev, 1), 7);
	assert_int_equal(write_lba(dev, 1, 8), 0);
	for (uint32_t i = 0; i < 4; i += 1) {
		assert_int_equal(nvmevirt_get_fault_hits(ssd, i), 1);
	}
	assert_int_equal(nvmevirt_get_fault_hits(ssd, 4), 0);
	assert_int_equal(nvmevirt_set_faults(ssd, &bad, 1), -EINVAL);
	assert_int_equal(nvmevirt_set_faults(ssd, plan, 33), -EINVAL);
	assert_non_null(strstr(nvmevirt_err_text(), "more than 32 faults"));
	assert_int_equal(nvmevirt_set_faults(ssd, NULL, 0), 0);
	nvmevirt_destroy(ssd);
	xnvme_dev_close(dev);
}

/* The controller gives up: nothing is answered any more, until it is reset */
static void
a_fatal_controller_answers_again_after_a_reset(void **state)
{
	static const struct nvmevirt_fault plan = {.action = NVMEVIRT_FAULT_FATAL, .io_only = true,
						   .count = 1};
	struct xnvme_dev *dev = open_dev("virt:null,size=1MiB,clock=virtual");
	struct nvmevirt *ssd = ssd_of(dev);

	(void)state;
	assert_int_equal(write_lba(dev, 1, 7), 0);
	assert_int_equal(nvmevirt_set_faults(ssd, &plan, 1), 0);
	assert_int_equal(write_lba(dev, 1, 8), -ETIMEDOUT);
	assert_int_equal(write_lba(dev, 1, 9), -ETIMEDOUT);
	assert_int_equal(xnvme_controller_reset(dev), 0);
	assert_int_equal(read_lba(dev, 1), 7);
	nvmevirt_destroy(ssd);
	xnvme_dev_close(dev);
}

/* A synchronous event request cannot wait: it is taken back, and never blocks */
static void
an_event_request_gives_what_happened_or_is_taken_back(void **state)
{
	static const char *const uris[] = {"virt:null,size=1MiB",
					   "virt:null,size=1MiB,clock=virtual"};

	(void)state;
	for (size_t i = 0; i < 2; i += 1) {
		struct xnvme_dev *dev = open_dev(uris[i]);
		struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);

		for (int j = 0; j < 20; j += 1) { /* more than the drive holds at once */
			ctx.cmd.common.opcode = 0x0C;
			assert_int_equal(xnvme_cmd_pass_admin(&ctx, NULL, 0, NULL, 0), -EIO);
			assert_int_equal(ctx.cpl.status.sct, 0);
			assert_int_equal(ctx.cpl.status.sc, 0x07);
		}
		xnvme_dev_close(dev);
	}
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

static int
make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int
remove_dir(void **state)
{
	char command[300];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	return system(command);
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
		cmocka_unit_test(a_name_with_other_parameters_is_refused),
		cmocka_unit_test(an_ssd_made_by_the_program),
		cmocka_unit_test(presets_can_be_listed),
		cmocka_unit_test(media_in_a_file_survives),
		cmocka_unit_test(a_killed_process_leaves_a_usable_drive),
		cmocka_unit_test(a_drive_without_media_is_as_large_as_you_like),
		cmocka_unit_test(a_power_cut_ends_what_is_outstanding),
		cmocka_unit_test(a_reset_ends_what_is_outstanding),
		cmocka_unit_test(a_power_cut_loses_what_was_not_durable),
		cmocka_unit_test(faults_come_as_planned),
		cmocka_unit_test(a_fatal_controller_answers_again_after_a_reset),
		cmocka_unit_test(an_event_request_gives_what_happened_or_is_taken_back),
		cmocka_unit_test(several_threads_use_one_ssd),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
