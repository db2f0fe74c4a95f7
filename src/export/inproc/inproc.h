/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An export: access to a virtual SSD by function calls, in the same process. It passes the host's
 * memory to the engine, keeps each completion until its due time, and returns it to a poll.
 *
 * Terms
 *   queue  the slots for commands, and the heap of completions that are not yet due.
 *   slot   the state of one command; its number is the command identifier.
 *   call   a command without a queue, which blocks until it is due (call.c).
 *   lost   a command that the engine never completes (a planned fault).
 *   held   a command that the engine completes later by an event.
 *
 * Life cycle of a command
 *   inproc_submit() takes a slot and calls the engine, which transfers the data at once and returns
 *   the time at which it will have done so; the slot goes into the queue's heap with that time.
 *   inproc_reap() reads the clock, takes due slots from the heap, and frees them.
 *
 * States of a slot
 *   free --(inproc_submit)--> waiting --(inproc_reap)--> free
 *   A reset or power cut (queue_disrupt) changes the result of a waiting slot and makes it due; so
 *   does the completion of a held command (queue_event).
 *
 * Ownership and lifetimes
 *   A queue owns its slots and its descriptor; it is closed with no slot waiting, before the SSD
 *   is. No memory is allocated per command.
 *
 * Threads
 *   A queue belongs to one thread at a time; calls are thread-safe. The SSD's lock is held around
 *   each change of a queue's heap. Only the next due time is read without the lock: a poll that
 *   finds nothing costs one load and one read of the clock.
 *
 * Errors
 *   The engine's status. A lost command ends as a timeout, 30 seconds later on the SSD's clock.
 *
 * What it does not do
 *   It interprets no fields of a command except those that identify it.
 */
#ifndef EXPORT_INPROC_INPROC_H
#define EXPORT_INPROC_INPROC_H

#include <virt/virt.h>

struct inproc_queue;

/* The submission queue id of blocking calls; queues count from 1 */
enum { INPROC_SYNC_SQID = UINT16_MAX - 1 };

/* Upper limit of a completion's due time: added to any clock it does not wrap. 146 years. */
#define INPROC_LATEST (NS_NEVER / 4)

enum inproc_end {
	INPROC_ENDED,   /* the SSD completed the command: see status */
	INPROC_TIMEOUT, /* it did not, and the host's timeout expired */
};

struct inproc_cpl {
	void *cookie;
	enum inproc_end end;
	uint16_t cid;
	uint16_t status; /* as ssd_work.status */
	uint64_t result;
	ns_t ready_at;
};

/* Create a pair of queues for at most `depth` commands; used by one thread at a time. 0, or
 * -ENOMEM. */
int inproc_queue_open(struct virt *virt, uint32_t depth, struct inproc_queue **queue);
void inproc_queue_close(struct inproc_queue *queue);

/* Hot. The command gets a slot (its cid is set), the data is transferred, and the completion
 * becomes due later. 0, or -EBUSY when all slots are in use. `dma` is borrowed for the call. */
int inproc_submit(struct inproc_queue *queue, struct xnvme_spec_cmd *cmd, struct ssd_dma *dma,
		  void *cookie);

/* Hot. Completions that are due, in the order of their due times; at most `max`; never blocks. On
 * the virtual clock: when none is due and `may_step`, time first advances to the next event. */
uint32_t inproc_reap(struct inproc_queue *queue, struct inproc_cpl *cpls, uint32_t max,
		     bool may_step);

/* Wait until a completion is due or `timeout_ns` has passed. Spins for short waits, else sleeps. */
void inproc_wait(struct inproc_queue *queue, uint64_t timeout_ns);

/* A descriptor that is readable when a completion is due; -errno. Closed with the queue. */
int inproc_event_fd(struct inproc_queue *queue);

/* Run one command to its end, on the admin queue or on one for I/O; blocks until its due time (on
 * the virtual clock it advances time to it). An Asynchronous Event Request returns an event that
 * has already occurred, or is aborted. Thread-safe. */
void inproc_call(struct virt *virt, bool admin, struct xnvme_spec_cmd *cmd, struct ssd_dma *dma,
		 struct inproc_cpl *cpl);

/* Real clock: wait until CLOCK_MONOTONIC reaches `due`; sleeps first, and spins at the end */
void inproc_wait_until(ns_t due);

#endif /* EXPORT_INPROC_INPROC_H */
