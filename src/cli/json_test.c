/* SPDX-License-Identifier: BSD-3-Clause */
/* Converting the YAML of the print functions to one JSON object */
#include <errno.h>
#include <json-c/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cli/cli.h>

#define PLAIN (JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)

/* The object that `yaml` is converted to; its exit code in *exit_code */
static struct json_object *
emit(const char *yaml, int given_exit, int *exit_code)
{
	struct cli_result result = {"tool", "sub", given_exit, yaml, strlen(yaml)};
	struct json_object *object;
	char *text = NULL;
	size_t nbytes = 0;
	FILE *stream = open_memstream(&text, &nbytes);

	*exit_code = cli_json_emit(stream, &result, &cli_process.errors);
	fclose(stream);
	object = json_tokener_parse(text);
	if (!object) {
		fail_msg("not JSON: %s", text);
	}
	free(text);
	return object;
}

/* Check that `yaml` is converted to the `result` with the text `json` */
static void
becomes(const char *yaml, const char *json)
{
	int exit_code;
	struct json_object *object = emit(yaml, 0, &exit_code);
	struct json_object *result = json_object_object_get(object, "result");

	assert_int_equal(exit_code, 0);
	assert_string_equal(json_object_to_json_string_ext(result, PLAIN), json);
	json_object_put(object);
}

static void
scalars_keep_their_kind(void **state)
{
	(void)state;
	becomes("a: 12\nb: 0x1f\nc: -3\nd: 1.50\n", "{\"a\":12,\"b\":31,\"c\":-3,\"d\":1.50}");
	becomes("a: '12'\nb: \"x\"\nc: plain\n", "{\"a\":\"12\",\"b\":\"x\",\"c\":\"plain\"}");
	becomes("a: ~\nb: null\nc: true\nd:\n", "{\"a\":null,\"b\":null,\"c\":true,\"d\":null}");
	/* numbers of YAML that are not numbers of JSON */
	becomes("a: +1.5\nb: +7\nc: 1.\nd: -.5\n",
		"{\"a\":1.5,\"b\":7,\"c\":\"1.\",\"d\":\"-.5\"}");
	becomes("a: -1.5e-3\nb: 1e5\nc: 1.e5\nd: 1e\ne: +-1.5\n",
		"{\"a\":-1.5e-3,\"b\":1e5,\"c\":\"1.e5\",\"d\":\"1e\",\"e\":\"+-1.5\"}");
	becomes("a: -9223372036854775808\nb: -9223372036854775809\n",
		"{\"a\":-9223372036854775808,\"b\":\"-9223372036854775809\"}");
	becomes("a: 0xffffffffffffffff\n", "{\"a\":18446744073709551615}");
	becomes("a: 000000\nb: 0u\nc: inf\n", "{\"a\":\"000000\",\"b\":\"0u\",\"c\":\"inf\"}");
}

static void
lists_and_records_nest(void **state)
{
	(void)state;
	becomes("l:\n  - {uri: '/dev/x', n: 0x2}\n  - {uri: 'y'}\nm: [1, 2]\n", "{\"l\":[{\"uri\":"
										"\"/dev/"
										"x\",\"n\":2},{"
										"\"uri\":\"y\"}],"
										"\"m\":[1,2]}");
	becomes("xnvme_cli_enumeration: ~\n", "{\"xnvme_cli_enumeration\":null}");
	becomes("", "null");
}

static void
notes_are_lines_of_information(void **state)
{
	int exit_code;
	struct json_object *object = emit("# one\na: 1\n  # two\n#three\n", 0, &exit_code);
	struct json_object *notes = json_object_object_get(object, "notes");

	(void)state;
	assert_string_equal(json_object_to_json_string_ext(notes, PLAIN), "[\"one\",\"two\","
									  "\"three\"]");
	assert_string_equal(json_object_get_string(json_object_object_get(object, "schema")), "xnvm"
											      "e/"
											      "1");
	assert_string_equal(json_object_get_string(json_object_object_get(object, "tool")), "tool");
	assert_string_equal(json_object_get_string(json_object_object_get(object, "sub")), "sub");
	json_object_put(object);
}

static void
text_that_is_not_yaml_is_a_failure(void **state)
{
	int exit_code;
	struct json_object *object = emit("a: {b: 1)\n", 0, &exit_code);

	(void)state;
	assert_int_equal(exit_code, 1);
	assert_null(json_object_object_get(object, "result"));
	assert_string_equal(json_object_get_string(json_object_object_get(object, "raw")), "a: {b: "
											   "1)\n");
	assert_int_equal(json_object_array_length(json_object_object_get(object, "errors")), 1);
	json_object_put(object);
	cli_errors_clear(&cli_process.errors);
}

static void
a_key_that_stands_twice_is_a_failure(void **state)
{
	int exit_code;
	struct json_object *object = emit("a: {b: 1, b: 2}\n", 0, &exit_code);

	(void)state;
	assert_int_equal(exit_code, 1);
	assert_null(json_object_object_get(object, "result"));
	json_object_put(object);
	cli_errors_clear(&cli_process.errors);
}

static void
bytes_that_are_not_text_are_replaced(void **state)
{
	(void)state;
	becomes("sn: 'A\x01\xff\xc3:'\n", "{\"sn\":\"A???:\"}");
	becomes("sn: '\xc3\xa4'\n", "{\"sn\":\"\xc3\xa4\"}");
	/* a surrogate, overlong, beyond Unicode, U+0080, U+FFFE, cut off, of four bytes */
	becomes("sn: '\xed\xa0\x80'\n", "{\"sn\":\"???\"}");
	becomes("sn: '\xc0\xaf\xe0\x80\xaf'\n", "{\"sn\":\"?????\"}");
	becomes("sn: '\xf4\x90\x80\x80'\n", "{\"sn\":\"????\"}");
	becomes("sn: '\xc2\x80'\n", "{\"sn\":\"??\"}");
	becomes("sn: '\xef\xbf\xbe'\n", "{\"sn\":\"???\"}");
	becomes("sn: '\xf0\x9f\x98'\n", "{\"sn\":\"???\"}");
	becomes("sn: '\xf0\x9f\x98\x80'\n", "{\"sn\":\"\xf0\x9f\x98\x80\"}");
}

/* 9 to the power of 9 nodes */
static void
aliases_are_a_failure(void **state)
{
	char yaml[1024] = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
	struct json_object *object;
	int exit_code;

	(void)state;
	for (int i = 1; i < 9; ++i) {
		size_t used = strlen(yaml);

		snprintf(yaml + used, sizeof(yaml) - used, "a%d: &a%d [*a%d", i, i, i - 1);
		for (int j = 1; j < 9; ++j) {
			used = strlen(yaml);
			snprintf(yaml + used, sizeof(yaml) - used, ", *a%d", i - 1);
		}
		strcat(yaml, "]\n");
	}
	object = emit(yaml, 0, &exit_code);
	assert_int_equal(exit_code, 1);
	assert_null(json_object_object_get(object, "result"));
	assert_string_equal(json_object_get_string(json_object_object_get(object, "raw")), yaml);
	json_object_put(object);
	cli_errors_clear(&cli_process.errors);
}

static void
errors_and_exit_codes_are_reported(void **state)
{
	struct json_object *object, *entry;
	int exit_code;

	(void)state;
	cli_errors_add(&cli_process.errors, "open", -ENOENT, "no such device");
	cli_errors_add(&cli_process.errors, "\xff", -ENOENT, "'a\xfe' is no name");
	object = emit("a: 1\n", 2, &exit_code);
	assert_int_equal(exit_code, 2);
	assert_int_equal(json_object_get_int(json_object_object_get(object, "exit")), 2);
	entry = json_object_array_get_idx(json_object_object_get(object, "errors"), 0);
	assert_int_equal(json_object_get_int(json_object_object_get(entry, "errno")), -ENOENT);
	assert_string_equal(json_object_get_string(json_object_object_get(entry, "why")), "no such "
											  "device");
	entry = json_object_array_get_idx(json_object_object_get(object, "errors"), 1);
	assert_string_equal(json_object_get_string(json_object_object_get(entry, "what")), "?");
	assert_string_equal(json_object_get_string(json_object_object_get(entry, "why")),
			    "'a?' is no name");
	json_object_put(object);
	cli_errors_clear(&cli_process.errors);
}

static void
deep_nesting_does_not_overflow(void **state)
{
	char yaml[4096];
	int exit_code;

	(void)state;
	memset(yaml, '[', 2000);
	memset(yaml + 2000, ']', 2000);
	yaml[4000] = '\0';
	json_object_put(emit(yaml, 0, &exit_code));
	cli_errors_clear(&cli_process.errors);
}

static void
stdout_is_saved(void **state)
{
	struct cli_capture capture;
	char *text = NULL;
	size_t nbytes = 0;

	(void)state;
	assert_int_equal(cli_capture_begin(&capture), 0);
	for (int i = 0; i < 20000; ++i) {
		printf("line %05d\n", i);
	}
	assert_int_equal(cli_capture_end(&capture, &text, &nbytes), 0);
	assert_int_equal(nbytes, 20000 * 11);
	assert_memory_equal(text + nbytes - 11, "line 19999\n", 12);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scalars_keep_their_kind),
		cmocka_unit_test(lists_and_records_nest),
		cmocka_unit_test(notes_are_lines_of_information),
		cmocka_unit_test(text_that_is_not_yaml_is_a_failure),
		cmocka_unit_test(a_key_that_stands_twice_is_a_failure),
		cmocka_unit_test(bytes_that_are_not_text_are_replaced),
		cmocka_unit_test(aliases_are_a_failure),
		cmocka_unit_test(errors_and_exit_codes_are_reported),
		cmocka_unit_test(deep_nesting_does_not_overflow),
		cmocka_unit_test(stdout_is_saved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
