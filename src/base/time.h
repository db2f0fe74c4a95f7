/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Time is passed as an argument: nanoseconds since an instant that the caller chooses.
 */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <env/env.h>

typedef uint64_t ns_t;

#define NS_NEVER UINT64_MAX
#define NS_PER_US 1000ULL
#define NS_PER_MS 1000000ULL
#define NS_PER_S 1000000000ULL

static inline ns_t
ns_max(ns_t a, ns_t b)
{
	return a > b ? a : b;
}

static inline ns_t
ns_min(ns_t a, ns_t b)
{
	return a < b ? a : b;
}

#endif /* BASE_TIME_H */
