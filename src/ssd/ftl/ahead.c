/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Prediction of the lines that are collected next. The policy itself runs in a simulation, as if
 * the lines it picks were collected one after another and nothing else happened. Afterwards all
 * state is restored, including its random numbers, so that it picks the same lines later. Pages
 * that become invalid meanwhile only swap lines with similar ranks. For a policy that compares a
 * few random lines, such a swap changes the pick; so each pick is simulated twice, the second time
 * without the first result.
 */
#include <ssd/ftl/internal.h>

#define SHORT_PASS_PAGES (1U << 20) /* 5 ms: a complete scan disturbs less than early ones cost */

static bool
is_worth_it(const struct ftl *ftl, uint32_t line)
{
	line_check(ftl, line);
	return ftl_line_state(ftl, line) == FTL_LINE_CLOSED &&
	       ftl_line_valid(ftl, line) < ftl_line_pages(ftl);
}

/* `before`, and among equals the lower number: an order without ties */
static bool
goes_first(const struct ftl *ftl, ftl_before_fn *before, uint32_t a, uint32_t b)
{
	return before(ftl, a, b) || (a < b && !before(ftl, b, a));
}

/* A heap with the last of the best on top: place `line` at `at` or below */
static void
best_sift(struct ftl *ftl, ftl_before_fn *before, uint32_t at, uint32_t count, uint32_t line)
{
	uint32_t *best = ftl->ahead.best;

	ASSERT(at < ftl->slots && count <= ftl->slots);
	for (;;) {
		uint32_t child = 2 * at + 1;

		if (child + 1 < count && goes_first(ftl, before, best[child], best[child + 1])) {
			child += 1;
		}
		if (child >= count || !goes_first(ftl, before, line, best[child])) {
			break;
		}
		best[at] = best[child];
		at = child;
	}
	best[at] = line;
}

/* Rank the first `slots` of the closed lines, including those without invalid pages */
static void
rank(struct ftl *ftl, ftl_before_fn *before)
{
	struct ahead *ahead = &ftl->ahead;
	uint32_t count = 0, line = 0;

	ahead_check(ftl);
	for (; line < ftl->lines && count < ftl->slots; ++line) {
		if (ftl->line[line].state == FTL_LINE_CLOSED) {
			ahead->best[count++] = line;
		}
	}
	for (uint32_t i = count / 2; i-- > 0;) {
		best_sift(ftl, before, i, count, ahead->best[i]);
	}
	for (; line < ftl->lines; ++line) {
		if (ftl->line[line].state == FTL_LINE_CLOSED &&
		    goes_first(ftl, before, line, ahead->best[0])) {
			best_sift(ftl, before, 0, count, line);
		}
	}
	for (uint32_t left = count; left > 1; --left) {
		uint32_t last = ahead->best[left - 1];

		ahead->best[left - 1] = ahead->best[0];
		best_sift(ftl, before, 0, left - 1, last);
	}
	ahead->best_count = count;
	ahead->best_next = 0;
	ahead->ranked = true;
}

uint32_t
ftl_policy_best(struct ftl *ftl, ftl_before_fn *before)
{
	struct ahead *ahead = &ftl->ahead;
	uint32_t best = FTL_NONE;

	ahead_check(ftl);
	if (ahead->active) { /* called repeatedly in the simulation: rank all lines once */
		if (!ahead->ranked) {
			rank(ftl, before);
		}
		return ahead->best_next < ahead->best_count ? ahead->best[ahead->best_next++] :
							      FTL_NONE;
	}
	for (uint32_t line = 0; line < ftl->lines; ++line) {
		if (is_worth_it(ftl, line) && (best == FTL_NONE || before(ftl, line, best))) {
			best = line;
		}
	}
	return best;
}

/* Treat a line as collected */
static void
pick_take(struct ftl *ftl, uint32_t count, uint32_t line)
{
	line_check(ftl, line);
	ASSERT(count < ftl->slots);
	line_bucket_remove(ftl, line);
	ftl->line[line].state = FTL_LINE_VICTIM;
	ftl->ahead.picks[count] = line;
}

static bool
less_erased(const struct ftl *ftl, uint32_t a, uint32_t b)
{
	return ftl->line[a].erases < ftl->line[b].erases;
}

/* Picks of wear levelling, which does not use the policy. Returns their number. */
static uint32_t
picks_for_wear(struct ftl *ftl, uint32_t most)
{
	uint32_t most_erases = 0, count = 0;

	ftl_check(ftl);
	if (ftl->wear_gap == 0) {
		return 0;
	}
	for (uint32_t line = 0; line < ftl->lines; ++line) {
		uint32_t erases = ftl->line[line].erases;

		most_erases = erases > most_erases ? erases : most_erases;
	}
	rank(ftl, less_erased);
	ftl->ahead.ranked = false;
	while (count < most && count < ftl->ahead.best_count) {
		uint32_t line = ftl->ahead.best[count];

		if (most_erases - ftl->line[line].erases <= ftl->wear_gap) {
			break;
		}
		pick_take(ftl, count++, line);
	}
	return count;
}

/* Predict the next lines to be collected, at most `most` */
static uint32_t
picks_collect(struct ftl *ftl, uint32_t most)
{
	uint64_t rng = ftl->rng, before = rng;
	uint32_t bucket_min = ftl->bucket_min;
	uint32_t count = picks_for_wear(ftl, most / 3);

	ahead_check(ftl);
	ASSERT(ftl->bucketed && !ftl->ahead.active && most <= ftl->slots);
	ftl->ahead.active = true;
	ftl->ahead.ranked = false;
	for (uint32_t i = 0; count < most; ++i) {
		uint64_t after;
		uint32_t line;

		if (i % 2) {
			after = ftl->rng;
			ftl->rng = before;
			line = ftl->policy->pick(ftl);
			ftl->rng = after;
		} else {
			before = ftl->rng;
			line = ftl->policy->pick(ftl);
		}
		if (line >= ftl->lines || ftl->line[line].state != FTL_LINE_CLOSED) {
			break;
		}
		pick_take(ftl, count++, line);
	}
	ftl->ahead.active = false;
	for (uint32_t i = count; i-- > 0;) {
		ftl->line[ftl->ahead.picks[i]].state = FTL_LINE_CLOSED;
		line_bucket_restore(ftl, ftl->ahead.picks[i]);
	}
	ftl->rng = rng;
	ftl->bucket_min = bucket_min;
	return count;
}

/* Assign slots to the predicted lines, of `nslots` free ones. Returns the number of victims, at
 * least, before the first one that needs its owners from a scan. */
uint32_t
ahead_plan(struct ftl *ftl, uint32_t nslots)
{
	uint32_t most = nslots > 1 ? nslots - nslots / 8 - 1 : 1; /* the rest: open lines */
	uint32_t count = picks_collect(ftl, most);
	uint32_t ready = count;

	ahead_check(ftl);
	ASSERT(nslots > 0 && nslots <= ftl->slots);
	for (uint32_t i = 0; i < count; ++i) {
		uint32_t slot = ftl->line_slot[ftl->ahead.picks[i]];

		if (slot && ftl->slot[slot - 1].list == SLOT_YOUNG) {
			slot_move(ftl, slot - 1, SLOT_KEPT);
		}
	}
	for (uint32_t i = 0; i < count; ++i) {
		uint32_t line = ftl->ahead.picks[i];

		if (ftl->line_slot[line] == 0 && ftl->line[line].valid > 0) {
			memset(slot_owners(ftl, slot_assign(ftl, line, SLOT_WANTED)), 0,
			       ftl->line_pages * sizeof(uint32_t));
			ready = i < ready ? i : ready;
		}
	}
	ftl->ahead.count = count;
	ftl->ahead.left = count;
	return ready / 2; /* each pick is simulated twice, and one of the two is right */
}

/* Is the next plan due? Early enough to leave time for its scan. */
bool
ahead_is_used_up(const struct ftl *ftl)
{
	const struct ahead *ahead = &ftl->ahead;
	uint32_t gone = ahead->count - ahead->left;

	ahead_check(ftl);
	return ahead->left <= ahead->count / 3 || gone >= ahead->good_for;
}

/* Adapt the number of predictions to rely on. `surprised`: the policy took a line that was not
 * planned. */
void
ahead_learn(struct ftl *ftl, bool surprised)
{
	struct ahead *ahead = &ftl->ahead;
	uint32_t gone = ahead->count - ahead->left;

	ahead_check(ftl);
	if (ahead->count == 0 || ftl->logical_pages <= SHORT_PASS_PAGES) {
		ahead->good_for = ftl->slots; /* the first plan, or a drive too small to matter */
	} else if (surprised) {
		ahead->good_for = gone / 4 * 3 + 1;
	} else if (ahead->good_for < ftl->slots) {
		ahead->good_for += ahead->good_for / 16 + 1;
	}
}
