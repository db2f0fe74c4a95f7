/* SPDX-License-Identifier: BSD-3-Clause */
#include <host/arena.h>

#include <base/prng.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PAGES 512u
#define CHUNK 64u
#define HELD 200u

/* Random allocations and frees: buffers do not overlap, small ones stay in one chunk, all pages are
 * free at the end */
static void
keeps_buffers_apart(void **state)
{
	static unsigned char owner[PAGES];
	char *base = aligned_alloc(4096, PAGES * 4096);
	struct arena arena;
	struct {
		char *buf;
		uint32_t pages;
	} held[HELD] = {{0}};
	uint64_t seed = 42;

	(void)state;
	assert_int_equal(arena_init(&arena, base, PAGES * 4096, CHUNK * 4096), 0);
	for (int round = 0; round < 20000; ++round) {
		uint32_t i = (uint32_t)(prng_next(&seed) % HELD);
		uint32_t most = prng_next(&seed) % 8 ? 6 : 150;
		uint32_t pages = 1 + (uint32_t)(prng_next(&seed) % most);

		if (held[i].buf) {
			assert_true(arena_nbytes(&arena, held[i].buf) == held[i].pages * 4096u);
			memset(&owner[(held[i].buf - base) / 4096], 0, held[i].pages);
			arena_free(&arena, held[i].buf);
			held[i].buf = NULL;
			continue;
		}
		held[i].buf = arena_alloc(&arena, pages * 4096u - 5);
		held[i].pages = pages;
		if (!held[i].buf) {
			continue;
		}
		uint32_t at = (uint32_t)((held[i].buf - base) / 4096);

		assert_true(pages > CHUNK || at / CHUNK == (at + pages - 1) / CHUNK);
		for (uint32_t p = at; p < at + pages; ++p) {
			assert_true(p < PAGES && !owner[p]);
			owner[p] = 1;
		}
	}
	for (uint32_t i = 0; i < HELD; ++i) {
		arena_free(&arena, held[i].buf);
	}
	assert_true(arena_alloc(&arena, PAGES * 4096) == base);
	assert_null(arena_alloc(&arena, 1));
	arena_fini(&arena);
	free(base);
}

/* 16 TiB + 4 KiB were one page, by the lower 32 bits of the number of pages */
static void
more_pages_than_are_counted(void **state)
{
	struct arena arena;
	char page[1];

	(void)state;
	assert_int_equal(arena_init(&arena, page, (1ULL << 44) + 4096, 4096), -ENOMEM);
	assert_int_equal(arena_init(&arena, page, 1ULL << 43, 4096), -ENOMEM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(keeps_buffers_apart),
					    cmocka_unit_test(more_pages_than_are_counted)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
