/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Queues: submit commands asynchronously and poll for their completions.
 *
 * Only one thread at a time may use a queue and its contexts; another thread may continue with it
 * while no command is outstanding. Different threads may use different queues of one device. No
 * memory is allocated between xnvme_queue_init() and xnvme_queue_term().
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
 * Creates a queue of `capacity` commands, a power of two from 1 to 4096. `opts`: bits of enum
 * xnvme_queue_opts. May block. Returns 0 and sets `*queue`, which the caller terminates with
 * xnvme_queue_term(); or -errno and sets `*queue` to NULL.
 */
int xnvme_queue_init(struct xnvme_dev *dev, uint16_t capacity, int opts,
		     struct xnvme_queue **queue);

/** Returns the maximum number of outstanding commands */
uint32_t xnvme_queue_get_capacity(struct xnvme_queue *queue);

/** Returns the number of outstanding commands; a callback's own command is not counted */
uint32_t xnvme_queue_get_outstanding(struct xnvme_queue *queue);

/**
 * Terminates a queue: waits for the outstanding commands and runs their callbacks, in which
 * submissions return -EBUSY; then releases the queue. Blocks. Returns 0 or -errno; the queue is
 * released in both cases (-EINVAL for NULL).
 *
 * Must not be called from a callback of the same queue. From a callback run by wait, drain or term
 * it returns -EBUSY and changes nothing; from one run by xnvme_queue_poke() this is not detected,
 * for speed (undefined behavior).
 */
int xnvme_queue_term(struct xnvme_queue *queue);

/**
 * Submits batched commands and completes up to `max` commands (0: all that were outstanding at the
 * call); their callbacks run before it returns. Returns the number of completed commands, or
 * -errno. A callback may poke the queue that called it.
 *
 * Does not sleep, so one thread can serve many queues; to sleep until a command completes, call
 * xnvme_queue_wait_timeout(). On devices that are served by a thread of this machine (loop, nbd) a
 * poke that completes nothing may yield the processor (sched_yield(2)). Exceptions: with
 * XNVME_POLICY_CONSERVE_CPU a poke that completes nothing may sleep for a millisecond; async=emu
 * runs the commands within the poke; on vfio-user the poke waits for the server's reply when it
 * reads a register (ten times a second while nothing completes) or writes a doorbell that is not
 * mapped memory.
 */
int xnvme_queue_poke(struct xnvme_queue *queue, uint32_t max);

/**
 * Completes all outstanding commands; sleeps where the path supports it. A callback may drain the
 * queue that called it, on every path; its own command is already complete. Returns the number of
 * completed commands, or -errno.
 */
int xnvme_queue_drain(struct xnvme_queue *queue);

/** As xnvme_queue_drain(); the older name */
int xnvme_queue_wait(struct xnvme_queue *queue);

/**
 * Waits until at least one command completes or `timeout_ns` nanoseconds have passed; UINT64_MAX
 * waits without limit. Sleeps instead of spinning where the path supports it. Runs callbacks, as
 * xnvme_queue_poke() does.
 *
 * Returns the number of completed commands; 0 on timeout or when none is outstanding; -errno.
 */
int xnvme_queue_wait_timeout(struct xnvme_queue *queue, uint64_t timeout_ns);

/**
 * Returns the features of the system that the queue uses, as words separated by commas; valid until
 * xnvme_queue_term()
 */
const char *xnvme_queue_get_features(const struct xnvme_queue *queue);

/**
 * Takes a context from the queue's pool. Its fields have their values from the last use. Returns
 * NULL with errno ENOMEM when the pool is empty.
 *
 * The pool has capacity + 2 contexts. So a program that holds at most one context besides those of
 * outstanding commands never gets NULL, even in a callback that still holds its own context and has
 * filled the queue again: then it gets a context, and passing it returns -EBUSY. With nested
 * callbacks (a callback pokes the queue) each callback that still holds its own context uses one
 * more.
 */
struct xnvme_cmd_ctx *xnvme_queue_get_cmd_ctx(struct xnvme_queue *queue);

/**
 * Returns a context to the pool; allowed in its own callback. Returns 0, or -EINVAL when `ctx` is
 * the context that was returned last.
 */
int xnvme_queue_put_cmd_ctx(struct xnvme_queue *queue, struct xnvme_cmd_ctx *ctx);

/** Sets callback and argument of all contexts of the queue; returns 0, or -EINVAL for NULL */
int xnvme_queue_set_cb(struct xnvme_queue *queue, xnvme_queue_cb cb, void *cb_arg);

/**
 * Returns a file descriptor that polls readable when xnvme_queue_poke() would complete a command,
 * or -errno. It is an eventfd in blocking mode, owned by the queue and closed with it. Read it to
 * reset it, then poke. Call this before commands are outstanding (else -EBUSY); afterwards
 * submissions are no longer batched.
 */
int xnvme_queue_get_completion_fd(struct xnvme_queue *queue);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_QUEUE_H */
