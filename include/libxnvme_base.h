/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Definitions that every public header uses. Freestanding.
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

/*
 * The few declarations that differ between xNVMe 0.7.5 and its main line after it exist in both
 * forms. A program selects one before the first include:
 *
 *   #define XNVME_API_VERSION 705   the forms of xNVMe 0.7.5; the default
 *   #define XNVME_API_VERSION 706   the forms of the main line
 *
 * The functions of the main line have the suffix _706 in the library, and a macro maps the plain
 * name to them, so parts of one program may select different forms.
 */
#ifndef XNVME_API_VERSION
#define XNVME_API_VERSION 705
#endif
#if XNVME_API_VERSION < 705 || XNVME_API_VERSION > 706
#error "XNVME_API_VERSION: use 705 (xNVMe 0.7.5, the default) or 706 (its main line)"
#endif

/*
 * The symbol of a function whose structures (struct xnvme_opts, struct xnvme_cli) have another
 * layout than in xNVMe 0.7.5: it ends in the version in which they last changed. An object compiled
 * with the headers of 0.7.5 refers to the plain name, and the linker reports that the object must
 * be recompiled. The plain name exists for callers that look it up at run time.
 */
#define XNVME_LAYOUT_0_8(name) __asm__(#name "_0_8")

/* An inline function. The library also exports it as a symbol, for callers in other languages and
 * for compilers that do not inline it. */
#ifndef XNVME_INLINE
#define XNVME_INLINE extern inline __attribute__((gnu_inline))
#endif

#endif /* LIBXNVME_BASE_H */
