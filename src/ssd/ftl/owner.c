/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The owner of a physical page. Collection needs the logical page of each page that it moves. Real
 * NAND stores it in the spare area of each page. In memory a complete table would cost another four
 * bytes per page, while only one line is needed at a time. So it is not stored: the forward table
 * is authoritative, and a scan of all of it gives the reverse mapping.
 *
 * The owners of a line are the list of the logical pages that were written there. Each is checked
 * against the forward table when it is used, so overwritten or trimmed pages need no entry, no
 * bitmap and no store during a write. There is memory for the owners of about every sixth line, in
 * slots (FTL_NBYTES_PER_PAGE in map.c is the budget). They are filled in two ways:
 *
 *   by writing  the owners of an open line are recorded as its pages are assigned, and stay after
 *               it is closed, while slots last: lines that soon become invalid are collected with
 *               them
 *   by a scan   a simulation of the policy predicts the next victims (ahead.c); one pass over the
 *               forward table, a few entries with each moved page, fills the slots of all of them
 *               (scan.c). A closed line never gains a page, so a scan during which the host writes
 *               misses no owner.
 *
 * When the policy takes a line that was not predicted, and whose owners were dropped, a complete
 * scan runs for it. So every result is the same as with a table, for any prediction; only CPU time
 * depends on it. For uniform random writes, the worst case, a page of a victim costs (lines of the
 * drive) / (lines of a scan) scanned entries, about twelve.
 *
 * States of a slot
 *   free   --owner_line_opened--> used            used --owner_line_closed--> young
 *   young  --ahead_plan--> kept                   kept --owner_plan--> young (no longer predicted)
 *   any that holds a closed line --slot_assign--> wanted --scan_finish--> kept
 *   young, kept --owner_victim--> used (the victim) --owner_line_erased--> free
 */
#include <ssd/ftl/internal.h>

#define SLOTS_LEAST (FTL_STREAMS + 4u) /* all streams, the victim, and some predicted lines */
#define TABLES_SLACK 1024u               /* alignment of the tables */
#define BUDGET_LEAST 65536u              /* for small drives, where the budget is not worth it */

uint32_t
owner_slots(const struct ftl_config *config, uint64_t line_pages, uint64_t budget_nbytes)
{
	uint64_t slots;

	ASSERT(line_pages > 0);
	if (config->all_owners) {
		return config->lines;
	}
	slots = TABLES_SLACK + line_pages * sizeof(uint32_t); /* shared by all lines */
	budget_nbytes -= budget_nbytes < slots ? budget_nbytes : slots;
	budget_nbytes = budget_nbytes > BUDGET_LEAST ? budget_nbytes : BUDGET_LEAST;
	slots = budget_nbytes / (line_pages * sizeof(uint32_t) + sizeof(struct slot) +
				 2 * sizeof(uint32_t));
	slots = slots > SLOTS_LEAST ? slots : SLOTS_LEAST;
	return slots < config->lines ? (uint32_t)slots : config->lines;
}

static void
slot_unlink(struct ftl *ftl, uint32_t index)
{
	struct slot *slot = &ftl->slot[index];
	struct slots *list = &ftl->slot_list[slot->list];

	slot_check(ftl, index);
	if (slot->next) {
		ftl->slot[slot->next - 1].previous = slot->previous;
	} else {
		list->tail = slot->previous;
	}
	if (slot->previous) {
		ftl->slot[slot->previous - 1].next = slot->next;
	} else {
		list->head = slot->next;
	}
	list->count -= 1;
}

static void
slot_append(struct ftl *ftl, uint32_t index, enum slot_list list_index)
{
	struct slots *list = &ftl->slot_list[list_index];

	slots_check(list);
	ASSERT(index < ftl->slots_fresh);
	ftl->slot[index].list = list_index;
	ftl->slot[index].next = 0;
	ftl->slot[index].previous = list->tail;
	if (list->tail) {
		ftl->slot[list->tail - 1].next = index + 1;
	} else {
		list->head = index + 1;
	}
	list->tail = index + 1;
	list->count += 1;
}

void
slot_move(struct ftl *ftl, uint32_t slot, enum slot_list list)
{
	slot_check(ftl, slot);
	slot_unlink(ftl, slot);
	slot_append(ftl, slot, list);
}

/* 0: the line has no slot any more. A base is a multiple of the pages of a line, so it cannot be
 * NO_OWNERS if a line has two pages or more, nor where bases are used: below 2^30 physical
 * pages. */
static void
line_set_slot(struct ftl *ftl, uint32_t line, uint32_t slot_plus_1)
{
	line_check(ftl, line);
	ASSERT(slot_plus_1 <= ftl->slots);
	ftl->line_slot[line] = slot_plus_1;
	ftl->line_base[line] = slot_plus_1 ? (slot_plus_1 - line) * ftl->line_pages : NO_OWNERS;
}

/* The closed line whose owners are least likely to be needed. Before the first collection the
 * oldest lines are the likely victims; afterwards the remaining old lines hold data that are rarely
 * rewritten. */
static uint32_t
slot_worst(const struct ftl *ftl)
{
	const struct slots *young = &ftl->slot_list[SLOT_YOUNG];

	slots_check(young);
	if (young->count) {
		return (ftl->bucketed ? young->head : young->tail) - 1;
	}
	if (ftl->slot_list[SLOT_KEPT].count) {
		return ftl->slot_list[SLOT_KEPT].tail - 1;
	}
	ASSERT(ftl->slot_list[SLOT_WANTED].count > 0); /* guaranteed by SLOTS_LEAST */
	return ftl->slot_list[SLOT_WANTED].tail - 1;
}

/* Assign a slot to a line that has none; when none is free, take that of another line */
uint32_t
slot_assign(struct ftl *ftl, uint32_t line, enum slot_list list)
{
	uint32_t slot;

	line_check(ftl, line);
	ASSERT(ftl->line_slot[line] == 0);
	if (ftl->slot_list[SLOT_FREE].count == 0 && ftl->slots_fresh < ftl->slots) {
		slot = ftl->slots_fresh++;
		slot_append(ftl, slot, list);
	} else {
		if (ftl->slot_list[SLOT_FREE].count) {
			slot = ftl->slot_list[SLOT_FREE].head - 1;
		} else {
			slot = slot_worst(ftl);
			line_set_slot(ftl, ftl->slot[slot].line, 0);
		}
		slot_move(ftl, slot, list);
	}
	ftl->slot[slot].line = line;
	line_set_slot(ftl, line, slot + 1);
	return slot;
}

/* The first list belongs to no line, see scan.c */
uint32_t *
slot_owners(const struct ftl *ftl, uint32_t slot)
{
	ASSERT(slot < ftl->slots);
	return ftl->owners + (slot + 1ULL) * ftl->line_pages;
}

/* The list for a line that is being opened: each page that is written there is recorded in it */
uint32_t *
owner_line_opened(struct ftl *ftl, uint32_t line)
{
	line_check(ftl, line);
	return slot_owners(ftl, slot_assign(ftl, line, SLOT_USED));
}

void
owner_line_closed(struct ftl *ftl, uint32_t line)
{
	line_check(ftl, line);
	ASSERT(ftl->line_slot[line]);
	slot_move(ftl, ftl->line_slot[line] - 1, SLOT_YOUNG);
}

void
owner_line_erased(struct ftl *ftl, uint32_t line)
{
	line_check(ftl, line);
	ASSERT(ftl->line[line].valid == 0);
	if (ftl->line_slot[line]) {
		slot_move(ftl, ftl->line_slot[line] - 1, SLOT_FREE);
		line_set_slot(ftl, line, 0);
	}
}

/* Ensure that the owners of the next victims will be available */
static void
owner_plan(struct ftl *ftl)
{
	uint32_t busy, ready;

	ahead_check(ftl);
	while (ftl->slot_list[SLOT_KEPT].count) {
		slot_move(ftl, ftl->slot_list[SLOT_KEPT].head - 1, SLOT_YOUNG);
	}
	busy = ftl->slot_list[SLOT_USED].count + ftl->slot_list[SLOT_WANTED].count;
	ASSERT(busy <= ftl->slots);
	ready = ahead_plan(ftl, ftl->slots - busy);
	if (ftl->slot_list[SLOT_WANTED].count) {
		scan_begin(ftl, ready);
		ftl->counters.scans += 1;
	}
}

/* Ensure that the owners of a new victim are available; called once for each victim */
void
owner_victim(struct ftl *ftl, uint32_t line)
{
	bool unexpected = ftl->line_slot[line] == 0 && ftl->line[line].valid > 0;
	uint32_t slot;

	line_check(ftl, line);
	ASSERT(ftl->line[line].state == FTL_LINE_VICTIM);
	scan_victim(ftl);
	if (unexpected) {
		slot_assign(ftl, line, SLOT_WANTED);
	}
	slot = ftl->line_slot[line];
	if (slot && ftl->slot[slot - 1].list != SLOT_WANTED) {
		slot_move(ftl, slot - 1, SLOT_USED);
	}
	ftl->ahead.left -= ftl->ahead.left > 0;
	if (!ftl->scan.active && (unexpected || ahead_is_used_up(ftl))) {
		ahead_learn(ftl, unexpected);
		owner_plan(ftl);
	}
	if (unexpected) {
		ftl->counters.scans_forced += 1;
		scan_begin(ftl, 0); /* from the start, for all wanted lines */
	}
	if (slot && ftl->slot[slot - 1].list == SLOT_WANTED) {
		scan_finish(ftl);
		slot_move(ftl, slot - 1, SLOT_USED);
	}
}

/* One entry for each page of the line, in the order of positions; NULL: it had no valid page */
const uint32_t *
owner_list(const struct ftl *ftl, uint32_t line)
{
	line_check(ftl, line);
	ASSERT(ftl->line_slot[line] || ftl->line[line].valid == 0);
	return ftl->line_slot[line] ? slot_owners(ftl, ftl->line_slot[line] - 1) : NULL;
}
