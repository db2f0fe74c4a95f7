/* SPDX-License-Identifier: BSD-3-Clause */
#include <base/base.h>

enum { QUOTE_NBYTES_MAX = 40, U64_DIGITS_MAX = 20 };

static const struct unit {
	const char *name;
	uint64_t nbytes;
} units[] = {
	{"KiB", 1ULL << 10},  {"MiB", 1ULL << 20},   {"GiB", 1ULL << 30},    {"TiB", 1ULL << 40},
	{"kB", 1000ULL},      {"KB", 1000ULL},       {"MB", 1000000ULL},     {"GB", 1000000000ULL},
	{"TB", 1000000000000ULL},
	{"K", 1ULL << 10},    {"M", 1ULL << 20},     {"G", 1ULL << 30},      {"T", 1ULL << 40},
	{"k", 1ULL << 10},    {"m", 1ULL << 20},     {"g", 1ULL << 30},      {"t", 1ULL << 40},
	{"B", 1ULL},
};

static void
text_check(const struct text *text)
{
	ASSERT(text->len < text->cap && text->buf[text->len] == '\0');
}

/* The rest that span_cut() leaves behind the last separator has no address and no bytes */
static void
span_check(struct span span)
{
	ASSERT(span.at || span.nbytes == 0);
}

static size_t
length(const char *zero_terminated)
{
	size_t n = 0;

	while (zero_terminated[n]) {
		n += 1;
	}
	return n;
}

struct span
span_of(const char *zero_terminated)
{
	return (struct span){.at = zero_terminated, .nbytes = length(zero_terminated)};
}

bool
span_same(struct span a, struct span b)
{
	span_check(a);
	span_check(b);
	return a.nbytes == b.nbytes && (a.nbytes == 0 || memcmp(a.at, b.at, a.nbytes) == 0);
}

bool
span_equal(struct span span, const char *zero_terminated)
{
	return span_same(span, span_of(zero_terminated));
}

struct span
span_cut(struct span *span, char sep)
{
	struct span head = {.at = span->at, .nbytes = 0};

	span_check(*span);
	for (; head.nbytes < span->nbytes; head.nbytes += 1) {
		if (span->at[head.nbytes] == sep) {
			span->at += head.nbytes + 1;
			span->nbytes -= head.nbytes + 1;
			return head;
		}
	}
	*span = (struct span){.at = NULL, .nbytes = 0};
	return head;
}

static int
digit(char c, unsigned base)
{
	int value = -1;

	ASSERT(base == 10 || base == 16);
	if (c >= '0' && c <= '9') {
		value = c - '0';
	} else if (c >= 'a' && c <= 'f') {
		value = c - 'a' + 10;
	} else if (c >= 'A' && c <= 'F') {
		value = c - 'A' + 10;
	}
	return value < (int)base ? value : -1;
}

bool
span_to_u64(struct span span, uint64_t *value)
{
	unsigned base = 10;
	bool wants_digit = true;
	uint64_t sum = 0;

	span_check(span);
	if (span.nbytes > 2 && span.at[0] == '0' && span.at[1] == 'x') {
		base = 16;
		span.at += 2;
		span.nbytes -= 2;
	}
	for (size_t i = 0; i < span.nbytes; i += 1) {
		int d = digit(span.at[i], base);

		if (d < 0) {
			if (span.at[i] != '_' || wants_digit) {
				return false;
			}
			wants_digit = true;
			continue;
		}
		wants_digit = false;
		if (__builtin_mul_overflow(sum, (uint64_t)base, &sum) ||
		    __builtin_add_overflow(sum, (uint64_t)d, &sum)) {
			return false;
		}
	}
	if (wants_digit) { /* empty, or it ends with _ */
		return false;
	}
	*value = sum;
	return true;
}

bool
span_to_bytes(struct span span, uint64_t *nbytes)
{
	uint64_t number;

	span_check(span);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i += 1) {
		size_t unit_nbytes = length(units[i].name);
		struct span head, tail;

		if (span.nbytes <= unit_nbytes) {
			continue;
		}
		head = (struct span){.at = span.at, .nbytes = span.nbytes - unit_nbytes};
		tail = (struct span){.at = span.at + head.nbytes, .nbytes = unit_nbytes};
		if (!span_equal(tail, units[i].name)) {
			continue;
		}
		/* "0xB" is a number, not a number of bytes "0x": hexadecimal takes no unit */
		if (digit(head.at[head.nbytes - 1], 10) < 0 || digit(head.at[0], 10) < 0 ||
		    (head.nbytes > 1 && head.at[1] == 'x')) {
			continue;
		}
		return span_to_u64(head, &number) &&
		       !__builtin_mul_overflow(number, units[i].nbytes, nbytes);
	}
	return span_to_u64(span, nbytes);
}

void
text_char(struct text *text, char c)
{
	text_check(text);
	if (text->len + 1 < text->cap) {
		text->buf[text->len] = c;
		text->len += 1;
		text->buf[text->len] = '\0';
	}
}

void
text_str(struct text *text, const char *zero_terminated)
{
	for (size_t i = 0; zero_terminated[i]; i += 1) {
		text_char(text, zero_terminated[i]);
	}
}

void
text_span(struct text *text, struct span span)
{
	text_check(text);
	span_check(span);
	for (size_t i = 0; i < span.nbytes; i += 1) {
		text_char(text, span.at[i]);
	}
}

void
text_quote(struct text *text, struct span span)
{
	text_check(text);
	span_check(span);
	text_char(text, '\'');
	for (size_t i = 0; i < span.nbytes; i += 1) {
		unsigned char c = (unsigned char)span.at[i];

		if (i == QUOTE_NBYTES_MAX) {
			text_str(text, "...");
			break;
		}
		text_char(text, c < 0x20 || c == 0x7F ? '?' : (char)c);
	}
	text_char(text, '\'');
}

void
text_u64(struct text *text, uint64_t value)
{
	char digits[U64_DIGITS_MAX];
	unsigned n = 0;

	text_check(text);
	do {
		ASSERT(n < U64_DIGITS_MAX);
		digits[n] = (char)('0' + value % 10);
		value /= 10;
		n += 1;
	} while (value);
	while (n > 0) {
		n -= 1;
		text_char(text, digits[n]);
	}
}

void
text_bytes(struct text *text, uint64_t nbytes)
{
	const struct unit *best = NULL;

	for (size_t i = 0; i < 4; i += 1) { /* the binary units come first, small to large */
		if (nbytes && nbytes % units[i].nbytes == 0) {
			best = &units[i];
		}
	}
	text_u64(text, best ? nbytes / best->nbytes : nbytes);
	if (best) {
		text_str(text, best->name);
	}
}
