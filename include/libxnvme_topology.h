/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Subsystems, controllers, namespaces: reset, rescan, registers
 *
 * @return 0 or -errno
 * @error ENOTSUP The handle has no controller
 * @error EPERM The user lacks the privilege
 * @error EACCES The user lacks the privilege
 * @error EBADF A reset, and the handle is read-only
 *
 * @note The functions block; any thread.
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

/** Reset the NVM subsystem with all its controllers; NVMe Base 2.0, NVM Subsystem Reset */
int xnvme_subsystem_reset(struct xnvme_dev *dev);

/** Reset the controller; outstanding commands are aborted; NVMe Base 2.0, Controller Reset */
int xnvme_controller_reset(struct xnvme_dev *dev);

/** Make the operating system rescan the controller for added and removed namespaces */
int xnvme_namespace_rescan(struct xnvme_dev *dev);

/**
 * Copy the controller's registers; NVMe Base 2.0, Controller Properties
 *
 * @param bar Filled with the registers
 */
int xnvme_controller_get_registers(struct xnvme_dev *dev, struct xnvme_spec_ctrlr_bar *bar);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_TOPOLOGY_H */
