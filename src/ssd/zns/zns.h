/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What this is
 *   The Zoned Namespace command set: zones, which are written in order, on top of the NVM command
 *   set.
 *
 * Terms
 *   zone            a part of the namespace with a state and a write pointer (struct saved_zone)
 *   capacity        its writable part; the rest of a zone has no blocks
 *   active, open    zones that occupy resources; both numbers are limited by the configuration
 *   area            random write area: blocks after the write pointer that are written in any
 *                   order, and committed by an explicit flush or by a write beyond it
 *   descriptor      bytes of the host that a zone keeps until it is reset
 *
 * Life cycle and states of a zone
 *   empty, open (implicitly or explicitly), closed, full; read only and offline. zone.c has the
 *   diagram and is the only file that changes a state. A reset of the controller closes open zones.
 *
 * Life cycle of a write
 *   zns.c checks zone and write pointer, opens the zone, writes by the function of the NVM command
 *   set, and moves the write pointer. An append does the same at the write pointer.
 *
 * Ownership
 *   Zones and descriptors are on the media; zns/state.h has the pointers and counts the open ones.
 *
 * Threads
 *   The caller's. The order of stores lets zns_recover() complete a change of a killed process.
 *
 * Errors
 *   A status of the standard for each violated rule. A zone whose saved state is invalid is
 *   offline.
 *
 * What it does not do
 *   Read only zones never occur by themselves, and zone states only change by commands.
 */
#ifndef SSD_ZNS_ZNS_H
#define SSD_ZNS_ZNS_H

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
	return &ssd->zns.zones[ns->base / ssd->zns.zone_nbytes_min];
}

static inline uint8_t *
zns_descriptor(struct ssd *ssd, const struct ssd_ns *ns, uint64_t index)
{
	return ssd->zns.descriptors +
	       (ns->base / ssd->zns.zone_nbytes_min + index) * ssd->zns.descriptor_nbytes;
}

/* What every operation on zones keeps true. Not attributes: media may be damaged. */
static inline void
zns_check(const struct ssd *ssd, const struct ssd_ns *ns)
{
	const struct zns_count *count = &ssd->zns.count[ns->nsid - 1];

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
void zns_undo(struct ssd *ssd, struct ssd_ns *ns, uint64_t lba, uint64_t nlb);

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

#endif /* SSD_ZNS_ZNS_H */
