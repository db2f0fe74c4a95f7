/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The library's own copies of the functions that the public headers let compilers inline.
 */
#define XNVME_INLINE
#include <libxnvme.h>
