/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Error reporting: a command or call that could not start sets the error text and returns -errno; a
 * command that has failed has a status in its completion.
 */
#ifndef HOST_ERR_H
#define HOST_ERR_H

#include <base/assert.h>
#include <libxnvme.h>

/* Sets this thread's error text (xnvme_err_text()) and returns `err` (a negative errno), for
 * `return err_set(-EINVAL, "...")`. The text is a sentence: what went wrong and what to do. */
int err_set(int err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Number of err_set() calls of this thread. When a call fails and the number is unchanged, the call
 * set no text: the current text is about something else. */
uint64_t err_count(void);

/* For functions that return a pointer: sets errno to `err` and returns NULL. As the last call of a
 * function it is a jump, so that the function saves no registers. */
void *err_null(int err) __attribute__((cold));

/* Status codes that the host itself completes commands with, without their type: 8 bits */
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

/* Completes with a status of the controller; DNR is set, since a retry would fail again */
static inline int
cpl_set_status(struct xnvme_cmd_ctx *ctx, uint8_t sct, uint8_t sc)
{
	ASSERT(sct < XNVME_STATUS_CODE_TYPE_VENDOR); /* the type of cpl_set_errno() */
	ASSERT(sct || sc);
	ctx->cpl.result = 0;
	ctx->cpl.status.val = 0;
	ctx->cpl.status.sct = (unsigned char)(sct & 0x7);
	ctx->cpl.status.sc = sc;
	ctx->cpl.status.dnr = 1;
	return -5; /* -EIO: what `call` returns when the completion holds an error */
}

/* Completes with an error of the host: SCT 7 (vendor), SC = errno. The only encoding of one. */
static inline int
cpl_set_errno(struct xnvme_cmd_ctx *ctx, int err)
{
	ASSERT(err);
	ctx->cpl.result = 0;
	ctx->cpl.status.val = 0;
	ctx->cpl.status.sct = XNVME_STATUS_CODE_TYPE_VENDOR;
	ctx->cpl.status.sc = (unsigned char)((err < 0 ? -err : err) & 0xFF);
	return err < 0 ? err : -err;
}

#endif /* HOST_ERR_H */
