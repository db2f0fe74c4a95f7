/* SPDX-License-Identifier: BSD-3-Clause */
/* A read-only handle changes nothing, on any device and for any user */
#include <libxnvme.h>

#include <setjmp.h>
#include <stdarg.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

/* Whatever an admin command would change; what only reads is passed on */
static void
admin_changes_nothing(struct xnvme_dev *dev)
{
	static const uint8_t refused[] = {
		XNVME_SPEC_ADM_OPC_SFEAT, XNVME_SPEC_ADM_OPC_NS_MGMT, XNVME_SPEC_ADM_OPC_FW_COMMIT,
		XNVME_SPEC_ADM_OPC_FW_DOWNLOAD, XNVME_SPEC_ADM_OPC_NS_ATTACH,
		XNVME_SPEC_ADM_OPC_DSEND, XNVME_SPEC_ADM_OPC_CAPACITY_MGMT,
		XNVME_SPEC_ADM_OPC_SECURITY_SEND,
	}, passed[] = {
		XNVME_SPEC_ADM_OPC_GFEAT, XNVME_SPEC_ADM_OPC_DRECV,
		XNVME_SPEC_ADM_OPC_SECURITY_RECV, XNVME_SPEC_ADM_OPC_GET_LBA_STATUS,
	};

	for (size_t i = 0; i < sizeof(refused) + sizeof(passed); ++i) {
		bool changes = i < sizeof(refused);
		struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);

		ctx.cmd.common.opcode = changes ? refused[i] : passed[i - sizeof(refused)];
		ctx.cmd.common.nsid = 1;
		assert_int_equal(xnvme_cmd_pass_admin(&ctx, buf, NBYTES, NULL, 0) == -EBADF,
				 changes);
	}
	assert_int_equal(xnvme_controller_reset(dev), -EBADF);
	assert_non_null(strstr(xnvme_err_text(), "opened with rdonly"));
	assert_int_equal(xnvme_subsystem_reset(dev), -EBADF);
	assert_int_not_equal(xnvme_namespace_rescan(dev), -EBADF);
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
	admin_changes_nothing(dev);
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

/* Open, read a block and close; -errno of what fails first */
static int
use(const char *uri, bool rdonly, uint8_t fill, struct xnvme_dev **keep)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_cmd_ctx ctx;
	struct xnvme_dev *dev;
	int err;

	opts.rdonly = rdonly;
	dev = xnvme_dev_open(uri, &opts);
	if (!dev) {
		return -errno;
	}
	buf = xnvme_buf_alloc(dev, NBYTES);
	memset(buf, fill, NBYTES);
	ctx = xnvme_cmd_ctx_from_dev(dev);
	err = rdonly ? xnvme_nvm_read(&ctx, 1, 8, 7, buf, NULL)
		     : xnvme_nvm_write(&ctx, 1, 8, 7, buf, NULL);
	assert_int_equal((uint8_t)buf[0], fill);
	xnvme_buf_free(dev, buf);
	if (keep) {
		*keep = dev;
	} else {
		xnvme_dev_close(dev);
	}
	return err;
}

static void
content_of(const char *path, char *bytes, size_t nbytes)
{
	FILE *file = fopen(path, "rb");

	assert_non_null(file);
	assert_int_equal(fread(bytes, 1, nbytes, file), nbytes);
	(void)fclose(file);
}

/* The file of a virtual SSD: not made, not written, and as often as one likes */
static void
media_stay(void **state)
{
	enum { SSD_NBYTES = 1 << 20 };
	static const char *const kinds[] = {"virt", "pci-virt"};
	static char before[SSD_NBYTES], after[SSD_NBYTES];
	char path[] = "/tmp/xnvme_rdonly_media_XXXXXX", uri[128];
	int fd = mkstemp(path);
	struct xnvme_dev *first;
	struct stat st;

	(void)state;
	(void)close(fd);
	for (size_t i = 0; i < 2; ++i) {
		(void)snprintf(uri, sizeof(uri), "%s:null,size=1MiB,media=%s", kinds[i], path);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(use(uri, true, 0, NULL), -ENOENT); /* it is empty */
		assert_int_equal(unlink(path), 0);
		assert_int_equal(use(uri, true, 0, NULL), -ENOENT);
		assert_non_null(strstr(xnvme_err_text(), "rdonly makes none"));
		assert_int_equal(access(path, F_OK), -1);
		assert_int_equal(use(uri, false, 0xA5, NULL), 0);
		assert_int_equal(chmod(path, 0400), 0);
		content_of(path, before, sizeof(before));
		assert_int_equal(use(uri, true, 0xA5, &first), 0);
		assert_int_equal(use(uri, true, 0xA5, NULL), 0);
		assert_int_equal(use(uri, false, 0x5A, NULL), -EBUSY); /* would be lost */
		xnvme_dev_close(first);
		content_of(path, after, sizeof(after));
		assert_memory_equal(before, after, sizeof(before));
		assert_int_equal(chmod(path, 0600), 0);
		assert_int_equal(use(uri, false, 0x5A, NULL), 0);
		assert_int_equal(use(uri, true, 0x5A, NULL), 0);
		assert_int_equal(truncate(path, 0), 0);
	}
	assert_int_equal(unlink(path), 0);
}

static void
a_name_is_shared_for_reading_only(void **state)
{
	char path[] = "/tmp/xnvme_rdonly_named_XXXXXX", uri[128];
	int fd = mkstemp(path);
	struct xnvme_dev *first;

	(void)state;
	(void)close(fd);
	(void)snprintf(uri, sizeof(uri), "virt:null,size=1MiB,name=shared,media=%s", path);
	assert_int_equal(use(uri, false, 0xA5, NULL), 0);
	assert_int_equal(use(uri, true, 0xA5, &first), 0);
	assert_int_equal(use("virt:@shared", true, 0xA5, NULL), 0);
	assert_int_equal(use("virt:@shared", false, 0x5A, NULL), -EBUSY);
	assert_non_null(strstr(xnvme_err_text(), "was opened with rdonly"));
	xnvme_dev_close(first);
	assert_int_equal(use(uri, false, 0x5A, &first), 0);
	assert_int_equal(use("virt:@shared", true, 0x5A, NULL), 0);
	xnvme_dev_close(first);
	assert_int_equal(unlink(path), 0);
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
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_kind_of_handle),
					   cmocka_unit_test(media_stay),
					   cmocka_unit_test(a_name_is_shared_for_reading_only)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
