/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lists the devices of this machine from what the operating system publishes, without opening any
 * of them.
 */
#ifndef OS_SCAN_H
#define OS_SCAN_H

#include <libxnvme.h>

/* A growing list; os_scan_free() frees it */
struct os_scan {
	struct xnvme_ident *idents;
	size_t cnt;
	size_t capacity;
};

/*
 * Appends all devices, in this order, each group sorted with numbers as numbers: per NVMe
 * controller the PCI function (when it has one), the controller, its namespaces (block device, then
 * character device, either of which may be missing); namespaces of multipath subsystems after the
 * last of their controllers; NVMe functions bound to no kernel driver or to another one than nvme;
 * other block devices with a medium. Returns 0 or -ENOMEM.
 *
 * ident.csi is 0xFF when only the device itself can report it.
 */
int os_scan(struct os_scan *scan);

/* The driver of a block device, by the kernel's name of it; "" for a partition */
void os_block_driver(const char *name, char *driver, size_t nbytes);

/* Do commands to the namespace (its URI) go through this controller? Also true for each controller
 * of a multipath head. */
bool os_scan_leads_to(const char *ctrlr_uri, const char *namespace_uri);

void os_scan_free(struct os_scan *scan);

#endif /* OS_SCAN_H */
