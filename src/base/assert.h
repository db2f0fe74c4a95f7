/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Assertions, four words. ASSERT: proven. ALWAYS / NEVER: believed, and survived when wrong.
 * SOMETIMES: must be seen both true and false in tests. STATIC_ASSERT: at compile time.
 */
#ifndef BASE_ASSERT_H
#define BASE_ASSERT_H

#include <env/env.h>

#define STATIC_ASSERT(cond, msg) _Static_assert(cond, msg)

#ifdef NDEBUG
#define ASSERT(cond) ((void)sizeof(!!(cond))) /* not evaluated, but its names are used */
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

/* Coverage marks: a test build counts both outcomes, any other build costs nothing */
#ifdef SOMETIMES_COUNT
void sometimes_seen(const char *what, const char *file, int line, bool value);
#define SOMETIMES(cond) sometimes_seen(#cond, __FILE__, __LINE__, !!(cond))
#else
#define SOMETIMES(cond) ((void)0)
#endif

#endif /* BASE_ASSERT_H */
