/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Into a virtual SSD by a function call: queues, and calls that block.
 */
#ifndef EXPORT_INPROC_INPROC_H
#define EXPORT_INPROC_INPROC_H

#include <virt/virt.h>

struct inproc_queue;

/* The submission queue id of calls; queues count from 1 */
enum { INPROC_SYNC_SQID = UINT16_MAX - 1 };

/* No completion waits for a later instant: added to any clock it does not wrap. 146 years. */
#define INPROC_LATEST (NS_NEVER / 4)

enum inproc_end {
	INPROC_ENDED,   /* the SSD answered: see status */
	INPROC_TIMEOUT, /* it never did; the host gave up */
};

struct inproc_cpl {
	void *cookie;
	enum inproc_end end;
	uint16_t cid;
	uint16_t status; /* as ssd_work.status */
	uint64_t result;
	ns_t ready_at;
};

/* A pair of queues for at most `depth` commands. One thread at a time. 0, or -ENOMEM. */
int inproc_queue_open(struct virt *virt, uint32_t depth, struct inproc_queue **queue);
void inproc_queue_close(struct inproc_queue *queue);

/* Hot. The command takes its place (its cid is set), the data moves, and the completion waits for
 * its instant. 0, or -EBUSY when all places are taken. `dma` is used during the call only. */
int inproc_submit(struct inproc_queue *queue, struct xnvme_spec_cmd *cmd, struct ssd_dma *dma,
		  void *cookie);

/* Hot. What is due, in the order of its instants; at most `max`; never blocks. On the virtual
 * clock: when nothing is due and `may_step`, time goes on to the next instant of interest first. */
uint32_t inproc_reap(struct inproc_queue *queue, struct inproc_cpl *cpls, uint32_t max,
		     bool may_step);

/* Until something is due or `timeout_ns` passed. Spins when it is not long, else sleeps. */
void inproc_wait(struct inproc_queue *queue, uint64_t timeout_ns);

/* A descriptor that is readable when something is due; -errno. Closed with the queue. */
int inproc_event_fd(struct inproc_queue *queue);

/* One command from beginning to end, on the admin queue or on one for I/O; blocks until its instant
 * (on the virtual clock it makes it so). An Asynchronous Event Request gives what has happened
 * already, or is aborted. Thread-safe. */
void inproc_call(struct virt *virt, bool admin, struct xnvme_spec_cmd *cmd, struct ssd_dma *dma,
		 struct inproc_cpl *cpl);

/* Real clock: until CLOCK_MONOTONIC shows `due`; sleeps when it is far, spins when it is near */
void inproc_wait_until(ns_t due);

#endif /* EXPORT_INPROC_INPROC_H */
