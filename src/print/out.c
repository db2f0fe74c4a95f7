/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Numbers and text as YAML scalars; see print.h.
 */
#include <errno.h>
#include <inttypes.h>
#include <print/print.h>
#include <stdarg.h>
#include <string.h>

struct out
out_to(FILE *stream)
{
	return (struct out){.stream = stream};
}

int
out_end(const struct out *o)
{
	return o->failed ? -EIO : o->nbytes;
}

void
out(struct out *o, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vfprintf(o->stream, fmt, args);
	va_end(args);
	if (n < 0) {
		o->failed = true;
		return;
	}
	o->nbytes += n;
}

bool
out_head(struct out *o, const char *name, const void *ptr)
{
	out(o, ptr ? "%s:\n" : "%s: ~\n", name);
	return ptr;
}

static bool
plain(const char *text, size_t len)
{
	for (size_t i = 0; i < len; ++i) {
		if (text[i] < ' ' || text[i] > '~') {
			return false;
		}
	}
	return true;
}

void
out_text(struct out *o, const char *text, size_t nbytes)
{
	size_t len = text ? strnlen(text, nbytes) : 0;
	bool single = plain(text, len);

	/* single quotes escape only themselves; double ones are for what must be written \xNN */
	out(o, "%c", single ? '\'' : '"');
	for (size_t i = 0; i < len; ++i) {
		unsigned char c = (unsigned char)text[i];

		if (single) {
			out(o, c == '\'' ? "''" : "%c", c);
		} else if (c < ' ' || c > '~') {
			out(o, "\\x%02x", c);
		} else {
			out(o, c == '"' || c == '\\' ? "\\%c" : "%c", c);
		}
	}
	out(o, "%c", single ? '\'' : '"');
}

static uint64_t
load_le(const uint8_t *at, size_t nbytes)
{
	uint64_t value = 0;

	for (size_t i = nbytes; i > 0; --i) {
		value = value << 8 | at[i - 1];
	}
	return value;
}

/* 128 bits in decimal, digit by digit, by long division of 32-bit limbs */
static void
out_u128(struct out *o, const uint8_t *at)
{
	uint32_t limb[4];
	char text[40];
	size_t pos = sizeof(text) - 1;

	for (size_t i = 0; i < 4; ++i) {
		limb[i] = (uint32_t)load_le(at + 4 * i, 4);
	}
	text[pos] = '\0';
	do {
		uint64_t rest = 0;

		for (size_t i = 4; i > 0; --i) {
			uint64_t part = rest << 32 | limb[i - 1];

			limb[i - 1] = (uint32_t)(part / 10);
			rest = part % 10;
		}
		text[--pos] = (char)('0' + rest);
	} while (limb[0] | limb[1] | limb[2] | limb[3]);
	out(o, "%s", text + pos);
}

static void
out_value(struct out *o, const uint8_t *at, const struct field *f)
{
	switch (f->form) {
	case FORM_DEC:
		if (f->nbytes > 8) {
			out_u128(o, at);
		} else {
			out(o, "%" PRIu64, load_le(at, f->nbytes));
		}
		return;
	case FORM_HEX:
		out(o, "%#" PRIx64, load_le(at, f->nbytes));
		return;
	case FORM_PAIR:
		out(o, "[%" PRIu64 ", %" PRIu64 "]", load_le(at, 8), load_le(at + 8, 8));
		return;
	case FORM_BYTES:
		for (size_t i = 0; i < f->nbytes; ++i) {
			out(o, "%s%u", i ? ", " : "[", at[i]);
		}
		out(o, "]");
		return;
	case FORM_TEXT:
		out_text(o, (const char *)at, f->nbytes);
		return;
	default:
		out(o, "~");
		return;
	}
}

void
out_fields(struct out *o, int indent, const void *base, const struct field *fields, size_t count)
{
	for (size_t i = 0; i < count; ++i) {
		out(o, "%*s%s: ", indent, "", fields[i].name);
		out_value(o, (const uint8_t *)base + fields[i].offset, &fields[i]);
		out(o, "\n");
	}
}
