/* SPDX-License-Identifier: BSD-3-Clause */
#include <path/pcie/dma.h>

#include <errno.h>
#include <host/err.h>
#include <host/process.h>
#include <os/os.h>
#include <path/pcie/physical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HEAP_DEFAULT (256ull << 20)
#define HUGE_PAGE (2ull << 20)
#define MAPS_MAX 65536u
/* Heaps are mapped in this range: low enough for IOMMUs that translate only 39 bits (QEMU's
 * default, and the minimum of Intel's), so that a buffer's virtual address is its IOVA. The kernel
 * maps nothing there by itself. */
#define HEAP_PLACE 0x1000000000ull
#define HEAP_PLACE_END 0x2000000000ull
#define IOVA_FIRST HEAP_PLACE_END /* IOVAs for memory above the controller's range */

struct dma_chunk {
	struct dma_chunk *next;
	uint8_t *base;
	size_t nbytes;
	int fd;
	uint32_t npages;
	uint32_t hint; /* where the last allocation ended */
	uint32_t *run; /* of an allocation's first page: its pages; others UINT32_MAX; free: 0 */
};

#define TAIL UINT32_MAX

/* ---- the table ---- */

const struct dma_map *
dma_find(const struct dma *dma, const void *vaddr, uint64_t nbytes)
{
	/* acquire: the entries of a table that was just published */
	const struct dma_table *table = atomic_load_explicit(&dma->table, memory_order_acquire);
	uint32_t low = 0, high = table->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (table->maps[middle].vaddr <= (uintptr_t)vaddr) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	if (low == 0 || !dma_map_holds(&table->maps[low - 1], vaddr, nbytes)) {
		return NULL;
	}
	return &table->maps[low - 1];
}

static struct dma_table *
table_new(uint32_t count)
{
	struct dma_table *table = calloc(1, sizeof(*table) + count * sizeof(struct dma_map));

	if (!table) {
		(void)err_set(-ENOMEM, "no memory for a table of %u memory maps", count);
		return NULL;
	}
	table->count = count;
	return table;
}

static void
table_publish(struct dma *dma, struct dma_table *table)
{
	table->older = dma->table;
	/* release: the entries are written before the table is seen */
	atomic_store_explicit(&dma->table, table, memory_order_release);
}

static int
table_add(struct dma *dma, const struct dma_map *map)
{
	const struct dma_table *old = dma->table;
	struct dma_table *table;
	uint32_t at = 0;

	for (; at < old->count && old->maps[at].vaddr < map->vaddr; ++at) {
	}
	if ((at > 0 && old->maps[at - 1].vaddr + old->maps[at - 1].nbytes > map->vaddr) ||
	    (at < old->count && map->vaddr + map->nbytes > old->maps[at].vaddr)) {
		return err_set(-EEXIST, "memory at %p is mapped already, or a part of it is",
			       (void *)map->vaddr);
	}
	if (old->count == MAPS_MAX) {
		return err_set(-ENOSPC, "%u pieces of memory are mapped: unmap some", old->count);
	}
	table = table_new(old->count + 1);
	if (!table) {
		return -ENOMEM;
	}
	memcpy(table->maps, old->maps, at * sizeof(*map));
	table->maps[at] = *map;
	memcpy(&table->maps[at + 1], &old->maps[at], (old->count - at) * sizeof(*map));
	table_publish(dma, table);
	return 0;
}

static int
table_remove(struct dma *dma, uintptr_t vaddr, struct dma_map *removed)
{
	const struct dma_table *old = dma->table;
	struct dma_table *table;
	uint32_t at = 0;

	for (; at < old->count && old->maps[at].vaddr != vaddr; ++at) {
	}
	if (at == old->count) {
		return err_set(-EINVAL, "no memory was mapped at %p", (void *)vaddr);
	}
	table = table_new(old->count - 1);
	if (!table) {
		return -ENOMEM;
	}
	*removed = old->maps[at];
	memcpy(table->maps, old->maps, at * sizeof(*removed));
	memcpy(&table->maps[at], &old->maps[at + 1], (old->count - at - 1) * sizeof(*removed));
	table_publish(dma, table);
	return 0;
}

/* ---- mapping on the bus ---- */

static int
region_map(struct dma *dma, void *vaddr, size_t nbytes, int fd, struct dma_map *map)
{
	struct dma_region region = {.vaddr = vaddr, .nbytes = nbytes, .fd = fd};
	uint64_t address = (uintptr_t)vaddr;
	int err;

	region.iova = address;
	if (dma->bus->physical) { /* contiguous: physical_alloc() guarantees it */
		err = physical_address(vaddr, &region.iova);
		if (err) {
			return err;
		}
	} else if (address >= dma->bus->iova_end || nbytes > dma->bus->iova_end - address) {
		region.iova = dma->iova_next;
		if (region.iova + nbytes > dma->bus->iova_end) {
			return err_set(-ENOSPC,
				       "no addresses are left that the controller reaches");
		}
		dma->iova_next += (nbytes + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
	}
	err = dma->bus->ops->map(dma->bus, &region);
	if (err) {
		return err;
	}
	*map = (struct dma_map){.vaddr = address, .nbytes = nbytes, .delta = region.iova - address};
	err = table_add(dma, map);
	if (err) {
		(void)dma->bus->ops->unmap(dma->bus, region.iova, nbytes);
	}
	return err;
}

/* ---- the heap ---- */

static void *
place(int fd, size_t nbytes)
{
	uint64_t step = (nbytes + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);

	for (uint32_t tries = 0; tries < 64; ++tries) {
		/* addresses are rarely reused */
		uint64_t at = HEAP_PLACE + atomic_fetch_add_explicit(&process.heap_offset, step,
								     memory_order_relaxed);
		void *base;

		if (at + step > HEAP_PLACE_END) {
			atomic_store_explicit(&process.heap_offset, 0, memory_order_relaxed);
			continue;
		}
		base = mmap((void *)at, nbytes, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_FIXED_NOREPLACE, fd, 0);
		if (base != MAP_FAILED) {
			return base;
		}
	}
	return mmap(NULL, nbytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
}

/* Hugepages where the system has them, ordinary pages otherwise; in both cases a file that can be
 * sent to another process */
static int
backing(size_t nbytes, void **base)
{
	int err = 0;

	for (uint32_t huge = 2; huge-- > 0;) {
		int fd = os_memory_file("xnvme-heap", nbytes, huge);

		if (fd < 0) {
			err = fd;
			continue;
		}
		*base = place(fd, nbytes); /* of hugepages: fails here when there are too few */
		if (*base != MAP_FAILED) {
			return fd;
		}
		err = -errno;
		(void)close(fd);
	}
	return err_set(err, "no memory file of %zu bytes for the driver's heap: %s%s", nbytes,
		       strerror(-err),
		       err == -ENOMEM ? "; give a smaller host_heap_size" : "");
}

static size_t
whole_hugepages(size_t nbytes)
{
	return (nbytes + HUGE_PAGE - 1) & ~(size_t)(HUGE_PAGE - 1);
}

static void
chunk_free(struct dma *dma, struct dma_chunk *chunk, uint64_t iova)
{
	if (iova) {
		(void)dma->bus->ops->unmap(dma->bus, iova, chunk->nbytes);
	}
	if (chunk->base) {
		(void)munmap(chunk->base, chunk->nbytes);
	}
	if (chunk->fd >= 0) {
		(void)close(chunk->fd);
	}
	free(chunk->run);
	free(chunk);
}

/* Allocate and map a chunk of at least `least` bytes, `nbytes` where available; it becomes the
 * first of dma->chunks. 0, or -errno after err_set(). */
static int
chunk_new(struct dma *dma, size_t least, size_t nbytes, struct dma_map *map)
{
	struct dma_chunk *chunk = calloc(1, sizeof(*chunk));
	void *base = NULL;
	int err;

	if (!chunk) {
		return err_set(-ENOMEM, "no memory for the driver's heap");
	}
	chunk->nbytes = whole_hugepages(nbytes);
	chunk->fd = dma->bus->physical ? physical_alloc(whole_hugepages(least), chunk->nbytes,
							&base, &chunk->nbytes)
				       : backing(chunk->nbytes, &base);
	chunk->npages = (uint32_t)(chunk->nbytes / DMA_PAGE);
	chunk->base = chunk->fd < 0 ? NULL : base;
	err = chunk->fd < 0 ? chunk->fd : 0;
	chunk->run = err ? NULL : calloc(chunk->npages, sizeof(*chunk->run));
	if (!err && !chunk->run) {
		err = err_set(-ENOMEM, "no memory to keep account of the driver's heap");
	}
	err = err ? err : region_map(dma, chunk->base, chunk->nbytes, chunk->fd, map);
	if (err) {
		chunk_free(dma, chunk, 0);
		return err;
	}
	chunk->next = dma->chunks;
	dma->chunks = chunk;
	return 0;
}

/* The first run of `npages` free pages from `from` on; npages of the chunk when there is none */
static uint32_t
free_run(const struct dma_chunk *chunk, uint32_t from, uint32_t npages)
{
	uint32_t start = from, at = from;

	while (at < chunk->npages && at - start < npages) {
		if (chunk->run[at] != 0) {
			at += chunk->run[at] == TAIL ? 1 : chunk->run[at];
			start = at;
		} else {
			at += 1;
		}
	}
	return at - start == npages ? start : chunk->npages;
}

static void *
chunk_take(struct dma_chunk *chunk, uint32_t npages)
{
	uint32_t at = free_run(chunk, chunk->hint, npages);

	if (at == chunk->npages) {
		at = free_run(chunk, 0, npages);
	}
	if (at == chunk->npages) {
		return NULL;
	}
	chunk->run[at] = npages;
	for (uint32_t i = 1; i < npages; ++i) {
		chunk->run[at + i] = TAIL;
	}
	chunk->hint = at + npages == chunk->npages ? 0 : at + npages;
	return chunk->base + (size_t)at * DMA_PAGE;
}

static struct dma_chunk *
chunk_of(const struct dma *dma, const void *buf, uint32_t *page)
{
	for (struct dma_chunk *chunk = dma->chunks; chunk; chunk = chunk->next) {
		uint64_t offset = (uint64_t)((const uint8_t *)buf - chunk->base);

		if ((const uint8_t *)buf >= chunk->base && offset < chunk->nbytes) {
			*page = (uint32_t)(offset / DMA_PAGE);
			return offset % DMA_PAGE == 0 ? chunk : NULL;
		}
	}
	return NULL;
}

void *
dma_alloc(struct dma *dma, size_t nbytes)
{
	struct dma_map map;
	uint32_t npages;
	void *buf = NULL;
	int err = 0;

	if (nbytes == 0 || nbytes > (1ull << 40)) {
		(void)err_set(-EINVAL, "a buffer of %zu bytes", nbytes);
		errno = EINVAL;
		return NULL;
	}
	npages = (uint32_t)((nbytes + DMA_PAGE - 1) / DMA_PAGE);
	(void)pthread_mutex_lock(&dma->lock);
	for (struct dma_chunk *chunk = dma->chunks; chunk && !buf; chunk = chunk->next) {
		buf = npages <= chunk->npages ? chunk_take(chunk, npages) : NULL;
	}
	if (!buf) {
		size_t most = nbytes > dma->chunk_nbytes ? nbytes : dma->chunk_nbytes;

		err = chunk_new(dma, nbytes, most, &map);
		buf = err ? NULL : chunk_take(dma->chunks, npages);
	}
	(void)pthread_mutex_unlock(&dma->lock);
	if (!buf) {
		errno = err ? -err : ENOMEM;
		return NULL;
	}
	memset(buf, 0, (size_t)npages * DMA_PAGE);
	return buf;
}

void
dma_free(struct dma *dma, void *buf)
{
	struct dma_chunk *chunk;
	uint32_t page = 0;

	(void)pthread_mutex_lock(&dma->lock);
	chunk = buf ? chunk_of(dma, buf, &page) : NULL;
	if (chunk && chunk->run[page] != TAIL) {
		memset(&chunk->run[page], 0, chunk->run[page] * sizeof(chunk->run[page]));
	}
	(void)pthread_mutex_unlock(&dma->lock);
}

size_t
dma_nbytes(struct dma *dma, void *buf)
{
	struct dma_chunk *chunk;
	uint32_t page = 0;
	size_t nbytes = 0;

	(void)pthread_mutex_lock(&dma->lock);
	chunk = chunk_of(dma, buf, &page);
	if (chunk && chunk->run[page] != TAIL) {
		nbytes = (size_t)chunk->run[page] * DMA_PAGE;
	}
	(void)pthread_mutex_unlock(&dma->lock);
	return nbytes;
}

/* ---- the user's memory ---- */

int
dma_map_user(struct dma *dma, void *vaddr, size_t nbytes)
{
	struct dma_map map;
	int err;

	if (((uintptr_t)vaddr | nbytes) & (DMA_PAGE - 1)) {
		return err_set(-EINVAL,
			       "memory to map must be whole pages of %u bytes, not %zu "
			       "bytes at %p",
			       DMA_PAGE, nbytes, vaddr);
	}
	if (dma->bus->physical) {
		return err_set(-ENOTSUP, "without an IOMMU the controller gets memory from "
					 "xnvme_buf_alloc() only: the kernel may move any other");
	}
	(void)pthread_mutex_lock(&dma->lock);
	err = region_map(dma, vaddr, nbytes, -1, &map);
	(void)pthread_mutex_unlock(&dma->lock);
	return err;
}

int
dma_unmap_user(struct dma *dma, void *vaddr)
{
	struct dma_map map = {0};
	uint32_t page;
	int err;

	(void)pthread_mutex_lock(&dma->lock);
	if (chunk_of(dma, vaddr, &page)) {
		err = err_set(-EINVAL, "memory at %p is the driver's own: free it instead", vaddr);
	} else {
		err = table_remove(dma, (uintptr_t)vaddr, &map);
	}
	if (!err) {
		err = dma->bus->ops->unmap(dma->bus, map.vaddr + map.delta, map.nbytes);
	}
	(void)pthread_mutex_unlock(&dma->lock);
	return err;
}

int
dma_open(struct dma *dma, struct bus *bus, size_t heap_nbytes)
{
	int err;

	memset(dma, 0, sizeof(*dma));
	dma->bus = bus;
	dma->iova_next = IOVA_FIRST;
	dma->table = table_new(0);
	if (!dma->table) {
		return -ENOMEM;
	}
	(void)pthread_mutex_init(&dma->lock, NULL);
	dma->chunk_nbytes = bus->heap_nbytes ? bus->heap_nbytes : HEAP_DEFAULT;
	/* a size that the user requires is exact or an error; the default takes what is
	 * available */
	err = heap_nbytes ? chunk_new(dma, heap_nbytes, heap_nbytes, &dma->heap)
			  : chunk_new(dma, HUGE_PAGE, dma->chunk_nbytes, &dma->heap);
	if (err) {
		dma_close(dma);
	}
	return err;
}

void
dma_close(struct dma *dma)
{
	for (struct dma_chunk *chunk = dma->chunks, *next; chunk; chunk = next) {
		next = chunk->next;
		chunk_free(dma, chunk, dma_iova(dma, chunk->base));
	}
	for (struct dma_table *table = dma->table, *older; table; table = older) {
		older = table->older;
		free(table);
	}
	dma->chunks = NULL;
	dma->table = NULL; /* NULL: not open */
	(void)pthread_mutex_destroy(&dma->lock);
}
