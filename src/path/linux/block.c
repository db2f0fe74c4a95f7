/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Block devices of any driver: reads and writes of the file descriptor, the block layer's ioctls
 * for the rest, and a controller emulated from sysfs.
 */
#include <host/adm_emul.h>
#include <host/err.h>
#include <host/media_fd.h>
#include <host/paths.h>

#include <errno.h>
#include <linux/fs.h>
#include <os/linux_nvme.h>
#include <os/os.h>
#include <os/scan.h>
#include <path/linux/block_zone.h>
#include <path/linux/queue_limit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static int
block_open(struct xnvme_dev *dev, const char *uri)
{
	dev->ident.dtype = DTYPE_BLOCK;
	dev->ident.nsid = 1;
	dev->opts.nsid = 1;

	char name[SYSFS_NAME_NBYTES];
	int err = dev_fd_open(dev, uri);

	if (!err && !nvme_name_of_fd(dev->fd, name, sizeof(name))) {
		os_block_driver(name, dev->ident.kernel_driver, sizeof(dev->ident.kernel_driver));
	}
	return err;
}

extern const struct kind kind_block;
const struct kind kind_block = {
	.kind = KIND_BLOCK,
	.open = block_open,
	.close = dev_fd_close,
	.dev_name = "linux",
};

static int
block_geometry(struct xnvme_dev *dev, struct adm_emul *emul)
{
	uint64_t nbytes;
	int block;
	int read_only;
	int err = os_fd_size(dev->fd, &nbytes);

	if (err || ioctl(dev->fd, BLKSSZGET, &block) || ioctl(dev->fd, BLKROGET, &read_only)) {
		err = err ? err : -errno;
		return err_set(err, "the size of block device '%s' cannot be read: %s",
			       dev->ident.uri, strerror(-err));
	}
	if (block < 512 || block & (block - 1)) {
		return err_set(-EINVAL, "block device '%s' has blocks of %d bytes", dev->ident.uri,
			       block);
	}
	if (nbytes < (uint64_t)block) {
		return err_set(-ENXIO, "block device '%s' has no blocks: nothing is attached to it",
			       dev->ident.uri);
	}
	emul->lbads = (uint8_t)__builtin_ctz((unsigned int)block);
	emul->nbytes = nbytes;
	emul->nsze = nbytes >> emul->lbads;
	emul->read_only = read_only || dev->opts.rdonly;
	return 0;
}

static int
block_attach(struct xnvme_dev *dev, enum path_role role)
{
	struct adm_emul *emul;
	int err = media_fd_attach(dev, role);

	if (err || role != ROLE_ADMIN) {
		return err;
	}
	emul = malloc(sizeof(*emul));
	if (!emul) {
		return err_set(-ENOMEM, "no memory for the emulated controller of '%s'",
			       dev->ident.uri);
	}
	adm_emul_init(emul);
	emul->model = "xnvme block device";
	err = block_geometry(dev, emul);
	if (!err) {
		err = block_zone_describe(dev->fd, dev->ident.uri, emul);
	}
	if (err) {
		free(emul);
		return err;
	}
	uint64_t max_kib = queue_limit(dev->fd, "max_hw_sectors_kb", 1024);

	max_kib = max_kib > 1024 * 1024 ? 1024 * 1024 : max_kib;
	emul->mdts_nbytes = (uint32_t)max_kib * 1024;
	emul->optimal_write_nbytes = (uint32_t)queue_limit(dev->fd, "optimal_io_size", 0);
	emul->discard_zeroes = queue_limit(dev->fd, "discard_zeroes_data", 0) != 0;
	dev->mdts_cap_nbytes = emul->mdts_nbytes; /* exact, while MDTS is a power of two */
	dev->state[role] = emul;
	return 0;
}

static void
block_detach(struct xnvme_dev *dev, enum path_role role)
{
	free(dev->state[role]);
	dev->state[role] = NULL;
}

static int
block_call(struct xnvme_cmd_ctx *ctx, enum path_role role, const struct payload *payload)
{
	if (role != ROLE_ADMIN && block_zone_speaks(ctx->cmd.common.opcode)) {
		return block_zone_call(ctx, payload, ctx->dev->fd);
	}
	if (role != ROLE_ADMIN) {
		return media_call(ctx, payload, &media_fd);
	}
	struct adm_emul *emul = ctx->dev->state[role];

	if (ctx->cmd.common.opcode == XNVME_SPEC_ADM_OPC_IDFY) { /* it may have been resized */
		struct adm_emul now = *emul;
		int err = block_geometry(ctx->dev, &now);

		return err ? cpl_set_errno(ctx, err) : adm_emul_call(ctx, payload, &now);
	}
	return adm_emul_call(ctx, payload, emul);
}

extern const struct path path_block;
const struct path path_block = {
	.name = "block",
	.descr = "Block device reads and writes, block ioctls, admin commands from sysfs",
	.bytes = BYTES_YES,
	.attach = block_attach,
	.detach = block_detach,
	.call = block_call,
};
