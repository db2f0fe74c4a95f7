/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Output formats of the print functions
 *
 * @param stream Where to print; the function blocks if the stream does
 * @param opts Output format, a value of enum xnvme_pr; all values select YAML today
 */
#ifndef LIBXNVME_PP_H
#define LIBXNVME_PP_H

#include <libxnvme_base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Requested output format; all values select YAML today */
enum xnvme_pr {
	XNVME_PR_DEF = 0x0,
	XNVME_PR_YAML = 0x1,
	XNVME_PR_TERSE = 0x2,
};

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_PP_H */
