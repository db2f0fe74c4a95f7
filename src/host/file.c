/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Files: the device API with offsets in bytes. A transfer that stops at the end of the file is no
 * error here; ctx->cpl.result says how far it got.
 */
#include <host/dev.h>
#include <host/err.h>

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

static int
pass_bytes(struct xnvme_cmd_ctx *ctx, uint8_t opcode, void *buf, size_t count, off_t offset)
{
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
