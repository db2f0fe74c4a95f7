/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Files as namespaces of 512-byte blocks: how they are opened, the sync path "psync" (preadv and
 * pwritev, for block devices too) and the admin path "file_as_ns".
 */
#include <host/adm_emul.h>
#include <host/err.h>
#include <host/media_fd.h>
#include <host/paths.h>

#include <errno.h>
#include <os/os.h>
#include <stdlib.h>
#include <string.h>

static int
file_open(struct xnvme_dev *dev, const char *uri)
{
	dev->ident.dtype = DTYPE_FILE;
	dev->ident.nsid = 1;
	dev->opts.nsid = 1;
	return dev_fd_open(dev, uri);
}

extern const struct kind kind_file;
const struct kind kind_file = {
	.kind = KIND_FILE,
	.open = file_open,
	.close = dev_fd_close,
	.dev_name = "linux",
};

static int
psync_call(struct xnvme_cmd_ctx *ctx, enum path_role role, const struct payload *payload)
{
	(void)role;
	return media_call(ctx, payload, &media_fd);
}

extern const struct path path_psync;
const struct path path_psync = {
	.name = "psync",
	.descr = "Blocking reads and writes: preadv2, pwritev2, fallocate, fdatasync",
	.bytes = BYTES_YES,
	.attach = media_fd_attach,
	.call = psync_call,
};

static int
as_ns_attach(struct xnvme_dev *dev, enum path_role role)
{
	struct adm_emul *emul = malloc(sizeof(*emul));

	if (!emul) {
		return err_set(-ENOMEM, "no memory for the emulated controller of '%s'",
			       dev->ident.uri);
	}
	adm_emul_init(emul);
	emul->model = "xnvme file";
	emul->file_set = true;
	emul->direct = dev->opts.direct;
	emul->discard_zeroes = true;
	emul->read_only = dev->opts.rdonly;
	dev->state[role] = emul;
	return 0;
}

static void
as_ns_detach(struct xnvme_dev *dev, enum path_role role)
{
	free(dev->state[role]);
	dev->state[role] = NULL;
}

/* The file may have grown: read its size again for each command */
static int
as_ns_call(struct xnvme_cmd_ctx *ctx, enum path_role role, const struct payload *payload)
{
	struct adm_emul *emul = ctx->dev->state[role];
	struct adm_emul now = *emul;
	int err;

	if (ctx->cmd.common.opcode != XNVME_SPEC_ADM_OPC_IDFY) {
		return adm_emul_call(ctx, payload, emul);
	}
	err = os_fd_size(ctx->dev->fd, &now.nbytes);
	if (err) {
		return err_set(cpl_set_errno(ctx, err), "the size of '%s' cannot be read: %s",
			       ctx->dev->ident.uri, strerror(-err));
	}
	now.nsze = now.nbytes >> now.lbads;
	atomic_store_explicit(&ctx->dev->file_nbytes, now.nbytes, memory_order_relaxed);
	return adm_emul_call(ctx, payload, &now);
}

extern const struct path path_file_as_ns;
const struct path path_file_as_ns = {
	.name = "file_as_ns",
	.descr = "Answers admin commands for a file: identify, logs, features",
	.attach = as_ns_attach,
	.detach = as_ns_detach,
	.call = as_ns_call,
};
