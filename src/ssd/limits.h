/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sizes and limits that do not depend on the configuration.
 */
#ifndef SSD_LIMITS_H
#define SSD_LIMITS_H

#include <libxnvme_spec.h>

#define PAGE_NBYTES 4096u
#define SECTOR_NBYTES 512u
#define SECTOR_SHIFT 9
#define BLOCK_NBYTES_MAX 4096u
#define META_NBYTES_MAX 64u
#define NSID_ALL XNVME_SPEC_NSID_ALL
#define EXTENT_NBYTES (1ULL << 20) /* namespaces start and end on whole MiB of capacity */

#endif /* SSD_LIMITS_H */
