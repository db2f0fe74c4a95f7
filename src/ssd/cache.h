/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a power cut may take back: writes in the volatile cache, and writes in flight.
 */
#ifndef SSD_CACHE_H
#define SSD_CACHE_H

#include <ssd/engine.h>

/* Bytes of memory for the records of such an SSD; 0: a power cut takes nothing back */
uint64_t cache_memory_nbytes(const struct ssd_config *config);
void cache_init(struct cache *cache, uint8_t *memory, uint64_t nbytes);

/* Is anything that a write overwrites to be kept? With power_loss=all a drive without a cache (or
 * with the cache turned off) loses nothing, and its writes go the straight way. */
static inline bool
cache_keeps(const struct ssd *ssd)
{
	if (!ssd->data || !ssd->cache.nbytes) {
		return false;
	}
	/* when time costs nothing, nothing is in flight */
	return cache_is_on(ssd) || (ssd->config.power_loss != SSD_POWER_LOSS_ALL &&
				    !(ssd->time_free && !ssd->config.cache_nbytes));
}

/* Blocks are about to change: keep what they hold. `through`: what comes instead is durable when
 * the command completes (FUA, or no cache), else when it is flushed. A range that there is no room
 * for becomes durable at once, with everything before it. `stream`: where the new blocks are
 * placed */
void cache_before_write(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint32_t nlb,
			bool through, uint16_t stream);

/* The command that runs completes at `ready_at`; NS_NEVER: its completion is lost */
void cache_command_ends(struct ssd *ssd, ns_t ready_at);

/* What has completed in a namespace, or in all (NSID_ALL), is durable at `at` */
void cache_flush_at(struct ssd *ssd, uint32_t nsid, ns_t at);

/* Everything of a namespace, or of all, is durable now and will not be looked at again */
void cache_flush(struct ssd *ssd, uint32_t nsid);

/* The same of writes that lie in [lba, lba + nlb) of a zoned namespace */
void cache_settle(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint64_t nlb);

/* Power is gone: take back what the policy says of what was not durable */
void cache_lose(struct ssd *ssd);

#endif /* SSD_CACHE_H */
