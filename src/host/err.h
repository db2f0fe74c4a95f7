/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Error reporting: a command or call that could not start sets the error text and returns -errno; a
 * command that has failed has a status in its completion.
 */
#ifndef HOST_ERR_H
#define HOST_ERR_H

#include <base/assert.h>
#include <libxnvme.h>
#include <nvme/status.h>

/* Sets this thread's error text (xnvme_err_text()) and returns `err` (a negative errno), for
 * `return err_set(-EINVAL, "...")`. The text is a sentence: what went wrong and what to do. */
int err_set(int err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Number of err_set() calls of this thread. When a call fails and the number is unchanged, the call
 * set no text: the current text is about something else. */
uint64_t err_count(void);

/* For functions that return a pointer: sets errno to `err` and returns NULL. As the last call of a
 * function it is a jump, so that the function saves no registers. */
void *err_null(int err) __attribute__((cold));

/* Completes with a status of the controller: STATUS(name). DNR is set, since a retry would fail
 * again. */
static inline int
cpl_set_status(struct xnvme_cmd_ctx *ctx, uint16_t status)
{
	ASSERT(STATUS_CODE(status) >> 8 < XNVME_STATUS_CODE_TYPE_VENDOR); /* of cpl_set_errno() */
	ASSERT(STATUS_CODE(status) != STATUS(SUCCESS));
	ctx->cpl.result = 0;
	ctx->cpl.status.val = (uint16_t)((status | STATUS_DNR) << 1);
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
