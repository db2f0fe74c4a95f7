/* SPDX-License-Identifier: BSD-3-Clause */
/* Media that is a file descriptor: dev->fd */
#ifndef HOST_MEDIA_FD_H
#define HOST_MEDIA_FD_H

#include <host/media.h>

extern const struct media_ops media_fd;

/* Opens `uri` by dev->opts into dev->fd; 0 or -errno after err_set() */
int dev_fd_open(struct xnvme_dev *dev, const char *uri);
void dev_fd_close(struct xnvme_dev *dev);

/* Looked at when a command failed, since the kernel has many words for it (EIO, EAGAIN, a
 * transfer of nothing): 0, or -ENODEV with ctx->cpl and err_set() when the device under the handle
 * has been removed. */
int dev_fd_gone(struct xnvme_cmd_ctx *ctx);

/* For struct path, attach, of those that read and write dev->fd: has it anything to read? */
int media_fd_attach(struct xnvme_dev *dev, enum path_role role);

#endif /* HOST_MEDIA_FD_H */
