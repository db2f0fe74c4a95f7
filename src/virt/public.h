/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Makes a struct nvmevirt of libnvmevirt.h, for path/inproc.c and export/vfio_user/.
 */
#ifndef VIRT_PUBLIC_H
#define VIRT_PUBLIC_H

#include <libnvmevirt.h>
#include <virt/virt.h>

/* The built-in descriptions as nvmevirt_preset_get() returns them: one per row of presets[] */
extern const struct nvmevirt_preset public_presets[];

/* Takes ownership of one open of `virt`, also on failure. Returns 0 or -ENOMEM. */
int public_from_virt(struct virt *virt, struct nvmevirt **ssd);

/* Sets nvmevirt_err_text(); returns `err` */
int public_refuse(int err, const char *sentence);

#endif /* VIRT_PUBLIC_H */
