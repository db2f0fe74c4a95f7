/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The flash translation layer of a conventional SSD: where each 4 KiB page lies, which lines are
 * free, what garbage collection moves. It knows no time and no data: whoever drives it (the model
 * "parallel") turns what it says into reads, programs and erases. See map.c for the whole story.
 */
#ifndef SSD_FTL_FTL_H
#define SSD_FTL_FTL_H

#include <base/assert.h>

#define FTL_PAGE_NBYTES 4096u
#define FTL_NONE UINT32_MAX
#define FTL_UNIT_PAGES_MAX 256u /* a flash page over all its planes has no more pages than this */

/* Who writes: each has a line of its own */
enum ftl_stream {
	FTL_USER,
	FTL_GC,
	FTL_HOT, /* user pages that are written again soon */
	FTL_GC_HOT, /* what collection moves of them: shares no line with the host's writes, which
		     * could take the room that it counts on */
	FTL_HOST, /* first of those that the host names */
	FTL_STREAMS = FTL_HOST + 8,
};

static inline bool
ftl_stream_is_collection(enum ftl_stream stream)
{
	return stream == FTL_GC || stream == FTL_GC_HOT;
}

enum ftl_line_state {
	FTL_LINE_FRESH, /* free, never written */
	FTL_LINE_FREE,
	FTL_LINE_OPEN,
	FTL_LINE_CLOSED,
	FTL_LINE_VICTIM,
};

struct ftl_config {
	uint64_t logical_pages;
	uint32_t dies;             /* in all */
	uint32_t line_dies;        /* of them in a line; divides dies */
	uint32_t lanes;            /* neighbouring pages go to so many dies; divides line_dies */
	uint32_t oneshot_pages;    /* of one die, all its planes: programmed at once */
	uint32_t flash_page_pages; /* read at once; divides oneshot_pages */
	uint32_t rows;             /* one-shot pages of a die in a line */
	uint32_t lines;
	const char *policy;        /* see policy.h; not necessarily terminated */
	size_t policy_nbytes;
	uint32_t choices;          /* for d-choices */
	uint32_t wear_gap;         /* 0: no wear levelling */
	bool separate_hot_cold;
	bool all_owners; /* remember those of every line: twice the memory, and no passes */
	uint64_t seed;
};

/* A physical page. Inside a line pages are numbered in the order in which they are filled: group
 * by group of `lanes` dies, in a group lane by lane, then the next page of the one-shot page. */
struct ftl_place {
	uint32_t line;
	uint32_t position;
};

/* What garbage collection moves in one go: the valid pages of one flash page */
struct ftl_unit {
	struct ftl_place place; /* of its first page, valid or not */
	uint32_t count;
	uint64_t pages[FTL_UNIT_PAGES_MAX]; /* logical */
	bool last;              /* the line is empty after it: ftl_gc_erase() */
};

struct ftl_counters {
	uint64_t host_pages, gc_pages, wear_pages, padding_pages;
	uint64_t erases, victims, mapped_pages;
	uint64_t scans;        /* of the map, for the owners of lines that are collected soon */
	uint64_t scans_forced; /* of them in one go, for a victim that nobody had expected */
};

/* Bytes of the tables */
struct ftl_tables {
	uint64_t forward; /* where each logical page lies */
	uint64_t owners;  /* what lies in some of the lines */
	uint64_t lines;   /* everything that is counted by line, bucket or chunk */
};

struct ftl;

size_t ftl_bytes_needed(const struct ftl_config *config);
/* 0 or -22 (EINVAL) with a sentence. The memory is zeroed. */
int ftl_init(struct ftl *ftl, const struct ftl_config *config, const char **why);

void ftl_table_nbytes(const struct ftl *ftl, struct ftl_tables *tables);

/* Where is a page? false when it was never written, or trimmed */
bool ftl_lookup(const struct ftl *ftl, uint64_t page, struct ftl_place *place);

/* Would the next page of this stream need a line while none may be taken? Collect first. */
bool ftl_is_starved(const struct ftl *ftl, enum ftl_stream stream);

/* The stream for a page that the host writes */
enum ftl_stream ftl_stream_of(const struct ftl *ftl, uint64_t page, uint16_t host_stream);

/* Give a page a new place. The stream is not starved. */
struct ftl_place ftl_write(struct ftl *ftl, uint64_t page, enum ftl_stream stream);

/* The same, unless the page lies where ftl_is_pending(): then nothing changes and it is false */
bool ftl_write_unless_pending(struct ftl *ftl, uint64_t page, enum ftl_stream stream,
			      struct ftl_place *to);

/* Fill the stream's next place with nothing */
struct ftl_place ftl_pad(struct ftl *ftl, enum ftl_stream stream);

/* Is the place in a one-shot page of an open line that is not yet full? */
bool ftl_is_pending(const struct ftl *ftl, struct ftl_place place);
/* Where a stream writes next: false when it has no open line */
bool ftl_stream_next(const struct ftl *ftl, enum ftl_stream stream, struct ftl_place *place);

/* Forget pages; the number that were mapped */
uint64_t ftl_trim(struct ftl *ftl, uint64_t first, uint64_t count);

/* Garbage collection: begin with a victim that gains so many pages (false when there is none), move
 * units until the last, erase */
bool ftl_gc_begin(struct ftl *ftl, uint32_t gain_at_least);
bool ftl_gc_is_active(const struct ftl *ftl);
uint32_t ftl_gc_victim(const struct ftl *ftl, uint32_t *valid_at_begin);
/* The next unit that has valid pages. false: nothing left, erase now. */
bool ftl_gc_unit(struct ftl *ftl, struct ftl_unit *unit);
/* Where the victim's pages go */
enum ftl_stream ftl_gc_stream(const struct ftl *ftl);
/* Give a page of the unit that ftl_gc_unit() has just named its new place; each page once */
struct ftl_place ftl_gc_move(struct ftl *ftl, uint64_t page);
void ftl_gc_erase(struct ftl *ftl);

uint32_t ftl_free_lines(const struct ftl *ftl);
uint32_t ftl_lines(const struct ftl *ftl);
uint32_t ftl_line_pages(const struct ftl *ftl);
enum ftl_line_state ftl_line_state(const struct ftl *ftl, uint32_t line);
uint32_t ftl_line_valid(const struct ftl *ftl, uint32_t line);
uint32_t ftl_line_erases(const struct ftl *ftl, uint32_t line);
/* Host pages written since the line was closed */
uint64_t ftl_line_age(const struct ftl *ftl, uint32_t line);
const struct ftl_counters *ftl_counters(const struct ftl *ftl);

#endif /* SSD_FTL_FTL_H */
