/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Handles and queues after fork(). All handles and queues of the process are in lists; a handler of
 * pthread_atfork() in the child replaces their paths by one that refuses everything. So commands
 * pay nothing for the check, and the child's handles do not access what they share with the
 * parent's: rings, the memory of a virtual SSD, sockets, threads that exist in the parent only.
 */
#ifndef HOST_FORK_H
#define HOST_FORK_H

#include <host/dev.h>

struct xnvme_queue;

/* Registers the handlers, once. For what a path creates before its handle is added. Returns 0, or
 * -ENOMEM after err_set(). */
int fork_watch(void);

/* Add an open handle (returns 0, or -ENOMEM after err_set()), an initialised queue */
int fork_add_dev(struct xnvme_dev *dev);
void fork_add_queue(struct xnvme_queue *q);

/* Remove it before it is closed or terminated */
void fork_remove_dev(struct xnvme_dev *dev);
void fork_remove_queue(struct xnvme_queue *q);

/* Was the handle opened by the parent, before fork()? */
bool fork_has_inherited(const struct xnvme_dev *dev);

/* Closes the child's own part of an inherited handle: its copies of the descriptors */
void fork_close(struct xnvme_dev *dev);

#endif /* HOST_FORK_H */
