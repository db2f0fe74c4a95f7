/* SPDX-License-Identifier: BSD-3-Clause */
/* Wires that carry one thing at a time, reserved exactly */
#ifndef SSD_TIME_BUS_H
#define SSD_TIME_BUS_H

#include <base/assert.h>
#include <base/time.h>

#define BUS_SPANS_MAX 240
#define BUS_PAGE_NBYTES 4096u /* what is sent most */

struct bus_span {
	ns_t from, to;
};

/* Busy times from now on: `count` spans from `first` on, in order, none touching the next */
struct bus {
	uint64_t ns_per_byte_q32; /* fixed point, 32 bits behind the point */
	ns_t page_ns; /* how long BUS_PAGE_NBYTES take */
	ns_t free_at; /* end of the last span: nothing is booked from here on */
	uint32_t first, count;
	struct bus_span span[BUS_SPANS_MAX];
};

/* `extra_4k_ns` is a cost for each 4 KiB beside the wires' own */
void bus_init(struct bus *bus, uint32_t mib_s, uint32_t extra_4k_ns);

static inline ns_t
bus_duration_computed(const struct bus *bus, uint64_t nbytes)
{
	unsigned __int128 q32 = (unsigned __int128)nbytes * bus->ns_per_byte_q32;

	return (ns_t)((q32 + (1ULL << 31)) >> 32);
}

/* How long the wires are busy with so many bytes */
static inline ns_t
bus_duration(const struct bus *bus, uint64_t nbytes)
{
	return nbytes == BUS_PAGE_NBYTES ? bus->page_ns : bus_duration_computed(bus, nbytes);
}

/* Take `need` of time from `at` on, in pieces: bus.c. The instant of its end. */
ns_t bus_take_gaps(struct bus *bus, ns_t now, ns_t at, ns_t need);

/* The same; most of what is asked for begins after all that is booked has passed */
static inline ns_t
bus_take(struct bus *bus, ns_t now, ns_t at, ns_t need)
{
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
 * Send `nbytes` as soon as the wires are free, `at` the earliest: the instant of the last byte.
 * Free time between reservations that were made before is used, as far as it goes, whatever the
 * order of calls. What ended before `now` is forgotten; `now` never moves backwards.
 */
static inline ns_t
bus_transfer(struct bus *bus, ns_t now, ns_t at, uint64_t nbytes)
{
	return bus_take(bus, now, at, bus_duration(bus, nbytes));
}

/* What bus_transfer() would answer; nothing is reserved */
ns_t bus_when(const struct bus *bus, ns_t at, uint64_t nbytes);

/* For what cannot be interrupted: the first instant from `at` on when it is free for `need` in one
 * piece, and how long it stays free after that (NS_NEVER: for good). bus_take() takes it. */
ns_t bus_find_gap(const struct bus *bus, ns_t at, ns_t need, ns_t *gap_end);

static inline ns_t
bus_first_gap(const struct bus *bus, ns_t at, ns_t need, ns_t *gap_end)
{
	if (bus->free_at <= at) {
		*gap_end = NS_NEVER;
		return at;
	}
	return bus_find_gap(bus, at, need, gap_end);
}

#endif /* SSD_TIME_BUS_H */
