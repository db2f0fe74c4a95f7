/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include <ssd/model/settings.h>
#include <virt/virt.h>
#include "../../tests/temp_dir.h"

static struct virt_spec spec, other;
static char why_buf[1024];

static bool
parse(const char *uri)
{
	struct text why = text_on(why_buf, sizeof(why_buf));

	return virt_spec_parse(&spec, uri, &why);
}

static void
every_key(void **state)
{
	(void)state;
	assert_true(parse("virt:null"));
	assert_int_equal(spec.clock, VIRT_CLOCK_REAL);
	assert_int_equal(spec.media, VIRT_MEDIA_MEMORY);
	assert_int_equal(spec.seed, 0);
	assert_string_equal(spec.name, "");
	assert_int_equal(spec.config.ns[0].nbytes, 1 << 30);
	assert_true(parse("virt:optane-p4800x,size=4GiB,lba=4096,clock=virtual,media=/a/b.img,"
			  "name=x-1_.Y,seed=0xff,simple.units=2,mdts=3"));
	assert_int_equal(spec.clock, VIRT_CLOCK_VIRTUAL);
	assert_int_equal(spec.media, VIRT_MEDIA_FILE);
	assert_string_equal(spec.media_path, "/a/b.img");
	assert_string_equal(spec.name, "x-1_.Y");
	assert_int_equal(spec.seed, 255);
	assert_int_equal(spec.config.ns[0].nbytes, 4ULL << 30);
	assert_int_equal(spec.config.ns[0].lba_nbytes, 4096);
	assert_int_equal(spec.config.model.simple.units, 2);
	assert_int_equal(spec.config.mdts, 3);
	assert_false(spec.config.no_media);
	assert_true(parse("virt:null,media=none"));
	assert_true(spec.config.no_media);
	assert_true(parse("virt:null,media=memory,clock=real"));
	assert_true(parse("virt:@x"));
	assert_true(spec.attach);
	assert_string_equal(spec.name, "x");
}

/* Each malformed URI gets an error text: what is wrong and what is valid */
static const struct malformed {
	const char *uri;
	const char *says;
} malformed[] = {
	{"", "begins with virt:"},
	{"null", "begins with virt:"},
	{"virt", "begins with virt:"},
	{"VIRT:null", "begins with virt:"},
	{"virt:", "'' is not a preset; there are kv-prototype, null, optane-p4800x"},
	{"virt:,size=1GiB", "'' is not a preset"},
	{"virt:NULL", "'NULL' is not a preset"},
	{"virt:optane", "write virt:<preset>, virt:<file.toml> or virt:@<name>, then ,key=value"},
	{"virt:null size=1GiB", "'null size=1GiB' is not a preset"},
	{"virt:null,", "'' is not key=value"},
	{"virt:null,size", "'size' is not key=value"},
	{"virt:null,=1", "'=1' is not key=value"},
	{"virt:null,size=", "'' is not a value of namespace.nbytes: give a size such as"},
	{"virt:null,size=0x", "'0x' is not a value"},
	{"virt:null,size=-1", "'-1' is not a value"},
	{"virt:null,size=1.5GiB", "'1.5GiB' is not a value"},
	{"virt:null,size=1gib", "'1gib' is not a value"},
	{"virt:null,size=1GiB=2", "'1GiB=2' is not a value"},
	{"virt:null,size=16777216TiB", "is not a value"},
	{"virt:null,size=1GiB,,lba=512", "'' is not key=value"},
	{"virt:null,size=1GiB,size=2GiB", "'size' is given twice"},
	{"virt:null,sise=1GiB", "'sise' is not a setting; valid are size, lba"},
	{"virt:null,sise=1GiB", "and, of the virtual SSD, name, clock, media, seed, overcommit"},
	{"virt:null,Size=1GiB", "'Size' is not a setting"},
	{"virt:null, size=1GiB", "' size' is not a setting"},
	{"virt:null,units=1", "'units' is not a setting"},
	{"virt:null,simple=1", "'simple' is not a setting"},
	{"virt:null,simple.unit=1", "'simple.unit' is not a setting"},
	{"virt:null,lba=512B", "'512B' is not a value of namespace.lba_nbytes"},
	{"virt:null,lba=4294967296", "a whole number from 0 to 4294967295"},
	{"virt:null,kind=block", "one of these words: nvm zns kv"},
	{"virt:null,extended=1", "give true or false"},
	{"virt:null,clock=", "'' is not a clock; it is real (the default) or virtual"},
	{"virt:null,clock=Virtual", "'Virtual' is not a clock"},
	{"virt:null,media=", "media= needs memory (the default), none, or the name of a file"},
	{"virt:null,seed=", "'' is not a seed"},
	{"virt:null,seed=18446744073709551616", "give a whole number below 2^64"},
	{"virt:null,seed=1kB", "'1kB' is not a seed"},
	{"virt:null,overcommit=1", "'1' is not a value of overcommit; give true or false"},
	{"virt:null,name=", "'' is not a name of a virtual SSD; use 1 to 63 letters"},
	{"virt:null,name=a b", "'a b' is not a name"},
	{"virt:null,name=@a", "'@a' is not a name"},
	{"virt:null,name=0123456789012345678901234567890123456789012345678901234567890123",
	 "'0123456789012345678901234567890123456789...' is not a name"},
	{"virt:null,nand.read_ns=1:x", "a list of at most 4 whole numbers"},
	{"virt:null,nand.read_ns=1:2:3:4:5", "a list of at most 4 whole numbers"},
	{"virt:null,serial=a\"b", "printable ASCII text of at most 20 characters"},
	{"virt:@", "'' is not a name"},
	{"virt:@a/b", "'a/b' is not a name"},
	{"virt:@a,size=1GiB", "takes no key=value"},
	{"virt:@a,", "takes no key=value"},
	{"virt:/nonexistent/x.toml", "cannot read the description '/nonexistent/x.toml': No such"},
	{"virt:nonexistent.toml", "cannot read the description 'nonexistent.toml'"},
	{"virt:/tmp", "'/tmp' is not a regular file"},
	{"virt:/dev/null", "'/dev/null' is not a regular file"},
	{"virt:.toml", "'.toml' is not a preset"},
};

static void
malformed_uris_are_refused_with_a_sentence(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i += 1) {
		if (parse(malformed[i].uri)) {
			fail_msg("accepted: %s", malformed[i].uri);
		}
		if (!strstr(why_buf, malformed[i].says)) {
			fail_msg("%s: got %s", malformed[i].uri, why_buf);
		}
	}
}

static void
a_uri_too_long_is_refused(void **state)
{
	static char uri[VIRT_URI_NBYTES_MAX + 100] = "virt:null,media=";

	(void)state;
	memset(uri + strlen(uri), 'x', sizeof(uri) - strlen(uri) - 1);
	assert_false(parse(uri));
	assert_non_null(strstr(why_buf, "shorter than 4096 bytes"));
}

static void
more_keys_than_anyone_needs_are_refused(void **state)
{
	static char uri[VIRT_URI_NBYTES_MAX] = "virt:null";
	int nkeys = 0;

	(void)state;
	for (uint32_t i = 0; i < settings_count && nkeys < 65; i += 1) {
		const struct setting *row = &settings[i];

		if (row->kind == SETTING_NUMBER || row->kind == SETTING_BYTES) {
			nkeys += 1;
			snprintf(uri + strlen(uri), sizeof(uri) - strlen(uri), ",%s.%s=1",
				 row->table, row->key);
		}
	}
	assert_int_equal(nkeys, 65);
	assert_false(parse(uri));
	assert_non_null(strstr(why_buf, "more than 64 key=value"));
}

static const char *
write_file(const char *name, const char *text)
{
	static char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", temp_dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	return path;
}

static void
a_description_from_a_file(void **state)
{
	char uri[512];

	(void)state;
	snprintf(uri, sizeof(uri), "virt:%s,lba=4096",
		 write_file("a.toml", "[drive]\nmdts = 2\n[[namespace]]\nnbytes = \"1MiB\"\n"));
	assert_true(parse(uri));
	assert_int_equal(spec.config.mdts, 2);
	assert_int_equal(spec.config.ns[0].nbytes, 1 << 20);
	assert_int_equal(spec.config.ns[0].lba_nbytes, 4096);
	snprintf(uri, sizeof(uri), "virt:%s", write_file("b.toml", "[drive]\n\nmdts = \"x\"\n"));
	assert_false(parse(uri));
	assert_non_null(strstr(why_buf, "b.toml: line 3, column 1: drive.mdts needs a whole"));
	assert_true(parse("virt:null")); /* no state is left after an error */
}

/* The error for an invalid drive has file, line and value, like a syntax error */
static void
a_drive_that_cannot_be_is_found_in_its_file(void **state)
{
	static const struct {
		const char *toml, *keys, *says;
	} cases[] = {
		{"[[namespace]]\nnbytes = \"1MiB\"\nlba_nbytes = 1000\n", "",
		 "c.toml: line 3, lba_nbytes = '1000': a block has 512 or 4096 bytes"},
		{"[drive]\nmdts = 77\n[[namespace]]\nnbytes = \"1MiB\"\n", "",
		 "c.toml: line 2, mdts = '77': "},
		{"[model]\nname = \"simple\"\n[simple]\nunits = 4096\n[[namespace]]\n"
		 "nbytes = \"1MiB\"\n", "", "c.toml: line 4, units = '4096': the simple model"},
		{"[[namespace]]\nnbytes = 0\n", "",
		 "c.toml: line 2, nbytes = '0': the drive has no capacity"},
		/* an error in the URI does not name the file */
		{"[[namespace]]\nnbytes = \"1MiB\"\nlba_nbytes = 512\n", ",lba=1000",
		 "c.toml: a block has 512 or 4096 bytes"},
	};
	struct nvmevirt *ssd;
	char uri[512];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i += 1) {
		snprintf(uri, sizeof(uri), "virt:%s%s", write_file("c.toml", cases[i].toml),
			 cases[i].keys);
		assert_int_equal(nvmevirt_create(uri, &ssd), -EINVAL);
		if (!strstr(nvmevirt_err_text(), cases[i].says)) {
			fail_msg("case %zu: %s", i, nvmevirt_err_text());
		}
	}
	/* a key of the URI may correct an invalid value of the file */
	snprintf(uri, sizeof(uri), "virt:%s,lba=4096", write_file("c.toml", cases[0].toml));
	assert_int_equal(nvmevirt_create(uri, &ssd), 0);
	nvmevirt_destroy(ssd);
}

/* Descriptions that cannot be: 1 MiB and one key that is wrong, with the keys that it needs */
#define SPACE "[[namespace]]\nnbytes = \"1MiB\"\n"
#define ZONED SPACE "kind = \"zns\"\nzone_nbytes = \"1MiB\"\n"
#define NAND(name)                                                                                 \
	"[model]\nname = \"" name "\"\n[nand]\nchannels = 2\ndies_per_channel = 2\n"              \
	"planes_per_die = 1\ncell_bits = 1\nread_4k_ns = [10]\nread_ns = [10]\n"                 \
	"program_ns = 100\nlink_mib_s = 3000\n"
#define PAGES "flash_page_nbytes = \"16KiB\"\noneshot_page_nbytes = \"32KiB\"\n"
#define CHANNEL "channel_transfer_nbytes = \"16KiB\"\n"
#define PARALLEL NAND("parallel") PAGES CHANNEL "channel_mib_s = 800\nerase_ns = 1000\n"
#define BUFFER "buffer_nbytes = \"1MiB\"\n"
#define NVMEVIRT1 NAND("nvmevirt1") CHANNEL

/* Each reason names a key of the file; so a reader sees which line to change */
static void
every_reason_names_a_line_of_the_file(void **state)
{
	static const struct {
		const char *toml, *key;
	} cases[] = {
		{SPACE "[model]\nname = \"nosuch\"\n", "name = 'nosuch'"},
		{SPACE "pi_type = 1\n", "pi_type = '1'"},
		{SPACE "atomic_offset_lba = 3\n", "atomic_offset_lba = '3'"},
		{ZONED "descriptor_nbytes = 65\n", "descriptor_nbytes = '65'"},
		{ZONED "zrwa_count = 4\n", "zrwa_count = '4'"},
		{ZONED "zrwa_count = 1\nzrwa_nbytes = 4096\nzrwa_flush_nbytes = 100\n",
		 "zrwa_flush_nbytes = '100'"},
		{ZONED "zone_cap_nbytes = \"1000\"\n", "zone_cap_nbytes = '1000'"},
		{SPACE PARALLEL BUFFER "partitions = 3\n", "partitions = '3'"},
		{SPACE PARALLEL "buffer_nbytes = \"32GiB\"\n", "buffer_nbytes = '32GiB'"},
		{SPACE PARALLEL BUFFER "gc_policy = \"nosuch\"\n", "gc_policy = 'nosuch'"},
		{SPACE PARALLEL BUFFER "block_nbytes = \"1TiB\"\n", "block_nbytes = '1TiB'"},
		{SPACE PARALLEL BUFFER "raw_nbytes = \"64TiB\"\n", "raw_nbytes = '64TiB'"},
		{SPACE PARALLEL BUFFER "raw_nbytes = \"1MiB\"\n", "raw_nbytes = '1MiB'"},
		{SPACE NVMEVIRT1 "channel_mib_s = 800\nerase_ns = 1000\n"
		 "flash_page_nbytes = \"16KiB\"\noneshot_page_nbytes = \"20KiB\"\n",
		 "oneshot_page_nbytes = '20KiB'"},
		{SPACE NVMEVIRT1 PAGES "erase_ns = 1000\nchannel_mib_s = 0\n",
		 "channel_mib_s = '0'"},
		{ZONED NVMEVIRT1 PAGES "channel_mib_s = 800\nzone_nbytes = \"128KiB\"\n",
		 "zone_nbytes = '128KiB'"},
	};
	struct nvmevirt *ssd;
	char uri[512];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i += 1) {
		const char *text;

		snprintf(uri, sizeof(uri), "virt:%s", write_file("d.toml", cases[i].toml));
		assert_int_equal(nvmevirt_create(uri, &ssd), -EINVAL);
		text = strstr(nvmevirt_err_text(), "d.toml: line ");
		if (!text || !strstr(text, cases[i].key)) {
			fail_msg("case %zu: %s", i, nvmevirt_err_text());
		}
	}
}

static void
what_differs_between_two_specs(void **state)
{
	static const struct {
		const char *uri;
		const char *says;
	} differing[] = {
		{"virt:null,clock=virtual", "the clock"},
		{"virt:null,media=none", "the media"},
		{"virt:null,media=a", "the media"},
		{"virt:null,seed=1", "the seed"},
		{"virt:null,size=2GiB", "the drive itself"},
		{"virt:optane-p4800x", "the drive itself"},
	};

	(void)state;
	assert_true(parse("virt:null,name=a"));
	other = spec;
	assert_true(parse("virt:null,name=a,size=1024MiB,lba=0,clock=real"));
	assert_null(virt_spec_difference(&spec, &other));
	for (size_t i = 0; i < sizeof(differing) / sizeof(differing[0]); i += 1) {
		assert_true(parse(differing[i].uri));
		assert_non_null(virt_spec_difference(&spec, &other));
		assert_non_null(strstr(virt_spec_difference(&spec, &other), differing[i].says));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key),
		cmocka_unit_test(malformed_uris_are_refused_with_a_sentence),
		cmocka_unit_test(a_uri_too_long_is_refused),
		cmocka_unit_test(more_keys_than_anyone_needs_are_refused),
		cmocka_unit_test(a_description_from_a_file),
		cmocka_unit_test(a_drive_that_cannot_be_is_found_in_its_file),
		cmocka_unit_test(every_reason_names_a_line_of_the_file),
		cmocka_unit_test(what_differs_between_two_specs),
	};

	return cmocka_run_group_tests(tests, temp_dir_make, temp_dir_remove);
}
