/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ranges of logical blocks, checked against a device's geometry. The functions that return a range
 * are pure: they do not block or fail; attr.is_valid of the range is the result of the check.
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
	uint64_t slba;	 /**< first block */
	uint64_t elba;	 /**< last block, inclusive */
	uint32_t naddrs; /**< number of blocks; 0 if not valid */
	uint64_t nbytes; /**< data bytes, without metadata; 0 if not valid */
	struct xnvme_lba_range_attr attr;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_lba_range) == 40, "incorrect size")

/**
 * Prints `range` as YAML to `stream`; `opts` is of enum xnvme_pr. Returns the number of
 * characters, or -errno.
 */
int xnvme_lba_range_fpr(FILE *stream, struct xnvme_lba_range *range, int opts);

/** As xnvme_lba_range_fpr(), to stdout */
int xnvme_lba_range_pr(struct xnvme_lba_range *range, int opts);

/**
 * Returns the blocks of `nbytes` bytes at byte offset `offset`; valid when both are multiples of
 * the block size and the blocks are within the device
 */
struct xnvme_lba_range xnvme_lba_range_from_offset_nbytes(struct xnvme_dev *dev, uint64_t offset,
							  uint64_t nbytes);

/** Returns the blocks `slba` to `elba` inclusive; valid when they are within the device */
struct xnvme_lba_range xnvme_lba_range_from_slba_elba(struct xnvme_dev *dev, uint64_t slba,
						      uint64_t elba);

/**
 * Returns `naddrs` blocks from `slba` on; valid when `naddrs` is at least 1 and all blocks are
 * within the device
 */
struct xnvme_lba_range xnvme_lba_range_from_slba_naddrs(struct xnvme_dev *dev, uint64_t slba,
							uint64_t naddrs);

/** Returns the writable blocks of a zone: from its first block on, as many as the zone capacity */
struct xnvme_lba_range xnvme_lba_range_from_zdescr(struct xnvme_dev *dev,
						   struct xnvme_spec_znd_descr *zdescr);

/**
 * Prints an address to `stream`; `opts` is of enum xnvme_pr. Returns the number of characters, or
 * -errno.
 */
int xnvme_lba_fpr(FILE *stream, uint64_t lba, enum xnvme_pr opts);

/** As xnvme_lba_fpr(), to stdout */
int xnvme_lba_pr(uint64_t lba, enum xnvme_pr opts);

/** Prints `nlb` addresses to `stream`. Returns the number of characters, or -errno. */
int xnvme_lba_fprn(FILE *stream, const uint64_t *lba, uint16_t nlb, enum xnvme_pr opts);

/** As xnvme_lba_fprn(), to stdout */
int xnvme_lba_prn(const uint64_t *lba, uint16_t nlb, enum xnvme_pr opts);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_LBA_H */
