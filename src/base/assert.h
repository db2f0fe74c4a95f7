/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Assertions. ASSERT: proven. ALWAYS / NEVER: expected, and handled when wrong. STATIC_ASSERT: at
 * compile time.
 */
#ifndef BASE_ASSERT_H
#define BASE_ASSERT_H

#include <env/env.h>

#define STATIC_ASSERT(cond, msg) _Static_assert(cond, msg)

#ifdef NDEBUG
#define ASSERT(cond) ((void)sizeof(!!(cond))) /* not evaluated, but its names count as used */
#define ALWAYS(cond) __builtin_expect(!!(cond), 1)
#define NEVER(cond) __builtin_expect(!!(cond), 0)
#else
#define ASSERT(cond)                                              \
	((cond) ? (void)0 : env_panic(#cond, __FILE__, __LINE__))
#define ALWAYS(cond)                                              \
	(__builtin_expect(!!(cond), 1) ? 1 : (env_panic(#cond, __FILE__, __LINE__), 0))
#define NEVER(cond)                                               \
	(__builtin_expect(!!(cond), 0) ? (env_panic(#cond, __FILE__, __LINE__), 1) : 0)
#endif

#endif /* BASE_ASSERT_H */
