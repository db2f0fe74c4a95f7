/* SPDX-License-Identifier: BSD-3-Clause */
/* Branch prediction hints: the likely side falls through */
#ifndef BASE_LIKELY_H
#define BASE_LIKELY_H

#define LIKELY(cond) __builtin_expect(!!(cond), 1)
#define UNLIKELY(cond) __builtin_expect(!!(cond), 0)

#endif /* BASE_LIKELY_H */
