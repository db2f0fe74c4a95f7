/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SSD_FTL_INTERNAL_H
#define SSD_FTL_INTERNAL_H

#include <base/assert.h>
#include <base/likely.h>
#include <ssd/ftl/ftl.h>
#include <ssd/ftl/policy.h>

#define FTL_CHUNK_SHIFT 12 /* mapped pages are counted in chunks, so that trims skip holes */

struct ftl_line {
	uint32_t valid;
	uint32_t erases;
	uint32_t next, previous; /* line + 1 in the list of its bucket, or next of the free list */
	uint64_t closed_at;      /* host pages written until then */
	uint8_t state;
	uint8_t stream;
};

struct ftl_open {
	uint32_t line; /* FTL_NONE: no open line */
	uint32_t position;
};

struct ftl {
	/* read on every command, first */
	uint8_t *forward;  /* logical page -> physical page + 1 */
	uint8_t *backward; /* physical page -> logical page + 1; 0: nothing valid there */
	uint32_t forward_nbytes, backward_nbytes; /* of an entry: 4 or 5 */
	uint32_t line_pages;
	uint32_t group_pages; /* lanes * oneshot_pages */
	uint32_t lanes, oneshot_pages;
	struct ftl_line *line;
	uint32_t *bucket;   /* valid pages -> first closed line + 1 */
	uint32_t bucket_min; /* no bucket below it has a line */
	bool bucketed;       /* since the first collection: until then nobody asks */
	uint32_t *chunk_mapped;
	struct ftl_open open[FTL_STREAMS];
	uint32_t lines, free_count, fresh;
	uint32_t free_head, free_tail; /* line + 1; the first freed is the first taken */
	uint32_t streams;   /* that the spare lines allow */
	uint64_t logical_pages;
	struct ftl_counters counters;
	/* collection */
	uint32_t victim, victim_valid;
	uint32_t unit; /* next one of the victim */
	bool victim_for_wear;
	enum ftl_stream victim_stream; /* where all of its pages go */
	uint32_t erases_until_wear_check;
	uint32_t flash_page_pages;
	uint32_t choices, wear_gap;
	bool separate_hot_cold;
	const struct ftl_policy *policy;
	uint64_t rng;
};

/* Tables of 4- or 5-byte entries, little endian as the CPU is */
static inline uint64_t
table_get(const uint8_t *table, uint32_t entry_nbytes, uint64_t index)
{
	uint64_t value;

	if (entry_nbytes == 4) {
		uint32_t small;

		memcpy(&small, table + index * 4, 4);
		return small;
	}
	memcpy(&value, table + index * 5, 8); /* the table ends with slack */
	return value & 0xffffffffffULL;
}

static inline void
table_set(uint8_t *table, uint32_t entry_nbytes, uint64_t index, uint64_t value)
{
	uint32_t low = (uint32_t)value;

	if (entry_nbytes == 4) {
		memcpy(table + index * 4, &low, 4);
		return;
	}
	memcpy(table + index * 5, &low, 4);
	table[index * 5 + 4] = (uint8_t)(value >> 32);
}

static inline uint64_t
physical_of(const struct ftl *ftl, struct ftl_place place)
{
	return (uint64_t)place.line * ftl->line_pages + place.position;
}

static inline struct ftl_place
place_of(const struct ftl *ftl, uint64_t physical)
{
	struct ftl_place place;

	if (physical >> 32) {
		place.line = (uint32_t)(physical / ftl->line_pages);
	} else { /* a 32-bit division is the cheaper one, and the usual one */
		place.line = (uint32_t)physical / ftl->line_pages;
	}
	place.position = (uint32_t)(physical - (uint64_t)place.line * ftl->line_pages);
	return place;
}

/* line.c */
void line_bucket_add(struct ftl *ftl, uint32_t line);
void line_buckets_fill(struct ftl *ftl);
void line_bucket_remove(struct ftl *ftl, uint32_t line);
void line_lower(struct ftl *ftl, uint32_t line);
void line_free(struct ftl *ftl, uint32_t line);
struct ftl_place line_open_next(struct ftl *ftl, enum ftl_stream stream);

static inline void
line_invalidate_page(struct ftl *ftl, uint32_t line, uint64_t physical)
{
	struct ftl_line *this = &ftl->line[line];

	ASSERT(this->valid > 0);
	table_set(ftl->backward, ftl->backward_nbytes, physical, 0);
	if (UNLIKELY(ftl->bucketed)) {
		line_lower(ftl, line);
	} else {
		this->valid--;
	}
}

/* The stream's next place; with a new line when the open one is full */
static inline struct ftl_place
line_next_place(struct ftl *ftl, enum ftl_stream stream)
{
	struct ftl_open *open = &ftl->open[stream];

	/* FTL_NONE has position line_pages, so one comparison tells */
	if (open->position < ftl->line_pages) {
		return (struct ftl_place){ open->line, open->position++ };
	}
	return line_open_next(ftl, stream);
}

#endif /* SSD_FTL_INTERNAL_H */
