/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Garbage collection, one line at a time, one flash page at a time: the caller reads the unit's
 * pages, gets a new place for each, programs them, and erases the line after the last unit. The
 * caller decides when and how fast.
 *
 * Wear levelling: at intervals of erases the counts are compared. If they differ by more than the
 * gap, the closed line with the fewest erases (its data are rarely rewritten) is the next victim,
 * and its pages go to the free line with the most erases.
 */
#include <ssd/ftl/internal.h>

#define WEAR_CHECK_ERASES 32 /* interval of the comparison, which scans all lines */
#define WEAR_BUSY_ERASES 2   /* while there are differences to level */

static uint32_t
wear_victim(struct ftl *ftl)
{
	uint32_t least = FTL_NONE, most_erases = 0;

	if (ftl->wear_gap == 0 || ftl->erases_until_wear_check > 0) {
		return FTL_NONE;
	}
	ftl->erases_until_wear_check = WEAR_CHECK_ERASES;
	for (uint32_t i = 0; i < ftl->lines; ++i) {
		const struct ftl_line *line = &ftl->line[i];

		if (line->erases > most_erases) {
			most_erases = line->erases;
		}
		if (line->state == FTL_LINE_CLOSED &&
		    (least == FTL_NONE || line->erases < ftl->line[least].erases)) {
			least = i;
		}
	}
	if (least == FTL_NONE || most_erases - ftl->line[least].erases <= ftl->wear_gap) {
		return FTL_NONE;
	}
	ftl->erases_until_wear_check = WEAR_BUSY_ERASES;
	ASSERT(ftl->line[least].state == FTL_LINE_CLOSED);
	return least;
}

/* Data that stayed in a hot line for long are not hot: a quarter of the drive was written
 * meanwhile. All valid pages of one victim go to one stream, so that it needs at most one new
 * line. */
static enum ftl_stream
stream_of_survivors(const struct ftl *ftl, uint32_t victim)
{
	uint8_t stream = ftl->line[victim].stream;

	line_check(ftl, victim);
	if ((stream == FTL_HOT || stream == FTL_GC_HOT) &&
	    ftl_line_age(ftl, victim) <= ftl->logical_pages / 4) {
		return FTL_GC_HOT;
	}
	return FTL_GC;
}

bool
ftl_gc_begin(struct ftl *ftl, uint32_t gain_at_least)
{
	uint32_t victim;

	ftl_check(ftl);
	ASSERT(!ftl_gc_is_active(ftl));
	if (!ftl->bucketed) {
		line_buckets_fill(ftl);
	}
	victim = wear_victim(ftl);
	ftl->victim_for_wear = victim != FTL_NONE;
	if (victim == FTL_NONE) {
		victim = ftl->policy->pick(ftl);
	}
	if (victim == FTL_NONE) {
		return false;
	}
	/* a policy is replaceable code: an invalid result is ignored */
	if (NEVER(victim >= ftl->lines || ftl->line[victim].state != FTL_LINE_CLOSED)) {
		return false;
	}
	if (!ftl->victim_for_wear &&
	    ftl->line_pages - ftl->line[victim].valid < gain_at_least) {
		return false;
	}
	line_bucket_remove(ftl, victim);
	ftl->line[victim].state = FTL_LINE_VICTIM;
	ftl->victim = victim;
	ftl->victim_valid = ftl->line[victim].valid;
	ftl->victim_stream = stream_of_survivors(ftl, victim);
	ftl->unit = 0;
	ftl->counters.victims += 1;
	owner_victim(ftl, victim);
	return true;
}

bool
ftl_gc_is_active(const struct ftl *ftl)
{
	return ftl->victim != FTL_NONE;
}

uint32_t
ftl_gc_victim(const struct ftl *ftl, uint32_t *valid_at_begin)
{
	ftl_check(ftl);
	ASSERT(ftl_gc_is_active(ftl));
	*valid_at_begin = ftl->victim_valid;
	return ftl->victim;
}

/* The position of the first page of flash page `unit`, numbered lane by lane in a group, in a lane
 * one flash page after another */
static uint32_t
unit_first(const struct ftl *ftl, uint32_t unit)
{
	uint32_t per_oneshot = ftl->oneshot_pages / ftl->flash_page_pages;
	uint32_t group = unit / (ftl->lanes * per_oneshot);
	uint32_t in_group = unit % (ftl->lanes * per_oneshot);
	uint32_t lane = in_group / per_oneshot;
	uint32_t page = in_group % per_oneshot * ftl->flash_page_pages;

	ASSERT(unit < ftl->line_pages / ftl->flash_page_pages);
	return group * ftl->group_pages + page * ftl->lanes + lane;
}

bool
ftl_gc_unit(struct ftl *ftl, struct ftl_unit *unit)
{
	uint32_t units = ftl->line_pages / ftl->flash_page_pages;
	const uint32_t *owners = owner_list(ftl, ftl->victim);

	ASSERT(ftl_gc_is_active(ftl));
	ftl_check(ftl);
	ASSERT(ftl->unit <= units);
	scan_unit(ftl);
	unit->count = 0;
	while (ftl->unit < units && ftl->line[ftl->victim].valid > 0 && unit->count == 0) {
		struct ftl_place place = { ftl->victim, unit_first(ftl, ftl->unit++) };

		unit->place = place;
		for (uint32_t i = 0; i < ftl->flash_page_pages; ++i, place.position += ftl->lanes) {
			uint64_t page = owners[place.position];

			ASSERT(place.position < ftl->line_pages && page < ftl->logical_pages);
			/* valid if the forward table still maps the owner to this place */
			if (forward_get(ftl, page) == physical_of(ftl, place) + 1) {
				unit->pages[unit->count++] = page;
			}
		}
	}
	unit->last = ftl->line[ftl->victim].valid == unit->count;
	ASSERT(unit->count <= ftl->line[ftl->victim].valid);
	return unit->count > 0;
}

enum ftl_stream
ftl_gc_stream(const struct ftl *ftl)
{
	ASSERT(ftl_gc_is_active(ftl) && ftl_stream_is_collection(ftl->victim_stream));
	return ftl->victim_stream;
}

struct ftl_place
ftl_gc_move(struct ftl *ftl, uint64_t page)
{
	struct ftl_place to = line_next_place(ftl, ftl->victim_stream);
	struct ftl_line *victim = &ftl->line[ftl->victim];

	ASSERT(place_of(ftl, forward_get(ftl, page) - 1).line == ftl->victim);
	ASSERT(victim->valid > 0);
	victim->valid -= 1;
	forward_set(ftl, page, physical_of(ftl, to) + 1);
	ftl->open[ftl->victim_stream].owners[to.position] = (uint32_t)page;
	ftl->line[to.line].valid += 1;
	ftl->counters.gc_pages += 1;
	ftl->counters.wear_pages += ftl->victim_for_wear;
	return to;
}

void
ftl_gc_erase(struct ftl *ftl)
{
	uint32_t victim = ftl->victim;

	ftl_check(ftl);
	ASSERT(ftl->line[victim].valid == 0);
	ASSERT(ftl_gc_is_active(ftl));
	ftl->line[victim].erases += 1;
	ftl->counters.erases += 1;
	if (ftl->erases_until_wear_check > 0) {
		ftl->erases_until_wear_check -= 1;
	}
	owner_line_erased(ftl, victim);
	line_free(ftl, victim);
	ftl->victim = FTL_NONE;
	ftl->victim_for_wear = false;
}
