/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Life cycle of a server: several SSDs in one process, which uses no processor time while idle;
 * clients that are killed while they write, whose completed writes must be kept.
 *
 *   life NVMEVIRT
 */
#include <fcntl.h>
#include <libxnvme.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SSDS 3
#define BLOCK 512u
#define IDLE_NS_MAX 10000000ull /* processor time per second: 1 % */
#define KILLS 6u

static const char *const ssds[SSDS] = {"null,size=64MiB", "optane-p4800x,size=64MiB",
				       "null,size=64MiB,lba=4096"};
static char dir[] = "/tmp/life-XXXXXX";
static pid_t server;

#define CHECK(cond) check(cond, #cond, __LINE__)

static void
check(bool cond, const char *what, int line)
{
	if (!cond) {
		fprintf(stderr, "FAILED line %d: %s\n  last error: %s\n", line, what,
			xnvme_err_text());
		if (server > 0) {
			(void)kill(server, SIGKILL);
		}
		_exit(1);
	}
}

static void
path_of(char *path, size_t nbytes, const char *before, int ssd)
{
	(void)snprintf(path, nbytes, "%s%s/%d", before, dir, ssd);
}

static void
serve(const char *nvmevirt)
{
	char paths[SSDS][64];
	const char *argv[3 + 3 * SSDS] = {nvmevirt, "serve"};

	for (int i = 0; i < SSDS; ++i) {
		path_of(paths[i], sizeof(paths[i]), "", i);
		argv[2 + 3 * i] = "--vfio-user";
		argv[3 + 3 * i] = paths[i];
		argv[4 + 3 * i] = ssds[i];
	}
	server = fork();
	CHECK(server >= 0);
	if (server == 0) {
		(void)execv(nvmevirt, (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	for (int tries = 0; access(paths[SSDS - 1], F_OK); ++tries) {
		CHECK(tries < 2000 && waitpid(server, NULL, WNOHANG) == 0);
		(void)usleep(10000);
	}
}

static struct xnvme_dev *
open_ssd(int ssd)
{
	struct xnvme_opts opts = xnvme_opts_default();
	char uri[80];
	struct xnvme_dev *dev;

	path_of(uri, sizeof(uri), "vfio-user:", ssd);
	opts.command_timeout = opts.admin_timeout = 60000000; /* the machine may be busy */
	dev = xnvme_dev_open(uri, &opts);
	CHECK(dev != NULL);
	return dev;
}

static uint64_t
processor_ns(void)
{
	struct timespec ts;
	clockid_t clock;

	CHECK(clock_getcpuclockid(server, &clock) == 0 && clock_gettime(clock, &ts) == 0);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static void
idle_for_a_second(const char *when)
{
	uint64_t before, spent;

	(void)usleep(200000); /* let earlier work end */
	before = processor_ns();
	(void)usleep(1000000);
	spent = processor_ns() - before;
	printf("idle %s: %llu us of processor time in a second\n", when,
	       (unsigned long long)spent / 1000);
	CHECK(spent < IDLE_NS_MAX);
}

/* Fills `buf` with the contents of block `lba` of this SSD in round `round` */
static void
fill(uint8_t *buf, uint32_t nbytes, int ssd, uint64_t lba, uint32_t round)
{
	for (uint32_t i = 0; i < nbytes; ++i) {
		buf[i] = (uint8_t)(lba * 7 + i * 3 + (uint32_t)ssd * 61 + round * 101);
	}
}

static void
write_and_read(int ssd, uint32_t count)
{
	struct xnvme_dev *dev = open_ssd(ssd);
	uint32_t nbytes = (uint32_t)xnvme_dev_get_geo(dev)->lba_nbytes;
	uint8_t *buf = xnvme_buf_alloc(dev, nbytes), wanted[4096];

	CHECK(buf != NULL);
	for (uint32_t pass = 0; pass < 2; ++pass) {
		for (uint64_t lba = 0; lba < count; ++lba) {
			struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);

			fill(wanted, nbytes, ssd, lba, 0);
			if (pass == 0) {
				memcpy(buf, wanted, nbytes);
				CHECK(xnvme_nvm_write(&ctx, 1, lba, 0, buf, NULL) == 0);
			} else {
				CHECK(xnvme_nvm_read(&ctx, 1, lba, 0, buf, NULL) == 0);
				CHECK(memcmp(buf, wanted, nbytes) == 0);
			}
		}
	}
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
}

static void
all_at_once(void)
{
	pid_t child[SSDS];
	int status;

	for (int i = 0; i < SSDS; ++i) {
		child[i] = fork();
		CHECK(child[i] >= 0);
		if (child[i] == 0) {
			write_and_read(i, 500);
			_exit(0);
		}
	}
	for (int i = 0; i < SSDS; ++i) {
		CHECK(waitpid(child[i], &status, 0) == child[i] && status == 0);
	}
}

/* Writes one block after the other and reports each completed one through the pipe, until killed */
static void
write_until_killed(int ssd, uint32_t round, int tell)
{
	struct xnvme_dev *dev = open_ssd(ssd);
	uint32_t nbytes = (uint32_t)xnvme_dev_get_geo(dev)->lba_nbytes;
	uint8_t *buf = xnvme_buf_alloc(dev, nbytes);

	for (uint64_t lba = 0;; lba = (lba + 1) % 8192) {
		struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);

		fill(buf, nbytes, ssd, lba, round);
		CHECK(xnvme_nvm_write(&ctx, 1, lba, 0, buf, NULL) == 0);
		CHECK(write(tell, &lba, sizeof(lba)) == sizeof(lba));
	}
}

static void
killed_while_writing(int ssd, uint32_t round)
{
	uint64_t lba, last = 0;
	int tells[2], status;
	uint8_t wanted[4096];
	pid_t child;

	CHECK(pipe(tells) == 0);
	child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		(void)close(tells[0]);
		write_until_killed(ssd, round, tells[1]);
	}
	(void)close(tells[1]);
	while (read(tells[0], &lba, sizeof(lba)) == sizeof(lba)) {
		last = lba;
		if (lba == 100 + 37 * round) {
			CHECK(kill(child, SIGKILL) == 0);
		}
	}
	(void)close(tells[0]);
	CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status));

	struct xnvme_dev *dev = open_ssd(ssd); /* the next client, immediately */
	uint32_t nbytes = (uint32_t)xnvme_dev_get_geo(dev)->lba_nbytes;
	uint8_t *buf = xnvme_buf_alloc(dev, nbytes);

	CHECK(last >= 100 && buf != NULL);
	for (lba = 0; lba <= last; ++lba) {
		struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);

		fill(wanted, nbytes, ssd, lba, round);
		CHECK(xnvme_nvm_read(&ctx, 1, lba, 0, buf, NULL) == 0);
		CHECK(memcmp(buf, wanted, nbytes) == 0);
	}
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
}

int
main(int argc, char **argv)
{
	struct xnvme_dev *dev;
	char path[64];
	int status;

	if (argc != 2 || !mkdtemp(dir)) {
		(void)fprintf(stderr, "usage: life NVMEVIRT\n");
		return 2;
	}
	serve(argv[1]);
	idle_for_a_second("without a client");
	all_at_once();
	dev = open_ssd(0);
	write_and_read(0, 10); /* a second handle of the same controller */
	idle_for_a_second("with a client");
	xnvme_dev_close(dev);
	for (uint32_t round = 1; round <= KILLS; ++round) {
		killed_while_writing((int)round % SSDS, round);
	}
	idle_for_a_second("after the last client");
	CHECK(kill(server, SIGTERM) == 0 && waitpid(server, &status, 0) == server && status == 0);
	for (int i = 0; i < SSDS; ++i) {
		path_of(path, sizeof(path), "", i);
		CHECK(access(path, F_OK) != 0); /* no socket is left behind */
	}
	CHECK(rmdir(dir) == 0);
	return 0;
}
