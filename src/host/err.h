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

/* How often this thread has called err_set(): the same before and after a call that gave no reason
 * for its failure, whose text would be that of something else */
uint64_t err_count(void);

/* For calls that return a pointer: sets errno to `err` and returns NULL. A function that ends with
 * it jumps here, and need not keep anything over a call. */
void *err_null(int err) __attribute__((cold));

/* Status codes that the host half itself answers with, without their type: an SC of 8 bits */
#define HOST_SC(name) (XNVME_SPEC_SC_##name & 0xff)
enum host_sc {
	SC_SUCCESS = HOST_SC(SUCCESS),
	SC_INVALID_OPCODE = HOST_SC(INVALID_OPCODE),
	SC_INVALID_FIELD = HOST_SC(INVALID_FIELD),
	SC_INVALID_NS = HOST_SC(INVALID_NS_OR_FORMAT),
	SC_LBA_OUT_OF_RANGE = HOST_SC(LBA_OUT_OF_RANGE),
	SC_INVALID_LOG_PAGE = HOST_SC(INVALID_LOG_PAGE),             /* command specific */
	SC_FEATURE_NOT_SAVEABLE = HOST_SC(FEATURE_NOT_SAVEABLE),     /* command specific */
	SC_FEATURE_NOT_CHANGEABLE = HOST_SC(FEATURE_NOT_CHANGEABLE), /* command specific */
	SC_COMPARE_FAILURE = HOST_SC(COMPARE_FAILURE),               /* media */
	SC_CMD_SIZE_LIMIT = HOST_SC(SIZE_LIMIT_EXCEEDED),            /* command specific */
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
