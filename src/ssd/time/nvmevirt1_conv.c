/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * NVMeVirt's conventional SSD: a page-mapped FTL in each partition, greedy foreground garbage
 * collection with one victim per write credit. Physical pages are numbered in the order in which a
 * line is filled: the pages of a one-shot page, then the next channel, the next die, the next row
 * of one-shot pages.
 *
 * Kept on purpose: the buffer is released in whole one-shot pages, however much of them the host
 * wrote; reads of buffered and of unwritten pages; collection that programs before it has read;
 * erases without cost.
 */
#include <ssd/time/nvmevirt1_internal.h>

/* Victims: a binary heap that breaks ties exactly as NVMeVirt does */

static void
heap_place(struct nv_partition *part, uint32_t at, uint32_t line)
{
	ASSERT(at > 0 && at <= NV_LINES && line < NV_LINES);
	part->heap[at] = line;
	part->lines[line].heap_position = at;
}

static void
heap_sift_up(struct nv_partition *part, uint32_t at)
{
	uint32_t line = part->heap[at];
	uint32_t valid = part->lines[line].valid;

	ASSERT(at > 0 && at <= part->heap_count);
	while (at > 1 && part->lines[part->heap[at / 2]].valid > valid) {
		heap_place(part, at, part->heap[at / 2]);
		at /= 2;
	}
	heap_place(part, at, line);
}

static void
heap_sift_down(struct nv_partition *part)
{
	uint32_t line = part->heap[1];
	uint32_t valid = part->lines[line].valid;
	uint32_t at = 1;

	part_check(part);
	ASSERT(part->heap_count > 0);
	while (2 * at <= part->heap_count) {
		uint32_t child = 2 * at;

		if (child < part->heap_count &&
		    part->lines[part->heap[child]].valid >
			    part->lines[part->heap[child + 1]].valid) {
			child += 1;
		}
		if (valid <= part->lines[part->heap[child]].valid) {
			break;
		}
		heap_place(part, at, part->heap[child]);
		at = child;
	}
	heap_place(part, at, line);
}

static void
heap_add(struct nv_partition *part, uint32_t line)
{
	part_check(part);
	ASSERT(part->lines[line].heap_position == 0);
	part->heap[++part->heap_count] = line;
	heap_sift_up(part, part->heap_count);
}

static uint32_t
heap_pop(struct nv_partition *part)
{
	uint32_t line = part->heap[1];

	part_check(part);
	ASSERT(part->heap_count > 0 && part->lines[line].heap_position == 1);
	part->lines[line].heap_position = 0;
	part->heap[1] = part->heap[part->heap_count--];
	if (part->heap_count) {
		heap_sift_down(part);
	}
	return line;
}

/* Free lines: first in, first out */

static void
free_add(struct nv_partition *part, uint32_t line)
{
	part_check(part);
	ASSERT(part->lines[line].valid == 0);
	part->lines[line].next_free = UINT32_MAX;
	if (part->free_count == 0) {
		part->free_head = line;
	} else {
		part->lines[part->free_tail].next_free = line;
	}
	part->free_tail = line;
	part->free_count += 1;
}

static uint32_t
free_take(struct nv_partition *part)
{
	uint32_t line = part->free_head;

	part_check(part);
	ASSERT(line < NV_LINES);
	/* NVMeVirt crashes here. It would take a write beyond the namespace, which the engine
	 * refuses; and collection keeps two lines */
	if (NEVER(part->free_count == 0)) {
		return line;
	}
	part->free_head = part->lines[line].next_free;
	part->free_count -= 1;
	return line;
}

void
nv_conv_init(struct nvmevirt1 *nv)
{
	for (uint32_t p = 0; p < nv->partitions; ++p) {
		struct nv_partition *part = &nv->partition[p];

		part->dies = nv->dies + (uint64_t)p * nv->dies_of_partition;
		for (uint32_t line = 0; line < NV_LINES; ++line) {
			free_add(part, line);
		}
		part_check(part);
		part->user = (struct nv_write_pointer){ free_take(part), 0 };
		part->gc = (struct nv_write_pointer){ free_take(part), 0 };
		part->credit = nv->line_pages;
		part->refill = nv->line_pages;
	}
}

static struct nv_die *
die_of(const struct nvmevirt1 *nv, const struct nv_partition *part, uint32_t page_in_line)
{
	ASSERT(page_in_line < nv->line_pages);
	return &part->dies[page_in_line / nv->pages_per_oneshot % nv->dies_of_partition];
}

static uint32_t
page_in_block(const struct nvmevirt1 *nv, uint32_t page_in_line)
{
	uint32_t row = page_in_line / (nv->pages_per_oneshot * nv->dies_of_partition);

	ASSERT(page_in_line < nv->line_pages);
	return row * nv->pages_per_oneshot + page_in_line % nv->pages_per_oneshot;
}

static void
page_invalidate(struct nvmevirt1 *nv, struct nv_partition *part, uint32_t physical)
{
	uint32_t index = physical / nv->line_pages;
	struct nv_line *line = &part->lines[index];
	bool was_full = line->valid == nv->line_pages;

	part_check(part);
	ASSERT(physical < nv->partition_pages && part->owner[physical]);
	ASSERT(line->valid > 0);
	line->valid -= 1;
	line->invalid += 1;
	part->owner[physical] = 0;
	if (line->heap_position) {
		heap_sift_up(part, line->heap_position);
	} else if (was_full) {
		heap_add(part, index);
	}
}

/* Assign the next page of a write pointer to `local`; returns its place in the line */
static uint32_t
page_allocate(struct nvmevirt1 *nv, struct nv_partition *part, struct nv_write_pointer *wp,
	      uint32_t local)
{
	uint32_t page = wp->page++;
	uint32_t physical = wp->line * nv->line_pages + page;
	struct nv_line *line = &part->lines[wp->line];

	ASSERT(local < nv->partition_pages && page < nv->line_pages);
	ASSERT(part->owner[physical] == 0 && line->valid < nv->line_pages);
	part->map[local] = physical + 1;
	part->owner[physical] = local + 1;
	line->valid += 1;
	if (wp->page == nv->line_pages) {
		if (line->valid != nv->line_pages) {
			heap_add(part, wp->line);
		}
		wp->line = free_take(part);
		wp->page = 0;
	}
	return page;
}

static bool
ends_oneshot(const struct nvmevirt1 *nv, uint32_t page)
{
	return page % nv->pages_per_oneshot == nv->pages_per_oneshot - 1;
}

/* Move the valid pages of one flash page of the victim; `page` is its first page in the line */
static void
gc_flash_page(struct nvmevirt1 *nv, struct nv_partition *part, ns_t now, uint32_t line,
	      uint32_t page)
{
	uint32_t first = line * nv->line_pages + page;
	uint32_t valid = 0;

	ASSERT(page + nv->pages_per_flash_page <= nv->line_pages);
	for (uint32_t i = 0; i < nv->pages_per_flash_page; ++i) {
		valid += part->owner[first + i] != 0;
	}
	if (valid == 0) {
		return;
	}
	nv_nand_read(nv, die_of(nv, part, page), now, now, page_in_block(nv, page),
		     valid * NV_PAGE_NBYTES, false);
	nv->totals.gc_read_ops += 1;
	nv->totals.gc_read_bytes += (uint64_t)valid * NV_PAGE_NBYTES;
	for (uint32_t i = 0; i < nv->pages_per_flash_page; ++i) {
		uint32_t local = part->owner[first + i];
		uint32_t to;

		if (local == 0) {
			continue;
		}
		ASSERT(part->map[local - 1] == first + i + 1);
		part->owner[first + i] = 0;
		to = page_allocate(nv, part, &part->gc, local - 1);
		if (ends_oneshot(nv, to)) {
			nv_nand_program(nv, die_of(nv, part, to), now, now);
			nv->totals.gc_program_ops += 1;
			nv->totals.gc_program_bytes += nv->nand.oneshot_page_nbytes;
		}
	}
}

static void
die_erase(const struct nvmevirt1 *nv, struct nv_die *die, ns_t now)
{
	die->busy_until = ns_max(die->busy_until, now) + nv->nand.erase_ns;
}

/* Collect one line if few are free; its invalid pages become the next credit */
static void
gc_check(struct nvmevirt1 *nv, struct nv_partition *part, ns_t now)
{
	uint32_t per_oneshot = nv->pages_per_oneshot;
	uint32_t victim, in_row = per_oneshot * nv->dies_of_partition;
	struct nv_line *line;

	part_check(part);
	if (part->free_count > NV_GC_FREE_LINES || part->heap_count == 0) {
		return;
	}
	victim = heap_pop(part);
	line = &part->lines[victim];
	ASSERT(line->invalid > 0 && line->valid + line->invalid == nv->line_pages);
	part->refill = line->invalid;
	for (uint32_t row = 0; row < nv->line_pages; row += in_row) {
		for (uint32_t f = 0; f < per_oneshot; f += nv->pages_per_flash_page) {
			/* die numbers run along the channels first; NVMeVirt's along the dies */
			for (uint32_t i = 0; i < nv->dies_of_partition; ++i) {
				uint32_t luns = nv->nand.dies_per_channel;
				uint32_t die = i / luns + i % luns * nv->channels_of_partition;

				gc_flash_page(nv, part, now, victim, row + die * per_oneshot + f);
				if (row + in_row >= nv->line_pages &&
				    f + nv->pages_per_flash_page >= per_oneshot) {
					die_erase(nv, &part->dies[die], now);
				}
			}
		}
	}
	nv->totals.gc_erase_ops += nv->dies_of_partition;
	line->erases += 1;
	line->valid = 0;
	line->invalid = 0;
	free_add(part, victim);
}

static void
credit_take(struct nvmevirt1 *nv, struct nv_partition *part, ns_t now)
{
	ASSERT(part->credit > 0);
	part->credit -= 1;
	if (part->credit == 0) {
		gc_check(nv, part, now);
		part->credit += part->refill;
	}
}

bool
nv_conv_write(struct nvmevirt1 *nv, ns_t now, const struct model_io *io,
	      struct nvmevirt1_result *result)
{
	uint64_t page = io->offset / NV_PAGE_NBYTES;
	uint64_t last_page = (io->offset + io->nbytes - 1) / NV_PAGE_NBYTES;
	ns_t buffered, last;

	nv_check(nv);
	if (nv->buffer_nbytes < (int64_t)io->nbytes) {
		return false;
	}
	nv->buffer_nbytes -= (int64_t)io->nbytes;
	buffered = nv_buffer_fill(nv, now, io->nbytes);
	last = buffered;
	for (; page <= last_page; ++page) {
		struct nv_partition *part = &nv->partition[page % nv->partitions];
		uint32_t local = (uint32_t)(page / nv->partitions);
		uint32_t to;

		ASSERT(local < nv->partition_pages);
		if (part->map[local]) {
			page_invalidate(nv, part, part->map[local] - 1);
		}
		to = page_allocate(nv, part, &part->user, local);
		if (ends_oneshot(nv, to)) {
			ns_t end = nv_nand_program(nv, die_of(nv, part, to), now, buffered);

			nv_release_add(nv, end, nv->nand.oneshot_page_nbytes, UINT32_MAX);
			last = ns_max(last, end);
			nv->totals.user_program_ops += 1;
			nv->totals.user_program_bytes += nv->nand.oneshot_page_nbytes;
		}
		credit_take(nv, part, now);
	}
	result->done = io->fua || !nv->nand.early_completion ? last : buffered;
	return true;
}

static ns_t
read_group(struct nvmevirt1 *nv, struct nv_partition *part, ns_t now, ns_t start,
	   uint32_t physical, uint32_t pages)
{
	uint32_t page = physical % nv->line_pages;

	ASSERT(pages > 0 && pages <= nv->pages_per_flash_page);
	nv->totals.user_read_ops += 1;
	nv->totals.user_read_bytes += (uint64_t)pages * NV_PAGE_NBYTES;
	return nv_nand_read(nv, die_of(nv, part, page), now, start, page_in_block(nv, page),
			    pages * NV_PAGE_NBYTES, true);
}

/* Read the pages of one partition from `page` on: pages of one flash page are read together */
static ns_t
read_run(struct nvmevirt1 *nv, ns_t now, ns_t start, uint64_t page, uint64_t last_page)
{
	struct nv_partition *part = &nv->partition[page % nv->partitions];
	uint32_t head = 0, pages = 0; /* of the current group */
	ns_t done = 0;

	ASSERT(page <= last_page);
	for (; page <= last_page; page += nv->partitions) {
		uint32_t physical = part->map[page / nv->partitions];

		if (physical == 0) {
			continue;
		}
		physical -= 1;
		/* a flash page is contiguous in the order of allocation */
		if (pages &&
		    physical / nv->pages_per_flash_page == head / nv->pages_per_flash_page) {
			pages += 1;
			continue;
		}
		if (pages) {
			done = ns_max(done, read_group(nv, part, now, start, head, pages));
		}
		head = physical;
		pages = 1;
	}
	if (pages) {
		done = ns_max(done, read_group(nv, part, now, start, head, pages));
	}
	return done;
}

void
nv_conv_read(struct nvmevirt1 *nv, ns_t now, const struct model_io *io,
	     struct nvmevirt1_result *result)
{
	uint64_t page = io->offset / NV_PAGE_NBYTES;
	uint64_t last_page = (io->offset + io->nbytes - 1) / NV_PAGE_NBYTES;
	bool small = io->nbytes <= (uint64_t)NV_PAGE_NBYTES * nv->partitions;
	ns_t start = now + (small ? nv->nand.fw_read_4k_ns : nv->nand.fw_read_ns);

	nv_check(nv);
	result->done = now;
	for (uint32_t p = 0; p < nv->partitions && page + p <= last_page; ++p) {
		result->done = ns_max(result->done,
				      read_run(nv, now, start, page + p, last_page));
	}
}
