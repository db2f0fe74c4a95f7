/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The layout of media and memory, computed from the configuration alone.
 *
 * Media:  saved | journal, if they outlive the process | data | metadata | written | bad | chunks |
 *         zones | zone descriptors | keys | key chunks
 * Memory: struct ssd | undo log | timing model | the media's tables, when there is no media
 *
 * Each table is indexed by the offset of a block in the capacity. So namespaces can be created and
 * deleted without moving tables, and unused capacity is never touched.
 */
#include <ssd/fdp/fdp.h>
#include <ssd/kind.h>
#include <ssd/kv/kv.h>
#include <ssd/layout.h>
#include <ssd/media/cache.h>
#include <ssd/media/media.h>
#include <ssd/media/precondition.h>
#include <ssd/ns.h>

#define SAVED_NBYTES (64ULL << 10)
#define POOL_NBYTES_MAX (1ULL << 50)

STATIC_ASSERT(sizeof(struct saved) <= SAVED_NBYTES, "the saved state has outgrown its place");

static uint64_t
round_up(uint64_t nbytes, uint64_t unit)
{
	ASSERT(unit > 0);
	return (nbytes + unit - 1) / unit * unit;
}

/* Reserve `nbytes` at *end, on whole pages */
static uint64_t
place(uint64_t *end, uint64_t nbytes)
{
	uint64_t at = *end;

	ASSERT(*end % PAGE_NBYTES == 0);
	*end = round_up(at + nbytes, PAGE_NBYTES);
	return at;
}

static const char *
atomic_wrong(const struct ssd_config *config, const struct ssd_ns_config *ns)
{
	uint32_t drive = config->atomic_power_lba ? config->atomic_power_lba : 1;
	uint32_t unit = ns->atomic_power_lba ? ns->atomic_power_lba : drive;

	if (unit > 65536 || unit < drive) {
		return "the atomic write unit of a namespace has at least the blocks of the "
		       "drive's, and at most 65536: change namespace.atomic_power_lba";
	}
	if (ns->atomic_boundary_lba && (ns->atomic_boundary_lba < unit ||
					ns->atomic_boundary_lba > 65536 ||
					ns->atomic_offset_lba >= ns->atomic_boundary_lba)) {
		return "borders of atomic writes are an atomic write unit to 65536 blocks apart, "
		       "the first at a block before that: change atomic_boundary_lba or "
		       "atomic_offset_lba";
	}
	if (ns->atomic_offset_lba && !ns->atomic_boundary_lba) {
		return "there is no first border of atomic writes without atomic_boundary_lba: "
		       "set it, or omit atomic_offset_lba";
	}
	return NULL;
}

static const char *
ns_wrong(const struct ssd_config *config, const struct ssd_ns_config *ns)
{
	uint32_t lba_nbytes = ns->lba_nbytes ? ns->lba_nbytes : SECTOR_NBYTES;
	uint32_t guard_bits = ns->pi_guard_bits ? ns->pi_guard_bits : 16;
	const struct ssd_kind *kind;

	if (ns->kind > SSD_NS_KV) {
		return "a namespace is of the kind nvm, zns or kv: change its kind";
	}
	kind = ssd_kinds[ns->kind];
	if (ns->kind == SSD_NS_KV) {
		return kind->wrong(ns, lba_nbytes);
	}
	if (lba_nbytes != 512 && lba_nbytes != 4096) {
		return "a block has 512 or 4096 bytes: change lba_nbytes";
	}
	if (ns->nbytes < lba_nbytes) {
		return "a namespace holds at least one block: enlarge nbytes";
	}
	if (lba_format_find(lba_nbytes, ns->meta_nbytes, guard_bits) >= LBA_FORMATS) {
		return "a block has 0, 8, 16 or 64 bytes of metadata; guards of 32 and 64 bits "
		       "need "
		       "4096-byte blocks and 16 or 64 bytes: change meta_nbytes or pi_guard_bits";
	}
	if (ns->pi_type > 3) {
		return "protection information is of type 0 (none) to 3: change pi_type";
	}
	if (ns->pi_type && ns->meta_nbytes < (guard_bits == 16 ? 8 : 16)) {
		return "protection information is part of the metadata: set meta_nbytes to 8 or "
		       "more (16 for guards of 32 and 64 bits), or pi_type to 0";
	}
	if (config->no_media && ns->meta_nbytes) {
		return "without media there is no place for metadata: set meta_nbytes to 0";
	}
	if (atomic_wrong(config, ns)) {
		return atomic_wrong(config, ns);
	}
	return kind->wrong ? kind->wrong(ns, lba_nbytes) : NULL;
}

static const char *
controller_wrong(const struct ssd_config *config)
{
	const char *why;

	if (config->mdts > 16) {
		return "mdts is a power of two of 4 KiB pages, at most 16";
	}
	if (config->doorbell_stride &&
	    (config->doorbell_stride < 4 || config->doorbell_stride > 4096 ||
	     (config->doorbell_stride & (config->doorbell_stride - 1)))) {
		return "doorbells lie 4 to 4096 bytes apart, a power of two: change "
		       "doorbell_stride";
	}
	if (config->aer_limit > AER_MAX) {
		return "at most 16 Asynchronous Event Requests are held: change aer_limit";
	}
	if (config->ns_max > SSD_NS_MAX) {
		return "there are at most 32 namespaces: change ns_max";
	}
	if (config->cache_nbytes && config->cache_nbytes < 65536) {
		return "a volatile write cache has at least 64 KiB: change cache_nbytes, 0 means "
		       "none";
	}
	if (config->cache_nbytes > (1ULL << 36)) {
		return "a volatile write cache has at most 64 GiB: change cache_nbytes";
	}
	why = precondition_wrong(config);
	return why ? why : fdp_wrong(config);
}

/* Compute the capacity of the configured namespaces; returns NULL, or why one of them is invalid */
static const char *
measure(const struct ssd_config *config, struct ssd_layout *layout, bool *metadata, bool *kv)
{
	uint32_t ns_max = config->ns_max ? config->ns_max : SSD_NS_MAX;
	uint64_t taken = 0;

	for (uint32_t i = 0; i < SSD_NS_MAX; ++i) {
		const struct ssd_ns_config *ns = &config->ns[i];
		const char *why;

		if (ns->nbytes == 0) {
			continue;
		}
		if (i >= ns_max) {
			return "a namespace has an NSID above ns_max: change ns_max";
		}
		why = ns_wrong(config, ns);
		if (why) {
			return why;
		}
		if (ns->nbytes > POOL_NBYTES_MAX) {
			return "a namespace has at most 1 PiB: shrink nbytes";
		}
		if (ns->kind == SSD_NS_ZNS) {
			uint64_t zone = ns->zns.zone_nbytes ? ns->zns.zone_nbytes : 64ULL << 20;

			if (layout->zone_nbytes_min == 0 || zone < layout->zone_nbytes_min) {
				layout->zone_nbytes_min = zone;
			}
		}
		*metadata = *metadata || ns->meta_nbytes;
		*kv = *kv || ns->kind == SSD_NS_KV;
		taken += round_up(ns->nbytes, EXTENT_NBYTES);
	}
	layout->pool_nbytes = round_up(config->nvm_nbytes, EXTENT_NBYTES);
	if (config->nvm_nbytes == 0) {
		layout->pool_nbytes = taken;
	}
	if (taken > layout->pool_nbytes) {
		return "the namespaces need more than the drive has: enlarge nvm_nbytes or shrink "
		       "them";
	}
	if (layout->pool_nbytes == 0) {
		return "the drive has no capacity: set nbytes of a namespace, or nvm_nbytes";
	}
	return layout->pool_nbytes > POOL_NBYTES_MAX ? "a drive has at most 1 PiB: shrink it"
						     : NULL;
}

/* Tables follow *end */
static void
place_tables(const struct ssd_config *config, struct ssd_layout *layout, uint64_t *end, bool kv)
{
	uint64_t bits_nbytes = layout->pool_nbytes / SECTOR_NBYTES / 8;
	uint64_t zones = 0;

	ASSERT(layout->pool_nbytes % EXTENT_NBYTES == 0);
	if (layout->zone_nbytes_min) {
		zones = layout->pool_nbytes / layout->zone_nbytes_min + 1;
	}
	for (uint32_t i = 0; i < SSD_NS_MAX; ++i) {
		uint32_t nbytes = config->ns[i].zns.descriptor_nbytes;

		if (nbytes > layout->zone_descriptor_nbytes) {
			layout->zone_descriptor_nbytes = nbytes;
		}
	}
	layout->written = place(end, bits_nbytes);
	layout->bad = place(end, bits_nbytes);
	layout->chunks = place(end, bits_nbytes / PAGE_NBYTES / 8 + 8);
	layout->zones = place(end, zones * sizeof(struct saved_zone));
	layout->zone_descriptors = place(end, zones * layout->zone_descriptor_nbytes);
	layout->kv = place(end, kv ? layout->pool_nbytes / KV_PAGE_NBYTES * KV_TABLE_NBYTES : 0);
	layout->kv_chunks = place(end, kv ? layout->pool_nbytes / KV_CHUNK_NBYTES / 8 + 8 : 0);
}

const char *
layout_of(const struct ssd_config *config, struct ssd_layout *layout)
{
	const struct model_ops *time = model_find(config->model.name, sizeof(config->model.name));
	bool metadata = config->metadata && !config->no_media;
	bool kv = false;
	uint64_t end = 0;
	size_t model_nbytes;
	const char *why;

	memset(layout, 0, sizeof(*layout));
	why = controller_wrong(config);
	why = why ? why : measure(config, layout, &metadata, &kv);
	if (why) {
		return why;
	}
	if (!time) {
		return "there is no such timing model: change model.name to null, simple, parallel "
		       "or nvmevirt1";
	}
	ASSERT(layout->pool_nbytes > 0 && layout->pool_nbytes % EXTENT_NBYTES == 0);
	model_nbytes = time->bytes_needed(&config->model, layout->pool_nbytes);
	layout->memory_nbytes = round_up(sizeof(struct ssd), PAGE_NBYTES);
	layout->ring = place(&layout->memory_nbytes, cache_memory_nbytes(config));
	layout->model = place(&layout->memory_nbytes, model_nbytes);
	layout->meta_nbytes =
		metadata ? layout->pool_nbytes / (SECTOR_NBYTES / META_NBYTES_MAX) : 0;

	if (config->no_media) {
		layout->tables = layout->memory_nbytes;
		layout->saved = place(&end, SAVED_NBYTES);
		place_tables(config, layout, &end, kv);
		layout->memory_nbytes += end;
		return NULL;
	}
	layout->saved = place(&end, SAVED_NBYTES);
	layout->journal = place(&end, config->journal ? JOURNAL_NBYTES : 0);
	layout->data = place(&end, layout->pool_nbytes);
	layout->meta = place(&end, layout->meta_nbytes);
	place_tables(config, layout, &end, kv);
	layout->media_nbytes = end;
	return NULL;
}

static uint64_t
mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9E3779B97F4A7C15ULL;
	return hash ^ (hash >> 29);
}

uint64_t
config_fingerprint(const struct ssd_config *config, const struct ssd_layout *layout)
{
	uint64_t hash = mix(layout->media_nbytes, layout->pool_nbytes);

	ASSERT(layout->pool_nbytes > 0);
	hash = mix(hash, layout->meta_nbytes);
	hash = mix(hash, layout->zone_nbytes_min);
	if (config->fdp.enabled) {
		hash = mix(hash, (uint64_t)config->fdp.groups << 16 | config->fdp.handles);
		hash = mix(hash, config->fdp.unit_nbytes);
	}
	for (uint32_t i = 0; i < SSD_NS_MAX; ++i) {
		const struct ssd_ns_config *ns = &config->ns[i];
		uint32_t lba_nbytes = ns->lba_nbytes ? ns->lba_nbytes : SECTOR_NBYTES;

		if (ns->nbytes) {
			hash = mix(hash, i);
			hash = mix(hash, ns->nbytes);
			hash = mix(hash, (uint64_t)ns->kind << 32 | lba_nbytes);
			hash = mix(hash, (uint64_t)ns->meta_nbytes << 8 | ns->pi_type);
			hash = mix(hash, ns->zns.zone_nbytes);
			hash = mix(hash, ns->zns.descriptor_nbytes);
		}
	}
	return hash;
}

size_t
ssd_bytes_needed(const struct ssd_config *config)
{
	struct ssd_layout layout;

	return layout_of(config, &layout) ? 0 : (size_t)layout.memory_nbytes;
}

uint64_t
ssd_media_bytes(const struct ssd_config *config)
{
	struct ssd_layout layout;

	return layout_of(config, &layout) ? 0 : layout.media_nbytes;
}
