/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The version of the library; semantic versioning. Never fails, any thread.
 */
#ifndef LIBXNVME_VER_H
#define LIBXNVME_VER_H

#include <stdio.h>
#include <libxnvme_base.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The first number: changes when programs must be changed */
int xnvme_ver_major(void);

/** The second number: changes when something was added */
int xnvme_ver_minor(void);

/** The third number: changes when something was mended */
int xnvme_ver_patch(void);

/** Writes the version as YAML to `stream`. The number of characters, or -errno. */
int xnvme_ver_fpr(FILE *stream, int opts);

/** The same to the standard output. */
int xnvme_ver_pr(int opts);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_VER_H */
