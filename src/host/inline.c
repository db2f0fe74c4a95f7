/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Emits the out-of-line copies of the functions that the public headers define inline.
 */
#define XNVME_INLINE
#include <libxnvme.h>
