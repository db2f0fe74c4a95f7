/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Buffers from huge pages: fewer TLB entries, and fewer pages for the kernel to pin. One heap per
 * handle, of one huge page at open.
 */
#include <host/arena.h>
#include <host/err.h>
#include <host/mem.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define HUGE_NBYTES ((size_t)2 << 20)
#define SEGMENTS_MAX 256

/* Grows by segments as buffers are allocated, up to the user's limit */
struct hugepages {
	pthread_mutex_t lock;
	size_t nbytes;
	size_t limit_nbytes;
	uint32_t segments;
	struct arena arena[SEGMENTS_MAX];
};

/* The option, or the environment variable in bytes; 0: as much as the system has */
static size_t
heap_limit(const struct xnvme_dev *dev)
{
	const char *text = getenv("XNVME_HUGEPAGE_HEAP_SIZE");
	size_t nbytes = dev->opts.host_heap_size;

	if (!nbytes && text) {
		nbytes = (size_t)strtoull(text, NULL, 0);
	}
	return nbytes ? nbytes : SIZE_MAX;
}

/* The lock is held */
static int
add_segment(struct hugepages *huge, size_t nbytes)
{
	void *base;

	nbytes = (nbytes + HUGE_NBYTES - 1) & ~(HUGE_NBYTES - 1);
	if (huge->segments == SEGMENTS_MAX || nbytes > huge->limit_nbytes - huge->nbytes) {
		return err_set(-ENOMEM, "the heap of huge pages is full: raise host_heap_size");
	}
	base = mmap(NULL, nbytes, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_POPULATE, -1, 0);
	if (base == MAP_FAILED) {
		return err_set(-ENOMEM, "fewer huge pages are free than the %zu needed: reserve "
			       "some with sysctl vm.nr_hugepages=128, or omit the option mem",
			       nbytes / HUGE_NBYTES);
	}
	if (arena_init(&huge->arena[huge->segments], base, nbytes, HUGE_NBYTES)) {
		(void)munmap(base, nbytes);
		return err_set(-ENOMEM, "no memory to keep account of huge pages");
	}
	huge->segments += 1;
	huge->nbytes += nbytes;
	return 0;
}

static void
huge_detach(struct xnvme_dev *dev)
{
	struct hugepages *huge = dev->mem_state;

	for (uint32_t i = 0; i < huge->segments; ++i) {
		struct arena *arena = &huge->arena[i];

		(void)munmap(arena->base, arena->nbytes);
		arena_fini(arena);
	}
	(void)pthread_mutex_destroy(&huge->lock);
	free(huge);
	dev->mem_state = NULL;
}

static int
huge_attach(struct xnvme_dev *dev)
{
	struct hugepages *huge = calloc(1, sizeof(*huge));
	int err;

	if (!huge) {
		return err_set(-ENOMEM, "no memory for a heap of huge pages");
	}
	(void)pthread_mutex_init(&huge->lock, NULL);
	huge->limit_nbytes = heap_limit(dev);
	dev->mem_state = huge;
	err = add_segment(huge, HUGE_NBYTES); /* check that the system has any */
	if (err) {
		huge_detach(dev);
	}
	return err;
}

static void *
huge_alloc(struct xnvme_dev *dev, size_t nbytes)
{
	struct hugepages *huge = dev->mem_state;
	void *buf = NULL;

	(void)pthread_mutex_lock(&huge->lock);
	for (uint32_t i = 0; i < huge->segments && !buf; ++i) {
		buf = arena_alloc(&huge->arena[i], nbytes);
	}
	if (!buf && nbytes <= huge->limit_nbytes && !add_segment(huge, nbytes)) {
		buf = arena_alloc(&huge->arena[huge->segments - 1], nbytes);
	}
	(void)pthread_mutex_unlock(&huge->lock);
	if (!buf) {
		errno = ENOMEM;
	}
	return buf;
}

static void
huge_free(struct xnvme_dev *dev, void *buf)
{
	struct hugepages *huge = dev->mem_state;

	(void)pthread_mutex_lock(&huge->lock);
	for (uint32_t i = 0; i < huge->segments; ++i) {
		arena_free(&huge->arena[i], buf); /* the arena that owns it frees it */
	}
	(void)pthread_mutex_unlock(&huge->lock);
}

static size_t
huge_nbytes(struct xnvme_dev *dev, void *buf)
{
	struct hugepages *huge = dev->mem_state;
	size_t nbytes = 0;

	(void)pthread_mutex_lock(&huge->lock);
	for (uint32_t i = 0; i < huge->segments && !nbytes; ++i) {
		nbytes = arena_nbytes(&huge->arena[i], buf);
	}
	(void)pthread_mutex_unlock(&huge->lock);
	return nbytes;
}

extern const struct mem_ops mem_hugepage;
const struct mem_ops mem_hugepage = {
	.name = "hugepage",
	.attach = huge_attach,
	.detach = huge_detach,
	.alloc = huge_alloc,
	.free = huge_free,
	.nbytes = huge_nbytes,
};
