/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tests which paths support a device, and why the others do not. Shared by `xnvme paths` and its
 * demo.
 */
#ifndef TOOLS_PATHS_H
#define TOOLS_PATHS_H

#include "../common/tool.h"

#define PATHS_ROLE_MEM 0x100 /* in addition to enum xnvme_be_role: the allocator of buffers */

/* Open the device with the given path, or allocator, in one role; the library selects the others.
 * Returns NULL when it is unsupported or fails, and xnvme_err_text() has the reason. */
struct xnvme_dev *paths_open(const char *uri, const struct xnvme_opts *base, const char *path,
			     uint32_t role);

/* Print the library's selection for the device, and the result of each path on it */
int paths_list(struct xnvme_cli *cli, const char *uri);

int paths_demo(struct xnvme_cli *cli);

#endif /* TOOLS_PATHS_H */
