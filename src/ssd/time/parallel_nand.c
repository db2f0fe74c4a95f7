/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The operations of a die. A read senses a flash page into a plane's register, which is occupied
 * until the data have crossed the channel. A program transfers its data over the channel and then
 * occupies all planes of the die for its time. An erase occupies all planes. Operations are not
 * interrupted. An operation that must wait for another one (a program for the read of its data)
 * leaves the plane free until then: it takes the first sufficient gap.
 */
#include <ssd/time/parallel.h>

/* `to_host_nbytes` 0: for collection, the data stay in the controller. Returns the instant of the
 * last byte. Chunks cross the link while the next one crosses the channel. */
ns_t
nand_read(struct parallel *p, uint32_t die, uint32_t page_in_block, ns_t now, ns_t start,
	  uint32_t nbytes, uint32_t to_host_nbytes)
{
	struct die *on = &p->die[die];
	uint32_t flash_page = page_in_block / p->flash_page_pages;
	uint32_t plane = p->planes > 1 ? flash_page % p->planes : 0;
	struct bus *in = &p->plane[on->first_plane + plane];
	uint32_t type = flash_page % p->nand.cell_bits;
	/* chunks serve to overlap with the link */
	uint32_t most = to_host_nbytes ? p->nand.channel_transfer_nbytes : nbytes;
	ns_t sense = nbytes <= PAGE_NBYTES ? p->nand.read_4k_ns[type] : p->nand.read_ns[type];
	ns_t need = sense + bus_duration(on->channel, nbytes);
	ns_t at, begin, done, gap_end;

	ASSERT(die < p->dies && type < 4);
	ASSERT(nbytes > 0 && most > 0);
	for (begin = start;; begin = gap_end) {
		begin = bus_first_gap(in, begin, need, &gap_end);
		if (gap_end == NS_NEVER ||
		    bus_when(on->channel, begin + sense, nbytes) <= gap_end) {
			break;
		}
	}
	at = begin + sense;
	done = at;
	ASSERT(begin >= start);
	while (nbytes > 0) {
		uint32_t chunk = nbytes < most ? nbytes : most;
		uint32_t host = to_host_nbytes < chunk ? to_host_nbytes : chunk;

		at = bus_transfer(on->channel, now, at, chunk);
		done = host ? bus_transfer(p->to_host, now, at, host) : at;
		nbytes -= chunk;
		to_host_nbytes -= host;
	}
	ASSERT(to_host_nbytes == 0);
	bus_take(in, now, begin, at - begin);
	return done;
}

/* The same for one page; most find the plane idle and cross the channel in one transfer */
ns_t
nand_read_page(struct parallel *p, uint32_t die, uint32_t page_in_block, ns_t now, ns_t start,
	       uint32_t to_host_nbytes)
{
	struct die *on = &p->die[die];
	uint32_t flash_page = page_in_block / p->flash_page_pages;
	uint32_t plane = p->planes > 1 ? flash_page % p->planes : 0;
	struct bus *in = &p->plane[on->first_plane + plane];
	ns_t at;

	ASSERT(die < p->dies);
	ASSERT(to_host_nbytes <= PAGE_NBYTES);
	if (UNLIKELY(in->free_at > start || p->nand.channel_transfer_nbytes < PAGE_NBYTES ||
		     to_host_nbytes == 0)) {
		return nand_read(p, die, page_in_block, now, start, PAGE_NBYTES, to_host_nbytes);
	}
	at = start + p->nand.read_4k_ns[flash_page % p->nand.cell_bits];
	at = bus_transfer(on->channel, now, at, PAGE_NBYTES);
	bus_take(in, now, start, at - start);
	return bus_transfer(p->to_host, now, at, to_host_nbytes);
}

/* The first gap that all planes of a die have in common */
static ns_t
planes_gap(struct parallel *p, const struct die *die, ns_t at, ns_t need, ns_t *gap_end)
{
	ns_t before, end;

	ASSERT(die < p->die + p->dies);
	do {
		before = at;
		*gap_end = NS_NEVER;
		for (uint32_t i = 0; i < p->planes; ++i) {
			at = bus_first_gap(&p->plane[die->first_plane + i], at, need, &end);
			*gap_end = ns_min(*gap_end, end);
		}
	} while (at != before && p->planes > 1);
	ASSERT(*gap_end - at >= need);
	return at;
}

static void
planes_reserve(struct parallel *p, const struct die *die, ns_t now, ns_t from, ns_t to)
{
	ASSERT(from <= to);
	for (uint32_t i = 0; i < p->planes; ++i) {
		bus_take(&p->plane[die->first_plane + i], now, from, to - from);
	}
}

/* Program one one-shot page; returns the instant when it is durable */
ns_t
nand_program(struct parallel *p, uint32_t die, ns_t now, ns_t start)
{
	struct die *on = &p->die[die];
	uint32_t nbytes = p->nand.oneshot_page_nbytes;
	ns_t need = p->nand.program_ns + bus_duration(on->channel, nbytes);
	ns_t begin, end, gap_end;

	ASSERT(die < p->dies);
	for (begin = start;; begin = gap_end) {
		begin = planes_gap(p, on, begin, need, &gap_end);
		if (gap_end == NS_NEVER ||
		    bus_when(on->channel, begin, nbytes) + p->nand.program_ns <= gap_end) {
			break;
		}
	}
	end = bus_transfer(on->channel, now, begin, nbytes) + p->nand.program_ns;
	planes_reserve(p, on, now, begin, end);
	ASSERT(end >= start);
	return end;
}

ns_t
nand_erase(struct parallel *p, uint32_t die, ns_t now, ns_t start)
{
	struct die *on = &p->die[die];
	ns_t gap_end;
	ns_t begin = planes_gap(p, on, start, p->nand.erase_ns, &gap_end);

	ASSERT(die < p->dies);
	ASSERT(begin >= start);
	planes_reserve(p, on, now, begin, begin + p->nand.erase_ns);
	return begin + p->nand.erase_ns;
}
