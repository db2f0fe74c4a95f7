/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What freestanding code requires of its environment: four functions for memory and env_panic().
 *
 * Terms. Freestanding: code that uses no C library and no system call, so that the same object
 * files run in a process and can run in a kernel; the folders base, nvme, ssd and export/pci.
 *
 * Life cycle, ownership, threads. None: there is no state. The functions may be called from any
 * thread.
 *
 * Errors. env_panic() does not return.
 *
 * What it does not do. No allocation, no clock, no output. A build provides the functions: the C
 * library and env/user/panic.c in user space. ci/freestanding.sh checks that nothing else is
 * needed.
 */
#ifndef ENV_ENV_H
#define ENV_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict dst, const void *restrict src, size_t nbytes);
void *memmove(void *dst, const void *src, size_t nbytes);
void *memset(void *dst, int byte, size_t nbytes);
int memcmp(const void *a, const void *b, size_t nbytes);

#define ENV_EINVAL 22 /* EINVAL of every supported system; freestanding code has no errno.h */

/* An assertion failed: what and where. Does not return. */
_Noreturn void env_panic(const char *what, const char *file, int line);

#endif /* ENV_ENV_H */
