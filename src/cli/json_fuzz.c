/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Converts any bytes as the output of a sub-command, and the bytes before the first NUL also as an
 * error that it reported. Checks that the result is one JSON object in UTF-8 with the documented
 * members. Built with -Dfuzzers=true; run as cli_json_fuzz CORPUS_FOLDER.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include <cli/cli.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t nbytes);

static void
must(bool true_of_it)
{
	if (!true_of_it) {
		abort();
	}
}

/* Unicode, table 3-7: no surrogates, no overlong sequences */
static bool
is_utf8(const unsigned char *at, const unsigned char *end)
{
	while (at < end) {
		int more = *at < 0x80 ? 0 : *at < 0xE0 ? 1 : *at < 0xF0 ? 2 : 3;
		uint32_t code = more ? *at & (0x3FU >> more) : *at;
		static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};

		if ((*at >= 0x80 && *at < 0xC0) || *at > 0xF7 || end - at <= more) {
			return false;
		}
		for (int i = 0; i < more; ++i) {
			if ((*++at & 0xC0) != 0x80) {
				return false;
			}
			code = code << 6 | (*at & 0x3F);
		}
		if (code < least[more] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) {
			return false;
		}
		at += 1;
	}
	return true;
}

static void
check(const char *text, size_t nbytes, int exit_code)
{
	static const char *const members[] = {"schema", "tool", "sub", "exit", "result", "notes",
					      "errors"};
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *object, *member;

	must(tokener && nbytes && text[nbytes - 1] == '\n');
	must(is_utf8((const unsigned char *)text, (const unsigned char *)text + nbytes));
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	object = json_tokener_parse_ex(tokener, text, (int)nbytes);
	must(object && json_tokener_get_error(tokener) == json_tokener_success);
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); ++i) {
		must(json_object_object_get_ex(object, members[i], NULL));
	}
	must(json_object_get_int(json_object_object_get(object, "exit")) == exit_code);
	if (json_object_object_get_ex(object, "raw", &member)) {
		must(exit_code && !json_object_object_get(object, "result"));
	}
	json_object_put(object);
	json_tokener_free(tokener);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t nbytes)
{
	const char *printed = (const char *)data;
	const uint8_t *separator = memchr(data, 0, nbytes);
	struct cli_result result = {"tool", "sub", CLI_EXIT_OK, printed, nbytes};
	char *text = NULL;
	size_t text_nbytes = 0;
	FILE *stream = open_memstream(&text, &text_nbytes);
	int exit_code;

	must(stream);
	if (separator) {
		cli_errors_add(&cli_process.errors, printed, -5, printed);
		result.exit = CLI_EXIT_FAILED;
		result.tool = printed;
		result.yaml = (const char *)separator + 1;
		result.yaml_nbytes = nbytes - (size_t)(separator + 1 - data);
	}
	exit_code = cli_json_emit(stream, &result, &cli_process.errors);
	fclose(stream);
	check(text, text_nbytes, exit_code);
	cli_errors_clear(&cli_process.errors);
	free(text);
	return 0;
}
