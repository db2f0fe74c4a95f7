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

/* Status codes that the host half itself answers with. NVMe Base 2.0, 4.2.3 (figures 94, 96) and
 * NVM Command Set 1.0, 4.1.x for the ones of reads and writes */
enum host_sc {
	SC_SUCCESS = 0x00,
	SC_INVALID_OPCODE = 0x01,
	SC_INVALID_FIELD = 0x02,
	SC_INVALID_NS = 0x0B,
	SC_LBA_OUT_OF_RANGE = 0x80,
	SC_INVALID_LOG_PAGE = 0x09,   /* command specific */
	SC_FEATURE_NOT_SAVEABLE = 0x0D, /* command specific */
	SC_FEATURE_NOT_CHANGEABLE = 0x0E, /* command specific */
	SC_COMPARE_FAILURE = 0x85,    /* media */
	SC_CMD_SIZE_LIMIT = 0x83,     /* command specific: Command Size Limit Exceeded */
};

/* The controller's answer in a completion: a status that another attempt would not change (DNR) */
static inline int
cpl_set_status(struct xnvme_cmd_ctx *ctx, uint8_t sct, uint8_t sc)
{
	ctx->cpl.result = 0;
	ctx->cpl.status.val = 0;
	ctx->cpl.status.sct = (unsigned char)(sct & 0x7);
	ctx->cpl.status.sc = sc;
	ctx->cpl.status.dnr = 1;
	return -5; /* -EIO: what a call returns when the completion holds an error */
}

/* A host-side failure inside a completion: SCT 7 (vendor), SC = errno. The one encoding. */
static inline int
cpl_set_errno(struct xnvme_cmd_ctx *ctx, int err)
{
	ctx->cpl.result = 0;
	ctx->cpl.status.val = 0;
	ctx->cpl.status.sct = XNVME_STATUS_CODE_TYPE_VENDOR;
	ctx->cpl.status.sc = (unsigned char)((err < 0 ? -err : err) & 0xFF);
	return err < 0 ? err : -err;
}

#endif /* HOST_ERR_H */
