/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * I/O for guest scripts, with checks.
 *
 * A program that runs one operation on one device through the public interface. Its exit code is 0
 * if the result is correct and nothing leaked. Scripts choose the device and the path; the checks
 * are here. One file per subject: guest_append.c, guest_pi.c, guest_limits.c, guest_meta.c,
 * guest_storm.c.
 */
#include "guest_io.h"

#include <dirent.h>
#include <errno.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *name;
	int (*run)(struct xnvme_dev *dev, const struct request *request);
	const char *descr;
} verbs[] = {
	{"show", verb_show, "print what was resolved, and the geometry"},
	{"verify", verb_verify, "write a pattern with the queue, read it back"},
	{"coherent", verb_coherent, "queues and synchronous commands see what the other writes"},
	{"append", verb_append, "append to a zone, read back from where it is said to be"},
	{"pi", verb_pi, "protection information made, checked, and planted wrong"},
	{"limits", verb_limits, "commands as large as they may be, and one block larger"},
	{"narrowed", verb_narrowed, "write until the kernel's limit falls, then open anew"},
	{"meta", verb_meta, "metadata beside the data, each flat and in pieces"},
	{"outlive", verb_outlive, "give commands to a device that has been removed"},
	{"storm", verb_storm, "keep the queue full until seconds pass or commands fail"},
};

int
complain(const char *what, int err)
{
	(void)fprintf(stderr, "%s: %d (%s)%s%s\n", what, err, strerror(abs(err)),
		      *xnvme_err_text() ? ": " : "", xnvme_err_text());
	return err ? err : -EIO;
}

int
require(bool truth, const char *fmt, ...)
{
	va_list args;

	if (truth) {
		return 0;
	}
	va_start(args, fmt);
	(void)vfprintf(stderr, fmt, args);
	va_end(args);
	(void)fprintf(stderr, "%s%s\n", *xnvme_err_text() ? "; the last error was: " : "",
		      xnvme_err_text());
	return -EIO;
}

void
pattern_fill(void *buf, size_t nbytes, uint64_t seed)
{
	uint8_t *bytes = buf;

	for (size_t i = 0; i < nbytes; ++i) {
		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL; /* Knuth, MMIX */
		bytes[i] = (uint8_t)(seed >> 56);
	}
}

static int
parse_request(struct request *request, struct xnvme_opts *opts, char **args)
{
	struct {
		const char *key;
		const char **text;
		uint8_t *flag;
		uint32_t *number;
	} keys[] = {
		{"async", &opts->async, NULL, NULL},
		{"sync", &opts->sync, NULL, NULL},
		{"admin", &opts->admin, NULL, NULL},
		{"be", &opts->be, NULL, NULL},
		{"mem", &opts->mem, NULL, NULL},
		{"direct", NULL, &opts->direct, NULL},
		{"rdonly", NULL, &opts->rdonly, NULL},
		{"poll_io", NULL, &opts->poll_io, NULL},
		{"poll_sq", NULL, &opts->poll_sq, NULL},
		{"policy", NULL, &opts->policy, NULL},
		{"register_buffers", NULL, &opts->register_buffers, NULL},
		{"command_timeout", NULL, NULL, &opts->command_timeout},
		{"nsid", NULL, NULL, &opts->nsid},
		{"qd", NULL, NULL, &request->qd},
		{"count", NULL, NULL, &request->count},
		{"seconds", NULL, NULL, &request->seconds},
		{"vectors", NULL, NULL, &request->vectors},
		{"must_fail", NULL, NULL, &request->must_fail},
	};

	for (; *args; ++args) {
		size_t len = strcspn(*args, "=");
		size_t at = 0;

		while (at < sizeof(keys) / sizeof(keys[0]) &&
		       (strlen(keys[at].key) != len || strncmp(keys[at].key, *args, len) != 0)) {
			at += 1;
		}
		if (at == sizeof(keys) / sizeof(keys[0]) || (*args)[len] != '=') {
			(void)fprintf(stderr, "'%s' is no option\n", *args);
			return -EINVAL;
		}
		if (keys[at].text) {
			*keys[at].text = *args + len + 1;
		} else if (keys[at].flag) {
			*keys[at].flag = (uint8_t)atoi(*args + len + 1);
		} else {
			*keys[at].number = (uint32_t)strtoul(*args + len + 1, NULL, 0);
		}
	}
	if (opts->rdonly) {
		opts->rdwr = 0;
	}
	return 0;
}

/* Resources of the process: the same after a device is closed as before it was opened */
struct holdings {
	size_t fds;
	size_t heap_nbytes;
};

static struct holdings
hold(void)
{
	struct mallinfo2 info = mallinfo2();
	struct holdings have = {.heap_nbytes = info.uordblks + info.hblkhd};
	DIR *dir = opendir("/proc/self/fd");

	while (dir && readdir(dir)) {
		have.fds += 1;
	}
	(void)closedir(dir);
	return have;
}

/* The C library keeps some KiB allocated; the buffers of one command are as large */
static int
require_no_leak(const struct holdings *before)
{
	const size_t slack = 16384;
	struct holdings after = hold();

	return require(after.fds == before->fds && after.heap_nbytes <= before->heap_nbytes + slack,
		       "leak: %zu descriptors and %zu bytes before, %zu and %zu after", before->fds,
		       before->heap_nbytes, after.fds, after.heap_nbytes);
}

static int
usage(void)
{
	(void)fprintf(stderr, "usage: guest_io VERB URI [OPTION=VALUE]...\n");
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); ++i) {
		(void)fprintf(stderr, "  %-8s %s\n", verbs[i].name, verbs[i].descr);
	}
	return 2;
}

int
main(int argc, char **argv)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct request request = {.qd = 32, .count = 256, .seconds = 10};
	struct holdings before;
	struct xnvme_dev *dev;
	size_t at = 0;
	int err;

	while (argc >= 3 && at < sizeof(verbs) / sizeof(verbs[0]) &&
	       strcmp(verbs[at].name, argv[1]) != 0) {
		at += 1;
	}
	if (argc < 3 || at == sizeof(verbs) / sizeof(verbs[0]) ||
	    parse_request(&request, &opts, argv + 3)) {
		return usage();
	}
	before = hold();
	dev = xnvme_dev_open(argv[2], &opts);
	if (!dev) {
		(void)complain(argv[2], -errno);
		return 1;
	}
	err = verbs[at].run(dev, &request);
	xnvme_dev_close(dev);
	err = err ? err : require_no_leak(&before);
	return err ? 1 : 0;
}
