/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The map: the forward table, which has the place of each logical page; the layout of all tables in
 * memory; writes and trims. ftl.h introduces the folder.
 */
#include <base/bump.h>
#include <ssd/ftl/internal.h>

#define FTL_NBYTES_PER_PAGE 5 /* all tables together, unless lines are very small or very few */
#define LINES_RESERVED 2u /* one that collection moves pages to, one that is free meanwhile */

static uint64_t
line_pages_of(const struct ftl_config *config)
{
	return (uint64_t)config->line_dies * config->oneshot_pages * config->rows;
}

/* Lines beyond the user data, for the streams and for collection */
static uint64_t
spare_lines(const struct ftl_config *config)
{
	uint64_t pages = line_pages_of(config);
	uint64_t needed = (config->logical_pages + pages - 1) / pages;

	ASSERT(pages > 0);
	return config->lines > needed ? config->lines - needed : 0;
}

static const char *
wrong(const struct ftl_config *config)
{
	uint64_t pages = line_pages_of(config);

	if (config->logical_pages == 0 || config->logical_pages > 1ULL << 32) {
		return "the FTL maps 4 KiB to 16 TiB of pages: change the capacity";
	}
	if (config->dies == 0 || config->line_dies == 0 || config->dies % config->line_dies ||
	    config->lanes == 0 || config->line_dies % config->lanes) {
		return "the lanes must divide the dies of a line, and those all dies: change "
		       "partitions";
	}
	if (config->flash_page_pages == 0 || config->flash_page_pages > FTL_UNIT_PAGES_MAX ||
	    config->oneshot_pages == 0 || config->oneshot_pages % config->flash_page_pages) {
		return "flash pages (at most 256 pages of 4 KiB) must divide the one-shot page: "
		       "change flash_page_nbytes or oneshot_page_nbytes";
	}
	if (config->rows == 0 || pages > 1ULL << 24) {
		return "a line has 1 to 2^24 pages of 4 KiB: change block_nbytes, blocks_per_plane "
		       "or line_pages";
	}
	if (pages * config->lines >= 1ULL << 33) {
		return "the NAND has 32 TiB at most: lower overprovisioning_ppm, raw_nbytes or "
		       "blocks_per_plane";
	}
	if (spare_lines(config) < LINES_RESERVED + 2) {
		return "the NAND must be larger than the capacity by four lines or more: raise "
		       "overprovisioning_ppm or raw_nbytes, or change block_nbytes, "
		       "blocks_per_plane or line_pages so that the lines are smaller";
	}
	if (config->separate_hot_cold && spare_lines(config) < LINES_RESERVED + FTL_GC_HOT + 1) {
		return "separating hot and cold needs six spare lines: raise overprovisioning_ppm, "
		       "or omit gc_separate_hot_cold";
	}
	if (!ftl_policy_find(config->policy, config->policy_nbytes)) {
		return "there is no such garbage collection policy: change gc_policy to greedy, "
		       "cost-benefit, d-choices or oldest";
	}
	return NULL;
}

static void
layout(struct ftl *ftl, const struct ftl_config *config, struct bump *from)
{
	uint64_t line_pages = line_pages_of(config), first = from->used;
	uint64_t chunks = (config->logical_pages >> FTL_CHUNK_SHIFT) + 1;
	uint64_t all = config->logical_pages * FTL_NBYTES_PER_PAGE;

	ASSERT(line_pages > 0 && line_pages <= 1ULL << 24);
	ftl->forward_nbytes = line_pages * config->lines < (1U << 24) - 1 ? 3 : 4;
	ftl->forward = bump_alloc(from, 1, config->logical_pages * ftl->forward_nbytes + 1);
	ftl->high = NULL;
	if (line_pages * config->lines >= UINT32_MAX) {
		ftl->high = bump_alloc(from, 1, config->logical_pages / 8 + 1);
	}
	ftl->tables.forward = from->used - first;
	ftl->line = bump_alloc(from, config->lines, sizeof(*ftl->line));
	ftl->line_slot = bump_alloc(from, config->lines, sizeof(*ftl->line_slot));
	ftl->line_base = bump_alloc(from, config->lines, sizeof(*ftl->line_base));
	ftl->bucket = bump_alloc(from, line_pages + 1, sizeof(*ftl->bucket));
	ftl->chunk_mapped = bump_alloc(from, chunks, sizeof(*ftl->chunk_mapped));
	ftl->slots = owner_slots(config, line_pages,
				 all > from->used ? all - from->used : 0);
	ftl->slot = bump_alloc(from, ftl->slots, sizeof(*ftl->slot));
	ftl->ahead.best = bump_alloc(from, ftl->slots, sizeof(*ftl->ahead.best));
	ftl->ahead.picks = bump_alloc(from, ftl->slots, sizeof(*ftl->ahead.picks));
	ftl->tables.lines = from->used - first - ftl->tables.forward;
	ftl->owners = bump_alloc(from, (ftl->slots + 1) * line_pages, sizeof(*ftl->owners));
	ftl->tables.owners = from->used - first - ftl->tables.forward - ftl->tables.lines;
}

size_t
ftl_bytes_needed(const struct ftl_config *config)
{
	struct bump measure = { 0 };
	struct ftl ftl;

	if (wrong(config)) {
		return 0;
	}
	bump_alloc(&measure, 1, sizeof(ftl));
	layout(&ftl, config, &measure);
	return measure.used;
}

int
ftl_init(struct ftl *ftl, const struct ftl_config *config, const char **why)
{
	struct bump from = { .memory = (uint8_t *)ftl };
	uint64_t spare;

	*why = wrong(config);
	if (*why) {
		return -ENV_EINVAL;
	}
	bump_alloc(&from, 1, sizeof(*ftl));
	layout(ftl, config, &from);
	ftl->logical_pages = config->logical_pages;
	ftl->lines = config->lines;
	ftl->free_count = config->lines;
	ftl->line_pages = (uint32_t)line_pages_of(config);
	ftl->lanes = config->lanes;
	ftl->oneshot_pages = config->oneshot_pages;
	ftl->group_pages = config->lanes * config->oneshot_pages;
	ftl->flash_page_pages = config->flash_page_pages;
	ftl->bucket_min = ftl->line_pages;
	ftl->victim = FTL_NONE;
	ftl->policy = ftl_policy_find(config->policy, config->policy_nbytes);
	ftl->choices = config->choices;
	ftl->wear_gap = config->wear_gap;
	ftl->rng = config->seed;
	spare = spare_lines(config) - LINES_RESERVED; /* at least two: user and collection */
	ftl->streams = spare < FTL_STREAMS ? (uint32_t)spare : FTL_STREAMS;
	ftl->separate_hot_cold = config->separate_hot_cold;
	for (uint32_t i = 0; i < FTL_STREAMS; ++i) {
		ftl->open[i].line = FTL_NONE;
		ftl->open[i].position = ftl->line_pages;
	}
	ftl_check(ftl);
	ASSERT(ftl->streams >= FTL_GC + 1);
	return 0;
}

void
ftl_table_nbytes(const struct ftl *ftl, struct ftl_tables *tables)
{
	ftl_check(ftl);
	*tables = ftl->tables;
}

bool
ftl_lookup(const struct ftl *ftl, uint64_t page, struct ftl_place *place)
{
	uint64_t physical;

	ftl_check(ftl);
	ASSERT(page < ftl->logical_pages);
	physical = forward_get(ftl, page);
	if (physical == 0) {
		return false;
	}
	*place = place_of(ftl, physical - 1);
	place_check(ftl, *place);
	return true;
}

/* Temperatures (after dynamic data clustering: Chiang, Lee and Chang 1999): a page that is
 * rewritten before collection has moved it as cold becomes one step hotter */
enum ftl_stream
ftl_stream_of(const struct ftl *ftl, uint64_t page, uint16_t host_stream)
{
	const struct ftl_line *line;
	uint64_t physical;

	ASSERT(page < ftl->logical_pages);
	if (host_stream) {
		uint32_t stream = FTL_HOST + (host_stream - 1U) % (FTL_STREAMS - FTL_HOST);

		return stream < ftl->streams ? (enum ftl_stream)stream : FTL_USER;
	}
	if (!ftl->separate_hot_cold) {
		return FTL_USER;
	}
	physical = forward_get(ftl, page);
	if (physical == 0) {
		return FTL_USER;
	}
	line = &ftl->line[place_of(ftl, physical - 1).line];
	return line->stream == FTL_GC ? FTL_USER : FTL_HOT;
}

static inline struct ftl_place
page_put(struct ftl *ftl, uint64_t page, enum ftl_stream stream)
{
	struct ftl_place to = line_next_place(ftl, stream);

	forward_set(ftl, page, physical_of(ftl, to) + 1);
	ftl->open[stream].owners[to.position] = (uint32_t)page;
	ftl->line[to.line].valid += 1;
	ftl->counters.host_pages += 1;
	line_check(ftl, to.line);
	return to;
}

static void
page_map_new(struct ftl *ftl, uint64_t page)
{
	ASSERT(ftl->counters.mapped_pages < ftl->logical_pages);
	ASSERT(ftl->chunk_mapped[page >> FTL_CHUNK_SHIFT] < 1U << FTL_CHUNK_SHIFT);
	ftl->counters.mapped_pages += 1;
	ftl->chunk_mapped[page >> FTL_CHUNK_SHIFT] += 1;
}

struct ftl_place
ftl_write(struct ftl *ftl, uint64_t page, enum ftl_stream stream)
{
	uint64_t from;

	ftl_check(ftl);
	ASSERT(page < ftl->logical_pages);
	from = forward_get(ftl, page);
	if (from) {
		line_invalidate_page(ftl, place_of(ftl, from - 1).line);
	} else {
		page_map_new(ftl, page);
	}
	return page_put(ftl, page, stream);
}

bool
ftl_write_unless_pending(struct ftl *ftl, uint64_t page, enum ftl_stream stream,
			 struct ftl_place *to)
{
	uint64_t from;

	ftl_check(ftl);
	ASSERT(page < ftl->logical_pages);
	from = forward_get(ftl, page);
	if (from) {
		struct ftl_place place = place_of(ftl, from - 1);

		if (ftl->line[place.line].state == FTL_LINE_OPEN && ftl_is_pending(ftl, place)) {
			return false;
		}
		line_invalidate_page(ftl, place.line);
	} else {
		page_map_new(ftl, page);
	}
	*to = page_put(ftl, page, stream);
	return true;
}

struct ftl_place
ftl_pad(struct ftl *ftl, enum ftl_stream stream)
{
	ASSERT(!ftl_is_starved(ftl, stream) || ftl_stream_is_collection(stream));
	ftl->counters.padding_pages += 1;
	return line_next_place(ftl, stream);
}

uint64_t
ftl_trim(struct ftl *ftl, uint64_t first, uint64_t count)
{
	uint64_t end = first + count, trimmed = 0;

	ftl_check(ftl);
	ASSERT(end >= first && end <= ftl->logical_pages);
	for (uint64_t page = first; page < end; ++page) {
		uint64_t physical;

		if (ftl->chunk_mapped[page >> FTL_CHUNK_SHIFT] == 0) {
			page |= (1ULL << FTL_CHUNK_SHIFT) - 1; /* its last page */
			continue;
		}
		physical = forward_get(ftl, page);
		if (physical) {
			line_invalidate_page(ftl, place_of(ftl, physical - 1).line);
			forward_set(ftl, page, 0);
			ftl->chunk_mapped[page >> FTL_CHUNK_SHIFT] -= 1;
			trimmed += 1;
		}
	}
	ASSERT(trimmed <= ftl->counters.mapped_pages);
	ftl->counters.mapped_pages -= trimmed;
	return trimmed;
}

const struct ftl_counters *
ftl_counters(const struct ftl *ftl)
{
	ftl_check(ftl);
	return &ftl->counters;
}
