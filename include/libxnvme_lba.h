/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ranges of logical blocks
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

int xnvme_lba_range_fpr(FILE *stream, struct xnvme_lba_range *range, int opts);

int xnvme_lba_range_pr(struct xnvme_lba_range *range, int opts);

struct xnvme_lba_range xnvme_lba_range_from_offset_nbytes(struct xnvme_dev *dev, uint64_t offset, uint64_t nbytes);

struct xnvme_lba_range xnvme_lba_range_from_slba_elba(struct xnvme_dev *dev, uint64_t slba, uint64_t elba);

struct xnvme_lba_range xnvme_lba_range_from_slba_naddrs(struct xnvme_dev *dev, uint64_t slba, uint64_t naddrs);

struct xnvme_lba_range xnvme_lba_range_from_zdescr(struct xnvme_dev *dev, struct xnvme_spec_znd_descr *zdescr);

int xnvme_lba_fpr(FILE *stream, uint64_t lba, enum xnvme_pr opts);

int xnvme_lba_pr(uint64_t lba, enum xnvme_pr opts);

int xnvme_lba_fprn(FILE *stream, const uint64_t *lba, uint16_t nlb, enum xnvme_pr opts);

int xnvme_lba_prn(const uint64_t *lba, uint16_t nlb, enum xnvme_pr opts);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_LBA_H */
