/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Zoned namespaces: their interface to the rest of the engine.
 */
#ifndef SSD_ZNS_H
#define SSD_ZNS_H

#include <ssd/ctrl/identify.h>
#include <ssd/kind.h>

extern const struct ssd_kind zns_kind;

#define ZONE_NBYTES_DEFAULT (64ULL << 20)

/* Zone size of the namespaces of a slot, bytes */
static inline uint64_t
zns_zone_nbytes(const struct ssd_config *config, uint32_t slot)
{
	uint64_t nbytes = config->ns[slot].zns.zone_nbytes;

	return nbytes ? nbytes : ZONE_NBYTES_DEFAULT;
}

static inline uint64_t
zns_zone_nlb(const struct ssd *ssd, const struct ssd_ns *ns)
{
	return zns_zone_nbytes(&ssd->config, ns->saved->slot) >> ns->shift;
}

static inline uint64_t
zns_zone_count(const struct ssd *ssd, const struct ssd_ns *ns)
{
	return ns->nlba / zns_zone_nlb(ssd, ns);
}

static inline const struct ssd_zns_config *
zns_config(const struct ssd *ssd, const struct ssd_ns *ns)
{
	return &ssd->config.ns[ns->saved->slot].zns;
}

/* Zone capacity, blocks */
static inline uint64_t
zns_zone_cap(const struct ssd *ssd, const struct ssd_ns *ns)
{
	uint64_t nbytes = zns_config(ssd, ns)->zone_cap_nbytes;

	return nbytes ? nbytes >> ns->shift : zns_zone_nlb(ssd, ns);
}

/* Zones of a namespace, by index */
static inline struct saved_zone *
zns_zones(struct ssd *ssd, const struct ssd_ns *ns)
{
	return &ssd->zones[ns->base / ssd->zone_nbytes_min];
}

static inline uint8_t *
zns_descriptor(struct ssd *ssd, const struct ssd_ns *ns, uint64_t index)
{
	return ssd->zone_descriptors +
	       (ns->base / ssd->zone_nbytes_min + index) * ssd->zone_descriptor_nbytes;
}

/* What every operation on zones keeps true. Not attributes: media may be damaged. */
static inline void
zns_check(const struct ssd *ssd, const struct ssd_ns *ns)
{
	const struct zns_count *count = &ssd->zns[ns->nsid - 1];

	ASSERT(ns->kind == SSD_NS_ZNS && ns->saved->kind == SSD_NS_ZNS);
	ASSERT(ns->nlba >= zns_zone_nlb(ssd, ns));
	ASSERT(zns_zone_cap(ssd, ns) <= zns_zone_nlb(ssd, ns));
	ASSERT(count->open <= count->active && count->active <= zns_zone_count(ssd, ns));
	ASSERT(count->areas <= zns_zone_count(ssd, ns));
}

static inline void
zone_check(struct ssd *ssd, const struct ssd_ns *ns, uint64_t index)
{
	const struct saved_zone *zone = &zns_zones(ssd, ns)[index];

	zns_check(ssd, ns);
	ASSERT(index < zns_zone_count(ssd, ns));
	ASSERT(zone->state <= XNVME_SPEC_ZND_STATE_CLOSED ||
	       (zone->state >= XNVME_SPEC_ZND_STATE_RONLY &&
		zone->state <= XNVME_SPEC_ZND_STATE_OFFLINE));
	ASSERT(zone->written <= zns_zone_cap(ssd, ns));
}

/* Recount open and active zones; zones with invalid saved state become offline */
void zns_recount(struct ssd *ssd, uint32_t index);

/* All zones become empty */
void zns_erase(struct ssd *ssd, uint32_t index);

/* Controller reset or power loss: open zones become closed, or empty when nothing was written */
void zns_close_all(struct ssd *ssd, uint32_t index);

/* Is the write pointer of the zone that holds block `end` - 1 at `end`? */
bool zns_ends_at(struct ssd *ssd, const struct ssd_ns *ns, uint64_t end);

/* A power cut has undone the writes from `lba` to the write pointer of their zone */
void zns_take_back(struct ssd *ssd, struct ssd_ns *ns, uint64_t lba, uint64_t nlb);

/* The process ended at any point: complete the unfinished change of each zone */
void zns_recover(struct ssd *ssd, uint32_t index);

/* What a power cut does with a write of these blocks */
enum undo zns_undo_of(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba);

/* Power was cut, and no write can be lost any more: full zones stay full */
void zns_power_cut(struct ssd *ssd, uint32_t index);

/* zone_manage.c, zone_report.c */
ssd_begin_row zone_send_begin;
ssd_begin_row zone_receive_begin;

/* zone.c: the state machine. `index` is the number of a zone in the namespace. */
uint8_t zns_zone_state(const struct saved_zone *zone);
/* Why a zone in this state cannot be written; 0: it can */
uint16_t zns_state_refusal(uint8_t state);
uint16_t zns_zone_open(struct ssd *ssd, struct ssd_ns *ns, uint64_t index, uint8_t state);
uint16_t zns_zone_close(struct ssd *ssd, struct ssd_ns *ns, uint64_t index);
uint16_t zns_zone_finish(struct ssd *ssd, struct ssd_ns *ns, uint64_t index);
uint16_t zns_zone_reset(struct ssd *ssd, struct ssd_ns *ns, uint64_t index);
uint16_t zns_zone_offline(struct ssd *ssd, struct ssd_ns *ns, uint64_t index);
uint16_t zns_zone_can_describe(struct ssd *ssd, struct ssd_ns *ns, uint64_t index);
void zns_zone_describe(struct ssd *ssd, struct ssd_ns *ns, uint64_t index);
uint16_t zns_zone_take_area(struct ssd *ssd, struct ssd_ns *ns, uint64_t index);

/* Move the write pointer to `written` blocks from the start of the zone; a zone at its capacity is
 * full */
void zns_zone_advance(struct ssd *ssd, struct ssd_ns *ns, uint64_t index, uint64_t written);

#endif /* SSD_ZNS_H */
