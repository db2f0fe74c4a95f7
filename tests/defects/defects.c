/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * usage: defects URI [only=CHECK]
 *
 * URI is as for the conformance script: tmpfile:SIZE, loop:SIZE or one of the library's own.
 * Exits 0 when no defect is found, 1 when one is, 77 when the URI is unavailable on this machine.
 */
#include "defects.h"

#include <errno.h>
#include <unistd.h>

static const char *running = "start";
static int report_fd; /* stderr, also while a check redirects it */

_Noreturn void
check_failed(const char *file, int line, const char *what)
{
	(void)dprintf(report_fd, "FAILED %s: %s:%d: %s\n  last error: %s\n", running, file, line,
		      what, xnvme_err_text());
	exit(1);
}

struct xnvme_dev *
open_with(const char *uri, const char *async)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev;

	opts.async = async;
	dev = xnvme_dev_open(uri, &opts);
	CHECK(dev);
	return dev;
}

const char *
path_next(int *idx, uint32_t role)
{
	const struct xnvme_be_attr *attr;

	while ((attr = xnvme_be_attr_get(*idx))) {
		if (xnvme_be_attr_get_roles((*idx)++) & role) {
			return attr->name;
		}
	}
	return NULL;
}

void
on_each_path(const char *uri, void (*use)(struct xnvme_dev *dev))
{
	const char *async;
	int used = 0;

	for (int idx = 0; (async = path_next(&idx, XNVME_BE_ROLE_ASYNC));) {
		struct xnvme_opts opts = xnvme_opts_default();
		struct xnvme_dev *dev;

		opts.async = async;
		xnvme_err_clear();
		dev = xnvme_dev_open(uri, &opts);
		if (!dev) {
			CHECK(errno == ENOTSUP || errno == EPERM || errno == ENOSYS);
			CHECK(strlen(xnvme_err_text()) > 12);
			continue;
		}
		CHECK(is_async(dev, async));
		use(dev);
		xnvme_dev_close(dev);
		used += 1;
	}
	CHECK(used >= 2);
}

bool
is_kind(struct xnvme_dev *dev, const char *kind)
{
	return !strcmp(xnvme_dev_get_kind(dev), kind);
}

bool
is_async(struct xnvme_dev *dev, const char *async)
{
	return !strcmp(xnvme_dev_get_opts(dev)->async, async);
}

void
note_ending(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct ending *ending = arg;

	ending->count += 1;
	ending->cpl = ctx->cpl;
	CHECK(!xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx));
}

struct xnvme_cmd_ctx *
ctx_for(struct xnvme_queue *queue, struct ending *ending)
{
	struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);

	CHECK(ctx);
	xnvme_cmd_ctx_clear(ctx);
	xnvme_cmd_ctx_set_cb(ctx, note_ending, ending);
	return ctx;
}

uint32_t
status_of(const struct xnvme_spec_cpl *cpl)
{
	return (uint32_t)cpl->status.sct << 8 | cpl->status.sc;
}

static void
run_all(const struct defect *defects, const char *uri, const char *only)
{
	for (; defects->name; ++defects) {
		if (!only || !strcmp(only, defects->name)) {
			running = defects->name;
			defects->run(uri);
			printf("ok %s\n", defects->name);
			(void)fflush(stdout);
		}
	}
}

int
main(int argc, char **argv)
{
	const char *only = argc == 3 && !strncmp(argv[2], "only=", 5) ? argv[2] + 5 : NULL;
	const char *uri;

	if (argc < 2 || argc > 3 || (argc == 3 && !only)) {
		fprintf(stderr, "usage: defects URI [only=CHECK]\n");
		return 2;
	}
	report_fd = dup(STDERR_FILENO);
	uri = fixture_make(argv[1]);
	if (!uri) {
		return 77;
	}
	(void)alarm(60); /* a hang is a failure */
	run_all(defects_open, uri, only);
	run_all(defects_io, uri, only);
	run_all(defects_queue, uri, only);
	run_all(defects_helpers, uri, only);
	return 0;
}
