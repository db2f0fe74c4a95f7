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

#endif /* LIBXNVME_BASE_H */
