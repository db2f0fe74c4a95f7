/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A PCI function bound to VFIO: registers, interrupts, reset, and the choice of the kernel
 * interface (vfio.h) that opens it and maps its memory. Behind an IOMMU the function reaches mapped
 * memory only; without one it reaches all memory, so that requires an explicit option.
 */
#include <errno.h>
#include <fcntl.h>
#include <host/err.h>
#include <limits.h>
#include <linux/vfio.h>
#include <nvme/regs.h>
#include <path/pcie/vfio.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define VECTORS_MAX 65u         /* one for the admin queue, 64 for I/O queues */
#define HEAP_NBYTES (64u << 20) /* all of it is pinned */
#define COMMAND_OFFSET 4u       /* in configuration space */
#define COMMAND_ENABLE 0x406u   /* memory, bus master, and never the pin (Interrupt Disable) */
#define IOMMU_KEY ",iommu="

static struct vfio_bus *
vfio_of(struct bus *bus)
{
	return (struct vfio_bus *)bus;
}

/* ---- the bus ---- */

/* The function is being unplugged or rebound to another driver: the kernel waits until it is
 * closed. For the user that is the same as its removal. */
static bool
is_wanted_back(const struct vfio_bus *b)
{
	struct pollfd event = {.fd = b->wanted_back, .events = POLLIN};

	return b->wanted_back >= 0 && poll(&event, 1, 0) > 0;
}

static int
bus_read(struct bus *bus, uint32_t offset, void *data, uint32_t nbytes)
{
	const uint8_t *at = vfio_of(bus)->bar + offset;

	if (offset == REG_CSTS && is_wanted_back(vfio_of(bus))) {
		return -ENODEV;
	}
	if (nbytes == 8) { /* two words: some controllers do not support accesses of eight bytes */
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
	bus_write_barrier();
	for (uint32_t i = 0; i < nbytes / 4; ++i) {
		*(volatile uint32_t *)(void *)(at + 4ull * i) = words[i];
	}
	return 0;
}

static int
bus_map(struct bus *bus, const struct dma_region *region)
{
	int err = vfio_of(bus)->way->map(vfio_of(bus), region);

	return err ? err_set(err, "the IOMMU does not map %zu bytes: %s%s", region->nbytes,
			     strerror(-err),
			     err == -ENOMEM ? "; raise the limit of locked memory (ulimit -l)" : "")
		   : 0;
}

static int
bus_unmap(struct bus *bus, uint64_t iova, size_t nbytes)
{
	int err = vfio_of(bus)->way->unmap(vfio_of(bus), iova, nbytes);

	return err ? err_set(err, "the IOMMU does not unmap: %s", strerror(-err)) : 0;
}

static int
set_events(const struct vfio_bus *b, uint32_t index, uint32_t start, uint32_t count,
	   const int *events)
{
	_Alignas(struct vfio_irq_set)
		uint8_t buf[sizeof(struct vfio_irq_set) + VECTORS_MAX * sizeof(int)];
	struct vfio_irq_set *set = (void *)buf;

	*set = (struct vfio_irq_set){.argsz = (uint32_t)(sizeof(*set) + count * sizeof(int)),
				     .flags = VFIO_IRQ_SET_DATA_EVENTFD |
					      VFIO_IRQ_SET_ACTION_TRIGGER,
				     .index = index,
				     .start = start,
				     .count = count};
	memcpy(buf + sizeof(*set), events, count * sizeof(int));
	return ioctl(b->device, VFIO_DEVICE_SET_IRQS, set)
		       ? err_set(-errno, "%s: no interrupt: %s", b->function, strerror(errno))
		       : 0;
}

/* The first call allocates all vectors: before Linux 6.4 their number cannot grow later */
static int
bus_vector(struct bus *bus, uint32_t vector, int event)
{
	struct vfio_bus *b = vfio_of(bus);
	int none[VECTORS_MAX];

	if (!b->vectors_made) {
		int err;

		memset(none, 0xFF, sizeof(none)); /* -1: no descriptor */
		err = set_events(b, VFIO_PCI_MSIX_IRQ_INDEX, 0, bus->vectors, none);
		if (err) {
			return err;
		}
		b->vectors_made = true;
	}
	return set_events(b, VFIO_PCI_MSIX_IRQ_INDEX, vector, 1, &event);
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
	if (b->wanted_back >= 0) {
		(void)close(b->wanted_back);
	}
	if (b->group >= 0) {
		(void)close(b->group);
	}
	if (b->iommu >= 0) {
		(void)close(b->iommu);
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

/* ---- opening the function ---- */

int
vfio_link(const struct vfio_bus *b, const char *link, char *name, size_t nbytes)
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
	if (vfio_link(b, "driver", driver, sizeof(driver))) {
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

/* Choose the interface from what the system offers; working without an IOMMU requires a request */
static int
choose_way(struct vfio_bus *b, const char *access)
{
	static const struct vfio_way *const ways[] = {&vfio_by_iommufd, &vfio_by_group,
						      &vfio_without_iommu};
	char group[16];
	bool isolated = false, grouped = !vfio_group_name(b, group, sizeof(group), &isolated);

	b->way = access ? NULL : vfio_has_iommufd(b) ? &vfio_by_iommufd : &vfio_by_group;
	for (size_t i = 0; access && i < sizeof(ways) / sizeof(ways[0]); ++i) {
		b->way = strcmp(access, ways[i]->name) ? b->way : ways[i];
	}
	if (!b->way) {
		return err_set(-EINVAL, "iommu=%s: write iommu=iommufd, iommu=group or iommu=none",
			       access);
	}
	if (isolated && b->way == &vfio_without_iommu) {
		return err_set(-EINVAL, "%s is behind an IOMMU: leave iommu=none away",
			       b->function);
	}
	if (!isolated && (b->way != &vfio_without_iommu || !grouped)) {
		return err_set(-ENODEV,
			       "%s is behind no IOMMU, so that nothing would keep it from any "
			       "memory of this machine; switch it on (firmware settings, and "
			       "intel_iommu=on for the kernel). Where that cannot be: "
			       "xnvme-driver bind --no-iommu %s, and open %s,iommu=none",
			       b->function, b->function, b->function);
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

/* Ask the kernel for an event when it needs the function back; if unsupported, the kernel waits
 * without notice */
static void
watch(struct vfio_bus *b)
{
	struct vfio_irq_info irq = {.argsz = sizeof(irq), .index = VFIO_PCI_REQ_IRQ_INDEX};
	int event;

	if (ioctl(b->device, VFIO_DEVICE_GET_IRQ_INFO, &irq) || irq.count == 0) {
		return;
	}
	event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (event >= 0 && set_events(b, VFIO_PCI_REQ_IRQ_INDEX, 0, 1, &event)) {
		(void)close(event);
		event = -1;
	}
	b->wanted_back = event;
}

/* FUNCTION or FUNCTION,iommu=WAY */
static int
open_function(struct vfio_bus *b, const char *name)
{
	const char *comma = strchr(name, ',');
	size_t nbytes = comma ? (size_t)(comma - name) : strlen(name);
	int err;

	if (comma && strncmp(comma, IOMMU_KEY, strlen(IOMMU_KEY)) != 0) {
		return err_set(-EINVAL, "'%s': behind a PCI function only iommu=WAY can stand",
			       name);
	}
	(void)snprintf(b->function, sizeof(b->function), "%.*s", (int)nbytes, name);
	err = check_driver(b);
	err = err ? err : choose_way(b, comma ? comma + strlen(IOMMU_KEY) : NULL);
	err = err ? err : b->way->open(b);
	return err ? err : map_registers(b);
}

int
bus_vfio_open(const char *name, uint64_t timeout_ns, bool read_only, struct bus **bus)
{
	(void)timeout_ns; /* unused: the kernel answers */
	(void)read_only;  /* the device has its state */
	struct vfio_bus *b = calloc(1, sizeof(*b));
	int err;

	if (!b) {
		return err_set(-ENOMEM, "no memory for a bus");
	}
	b->iommu = b->group = b->device = b->wanted_back = -1;
	b->bus.ops = &ops;
	b->bus.heap_nbytes = HEAP_NBYTES;
	err = open_function(b, name);
	if (err) {
		bus_close(&b->bus);
		return err;
	}
	b->bus.access = b->way->bus;
	count_vectors(b);
	watch(b);
	*bus = &b->bus;
	return 0;
}
