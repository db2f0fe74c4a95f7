/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Errors in one currency: a sentence for "could not start", a status for "ended badly".
 */
#ifndef HOST_ERR_H
#define HOST_ERR_H

#include <libxnvme.h>

/* Set this thread's last-error text (xnvme_err_text()); returns `err` (a negative errno) so that
 * `return err_set(-EINVAL, "...")` reads as one step. Says what went wrong and what to do. */
int err_set(int err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A host-side failure inside a completion: SCT 7 (vendor), SC = errno. The one encoding. */
static inline void
cpl_set_errno(struct xnvme_cmd_ctx *ctx, int err)
{
	ctx->cpl.result = 0;
	ctx->cpl.status.val = 0;
	ctx->cpl.status.sct = XNVME_STATUS_CODE_TYPE_VENDOR;
	ctx->cpl.status.sc = (uint16_t)(err < 0 ? -err : err) & 0xFF;
}

#endif /* HOST_ERR_H */
