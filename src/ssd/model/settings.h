/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Every setting of an SSD, by name.
 *
 * One table (settings_rows.c) says of each which table and key of a TOML description it is, what
 * kind of value it takes and where in struct ssd_config it lives. Reading a file, reading the
 * `key=value` of a URI, printing and the list of what is valid all come from that table.
 */
#ifndef SSD_MODEL_SETTINGS_H
#define SSD_MODEL_SETTINGS_H

#include <base/text.h>
#include <ssd/config.h>

enum setting_kind {
	SETTING_NUMBER, /* whole; as wide as its field */
	SETTING_BYTES,  /* the same, and a unit such as KiB is welcome */
	SETTING_YESNO,
	SETTING_TEXT,   /* printable ASCII in a field of nbytes, one of them for the zero */
	SETTING_CHOICE, /* an enumeration */
	SETTING_LIST,   /* of numbers */
	SETTING_HEX,    /* bytes in hexadecimal */
};

/* What reads a row: timing models, with the NAND that they have, or kinds of namespaces */
enum setting_of {
	SETTING_OF_SIMPLE = 1,
	SETTING_OF_PARALLEL = 2,
	SETTING_OF_PARALLEL_ZONES = 4, /* nand.zone_nbytes is set */
	SETTING_OF_NVMEVIRT1 = 8,
	SETTING_OF_NVMEVIRT1_ZONES = 16,
	SETTING_OF_NVMEVIRT1_SIMPLE = 32, /* nand.channels is not set */
	SETTING_OF_NVM = 64,
	SETTING_OF_ZNS = 128,
	SETTING_OF_KV = 256,
};

struct setting {
	const char *table; /* "namespace": one table for each, in struct ssd_ns_config */
	const char *key;
	enum setting_kind kind;
	uint32_t offset;
	uint32_t nbytes;       /* of the field, or of one element of it */
	uint32_t count;        /* elements of a list */
	const char *choices;   /* separated by spaces, in the order of the enumeration */
	const char *help;      /* with the unit */
	/* When it has an effect. Of the drive or of the same namespace: "key" is set, that is, has
	 * another value than its default, and an effect; "key=value" has that value. */
	uint32_t of;           /* enum setting_of: one of these reads it; 0: every drive */
	const char *needs;     /* and this; NULL: nothing */
	const char *unless;    /* but not with one of these, "a+b": both; NULL: always */
};

#define SETTING_NAMESPACE "namespace"

extern const struct setting settings[];
extern const uint32_t settings_count;

/* The short names that a URI may use: `lba` for namespace.lba_nbytes, ... */
struct setting_alias {
	const char *alias;
	const char *name; /* table.key */
};

extern const struct setting_alias setting_aliases[];
extern const uint32_t setting_aliases_count;

/* Change `config` by a TOML description; what it does not mention stays. False with *why. */
bool settings_from_toml(struct ssd_config *config, struct span toml, struct text *why);

/* One `key=value` of a URI: `key` is an alias or table.key, where namespace.x is that of the first
 * namespace, and lists are separated by colons. False with *why. */
bool settings_set(struct ssd_config *config, struct span key, struct span value, struct text *why);

/* What a user writes must have an effect on the drive: whether each key of the description has one
 * in `own`, which is the description alone, or in `final`, which is the drive with what a URI
 * changes. Values that are the default are fine everywhere. False with *why. */
bool settings_check_toml(struct span toml, const struct ssd_config *own,
			 const struct ssd_config *final, struct text *why);

/* The same of a key of a URI in the drive */
bool settings_check_key(const struct ssd_config *config, struct span key, struct text *why);

/* Reset what has no effect to its default: a description that is printed has only what is used */
void settings_drop_unused(struct ssd_config *config);

/* When the key has an effect, in words; empty: always */
void settings_when(const struct setting *row, struct text *out);

/* The row of a key, NULL when there is none */
const struct setting *settings_find(struct span table, struct span key);

/* Where its value is in the configuration, for a row of a namespace in that of index `ns` */
uint8_t *settings_field(struct ssd_config *config, const struct setting *row, uint32_t ns);

/* The row of a key as a URI writes it, NULL when there is none */
const struct setting *settings_find_name(struct span key);

/* Why the drive `config` cannot be, and where in its description that stands: the lines of the keys
 * that `sentence` names, their values, and the sentence */
void settings_blame(struct span description, const struct ssd_config *config, const char *sentence,
		    struct text *why);

/* Which values it takes, in words */
void settings_values(const struct setting *row, struct text *out);

/* The value that it has where nothing is said, as TOML writes it */
void settings_default(const struct setting *row, struct text *out);

/* The unit of its numbers, which its name ends in: "ns", "bytes", ... "number": it counts
 * something; empty: it is no number */
const char *settings_unit(const struct setting *row);

/* The text of a [drive] description, empty when there is none */
struct span settings_description(struct span toml);

/* Enough for settings_print() of any drive: 32 namespaces with 40 bytes for each setting */
enum { TOML_PRINT_NBYTES = 64 * 1024 };

/* What differs from the default configuration, as TOML that gives the same configuration */
void settings_print(const struct ssd_config *config, struct text *out);

#endif /* SSD_MODEL_SETTINGS_H */
