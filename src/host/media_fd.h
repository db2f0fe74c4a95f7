/* SPDX-License-Identifier: BSD-3-Clause */
/* Media that is a file descriptor: dev->fd */
#ifndef HOST_MEDIA_FD_H
#define HOST_MEDIA_FD_H

#include <host/media.h>

extern const struct media_ops media_fd;

/* Opens `uri` by dev->opts into dev->fd; 0 or -errno after err_set() */
int dev_fd_open(struct xnvme_dev *dev, const char *uri);
void dev_fd_close(struct xnvme_dev *dev);

/* For struct path, attach, of those that read and write dev->fd: has it anything to read? */
int media_fd_attach(struct xnvme_dev *dev, enum path_role role);

#endif /* HOST_MEDIA_FD_H */
