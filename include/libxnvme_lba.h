/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ranges of logical blocks, checked against a device's geometry. Pure functions: they neither
 * block nor fail; a range that cannot be is not valid and says so.
 */
#ifndef LIBXNVME_LBA_H
#define LIBXNVME_LBA_H

#include <stdio.h>
#include <libxnvme_dev.h>
#include <libxnvme_pp.h>

#ifdef __cplusplus
extern "C" {
#endif

struct xnvme_lba_range_attr {
	bool is_zoned;
	bool is_valid;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_lba_range_attr) == 2, "incorrect size")

struct xnvme_lba_range {
	uint64_t slba;
	uint64_t elba;
	uint32_t naddrs;
	uint64_t nbytes;
	struct xnvme_lba_range_attr attr;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_lba_range) == 40, "incorrect size")

/**
 * Writes it as YAML to `stream`; `opts` is of enum xnvme_pr. The number of characters, or
 * -errno.
 */
int xnvme_lba_range_fpr(FILE *stream, struct xnvme_lba_range *range, int opts);

/** The same to the standard output. */
int xnvme_lba_range_pr(struct xnvme_lba_range *range, int opts);

/**
 * The blocks of `nbytes` bytes at byte `offset`; valid when both are whole blocks on the device
 */
struct xnvme_lba_range xnvme_lba_range_from_offset_nbytes(struct xnvme_dev *dev, uint64_t offset,
							  uint64_t nbytes);

/** The blocks from `slba` to `elba`, both included; valid when they are on the device */
struct xnvme_lba_range xnvme_lba_range_from_slba_elba(struct xnvme_dev *dev, uint64_t slba,
						      uint64_t elba);

/**
 * `naddrs` blocks from `slba` on; valid when there is one at least and all are on the device
 */
struct xnvme_lba_range xnvme_lba_range_from_slba_naddrs(struct xnvme_dev *dev, uint64_t slba,
							uint64_t naddrs);

/** The writable blocks of a zone: from its first on, as many as its capacity */
struct xnvme_lba_range xnvme_lba_range_from_zdescr(struct xnvme_dev *dev,
						   struct xnvme_spec_znd_descr *zdescr);

/**
 * Writes an address to `stream`; `opts` is of enum xnvme_pr. The number of characters, or
 * -errno.
 */
int xnvme_lba_fpr(FILE *stream, uint64_t lba, enum xnvme_pr opts);

/** The same to the standard output. */
int xnvme_lba_pr(uint64_t lba, enum xnvme_pr opts);

/** Writes `nlb` addresses to `stream`. The number of characters, or -errno. */
int xnvme_lba_fprn(FILE *stream, const uint64_t *lba, uint16_t nlb, enum xnvme_pr opts);

/** The same to the standard output. */
int xnvme_lba_prn(const uint64_t *lba, uint16_t nlb, enum xnvme_pr opts);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_LBA_H */
