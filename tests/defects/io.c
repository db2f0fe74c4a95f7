/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Defects of single commands.
 */
#include "defects.h"

#include <errno.h>
#include <sys/uio.h>
#include <unistd.h>

/* X09: four encodings of an errno in a completion. Here there is one, status code type 7 with the
 * errno as status code: a write to a read-only handle ends with it on every path. */
static void
x09_one_encoding_of_errno(const char *uri)
{
	const char *async;

	for (int idx = 0; (async = path_next(&idx, XNVME_BE_ROLE_ASYNC));) {
		struct xnvme_opts opts = xnvme_opts_default();
		struct xnvme_queue *queue = NULL;
		struct ending ending = {0};
		struct xnvme_cmd_ctx ctx;
		struct xnvme_dev *dev;
		char *buf;

		opts.rdonly = 1;
		opts.async = async;
		dev = xnvme_dev_open(uri, &opts);
		if (!dev || !strcmp(async, "nil")) { /* nil moves no data */
			xnvme_dev_close(dev);
			continue;
		}
		buf = xnvme_buf_alloc(dev, 512);
		ctx = xnvme_cmd_ctx_from_dev(dev);
		CHECK(buf && !xnvme_queue_init(dev, 1, 0, &queue));
		CHECK(!xnvme_buf_fill(buf, 512, "rand-t"));
		int err = xnvme_nvm_write(&ctx, 1, 0, 0, buf, NULL);

		CHECK(err <= 0 && !!err == !!status_of(&ctx.cpl));
		CHECK(!xnvme_nvm_write(ctx_for(queue, &ending), 1, 0, 0, buf, NULL));
		CHECK(xnvme_queue_drain(queue) == 1 && ending.count == 1);
		CHECK(status_of(&ending.cpl) == status_of(&ctx.cpl));
		if (is_kind(dev, "file") || is_kind(dev, "block")) {
			CHECK(status_of(&ctx.cpl) == (0x700 | EBADF));
		}
		CHECK(!xnvme_queue_term(queue));
		xnvme_buf_free(dev, buf);
		xnvme_dev_close(dev);
	}
}

/* Truncates the open file: bytes that were not transferred are not reported as transferred */
static void
reads_where_nothing_is(struct xnvme_dev *dev)
{
	const char *uri = xnvme_dev_get_ident(dev)->uri;
	off_t nbytes = (off_t)xnvme_dev_get_geo(dev)->tbytes;
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	struct xnvme_queue *queue = NULL;
	struct ending ending = {0};
	struct iovec vec[2];
	char *buf = xnvme_buf_alloc(dev, 4096);

	if (is_async(dev, "nil")) {
		xnvme_buf_free(dev, buf);
		return;
	}
	CHECK(buf && !xnvme_queue_init(dev, 2, 0, &queue));
	CHECK(!truncate(uri, 4096 + 100));
	CHECK(xnvme_nvm_read(&ctx, 1, 8, 7, buf, NULL) < 0 && status_of(&ctx.cpl));
	CHECK(!xnvme_nvm_read(ctx_for(queue, &ending), 1, 8, 7, buf, NULL));
	CHECK(xnvme_queue_drain(queue) == 1 && status_of(&ending.cpl));
	struct xnvme_cmd_ctx *async = ctx_for(queue, &ending);

	vec[0] = (struct iovec){buf, 512};
	vec[1] = (struct iovec){buf + 512, 3584};
	xnvme_prep_nvm(async, XNVME_SPEC_NVM_OPC_READ, 1, 1000, 7);
	CHECK(!xnvme_cmd_pass_iov(async, vec, 2, 4096, NULL, 0));
	CHECK(xnvme_queue_drain(queue) == 1 && status_of(&ending.cpl));
	CHECK(ending.count == 2);
	CHECK(!truncate(uri, nbytes));
	CHECK(!xnvme_queue_term(queue));
	xnvme_buf_free(dev, buf);
}

/* X10: short transfers succeed. Here they are errors; bounds: tests/conformance/error.c. */
static void
x10_a_short_transfer_is_an_error(const char *uri)
{
	struct xnvme_dev *dev = open_with(uri, NULL);
	bool is_file = is_kind(dev, "file");

	xnvme_dev_close(dev);
	if (is_file) {
		on_each_path(uri, reads_where_nothing_is);
	}
}

/* Writes 1000 bytes at byte 777, in one piece or two, then flushes: done exactly, or an error */
static void
takes_bytes(struct xnvme_dev *dev)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	bool exact = is_kind(dev, "file") && !is_async(dev, "nil");
	struct xnvme_queue *queue = NULL;
	char *buf = xnvme_buf_alloc(dev, 4096);

	CHECK(buf && !xnvme_queue_init(dev, 1, 0, &queue));
	for (int pieces = 1; pieces <= 2; ++pieces) {
		struct iovec vec[2] = {{buf, 300}, {buf + 300, 700}};
		struct ending ending = {0};
		struct xnvme_cmd_ctx *async = ctx_for(queue, &ending);

		memset(buf, 0, 4096);
		CHECK(!xnvme_nvm_write(&ctx, 1, 0, 7, buf, NULL));
		memset(buf, 'a' + pieces, 1000);
		async->cmd.common.opcode = XNVME_SPEC_FS_OPC_WRITE;
		async->cmd.common.nsid = 1;
		async->cmd.nvm.slba = 777;
		async->cmd.nvm.nlb = 99; /* stale value: ignored by a command in bytes */
		CHECK(!(pieces == 1 ? xnvme_cmd_pass(async, buf, 1000, NULL, 0)
				    : xnvme_cmd_pass_iov(async, vec, 2, 1000, NULL, 0)));
		CHECK(xnvme_queue_drain(queue) == 1 && ending.count == 1);
		CHECK(!exact || !status_of(&ending.cpl));
		CHECK(!xnvme_nvm_read(&ctx, 1, 0, 7, buf, NULL));
		for (int i = 0; i < 4096 && !is_async(dev, "nil"); ++i) {
			bool written = !status_of(&ending.cpl) && i >= 777 && i < 1777;

			CHECK(buf[i] == (written ? 'a' + pieces : 0));
		}
	}
	struct ending ending = {0};
	struct xnvme_cmd_ctx *async = ctx_for(queue, &ending);

	async->cmd.common.opcode = XNVME_SPEC_FS_OPC_FLUSH;
	async->cmd.common.nsid = 1;
	CHECK(!xnvme_cmd_pass(async, NULL, 0, NULL, 0));
	CHECK(xnvme_queue_drain(queue) == 1 && ending.count == 1);
	CHECK(!exact || !status_of(&ending.cpl));
	CHECK(!xnvme_queue_term(queue));
	xnvme_buf_free(dev, buf);
}

/* X11: file opcodes are not translated on every path; offsets are truncated to blocks; a stale
 * block count is used. Here exact bytes are moved, or it is an error. */
static void
x11_offsets_in_bytes_are_exact_or_refused(const char *uri)
{
	on_each_path(uri, takes_bytes);
}

/* X12: a ramdisk executes key value commands as reads and writes: 01h stores and writes, 02h
 * retrieves and reads. Here they need their command set. */
static void
x12_keys_are_no_blocks(const char *uri)
{
	struct xnvme_dev *dev = open_with(uri, NULL);
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	char *value = xnvme_buf_alloc(dev, 4096);
	char *block = xnvme_buf_alloc(dev, 4096);

	CHECK(value && block);
	memset(block, 0, 4096);
	CHECK(!xnvme_nvm_write(&ctx, 1, 0, 7, block, NULL));
	memset(value, 'v', 4096);
	CHECK(xnvme_kvs_store(&ctx, 1, "key", 3, value, 4096, 0) == -EINVAL);
	CHECK(xnvme_kvs_retrieve(&ctx, 1, "key", 3, value, 4096, 0) == -EINVAL);
	CHECK(value[0] == 'v' && value[4095] == 'v');
	CHECK(!xnvme_nvm_read(&ctx, 1, 0, 7, block, NULL));
	CHECK(!block[0] && !memcmp(block, block + 1, 4095));
	xnvme_buf_free(dev, value);
	xnvme_buf_free(dev, block);
	xnvme_dev_close(dev);
}

static void
passes_an_unknown_vector(struct xnvme_dev *dev)
{
	struct xnvme_queue *queue = NULL;
	char *buf = xnvme_buf_alloc(dev, 1024);
	struct iovec vec[2] = {{buf, 512}, {buf + 512, 512}};

	CHECK(buf && !xnvme_queue_init(dev, 2, 0, &queue));
	for (int i = 0; i < 10; ++i) {
		struct ending unknown = {0}, known = {0};
		struct xnvme_cmd_ctx *ctx = ctx_for(queue, &unknown);

		xnvme_prep_nvm(ctx, 0x55, 1, 0, 1);
		CHECK(!xnvme_cmd_pass_iov(ctx, vec, 2, 1024, NULL, 0));
		CHECK(!xnvme_nvm_read(ctx_for(queue, &known), 1, 0, 0, buf, NULL));
		CHECK(xnvme_queue_drain(queue) == 2);
		CHECK(unknown.count == 1 && known.count == 1);
		CHECK(status_of(&unknown.cpl) == XNVME_SPEC_SC_INVALID_OPCODE ||
		      is_async(dev, "nil"));
		CHECK(!status_of(&known.cpl) && !xnvme_queue_get_outstanding(queue));
	}
	CHECK(!xnvme_queue_term(queue));
	xnvme_buf_free(dev, buf);
}

/* X13: a vector with an unknown opcode leaves an entry in the ring. Here the opcode is checked
 * before an entry is taken. */
static void
x13_an_unknown_vector_leaves_nothing_in_the_ring(const char *uri)
{
	on_each_path(uri, passes_an_unknown_vector);
}

/* X23: a failed ioctl returns -1, whatever its errno. Here it returns its errno. */
static void
x23_a_refused_ioctl_says_why(const char *uri)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev;
	struct xnvme_cmd_ctx ctx;

	opts.rdonly = 1;
	dev = xnvme_dev_open(uri, &opts);
	if (!dev) {
		CHECK(*xnvme_err_text());
		return;
	}
	ctx = xnvme_cmd_ctx_from_dev(dev);
	if (is_kind(dev, "block")) {
		CHECK(xnvme_nvm_write_zeroes(&ctx, 1, 0, 7) == -EBADF);
		CHECK(status_of(&ctx.cpl) == (0x700 | EBADF));
	}
	CHECK(xnvme_controller_reset(dev) == -EBADF);
	xnvme_dev_close(dev);
	dev = xnvme_dev_open(uri, NULL);
	CHECK(dev && (xnvme_controller_reset(dev) == -ENOTSUP || is_kind(dev, "virt")));
	xnvme_dev_close(dev);
}

const struct defect defects_io[] = {
	{"x09_one_encoding_of_errno", x09_one_encoding_of_errno},
	{"x10_a_short_transfer_is_an_error", x10_a_short_transfer_is_an_error},
	{"x11_offsets_in_bytes_are_exact_or_refused", x11_offsets_in_bytes_are_exact_or_refused},
	{"x12_keys_are_no_blocks", x12_keys_are_no_blocks},
	{"x13_an_unknown_vector_leaves_nothing_in_the_ring",
	 x13_an_unknown_vector_leaves_nothing_in_the_ring},
	{"x23_a_refused_ioctl_says_why", x23_a_refused_ioctl_says_why},
	{NULL, NULL},
};
