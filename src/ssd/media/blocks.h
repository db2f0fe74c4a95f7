/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Blocks on the media: where they are, and their two marks, one bit for each block. `written`: the
 * block has data, and otherwise reads as zeroes. `bad`: it is unreadable (Write Uncorrectable).
 */
#ifndef SSD_MEDIA_BLOCKS_H
#define SSD_MEDIA_BLOCKS_H

#include <base/bits.h>
#include <ssd/check.h>
#include <ssd/engine.h>

#define SECTORS_PER_CHUNK (PAGE_NBYTES * 8) /* covered by one page of `written` */

/* A range of one or more blocks of a namespace */
static inline void
blocks_check(const struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint64_t nlb)
{
	ns_check(ssd, ns);
	ASSERT(nlb > 0 && lba < ns->nlba && nlb <= ns->nlba - lba);
}

static inline uint8_t *
blocks_data(const struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba)
{
	ASSERT(ssd->data && lba < ns->nlba);
	return ssd->data + ns->base + (lba << ns->shift);
}

static inline uint8_t *
blocks_meta(const struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba)
{
	ASSERT(ssd->meta && ns->meta_nbytes && lba < ns->nlba);
	return ssd->meta + ns->meta + lba * ns->meta_nbytes;
}

void blocks_mark_slowly(struct ssd *ssd, uint64_t bit, uint64_t nlb);

/* Mark blocks as written. Most of them already are: check that first. */
static inline void
blocks_mark(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint32_t nlb)
{
	uint64_t bit = ns->sector + lba;

	blocks_check(ssd, ns, lba, nlb);
	if (UNLIKELY(ssd->written[bit >> 6] != ~0ULL || (bit & 63) + nlb > 64)) {
		blocks_mark_slowly(ssd, bit, nlb);
	}
}

/* The same, before the first of them is stored */
static inline void
blocks_mark_ahead(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint32_t nlb)
{
	blocks_mark(ssd, ns, lba, nlb);
	__atomic_signal_fence(__ATOMIC_SEQ_CST); /* before the stores to media; see journal.c */
}

/* Mark blocks as never written: data and metadata are zero */
void blocks_forget(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint64_t nlb);

/* Clear the unreadable mark of blocks */
void blocks_make_good(struct ssd *ssd, struct ssd_ns *ns, uint64_t lba, uint64_t nlb);

#endif /* SSD_MEDIA_BLOCKS_H */
