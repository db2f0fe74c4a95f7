/* SPDX-License-Identifier: BSD-3-Clause */
/* A bus: carries one transfer at a time, with exact reservations */
#ifndef SSD_TIME_BUS_H
#define SSD_TIME_BUS_H

#include <base/assert.h>
#include <base/time.h>

#define BUS_SPANS_MAX 240
#define BUS_PAGE_NBYTES 4096u /* the most frequent size */

struct bus_span {
	ns_t from, to;
};

/* Busy times from now on: `count` spans from `first` on, in order, with gaps between them */
struct bus {
	uint64_t ns_per_byte_q32; /* fixed point, 32 bits behind the point */
	ns_t page_ns; /* duration of BUS_PAGE_NBYTES */
	ns_t free_at; /* end of the last span: no reservation extends beyond it */
	uint32_t first, count;
	struct bus_span span[BUS_SPANS_MAX];
};

/* What every operation keeps true */
static inline void
bus_check(const struct bus *bus)
{
	const struct bus_span *first = &bus->span[bus->first];

	ASSERT(bus->first + bus->count <= BUS_SPANS_MAX);
	ASSERT(bus->count == 0 || first[bus->count - 1].to == bus->free_at);
	ASSERT(bus->count == 0 || first->from <= first->to);
	ASSERT(bus->count < 2 || first->to < first[1].from);
}

/* `extra_4k_ns`: cost per 4 KiB in addition to the bandwidth */
void bus_init(struct bus *bus, uint32_t mib_s, uint32_t extra_4k_ns);

static inline ns_t
bus_duration_computed(const struct bus *bus, uint64_t nbytes)
{
	unsigned __int128 q32 = (unsigned __int128)nbytes * bus->ns_per_byte_q32;

	return (ns_t)((q32 + (1ULL << 31)) >> 32);
}

/* Duration of a transfer of `nbytes` */
static inline ns_t
bus_duration(const struct bus *bus, uint64_t nbytes)
{
	ASSERT(bus->ns_per_byte_q32 > 0);
	return nbytes == BUS_PAGE_NBYTES ? bus->page_ns : bus_duration_computed(bus, nbytes);
}

/* Reserve `need` of time from `at` on, possibly in pieces: bus.c. Returns the instant of its
 * end. */
ns_t bus_take_gaps(struct bus *bus, ns_t now, ns_t at, ns_t need);

/* The same; most reservations start after all existing ones */
static inline ns_t
bus_take(struct bus *bus, ns_t now, ns_t at, ns_t need)
{
	bus_check(bus);
	if (bus->free_at <= now) {
		bus->first = 0;
		bus->count = 1;
		bus->span[0] = (struct bus_span){ at, at + need };
		bus->free_at = at + need;
		return at + need;
	}
	return bus_take_gaps(bus, now, at, need);
}

/*
 * Transfer `nbytes` as soon as the bus is free, not before `at`; returns the instant of the last
 * byte. Gaps between earlier reservations are used, in any order of calls. Reservations that end
 * before `now` are dropped; `now` never moves backwards.
 */
static inline ns_t
bus_transfer(struct bus *bus, ns_t now, ns_t at, uint64_t nbytes)
{
	return bus_take(bus, now, at, bus_duration(bus, nbytes));
}

/* The result of bus_transfer(), without a reservation */
ns_t bus_when(const struct bus *bus, ns_t at, uint64_t nbytes);

/* For uninterruptible operations: the first instant from `at` on with `need` of contiguous free
 * time, and the end of that gap (NS_NEVER: unlimited). Reserve it with bus_take(). */
ns_t bus_find_gap(const struct bus *bus, ns_t at, ns_t need, ns_t *gap_end);

static inline ns_t
bus_first_gap(const struct bus *bus, ns_t at, ns_t need, ns_t *gap_end)
{
	bus_check(bus);
	if (bus->free_at <= at) {
		*gap_end = NS_NEVER;
		return at;
	}
	return bus_find_gap(bus, at, need, gap_end);
}

#endif /* SSD_TIME_BUS_H */
