/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Key Value command set: one row per opcode; KV Command Set 1.0, I/O Commands. A stored value
 * is durable: the write cache only holds blocks. A replaced value stays until the new one is
 * complete, and a single store switches between them: the process may end at any store.
 */
#include <base/bytes.h>
#include <ssd/kv/kv.h>
#include <ssd/nvm/nvm.h>

#define KV_REFUSE(name) ((uint16_t)(XNVME_SPEC_SC_KV_##name | STATUS_DNR))
#define STORE_MUST_EXIST 0x1u
#define STORE_MUST_NOT_EXIST 0x2u
#define VALUE_MAX_DEFAULT (2u << 20)

struct key {
	uint8_t bytes[KV_KEY_MAX];
	uint8_t nbytes;
};

static const struct ssd_kv_config *
config_of(const struct ssd *ssd, const struct ssd_ns *ns)
{
	kv_check(ns);
	return &ssd->config.ns[ns->saved->slot].kv;
}

static uint32_t
key_max(const struct ssd *ssd, const struct ssd_ns *ns)
{
	uint32_t most = config_of(ssd, ns)->key_max;

	kv_check(ns);
	return most ? most : KV_KEY_MAX;
}

/* The longest value: the configured limit, but at most the transfer size of one command */
static uint32_t
value_max(const struct ssd *ssd, const struct ssd_ns *ns)
{
	uint32_t most = config_of(ssd, ns)->value_max;
	uint64_t mdts = (uint64_t)PAGE_NBYTES << ssd->config.mdts;

	most = most ? most : VALUE_MAX_DEFAULT;
	return ssd->config.mdts && mdts < most ? (uint32_t)mdts : most;
}

/* An eighth of the index stays free to keep probe sequences short */
static uint64_t
keys_max(const struct ssd *ssd, const struct ssd_ns *ns)
{
	uint64_t most = config_of(ssd, ns)->keys_max;
	uint64_t room = kv_slots(ns) - kv_slots(ns) / 8;

	kv_check(ns);
	return most && most < room ? most : room;
}

static uint16_t
parse_key(const struct ssd *ssd, const struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	  struct key *key)
{
	kv_check(ns);
	key->nbytes = cmd->kvs.cdw11.kl;
	memcpy(key->bytes, &cmd->kvs.key, 8);
	memcpy(key->bytes + 8, &cmd->kvs.key_hi, 8);
	if (key->nbytes > KV_KEY_MAX) {
		/* longer than the keys of any namespace: Key Size implications */
		return REFUSE(INVALID_FIELD);
	}
	return key->nbytes && key->nbytes <= key_max(ssd, ns) ? STATUS(SUCCESS)
							      : KV_REFUSE(INVALID_KEY_SIZE);
}

/* Copy a value between its chain and the host; a chain that is too short is corruption */
static uint16_t
move_value(struct ssd *ssd, const struct ssd_ns *ns, uint32_t first, uint64_t nbytes,
	   const struct ssd_work *work, bool to_host)
{
	const uint32_t *links = kv_links(ssd, ns);

	ASSERT(nbytes <= work->dma->nbytes);
	for (uint64_t at = 0; at < nbytes; at += SECTOR_NBYTES) {
		uint64_t part = nbytes - at < SECTOR_NBYTES ? nbytes - at : SECTOR_NBYTES;
		uint8_t *data = ssd->block;
		uint16_t status;

		if (first == 0 || first > ns->nlba) {
			return KV_REFUSE(UNRECOVERED_ERROR);
		}
		if (ssd->data) {
			data = ssd->data + ns->base + (uint64_t)(first - 1) * SECTOR_NBYTES;
		} else {
			memset(ssd->block, 0, SECTOR_NBYTES);
		}
		status =
			to_host ? host_push(work, at, data, part) : host_pull(work, at, data, part);
		if (status) {
			return status;
		}
		first = links[first - 1];
	}
	return STATUS(SUCCESS);
}

static ns_t
time_of_value(struct ssd *ssd, const struct ssd_ns *ns, enum model_op op, uint32_t first,
	      uint64_t nbytes)
{
	/* the model gets whole sectors from the start of the value, within the namespace: media
	 * may be damaged */
	uint64_t lba = first && first <= ns->nlba ? first - 1 : 0;
	uint64_t nlb = (nbytes + SECTOR_NBYTES - 1) / SECTOR_NBYTES;

	kv_check(ns);
	nlb = nlb < ns->nlba - lba ? nlb : ns->nlba - lba;
	return time_of(ssd, op, ns, lba, nlb, false);
}

static uint16_t
check_store(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	    const struct key *key, struct kv_entry **entry)
{
	uint8_t options = cmd->kvs.cdw11.ro;

	ASSERT(key->nbytes > 0 && key->nbytes <= KV_KEY_MAX);
	if (cmd->kvs.cdw10 > value_max(ssd, ns)) {
		return KV_REFUSE(INVALID_VALUE_SIZE);
	}
	if (ns->care_write & CARE_PROTECT) {
		return REFUSE(NS_WRITE_PROTECTED);
	}
	*entry = kv_find(ssd, ns, key->bytes, key->nbytes);
	if (!*entry && (options & STORE_MUST_EXIST)) {
		return KV_REFUSE(KEY_NOT_EXISTS);
	}
	if (*entry && (options & STORE_MUST_NOT_EXIST)) {
		return KV_REFUSE(KEY_EXISTS);
	}
	return !*entry && ns->saved->keys >= keys_max(ssd, ns) ? REFUSE(CAPACITY_EXCEEDED)
							       : STATUS(SUCCESS);
}

static void
kv_store(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	 struct ssd_work *work)
{
	uint32_t nbytes = cmd->kvs.cdw10;
	uint64_t sectors = ((uint64_t)nbytes + SECTOR_NBYTES - 1) / SECTOR_NBYTES;
	struct kv_entry *entry = NULL;
	uint32_t first = 0;
	struct key key;

	kv_check(ns);
	work->status = parse_key(ssd, ns, cmd, &key);
	if (!work->status) {
		work->status = check_store(ssd, ns, cmd, &key, &entry);
	}
	if (!work->status && sectors > kv_free_sectors(ns)) {
		work->status = REFUSE(CAPACITY_EXCEEDED);
	}
	if (!work->status) {
		work->status = host_prepare(work, nbytes, 0, false);
	}
	if (work->status) {
		return;
	}
	first = kv_take_sectors(ssd, ns, sectors);
	if (sectors && !first) {
		work->status = REFUSE(CAPACITY_EXCEEDED);
		return;
	}
	work->status = move_value(ssd, ns, first, nbytes, work, false);
	if (!work->status && entry) {
		uint32_t old = entry->first;

		kv_replace(entry, (struct kv_value){nbytes, first});
		kv_give_sectors(ssd, ns, old);
	} else if (!work->status && !kv_insert(ssd, ns, key.bytes, key.nbytes,
					       (struct kv_value){nbytes, first})) {
		work->status = REFUSE(CAPACITY_EXCEEDED);
	}
	if (work->status) {
		kv_give_sectors(ssd, ns, first);
		return;
	}
	ASSERT(kv_find(ssd, ns, key.bytes, key.nbytes)->first == first);
	ssd->saved->write_cmds += 1;
	ssd->saved->write_nbytes += nbytes;
	work->ready_at = time_of_value(ssd, ns, MODEL_KV_STORE, first, nbytes);
}

static void
kv_retrieve(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	    struct ssd_work *work)
{
	const struct kv_entry *entry;
	struct key key;
	uint32_t nbytes;

	kv_check(ns);
	work->status = parse_key(ssd, ns, cmd, &key);
	if (work->status) {
		return;
	}
	entry = kv_find(ssd, ns, key.bytes, key.nbytes);
	if (!entry) {
		work->status = KV_REFUSE(KEY_NOT_EXISTS);
		return;
	}
	/* truncated to the host's buffer; the completion has the full length */
	nbytes = entry->nbytes < cmd->kvs.cdw10 ? entry->nbytes : cmd->kvs.cdw10;
	work->status = host_prepare(work, nbytes, 0, true);
	if (!work->status) {
		work->status = move_value(ssd, ns, entry->first, nbytes, work, true);
	}
	if (work->status) {
		return;
	}
	work->result = entry->nbytes;
	ssd->saved->read_cmds += 1;
	ssd->saved->read_nbytes += nbytes;
	work->ready_at = time_of_value(ssd, ns, MODEL_KV_RETRIEVE, entry->first, nbytes);
}

static void
kv_exist(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	 struct ssd_work *work)
{
	struct key key;

	kv_check(ns);
	work->status = parse_key(ssd, ns, cmd, &key);
	if (!work->status && !kv_find(ssd, ns, key.bytes, key.nbytes)) {
		work->status = KV_REFUSE(KEY_NOT_EXISTS);
	}
	if (!work->status) {
		work->ready_at = time_of_value(ssd, ns, MODEL_OTHER, 0, 0);
	}
}

static void
kv_delete(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	  struct ssd_work *work)
{
	struct kv_entry *entry;
	struct key key;
	uint32_t first;

	kv_check(ns);
	work->status = parse_key(ssd, ns, cmd, &key);
	if (!work->status && (ns->care_write & CARE_PROTECT)) {
		work->status = REFUSE(NS_WRITE_PROTECTED);
	}
	if (work->status) {
		return;
	}
	entry = kv_find(ssd, ns, key.bytes, key.nbytes);
	if (!entry) {
		if (ssd->features.ns_current[ns->nsid - 1][FEATURE_KV] & KV_DELETE_MUST_EXIST) {
			work->status = KV_REFUSE(KEY_NOT_EXISTS);
		}
		return;
	}
	work->ready_at = time_of_value(ssd, ns, MODEL_TRIM, entry->first, entry->nbytes);
	first = entry->first;
	kv_remove(ssd, ns, entry);
	kv_give_sectors(ssd, ns, first);
}

/* The slot where a list starts: that of the key, its home slot when it does not exist, or the first
 * slot */
static uint64_t
list_from(struct ssd *ssd, const struct ssd_ns *ns, const struct key *key)
{
	const struct kv_entry *entry;

	ASSERT(key->nbytes <= KV_KEY_MAX);
	if (key->nbytes == 0) {
		return 0;
	}
	entry = kv_find(ssd, ns, key->bytes, key->nbytes);
	return entry ? (uint64_t)(entry - kv_entries(ssd, ns))
		     : kv_home(ns, key->bytes, key->nbytes);
}

/* Keys in the order of the index, limited by the host's buffer; a host continues from the last
 * key */
static void
kv_list(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd, struct ssd_work *work)
{
	const struct kv_entry *entries = kv_entries(ssd, ns);
	uint64_t slots = kv_slots(ns);
	uint64_t room = cmd->kvs.cdw10;
	uint32_t count = 0;
	uint64_t at = 4;
	struct key key = {0};

	kv_check(ns);
	if (cmd->kvs.cdw11.kl) {
		work->status = parse_key(ssd, ns, cmd, &key);
	}
	if (!work->status && (room < 4 || room > value_max(ssd, ns))) {
		work->status = REFUSE(INVALID_FIELD);
	}
	if (!work->status) {
		work->status = host_prepare(work, room, 0, true);
	}
	if (work->status) {
		return;
	}
	for (uint64_t i = list_from(ssd, ns, &key);
	     !work->status && (i = kv_next_slot(ssd, ns, i)) < slots; ++i) {
		uint32_t nbytes = entries[i].key_nbytes;
		uint32_t padded = (2 + nbytes + 3) & ~3u;
		uint8_t item[20] = {0};

		if (nbytes == 0 || nbytes > KV_KEY_MAX) {
			continue;
		}
		ASSERT(padded <= sizeof(item));
		if (at + padded > room) {
			break;
		}
		put_le(item, nbytes, 2);
		memcpy(item + 2, entries[i].key, nbytes);
		work->status = host_push(work, at, item, padded);
		at += padded;
		count += 1;
	}
	if (!work->status) {
		work->status = host_push(work, 0, &count, sizeof(count));
		work->ready_at = time_of_value(ssd, ns, MODEL_OTHER, 0, 0);
	}
}

static void
kv_identify_ns(struct ssd *ssd, const struct ssd_ns *ns)
{
	struct xnvme_spec_kvs_idfy_ns *idfy = (void *)ssd->page;

	kv_check(ns);
	idfy->nsze = ns->nlba * SECTOR_NBYTES;
	idfy->nuse = ns->saved->sectors * SECTOR_NBYTES;
	idfy->endgid = 1;
	memcpy(idfy->nguid, ns->saved->nguid, 16);
	memcpy(&idfy->eui64, ns->saved->eui64, 8);
	idfy->kvf[0].kml = (uint16_t)key_max(ssd, ns);
	idfy->kvf[0].vml = value_max(ssd, ns);
	idfy->kvf[0].mnk =
		keys_max(ssd, ns) > UINT32_MAX ? UINT32_MAX : (uint32_t)keys_max(ssd, ns);
}

static const char *
kv_wrong(const struct ssd_ns_config *ns, uint32_t lba_nbytes)
{
	(void)lba_nbytes;
	if (ns->kv.key_max > KV_KEY_MAX) {
		return "keys have at most 16 bytes: change key_max";
	}
	if (ns->nbytes < EXTENT_NBYTES || ns->nbytes > 1ULL << 40) {
		return "a key-value namespace has 1 MiB to 1 TiB: change nbytes";
	}
	if (ns->meta_nbytes || ns->pi_type || ns->lba_nbytes) {
		return "a key-value namespace has no blocks: omit lba_nbytes, meta_nbytes and "
		       "pi_type";
	}
	return NULL;
}

/* It has a single format */
static bool
kv_is_sane(const struct ssd *ssd, const struct saved_ns *saved)
{
	(void)ssd;
	return saved->format == 0 && saved->pi_type == 0 && saved->nbytes >= EXTENT_NBYTES;
}

#define CHANGES (EFFECT_SUPPORTED | EFFECT_DATA)

static const struct ssd_row kv_rows[256] = {
	[XNVME_SPEC_NVM_OPC_FLUSH] = {nvm_flush, EFFECT_SUPPORTED, NSID_BROADCAST},
	[XNVME_SPEC_KV_OPC_STORE] = {kv_store, CHANGES, NSID_ACTIVE},
	[XNVME_SPEC_KV_OPC_RETRIEVE] = {kv_retrieve, EFFECT_SUPPORTED, NSID_ACTIVE},
	[XNVME_SPEC_KV_OPC_LIST] = {kv_list, EFFECT_SUPPORTED, NSID_ACTIVE},
	[XNVME_SPEC_KV_OPC_DELETE] = {kv_delete, CHANGES, NSID_ACTIVE},
	[XNVME_SPEC_KV_OPC_EXIST] = {kv_exist, EFFECT_SUPPORTED, NSID_ACTIVE},
};

const struct ssd_kind kv_kind = {
	.csi = XNVME_SPEC_CSI_KV,
	.rows = kv_rows,
	.wrong = kv_wrong,
	.is_sane = kv_is_sane,
	.recover = kv_recover,
	.erase = kv_erase,
	.identify_ns = kv_identify_ns,
};
