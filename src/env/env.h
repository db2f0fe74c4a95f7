/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What freestanding code asks of its surroundings: four memory functions and env_panic().
 * A build provides them: the C library and env/user/panic.c in user space, the kernel in
 * env/kernel.
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

/* An assertion failed: what and where. Does not return. */
_Noreturn void env_panic(const char *what, const char *file, int line);

#endif /* ENV_ENV_H */
