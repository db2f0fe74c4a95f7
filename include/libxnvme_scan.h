/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Find devices without opening them.
 */
#ifndef LIBXNVME_SCAN_H
#define LIBXNVME_SCAN_H

#include <libxnvme_dev.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef int (*xnvme_scan_cb)(const struct xnvme_ident *ident, void *cb_args);

/**
 * Calls `cb_func` for each device of this machine, sorted, without opening it; a callback that
 * returns not 0 ends it with that value. `sys_uri` must be NULL (-ENOSYS); `opts` is not looked
 * at. 0 or -errno.
 */
int xnvme_scan(const char *sys_uri, struct xnvme_opts *opts, xnvme_scan_cb cb_func,
	       void *cb_args);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_SCAN_H */
