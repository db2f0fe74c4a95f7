/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The three cyclic redundancy checks of NVMe: guards of protection information (NVM Command Set
 * 1.0, End-to-end Data Protection); CRC-32C also for the digests of NVMe/TCP.
 *
 * `crc` is 0 for the first piece and the previous result for each following piece.
 */
#ifndef NVME_CRC_H
#define NVME_CRC_H

#include <env/env.h>

/* Guard of 16b protection information: CRC-16/T10-DIF */
uint16_t crc16_t10dif(uint16_t crc, const void *buf, size_t nbytes);

/* Guard of 32b protection information, digest of NVMe/TCP: CRC-32C */
uint32_t crc32c(uint32_t crc, const void *buf, size_t nbytes);

/* Guard of 64b protection information: CRC-64/NVME */
uint64_t crc64_nvme(uint64_t crc, const void *buf, size_t nbytes);

#endif /* NVME_CRC_H */
