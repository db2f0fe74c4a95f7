/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Text without a C library: spans for reading, and a bounded buffer for writing.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <base/assert.h>
#include <env/env.h>

/* A piece of borrowed text, without a terminating zero */
struct span {
	const char *at;
	size_t nbytes;
};

/* Always zero-terminated; text beyond the capacity is dropped */
struct text {
	char *buf;
	size_t cap;
	size_t len;
};

static inline struct text
text_on(char *buf, size_t cap)
{
	ASSERT(cap > 0);
	buf[0] = '\0';
	return (struct text){.buf = buf, .cap = cap, .len = 0};
}

struct span span_of(const char *zero_terminated);

/* The text in a field of fixed size: up to its zero byte, or all of it */
static inline struct span
span_of_field(const char *field, size_t nbytes)
{
	struct span span = {.at = field};

	while (span.nbytes < nbytes && field[span.nbytes]) {
		span.nbytes += 1;
	}
	return span;
}

bool span_equal(struct span span, const char *zero_terminated);
bool span_same(struct span a, struct span b);

/* Splits `span` at the first `sep`: returns the part before it and leaves the part after it in
 * *span, which is empty with at == NULL when there was no `sep` */
struct span span_cut(struct span *span, char sep);

/* Parses decimal or 0x hexadecimal with `_` between digits allowed; false for anything else, or
 * above 64 bits */
bool span_to_u64(struct span span, uint64_t *value);

/* Parses a number with an optional unit: KiB MiB GiB TiB, kB MB GB TB, or K M G T, k m g t (meaning
 * KiB...) */
bool span_to_bytes(struct span span, uint64_t *nbytes);

void text_char(struct text *text, char c);
void text_str(struct text *text, const char *zero_terminated);
void text_span(struct text *text, struct span span);
/* Appends `span` in quotes: at most 40 bytes, then "..."; control characters become '?' */
void text_quote(struct text *text, struct span span);
void text_u64(struct text *text, uint64_t value);
/* Appends 4096 as "4KiB" when that is exact, otherwise as a plain number */
void text_bytes(struct text *text, uint64_t nbytes);

#endif /* BASE_TEXT_H */
