/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The timing of garbage collection. While few lines are free, every page that the host writes pays
 * for its share of the victim: a victim with v valid pages of P frees P - v, so each written page
 * owes v / (P - v) moves, and a line is free again when another one has been filled. The program of
 * a one-shot page starts when all of its pages have been read; a line is erased when its last page
 * has been read.
 *
 * In the background, after some time without a command, one flash page is moved after another, each
 * when the previous one is done, until enough lines are free.
 */
#include <ssd/time/parallel.h>

#define BACKGROUND_GAIN 8 /* minimum gain while idle: an eighth of a line */

static void
victim_erase(struct parallel *p, ns_t now)
{
	uint32_t valid, victim = ftl_gc_victim(p->ftl, &valid);
	uint32_t sets = p->dies / p->line_dies;
	uint32_t first = victim % sets * p->line_dies;

	ASSERT(p->collecting);
	ASSERT(first + p->line_dies <= p->dies);
	if (p->nand.erase_ns && !p->untimed) {
		for (uint32_t die = first; die < first + p->line_dies; ++die) {
			nand_erase(p, die, now, p->gc_read_at);
		}
	}
	ftl_gc_erase(p->ftl);
	p->collecting = false;
}

static void
unit_move(struct parallel *p, const struct ftl_unit *unit, ns_t now)
{
	uint32_t die, page;
	ns_t read_at;

	ASSERT(p->collecting && unit->count > 0);
	if (p->untimed) {
		for (uint32_t i = 0; i < unit->count; ++i) {
			(void)ftl_gc_move(p->ftl, unit->pages[i]);
		}
		return;
	}
	place_locate(p, unit->place, &die, &page);
	read_at = nand_read(p, die, page, now, now, unit->count * PAGE_NBYTES, 0);
	p->gc_read_at = ns_max(p->gc_read_at, read_at);
	p->stats.gc_read_ops += 1;
	p->stats.gc_read_bytes += (uint64_t)unit->count * PAGE_NBYTES;
	for (uint32_t i = 0; i < unit->count; ++i) {
		enum ftl_stream stream = ftl_gc_stream(p->ftl);

		page_place(p, stream, ftl_gc_move(p->ftl, unit->pages[i]), now, read_at,
			   PART_OF_COLLECTION);
	}
}

/* Move one unit of the victim, or start with a victim that frees enough, or erase it. False:
 * nothing to do */
static bool
gc_step(struct parallel *p, ns_t now, uint32_t gain_at_least)
{
	struct ftl_unit unit;
	uint32_t valid;

	ASSERT(p->collecting == ftl_gc_is_active(p->ftl));
	if (!p->collecting) {
		if (!ftl_gc_begin(p->ftl, gain_at_least)) {
			return false;
		}
		ftl_gc_victim(p->ftl, &valid);
		/* a victim of wear levelling may free nothing: then it is moved at once */
		p->gc_gain = p->line_pages - valid;
		ASSERT(valid <= p->line_pages);
		p->collecting = true;
		p->gc_read_at = now;
	}
	if (!ftl_gc_unit(p->ftl, &unit)) {
		victim_erase(p, now);
		return true;
	}
	unit_move(p, &unit, now);
	p->gc_owed -= (int64_t)unit.count * p->gc_gain;
	if (unit.last) {
		victim_erase(p, now);
	}
	return true;
}

/* Do the moves that a page written by the host owes */
void
gc_after_page(struct parallel *p, ns_t now)
{
	uint32_t valid;

	ASSERT(p->collecting == ftl_gc_is_active(p->ftl));
	if (!p->collecting) {
		if (ftl_free_lines(p->ftl) > p->gc_start_lines) {
			return;
		}
		p->gc_owed = 0;
		if (!gc_step(p, now, 1)) {
			return;
		}
	}
	if (!p->collecting) {
		return; /* the victim had no valid pages */
	}
	ftl_gc_victim(p->ftl, &valid);
	p->gc_owed += valid;
	while (p->gc_owed > 0 && p->collecting) {
		if (!gc_step(p, now, 1)) {
			return;
		}
	}
}

/* The stream needs a line, and only collection's is left */
void
gc_free_lines(struct parallel *p, ns_t now, enum ftl_stream stream)
{
	parallel_check(p);
	while (ftl_is_starved(p->ftl, stream)) {
		if (NEVER(!gc_step(p, now, 1))) { /* ftl_init() has checked the spare lines */
			return;
		}
	}
}

ns_t
gc_background(struct parallel *p, ns_t now)
{
	ns_t at = ns_max(p->last_command_at + p->gc_idle_ns, p->gc_next_at);

	parallel_check(p);
	if (p->gc_background_lines == 0) {
		return NS_NEVER;
	}
	while (p->collecting || ftl_free_lines(p->ftl) < p->gc_background_lines) {
		if (at > now) {
			return at;
		}
		if (!gc_step(p, at, p->line_pages / BACKGROUND_GAIN)) {
			return NS_NEVER;
		}
		at = ns_max(at + 1, p->gc_read_at);
		p->gc_next_at = at;
	}
	return NS_NEVER;
}

/* Collect the rest of the victim */
void
gc_finish(struct parallel *p)
{
	ASSERT(p->untimed);
	while (p->collecting && gc_step(p, 0, 1)) {
	}
}
