/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * NVMeVirt's zones: a zone owns some dies and fills their one-shot pages in turn. Its zone random
 * write areas, which all of its presets disable, are not modelled.
 *
 * Kept on purpose: buffer space is taken before the request is checked and not released on error;
 * reset, finish and erase cost nothing and drop the buffered data without releasing its space; a
 * read that crosses a zone takes time before it is refused; data beyond the write pointer can be
 * read.
 */
#include <nvme/status.h>
#include <ssd/time/nvmevirt1_internal.h>

enum {
	ZONE_EMPTY = 1,
	ZONE_IMPLICIT = 2,
	ZONE_EXPLICIT = 3,
	ZONE_CLOSED = 4,
	ZONE_FULL = 0xe,
};

static struct nv_die *
die_of(const struct nvmevirt1 *nv, uint64_t zone, uint64_t page)
{
	uint64_t dies_per_zone = nv->nand.dies_per_zone;
	uint64_t die = zone * dies_per_zone % nv->die_count +
		       page / nv->pages_per_oneshot % dies_per_zone;

	ASSERT(nv->die_count > 0 && nv->pages_per_oneshot > 0);
	return &nv->dies[die % nv->die_count];
}

static bool
zone_is_open(const struct nv_zone *zone)
{
	return zone->state == ZONE_IMPLICIT || zone->state == ZONE_EXPLICIT;
}

/* The limits of its presets equal the number of zones, so no limit is ever exceeded */
static void
zone_set_state(struct nvmevirt1 *nv, struct nv_zone *zone, uint8_t state)
{
	bool was_open = zone_is_open(zone);
	bool was_active = was_open || zone->state == ZONE_CLOSED;
	bool open, active;

	nv_check(nv);
	zone->state = state;
	open = zone_is_open(zone);
	active = open || state == ZONE_CLOSED;
	ASSERT(nv->zones_open >= was_open && nv->zones_active >= was_active);
	nv->zones_open = nv->zones_open + open - was_open;
	nv->zones_active = nv->zones_active + active - was_active;
}

static uint16_t
write_check(const struct nvmevirt1 *nv, const struct nv_zone *zone, uint64_t start,
	    uint64_t nbytes)
{
	nv_zone_check(nv, zone);
	if (nbytes % nv->nand.write_unit_nbytes) {
		return STATUS(ZND_INVALID_WRITE);
	}
	if (start + nbytes > nv->nand.zone_nbytes) {
		return STATUS(ZND_BOUNDARY_ERROR);
	}
	if (start != zone->wp_page_nbytes) {
		return STATUS(ZND_INVALID_WRITE);
	}
	return zone->state == ZONE_FULL ? STATUS(ZND_IS_FULL) : 0;
}

/*
 * Program the one-shot pages that the write completes; returns the last completion. Kept on
 * purpose: it counts in pages, so a write of smaller blocks programs the one-shot page each time it
 * touches its last page, and releases its buffer each time.
 */
static ns_t
write_program(struct nvmevirt1 *nv, ns_t now, ns_t buffered, uint64_t zone, uint64_t start,
	      uint64_t nbytes)
{
	uint32_t oneshot = nv->nand.oneshot_page_nbytes, last_oneshot;
	uint32_t owner = nv->nand.zone_buffer_nbytes ? (uint32_t)zone : UINT32_MAX;
	uint64_t page = start / NV_PAGE_NBYTES;
	uint64_t end = (start + nbytes - 1) / NV_PAGE_NBYTES + 1;
	uint64_t zone_end = nv->nand.zone_nbytes / NV_PAGE_NBYTES;
	ns_t last = buffered;

	ASSERT(zone < nv->zone_count && nbytes > 0);
	last_oneshot = (uint32_t)(nv->nand.zone_nbytes % oneshot);
	while (page < end) {
		uint64_t unit_end = (page / nv->pages_per_oneshot + 1) * nv->pages_per_oneshot;

		if (unit_end <= end || end == zone_end) {
			ns_t at = nv_nand_program(nv, die_of(nv, zone, page), now, buffered);
			bool cut = unit_end > zone_end;

			nv_release_add(nv, at, cut ? last_oneshot : oneshot, owner);
			last = ns_max(last, at);
			nv->totals.user_program_ops += 1;
			nv->totals.user_program_bytes += oneshot;
		}
		page = unit_end;
	}
	return last;
}

bool
nv_zns_write(struct nvmevirt1 *nv, ns_t now, const struct model_io *io,
	     struct nvmevirt1_result *result)
{
	uint64_t index = io->offset / nv->nand.zone_nbytes;
	struct nv_zone *zone = &nv->zones[index];
	uint64_t start = io->offset % nv->nand.zone_nbytes;
	int64_t *buffer = nv->nand.zone_buffer_nbytes ? &zone->buffer_nbytes :
							&nv->buffer_nbytes;
	ns_t buffered, last;

	nv_check(nv);
	ASSERT(index < nv->zone_count);
	if (*buffer < (int64_t)io->nbytes) {
		return false;
	}
	*buffer -= (int64_t)io->nbytes;
	if (io->op == MODEL_ZONE_APPEND) {
		start = zone->wp_page_nbytes;
		result->result = (index * nv->nand.zone_nbytes + start) / 512;
	}
	result->status = write_check(nv, zone, start, io->nbytes);
	if (result->status) {
		return true;
	}
	if (!zone_is_open(zone)) {
		zone_set_state(nv, zone, ZONE_IMPLICIT);
	}
	zone->wp_page_nbytes += io->nbytes;
	if (zone->wp_page_nbytes == nv->nand.zone_nbytes) {
		zone_set_state(nv, zone, ZONE_FULL);
	}
	nv_zone_check(nv, zone);
	buffered = nv_buffer_fill(nv, now, io->nbytes);
	last = write_program(nv, now, buffered, index, start, io->nbytes);
	result->done = io->fua || !nv->nand.early_completion ? last : buffered;
	return true;
}

void
nv_zns_read(struct nvmevirt1 *nv, ns_t now, const struct model_io *io,
	    struct nvmevirt1_result *result)
{
	uint64_t zone = io->offset / nv->nand.zone_nbytes;
	uint64_t start = io->offset % nv->nand.zone_nbytes;
	uint64_t page = start / NV_PAGE_NBYTES;
	uint64_t last_page = (start + io->nbytes - 1) / NV_PAGE_NBYTES;
	bool small = io->nbytes <= NV_PAGE_NBYTES;
	ns_t begin = now + (small ? nv->nand.fw_read_4k_ns : nv->nand.fw_read_ns);
	ns_t done = begin;

	nv_check(nv);
	ASSERT(zone < nv->zone_count);
	while (page <= last_page) {
		uint64_t per = nv->pages_per_flash_page;
		uint64_t next = (page / per + 1) * per;
		uint64_t pages = (next <= last_page ? next : last_page + 1) - page;
		uint64_t zone_pages = nv->nand.zone_nbytes / NV_PAGE_NBYTES;
		struct nv_die *die = die_of(nv, zone + page / zone_pages, page % zone_pages);
		uint32_t in_oneshot = (uint32_t)(page % zone_pages % nv->pages_per_oneshot);
		ns_t at = nv_nand_read(nv, die, now, begin, in_oneshot,
				       (uint32_t)pages * NV_PAGE_NBYTES, false);

		done = ns_max(done, at);
		nv->totals.user_read_ops += 1;
		nv->totals.user_read_bytes += pages * NV_PAGE_NBYTES;
		page += pages;
	}
	result->done = nvmevirt1_bus_transfer(nv->link, now, done, io->nbytes);
	if (start + io->nbytes > nv->nand.zone_nbytes) {
		result->status = STATUS(ZND_BOUNDARY_ERROR);
	}
}

uint16_t
nvmevirt1_zone_manage(struct nvmevirt1 *nv, enum nvmevirt1_action action, uint64_t offset)
{
	struct nv_zone *zone;

	if (nv->kind != NV_ZONED || offset / nv->nand.zone_nbytes >= nv->zone_count) {
		return STATUS(INVALID_FIELD);
	}
	zone = &nv->zones[offset / nv->nand.zone_nbytes];
	nv_zone_check(nv, zone);
	switch (action) {
	case NVMEVIRT1_OPEN:
		if (zone->state == ZONE_FULL) {
			return STATUS(ZND_INVALID_TRANS);
		}
		zone_set_state(nv, zone, ZONE_EXPLICIT);
		return 0;
	case NVMEVIRT1_CLOSE:
		if (zone->state == ZONE_FULL || zone->state == ZONE_EMPTY) {
			return STATUS(ZND_INVALID_TRANS);
		}
		zone_set_state(nv, zone, ZONE_CLOSED);
		return 0;
	case NVMEVIRT1_FINISH:
		zone_set_state(nv, zone, ZONE_FULL);
		return 0;
	case NVMEVIRT1_RESET:
		zone_set_state(nv, zone, ZONE_EMPTY);
		zone->wp_page_nbytes = 0;
		return 0;
	default:
		return STATUS(INVALID_FIELD);
	}
}

bool
nvmevirt1_zone(const struct nvmevirt1 *nv, uint64_t zone, struct nvmevirt1_zone *out)
{
	if (nv->kind != NV_ZONED || zone >= nv->zone_count) {
		return false;
	}
	nv_zone_check(nv, &nv->zones[zone]);
	out->state = nv->zones[zone].state;
	out->wp_lba = (zone * nv->nand.zone_nbytes + nv->zones[zone].wp_page_nbytes) / 512;
	return true;
}
