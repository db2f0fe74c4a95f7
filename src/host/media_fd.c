/* SPDX-License-Identifier: BSD-3-Clause */
#include <host/media_fd.h>

#include <base/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <host/err.h>
#include <os/os.h>
#include <string.h>
#include <unistd.h>

/* An open descriptor, whose offsets are bytes */
static void
fd_check(const struct xnvme_dev *dev)
{
	ASSERT(dev->kind & (KIND_FILE | KIND_BLOCK | KIND_NVME_BLOCK));
	ASSERT(dev->fd >= 0);
}

static int
flags_of(const struct xnvme_opts *opts)
{
	int flags = O_CLOEXEC;

	ASSERT(!!opts->rdonly + !!opts->wronly + !!opts->rdwr == 1);
	flags |= opts->rdonly ? O_RDONLY : opts->wronly ? O_WRONLY : O_RDWR;
	flags |= opts->create ? O_CREAT : 0;
	flags |= opts->truncate ? O_TRUNC : 0;
	flags |= opts->direct ? O_DIRECT : 0;
	return flags;
}

int
dev_fd_open(struct xnvme_dev *dev, const char *uri)
{
	ASSERT(dev->fd < 0);
	dev->fd = open(uri, flags_of(&dev->opts), (mode_t)dev->opts.create_mode);
	if (dev->fd >= 0) {
		return 0;
	}
	int err = -errno;

	if (err == -EINVAL && dev->opts.direct) {
		return err_set(err, "'%s' cannot be opened with direct (O_DIRECT): its file "
			       "system cannot bypass the page cache; omit the option direct",
			       uri);
	}
	if (err == -EACCES || err == -EPERM) {
		return err_set(err, "'%s' cannot be opened for %s: %s; run as a user with that "
			       "permission, or request less", uri, dev->opts.rdonly ? "reading" :
			       dev->opts.wronly ? "writing" : "reading and writing",
			       strerror(-err));
	}
	return err_set(err, "'%s' cannot be opened: %s", uri, strerror(-err));
}

void
dev_fd_close(struct xnvme_dev *dev)
{
	if (dev->fd >= 0) {
		(void)close(dev->fd);
		dev->fd = -1;
	}
}

int
dev_fd_gone(struct xnvme_cmd_ctx *ctx)
{
	dev_check(ctx->dev);
	if (!os_fd_is_gone(ctx->dev->fd)) {
		return 0;
	}
	return err_set(cpl_set_errno(ctx, ENODEV), "'%s' is gone: it was removed, or its "
		       "controller failed; close it, and open it again when it is back",
		       ctx->dev->ident.uri);
}

int
dev_fd_unaligned(struct xnvme_cmd_ctx *ctx, int err)
{
	dev_check(ctx->dev);
	if (err != -EINVAL || !ctx->dev->opts.direct || ctx->dev->fd < 0) {
		return 0;
	}
	return err_set(cpl_set_errno(ctx, err), "'%s' is open with direct (O_DIRECT): the kernel "
		       "refuses memory, offsets and lengths that are not aligned to the blocks of "
		       "the device below, and each piece of a vector counts. Memory of "
		       "xnvme_buf_alloc() and multiples of 4096 bytes are always aligned; or omit "
		       "the option direct", ctx->dev->ident.uri);
}

int
media_fd_attach(struct xnvme_dev *dev, enum path_role role)
{
	uint64_t nbytes;

	(void)role;
	fd_check(dev);
	if (dev->kind == KIND_NVME_BLOCK && !os_fd_size(dev->fd, &nbytes) && !nbytes) {
		return err_set(-ENOTSUP, "the block device '%s' has no blocks: the kernel shows "
			       "none of a namespace whose format it cannot read and write, such as "
			       "one with metadata inside its blocks; pass commands through "
			       "(async=io_uring_cmd, sync=nvme)", dev->ident.uri);
	}
	return 0;
}

static ssize_t
fd_readv(struct xnvme_dev *dev, const struct iovec *vec, uint32_t cnt, uint64_t offset)
{
	fd_check(dev);
	ASSERT(vec && cnt > 0);
	return os_fd_readv(dev->fd, vec, cnt, offset);
}

static ssize_t
fd_writev(struct xnvme_dev *dev, const struct iovec *vec, uint32_t cnt, uint64_t offset,
	  bool durable)
{
	fd_check(dev);
	ASSERT(vec && cnt > 0);
	return os_fd_writev(dev->fd, vec, cnt, offset, durable);
}

static int
fd_flush(struct xnvme_dev *dev)
{
	fd_check(dev);
	return os_fd_flush(dev->fd);
}

static int
fd_zero(struct xnvme_dev *dev, uint64_t offset, uint64_t nbytes, bool deallocate)
{
	fd_check(dev);
	return os_fd_zero(dev->fd, offset, nbytes, deallocate);
}

static int
fd_discard(struct xnvme_dev *dev, uint64_t offset, uint64_t nbytes)
{
	fd_check(dev);
	return os_fd_discard(dev->fd, offset, nbytes);
}

const struct media_ops media_fd = {
	.readv = fd_readv,
	.writev = fd_writev,
	.flush = fd_flush,
	.zero = fd_zero,
	.discard = fd_discard,
};
