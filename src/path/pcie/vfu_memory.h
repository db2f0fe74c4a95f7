/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Answers requests of a vfio-user server to read and write the memory that was mapped for it
 * (VFIO_USER_DMA_READ, VFIO_USER_DMA_WRITE). A server that received no file for the memory can
 * reach it in no other way.
 */
#ifndef PATH_PCIE_VFU_MEMORY_H
#define PATH_PCIE_VFU_MEMORY_H

#include <nvme/vfio_user.h>
#include <stddef.h>

struct vfu_memory;

/* NULL: out of memory */
struct vfu_memory *vfu_memory_new(void);
void vfu_memory_free(struct vfu_memory *memory);

/* Add memory before announcing it to the server, remove it after. 0 or -ENOMEM. */
int vfu_memory_add(struct vfu_memory *memory, uint64_t iova, void *vaddr, size_t nbytes);
void vfu_memory_remove(struct vfu_memory *memory, uint64_t iova);

/* Answer a request of the server whose header was read from `fd`: read the rest and send the answer
 * there, until `deadline_ns`. 0, or -errno when `fd` is unusable from now on. */
int vfu_memory_answer(struct vfu_memory *memory, int fd, const struct vfu_header *header,
		      uint64_t deadline_ns);

/* Start a thread that answers all requests from `fd`, which it owns from now on. It stops at the
 * first request that is not answered `limit_ns` after its first byte. 0 or -errno. */
int vfu_memory_serve(struct vfu_memory *memory, int fd, uint64_t limit_ns);

#endif /* PATH_PCIE_VFU_MEMORY_H */
