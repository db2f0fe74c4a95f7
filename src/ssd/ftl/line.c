/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lines: free ones in the order in which they became free; closed ones, from the first collection
 * on, in buckets by the number of valid pages. So the line with the fewest is found in constant
 * time, and an invalidated page costs a few stores.
 */
#include <ssd/ftl/internal.h>

/* Insert at the head of the bucket of its number of valid pages */
static inline void
push(struct ftl *ftl, struct ftl_line *this, uint32_t line)
{
	uint32_t *head = &ftl->bucket[this->valid];

	line_check(ftl, line);
	this->previous = 0;
	this->next = *head;
	if (*head) {
		ftl->line[*head - 1].previous = line + 1;
	}
	*head = line + 1;
	if (this->valid < ftl->bucket_min) {
		ftl->bucket_min = this->valid;
	}
}

static inline void
take_out(struct ftl *ftl, const struct ftl_line *this)
{
	ASSERT(this->valid <= ftl->line_pages && ftl->bucket[this->valid]);
	ASSERT(this->next <= ftl->lines && this->previous <= ftl->lines);
	if (this->next) {
		ftl->line[this->next - 1].previous = this->previous;
	}
	if (this->previous) {
		ftl->line[this->previous - 1].next = this->next;
	} else {
		ftl->bucket[this->valid] = this->next;
	}
}

void
line_bucket_add(struct ftl *ftl, uint32_t line)
{
	line_check(ftl, line);
	ASSERT(ftl->line[line].state == FTL_LINE_CLOSED);
	push(ftl, &ftl->line[line], line);
}

void
line_buckets_fill(struct ftl *ftl)
{
	ftl_check(ftl);
	ASSERT(!ftl->bucketed);
	ftl->bucketed = true;
	for (uint32_t line = 0; line < ftl->lines; ++line) {
		if (ftl->line[line].state == FTL_LINE_CLOSED) {
			line_bucket_add(ftl, line);
		}
	}
}

void
line_bucket_remove(struct ftl *ftl, uint32_t line)
{
	line_check(ftl, line);
	ASSERT(ftl->bucketed && ftl->line[line].state == FTL_LINE_CLOSED);
	take_out(ftl, &ftl->line[line]);
}

/* Undo line_bucket_remove(), in reverse order: the links of a removed line are still valid (Knuth's
 * dancing links) */
void
line_bucket_restore(struct ftl *ftl, uint32_t line)
{
	struct ftl_line *this = &ftl->line[line];

	line_check(ftl, line);
	ASSERT(ftl->bucketed && ftl->line[line].state == FTL_LINE_CLOSED);
	if (this->next) {
		ftl->line[this->next - 1].previous = line + 1;
	}
	if (this->previous) {
		ftl->line[this->previous - 1].next = line + 1;
	} else {
		ftl->bucket[this->valid] = line + 1;
	}
}

/* Invalidate one of its pages */
void
line_lower(struct ftl *ftl, uint32_t line)
{
	struct ftl_line *this = &ftl->line[line];

	line_check(ftl, line);
	ASSERT(this->valid > 0);
	if (ftl->bucketed && this->state == FTL_LINE_CLOSED) {
		take_out(ftl, this);
		this->valid -= 1;
		push(ftl, this, line);
	} else {
		this->valid -= 1;
	}
}

void
line_free(struct ftl *ftl, uint32_t line)
{
	struct ftl_line *this = &ftl->line[line];

	line_check(ftl, line);
	ASSERT(this->state == FTL_LINE_VICTIM);
	ASSERT(this->valid == 0);
	this->state = FTL_LINE_FREE;
	this->next = 0;
	if (ftl->free_tail) {
		ftl->line[ftl->free_tail - 1].next = line + 1;
	} else {
		ftl->free_head = line + 1;
	}
	ftl->free_tail = line + 1;
	ftl->free_count += 1;
}

/* Take the free line with the most erases: for data that are rarely rewritten */
static uint32_t
free_take_worn(struct ftl *ftl)
{
	uint32_t best = ftl->free_head, best_previous = 0;

	ASSERT(ftl->free_head && ftl->free_tail);
	for (uint32_t previous = best; ftl->line[previous - 1].next; ) {
		uint32_t at = ftl->line[previous - 1].next;

		if (ftl->line[at - 1].erases > ftl->line[best - 1].erases) {
			best = at;
			best_previous = previous;
		}
		previous = at;
	}
	if (best_previous) {
		ftl->line[best_previous - 1].next = ftl->line[best - 1].next;
		if (ftl->free_tail == best) {
			ftl->free_tail = best_previous;
		}
	} else {
		ftl->free_head = ftl->line[best - 1].next;
		if (ftl->free_head == 0) {
			ftl->free_tail = 0;
		}
	}
	ASSERT(ftl->line[best - 1].state == FTL_LINE_FREE);
	return best - 1;
}

static uint32_t
free_take(struct ftl *ftl)
{
	uint32_t line;

	ftl_check(ftl);
	ASSERT(ftl->free_count > 0);
	ftl->free_count -= 1;
	if (ftl->fresh < ftl->lines) { /* lines that were never used come first */
		return ftl->fresh++;
	}
	if (ftl->victim_for_wear) {
		return free_take_worn(ftl);
	}
	line = ftl->free_head - 1;
	ftl->free_head = ftl->line[line].next;
	if (ftl->free_head == 0) {
		ftl->free_tail = 0;
	}
	ASSERT(ftl->line[line].state == FTL_LINE_FREE);
	return line;
}

static void
line_close(struct ftl *ftl, struct ftl_open *open)
{
	struct ftl_line *line = &ftl->line[open->line];

	line_check(ftl, open->line);
	ASSERT(line->state == FTL_LINE_OPEN && open->position == ftl->line_pages);
	line->state = FTL_LINE_CLOSED;
	line->closed_at = ftl->counters.host_pages;
	if (ftl->bucketed) {
		line_bucket_add(ftl, open->line);
	}
	owner_line_closed(ftl, open->line);
	open->line = FTL_NONE;
}

/* A line is closed when the first page of its successor is requested: until then the caller may
 * still count pages into it. */
struct ftl_place
line_open_next(struct ftl *ftl, enum ftl_stream stream)
{
	struct ftl_open *open = &ftl->open[stream];

	open_check(ftl, stream);
	ASSERT(open->position == ftl->line_pages);
	if (open->line != FTL_NONE) {
		line_close(ftl, open);
	}
	open->line = free_take(ftl);
	open->position = 1;
	open->owners = owner_line_opened(ftl, open->line);
	ftl->line[open->line].state = FTL_LINE_OPEN;
	ftl->line[open->line].stream = (uint8_t)stream;
	ASSERT(ftl->line[open->line].valid == 0);
	return (struct ftl_place){ open->line, 0 };
}

bool
ftl_is_starved(const struct ftl *ftl, enum ftl_stream stream)
{
	const struct ftl_open *open = &ftl->open[stream];

	open_check(ftl, stream);
	/* the last free line is reserved for garbage collection */
	return open->position == ftl->line_pages && ftl->free_count <= 1;
}

bool
ftl_is_pending(const struct ftl *ftl, struct ftl_place place)
{
	const struct ftl_line *line = &ftl->line[place.line];
	const struct ftl_open *open;
	uint32_t group, lane;

	place_check(ftl, place);
	if (line->state != FTL_LINE_OPEN) {
		return false;
	}
	open = &ftl->open[line->stream];
	ASSERT(open->line == place.line);
	group = place.position / ftl->group_pages * ftl->group_pages;
	lane = place.position % ftl->lanes;
	/* the lane's last page is not assigned yet */
	return group + (ftl->oneshot_pages - 1) * ftl->lanes + lane >= open->position;
}

bool
ftl_stream_next(const struct ftl *ftl, enum ftl_stream stream, struct ftl_place *place)
{
	const struct ftl_open *open = &ftl->open[stream];

	open_check(ftl, stream);
	*place = (struct ftl_place){ open->line, open->position };
	return open->line != FTL_NONE && open->position < ftl->line_pages;
}

uint32_t
ftl_free_lines(const struct ftl *ftl)
{
	ftl_check(ftl);
	return ftl->free_count;
}

uint32_t
ftl_lines(const struct ftl *ftl)
{
	return ftl->lines;
}

uint32_t
ftl_line_pages(const struct ftl *ftl)
{
	return ftl->line_pages;
}

enum ftl_line_state
ftl_line_state(const struct ftl *ftl, uint32_t line)
{
	line_check(ftl, line);
	return (enum ftl_line_state)ftl->line[line].state;
}

uint32_t
ftl_line_valid(const struct ftl *ftl, uint32_t line)
{
	line_check(ftl, line);
	return ftl->line[line].valid;
}

uint32_t
ftl_line_erases(const struct ftl *ftl, uint32_t line)
{
	line_check(ftl, line);
	return ftl->line[line].erases;
}

uint64_t
ftl_line_age(const struct ftl *ftl, uint32_t line)
{
	line_check(ftl, line);
	ASSERT(ftl->line[line].closed_at <= ftl->counters.host_pages);
	return ftl->counters.host_pages - ftl->line[line].closed_at;
}
