/* SPDX-License-Identifier: BSD-3-Clause */
#include <host/dev.h>
#include <host/queue.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define BLOCKS 8

static void
count_cb(struct xnvme_cmd_ctx *ctx, void *arg)
{
	assert_int_equal(xnvme_cmd_ctx_cpl_status(ctx), 0);
	*(uint32_t *)arg += 1;
	xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx);
}

/* Writes through a queue, reads back synchronously */
static void
write_and_verify(const char *uri, struct xnvme_opts *opts)
{
	struct xnvme_dev *dev = xnvme_dev_open(uri, opts);
	struct xnvme_queue *q = NULL;
	uint32_t done = 0;
	char *buf;

	if (!dev && opts->async && errno != EINVAL) { /* a kernel without it, or a filter */
		print_message("without async=%s: %s\n", opts->async, xnvme_err_text());
		return;
	}
	assert_non_null(dev);
	assert_int_equal(xnvme_dev_get_geo(dev)->nbytes, 512);
	assert_int_equal(xnvme_queue_init(dev, BLOCKS, 0, &q), 0);
	buf = xnvme_buf_alloc(dev, 512 * BLOCKS);
	assert_non_null(buf);
	assert_int_equal(xnvme_buf_fill(buf, 512 * BLOCKS, "rand-k"), 0);
	for (uint64_t lba = 0; lba < BLOCKS; ++lba) {
		struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(q);

		xnvme_cmd_ctx_set_cb(ctx, count_cb, &done);
		assert_int_equal(xnvme_nvm_write(ctx, 1, lba, 0, buf + lba * 512, NULL), 0);
	}
	assert_int_equal(xnvme_queue_drain(q), BLOCKS);
	assert_int_equal(done, BLOCKS);

	char *back = xnvme_buf_alloc(dev, 512 * BLOCKS);
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);

	assert_int_equal(xnvme_nvm_read(&ctx, 1, 0, BLOCKS - 1, back, NULL), 0);
	assert_memory_equal(buf, back, 512 * BLOCKS);
	xnvme_buf_free(dev, buf);
	xnvme_buf_free(dev, back);
	assert_int_equal(xnvme_queue_term(q), 0);
	xnvme_dev_close(dev);
}

static void
moves_data(void **state)
{
	static const char *const paths[] = {NULL, "emu", "thrpool", "io_uring", "libaio"};
	char file[] = "/tmp/xnvme_dev_test_XXXXXX";
	int fd = mkstemp(file);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, 1 << 20), 0);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); ++i) {
		struct xnvme_opts opts = xnvme_opts_default();

		opts.async = paths[i];
		if (i < 3) {
			write_and_verify("1MiB", &opts);
		}
		write_and_verify(file, &opts);
	}
	(void)close(fd);
	(void)unlink(file);
}

static void
checks_bounds(void **state)
{
	struct xnvme_dev *dev = xnvme_dev_open("1MiB", NULL);
	struct xnvme_cmd_ctx ctx;
	char buf[1024];

	(void)state;
	assert_non_null(dev);
	ctx = xnvme_cmd_ctx_from_dev(dev);
	assert_int_equal(xnvme_nvm_read(&ctx, 1, 2047, 0, buf, NULL), 0);
	assert_int_equal(xnvme_nvm_read(&ctx, 1, 2047, 1, buf, NULL), -EIO);
	assert_int_equal(ctx.cpl.status.sc, 0x80);
	assert_int_equal(ctx.cpl.status.sct, 0);
	assert_int_equal(xnvme_nvm_read(&ctx, 1, UINT64_MAX, 1, buf, NULL), -EIO);
	assert_int_equal(xnvme_nvm_read(&ctx, 1, 1ULL << 55, 0, buf, NULL), -EIO);
	assert_int_equal(ctx.cpl.status.sc, 0x80);
	assert_int_equal(xnvme_nvm_read(&ctx, 1, 0, 0, buf, NULL), 0);
	assert_int_equal(xnvme_cmd_ctx_cpl_status(&ctx), 0);
	xnvme_dev_close(dev);
}

static void
keep_cpl(struct xnvme_cmd_ctx *ctx, void *arg)
{
	*(struct xnvme_spec_cpl *)arg = ctx->cpl;
}

/* Through a queue of that path: a write with metadata, which the blocks of `uri` do not have */
static void
refuses_metadata(const char *uri, const char *async, uint8_t policy)
{
	struct xnvme_opts opts = xnvme_opts_default();
	char buf[512] = {0}, meta[8] = {0};
	struct xnvme_spec_cpl cpl = {0};
	struct xnvme_queue *q = NULL;
	struct xnvme_cmd_ctx *ctx;
	struct xnvme_dev *dev;

	opts.async = async;
	opts.policy = policy;
	dev = xnvme_dev_open(uri, &opts);
	if (!dev) {
		return; /* not available on this system */
	}
	assert_int_equal(xnvme_queue_init(dev, 1, 0, &q), 0);
	ctx = xnvme_queue_get_cmd_ctx(q);
	xnvme_cmd_ctx_set_cb(ctx, keep_cpl, &cpl);
	xnvme_prep_nvm(ctx, XNVME_SPEC_NVM_OPC_WRITE, 1, 0, 0);
	assert_int_equal(xnvme_cmd_pass(ctx, buf, sizeof(buf), meta, sizeof(meta)), 0);
	assert_int_equal(xnvme_queue_drain(q), 1);
	assert_int_equal(cpl.status.sct, XNVME_STATUS_CODE_TYPE_VENDOR);
	assert_int_equal(cpl.status.sc, ENOTSUP);
	if (strcmp(async, "thrpool")) { /* the error text of a worker is in the worker's thread */
		assert_non_null(strstr(xnvme_err_text(), "have none"));
	}
	assert_int_equal(xnvme_queue_term(q), 0);
	xnvme_dev_close(dev);
}

/* Zones behind a page cache, and metadata on blocks without it: errors, no silent loss */
static void
loses_nothing_in_silence(void **state)
{
	static const char *const asyncs[] = {"io_uring", "libaio", "thrpool", "posix", "emu"};
	char file[] = "/tmp/xnvme_dev_test_XXXXXX";
	int fd = mkstemp(file);
	char buf[512] = {0}, meta[8] = {0};
	struct xnvme_dev *dev;
	struct xnvme_cmd_ctx ctx;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, 1 << 20), 0);
	dev = xnvme_dev_open(file, NULL);
	assert_non_null(dev);
	ctx = xnvme_cmd_ctx_from_dev(dev);
	xnvme_prep_nvm(&ctx, XNVME_SPEC_NVM_OPC_WRITE, 1, 0, 0);
	assert_int_equal(xnvme_cmd_pass(&ctx, buf, sizeof(buf), meta, sizeof(meta)), -ENOTSUP);
	assert_non_null(strstr(xnvme_err_text(), "have none"));
	dev->geo.nbytes_oob = 8;
	dev->plain_nsze = 0; /* not plain: blocks with metadata */
	assert_int_equal(xnvme_cmd_pass(&ctx, buf, sizeof(buf), meta, sizeof(meta)), -ENOTSUP);
	assert_non_null(strstr(xnvme_err_text(), "carry none"));
	assert_int_equal(xnvme_cmd_pass(&ctx, buf, sizeof(buf), NULL, 0), 0);
	dev->geo.type = XNVME_GEO_ZONED;
	assert_int_equal(xnvme_cmd_pass(&ctx, buf, sizeof(buf), NULL, 0), -ENOTSUP);
	assert_non_null(strstr(xnvme_err_text(), "open with direct"));
	xnvme_prep_nvm(&ctx, XNVME_SPEC_NVM_OPC_READ, 1, 0, 0);
	assert_int_equal(xnvme_cmd_pass(&ctx, buf, sizeof(buf), NULL, 0), 0);
	xnvme_dev_close(dev);
	for (size_t i = 0; i < sizeof(asyncs) / sizeof(asyncs[0]); ++i) {
		refuses_metadata(file, asyncs[i], XNVME_POLICY_AUTO);
		refuses_metadata(file, asyncs[i], XNVME_POLICY_LATENCY);
	}
	(void)close(fd);
	(void)unlink(file);
}

static int
close_it(struct xnvme_dev *dev, void *arg)
{
	(void)dev;
	*(int *)arg += 1;
	return XNVME_ENUMERATE_DEV_CLOSE;
}

/* The error text is about the devices that the enumeration skipped, not about an earlier failure */
static void
enumerates_one_by_name(void **state)
{
	int seen = 0;

	(void)state;
	assert_null(xnvme_dev_open("no-such-scheme:x", NULL));
	assert_true(*xnvme_err_text());
	assert_int_equal(xnvme_enumerate("1MiB", NULL, close_it, &seen), 0);
	assert_int_equal(seen, 1);
	assert_string_equal(xnvme_err_text(), "");
	assert_true(xnvme_enumerate("no-such-scheme:x", NULL, close_it, &seen) < 0);
	assert_true(*xnvme_err_text());
}

/* 2^32 elements were none, by the lower 32 bits of their number */
static void
more_elements_than_are_counted(void **state)
{
	struct xnvme_dev *dev = xnvme_dev_open("1MiB", NULL);
	struct xnvme_cmd_ctx ctx;
	struct iovec vec = {0};

	(void)state;
	assert_non_null(dev);
	ctx = xnvme_cmd_ctx_from_dev(dev);
	assert_int_equal(xnvme_cmd_pass_iov(&ctx, &vec, 1ULL << 32, 0, NULL, 0), -EINVAL);
	assert_non_null(strstr(xnvme_err_text(), "4294967296 entries"));
	xnvme_dev_close(dev);
}

static void
closes_before_its_queue(void **state)
{
	struct xnvme_dev *dev = xnvme_dev_open("1MiB", NULL);
	struct xnvme_queue *q = NULL;

	(void)state;
	assert_int_equal(xnvme_queue_init(dev, 1, 0, &q), 0);
	xnvme_dev_close(dev);
	assert_int_equal(xnvme_queue_term(q), 0);
}

struct terminator {
	struct xnvme_queue *victim;
	uint32_t called;
	int rc;
};

static void
term_cb(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct terminator *terminator = arg;

	terminator->called += 1;
	terminator->rc = xnvme_queue_term(terminator->victim);
	xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx);
}

static void
read_into(struct xnvme_queue *q, void *buf, struct terminator *terminator)
{
	struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(q);

	xnvme_cmd_ctx_set_cb(ctx, term_cb, terminator);
	assert_int_equal(xnvme_nvm_read(ctx, 1, 0, 0, buf, NULL), 0);
}

static void
no_callback_terminates_its_queue(void **state)
{
	struct xnvme_dev *dev = xnvme_dev_open("1MiB", NULL);
	struct terminator own = {0}, other = {0};
	struct xnvme_queue *q = NULL;
	void *buf;

	(void)state;
	assert_non_null(dev);
	buf = xnvme_buf_alloc(dev, 512);
	assert_non_null(buf);
	assert_int_equal(xnvme_queue_init(dev, 1, 0, &q), 0);
	own.victim = q;
	read_into(q, buf, &own);
	assert_int_equal(xnvme_queue_drain(q), 1);
	assert_int_equal(own.rc, -EBUSY);
	assert_non_null(strstr(xnvme_err_text(), "its own queue"));
	read_into(q, buf, &own); /* the queue works as before */
	assert_int_equal(xnvme_queue_wait_timeout(q, 1000000000), 1);
	assert_int_equal(own.rc, -EBUSY);

	assert_int_equal(xnvme_queue_init(dev, 1, 0, &other.victim), 0);
	read_into(q, buf, &other);
	assert_int_equal(xnvme_queue_drain(q), 1);
	assert_int_equal(other.called, 1);
	assert_int_equal(other.rc, 0); /* another queue may be terminated */

	own.rc = 0;
	read_into(q, buf, &own);
	assert_int_equal(xnvme_queue_term(q), 0);
	assert_int_equal(own.called, 3);
	assert_int_equal(own.rc, -EBUSY);
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moves_data),
		cmocka_unit_test(checks_bounds),
		cmocka_unit_test(loses_nothing_in_silence),
		cmocka_unit_test(more_elements_than_are_counted),
		cmocka_unit_test(closes_before_its_queue),
		cmocka_unit_test(enumerates_one_by_name),
		cmocka_unit_test(no_callback_terminates_its_queue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
