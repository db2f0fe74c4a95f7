/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Queues: submit commands asynchronously and poll for their completions.
 *
 * No memory is allocated between xnvme_queue_init() and xnvme_queue_term().
 *
 * @param queue The queue
 *
 * @note Only one thread at a time may use a queue and its contexts; another thread may continue
 *   with it while no command is outstanding. Different threads may use different queues of one
 *   device.
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
 * Create a queue
 *
 * May block. The library allocates all memory that the queue needs.
 *
 * @param capacity Maximum number of outstanding commands: a power of two from 1 to 4096
 * @param opts Bits of enum xnvme_queue_opts, or 0
 * @param queue Set to the queue, which the caller terminates with xnvme_queue_term(); to NULL on
 *   error
 * @return 0, or -errno, which may also be that of the path
 * @error EINVAL `capacity` is invalid
 * @error ENOTSUP The handle takes admin commands only
 * @error ENOMEM Out of memory
 * @error ESTALE The handle belongs to the process that forked this one
 */
int xnvme_queue_init(struct xnvme_dev *dev, uint16_t capacity, int opts,
		     struct xnvme_queue **queue);

/**
 * Get the maximum number of outstanding commands
 *
 * @return The capacity, as requested by xnvme_queue_init()
 */
uint32_t xnvme_queue_get_capacity(struct xnvme_queue *queue);

/**
 * Get the number of outstanding commands
 *
 * @return The number; a callback's own command is not counted
 */
uint32_t xnvme_queue_get_outstanding(struct xnvme_queue *queue);

/**
 * Terminate a queue: wait for the outstanding commands, then release it
 *
 * The callbacks of the commands run; submissions in them return -EBUSY. Blocks.
 *
 * Must not be called from a callback of the same queue. From a callback run by wait, drain or term
 * it returns -EBUSY and changes nothing; from one run by xnvme_queue_poke() this is not detected,
 * for speed (undefined behavior).
 *
 * @return 0 or -errno; the queue is released in both cases, except for -EBUSY
 * @error EINVAL `queue` is NULL
 * @error EBUSY Called from a callback that wait, drain or term runs
 */
int xnvme_queue_term(struct xnvme_queue *queue);

/**
 * Submit batched commands and complete up to `max` commands
 *
 * The callbacks of the completed commands run before it returns. A callback may poke the queue that
 * called it.
 *
 * Does not sleep, so one thread can serve many queues; to sleep until a command completes, call
 * xnvme_queue_wait_timeout(). On devices that are served by a thread of this machine (loop, nbd) a
 * poke that completes nothing may yield the processor (sched_yield(2)). Exceptions: with
 * XNVME_POLICY_CONSERVE_CPU a poke that completes nothing may sleep for a millisecond; async=emu
 * runs the commands within the poke; on vfio-user the poke waits for the server's reply when it
 * reads a register (ten times a second while nothing completes) or writes a doorbell that is not
 * mapped memory.
 *
 * @param max Maximum number of commands to complete; 0: all that were outstanding at the call
 * @return The number of completed commands, or -errno
 */
int xnvme_queue_poke(struct xnvme_queue *queue, uint32_t max);

/**
 * Complete all outstanding commands
 *
 * Sleeps where the path supports it. A callback may drain the queue that called it, on every path;
 * its own command is already complete. Blocks.
 *
 * @return The number of completed commands, or -errno
 */
int xnvme_queue_drain(struct xnvme_queue *queue);

/** As xnvme_queue_drain(); the older name */
int xnvme_queue_wait(struct xnvme_queue *queue);

/**
 * Wait until at least one command completes or the time has passed
 *
 * Sleeps instead of spinning where the path supports it. Runs callbacks, as xnvme_queue_poke()
 * does.
 *
 * @param timeout_ns Nanoseconds; UINT64_MAX waits without limit
 * @return The number of completed commands; 0 on timeout or when none is outstanding; -errno
 */
int xnvme_queue_wait_timeout(struct xnvme_queue *queue, uint64_t timeout_ns);

/**
 * Get the features of the system that the queue uses
 *
 * Valid until xnvme_queue_term(). Does not block.
 *
 * @return Words separated by commas
 */
const char *xnvme_queue_get_features(const struct xnvme_queue *queue);

/**
 * Take a context from the queue's pool
 *
 * Its fields have their values from the last use. Return it with xnvme_queue_put_cmd_ctx(). Does
 * not block or allocate.
 *
 * The pool has capacity + 2 contexts. So a program that holds at most one context besides those of
 * outstanding commands never gets NULL, even in a callback that still holds its own context and has
 * filled the queue again: then it gets a context, and passing it returns -EBUSY. With nested
 * callbacks (a callback pokes the queue) each callback that still holds its own context uses one
 * more.
 *
 * @return The context; NULL with errno when the pool is empty
 * @error ENOMEM The pool is empty
 */
struct xnvme_cmd_ctx *xnvme_queue_get_cmd_ctx(struct xnvme_queue *queue);

/**
 * Return a context to the queue's pool
 *
 * Allowed in the context's own callback.
 *
 * @param ctx A context of xnvme_queue_get_cmd_ctx() that is not outstanding
 * @return 0 or -errno
 * @error EINVAL `ctx` is the context that was returned last
 */
int xnvme_queue_put_cmd_ctx(struct xnvme_queue *queue, struct xnvme_cmd_ctx *ctx);

/**
 * Set callback and argument of all contexts of the queue
 *
 * @param cb Called once per completed command, on the thread that pokes; NULL: none
 * @param cb_arg Passed to `cb`
 * @return 0 or -errno
 * @error EINVAL `queue` is NULL
 */
int xnvme_queue_set_cb(struct xnvme_queue *queue, xnvme_queue_cb cb, void *cb_arg);

/**
 * Get a file descriptor that polls readable when a poke would complete a command
 *
 * It is an eventfd in blocking mode, owned by the queue and closed with it. Read it to reset it,
 * then poke. Call this before commands are outstanding; afterwards submissions are no longer
 * batched.
 *
 * @return The descriptor, or -errno
 * @error EBUSY Commands are outstanding
 * @error ENOTSUP The queue polls the device, and so has no event to wait for
 */
int xnvme_queue_get_completion_fd(struct xnvme_queue *queue);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_QUEUE_H */
