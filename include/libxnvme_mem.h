/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Map memory of the caller for I/O. Only a driver in user space needs it; on handles of kernel
 * paths these calls succeed and do nothing.
 *
 * @return 0 or -errno
 */
#ifndef LIBXNVME_MEM_H
#define LIBXNVME_MEM_H

#include <libxnvme_dev.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Map memory of the caller for the device, so that commands may use it as a buffer
 *
 * May block. Any thread.
 *
 * @param vaddr Start of the memory, page aligned; it stays owned by the caller and valid until
 *   xnvme_mem_unmap()
 * @param nbytes Bytes to map, a multiple of the page size
 * @error EINVAL `nbytes` is 0, or the memory is not made of whole pages
 * @error ENOTSUP The driver runs without an IOMMU: allocate with xnvme_buf_alloc()
 */
int xnvme_mem_map(const struct xnvme_dev *dev, void *vaddr, size_t nbytes);

/**
 * Unmap memory of xnvme_mem_map()
 *
 * Commands that use it must be complete. May block. Any thread.
 *
 * @param buf The `vaddr` of xnvme_mem_map()
 * @error EINVAL `buf` was not mapped by xnvme_mem_map()
 */
int xnvme_mem_unmap(const struct xnvme_dev *dev, void *buf);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_MEM_H */
