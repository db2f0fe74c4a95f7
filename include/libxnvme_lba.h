/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ranges of logical blocks, checked against a device's geometry. The functions that return a range
 * are pure: they do not block or fail; attr.is_valid of the range is the result of the check.
 *
 * @param range The range
 * @param slba LBA of the first block
 * @param lba The address
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
 * Print a range as YAML
 *
 * @return The number of characters, or -errno
 */
int xnvme_lba_range_fpr(FILE *stream, struct xnvme_lba_range *range, int opts);

/** As xnvme_lba_range_fpr(), to stdout */
int xnvme_lba_range_pr(struct xnvme_lba_range *range, int opts);

/**
 * Get the blocks of a range of bytes
 *
 * @param offset First byte: a multiple of the block size
 * @param nbytes Number of bytes: a multiple of the block size
 * @return The range; attr.is_valid is false if an argument is not a multiple of the block size, or
 *   the blocks are not all within the device
 */
struct xnvme_lba_range xnvme_lba_range_from_offset_nbytes(struct xnvme_dev *dev, uint64_t offset,
							  uint64_t nbytes);

/**
 * Get the range from a first to a last block, inclusive
 *
 * @param elba LBA of the last block
 * @return The range; attr.is_valid is false if it is not within the device
 */
struct xnvme_lba_range xnvme_lba_range_from_slba_elba(struct xnvme_dev *dev, uint64_t slba,
						      uint64_t elba);

/**
 * Get the range of a number of blocks
 *
 * @param naddrs Number of blocks, at least 1
 * @return The range; attr.is_valid is false if it is empty or not within the device
 */
struct xnvme_lba_range xnvme_lba_range_from_slba_naddrs(struct xnvme_dev *dev, uint64_t slba,
							uint64_t naddrs);

/**
 * Get the writable blocks of a zone: from its first block on, as many as the zone capacity
 *
 * @param zdescr Descriptor of the zone
 * @return The range; attr.is_valid is false if it is not within the device
 */
struct xnvme_lba_range xnvme_lba_range_from_zdescr(struct xnvme_dev *dev,
						   struct xnvme_spec_znd_descr *zdescr);

/**
 * Print an address
 *
 * @return The number of characters, or -errno
 */
int xnvme_lba_fpr(FILE *stream, uint64_t lba, enum xnvme_pr opts);

/** As xnvme_lba_fpr(), to stdout */
int xnvme_lba_pr(uint64_t lba, enum xnvme_pr opts);

/**
 * Print several addresses
 *
 * @param lba The addresses
 * @param nlb The number of addresses
 * @return The number of characters, or -errno
 */
int xnvme_lba_fprn(FILE *stream, const uint64_t *lba, uint16_t nlb, enum xnvme_pr opts);

/** As xnvme_lba_fprn(), to stdout */
int xnvme_lba_prn(const uint64_t *lba, uint16_t nlb, enum xnvme_pr opts);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_LBA_H */
