/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whose is a physical page? Collection must know the logical page of each page that it moves. Real
 * NAND keeps it in the spare area of each page. In memory a table of that would cost another four
 * bytes for each page, and it is asked about one line at a time. So it is not kept: the forward
 * table is the truth, and says the way back too to whoever reads all of it.
 *
 * The owners of a line are the list of the logical pages that were put there. Each is checked
 * against the forward table when it is used, so what was overwritten or trimmed since needs no
 * entry, no bitmap and no store on the way of a write. There is room for the owners of about every
 * sixth line, in slots (FTL_NBYTES_PER_PAGE in map.c is the budget). They are filled in two ways:
 *
 *   by writing  the owners of an open line are noted as its pages are given away, and stay after
 *               it is closed, as long as there is room: what dies young is collected with them
 *   by a scan   the policy is asked which lines it will collect next (ahead.c); one pass over the
 *               forward table, a few entries with each page that is moved, fills the slots of all
 *               of those (scan.c). A closed line never gains a page, so what a scan saw while the
 *               host went on writing is all that there can be.
 *
 * When the policy takes a line that nobody expected, and whose owners have made way, a scan is made
 * for it in one go. So every answer is the same as with a table, whatever is guessed; only CPU time
 * depends on guesses. For uniform random writes, the worst case, a page of a victim costs the look
 * at (lines of the drive) / (lines of a scan) entries, about twelve.
 *
 * States of a slot
 *   free   --owner_line_opened--> used            used --owner_line_closed--> young
 *   young  --ahead_plan--> kept                   kept --owner_plan--> young (not expected again)
 *   any that holds a closed line --slot_give--> wanted --scan_finish--> kept
 *   young, kept --owner_victim--> used (the victim) --owner_line_erased--> free
 */
#include <ssd/ftl/internal.h>

#define SLOTS_LEAST (FTL_STREAMS + 4u) /* all streams, the victim, and something to look ahead to */
#define ROOM_SLACK 1024u               /* alignment of the tables */
#define ROOM_LEAST 65536u              /* for drives that are not worth the trouble */

uint32_t
owner_slots(const struct ftl_config *config, uint64_t line_pages, uint64_t room_nbytes)
{
	uint64_t slots;

	if (config->all_owners) {
		return config->lines;
	}
	slots = ROOM_SLACK + line_pages * sizeof(uint32_t); /* what is no line's */
	room_nbytes -= room_nbytes < slots ? room_nbytes : slots;
	room_nbytes = room_nbytes > ROOM_LEAST ? room_nbytes : ROOM_LEAST;
	slots = room_nbytes / (line_pages * sizeof(uint32_t) + sizeof(struct slot) +
			       2 * sizeof(uint32_t));
	slots = slots > SLOTS_LEAST ? slots : SLOTS_LEAST;
	return slots < config->lines ? (uint32_t)slots : config->lines;
}

static void
slot_unlink(struct ftl *ftl, uint32_t index)
{
	struct slot *slot = &ftl->slot[index];
	struct slots *list = &ftl->slot_list[slot->list];

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
	list->count--;
}

static void
slot_append(struct ftl *ftl, uint32_t index, enum slot_list list_index)
{
	struct slots *list = &ftl->slot_list[list_index];

	ftl->slot[index].list = list_index;
	ftl->slot[index].next = 0;
	ftl->slot[index].previous = list->tail;
	if (list->tail) {
		ftl->slot[list->tail - 1].next = index + 1;
	} else {
		list->head = index + 1;
	}
	list->tail = index + 1;
	list->count++;
}

void
slot_move(struct ftl *ftl, uint32_t slot, enum slot_list list)
{
	slot_unlink(ftl, slot);
	slot_append(ftl, slot, list);
}

/* 0: the line has none any more. A base is a multiple of the pages of a line, so it is NO_OWNERS
 * neither with two of them or more, nor where bases are used: below 2^30 physical pages. */
static void
line_set_slot(struct ftl *ftl, uint32_t line, uint32_t slot_plus_1)
{
	ftl->line_slot[line] = slot_plus_1;
	ftl->line_base[line] = slot_plus_1 ? (slot_plus_1 - line) * ftl->line_pages : NO_OWNERS;
}

/* The closed line that can best do without its owners. Before the first collection the oldest
 * lines are the likely victims, afterwards those that are left of them hold what stays. */
static uint32_t
slot_worst(const struct ftl *ftl)
{
	const struct slots *young = &ftl->slot_list[SLOT_YOUNG];

	if (young->count) {
		return (ftl->bucketed ? young->head : young->tail) - 1;
	}
	if (ftl->slot_list[SLOT_KEPT].count) {
		return ftl->slot_list[SLOT_KEPT].tail - 1;
	}
	ASSERT(ftl->slot_list[SLOT_WANTED].count > 0); /* by SLOTS_LEAST */
	return ftl->slot_list[SLOT_WANTED].tail - 1;
}

/* A slot for a line that has none; another line's if there is no other */
uint32_t
slot_give(struct ftl *ftl, uint32_t line, enum slot_list list)
{
	uint32_t slot;

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

/* After those of no line, see scan.c */
uint32_t *
slot_owners(const struct ftl *ftl, uint32_t slot)
{
	return ftl->owners + (slot + 1ULL) * ftl->line_pages;
}

/* The list for a line that is written from now on: whoever puts a page there notes it */
uint32_t *
owner_line_opened(struct ftl *ftl, uint32_t line)
{
	return slot_owners(ftl, slot_give(ftl, line, SLOT_USED));
}

void
owner_line_closed(struct ftl *ftl, uint32_t line)
{
	ASSERT(ftl->line_slot[line]);
	slot_move(ftl, ftl->line_slot[line] - 1, SLOT_YOUNG);
}

void
owner_line_erased(struct ftl *ftl, uint32_t line)
{
	if (ftl->line_slot[line]) {
		slot_move(ftl, ftl->line_slot[line] - 1, SLOT_FREE);
		line_set_slot(ftl, line, 0);
	}
}

/* Make sure that the owners of the lines that are collected next will be there */
static void
owner_plan(struct ftl *ftl)
{
	uint32_t busy, ready;

	while (ftl->slot_list[SLOT_KEPT].count) {
		slot_move(ftl, ftl->slot_list[SLOT_KEPT].head - 1, SLOT_YOUNG);
	}
	busy = ftl->slot_list[SLOT_USED].count + ftl->slot_list[SLOT_WANTED].count;
	ready = ahead_plan(ftl, ftl->slots - busy);
	if (ftl->slot_list[SLOT_WANTED].count) {
		scan_begin(ftl, ready);
		ftl->counters.scans++;
	}
}

/* Collection has just taken a line: have its owners at hand; called once for each victim */
void
owner_victim(struct ftl *ftl, uint32_t line)
{
	bool unexpected = ftl->line_slot[line] == 0 && ftl->line[line].valid > 0;
	uint32_t slot;

	scan_victim(ftl);
	if (unexpected) {
		slot_give(ftl, line, SLOT_WANTED);
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
		ftl->counters.scans_forced++;
		scan_begin(ftl, 0); /* from the start, for those that are wanted already too */
	}
	if (slot && ftl->slot[slot - 1].list == SLOT_WANTED) {
		scan_finish(ftl);
		slot_move(ftl, slot - 1, SLOT_USED);
	}
}

/* One for each page of the line, in the order of positions; NULL: nothing valid was there */
const uint32_t *
owner_list(const struct ftl *ftl, uint32_t line)
{
	return ftl->line_slot[line] ? slot_owners(ftl, ftl->line_slot[line] - 1) : NULL;
}
