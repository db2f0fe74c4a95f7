/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory that the caller owns and the device may touch. Handles of the kernel's paths need no
 * mapping: there these calls succeed and do nothing.
 */
#ifndef LIBXNVME_MEM_H
#define LIBXNVME_MEM_H

#include <libxnvme_dev.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes `nbytes` bytes at `vaddr` known to the device, so that commands may use them. 0 or
 * -errno.
 */
int xnvme_mem_map(const struct xnvme_dev *dev, void *vaddr, size_t nbytes);

/** Takes back what xnvme_mem_map() was called with for `buf`. 0 or -errno. */
int xnvme_mem_unmap(const struct xnvme_dev *dev, void *buf);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_MEM_H */
