/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Find devices from the information of the operating system.
 *
 *
 */
#ifndef LIBXNVME_SCAN_H
#define LIBXNVME_SCAN_H

#include <libxnvme_dev.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Called by xnvme_scan() for each device; `ident` is valid during the call; not 0 ends the scan */
typedef int (*xnvme_scan_cb)(const struct xnvme_ident *ident, void *cb_args);

/**
 * Call a function for each device of this machine, sorted, until it returns a value other than 0
 *
 * It opens only namespaces whose command set the operating system does not report; csi is 0xFF
 * where the user lacks the permission. Blocks; any thread.
 *
 * @param sys_uri NULL, or the only device; when that is a controller, its namespaces too
 * @param opts Ignored
 * @param cb_func Called on this thread; its identity is valid during the call
 * @param cb_args Passed to `cb_func`
 * @return 0 or -errno
 */
int xnvme_scan(const char *sys_uri, struct xnvme_opts *opts, xnvme_scan_cb cb_func,
	       void *cb_args);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_SCAN_H */
