/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The state of a thread, of both sides of the library: the only thread-local object.
 */
#ifndef OS_THREAD_H
#define OS_THREAD_H

#include <stdint.h>

struct thread {
	char host_text[1024]; /* of xnvme_err_text() */
	char virt_text[1024]; /* of nvmevirt_err_text() */
	uint64_t host_texts;  /* how often host_text was set */
	uint64_t number;      /* unique and never reused, unlike pthread_t; 0: not assigned yet */
};

extern _Thread_local struct thread this_thread __attribute__((visibility("hidden")));

#endif /* OS_THREAD_H */
