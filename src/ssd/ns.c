/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Namespaces: the saved table, the run-time state computed from it, and the shared capacity.
 */
#include <base/bytes.h>
#include <base/prng.h>
#include <ssd/check.h>
#include <ssd/identity.h>
#include <ssd/kind.h>
#include <ssd/ns.h>

/* Formats that the host can select. Metadata beyond the protection information belong to the
 * host. */
const struct lba_format lba_formats[LBA_FORMATS] = {
	{9, 0, XNVME_SPEC_NVM_NS_16B_GUARD, 1},	  {12, 0, XNVME_SPEC_NVM_NS_16B_GUARD, 0},
	{9, 8, XNVME_SPEC_NVM_NS_16B_GUARD, 1},	  {9, 16, XNVME_SPEC_NVM_NS_16B_GUARD, 1},
	{9, 64, XNVME_SPEC_NVM_NS_16B_GUARD, 2},  {12, 8, XNVME_SPEC_NVM_NS_16B_GUARD, 0},
	{12, 16, XNVME_SPEC_NVM_NS_16B_GUARD, 0}, {12, 64, XNVME_SPEC_NVM_NS_16B_GUARD, 0},
	{12, 16, XNVME_SPEC_NVM_NS_32B_GUARD, 0}, {12, 64, XNVME_SPEC_NVM_NS_32B_GUARD, 0},
	{12, 16, XNVME_SPEC_NVM_NS_64B_GUARD, 0}, {12, 64, XNVME_SPEC_NVM_NS_64B_GUARD, 0},
};

static uint8_t
guard_format(uint32_t bits)
{
	switch (bits) {
	case 32:
		return XNVME_SPEC_NVM_NS_32B_GUARD;
	case 64:
		return XNVME_SPEC_NVM_NS_64B_GUARD;
	default:
		return XNVME_SPEC_NVM_NS_16B_GUARD;
	}
}

uint32_t
lba_format_find(uint32_t lba_nbytes, uint32_t meta_nbytes, uint32_t guard_bits)
{
	if (guard_bits != 16 && guard_bits != 32 && guard_bits != 64) {
		return LBA_FORMATS;
	}
	for (uint32_t i = 0; i < LBA_FORMATS; ++i) {
		const struct lba_format *format = &lba_formats[i];

		if ((1u << format->shift) == lba_nbytes && format->meta_nbytes == meta_nbytes &&
		    format->guard == guard_format(guard_bits)) {
			return i;
		}
	}
	return LBA_FORMATS;
}

uint32_t
lba_format_count(const struct ssd_config *config)
{
	bool metadata = config->metadata;

	STATIC_ASSERT(LBA_FORMATS <= SSD_LBA_FORMATS_MAX, "Identify has an entry for each");
	for (uint32_t i = 0; i < SSD_NS_MAX; ++i) {
		metadata = metadata || (config->ns[i].nbytes && config->ns[i].meta_nbytes);
	}
	return metadata && !config->no_media ? LBA_FORMATS : 2;
}

uint64_t
ns_unallocated_nbytes(const struct ssd *ssd)
{
	uint64_t nbytes = ssd->pool_nbytes;

	for (uint32_t i = 0; i < ssd->ns_max; ++i) {
		ASSERT(!ssd->saved->ns[i].exists || ssd->saved->ns[i].nbytes <= nbytes);
		nbytes -= ssd->saved->ns[i].exists ? ssd->saved->ns[i].nbytes : 0;
	}
	return nbytes;
}

static bool
overlaps(const struct ssd *ssd, uint64_t base, uint64_t nbytes, uint64_t *after)
{
	ASSERT(nbytes > 0);
	for (uint32_t i = 0; i < ssd->ns_max; ++i) {
		const struct saved_ns *ns = &ssd->saved->ns[i];

		if (ns->exists && base < ns->base + ns->nbytes && ns->base < base + nbytes) {
			*after = ns->base + ns->nbytes;
			return true;
		}
	}
	return false;
}

bool
ns_place(const struct ssd *ssd, uint64_t nbytes, uint64_t *base)
{
	uint64_t at = 0;

	ASSERT(nbytes > 0 && nbytes % EXTENT_NBYTES == 0);
	/* each overlap advances past one namespace: at most 32 rounds */
	while (nbytes <= ssd->pool_nbytes && at <= ssd->pool_nbytes - nbytes) {
		if (!overlaps(ssd, at, nbytes, &at)) {
			*base = at;
			return true;
		}
	}
	return false;
}

/* Identifiers are derived from the SSD's identity and its seed, so that they are the same on every
 * machine and differ between SSDs: an NGUID and an EUI-64 with the configured OUI, a UUID of
 * version 8 (RFC 9562, UUID Version 8) */
static void
name_namespace(struct ssd *ssd, struct saved_ns *saved, const struct ssd_ns_config *config)
{
	uint64_t identity = identity_hash(&ssd->config, ssd->seed);
	uint64_t random = prng_mix(prng_next(&ssd->random) ^ identity);
	uint64_t more = prng_mix(prng_next(&ssd->random) + identity);

	memcpy(saved->eui64, ssd->config.ieee_oui, 3);
	put_be(saved->eui64 + 3, random, 5);
	put_be(saved->nguid, more, 8);
	memcpy(saved->nguid + 8, ssd->config.ieee_oui, 3);
	put_be(saved->nguid + 11, random, 5);
	put_be(saved->uuid, random, 8);
	put_be(saved->uuid + 8, more, 8);
	saved->uuid[6] = (uint8_t)((saved->uuid[6] & 0x0F) | 0x80);
	saved->uuid[8] = (uint8_t)((saved->uuid[8] & 0x3F) | 0x80);
	if (config && !bytes_are(config->eui64, 0, 8)) {
		memcpy(saved->eui64, config->eui64, 8);
	}
	if (config && !bytes_are(config->nguid, 0, 16)) {
		memcpy(saved->nguid, config->nguid, 16);
	}
	if (config && !bytes_are(config->uuid, 0, 16)) {
		memcpy(saved->uuid, config->uuid, 16);
	}
}

void
ns_fill(struct ssd *ssd, struct saved_ns *saved, uint32_t slot, bool configured)
{
	const struct ssd_ns_config *config = &ssd->config.ns[slot];
	const struct ssd_kind *kind = ssd->kinds[saved->kind];

	ASSERT(slot < SSD_NS_MAX && saved->format < LBA_FORMATS);
	saved->exists = 1;
	saved->slot = (uint8_t)slot;
	name_namespace(ssd, saved, configured ? config : NULL);
	if (kind->fill) {
		kind->fill(&ssd->config, slot, configured, saved);
	}
}

static void
create_configured(struct ssd *ssd, uint32_t index)
{
	const struct ssd_ns_config *config = &ssd->config.ns[index];
	struct saved_ns *saved = &ssd->saved->ns[index];
	uint32_t lba_nbytes = config->lba_nbytes ? config->lba_nbytes : SECTOR_NBYTES;
	uint32_t guard_bits = config->pi_guard_bits ? config->pi_guard_bits : 16;

	ASSERT(!saved->exists);
	saved->kind = (uint8_t)config->kind;
	saved->nbytes = (config->nbytes + EXTENT_NBYTES - 1) / EXTENT_NBYTES * EXTENT_NBYTES;
	/* layout_of() has checked that all of them fit, one after another */
	if (NEVER(!ns_place(ssd, saved->nbytes, &saved->base))) {
		return;
	}
	saved->attached = !config->detached;
	if (config->kind != SSD_NS_KV) {
		saved->format =
			(uint8_t)lba_format_find(lba_nbytes, config->meta_nbytes, guard_bits);
	}
	saved->nlba = config->nbytes >> lba_formats[saved->format].shift;
	saved->extended = config->meta_nbytes && config->meta_extended;
	saved->pi_type = config->pi_type;
	saved->pi_first = config->pi_type && config->pi_first;
	saved->nhandles = 1;
	ns_fill(ssd, saved, index, true);
}

void
ns_create_configured(struct ssd *ssd)
{
	for (uint32_t i = 0; i < SSD_NS_MAX; ++i) {
		if (ssd->config.ns[i].nbytes) {
			create_configured(ssd, i);
		}
	}
}

static void
set_changing(struct saved *saved, uint32_t changing)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	*(volatile uint32_t *)&saved->ns_changing = changing;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

void
ns_saved_begin(struct ssd *ssd, uint32_t index)
{
	ASSERT(index < SSD_NS_MAX && ssd->saved->ns_changing == 0);
	ssd->saved->ns_before = ssd->saved->ns[index];
	set_changing(ssd->saved, index + 1);
}

void
ns_saved_end(struct ssd *ssd)
{
	ASSERT(ssd->saved->ns_changing > 0);
	set_changing(ssd->saved, 0);
}

void
ns_saved_undo(struct ssd *ssd)
{
	struct saved *saved = ssd->saved;

	if (saved->ns_changing - 1 < SSD_NS_MAX) { /* 0, and corruption, wrap to a larger value */
		saved->ns[saved->ns_changing - 1] = saved->ns_before;
	}
	set_changing(saved, 0);
}

/* Tables for zones and keys exist only if the configuration has such a namespace */
static bool
is_kind_sane(const struct ssd *ssd, const struct saved_ns *ns)
{
	const struct ssd_kind *kind = ssd->kinds[ns->kind];

	ASSERT(ns->format < LBA_FORMATS);
	if (ns->kind == SSD_NS_NVM) {
		return true;
	}
	if (ns->slot >= SSD_NS_MAX || ssd->config.ns[ns->slot].nbytes == 0 ||
	    ssd->config.ns[ns->slot].kind != ns->kind) {
		return false;
	}
	return !kind->is_sane || kind->is_sane(ssd, ns);
}

static bool
is_sane(const struct ssd *ssd, const struct saved_ns *ns)
{
	const struct lba_format *format;

	ASSERT(ssd->nformats <= LBA_FORMATS);
	if (ns->kind > SSD_NS_KV || ns->format >= ssd->nformats) {
		return false;
	}
	format = &lba_formats[ns->format];
	return ns->pi_type <= 3 && ns->nhandles <= SSD_FDP_HANDLES_MAX &&
	       (ns->pi_type == 0 || format->meta_nbytes >= pi_tuple_nbytes(format->guard)) &&
	       ns->nbytes <= ssd->pool_nbytes && ns->base <= ssd->pool_nbytes - ns->nbytes &&
	       ns->base % EXTENT_NBYTES == 0 && ns->slot < SSD_NS_MAX && ns->nlba > 0 &&
	       ns->nlba <= ns->nbytes >> format->shift && is_kind_sane(ssd, ns);
}

/* Media come from outside: all values are checked before use. Entries of namespaces that do not
 * exist are cleared: a process may have been killed while it created or deleted one. */
bool
ns_saved_is_sane(const struct ssd *ssd)
{
	struct saved *saved = ssd->saved;

	for (uint32_t i = 0; i < SSD_NS_MAX; ++i) {
		if (!saved->ns[i].exists) {
			memset(&saved->ns[i], 0, sizeof(saved->ns[i]));
		} else if (!is_sane(ssd, &saved->ns[i])) {
			return false;
		}
		for (uint32_t j = 0; j < i; ++j) {
			const struct saved_ns *a = &saved->ns[i];
			const struct saved_ns *b = &saved->ns[j];

			if (a->exists && b->exists && a->base < b->base + b->nbytes &&
			    b->base < a->base + a->nbytes) {
				return false;
			}
		}
	}
	return saved->self_tests <= SELF_TEST_RESULTS;
}

/* Largest command of the fast path, in blocks */
static uint32_t
max_nlb_of(const struct ssd *ssd, const struct ssd_ns *ns)
{
	uint64_t block_nbytes = ns->lba_nbytes + (ns->extended ? ns->meta_nbytes : 0u);
	uint64_t limit = ((uint64_t)PAGE_NBYTES << ssd->config.mdts) / block_nbytes;

	ASSERT(ns->lba_nbytes > 0);
	limit = ssd->config.mdts == 0 || limit > 65536 ? 65536 : limit;
	return (uint32_t)(limit < ns->nlba ? limit : ns->nlba);
}

uint8_t
storage_nbits_of(uint8_t guard)
{
	/* the 80 bits beside a 32-bit guard exceed a 64-bit reference tag */
	return guard == XNVME_SPEC_NVM_NS_32B_GUARD ? 16 : 0;
}

static void
bind_commands(const struct ssd *ssd, struct ssd_ns *ns, bool active)
{
	const struct ssd_kind *none = ssd->kinds[KIND_NONE], *kind = active ? ns->ops : none;

	ASSERT(kind->rows && none->fast_free && none->fast_timed);
	ns->rows = kind->rows;
	kind = kind->fast_free ? kind : none;
	ns->fast = ssd->time_free ? kind->fast_free : kind->fast_timed;
}

void
ns_refresh(struct ssd *ssd, uint32_t index)
{
	struct saved_ns *saved = &ssd->saved->ns[index];
	/* the entry of a namespace that does not exist is not checked */
	const struct lba_format *format = &lba_formats[saved->exists ? saved->format : 0];
	struct ssd_ns *ns = &ssd->ns[index];
	uint32_t care = 0;

	ns->ops = ssd->kinds[saved->exists ? saved->kind : KIND_NONE];
	bind_commands(ssd, ns, saved->exists && saved->attached);
	ns->saved = saved;
	ns->nsid = index + 1;
	ns->nlba = saved->nlba;
	ns->base = saved->base;
	ns->kind = saved->kind;
	ns->shift = format->shift;
	ns->lba_nbytes = 1u << format->shift;
	ns->meta_nbytes = format->meta_nbytes;
	ns->extended = saved->extended;
	ns->pi = (struct pi_format){.data_nbytes = ns->lba_nbytes,
				    .meta_nbytes = format->meta_nbytes,
				    .guard = format->guard,
				    .type = saved->pi_type,
				    .storage_nbits = storage_nbits_of(format->guard),
				    .first = saved->pi_first};
	ns->sector = saved->base / SECTOR_NBYTES; /* a multiple of 64, as the base is of 1 MiB */
	ns->written = ssd->written + ns->sector / 64;
	ns->meta = saved->base / (SECTOR_NBYTES / META_NBYTES_MAX);
	care |= ns->meta_nbytes ? CARE_META : 0;
	care |= saved->bad_lba ? CARE_BAD : 0;
	ns->care_read = (uint8_t)care;
	ns->care_write = (uint8_t)care;
	if (ssd->features.ns_current[index][FEATURE_ERROR_RECOVERY] & 0x10000) {
		ns->care_read |= CARE_DULBE;
	}
	if (!ssd->data && ssd->config.pattern != SSD_PATTERN_ZERO) {
		ns->care_read |= CARE_PATTERN;
	}
	if (cache_keeps(ssd)) {
		ns->care_write |= CARE_CACHE;
	}
	if (ssd->features.ns_current[index][FEATURE_PROTECT]) {
		ns->care_write |= CARE_PROTECT;
	}
	if (fdp_is_on(ssd)) {
		ns->care_write |= CARE_PLACE;
	}
	ASSERT(ns->sector % 64 == 0);
	ns->read_nlb = ns->care_read ? 0 : max_nlb_of(ssd, ns);
	ns->write_nlb = ns->care_write || ssd->journal ? 0 : max_nlb_of(ssd, ns);
	ns_check(ssd, ns);
}

void
ns_refresh_all(struct ssd *ssd)
{
	for (uint32_t i = 0; i < SSD_NS_MAX; ++i) {
		ns_refresh(ssd, i);
	}
}

struct atomic_unit
ns_atomic_unit(const struct ssd *ssd, const struct ssd_ns *ns)
{
	const struct ssd_ns_config *config = &ssd->config.ns[ns->saved->slot];

	ns_check(ssd, ns);
	return (struct atomic_unit){
		.nlb = config->atomic_power_lba ? config->atomic_power_lba
						: ssd->config.atomic_power_lba,
		.boundary = config->atomic_boundary_lba,
		.offset = config->atomic_offset_lba,
	};
}

uint16_t
ns_refusal(const struct ssd *ssd, uint32_t nsid)
{
	/* An inactive NSID is an invalid field, an NSID out of range an invalid namespace: NVMe
	 * Base 2.0, Namespaces and Generic Command Status (0Bh) */
	if (nsid == 0 || nsid > ssd->ns_max) {
		return REFUSE(INVALID_NS_OR_FORMAT);
	}
	return REFUSE(INVALID_FIELD);
}
