/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Subsystems, controllers, namespaces: reset, rescan, registers. The functions block; any thread.
 * They return 0 or -errno: -ENOTSUP when the handle has no controller, -EPERM or -EACCES without
 * the privilege.
 */
#ifndef LIBXNVME_TOPOLOGY_H
#define LIBXNVME_TOPOLOGY_H

#include <libxnvme_dev.h>

#ifdef __cplusplus
extern "C" {
#endif

struct xnvme_subsystem {
	struct xnvme_dev *dev;
	struct xnvme_dev *controllers;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_subsystem) == 16, "incorrect size")

struct xnvme_controller {
	struct xnvme_dev *dev;
	struct xnvme_dev *namespaces;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_controller) == 16, "incorrect size")

struct xnvme_namespace {
	struct xnvme_dev *dev;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_namespace) == 8, "incorrect size")

/** Resets the NVM subsystem with all its controllers */
int xnvme_subsystem_reset(struct xnvme_dev *dev);

/** Resets the controller; outstanding commands are aborted */
int xnvme_controller_reset(struct xnvme_dev *dev);

/** Makes the operating system rescan the controller for added and removed namespaces */
int xnvme_namespace_rescan(struct xnvme_dev *dev);

/** Copies the controller's registers (NVMe Base 2.0, Controller Properties) */
int xnvme_controller_get_registers(struct xnvme_dev *dev, struct xnvme_spec_ctrlr_bar *bar);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_TOPOLOGY_H */
