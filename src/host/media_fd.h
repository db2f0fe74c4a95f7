/* SPDX-License-Identifier: BSD-3-Clause */
/* Media accessed through the file descriptor dev->fd */
#ifndef HOST_MEDIA_FD_H
#define HOST_MEDIA_FD_H

#include <host/media.h>

extern const struct media_ops media_fd;

/* Opens `uri` into dev->fd as dev->opts requires. Returns 0, or -errno after err_set(). */
int dev_fd_open(struct xnvme_dev *dev, const char *uri);
void dev_fd_close(struct xnvme_dev *dev);

/* Called when a command has failed, since the kernel reports a removed device in many ways (EIO,
 * EAGAIN, a transfer of 0 bytes). Returns 0, or -ENODEV with ctx->cpl set and after err_set() when
 * the device under the handle has been removed. */
int dev_fd_gone(struct xnvme_cmd_ctx *ctx);

/* The same when the kernel refused a transfer with `err` for its alignment, which only direct
 * requires: -EINVAL with a sentence, or 0 when that is not the reason */
int dev_fd_unaligned(struct xnvme_cmd_ctx *ctx, int err);

/* `attach` of the paths that read and write dev->fd: fails for an NVMe block device without
 * blocks */
int media_fd_attach(struct xnvme_dev *dev, enum path_role role);

#endif /* HOST_MEDIA_FD_H */
