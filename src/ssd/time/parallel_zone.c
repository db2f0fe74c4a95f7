/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Zones: a zone owns one block on each of its dies and fills their one-shot pages in turn; there is
 * no garbage collection. Reset erases those blocks, and drops the data of an incomplete one-shot
 * page from the buffer. Finish programs the incomplete one-shot page.
 */
#include <ssd/time/parallel.h>

static uint64_t
zone_first_die(const struct parallel *p, uint64_t zone)
{
	return zone * p->nand.dies_per_zone % p->dies;
}

static uint32_t
zone_die(const struct parallel *p, uint64_t zone, uint64_t oneshot)
{
	ASSERT(zone < p->zone_count);
	return (uint32_t)((zone_first_die(p, zone) + oneshot % p->nand.dies_per_zone) % p->dies);
}

static uint64_t
oneshot_number(const struct parallel *p, uint64_t zone, uint64_t oneshot)
{
	uint64_t in_zone = p->nand.zone_nbytes / p->nand.oneshot_page_nbytes + 1;

	ASSERT(zone < p->zone_count && oneshot * p->nand.oneshot_page_nbytes < p->nand.zone_nbytes);
	return zone * in_zone + oneshot;
}

static uint32_t
buffer_owner(const struct parallel *p, uint64_t zone)
{
	return p->nand.zone_buffer_nbytes ? (uint32_t)zone : SHARED;
}

/* Program the one-shot page that holds the byte before `end` */
static ns_t
zone_program(struct parallel *p, uint64_t index, uint64_t end, ns_t now)
{
	struct zone *zone = &p->zone[index];
	uint64_t oneshot = (end - 1) / p->nand.oneshot_page_nbytes;
	uint32_t die = zone_die(p, index, oneshot);
	ns_t at = nand_program(p, die, now, zone->ready);

	pzone_check(p, index);
	ASSERT(end > 0);
	p->die[die].programmed_at = at;
	p->programmed_at = ns_max(p->programmed_at, at);
	buffer_note_program(p, oneshot_number(p, index, oneshot), at);
	buffer_release_at(p, at, zone->held, buffer_owner(p, index));
	zone->held = 0;
	p->stats.user_program_ops += 1;
	p->stats.user_program_bytes += p->nand.oneshot_page_nbytes;
	return at;
}

static void
zone_buffer_forget(struct parallel *p, uint64_t index)
{
	struct zone *zone = &p->zone[index];
	uint64_t *left = p->nand.zone_buffer_nbytes ? &zone->buffer_free : &p->buffer_free;

	pzone_check(p, index);
	*left += zone->held;
	zone->held = 0;
}

/* Incomplete one-shot pages of other zones fill the shared buffer */
static void
zones_flush(struct parallel *p, ns_t now)
{
	parallel_check(p);
	for (uint64_t i = 0; i < p->zone_count; ++i) {
		if (p->zone[i].held) {
			zone_program(p, i, p->zone[i].end, now);
			p->stats.partial_flushes += 1;
		}
	}
}

static ns_t
zone_accept(struct parallel *p, uint64_t index, ns_t now, uint64_t nbytes)
{
	uint32_t owner = buffer_owner(p, index);
	ns_t at = buffer_wait(p, now, nbytes, owner);

	pzone_check(p, index);
	if (at == NS_NEVER) {
		zones_flush(p, now);
		at = buffer_wait(p, now, nbytes, owner);
	}
	return NEVER(at == NS_NEVER) ? now : at;
}

/* Write a piece that ends with the one-shot page, or with the write */
static ns_t
piece_write(struct parallel *p, uint64_t index, uint64_t nbytes, ns_t ready, ns_t now)
{
	struct zone *zone = &p->zone[index];

	pzone_check(p, index);
	ASSERT(nbytes > 0 && zone->end + nbytes <= p->nand.zone_nbytes);
	zone->ready = ns_max(zone->ready, ready);
	zone->held += nbytes;
	zone->end += nbytes;
	zone->erased = false;
	if (zone->end % p->nand.oneshot_page_nbytes == 0 || zone->end == p->nand.zone_nbytes) {
		return zone_program(p, index, zone->end, now);
	}
	return ready;
}

ns_t
zone_write(struct parallel *p, ns_t now, const struct model_io *io)
{
	uint64_t index = io->offset / p->nand.zone_nbytes;
	uint64_t left = io->nbytes, unit = p->nand.oneshot_page_nbytes;
	uint64_t buffer = p->nand.zone_buffer_nbytes ? p->nand.zone_buffer_nbytes :
						       p->nand.buffer_nbytes;
	struct zone *zone = &p->zone[index];
	ns_t done = now, last = now;

	ASSERT(buffer / 2 > 0);
	if (zone->end + left > p->nand.zone_nbytes) {
		return now; /* the engine has already refused it */
	}
	while (left > 0) {
		/* a write larger than half of the buffer is accepted in parts */
		uint64_t part = left < buffer / 2 ? left : buffer / 2;
		ns_t at = zone_accept(p, index, done, part);
		uint64_t pages = (part + PAGE_NBYTES - 1) / PAGE_NBYTES;

		done = bus_transfer(p->from_host, now,
				    at + p->nand.fw_write_ns + p->nand.fw_write_4k_ns * pages,
				    part);
		left -= part;
		while (part > 0) {
			uint64_t piece = unit - zone->end % unit;

			piece = piece < part ? piece : part;
			last = ns_max(last, piece_write(p, index, piece, done, now));
			part -= piece;
		}
	}
	pzone_check(p, index);
	if (io->fua && zone->held) {
		last = ns_max(last, zone_program(p, index, zone->end, done));
		p->stats.partial_flushes += 1;
	}
	return io->fua || !p->nand.early_completion ? ns_max(last, done) : done;
}

/* Is this the incomplete one-shot page of the zone, which is not in NAND yet? */
static bool
zone_is_gathering(const struct parallel *p, const struct zone *zone, uint64_t oneshot)
{
	ASSERT(zone->held <= zone->end);
	return zone->held && (zone->end - 1) / p->nand.oneshot_page_nbytes == oneshot;
}

ns_t
zone_read(struct parallel *p, ns_t now, const struct model_io *io)
{
	uint64_t at = io->offset, end = io->offset + io->nbytes, no_nand_nbytes = 0;
	bool small = io->nbytes <= PAGE_NBYTES;
	ns_t start = now + (small ? p->nand.fw_read_4k_ns : p->nand.fw_read_ns);
	ns_t done = start;

	while (at < end) {
		uint64_t index = at / p->nand.zone_nbytes;
		uint64_t in_zone = at % p->nand.zone_nbytes;
		uint64_t oneshot = in_zone / p->nand.oneshot_page_nbytes;
		uint64_t in_oneshot = in_zone % p->nand.oneshot_page_nbytes;
		uint64_t piece = p->nand.flash_page_nbytes -
				 in_oneshot % p->nand.flash_page_nbytes;
		const struct zone *zone = &p->zone[index];
		uint32_t die = zone_die(p, index, oneshot);
		uint32_t page = (uint32_t)(in_oneshot / PAGE_NBYTES);
		uint64_t sensed;

		pzone_check(p, index);
		piece = piece < end - at ? piece : end - at;
		at += piece;
		if (in_zone >= zone->end || zone_is_gathering(p, zone, oneshot) ||
		    (p->die[die].programmed_at > now &&
		     buffer_holds(p, oneshot_number(p, index, oneshot), now))) {
			p->stats.buffer_hits += in_zone < zone->end;
			no_nand_nbytes += piece;
			continue;
		}
		sensed = in_zone % PAGE_NBYTES + piece + PAGE_NBYTES - 1;
		sensed -= sensed % PAGE_NBYTES;
		p->stats.user_read_ops += 1;
		p->stats.user_read_bytes += sensed;
		done = ns_max(done, nand_read(p, die, page, now, start, (uint32_t)sensed,
					      (uint32_t)piece));
	}
	if (no_nand_nbytes) {
		done = ns_max(done, bus_transfer(p->to_host, now, start, no_nand_nbytes));
	}
	return done;
}

ns_t
zone_flush(struct parallel *p, ns_t now)
{
	ns_t at = now + p->nand.fw_write_ns;

	parallel_check(p);
	zones_flush(p, at);
	return ns_max(at, p->programmed_at);
}

ns_t
zone_reset(struct parallel *p, ns_t now, const struct model_io *io)
{
	uint64_t index = io->offset / p->nand.zone_nbytes;
	struct zone *zone = &p->zone[index];
	ns_t done = now + p->nand.fw_write_ns;

	pzone_check(p, index);
	zone_buffer_forget(p, index);
	if (!zone->erased && zone->end > 0) {
		for (uint32_t i = 0; i < p->nand.dies_per_zone; ++i) {
			uint32_t die = zone_die(p, index, i);

			done = ns_max(done, nand_erase(p, die, now, now + p->nand.fw_write_ns));
		}
		p->stats.erases += 1;
	}
	zone->end = 0;
	zone->ready = 0;
	zone->erased = true;
	return done;
}

ns_t
zone_finish(struct parallel *p, ns_t now, const struct model_io *io)
{
	uint64_t index = io->offset / p->nand.zone_nbytes;
	struct zone *zone = &p->zone[index];
	ns_t done = now + p->nand.fw_write_ns;

	pzone_check(p, index);
	if (zone->held) {
		done = ns_max(done, zone_program(p, index, zone->end, done));
		p->stats.partial_flushes += 1;
	}
	return done;
}
