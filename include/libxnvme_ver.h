/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The version of the library, by semantic versioning. Any thread.
 */
#ifndef LIBXNVME_VER_H
#define LIBXNVME_VER_H

#include <stdio.h>
#include <libxnvme_base.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Returns the major version: it changes with incompatible changes of the API */
int xnvme_ver_major(void);

/** Returns the minor version: it changes with additions to the API */
int xnvme_ver_minor(void);

/** Returns the patch version: it changes with fixes */
int xnvme_ver_patch(void);

/** Prints the version as YAML to `stream`. Returns the number of characters, or -errno. */
int xnvme_ver_fpr(FILE *stream, int opts);

/** As xnvme_ver_fpr(), to stdout */
int xnvme_ver_pr(int opts);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_VER_H */
