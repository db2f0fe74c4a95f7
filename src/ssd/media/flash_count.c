/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Flash operations over the life of the SSD. The timing model counts from power on, and its
 * counters start with the operations of restoring the media (see restore.c), which never happened
 * on flash. So its counts are added to the saved state on the media, without those of the restore.
 *
 *   life = saved + (the model's count now - the model's count at the last save)
 *
 * The saved counters are the total of programs and garbage collection's part of it, since both only
 * grow. The host's part may shrink temporarily, while a moved page waits for its program.
 */
#include <ssd/media/media.h>

static void
counts_of(const struct model_stats *stats, uint64_t counts[FLASH_COUNTS])
{
	struct flash_counts now = {
		.program_nbytes = stats->user_program_bytes + stats->gc_program_bytes,
		.gc_program_nbytes = stats->gc_program_bytes,
		.user_read_ops = stats->user_read_ops,
		.gc_read_ops = stats->gc_read_ops,
		.erases = stats->erases,
		.gc_moves = stats->gc_moves,
		.wear_moves = stats->wear_moves,
		.buffer_hits = stats->buffer_hits,
	};

	STATIC_ASSERT(sizeof(struct flash_counts) == FLASH_COUNTS * sizeof(uint64_t), "no padding");
	memcpy(counts, &now, sizeof(now));
}

/* Count from now on */
void
flash_count_begin(struct ssd *ssd)
{
	struct model_stats stats = {0};

	ssd->time->stats(ssd->model, &stats);
	counts_of(&stats, ssd->flash.seen);
}

void
flash_count_save(struct ssd *ssd)
{
	uint64_t seen[FLASH_COUNTS];

	memcpy(seen, ssd->flash.seen, sizeof(seen));
	flash_count_begin(ssd);
	for (size_t i = 0; i < FLASH_COUNTS; ++i) {
		ssd->saved->flash[i] += ssd->flash.seen[i] - seen[i];
	}
}

/* The model's statistics, with counters over the SSD's life where they are saved */
void
flash_count_stats(const struct ssd *ssd, struct model_stats *stats)
{
	uint64_t now[FLASH_COUNTS];
	struct flash_counts life;

	memset(stats, 0, sizeof(*stats));
	ssd->time->stats(ssd->model, stats);
	counts_of(stats, now);
	for (size_t i = 0; i < FLASH_COUNTS; ++i) {
		now[i] += ssd->saved->flash[i] - ssd->flash.seen[i];
	}
	memcpy(&life, now, sizeof(life));
	stats->user_program_bytes = life.program_nbytes - life.gc_program_nbytes;
	stats->gc_program_bytes = life.gc_program_nbytes;
	stats->user_read_ops = life.user_read_ops;
	stats->gc_read_ops = life.gc_read_ops;
	stats->erases = life.erases;
	stats->gc_moves = life.gc_moves;
	stats->wear_moves = life.wear_moves;
	stats->buffer_hits = life.buffer_hits;
}
