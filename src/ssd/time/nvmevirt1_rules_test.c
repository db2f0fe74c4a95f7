/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Rules of nvmevirt1 that no recorded run covers, with figures calculated by hand. A unit of a bus
 * is 128 bytes; with B bytes per second one takes floor(128e9 / B) ns, and an interval of 4 us has
 * floor(floor(B * 4000 / 1e9) / 128) of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <ssd/time/nvmevirt1.h>
#include <ssd/time/nvmevirt1_presets.h>

#define T0 1000000ULL /* a multiple of 4 us: the start of an interval of the bus */

static struct nvmevirt1 *
drive(const struct model_config *config, uint64_t storage_nbytes)
{
	size_t nbytes = nvmevirt1_bytes_needed(config, storage_nbytes);
	const char *why = NULL;
	void *memory = NULL;

	assert_true(nbytes > 0);
	assert_int_equal(posix_memalign(&memory, 64, nbytes), 0);
	memset(memory, 0, nbytes);
	assert_int_equal(nvmevirt1_init(memory, config, storage_nbytes, &why), 0);
	return memory;
}

static struct nvmevirt1_result
answer_of(struct nvmevirt1 *nv, ns_t now, enum model_op op, uint64_t offset, uint64_t nbytes)
{
	struct model_io io = { .op = op, .offset = offset, .nbytes = nbytes };
	struct nvmevirt1_result result;

	assert_true(nvmevirt1_submit(nv, now, &io, &result));
	return result;
}

static ns_t
done_at(struct nvmevirt1 *nv, ns_t now, enum model_op op, uint64_t offset, uint64_t nbytes)
{
	struct nvmevirt1_result result = answer_of(nv, now, op, offset, nbytes);

	assert_int_equal(result.status, 0);
	return result.done;
}

static bool
is_refused(struct nvmevirt1 *nv, ns_t now, enum model_op op, uint64_t offset, uint64_t nbytes)
{
	struct model_io io = { .op = op, .offset = offset, .nbytes = nbytes };
	struct nvmevirt1_result result;

	return !nvmevirt1_submit(nv, now, &io, &result);
}

static int64_t
buffer_left(const struct nvmevirt1 *nv)
{
	struct nvmevirt1_totals totals;

	nvmevirt1_totals(nv, &totals);
	return totals.buffer_remaining;
}

static ns_t
one_transfer(uint32_t mib_s, uint64_t nbytes)
{
	struct nvmevirt1_bus *bus = calloc(1, nvmevirt1_bus_nbytes());
	ns_t done;

	assert_non_null(bus);
	nvmevirt1_bus_init(bus, mib_s, 0);
	done = nvmevirt1_bus_transfer(bus, 0, 0, nbytes);
	free(bus);
	return done;
}

/* Only eight bits of an interval's credits are kept; the number of intervals is exact */
static void
credits_have_eight_bits(void **state)
{
	(void)state;
	/* 7812 MiB/s: 255 credits, 15 ns: 1 KiB is 8 units in one interval */
	assert_int_equal(one_transfer(7812, 1024), 120);
	/* 8000 MiB/s: 262 credits, 6 after truncation: 8 units need a second interval */
	assert_int_equal(one_transfer(8000, 1024), 120 + 4000);
	/* 14000 MiB/s: 458 credits, 202 after truncation; 512 units take three intervals, one above
	 * nominal */
	assert_int_equal(one_transfer(14000, 65536), 512 * 8 + 4000);
	/* 7813 MiB/s: 256 credits, 0 after truncation: until the end of the window, 98303 intervals
	 * on */
	assert_int_equal(one_transfer(7813, 128), 15 + 98303 * 4000ULL);
}

static void
what_is_free_on_a_bus(void **state)
{
	struct nvmevirt1_bus *bus = calloc(1, nvmevirt1_bus_nbytes());
	ns_t end = 98305 * 4000ULL; /* 98304 intervals after the current one */

	(void)state;
	assert_non_null(bus);
	nvmevirt1_bus_init(bus, 800, 413); /* 152 + floor(413 * 128 / 4096) = 164 ns, 26 credits */
	assert_int_equal(nvmevirt1_bus_transfer(bus, 4000, 3999, 1 << 20), 3999);
	assert_int_equal(nvmevirt1_bus_transfer(bus, 4000, end, 1 << 20), end);
	assert_int_equal(nvmevirt1_bus_transfer(bus, 4000, end - 1, 128), end - 1 + 164);
	/* the last interval has 25 left: 26 units end with the window, without further delay */
	assert_int_equal(nvmevirt1_bus_transfer(bus, 4000, end - 1, 26 * 128),
			 end - 1 + 26 * 164);
	/* the later one is reserved first: an earlier transfer finds the credits of its own
	 * interval */
	assert_int_equal(nvmevirt1_bus_transfer(bus, 4000, 12000, 26 * 128), 12000 + 26 * 164);
	assert_int_equal(nvmevirt1_bus_transfer(bus, 4000, 8000, 26 * 128), 8000 + 26 * 164);
	assert_int_equal(nvmevirt1_bus_transfer(bus, 4000, 8000, 128), 8000 + 164 + 8000);
	free(bus);
}

/* delay 10, time 5, trailing 3 on two units of 4 KiB */
static void
simple_units_as_they_are(void **state)
{
	struct model_config config = nvmevirt1_preset_of(span_of("optane"))->config;
	struct nvmevirt1 *nv;

	(void)state;
	config.simple = (struct model_simple_config){ .read_delay_ns = 10, .read_time_ns = 5,
						      .read_trailing_ns = 3, .write_delay_ns = 1,
						      .write_time_ns = 1, .units = 2,
						      .unit_shift = 12 };
	nv = drive(&config, 1 << 20);
	/* 15 on unit 0 (busy until 18), 20 on 1 (23), 25 on 0: no trailing beyond the units */
	assert_int_equal(done_at(nv, 0, MODEL_READ, 0, 12288), 25);
	assert_int_equal(done_at(nv, 0, MODEL_READ, 4096, 4096), 23 + 15); /* busy until 41 */
	assert_int_equal(done_at(nv, 0, MODEL_READ, 0, 8192), 25 + 10 + 5 + 5); /* 43, 48 */
	assert_int_equal(done_at(nv, 0, MODEL_READ, 4096, 4096), 48 + 15);      /* 66 */
	assert_int_equal(done_at(nv, 0, MODEL_READ, 4096, 4096), 66 + 15);      /* 84 */
	/* unit 1 is overwritten, back to 63 + 3 */
	assert_int_equal(done_at(nv, 0, MODEL_READ, 0, 8192), 43 + 10 + 5 + 5);
	assert_int_equal(done_at(nv, 0, MODEL_READ, 4096, 4096), 66 + 15);
	/* pieces are counted by length: 1 KiB across a boundary is one, on the first unit */
	assert_int_equal(done_at(nv, 0, MODEL_READ, 3584, 1024), 61 + 15); /* 79 */
	/* all keys are on unit 0; a flush is done when the busiest unit is, even in the past */
	assert_int_equal(done_at(nv, 0, MODEL_KV_RETRIEVE, 7, 100), 79 + 15); /* 97 */
	assert_int_equal(done_at(nv, 5000, MODEL_FLUSH, 0, 0), 97);
	assert_int_equal(done_at(nv, 5000, MODEL_TRIM, 0, 4096), 5000);
	free(nv);
}

/* 970 PRO: a page takes 152 * 32 = 4864 ns on a channel, 36 * 32 = 1152 on the link */
static void
conventional_reads(void **state)
{
	struct model_config config = nvmevirt1_preset_of(span_of("970pro"))->config;
	struct nvmevirt1 *nv = drive(&config, 1ULL << 30);
	const ns_t page = 21500 + 29760 + 4864 + 1152;

	(void)state;
	assert_int_equal(done_at(nv, T0, MODEL_READ, 0, 131072), T0); /* no data: no time */
	/* 5 pages: the firmware once and five times, 160 units on the link in two intervals */
	assert_int_equal(done_at(nv, T0, MODEL_WRITE, 0, 5 * 4096),
			 T0 + 4000 + 5 * 460 + 160 * 36);
	/* buffered data are nevertheless read from NAND */
	assert_int_equal(done_at(nv, 2 * T0, MODEL_READ, 0, 512), 2 * T0 + page);
	/* 16 KiB is small, one page of each partition: the fourth finds 14 of 32 credits */
	assert_int_equal(done_at(nv, 3 * T0, MODEL_READ, 0, 16384), 3 * T0 + page + 4000);
	/* 20 KiB is not: partition 0 reads pages 0 and 4 together, 64 units */
	assert_int_equal(done_at(nv, 4 * T0, MODEL_READ, 0, 20480),
			 4 * T0 + 30490 + 30013 + 64 * 152 + 64 * 36);
	/* holes cost nothing: of pages 4 to 7 only page 4 is read */
	assert_int_equal(done_at(nv, 5 * T0, MODEL_READ, 16384, 16384), 5 * T0 + page);
	/* a block that crosses a page covers two of them */
	assert_int_equal(done_at(nv, 6 * T0, MODEL_READ, 3584, 1024), 6 * T0 + page);
	free(nv);
}

/* A one-shot page releases its size, however much of it the host wrote */
static void
small_writes_corrupt_the_account(void **state)
{
	struct model_config config = nvmevirt1_preset_of(span_of("970pro"))->config;
	struct nvmevirt1 *nv = drive(&config, 1ULL << 30);

	(void)state;
	for (uint64_t i = 0; i < 8; ++i) { /* the pages of partition 0 */
		done_at(nv, T0, MODEL_WRITE, i * 4 * 4096, 512);
	}
	assert_int_equal(buffer_left(nv), (1 << 20) - 8 * 512);
	/* buffered at 4000 + 460 + 4 * 36; the link has credits for all; 256 units on the channel
	 * from interval 1 on take ten intervals, which is nominal */
	assert_int_equal(nvmevirt1_next_release(nv), T0 + 4604 + 256 * 152 + 185000);
	assert_true(nvmevirt1_release(nv, T0 + 4604 + 256 * 152 + 185000));
	assert_int_equal(buffer_left(nv), (1 << 20) - 8 * 512 + 32768);
	free(nv);
}

static void
a_full_buffer_refuses(void **state)
{
	struct model_config config = nvmevirt1_preset_of(span_of("970pro"))->config;
	struct nvmevirt1 *nv = drive(&config, 1ULL << 30);
	struct nvmevirt1_result result;

	(void)state;
	config.nand.buffer_nbytes = 8192;
	free(nv);
	nv = drive(&config, 1ULL << 30);
	done_at(nv, T0, MODEL_WRITE, 0, 8192);
	assert_true(is_refused(nv, T0, MODEL_WRITE, 8192, 512));
	assert_false(is_refused(nv, T0, MODEL_READ, 8192, 512));
	assert_int_equal(nvmevirt1_next_release(nv), NS_NEVER); /* no page is full: never */
	/* requests that crash NVMeVirt are errors: larger than the buffer, beyond the end */
	result = answer_of(nv, T0, MODEL_WRITE, 0, 8192 + 512);
	assert_int_equal(result.status, 0x02);
	result = answer_of(nv, T0, MODEL_READ, 1ULL << 30, 512);
	assert_int_equal(result.status, 0x02);
	free(nv);
}

/* Blocks are rounded up to one-shot pages: 8192 lines of 4 partitions x 4 dies x 32 KiB = 4 GiB */
static void
spare_space_comes_in_steps(void **state)
{
	struct model_config config = nvmevirt1_preset_of(span_of("970pro"))->config;
	size_t one = nvmevirt1_bytes_needed(&config, 1ULL << 30);

	(void)state;
	assert_int_equal(nvmevirt1_bytes_needed(&config, 4ULL << 30), one);
	assert_true(nvmevirt1_bytes_needed(&config, (4ULL << 30) + 4096) > one);
	assert_int_equal(nvmevirt1_bytes_needed(&config, 5ULL << 30),
			 nvmevirt1_bytes_needed(&config, 8ULL << 30));
	assert_int_equal(nvmevirt1_namespace_nbytes(&config, 8ULL << 30), 8027976254);
	config.nand.overprovisioning_ppm = 0;
	assert_int_equal(nvmevirt1_namespace_nbytes(&config, 8ULL << 30), 8ULL << 30);
}

/* ZN540 with zones of 128 KiB, 4/3 of a one-shot page, and a shared buffer */
static struct nvmevirt1 *
small_zones(void)
{
	struct model_config config = nvmevirt1_preset_of(span_of("zn540"))->config;

	config.nand.zone_nbytes = 131072;
	config.nand.zone_buffer_nbytes = 0;
	config.nand.buffer_nbytes = 983040;
	return drive(&config, 4 * 131072);
}

static void
zones_release_their_resources(void **state)
{
	struct nvmevirt1 *nv = small_zones();
	ns_t buffered = T0 + 5600 + 32 * 600 + 1024 * 40; /* 1024 units: 11 intervals, which is
							   * nominal */
	struct nvmevirt1_totals totals;
	struct nvmevirt1_zone zone;

	(void)state;
	assert_int_equal(done_at(nv, T0, MODEL_WRITE, 0, 131072), buffered);
	nvmevirt1_totals(nv, &totals);
	assert_int_equal(totals.user_program_ops, 2);
	assert_int_equal(totals.user_program_bytes, 2 * 98304); /* the short one counts as a
								 * whole */
	assert_int_equal(totals.zones_active, 0);
	assert_true(nvmevirt1_zone(nv, 0, &zone));
	assert_int_equal(zone.state, 0xe);
	/* two dies on two channels: 768 units of 271 ns, 55 intervals, which is nominal */
	assert_int_equal(nvmevirt1_next_release(nv), buffered + 768 * 271 + 561000);
	assert_true(nvmevirt1_release(nv, NS_NEVER - 1));
	assert_int_equal(buffer_left(nv), 983040);
	free(nv);
}

/* Counting is in pages: a block in the last page of a one-shot page programs it each time */
static void
blocks_in_a_last_page_program_again(void **state)
{
	struct nvmevirt1 *nv = small_zones();
	struct nvmevirt1_totals totals;

	(void)state;
	done_at(nv, T0, MODEL_WRITE, 0, 23 * 4096);
	for (uint64_t i = 0; i < 8; ++i) {
		nvmevirt1_totals(nv, &totals);
		assert_int_equal(totals.user_program_ops, i);
		done_at(nv, T0, MODEL_WRITE, 23 * 4096 + i * 512, 512);
	}
	nvmevirt1_release(nv, NS_NEVER - 1);
	assert_int_equal(buffer_left(nv), 983040 + 7 * 98304);
	free(nv);
}

/* 240 pieces of 4 KiB fill the buffer */
static void
zones_lose_their_buffer(void **state)
{
	struct nvmevirt1 *nv = small_zones();

	(void)state;
	for (int i = 0; i < 120; ++i) {
		assert_int_equal(answer_of(nv, T0, MODEL_WRITE, 4096, 4096).status, 0x1bc);
		done_at(nv, T0, MODEL_WRITE, 131072, 4096);
		assert_int_equal(nvmevirt1_zone_manage(nv, NVMEVIRT1_RESET, 131072), 0);
	}
	assert_true(is_refused(nv, T0, MODEL_WRITE, 0, 512));
	assert_int_equal(nvmevirt1_next_release(nv), NS_NEVER);
	free(nv);
}

/* Errors in NVMeVirt's order, at once; a read across zones takes time before it fails */
static void
zone_errors(void **state)
{
	struct model_config config = nvmevirt1_preset_of(span_of("znsproto"))->config;
	struct nvmevirt1 *nv = drive(&config, 4 * config.nand.zone_nbytes);
	const uint64_t zone = config.nand.zone_nbytes, unit = 131072;
	struct nvmevirt1_result result;

	(void)state;
	result = answer_of(nv, T0, MODEL_WRITE, zone - 4096, 8192); /* size before boundary */
	assert_int_equal(result.status, 0x1bc);
	result = answer_of(nv, T0, MODEL_WRITE, zone - 4096, unit); /* boundary before pointer */
	assert_int_equal(result.status, 0x1b8);
	assert_int_equal(result.done, T0);
	assert_int_equal(nvmevirt1_zone_manage(nv, NVMEVIRT1_FINISH, 0), 0);
	result = answer_of(nv, T0, MODEL_WRITE, unit, unit); /* pointer before state */
	assert_int_equal(result.status, 0x1bc);
	result = answer_of(nv, T0, MODEL_ZONE_APPEND, 0, unit);
	assert_int_equal(result.status, 0x1b9);
	/* no early completion: 1024 units of 38 ns on the link, of 164 on the channel, program */
	result = answer_of(nv, T0, MODEL_ZONE_APPEND, zone, unit);
	assert_int_equal(result.status, 0);
	assert_int_equal(result.result, zone / 512);
	assert_int_equal(result.done, T0 + 1024 * 38 + 1024 * 164 + 1913640);
	/* dies of zones 2 and 3 are idle, one page on each: two channels, then 8 KiB on the link */
	result = answer_of(nv, 4 * T0, MODEL_READ, 3 * zone - 4096, 8192);
	assert_int_equal(result.status, 0x1b8);
	assert_int_equal(result.done, 4 * T0 + 32150 + 25485 + 32 * 164 + 64 * 38);
	free(nv);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(credits_have_eight_bits),
		cmocka_unit_test(what_is_free_on_a_bus),
		cmocka_unit_test(simple_units_as_they_are),
		cmocka_unit_test(conventional_reads),
		cmocka_unit_test(small_writes_corrupt_the_account),
		cmocka_unit_test(a_full_buffer_refuses),
		cmocka_unit_test(spare_space_comes_in_steps),
		cmocka_unit_test(zones_release_their_resources),
		cmocka_unit_test(blocks_in_a_last_page_program_again),
		cmocka_unit_test(zones_lose_their_buffer),
		cmocka_unit_test(zone_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
