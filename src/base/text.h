/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Text without a C library: spans that are read, and a bounded buffer that is written.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <env/env.h>

/* A piece of somebody else's text; no terminating zero */
struct span {
	const char *at;
	size_t nbytes;
};

/* Always zero-terminated; what does not fit is cut off */
struct text {
	char *buf;
	size_t cap;
	size_t len;
};

static inline struct text
text_on(char *buf, size_t cap)
{
	buf[0] = '\0';
	return (struct text){.buf = buf, .cap = cap, .len = 0};
}

struct span span_of(const char *zero_terminated);

/* The text in a field of fixed size: up to its zero, or all of it */
static inline struct span
span_of_field(const char *field, size_t nbytes)
{
	struct span span = {.at = field};

	while (span.nbytes < nbytes && field[span.nbytes]) {
		span.nbytes++;
	}
	return span;
}

bool span_equal(struct span span, const char *zero_terminated);
bool span_same(struct span a, struct span b);

/* Cut `span` at the first `sep`: what stood before it; the rest (without `sep`) stays in *span, and
 * is empty with at == NULL when there was none */
struct span span_cut(struct span *span, char sep);

/* Decimal or 0x hexadecimal, `_` between digits allowed; false when it is none or does not fit */
bool span_to_u64(struct span span, uint64_t *value);

/* A number with an optional unit: KiB MiB GiB TiB, kB MB GB TB, or K M G T, k m g t (meaning
 * KiB...) */
bool span_to_bytes(struct span span, uint64_t *nbytes);

void text_char(struct text *text, char c);
void text_str(struct text *text, const char *zero_terminated);
void text_span(struct text *text, struct span span);
/* As it is, but control characters and a missing end are made visible: at most 40 bytes */
void text_quote(struct text *text, struct span span);
void text_u64(struct text *text, uint64_t value);
/* 4096 as "4KiB" when that is exact, otherwise plain bytes */
void text_bytes(struct text *text, uint64_t nbytes);

#endif /* BASE_TEXT_H */
