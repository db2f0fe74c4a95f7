/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What devices does this machine have? Answered from what the operating system publishes, without
 * opening any of them.
 */
#ifndef OS_SCAN_H
#define OS_SCAN_H

#include <libxnvme.h>

/* A list that grows; os_scan_free() releases it */
struct os_scan {
	struct xnvme_ident *idents;
	size_t cnt;
	size_t capacity;
};

/*
 * Appends what there is, in this order, each group sorted with numbers as numbers: per NVMe
 * controller the PCI function (when it has one), the controller, its namespaces (block device,
 * then character device, either of which may be missing); namespaces of multipath subsystems
 * after the last of their controllers; NVMe functions that no kernel driver or another one than
 * nvme holds; other block devices with a medium in them. 0 or -ENOMEM.
 *
 * ident.csi is 0xFF where only the device itself can tell.
 */
int os_scan(struct os_scan *scan);

/* What drives a block device, by the kernel's name of it; "" for a partition */
void os_block_driver(const char *name, char *driver, size_t nbytes);

/* Do commands to the namespace (its URI) go through this controller? To a multipath head they may
 * go through any of several */
bool os_scan_leads_to(const char *ctrlr_uri, const char *namespace_uri);

void os_scan_free(struct os_scan *scan);

#endif /* OS_SCAN_H */
