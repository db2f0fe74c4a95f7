/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Printing: structures of the standard and of the API as YAML that people and programs read. One
 * function for each structure; each prints valid YAML to a stream and returns the number of bytes
 * that it printed. The form is that which scripts for xNVMe expect; where that is not YAML (keys
 * twice, sequences inside mappings, brackets that do not match), it is corrected.
 *
 * Terms
 *   out    a stream, the number of bytes printed so far, and whether one of them failed
 *   field  where a member of a structure is located and in which form it is shown, so that a
 *          structure is a table and not a program
 *
 * Life cycle of one print
 *   out_to() -> out(), out_fields(), ... -> out_end(), the return value.
 *
 * Ownership and lifetimes
 *   Everything is the caller's; no reference is kept.
 *
 * Threads
 *   Any; two that print to one stream interleave lines.
 *
 * Errors
 *   Those of the stream: out_end() turns them into -EIO. A NULL structure prints as `~`, YAML's
 *   null.
 *
 * What it does not do
 *   It opens no file, parses nothing and uses no colour. Bytes from a device that are no printable
 *   text are escaped, so that no device can break the YAML or the terminal.
 */
#ifndef PRINT_PRINT_H
#define PRINT_PRINT_H

#include <libxnvme_spec.h>
#include <stdio.h>

struct out {
	FILE *stream;
	int nbytes;
	bool failed;
};

enum form {
	FORM_DEC,   /* a little-endian number of up to 16 bytes, decimal */
	FORM_HEX,   /* the same of up to 8 bytes, 0x...; plain 0 for zero */
	FORM_PAIR,  /* two 64-bit words, low first: [1, 0] */
	FORM_BYTES, /* decimal bytes: [0, 1, 2] */
	FORM_TEXT,  /* characters up to the first NUL, quoted */
};

struct field {
	const char *name;
	uint16_t offset;
	uint16_t nbytes;
	enum form form;
};

/* Row of a table of fields: shown as `name`; for the usual case that this is the member's name */
#define FIELD_AS(type, name, member, form) \
	{ \
		name, offsetof(struct type, member), sizeof(((struct type *)NULL)->member), form \
	}
#define FIELD(type, member, form) FIELD_AS(type, #member, member, form)

struct out out_to(FILE *stream);

/* Bytes printed, or -EIO when the stream failed on one of them */
int out_end(const struct out *o);

void out(struct out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* `key: value` lines, `indent` blanks deep */
void out_fields(struct out *o, int indent, const void *base, const struct field *fields,
		size_t count);
#define OUT_FIELDS(o, indent, base, fields) \
	out_fields(o, indent, base, fields, sizeof(fields) / sizeof((fields)[0]))

/* Characters up to the first NUL, at most `nbytes`, as a YAML scalar in quotes */
void out_text(struct out *o, const char *text, size_t nbytes);

/* Whether `ptr` is there; prints `name: ~` or `name:` and a line feed */
bool out_head(struct out *o, const char *name, const void *ptr);

#endif /* PRINT_PRINT_H */
