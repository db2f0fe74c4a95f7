/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writes that a power cut may undo: those in the volatile cache, and those in flight.
 */
#ifndef SSD_MEDIA_CACHE_H
#define SSD_MEDIA_CACHE_H

#include <ssd/check.h>
#include <ssd/engine.h>

/* Bytes of memory for the undo records of this configuration; 0: a power cut undoes nothing */
uint64_t cache_memory_nbytes(const struct ssd_config *config);
void cache_init(struct cache *cache, uint8_t *memory, uint64_t nbytes);

/* What every operation on the log keeps true */
static inline void
cache_check(const struct ssd *ssd)
{
	const struct cache *cache = &ssd->cache;

	ASSERT(cache->head <= cache->nbytes && cache->tail <= cache->nbytes);
	ASSERT(cache->count > 0 || (cache->tail == 0 && cache->dirty_nbytes == 0));
	ASSERT(cache->fresh <= cache->count && cache->newest <= cache->nbytes);
	ASSERT(cache->dirty_nbytes <= ssd->config.cache_nbytes);
}

/* Record the contents of blocks before they change. `through`: the new contents are durable when
 * the command completes (FUA, or no cache), else when they are flushed. A range for which the log
 * has no space becomes durable at once, with everything before it. `stream`: placement of the new
 * blocks. */
void cache_before_write(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint32_t nlb,
			bool through, uint16_t stream);

/* The current command completes at `ready_at`; NS_NEVER: its completion is lost */
void cache_command_ends(struct ssd *ssd, ns_t ready_at);

/* Writes that have completed, in a namespace or in all (NSID_ALL), are durable at `at` */
void cache_flush_at(struct ssd *ssd, uint32_t nsid, ns_t at);

/* Everything in a namespace, or in all, is durable now, and its records are dropped */
void cache_flush(struct ssd *ssd, uint32_t nsid);

/* The same for writes within [lba, lba + nlb) of a zoned namespace */
void cache_settle(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint64_t nlb);

/* Power is lost: undo what was not durable, as the policy requires */
void cache_lose(struct ssd *ssd);

#endif /* SSD_MEDIA_CACHE_H */
