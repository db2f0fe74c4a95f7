/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The marks of blocks, and the erasure of blocks without a mark.
 */
#include <ssd/media/blocks.h>
#include <ssd/ns.h>

void
blocks_mark_slowly(struct ssd *ssd, uint64_t bit, uint64_t nlb)
{
	uint64_t *word = &ssd->written[bit >> 6];
	uint64_t first_chunk = bit / (PAGE_NBYTES * 8);
	uint64_t last_chunk = (bit + nlb - 1) / (PAGE_NBYTES * 8);

	ASSERT(nlb > 0 && bit + nlb <= ssd->pool_nbytes / SECTOR_NBYTES);
	/* a nonzero word already has its chunk marked */
	if ((bit & 63) + nlb <= 64 && *word != 0) {
		*word |= bits_mask(bit & 63, (uint32_t)nlb);
		return;
	}
	bits_set(ssd->chunks, first_chunk, last_chunk - first_chunk + 1);
	bits_set(ssd->written, bit, nlb);
}

void
blocks_make_good(struct ssd *ssd, struct ssd_ns *ns, uint64_t lba, uint64_t nlb)
{
	uint64_t bit = ns->sector + lba;

	blocks_check(ssd, ns, lba, nlb);
	if ((ns->care_write & CARE_BAD) && bits_any(ssd->bad, bit, nlb)) {
		ns->saved->bad_lba -= bits_count(ssd->bad, bit, nlb);
		bits_clear(ssd->bad, bit, nlb);
		ns_refresh(ssd, ns->nsid - 1);
	}
}

/* Zero data and metadata of one run of written blocks */
static void
forget_run(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint64_t nlb)
{
	ASSERT(nlb > 0 && lba + nlb <= ns->nlba);
	if (ssd->data) {
		memset(ssd->data + ns->base + (lba << ns->shift), 0, nlb << ns->shift);
	}
	if (ssd->meta && ns->meta_nbytes) {
		memset(ssd->meta + ns->meta + lba * ns->meta_nbytes, 0, nlb * ns->meta_nbytes);
	}
	bits_clear(ssd->written, ns->sector + lba, nlb);
}

void
blocks_forget(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint64_t nlb)
{
	uint64_t end = ns->sector + lba + nlb;
	uint64_t at = ns->sector + lba;

	ns_check(ssd, ns);
	ASSERT(nlb <= ns->nlba && lba <= ns->nlba - nlb);
	while (at < end) {
		uint64_t chunk_end = (at / SECTORS_PER_CHUNK + 1) * SECTORS_PER_CHUNK;
		uint64_t stop = chunk_end < end ? chunk_end : end;

		/* a chunk without a bit was never touched, and stays so */
		while (bits_get(ssd->chunks, at / SECTORS_PER_CHUNK) && at < stop) {
			uint64_t from = bits_find(ssd->written, at, stop - at, true);
			uint64_t to = bits_find(ssd->written, from, stop - from, false);

			if (from < stop) {
				forget_run(ssd, ns, from - ns->sector, to - from);
			}
			at = to;
		}
		at = stop;
	}
}
