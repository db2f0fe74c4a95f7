/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Key-value namespaces, as the rest of the engine sees them.
 */
#ifndef SSD_KV_H
#define SSD_KV_H

#include <ssd/engine.h>

extern const struct ssd_row kv_rows[256];

#define KV_KEY_MAX 16u
#define KV_DELETE_MUST_EXIST 1u /* feature 20h, EDNEK: to delete what is not there is an error */

/* One place of the index. All zero: free. */
struct kv_entry {
	uint8_t key[KV_KEY_MAX];
	uint32_t nbytes; /* of the value */
	uint32_t first;	 /* its first sector plus 1; 0: the value is empty */
	uint8_t key_nbytes;
	uint8_t rsvd[7];
};
STATIC_ASSERT(sizeof(struct kv_entry) == 32, "an entry shares 64 bytes with 8 links");

/* For 4 KiB of capacity: one entry and a link for each of 8 sectors */
#define KV_PAGE_NBYTES 4096u
#define KV_TABLE_NBYTES 64u

/* kv_index.c: find, insert and remove, by linear probing */
uint64_t kv_slots(const struct ssd_ns *ns);
struct kv_entry *kv_entries(struct ssd *ssd, const struct ssd_ns *ns);
struct kv_entry *kv_find(struct ssd *ssd, const struct ssd_ns *ns, const uint8_t *key,
			 uint8_t nbytes);
struct kv_entry *kv_insert(struct ssd *ssd, const struct ssd_ns *ns, const uint8_t *key,
			   uint8_t nbytes);
void kv_remove(struct ssd *ssd, const struct ssd_ns *ns, struct kv_entry *entry);
uint64_t kv_home(const struct ssd_ns *ns, const uint8_t *key, uint8_t nbytes);

/* kv_index.c: chains of sectors */
uint32_t *kv_links(struct ssd *ssd, const struct ssd_ns *ns);
uint64_t kv_free_sectors(const struct ssd_ns *ns);
uint32_t kv_take_sectors(struct ssd *ssd, struct ssd_ns *ns, uint64_t count);
void kv_give_sectors(struct ssd *ssd, struct ssd_ns *ns, uint32_t first);

void kv_erase(struct ssd *ssd, uint32_t index);
void kv_identify_ns(struct ssd *ssd, const struct ssd_ns *ns);

#endif /* SSD_KV_H */
