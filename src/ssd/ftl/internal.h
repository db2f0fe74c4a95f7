/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The private header of the FTL: its state, and the functions that its files share. ftl.h describes
 * the FTL and is its interface.
 */
#ifndef SSD_FTL_INTERNAL_H
#define SSD_FTL_INTERNAL_H

#include <base/assert.h>
#include <base/likely.h>
#include <ssd/ftl/ftl.h>
#include <ssd/ftl/policy.h>

#define NO_OWNERS UINT32_MAX /* a base of no slot */
#define FTL_CHUNK_SHIFT 12 /* mapped pages are counted per chunk, so that a trim skips holes */

struct ftl_line {
	uint32_t valid;
	uint32_t erases;
	uint32_t next, previous; /* line + 1 in the list of its bucket, or next of the free list */
	uint64_t closed_at;      /* host pages written before it was closed */
	uint8_t state;
	uint8_t stream;
};

struct ftl_open {
	uint32_t line; /* FTL_NONE: no open line */
	uint32_t position;
	uint32_t *owners; /* of the open line */
};

/* Which list a slot is in: see owner.c */
enum slot_list {
	SLOT_FREE, /* and those from slots_fresh on, which were never used */
	SLOT_USED,
	SLOT_YOUNG,
	SLOT_KEPT,
	SLOT_WANTED,
	SLOT_LISTS,
};

/* Memory for the owners of a line */
struct slot {
	uint32_t line;
	uint32_t next, previous; /* slot + 1 */
	enum slot_list list;
};

struct slots {
	uint32_t head, tail; /* slot + 1 */
	uint32_t count;
};

/* The lines that the policy is expected to collect next: see ahead.c */
struct ahead {
	bool active; /* the policy is being simulated */
	bool ranked; /* and it ranks lines; the first ones are in `best` */
	uint32_t best_count, best_next;
	uint32_t *best, *picks; /* lines, as many as there are slots */
	uint32_t count, left;   /* victims of the last plan, and those not collected yet */
	uint32_t good_for;      /* plan again after this number of predicted victims */
};

struct scan {
	bool active;
	uint64_t page; /* next page */
	uint64_t per_victim, per_unit;
	uint64_t due; /* minimum progress by now */
};

struct ftl {
	/* read on every command: first */
	uint8_t *forward;  /* logical page -> low bits of physical page + 1 */
	uint8_t *high;     /* one more bit of each entry; NULL: not needed */
	uint32_t forward_nbytes; /* bytes per entry: 3 or 4 */
	uint32_t line_pages;
	uint32_t group_pages; /* lanes * oneshot_pages */
	uint32_t lanes, oneshot_pages;
	struct ftl_line *line;
	uint32_t *bucket;   /* number of valid pages -> first closed line + 1 */
	uint32_t bucket_min; /* lower buckets are empty */
	bool bucketed;       /* since the first collection; not needed before */
	uint32_t *chunk_mapped;
	struct ftl_open open[FTL_STREAMS];
	uint32_t lines, free_count, fresh;
	uint32_t free_head, free_tail; /* line + 1; first in, first out */
	uint32_t streams;   /* number that the spare lines allow */
	uint64_t logical_pages;
	struct ftl_counters counters;
	/* collection */
	uint32_t victim, victim_valid;
	uint32_t unit; /* next unit of the victim */
	bool victim_for_wear;
	enum ftl_stream victim_stream; /* receives all of its pages */
	uint32_t erases_until_wear_check;
	uint32_t flash_page_pages;
	uint32_t choices, wear_gap;
	bool separate_hot_cold;
	const struct ftl_policy *policy;
	uint64_t rng;
	/* owners of the physical pages */
	uint32_t *owners;    /* per slot: the logical page of each page of a line */
	uint32_t *line_slot; /* slot + 1; 0: the owners are not available */
	uint32_t *line_base; /* added to a physical page, modulo 2^32: its index in `owners` */
	struct slot *slot;
	uint32_t slots, slots_fresh;
	struct slots slot_list[SLOT_LISTS];
	struct ahead ahead;
	struct scan scan;
	struct ftl_tables tables;
};

/* What every operation of the FTL keeps true */
static inline void
ftl_check(const struct ftl *ftl)
{
	uint32_t unused = ftl->lines - ftl->fresh;

	/* free lines: those never used, and those in the list */
	ASSERT(ftl->fresh <= ftl->lines && ftl->free_count <= ftl->lines);
	ASSERT(ftl->free_head ? ftl->free_count > unused : ftl->free_count == unused);
	ASSERT((ftl->free_head == 0) == (ftl->free_tail == 0));
	ASSERT(ftl->bucket_min <= ftl->line_pages);
	ASSERT(ftl->counters.mapped_pages <= ftl->logical_pages);
	ASSERT(ftl->victim == FTL_NONE || ftl->line[ftl->victim].state == FTL_LINE_VICTIM);
}

static inline void
line_check(const struct ftl *ftl, uint32_t index)
{
	const struct ftl_line *line = &ftl->line[index];

	ASSERT(index < ftl->lines);
	ASSERT(line->valid <= ftl->line_pages);
	ASSERT(line->valid == 0 || line->state >= FTL_LINE_OPEN);
	ASSERT(line->state <= FTL_LINE_VICTIM && line->stream < FTL_STREAMS);
	ASSERT(ftl->line_slot[index] <= ftl->slots_fresh);
}

static inline void
place_check(const struct ftl *ftl, struct ftl_place place)
{
	ASSERT(place.line < ftl->lines && place.position < ftl->line_pages);
	ASSERT(ftl->line[place.line].state >= FTL_LINE_OPEN);
}

/* The open line of a stream */
static inline void
open_check(const struct ftl *ftl, enum ftl_stream stream)
{
	const struct ftl_open *open = &ftl->open[stream];

	ASSERT(stream < FTL_STREAMS);
	ASSERT(open->position <= ftl->line_pages);
	ASSERT(open->line == FTL_NONE ? open->position == ftl->line_pages :
					ftl->line[open->line].state == FTL_LINE_OPEN);
	ASSERT(open->line == FTL_NONE || ftl->line[open->line].valid <= open->position);
}

static inline void
slots_check(const struct slots *list)
{
	ASSERT((list->count == 0) == (list->head == 0));
	ASSERT((list->head == 0) == (list->tail == 0));
}

static inline void
slot_check(const struct ftl *ftl, uint32_t index)
{
	const struct slot *slot = &ftl->slot[index];

	ASSERT(index < ftl->slots_fresh && ftl->slots_fresh <= ftl->slots);
	ASSERT(slot->list < SLOT_LISTS && ftl->slot_list[slot->list].count > 0);
	ASSERT(slot->next || ftl->slot_list[slot->list].tail == index + 1);
	ASSERT(slot->previous || ftl->slot_list[slot->list].head == index + 1);
}

static inline void
ahead_check(const struct ftl *ftl)
{
	const struct ahead *ahead = &ftl->ahead;

	ASSERT(ahead->best_next <= ahead->best_count && ahead->best_count <= ftl->slots);
	ASSERT(ahead->left <= ahead->count && ahead->count <= ftl->slots);
}

static inline void
scan_check(const struct ftl *ftl)
{
	const struct scan *scan = &ftl->scan;

	ASSERT(scan->page <= ftl->logical_pages);
	ASSERT(!scan->active || (scan->per_unit > 0 && scan->per_unit <= scan->per_victim));
}

/* Entries of three or four bytes are little endian, like the CPU */
static inline uint64_t
forward_load(const uint8_t *forward, uint32_t nbytes, uint64_t page)
{
	uint32_t low;

	ASSERT(nbytes == 3 || nbytes == 4 || nbytes == 5);
	if (nbytes == 3) {
		memcpy(&low, forward + page * 3, 4); /* the table ends with slack */
		return low & 0xffffff;
	}
	memcpy(&low, forward + page * 4, 4);
	return low;
}

static inline uint64_t
forward_high(const struct ftl *ftl, uint64_t page)
{
	ASSERT(page < ftl->logical_pages);
	return (uint64_t)(ftl->high[page / 8] >> page % 8 & 1) << 32;
}

/* Physical page + 1; 0: unmapped */
static inline uint64_t
forward_get(const struct ftl *ftl, uint64_t page)
{
	uint64_t low = forward_load(ftl->forward, ftl->forward_nbytes, page);

	ASSERT(page < ftl->logical_pages);
	return UNLIKELY(ftl->high != NULL) ? low | forward_high(ftl, page) : low;
}

static inline void
forward_set(struct ftl *ftl, uint64_t page, uint64_t value)
{
	uint32_t low = (uint32_t)value;

	ASSERT(page < ftl->logical_pages);
	ASSERT(value <= (uint64_t)ftl->lines * ftl->line_pages);
	if (ftl->forward_nbytes == 3) {
		memcpy(ftl->forward + page * 3, &low, 2);
		ftl->forward[page * 3 + 2] = (uint8_t)(low >> 16);
		return;
	}
	memcpy(ftl->forward + page * 4, &low, 4);
	if (UNLIKELY(ftl->high != NULL)) {
		uint8_t bit = (uint8_t)(1U << page % 8);

		ftl->high[page / 8] = (uint8_t)((ftl->high[page / 8] & ~bit) |
						(value >> 32 ? bit : 0));
	}
}

static inline uint64_t
physical_of(const struct ftl *ftl, struct ftl_place place)
{
	place_check(ftl, place);
	return (uint64_t)place.line * ftl->line_pages + place.position;
}

static inline struct ftl_place
place_of(const struct ftl *ftl, uint64_t physical)
{
	struct ftl_place place;

	if (physical >> 32) {
		place.line = (uint32_t)(physical / ftl->line_pages);
	} else { /* a 32-bit division is cheaper, and the common case */
		place.line = (uint32_t)physical / ftl->line_pages;
	}
	place.position = (uint32_t)(physical - (uint64_t)place.line * ftl->line_pages);
	place_check(ftl, place);
	return place;
}

/* line.c */
void line_bucket_add(struct ftl *ftl, uint32_t line);
void line_buckets_fill(struct ftl *ftl);
void line_bucket_remove(struct ftl *ftl, uint32_t line);
void line_lower(struct ftl *ftl, uint32_t line);
void line_free(struct ftl *ftl, uint32_t line);
void line_bucket_restore(struct ftl *ftl, uint32_t line);
struct ftl_place line_open_next(struct ftl *ftl, enum ftl_stream stream);

/* owner.c */
uint32_t owner_slots(const struct ftl_config *config, uint64_t line_pages, uint64_t budget_nbytes);
uint32_t *owner_line_opened(struct ftl *ftl, uint32_t line);
void owner_line_closed(struct ftl *ftl, uint32_t line);
void owner_line_erased(struct ftl *ftl, uint32_t line);
void owner_victim(struct ftl *ftl, uint32_t line);
const uint32_t *owner_list(const struct ftl *ftl, uint32_t line);
uint32_t *slot_owners(const struct ftl *ftl, uint32_t slot);
void slot_move(struct ftl *ftl, uint32_t slot, enum slot_list list);
uint32_t slot_assign(struct ftl *ftl, uint32_t line, enum slot_list list);

/* scan.c */
void scan_begin(struct ftl *ftl, uint32_t victims);
void scan_victim(struct ftl *ftl);
void scan_unit(struct ftl *ftl);
void scan_finish(struct ftl *ftl);

/* ahead.c */
uint32_t ahead_plan(struct ftl *ftl, uint32_t nslots);
bool ahead_is_used_up(const struct ftl *ftl);
void ahead_learn(struct ftl *ftl, bool surprised);

static inline void
line_invalidate_page(struct ftl *ftl, uint32_t line)
{
	struct ftl_line *this = &ftl->line[line];

	line_check(ftl, line);
	ASSERT(this->valid > 0);
	if (UNLIKELY(ftl->bucketed)) {
		line_lower(ftl, line);
	} else {
		this->valid -= 1;
	}
}

/* The stream's next place; opens a new line when the current one is full */
static inline struct ftl_place
line_next_place(struct ftl *ftl, enum ftl_stream stream)
{
	struct ftl_open *open = &ftl->open[stream];

	open_check(ftl, stream);
	/* FTL_NONE has position line_pages, so one comparison is enough */
	if (open->position < ftl->line_pages) {
		return (struct ftl_place){ open->line, open->position++ };
	}
	return line_open_next(ftl, stream);
}

#endif /* SSD_FTL_INTERNAL_H */
