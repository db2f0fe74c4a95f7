/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory that a controller can reach, and the address by which the controller reaches it.
 *
 * A heap per controller is mapped once: translating a buffer in it is one addition. Memory that the
 * user maps is in a sorted table, which is replaced as a whole and never changed, so that lookups
 * need no lock. Each queue caches the entry that it found last.
 */
#ifndef PATH_PCIE_DMA_H
#define PATH_PCIE_DMA_H

#include <path/pcie/bus.h>
#include <pthread.h>
#include <stdatomic.h>

#define DMA_PAGE 4096u

struct dma_map {
	uintptr_t vaddr;
	uint64_t nbytes;
	uint64_t delta; /* added to an address of this process it gives the controller's (IOVA) */
};

struct dma_table {
	struct dma_table *older; /* kept until the controller closes: a lookup may still use it */
	uint32_t count;
	struct dma_map maps[]; /* by vaddr, not overlapping */
};

struct dma_chunk;

struct dma {
	struct bus *bus;
	struct dma_map heap;     /* the first chunk: the common case */
	/* read with acquire; all chunks and all that the user mapped */
	struct dma_table *_Atomic table;
	pthread_mutex_t lock;    /* protects everything but lookups in the table */
	struct dma_chunk *chunks;
	size_t chunk_nbytes; /* of each further chunk */
	uint64_t iova_next; /* next IOVA for memory whose virtual address is beyond iova_end */
};

/* Map the heap. `heap_nbytes` 0: the default. 0, or -errno after err_set(). */
int dma_open(struct dma *dma, struct bus *bus, size_t heap_nbytes);
void dma_close(struct dma *dma);

/* Whole pages, zeroed; NULL with errno after err_set(). Free with dma_free(). */
void *dma_alloc(struct dma *dma, size_t nbytes);
void dma_free(struct dma *dma, void *buf);
size_t dma_nbytes(struct dma *dma, void *buf); /* of an allocation; 0: `buf` is not one */

/* Memory of the user, whole pages. 0, or -errno after err_set(). */
int dma_map_user(struct dma *dma, void *vaddr, size_t nbytes);
int dma_unmap_user(struct dma *dma, void *vaddr);

/* The entry that holds all of [vaddr, vaddr + nbytes), NULL when there is none. Any thread. */
const struct dma_map *dma_find(const struct dma *dma, const void *vaddr, uint64_t nbytes);

static inline bool
dma_map_holds(const struct dma_map *map, const void *vaddr, uint64_t nbytes)
{
	uint64_t offset = (uintptr_t)vaddr - map->vaddr;

	return offset < map->nbytes && nbytes <= map->nbytes - offset;
}

/* The controller's address (IOVA) of memory from dma_alloc(); 0 when it is not mapped */
static inline uint64_t
dma_iova(const struct dma *dma, const void *vaddr)
{
	const struct dma_map *map = dma_find(dma, vaddr, 1);

	return map ? (uintptr_t)vaddr + map->delta : 0;
}

#endif /* PATH_PCIE_DMA_H */
