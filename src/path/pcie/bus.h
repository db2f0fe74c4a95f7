/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How the driver reaches a controller: registers, memory, interrupts. Three buses implement it: a
 * virtual SSD in this process, a vfio-user socket, VFIO. Control plane, except for the doorbells.
 */
#ifndef PATH_PCIE_BUS_H
#define PATH_PCIE_BUS_H

#include <libxnvme.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bus;

/* Memory to map for the controller. `fd` and `fd_offset`: the file behind it; `fd` is -1 without
 * one. */
struct dma_region {
	void *vaddr;
	uint64_t iova;
	size_t nbytes;
	int fd;
	uint64_t fd_offset;
};

struct bus_ops {
	const char *name;

	/* Registers of BAR0 by offset, 4 or 8 bytes. 0, -ENODEV when the function was removed, or
	 * another -errno after err_set(). */
	int (*read)(struct bus *bus, uint32_t offset, void *data, uint32_t nbytes);
	int (*write)(struct bus *bus, uint32_t offset, const void *data, uint32_t nbytes);

	/* 0, or -errno after err_set(). `region` is borrowed for the call. */
	int (*map)(struct bus *bus, const struct dma_region *region);
	int (*unmap)(struct bus *bus, uint64_t iova, size_t nbytes);

	/* Signal `event` (an eventfd; -1: nothing) when interrupt `vector` fires */
	int (*vector)(struct bus *bus, uint32_t vector, int event);

	/* Function-level reset; NULL: the bus has none */
	int (*reset)(struct bus *bus);

	/* Hot; NULL for most buses: let a controller without a thread of its own process
	 * commands */
	void (*run)(struct bus *bus);

	void (*close)(struct bus *bus);
};

struct bus {
	const struct bus_ops *ops;
	const char *access; /* how the bus reaches the controller; NULL: ops->name is enough */
	/* BAR0 from offset 0x1000 on, mapped: a store rings. NULL: ops->write() rings. */
	uint8_t *doorbells;
	size_t doorbells_nbytes;
	bool doorbells_cheap; /* plain memory: shadow doorbells would gain nothing */
	uint32_t vectors;     /* interrupt vectors; 0: none */
	size_t heap_nbytes;   /* default size of the driver's heap; 0: the default of dma.c */
	uint64_t iova_end;    /* the first address beyond what the controller can reach */
	bool reaches_all;     /* all memory of the process, by virtual address, mapped or not */
	bool read_only;       /* what is written is lost: for handles with rdonly only */
	bool physical;        /* without an IOMMU: the controller gets physical addresses */
};

typedef int bus_opener(const char *name, uint64_t timeout_ns, bool read_only, struct bus **bus);

/* Each opens the part of the URI after its scheme. 0, or -errno after err_set(). `timeout_ns`: how
 * long a bus waits for the answer to a request. `read_only`: changes no file of a virtual SSD. */
bus_opener bus_inproc_open, bus_vfio_user_open, bus_vfio_open;

/*
 * Orders stores to memory before the store to the register that announces them to the device. x86
 * keeps their order. On arm64 a release orders only what other processors observe; a device
 * observes memory and its registers in the order of the outer shareable domain, so a barrier of
 * that domain is needed.
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
