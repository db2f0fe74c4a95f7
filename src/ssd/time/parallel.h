/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The private header of the parallel model: its state, and the functions that its files share.
 * parallel.c describes the model.
 */
#ifndef SSD_TIME_PARALLEL_H
#define SSD_TIME_PARALLEL_H

#include <base/assert.h>
#include <base/likely.h>
#include <ssd/ftl/ftl.h>
#include <ssd/time/bus.h>
#include <ssd/time/model.h>
#include <ssd/time/release.h>

#define PAGE_NBYTES 4096u
#define SHARED UINT32_MAX /* owner of buffer space that belongs to no zone */
#define LANES_MAX 64u

/* The page that was written only in part; or one of these: */
#define PART_OF_NONE (UINT64_MAX - 1)
#define PART_OF_COLLECTION UINT64_MAX /* moved by collection, and not in the host's buffer */

struct die {
	struct bus *channel;
	ns_t programmed_at; /* end of its last program: until then data may be buffered */
	uint32_t first_plane;
};

/* A one-shot page that is being programmed: its data remain in the buffer until `end` */
struct in_flight {
	uint64_t oneshot; /* number + 1 */
	ns_t end;
};

/* Pages that a lane of a stream has gathered for its next one-shot page */
struct lane {
	ns_t ready;     /* arrival of the last of its pages */
	uint32_t pages; /* in the buffer */
	uint32_t held;  /* of these, in the host's write buffer: collection has separate memory */
};

struct stream {
	struct lane lane[LANES_MAX];
};

/* A one-shot page whose last page was written in part. Its program is deferred until the rest of
 * that page arrives, as in a sequence of small writes, or until a write elsewhere. */
struct deferred {
	bool set;
	enum ftl_stream stream;
	uint32_t lane;
	struct ftl_place place;
	uint64_t page;
};

struct zone {
	uint64_t end;   /* bytes written since the last reset */
	uint64_t held;  /* bytes of the incomplete one-shot page */
	uint64_t buffer_free;
	ns_t ready;
	bool erased;    /* or never written */
};

struct parallel {
	/* geometry and times, read on every command */
	struct model_nand_config nand;
	uint32_t lanes, oneshot_pages, flash_page_pages, planes, dies, line_dies;
	uint32_t line_pages, group_pages, line_rows;
	uint32_t row_groups; /* groups side by side in a row of a line */
	uint32_t sets;       /* sets of dies that lines alternate between */
	uint64_t media_nbytes, pages;
	bool zoned;
	struct bus *to_host, *from_host, *channel;
	struct die *die;
	struct bus *plane; /* reservations of each plane of each die */
	/* write buffer */
	uint64_t buffer_free; /* bytes */
	struct release_heap releases;
	ns_t write_accepted_at; /* writes are accepted one after another */
	struct in_flight *in_flight;
	uint32_t in_flight_mask;
	ns_t programmed_at; /* end of the last program of user data */
	/* conventional */
	struct ftl *ftl;
	struct stream *stream;
	struct deferred deferred;
	uint32_t gc_start_lines, gc_background_lines;
	ns_t gc_idle_ns, gc_next_at;
	ns_t last_command_at;
	int64_t gc_owed; /* pages to move, times the pages that a victim frees */
	uint32_t gc_gain;
	bool untimed;    /* see parallel_settle.c, which has its own counters: */
	struct { uint64_t erases, gc_pages, wear_pages; } settled;
	bool collecting; /* a victim is being collected */
	ns_t gc_read_at; /* end of the read of the victim's last page */
	/* zoned */
	struct zone *zone;
	uint64_t zone_count;
	struct model_stats stats;
};

/* What every operation keeps true */
static inline void
parallel_check(const struct parallel *p)
{
	ASSERT(p->zoned ? p->zone_count > 0 : p->sets * p->line_dies == p->dies);
	ASSERT(p->buffer_free <= p->nand.buffer_nbytes);
	ASSERT(p->releases.count <= p->releases.capacity);
	ASSERT((p->in_flight_mask & (p->in_flight_mask + 1)) == 0);
	ASSERT(!p->collecting || !p->zoned);
}

static inline void
lane_check(const struct parallel *p, enum ftl_stream stream, uint32_t index)
{
	const struct lane *lane = &p->stream[stream].lane[index];

	ASSERT(stream < FTL_STREAMS && index < p->lanes);
	ASSERT(lane->held <= lane->pages && lane->pages <= p->oneshot_pages);
}

/* A deferred one-shot page is complete, and its lane holds it */
static inline void
deferred_check(const struct parallel *p)
{
	const struct deferred *deferred = &p->deferred;

	ASSERT(!deferred->set || deferred->page < p->pages);
	ASSERT(!deferred->set || deferred->place.position % p->lanes == deferred->lane);
	ASSERT(!deferred->set || p->stream[deferred->stream].lane[deferred->lane].pages > 0);
}

/* A zone of the model */
static inline void
pzone_check(const struct parallel *p, uint64_t index)
{
	const struct zone *zone = &p->zone[index];

	ASSERT(index < p->zone_count);
	ASSERT(zone->held <= zone->end && zone->end <= p->nand.zone_nbytes);
	ASSERT(zone->held <= p->nand.oneshot_page_nbytes);
	ASSERT(!zone->erased || zone->end == 0);
	ASSERT(zone->buffer_free <= p->nand.zone_buffer_nbytes);
}

/* The die of a physical page, and the page's number in its block */
static inline void
place_locate(const struct parallel *p, struct ftl_place place, uint32_t *die, uint32_t *page)
{
	uint32_t group = place.position / p->group_pages;
	uint32_t in_group = place.position - group * p->group_pages;
	uint32_t lane_page = in_group / p->lanes; /* of the one-shot page */
	uint32_t lane = in_group - lane_page * p->lanes;
	uint32_t row = group / p->row_groups;
	uint32_t block = place.line, set = 0;

	if (p->sets > 1) {
		block = place.line / p->sets;
		set = place.line - block * p->sets;
	}
	ASSERT(place.position < p->line_pages && row < p->line_rows);
	*die = set * p->line_dies + (group - row * p->row_groups) * p->lanes + lane;
	ASSERT(*die < p->dies);
	/* page types alternate from one line to the next, short lines too */
	*page = (block * p->line_rows + row) * p->oneshot_pages + lane_page;
}

/* parallel_nand.c: operations of dies */
ns_t nand_read(struct parallel *p, uint32_t die, uint32_t page_in_block, ns_t now, ns_t start,
	       uint32_t nbytes, uint32_t to_host_nbytes);
ns_t nand_read_page(struct parallel *p, uint32_t die, uint32_t page_in_block, ns_t now, ns_t start,
		    uint32_t to_host_nbytes);
ns_t nand_program(struct parallel *p, uint32_t die, ns_t now, ns_t start);
ns_t nand_erase(struct parallel *p, uint32_t die, ns_t now, ns_t start);

/* parallel_buffer.c: data that wait for NAND */
ns_t buffer_wait(struct parallel *p, ns_t at, uint64_t nbytes, uint32_t owner);
void buffer_release_at(struct parallel *p, ns_t at, uint64_t nbytes, uint32_t owner);
void buffer_note_program(struct parallel *p, uint64_t oneshot, ns_t end);
bool buffer_holds(const struct parallel *p, uint64_t oneshot, ns_t now);

/* parallel_conv.c */
ns_t conv_read(struct parallel *p, ns_t now, const struct model_io *io);
ns_t conv_write(struct parallel *p, ns_t now, const struct model_io *io);
ns_t conv_flush(struct parallel *p, ns_t now);
ns_t conv_trim(struct parallel *p, ns_t now, const struct model_io *io);
void page_place(struct parallel *p, enum ftl_stream stream, struct ftl_place place, ns_t now,
		ns_t ready, uint64_t part_of);

/* parallel_gc.c */
void gc_after_page(struct parallel *p, ns_t now);
void gc_free_lines(struct parallel *p, ns_t now, enum ftl_stream stream);
ns_t gc_background(struct parallel *p, ns_t now);
void gc_finish(struct parallel *p);

/* parallel_settle.c */
void conv_settle(struct parallel *p, uint64_t offset, uint64_t nbytes);

/* parallel_zone.c */
ns_t zone_read(struct parallel *p, ns_t now, const struct model_io *io);
ns_t zone_write(struct parallel *p, ns_t now, const struct model_io *io);
ns_t zone_flush(struct parallel *p, ns_t now);
ns_t zone_reset(struct parallel *p, ns_t now, const struct model_io *io);
ns_t zone_finish(struct parallel *p, ns_t now, const struct model_io *io);

#endif /* SSD_TIME_PARALLEL_H */
