/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What this is
 *   The flash translation layer of a conventional SSD. NAND cannot be overwritten: every written
 *   page goes to a new place, and garbage collection moves the valid pages of a line before it is
 *   erased. The caller, the timing model "parallel", turns the results into reads, programs and
 *   erases. This header is the interface.
 *
 * Terms
 *   page      4 KiB; *logical*: the host's number, *physical*: its place in NAND
 *   flash page     what a die reads at once
 *   one-shot page  what a die programs at once (all cell bits, all planes)
 *   lane      one of the dies over which consecutive pages are spread
 *   group     the one-shot pages of all lanes, filled together
 *   line      groups that are erased together: a superblock
 *   stream    a source of writes with its own open line: user, garbage collection, hot, host's
 *   pending   in a one-shot page of an open line that is not full yet
 *   starved   a stream that needs a new line, while at most one line is free: the last one is
 *             reserved for garbage collection
 *   victim    the line that is collected; a policy (policy.h) or wear levelling (gc.c) selects it
 *   unit      the valid pages of one flash page, moved together
 *   owner     the logical page of a physical one: only the forward table has it, see owner.c
 *
 * Life cycle of a page
 *   ftl_write() invalidates the old place and takes the next one of the stream's open line.
 *   ftl_gc_begin() selects a victim, ftl_gc_unit() and ftl_gc_move() move its valid pages away,
 *   ftl_gc_erase() makes it free. ftl_trim() unmaps pages.
 *
 * States of a line
 *   fresh --line_open_next--> open --line_close--> closed --ftl_gc_begin--> victim
 *   free  --line_open_next--> open                    victim --ftl_gc_erase--> free
 *   Fresh lines are opened first, then free ones in the order in which they became free; wear
 *   levelling opens the one with the most erases. A full line is closed when its stream needs the
 *   next place. From the first collection on, closed lines are in buckets by their number of valid
 *   pages (line.c).
 *
 * Ownership and lifetimes
 *   The caller owns the memory, which is zeroed; there is no function to close an FTL. An entry 0
 *   means "unmapped", a line 0 "fresh": memory is touched only for written pages, so that a large
 *   drive that stores little uses little. The configuration is not referenced after ftl_init().
 *
 * Threads
 *   None; one caller at a time.
 *
 * Errors
 *   For an invalid geometry or policy ftl_bytes_needed() returns 0, and ftl_init() returns -22
 *   (EINVAL) with a sentence. Afterwards nothing can fail: ftl_init() has checked that the spare
 *   lines suffice for garbage collection. ftl_gc_begin() returns false when no line qualifies. The
 *   caller must collect before it writes to a starved stream.
 *
 * What it does not do
 *   No time, no data, no bad blocks, no zones. It does not decide when to collect: the caller does.
 *   The tables are not saved: a new process repeats the writes (media/restore.c). At most 2^32
 *   logical pages (16 TiB), less than 2^33 physical ones (32 TiB), 2^24 in a line.
 *
 * Files
 *   map.c (tables, writes, trims), line.c (free and closed lines), gc.c (collection, wear
 *   levelling), policy*.c, owner.c with scan.c and ahead.c (owners of the victim's pages).
 */
#ifndef SSD_FTL_FTL_H
#define SSD_FTL_FTL_H

#include <base/assert.h>

#define FTL_PAGE_NBYTES 4096u
#define FTL_NONE UINT32_MAX
#define FTL_UNIT_PAGES_MAX 256u /* upper limit of the pages of a flash page over all its planes */

/* Sources of writes; each has its own open line */
enum ftl_stream {
	FTL_USER,
	FTL_GC,
	FTL_HOT, /* user pages that are rewritten soon */
	FTL_GC_HOT, /* such pages moved by collection: they share no line with the host's writes,
		     * which could use up the space that collection relies on */
	FTL_HOST, /* first of the streams that the host selects */
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
	uint32_t dies;             /* total */
	uint32_t line_dies;        /* dies per line; divides dies */
	uint32_t lanes;            /* dies for consecutive pages; divides line_dies */
	uint32_t oneshot_pages;    /* pages of one die, all its planes, programmed at once */
	uint32_t flash_page_pages; /* pages read at once; divides oneshot_pages */
	uint32_t rows;             /* one-shot pages per die in a line */
	uint32_t lines;
	const char *policy;        /* see policy.h; may be unterminated */
	size_t policy_nbytes;
	uint32_t choices;          /* for d-choices */
	uint32_t wear_gap;         /* 0: no wear levelling */
	bool separate_hot_cold;
	bool all_owners; /* keep the owners of every line: twice the memory, no scans */
	uint64_t seed;
};

/* A physical page. Pages of a line are numbered in the order in which they are filled: group by
 * group of `lanes` dies, in a group lane by lane, then the next page of the one-shot page. */
struct ftl_place {
	uint32_t line;
	uint32_t position;
};

/* The unit that garbage collection moves: the valid pages of one flash page */
struct ftl_unit {
	struct ftl_place place; /* of its first page, valid or not */
	uint32_t count;
	uint64_t pages[FTL_UNIT_PAGES_MAX]; /* logical */
	bool last;              /* no valid pages remain in the line: call ftl_gc_erase() */
};

struct ftl_counters {
	uint64_t host_pages, gc_pages, wear_pages, padding_pages;
	uint64_t erases, victims, mapped_pages;
	uint64_t scans;        /* of the map, to find the owners of lines that are collected soon */
	uint64_t scans_forced; /* of these, complete scans for a victim that was not predicted */
};

/* Sizes of the tables, bytes */
struct ftl_tables {
	uint64_t forward; /* the location of each logical page */
	uint64_t owners;  /* the logical pages in some of the lines */
	uint64_t lines;   /* everything that is counted per line, bucket or chunk */
};

struct ftl;

size_t ftl_bytes_needed(const struct ftl_config *config);
/* Returns 0, or -ENV_EINVAL with the reason in *why. The memory must be zeroed. */
int ftl_init(struct ftl *ftl, const struct ftl_config *config, const char **why);

void ftl_table_nbytes(const struct ftl *ftl, struct ftl_tables *tables);

/* The location of a page; false when it was never written, or trimmed */
bool ftl_lookup(const struct ftl *ftl, uint64_t page, struct ftl_place *place);

/* Does the next page of this stream need a line while none is available? Then collect first. */
bool ftl_is_starved(const struct ftl *ftl, enum ftl_stream stream);

/* The stream of a page that the host writes */
enum ftl_stream ftl_stream_of(const struct ftl *ftl, uint64_t page, uint16_t host_stream);

/* Map a page to the next place of a stream, which must not be starved */
struct ftl_place ftl_write(struct ftl *ftl, uint64_t page, enum ftl_stream stream);

/* The same, unless ftl_is_pending() holds for the page's current place: then false, without a
 * change */
bool ftl_write_unless_pending(struct ftl *ftl, uint64_t page, enum ftl_stream stream,
			      struct ftl_place *to);

/* Fill the stream's next place with padding */
struct ftl_place ftl_pad(struct ftl *ftl, enum ftl_stream stream);

/* Is the place in an incomplete one-shot page of an open line? */
bool ftl_is_pending(const struct ftl *ftl, struct ftl_place place);
/* The next place that a stream writes; false when it has no open line */
bool ftl_stream_next(const struct ftl *ftl, enum ftl_stream stream, struct ftl_place *place);

/* Unmap pages; returns the number that were mapped */
uint64_t ftl_trim(struct ftl *ftl, uint64_t first, uint64_t count);

/* Garbage collection: start with a victim that frees at least `gain_at_least` pages (false when
 * there is none), move its units, then erase it */
bool ftl_gc_begin(struct ftl *ftl, uint32_t gain_at_least);
bool ftl_gc_is_active(const struct ftl *ftl);
uint32_t ftl_gc_victim(const struct ftl *ftl, uint32_t *valid_at_begin);
/* The next unit with valid pages. False: none are left, erase now. */
bool ftl_gc_unit(struct ftl *ftl, struct ftl_unit *unit);
/* The stream that receives the victim's pages */
enum ftl_stream ftl_gc_stream(const struct ftl *ftl);
/* Move a page of the last unit of ftl_gc_unit() to its new place; once for each page */
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
