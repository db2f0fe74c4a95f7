/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <ssd/model/toml.h>

static struct toml toml;
static struct toml_error error;

static bool
parse(const char *text)
{
	memset(&error, 0, sizeof(error));
	return toml_parse(&toml, span_of(text), &error);
}

static void
every_kind_of_value(void **state)
{
	(void)state;
	assert_false(parse("[t]\ncaf\xC3\xA9 = 1\n")); /* a name is ASCII */
	assert_int_equal(error.line, 2);
	assert_true(parse("a = 1_000 # wh\xC3\xA9\r\nb=-5\n\n\t c  =\t0xfF\n[t]\nyes = true\n"
			  "no = false\ns = \"GiB # no\"\nraw = 'back\\slash'\n"
			  "list = [ 1, 2 ,3,]\nempty = []\n[[ns]]\nlba = 512\n[[ns]]\nlba = 4096"));
	assert_int_equal(toml.ntables, 4);
	assert_int_equal(toml.nentries, 11);
	assert_int_equal(toml.entries[0].value.absolute, 1000);
	assert_int_equal(toml.entries[1].value.absolute, 5);
	assert_true(toml.entries[1].value.negative);
	assert_int_equal(toml.entries[2].value.absolute, 255);
	assert_int_equal(toml.entries[2].line, 4);
	assert_int_equal(toml.entries[2].column, 3);
	assert_true(span_equal(toml.entries[3].value.text, "true"));
	assert_true(span_equal(toml.entries[4].value.text, "false"));
	assert_true(span_equal(toml.entries[5].value.text, "GiB # no"));
	assert_true(span_equal(toml.entries[6].value.text, "back\\slash"));
	assert_int_equal(toml.entries[7].value.count, 3);
	assert_true(span_equal(toml.entries[7].value.text, " 1, 2 ,3,"));
	assert_int_equal(toml.entries[8].value.count, 0);
	assert_int_equal(toml.tables[3].index, 1);
	assert_int_equal(toml.entries[10].table, 3);
	assert_int_equal(toml.entries[10].value.absolute, 4096);
}

static void
the_empty_document(void **state)
{
	(void)state;
	assert_true(parse(""));
	assert_int_equal(toml.nentries, 0);
	assert_true(toml_parse(&toml, (struct span){NULL, 0}, &error));
	assert_true(parse("\n \n# only this"));
}

/* Each refusal has the position and what to do */
static const struct malformed {
	const char *text;
	uint32_t line, column;
	const char *says;
} malformed[] = {
	{"a", 1, 2, "= was expected"},
	{"a =", 1, 4, "a value was expected"},
	{"a = # b", 1, 5, "a value was expected"},
	{"= 1", 1, 1, "a name was expected"},
	{"\"a\" = 1", 1, 1, "without quotes"},
	{"a.b = 1", 1, 2, "dotted names"},
	{"[a.b]", 1, 3, "dotted names"},
	{"[a", 1, 3, "] was expected"},
	{"[[a]", 1, 5, "]] was expected"},
	{"[a] b = 1", 1, 5, "something after the value"},
	{"a = 1 b = 2", 1, 7, "something after the value"},
	{"a = 01", 1, 5, "leading zeroes"},
	{"a = -0x1", 1, 6, "leading zeroes"},
	{"a = 1__0", 1, 5, "'1__0' is not a value"},
	{"a = _1", 1, 5, "'_1' is not a value"},
	{"a = 1_", 1, 5, "is not a value"},
	{"a = 0x", 1, 5, "is not a value"},
	{"a = 0o7", 1, 5, "leading zeroes"},
	{"a = 1.5", 1, 5, "decimal point"},
	{"a = 1e5", 1, 5, "is not a value"},
	{"a = 9223372036854775808", 1, 5, "is not a value"},
	{"a = 1979-05-27", 1, 5, "is not a value"},
	{"a = True", 1, 5, "'True' is not a value"},
	{"a = trues", 1, 5, "'trues' is not a value"},
	{"a = 4GiB", 1, 5, "'4GiB' is not a value"},
	{"a = @", 1, 5, "is not a value"},
	{"a = \"x", 1, 5, "no closing quote"},
	{"a = 'x\n'", 1, 5, "no closing quote"},
	{"a = \"\\n\"", 1, 6, "'text', where"},
	{"a = \"\"\"x\"\"\"", 1, 5, "several lines"},
	{"a = {b = 1}", 1, 5, "inline tables"},
	{"a = [1", 1, 5, "no ] on its line"},
	{"a = [1\n]", 1, 5, "no ] on its line"},
	{"a = [1 2]", 1, 8, ", or ] was expected"},
	{"a = [\"x\"]", 1, 6, "is not a value"},
	{"a = 1\na = 2", 2, 1, "'a' is here a second time"},
	{"[t]\n[t]", 2, 2, "'t' is here a second time"},
	{"[t]\n[[t]]", 2, 3, "choose one"},
	{"[[t]]\n[t]", 2, 2, "choose one"},
	{"t = 1\n[t]", 2, 2, "is a key already"},
	{"a = 1\n\nb = \"\x01\"", 3, 6, "control character"},
	{"# \xFF", 1, 3, "not UTF-8"},
	{"# \xC0\xAF", 1, 3, "not UTF-8"},
	{"# \xED\xA0\x80", 1, 3, "not UTF-8"},
	{"# \xF4\x90\x80\x80", 1, 3, "not UTF-8"},
	{"# \xE2\x82", 1, 3, "not UTF-8"},
	{"a = 1\rb = 2", 1, 6, "something after the value"},
};

static void
malformed_text_is_refused_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i += 1) {
		const struct malformed *m = &malformed[i];

		if (parse(m->text)) {
			fail_msg("accepted: %s", m->text);
		}
		if (error.line != m->line || error.column != m->column ||
		    !strstr(error.text, m->says)) {
			fail_msg("%s: got %u:%u: %s", m->text, error.line, error.column,
				 error.text);
		}
	}
}

static void
a_document_too_large_is_refused(void **state)
{
	static char text[TOML_TEXT_NBYTES_MAX + 2];
	size_t n = 0;

	(void)state;
	for (int i = 0; i < TOML_ENTRIES_MAX + 1; i += 1) {
		n += (size_t)snprintf(text + n, sizeof(text) - n, "k%d = %d\n", i, i);
	}
	assert_false(parse(text));
	assert_int_equal(error.line, TOML_ENTRIES_MAX + 1);
	assert_non_null(strstr(error.text, "one key too many"));
	n = 0;
	for (int i = 0; i < TOML_TABLES_MAX; i += 1) {
		n += (size_t)snprintf(text + n, sizeof(text) - n, "[[t]]\n");
	}
	assert_false(parse(text));
	assert_int_equal(error.line, TOML_TABLES_MAX);
	n = (size_t)snprintf(text, sizeof(text), "a = [");
	for (int i = 0; i < TOML_ARRAY_MAX + 1; i += 1) {
		n += (size_t)snprintf(text + n, sizeof(text) - n, "1,");
	}
	assert_false(parse(text));
	assert_int_equal(error.column, 6 + 2 * TOML_ARRAY_MAX);
	assert_non_null(strstr(error.text, "at most 128 numbers"));
	memset(text, '\n', sizeof(text));
	assert_false(toml_parse(&toml, (struct span){text, sizeof(text)}, &error));
	assert_non_null(strstr(error.text, "256 KiB"));
}

static void
numbers_with_units(void **state)
{
	static const struct {
		const char *text;
		uint64_t nbytes;
	} good[] = {
		{"4096", 4096}, {"0x1000", 4096}, {"4KiB", 4096}, {"4K", 4096}, {"1GiB", 1 << 30},
		{"1GB", 1000000000}, {"2kB", 2000}, {"1_0M", 10 << 20}, {"512B", 512},
		{"16777215TiB", 16777215ULL << 40}, {"0xB", 11},
	};
	static const char *const bad[] = {"", "KiB", "-1", "4 KiB", "4kib", "16777216TiB",
					  "0x10KiB", "1.5GiB", "18446744073709551616", "_4K",
					  "4_K"};
	uint64_t nbytes;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i += 1) {
		assert_true(span_to_bytes(span_of(good[i].text), &nbytes));
		assert_int_equal(nbytes, good[i].nbytes);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i += 1) {
		if (span_to_bytes(span_of(bad[i]), &nbytes)) {
			fail_msg("accepted: %s", bad[i]);
		}
	}
	assert_true(span_to_bytes(span_of("0x1B"), &nbytes)); /* hexadecimal, not one byte */
	assert_int_equal(nbytes, 0x1B);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_value),
		cmocka_unit_test(the_empty_document),
		cmocka_unit_test(malformed_text_is_refused_with_its_place),
		cmocka_unit_test(a_document_too_large_is_refused),
		cmocka_unit_test(numbers_with_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
