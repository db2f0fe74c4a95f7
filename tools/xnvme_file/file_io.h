/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The sub-commands of `xnvme_file`.
 */
#ifndef TOOLS_FILE_IO_H
#define TOOLS_FILE_IO_H

#include "../stream/copy.h"

int file_sub_write_read(struct xnvme_cli *cli);
int file_sub_dump_sync(struct xnvme_cli *cli);
int file_sub_dump_sync_iovec(struct xnvme_cli *cli);
int file_sub_dump_async(struct xnvme_cli *cli);
int file_sub_dump_async_iovec(struct xnvme_cli *cli);
int file_sub_load_sync(struct xnvme_cli *cli);
int file_sub_load_async(struct xnvme_cli *cli);

#endif /* TOOLS_FILE_IO_H */
