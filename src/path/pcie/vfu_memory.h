/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a vfio-user server may ask of its client: to read and write memory that was mapped for it
 * (VFIO_USER_DMA_READ, VFIO_USER_DMA_WRITE). A server that was sent no file for it has no other
 * way.
 */
#ifndef PATH_PCIE_VFU_MEMORY_H
#define PATH_PCIE_VFU_MEMORY_H

#include <nvme/vfio_user.h>
#include <stddef.h>

struct vfu_memory;

/* NULL: out of memory */
struct vfu_memory *vfu_memory_new(void);
void vfu_memory_free(struct vfu_memory *memory);

/* Before the server is told of it, and after it was told that it is no more. 0 or -ENOMEM. */
int vfu_memory_add(struct vfu_memory *memory, uint64_t iova, void *vaddr, size_t nbytes);
void vfu_memory_remove(struct vfu_memory *memory, uint64_t iova);

/* A request of the server's, whose header came from `fd`: read the rest, answer it there, until
 * `deadline_ns`. 0, or -errno when nothing more can come from there. */
int vfu_memory_answer(struct vfu_memory *memory, int fd, const struct vfu_header *header,
		      uint64_t deadline_ns);

/* A thread answers all that comes from `fd`, which is its own from now on. A request that is not
 * answered `limit_ns` after its first byte is the last. 0 or -errno. */
int vfu_memory_serve(struct vfu_memory *memory, int fd, uint64_t limit_ns);

#endif /* PATH_PCIE_VFU_MEMORY_H */
