/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What fork() makes of handles and queues. All of this process are in a list; a handler that runs
 * in the child replaces their paths by one that refuses everything. So the check costs no command
 * anything, and the child's handles touch nothing that they share with the parent's: rings, the
 * memory of a virtual SSD, sockets, threads that are the parent's alone.
 */
#ifndef HOST_FORK_H
#define HOST_FORK_H

#include <host/dev.h>

struct xnvme_queue;

/* A handle that is open, a queue that is made. 0, or -ENOMEM with err_set(). */
int fork_add_dev(struct xnvme_dev *dev);
void fork_add_queue(struct xnvme_queue *q);

/* It is about to be closed, or terminated */
void fork_remove_dev(struct xnvme_dev *dev);
void fork_remove_queue(struct xnvme_queue *q);

/* Was it made by the process that forked this one? */
bool fork_has_inherited(const struct xnvme_dev *dev);

/* Closes what the child has of its own of an inherited handle: its copies of descriptors */
void fork_close(struct xnvme_dev *dev);

#endif /* HOST_FORK_H */
