/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The files that are read here are ours and small; a lookup walks the text. Depth is bounded, so
 * hostile nesting is an error and not a stack overflow.
 */
#include <errno.h>
#include <sim/json.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 32

struct cursor {
	const char *at, *end;
};

static void
space_skip(struct cursor *cursor)
{
	while (cursor->at < cursor->end && *cursor->at && strchr(" \t\r\n", *cursor->at)) {
		cursor->at++;
	}
}

static bool
char_take(struct cursor *cursor, char c)
{
	space_skip(cursor);
	if (cursor->at == cursor->end || *cursor->at != c) {
		return false;
	}
	cursor->at++;
	return true;
}

static bool
string_skip(struct cursor *cursor)
{
	if (!char_take(cursor, '"')) {
		return false;
	}
	while (cursor->at < cursor->end) {
		char c = *cursor->at++;

		if (c == '"') {
			return true;
		}
		if ((unsigned char)c < 0x20) {
			return false;
		}
		if (c == '\\' && cursor->at < cursor->end) {
			cursor->at++;
		}
	}
	return false;
}

static bool
digits_skip(struct cursor *cursor)
{
	const char *from = cursor->at;

	while (cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9') {
		cursor->at++;
	}
	return cursor->at > from;
}

static bool
number_skip(struct cursor *cursor)
{
	if (cursor->at < cursor->end && *cursor->at == '-') {
		cursor->at++;
	}
	if (!digits_skip(cursor)) {
		return false;
	}
	if (cursor->at < cursor->end && *cursor->at == '.') {
		cursor->at++;
		if (!digits_skip(cursor)) {
			return false;
		}
	}
	if (cursor->at < cursor->end && (*cursor->at == 'e' || *cursor->at == 'E')) {
		cursor->at++;
		if (cursor->at < cursor->end && (*cursor->at == '+' || *cursor->at == '-')) {
			cursor->at++;
		}
		return digits_skip(cursor);
	}
	return true;
}

static bool
word_skip(struct cursor *cursor, const char *word)
{
	size_t nbytes = strlen(word);

	if ((size_t)(cursor->end - cursor->at) < nbytes || memcmp(cursor->at, word, nbytes)) {
		return false;
	}
	cursor->at += nbytes;
	return true;
}

/* Skip one value of any kind: brackets are counted on a stack of our own */
static bool
value_skip(struct cursor *cursor)
{
	char open[DEPTH_MAX];
	int depth = 0;

	for (;;) {
		bool in_object;

		space_skip(cursor);
		if (cursor->at == cursor->end) {
			return false;
		}
		if (*cursor->at == '{' || *cursor->at == '[') {
			char close = *cursor->at == '{' ? '}' : ']';

			cursor->at++;
			if (!char_take(cursor, close)) {
				if (depth == DEPTH_MAX) {
					return false;
				}
				open[depth++] = close;
				if (close == '}' &&
				    (!string_skip(cursor) || !char_take(cursor, ':'))) {
					return false;
				}
				continue;
			}
		} else if (*cursor->at == '"') {
			if (!string_skip(cursor)) {
				return false;
			}
		} else if (!word_skip(cursor, "true") && !word_skip(cursor, "false") &&
			   !word_skip(cursor, "null") && !number_skip(cursor)) {
			return false;
		}
		while (depth > 0 && char_take(cursor, open[depth - 1])) {
			depth--;
		}
		if (depth == 0) {
			return true;
		}
		in_object = open[depth - 1] == '}';
		if (!char_take(cursor, ',') ||
		    (in_object && (!string_skip(cursor) || !char_take(cursor, ':')))) {
			return false;
		}
	}
}

bool
json_open(const char *text, size_t nbytes, struct json *value)
{
	struct cursor cursor = { text, text + nbytes };

	space_skip(&cursor);
	value->at = cursor.at;
	if (!value_skip(&cursor)) {
		return false;
	}
	value->nbytes = (size_t)(cursor.at - value->at);
	space_skip(&cursor);
	return cursor.at == cursor.end;
}

static bool
member_get(struct json object, const char *name, size_t name_nbytes, struct json *value)
{
	struct cursor cursor = { object.at, object.at + object.nbytes };

	if (!char_take(&cursor, '{') || char_take(&cursor, '}')) {
		return false;
	}
	do {
		const char *key;
		size_t key_nbytes;

		space_skip(&cursor);
		key = cursor.at + 1;
		if (!string_skip(&cursor)) {
			return false;
		}
		key_nbytes = (size_t)(cursor.at - key) - 1;
		if (!char_take(&cursor, ':')) {
			return false;
		}
		space_skip(&cursor);
		value->at = cursor.at;
		if (!value_skip(&cursor)) {
			return false;
		}
		value->nbytes = (size_t)(cursor.at - value->at);
		if (key_nbytes == name_nbytes && memcmp(key, name, name_nbytes) == 0) {
			return true;
		}
	} while (char_take(&cursor, ','));
	return false;
}

bool
json_get(struct json object, const char *path, struct json *value)
{
	*value = object;
	while (*path) {
		size_t nbytes = strcspn(path, ".");

		if (!member_get(*value, path, nbytes, value)) {
			return false;
		}
		path += nbytes + (path[nbytes] == '.');
	}
	return true;
}

bool
json_each(struct json array, struct json *next)
{
	struct cursor cursor = { array.at, array.at + array.nbytes };

	if (next->at == NULL) {
		if (!char_take(&cursor, '[') || char_take(&cursor, ']')) {
			return false;
		}
	} else {
		cursor.at = next->at + next->nbytes;
		if (!char_take(&cursor, ',')) {
			return false;
		}
	}
	space_skip(&cursor);
	next->at = cursor.at;
	if (!value_skip(&cursor)) {
		return false;
	}
	next->nbytes = (size_t)(cursor.at - next->at);
	return true;
}

/* The value's text, terminated, for the C library's number readers */
static bool
number_text(struct json value, char text[64])
{
	if (value.nbytes == 0 || value.nbytes >= 64 || *value.at == '"') {
		return false;
	}
	memcpy(text, value.at, value.nbytes);
	text[value.nbytes] = '\0';
	return true;
}

bool
json_u64(struct json value, uint64_t *number)
{
	char text[64], *end;

	if (!number_text(value, text) || text[0] == '-') {
		return false;
	}
	errno = 0;
	*number = strtoull(text, &end, 10);
	return errno == 0 && end != text && *end == '\0';
}

bool
json_i64(struct json value, int64_t *number)
{
	char text[64], *end;

	if (!number_text(value, text)) {
		return false;
	}
	errno = 0;
	*number = strtoll(text, &end, 10);
	return errno == 0 && end != text && *end == '\0';
}

bool
json_double(struct json value, double *number)
{
	char text[64], *end;

	if (!number_text(value, text)) {
		return false;
	}
	*number = strtod(text, &end);
	return end != text && *end == '\0';
}

bool
json_string(struct json value, char *to, size_t to_nbytes)
{
	if (value.nbytes < 2 || *value.at != '"' || value.nbytes - 2 >= to_nbytes ||
	    memchr(value.at, '\\', value.nbytes)) {
		return false;
	}
	memcpy(to, value.at + 1, value.nbytes - 2);
	to[value.nbytes - 2] = '\0';
	return true;
}
