/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory that the caller owns and the device may touch
 */
#ifndef LIBXNVME_MEM_H
#define LIBXNVME_MEM_H

#include <libxnvme_dev.h>

#ifdef __cplusplus
extern "C" {
#endif

int xnvme_mem_map(const struct xnvme_dev *dev, void *vaddr, size_t nbytes);

int xnvme_mem_unmap(const struct xnvme_dev *dev, void *buf);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_MEM_H */
