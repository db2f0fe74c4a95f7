/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The FTL against a plain array with the expected state of each page: random writes, trims, padding
 * and collection with every policy. FTL_SEED in the environment repeats a run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <cmocka.h>

#include <base/panic_test.h>
#include <base/prng.h>
#include <ssd/ftl/collect_test.h>
#include <ssd/ftl/internal.h>

#define PAGES 3000

static struct ftl_config
config_small(const char *policy)
{
	return (struct ftl_config){
		.logical_pages = PAGES, .dies = 8, .line_dies = 4, .lanes = 2,
		.oneshot_pages = 4, .flash_page_pages = 2, .rows = 2, .lines = 110,
		.policy = policy, .policy_nbytes = strlen(policy), .seed = 7,
	};
}

static struct ftl *
make(const struct ftl_config *config)
{
	const char *why = NULL;
	size_t nbytes = ftl_bytes_needed(config);
	struct ftl *ftl = calloc(1, nbytes);

	assert_true(nbytes > 0);
	assert_non_null(ftl);
	assert_int_equal(ftl_init(ftl, config, &why), 0);
	assert_null(why);
	return ftl;
}

/* Every page has its own place, and the lines count their pages */
static void
check(const struct ftl *ftl, const bool *written)
{
	uint32_t physical = ftl_lines(ftl) * ftl_line_pages(ftl);
	uint32_t *owner = calloc(physical, sizeof(*owner));
	uint32_t *valid = calloc(ftl_lines(ftl), sizeof(*valid));
	uint64_t mapped = 0;
	uint32_t free_lines = 0;

	for (uint32_t page = 0; page < PAGES; ++page) {
		struct ftl_place place;
		bool found = ftl_lookup(ftl, page, &place);

		assert_int_equal(found, written[page]);
		if (!found) {
			continue;
		}
		assert_true(place.line < ftl_lines(ftl));
		assert_true(place.position < ftl_line_pages(ftl));
		assert_int_equal(owner[place.line * ftl_line_pages(ftl) + place.position], 0);
		owner[place.line * ftl_line_pages(ftl) + place.position] = page + 1;
		valid[place.line] += 1;
		mapped += 1;
	}
	for (uint32_t line = 0; line < ftl_lines(ftl); ++line) {
		enum ftl_line_state state = ftl_line_state(ftl, line);

		assert_int_equal(ftl_line_valid(ftl, line), valid[line]);
		free_lines += state == FTL_LINE_FRESH || state == FTL_LINE_FREE;
	}
	assert_int_equal(ftl_free_lines(ftl), free_lines);
	assert_int_equal(ftl_counters(ftl)->mapped_pages, mapped);
	free(owner);
	free(valid);
}

static void
random_run(struct ftl *ftl, uint64_t seed, int steps)
{
	bool written[PAGES] = { false };
	uint64_t rng = seed, mapped;

	for (int i = 0; i < steps; ++i) {
		uint64_t page = prng_next(&rng) % PAGES;
		uint64_t what = prng_next(&rng) % 1000;
		uint16_t host_stream = what % 7 == 0 ? (uint16_t)(what % 11) : 0;
		enum ftl_stream stream = ftl_stream_of(ftl, page, host_stream);

		while (ftl_is_starved(ftl, stream)) {
			collect(ftl);
		}
		if (what < 970) {
			ftl_write(ftl, page, stream);
			written[page] = true;
		} else if (what < 980) {
			ftl_pad(ftl, stream);
		} else if (what < 998 || i % 64 == 0) {
			uint64_t count = what < 998 ? prng_next(&rng) % 40 : PAGES, had = 0;

			page = what < 998 ? page : 0; /* or all of it, as in Format */
			count = page + count > PAGES ? PAGES - page : count;
			for (uint64_t p = page; p < page + count; ++p) {
				had += written[p];
				written[p] = false;
			}
			assert_int_equal(ftl_trim(ftl, page, count), had);
		}
		if (i % 4096 == 0) {
			check(ftl, written);
		}
	}
	check(ftl, written);
	mapped = ftl_counters(ftl)->mapped_pages;
	assert_int_equal(ftl_trim(ftl, 0, PAGES), mapped);
	memset(written, 0, sizeof(written));
	check(ftl, written);
}

static void
agrees_with_a_plain_array(void **state)
{
	static const char *const policies[] = { "greedy", "cost-benefit", "d-choices", "oldest" };
	const char *text = getenv("FTL_SEED");
	uint64_t seed = text ? strtoull(text, NULL, 0) : (uint64_t)time(NULL);

	(void)state;
	print_message("FTL_SEED=%llu\n", (unsigned long long)seed);
	for (size_t p = 0; p < 4; ++p) {
		for (int variant = 0; variant < 12; ++variant) {
			struct ftl_config config = config_small(policies[p]);
			struct ftl *ftl;

			config.separate_hot_cold = variant & 1;
			config.wear_gap = variant & 2 ? 3 : 0;
			ftl = make(&config);
			/* owners of all lines, of a few, of the minimum */
			ftl->slots = variant < 4 ? ftl->slots : variant < 8 ? 40 : FTL_STREAMS + 4;
			random_run(ftl, seed + p, 40000);
			assert_int_equal(ftl_counters(ftl)->scans > 0, variant >= 4);
			free(ftl);
		}
	}
}

/* The minimum of spare space that is accepted suffices for every load */
static void
gets_on_with_little_space(void **state)
{
	struct ftl_config config = config_small("greedy");
	bool written[PAGES] = { false };
	struct ftl *ftl;
	uint64_t rng = 3;

	(void)state;
	config.lines = 93; /* 94 lines of 32 hold 3000 pages */
	assert_int_equal(ftl_bytes_needed(&config), 0);
	config.lines = 94 + 4;
	ftl = make(&config);
	for (int i = 0; i < 60000; ++i) {
		uint64_t page = i < PAGES ? (uint64_t)i : prng_next(&rng) % PAGES;

		while (ftl_is_starved(ftl, FTL_USER)) {
			collect(ftl);
		}
		ftl_write(ftl, page, FTL_USER);
		written[page] = true;
	}
	check(ftl, written);
	free(ftl);
}

/* The moved pages of a victim shared their new line with host writes in between; when that line was
 * full, no further line was free */
static void
slow_collection_never_runs_out_of_lines(void **state)
{
	struct ftl_config config = config_small("greedy");
	struct ftl *ftl;
	uint64_t rng = 17;
	struct ftl_unit unit;

	(void)state;
	config.lines = 94 + 6;
	config.separate_hot_cold = true;
	ftl = make(&config);
	for (int i = 0; i < 300000; ++i) {
		uint64_t page = i < PAGES ? (uint64_t)i : prng_next(&rng) % 100 < 70 ?
				prng_next(&rng) % 500 : prng_next(&rng) % PAGES;
		enum ftl_stream stream = ftl_stream_of(ftl, page, 0);
		int steps = i % 8 == 0;

		/* one step at random intervals, and as many as needed when no line is left */
		while (steps-- > 0 || ftl_is_starved(ftl, stream)) {
			if (!ftl_gc_is_active(ftl) &&
			    (ftl_free_lines(ftl) > 3 || !ftl_gc_begin(ftl, 1))) {
				break;
			}
			if (!ftl_gc_unit(ftl, &unit)) {
				ftl_gc_erase(ftl);
				continue;
			}
			for (uint32_t u = 0; u < unit.count; ++u) {
				ftl_gc_move(ftl, unit.pages[u]);
			}
		}
		assert_false(ftl_is_starved(ftl, stream));
		ftl_write(ftl, page, stream);
	}
	free(ftl);
}

static void
same_seed_same_places(void **state)
{
	struct ftl_config config = config_small("d-choices");
	struct ftl *a = make(&config), *b = make(&config);

	(void)state;
	random_run(a, 11, 30000);
	random_run(b, 11, 30000);
	assert_memory_equal(ftl_counters(a), ftl_counters(b), sizeof(struct ftl_counters));
	for (uint32_t line = 0; line < ftl_lines(a); ++line) {
		assert_int_equal(ftl_line_erases(a, line), ftl_line_erases(b, line));
	}
	free(a);
	free(b);
}

/* Cold data on half of the drive: without levelling its lines are never erased */
static void
wear_is_levelled(void **state)
{
	uint32_t spread[2];

	(void)state;
	for (int level = 0; level < 2; ++level) {
		struct ftl_config config = config_small("greedy");
		uint32_t least = UINT32_MAX, most = 0;
		struct ftl *ftl;
		uint64_t rng = 5;

		config.wear_gap = level ? 8 : 0;
		ftl = make(&config);
		for (int i = 0; i < 400000; ++i) {
			uint64_t page = i < PAGES ? (uint64_t)i : prng_next(&rng) % (PAGES / 2);

			while (ftl_is_starved(ftl, FTL_USER)) {
				collect(ftl);
			}
			ftl_write(ftl, page, FTL_USER);
		}
		for (uint32_t line = 0; line < ftl_lines(ftl); ++line) {
			uint32_t erases = ftl_line_erases(ftl, line);

			least = erases < least ? erases : least;
			most = erases > most ? erases : most;
		}
		spread[level] = most - least;
		assert_int_equal(ftl_counters(ftl)->wear_pages > 0, level);
		free(ftl);
	}
	print_message("erase counts spread over %u, levelled over %u\n", spread[0], spread[1]);
	assert_true(spread[1] <= 8 + 4);
	assert_true(spread[0] > 10 * spread[1]);
}

/* With little memory as with much: the same pages are moved to the same places */
static void
capacity_changes_nothing(void **state)
{
	static const char *const policies[] = { "greedy", "cost-benefit", "d-choices", "oldest" };

	(void)state;
	for (size_t p = 0; p < 4; ++p) {
		struct ftl_config config = config_small(policies[p]);
		struct ftl *a, *b;

		config.wear_gap = 4;
		a = make(&config);
		b = make(&config);
		b->slots = FTL_STREAMS + 6;
		random_run(a, 5 + p, 30000);
		random_run(b, 5 + p, 30000);
		assert_int_equal(a->slots, config.lines);
		assert_int_equal(ftl_counters(a)->scans, 0);
		assert_true(ftl_counters(b)->scans > 0);
		assert_int_equal(ftl_counters(a)->gc_pages, ftl_counters(b)->gc_pages);
		for (uint32_t line = 0; line < ftl_lines(a); ++line) {
			assert_int_equal(ftl_line_erases(a, line), ftl_line_erases(b, line));
			assert_int_equal(ftl_line_age(a, line), ftl_line_age(b, line));
		}
		free(a);
		free(b);
	}
}

/* As in the model: lines over all dies, 8192 at most */
static struct ftl_config
config_large(uint64_t nbytes, uint32_t spare_percent)
{
	uint64_t pages = nbytes / FTL_PAGE_NBYTES, raw = pages + pages / 100 * spare_percent;
	uint64_t rows = raw / 8192 / 128;
	struct ftl_config config = {
		.logical_pages = pages, .dies = 16, .line_dies = 16, .lanes = 4,
		.oneshot_pages = 8, .flash_page_pages = 4, .policy = "", .policy_nbytes = 0,
	};

	config.rows = rows ? (uint32_t)rows : 1;
	config.lines = (uint32_t)(raw / (128 * config.rows));
	return config;
}

static struct ftl *
make_large(const struct ftl_config *config, size_t *nbytes)
{
	const char *why = NULL;
	void *memory;

	*nbytes = ftl_bytes_needed(config);
	memory = mmap(NULL, *nbytes, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	assert_ptr_not_equal(memory, MAP_FAILED);
	assert_int_equal(ftl_init(memory, config, &why), 0);
	return memory;
}

static size_t
resident_nbytes(const void *memory, size_t nbytes)
{
	size_t pages = (nbytes + 4095) / 4096, resident = 0;
	unsigned char *in_core = malloc(pages);

	assert_non_null(in_core);
	assert_int_equal(mincore((void *)(uintptr_t)memory, nbytes, in_core), 0);
	for (size_t i = 0; i < pages; ++i) {
		resident += in_core[i] & 1;
	}
	free(in_core);
	return resident * 4096;
}

/* All memory: tables, lists, the struct itself */
static void
five_bytes_a_page_up_to_16_tib(void **state)
{
	static const uint32_t spares[] = { 7, 28, 99 };

	(void)state;
	for (uint64_t gib = 1; gib <= 16384; gib *= 4) {
		for (int i = 0; i < 3; ++i) {
			struct ftl_config config = config_large(gib << 30, spares[i]);
			struct ftl_tables tables;
			size_t nbytes;
			struct ftl *ftl = make_large(&config, &nbytes);
			double pages = (double)config.logical_pages;

			ftl_table_nbytes(ftl, &tables);
			print_message("%5u GiB, %2u %% spare, %4u lines of %6u pages: %.3f bytes a "
				      "page (forward %.3f, owners %.3f of %u lines, lines %.3f)\n",
				      (unsigned)gib, spares[i], config.lines, ftl->line_pages,
				      (double)nbytes / pages, (double)tables.forward / pages,
				      (double)tables.owners / pages, ftl->slots,
				      (double)tables.lines / pages);
			assert_true(nbytes <= 5 * config.logical_pages);
			assert_true(tables.forward + tables.owners + tables.lines <= nbytes);
			assert_true(tables.forward + tables.owners + tables.lines + 4096 > nbytes);
			assert_true(ftl->slots >= config.lines / 13);
			munmap(ftl, nbytes);
		}
	}
}

/* Memory that is backed: after random writes and collection everywhere, and after a few writes */
static void
memory_follows_what_is_written(void **state)
{
	struct ftl_config config = config_large(1ULL << 30, 7);
	size_t nbytes, resident;
	struct ftl *ftl = make_large(&config, &nbytes);
	uint64_t rng = 1;

	(void)state;
	for (uint64_t i = 0; i < 3 * config.logical_pages; ++i) {
		while (ftl_is_starved(ftl, FTL_USER)) {
			collect(ftl);
		}
		ftl_write(ftl, i < config.logical_pages ? i : prng_next(&rng) %
			  config.logical_pages, FTL_USER);
	}
	resident = resident_nbytes(ftl, nbytes);
	print_message("1 GiB, full and collected: %.3f bytes a page resident, %llu scans\n",
		      (double)resident / (double)config.logical_pages,
		      (unsigned long long)ftl_counters(ftl)->scans);
	assert_true(resident <= 5 * config.logical_pages);
	assert_true(resident > 4 * config.logical_pages);
	assert_true(ftl_counters(ftl)->scans > 0);
	munmap(ftl, nbytes);

	config = config_large(4ULL << 40, 7);
	ftl = make_large(&config, &nbytes);
	for (uint64_t i = 0; i < 64; ++i) {
		ftl_write(ftl, i << 24, FTL_USER);
	}
	assert_int_equal(ftl_trim(ftl, 0, config.logical_pages), 64);
	resident = resident_nbytes(ftl, nbytes);
	print_message("4 TiB with 64 pages: %zu KiB resident\n", resident >> 10);
	assert_true(resident < 4 << 20);
	munmap(ftl, nbytes);
}

/* NAND of more than 2^32 pages: entries of 33 bits. The last lines of the drive, and its last
 * pages, as if all others were in use. */
static void
pages_beyond_32_bits(void **state)
{
	struct ftl_config config = {
		.logical_pages = 1ULL << 32, .dies = 16, .line_dies = 16, .lanes = 4,
		.oneshot_pages = 8, .flash_page_pages = 4, .rows = 32, .lines = 1110000,
		.policy = "", .policy_nbytes = 0,
	};
	enum { USED = 200000 };
	uint64_t first = config.logical_pages - USED, rng = 3;
	struct ftl_place place;
	size_t nbytes;
	struct ftl *ftl;
	uint8_t *seen = calloc(64, 4096);

	(void)state;
	assert_int_equal(first & 4095, 704); /* includes partial chunks */
	ftl = make_large(&config, &nbytes);
	assert_true(nbytes <= 5 * config.logical_pages);
	ftl->fresh = config.lines - 64;
	ftl->free_count = 64;
	ftl->slots = 20;
	for (uint64_t i = 0; i < 5 * USED; ++i) {
		uint64_t page = i < USED ? i : prng_next(&rng) % USED;

		while (ftl_is_starved(ftl, FTL_USER)) {
			collect(ftl);
		}
		ftl_write(ftl, first + page, FTL_USER);
	}
	for (uint64_t page = first; page < config.logical_pages; ++page) {
		uint32_t line;

		assert_true(ftl_lookup(ftl, page, &place));
		line = place.line - (config.lines - 64);
		assert_true(line < 64);
		assert_int_equal(seen[line * 4096 + place.position], 0);
		seen[line * 4096 + place.position] = 1;
	}
	assert_true((uint64_t)place.line * 4096 > UINT32_MAX);
	assert_true(ftl_counters(ftl)->erases > 100);
	assert_int_equal(ftl_trim(ftl, 0, config.logical_pages), USED);
	munmap(ftl, nbytes);
	free(seen);
	config.lines = 1U << 21;
	assert_int_equal(ftl_bytes_needed(&config), 0);
	config.lines = 1110000;
	config.logical_pages += 1;
	assert_int_equal(ftl_bytes_needed(&config), 0);
}

static void
wrong_geometries_say_why(void **state)
{
	struct ftl_config config;
	uint64_t memory[64];
	const char *why;

	(void)state;
	for (int i = 0; i < 8; ++i) {
		config = config_small("greedy");
		switch (i) {
		case 0:
			config.logical_pages = 0;
			break;
		case 1:
			config.line_dies = 3;
			break;
		case 2:
			config.lanes = 3;
			break;
		case 3:
			config.flash_page_pages = 3;
			break;
		case 4:
			config.rows = 0;
			break;
		case 5:
			config.lines = 60;
			break;
		case 6:
			config.policy = "best";
			config.policy_nbytes = 4;
			break;
		default:
			config.dies = 0;
			break;
		}
		why = NULL;
		assert_int_equal(ftl_bytes_needed(&config), 0);
		assert_int_equal(ftl_init((struct ftl *)memory, &config, &why), -ENV_EINVAL);
		assert_non_null(why);
	}
}

static void
write_one(void *ftl)
{
	(void)ftl_write(ftl, 1, FTL_USER);
}

static void
ask_state(void *ftl)
{
	(void)ftl_line_state(ftl, 0);
}

/* ftl_check(), line_check() and open_check() can fail */
static void
damage_panics(void **state)
{
	const struct ftl_config config = config_small("greedy");

	(void)state;
	for (int damage = 0; damage < 5; ++damage) {
		struct ftl *ftl = make(&config);

		(void)ftl_write(ftl, 0, FTL_USER);
		switch (damage) {
		case 0:
			ftl->free_count += 1;
			break;
		case 1:
			ftl->counters.mapped_pages = ftl->logical_pages + 1;
			break;
		case 2:
			ftl->victim = ftl->open[FTL_USER].line;
			break;
		case 3:
			ftl->open[FTL_USER].position = 0;
			break;
		default:
			ftl->line[0].valid = ftl->line_pages + 1;
			break;
		}
		assert_panics(damage == 4 ? ask_state : write_one, ftl);
		free(ftl);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_a_plain_array),
		cmocka_unit_test(gets_on_with_little_space),
		cmocka_unit_test(slow_collection_never_runs_out_of_lines),
		cmocka_unit_test(same_seed_same_places),
		cmocka_unit_test(wear_is_levelled),
		cmocka_unit_test(capacity_changes_nothing),
		cmocka_unit_test(five_bytes_a_page_up_to_16_tib),
		cmocka_unit_test(memory_follows_what_is_written),
		cmocka_unit_test(pages_beyond_32_bits),
		cmocka_unit_test(wrong_geometries_say_why),
		cmocka_unit_test(damage_panics),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
