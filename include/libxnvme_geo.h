/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Geometry: the shape of a namespace
 */
#ifndef LIBXNVME_GEO_H
#define LIBXNVME_GEO_H

#include <stdio.h>
#include <libxnvme_base.h>

#ifdef __cplusplus
extern "C" {
#endif

enum xnvme_geo_type {
	XNVME_GEO_UNKNOWN = 0x0,
	XNVME_GEO_CONVENTIONAL = 0x1,
	XNVME_GEO_ZONED = 0x2,
	XNVME_GEO_KV = 0x3,
};

struct xnvme_geo {
	enum xnvme_geo_type type;
	uint32_t npugrp;
	uint32_t npunit;
	uint32_t nzone;
	uint64_t nsect;
	uint32_t nbytes;
	uint32_t nbytes_oob;
	uint64_t tbytes;
	uint64_t ssw;
	uint32_t mdts_nbytes;
	uint32_t lba_nbytes;
	uint8_t lba_extended;
	uint8_t pi_type;
	uint8_t pi_loc;
	uint8_t pi_format;
	uint8_t _rsvd[4];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_geo) == 64, "incorrect size")

int xnvme_geo_fpr(FILE *stream, const struct xnvme_geo *geo, int opts);

int xnvme_geo_pr(const struct xnvme_geo *geo, int opts);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_GEO_H */
