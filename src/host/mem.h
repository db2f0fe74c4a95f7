/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where buffers come from: ordinary pages, hugepages, or what a user-space driver can address.
 */
#ifndef HOST_MEM_H
#define HOST_MEM_H

#include <host/dev.h>

/* attach, detach, map, unmap and vtophys may be NULL: nothing to do, or (vtophys) not possible.
 * Keeps its state in dev->mem_state. All but attach and detach may be called by any thread. */
struct mem_ops {
	const char *name; /* what opts.mem calls it */
	int (*attach)(struct xnvme_dev *dev);
	void (*detach)(struct xnvme_dev *dev);
	void *(*alloc)(struct xnvme_dev *dev, size_t nbytes); /* NULL and errno on failure */
	void (*free)(struct xnvme_dev *dev, void *buf);
	size_t (*nbytes)(struct xnvme_dev *dev, void *buf); /* at least this many; for realloc */
	int (*map)(struct xnvme_dev *dev, void *vaddr, size_t nbytes);
	int (*unmap)(struct xnvme_dev *dev, void *vaddr);
	int (*vtophys)(struct xnvme_dev *dev, void *vaddr, uint64_t *phys);
};

#endif /* HOST_MEM_H */
