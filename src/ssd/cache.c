/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A volatile write cache, as an undo log: writes go to the media at once, and what they overwrite
 * is kept until it would have reached the media anyway. Reads need no look-up, a flush forgets the
 * log, and a power cut plays it backwards, newest first.
 *
 * The log is a ring. When it is full the oldest record is dropped, i.e. the oldest cached data has
 * been written back. Records lie in one piece; one that does not fit before the end of the ring
 * begins at its start. Each write command is one record, so a power cut takes it back as a whole or
 * not at all (AWUPF); which of them, `power_loss` decides. In a zone no hole may be left: there all
 * are taken back, and the write pointer with them.
 */
#include <base/bits.h>
#include <base/prng.h>
#include <ssd/cache.h>
#include <ssd/fdp.h>
#include <ssd/zns.h>

/* Followed by: data, metadata, bits of `written`, bits of `bad`, all as they were */
struct record {
	uint64_t nbytes; /* with all that follows, a multiple of 8 */
	uint64_t older;	 /* where the record before it lies; meaningless in the oldest */
	uint64_t newer;	 /* where the record after it lies; meaningless in the newest */
	uint64_t lba;
	uint64_t base; /* of the namespace: tells it from a later one with the same NSID */
	uint32_t nlb;
	uint32_t nsid;
	uint16_t stream; /* where the blocks that came instead were placed */
	bool live; /* not yet durable */
};

void
cache_init(struct cache *cache, uint8_t *memory, uint64_t nbytes)
{
	cache->ring = memory;
	cache->nbytes = nbytes;
}

static struct record *
record_at(const struct cache *cache, uint64_t at)
{
	return (struct record *)(void *)(cache->ring + at);
}

static uint64_t
data_nbytes(const struct ssd_ns *ns, uint32_t nlb)
{
	return (uint64_t)nlb << ns->shift;
}

static uint64_t
meta_nbytes(const struct ssd *ssd, const struct ssd_ns *ns, uint32_t nlb)
{
	return ssd->meta ? ((uint64_t)nlb * ns->meta_nbytes + 7) & ~7ULL : 0;
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

static uint64_t *
bits_of(const struct ssd *ssd, const struct ssd_ns *ns, struct record *record)
{
	return (uint64_t *)(void *)(data_of(record) + data_nbytes(ns, record->nlb) +
				    meta_nbytes(ssd, ns, record->nlb));
}

static void
settle_record(struct ssd *ssd, struct record *record)
{
	struct cache *cache = &ssd->cache;

	if (record->live) {
		record->live = false;
		cache->dirty_nbytes -= data_nbytes(&ssd->ns[record->nsid - 1], record->nlb);
	}
}

/* The oldest data has been written back */
static void
drop_oldest(struct ssd *ssd)
{
	struct cache *cache = &ssd->cache;
	struct record *record = record_at(cache, cache->head);

	ASSERT(cache->count > 0);
	settle_record(ssd, record);
	cache->head = record->newer;
	cache->count--;
	if (cache->count == 0) {
		cache->head = cache->tail = 0;
	}
}

/* Room for a record: its place, which may wrap to the start of the ring */
static uint64_t
make_room(struct ssd *ssd, uint64_t nbytes)
{
	struct cache *cache = &ssd->cache;

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

static void
save_bits(uint64_t *to, const uint64_t *words, uint64_t first, uint32_t count)
{
	for (uint32_t i = 0; i < count; i += 64) {
		uint64_t word = 0;

		for (uint32_t j = 0; j < 64 && i + j < count; j++) {
			word |= (uint64_t)bits_get(words, first + i + j) << j;
		}
		to[i / 64] = word;
	}
}

static void
load_bits(uint64_t *words, uint64_t first, uint32_t count, const uint64_t *from)
{
	for (uint32_t i = 0; i < count; i++) {
		if (bits_get(from, i)) {
			bits_set(words, first + i, 1);
		} else {
			bits_clear(words, first + i, 1);
		}
	}
}

void
cache_before_write(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint32_t nlb,
		   uint16_t stream)
{
	struct cache *cache = &ssd->cache;
	uint64_t nbytes = sizeof(struct record) + data_nbytes(ns, nlb) + meta_nbytes(ssd, ns, nlb) +
			  2 * bits_nbytes(nlb);
	struct record *record;
	uint64_t *bits;
	uint64_t at;

	if (nbytes > cache->nbytes) {
		cache_flush(ssd, NSID_ALL);
		return;
	}
	at = make_room(ssd, nbytes);
	record = record_at(cache, at);
	if (cache->count > 0) {
		record_at(cache, cache->newest)->newer = at;
		record->older = cache->newest;
	} else {
		cache->head = at;
	}
	record->nbytes = nbytes;
	record->lba = lba;
	record->base = ns->base;
	record->nlb = nlb;
	record->nsid = ns->nsid;
	record->stream = stream;
	record->live = true;
	memcpy(data_of(record), ssd->data + ns->base + (lba << ns->shift), data_nbytes(ns, nlb));
	if (ssd->meta && ns->meta_nbytes) {
		memcpy(data_of(record) + data_nbytes(ns, nlb),
		       ssd->meta + ns->meta + lba * ns->meta_nbytes, (size_t)nlb * ns->meta_nbytes);
	}
	bits = bits_of(ssd, ns, record);
	save_bits(bits, ssd->written, ns->sector + lba, nlb);
	save_bits(bits + bits_nbytes(nlb) / 8, ssd->bad, ns->sector + lba, nlb);
	cache->newest = at;
	cache->tail = at + nbytes;
	cache->count++;
	cache->dirty_nbytes += data_nbytes(ns, nlb);
}

/* Blocks [lba, lba + nlb) of a record are durable as they are now: that is what it would restore */
static void
patch_record(struct ssd *ssd, const struct ssd_ns *ns, struct record *record, uint64_t lba,
	     uint64_t nlb)
{
	uint64_t end =
		lba + nlb < record->lba + record->nlb ? lba + nlb : record->lba + record->nlb;
	uint64_t from = lba > record->lba ? lba : record->lba;
	uint64_t *bits = bits_of(ssd, ns, record);
	uint64_t *bad = bits + bits_nbytes(record->nlb) / 8;
	uint8_t *meta = data_of(record) + data_nbytes(ns, record->nlb);

	for (; from < end; from++) {
		uint64_t i = from - record->lba;

		memcpy(data_of(record) + (i << ns->shift),
		       ssd->data + ns->base + (from << ns->shift), ns->lba_nbytes);
		if (ssd->meta && ns->meta_nbytes) {
			memcpy(meta + i * ns->meta_nbytes,
			       ssd->meta + ns->meta + from * ns->meta_nbytes, ns->meta_nbytes);
		}
		bits_clear(bits, i, 1);
		bits_clear(bad, i, 1);
		bits[i / 64] |= (uint64_t)bits_get(ssd->written, ns->sector + from) << (i % 64);
		bad[i / 64] |= (uint64_t)bits_get(ssd->bad, ns->sector + from) << (i % 64);
	}
}

void
cache_made_durable(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint64_t nlb)
{
	struct cache *cache = &ssd->cache;
	uint64_t at = cache->head;

	for (uint32_t i = 0; i < cache->count; i++) {
		struct record *record = record_at(cache, at);

		if (record->live && record->nsid == ns->nsid && record->lba < lba + nlb &&
		    lba < record->lba + record->nlb) {
			patch_record(ssd, ns, record, lba, nlb);
		}
		at = record->newer;
	}
}

void
cache_flush(struct ssd *ssd, uint32_t nsid)
{
	struct cache *cache = &ssd->cache;
	uint64_t at = cache->head;
	uint32_t count = cache->count;

	for (uint32_t i = 0; i < count && cache->dirty_nbytes; i++) {
		struct record *record = record_at(cache, at);

		if (nsid == NSID_ALL || record->nsid == nsid) {
			settle_record(ssd, record);
		}
		at = record->newer;
	}
	if (cache->dirty_nbytes == 0) {
		cache->count = 0;
		cache->head = cache->tail = 0;
	}
}

static void
undo(struct ssd *ssd, struct record *record)
{
	struct ssd_ns *ns = &ssd->ns[record->nsid - 1];
	const uint64_t *bits = bits_of(ssd, ns, record);
	uint32_t nlb = record->nlb;
	uint64_t bad_before = bits_count(ssd->bad, ns->sector + record->lba, nlb);

	memcpy(ssd->data + ns->base + (record->lba << ns->shift), data_of(record),
	       data_nbytes(ns, nlb));
	if (ssd->meta && ns->meta_nbytes) {
		memcpy(ssd->meta + ns->meta + record->lba * ns->meta_nbytes,
		       data_of(record) + data_nbytes(ns, nlb), (size_t)nlb * ns->meta_nbytes);
	}
	load_bits(ssd->written, ns->sector + record->lba, nlb, bits);
	load_bits(ssd->bad, ns->sector + record->lba, nlb, bits + bits_nbytes(nlb) / 8);
	ns->saved->bad_lba += bits_count(ssd->bad, ns->sector + record->lba, nlb) - bad_before;
	if (ns->kind == SSD_NS_ZNS) {
		zns_take_back(ssd, ns, record->lba);
	}
}

void
cache_lose(struct ssd *ssd)
{
	struct cache *cache = &ssd->cache;
	uint64_t at = cache->newest;

	for (uint32_t i = 0; i < cache->count; i++) {
		struct record *record = record_at(cache, at);
		bool lost = ssd->config.power_loss == SSD_POWER_LOSS_ALL ||
			    (prng_next(&ssd->random) & 1);

		if (record->live && (lost || ssd->ns[record->nsid - 1].kind == SSD_NS_ZNS)) {
			undo(ssd, record);
			fdp_lost(ssd, record->stream);
		}
		at = record->older;
	}
	cache->count = 0;
	cache->head = cache->tail = 0;
	cache->dirty_nbytes = 0;
}
