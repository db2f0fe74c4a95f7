/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Regions: BAR0 with registers and doorbells, BAR4 the MSI-X table, BAR5 its pending bits, and
 * configuration space.
 */
#include <errno.h>
#include <string.h>
#include <export/vfio_user/server.h>
#include <nvme/regs.h>

#define DEVICE_ID 0x0001
#define CLASS_NVME 0x010802u
#define CAP_PM 0x40u
#define CAP_PCIE 0x50u
#define CAP_MSIX 0x90u
#define COMMAND 4u
#define COMMAND_BUS_MASTER 0x0004u
#define COMMAND_INTX_DISABLE 0x0400u
#define PCI_STATUS 6u
#define PCI_STATUS_INTX 0x08u
#define PCI_STATUS_CAPABILITIES 0x10u
#define COMMAND_WRITABLE 0x0546u /* memory, bus master, parity, SERR, interrupt disable */
#define DEVCTL_FLR 0x8000u
#define MSIX_ENABLE 0x8000u
#define MSIX_MASK_ALL 0x4000u

static uint64_t
power_of_two_above(uint64_t n)
{
	uint64_t power = 4096;

	ASSERT(n <= 1ull << 32); /* registers have offsets of 32 bits */
	while (power < n) {
		power *= 2;
	}
	return power;
}

static uint64_t
region_nbytes(const struct device *device, uint32_t index)
{
	switch (index) {
	case VFU_REGION_BAR0:
		return power_of_two_above(REG_DOORBELLS + device->pv.doorbells_nbytes);
	case VFU_REGION_BAR4:
		return power_of_two_above(16ull * device->irqs.nvectors);
	case VFU_REGION_BAR5:
		return 4096;
	case VFU_REGION_CONFIG:
		return CONFIG_NBYTES;
	default:
		return 0;
	}
}

/* ---- configuration space (PCI Express Base 4.0, chapter 7) ---- */

static void
put(uint8_t *at, uint64_t value, uint32_t nbytes)
{
	ASSERT(nbytes <= sizeof(value));
	for (uint32_t i = 0; i < nbytes; ++i) {
		at[i] = (uint8_t)(value >> 8 * i);
	}
}

static void
put_bar(struct device *device, uint32_t offset, uint32_t region, bool wide)
{
	uint64_t mask = ~(region_nbytes(device, region) - 1);

	ASSERT((region_nbytes(device, region) & ~mask) == 0); /* a power of two */
	ASSERT(wide || mask >> 31 == UINT64_MAX >> 31);
	put(device->config + offset, wide ? 4 : 0, 4); /* memory, 64 or 32 bits wide */
	put(device->config_mask + offset, mask, wide ? 8 : 4);
}

static void
put_capabilities(uint8_t *c, uint8_t *mask, uint32_t nvectors)
{
	ASSERT(nvectors > 0 && nvectors <= VECTORS_MAX); /* the table's size has 11 bits */
	c[0x34] = CAP_PM;
	put(c + CAP_PM, 0x01u | CAP_PCIE << 8 | 3u << 16 /* version 3 */, 4);
	put(mask + CAP_PM + 4, 0x0003, 2); /* power state */
	put(c + CAP_PM + 4, 0x0008, 2);    /* no soft reset */
	put(c + CAP_PCIE, 0x10u | CAP_MSIX << 8 | 2u << 16 /* version 2, endpoint */, 4);
	put(c + CAP_PCIE + 4, 1u << 28 | 1u << 15, 4); /* function-level reset, role-based errors */
	put(mask + CAP_PCIE + 8, 0x7FFF, 2);
	put(c + CAP_PCIE + 12, 0x00000411, 4); /* link: x1, 2.5 GT/s, ASPM none */
	put(c + CAP_PCIE + 18, 0x0011, 2);
	put(c + CAP_MSIX, 0x11u | (nvectors - 1) << 16, 4);
	put(mask + CAP_MSIX + 2, MSIX_ENABLE | MSIX_MASK_ALL, 2);
	put(c + CAP_MSIX + 4, VFU_REGION_BAR4, 4);
	put(c + CAP_MSIX + 8, VFU_REGION_BAR5, 4);
}

/* Apply the command register and MSI-X control to the function. The masks of single vectors are in
 * a table that clients do not pass on. */
static void
config_obey(struct device *device)
{
	const uint32_t msix = MSIX_ENABLE | MSIX_MASK_ALL;

	device_check(device);
	pci_virt_bus_master(&device->pv, device->config[COMMAND] & COMMAND_BUS_MASTER);
	irq_pin_allow(&device->irqs, !(device->config[COMMAND + 1] & COMMAND_INTX_DISABLE >> 8));
	irq_messages_allow(&device->irqs,
			   (device->config[CAP_MSIX + 3] & msix >> 8) == MSIX_ENABLE >> 8);
}

void
config_init(struct device *device)
{
	const struct ssd_config *ssd = &virt_spec_of(device->pv.virt)->config;
	uint8_t *c = device->config, *mask = device->config_mask;

	device_check(device);
	ASSERT(region_nbytes(device, VFU_REGION_BAR4) <= VECTORS_MAX * 16);
	memset(c, 0, CONFIG_NBYTES);
	memset(mask, 0, CONFIG_NBYTES);
	memset(device->table, 0, region_nbytes(device, VFU_REGION_BAR4));
	put(c, ssd->vid, 2);
	put(c + 2, DEVICE_ID, 2);
	put(mask + COMMAND, COMMAND_WRITABLE, 2);
	put(c + PCI_STATUS, PCI_STATUS_CAPABILITIES, 2);
	put(c + 8, (uint64_t)CLASS_NVME << 8, 4);
	mask[0x0C] = 0xFF; /* cache line size */
	put_bar(device, 0x10, VFU_REGION_BAR0, true);
	put_bar(device, 0x20, VFU_REGION_BAR4, false);
	put_bar(device, 0x24, VFU_REGION_BAR5, false);
	put(c + 0x2C, ssd->ssvid, 2);
	put(c + 0x2E, DEVICE_ID, 2);
	mask[0x3C] = 0xFF; /* interrupt line */
	c[0x3D] = 1;       /* pin A */
	put_capabilities(c, mask, device->irqs.nvectors);
	irq_messages_forget(&device->irqs);
	config_obey(device);
}

static void
config_write(struct device *device, uint32_t offset, const uint8_t *data, uint32_t nbytes)
{
	ASSERT(nbytes <= CONFIG_NBYTES && offset <= CONFIG_NBYTES - nbytes);
	for (uint32_t i = 0; i < nbytes; ++i) {
		uint8_t mask = device->config_mask[offset + i];

		device->config[offset + i] =
			(uint8_t)((device->config[offset + i] & ~mask) | (data[i] & mask));
		if (offset + i == CAP_PCIE + 9 && (data[i] & DEVCTL_FLR >> 8)) {
			pci_virt_reset(&device->pv);
			config_init(device);
			return;
		}
	}
	config_obey(device);
}

/* ---- access ---- */

/* An access that check_access() accepted */
static inline void
access_check(const struct device *device, const struct vfu_region_access *a)
{
	ASSERT(a->region < VFU_REGIONS && a->count > 0 && a->count <= VFU_XFER_DEFAULT);
	ASSERT(a->offset + a->count <= region_nbytes(device, a->region));
	device_check(device);
}

static void
access_read(struct device *device, const struct vfu_region_access *a, uint8_t *data)
{
	uint32_t offset = (uint32_t)a->offset;

	access_check(device, a);
	memset(data, 0, a->count);
	switch (a->region) {
	case VFU_REGION_BAR0:
		pci_virt_read(&device->pv, offset, data, a->count);
		break;
	case VFU_REGION_BAR4:
		memcpy(data, device->table + offset, a->count);
		break;
	case VFU_REGION_CONFIG:
		put(device->config + PCI_STATUS,
		    PCI_STATUS_CAPABILITIES | (device->irqs.intx_level ? PCI_STATUS_INTX : 0), 1);
		memcpy(data, device->config + offset, a->count);
		break;
	default: /* BAR5: no interrupt is ever pending */
		break;
	}
}

static void
access_write(struct device *device, const struct vfu_region_access *a, const uint8_t *data)
{
	uint32_t offset = (uint32_t)a->offset;

	access_check(device, a);
	switch (a->region) {
	case VFU_REGION_BAR0:
		pci_virt_write(&device->pv, offset, data, a->count);
		break;
	case VFU_REGION_BAR4:
		memcpy(device->table + offset, data, a->count);
		break;
	case VFU_REGION_CONFIG:
		config_write(device, offset, data, a->count);
		break;
	default:
		break;
	}
}

/* Check that the access at the start of the payload is within its region */
static uint32_t
check_access(const struct device *device, const struct terms *terms,
	     const struct vfu_region_access *a)
{
	uint64_t end = a->region < VFU_REGIONS ? region_nbytes(device, a->region) : 0;

	terms_check(terms);
	return a->count == 0 || a->count > terms->xfer_max || a->offset > end ||
			       a->count > end - a->offset
		       ? EINVAL
		       : 0;
}

uint32_t
region_read(struct device *device, const struct terms *terms, const struct message *in,
	    struct reply *out)
{
	struct vfu_region_access a;

	message_whole_check(in);
	reply_check(out);
	if (in->nbytes < sizeof(a)) {
		return EINVAL;
	}
	memcpy(&a, in->payload, sizeof(a));
	if (check_access(device, terms, &a)) {
		return EINVAL;
	}
	memcpy(out->payload, &a, sizeof(a));
	access_read(device, &a, out->payload + sizeof(a));
	out->nbytes = (uint32_t)sizeof(a) + a.count;
	reply_check(out);
	return 0;
}

uint32_t
region_write(struct device *device, const struct terms *terms, const struct message *in,
	     struct reply *out)
{
	struct vfu_region_access a;

	message_whole_check(in);
	reply_check(out);
	if (in->nbytes < sizeof(a)) {
		return EINVAL;
	}
	memcpy(&a, in->payload, sizeof(a));
	if (check_access(device, terms, &a) || in->nbytes - sizeof(a) != a.count) {
		return EINVAL;
	}
	access_write(device, &a, in->payload + sizeof(a));
	memcpy(out->payload, &a, sizeof(a));
	out->nbytes = sizeof(a);
	return 0;
}

uint32_t
region_write_multi(struct device *device, const struct terms *terms, const struct message *in,
		   struct reply *out)
{
	struct vfu_write_multi_entry e;
	uint64_t count;

	message_whole_check(in);
	reply_check(out);
	if (in->nbytes < sizeof(count)) {
		return EINVAL;
	}
	memcpy(&count, in->payload, sizeof(count));
	if (count > (in->nbytes - sizeof(count)) / sizeof(e) ||
	    count * sizeof(e) != in->nbytes - sizeof(count)) {
		return EINVAL;
	}
	for (uint32_t doing = 0; doing < 2; ++doing) { /* validate all before the first write */
		for (uint64_t i = 0; i < count; ++i) {
			struct vfu_region_access a;

			memcpy(&e, in->payload + sizeof(count) + i * sizeof(e), sizeof(e));
			a = (struct vfu_region_access){e.offset, e.region, e.count};
			if (e.count > sizeof(e.data) || check_access(device, terms, &a)) {
				return EINVAL;
			}
			if (doing) {
				access_write(device, &a, e.data);
			}
		}
	}
	memcpy(out->payload, &count, sizeof(count));
	out->nbytes = sizeof(count);
	return 0;
}

/* ---- description of the regions ---- */

/* Where the server polls, the client may map the doorbells: one area, one descriptor */
uint32_t
region_info(const struct device *device, bool mapped, const struct message *in,
	    struct reply *out)
{
	struct vfu_region_info info;

	message_whole_check(in);
	reply_check(out);
	if (in->nbytes < sizeof(info)) {
		return EINVAL;
	}
	memcpy(&info, in->payload, sizeof(info));
	if (info.argsz < sizeof(info) || info.index >= VFU_REGIONS) {
		return EINVAL;
	}
	mapped = mapped && info.index == VFU_REGION_BAR0;
	const struct vfu_sparse sparse = {.id = VFU_CAP_SPARSE_MMAP,
					  .version = 1,
					  .nareas = 1,
					  .area_offset = REG_DOORBELLS,
					  .area_nbytes = device->pv.doorbells_nbytes};
	uint32_t needed = (uint32_t)(sizeof(info) + (mapped ? sizeof(sparse) : 0));
	bool fits = info.argsz >= needed;

	info = (struct vfu_region_info){
		.argsz = needed, .index = info.index, .nbytes = region_nbytes(device, info.index)};
	info.flags = info.nbytes ? VFU_REGION_FLAG_READ | VFU_REGION_FLAG_WRITE : 0;
	out->nbytes = sizeof(info);
	if (mapped) {
		info.flags |= VFU_REGION_FLAG_MMAP | VFU_REGION_FLAG_CAPS;
		/* reported even when it does not fit: QEMU refuses a capability without an offset
		 * before it checks argsz */
		info.cap_offset = sizeof(info);
		if (fits) {
			memcpy(out->payload + sizeof(info), &sparse, sizeof(sparse));
			out->nbytes = needed;
			out->fd = device->pv.doorbells_fd;
		}
	}
	memcpy(out->payload, &info, sizeof(info));
	return 0;
}

/* No sub-region has its own descriptor: an ioeventfd signals that a doorbell was written but not
 * the value, which is stored nowhere else until a driver has set up shadow doorbells */
uint32_t
region_io_fds(const struct message *in, struct reply *out)
{
	struct vfu_region_io_fds fds;

	message_whole_check(in);
	reply_check(out);
	if (in->nbytes < sizeof(fds)) {
		return EINVAL;
	}
	memcpy(&fds, in->payload, sizeof(fds));
	if (fds.argsz < sizeof(fds) || fds.index >= VFU_REGIONS || fds.flags) {
		return EINVAL;
	}
	fds.argsz = sizeof(fds);
	fds.count = 0;
	memcpy(out->payload, &fds, sizeof(fds));
	out->nbytes = sizeof(fds);
	return 0;
}
