/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The paths that POSIX systems have, and queues on top of blocking paths.
 *
 *   file.c       files: how they are opened, "psync" (preadv, pwritev), "file_as_ns" (admin)
 *   posix_aio.c  "posix": aio_read(3), aio_write(3), aio_fsync(3)
 *   thrpool.c    "thrpool": threads run the commands through the handle's sync path
 *   emu.c        "emu": a poke runs the commands through the handle's sync path
 *   nil.c        "nil": completes commands without transfer, to measure the library
 *
 * Terms
 *   slot    an entry of a queue's array, with a command that has not completed
 *   worker  a thread of thrpool
 *
 * Life cycle of a command
 *   submit stores it in a slot; a request, a worker or the poke itself runs it; reap calls back.
 *
 * States of a slot
 *   free --submit--> waiting --(emu, thrpool: taken)--> running --> complete --reap--> free
 *
 * Ownership and lifetimes
 *   A queue owns its slots, threads and descriptors; queue_fini ends the threads.
 *
 * Threads
 *   Workers share two rings with the thread of the queue, under one mutex. Signals are blocked in
 *   workers.
 *
 * Errors
 *   As the sync path of the handle: a status in the completion.
 *
 * What it does not do
 *   Order: commands of thrpool and posix complete in any order. emu keeps the order of submission.
 */
#ifndef PATH_POSIX_POSIX_H
#define PATH_POSIX_POSIX_H

#include <host/path.h> /* the interface that each path implements */

#endif /* PATH_POSIX_POSIX_H */
