/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Why the last call of this thread failed, as a sentence
 */
#ifndef LIBXNVME_ERR_H
#define LIBXNVME_ERR_H

#include <libxnvme_base.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The reason why this thread's last failed call into the library failed, and what to do about it
 *
 * Never NULL; empty when nothing failed yet. Lent until this thread's next call into the library.
 * Does not block. A call that succeeds leaves the text as it was.
 */
const char *xnvme_err_text(void);

/** Forget the text: xnvme_err_text() is "" afterwards */
void xnvme_err_clear(void);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_ERR_H */
