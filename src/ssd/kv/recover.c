/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Recovery of key-value namespaces whose process ended at any point of a command. The order of
 * stores in kv.c and index.c ensures that each key has its old or its new value. What may remain
 * is a key that exists twice or cannot be found (while others of its run moved), sectors that
 * belong to no value, and wrong counters. This file repairs them, in time proportional to the
 * number of keys and values.
 */
#include <base/bits.h>
#include <ssd/kv/kv.h>

/* Check that a search finds this entry. Otherwise remove it, as a duplicate, or insert it again
 * where the search finds it, and return false. */
static bool
is_in_place(struct ssd *ssd, const struct ssd_ns *ns, struct kv_entry *entry)
{
	struct kv_entry copy = *entry;
	const struct kv_entry *found;

	ASSERT(entry->key_nbytes);
	if (entry->key_nbytes > KV_KEY_MAX) {
		memset(entry, 0, sizeof(*entry)); /* corruption */
		return false;
	}
	found = kv_find(ssd, ns, entry->key, entry->key_nbytes);
	if (found == entry) {
		return true;
	}
	memset(entry, 0, sizeof(*entry));
	if (!found) {
		(void)kv_insert(ssd, ns, copy.key, copy.key_nbytes,
				(struct kv_value){copy.nbytes, copy.first});
	}
	return false;
}

/* Each round leaves fewer misplaced entries: the removal of one may expose others */
static void
mend_index(struct ssd *ssd, const struct ssd_ns *ns)
{
	struct kv_entry *entries = kv_entries(ssd, ns);
	uint64_t slots = kv_slots(ns);
	bool mended = true;

	kv_check(ns);
	for (uint32_t round = 0; round < KV_CHUNK_SLOTS && mended; ++round) {
		mended = false;
		for (uint64_t i = 0; (i = kv_next_slot(ssd, ns, i)) < slots; ++i) {
			if (entries[i].key_nbytes && !is_in_place(ssd, ns, &entries[i])) {
				mended = true;
			}
		}
	}
}

/* Count keys; mark the sectors of their values in `bad`, which key-value namespaces do not use
 * otherwise. A chain ends at the first invalid link: Retrieve reports that. */
static void
mark_values(struct ssd *ssd, const struct ssd_ns *ns)
{
	const struct kv_entry *entries = kv_entries(ssd, ns);
	const uint32_t *links = kv_links(ssd, ns);
	uint64_t slots = kv_slots(ns);

	kv_check(ns);
	ns->saved->keys = 0;
	for (uint64_t i = 0; (i = kv_next_slot(ssd, ns, i)) < slots; ++i) {
		uint32_t at = entries[i].first;

		ns->saved->keys += entries[i].key_nbytes != 0;
		while (entries[i].key_nbytes && at && at <= ns->nlba &&
		       !bits_get(ssd->bad, ns->sector + at - 1) &&
		       bits_get(ssd->written, ns->sector + at - 1)) {
			bits_set(ssd->bad, ns->sector + at - 1, 1);
			at = links[at - 1];
		}
	}
}

/* Free the sectors without a mark: they belong to no value */
static void
free_the_rest(struct ssd *ssd, struct ssd_ns *ns)
{
	uint64_t at = ns->sector, end = ns->sector + ns->nlba;

	kv_check(ns);
	ns->saved->sectors = ns->saved->cursor = 0;
	while (at < end) {
		uint64_t stop = (at / SECTORS_PER_CHUNK + 1) * SECTORS_PER_CHUNK;

		stop = stop < end ? stop : end;
		while (bits_get(ssd->chunks, at / SECTORS_PER_CHUNK) && at < stop) {
			at = bits_find(ssd->written, at, stop - at, true);
			if (at == stop) {
				break;
			}
			if (bits_get(ssd->bad, at)) {
				bits_clear(ssd->bad, at, 1);
				ns->saved->sectors += 1;
			} else {
				blocks_forget(ssd, ns, at - ns->sector, 1);
			}
			at += 1;
			if (at == stop) {
				break;
			}
		}
		at = stop;
	}
}

void
kv_recover(struct ssd *ssd, uint32_t index)
{
	struct ssd_ns *ns = &ssd->ns[index];

	ASSERT(ns->kind == SSD_NS_KV);
	mend_index(ssd, ns);
	mark_values(ssd, ns);
	free_the_rest(ssd, ns);
}
