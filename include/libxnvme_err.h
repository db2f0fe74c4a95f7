/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The reason of this thread's last error, as a sentence
 *
 * @note The text belongs to the calling thread; other threads have their own.
 */
#ifndef LIBXNVME_ERR_H
#define LIBXNVME_ERR_H

#include <libxnvme_base.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Get the reason why this thread's last failed call into the library failed, and what to do
 *
 * Valid until this thread's next call into the library. A successful call keeps the text. Does not
 * block.
 *
 * @return One or more sentences; never NULL; empty when no call has failed
 */
const char *xnvme_err_text(void);

/** Clear this thread's text: xnvme_err_text() returns "" afterwards */
void xnvme_err_clear(void);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_ERR_H */
