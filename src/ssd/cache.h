/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The volatile write cache: what a power cut takes back.
 */
#ifndef SSD_CACHE_H
#define SSD_CACHE_H

#include <ssd/engine.h>

void cache_init(struct cache *cache, uint8_t *memory, uint64_t nbytes);

/* Blocks are about to change by a command that will be acknowledged before they are durable: keep
 * what they hold. A range that the cache cannot hold becomes durable with everything before it.
 * `stream`: where the new ones are placed */
void cache_before_write(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint32_t nlb,
			uint16_t stream);

/* Blocks have just become what they are for good: a power cut must not take that back */
void cache_made_durable(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint64_t nlb);

/* Everything of a namespace, or of all (NSID_ALL), becomes durable */
void cache_flush(struct ssd *ssd, uint32_t nsid);

/* Power is gone: take back what was not durable */
void cache_lose(struct ssd *ssd);

#endif /* SSD_CACHE_H */
