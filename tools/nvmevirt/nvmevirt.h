/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The sub-commands of `nvmevirt`. Each family is a file nvmevirt_*.c; their rows are in nvmevirt.c.
 */
#ifndef TOOLS_NVMEVIRT_H
#define TOOLS_NVMEVIRT_H

#include <libnvmevirt.h>

#include "../common/tool.h"

/* preset.c */
int nvmevirt_sub_keys(struct xnvme_cli *cli);
int nvmevirt_sub_presets(struct xnvme_cli *cli);
int nvmevirt_sub_show(struct xnvme_cli *cli);

/* stat.c */
int nvmevirt_sub_stat(struct xnvme_cli *cli);

/* The complete --help text of the sub-commands that parse their arguments themselves, as
 * libxnvme_cli.h requires for sub-commands without a function */
extern const char nvmevirt_calibrate_usage[];
extern const char nvmevirt_oracle_usage[];
extern const char nvmevirt_serve_usage[];
extern const char nvmevirt_sim_usage[];

/* calibrate.c, oracle.c, sim.c; argv[0] is the sub-command */
int nvmevirt_calibrate_main(int argc, char **argv);
int nvmevirt_oracle_main(int argc, char **argv);
int nvmevirt_sim_main(int argc, char **argv);

/* serve.c; argv[0] is the sub-command */
int nvmevirt_serve_main(int argc, char **argv);

/* For those: is `--output json` among the arguments? */
bool nvmevirt_wants_json(int argc, char **argv);

/* The failure of one of those: the sentence on stderr, and with `json` the object that the other
 * sub-commands print. Returns the exit code: 2 with `usage`, which follows the sentence; else 1. */
int nvmevirt_refuse(bool json, const char *sub, const char *usage, int err, const char *format,
		    ...) __attribute__((format(printf, 5, 6)));

/* Report nvmevirt_err_text(); returns `err` */
int nvmevirt_fail(const char *what, int err);

#endif /* TOOLS_NVMEVIRT_H */
