/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A function that VFIO hands over, and the ways in which the kernel lets a process reach it and map
 * memory for it.
 */
#ifndef PATH_PCIE_VFIO_H
#define PATH_PCIE_VFIO_H

#include <path/pcie/bus.h>

#define VFIO_IOVA_END (1ull << 39) /* what every IOMMU can that we have heard of */

struct vfio_bus;

struct vfio_way {
	const char *name; /* what "iommu=" asks for */
	const char *bus;  /* what is said of a controller that was opened so */
	/* Fills `device` and what stands behind it. 0, or -errno after err_set(). */
	int (*open)(struct vfio_bus *b);
	int (*map)(struct vfio_bus *b, const struct dma_region *region);
	int (*unmap)(struct vfio_bus *b, uint64_t iova, size_t nbytes);
};

struct vfio_bus {
	struct bus bus; /* base: must be first */
	const struct vfio_way *way;
	char function[16]; /* 0000:03:00.0 */
	int device;        /* descriptors; -1: none */
	int group;
	int iommu; /* what memory is mapped by: a container, an iommufd */
	uint32_t ioas;
	uint8_t *bar;
	size_t bar_nbytes;
	uint64_t config_offset;
	bool vectors_made;
	int wanted_back; /* an eventfd: the kernel wants the function back; -1: it cannot say so */
};

extern const struct vfio_way vfio_by_iommufd;
extern const struct vfio_way vfio_by_group;
extern const struct vfio_way vfio_without_iommu;

/* May this process use the function by way of iommufd? The kernel may not have it. */
bool vfio_has_iommufd(const struct vfio_bus *b);

/* The last part of what a link of the function in sysfs points to. 0, or -errno. */
int vfio_link(const struct vfio_bus *b, const char *link, char *name, size_t nbytes);

/* The number of the function's group, as text; `isolated`: an IOMMU translates for it. 0, or
 * -ENOENT when it is in none. */
int vfio_group_name(const struct vfio_bus *b, char *name, size_t nbytes, bool *isolated);

#endif /* PATH_PCIE_VFIO_H */
