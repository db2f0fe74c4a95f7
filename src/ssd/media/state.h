/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * State of the media: its part of struct ssd and of the saved state.
 */
#ifndef SSD_MEDIA_STATE_H
#define SSD_MEDIA_STATE_H

#include <base/time.h>
#include <stdbool.h>
#include <stddef.h>

/* The undo log of the volatile write cache and of writes in flight; see cache.c */
struct cache {
	uint8_t *ring;
	uint64_t nbytes;
	uint64_t head, tail; /* oldest record, end of the newest */
	uint64_t newest;
	uint32_t count;
	uint32_t fresh;	       /* newest records, of the current command */
	uint64_t dirty_nbytes; /* user data that are not flushed yet */
};

/* Counters of flash operations; see flash_count.c */
struct flash_counts {
	uint64_t program_nbytes, gc_program_nbytes; /* all; the part of garbage collection */
	uint64_t user_read_ops, gc_read_ops;
	uint64_t erases, gc_moves, wear_moves;
	uint64_t buffer_hits;
};
#define FLASH_COUNTS (sizeof(struct flash_counts) / sizeof(uint64_t))
struct flash_state {
	uint64_t seen[FLASH_COUNTS]; /* the timing model's counts at the last flash_count_save() */
};

enum { PRECONDITION_STARTED = 1, PRECONDITION_DONE };

#endif /* SSD_MEDIA_STATE_H */
