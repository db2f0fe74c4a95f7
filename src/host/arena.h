/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Buffers out of one region: for memory that is registered as a whole. First fit in pages; the
 * bookkeeping lies outside the region. For the control plane: a lock, and time that grows with the
 * number of buffers.
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
	uint32_t chunk_pages; /* a buffer that fits in a chunk does not lie across two */
	uint32_t *run;        /* at a buffer's first page: how many it has; 0 elsewhere */
	pthread_mutex_t lock;
};

/* `base` stays the caller's; both sizes are multiples of 4096. 0 or -ENOMEM. */
int arena_init(struct arena *arena, void *base, size_t nbytes, size_t chunk_nbytes);
void arena_fini(struct arena *arena);

/* NULL when there is no room */
void *arena_alloc(struct arena *arena, size_t nbytes);
void arena_free(struct arena *arena, void *buf);

/* How much a buffer really has; 0: this is none of the arena's */
size_t arena_nbytes(struct arena *arena, const void *buf);

#endif /* HOST_ARENA_H */
