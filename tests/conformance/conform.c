/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * usage: conform URI [key=value...]
 *
 * Keys: be, sync, async, admin, mem, direct, policy, poll_io, poll_sq, register_buffers, only=CHECK
 */
#include "conform.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const char *running = "start";

_Noreturn void
check_failed(const char *file, int line, const char *what)
{
	printf("FAILED %s: %s:%d: %s\n  last error: %s\n", running, file, line, what,
	       xnvme_err_text());
	exit(1);
}

struct xnvme_dev *
target_open(const struct target *target)
{
	struct xnvme_opts opts = target->opts;
	struct xnvme_dev *dev = xnvme_dev_open(target->uri, &opts);

	CHECK(dev);
	return dev;
}

struct xnvme_queue *
target_queue(struct xnvme_dev *dev, uint16_t capacity)
{
	struct xnvme_queue *queue = NULL;

	CHECK(!xnvme_queue_init(dev, capacity, 0, &queue));
	CHECK(queue);
	return queue;
}

void *
target_buf(struct xnvme_dev *dev, uint32_t blocks)
{
	void *buf = xnvme_buf_alloc(dev, (size_t)blocks * xnvme_dev_get_geo(dev)->lba_nbytes);

	CHECK(buf);
	return buf;
}

void
pattern(void *buf, size_t nbytes, uint64_t seed)
{
	for (size_t i = 0; i < nbytes / sizeof(uint64_t); ++i) {
		uint64_t word = (seed + 1) * 0x9E3779B97F4A7C15ULL ^ i * 0xBF58476D1CE4E5B9ULL;

		memcpy((char *)buf + i * sizeof(word), &word, sizeof(word)); /* at any address */
	}
}

static bool
set_flag(uint8_t *flag, const char *value)
{
	*flag = (uint8_t)atoi(value);
	return true;
}

static bool
parse(struct target *target, const char **only, char *arg)
{
	char *value = strchr(arg, '=');
	struct xnvme_opts *opts = &target->opts;

	if (!value) {
		return false;
	}
	*value++ = '\0';
	if (!strcmp(arg, "nsid")) {
		opts->nsid = (uint32_t)strtoul(value, NULL, 0);
		return opts->nsid > 0;
	}
	const struct {
		const char *key;
		const char **text;
		uint8_t *flag;
	} keys[] = {
		{"be", &opts->be, NULL},           {"sync", &opts->sync, NULL},
		{"async", &opts->async, NULL},     {"admin", &opts->admin, NULL},
		{"mem", &opts->mem, NULL},         {"only", only, NULL},
		{"direct", NULL, &opts->direct},   {"policy", NULL, &opts->policy},
		{"poll_io", NULL, &opts->poll_io},
		{"poll_sq", NULL, &opts->poll_sq}, {"register_buffers", NULL,
						    &opts->register_buffers},
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); ++i) {
		if (strcmp(keys[i].key, arg)) {
			continue;
		}
		if (keys[i].text) {
			*keys[i].text = value;
			return true;
		}
		return set_flag(keys[i].flag, value);
	}
	return false;
}

static void
run_all(const struct check *checks, const struct target *target, const char *only)
{
	for (; checks->name; ++checks) {
		if (only && strcmp(only, checks->name)) {
			continue;
		}
		running = checks->name;
		checks->run(target);
		printf("ok %s\n", checks->name);
		(void)fflush(stdout);
	}
}

int
main(int argc, char **argv)
{
	struct target target = {.opts = xnvme_opts_default()};
	const char *only = NULL;

	for (int i = 2; i < argc; ++i) {
		if (!parse(&target, &only, argv[i])) {
			fprintf(stderr, "conform: what is '%s'? usage: conform URI [KEY=VALUE]\n",
				argv[i]);
			return 2;
		}
	}
	if (argc < 2) {
		fprintf(stderr, "usage: conform URI [key=value...]\n");
		return 2;
	}
	target.uri = fixture_make(argv[1]);
	if (!target.uri) {
		return 77;
	}
	if (target.opts.mem && !strcmp(target.opts.mem, "hugepage") && !fixture_hugepages(80)) {
		return 77;
	}
	(void)alarm(240); /* a hang is a failure */

	struct xnvme_dev *dev = target_open(&target);
	const struct xnvme_geo *geo = xnvme_dev_get_geo(dev);

	printf("# %s: kind %s, be %s, sync %s, async %s, admin %s, mem %s, features '%s', "
	       "note '%s'\n", target.uri, xnvme_dev_get_kind(dev), xnvme_dev_get_opts(dev)->be,
	       xnvme_dev_get_opts(dev)->sync, xnvme_dev_get_opts(dev)->async,
	       xnvme_dev_get_opts(dev)->admin, xnvme_dev_get_opts(dev)->mem,
	       xnvme_dev_get_features(dev), xnvme_dev_get_note(dev));
	target.moves_data = strcmp(xnvme_dev_get_opts(dev)->async, "nil") != 0;
	target.has_extras = xnvme_dev_get_ctrlr(dev)->oncs.compare;
	target.blocks = 4200;
	CHECK(geo->type == XNVME_GEO_CONVENTIONAL);
	CHECK(geo->nsect > target.blocks + 16);
	xnvme_dev_close(dev);

	run_all(checks_callback, &target, only); /* first: see pokes_without_sleep() */
	run_all(checks_basic, &target, only);
	run_all(checks_blocks, &target, only);
	run_all(checks_queue, &target, only);
	run_all(checks_memory, &target, only);
	run_all(checks_fork, &target, only);
	run_all(checks_error, &target, only);
	return 0;
}
