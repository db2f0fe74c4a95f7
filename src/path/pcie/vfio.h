/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A PCI function bound to VFIO, and the kernel interfaces by which a process opens it and maps
 * memory for it.
 */
#ifndef PATH_PCIE_VFIO_H
#define PATH_PCIE_VFIO_H

#include <path/pcie/bus.h>

#define VFIO_IOVA_END (1ull << 39) /* 39 bits: what every known IOMMU supports */

struct vfio_bus;

struct vfio_way {
	const char *name; /* value of "iommu=" */
	const char *bus;  /* reported as the bus of a controller that was opened so */
	/* Opens `device` and the descriptors that it needs. 0, or -errno after err_set(). */
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
	int iommu; /* descriptor for mapping memory: a container or an iommufd */
	uint32_t ioas;
	uint8_t *bar;
	size_t bar_nbytes;
	uint64_t config_offset;
	bool vectors_made;
	int wanted_back; /* eventfd: the kernel requests the function back; -1: unsupported */
};

extern const struct vfio_way vfio_by_iommufd;
extern const struct vfio_way vfio_by_group;
extern const struct vfio_way vfio_without_iommu;

/* Can this process use the function through iommufd? Not every kernel has it. */
bool vfio_has_iommufd(const struct vfio_bus *b);

/* The last component of the target of a link in the function's sysfs folder. 0, or -errno. */
int vfio_link(const struct vfio_bus *b, const char *link, char *name, size_t nbytes);

/* The number of the function's group, as text; `isolated`: an IOMMU translates for it. 0, or
 * -ENOENT when it has no group. */
int vfio_group_name(const struct vfio_bus *b, char *name, size_t nbytes, bool *isolated);

#endif /* PATH_PCIE_VFIO_H */
