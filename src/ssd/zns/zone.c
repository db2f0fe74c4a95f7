/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The state machine of a zone; ZNS Command Set 1.1, Zone State Machine.
 *
 *             zns_zone_open          zns_zone_advance to the capacity, zns_zone_finish
 *   empty ───────────────────▶ open ───────────────────────────────────────────────────▶ full
 *    ▲ ▲                       │  ▲                                                      ▲ │
 *    │ │       zns_zone_close  │  │  zns_zone_open                                       │ │
 *    │ │                       ▼  │                   zns_zone_finish                    │ │
 *    │ └─────zns_zone_reset─── closed ───────────────────────────────────────────────────┘ │
 *    └──────────────────────────────zns_zone_reset─────────────────────────────────────────┘
 *   read only ──zns_zone_offline──▶ offline
 *
 *   also  empty to closed  zns_zone_describe
 *         empty to full    zns_zone_finish
 *         open to empty    zns_zone_reset; zns_close_all (controller reset) if nothing was written
 *         closed to empty  zns_close_all if nothing was written
 *         open to closed   zns_close_all otherwise
 *         full to closed   zns_undo, after a power cut
 *
 * Open is implicit (by a write) or explicit. Open zones count against MOR, open and closed ones
 * against MAR. When the host needs one more open zone, an implicitly open one is closed. At run
 * time only move() writes a zone's state; zns_recount(), zns_recover() and zns_erase() write it
 * when media are restored or erased.
 */
#include <ssd/nvm/nvm.h>
#include <ssd/zns/zns.h>

uint8_t
zns_zone_state(const struct saved_zone *zone)
{
	return zone->state ? zone->state : XNVME_SPEC_ZND_STATE_EMPTY;
}

/* The process may end between any two stores: earlier stores take effect first */
static void
keep_order(void)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

static bool
is_open(uint8_t state)
{
	return state == XNVME_SPEC_ZND_STATE_IOPEN || state == XNVME_SPEC_ZND_STATE_EOPEN;
}

static bool
is_active(uint8_t state)
{
	return is_open(state) || state == XNVME_SPEC_ZND_STATE_CLOSED;
}

static struct zns_count *
count_of(struct ssd *ssd, const struct ssd_ns *ns)
{
	zns_check(ssd, ns);
	return &ssd->zns.count[ns->nsid - 1];
}

static void
move(struct ssd *ssd, const struct ssd_ns *ns, uint64_t index, uint8_t state)
{
	struct saved_zone *zone = &zns_zones(ssd, ns)[index];
	struct zns_count *count = count_of(ssd, ns);
	uint8_t old = zns_zone_state(zone);

	zone_check(ssd, ns, index);
	count->open -= is_open(old);
	count->active -= is_active(old);
	count->open += is_open(state);
	count->active += is_active(state);
	if (!is_active(state) && (zone->attributes & ZONE_HAS_AREA)) {
		zone->attributes &= (uint8_t)~ZONE_HAS_AREA;
		count->areas -= 1;
	}
	zone->state = state;
	zns_check(ssd, ns);
}

/* Close an implicitly open zone; false when there is none */
static bool
make_way(struct ssd *ssd, const struct ssd_ns *ns)
{
	struct saved_zone *zones = zns_zones(ssd, ns);
	uint64_t count = zns_zone_count(ssd, ns);
	struct zns_count *state = count_of(ssd, ns);

	ASSERT(state->open > 0);
	for (uint64_t i = 0; i < count; ++i) {
		uint64_t index = (state->cursor + i) % count;

		if (zones[index].state == XNVME_SPEC_ZND_STATE_IOPEN) {
			state->cursor = index + 1;
			move(ssd, ns, index, XNVME_SPEC_ZND_STATE_CLOSED);
			return true;
		}
	}
	return false;
}

/* Check the limits for one more active or open zone */
static uint16_t
claim(struct ssd *ssd, const struct ssd_ns *ns, bool active, bool open)
{
	const struct ssd_zns_config *config = zns_config(ssd, ns);
	struct zns_count *count = count_of(ssd, ns);

	zns_check(ssd, ns);
	ASSERT(active || open);
	if (active && config->max_active && count->active >= config->max_active) {
		return REFUSE(ZND_TOO_MANY_ACTIVE);
	}
	/* a full zone that a power cut may shorten would be active again: keep their number within
	 * the limit */
	if (active && config->max_active &&
	    count->active + count->unsettled >= config->max_active) {
		cache_flush(ssd, ns->nsid);
		count->unsettled = 0;
	}
	if (open && config->max_open && count->open >= config->max_open && !make_way(ssd, ns)) {
		return REFUSE(ZND_TOO_MANY_OPEN);
	}
	return STATUS(SUCCESS);
}

uint16_t
zns_state_refusal(uint8_t state)
{
	ASSERT(state > 0 && state <= XNVME_SPEC_ZND_STATE_OFFLINE);
	switch (state) {
	case XNVME_SPEC_ZND_STATE_FULL:
		return REFUSE(ZND_IS_FULL);
	case XNVME_SPEC_ZND_STATE_RONLY:
		return REFUSE(ZND_IS_READONLY);
	case XNVME_SPEC_ZND_STATE_OFFLINE:
		return REFUSE(ZND_IS_OFFLINE);
	default:
		return STATUS(SUCCESS);
	}
}

/* `state`: implicitly open (a write) or explicitly open (the host's request) */
uint16_t
zns_zone_open(struct ssd *ssd, struct ssd_ns *ns, uint64_t index, uint8_t state)
{
	uint8_t old = zns_zone_state(&zns_zones(ssd, ns)[index]);
	bool explicit = state == XNVME_SPEC_ZND_STATE_EOPEN;
	uint16_t status;

	zone_check(ssd, ns, index);
	ASSERT(explicit || state == XNVME_SPEC_ZND_STATE_IOPEN);
	switch (old) {
	case XNVME_SPEC_ZND_STATE_EOPEN:
		return STATUS(SUCCESS);
	case XNVME_SPEC_ZND_STATE_IOPEN:
		break;
	case XNVME_SPEC_ZND_STATE_EMPTY:
	case XNVME_SPEC_ZND_STATE_CLOSED:
		status = claim(ssd, ns, old == XNVME_SPEC_ZND_STATE_EMPTY, true);
		if (status) {
			return status;
		}
		break;
	default:
		return explicit ? REFUSE(ZND_INVALID_TRANS) : zns_state_refusal(old);
	}
	move(ssd, ns, index, state);
	return STATUS(SUCCESS);
}

uint16_t
zns_zone_close(struct ssd *ssd, struct ssd_ns *ns, uint64_t index)
{
	uint8_t old = zns_zone_state(&zns_zones(ssd, ns)[index]);

	zone_check(ssd, ns, index);
	if (is_open(old)) {
		move(ssd, ns, index, XNVME_SPEC_ZND_STATE_CLOSED);
		return STATUS(SUCCESS);
	}
	return old == XNVME_SPEC_ZND_STATE_CLOSED ? STATUS(SUCCESS) : REFUSE(ZND_INVALID_TRANS);
}

uint16_t
zns_zone_finish(struct ssd *ssd, struct ssd_ns *ns, uint64_t index)
{
	struct saved_zone *zone = &zns_zones(ssd, ns)[index];
	uint8_t old = zns_zone_state(zone);

	zone_check(ssd, ns, index);
	if (old == XNVME_SPEC_ZND_STATE_FULL) {
		return STATUS(SUCCESS);
	}
	if (old != XNVME_SPEC_ZND_STATE_EMPTY && !is_active(old)) {
		return REFUSE(ZND_INVALID_TRANS);
	}
	/* a power cut must not move the write pointer of a finished zone */
	cache_settle(ssd, ns, index * zns_zone_nlb(ssd, ns), zns_zone_nlb(ssd, ns));
	zone->written = zns_zone_cap(ssd, ns);
	move(ssd, ns, index, XNVME_SPEC_ZND_STATE_FULL);
	return STATUS(SUCCESS);
}

uint16_t
zns_zone_reset(struct ssd *ssd, struct ssd_ns *ns, uint64_t index)
{
	struct saved_zone *zone = &zns_zones(ssd, ns)[index];
	uint64_t nlb = zns_zone_nlb(ssd, ns);
	uint8_t old = zns_zone_state(zone);

	zone_check(ssd, ns, index);
	if (old == XNVME_SPEC_ZND_STATE_RONLY || old == XNVME_SPEC_ZND_STATE_OFFLINE) {
		return REFUSE(ZND_INVALID_TRANS);
	}
	if (old == XNVME_SPEC_ZND_STATE_EMPTY) {
		return STATUS(SUCCESS);
	}
	cache_settle(ssd, ns, index * nlb, nlb);
	/* first: for an empty zone zns_recover() does the rest */
	move(ssd, ns, index, XNVME_SPEC_ZND_STATE_EMPTY);
	keep_order();
	zone->written = 0;
	blocks_forget(ssd, ns, index * nlb, nlb);
	blocks_make_good(ssd, ns, index * nlb, nlb);
	if (zone->attributes & ZONE_HAS_DESCRIPTOR) {
		memset(zns_descriptor(ssd, ns, index), 0, zns_config(ssd, ns)->descriptor_nbytes);
	}
	zone->attributes = 0;
	return STATUS(SUCCESS);
}

uint16_t
zns_zone_offline(struct ssd *ssd, struct ssd_ns *ns, uint64_t index)
{
	uint8_t old = zns_zone_state(&zns_zones(ssd, ns)[index]);

	zone_check(ssd, ns, index);
	if (old == XNVME_SPEC_ZND_STATE_OFFLINE) {
		return STATUS(SUCCESS);
	}
	if (old != XNVME_SPEC_ZND_STATE_RONLY) {
		return REFUSE(ZND_INVALID_TRANS);
	}
	move(ssd, ns, index, XNVME_SPEC_ZND_STATE_OFFLINE);
	return STATUS(SUCCESS);
}

uint16_t
zns_zone_can_describe(struct ssd *ssd, struct ssd_ns *ns, uint64_t index)
{
	zone_check(ssd, ns, index);
	if (zns_zone_state(&zns_zones(ssd, ns)[index]) != XNVME_SPEC_ZND_STATE_EMPTY) {
		return REFUSE(ZND_INVALID_TRANS);
	}
	return claim(ssd, ns, true, false);
}

/* Close an empty zone whose descriptor extension was set */
void
zns_zone_describe(struct ssd *ssd, struct ssd_ns *ns, uint64_t index)
{
	zone_check(ssd, ns, index);
	ASSERT(zns_zone_state(&zns_zones(ssd, ns)[index]) == XNVME_SPEC_ZND_STATE_EMPTY);
	keep_order(); /* the extension is complete */
	move(ssd, ns, index, XNVME_SPEC_ZND_STATE_CLOSED);
	zns_zones(ssd, ns)[index].attributes |= ZONE_HAS_DESCRIPTOR;
}

/* Give an empty zone a random write area */
uint16_t
zns_zone_take_area(struct ssd *ssd, struct ssd_ns *ns, uint64_t index)
{
	struct saved_zone *zone = &zns_zones(ssd, ns)[index];
	struct zns_count *count = count_of(ssd, ns);
	uint16_t status;

	zone_check(ssd, ns, index);
	if (zns_config(ssd, ns)->zrwa_count == 0) {
		return REFUSE(INVALID_FIELD);
	}
	if (zns_zone_state(zone) != XNVME_SPEC_ZND_STATE_EMPTY) {
		return REFUSE(ZND_INVALID_TRANS);
	}
	if (count->areas >= zns_config(ssd, ns)->zrwa_count) {
		return REFUSE(ZND_NOZRWA);
	}
	status = zns_zone_open(ssd, ns, index, XNVME_SPEC_ZND_STATE_EOPEN);
	if (!status) {
		zone->attributes |= ZONE_HAS_AREA;
		count->areas += 1;
	}
	return status;
}

void
zns_zone_advance(struct ssd *ssd, struct ssd_ns *ns, uint64_t index, uint64_t written)
{
	struct saved_zone *zone = &zns_zones(ssd, ns)[index];

	zone_check(ssd, ns, index);
	ASSERT(is_open(zone->state) || zone->state == XNVME_SPEC_ZND_STATE_CLOSED);
	ASSERT(written >= zone->written);
	ASSERT(written <= zns_zone_cap(ssd, ns));
	zone->written = written;
	if (written == zns_zone_cap(ssd, ns)) {
		count_of(ssd, ns)->unsettled += cache_keeps(ssd);
		move(ssd, ns, index, XNVME_SPEC_ZND_STATE_FULL);
	}
}

void
zns_recount(struct ssd *ssd, uint32_t index)
{
	struct ssd_ns *ns = &ssd->ns[index];
	struct zns_count *count = &ssd->zns.count[index];
	struct saved_zone *zones;
	uint64_t nzones;

	memset(count, 0, sizeof(*count));
	zones = zns_zones(ssd, ns);
	nzones = zns_zone_count(ssd, ns);
	ASSERT(nzones > 0);
	for (uint64_t i = 0; i < nzones; ++i) {
		uint8_t state = zns_zone_state(&zones[i]);
		bool known = state <= XNVME_SPEC_ZND_STATE_CLOSED ||
			     (state >= XNVME_SPEC_ZND_STATE_RONLY &&
			      state <= XNVME_SPEC_ZND_STATE_OFFLINE);

		if (!known || zones[i].written > zns_zone_cap(ssd, ns)) {
			zones[i].state = state = XNVME_SPEC_ZND_STATE_OFFLINE;
			zones[i].written = 0;
			zones[i].attributes = 0;
		}
		count->open += is_open(state);
		count->active += is_active(state);
		count->areas += (zones[i].attributes & ZONE_HAS_AREA) != 0;
	}
}

void
zns_close_all(struct ssd *ssd, uint32_t index)
{
	struct ssd_ns *ns = &ssd->ns[index];
	struct zns_count *count = &ssd->zns.count[index];
	struct saved_zone *zones;
	uint64_t nzones;

	if (count->active == 0) {
		return;
	}
	zones = zns_zones(ssd, ns);
	nzones = zns_zone_count(ssd, ns);
	zns_check(ssd, ns);
	for (uint64_t i = 0; i < nzones && count->active; ++i) {
		uint8_t state = zns_zone_state(&zones[i]);

		if (zones[i].attributes & ZONE_HAS_AREA) {
			uint64_t nlb = zns_zone_nlb(ssd, ns), written = zones[i].written;

			/* uncommitted data are discarded with the area */
			ASSERT(written <= nlb && count->areas > 0);
			blocks_forget(ssd, ns, i * nlb + written, nlb - written);
			blocks_make_good(ssd, ns, i * nlb + written, nlb - written);
			zones[i].attributes &= (uint8_t)~ZONE_HAS_AREA;
			count->areas -= 1;
		}
		if (is_active(state) && zones[i].written == 0 &&
		    !(zones[i].attributes & ZONE_HAS_DESCRIPTOR)) {
			move(ssd, ns, i, XNVME_SPEC_ZND_STATE_EMPTY);
		} else if (is_open(state)) {
			move(ssd, ns, i, XNVME_SPEC_ZND_STATE_CLOSED);
		}
	}
}

void
zns_erase(struct ssd *ssd, uint32_t index)
{
	struct ssd_ns *ns = &ssd->ns[index];
	struct saved_zone *zones = zns_zones(ssd, ns);
	uint64_t nzones = zns_zone_count(ssd, ns);

	ASSERT(ns->kind == SSD_NS_ZNS);
	for (uint64_t i = 0; i < nzones; ++i) {
		/* write only entries that are not zero, so that the rest need not be backed */
		if (zones[i].attributes & ZONE_HAS_DESCRIPTOR) {
			memset(zns_descriptor(ssd, ns, i), 0, ssd->zns.descriptor_nbytes);
		}
		if (zones[i].state || zones[i].written || zones[i].attributes) {
			memset(&zones[i], 0, sizeof(zones[i]));
		}
	}
	zns_recount(ssd, index);
}

enum undo
zns_undo_of(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba)
{
	const struct saved_zone *zone = &zns_zones(ssd, ns)[lba / zns_zone_nlb(ssd, ns)];

	zone_check(ssd, ns, lba / zns_zone_nlb(ssd, ns));
	/* a random write area: committed data stay, the rest is discarded with the area */
	return zone->attributes & ZONE_HAS_AREA ? UNDO_NEVER : UNDO_BY_RANGE;
}

void
zns_power_cut(struct ssd *ssd, uint32_t index)
{
	ASSERT(ssd->ns[index].kind == SSD_NS_ZNS);
	ssd->zns.count[index].unsettled = 0;
}

bool
zns_ends_at(struct ssd *ssd, const struct ssd_ns *ns, uint64_t end)
{
	uint64_t nlb = zns_zone_nlb(ssd, ns), index = (end - 1) / nlb;

	ASSERT(end > 0);
	zone_check(ssd, ns, index);
	return index * nlb + zns_zones(ssd, ns)[index].written == end;
}

void
zns_undo(struct ssd *ssd, struct ssd_ns *ns, uint64_t lba, uint64_t nlb)
{
	uint64_t index = lba / zns_zone_nlb(ssd, ns);
	struct saved_zone *zone = &zns_zones(ssd, ns)[index];

	zone_check(ssd, ns, index);
	ASSERT(lba % zns_zone_nlb(ssd, ns) <= zone->written);
	zone->written = lba % zns_zone_nlb(ssd, ns);
	if (zns_zone_state(zone) == XNVME_SPEC_ZND_STATE_FULL) {
		move(ssd, ns, index, XNVME_SPEC_ZND_STATE_CLOSED);
	}
	/* otherwise they would become readable when the host finishes the zone */
	blocks_forget(ssd, ns, lba, nlb);
	blocks_make_good(ssd, ns, lba, nlb);
}

void
zns_recover(struct ssd *ssd, uint32_t index)
{
	struct ssd_ns *ns = &ssd->ns[index];
	struct saved_zone *zones;
	uint64_t nzones, nlb, cap;

	zones = zns_zones(ssd, ns);
	nzones = zns_zone_count(ssd, ns);
	nlb = zns_zone_nlb(ssd, ns);
	cap = zns_zone_cap(ssd, ns);
	ASSERT(cap > 0 && cap <= nlb);
	for (uint64_t i = 0; i < nzones; ++i) {
		uint8_t state = zns_zone_state(&zones[i]);

		if (state == XNVME_SPEC_ZND_STATE_EMPTY) {
			zones[i].written = 0;
			zones[i].attributes = 0;
		} else if (!is_active(state) || zones[i].written > cap) {
			continue; /* all of it may be read; or corruption, see zns_recount() */
		} else if (zones[i].written == cap) {
			zones[i].state = XNVME_SPEC_ZND_STATE_FULL;
			zones[i].attributes &= (uint8_t)~ZONE_HAS_AREA;
			continue;
		}
		blocks_forget(ssd, ns, i * nlb + zones[i].written, nlb - zones[i].written);
		blocks_make_good(ssd, ns, i * nlb + zones[i].written, nlb - zones[i].written);
	}
}
