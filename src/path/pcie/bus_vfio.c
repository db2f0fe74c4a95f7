/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A PCI function that the kernel hands over by VFIO: its IOMMU group in a container of our own, so
 * that it reaches what was mapped and nothing else (Documentation/driver-api/vfio.rst of Linux).
 */
#include <errno.h>
#include <fcntl.h>
#include <host/err.h>
#include <limits.h>
#include <linux/vfio.h>
#include <nvme/regs.h>
#include <path/pcie/bus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define VECTORS_MAX 65u         /* the admin queue's and those of 64 I/O queues */
#define HEAP_NBYTES (64u << 20) /* all of it is pinned */
#define COMMAND_OFFSET 4u       /* in configuration space */
#define COMMAND_ENABLE 0x6u     /* memory, bus master */
#define INFO_NBYTES 4096u

struct vfio_bus {
	struct bus bus;    /* base: must be first */
	char function[16]; /* 0000:03:00.0 */
	int container, group, device;
	uint8_t *bar;
	size_t bar_nbytes;
	uint64_t config_offset;
	bool vectors_made;
};

static struct vfio_bus *
vfio_of(struct bus *bus)
{
	return (struct vfio_bus *)bus;
}

/* ---- the bus ---- */

static int
bus_read(struct bus *bus, uint32_t offset, void *data, uint32_t nbytes)
{
	const uint8_t *at = vfio_of(bus)->bar + offset;

	if (nbytes == 8) { /* as two words: not every controller takes eight bytes at once */
		uint32_t words[2] = {*(const volatile uint32_t *)(const void *)at,
				     *(const volatile uint32_t *)(const void *)(at + 4)};

		memcpy(data, words, sizeof(words));
	} else {
		uint32_t word = *(const volatile uint32_t *)(const void *)at;

		memcpy(data, &word, sizeof(word));
	}
	return 0;
}

static int
bus_write(struct bus *bus, uint32_t offset, const void *data, uint32_t nbytes)
{
	uint8_t *at = vfio_of(bus)->bar + offset;
	uint32_t words[2];

	memcpy(words, data, nbytes);
	for (uint32_t i = 0; i < nbytes / 4; ++i) {
		*(volatile uint32_t *)(void *)(at + 4ull * i) = words[i];
	}
	return 0;
}

static int
bus_map(struct bus *bus, const struct dma_region *region)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)region->vaddr,
		.iova = region->iova,
		.size = region->nbytes,
	};

	if (ioctl(vfio_of(bus)->container, VFIO_IOMMU_MAP_DMA, &map)) {
		return err_set(-errno, "the IOMMU does not map %zu bytes: %s%s", region->nbytes,
			       strerror(errno),
			       errno == ENOMEM ? "; raise the limit of locked memory (ulimit -l)"
					       : "");
	}
	return 0;
}

static int
bus_unmap(struct bus *bus, uint64_t iova, size_t nbytes)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap), .iova = iova, .size = nbytes};

	return ioctl(vfio_of(bus)->container, VFIO_IOMMU_UNMAP_DMA, &unmap)
		       ? err_set(-errno, "the IOMMU does not unmap: %s", strerror(errno))
		       : 0;
}

static int
set_vectors(struct vfio_bus *b, uint32_t start, uint32_t count, const int *events)
{
	_Alignas(struct vfio_irq_set)
		uint8_t buf[sizeof(struct vfio_irq_set) + VECTORS_MAX * sizeof(int)];
	struct vfio_irq_set *set = (void *)buf;

	*set = (struct vfio_irq_set){.argsz = (uint32_t)(sizeof(*set) + count * sizeof(int)),
				     .flags = VFIO_IRQ_SET_DATA_EVENTFD |
					      VFIO_IRQ_SET_ACTION_TRIGGER,
				     .index = VFIO_PCI_MSIX_IRQ_INDEX,
				     .start = start,
				     .count = count};
	memcpy(buf + sizeof(*set), events, count * sizeof(int));
	return ioctl(b->device, VFIO_DEVICE_SET_IRQS, set)
		       ? err_set(-errno, "%s: no interrupt: %s", b->function, strerror(errno))
		       : 0;
}

/* All vectors at once the first time: before Linux 6.4 their number cannot grow later */
static int
bus_vector(struct bus *bus, uint32_t vector, int event)
{
	struct vfio_bus *b = vfio_of(bus);
	int none[VECTORS_MAX];

	if (!b->vectors_made) {
		int err;

		memset(none, 0xFF, sizeof(none)); /* -1: no descriptor */
		err = set_vectors(b, 0, bus->vectors, none);
		if (err) {
			return err;
		}
		b->vectors_made = true;
	}
	return set_vectors(b, vector, 1, &event);
}

static int
bus_reset(struct bus *bus)
{
	return ioctl(vfio_of(bus)->device, VFIO_DEVICE_RESET)
		       ? err_set(-errno, "%s cannot be reset: %s", vfio_of(bus)->function,
				 strerror(errno))
		       : 0;
}

static void
bus_close(struct bus *bus)
{
	struct vfio_bus *b = vfio_of(bus);

	if (b->bar) {
		(void)munmap(b->bar, b->bar_nbytes);
	}
	if (b->device >= 0) {
		(void)close(b->device);
	}
	if (b->group >= 0) {
		(void)close(b->group);
	}
	if (b->container >= 0) {
		(void)close(b->container);
	}
	free(b);
}

static const struct bus_ops ops = {
	.name = "vfio",
	.read = bus_read,
	.write = bus_write,
	.map = bus_map,
	.unmap = bus_unmap,
	.vector = bus_vector,
	.reset = bus_reset,
	.close = bus_close,
};

/* ---- taking the function over ---- */

/* The last part of what a link of the function in sysfs points to */
static int
link_name(const struct vfio_bus *b, const char *link, char *name, size_t nbytes)
{
	char path[128], target[PATH_MAX];
	ssize_t got;

	(void)snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", b->function, link);
	got = readlink(path, target, sizeof(target) - 1);
	if (got < 0) {
		return -errno;
	}
	target[got] = '\0';
	const char *last = strrchr(target, '/');

	(void)snprintf(name, nbytes, "%.*s", (int)nbytes - 1, last ? last + 1 : target);
	return 0;
}

static int
check_driver(const struct vfio_bus *b)
{
	char path[128], driver[64];

	(void)snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s", b->function);
	if (access(path, F_OK)) {
		return err_set(-ENODEV, "there is no PCI function %s; see xnvme-driver",
			       b->function);
	}
	if (link_name(b, "driver", driver, sizeof(driver))) {
		(void)snprintf(driver, sizeof(driver), "no driver");
	}
	if (strcmp(driver, "vfio-pci") != 0) {
		return err_set(-EBUSY,
			       "%s belongs to %s, not to vfio-pci; hand it over with: "
			       "xnvme-driver bind %s",
			       b->function, driver, b->function);
	}
	return 0;
}

static int
open_group(struct vfio_bus *b)
{
	struct vfio_group_status status = {.argsz = sizeof(status)};
	char group[32], path[64];

	if (link_name(b, "iommu_group", group, sizeof(group))) {
		return err_set(-ENODEV,
			       "%s is behind no IOMMU, so that nothing would keep it from any "
			       "memory; switch it on (firmware settings, and intel_iommu=on "
			       "for the kernel)",
			       b->function);
	}
	(void)snprintf(path, sizeof(path), "/dev/vfio/%s", group);
	b->group = open(path, O_RDWR | O_CLOEXEC);
	if (b->group < 0) {
		return err_set(-errno, "%s: %s%s", path, strerror(errno),
			       errno == EBUSY ? ": another process uses it"
					      : "; give yourself permission: chown $USER to it");
	}
	if (ioctl(b->group, VFIO_GROUP_GET_STATUS, &status) ||
	    !(status.flags & VFIO_GROUP_FLAGS_VIABLE)) {
		return err_set(-EBUSY,
			       "IOMMU group %s of %s has functions that other drivers hold: "
			       "hand over all of them (xnvme-driver shows them)",
			       group, b->function);
	}
	return 0;
}

/* The end of the last range that the IOMMU translates */
static uint64_t
iova_end(struct vfio_bus *b)
{
	_Alignas(struct vfio_iommu_type1_info) uint8_t buf[INFO_NBYTES] = {0};
	struct vfio_iommu_type1_info *info = (void *)buf;
	uint64_t end = 1ull << 39; /* what every IOMMU can that we have heard of */
	uint32_t at;

	info->argsz = sizeof(buf);
	if (ioctl(b->container, VFIO_IOMMU_GET_INFO, info) ||
	    !(info->flags & VFIO_IOMMU_INFO_CAPS)) {
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
open_device(struct vfio_bus *b)
{
	b->container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	if (b->container < 0) {
		return err_set(-errno, "/dev/vfio/vfio: %s; load it with: modprobe vfio-pci",
			       strerror(errno));
	}
	if (ioctl(b->container, VFIO_GET_API_VERSION) != VFIO_API_VERSION ||
	    ioctl(b->container, VFIO_CHECK_EXTENSION, VFIO_TYPE1v2_IOMMU) != 1) {
		return err_set(-ENOTSUP, "this kernel's VFIO has no IOMMU of type 1; load it with: "
					 "modprobe vfio_iommu_type1");
	}
	if (ioctl(b->group, VFIO_GROUP_SET_CONTAINER, &b->container) ||
	    ioctl(b->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU)) {
		return err_set(-errno, "%s: the IOMMU cannot be set up: %s", b->function,
			       strerror(errno));
	}
	b->bus.iova_end = iova_end(b);
	b->device = ioctl(b->group, VFIO_GROUP_GET_DEVICE_FD, b->function);
	if (b->device < 0) {
		return err_set(-errno, "%s cannot be opened by VFIO: %s", b->function,
			       strerror(errno));
	}
	return 0;
}

static int
map_registers(struct vfio_bus *b)
{
	struct vfio_region_info info = {.argsz = sizeof(info), .index = VFIO_PCI_BAR0_REGION_INDEX};
	struct vfio_region_info config = {.argsz = sizeof(config),
					  .index = VFIO_PCI_CONFIG_REGION_INDEX};
	uint16_t command;
	void *at;

	if (ioctl(b->device, VFIO_DEVICE_GET_REGION_INFO, &info) ||
	    ioctl(b->device, VFIO_DEVICE_GET_REGION_INFO, &config)) {
		return err_set(-errno, "%s: %s", b->function, strerror(errno));
	}
	if (!(info.flags & VFIO_REGION_INFO_FLAG_MMAP) || info.size <= REG_DOORBELLS) {
		return err_set(-ENOTSUP,
			       "%s is no NVMe controller: BAR0 cannot be mapped or has only "
			       "%llu bytes",
			       b->function, (unsigned long long)info.size);
	}
	if (pread(b->device, &command, 2, (off_t)(config.offset + COMMAND_OFFSET)) != 2) {
		return err_set(-EIO, "%s: configuration space cannot be read", b->function);
	}
	command |= COMMAND_ENABLE;
	if (pwrite(b->device, &command, 2, (off_t)(config.offset + COMMAND_OFFSET)) != 2) {
		return err_set(-EIO, "%s: configuration space cannot be written", b->function);
	}
	at = mmap(NULL, info.size, PROT_READ | PROT_WRITE, MAP_SHARED, b->device,
		  (off_t)info.offset);
	if (at == MAP_FAILED) {
		return err_set(-errno, "%s: BAR0 cannot be mapped: %s", b->function,
			       strerror(errno));
	}
	b->bar = at;
	b->bar_nbytes = info.size;
	b->bus.doorbells = b->bar + REG_DOORBELLS;
	b->bus.doorbells_nbytes = b->bar_nbytes - REG_DOORBELLS;
	return 0;
}

static void
count_vectors(struct vfio_bus *b)
{
	struct vfio_irq_info irq = {.argsz = sizeof(irq), .index = VFIO_PCI_MSIX_IRQ_INDEX};

	if (!ioctl(b->device, VFIO_DEVICE_GET_IRQ_INFO, &irq)) {
		b->bus.vectors = irq.count < VECTORS_MAX ? irq.count : VECTORS_MAX;
	}
}

int
bus_vfio_open(const char *name, struct bus **bus)
{
	struct vfio_bus *b = calloc(1, sizeof(*b));
	bool short_form = strlen(name) == strlen("03:00.0");
	int err;

	if (!b) {
		return err_set(-ENOMEM, "no memory for a bus");
	}
	b->container = b->group = b->device = -1;
	b->bus.ops = &ops;
	b->bus.heap_nbytes = HEAP_NBYTES;
	(void)snprintf(b->function, sizeof(b->function), "%s%s", short_form ? "0000:" : "", name);
	err = check_driver(b);
	err = err ? err : open_group(b);
	err = err ? err : open_device(b);
	err = err ? err : map_registers(b);
	if (err) {
		bus_close(&b->bus);
		return err;
	}
	count_vectors(b);
	*bus = &b->bus;
	return 0;
}
