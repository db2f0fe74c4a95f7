/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Requests are timed when they are accepted, so a bus is reserved for future instants, and out of
 * order: a read that waits for a busy die reserves its transfer far in the future, and the next
 * request may need the bus before. The busy time is kept as a list of spans. A transfer takes the
 * free time from `at` on, piece by piece, until it has enough. It fills every gap on its way, so it
 * merges these spans into one: the list stays short, and the removed spans amortize the walk.
 */
#include <ssd/time/bus.h>

void
bus_init(struct bus *bus, uint32_t mib_s, uint32_t extra_4k_ns)
{
	uint64_t bytes_per_s = (uint64_t)mib_s << 20;

	ASSERT(mib_s > 0);
	/* neither term overflows: 10^9 * 2^32 < 2^62, and 2^32 * 2^20 */
	bus->ns_per_byte_q32 = (NS_PER_S << 32) / bytes_per_s + ((uint64_t)extra_4k_ns << 20);
	bus->page_ns = bus_duration_computed(bus, BUS_PAGE_NBYTES);
	ASSERT(bus->ns_per_byte_q32 > 0);
	bus->free_at = 0;
	bus->first = 0;
	bus->count = 0;
}

/* Free an entry at the end of the array for one more span */
static void
spans_compact(struct bus *bus)
{
	bus_check(bus);
	if (bus->first) {
		memmove(bus->span, bus->span + bus->first, bus->count * sizeof(*bus->span));
		bus->first = 0;
	}
	if (bus->count == BUS_SPANS_MAX) {
		/* rare: the gap between the first two spans is then treated as busy */
		bus->span[1].from = bus->span[0].from;
		memmove(bus->span, bus->span + 1, (bus->count - 1) * sizeof(*bus->span));
		bus->count -= 1;
	}
}

static void
span_insert(struct bus *bus, uint32_t index, struct bus_span span)
{
	ASSERT(index >= bus->first && index <= bus->first + bus->count);
	if (bus->first + bus->count == BUS_SPANS_MAX) {
		bool full = bus->count == BUS_SPANS_MAX;

		index -= bus->first;
		spans_compact(bus);
		if (full && index == 1) {
			return; /* it is in the gap that is treated as busy */
		}
		index -= full && index > 1;
	}
	ASSERT(bus->first + bus->count < BUS_SPANS_MAX);
	if (index < bus->first + bus->count) {
		memmove(bus->span + index + 1, bus->span + index,
			(bus->first + bus->count - index) * sizeof(*bus->span));
	}
	bus->span[index] = span;
	bus->count += 1;
}

/* Take `need` of free time from `at` on; `index` is the first span that ends at or after `at` */
static ns_t
spans_fill(struct bus *bus, uint32_t index, ns_t at, ns_t need)
{
	uint32_t end = bus->first + bus->count, next = index;
	struct bus_span merged = { at, at };

	ASSERT(index >= bus->first && index < end);
	ASSERT(bus->span[index].to >= at);
	if (bus->span[index].from < at) {
		merged.from = bus->span[index].from;
	}
	for (;;) {
		ns_t gap;

		while (next < end && bus->span[next].from <= merged.to) {
			merged.to = ns_max(merged.to, bus->span[next].to);
			next += 1;
		}
		if (need == 0) {
			break;
		}
		gap = next < end ? bus->span[next].from - merged.to : NS_NEVER;
		gap = ns_min(gap, need);
		merged.to += gap;
		need -= gap;
		at = merged.to; /* end of the last piece so far */
	}
	if (next == index) {
		span_insert(bus, index, merged);
		return at;
	}
	bus->span[index] = merged;
	if (next < end && next > index + 1) {
		memmove(bus->span + index + 1, bus->span + next,
			(end - next) * sizeof(*bus->span));
	}
	ASSERT(next - index <= bus->count);
	bus->count -= next - index - 1;
	return at;
}

static void
spans_forget(struct bus *bus, ns_t now)
{
	bus_check(bus);
	while (bus->count && bus->span[bus->first].to <= now) {
		bus->first += 1;
		bus->count -= 1;
	}
	if (bus->count == 0) {
		bus->first = 0;
	}
}

/* The first span that ends at or after `at`; most searches end near the last reservation */
static uint32_t
span_find(const struct bus *bus, ns_t at)
{
	uint32_t index = bus->first + bus->count;

	bus_check(bus);
	while (index > bus->first && bus->span[index - 1].to >= at) {
		index -= 1;
	}
	return index;
}

ns_t
bus_take_gaps(struct bus *bus, ns_t now, ns_t at, ns_t need)
{
	uint32_t index;
	ns_t done;

	spans_forget(bus, now);
	if (need == 0) {
		return at;
	}
	index = span_find(bus, at);
	if (index == bus->first + bus->count) {
		span_insert(bus, index, (struct bus_span){ at, at + need });
		done = at + need;
	} else {
		done = spans_fill(bus, index, at, need);
	}
	ASSERT(bus->count > 0);
	bus->free_at = bus->span[bus->first + bus->count - 1].to;
	bus_check(bus);
	return done;
}

ns_t
bus_when(const struct bus *bus, ns_t at, uint64_t nbytes)
{
	ns_t need = bus_duration(bus, nbytes);
	uint32_t end = bus->first + bus->count;

	bus_check(bus);
	for (uint32_t i = span_find(bus, at); i < end; ++i) {
		const struct bus_span *span = &bus->span[i];

		if (span->from > at) {
			if (span->from - at >= need) {
				break;
			}
			need -= span->from - at;
		}
		at = ns_max(at, span->to);
	}
	return at + need;
}

ns_t
bus_find_gap(const struct bus *bus, ns_t at, ns_t need, ns_t *gap_end)
{
	uint32_t end = bus->first + bus->count;

	bus_check(bus);
	ASSERT(need > 0);
	for (uint32_t i = span_find(bus, at); i < end; ++i) {
		const struct bus_span *span = &bus->span[i];

		if (span->from > at && span->from - at >= need) {
			*gap_end = span->from;
			ASSERT(*gap_end - at >= need);
			return at;
		}
		at = ns_max(at, span->to);
	}
	*gap_end = NS_NEVER;
	return at;
}
