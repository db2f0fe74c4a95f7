/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Allocates buffers from one region: for memory that is registered as a whole. First fit, in pages.
 * The bookkeeping is outside the region. For the control plane: takes a lock, and its time grows
 * with the number of buffers.
 */
#ifndef HOST_ARENA_H
#define HOST_ARENA_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

struct arena {
	char *base;
	size_t nbytes;
	uint32_t pages;
	uint32_t chunk_pages; /* a buffer that fits in one chunk does not cross into another */
	uint32_t *run;        /* at a buffer's first page: its pages; see mark_run() */
	pthread_mutex_t lock;
};

/* The caller keeps `base`, which must outlive the arena. Both sizes are multiples of 4096. Returns
 * 0, or -ENOMEM, also for more than 8 TiB. */
int arena_init(struct arena *arena, void *base, size_t nbytes, size_t chunk_nbytes);
void arena_fini(struct arena *arena);

/* Returns NULL when no free run of pages is large enough */
void *arena_alloc(struct arena *arena, size_t nbytes);
void arena_free(struct arena *arena, void *buf);

/* Usable size of a buffer; 0 when it is not from this arena */
size_t arena_nbytes(struct arena *arena, const void *buf);

#endif /* HOST_ARENA_H */
