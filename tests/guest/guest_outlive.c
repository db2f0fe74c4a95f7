/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A handle outlives its device, which is removed while the queue is idle. Each later command, by
 * each path, fails once, in bounded time, with the error that the device was removed; then the
 * handle can be closed.
 */
#include "guest_io.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct fate {
	uint32_t completions;
	uint32_t failures;
};

static void
on_completion(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct fate *fate = arg;

	fate->completions += 1;
	/* a host error: status code type 7, the code is the errno */
	fate->failures += ctx->cpl.status.sct == XNVME_STATUS_CODE_TYPE_VENDOR &&
			  ctx->cpl.status.sc == ENODEV;
	(void)xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx);
}

static int
require_gone(const char *what, int err)
{
	(void)printf("%s: %d: %s\n", what, err, xnvme_err_text());
	return require(err < 0 && strstr(xnvme_err_text(), "is gone:"),
		       "%s: %d, and not a word that the device is gone", what, err);
}

/* Submits more commands than the capacity: each accepted one completes once, with ENODEV */
static int
submit_all(struct xnvme_dev *dev, struct xnvme_queue *queue, uint32_t qd, void *buf)
{
	struct fate fate = {0};
	uint32_t accepted = 0;
	int err;

	for (uint32_t i = 0; i < 2 * qd; ++i) {
		struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);

		err = require(ctx, "no context for command %u", i);
		if (err) {
			return err;
		}
		xnvme_cmd_ctx_set_cb(ctx, on_completion, &fate);
		xnvme_err_clear();
		err = xnvme_nvm_read(ctx, xnvme_dev_get_nsid(dev), i, 0, buf, NULL);
		if (!err) {
			accepted += 1;
			continue;
		}
		(void)xnvme_queue_put_cmd_ctx(queue, ctx);
		err = err == -EBUSY ? xnvme_queue_drain(queue) : err;
		if (err < 0) {
			return complain("submit", err);
		}
	}
	err = xnvme_queue_drain(queue);
	if (err < 0) {
		return complain("drain", err);
	}
	(void)printf("queue: %u accepted, %u completed, %u failed: %s\n", accepted,
		     fate.completions, fate.failures, xnvme_err_text());
	return require(fate.completions == accepted && fate.failures == accepted,
		       "%u accepted, %u completed, %u of them for want "
		       "of a device", accepted, fate.completions,
		       fate.failures);
}

int
verb_outlive(struct xnvme_dev *dev, const struct request *request)
{
	const char *uri = xnvme_dev_get_ident(dev)->uri;
	struct xnvme_spec_idfy *idfy = xnvme_buf_alloc(dev, sizeof(*idfy));
	void *buf = xnvme_buf_alloc(dev, 65536);
	struct xnvme_queue *queue = NULL;
	struct xnvme_cmd_ctx ctx;
	int err = idfy && buf ? 0 : -ENOMEM;

	err = err ? err : xnvme_queue_init(dev, (uint16_t)request->qd, 0, &queue);
	if (err) {
		err = complain("queue", err);
		goto free;
	}
	(void)printf("begun\n");
	(void)fflush(stdout);
	for (uint32_t tenths = 0; tenths < 10 * request->seconds && !access(uri, F_OK); ++tenths) {
		(void)usleep(100000);
	}
	err = require(access(uri, F_OK), "'%s' was not removed", uri);
	(void)usleep(1000000); /* the kernel removes the node first, the rest a little later */
	err = err ? err : submit_all(dev, queue, request->qd, buf);
	if (!err) {
		xnvme_err_clear();
		ctx = xnvme_cmd_ctx_from_dev(dev);
		err = require_gone("read", xnvme_nvm_read(&ctx, xnvme_dev_get_nsid(dev), 0, 0, buf,
							  NULL));
	}
	if (!err) {
		xnvme_err_clear();
		ctx = xnvme_cmd_ctx_from_dev(dev);
		err = require_gone("write", xnvme_nvm_write(&ctx, xnvme_dev_get_nsid(dev), 0, 0,
							    buf, NULL));
	}
	if (!err && request->must_fail) { /* for admin paths that submit to the device */
		xnvme_err_clear();
		ctx = xnvme_cmd_ctx_from_dev(dev);
		err = require_gone("identify", xnvme_adm_idfy_ctrlr(&ctx, idfy));
	}
	(void)xnvme_queue_term(queue);
free:
	xnvme_buf_free(dev, buf);
	xnvme_buf_free(dev, idfy);
	return err;
}
