/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The parallel model where NVMeVirt's is wrong: each test derives the figure that it expects. Times
 * are those of the 970 PRO's parameters unless stated otherwise.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include <base/prng.h>
#include <ssd/time/model.h>

#define KIB 1024ULL
#define MIB (1024 * KIB)
#define LINK_4K 1163  /* 4096 B at 3360 MiB/s */
#define FW_READ 21500
#define SENSE_LSB 29760
#define CHANNEL_4K 4883 /* 4096 B at 800 MiB/s */

static struct model_config
config_970(void)
{
	return (struct model_config){
		.name = "parallel",
		.nand = {
			.channels = 8, .dies_per_channel = 2, .planes_per_die = 1, .cell_bits = 2,
			.flash_page_nbytes = 32768, .oneshot_page_nbytes = 32768,
			.overprovisioning_ppm = 70000, .partitions = 4,
			.read_4k_ns = { SENSE_LSB, 41760 }, .read_ns = { 30013, 42013 },
			.program_ns = 185000, .erase_ns = 3500000,
			.channel_mib_s = 800, .channel_transfer_nbytes = 16384,
			.link_mib_s = 3360,
			.fw_read_4k_ns = FW_READ, .fw_read_ns = 30490,
			.fw_write_ns = 4000, .fw_write_4k_ns = 460,
			.buffer_nbytes = MIB, .early_completion = true,
		},
	};
}

static struct model *
make(const struct model_config *config, uint64_t media_nbytes)
{
	const char *why = NULL;
	size_t nbytes = model_parallel.bytes_needed(config, media_nbytes);
	struct model *model = NULL;

	assert_true(nbytes > 0);
	assert_int_equal(posix_memalign((void **)&model, 64, nbytes), 0);
	memset(model, 0, nbytes);
	assert_int_equal(model_parallel.init(model, config, media_nbytes, 1, &why), 0);
	return model;
}

static ns_t
ask(struct model *model, ns_t now, enum model_op op, uint64_t offset, uint64_t nbytes)
{
	struct model_io io = { .op = op, .offset = offset, .nbytes = nbytes };

	return model_parallel.begin(model, now, &io);
}

static struct model_stats
stats_of(struct model *model)
{
	struct model_stats stats;

	model_parallel.stats(model, &stats);
	return stats;
}

/* `count` requests of one size, `depth` at once; returns the last completion. random: anywhere in
 * span */
static ns_t
load(struct model *model, ns_t now, enum model_op op, uint64_t span, uint64_t nbytes,
     uint64_t count, uint32_t depth, bool random)
{
	ns_t done[256], last = now;
	uint64_t rng = 77;

	for (uint32_t i = 0; i < depth; ++i) {
		done[i] = now;
	}
	for (uint64_t i = 0; i < count; ++i) {
		uint64_t slot = random ? prng_next(&rng) % (span / nbytes) : i % (span / nbytes);
		uint32_t first = 0;

		for (uint32_t d = 1; d < depth; ++d) {
			first = done[d] < done[first] ? d : first;
		}
		done[first] = ask(model, done[first], op, slot * nbytes, nbytes);
		last = done[first] > last ? done[first] : last;
	}
	return last;
}

static double
mib_s(uint64_t nbytes, ns_t elapsed)
{
	return (double)nbytes / 1048576 / ((double)elapsed / 1e9);
}

static void
unwritten_reads_cost_firmware_and_link(void **state)
{
	struct model_config config = config_970();
	struct model *model = make(&config, 64 * MIB);

	(void)state;
	assert_int_equal(ask(model, 1000, MODEL_READ, 0, 4096), 1000 + FW_READ + LINK_4K);
	assert_int_equal(stats_of(model).user_read_ops, 0);
	/* trimmed pages are like pages never written */
	ask(model, 100000, MODEL_WRITE, 0, 128 * KIB);
	ask(model, 9000000, MODEL_TRIM, 0, 128 * KIB);
	assert_int_equal(ask(model, 20000000, MODEL_READ, 4096, 4096),
			 20000000 + FW_READ + LINK_4K);
	free(model);
}

static void
buffered_data_are_read_from_the_buffer(void **state)
{
	struct model_config config = config_970();
	struct model *model = make(&config, 64 * MIB);
	ns_t done;

	(void)state;
	/* 4000 + 460 firmware, 1163 link */
	assert_int_equal(ask(model, 0, MODEL_WRITE, 0, 4096), 4000 + 460 + LINK_4K);
	/* in the buffer, not yet programmed: NVMeVirt takes 57 us and more for this */
	assert_int_equal(ask(model, 10000, MODEL_READ, 0, 4096), 10000 + FW_READ + LINK_4K);
	/* fill the group of 32 pages: all are programmed, and meanwhile still in the buffer */
	done = ask(model, 100000, MODEL_WRITE, 4096, 124 * KIB);
	assert_int_equal(ask(model, done, MODEL_READ, 0, 4096), done + FW_READ + LINK_4K);
	assert_int_equal(stats_of(model).buffer_hits, 2);
	/* once programmed they come from NAND */
	assert_int_equal(ask(model, done + 1000000, MODEL_READ, 0, 4096),
			 done + 1000000 + FW_READ + SENSE_LSB + CHANNEL_4K + LINK_4K);
	free(model);
}

/* Eight 512-byte writes are one page: nothing is programmed twice, and all of the buffer space is
 * released, however many there were */
static void
small_writes_are_gathered(void **state)
{
	struct model_config config = config_970();
	struct model *model = make(&config, 64 * MIB);
	struct model_stats stats;
	ns_t now = 0;

	(void)state;
	for (uint64_t i = 0; i < 100000; ++i) {
		now = ask(model, now, MODEL_WRITE, i * 512, 512);
	}
	now = ask(model, now, MODEL_FLUSH, 0, 0);
	stats = stats_of(model);
	/* 48.8 MiB; the last, incomplete group is programmed too, in whole one-shot pages */
	assert_true(stats.user_program_bytes >= 100000 * 512);
	assert_true(stats.user_program_bytes < 100000 * 512 + 4 * 32768 + 4 * 32768);
	assert_int_equal(stats.user_read_ops, 0);
	/* the whole buffer is free: 1 MiB goes in at once, at firmware and link time */
	assert_true(ask(model, now, MODEL_WRITE, 0, 512 * KIB) < now + 4000 + 460 * 128 + 150000);
	free(model);
}

/* Half of an old page: the rest is read before the program; the host does not wait for it */
static void
partial_pages_are_read_first(void **state)
{
	struct model_config config = config_970();
	struct model *model = make(&config, 64 * MIB);
	ns_t now = load(model, 0, MODEL_WRITE, 64 * MIB, 128 * KIB, 512, 1, false) + 10000000;

	(void)state;
	assert_int_equal(ask(model, now, MODEL_WRITE, 32 * MIB + 512, 512),
			 now + 4000 + 460 + 145); /* 512 B at 3360 MiB/s */
	assert_int_equal(stats_of(model).user_read_ops, 1);
	/* 4 KiB across a page boundary: two pages, two reads, two pages of the buffer */
	assert_int_equal(ask(model, now + 1000000, MODEL_WRITE, 16 * MIB + 512, 4096),
			 now + 1000000 + 4000 + 2 * 460 + LINK_4K);
	assert_int_equal(stats_of(model).user_read_ops, 3);
	free(model);
}

/* Sustained: one page is programmed per random 512-byte write, so 16 dies give 16 * 8 pages / (185
 * us + 39 us) = 571 k writes/s; each also reads the rest of its page, 36 us and 5 us of a die: 16 /
 * (41 us + 224 us / 8) = 232 k writes/s. NVMeVirt gives 4.6 M. */
static void
random_512_byte_writes_cost_a_read_and_a_page(void **state)
{
	struct model_config config = config_970();
	struct model *model = make(&config, 512 * MIB);
	ns_t now = load(model, 0, MODEL_WRITE, 512 * MIB, 128 * KIB, 4096, 1, false) + 10000000;
	ns_t end;
	double per_s;

	(void)state;
	end = load(model, now, MODEL_WRITE, 512 * MIB, 512, 8000, 32, true);
	per_s = 8000 / ((double)(end - now) / 1e9);
	print_message("512-byte random writes: %.0f per second\n", per_s);
	assert_true(per_s > 0.75 * 232000 && per_s < 1.25 * 232000);
	free(model);
}

static void
a_fast_link_is_as_fast_as_it_is(void **state)
{
	struct model_config config = config_970();
	struct model *model;
	ns_t now, end;

	(void)state;
	config.nand.channels = 16;
	config.nand.dies_per_channel = 4;
	config.nand.planes_per_die = 2;
	config.nand.flash_page_nbytes = 16384;
	config.nand.oneshot_page_nbytes = 98304;
	config.nand.cell_bits = 3;
	config.nand.read_4k_ns[2] = config.nand.read_4k_ns[1];
	config.nand.read_ns[2] = config.nand.read_ns[1];
	config.nand.channel_mib_s = 1144;
	config.nand.link_mib_s = 13351;
	config.nand.buffer_nbytes = 32 * MIB;
	config.nand.overprovisioning_ppm = 100000;
	model = make(&config, 1024 * MIB);
	now = load(model, 0, MODEL_WRITE, 1024 * MIB, 128 * KIB, 8192, 1, false) + 100000000;
	/* 128 KiB reads, many at once: 16 channels give 18304 MiB/s, the link 13351 */
	end = load(model, now, MODEL_READ, 1024 * MIB, 128 * KIB, 16384, 128, false);
	print_message("14 GB/s link: %.0f MiB/s\n", mib_s(16384 * 128 * KIB, end - now));
	assert_true(mib_s(16384 * 128 * KIB, end - now) > 0.97 * 13351);
	assert_true(mib_s(16384 * 128 * KIB, end - now) < 1.001 * 13351);
	/* both directions at once: the link is full duplex, a buffered write costs reads nothing */
	assert_int_equal(ask(model, end + 1000000000, MODEL_READ, 0, 4096),
			 end + 1000000000 + FW_READ + SENSE_LSB + 3415 + 293);
	free(model);
}

/*
 * The NAND is the capacity, 7 % and the five lines that are free or open, to within a line, for
 * every capacity. NVMeVirt rounds it up to a multiple of 4 GiB: 8 GiB for a drive of 5, which then
 * amplifies writes by 1.26.
 */
static void
spare_space_is_what_was_asked_for(void **state)
{
	static const uint64_t mib[] = { 640, 4096, 5120, 7777, 8192 };
	struct model_config config = config_970();
	struct model_stats stats, before;
	struct model *model;
	double waf;
	ns_t now;

	(void)state;
	for (size_t i = 0; i < sizeof(mib) / sizeof(mib[0]); ++i) {
		uint64_t nand = mib[i] * MIB + mib[i] * MIB / 100 * 7;

		model = make(&config, mib[i] * MIB);
		stats = stats_of(model);
		assert_true((stats.lines - 5) * stats.line_nbytes <= nand + 100);
		assert_true((stats.lines - 4) * stats.line_nbytes > nand);
		free(model);
	}
	/* lines of 128 pages, 5 of the 1374 free or open: the formula of ftl_waf_test gives 7.43
	 * for 163840 pages in 1369 lines of 128 */
	model = make(&config, 640 * MIB);
	now = load(model, 0, MODEL_WRITE, 640 * MIB, 128 * KIB, 5120, 1, false);
	now = load(model, now, MODEL_WRITE, 640 * MIB, 4096, 327680, 32, true);
	before = stats_of(model);
	load(model, now, MODEL_WRITE, 640 * MIB, 4096, 81920, 32, true);
	stats = stats_of(model);
	waf = 1 + (double)(stats.gc_program_bytes - before.gc_program_bytes) /
			  (double)(stats.user_program_bytes - before.user_program_bytes);
	print_message("640 MiB: WAF %.3f\n", waf);
	assert_true(waf > 0.97 * 7.43 && waf < 1.03 * 7.43);
	free(model);
}

static void
flush_programs_what_was_gathered_and_no_more(void **state)
{
	struct model_config config = config_970();
	struct model *model = make(&config, 64 * MIB);
	ns_t program = 185000 + 39063; /* 32 KiB at 800 MiB/s */
	ns_t done;

	(void)state;
	ask(model, 0, MODEL_WRITE, 0, 4096);
	done = ask(model, 100000, MODEL_FLUSH, 0, 0);
	assert_int_equal(done, 100000 + 4000 + program);
	assert_int_equal(stats_of(model).partial_flushes, 1);
	assert_int_equal(stats_of(model).user_program_ops, 1);
	/* nothing left to do */
	assert_int_equal(ask(model, done, MODEL_FLUSH, 0, 0), done + 4000);
	assert_int_equal(stats_of(model).user_program_ops, 1);
	free(model);
}

static void
fua_is_durable_before_it_completes(void **state)
{
	struct model_config config = config_970();
	struct model *model = make(&config, 64 * MIB);
	struct model_io io = { .op = MODEL_WRITE, .offset = 0, .nbytes = 4096, .fua = true };

	(void)state;
	assert_int_equal(model_parallel.begin(model, 0, &io),
			 4000 + 460 + LINK_4K + 185000 + 39063);
	free(model);
}

/* NVMeVirt panics; here a write of 8 MiB goes through a buffer of 1 MiB at the speed of NAND */
static void
a_write_larger_than_the_buffer_passes_it(void **state)
{
	struct model_config config = config_970();
	struct model *model = make(&config, 64 * MIB);
	ns_t done = ask(model, 0, MODEL_WRITE, 0, 8 * MIB);

	(void)state;
	/* at least 7 MiB must have been programmed: 16 dies give 2232 MiB/s */
	assert_true(done > 7 * 1000000000ULL / 2300 && done < 9 * 1000000000ULL / 2100);
	free(model);
}

static void
zones_give_their_buffer_back(void **state)
{
	struct model_config config = config_970();
	struct model *model;
	ns_t now = 0, done;

	(void)state;
	config.nand.zone_nbytes = 16 * MIB;
	config.nand.dies_per_zone = 8;
	config.nand.zone_buffer_nbytes = 256 * KIB;
	model = make(&config, 64 * MIB);
	/* NVMeVirt's zone hangs forever after 64 such cycles with this buffer */
	for (int i = 0; i < 1000; ++i) {
		assert_int_equal(ask(model, now, MODEL_WRITE, 0, 4096),
				 now + 4000 + 460 + LINK_4K);
		done = ask(model, now + 10000, MODEL_ZONE_RESET, 0, 16 * MIB);
		/* blocks are erased, all dies at once */
		assert_true(done >= now + 10000 + 3500000);
		assert_true(done < now + 10000 + 3500000 + 300000);
		now = done;
	}
	/* an empty zone has nothing to erase */
	assert_int_equal(ask(model, now, MODEL_ZONE_RESET, 0, 16 * MIB), now + 4000);
	ask(model, now, MODEL_WRITE, 0, 4096);
	done = ask(model, now, MODEL_ZONE_FINISH, 0, 16 * MIB);
	assert_true(done > now + 185000);
	for (uint64_t i = 0; i < 128; ++i) {
		now = ask(model, now, MODEL_WRITE, 16 * MIB + i * 128 * KIB, 128 * KIB);
	}
	assert_int_equal(ask(model, now, MODEL_READ, 32 * MIB, 4096), now + FW_READ + LINK_4K);
	free(model);
}

/* Collection while idle: the configured number of lines becomes free; the result does not depend on
 * how often the caller ticks */
static void
background_collection_does_not_depend_on_ticks(void **state)
{
	ns_t ends[2] = { 0 };
	struct model_stats stats[2];

	(void)state;
	for (int ticks = 0; ticks < 2; ++ticks) {
		struct model_config config = config_970();
		struct model *model;
		uint64_t rng = 3;
		ns_t now = 0;

		config.nand.gc_background_lines = 12;
		config.nand.line_pages = 128;
		config.nand.overprovisioning_ppm = 500000;
		model = make(&config, 32 * MIB);
		for (int i = 0; i < 60000; ++i) {
			now = ask(model, now, MODEL_WRITE, prng_next(&rng) % 8192 * 4096, 4096);
			if (i % 5000 == 4999) {
				ns_t next = now;

				for (int t = 0; ticks && t < 1000 && next != NS_NEVER; ++t) {
					next = model_parallel.tick(model, now + 100000 *
								   (ns_t)t);
				}
				now += 2000000000;
			}
		}
		model_parallel.tick(model, now + 1000000000);
		ends[ticks] = now;
		stats[ticks] = stats_of(model);
		assert_true(stats[ticks].free_lines >= 12);
		assert_true(stats[ticks].gc_moves > 0);
		free(model);
	}
	assert_int_equal(ends[0], ends[1]);
	assert_memory_equal(&stats[0], &stats[1], sizeof(stats[0]));
}

/* The same load on the same drive, with erases of 3.5 ms: they add erases * 3.5 ms over all dies at
 * once, as a line is on all of them */
static void
erases_take_time(void **state)
{
	ns_t end[2];
	uint64_t erases = 0;

	(void)state;
	for (int i = 0; i < 2; ++i) {
		struct model_config config = config_970();
		struct model *model;
		ns_t start;

		config.nand.erase_ns = i ? 3500000 : 0;
		config.nand.overprovisioning_ppm = 300000;
		config.nand.line_pages = 1024;
		model = make(&config, 128 * MIB);
		start = load(model, 0, MODEL_WRITE, 128 * MIB, 128 * KIB, 1024, 1, false);
		erases = stats_of(model).erases;
		end[i] = load(model, start, MODEL_WRITE, 128 * MIB, 4096, 100000, 32, true) - start;
		erases = stats_of(model).erases - erases;
		free(model);
	}
	print_message("%llu erases added %.1f ms\n", (unsigned long long)erases,
		      (double)(end[1] - end[0]) / 1e6);
	assert_true((double)(end[1] - end[0]) > 0.8 * (double)erases * 3500000);
	assert_true((double)(end[1] - end[0]) < 1.2 * (double)erases * 3500000);
}

/* A smaller drive has smaller blocks, which take less time to erase: the cost of a random write,
 * after all has been written twice, does not depend on the size */
static void
a_drive_made_smaller_keeps_its_character(void **state)
{
	static const uint64_t sizes[] = {512 * MIB, 2048 * MIB};
	double ns[2], ratio;

	(void)state;
	for (int i = 0; i < 2; ++i) {
		struct model_config config = config_970();
		uint64_t count = sizes[i] / 4096;
		struct model *model;
		ns_t start;

		config.nand.erase_nbytes = 4 * MIB;
		model = make(&config, sizes[i]);
		start = load(model, 0, MODEL_WRITE, sizes[i], 128 * KIB, sizes[i] / (128 * KIB), 1,
			     false);
		start = load(model, start, MODEL_WRITE, sizes[i], 4096, 2 * count, 32, true);
		ns[i] = (double)(load(model, start, MODEL_WRITE, sizes[i], 4096, count, 32, true) -
				 start) / (double)count;
		free(model);
	}
	ratio = ns[0] / ns[1];
	print_message("a random write takes %.0f ns at 512 MiB, %.0f ns at 2 GiB\n", ns[0], ns[1]);
	assert_true(ratio > 0.85 && ratio < 1.15);
}

/* The size of an erase block alone determines how much is collected and erased at once */
static void
a_block_is_as_large_as_it_is_said_to_be(void **state)
{
	(void)state;
	for (uint64_t mib = 1; mib <= 4; mib *= 2) {
		struct model_config config = config_970();
		struct model *model;

		config.nand.blocks_per_plane = 0;
		config.nand.block_nbytes = mib * MIB;
		model = make(&config, 8192 * MIB);
		assert_int_equal(stats_of(model).line_nbytes, 16 * mib * MIB); /* on each die */
		free(model);
	}
}

static enum model_op
random_op(uint64_t x)
{
	static const enum model_op ops[] = {
		MODEL_READ, MODEL_READ, MODEL_WRITE, MODEL_WRITE, MODEL_WRITE, MODEL_FLUSH,
		MODEL_TRIM, MODEL_ZONE_APPEND, MODEL_ZONE_RESET, MODEL_ZONE_FINISH,
		MODEL_KV_STORE, MODEL_KV_RETRIEVE, MODEL_OTHER,
	};

	return ops[x % (sizeof(ops) / sizeof(ops[0]))];
}

/* Arbitrary requests, on a conventional and on a zoned drive: no result is in the past, and the
 * same calls give the same results. PARALLEL_SEED in the environment repeats a run. */
static void
random_requests_are_answered_alike(void **state)
{
	const char *text = getenv("PARALLEL_SEED");
	uint64_t seed = text ? strtoull(text, NULL, 0) : (uint64_t)time(NULL);

	(void)state;
	print_message("PARALLEL_SEED=%llu\n", (unsigned long long)seed);
	for (int kind = 0; kind < 6; ++kind) {
		struct model_config config = config_970();
		struct model *a, *b;
		uint64_t rng = seed + (uint64_t)kind;
		ns_t now = 0;

		config.nand.zone_nbytes = kind % 2 ? 4 * MIB : 0;
		config.nand.zone_buffer_nbytes = kind == 3 ? 128 * KIB : 0;
		config.nand.dies_per_zone = 4;
		config.nand.planes_per_die = kind > 3 ? 2 : 1;
		config.nand.oneshot_page_nbytes *= config.nand.planes_per_die;
		config.nand.gc_separate_hot_cold = kind == 2;
		config.nand.gc_background_lines = kind == 4 ? 8 : 0;
		config.nand.wear_gap = kind == 4 ? 4 : 0;
		config.nand.early_completion = kind != 5;
		config.nand.overprovisioning_ppm = 300000;
		a = make(&config, 32 * MIB);
		b = make(&config, 32 * MIB);
		for (int i = 0; i < 30000; ++i) {
			uint64_t x = prng_next(&rng);
			struct model_io io = {
				.op = random_op(x >> 8),
				.offset = prng_next(&rng) % (33 * MIB / 512) * 512,
				.nbytes = (x >> 16) % 300 * 512, .fua = x % 50 == 0,
				.stream = (uint16_t)(x % 60 == 0 ? x % 9 : 0),
			};
			ns_t done = model_parallel.begin(a, now, &io);

			assert_true(done >= now);
			assert_int_equal(model_parallel.begin(b, now, &io), done);
			now += (x >> 32) % 200000;
			if (x % 100 == 7) {
				model_parallel.tick(b, now);
				now += 20000000;
			}
		}
		free(a);
		free(b);
	}
}

/* Owners of all lines, or of some and scans of the forward table: the same instants */
static void
memory_for_owners_changes_no_answer(void **state)
{
	ns_t end[2];

	(void)state;
	for (int all = 0; all < 2; ++all) {
		struct model_config config = config_970();
		struct model *model;

		config.nand.gc_all_owners = all == 1;
		model = make(&config, 256 * MIB);
		end[all] = load(model, 0, MODEL_WRITE, 256 * MIB, 128 * KIB, 2048, 1, false);
		end[all] = load(model, end[all], MODEL_WRITE, 256 * MIB, 4096, 100000, 32, true);
		assert_true(stats_of(model).gc_moves > 0);
		free(model);
	}
	assert_int_equal(end[0], end[1]);
}

static void
wrong_configurations_say_why(void **state)
{
	(void)state;
	for (int i = 0; i < 13; ++i) {
		struct model_config config = config_970();
		uint64_t media = 64 * MIB;
		const char *why = NULL;

		switch (i) {
		case 0:
			config.nand.channels = 0;
			break;
		case 1:
			config.nand.flash_page_nbytes = 5000;
			break;
		case 2:
			config.nand.link_mib_s = 0;
			break;
		case 3:
			config.nand.buffer_nbytes = 4096;
			break;
		case 4:
			config.nand.raw_nbytes = media + 4096;
			break;
		case 5:
			config.nand.cell_bits = 5;
			break;
		case 6:
			config.nand.partitions = 3;
			break;
		case 7:
			memcpy(config.nand.gc_policy, "nonsense", 9);
			break;
		case 8:
			config.nand.cell_bits = 4; /* with times for two */
			break;
		case 9:
			config.nand.read_ns[3] = 50000; /* and none for the third */
			break;
		case 10:
			config.nand.block_nbytes = 100000;
			break;
		case 11:
			config.nand.erase_nbytes = 1ULL << 32;
			break;
		default:
			media = 0;
			break;
		}
		assert_int_equal(model_parallel.bytes_needed(&config, media), 0);
		/* init accesses no memory: a model of 0 bytes has none */
		assert_int_equal(model_parallel.init(NULL, &config, media, 1, &why), -ENV_EINVAL);
		assert_non_null(why);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unwritten_reads_cost_firmware_and_link),
		cmocka_unit_test(buffered_data_are_read_from_the_buffer),
		cmocka_unit_test(small_writes_are_gathered),
		cmocka_unit_test(partial_pages_are_read_first),
		cmocka_unit_test(random_512_byte_writes_cost_a_read_and_a_page),
		cmocka_unit_test(a_fast_link_is_as_fast_as_it_is),
		cmocka_unit_test(spare_space_is_what_was_asked_for),
		cmocka_unit_test(flush_programs_what_was_gathered_and_no_more),
		cmocka_unit_test(fua_is_durable_before_it_completes),
		cmocka_unit_test(a_write_larger_than_the_buffer_passes_it),
		cmocka_unit_test(zones_give_their_buffer_back),
		cmocka_unit_test(background_collection_does_not_depend_on_ticks),
		cmocka_unit_test(erases_take_time),
		cmocka_unit_test(a_drive_made_smaller_keeps_its_character),
		cmocka_unit_test(a_block_is_as_large_as_it_is_said_to_be),
		cmocka_unit_test(random_requests_are_answered_alike),
		cmocka_unit_test(memory_for_owners_changes_no_answer),
		cmocka_unit_test(wrong_configurations_say_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
