/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A device node of its own under /dev/vfio/devices, attached to an address space of /dev/iommu
 * (Documentation/userspace-api/iommufd.rst of Linux): no group is needed.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <host/err.h>
#include <path/pcie/iommufd_uapi.h>
#include <path/pcie/vfio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define IOMMU_NODE "/dev/iommu"
#define RANGES_MAX 64u

/* /dev/vfio/devices/vfioN; false: this kernel or the function's driver has no such node */
static bool
node_of(const struct vfio_bus *b, char *node, size_t nbytes)
{
	char path[128];
	bool found = false;
	struct dirent *entry;
	DIR *dir;

	(void)snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/vfio-dev", b->function);
	dir = opendir(path);
	while (dir && !found && (entry = readdir(dir))) {
		found = !strncmp(entry->d_name, "vfio", 4);
		(void)snprintf(node, nbytes, "/dev/vfio/devices/%.32s", entry->d_name);
	}
	if (dir) {
		(void)closedir(dir);
	}
	return found;
}

bool
vfio_has_iommufd(const struct vfio_bus *b)
{
	char node[64];

	return node_of(b, node, sizeof(node)) && !access(node, R_OK | W_OK) &&
	       !access(IOMMU_NODE, R_OK | W_OK);
}

/* The end of the last range of addresses that the device can use */
static uint64_t
iova_end(const struct vfio_bus *b)
{
	struct iommufd_range ranges[RANGES_MAX];
	struct iommufd_ioas_ranges ask = {.size = sizeof(ask),
					  .ioas_id = b->ioas,
					  .num_iovas = RANGES_MAX,
					  .ranges = (uintptr_t)ranges};

	if (ioctl(b->iommu, IOMMUFD_IOAS_RANGES, &ask) || ask.num_iovas == 0 ||
	    ask.num_iovas > RANGES_MAX) {
		return VFIO_IOVA_END;
	}
	return ranges[ask.num_iovas - 1].last;
}

static int
attach(struct vfio_bus *b, const char *node)
{
	struct vfio_bind_iommufd bind = {.argsz = sizeof(bind), .iommufd = b->iommu};
	struct iommufd_ioas_alloc alloc = {.size = sizeof(alloc)};
	struct vfio_attach_ioas attach = {.argsz = sizeof(attach)};

	if (ioctl(b->device, VFIO_BIND_IOMMUFD, &bind)) {
		return err_set(errno == EINVAL ? -EBUSY : -errno,
			       "%s: %s cannot be had: %s; it, or a function of its group, is used "
			       "by others",
			       node, b->function, strerror(errno));
	}
	if (ioctl(b->iommu, IOMMUFD_IOAS_ALLOC, &alloc)) {
		return err_set(-errno, IOMMU_NODE ": no address space: %s", strerror(errno));
	}
	b->ioas = alloc.ioas_id;
	attach.ioas_id = alloc.ioas_id;
	if (ioctl(b->device, VFIO_ATTACH_IOAS, &attach)) {
		return err_set(-errno, "%s: the IOMMU cannot be set up: %s", b->function,
			       strerror(errno));
	}
	b->bus.iova_end = iova_end(b);
	return 0;
}

static int
open_iommufd(struct vfio_bus *b)
{
	char node[64];

	if (!node_of(b, node, sizeof(node))) {
		return err_set(-ENOTSUP,
			       "this kernel gives %s no device of its own for iommufd (Linux 6.6 "
			       "with CONFIG_VFIO_DEVICE_CDEV does); leave iommu=iommufd away",
			       b->function);
	}
	b->iommu = open(IOMMU_NODE, O_RDWR | O_CLOEXEC);
	if (b->iommu < 0) {
		return err_set(-errno, IOMMU_NODE ": %s; load it with: modprobe iommufd",
			       strerror(errno));
	}
	b->device = open(node, O_RDWR | O_CLOEXEC);
	if (b->device < 0) {
		return err_set(-errno, "%s: %s%s", node, strerror(errno),
			       errno == EBUSY ? ": another process uses it"
					      : "; give yourself permission: chown $USER to it");
	}
	return attach(b, node);
}

static int
map(struct vfio_bus *b, const struct dma_region *region)
{
	struct iommufd_ioas_map map = {
		.size = sizeof(map),
		.flags = IOMMUFD_MAP_FIXED_IOVA | IOMMUFD_MAP_WRITEABLE | IOMMUFD_MAP_READABLE,
		.ioas_id = b->ioas,
		.user_va = (uintptr_t)region->vaddr,
		.length = region->nbytes,
		.iova = region->iova,
	};

	return ioctl(b->iommu, IOMMUFD_IOAS_MAP, &map) ? -errno : 0;
}

static int
unmap(struct vfio_bus *b, uint64_t iova, size_t nbytes)
{
	struct iommufd_ioas_unmap unmap = {
		.size = sizeof(unmap), .ioas_id = b->ioas, .iova = iova, .length = nbytes};

	return ioctl(b->iommu, IOMMUFD_IOAS_UNMAP, &unmap) ? -errno : 0;
}

const struct vfio_way vfio_by_iommufd = {
	.name = "iommufd", .bus = "vfio-iommufd", .open = open_iommufd, .map = map, .unmap = unmap};
