/* SPDX-License-Identifier: BSD-3-Clause */
/* A read-only handle changes nothing, on any device and for any user */
#include <libxnvme.h>

#include <setjmp.h>
#include <stdarg.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cmocka.h>

enum { NBYTES = 4096 };

static char *buf;

static void
on_end(struct xnvme_cmd_ctx *ctx, void *arg)
{
	*(struct xnvme_spec_cpl *)arg = ctx->cpl;
	assert_int_equal(xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx), 0);
}

static uint32_t
status_of(const struct xnvme_spec_cpl *cpl)
{
	return (uint32_t)cpl->status.sct << 8 | cpl->status.sc;
}

static struct xnvme_spec_cpl
pass(struct xnvme_dev *dev, struct xnvme_queue *queue, uint8_t opcode, uint32_t pieces)
{
	struct xnvme_cmd_ctx sync = xnvme_cmd_ctx_from_dev(dev);
	struct xnvme_cmd_ctx *ctx = queue ? xnvme_queue_get_cmd_ctx(queue) : &sync;
	struct iovec vec[2] = {{buf, NBYTES / 2}, {buf + NBYTES / 2, NBYTES / 2}};
	struct xnvme_spec_cpl cpl = {0};
	int err;

	memset(&ctx->cmd, 0, sizeof(ctx->cmd));
	xnvme_prep_nvm(ctx, opcode, 1, 0, NBYTES / 512 - 1);
	if (queue) {
		xnvme_cmd_ctx_set_cb(ctx, on_end, &cpl);
	}
	err = pieces ? xnvme_cmd_pass_iov(ctx, vec, pieces, NBYTES, NULL, 0)
		     : xnvme_cmd_pass(ctx, buf, NBYTES, NULL, 0);
	if (!queue) {
		assert_int_equal(!!err, !!status_of(&ctx->cpl));
		return ctx->cpl;
	}
	assert_int_equal(err, 0);
	assert_int_equal(xnvme_queue_drain(queue), 1);
	return cpl;
}

/* Operations that delete are refused; the device completes the others */
static void
deletes_nothing(struct xnvme_dev *dev)
{
	static const struct {
		uint8_t opcode;
		uint32_t operation;
		bool refused;
	} commands[] = {
		{XNVME_SPEC_ADM_OPC_NS_MGMT, 0, false}, {XNVME_SPEC_ADM_OPC_NS_MGMT, 1, true},
		{XNVME_SPEC_ADM_OPC_CAPACITY_MGMT, 1, false},
		{XNVME_SPEC_ADM_OPC_CAPACITY_MGMT, 2, true},
		{XNVME_SPEC_ADM_OPC_CAPACITY_MGMT, 4, true},
	};

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); ++i) {
		struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);

		ctx.cmd.common.opcode = commands[i].opcode;
		ctx.cmd.common.nsid = 1;
		ctx.cmd.common.ndt = commands[i].operation;
		assert_int_equal(xnvme_cmd_pass_admin(&ctx, buf, NBYTES, NULL, 0) == -EBADF,
				 commands[i].refused);
	}
}

static void
changes_nothing(const char *uri, const char *async)
{
	static const uint8_t changing[] = {XNVME_SPEC_NVM_OPC_WRITE,
					   XNVME_SPEC_NVM_OPC_WRITE_ZEROES,
					   XNVME_SPEC_NVM_OPC_WRITE_UNCORRECTABLE,
					   XNVME_SPEC_NVM_OPC_DATASET_MANAGEMENT,
					   XNVME_SPEC_NVM_OPC_SCOPY, XNVME_SPEC_ZND_OPC_APPEND};
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_queue *queues[2] = {NULL, NULL};
	struct xnvme_cmd_ctx ctx;
	struct xnvme_dev *dev;

	opts.rdonly = 1;
	opts.async = async;
	dev = xnvme_dev_open(uri, &opts);
	if (!dev && async) {
		return; /* not available on this system */
	}
	assert_non_null(dev);
	buf = xnvme_buf_alloc(dev, NBYTES);
	assert_non_null(buf);
	assert_int_equal(xnvme_queue_init(dev, 1, 0, &queues[1]), 0);
	for (int way = 0; way < 2; ++way) {
		for (uint32_t pieces = 0; pieces <= 2; pieces += 2) {
			for (size_t i = 0; i < sizeof(changing); ++i) {
				struct xnvme_spec_cpl cpl = pass(dev, queues[way], changing[i],
								 pieces);

				assert_int_equal(status_of(&cpl), 0x700 | EBADF);
				assert_non_null(strstr(xnvme_err_text(), "opened with rdonly"));
			}
			memset(buf, 0xEE, NBYTES);

			struct xnvme_spec_cpl cpl = pass(dev, queues[way],
							 XNVME_SPEC_NVM_OPC_READ, pieces);

			assert_int_equal(status_of(&cpl), 0);
			assert_int_equal(buf[0] | buf[NBYTES - 1], 0);
			cpl = pass(dev, queues[way], XNVME_SPEC_NVM_OPC_COMPARE, pieces);
			assert_int_equal(status_of(&cpl), 0);
		}
	}
	ctx = xnvme_cmd_ctx_from_dev(dev);
	assert_int_equal(xnvme_adm_format(&ctx, 1, 0, 0, 0, 0, 0, 0), -EBADF);
	assert_int_equal(xnvme_nvm_sanitize(&ctx, 2, false, 0, 0, false, false), -EBADF);
	deletes_nothing(dev);
	assert_int_equal(xnvme_queue_term(queues[1]), 0);
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
}

/* As bytes at an offset: a flush does not change them */
static void
bytes_stay(const char *uri)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_cmd_ctx ctx;
	struct xnvme_dev *dev;
	char bytes[16] = "bytes";

	opts.rdonly = 1;
	dev = xnvme_file_open(uri, &opts);
	assert_non_null(dev);
	assert_int_equal(xnvme_file_sync(dev), 0);
	ctx = xnvme_file_get_cmd_ctx(dev);
	assert_int_equal(xnvme_file_pread(&ctx, bytes, sizeof(bytes), 3), 0);
	assert_int_equal(bytes[0], 0);
	ctx = xnvme_file_get_cmd_ctx(dev);
	assert_int_equal(xnvme_file_pwrite(&ctx, bytes, sizeof(bytes), 3), -EBADF);
	assert_non_null(strstr(xnvme_err_text(), "opened with rdonly"));
	xnvme_file_close(dev);
}

static void
every_kind_of_handle(void **state)
{
	char file[] = "/tmp/xnvme_rdonly_test_XXXXXX";
	int fd = mkstemp(file);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, 1 << 20), 0);
	changes_nothing("1MiB", NULL);
	changes_nothing("1MiB", "thrpool");
	changes_nothing(file, NULL);
	changes_nothing(file, "libaio");
	changes_nothing(file, "posix");
	changes_nothing(file, "emu");
	changes_nothing("virt:null,size=1MiB", NULL);
	changes_nothing("pci-virt:null,size=1MiB", NULL);
	bytes_stay("1MiB");
	bytes_stay(file);
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlink(file), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_kind_of_handle)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
