/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The version of the library
 */
#ifndef LIBXNVME_VER_H
#define LIBXNVME_VER_H

#include <stdio.h>
#include <libxnvme_base.h>

#ifdef __cplusplus
extern "C" {
#endif

int xnvme_ver_major(void);

int xnvme_ver_minor(void);

int xnvme_ver_patch(void);

int xnvme_ver_fpr(FILE *stream, int opts);

int xnvme_ver_pr(int opts);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_VER_H */
