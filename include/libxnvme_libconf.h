/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How the library was built. Static data: never fails, any thread.
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

/** The list of what was built in; `entries` ends with NULL */
const struct xnvme_libconf *xnvme_libconf_get(void);

/**
 * Writes the list of this library as YAML to `stream`; `opts` is of enum xnvme_pr. The number of
 * characters, or -errno.
 */
int xnvme_libconf_fpr(FILE *stream, enum xnvme_pr opts);

/** The same to the standard output. */
int xnvme_libconf_pr(enum xnvme_pr opts);

/** As xnvme_libconf_fpr(), of the given list; NULL is printed as such */
int xnvme_libconf_fpr_706(FILE *stream, const struct xnvme_libconf *libconf, enum xnvme_pr opts);

/** The same to the standard output. */
int xnvme_libconf_pr_706(const struct xnvme_libconf *libconf, enum xnvme_pr opts);

#if XNVME_API_VERSION >= 706
#define xnvme_libconf_fpr xnvme_libconf_fpr_706
#define xnvme_libconf_pr xnvme_libconf_pr_706
#endif

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_LIBCONF_H */
