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

/*
 * The few declarations that differ between xNVMe 0.7.5 and its main line after it exist in both
 * forms. A program chooses before the first include:
 *
 *   #define XNVME_API_VERSION 705   the forms of xNVMe 0.7.5; the default
 *   #define XNVME_API_VERSION 706   the forms of the main line
 *
 * The functions of the main line have the suffix _706 in the library, and a macro maps the plain
 * name to them, so parts of one program may choose differently.
 */
#ifndef XNVME_API_VERSION
#define XNVME_API_VERSION 705
#endif
#if XNVME_API_VERSION < 705 || XNVME_API_VERSION > 706
#error "XNVME_API_VERSION: use 705 (xNVMe 0.7.5, the default) or 706 (its main line)"
#endif

/*
 * The name in the library of a function whose structures are not those of xNVMe 0.7.5
 * (struct xnvme_opts, struct xnvme_cli): it ends in the version in which they last changed. An
 * object that was compiled with the headers of 0.7.5 refers to the plain name, and the linker says
 * that it must be compiled again. The plain name exists for callers that look it up at run time.
 */
#define XNVME_LAYOUT_0_8(name) __asm__(#name "_0_8")

/* A function that a compiler may put in place of its call. The library has it too, for callers in
 * other languages and compilers that do not. */
#ifndef XNVME_INLINE
#define XNVME_INLINE extern inline __attribute__((gnu_inline))
#endif

#endif /* LIBXNVME_BASE_H */
