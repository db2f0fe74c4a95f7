/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The host side: turns the name of a device into a handle, picks the paths on which commands
 * travel, and passes commands to them.
 *
 * Terms
 *   device   an open device, the handle of the user (struct xnvme_dev, dev.h)
 *   kind     what the URI names: a file, a block device, an NVMe namespace, ... (path.h, uri.h)
 *   path     code that runs commands outside of this folder, in one of three roles (path.h)
 *   context  one command, its completion and its owner (libxnvme_cmd.h)
 *   queue    contexts that are outstanding on the device's async path (queue.h)
 *   payload  the buffers of a command (path.h)
 *
 * Life cycle of a handle
 *   xnvme_dev_open(): the URI is classified (uri.c), the kind opens it, the table of paths.c is
 *   searched for paths within the user's constraints (resolve.c), identify pages are read and the
 *   geometry derived (idfy.c, geo.c). Commands are passed (cmd.c), directly or through queues
 *   (queue.c). xnvme_dev_close() undoes all in reverse order.
 *
 * States
 *   (none) --xnvme_dev_open--> open --xnvme_dev_close--> closing --last queue_term--> (none)
 *                               `--------------------------------xnvme_dev_close----> (none)
 *
 * Ownership and lifetimes
 *   The user owns the handle and the queues made from it. A queue holds a reference, so that a
 *   handle that is closed before its queues is freed with the last of them. Buffers belong to the
 *   caller. Identify pages that getters return are valid until the handle is closed.
 *
 * Threads
 *   Open, close, sync and admin commands: any thread, at the same time. A queue with its contexts:
 *   one thread at a time. State of the process is one object (process.h), each member with its
 *   lock; the error text belongs to its thread.
 *
 * Errors
 *   Could not start: NULL with errno, or -errno, and a sentence in xnvme_err_text(). Started and
 *   failed: a status in the completion (err.h).
 *
 * What it does not do
 *   It prints nothing, reads no environment variable on an I/O path, and names paths only in the
 *   one table.
 */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include <host/dev.h>   /* a handle */
#include <host/err.h>   /* errors of calls and of commands */
#include <host/path.h>  /* the interface to the paths */
#include <host/paths.h> /* the table of paths, kinds and memory */
#include <host/queue.h> /* a queue */
#include <host/uri.h>   /* kinds of URIs */

#endif /* HOST_HOST_H */
