/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * nvmevirt1 behind the model interface. tests/oracle checks that its results equal NVMeVirt's; this
 * test checks that an engine with one queue gets the same instants from it as NVMeVirt's dispatcher
 * with its refusals.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <base/prng.h>
#include <ssd/time/nvmevirt1.h>
#include <ssd/time/nvmevirt1_presets.h>

#define DEPTH 32
#define MEDIA (64ULL << 20)

static void *
zeroed(size_t nbytes)
{
	void *memory = NULL;

	assert_true(nbytes > 0);
	assert_int_equal(posix_memalign(&memory, 64, nbytes), 0);
	memset(memory, 0, nbytes);
	return memory;
}

static struct model_io
next_io(uint64_t *rng)
{
	struct model_io io = { .op = MODEL_WRITE, .nbytes = 16384 };

	io.offset = prng_next(rng) % (MEDIA / 16384) * 16384;
	if (prng_next(rng) % 4 == 0) {
		io.op = MODEL_READ;
	}
	return io;
}

/* The dispatcher: a refused request at the head of the queue waits for the next release, and all
 * others wait behind it */
static ns_t
dispatch(struct nvmevirt1 *nv, ns_t *clock, ns_t submit, const struct model_io *io)
{
	struct nvmevirt1_result result;
	ns_t at = *clock > submit ? *clock : submit;

	nvmevirt1_release(nv, at);
	while (!nvmevirt1_submit(nv, at, io, &result)) {
		at = nvmevirt1_next_release(nv);
		assert_true(at != NS_NEVER);
		nvmevirt1_release(nv, at);
	}
	*clock = at;
	return result.done > submit ? result.done : submit;
}

static void
an_engine_waits_as_the_dispatcher_does(void **state)
{
	struct model_config config = nvmevirt1_preset_of(span_of("970pro"))->config;
	struct model *model = zeroed(model_nvmevirt1.bytes_needed(&config, MEDIA));
	struct nvmevirt1 *nv;
	ns_t done[DEPTH] = { 0 }, clock = 0;
	uint64_t rng = 4, waited = 0;
	const char *why = NULL;

	(void)state;
	assert_int_equal(model_nvmevirt1.init(model, &config, MEDIA, 1, &why), 0);
	config.nand.raw_nbytes = MEDIA * 107 / 100 + 4096;
	nv = zeroed(nvmevirt1_bytes_needed(&config, config.nand.raw_nbytes));
	assert_int_equal(nvmevirt1_init(nv, &config, config.nand.raw_nbytes, &why), 0);
	for (int i = 0; i < 20000; ++i) {
		struct model_io io = next_io(&rng);
		int first = 0;
		ns_t submit, expected;

		for (int d = 1; d < DEPTH; ++d) {
			first = done[d] < done[first] ? d : first;
		}
		submit = done[first];
		expected = dispatch(nv, &clock, submit, &io);
		waited += clock > submit;
		done[first] = model_nvmevirt1.begin(model, submit, &io);
		assert_int_equal(done[first], expected);
	}
	assert_true(waited > 1000);
	free(model);
	free(nv);
}

/* NVMeVirt panics at a transfer larger than its buffer, and hangs when zones lose buffer space */
static void
what_hangs_nvmevirt_ends_here(void **state)
{
	struct model_config config = nvmevirt1_preset_of(span_of("zn540"))->config;
	uint64_t media = config.nand.zone_nbytes;
	struct model *model = zeroed(model_nvmevirt1.bytes_needed(&config, media));
	struct model_io io = { .op = MODEL_WRITE, .nbytes = 4096 };
	const char *why = NULL;
	ns_t now = 0;

	(void)state;
	assert_int_equal(model_nvmevirt1.init(model, &config, media, 1, &why), 0);
	for (int i = 0; i < 1000; ++i) {
		io.op = MODEL_WRITE;
		now = model_nvmevirt1.begin(model, now, &io) + 1000;
		io.op = MODEL_ZONE_RESET;
		now = model_nvmevirt1.begin(model, now, &io) + 1000;
	}
	io.op = MODEL_WRITE;
	io.nbytes = 2 << 20;
	assert_int_equal(model_nvmevirt1.begin(model, now, &io), now);
	free(model);
}

static void
wrong_configurations_say_why(void **state)
{
	(void)state;
	for (int i = 0; i < 6; ++i) {
		struct model_config config = nvmevirt1_preset_of(span_of("970pro"))->config;
		uint64_t memory[64] = { 0 };
		const char *why = NULL;

		switch (i) {
		case 0:
			config.nand.partitions = 3;
			break;
		case 1:
			config.nand.planes_per_die = 2;
			break;
		case 2:
			config.nand.raw_nbytes = MEDIA; /* the host's part is 100/107 */
			break;
		case 3:
			config.nand.link_mib_s = 0;
			break;
		case 4:
			config.nand.zone_nbytes = 12345;
			break;
		default:
			config.nand.flash_page_nbytes = 4097;
			break;
		}
		assert_int_equal(model_nvmevirt1.init((struct model *)memory, &config, MEDIA, 1,
						      &why), -ENV_EINVAL);
		assert_non_null(why);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_engine_waits_as_the_dispatcher_does),
		cmocka_unit_test(what_hangs_nvmevirt_ends_here),
		cmocka_unit_test(wrong_configurations_say_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
