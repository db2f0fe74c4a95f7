/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * State of the NVM command set: its part of struct ssd.
 */
#ifndef SSD_NVM_STATE_H
#define SSD_NVM_STATE_H

#include <ssd/limits.h>

/* The first half of a fused operation, held until its second half arrives */
#define FUSED_SLOTS 8
#define FUSED_LBA_MAX 4u /* ACWU + 1 */
#define FUSED_DATA_NBYTES (FUSED_LBA_MAX * (BLOCK_NBYTES_MAX + META_NBYTES_MAX))
struct fused {
	bool used;
	uint16_t owner;
	uint16_t sqid;
	struct xnvme_spec_cmd cmd;
	uint16_t status; /* of the check and of the transfer from the host */
	uint32_t data_nbytes, meta_nbytes;
	uint8_t data[FUSED_DATA_NBYTES];
	uint8_t meta[FUSED_LBA_MAX * META_NBYTES_MAX];
};

struct nvm_state {
	struct fused fused[FUSED_SLOTS];
	uint8_t block[BLOCK_NBYTES_MAX + META_NBYTES_MAX]; /* scratch: the host's, to compare */
};

#endif /* SSD_NVM_STATE_H */
