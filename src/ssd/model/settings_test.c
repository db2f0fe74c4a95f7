/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <ssd/model/preset.h>
#include <ssd/model/settings.h>

static struct ssd_config config, other;
static char why_buf[2048], out_buf[16384];

static bool
from_toml(struct ssd_config *to, const char *toml)
{
	struct text why = text_on(why_buf, sizeof(why_buf));

	ssd_config_default(to);
	return settings_from_toml(to, span_of(toml), &why);
}

static bool
set(const char *key, const char *value)
{
	struct text why = text_on(why_buf, sizeof(why_buf));

	return settings_set(&config, span_of(key), span_of(value), &why);
}

static void
a_description_fills_the_configuration(void **state)
{
	(void)state;
	assert_true(from_toml(&config,
			      "[drive]\ndescription = \"d\"\nserial = \"S1\"\nmdts = 5\n"
			      "metadata = true\ncache_nbytes = \"4MiB\"\npower_loss = \"random\"\n"
			      "ieee_oui = \"0102ff\"\n"
			      "[model]\nname = \"simple\"\n[simple]\nunits = 3\n"
			      "[nand]\nread_ns = [1, 2, 3]\n"
			      "[[namespace]]\nnbytes = 1048576\nlba_nbytes = 4096\n"
			      "[[namespace]]\nkind = \"zns\"\nnbytes = \"1GiB\"\n"
			      "zone_nbytes = \"1MiB\"\nfdp_handles = [7, 8]\n"));
	assert_string_equal(config.serial, "S1");
	assert_int_equal(config.mdts, 5);
	assert_true(config.metadata);
	assert_int_equal(config.cache_nbytes, 4 << 20);
	assert_int_equal(config.power_loss, SSD_POWER_LOSS_RANDOM);
	assert_int_equal(config.ieee_oui[2], 0xFF);
	assert_string_equal(config.model.name, "simple");
	assert_int_equal(config.model.simple.units, 3);
	assert_int_equal(config.model.nand.read_ns[2], 3);
	assert_int_equal(config.model.nand.read_ns[3], 0);
	assert_int_equal(config.ns[0].lba_nbytes, 4096);
	assert_int_equal(config.ns[1].kind, SSD_NS_ZNS);
	assert_int_equal(config.ns[1].zns.zone_nbytes, 1 << 20);
	assert_int_equal(config.ns[1].fdp_handles[1], 8);
	assert_int_equal(config.ns[2].nbytes, 0);
}

static void
every_preset_is_read_and_printed_back(void **state)
{
	(void)state;
	assert_int_equal(presets_count, 8);
	for (uint32_t i = 0; i < presets_count; i += 1) {
		struct text out = text_on(out_buf, sizeof(out_buf));

		if (!from_toml(&config, presets[i].toml)) {
			fail_msg("%s: %s", presets[i].name, why_buf);
		}
		settings_print(&config, &out);
		if (!from_toml(&other, out_buf)) {
			fail_msg("%s: %s in\n%s", presets[i].name, why_buf, out_buf);
		}
		assert_memory_equal(&config, &other, sizeof(config));
		assert_ptr_equal(preset_find(span_of(presets[i].name)), &presets[i]);
	}
	assert_null(preset_find(span_of("optane")));
}

static void
every_setting_is_printed_and_read_back(void **state)
{
	static char toml[32768];

	(void)state;
	for (uint32_t i = 0; i < settings_count; i += 1) {
		static const char *const values[] = {
			[SETTING_NUMBER] = "9", [SETTING_BYTES] = "\"3KiB\"",
			[SETTING_YESNO] = "true", [SETTING_TEXT] = "\"a text\"",
			[SETTING_LIST] = "[1, 0, 5]"};
		const struct setting *row = &settings[i];
		bool is_ns = strcmp(row->table, SETTING_NAMESPACE) == 0;
		struct text out = text_on(out_buf, sizeof(out_buf));
		char hex[64] = "\"", word[32];
		const char *value = values[row->kind < SETTING_HEX ? row->kind : 0];

		for (uint32_t j = 0; row->kind == SETTING_HEX && j < row->nbytes; j += 1) {
			strcat(hex, "a9");
		}
		if (row->kind == SETTING_HEX) {
			value = strcat(hex, "\"");
		} else if (row->kind == SETTING_CHOICE) { /* the last one */
			snprintf(word, sizeof(word), "\"%s\"", strrchr(row->choices, ' ') + 1);
			value = word;
		}
		snprintf(toml, sizeof(toml), is_ns ? "[[%s]]\nnbytes = 5\n[[%s]]\n%s = %s\n"
						   : "[%s]\n# %s\n%s = %s\n",
			 row->table, row->table, row->key, value);
		if (!from_toml(&config, toml)) {
			fail_msg("%s.%s: %s", row->table, row->key, why_buf);
		}
		settings_print(&config, &out);
		assert_non_null(strstr(out_buf, row->key));
		assert_true(from_toml(&other, out_buf));
		assert_memory_equal(&config, &other, sizeof(config));
	}
}

static const struct refused {
	const char *toml;
	const char *says;
} refused[] = {
	{"x = 1", "line 1, column 1: 'x' stands before the first [table]"},
	{"[drive]\nx = 1", "line 2, column 1: 'x' is not a key of ['drive']; valid are: serial"},
	{"[[namespace]]\nsize = 1", "'size' is not a key of [['namespace']]; valid are: kind"},
	{"[dirve]", "line 1: 'dirve' is not a table"},
	{"[namespace]", "'namespace' is not a table of this kind"},
	{"[[drive]]", "'drive' is not a table of this kind"},
	{"[drive]\nmdts = 256", "line 2, column 1: '256' is not a value of drive.mdts: give a "
				"whole number from 0 to 255 (most data"},
	{"[drive]\nmdts = -1", "drive.mdts needs a whole number"},
	{"[drive]\nmdts = \"5\"", "drive.mdts needs a whole number"},
	{"[drive]\nmetadata = 1", "drive.metadata needs true or false"},
	{"[drive]\nserial = 1", "drive.serial needs \"in quotes\" printable ASCII"},
	{"[drive]\nserial = '012345678901234567890'", "of at most 20 characters"},
	{"[drive]\nserial = '\"'", "without \" and \\"},
	{"[drive]\nserial = \"\xC3\xA9\"", "printable ASCII"},
	{"[drive]\ndescription = 1", "'description' is not a key"},
	{"[drive]\ncache_nbytes = \"4MIB\"", "a size such as 4096, 64KiB or 4GiB"},
	{"[drive]\npower_loss = \"none\"", "one of these words: all random torn"},
	{"[drive]\nieee_oui = \"12345\"", "3 bytes as 6 hexadecimal digits"},
	{"[drive]\nieee_oui = \"12345678\"", "3 bytes as 6 hexadecimal digits"},
	{"[drive]\nieee_oui = \"12345g\"", "3 bytes as 6 hexadecimal digits"},
	{"[nand]\nread_ns = 5", "nand.read_ns needs [in brackets] a list of at most 4"},
	{"[nand]\nread_ns = []", "a list of at most 4 whole numbers"},
	{"[nand]\nread_ns = [1,2,3,4,5]", "a list of at most 4 whole numbers"},
	{"[nand]\nread_ns = [4294967296]", "from 0 to 4294967295"},
	{"[nand]\nflash_page_nbytes = \"4GiB\"", "below 4GiB"},
	{"[a", "line 1, column 3: ] was expected"},
};

static void
a_wrong_description_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i += 1) {
		if (from_toml(&config, refused[i].toml)) {
			fail_msg("accepted: %s", refused[i].toml);
		}
		if (!strstr(why_buf, refused[i].says)) {
			fail_msg("%s: got %s", refused[i].toml, why_buf);
		}
	}
}

static void
too_many_namespaces_are_refused(void **state)
{
	static char toml[1024];

	(void)state;
	for (int i = 0; i < SSD_NS_MAX + 1; i += 1) {
		strcat(toml, "[[namespace]]\n");
	}
	assert_false(from_toml(&config, toml));
	assert_non_null(strstr(why_buf, "at most 32 [[namespace]]"));
}

static void
keys_of_a_uri(void **state)
{
	(void)state;
	ssd_config_default(&config);
	assert_true(set("size", "4GiB"));
	assert_int_equal(config.ns[0].nbytes, 4ULL << 30);
	assert_true(set("lba", "4096"));
	assert_int_equal(config.ns[0].lba_nbytes, 4096);
	assert_true(set("extended", "true"));
	assert_true(set("simple.units", "2"));
	assert_int_equal(config.model.simple.units, 2);
	assert_true(set("nand.read_ns", "1:2"));
	assert_int_equal(config.model.nand.read_ns[1], 2);
	assert_false(set("units", "2"));
	assert_non_null(strstr(why_buf, "'units' is not a setting; valid are size, lba"));
	assert_false(set("simple.", "2"));
	assert_false(set("", "2"));
	assert_false(set("lba", "4k"));
	assert_non_null(strstr(why_buf, "'4k' is not a value of namespace.lba_nbytes"));
	assert_false(set("size", ""));
	assert_false(set("extended", "yes"));
}

static void
every_alias_names_a_setting(void **state)
{
	(void)state;
	ssd_config_default(&config);
	for (uint32_t i = 0; i < setting_aliases_count; i += 1) {
		(void)set(setting_aliases[i].alias, "#");
		assert_null(strstr(why_buf, "is not a setting"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_description_fills_the_configuration),
		cmocka_unit_test(every_preset_is_read_and_printed_back),
		cmocka_unit_test(every_setting_is_printed_and_read_back),
		cmocka_unit_test(a_wrong_description_is_refused),
		cmocka_unit_test(too_many_namespaces_are_refused),
		cmocka_unit_test(keys_of_a_uri),
		cmocka_unit_test(every_alias_names_a_setting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
