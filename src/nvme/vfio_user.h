/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The vfio-user protocol, version 0.1: one definition for the client (path/pcie) and the server
 * (export/vfio_user). The protocol is specified in docs/interop/vfio-user.rst of the QEMU project.
 * All numbers are in the byte order of the machine, on which both ends run.
 */
#ifndef NVME_VFIO_USER_H
#define NVME_VFIO_USER_H

#include <base/assert.h>
#include <env/env.h>

#define VFU_MAJOR 0
#define VFU_MINOR 1
#define VFU_XFER_DEFAULT (1u << 20) /* max_data_xfer_size when none was negotiated */
#define VFU_FDS_MAX 16u		    /* this library's max_msg_fds */
#define VFU_REGIONS 9u
#define VFU_IRQS 5u

enum vfu_command {
	VFU_VERSION = 1,
	VFU_DMA_MAP = 2,
	VFU_DMA_UNMAP = 3,
	VFU_GET_INFO = 4,
	VFU_GET_REGION_INFO = 5,
	VFU_GET_REGION_IO_FDS = 6,
	VFU_GET_IRQ_INFO = 7,
	VFU_SET_IRQS = 8,
	VFU_REGION_READ = 9,
	VFU_REGION_WRITE = 10,
	VFU_DMA_READ = 11,
	VFU_DMA_WRITE = 12,
	VFU_RESET = 13,
	VFU_REGION_WRITE_MULTI = 15,
	VFU_FEATURE = 16,
	VFU_MIG_READ = 17,
	VFU_MIG_WRITE = 18,
};

#define VFU_TYPE_MASK 0xFu
#define VFU_TYPE_COMMAND 0u
#define VFU_TYPE_REPLY 1u
#define VFU_NO_REPLY 0x10u
#define VFU_ERROR 0x20u

struct vfu_header {
	uint16_t id;
	uint16_t command;
	uint32_t nbytes; /* of the whole message */
	uint32_t flags;
	uint32_t error; /* an errno, in replies with VFU_ERROR */
};

struct vfu_version {
	uint16_t major;
	uint16_t minor;
	/* followed by optional JSON text, zero-terminated */
};

#define VFU_DMA_FLAG_READ 1u
#define VFU_DMA_FLAG_WRITE 2u

struct vfu_dma_map {
	uint32_t argsz;
	uint32_t flags;
	uint64_t offset; /* in the file */
	uint64_t addr;
	uint64_t nbytes;
};

#define VFU_UNMAP_ALL 2u

struct vfu_dma_unmap {
	uint32_t argsz;
	uint32_t flags;
	uint64_t addr;
	uint64_t nbytes;
};

#define VFU_DEVICE_RESET 1u
#define VFU_DEVICE_PCI 2u

struct vfu_device_info {
	uint32_t argsz;
	uint32_t flags;
	uint32_t num_regions;
	uint32_t num_irqs;
};

enum vfu_region {
	VFU_REGION_BAR0 = 0,
	VFU_REGION_BAR4 = 4,
	VFU_REGION_BAR5 = 5,
	VFU_REGION_ROM = 6,
	VFU_REGION_CONFIG = 7,
	VFU_REGION_VGA = 8,
};

#define VFU_REGION_FLAG_READ 1u
#define VFU_REGION_FLAG_WRITE 2u
#define VFU_REGION_FLAG_MMAP 4u
#define VFU_REGION_FLAG_CAPS 8u
#define VFU_CAP_SPARSE_MMAP 1u

struct vfu_region_info {
	uint32_t argsz;
	uint32_t flags;
	uint32_t index;
	uint32_t cap_offset;
	uint64_t nbytes;
	uint64_t offset; /* of the region in the file whose descriptor comes with the reply */
};

/* The only capability that is used, with one area */
struct vfu_sparse {
	uint16_t id;
	uint16_t version;
	uint32_t next;
	uint32_t nareas;
	uint32_t reserved;
	uint64_t area_offset;
	uint64_t area_nbytes;
};

struct vfu_region_io_fds {
	uint32_t argsz;
	uint32_t flags;
	uint32_t index;
	uint32_t count;
};

enum vfu_irq {
	VFU_IRQ_INTX = 0,
	VFU_IRQ_MSI = 1,
	VFU_IRQ_MSIX = 2,
	VFU_IRQ_ERR = 3,
	VFU_IRQ_REQ = 4,
};

#define VFU_IRQ_EVENTFD 1u
#define VFU_IRQ_MASKABLE 2u
#define VFU_IRQ_AUTOMASKED 4u
#define VFU_IRQ_NORESIZE 8u

struct vfu_irq_info {
	uint32_t argsz;
	uint32_t flags;
	uint32_t index;
	uint32_t count;
};

#define VFU_SET_NONE 0x01u
#define VFU_SET_BOOL 0x02u
#define VFU_SET_EVENTFD 0x04u
#define VFU_SET_DATA 0x07u
#define VFU_SET_MASK 0x08u
#define VFU_SET_UNMASK 0x10u
#define VFU_SET_TRIGGER 0x20u
#define VFU_SET_ACTION 0x38u

struct vfu_irq_set {
	uint32_t argsz;
	uint32_t flags;
	uint32_t index;
	uint32_t start;
	uint32_t count;
	/* followed by a byte per interrupt (VFU_SET_BOOL) or by descriptors (VFU_SET_EVENTFD) */
};

struct vfu_region_access {
	uint64_t offset;
	uint32_t region;
	uint32_t count;
	/* followed by the data, in writes and in replies to reads */
};

struct vfu_dma_access {
	uint64_t addr;
	uint64_t count;
	/* followed by the data, in writes and in replies to reads */
};

struct vfu_write_multi_entry {
	uint64_t offset;
	uint32_t region;
	uint32_t count; /* at most 8 */
	uint8_t data[8];
};

/* Both ends send these structures as they are in memory */
STATIC_ASSERT(sizeof(struct vfu_header) == 16, "another size on the socket");
STATIC_ASSERT(sizeof(struct vfu_version) == 4, "another size on the socket");
STATIC_ASSERT(sizeof(struct vfu_dma_map) == 32, "another size on the socket");
STATIC_ASSERT(sizeof(struct vfu_dma_unmap) == 24, "another size on the socket");
STATIC_ASSERT(sizeof(struct vfu_device_info) == 16, "another size on the socket");
STATIC_ASSERT(sizeof(struct vfu_region_info) == 32, "another size on the socket");
STATIC_ASSERT(sizeof(struct vfu_sparse) == 32, "another size on the socket");
STATIC_ASSERT(sizeof(struct vfu_region_io_fds) == 16, "another size on the socket");
STATIC_ASSERT(sizeof(struct vfu_irq_info) == 16, "another size on the socket");
STATIC_ASSERT(sizeof(struct vfu_irq_set) == 20, "another size on the socket");
STATIC_ASSERT(sizeof(struct vfu_region_access) == 16, "another size on the socket");
STATIC_ASSERT(sizeof(struct vfu_dma_access) == 16, "another size on the socket");
STATIC_ASSERT(sizeof(struct vfu_write_multi_entry) == 24, "another size on the socket");

#endif /* NVME_VFIO_USER_H */
