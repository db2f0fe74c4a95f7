/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes at an offset on a device without them: there the opcodes are vendor specific commands */
#include <host/err.h>
#include <host/queue.h>

#include <setjmp.h>
#include <stdarg.h>
#include <errno.h>
#include <string.h>

#include <cmocka.h>

static uint32_t calls;

static int
count_call(struct xnvme_cmd_ctx *ctx, enum path_role role, const struct payload *payload)
{
	(void)ctx;
	(void)role;
	(void)payload;
	calls += 1;
	return 0;
}

static const struct path device = {.name = "device", .call = count_call};

static void
on_end(struct xnvme_cmd_ctx *ctx, void *arg)
{
	*(struct xnvme_spec_cpl *)arg = ctx->cpl;
}

/* All three functions, with a context of the handle and one of a queue that uses its sync path */
static void
expect_refusals(struct xnvme_dev *dev)
{
	struct xnvme_cmd_ctx ctx = xnvme_file_get_cmd_ctx(dev);
	struct xnvme_spec_cpl cpl = {0};
	struct xnvme_queue *queue;
	struct xnvme_cmd_ctx *async;
	char buf[512] = "";

	assert_int_equal(xnvme_file_pread(&ctx, buf, sizeof(buf), 0), -ENOTSUP);
	assert_non_null(strstr(xnvme_err_text(), "blocks, not bytes"));
	assert_int_equal(ctx.cpl.status.sct, XNVME_STATUS_CODE_TYPE_VENDOR);
	assert_int_equal(ctx.cpl.status.sc, ENOTSUP);
	assert_int_equal(xnvme_file_pwrite(&ctx, buf, sizeof(buf), 0), -ENOTSUP);
	assert_int_equal(xnvme_file_sync(dev), -ENOTSUP);

	assert_int_equal(xnvme_queue_init(dev, 1, 0, &queue), 0);
	async = xnvme_queue_get_cmd_ctx(queue);
	xnvme_cmd_ctx_set_cb(async, on_end, &cpl);
	assert_int_equal(xnvme_file_pwrite(async, buf, sizeof(buf), 0), 0);
	assert_int_equal(xnvme_file_pwrite(xnvme_queue_get_cmd_ctx(queue), buf, 512, 0), -EBUSY);
	assert_int_equal(xnvme_queue_drain(queue), 1);
	assert_int_equal(cpl.status.sct, XNVME_STATUS_CODE_TYPE_VENDOR);
	assert_int_equal(cpl.status.sc, ENOTSUP);
	assert_int_equal(xnvme_queue_term(queue), 0);
}

static void
no_vendor_command_is_sent(void **state)
{
	struct xnvme_opts opts = xnvme_opts_default();
	const struct path *real;
	struct xnvme_dev *dev;

	(void)state;
	opts.async = "emu";
	dev = xnvme_dev_open("1MiB", &opts);
	assert_non_null(dev);
	real = dev->path[ROLE_SYNC];
	dev->path[ROLE_SYNC] = &device;
	expect_refusals(dev);
	assert_int_equal(calls, 0);
	dev->path[ROLE_SYNC] = real;
	xnvme_dev_close(dev);

	dev = xnvme_dev_open("virt:null,size=1MiB", NULL);
	assert_non_null(dev);
	expect_refusals(dev);
	xnvme_dev_close(dev);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(no_vendor_command_is_sent)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
