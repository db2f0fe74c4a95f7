/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Geometry: block size, capacity and zones of a namespace, from its identify pages at open.
 *
 * Conventional: `nzone` 1, `nsect` blocks. Zoned: `nzone` zones of `nsect` blocks. Key-value and
 * controller handles: the counts are 0. Files: blocks of 512 bytes, `tbytes` is the file's size.
 *
 * @param stream Where to print
 * @param opts Output format, a value of enum xnvme_pr
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
	uint32_t npugrp;     /**< 1; for source compatibility */
	uint32_t npunit;     /**< 1; for source compatibility */
	uint32_t nzone;      /**< zones; 1 for conventional namespaces */
	uint64_t nsect;      /**< blocks per zone */
	uint32_t nbytes;     /**< data bytes per block, without metadata */
	uint32_t nbytes_oob; /**< metadata bytes per block */
	uint64_t tbytes;     /**< data bytes of the namespace or file */
	uint64_t ssw;	     /**< base-2 logarithm of nbytes */
	/**
	 * The maximum bytes of data per command, with any buffer that is aligned to 4 bytes: MDTS
	 * in the standard (Identify Controller), reduced to the limit of the path. Through Linux'
	 * NVMe driver that is the smaller of max_hw_sectors and of max_segments - 1 pages; for a
	 * multipath head, the minimum over its paths. For a vector the limit is one page less for
	 * each of its elements that starts or ends within a page. The value is that of the time of
	 * open: if a head gets a path with a lower limit later, the kernel refuses larger commands
	 * with -EINVAL.
	 */
	uint32_t mdts_nbytes;
	uint32_t lba_nbytes;  /**< bytes per block in a data buffer: with metadata if extended */
	uint8_t lba_extended; /**< 1: metadata follow the data of each block in the buffer */
	uint8_t pi_type;      /**< enum xnvme_pi_type */
	uint8_t pi_loc;	      /**< 1: protection information at the start of the metadata; 0: end */
	uint8_t pi_format;    /**< enum xnvme_spec_nvm_ns_pif */
	uint8_t _rsvd[4];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_geo) == 64, "incorrect size")

/**
 * Print a geometry as YAML
 *
 * Any thread.
 *
 * @param geo The geometry; NULL prints as `~`
 * @return The number of characters, or -errno
 */
int xnvme_geo_fpr(FILE *stream, const struct xnvme_geo *geo, int opts);

/** As xnvme_geo_fpr(), to stdout */
int xnvme_geo_pr(const struct xnvme_geo *geo, int opts);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_GEO_H */
