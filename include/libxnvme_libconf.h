/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Build configuration of the library. Static data: any thread.
 *
 *
 */
#ifndef LIBXNVME_LIBCONF_H
#define LIBXNVME_LIBCONF_H

#include <stdio.h>
#include <libxnvme_base.h>
#include <libxnvme_pp.h>

#ifdef __cplusplus
extern "C" {
#endif

struct xnvme_libconf {
	const char **entries;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_libconf) == 8, "incorrect size")

/**
 * Get the list of compiled-in components
 *
 * @return The list, static; `entries` ends with NULL
 */
const struct xnvme_libconf *xnvme_libconf_get(void);

/**
 * Print the list of this library as YAML
 *
 * @return The number of characters, or -errno
 */
int xnvme_libconf_fpr(FILE *stream, enum xnvme_pr opts);

/** As xnvme_libconf_fpr(), to stdout */
int xnvme_libconf_pr(enum xnvme_pr opts);

/**
 * As xnvme_libconf_fpr(), for a given list
 *
 * @param libconf The list; NULL prints as YAML's null
 */
int xnvme_libconf_fpr_706(FILE *stream, const struct xnvme_libconf *libconf, enum xnvme_pr opts);

/** As xnvme_libconf_fpr_706(), to stdout */
int xnvme_libconf_pr_706(const struct xnvme_libconf *libconf, enum xnvme_pr opts);

#if XNVME_API_VERSION >= 706
#define xnvme_libconf_fpr xnvme_libconf_fpr_706
#define xnvme_libconf_pr xnvme_libconf_pr_706
#endif

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_LIBCONF_H */
