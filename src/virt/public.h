/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How a struct nvmevirt of libnvmevirt.h comes to be, for the file that sees both banks.
 */
#ifndef VIRT_PUBLIC_H
#define VIRT_PUBLIC_H

#include <libnvmevirt.h>
#include <virt/virt.h>

/* Takes over one open of `virt`, whether it succeeds or not. 0 or -ENOMEM. */
int nvmevirt_from_virt(struct virt *virt, struct nvmevirt **ssd);

/* Set nvmevirt_err_text(); returns `err` */
int nvmevirt_refuse(int err, const char *sentence);

#endif /* VIRT_PUBLIC_H */
