/* SPDX-License-Identifier: BSD-3-Clause */
#include <base/assert.h>
#include <host/arena.h>
#include <host/err.h>
#include <host/mem.h>

#include <errno.h>
#include <malloc.h>
#include <os/os.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The handle is const in the public signatures; its allocator's state is not */
static struct xnvme_dev *
mutable(const struct xnvme_dev *dev)
{
	return (struct xnvme_dev *)(uintptr_t)dev;
}

/* The handle has memory, at least of the functions that are not optional */
static void
mem_check(const struct xnvme_dev *dev)
{
	dev_check(dev);
	ASSERT(dev->mem && dev->mem->alloc && dev->mem->free && dev->mem->nbytes);
}

static void *
alloc_failed(int err, size_t nbytes)
{
	ASSERT(err < 0);
	(void)err_set(err, "cannot allocate a buffer of %zu bytes: %s", nbytes, strerror(-err));
	errno = -err;
	return NULL;
}

void *
xnvme_buf_alloc(const struct xnvme_dev *dev, size_t nbytes)
{
	uint64_t texts = err_count();
	void *buf;

	if (!dev || !nbytes) {
		return alloc_failed(-EINVAL, nbytes);
	}
	mem_check(dev);
	buf = dev->mem->alloc(mutable(dev), nbytes);
	ASSERT(!((uintptr_t)buf % 4)); /* NVMe Base 2.0, PRP Entry Layout */
	if (buf || err_count() != texts) {
		return buf; /* or NULL, with the allocator's error text */
	}
	return alloc_failed(errno ? -errno : -ENOMEM, nbytes);
}

void
xnvme_buf_free(const struct xnvme_dev *dev, void *buf)
{
	if (buf) {
		mem_check(dev);
		dev->mem->free(mutable(dev), buf);
	}
}

void *
xnvme_buf_realloc(const struct xnvme_dev *dev, void *buf, size_t nbytes)
{
	void *grown = xnvme_buf_alloc(dev, nbytes);

	if (!grown || !buf) {
		return grown;
	}
	size_t had = dev->mem->nbytes(mutable(dev), buf);

	ASSERT(dev->mem->nbytes(mutable(dev), grown) >= nbytes);
	memcpy(grown, buf, had < nbytes ? had : nbytes);
	xnvme_buf_free(dev, buf);
	return grown;
}

int
xnvme_buf_vtophys(const struct xnvme_dev *dev, void *buf, uint64_t *phys)
{
	mem_check(dev);
	if (!dev->mem->vtophys) {
		return err_set(-ENOSYS, "memory '%s' has no addresses that a device could use; "
			       "only handles with a driver in user space have", dev->mem->name);
	}
	return dev->mem->vtophys(mutable(dev), buf, phys);
}

void *
xnvme_buf_phys_alloc(const struct xnvme_dev *dev, size_t nbytes, uint64_t *phys)
{
	void *buf = xnvme_buf_alloc(dev, nbytes);

	if (!buf) {
		return NULL;
	}
	int err = xnvme_buf_vtophys(dev, buf, phys);

	if (err) {
		xnvme_buf_free(dev, buf);
		errno = -err;
		return NULL;
	}
	return buf;
}

void
xnvme_buf_phys_free(const struct xnvme_dev *dev, void *buf)
{
	xnvme_buf_free(dev, buf);
}

void *
xnvme_buf_phys_realloc(const struct xnvme_dev *dev, void *buf, size_t nbytes, uint64_t *phys)
{
	void *grown = xnvme_buf_realloc(dev, buf, nbytes);

	if (!grown) {
		return NULL;
	}
	int err = xnvme_buf_vtophys(dev, grown, phys);

	if (err) {
		xnvme_buf_free(dev, grown);
		errno = -err;
		return NULL;
	}
	return grown;
}

void *
xnvme_buf_virt_alloc(size_t alignment, size_t nbytes)
{
	size_t rounded;
	void *buf;

	if (!alignment || alignment & (alignment - 1) || !nbytes ||
	    __builtin_add_overflow(nbytes, alignment - 1, &rounded)) {
		(void)err_set(-EINVAL, "a buffer of %zu bytes aligned to %zu: the alignment must "
			      "be a power of two and the size not zero", nbytes, alignment);
		errno = EINVAL;
		return NULL;
	}
	buf = aligned_alloc(alignment, rounded & ~(alignment - 1));
	return buf ? buf : alloc_failed(-ENOMEM, nbytes);
}

void
xnvme_buf_virt_free(void *buf)
{
	free(buf);
}

int
xnvme_mem_map(const struct xnvme_dev *dev, void *vaddr, size_t nbytes)
{
	if (!vaddr || !nbytes) {
		return err_set(-EINVAL, "memory to map: %zu bytes at %p", nbytes, vaddr);
	}
	mem_check(dev);
	return dev->mem->map ? dev->mem->map(mutable(dev), vaddr, nbytes) : 0;
}

int
xnvme_mem_unmap(const struct xnvme_dev *dev, void *buf)
{
	if (!buf) {
		return err_set(-EINVAL, "memory to unmap: NULL was passed");
	}
	mem_check(dev);
	return dev->mem->unmap ? dev->mem->unmap(mutable(dev), buf) : 0;
}

/* "posix": the C library's allocator, in whole pages, so that O_DIRECT accepts the buffers */

/* With register_buffers: one region that rings register as a whole, so that a command needs no
 * look-up of its buffer. A ring pins the region, so it is small by default; the user may set
 * another size. */
#define REGISTERED_NBYTES (64UL << 20)

static int
pages_attach(struct xnvme_dev *dev)
{
	size_t nbytes = dev->opts.host_heap_size ? dev->opts.host_heap_size : REGISTERED_NBYTES;
	struct arena *arena;
	char *base;

	ASSERT(!dev->mem_state && !dev->registered);
	if (!dev->opts.register_buffers) {
		return 0;
	}
	nbytes = (nbytes + 4095) & ~(size_t)4095;
	arena = malloc(sizeof(*arena));
	base = os_pages_map(nbytes);
	if (!arena || !base || arena_init(arena, base, nbytes, nbytes)) {
		if (base) {
			os_pages_unmap(base, nbytes);
		}
		free(arena);
		return err_set(-ENOMEM, "no memory for %zu bytes of registered buffers: set "
			       "host_heap_size to less", nbytes);
	}
	dev->mem_state = arena;
	dev->registered = base;
	dev->registered_nbytes = nbytes;
	return 0;
}

static void
pages_detach(struct xnvme_dev *dev)
{
	struct arena *arena = dev->mem_state;

	if (arena) {
		ASSERT(arena->base == dev->registered && arena->nbytes == dev->registered_nbytes);
		os_pages_unmap(arena->base, arena->nbytes);
		arena_fini(arena);
		free(arena);
		dev->mem_state = NULL;
		dev->registered = NULL;
	}
}

static void *
pages_alloc(struct xnvme_dev *dev, size_t nbytes)
{
	void *buf = dev->mem_state ? arena_alloc(dev->mem_state, nbytes) : NULL;
	size_t page = os_page_nbytes();
	size_t rounded;

	ASSERT(nbytes > 0 && !dev->mem_state == !dev->registered);
	if (buf) {
		return buf; /* the region is full: ordinary pages work too, at a lower speed */
	}
	if (__builtin_add_overflow(nbytes, page - 1, &rounded)) {
		errno = ENOMEM;
		return NULL;
	}
	return aligned_alloc(page, rounded & ~(page - 1));
}

static void
pages_free(struct xnvme_dev *dev, void *buf)
{
	ASSERT(!dev->mem_state == !dev->registered);
	if (dev->mem_state && arena_nbytes(dev->mem_state, buf)) {
		arena_free(dev->mem_state, buf);
		return;
	}
	free(buf);
}

static size_t
pages_nbytes(struct xnvme_dev *dev, void *buf)
{
	size_t nbytes = dev->mem_state ? arena_nbytes(dev->mem_state, buf) : 0;

	ASSERT(!dev->mem_state == !dev->registered);
	return nbytes ? nbytes : malloc_usable_size(buf);
}

extern const struct mem_ops mem_posix;
const struct mem_ops mem_posix = {
	.name = "posix",
	.attach = pages_attach,
	.detach = pages_detach,
	.alloc = pages_alloc,
	.free = pages_free,
	.nbytes = pages_nbytes,
};
