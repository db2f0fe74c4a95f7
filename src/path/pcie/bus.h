/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How the driver reaches a controller: registers, memory, interrupts. Three buses implement it:
 * a virtual SSD in this process, a vfio-user socket, VFIO. Control plane, but for the doorbells.
 */
#ifndef PATH_PCIE_BUS_H
#define PATH_PCIE_BUS_H

#include <libxnvme.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bus;

/* Memory that the controller is to reach. `fd` and `fd_offset`: the file behind it, -1 for none. */
struct dma_region {
	void *vaddr;
	uint64_t iova;
	size_t nbytes;
	int fd;
	uint64_t fd_offset;
};

struct bus_ops {
	const char *name;

	/* Registers of BAR0 by offset, 4 or 8 bytes. 0, -ENODEV when the function is gone, or
	 * another -errno after err_set(). */
	int (*read)(struct bus *bus, uint32_t offset, void *data, uint32_t nbytes);
	int (*write)(struct bus *bus, uint32_t offset, const void *data, uint32_t nbytes);

	/* 0, or -errno after err_set(). `region` is lent for the call. */
	int (*map)(struct bus *bus, const struct dma_region *region);
	int (*unmap)(struct bus *bus, uint64_t iova, size_t nbytes);

	/* Signal `event` (an eventfd; -1: nothing) when interrupt `vector` fires */
	int (*vector)(struct bus *bus, uint32_t vector, int event);

	/* Function-level reset; NULL: the bus has none */
	int (*reset)(struct bus *bus);

	/* Hot, NULL on most: the controller has no thread of its own, let it work now */
	void (*run)(struct bus *bus);

	void (*close)(struct bus *bus);
};

struct bus {
	const struct bus_ops *ops;
	const char *access; /* by which of several ways it is reached; NULL: ops->name says all */
	/* From BAR0 offset 0x1000 on, mapped: a store rings. NULL: ops->write() rings. */
	uint8_t *doorbells;
	size_t doorbells_nbytes;
	bool doorbells_cheap; /* plain memory: shadow doorbells would gain nothing */
	uint32_t vectors;     /* interrupt vectors; 0: none */
	size_t heap_nbytes;   /* of the driver's heap, unless the user says; 0: no opinion */
	uint64_t iova_end;    /* the first address that the controller cannot reach */
	bool reaches_all;     /* all of the process's memory, by its own address, mapped or not */
	bool physical;        /* nothing translates: it is given the machine's own addresses */
};

typedef int bus_opener(const char *name, uint64_t timeout_ns, struct bus **bus);

/* Each opens what follows the scheme of the URI; 0, or -errno after err_set(). `timeout_ns`: how
 * long the other side of a bus gets to answer a request. */
bus_opener bus_inproc_open, bus_vfio_user_open, bus_vfio_open;

/*
 * Between stores to memory and the store to a register by which the device learns of them. x86
 * keeps their order. On arm64 a release orders what other processors see; a device sees memory and
 * its registers in the order of the outer shareable domain, which takes a barrier of that domain.
 */
static inline void
bus_write_barrier(void)
{
#ifdef __aarch64__
	__asm__ volatile("dmb oshst" ::: "memory");
#else
	__atomic_thread_fence(__ATOMIC_RELEASE);
#endif
}

#endif /* PATH_PCIE_BUS_H */
