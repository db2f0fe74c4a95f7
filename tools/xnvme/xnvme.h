/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The families of sub-commands of `xnvme`, one file each.
 */
#ifndef TOOLS_XNVME_H
#define TOOLS_XNVME_H

#include "../common/tool.h"

/* list.c */
int xnvme_sub_list(struct xnvme_cli *cli);
int xnvme_sub_scan(struct xnvme_cli *cli);
int xnvme_sub_library_info(struct xnvme_cli *cli);

/* idfy.c */
int xnvme_sub_idfy(struct xnvme_cli *cli);
int xnvme_sub_idfy_ns(struct xnvme_cli *cli);
int xnvme_sub_idfy_ctrlr(struct xnvme_cli *cli);
int xnvme_sub_idfy_cs(struct xnvme_cli *cli);

/* log.c */
int xnvme_sub_log(struct xnvme_cli *cli);
int xnvme_sub_log_erri(struct xnvme_cli *cli);
int xnvme_sub_log_health(struct xnvme_cli *cli);
int xnvme_sub_log_sanitize(struct xnvme_cli *cli);

/* fdp.c */
int xnvme_sub_log_fdp_config(struct xnvme_cli *cli);
int xnvme_sub_log_ruhu(struct xnvme_cli *cli);
int xnvme_sub_log_fdp_stats(struct xnvme_cli *cli);
int xnvme_sub_log_fdp_events(struct xnvme_cli *cli);
int xnvme_sub_fdp_ruhs(struct xnvme_cli *cli);
int xnvme_sub_fdp_ruhu(struct xnvme_cli *cli);

/* feat.c */
int xnvme_sub_feature_get(struct xnvme_cli *cli);
int xnvme_sub_feature_set(struct xnvme_cli *cli);
int xnvme_sub_set_fdp_events(struct xnvme_cli *cli);

/* media.c */
int xnvme_sub_format(struct xnvme_cli *cli);
int xnvme_sub_sanitize(struct xnvme_cli *cli);
int xnvme_sub_dsm(struct xnvme_cli *cli);

/* pass.c */
int xnvme_sub_pioc(struct xnvme_cli *cli);
int xnvme_sub_padc(struct xnvme_cli *cli);

/* ctrlr.c */
int xnvme_sub_subsystem_reset(struct xnvme_cli *cli);
int xnvme_sub_ctrlr_reset(struct xnvme_cli *cli);
int xnvme_sub_ns_rescan(struct xnvme_cli *cli);
int xnvme_sub_show_regs(struct xnvme_cli *cli);

/* paths.c */
int xnvme_sub_paths(struct xnvme_cli *cli);

/* doctor.c */
int doctor_sub(struct xnvme_cli *cli);

#endif /* TOOLS_XNVME_H */
