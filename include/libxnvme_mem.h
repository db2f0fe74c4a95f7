/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Map memory of the caller for I/O. Only a driver in user space needs it; on handles of kernel
 * paths these calls succeed and do nothing.
 */
#ifndef LIBXNVME_MEM_H
#define LIBXNVME_MEM_H

#include <libxnvme_dev.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Maps `nbytes` bytes at `vaddr` for the device, so that commands may use them as buffers. Returns
 * 0 or -errno.
 */
int xnvme_mem_map(const struct xnvme_dev *dev, void *vaddr, size_t nbytes);

/** Unmaps memory; `buf` is the `vaddr` of xnvme_mem_map(). Returns 0 or -errno. */
int xnvme_mem_unmap(const struct xnvme_dev *dev, void *buf);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_MEM_H */
