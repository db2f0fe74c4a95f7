/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory by physical address, for controllers without an IOMMU.
 */
#ifndef PATH_PCIE_PHYSICAL_H
#define PATH_PCIE_PHYSICAL_H

#include <stddef.h>
#include <stdint.h>

/* Allocate physically contiguous hugepages, mapped in that order: between `least` and `most` bytes
 * (both whole hugepages). The descriptor of the file behind them, or -errno after err_set(). */
int physical_alloc(size_t least, size_t most, void **base, size_t *nbytes);

/* The physical address of resident memory. 0, or -errno after err_set(). */
int physical_address(const void *vaddr, uint64_t *address);

#endif /* PATH_PCIE_PHYSICAL_H */
