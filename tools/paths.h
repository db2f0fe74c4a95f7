/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which paths fit a device, and why the others do not: what `xnvme paths` and its demo share.
 */
#ifndef TOOLS_PATHS_H
#define TOOLS_PATHS_H

#include "tool.h"

#define PATHS_ROLE_MEM 0x100 /* beside enum xnvme_be_role: where buffers come from */

/* Open the device with one path named, or the memory, and everything else left to the library; NULL
 * when it does not fit or does not work, and xnvme_err_text() says why */
struct xnvme_dev *paths_open(const char *uri, const struct xnvme_opts *base, const char *path,
			     uint32_t role);

/* Print what the library chose for the device, and every path tried on it */
int paths_list(struct xnvme_cli *cli, const char *uri);

int paths_demo(struct xnvme_cli *cli);

#endif /* TOOLS_PATHS_H */
