/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The text description of an SSD: a strict subset of TOML 1.0, defined in docs/toml.md.
 *
 * Text that this parser accepts has the same meaning in TOML; everything else is refused with line,
 * column and a sentence. There is no tree and no allocation: a document is a list of entries whose
 * names and strings are spans of the text, which must outlive the document.
 */
#ifndef SSD_MODEL_TOML_H
#define SSD_MODEL_TOML_H

#include <base/text.h>

enum {
	TOML_ENTRIES_MAX = 256,
	TOML_TABLES_MAX = 64,
	TOML_ARRAY_MAX = 128,
	TOML_TEXT_NBYTES_MAX = 256 * 1024,
};

enum toml_type { TOML_INTEGER, TOML_BOOLEAN, TOML_STRING, TOML_ARRAY };

struct toml_value {
	enum toml_type type;
	uint32_t count;    /* numbers in an array */
	struct span text;  /* as in the document, without quotes or brackets */
	uint64_t absolute; /* of an integer */
	bool negative;
};

struct toml_table {
	struct span name; /* empty for the root table, which is always first */
	bool is_array;    /* [[name]] rather than [name] */
	uint32_t index;   /* 0, 1, ... among the [[name]] tables of the same name */
	uint32_t line;
};

struct toml_entry {
	uint32_t table; /* index into tables */
	uint32_t line, column;
	struct span key;
	struct toml_value value;
};

struct toml {
	uint32_t ntables;
	uint32_t nentries;
	struct toml_table tables[TOML_TABLES_MAX];
	struct toml_entry entries[TOML_ENTRIES_MAX];
};

/* Position of the error, both counted from 1; a column counts bytes */
struct toml_error {
	uint32_t line, column;
	char text[240];
};

/* False with *error filled when `text` is not in this subset */
bool toml_parse(struct toml *toml, struct span text, struct toml_error *error);

#endif /* SSD_MODEL_TOML_H */
