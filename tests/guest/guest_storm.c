/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A full queue while the device is unplugged, the controller is reset, or commands time out. Every
 * accepted command completes exactly once, with a status, and the queue terminates in bounded time.
 */
#include "guest_io.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct storm {
	bool *flying; /* by buffer: accepted and not completed */
	uint64_t submitted;
	uint64_t completed;
	uint64_t failed;
	uint64_t twice; /* completions of commands not in flight: a defect */
	uint32_t statuses[8]; /* failures by status code type */
};

struct slot {
	struct storm *storm;
	uint32_t number;
};

static double
now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

static void
on_completion(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct slot *slot = arg;
	struct storm *storm = slot->storm;

	storm->twice += !storm->flying[slot->number];
	storm->flying[slot->number] = false;
	storm->completed += 1;
	if (xnvme_cmd_ctx_cpl_status(ctx)) {
		storm->failed += 1;
		storm->statuses[ctx->cpl.status.sct] += 1;
	}
	(void)xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx);
}

/* Submits one command for each buffer without one */
static int
refill(struct xnvme_queue *queue, struct xnvme_dev *dev, struct storm *storm, struct slot *slots,
       uint32_t qd, char *buf, size_t nbytes)
{
	uint64_t blocks = xnvme_dev_get_geo(dev)->tbytes / xnvme_dev_get_geo(dev)->nbytes;
	uint16_t nlb = (uint16_t)(nbytes / xnvme_dev_get_geo(dev)->lba_nbytes - 1);

	for (uint32_t i = 0; i < qd; ++i) {
		struct xnvme_cmd_ctx *ctx;
		int err;

		if (storm->flying[i]) {
			continue;
		}
		ctx = xnvme_queue_get_cmd_ctx(queue);
		if (!ctx) {
			return 0;
		}
		xnvme_cmd_ctx_set_cb(ctx, on_completion, &slots[i]);
		xnvme_prep_nvm(ctx, i % 2 ? XNVME_SPEC_NVM_OPC_READ : XNVME_SPEC_NVM_OPC_WRITE,
			       xnvme_dev_get_nsid(dev),
			       storm->submitted * 2654435761U % (blocks - nlb), nlb);
		storm->flying[i] = true;
		err = xnvme_cmd_pass(ctx, buf + i * nbytes, nbytes, NULL, 0);
		if (err) {
			storm->flying[i] = false;
			(void)xnvme_queue_put_cmd_ctx(queue, ctx);
			return err == -EBUSY || err == -EAGAIN ? 0 : err;
		}
		storm->submitted += 1;
	}
	return 0;
}

static int
judge(struct xnvme_queue *queue, const struct storm *storm, uint32_t qd,
      const struct request *request)
{
	uint32_t left = 0;
	int err;

	for (uint32_t i = 0; i < qd; ++i) {
		left += storm->flying[i];
	}
	(void)printf("submitted %llu, completed %llu, failed %llu (of types",
		     (unsigned long long)storm->submitted, (unsigned long long)storm->completed,
		     (unsigned long long)storm->failed);
	for (int i = 0; i < 8; ++i) {
		(void)printf(" %u", storm->statuses[i]);
	}
	(void)printf(")\n");
	err = require(storm->submitted == storm->completed && !storm->twice && !left,
		      "%llu completed twice, %u never", (unsigned long long)storm->twice, left);
	err = err ? err : require(!xnvme_queue_get_outstanding(queue), "the queue still counts %u",
				  xnvme_queue_get_outstanding(queue));
	return err ? err : require(request->must_fail == 2 || !request->must_fail == !storm->failed,
				   "%llu commands failed", (unsigned long long)storm->failed);
}

int
verb_storm(struct xnvme_dev *dev, const struct request *request)
{
	size_t nbytes = 4096 / xnvme_dev_get_geo(dev)->nbytes * xnvme_dev_get_geo(dev)->lba_nbytes;
	struct storm storm = {.flying = calloc(request->qd, sizeof(bool))};
	struct slot *slots = calloc(request->qd, sizeof(*slots));
	char *buf = xnvme_buf_alloc(dev, request->qd * nbytes);
	struct xnvme_queue *queue = NULL;
	double end;
	int err = storm.flying && slots && buf ? 0 : -ENOMEM;

	err = err ? err : xnvme_queue_init(dev, (uint16_t)request->qd, 0, &queue);
	if (err) {
		err = complain("queue", err);
		goto free;
	}
	for (uint32_t i = 0; i < request->qd; ++i) {
		slots[i] = (struct slot){.storm = &storm, .number = i};
	}
	end = now() + request->seconds;
	(void)printf("begun\n");
	(void)fflush(stdout);
	/* continues after the first failure: later commands must complete too */
	while (now() < end && storm.failed < 4ULL * request->qd) {
		err = refill(queue, dev, &storm, slots, request->qd, buf, nbytes);
		if (err) {
			err = complain("submit", err);
			break;
		}
		err = xnvme_queue_poke(queue, 0);
		if (err < 0) {
			err = complain("poke", err);
			break;
		}
	}
	err = xnvme_queue_drain(queue);
	err = err < 0 ? complain("drain", err) : judge(queue, &storm, request->qd, request);
	(void)xnvme_queue_term(queue);
free:
	xnvme_buf_free(dev, buf);
	free(storm.flying);
	free(slots);
	return err;
}
