/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The block device of an NVMe namespace, with and without a page cache: which paths are combined. A
 * file and two ioctls replace the device.
 */
#include <host/dev.h>

#include <setjmp.h>
#include <stdarg.h>
#include <errno.h>
#include <linux/fs.h>
#include <linux/nvme_ioctl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>

static int passes = 1; /* may this user pass commands? */

/* Replaces the C library's */
int
ioctl(int fd, unsigned long request, ...)
{
	va_list ap;
	int *arg;

	(void)fd;
	va_start(ap, request);
	arg = va_arg(ap, int *);
	va_end(ap);
	switch (request) {
	case NVME_IOCTL_ADMIN64_CMD:
		errno = EACCES;
		return passes ? 0 : -1;
	case BLKSSZGET:
		*arg = 512;
		return 0;
	case BLKROGET:
		*arg = 0;
		return 0;
	default:
		errno = ENOTTY;
		return -1;
	}
}

struct request {
	const char *sync, *async, *be;
	bool direct;
	const char *gets_sync, *gets_async;
	const char *note;
};

static struct xnvme_dev dev;

static int
try(int fd, const struct request *request)
{
	memset(&dev, 0, sizeof(dev));
	dev.kind = KIND_NVME_BLOCK;
	dev.fd = fd;
	dev.sibling_fd = -1;
	strcpy(dev.ident.uri, "fake");
	dev.opts = xnvme_opts_default();
	dev.opts.sync = request->sync;
	dev.opts.async = request->async;
	dev.opts.be = request->be;
	dev.opts.direct = request->direct;
	return dev_resolve(&dev);
}

static void
resolve(int fd, const struct request *request)
{
	if (try(fd, request)) {
		fail_msg("%s", xnvme_err_text());
	}
	assert_string_equal(dev.opts.sync, request->gets_sync);
	assert_string_equal(dev.opts.async, request->gets_async);
	if (request->note) {
		assert_non_null(strstr(dev.note, request->note));
	} else {
		assert_null(strstr(dev.note, "page cache"));
	}
	dev_release(&dev);
}

static void
paths_see_what_the_other_writes(void **state)
{
	static const struct request requests[] = {
		/* this namespace has no character device: no io_uring_cmd */
		{NULL, NULL, NULL, false, "nvme", "thrpool", "libaio was skipped"},
		{NULL, "libaio", NULL, false, "block", "libaio", "sync nvme was skipped"},
		{NULL, NULL, "libaio", false, "block", "libaio", "sync nvme was skipped"},
		{NULL, "posix", NULL, false, "block", "posix", "sync nvme was skipped"},
		{"nvme", "libaio", NULL, false, "nvme", "libaio", "does not see"},
		{"nvme", NULL, NULL, false, "nvme", "thrpool", "libaio was skipped"},
		{NULL, "libaio", NULL, true, "nvme", "libaio", NULL},
		{NULL, "posix", NULL, true, "nvme", "posix", NULL},
		{NULL, "thrpool", NULL, false, "nvme", "thrpool", NULL},
		{NULL, "emu", NULL, false, "nvme", "emu", NULL},
		{NULL, "nil", NULL, false, "nvme", "nil", NULL},
		{"block", "libaio", NULL, false, "block", "libaio", NULL},
		{"psync", "posix", NULL, false, "psync", "posix", NULL},
	};
	char file[] = "/tmp/xnvme_cache_test_XXXXXX";
	int fd = mkstemp(file);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, 1 << 20), 0);
	if (try(fd, &(struct request){.async = "libaio"})) { /* a kernel without it, or a filter */
		print_message("%s\n", xnvme_err_text());
		assert_int_equal(unlink(file), 0);
		skip();
	}
	dev_release(&dev);
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); ++i) {
		resolve(fd, &requests[i]);
	}
	/* a user who may not pass commands gets the page cache for both */
	passes = 0;
	resolve(fd, &(struct request){NULL, "libaio", NULL, false, "block", "libaio", NULL});
	/* or an error, when a path that passes commands was required */
	assert_int_equal(try(fd, &(struct request){.async = "io_uring_cmd"}), -EACCES);
	assert_non_null(strstr(xnvme_err_text(), "CAP_SYS_ADMIN"));
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlink(file), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(paths_see_what_the_other_writes)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
