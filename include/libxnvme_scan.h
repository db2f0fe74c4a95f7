/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Find devices from what the operating system tells of them.
 */
#ifndef LIBXNVME_SCAN_H
#define LIBXNVME_SCAN_H

#include <libxnvme_dev.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef int (*xnvme_scan_cb)(const struct xnvme_ident *ident, void *cb_args);

/**
 * Calls `cb_func` for each device of this machine, sorted, until it returns something other than
 * 0; with `sys_uri` only for that one, and when it is a controller for its namespaces. Nothing is
 * opened but namespaces whose command set the operating system does not tell: those are asked,
 * and their csi is 0xFF where this user may not. `opts` is not looked at.
 *
 * Blocks. 0 or -errno.
 */
int xnvme_scan(const char *sys_uri, struct xnvme_opts *opts, xnvme_scan_cb cb_func,
	       void *cb_args);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_SCAN_H */
