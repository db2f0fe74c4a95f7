/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A volatile write cache and the writes in flight, as an undo log: writes change the media at once,
 * and the overwritten data are kept as long as a power cut may undo the write. Reads need no
 * look-up, a flush marks records, and a power cut replays the log backwards and then forwards.
 *
 * A record is one change of one range of blocks. It becomes durable at an instant: when its command
 * completes (written through: FUA, or no cache), or when a flush completes that was submitted after
 * that. The log is a ring. When it is full, or the dirty data exceed the size of the cache, the
 * oldest record is dropped, i.e. its data have been written back. Records are contiguous; a record
 * that does not fit before the end of the ring starts at its beginning.
 *
 * The state after a power cut (cache_lose): backwards, every record swaps its blocks with the
 * media, which then are as before the oldest record; forwards, each durable record is swapped back,
 * and of every other record the pieces that survive according to `power_loss` and the seed. So each
 * block holds its newest write that survived, and no older write overrides a durable one. A piece
 * is a unit that AWUPF guarantees to be atomic.
 *
 * A zone has no holes, and blocks beyond the write pointer hold no data: a record of a zone needs
 * no copy of data (UNDO_BY_RANGE in kind.h), and what is lost is a tail (lose_tail).
 */
#include <base/bits.h>
#include <base/prng.h>
#include <ssd/kind.h>
#include <ssd/media/blocks.h>
#include <ssd/media/cache.h>
#include <ssd/ns.h>

#define IN_FLIGHT_NBYTES (4ULL << 20) /* for old data of commands in flight */

/* Followed by, unless by_range: data, metadata, bits of `written`, bits of `bad`, as before the
 * write; after the backward pass, as after the write */
struct record {
	uint64_t nbytes; /* including all that follows, a multiple of 8 */
	uint64_t older;	 /* offset of the previous record; undefined in the oldest */
	uint64_t newer;	 /* offset of the next record; undefined in the newest */
	uint64_t lba;
	uint64_t data_nbytes, meta_nbytes; /* of what follows */
	ns_t ready_at;			   /* NS_NEVER: not complete */
	ns_t durable_at;		   /* NS_NEVER: not known yet */
	uint32_t nlb;
	uint32_t nsid;
	uint16_t stream; /* placement of the new blocks */
	bool live;	 /* used by a power cut */
	bool through;	 /* durable when complete */
	bool dirty;	 /* counted in dirty_nbytes */
	bool by_range;	 /* no copies follow: see enum undo */
};

uint64_t
cache_memory_nbytes(const struct ssd_config *config)
{
	bool keeps = config->cache_nbytes || config->power_loss != SSD_POWER_LOSS_ALL;

	/* records exceed their data by at most a half, except for single blocks of 512 bytes */
	return keeps && !config->no_media
		       ? config->cache_nbytes + config->cache_nbytes / 2 + IN_FLIGHT_NBYTES
		       : 0;
}

void
cache_init(struct cache *cache, uint8_t *memory, uint64_t nbytes)
{
	cache->ring = memory;
	cache->nbytes = nbytes;
}

static struct record *
record_at(const struct cache *cache, uint64_t at)
{
	ASSERT(at % 8 == 0 && at + sizeof(struct record) <= cache->nbytes);
	return (struct record *)(void *)(cache->ring + at);
}

static uint64_t
bits_nbytes(uint32_t nlb)
{
	return ((uint64_t)nlb + 63) / 64 * 8;
}

static uint8_t *
data_of(struct record *record)
{
	return (uint8_t *)(record + 1);
}

static uint8_t *
meta_of(struct record *record)
{
	ASSERT(sizeof(*record) + record->data_nbytes <= record->nbytes);
	return data_of(record) + record->data_nbytes;
}

static uint64_t *
written_of(struct record *record)
{
	ASSERT(record->meta_nbytes % 8 == 0);
	return (uint64_t *)(void *)(meta_of(record) + record->meta_nbytes);
}

static uint64_t *
bad_of(struct record *record)
{
	ASSERT(record->nlb > 0);
	return written_of(record) + bits_nbytes(record->nlb) / 8;
}

static void
clean(struct ssd *ssd, struct record *record)
{
	ASSERT(record->nsid - 1 < SSD_NS_MAX);
	if (record->dirty) {
		record->dirty = false;
		ssd->cache.dirty_nbytes -= (uint64_t)record->nlb << ssd->ns[record->nsid - 1].shift;
	}
}

/* The oldest data have been written back */
static void
drop_oldest(struct ssd *ssd)
{
	struct cache *cache = &ssd->cache;
	struct record *record = record_at(cache, cache->head);

	ASSERT(cache->count > 0);
	clean(ssd, record);
	cache->head = record->newer;
	cache->count -= 1;
	cache->fresh = cache->fresh < cache->count ? cache->fresh : cache->count;
	if (cache->count == 0) {
		cache->head = cache->tail = 0;
	}
}

/* Find space for a record in the ring, which may wrap to its start; drops the oldest records as
 * needed */
static uint64_t
undo_space(struct ssd *ssd, uint64_t nbytes)
{
	struct cache *cache = &ssd->cache;

	ASSERT(nbytes <= cache->nbytes);
	for (;;) {
		if (cache->count == 0) {
			return 0;
		}
		if (cache->tail > cache->head) {
			if (cache->nbytes - cache->tail >= nbytes) {
				return cache->tail;
			}
			if (cache->head >= nbytes) {
				return 0;
			}
		} else if (cache->head - cache->tail >= nbytes) {
			return cache->tail;
		}
		drop_oldest(ssd);
	}
}

/* Drop the oldest records that are durable, and those that exceed the size of the cache */
static void
write_back(struct ssd *ssd, uint64_t dirty_nbytes)
{
	struct cache *cache = &ssd->cache;

	cache_check(ssd);
	ASSERT(dirty_nbytes <= ssd->config.cache_nbytes);
	while (cache->count > 0) {
		const struct record *oldest = record_at(cache, cache->head);

		if (oldest->live && oldest->durable_at > ssd->now &&
		    cache->dirty_nbytes + dirty_nbytes <= ssd->config.cache_nbytes) {
			break;
		}
		drop_oldest(ssd);
	}
}

static struct record *
add_record(struct ssd *ssd, uint64_t nbytes)
{
	struct cache *cache = &ssd->cache;
	uint64_t at = undo_space(ssd, nbytes);
	struct record *record = record_at(cache, at);

	ASSERT(nbytes % 8 == 0 && nbytes >= sizeof(struct record));
	memset(record, 0, sizeof(*record));
	if (cache->count > 0) {
		record_at(cache, cache->newest)->newer = at;
		record->older = cache->newest;
	} else {
		cache->head = at;
	}
	record->nbytes = nbytes;
	cache->newest = at;
	cache->tail = at + nbytes;
	cache->count += 1;
	cache->fresh += 1;
	cache_check(ssd);
	return record;
}

static void
save_bits(uint64_t *to, const uint64_t *words, uint64_t first, uint32_t count)
{
	ASSERT(count > 0);
	for (uint32_t i = 0; i < count; i += 64) {
		uint64_t word = 0;

		for (uint32_t j = 0; j < 64 && i + j < count; ++j) {
			word |= (uint64_t)bits_get(words, first + i + j) << j;
		}
		to[i / 64] = word;
	}
}

static void
save_blocks(const struct ssd *ssd, const struct ssd_ns *ns, struct record *record)
{
	uint64_t first = ns->sector + record->lba;

	blocks_check(ssd, ns, record->lba, record->nlb);
	memcpy(data_of(record), ssd->data + ns->base + (record->lba << ns->shift),
	       record->data_nbytes);
	if (record->meta_nbytes) {
		memcpy(meta_of(record), ssd->meta + ns->meta + record->lba * ns->meta_nbytes,
		       (size_t)record->nlb * ns->meta_nbytes);
	}
	save_bits(written_of(record), ssd->written, first, record->nlb);
	save_bits(bad_of(record), ssd->bad, first, record->nlb);
}

void
cache_before_write(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint32_t nlb,
		   bool through, uint16_t stream)
{
	enum undo undo = ns->ops->undo_of ? ns->ops->undo_of(ssd, ns, lba) : UNDO_BY_DATA;
	uint64_t data_nbytes = (uint64_t)nlb << ns->shift;
	uint64_t meta_nbytes = ssd->meta ? ((uint64_t)nlb * ns->meta_nbytes + 7) & ~7ULL : 0;
	uint64_t nbytes = sizeof(struct record);
	struct record *record;

	cache_check(ssd);
	blocks_check(ssd, ns, lba, nlb);
	if (undo == UNDO_NEVER) {
		return;
	}
	if (undo == UNDO_BY_DATA) {
		nbytes += data_nbytes + meta_nbytes + 2 * bits_nbytes(nlb);
	}
	if (nbytes > ssd->cache.nbytes) {
		cache_flush(ssd, NSID_ALL);
		return;
	}
	through = through || data_nbytes > ssd->config.cache_nbytes;
	write_back(ssd, through ? 0 : data_nbytes);
	record = add_record(ssd, nbytes);
	record->lba = lba;
	record->nlb = nlb;
	record->nsid = ns->nsid;
	record->stream = stream;
	record->ready_at = record->durable_at = NS_NEVER;
	record->through = through;
	record->by_range = undo == UNDO_BY_RANGE;
	record->live = true;
	if (!through) {
		record->dirty = true;
		ssd->cache.dirty_nbytes += data_nbytes;
	}
	if (undo == UNDO_BY_DATA) {
		record->data_nbytes = data_nbytes;
		record->meta_nbytes = meta_nbytes;
		save_blocks(ssd, ns, record);
	}
}

void
cache_command_ends(struct ssd *ssd, ns_t ready_at)
{
	struct cache *cache = &ssd->cache;
	uint64_t at = cache->newest;

	cache_check(ssd);
	ASSERT(ready_at >= ssd->now);
	for (; cache->fresh > 0; --cache->fresh) {
		struct record *record = record_at(cache, at);

		record->ready_at = ready_at;
		if (record->through) {
			record->durable_at = ready_at;
		}
		at = record->older;
	}
}

void
cache_flush_at(struct ssd *ssd, uint32_t nsid, ns_t when)
{
	struct cache *cache = &ssd->cache;
	uint64_t at = cache->head;

	cache_check(ssd);
	ASSERT(when >= ssd->now);
	/* includes records that another flush makes durable: that flush may end later */
	for (uint32_t i = 0; i < cache->count; ++i) {
		struct record *record = record_at(cache, at);

		if (record->live && !record->through && record->ready_at <= ssd->now &&
		    (nsid == NSID_ALL || record->nsid == nsid)) {
			record->durable_at = ns_min(record->durable_at, when);
			clean(ssd, record);
		}
		at = record->newer;
	}
}

static void
settle(struct ssd *ssd, struct record *record)
{
	ASSERT(record->nsid - 1 < SSD_NS_MAX);
	clean(ssd, record);
	record->live = false;
}

void
cache_flush(struct ssd *ssd, uint32_t nsid)
{
	struct cache *cache = &ssd->cache;
	uint64_t at = cache->head;

	cache_check(ssd);
	for (uint32_t i = 0; i < cache->count; ++i) {
		struct record *record = record_at(cache, at);

		if (nsid == NSID_ALL || record->nsid == nsid) {
			settle(ssd, record);
		}
		at = record->newer;
	}
	if (nsid == NSID_ALL) {
		ASSERT(cache->dirty_nbytes == 0);
		cache->count = cache->fresh = 0;
		cache->head = cache->tail = 0;
	}
}

void
cache_settle(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint64_t nlb)
{
	struct cache *cache = &ssd->cache;
	uint64_t at = cache->head;

	cache_check(ssd);
	ns_check(ssd, ns);
	ASSERT(ns->kind == SSD_NS_ZNS);
	for (uint32_t i = 0; i < cache->count; ++i) {
		struct record *record = record_at(cache, at);

		if (record->nsid == ns->nsid && record->lba >= lba && record->lba < lba + nlb) {
			settle(ssd, record);
		}
		at = record->newer;
	}
}

/* ---- power cut ---- */

static void
swap(uint8_t *a, uint8_t *b, uint8_t *scratch, size_t nbytes)
{
	memcpy(scratch, a, nbytes);
	memcpy(a, b, nbytes);
	memcpy(b, scratch, nbytes);
}

/* Returns whether the bit was set on the media */
static bool
swap_bit(uint64_t *media, uint64_t bit, uint64_t *words, uint64_t i)
{
	bool was = bits_get(media, bit);

	if (bits_get(words, i)) {
		bits_set(media, bit, 1);
	} else {
		bits_clear(media, bit, 1);
	}
	if (was) {
		bits_set(words, i, 1);
	} else {
		bits_clear(words, i, 1);
	}
	return was;
}

/* Swap the blocks [from, to) of a record with those of the media */
static void
exchange(struct ssd *ssd, struct record *record, uint32_t from, uint32_t to)
{
	struct ssd_ns *ns = &ssd->ns[record->nsid - 1];

	ASSERT(from < to && to <= record->nlb);
	blocks_check(ssd, ns, record->lba, record->nlb);
	for (uint32_t i = from; i < to; ++i) {
		uint64_t lba = record->lba + i, bit = ns->sector + lba;

		swap(ssd->data + ns->base + (lba << ns->shift),
		     data_of(record) + ((uint64_t)i << ns->shift), ssd->block, ns->lba_nbytes);
		if (record->meta_nbytes) {
			swap(ssd->meta + ns->meta + lba * ns->meta_nbytes,
			     meta_of(record) + (uint64_t)i * ns->meta_nbytes, ssd->block,
			     ns->meta_nbytes);
		}
		swap_bit(ssd->written, bit, written_of(record), i);
		ns->saved->bad_lba -= swap_bit(ssd->bad, bit, bad_of(record), i);
		ns->saved->bad_lba += bits_get(ssd->bad, bit);
	}
}

/* The end of the piece that starts at `from`: the next boundary of an atomic write unit, or the end
 * of a write that is no longer than one unit */
static uint32_t
piece_end(const struct ssd *ssd, const struct record *record, uint32_t from)
{
	const struct atomic_unit unit = ns_atomic_unit(ssd, &ssd->ns[record->nsid - 1]);
	uint64_t lba = record->lba + from, left = record->nlb - from, nlb = left;

	ASSERT(from < record->nlb && unit.nlb > 0);
	if (record->nlb > unit.nlb) {
		nlb = unit.nlb - (lba + unit.nlb - unit.offset % unit.nlb) % unit.nlb;
	}
	if (unit.boundary) {
		uint64_t part = unit.boundary -
				(lba + unit.boundary - unit.offset % unit.boundary) % unit.boundary;

		nlb = part < nlb ? part : nlb;
	}
	return from + (uint32_t)(nlb < left ? nlb : left);
}

static bool
toss(struct ssd *ssd)
{
	return prng_next(&ssd->random) & 1;
}

/* The number of blocks that survive of the newest remaining write of a zone */
static uint32_t
kept_head(struct ssd *ssd, const struct record *record)
{
	uint32_t pieces = 0, at = 0;

	if (record->durable_at <= ssd->now) {
		return record->nlb;
	}
	if (ssd->config.power_loss == SSD_POWER_LOSS_ALL || toss(ssd)) {
		return 0;
	}
	if (ssd->config.power_loss == SSD_POWER_LOSS_RANDOM) {
		return record->nlb;
	}
	for (; at < record->nlb; at = piece_end(ssd, record, at)) {
		pieces += 1;
	}
	ASSERT(pieces > 0);
	pieces = 1 + (uint32_t)(prng_next(&ssd->random) % pieces);
	for (at = 0; pieces > 0; --pieces) {
		at = piece_end(ssd, record, at);
	}
	ASSERT(at <= record->nlb);
	return at;
}

/* Newest first: the write, or a tail of it, is lost unless later data of the zone survived */
static void
lose_tail(struct ssd *ssd, const struct record *record)
{
	struct ssd_ns *ns = &ssd->ns[record->nsid - 1];

	blocks_check(ssd, ns, record->lba, record->nlb);
	ASSERT(record->by_range && ns->ops->undo);
	if (ns->ops->is_newest(ssd, ns, record->lba + record->nlb)) {
		uint32_t kept = kept_head(ssd, record);

		if (kept < record->nlb) {
			ns->ops->undo(ssd, ns, record->lba + kept, record->nlb - kept);
		}
	}
}

/* Oldest first: restore the pieces of a write that survive */
static void
keep_pieces(struct ssd *ssd, struct record *record)
{
	const struct ssd_kind *kind = ssd->ns[record->nsid - 1].ops;
	bool durable = record->durable_at <= ssd->now, lost = false, keep = durable;
	uint32_t next;

	if (!durable && ssd->config.power_loss == SSD_POWER_LOSS_RANDOM) {
		keep = toss(ssd);
	}
	for (uint32_t from = 0; from < record->nlb; from = next) {
		next = durable ? record->nlb : piece_end(ssd, record, from);
		if (!durable && ssd->config.power_loss == SSD_POWER_LOSS_TORN) {
			keep = toss(ssd);
		}
		if (keep) {
			exchange(ssd, record, from, next);
		}
		lost = lost || !keep;
	}
	if (lost && kind->lost) {
		kind->lost(ssd, record->stream);
	}
}

void
cache_lose(struct ssd *ssd)
{
	struct cache *cache = &ssd->cache;
	uint64_t at = cache->newest;

	cache_check(ssd);
	for (uint32_t i = 0; i < cache->count; ++i) {
		struct record *record = record_at(cache, at);

		if (record->live && record->by_range) {
			lose_tail(ssd, record);
		} else if (record->live) {
			exchange(ssd, record, 0, record->nlb);
		}
		at = record->older;
	}
	at = cache->head;
	for (uint32_t i = 0; i < cache->count; ++i) {
		struct record *record = record_at(cache, at);

		if (record->live && !record->by_range) {
			keep_pieces(ssd, record);
		}
		at = record->newer;
	}
	for (uint32_t i = 0; i < SSD_NS_MAX; ++i) {
		if (ssd->ns[i].ops->power_cut) {
			ssd->ns[i].ops->power_cut(ssd, i);
		}
	}
	cache->count = cache->fresh = 0;
	cache->head = cache->tail = 0;
	cache->dirty_nbytes = 0;
}
