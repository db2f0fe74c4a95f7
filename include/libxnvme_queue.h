/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Queues: submit without waiting.
 *
 * A queue with its contexts belongs to one thread at a time; it may change hands while nothing
 * is outstanding. Different queues of one device may be used by different threads. Nothing
 * allocates between xnvme_queue_init() and xnvme_queue_term().
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

/**
 * Makes a queue of `capacity` commands, a power of two from 1 to 4096. `opts`: bits of enum
 * xnvme_queue_opts. May block. 0 and `*queue`, to be ended by xnvme_queue_term(); -errno and
 * NULL in `*queue`.
 */
int xnvme_queue_init(struct xnvme_dev *dev, uint16_t capacity, int opts,
		     struct xnvme_queue **queue);

/** How many commands may be outstanding */
uint32_t xnvme_queue_get_capacity(struct xnvme_queue *queue);

/** How many are outstanding; in a callback its own command is not counted any more */
uint32_t xnvme_queue_get_outstanding(struct xnvme_queue *queue);

/**
 * Ends a queue: waits for what is outstanding, whose callbacks run; submissions in them get
 * -EBUSY. Blocks. Not to be called within a callback of the queue, which goes on in it: where
 * a wait, a drain or another xnvme_queue_term() called back, it is refused with -EBUSY and the
 * queue stays as it is; xnvme_queue_poke() keeps no note of being at work, for speed, so nothing
 * protects from it there. Otherwise 0 or -errno; the queue is gone in both cases (-EINVAL for
 * NULL).
 */
int xnvme_queue_term(struct xnvme_queue *queue);

/**
 * Hands over what was batched and completes up to `max` commands (0: all that were outstanding
 * when it was called), whose callbacks run before it returns. Never sleeps, so that one thread
 * can serve many queues: on devices that a thread of this machine serves (loop, nbd) an empty
 * poke may yield the processor (sched_yield(2)). Exceptions: under XNVME_POLICY_CONSERVE_CPU an
 * empty poke may sleep for a millisecond; async=emu runs the commands within it; on vfio-user: it
 * waits for the server's answer when it reads a register, ten times a second while nothing
 * completes, or rings a doorbell that is no memory. To sleep until something completes, call
 * xnvme_queue_wait_timeout(). A callback may poke the queue that called it. The number completed,
 * or -errno.
 */
int xnvme_queue_poke(struct xnvme_queue *queue, uint32_t max);

/**
 * Completes all that is outstanding, sleeping where the path can. A callback may drain the queue
 * that called it, on every path; its own command is complete already and is not waited for. The
 * number completed, or -errno.
 */
int xnvme_queue_drain(struct xnvme_queue *queue);

/** As xnvme_queue_drain(); the older name */
int xnvme_queue_wait(struct xnvme_queue *queue);

/**
 * Waits until at least one command completes or `timeout_ns` nanoseconds passed, without spinning
 * where the path can sleep; UINT64_MAX waits for ever. Callbacks run in it, as in
 * xnvme_queue_poke().
 *
 * Returns how many completed; 0 when the time passed or nothing is outstanding; -errno.
 */
int xnvme_queue_wait_timeout(struct xnvme_queue *queue, uint64_t timeout_ns);

/** What this queue uses of what the system offers, as words separated by commas; lent */
const char *xnvme_queue_get_features(const struct xnvme_queue *queue);

/**
 * Takes a context out of the queue's pool; its fields are as it was put back. NULL with errno
 * ENOMEM when none is left.
 *
 * The pool holds the capacity and two more. So a program that holds no more than one context
 * besides those in flight never gets NULL, also within a callback that has not put back its own
 * context and has filled the queue again: the context is there, and passing it returns -EBUSY.
 * Within a callback that runs in a poke by another callback, each of those that have not put back
 * their own counts as one more.
 */
struct xnvme_cmd_ctx *xnvme_queue_get_cmd_ctx(struct xnvme_queue *queue);

/** Gives a context back; also within its callback. 0, or -EINVAL when it was given back last */
int xnvme_queue_put_cmd_ctx(struct xnvme_queue *queue, struct xnvme_cmd_ctx *ctx);

/** Sets the callback and its argument for all contexts of the queue; 0, -EINVAL for NULL */
int xnvme_queue_set_cb(struct xnvme_queue *queue, xnvme_queue_cb cb, void *cb_arg);

/**
 * A descriptor that polls readable when xnvme_queue_poke() would complete something: an eventfd,
 * the queue's own, closed with it, in blocking mode. Read it to reset it, then poke. Ask before
 * anything is outstanding (-EBUSY otherwise); from then on nothing is held back for batching.
 * The descriptor, or -errno.
 */
int xnvme_queue_get_completion_fd(struct xnvme_queue *queue);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_QUEUE_H */
