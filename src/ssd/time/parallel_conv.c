/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A conventional SSD: reads, writes, flushes and trims through the FTL. A written page stays in the
 * buffer until its one-shot page is full. Then the one-shot page is programmed, and its buffer
 * space is free when the program ends. A write of a partial page reads the rest of it first; the
 * program waits for that read, the host does not.
 */
#include <ssd/time/parallel.h>

static uint64_t
oneshot_of(const struct parallel *p, struct ftl_place place)
{
	uint64_t groups = p->line_pages / p->group_pages;

	ASSERT(place.position < p->line_pages);
	return ((uint64_t)place.line * groups + place.position / p->group_pages) * p->lanes +
	       place.position % p->lanes;
}

static void
lane_program(struct parallel *p, enum ftl_stream stream, uint32_t lane_index,
	     struct ftl_place place, ns_t now)
{
	struct lane *lane = &p->stream[stream].lane[lane_index];
	uint32_t die, page;
	ns_t end;

	lane_check(p, stream, lane_index);
	place_locate(p, place, &die, &page);
	end = nand_program(p, die, now, ns_max(lane->ready, now));
	buffer_note_program(p, oneshot_of(p, place), end);
	ASSERT(end >= now);
	p->die[die].programmed_at = end;
	if (lane->held) {
		buffer_release_at(p, end, (uint64_t)lane->held * PAGE_NBYTES, SHARED);
	}
	if (ftl_stream_is_collection(stream)) {
		p->stats.gc_program_ops += 1;
		p->stats.gc_program_bytes += p->nand.oneshot_page_nbytes;
	} else {
		p->programmed_at = ns_max(p->programmed_at, end);
		p->stats.user_program_ops += 1;
		p->stats.user_program_bytes += p->nand.oneshot_page_nbytes;
	}
	*lane = (struct lane){ 0 };
}

static void
deferred_program(struct parallel *p, ns_t now)
{
	deferred_check(p);
	if (p->deferred.set) {
		p->deferred.set = false;
		lane_program(p, p->deferred.stream, p->deferred.lane, p->deferred.place, now);
	}
}

/* Add a placed page to its lane; the last page of a one-shot page starts the program, or defers it
 * when that page was only written in part */
static inline void
place_gather(struct parallel *p, enum ftl_stream stream, struct ftl_place place, ns_t now,
	     ns_t ready, uint64_t part_of)
{
	uint32_t in_group = place.position % p->group_pages;
	uint32_t lane_page = in_group / p->lanes;
	uint32_t lane_index = in_group - lane_page * p->lanes;
	struct lane *lane = &p->stream[stream].lane[lane_index];

	lane_check(p, stream, lane_index);
	deferred_program(p, now);
	lane->ready = ns_max(lane->ready, ready);
	lane->pages += 1;
	lane->held += part_of != PART_OF_COLLECTION;
	if (lane_page < p->oneshot_pages - 1) {
		return;
	}
	ASSERT(lane->pages <= p->oneshot_pages);
	if (part_of < PART_OF_NONE) {
		p->deferred = (struct deferred){ true, stream, lane_index, place, part_of };
		return;
	}
	lane_program(p, stream, lane_index, place, now);
}

void
page_place(struct parallel *p, enum ftl_stream stream, struct ftl_place place, ns_t now,
	   ns_t ready, uint64_t part_of)
{
	deferred_check(p);
	place_gather(p, stream, place, now, ready, part_of);
}

/* Program the incomplete one-shot pages of a stream; the rest of the group stays empty */
static void
stream_flush(struct parallel *p, enum ftl_stream stream, ns_t now)
{
	struct ftl_place next;
	uint32_t first;

	if (!ftl_stream_next(p->ftl, stream, &next)) {
		return;
	}
	ASSERT(next.position < p->line_pages);
	first = next.position / p->group_pages * p->group_pages;
	if (next.position == first) {
		return; /* nothing to program */
	}
	for (uint32_t lane = 0; lane < p->lanes; ++lane) {
		struct ftl_place place = { next.line, first + lane };

		if (p->stream[stream].lane[lane].pages) {
			lane_program(p, stream, lane, place, now);
		}
	}
	p->stats.partial_flushes += 1;
	for (uint32_t at = next.position; at < first + p->group_pages; ++at) {
		ftl_pad(p->ftl, stream);
	}
}

static bool __attribute__((noinline))
page_is_programmed(const struct parallel *p, struct ftl_place place, ns_t now, uint32_t die)
{
	ASSERT(die < p->dies);
	if (p->die[die].programmed_at > now && buffer_holds(p, oneshot_of(p, place), now)) {
		return true;
	}
	return p->deferred.set && oneshot_of(p, p->deferred.place) == oneshot_of(p, place);
}

static inline bool
page_is_buffered(const struct parallel *p, struct ftl_place place, ns_t now, uint32_t die)
{
	ASSERT(die < p->dies);
	if ((p->die[die].programmed_at > now || p->deferred.set) &&
	    page_is_programmed(p, place, now, die)) {
		return true;
	}
	return ftl_is_pending(p->ftl, place);
}

/* Read the rest of a partially written page; returns when it arrives */
static ns_t
page_read_rest(struct parallel *p, uint64_t page, ns_t now, ns_t start)
{
	struct ftl_place place;
	uint32_t die, in_block;

	ASSERT(page < p->pages);
	if (!ftl_lookup(p->ftl, page, &place)) {
		return 0;
	}
	place_locate(p, place, &die, &in_block);
	if (page_is_buffered(p, place, now, die)) {
		return 0;
	}
	p->stats.user_read_ops += 1;
	p->stats.user_read_bytes += PAGE_NBYTES;
	return nand_read(p, die, in_block, now, start, PAGE_NBYTES, 0);
}

/* Overwrite a page of an incomplete one-shot page in place */
static void
page_overwrite_pending(struct parallel *p)
{
	ASSERT(p->buffer_free + PAGE_NBYTES <= p->nand.buffer_nbytes);
	p->buffer_free += PAGE_NBYTES;
	p->stats.buffer_hits += 1;
}

/* A page that is written in part, or one that owes work to collection */
static void
page_write_slow(struct parallel *p, uint64_t page, enum ftl_stream stream, bool part, ns_t now,
		ns_t ready)
{
	struct ftl_place place;

	deferred_check(p);
	ASSERT(page < p->pages);
	if ((p->deferred.set && p->deferred.page == page) ||
	    (ftl_lookup(p->ftl, page, &place) && ftl_is_pending(p->ftl, place))) {
		page_overwrite_pending(p);
		return;
	}
	if (part) {
		ready = ns_max(ready, page_read_rest(p, page, now, now));
	}
	gc_free_lines(p, now, stream);
	ASSERT(!ftl_is_starved(p->ftl, stream));
	place = ftl_write(p->ftl, page, stream);
	place_gather(p, stream, place, now, ready, part ? page : PART_OF_NONE);
	gc_after_page(p, now);
}

/* Write one page. Its buffer space is taken; its data arrive at `ready`. */
static inline void
page_write(struct parallel *p, uint64_t page, uint16_t host_stream, bool part, ns_t now,
	   ns_t ready)
{
	enum ftl_stream stream = FTL_USER;
	struct ftl_place place;

	ASSERT(page < p->pages);
	if (host_stream || p->nand.gc_separate_hot_cold) {
		stream = ftl_stream_of(p->ftl, page, host_stream);
	}
	if (part || p->deferred.set || p->collecting ||
	    ftl_free_lines(p->ftl) <= p->gc_start_lines) {
		page_write_slow(p, page, stream, part, now, ready);
	} else if (ftl_write_unless_pending(p->ftl, page, stream, &place)) {
		place_gather(p, stream, place, now, ready, PART_OF_NONE);
	} else {
		page_overwrite_pending(p);
	}
}

static void
streams_flush(struct parallel *p, ns_t now)
{
	parallel_check(p);
	deferred_program(p, now);
	for (uint32_t stream = 0; stream < FTL_STREAMS; ++stream) {
		if (!ftl_stream_is_collection((enum ftl_stream)stream)) {
			stream_flush(p, (enum ftl_stream)stream, now);
		}
	}
}

/* When the whole buffer waits for one-shot pages to fill, program them incomplete */
static ns_t __attribute__((noinline))
write_wait(struct parallel *p, ns_t now, ns_t at, uint64_t nbytes)
{
	ASSERT(nbytes <= p->nand.buffer_nbytes);
	at = buffer_wait(p, at, nbytes, SHARED);
	if (at == NS_NEVER) {
		streams_flush(p, now);
		at = buffer_wait(p, ns_max(now, p->write_accepted_at), nbytes, SHARED);
	}
	if (NEVER(at == NS_NEVER)) { /* a piece is at most half of the buffer */
		at = now;
	}
	p->write_accepted_at = at;
	return at;
}

/* Take buffer space for a write; returns the instant of acceptance */
static inline ns_t
write_accept(struct parallel *p, ns_t now, uint64_t nbytes)
{
	ns_t at = ns_max(now, p->write_accepted_at);

	parallel_check(p);
	ASSERT(nbytes <= p->nand.buffer_nbytes);
	if (LIKELY(p->buffer_free >= nbytes && p->releases.count < p->releases.capacity / 2)) {
		p->buffer_free -= nbytes;
		return at;
	}
	return write_wait(p, now, at, nbytes);
}

static ns_t
page_write_alone(struct parallel *p, ns_t now, const struct model_io *io, uint64_t page)
{
	ns_t at = write_accept(p, now, PAGE_NBYTES);
	ns_t done = bus_transfer(p->from_host, now,
				 at + p->nand.fw_write_ns + p->nand.fw_write_4k_ns, io->nbytes);

	ASSERT(io->offset % PAGE_NBYTES + io->nbytes <= PAGE_NBYTES);
	page_write(p, page, io->stream, io->nbytes < PAGE_NBYTES, at, done);
	return done;
}

/* A write larger than half of the buffer is accepted in parts */
static ns_t
pages_write(struct parallel *p, ns_t now, const struct model_io *io)
{
	uint64_t page = io->offset / PAGE_NBYTES;
	uint64_t end = io->offset + io->nbytes, left = io->nbytes;
	uint64_t most = p->nand.buffer_nbytes / 2 / PAGE_NBYTES; /* pages accepted at once */
	ns_t done = now;

	ASSERT(most > 0);
	while (left > 0) {
		uint64_t pages = (end + PAGE_NBYTES - 1) / PAGE_NBYTES - page;
		uint64_t first = page * PAGE_NBYTES < io->offset ? io->offset : page * PAGE_NBYTES;
		uint64_t nbytes;
		ns_t at;

		pages = pages < most ? pages : most;
		nbytes = (page + pages) * PAGE_NBYTES < end ? (page + pages) * PAGE_NBYTES - first :
							      end - first;
		at = write_accept(p, now, pages * PAGE_NBYTES);
		done = bus_transfer(p->from_host, now,
				    at + p->nand.fw_write_ns + p->nand.fw_write_4k_ns * pages,
				    nbytes);
		for (uint64_t i = 0; i < pages; ++i, ++page) {
			bool part = page * PAGE_NBYTES < io->offset ||
				    (page + 1) * PAGE_NBYTES > end;

			page_write(p, page, io->stream, part, at, done);
		}
		ASSERT(nbytes > 0 && nbytes <= left);
		left -= nbytes;
	}
	return done;
}

ns_t
conv_write(struct parallel *p, ns_t now, const struct model_io *io)
{
	uint64_t page = io->offset / PAGE_NBYTES;
	ns_t done;

	parallel_check(p);
	ASSERT(io->nbytes > 0 && page < p->pages);
	if (io->offset + io->nbytes <= (page + 1) * PAGE_NBYTES) {
		done = page_write_alone(p, now, io, page);
	} else {
		done = pages_write(p, now, io);
	}
	if (io->fua || !p->nand.early_completion) {
		streams_flush(p, done);
		done = ns_max(done, p->programmed_at);
	}
	return done;
}

ns_t
conv_flush(struct parallel *p, ns_t now)
{
	ns_t at = now + p->nand.fw_write_ns;

	parallel_check(p);
	streams_flush(p, at);
	return ns_max(at, p->programmed_at);
}

/* Bytes of a page that the request reads */
static uint32_t
page_host_nbytes(const struct model_io *io, uint64_t page)
{
	uint64_t from = page * PAGE_NBYTES, to = from + PAGE_NBYTES;

	from = from < io->offset ? io->offset : from;
	to = to > io->offset + io->nbytes ? io->offset + io->nbytes : to;
	ASSERT(from < to);
	return (uint32_t)(to - from);
}

struct group {
	struct ftl_place place; /* of its first page */
	uint32_t pages, host_nbytes;
};

static ns_t
group_read(struct parallel *p, const struct group *group, ns_t now, ns_t start)
{
	uint32_t die, page;

	ASSERT(group->pages > 0 && group->pages <= p->flash_page_pages);
	p->stats.user_read_ops += 1;
	p->stats.user_read_bytes += (uint64_t)group->pages * PAGE_NBYTES;
	place_locate(p, group->place, &die, &page);
	return nand_read(p, die, page, now, start, group->pages * PAGE_NBYTES, group->host_nbytes);
}

static bool
same_flash_page(const struct parallel *p, struct ftl_place a, struct ftl_place b)
{
	uint32_t span = p->flash_page_pages * p->lanes;

	ASSERT(a.position < p->line_pages && b.position < p->line_pages);
	return a.line == b.line && a.position / span == b.position / span &&
	       a.position % p->lanes == b.position % p->lanes;
}

/* Read every lanes-th page of the request from `page` on: pages of one flash page are read
 * together */
static ns_t
lane_read(struct parallel *p, ns_t now, ns_t start, const struct model_io *io, uint64_t page,
	  uint64_t last_page, uint64_t *no_nand_nbytes)
{
	struct group group = { .pages = 0 };
	ns_t done = start;

	ASSERT(last_page < p->pages);
	for (; page <= last_page; page += p->lanes) {
		uint32_t host_nbytes = page_host_nbytes(io, page);
		struct ftl_place place;
		uint32_t die, in_block;

		if (!ftl_lookup(p->ftl, page, &place)) {
			*no_nand_nbytes += host_nbytes;
			continue;
		}
		place_locate(p, place, &die, &in_block);
		if (page_is_buffered(p, place, now, die)) {
			p->stats.buffer_hits += 1;
			*no_nand_nbytes += host_nbytes;
			continue;
		}
		if (group.pages && same_flash_page(p, group.place, place)) {
			group.pages += 1;
			group.host_nbytes += host_nbytes;
			continue;
		}
		if (group.pages) {
			done = ns_max(done, group_read(p, &group, now, start));
		}
		group = (struct group){ place, 1, host_nbytes };
	}
	if (group.pages) {
		done = ns_max(done, group_read(p, &group, now, start));
	}
	return done;
}

static ns_t
page_read_alone(struct parallel *p, ns_t now, const struct model_io *io, uint64_t page)
{
	ns_t start = now + p->nand.fw_read_4k_ns;
	struct ftl_place place;
	uint32_t die, in_block;

	ASSERT(io->offset % PAGE_NBYTES + io->nbytes <= PAGE_NBYTES);
	if (!ftl_lookup(p->ftl, page, &place)) {
		return bus_transfer(p->to_host, now, start, io->nbytes);
	}
	place_locate(p, place, &die, &in_block);
	if (page_is_buffered(p, place, now, die)) {
		p->stats.buffer_hits += 1;
		return bus_transfer(p->to_host, now, start, io->nbytes);
	}
	p->stats.user_read_ops += 1;
	p->stats.user_read_bytes += PAGE_NBYTES;
	return nand_read_page(p, die, in_block, now, start, (uint32_t)io->nbytes);
}

ns_t
conv_read(struct parallel *p, ns_t now, const struct model_io *io)
{
	uint64_t page = io->offset / PAGE_NBYTES;
	uint64_t last_page = (io->offset + io->nbytes - 1) / PAGE_NBYTES;
	uint64_t no_nand_nbytes = 0; /* from the buffer, or zeroes of pages never written */
	ns_t start, done;

	parallel_check(p);
	ASSERT(io->nbytes > 0 && last_page < p->pages);
	if (page == last_page) {
		return page_read_alone(p, now, io, page);
	}
	/* small: at most one page per lane */
	start = now + (last_page - page < p->lanes ? p->nand.fw_read_4k_ns : p->nand.fw_read_ns);
	done = start;
	for (uint32_t i = 0; i < p->lanes && page + i <= last_page; ++i) {
		done = ns_max(done, lane_read(p, now, start, io, page + i, last_page,
					      &no_nand_nbytes));
	}
	if (no_nand_nbytes) {
		done = ns_max(done, bus_transfer(p->to_host, now, start, no_nand_nbytes));
	}
	return done;
}

/* Only whole pages are unmapped; the firmware's time is that of a write without data */
ns_t
conv_trim(struct parallel *p, ns_t now, const struct model_io *io)
{
	uint64_t first = (io->offset + PAGE_NBYTES - 1) / PAGE_NBYTES;
	uint64_t end = (io->offset + io->nbytes) / PAGE_NBYTES;

	parallel_check(p);
	if (end > first) {
		ASSERT(end <= p->pages);
		ftl_trim(p->ftl, first, end - first);
	}
	return now + p->nand.fw_write_ns;
}
