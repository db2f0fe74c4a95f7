/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * No accepted key is ignored: each key of [simple] and [nand] with each timing model either changes
 * the behaviour of the model and is accepted, or changes nothing and is refused. Each other key
 * with each kind of namespace is refused with a sentence or kept.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <base/prng.h>
#include <ssd/model/preset.h>
#include <ssd/model/settings.h>
#include <ssd/time/model.h>

enum { DRIVE_NBYTES = 8 << 20, ZONE_NBYTES = 1 << 20, MODEL_NBYTES = 32 << 20, COMMANDS = 2500 };

#define NAND                                                                                     \
	"[nand]\nchannels = 2\ndies_per_channel = 2\nplanes_per_die = 1\ncell_bits = 2\n"         \
	"flash_page_nbytes = 8192\noneshot_page_nbytes = 16384\nread_4k_ns = [30000, 40000]\n"    \
	"read_ns = [50000, 60000]\nprogram_ns = 200000\nchannel_mib_s = 800\n"                    \
	"channel_transfer_nbytes = 16384\nlink_mib_s = 3000\nfw_read_4k_ns = 20000\n"             \
	"fw_read_ns = 30000\nfw_write_ns = 4000\nfw_write_4k_ns = 400\nearly_completion = true\n"
#define LINES "erase_ns = 3000000\noverprovisioning_ppm = 300000\nbuffer_nbytes = \"512KiB\"\n"
#define ZONES "zone_nbytes = \"1MiB\"\ndies_per_zone = 2\n"
#define SIMPLE                                                                                   \
	"[simple]\nread_delay_ns = 9000\nread_time_ns = 2000\nwrite_delay_ns = 8000\n"            \
	"write_time_ns = 1000\nunits = 4\n"
#define NS "[[namespace]]\nnbytes = \"8MiB\"\n"
#define NS_ZNS NS "kind = \"zns\"\nzone_nbytes = \"1MiB\"\n"

/* Drives on which every key of their model can show its effect */
static const struct shape {
	const char *what;
	const char *toml;
} shapes[] = {
	{"null", "[model]\nname = \"null\"\n" NS},
	{"simple", "[model]\nname = \"simple\"\n" SIMPLE NS},
	{"parallel", "[model]\nname = \"parallel\"\n" NAND LINES
		     "gc_policy = \"d-choices\"\ngc_background_lines = 30\n" NS},
	{"parallel, zones", "[model]\nname = \"parallel\"\n" NAND "erase_ns = 3000000\n" ZONES
			    "buffer_nbytes = \"512KiB\"\n" NS_ZNS},
	{"parallel, zones with buffers", "[model]\nname = \"parallel\"\n" NAND
					 "erase_ns = 3000000\n" ZONES
					 "zone_buffer_nbytes = \"64KiB\"\n" NS_ZNS},
	/* its 8192 lines are of one row of pages in smaller drives */
	{"nvmevirt1", "[model]\nname = \"nvmevirt1\"\n" NAND LINES
		      "[[namespace]]\nnbytes = \"1GiB\"\n"},
	{"nvmevirt1, zones", "[model]\nname = \"nvmevirt1\"\n" NAND ZONES
			     "buffer_nbytes = \"512KiB\"\n" NS_ZNS},
	{"nvmevirt1, simple", "[model]\nname = \"nvmevirt1\"\n" SIMPLE NS},
	{"kv", "[model]\nname = \"simple\"\n" SIMPLE NS "kind = \"kv\"\n"},
};
enum { SHAPES = sizeof(shapes) / sizeof(shapes[0]), SHAPES_OF_MODELS = 8 };

static struct ssd_config base, changed;
static char why_buf[1024];
static uint64_t memory[MODEL_NBYTES / 8] __attribute__((aligned(64)));

static void
begin_shape(const struct shape *shape)
{
	struct text why = text_on(why_buf, sizeof(why_buf));

	ssd_config_default(&base);
	if (!settings_from_toml(&base, span_of(shape->toml), &why)) {
		fail_msg("%s: %s", shape->what, why_buf);
	}
	if (!settings_check_toml(span_of(shape->toml), &base, &base, &why)) {
		fail_msg("%s: %s", shape->what, why_buf);
	}
}

static struct model_io
next_io(uint64_t *random, uint64_t zone_end[])
{
	static const uint32_t sizes[] = {512, 4096, 8192, 16384, 49152};
	uint64_t draw = prng_next(random);
	struct model_io io = {
		.op = draw % 8 < 4 ? MODEL_WRITE : draw % 64 == 7 ? MODEL_FLUSH : MODEL_READ,
		.nbytes = sizes[draw / 64 % 5],
		.fua = draw / 512 % 64 == 0,
		.offset = draw / 65536 % (DRIVE_NBYTES / 65536) * 65536,
	};
	uint64_t zone = io.offset / ZONE_NBYTES;

	if (zone_end && io.op == MODEL_WRITE) { /* in order, with a reset when the zone is full */
		io.nbytes = io.nbytes < 4096 ? 4096 : io.nbytes;
		if (zone_end[zone] + io.nbytes > ZONE_NBYTES) {
			io = (struct model_io){.op = draw / 512 % 2 ? MODEL_ZONE_RESET
								     : MODEL_ZONE_FINISH,
					       .offset = zone * ZONE_NBYTES};
			zone_end[zone] = io.op == MODEL_ZONE_RESET ? 0 : zone_end[zone];
			return io;
		}
		io.offset = zone * ZONE_NBYTES + zone_end[zone];
		zone_end[zone] += io.nbytes;
	}
	return io;
}

static uint64_t
mix(uint64_t hash, uint64_t value)
{
	return prng_mix(hash ^ value);
}

/* A hash of all results of the model for one load; 0: it refuses the configuration */
static uint64_t
behaviour(const struct ssd_config *config)
{
	const struct model_ops *ops = model_find(config->model.name, sizeof(config->model.name));
	struct model *model = (struct model *)(void *)memory;
	bool zoned = config->ns[0].kind == SSD_NS_ZNS;
	uint64_t random = 5, hash = 1, zone_end[DRIVE_NBYTES / ZONE_NBYTES] = {0};
	size_t nbytes = ops->bytes_needed(&config->model, config->ns[0].nbytes);
	struct model_stats stats = {0};
	const char *why;
	ns_t now = 0;

	if (nbytes > sizeof(memory) || nbytes == 0) {
		return 0;
	}
	memset(memory, 0, nbytes);
	if (ops->init(model, &config->model, config->ns[0].nbytes, 1, &why)) {
		return 0;
	}
	for (uint32_t i = 0; i < COMMANDS; i += 1) {
		struct model_io io = next_io(&random, zoned ? zone_end : NULL);
		ns_t done = ops->begin(model, now, &io);

		hash = mix(hash, done);
		now += i % 500 == 499 ? 20 * NS_PER_MS : i % 8 == 7 ? 100000 : 0;
		(void)ops->tick(model, now);
	}
	ops->stats(model, &stats);
	hash = mix(mix(hash, stats.gc_moves), mix(stats.erases, stats.user_program_ops));
	hash = mix(hash, mix(stats.lines, stats.line_nbytes));
	return hash | 1;
}

/* Another value for a row: candidate `i`; false when there are no more */
static bool
put_candidate(const struct setting *row, uint32_t i)
{
	static const uint64_t numbers[] = {0, 0, 1, 2, 3, 4, 5, 7, 8, 10, 16, 64, 100, 300,
					   700, 4096, 16384, 65536, 131072, 262144,
					   1 << 20, 2 << 20,
					   24 << 20, 32 << 20, 2ULL << 30};
	static const char *const words[] = {"greedy", "oldest", "cost-benefit"};
	uint8_t *field = settings_field(&changed, row, 0);
	uint64_t value = 0;

	changed = base;
	if (row->kind == SETTING_TEXT) {
		if (i < 3) {
			memset(field, 0, row->nbytes);
			memcpy(field, words[i], strlen(words[i]));
		}
		return i < 3;
	}
	if (row->kind == SETTING_YESNO) {
		*field ^= 1;
		return i == 0;
	}
	if (row->kind == SETTING_LIST) {
		for (uint32_t j = 0; j < 2; j += 1) {
			uint32_t ns = 70000 + j;

			memcpy(field + j * sizeof(ns), &ns, sizeof(ns));
		}
		return i == 0;
	}
	if (i >= sizeof(numbers) / sizeof(numbers[0])) {
		return false;
	}
	memcpy(&value, field, row->nbytes); /* little endian, like all supported platforms */
	value = i == 0 ? value * 2 : i == 1 ? value / 2 : numbers[i];
	memcpy(field, &value, row->nbytes);
	return true;
}

static bool
has_bits(const struct setting *row)
{
	const uint8_t *field = settings_field(&changed, row, 0);

	for (size_t i = 0; i < (size_t)row->nbytes * row->count; i += 1) {
		if (field[i]) {
			return true;
		}
	}
	return false;
}

static void
look_at(const struct shape *shape, const struct setting *row, uint64_t usual)
{
	uint32_t same = 0, refused = 0;
	struct text why;
	char name[64];

	(void)snprintf(name, sizeof(name), "%s.%s", row->table, row->key);
	for (uint32_t i = 0; put_candidate(row, i); i += 1) {
		uint64_t got;

		why = text_on(why_buf, sizeof(why_buf));
		if (memcmp(&base, &changed, sizeof(base)) == 0) {
			continue;
		}
		got = behaviour(&changed);
		if (!settings_check_key(&changed, span_of(name), &why)) {
			assert_non_null(strstr(why_buf, name));
			assert_non_null(strstr(why_buf, "omit this key"));
			if (got != usual && got != 0) {
				fail_msg("%s has an effect with %s, and: %s", name, shape->what,
					 why_buf);
			}
			continue;
		}
		if (got != usual && got != 0) {
			return; /* one that has an effect is enough */
		}
		same += got == usual && has_bits(row); /* the default is accepted everywhere */
		refused += got == 0;
	}
	if (!strcmp(shape->what, "nvmevirt1") && !strcmp(row->key, "erase_ns")) {
		return; /* it collects after GiBs of writes: nvmevirt1_rules_test, the oracle */
	}
	if (same) {
		fail_msg("%s is accepted with %s and has no effect: %u values are refused", name,
			 shape->what, refused);
	}
}

static void
each_key_of_a_model_has_an_effect_or_is_refused(void **state)
{
	(void)state;
	for (uint32_t s = 0; s < SHAPES_OF_MODELS; s += 1) {
		uint64_t usual;

		begin_shape(&shapes[s]);
		usual = behaviour(&base);
		assert_int_not_equal(usual, 0);
		for (uint32_t i = 0; i < settings_count; i += 1) {
			if (!strcmp(settings[i].table, "simple") ||
			    !strcmp(settings[i].table, "nand")) {
				look_at(&shapes[s], &settings[i], usual);
			}
		}
	}
}

/* A value that is valid for every kind of row and differs from the default */
static const char *
some_value(const struct setting *row)
{
	static char hex[64];

	switch (row->kind) {
	case SETTING_YESNO:
		return "true";
	case SETTING_CHOICE:
		return strrchr(row->choices, ' ') + 1;
	case SETTING_HEX:
		memset(hex, 'a', 2 * row->nbytes);
		hex[2 * row->nbytes] = '\0';
		return hex;
	case SETTING_LIST:
		return "3:2";
	case SETTING_TEXT:
		return strcmp(row->table, "model") ? "text" : "simple";
	default:
		return "1";
	}
}

/* Exactly the refused keys are dropped, and a dropped key stays dropped */
static void
each_key_is_refused_or_kept(void **state)
{
	struct text why;
	char name[64];

	(void)state;
	for (uint32_t s = 0; s < SHAPES; s += 1) {
		for (uint32_t i = 0; i < settings_count; i += 1) {
			const struct setting *row = &settings[i];
			struct ssd_config kept;
			bool used, same;

			why = text_on(why_buf, sizeof(why_buf));
			begin_shape(&shapes[s]);
			(void)snprintf(name, sizeof(name), "%s.%s", row->table, row->key);
			if (!settings_set(&base, span_of(name), span_of(some_value(row)), &why)) {
				fail_msg("%s", why_buf);
			}
			used = settings_check_key(&base, span_of(name), &why);
			kept = base;
			settings_drop_unused(&kept);
			same = memcmp(settings_field(&kept, row, 0), settings_field(&base, row, 0),
				      (size_t)row->nbytes * row->count) == 0;
			if (used != same) {
				fail_msg("%s, %s: %s", shapes[s].what, name,
					 used ? "accepted and dropped" : why_buf);
			}
			changed = kept;
			settings_drop_unused(&changed);
			assert_memory_equal(&changed, &kept, sizeof(kept));
		}
	}
}

/* Refused keys, listed by hand: one for each condition of the table */
static void
what_is_refused(void **state)
{
	static const struct {
		const char *toml, *says;
	} cases[] = {
		{"[model]\nname = \"simple\"\n[nand]\nchannels = 2\n" NS,
		 "line 4, column 1: nand.channels has no effect here: it is a setting of the "
		 "model parallel, nvmevirt1, and the model is simple; change model.name, or omit"},
		{"[simple]\nunits = 2\n" NS, "and the model is null"},
		{NS "zone_nbytes = \"4MiB\"\n",
		 "namespace.zone_nbytes (zone) has no effect here: it is a setting of namespaces "
		 "of the kind zns, and this one is nvm; change namespace.kind"},
		{NS "kind = \"kv\"\nlba_nbytes = 4096\n", "kind nvm, zns, and this one is kv"},
		{NS "pi_first = true\n", "it needs namespace.pi_type; set that"},
		{NS "meta_extended = true\n", "it needs namespace.meta_nbytes; set that"},
		{NS "[fdp]\nhandles = 2\n",
		 "fdp.handles (ruhs) has no effect here: it needs fdp.enabled"},
		{NS "[drive]\npattern = \"lba\"\n", "it needs media=none"},
		{NS "[[namespace]]\nlba_nbytes = 4096\n",
		 "line 4, column 1: namespace.lba_nbytes (lba) has no effect here: the namespace "
		 "has no nbytes"},
		{"[model]\nname = \"parallel\"\n[nand]\nline_pages = 64\n"
		 "block_nbytes = \"1MiB\"\n" NS,
		 "it is overridden by nand.line_pages; omit that"},
	};
	struct text why;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i += 1) {
		why = text_on(why_buf, sizeof(why_buf));
		ssd_config_default(&base);
		assert_true(settings_from_toml(&base, span_of(cases[i].toml), &why));
		if (settings_check_toml(span_of(cases[i].toml), &base, &base, &why) ||
		    !strstr(why_buf, cases[i].says)) {
			fail_msg("case %zu: %s", i, why_buf);
		}
	}
}

/* The presets are descriptions like others, and can be parsed again after printing */
static void
every_key_of_a_preset_is_used(void **state)
{
	struct text why;

	(void)state;
	for (uint32_t i = 0; i < presets_count; i += 1) {
		struct span toml = span_of(presets[i].toml);

		why = text_on(why_buf, sizeof(why_buf));
		ssd_config_default(&base);
		assert_true(settings_from_toml(&base, toml, &why));
		if (!settings_check_toml(toml, &base, &base, &why)) {
			fail_msg("%s: %s", presets[i].name, why_buf);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_key_of_a_model_has_an_effect_or_is_refused),
		cmocka_unit_test(each_key_is_refused_or_kept),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(every_key_of_a_preset_is_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
