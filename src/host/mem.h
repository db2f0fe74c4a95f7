/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sources of buffers: ordinary pages, hugepages, or memory that a user-space driver can address.
 */
#ifndef HOST_MEM_H
#define HOST_MEM_H

#include <host/dev.h>

/* attach, detach, map, unmap and vtophys may be NULL: nothing to do, or (vtophys) not possible.
 * State is in dev->mem_state. All but attach and detach may be called by any thread. */
struct mem_ops {
	const char *name; /* value of opts.mem */
	int (*attach)(struct xnvme_dev *dev);
	void (*detach)(struct xnvme_dev *dev);
	void *(*alloc)(struct xnvme_dev *dev, size_t nbytes); /* NULL with errno set on failure */
	void (*free)(struct xnvme_dev *dev, void *buf);
	size_t (*nbytes)(struct xnvme_dev *dev, void *buf); /* usable size, for realloc */
	int (*map)(struct xnvme_dev *dev, void *vaddr, size_t nbytes);
	int (*unmap)(struct xnvme_dev *dev, void *vaddr);
	int (*vtophys)(struct xnvme_dev *dev, void *vaddr, uint64_t *phys);
};

#endif /* HOST_MEM_H */
