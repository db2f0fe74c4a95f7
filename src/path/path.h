/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The paths: each carries commands out of the process or to a virtual SSD in it. A path implements
 * host/path.h; a row of host/paths.c says which roles it plays for which kinds of handle.
 *
 *   virt (inproc.c)   calls of a virtual SSD in this process
 *   ramdisk.c         memory as a namespace
 *   posix/            files, threads, POSIX asynchronous I/O, emulated and empty queues
 *   linux/            io_uring, libaio, the kernel's NVMe driver, block devices, huge pages
 *   pcie/             a driver in user space: VFIO, vfio-user, the PCI function of a virtual SSD
 *
 * Terms
 *   role    sync, admin or async: what a path does for a handle (host/path.h)
 *   kind    of a handle: how it is opened and what it names
 *   memory  a source of buffers that a path's devices can reach (host/mem.h)
 *
 * Life cycle
 *   attach at open, once per role; queue_init, submit, reap, queue_fini for queues; detach at
 *   close. host/resolve.c selects the path of each role by rank; the first whose attach succeeds is
 *   used.
 *
 * Ownership and lifetimes
 *   A path keeps its state of a handle in dev->state[role], of a queue in queue->state, and frees
 *   it in detach and queue_fini. Buffers and vectors are borrowed until the command is complete.
 *
 * Threads
 *   `call` may run in any thread; submit and reap in the one that uses the queue.
 *
 * Errors
 *   Could not start: -errno and an error text. Started and failed: a status in the completion
 *   (host/err.h).
 *
 * What it does not do
 *   Paths do not include each other, do not check bounds or permissions that host/cmd.c has
 *   checked, and allocate nothing between queue_init and queue_fini, except where the path's file
 *   says so.
 */
#ifndef PATH_PATH_H
#define PATH_PATH_H

#include <host/path.h> /* the interface that each path implements */

#endif /* PATH_PATH_H */
