/* SPDX-License-Identifier: BSD-3-Clause */
#include <host/arena.h>

#include <base/assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 4096u
/* Numbers of pages have 32 bits, and so has the sum of two */
#define PAGES_MAX INT32_MAX

static void
arena_check(const struct arena *arena)
{
	ASSERT(arena->run && arena->pages == arena->nbytes / PAGE);
	ASSERT(arena->pages <= PAGES_MAX && arena->chunk_pages > 0);
}

int
arena_init(struct arena *arena, void *base, size_t nbytes, size_t chunk_nbytes)
{
	ASSERT(nbytes % PAGE == 0 && chunk_nbytes % PAGE == 0 && chunk_nbytes <= nbytes);
	if (nbytes / PAGE > PAGES_MAX) {
		return -ENOMEM;
	}
	memset(arena, 0, sizeof(*arena));
	arena->base = base;
	arena->nbytes = nbytes;
	arena->pages = (uint32_t)(nbytes / PAGE);
	arena->chunk_pages = (uint32_t)(chunk_nbytes / PAGE);
	arena->run = calloc(arena->pages, sizeof(*arena->run));
	if (!arena->run) {
		return -ENOMEM;
	}
	(void)pthread_mutex_init(&arena->lock, NULL);
	arena_check(arena);
	return 0;
}

void
arena_fini(struct arena *arena)
{
	arena_check(arena);
	(void)pthread_mutex_destroy(&arena->lock);
	free(arena->run);
	arena->run = NULL;
}

/* Would `count` pages from `at` cross into another chunk, although they fit in one? */
static bool
straddles(const struct arena *arena, uint32_t at, uint32_t count)
{
	uint32_t chunk = arena->chunk_pages;

	ASSERT(count > 0);
	return count <= chunk && at / chunk != (at + count - 1) / chunk;
}

/* Returns the first page of a run of `count` free ones, arena->pages if there is none */
static uint32_t
find_free(const struct arena *arena, uint32_t count)
{
	uint32_t start = 0;

	ASSERT(count > 0 && count <= arena->pages);
	while (start + count <= arena->pages) {
		uint32_t have = 0;

		if (straddles(arena, start, count)) {
			start = (start / arena->chunk_pages + 1) * arena->chunk_pages;
			continue;
		}
		while (have < count && !arena->run[start + have]) {
			have += 1;
		}
		if (have == count) {
			return start;
		}
		ASSERT(arena->run[start + have] <= arena->pages - start - have);
		start += have + arena->run[start + have];
	}
	return arena->pages;
}

/* `run` of a run's first page is its length; other entries are 0. But no search may treat a page
 * inside of a run as free. find_free() starts at page 0, at chunk borders and after runs; a chunk
 * border may be inside of a run, so its `run` is the length of the rest. */
static void
mark_run(struct arena *arena, uint32_t at, uint32_t count, bool taken)
{
	uint32_t border = (at / arena->chunk_pages + 1) * arena->chunk_pages;

	ASSERT(count > 0 && at < arena->pages && count <= arena->pages - at);
	ASSERT(taken == !arena->run[at]); /* a free page is taken, a used one freed */
	arena->run[at] = taken ? count : 0;
	for (; border < at + count; border += arena->chunk_pages) {
		arena->run[border] = taken ? at + count - border : 0;
	}
}

void *
arena_alloc(struct arena *arena, size_t nbytes)
{
	void *buf = NULL;

	arena_check(arena);
	if (!nbytes || nbytes > arena->nbytes) {
		return NULL;
	}
	uint32_t count = (uint32_t)((nbytes + PAGE - 1) / PAGE);

	(void)pthread_mutex_lock(&arena->lock);
	uint32_t at = find_free(arena, count);

	if (at < arena->pages) {
		mark_run(arena, at, count, true);
		buf = arena->base + (size_t)at * PAGE;
	}
	(void)pthread_mutex_unlock(&arena->lock);
	return buf;
}

static bool
owns(const struct arena *arena, const void *buf)
{
	size_t offset = (size_t)((const char *)buf - arena->base);

	arena_check(arena);
	return (const char *)buf >= arena->base && offset < arena->nbytes && !(offset % PAGE);
}

void
arena_free(struct arena *arena, void *buf)
{
	if (!owns(arena, buf)) {
		return;
	}
	uint32_t at = (uint32_t)((size_t)((char *)buf - arena->base) / PAGE);

	(void)pthread_mutex_lock(&arena->lock);
	if (arena->run[at]) {
		mark_run(arena, at, arena->run[at], false);
	}
	(void)pthread_mutex_unlock(&arena->lock);
}

size_t
arena_nbytes(struct arena *arena, const void *buf)
{
	size_t nbytes;

	if (!owns(arena, buf)) {
		return 0;
	}
	(void)pthread_mutex_lock(&arena->lock);
	nbytes = (size_t)arena->run[(size_t)((const char *)buf - arena->base) / PAGE] * PAGE;
	(void)pthread_mutex_unlock(&arena->lock);
	return nbytes;
}
