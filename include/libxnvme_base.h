/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What every public header needs and nothing more. Freestanding.
 */
#ifndef LIBXNVME_BASE_H
#define LIBXNVME_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define XNVME_STATIC_ASSERT(cond, msg) static_assert(cond, msg);
#else
#define XNVME_STATIC_ASSERT(cond, msg) _Static_assert(cond, msg);
#endif

/* A function that a compiler may put in place of its call. The library has it too, for callers in
 * other languages and compilers that do not. */
#ifndef XNVME_INLINE
#define XNVME_INLINE extern inline __attribute__((gnu_inline))
#endif

#endif /* LIBXNVME_BASE_H */
