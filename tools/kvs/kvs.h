/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The sub-commands of `kvs`.
 */
#ifndef TOOLS_KVS_H
#define TOOLS_KVS_H

#include "../common/tool.h"

int kvs_sub_enum(struct xnvme_cli *cli);
int kvs_sub_idfy_ns(struct xnvme_cli *cli);
int kvs_sub_retrieve(struct xnvme_cli *cli);
int kvs_sub_store(struct xnvme_cli *cli);
int kvs_sub_delete(struct xnvme_cli *cli);
int kvs_sub_exist(struct xnvme_cli *cli);
int kvs_sub_list(struct xnvme_cli *cli);

#endif /* TOOLS_KVS_H */
