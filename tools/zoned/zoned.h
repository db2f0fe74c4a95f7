/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The families of sub-commands of `zoned`.
 */
#ifndef TOOLS_ZONED_H
#define TOOLS_ZONED_H

#include "../lblk/lblk.h"

/* info.c */
int zoned_sub_enum(struct xnvme_cli *cli);
int zoned_sub_idfy_ctrlr(struct xnvme_cli *cli);
int zoned_sub_idfy_ns(struct xnvme_cli *cli);
int zoned_sub_changes(struct xnvme_cli *cli);
int zoned_sub_errors(struct xnvme_cli *cli);
int zoned_sub_report(struct xnvme_cli *cli);

/* io.c */
int zoned_sub_append(struct xnvme_cli *cli);
int zoned_sub_mgmt(struct xnvme_cli *cli);
int zoned_sub_mgmt_open(struct xnvme_cli *cli);
int zoned_sub_mgmt_open_zrwa(struct xnvme_cli *cli);
int zoned_sub_mgmt_flush(struct xnvme_cli *cli);
int zoned_sub_mgmt_close(struct xnvme_cli *cli);
int zoned_sub_mgmt_finish(struct xnvme_cli *cli);
int zoned_sub_mgmt_reset(struct xnvme_cli *cli);

#endif /* TOOLS_ZONED_H */
