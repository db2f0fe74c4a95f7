/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The IOMMU group of a function, in a container of its own: supported by every version of VFIO
 * (Documentation/driver-api/vfio.rst of Linux). Without an IOMMU, if the kernel allows that, the
 * group holds one function and addresses are not translated.
 */
#include <errno.h>
#include <fcntl.h>
#include <host/err.h>
#include <linux/vfio.h>
#include <path/pcie/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define CONTAINER_NODE "/dev/vfio/vfio"
#define INFO_NBYTES 4096u

int
vfio_group_name(const struct vfio_bus *b, char *name, size_t nbytes, bool *isolated)
{
	char path[64];

	if (vfio_link(b, "iommu_group", name, nbytes)) {
		return -ENOENT;
	}
	(void)snprintf(path, sizeof(path), "/dev/vfio/noiommu-%.16s", name);
	*isolated = access(path, F_OK) != 0;
	return 0;
}

static int
open_group(struct vfio_bus *b, const char *prefix)
{
	struct vfio_group_status status = {.argsz = sizeof(status)};
	char group[16], path[64];
	bool isolated;

	if (vfio_group_name(b, group, sizeof(group), &isolated)) {
		return err_set(-ENODEV, "%s is in no IOMMU group", b->function);
	}
	(void)snprintf(path, sizeof(path), "/dev/vfio/%s%s", prefix, group);
	b->group = open(path, O_RDWR | O_CLOEXEC);
	if (b->group < 0) {
		return err_set(-errno, "%s: %s%s", path, strerror(errno),
			       errno == EBUSY   ? ": another process uses it"
			       : errno == EPERM ? "; run this as root"
						: "; give yourself permission: chown $USER to it");
	}
	if (ioctl(b->group, VFIO_GROUP_GET_STATUS, &status) ||
	    !(status.flags & VFIO_GROUP_FLAGS_VIABLE)) {
		return err_set(-EBUSY,
			       "IOMMU group %s of %s has functions bound to other drivers: "
			       "bind all of them to vfio-pci (xnvme-driver shows them)",
			       group, b->function);
	}
	return 0;
}

static int
open_device(struct vfio_bus *b, int type, const char *module)
{
	b->iommu = open(CONTAINER_NODE, O_RDWR | O_CLOEXEC);
	if (b->iommu < 0) {
		return err_set(-errno, CONTAINER_NODE ": %s; load it with: modprobe vfio-pci",
			       strerror(errno));
	}
	if (ioctl(b->iommu, VFIO_GET_API_VERSION) != VFIO_API_VERSION ||
	    ioctl(b->iommu, VFIO_CHECK_EXTENSION, type) != 1) {
		return err_set(-ENOTSUP,
			       "this kernel's VFIO lacks what %s needs; try: modprobe %s",
			       b->way->bus, module);
	}
	if (ioctl(b->group, VFIO_GROUP_SET_CONTAINER, &b->iommu) ||
	    ioctl(b->iommu, VFIO_SET_IOMMU, type)) {
		return err_set(-errno, "%s: the IOMMU cannot be set up: %s", b->function,
			       strerror(errno));
	}
	b->device = ioctl(b->group, VFIO_GROUP_GET_DEVICE_FD, b->function);
	if (b->device < 0) {
		return err_set(-errno, "%s cannot be opened by VFIO: %s", b->function,
			       strerror(errno));
	}
	return 0;
}

/* ---- with an IOMMU of type 1 ---- */

/* The end of the last range that the IOMMU translates */
static uint64_t
iova_end(const struct vfio_bus *b)
{
	_Alignas(struct vfio_iommu_type1_info) uint8_t buf[INFO_NBYTES] = {0};
	struct vfio_iommu_type1_info *info = (void *)buf;
	uint64_t end = VFIO_IOVA_END;
	uint32_t at;

	info->argsz = sizeof(buf);
	if (ioctl(b->iommu, VFIO_IOMMU_GET_INFO, info) || !(info->flags & VFIO_IOMMU_INFO_CAPS)) {
		return end;
	}
	for (at = info->cap_offset;
	     at && at + sizeof(struct vfio_info_cap_header) <= sizeof(buf);) {
		const struct vfio_iommu_type1_info_cap_iova_range *cap = (const void *)(buf + at);

		if (cap->header.id == VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE && cap->nr_iovas > 0 &&
		    at + sizeof(*cap) + cap->nr_iovas * sizeof(cap->iova_ranges[0]) <=
			    sizeof(buf)) {
			end = cap->iova_ranges[cap->nr_iovas - 1].end;
		}
		at = cap->header.next;
	}
	return end;
}

static int
open_type1(struct vfio_bus *b)
{
	int err = open_group(b, "");

	err = err ? err : open_device(b, VFIO_TYPE1v2_IOMMU, "vfio_iommu_type1");
	if (!err) {
		b->bus.iova_end = iova_end(b);
	}
	return err;
}

static int
map(struct vfio_bus *b, const struct dma_region *region)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)region->vaddr,
		.iova = region->iova,
		.size = region->nbytes,
	};

	return ioctl(b->iommu, VFIO_IOMMU_MAP_DMA, &map) ? -errno : 0;
}

static int
unmap(struct vfio_bus *b, uint64_t iova, size_t nbytes)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap), .iova = iova, .size = nbytes};

	return ioctl(b->iommu, VFIO_IOMMU_UNMAP_DMA, &unmap) ? -errno : 0;
}

const struct vfio_way vfio_by_group = {
	.name = "group", .bus = "vfio-group", .open = open_type1, .map = map, .unmap = unmap};

/* ---- without an IOMMU: physical addresses, which dma.c looks up ---- */

static int
open_none(struct vfio_bus *b)
{
	int err = open_group(b, "noiommu-");

	err = err ? err : open_device(b, VFIO_NOIOMMU_IOMMU, "vfio enable_unsafe_noiommu_mode=1");
	if (!err) {
		b->bus.physical = true;
		b->bus.iova_end = UINT64_MAX;
	}
	return err;
}

static int
map_none(struct vfio_bus *b, const struct dma_region *region)
{
	(void)b;
	(void)region;
	return 0; /* the controller reaches everything */
}

static int
unmap_none(struct vfio_bus *b, uint64_t iova, size_t nbytes)
{
	(void)b;
	(void)iova;
	(void)nbytes;
	return 0;
}

const struct vfio_way vfio_without_iommu = {.name = "none",
					    .bus = "vfio-no-iommu",
					    .open = open_none,
					    .map = map_none,
					    .unmap = unmap_none};
