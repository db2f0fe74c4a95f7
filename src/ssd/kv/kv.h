/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What this is
 *   The Key Value command set: a namespace stores values of any length under keys of up to 16
 *   bytes.
 *
 * Terms
 *   entry    a key with the location of its value (struct kv_entry), in a table with linear probing
 *   sector   512 bytes of a value
 *   link     the number of the next sector of a value; one for each sector
 *   chunk    a part of the table; a bit is set when it was ever used
 *
 * Life cycle of a value
 *   kv_store() takes sectors, fills them, and replaces the location in the entry by a single store;
 *   then it frees the sectors of the old value. kv_delete() clears the entry, then frees the
 *   sectors.
 *
 * States
 *   An entry is free (all zero) or used. There are no others: a command completes within
 *   ssd_begin().
 *
 * Ownership
 *   Entries and links are on the media; kv/state.h has the pointers. The `written` mark of a sector
 *   means that it belongs to a value.
 *
 * Threads
 *   The caller's. The process may end at any store: recover.c frees what belongs to no value.
 *
 * Errors
 *   A status. A chain of sectors that is too short or leaves the namespace is an unrecovered error.
 *
 * What it does not do
 *   The write cache: a stored value is durable. Metadata and protection information.
 */
#ifndef SSD_KV_KV_H
#define SSD_KV_KV_H

#include <ssd/ctrl/feature.h>
#include <ssd/kind.h>
#include <ssd/media/blocks.h>

extern const struct ssd_kind kv_kind;

#define KV_KEY_MAX 16u

/* One slot of the index. All zero: free. */
struct kv_entry {
	uint8_t key[KV_KEY_MAX];
	union {
		struct {
			uint32_t nbytes; /* of the value */
			uint32_t first;	 /* its first sector plus 1; 0: the value is empty */
		};
		uint64_t value; /* both, for a single store */
	};
	uint8_t key_nbytes; /* stored last, cleared first */
	uint8_t rsvd[7];
};
STATIC_ASSERT(sizeof(struct kv_entry) == 32, "an entry shares 64 bytes with 8 links");

/* Per 4 KiB of capacity: one entry and a link for each of 8 sectors */
#define KV_PAGE_NBYTES 4096u
#define KV_TABLE_NBYTES 64u
/* Entries per bit of kv_chunks, and the capacity that has this number of entries */
#define KV_CHUNK_SLOTS 128u
#define KV_CHUNK_NBYTES ((uint64_t)KV_CHUNK_SLOTS * KV_PAGE_NBYTES)

/* What every operation on keys relies on. Not the saved counters: media may be damaged. */
static inline void
kv_check(const struct ssd_ns *ns)
{
	ASSERT(ns->kind == SSD_NS_KV && ns->saved->kind == SSD_NS_KV);
	ASSERT(ns->shift == SECTOR_SHIFT && ns->base == ns->saved->base);
	ASSERT(ns->nlba > 0 && ns->saved->nbytes >= KV_PAGE_NBYTES);
	ASSERT(ns->nlba <= ns->saved->nbytes >> SECTOR_SHIFT);
}

/* index.c: find, insert and remove, by linear probing */
uint64_t kv_slots(const struct ssd_ns *ns);
struct kv_entry *kv_entries(struct ssd *ssd, const struct ssd_ns *ns);
struct kv_entry *kv_find(struct ssd *ssd, const struct ssd_ns *ns, const uint8_t *key,
			 uint8_t nbytes);
/* The location of a value, as in an entry: replaced with a single store, since the process may end
 * at any store */
struct kv_value {
	uint32_t nbytes, first;
};
bool kv_insert(struct ssd *ssd, const struct ssd_ns *ns, const uint8_t *key, uint8_t key_nbytes,
	       struct kv_value value);
void kv_replace(struct kv_entry *entry, struct kv_value value);
void kv_remove(struct ssd *ssd, const struct ssd_ns *ns, struct kv_entry *entry);
/* The first slot from `from` on that may be in use; kv_slots() if none */
uint64_t kv_next_slot(const struct ssd *ssd, const struct ssd_ns *ns, uint64_t from);
uint64_t kv_home(const struct ssd_ns *ns, const uint8_t *key, uint8_t nbytes);

/* index.c: chains of sectors */
uint32_t *kv_links(struct ssd *ssd, const struct ssd_ns *ns);
uint64_t kv_free_sectors(const struct ssd_ns *ns);
uint32_t kv_take_sectors(struct ssd *ssd, struct ssd_ns *ns, uint64_t count);
void kv_give_sectors(struct ssd *ssd, struct ssd_ns *ns, uint32_t first);

void kv_erase(struct ssd *ssd, uint32_t index);

/* recover.c: the process ended at any point: complete the unfinished change */
void kv_recover(struct ssd *ssd, uint32_t index);

#endif /* SSD_KV_KV_H */
