/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The two device nodes of a namespace. Commands pass through the character device (/dev/ng0n1),
 * blocks are read and written through the block device (/dev/nvme0n1). A user names one of them; a
 * path that needs the other one gets it here.
 */
#ifndef PATH_LINUX_NODE_H
#define PATH_LINUX_NODE_H

#include <host/dev.h>

/* A descriptor of the node of kind `want` (KIND_NVME_CHAR or KIND_NVME_BLOCK) of the namespace: the
 * handle's own, or its sibling's, opened on first use. The handle owns it. -errno with err_set()
 * when it does not exist or cannot be opened. */
int node_fd(struct xnvme_dev *dev, enum handle_kind want);

#endif /* PATH_LINUX_NODE_H */
