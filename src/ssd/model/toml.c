/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The parser of the TOML subset: one pass over the text, line by line, without backtracking.
 */
#include <base/assert.h>
#include <ssd/model/toml.h>

struct parser {
	struct toml *toml;
	struct toml_error *error;
	const char *at, *end;
	const char *line_start;
	uint32_t line;
};

static void
parser_check(const struct parser *p)
{
	ASSERT(p->line_start <= p->at && p->at <= p->end);
	ASSERT(p->toml->ntables > 0 && p->toml->ntables <= TOML_TABLES_MAX);
	ASSERT(p->toml->nentries <= TOML_ENTRIES_MAX);
}

static bool
refuse_at(struct parser *p, const char *where, const char *why)
{
	struct text out = text_on(p->error->text, sizeof(p->error->text));

	parser_check(p);
	ASSERT(where >= p->line_start && where <= p->end);
	p->error->line = p->line;
	p->error->column = (uint32_t)(where - p->line_start) + 1;
	text_str(&out, why);
	return false;
}

static bool
refuse(struct parser *p, const char *why)
{
	parser_check(p);
	return refuse_at(p, p->at, why);
}

static bool
refuse_name(struct parser *p, struct span name, const char *why)
{
	struct text out = text_on(p->error->text, sizeof(p->error->text));

	parser_check(p);
	ASSERT(name.at >= p->line_start && name.at <= p->end);
	p->error->line = p->line;
	p->error->column = (uint32_t)(name.at - p->line_start) + 1;
	text_quote(&out, name);
	text_char(&out, ' ');
	text_str(&out, why);
	return false;
}

static char
peek(const struct parser *p)
{
	parser_check(p);
	return p->at < p->end ? *p->at : '\n'; /* the end of the text also ends a line */
}

static bool
at_line_end(const struct parser *p)
{
	parser_check(p);
	return peek(p) == '\n' || (peek(p) == '\r' && p->end - p->at > 1 && p->at[1] == '\n');
}

static void
skip_blanks(struct parser *p)
{
	parser_check(p);
	while (p->at < p->end && (*p->at == ' ' || *p->at == '\t')) {
		p->at += 1;
	}
}

/* The length of the UTF-8 character at `at`, or 0 when it is invalid (overlong forms and surrogates
 * included); Unicode 15, table 3-7 */
static size_t
utf8_nbytes(const unsigned char *at, size_t left)
{
	size_t n = at[0] < 0x80 ? 1 : at[0] < 0xC2 ? 0 : at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;

	ASSERT(left > 0);
	if (n == 0 || at[0] > 0xF4 || left < n) {
		return 0;
	}
	for (size_t i = 1; i < n; i += 1) {
		if ((at[i] & 0xC0) != 0x80) {
			return 0;
		}
	}
	if ((at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F) ||
	    (at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F)) {
		return 0;
	}
	return n;
}

/* Skip one character of a comment or a string */
static bool
skip_character(struct parser *p)
{
	unsigned char c = (unsigned char)*p->at;
	size_t n = utf8_nbytes((const unsigned char *)p->at, (size_t)(p->end - p->at));

	ASSERT(p->at < p->end);
	if (n == 0) {
		return refuse(p, "this is not UTF-8; save the file as UTF-8");
	}
	if ((c < 0x20 && c != '\t') || c == 0x7F) {
		return refuse(p, "a control character; only tabs are allowed");
	}
	p->at += n;
	return true;
}

/* Skip blanks and a comment up to the end of the line */
static bool
finish_line(struct parser *p)
{
	parser_check(p);
	skip_blanks(p);
	if (peek(p) == '#' && p->at < p->end) {
		while (!at_line_end(p)) {
			if (!skip_character(p)) {
				return false;
			}
		}
	}
	if (!at_line_end(p)) {
		return refuse(p, "something after the value; one key = value to a line, then "
				 "nothing but a # comment");
	}
	return true;
}

static bool
is_bare(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

static bool
read_name(struct parser *p, struct span *name)
{
	parser_check(p);
	*name = (struct span){.at = p->at, .nbytes = 0};
	while (p->at < p->end && is_bare(*p->at)) {
		p->at += 1;
	}
	name->nbytes = (size_t)(p->at - name->at);
	if (name->nbytes == 0) {
		if (peek(p) == '"' || peek(p) == '\'') {
			return refuse(p, "quoted names are not of this subset; write the name "
					 "without quotes");
		}
		return refuse(p, "a name was expected: letters, digits, _ and -");
	}
	if (peek(p) == '.') {
		return refuse(p, "dotted names are not of this subset; write one name, in a "
				 "[table] of its own");
	}
	return true;
}

/* Count the tables of this name; *is_array is their kind */
static uint32_t
count_tables(const struct parser *p, struct span name, bool *is_array)
{
	uint32_t n = 0;

	parser_check(p);
	for (uint32_t i = 1; i < p->toml->ntables; i += 1) {
		if (span_same(p->toml->tables[i].name, name)) {
			*is_array = p->toml->tables[i].is_array;
			n += 1;
		}
	}
	return n;
}

static bool
add_table(struct parser *p, struct span name, bool is_array)
{
	bool was_array = is_array;
	uint32_t n = count_tables(p, name, &was_array);

	ASSERT(name.nbytes > 0);
	if (n && !(is_array && was_array)) {
		return refuse_name(p, name, is_array == was_array
				   ? "is here a second time; put its keys into one [table]"
				   : "is both a [table] and a [[list of tables]]; choose one");
	}
	for (uint32_t i = 0; i < p->toml->nentries; i += 1) {
		const struct toml_entry *entry = &p->toml->entries[i];

		if (entry->table == 0 && span_same(entry->key, name)) {
			return refuse_name(p, name, "is a key already, so it cannot be a table");
		}
	}
	if (p->toml->ntables == TOML_TABLES_MAX) {
		return refuse_name(p, name, "is one table too many; at most 63 are allowed");
	}
	p->toml->tables[p->toml->ntables] = (struct toml_table){
		.name = name, .is_array = is_array, .index = n, .line = p->line};
	p->toml->ntables += 1;
	return true;
}

static bool
read_table(struct parser *p)
{
	struct span name;
	bool is_array;

	ASSERT(peek(p) == '[');
	p->at += 1;
	is_array = peek(p) == '[';
	p->at += is_array ? 1 : 0;
	skip_blanks(p);
	if (!read_name(p, &name)) {
		return false;
	}
	skip_blanks(p);
	for (int i = 0; i < (is_array ? 2 : 1); i += 1) {
		if (peek(p) != ']') {
			return refuse(p, is_array ? "]] was expected after the name of the table"
						  : "] was expected after the name of the table");
		}
		p->at += 1;
	}
	return add_table(p, name, is_array) && finish_line(p);
}

/* TOML: no leading zeroes, `_` only between digits, 0x in lower case, no sign before 0x */
static bool
read_integer(struct parser *p, struct toml_value *value)
{
	struct span token;
	bool has_sign = peek(p) == '-' || peek(p) == '+';

	parser_check(p);
	value->negative = peek(p) == '-';
	p->at += has_sign ? 1 : 0;
	token = (struct span){.at = p->at, .nbytes = 0};
	while (p->at < p->end && (is_bare(*p->at) || *p->at == '.' || *p->at == ':')) {
		if (*p->at == '.') {
			return refuse_at(p, token.at, "numbers with a decimal point are not of "
						      "this subset; use a smaller unit");
		}
		p->at += 1;
	}
	token.nbytes = (size_t)(p->at - token.at);
	if (token.nbytes > 1 && token.at[0] == '0' && (token.at[1] != 'x' || has_sign)) {
		return refuse_at(p, token.at, "a number that starts with 0; write it in decimal "
					      "without leading zeroes, or as 0x...");
	}
	if (token.nbytes && token.at[0] >= '0' && token.at[0] <= '9' &&
	    span_to_u64(token, &value->absolute) && value->absolute <= INT64_MAX) {
		value->text = token;
		return true;
	}
	return refuse_name(p, token, "is not a value; give a whole number, true, false, "
				     "\"text\" or [1, 2, 3]");
}

static bool
read_string(struct parser *p, struct span *string)
{
	char quote = *p->at;
	const char *open = p->at;

	ASSERT(p->at < p->end && (quote == '"' || quote == '\''));
	p->at += 1;
	if (p->end - p->at >= 2 && p->at[0] == quote && p->at[1] == quote) {
		return refuse_at(p, open, "text of several lines is not of this subset");
	}
	string->at = p->at;
	while (peek(p) != quote || p->at == p->end) {
		if (at_line_end(p)) {
			return refuse_at(p, open, "this text has no closing quote on its line");
		}
		if (*p->at == '\\' && quote == '"') {
			return refuse(p, "\\ in \"text\" is not of this subset; write 'text', "
					 "where \\ means itself");
		}
		if (!skip_character(p)) {
			return false;
		}
	}
	string->nbytes = (size_t)(p->at - string->at);
	p->at += 1;
	return true;
}

static bool
read_array(struct parser *p, struct toml_value *value)
{
	const char *open = p->at;
	struct toml_value number;

	ASSERT(peek(p) == '[');
	p->at += 1;
	value->text.at = p->at;
	for (value->count = 0;;) {
		skip_blanks(p);
		if (at_line_end(p) || peek(p) == '#') {
			return refuse_at(p, open, "this [list] has no ] on its line");
		}
		if (peek(p) == ']') {
			value->text.nbytes = (size_t)(p->at - value->text.at);
			p->at += 1;
			return true; /* TOML allows a comma before it */
		}
		if (value->count == TOML_ARRAY_MAX) {
			return refuse(p, "a [list] has at most 128 numbers");
		}
		if (!read_integer(p, &number)) {
			return false;
		}
		ASSERT(value->count < TOML_ARRAY_MAX);
		value->count += 1;
		skip_blanks(p);
		if (peek(p) == ',') {
			p->at += 1;
		} else if (peek(p) != ']' && !at_line_end(p) && peek(p) != '#') {
			return refuse(p, ", or ] was expected in this [list] of numbers");
		}
	}
}

static bool
take_word(struct parser *p, const char *word)
{
	struct span rest = {.at = p->at, .nbytes = 0};

	parser_check(p);
	while (rest.at + rest.nbytes < p->end && is_bare(rest.at[rest.nbytes])) {
		rest.nbytes += 1;
	}
	if (!span_equal(rest, word)) {
		return false;
	}
	p->at += rest.nbytes;
	return true;
}

static bool
read_value(struct parser *p, struct toml_value *value)
{
	parser_check(p);
	value->count = 1;
	if (at_line_end(p) || peek(p) == '#') {
		return refuse(p, "a value was expected after =");
	}
	switch (peek(p)) {
	case '"':
	case '\'':
		value->type = TOML_STRING;
		return read_string(p, &value->text);
	case '[':
		value->type = TOML_ARRAY;
		return read_array(p, value);
	case '{':
		return refuse(p, "{inline tables} are not of this subset; use a [table]");
	default:
		break;
	}
	if (take_word(p, "true")) {
		value->type = TOML_BOOLEAN;
		value->text = span_of("true");
		return true;
	}
	if (take_word(p, "false")) {
		value->type = TOML_BOOLEAN;
		value->text = span_of("false");
		return true;
	}
	value->type = TOML_INTEGER;
	return read_integer(p, value);
}

static bool
read_entry(struct parser *p)
{
	struct toml_entry entry = {.table = p->toml->ntables - 1, .line = p->line};

	parser_check(p);
	ASSERT(p->toml->ntables > 0);
	entry.column = (uint32_t)(p->at - p->line_start) + 1;
	if (!read_name(p, &entry.key)) {
		return false;
	}
	skip_blanks(p);
	if (peek(p) != '=') {
		return refuse(p, "= was expected after the name");
	}
	p->at += 1;
	skip_blanks(p);
	if (!read_value(p, &entry.value) || !finish_line(p)) {
		return false;
	}
	for (uint32_t i = 0; i < p->toml->nentries; i += 1) {
		if (p->toml->entries[i].table == entry.table &&
		    span_same(p->toml->entries[i].key, entry.key)) {
			return refuse_name(p, entry.key, "is here a second time in its table; "
							 "keep one");
		}
	}
	if (p->toml->nentries == TOML_ENTRIES_MAX) {
		return refuse_name(p, entry.key, "is one key too many; at most 256 are allowed");
	}
	p->toml->entries[p->toml->nentries] = entry;
	p->toml->nentries += 1;
	return true;
}

static bool
read_line(struct parser *p)
{
	parser_check(p);
	ASSERT(p->at == p->line_start);
	skip_blanks(p);
	if (at_line_end(p) || peek(p) == '#') {
		return finish_line(p);
	}
	return peek(p) == '[' ? read_table(p) : read_entry(p);
}

bool
toml_parse(struct toml *toml, struct span text, struct toml_error *error)
{
	struct parser p = {.toml = toml, .error = error, .line = 1};

	p.at = p.line_start = text.nbytes ? text.at : "";
	p.end = p.at + text.nbytes;
	toml->ntables = 1;
	toml->nentries = 0;
	toml->tables[0] = (struct toml_table){.line = 1};
	if (text.nbytes > TOML_TEXT_NBYTES_MAX) {
		return refuse(&p, "more than 256 KiB of text; this cannot be a description of "
				  "an SSD");
	}
	while (p.at < p.end) {
		if (!read_line(&p)) {
			return false;
		}
		p.at += p.at < p.end && *p.at == '\r' ? 1 : 0;
		p.at += p.at < p.end ? 1 : 0;
		p.line += 1;
		p.line_start = p.at;
	}
	ASSERT(p.at == p.end);
	return true;
}
