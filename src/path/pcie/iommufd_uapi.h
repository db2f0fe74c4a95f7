/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The calls that we use, from Linux' include/uapi/linux/iommufd.h (6.2) and vfio.h (6.6): these
 * headers are newer than some supported build systems.
 */
#ifndef PATH_PCIE_IOMMUFD_UAPI_H
#define PATH_PCIE_IOMMUFD_UAPI_H

#include <assert.h>
#include <stdint.h>
#include <sys/ioctl.h>

#define IOMMUFD_CALL(number) _IO(';', number)

/* An I/O address space: the memory that attached devices reach */
struct iommufd_ioas_alloc {
	uint32_t size;
	uint32_t flags; /* 0 */
	uint32_t ioas_id;
};
static_assert(sizeof(struct iommufd_ioas_alloc) == 12, "IOMMU_IOAS_ALLOC");
#define IOMMUFD_IOAS_ALLOC IOMMUFD_CALL(0x81)

struct iommufd_range {
	uint64_t start;
	uint64_t last; /* inclusive */
};
static_assert(sizeof(struct iommufd_range) == 16, "struct iommu_iova_range");

/* Fails with EMSGSIZE and the required num_iovas when the array is too small */
struct iommufd_ioas_ranges {
	uint32_t size;
	uint32_t ioas_id;
	uint32_t num_iovas;
	uint32_t reserved;
	uint64_t ranges; /* address of struct iommufd_range[num_iovas] */
	uint64_t alignment;
};
static_assert(sizeof(struct iommufd_ioas_ranges) == 32, "IOMMU_IOAS_IOVA_RANGES");
#define IOMMUFD_IOAS_RANGES IOMMUFD_CALL(0x84)

#define IOMMUFD_MAP_FIXED_IOVA 1u
#define IOMMUFD_MAP_WRITEABLE 2u
#define IOMMUFD_MAP_READABLE 4u

struct iommufd_ioas_map {
	uint32_t size;
	uint32_t flags;
	uint32_t ioas_id;
	uint32_t reserved;
	uint64_t user_va;
	uint64_t length;
	uint64_t iova;
};
static_assert(sizeof(struct iommufd_ioas_map) == 40, "IOMMU_IOAS_MAP");
#define IOMMUFD_IOAS_MAP IOMMUFD_CALL(0x85)

struct iommufd_ioas_unmap {
	uint32_t size;
	uint32_t ioas_id;
	uint64_t iova;
	uint64_t length; /* in: of the range; out: number of bytes unmapped */
};
static_assert(sizeof(struct iommufd_ioas_unmap) == 24, "IOMMU_IOAS_UNMAP");
#define IOMMUFD_IOAS_UNMAP IOMMUFD_CALL(0x86)

/* Calls of VFIO, on the descriptor of the device */
struct vfio_bind_iommufd {
	uint32_t argsz;
	uint32_t flags; /* 0 */
	int32_t iommufd;
	uint32_t devid; /* out */
};
static_assert(sizeof(struct vfio_bind_iommufd) == 16, "VFIO_DEVICE_BIND_IOMMUFD");
#define VFIO_BIND_IOMMUFD IOMMUFD_CALL(118)

struct vfio_attach_ioas {
	uint32_t argsz;
	uint32_t flags; /* 0 */
	uint32_t ioas_id;
};
static_assert(sizeof(struct vfio_attach_ioas) == 12, "VFIO_DEVICE_ATTACH_IOMMUFD_PT");
#define VFIO_ATTACH_IOAS IOMMUFD_CALL(119)

#endif /* PATH_PCIE_IOMMUFD_UAPI_H */
