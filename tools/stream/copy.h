/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Copying files: the sub-commands of `xdd`, and copy-* of `xnvme_file`.
 */
#ifndef TOOLS_COPY_H
#define TOOLS_COPY_H

#include "stream.h"

int copy_sub_sync(struct xnvme_cli *cli);
int copy_sub_async(struct xnvme_cli *cli);

#endif /* TOOLS_COPY_H */
