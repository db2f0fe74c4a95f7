/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Files: the device API with offsets in bytes. A transfer that ends at the end of the file is a
 * success; ctx->cpl.result is the number of bytes moved.
 */
#include <host/err.h>
#include <host/queue.h>
#include <host/uri.h>

#include <base/assert.h>
#include <errno.h>

struct xnvme_dev *
xnvme_file_open(const char *pathname, struct xnvme_opts *opts)
{
	return xnvme_dev_open(pathname, opts);
}

int
xnvme_file_close(struct xnvme_dev *fh)
{
	xnvme_dev_close(fh);
	return 0;
}

struct xnvme_cmd_ctx
xnvme_file_get_cmd_ctx(struct xnvme_dev *fh)
{
	return xnvme_cmd_ctx_from_dev(fh);
}

static const struct path *
path_of(const struct xnvme_cmd_ctx *ctx)
{
	return dev_path_of(ctx->dev, ctx->opts & XNVME_CMD_ASYNC ? ROLE_ASYNC : ROLE_SYNC);
}

/* Fails before anything is sent, since a device would run the opcode as a vendor specific
 * command */
static int
refuse_bytes(struct xnvme_cmd_ctx *ctx)
{
	struct xnvme_queue *q = ctx->opts & XNVME_CMD_ASYNC ? ctx->async.queue : NULL;

	ASSERT(path_of(ctx)->bytes == BYTES_NO);
	if (q && q->outstanding >= q->capacity) {
		return -EBUSY;
	}
	ctx->cpl = (struct xnvme_spec_cpl){0};
	(void)err_set(-ENOTSUP, "'%s' is %s, and path '%s' carries NVMe commands to it: those move "
		      "blocks, not bytes at an offset. Read and write blocks, or choose a path "
		      "that has bytes (for a block device sync=block, async=io_uring)",
		      ctx->dev->ident.uri, kind_noun(ctx->dev->kind), path_of(ctx)->name);
	return q ? queue_fail(q, ctx, -ENOTSUP) : cpl_set_errno(ctx, -ENOTSUP);
}

static int
pass_bytes(struct xnvme_cmd_ctx *ctx, uint8_t opcode, void *buf, size_t count, off_t offset)
{
	dev_open_check(ctx->dev);
	if (path_of(ctx)->bytes == BYTES_NO) {
		return refuse_bytes(ctx);
	}
	if (offset < 0) {
		return err_set(-EINVAL, "a file has no offset %lld", (long long)offset);
	}
	ctx->cmd.common.opcode = opcode;
	ctx->cmd.common.nsid = ctx->dev->ident.nsid;
	ctx->cmd.nvm.slba = (uint64_t)offset;
	ctx->cmd.nvm.nlb = 0;
	return xnvme_cmd_pass(ctx, buf, count, NULL, 0);
}

int
xnvme_file_pread(struct xnvme_cmd_ctx *ctx, void *buf, size_t count, off_t offset)
{
	return pass_bytes(ctx, XNVME_SPEC_FS_OPC_READ, buf, count, offset);
}

int
xnvme_file_pwrite(struct xnvme_cmd_ctx *ctx, void *buf, size_t count, off_t offset)
{
	return pass_bytes(ctx, XNVME_SPEC_FS_OPC_WRITE, buf, count, offset);
}

int
xnvme_file_sync(struct xnvme_dev *fh)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(fh);

	return pass_bytes(&ctx, XNVME_SPEC_FS_OPC_FLUSH, NULL, 0, 0);
}
