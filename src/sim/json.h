/* SPDX-License-Identifier: BSD-3-Clause */
/* Look things up in a small JSON text, strictly read (RFC 8259), without building a tree */
#ifndef SIM_JSON_H
#define SIM_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A value inside a text; lent from it */
struct json {
	const char *at;
	size_t nbytes;
};

/* Is the whole text one value? The value without the space around it. */
bool json_open(const char *text, size_t nbytes, struct json *value);

/* A member of an object by its path, names separated by dots; false when it is not there */
bool json_get(struct json object, const char *path, struct json *value);

/* The elements of an array, one by one: start with *next = {0}; false at the end */
bool json_each(struct json array, struct json *next);

bool json_u64(struct json value, uint64_t *number);
bool json_i64(struct json value, int64_t *number);
bool json_double(struct json value, double *number);
/* A string without escapes, copied and terminated; false when it has some or is too long */
bool json_string(struct json value, char *to, size_t to_nbytes);

#endif /* SIM_JSON_H */
