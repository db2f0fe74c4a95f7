/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * --output json: converts the YAML output of a sub-command to the `result` of one JSON object. All
 * sub-commands use it, so there is no second set of printers to maintain.
 */
#include <ctype.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include <cli/cli.h>

#define SCHEMA "xnvme/1"
#define DEPTH_MAX 24 /* JSON parsers accept 32 levels, and the object adds some */

/*
 * Length of the UTF-8 sequence at `at`; 0 when it is invalid (e.g. overlong or a surrogate) or not
 * allowed in YAML (1.2, section 5.1, e.g. a control character)
 */
static size_t
character_len(const unsigned char *at, size_t nbytes)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t len = *at < 0x80 ? 1 : *at < 0xC0 ? 0 : *at < 0xE0 ? 2 : *at < 0xF0 ? 3 : 4;
	uint32_t code = len > 1 ? *at & (0x7FU >> len) : *at;

	if (!len || len > nbytes || *at > 0xF7) {
		return 0;
	}
	for (size_t i = 1; i < len; ++i) {
		if ((at[i] & 0xC0) != 0x80) {
			return 0;
		}
		code = code << 6 | (at[i] & 0x3F);
	}
	if (code < least[len] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) {
		return 0;
	}
	if ((code < 0x20 && code != '\n' && code != '\t') || (code >= 0x7F && code < 0xA0) ||
	    code == 0xFEFF || code == 0xFFFE || code == 0xFFFF) {
		return 0;
	}
	return len;
}

/* Replace bytes that YAML and JSON do not allow by '?': strings of devices and command lines may
 * contain any bytes */
static void
make_text(char *text, size_t nbytes)
{
	for (size_t i = 0; i < nbytes;) {
		size_t len = character_len((unsigned char *)text + i, nbytes - i);

		if (!len) {
			text[i] = '?';
			len = 1;
		}
		i += len;
	}
}

/* A JSON string from any bytes; null for NULL */
static struct json_object *
json_from_bytes(const char *bytes)
{
	char *text = bytes ? strdup(bytes) : NULL;
	struct json_object *string;

	if (!text) {
		return NULL;
	}
	make_text(text, strlen(text));
	string = json_object_new_string(text);
	free(text);
	return string;
}

void
cli_errors_add(struct cli_errors *errors, const char *what, int err, const char *why)
{
	struct json_object *entry = json_object_new_object();

	json_object_object_add(entry, "what", json_from_bytes(what));
	json_object_object_add(entry, "errno", json_object_new_int(err));
	json_object_object_add(entry, "msg", json_object_new_string(strerror(abs(err))));
	json_object_object_add(entry, "why", json_from_bytes(why));
	pthread_mutex_lock(&errors->lock);
	if (!errors->list) {
		errors->list = json_object_new_array();
	}
	json_object_array_add(errors->list, entry);
	pthread_mutex_unlock(&errors->lock);
}

void
cli_errors_clear(struct cli_errors *errors)
{
	pthread_mutex_lock(&errors->lock);
	json_object_put(errors->list);
	errors->list = NULL;
	pthread_mutex_unlock(&errors->lock);
}

/* Collect the lines of information: `# ...` */
static struct json_object *
take_notes(const char *text, size_t nbytes)
{
	struct json_object *notes = json_object_new_array();
	const char *end = text + nbytes;

	for (const char *line = text; line < end;) {
		const char *eol = memchr(line, '\n', (size_t)(end - line));
		const char *at = line;

		eol = eol ? eol : end;
		while (at < eol && (*at == ' ' || *at == '\t')) {
			at += 1;
		}
		if (at < eol && *at == '#') {
			at += at + 1 < eol && at[1] == ' ' ? 2 : 1;
			json_object_array_add(notes,
					      json_object_new_string_len(at, (int)(eol - at)));
		}
		line = eol + 1;
	}
	return notes;
}

static bool
is_decimal(const char *text)
{
	const char *digits = text + (*text == '-' || *text == '+');

	if (!isdigit((unsigned char)*digits) || (digits[0] == '0' && digits[1])) {
		return false;
	}
	return digits[strspn(digits, "0123456789")] == '\0';
}

/* Whether JSON accepts the text as a number with a fraction or an exponent (RFC 8259, section 6) */
static bool
is_real(const char *text)
{
	static const char digits[] = "0123456789";
	const char *at = text + (*text == '-');
	size_t nwhole = strspn(at, digits), nmore;

	if (!nwhole || (at[0] == '0' && nwhole > 1) || !strpbrk(text, ".eE")) {
		return false;
	}
	at += nwhole;
	if (*at == '.') {
		nmore = strspn(++at, digits);
		if (!nmore) {
			return false;
		}
		at += nmore;
	}
	if (*at == 'e' || *at == 'E') {
		at += 1;
		at += *at == '-' || *at == '+';
		nmore = strspn(at, digits);
		return nmore && !at[nmore];
	}
	return !*at;
}

/* A plain scalar is null, a boolean, a number or a string; a quoted one is a string */
static struct json_object *
json_from_scalar(const yaml_node_t *node)
{
	const char *text = (const char *)node->data.scalar.value, *number_text;
	uint64_t number;

	if (node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE) {
		return json_object_new_string_len(text, (int)node->data.scalar.length);
	}
	if (!*text || !strcmp(text, "~") || !strcmp(text, "null")) {
		return NULL;
	}
	if (!strcmp(text, "true") || !strcmp(text, "false")) {
		return json_object_new_boolean(*text == 't');
	}
	errno = 0;
	if (*text == '-' && is_decimal(text)) {
		int64_t negative = strtoll(text, NULL, 10);

		return errno ? json_object_new_string(text) : json_object_new_int64(negative);
	}
	if ((is_decimal(text) || (text[0] == '0' && text[1] == 'x')) &&
	    !cli_value_num(text + (*text == '+'), 10, &number)) {
		return json_object_new_uint64(number);
	}
	number_text = text + (*text == '+' && text[1] != '-');
	if (is_real(number_text)) {
		return json_object_new_double_s(strtod(number_text, NULL), number_text);
	}
	return json_object_new_string_len(text, (int)node->data.scalar.length);
}

/* State of the conversion of a document to JSON */
struct conversion {
	yaml_document_t doc;
	size_t nleft;  /* nodes left of the limit, which the text's length gives */
	char why[160]; /* the first error */
};

static struct json_object *json_from_node(struct conversion *c, yaml_node_t *node, int depth);

static struct json_object *
json_from_mapping(struct conversion *c, yaml_node_t *node, int depth)
{
	struct json_object *object = json_object_new_object();

	for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
	     pair < node->data.mapping.pairs.top; ++pair) {
		yaml_node_t *key = yaml_document_get_node(&c->doc, pair->key);
		yaml_node_t *value = yaml_document_get_node(&c->doc, pair->value);
		const char *name;

		if (!key || key->type != YAML_SCALAR_NODE) {
			continue;
		}
		name = (const char *)key->data.scalar.value;
		if (json_object_object_get_ex(object, name, NULL) && !c->why[0]) {
			snprintf(c->why, sizeof(c->why), "the key '%.64s' stands twice in a record",
				 name); /* YAML 1.2, section 3.2.1.3 */
		}
		json_object_object_add(object, name, json_from_node(c, value, depth));
	}
	return object;
}

/*
 * Refuses documents deeper than DEPTH_MAX and with aliases (*name), with which a few lines expand
 * to any number of nodes. The print functions nest only a few levels and use no aliases.
 */
static struct json_object *
json_from_node(struct conversion *c, yaml_node_t *node, int depth)
{
	struct json_object *array;

	if (!node || depth >= DEPTH_MAX || c->why[0]) {
		return NULL;
	}
	if (!c->nleft--) {
		snprintf(c->why, sizeof(c->why), "aliases repeat a part of it");
		return NULL;
	}
	switch (node->type) {
	case YAML_SCALAR_NODE:
		return json_from_scalar(node);
	case YAML_MAPPING_NODE:
		return json_from_mapping(c, node, depth + 1);
	case YAML_SEQUENCE_NODE:
		array = json_object_new_array();
		for (yaml_node_item_t *item = node->data.sequence.items.start;
		     item < node->data.sequence.items.top; ++item) {
			json_object_array_add(
				array, json_from_node(c, yaml_document_get_node(&c->doc, *item),
						      depth + 1));
		}
		return array;
	case YAML_NO_NODE:
	default:
		return NULL;
	}
}

/* Convert YAML text to a JSON tree; empty text gives null. Returns 0, or -EINVAL and `why` when the
 * text is not valid YAML. */
static int
json_from_yaml(const char *text, size_t nbytes, struct json_object **result, char *why,
	       size_t why_nbytes)
{
	struct conversion c = {.nleft = 2 * nbytes + 1}; /* a character may end an empty node */
	yaml_parser_t parser;

	*result = NULL;
	if (!yaml_parser_initialize(&parser)) {
		snprintf(why, why_nbytes, "the YAML parser could not be initialized");
		return -ENOMEM;
	}
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, nbytes);
	if (yaml_parser_load(&parser, &c.doc)) {
		*result = json_from_node(&c, yaml_document_get_root_node(&c.doc), 0);
		yaml_document_delete(&c.doc);
	} else {
		snprintf(c.why, sizeof(c.why), "line %zu: %s", parser.problem_mark.line + 1,
			 parser.problem ? parser.problem : "");
	}
	yaml_parser_delete(&parser);
	if (!c.why[0]) {
		return 0;
	}
	json_object_put(*result);
	*result = NULL;
	snprintf(why, why_nbytes, "what was printed is not YAML: %s; see 'raw'", c.why);
	return -EINVAL;
}

/*
 * Print the JSON object. Returns the exit code: that of the result, or 1 when the output is not
 * valid YAML; then `result` is null and `raw` holds the text.
 */
int
cli_json_emit(FILE *stream, const struct cli_result *result, struct cli_errors *errors)
{
	struct json_object *object = json_object_new_object(), *tree = NULL;
	char *text = calloc(1, result->yaml_nbytes + 1);
	char why[256] = "";
	int exit_code = result->exit, err;

	if (!object || !text) {
		json_object_put(object);
		free(text);
		fprintf(stderr, "# ERR: 'json': {errno: %d, msg: '%s'}\n", ENOMEM,
			strerror(ENOMEM));
		return CLI_EXIT_FAILED;
	}
	if (result->yaml_nbytes) {
		memcpy(text, result->yaml, result->yaml_nbytes);
	}
	make_text(text, result->yaml_nbytes);
	err = json_from_yaml(text, result->yaml_nbytes, &tree, why, sizeof(why));
	if (err) {
		cli_errors_add(errors, "output", err, why);
		exit_code = exit_code ? exit_code : CLI_EXIT_FAILED;
	}
	json_object_object_add(object, "schema", json_object_new_string(SCHEMA));
	json_object_object_add(object, "tool", json_from_bytes(result->tool));
	json_object_object_add(object, "sub", json_from_bytes(result->sub));
	json_object_object_add(object, "exit", json_object_new_int(exit_code));
	json_object_object_add(object, "result", tree);
	if (err) {
		json_object_object_add(object, "raw", json_object_new_string(text));
	}
	json_object_object_add(object, "notes", take_notes(text, result->yaml_nbytes));
	json_object_object_add(object, "errors",
			       errors->list ? json_object_get(errors->list)
					    : json_object_new_array());
	fprintf(stream, "%s\n",
		json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY |
							       JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
	free(text);
	return exit_code;
}
