/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One pass over the forward table that records the owners of every line with a slot. Lists that are
 * already filled are written again with the same values. The pass advances with each unit and each
 * victim of collection, so that no command waits for all of it: a drive of 4 TiB has 2^30 entries.
 */
#include <ssd/ftl/internal.h>

#define EXACT_PAGES (1ULL << 30) /* of NAND; beyond, each entry takes a few instructions more */

/* Inputs of the loop below, kept in registers: a copy that its stores cannot alias */
struct pass {
	const uint8_t *forward;
	const uint32_t *line_base, *line_slot;
	uint32_t *owners;
	uint64_t line_pages, reciprocal;
	uint32_t shift;
};

/* The line is unpredictable, so store without a branch: unwanted owners go to slot 0 */
static inline void
pass_note(const struct pass *pass, uint64_t page, uint64_t physical)
{
	uint32_t base = pass->line_base[(physical * pass->reciprocal) >> pass->shift];

	ASSERT(physical / pass->line_pages == (physical * pass->reciprocal) >> pass->shift);
	pass->owners[base == NO_OWNERS ? 0 : (uint32_t)physical + base] = (uint32_t)page;
}

/* The error of the reciprocal may accumulate to one line too many */
static inline void
pass_note_large(const struct pass *pass, uint64_t page, uint64_t physical)
{
	uint64_t line = (physical * pass->reciprocal) >> pass->shift, slot, at;

	line -= line * pass->line_pages > physical;
	ASSERT(physical / pass->line_pages == line);
	slot = pass->line_slot[line];
	at = slot * pass->line_pages + physical - line * pass->line_pages;
	pass->owners[slot ? at : 0] = (uint32_t)page;
}

/* Called with constants for each kind of table, so that each gets its own loop */
static inline void __attribute__((always_inline))
pass_run(const struct pass *pass, const struct ftl *ftl, uint32_t nbytes, bool exact,
	 uint64_t page, uint64_t end)
{
	ASSERT(page <= end && end <= ftl->logical_pages);
	for (; page < end; ++page) {
		uint64_t physical = forward_load(pass->forward, nbytes, page);

		physical |= nbytes == 5 ? forward_high(ftl, page) : 0;
		if (physical && exact) {
			pass_note(pass, page, physical - 1);
		} else if (physical) {
			pass_note_large(pass, page, physical - 1);
		}
	}
}

static void
scan_pages(struct ftl *ftl, uint64_t page, uint64_t end)
{
	ASSERT(ftl->line_pages < 1U << 25);
	/* 2^shift is 2^30 to 2^31 times the pages of a line: below 2^30 physical pages the error of
	 * the reciprocal stays below one line, and no product overflows */
	uint32_t shift = 62 - (uint32_t)__builtin_clz(ftl->line_pages);
	const struct pass pass = {
		.forward = ftl->forward, .line_base = ftl->line_base,
		.line_slot = ftl->line_slot, .owners = ftl->owners, .line_pages = ftl->line_pages,
		.shift = shift, .reciprocal = (1ULL << shift) / ftl->line_pages + 1,
	};

	bool exact = ftl->line_pages > 1 && (uint64_t)ftl->lines * ftl->line_pages < EXACT_PAGES;

	if (ftl->forward_nbytes == 3 && exact) {
		pass_run(&pass, ftl, 3, true, page, end);
	} else if (ftl->forward_nbytes == 3) {
		pass_run(&pass, ftl, 3, false, page, end);
	} else if (exact) {
		pass_run(&pass, ftl, 4, true, page, end);
	} else if (ftl->high == NULL) {
		pass_run(&pass, ftl, 4, false, page, end);
	} else {
		pass_run(&pass, ftl, 5, false, page, end);
	}
}

static void
scan_run(struct ftl *ftl, uint64_t end)
{
	scan_check(ftl);
	end = end < ftl->logical_pages ? end : ftl->logical_pages;
	while (ftl->scan.page < end) {
		uint64_t chunk = ftl->scan.page >> FTL_CHUNK_SHIFT;
		uint64_t until = (chunk + 1) << FTL_CHUNK_SHIFT;

		until = until < end ? until : end;
		if (ftl->chunk_mapped[chunk]) {
			scan_pages(ftl, ftl->scan.page, until);
		}
		ftl->scan.page = until;
	}
	if (ftl->scan.page == ftl->logical_pages) {
		ftl->scan.active = false;
		while (ftl->slot_list[SLOT_WANTED].count) {
			slot_move(ftl, ftl->slot_list[SLOT_WANTED].head - 1, SLOT_KEPT);
		}
	}
}

/* Start a pass that ends before the victim number `victims` + 1 is collected */
void
scan_begin(struct ftl *ftl, uint32_t victims)
{
	uint32_t units = ftl->line_pages / ftl->flash_page_pages;

	ASSERT(ftl->flash_page_pages <= ftl->line_pages);
	victims = victims ? victims : 1;
	ftl->scan.active = true;
	ftl->scan.page = 0;
	ftl->scan.due = 0;
	ftl->scan.per_victim = (ftl->logical_pages + victims - 1) / victims;
	ftl->scan.per_unit = (ftl->scan.per_victim + units - 1) / units;
	scan_check(ftl);
}

/* Called before a victim is collected: catch up with the progress that is due */
void
scan_victim(struct ftl *ftl)
{
	scan_check(ftl);
	if (ftl->scan.active) {
		ftl->scan.due += ftl->scan.per_victim;
		scan_run(ftl, ftl->scan.due);
	}
}

void
scan_unit(struct ftl *ftl)
{
	scan_check(ftl);
	if (ftl->scan.active) {
		scan_run(ftl, ftl->scan.page + ftl->scan.per_unit);
	}
}

void
scan_finish(struct ftl *ftl)
{
	scan_check(ftl);
	if (ftl->scan.active) {
		scan_run(ftl, ftl->logical_pages);
	}
	ASSERT(ftl->slot_list[SLOT_WANTED].count == 0);
}
