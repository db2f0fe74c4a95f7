/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The locations of keys and values.
 *
 * Keys: a hash table with linear probing. Removing a key moves later ones of the same run back, so
 * that all keys stay reachable without marks for removed keys (Knuth 6.4, algorithm R). One bit for
 * each part of the index records whether it was ever used, so that scans skip unused parts.
 *
 * Values: chains of 512-byte sectors, each with a link to the next. Deleting or replacing a value
 * frees its sectors; there is no fragmentation. The written bits of the namespace mark the sectors
 * in use. The number of sectors bounds the work on corrupt media.
 */
#include <base/bits.h>
#include <ssd/kv/kv.h>

uint64_t
kv_slots(const struct ssd_ns *ns)
{
	kv_check(ns);
	return ns->saved->nbytes / KV_PAGE_NBYTES;
}

struct kv_entry *
kv_entries(struct ssd *ssd, const struct ssd_ns *ns)
{
	kv_check(ns);
	ASSERT(ns->base % KV_PAGE_NBYTES == 0);
	return (struct kv_entry *)(void *)(ssd->kv.tables +
					   ns->base / KV_PAGE_NBYTES * KV_TABLE_NBYTES);
}

uint32_t *
kv_links(struct ssd *ssd, const struct ssd_ns *ns)
{
	kv_check(ns);
	return (uint32_t *)(void *)(kv_entries(ssd, ns) + kv_slots(ns));
}

/* FNV-1a, 64 bits, folded: draft-eastlake-fnv, 2 and 3 */
uint64_t
kv_home(const struct ssd_ns *ns, const uint8_t *key, uint8_t nbytes)
{
	uint64_t hash = 0xCBF29CE484222325ULL;

	ASSERT(nbytes <= KV_KEY_MAX && kv_slots(ns) > 0);
	for (uint8_t i = 0; i < nbytes; ++i) {
		hash = (hash ^ key[i]) * 0x100000001B3ULL;
	}
	return (hash ^ hash >> 32) % kv_slots(ns);
}

struct kv_entry *
kv_find(struct ssd *ssd, const struct ssd_ns *ns, const uint8_t *key, uint8_t nbytes)
{
	struct kv_entry *entries = kv_entries(ssd, ns);
	uint64_t slots = kv_slots(ns);
	uint64_t at = kv_home(ns, key, nbytes);

	ASSERT(nbytes > 0 && at < slots);
	for (uint64_t i = 0; i < slots && entries[at].key_nbytes; ++i) {
		if (entries[at].key_nbytes == nbytes && memcmp(entries[at].key, key, nbytes) == 0) {
			return &entries[at];
		}
		at = at + 1 == slots ? 0 : at + 1;
	}
	return NULL;
}

/* The process may end between any two stores: earlier stores take effect first */
static void
keep_order(void)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

void
kv_replace(struct kv_entry *entry, struct kv_value value)
{
	struct kv_entry next = {.nbytes = value.nbytes, .first = value.first};

	keep_order();
	*(volatile uint64_t *)&entry->value = next.value;
	keep_order();
}

static void
set_key_nbytes(struct kv_entry *entry, uint8_t key_nbytes)
{
	keep_order();
	*(volatile uint8_t *)&entry->key_nbytes = key_nbytes;
	keep_order();
}

static uint64_t
first_chunk(const struct ssd_ns *ns)
{
	kv_check(ns);
	return ns->base / KV_CHUNK_NBYTES;
}

/* For a key that does not exist; the caller ensures that a slot is free: false if none is */
bool
kv_insert(struct ssd *ssd, const struct ssd_ns *ns, const uint8_t *key, uint8_t key_nbytes,
	  struct kv_value value)
{
	struct kv_entry *entries = kv_entries(ssd, ns);
	uint64_t slots = kv_slots(ns);
	uint64_t at = kv_home(ns, key, key_nbytes);

	ASSERT(key_nbytes > 0 && at < slots);
	for (uint64_t i = 0; i < slots; ++i) {
		if (!entries[at].key_nbytes) {
			bits_set(ssd->kv.chunks, first_chunk(ns) + at / KV_CHUNK_SLOTS, 1);
			memcpy(entries[at].key, key, key_nbytes);
			kv_replace(&entries[at], value);
			set_key_nbytes(&entries[at], key_nbytes);
			ns->saved->keys += 1;
			return true;
		}
		at = at + 1 == slots ? 0 : at + 1;
	}
	return false;
}

/* Move an entry to a free slot. In between both copies exist. */
static void
move_entry(struct ssd *ssd, const struct ssd_ns *ns, uint64_t from, uint64_t to)
{
	struct kv_entry *entries = kv_entries(ssd, ns);

	ASSERT(from < kv_slots(ns) && to < kv_slots(ns) && from != to);
	ASSERT(entries[to].key_nbytes == 0 && entries[from].key_nbytes);
	bits_set(ssd->kv.chunks, first_chunk(ns) + to / KV_CHUNK_SLOTS, 1);
	memcpy(entries[to].key, entries[from].key, KV_KEY_MAX);
	kv_replace(&entries[to], (struct kv_value){entries[from].nbytes, entries[from].first});
	set_key_nbytes(&entries[to], entries[from].key_nbytes);
	set_key_nbytes(&entries[from], 0);
}

void
kv_remove(struct ssd *ssd, const struct ssd_ns *ns, struct kv_entry *entry)
{
	struct kv_entry *entries = kv_entries(ssd, ns);
	uint64_t slots = kv_slots(ns);
	uint64_t hole = (uint64_t)(entry - entries);
	uint64_t at = hole;

	ASSERT(entry >= entries && hole < slots && entry->key_nbytes);
	set_key_nbytes(entry, 0);
	for (uint64_t i = 1; i < slots; ++i) {
		uint64_t home;

		at = at + 1 == slots ? 0 : at + 1;
		if (!entries[at].key_nbytes) {
			break;
		}
		if (entries[at].key_nbytes > KV_KEY_MAX) {
			continue; /* damaged media: no search finds it, so it stays */
		}
		home = kv_home(ns, entries[at].key, entries[at].key_nbytes);
		/* may it move? not when its home is between the hole and its slot, cyclically */
		if ((at + slots - home) % slots >= (at + slots - hole) % slots) {
			move_entry(ssd, ns, at, hole);
			hole = at;
		}
	}
	memset(&entries[hole], 0, sizeof(entries[hole]));
	ns->saved->keys -= ns->saved->keys > 0;
}

uint64_t
kv_next_slot(const struct ssd *ssd, const struct ssd_ns *ns, uint64_t from)
{
	uint64_t slots = kv_slots(ns), first = first_chunk(ns);
	uint64_t count = (slots + KV_CHUNK_SLOTS - 1) / KV_CHUNK_SLOTS;
	uint64_t chunk = from / KV_CHUNK_SLOTS, next;

	kv_check(ns);
	if (from >= slots || bits_get(ssd->kv.chunks, first + chunk)) {
		return from < slots ? from : slots;
	}
	next = bits_find(ssd->kv.chunks, first + chunk, count - chunk, true) - first;
	next *= KV_CHUNK_SLOTS;
	return next < slots ? next : slots;
}

uint64_t
kv_free_sectors(const struct ssd_ns *ns)
{
	kv_check(ns);
	return ns->saved->sectors < ns->nlba ? ns->nlba - ns->saved->sectors : 0;
}

static uint64_t
free_sector(struct ssd *ssd, struct ssd_ns *ns)
{
	uint64_t from = ns->saved->cursor < ns->nlba ? ns->saved->cursor : 0;
	uint64_t at = bits_find(ssd->written, ns->sector + from, ns->nlba - from, false);

	kv_check(ns);
	if (at == ns->sector + ns->nlba) {
		at = bits_find(ssd->written, ns->sector, from, false);
		if (at == ns->sector + from) {
			return ns->nlba;
		}
	}
	ASSERT(at >= ns->sector && at < ns->sector + ns->nlba);
	return at - ns->sector;
}

/* Allocate a chain of `count` sectors: its first sector plus 1, or 0 when fewer are free */
uint32_t
kv_take_sectors(struct ssd *ssd, struct ssd_ns *ns, uint64_t count)
{
	uint32_t *links = kv_links(ssd, ns);
	uint32_t first = 0, last = 0;

	kv_check(ns);
	ASSERT(count <= kv_free_sectors(ns));
	for (uint64_t i = 0; i < count; ++i) {
		uint64_t sector = free_sector(ssd, ns);

		if (sector >= ns->nlba) {
			kv_give_sectors(ssd, ns, first);
			return 0;
		}
		ns->saved->cursor = sector + 1;
		ASSERT(!bits_get(ssd->written, ns->sector + sector));
		bits_set(ssd->written, ns->sector + sector, 1);
		bits_set(ssd->chunks, (ns->sector + sector) / (PAGE_NBYTES * 8), 1);
		ns->saved->sectors += 1;
		links[sector] = 0;
		if (last) {
			links[last - 1] = (uint32_t)sector + 1;
		} else {
			first = (uint32_t)sector + 1;
		}
		last = (uint32_t)sector + 1;
	}
	return first;
}

void
kv_give_sectors(struct ssd *ssd, struct ssd_ns *ns, uint32_t first)
{
	uint32_t *links = kv_links(ssd, ns);

	kv_check(ns);
	/* a free sector ends the chain: media may be corrupt */
	while (first && first <= ns->nlba && bits_get(ssd->written, ns->sector + first - 1)) {
		blocks_forget(ssd, ns, first - 1, 1);
		ns->saved->sectors -= ns->saved->sectors > 0;
		first = links[first - 1];
	}
}

void
kv_erase(struct ssd *ssd, uint32_t index)
{
	struct ssd_ns *ns = &ssd->ns[index];
	struct kv_entry *entries = kv_entries(ssd, ns);
	uint64_t slots = kv_slots(ns);

	kv_check(ns);
	/* write only slots in use, so that the rest need not be backed */
	for (uint64_t i = 0; (i = kv_next_slot(ssd, ns, i)) < slots; ++i) {
		if (entries[i].key_nbytes) {
			set_key_nbytes(&entries[i], 0);
			memset(&entries[i], 0, sizeof(entries[i]));
		}
	}
	bits_clear(ssd->kv.chunks, first_chunk(ns), (slots + KV_CHUNK_SLOTS - 1) / KV_CHUNK_SLOTS);
	ns->saved->keys = ns->saved->sectors = ns->saved->cursor = 0;
}
