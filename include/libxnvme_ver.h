/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The version of the library, by semantic versioning. Any thread.
 *
 *
 */
#ifndef LIBXNVME_VER_H
#define LIBXNVME_VER_H

#include <stdio.h>
#include <libxnvme_base.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Get the major version: it changes with incompatible changes of the API
 *
 * @return The number
 */
int xnvme_ver_major(void);

/**
 * Get the minor version: it changes with additions to the API
 *
 * @return The number
 */
int xnvme_ver_minor(void);

/**
 * Get the patch version: it changes with fixes
 *
 * @return The number
 */
int xnvme_ver_patch(void);

/**
 * Print the version as YAML
 *
 * @param stream Where to print
 * @param opts Output format, a value of enum xnvme_pr
 * @return The number of characters, or -errno
 */
int xnvme_ver_fpr(FILE *stream, int opts);

/** As xnvme_ver_fpr(), to stdout */
int xnvme_ver_pr(int opts);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_VER_H */
