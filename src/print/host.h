/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Parts of xnvme_dev_fpr(): each at the indent where it is found there.
 */
#ifndef PRINT_HOST_H
#define PRINT_HOST_H

#include <libxnvme_geo.h>
#include <libxnvme_opts.h>
#include <stdio.h>

int print_geo(FILE *stream, const struct xnvme_geo *geo, int indent);
int print_opts(FILE *stream, const struct xnvme_opts *opts, int indent);

#endif /* PRINT_HOST_H */
