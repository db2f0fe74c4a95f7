/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the host side keeps per process rather than per handle. It is one object, so that a handler
 * of fork() resets all of it, and so that nothing else of src/host and src/path is writable.
 *
 * Threads. Each member names the lock that protects it, or is _Atomic.
 *
 * After fork(). fork.c resets the object in the child: all that refers to threads, rings and memory
 * of the parent. Handlers are registered by fork_watch(), before the first handle is opened.
 */
#ifndef HOST_PROCESS_H
#define HOST_PROCESS_H

#include <host/be.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct ctrl;
struct xnvme_dev;
struct xnvme_queue;

struct process {
	/* fork.c */
	pthread_once_t fork_once;
	int fork_err;         /* 0, or an error of pthread_atfork() */
	pthread_mutex_t lock; /* of the two lists; held across fork() */
	struct xnvme_dev *devs;
	struct xnvme_queue *queues;

	/* be.c: filled once, then constant */
	pthread_once_t be_once;
	struct be_names be;

	/* path/posix/posix_aio.c */
	_Atomic bool aio_used; /* a queue was created: the C library has threads for it */
	bool aio_lost; /* a parent of this process had used it */

	/* path/linux/uring.c */
	pthread_once_t ending_once;
	pthread_key_t ending; /* its destructor counts the threads that end */
	bool ending_is_told;
	_Atomic long pollers; /* rings with a kernel thread for submission (SQPOLL) */
	_Atomic uint64_t threads; /* that have a this_thread.number */
	/* Number of threads that used the fast path into the kernel and have ended. A new thread
	 * may have the same address as an ended one; then this number differs from the one stored
	 * in the ring. Relaxed is enough: a thread that reuses the address of an ended thread sees
	 * all its stores. */
	_Atomic uint64_t threads_ended;

	/* path/pcie/ctrl.c: all controllers. The lock is not held while waiting for a controller,
	 * so that others can be opened and closed meanwhile. */
	pthread_mutex_t ctrls_lock; /* protects the list, every `refs` and `changing` */
	pthread_cond_t ctrls_changed;
	struct ctrl *ctrls;
	/* path/pcie/dma.c: the next candidate for a heap's address, beyond HEAP_PLACE */
	_Atomic uint64_t heap_offset;
};

extern struct process process __attribute__((visibility("hidden")));

#endif /* HOST_PROCESS_H */
