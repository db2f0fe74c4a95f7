/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Queues: submit without waiting
 */
#ifndef LIBXNVME_QUEUE_H
#define LIBXNVME_QUEUE_H

#include <libxnvme_cmd.h>

#ifdef __cplusplus
extern "C" {
#endif

enum xnvme_queue_opts {
	XNVME_QUEUE_IOPOLL = 0x1,
	XNVME_QUEUE_SQPOLL = 0x2,
};

struct xnvme_queue;

int xnvme_queue_init(struct xnvme_dev *dev, uint16_t capacity, int opts, struct xnvme_queue **queue);

uint32_t xnvme_queue_get_capacity(struct xnvme_queue *queue);

uint32_t xnvme_queue_get_outstanding(struct xnvme_queue *queue);

int xnvme_queue_term(struct xnvme_queue *queue);

int xnvme_queue_poke(struct xnvme_queue *queue, uint32_t max);

int xnvme_queue_drain(struct xnvme_queue *queue);

int xnvme_queue_wait(struct xnvme_queue *queue);

/**
 * Waits until at least one command completes or `timeout_ns` nanoseconds passed, without spinning
 * where the path can sleep; UINT64_MAX waits for ever. Callbacks run in it, as in xnvme_queue_poke().
 *
 * Returns how many completed; 0 when the time passed or nothing is outstanding; -errno.
 */
int xnvme_queue_wait_timeout(struct xnvme_queue *queue, uint64_t timeout_ns);

/** What this queue uses of what the system offers, as words separated by spaces; lent */
const char *xnvme_queue_get_features(const struct xnvme_queue *queue);

struct xnvme_cmd_ctx *xnvme_queue_get_cmd_ctx(struct xnvme_queue *queue);

int xnvme_queue_put_cmd_ctx(struct xnvme_queue *queue, struct xnvme_cmd_ctx *ctx);

int xnvme_queue_set_cb(struct xnvme_queue *queue, xnvme_queue_cb cb, void *cb_arg);

int xnvme_queue_get_completion_fd(struct xnvme_queue *queue);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_QUEUE_H */
