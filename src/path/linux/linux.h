/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The paths of Linux: rings shared with the kernel, system calls to its NVMe driver, block devices.
 *
 *   io_uring.c      reads, writes and flushes of files and block devices through a ring
 *   io_uring_cmd.c  NVMe commands through a ring, for character devices (/dev/ng0n1)
 *   libaio.c        the kernel's older asynchronous interface
 *   nvme_ioctl.c    every command of every command set, admin and I/O, blocking
 *   block.c         block devices of any driver, with an emulated controller; zones: block_zone.c
 *   node.c          NVMe devices in sysfs and /dev
 *   hugepage.c      buffers from huge pages
 *
 * Terms
 *   ring   submissions and completions in memory shared with the kernel (kernel_ring.h, uring.h)
 *   node   a device file of a namespace: character (ng) or block (nvme) (node.h)
 *   shape  the sizes of a ring's entries, 64 and 16 bytes or 128 and 32
 *
 * Life cycle of an asynchronous command
 *   submit writes an entry of the ring; reap passes the batched entries to the kernel and takes
 *   completions in the same system call, or from memory alone when there are some.
 *
 * Ownership and lifetimes
 *   A queue owns its ring. Descriptors of a device belong to the handle.
 *
 * Threads
 *   A queue may move from one thread to another while nothing is outstanding (uring.h).
 *
 * Errors
 *   Features that the user did not require are tried and dropped, with a note; required ones are
 *   refused with the reason. A completion of the kernel with an errno becomes a status with it.
 *
 * What it does not do
 *   No polling threads of its own, no registered buffers but those of register_buffers.
 */
#ifndef PATH_LINUX_LINUX_H
#define PATH_LINUX_LINUX_H

#include <path/linux/node.h>     /* the nodes of a namespace */
#include <path/linux/passthru.h> /* the kernel's form of a command */
#include <path/linux/ring_io.h>  /* commands as reads and writes */

#endif /* PATH_LINUX_LINUX_H */
