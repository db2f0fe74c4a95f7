/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * All settings of an SSD, by name.
 *
 * One table (settings_rows.c) has for each setting its table and key in a TOML description, the
 * kind of its value and its place in struct ssd_config. Parsing a file, parsing `key=value` of a
 * URI, printing and the list of valid keys all use this table.
 */
#ifndef SSD_MODEL_SETTINGS_H
#define SSD_MODEL_SETTINGS_H

#include <base/assert.h>
#include <base/text.h>
#include <ssd/config.h>

enum setting_kind {
	SETTING_NUMBER, /* whole; as wide as its field */
	SETTING_BYTES,  /* the same, with an optional unit such as KiB */
	SETTING_YESNO,
	SETTING_TEXT,   /* printable ASCII in a field of nbytes, one of them for the zero */
	SETTING_CHOICE, /* an enumeration */
	SETTING_LIST,   /* of numbers */
	SETTING_HEX,    /* bytes in hexadecimal */
};

/* What uses a setting: timing models, with their kind of NAND, or kinds of namespaces */
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
	const char *table; /* "namespace": one table per namespace, in struct ssd_ns_config */
	const char *key;
	enum setting_kind kind;
	uint32_t offset;
	uint32_t nbytes;       /* of the field, or of one element of it */
	uint32_t count;        /* elements of a list */
	const char *choices;   /* separated by spaces, in the order of the enumeration */
	const char *help;      /* including the unit */
	/* When the setting has an effect. For the drive or the same namespace: "key" is set, that
	 * is, has an effect and a value other than its default; "key=value" has that value. */
	uint32_t of;           /* enum setting_of: one of these uses it; 0: every drive */
	const char *needs;     /* and this condition; NULL: none */
	const char *unless;    /* and none of these, "a+b": both; NULL: no exception */
};

#define SETTING_NAMESPACE "namespace"

/* What all functions rely on for a row of the table */
static inline void
setting_check(const struct setting *row)
{
	ASSERT(row->table && row->key && row->help);
	ASSERT(row->nbytes > 0 && row->count > 0);
	ASSERT(row->offset + (uint64_t)row->nbytes * row->count <= sizeof(struct ssd_config));
	ASSERT(row->kind != SETTING_CHOICE || row->choices);
}

extern const struct setting settings[];
extern const uint32_t settings_count;

/* The short names for a URI: `lba` for namespace.lba_nbytes, ... */
struct setting_alias {
	const char *alias;
	const char *name; /* table.key */
};

extern const struct setting_alias setting_aliases[];
extern const uint32_t setting_aliases_count;

/* Change `config` by a TOML description; keys that it does not contain stay. False with *why. */
bool settings_from_toml(struct ssd_config *config, struct span toml, struct text *why);

/* Apply one `key=value` of a URI: `key` is an alias or table.key, namespace.x is that of the first
 * namespace, and lists are separated by colons. False with *why. */
bool settings_set(struct ssd_config *config, struct span key, struct span value, struct text *why);

/* Every key that a user writes must have an effect on the drive: check each key of the description
 * in `own` (the description alone) or in `final` (the drive, including the changes of a URI).
 * Default values are accepted everywhere. False with *why. */
bool settings_check_toml(struct span toml, const struct ssd_config *own,
			 const struct ssd_config *final, struct text *why);

/* The same for a key of a URI */
bool settings_check_key(const struct ssd_config *config, struct span key, struct text *why);

/* Reset settings without effect to their defaults, so that a printed description has only used
 * ones */
void settings_drop_unused(struct ssd_config *config);

/* The condition under which the key has an effect, as text; empty: always */
void settings_when(const struct setting *row, struct text *out);

/* The row of a key; NULL if unknown */
const struct setting *settings_find(struct span table, struct span key);

/* The address of its value in the configuration; rows of a namespace use the namespace of index
 * `ns` */
uint8_t *settings_field(struct ssd_config *config, const struct setting *row, uint32_t ns);

/* The row of a key in the spelling of a URI; NULL if unknown */
const struct setting *settings_find_name(struct span key);

/* Explain why the drive `config` is invalid: the lines and values of the description's keys that
 * `sentence` names, followed by the sentence */
void settings_blame(struct span description, const struct ssd_config *config, const char *sentence,
		    struct text *why);

/* The valid values, as text */
void settings_values(const struct setting *row, struct text *out);

/* The default value, in TOML */
void settings_default(const struct setting *row, struct text *out);

/* The unit of its numbers, from the end of its name: "ns", "bytes", ... "number": a count; empty:
 * not a number */
const char *settings_unit(const struct setting *row);

/* Sufficient for settings_print() of any drive: 32 namespaces with 40 bytes for each setting */
enum { TOML_PRINT_NBYTES = 64 * 1024 };

/* Print the differences from the default configuration as TOML that gives the same configuration */
void settings_print(const struct ssd_config *config, struct text *out);

#endif /* SSD_MODEL_SETTINGS_H */
