/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory by the machine's own addresses, for controllers whose accesses nothing translates.
 */
#ifndef PATH_PCIE_PHYSICAL_H
#define PATH_PCIE_PHYSICAL_H

#include <stddef.h>
#include <stdint.h>

/* Hugepages that follow each other in the machine's memory, mapped in that order: `least` bytes or
 * more, but no more than `most` (both whole hugepages). The file behind them, or -errno after
 * err_set(). */
int physical_alloc(size_t least, size_t most, void **base, size_t *nbytes);

/* The machine's address of memory that is resident. 0, or -errno after err_set(). */
int physical_address(const void *vaddr, uint64_t *address);

#endif /* PATH_PCIE_PHYSICAL_H */
