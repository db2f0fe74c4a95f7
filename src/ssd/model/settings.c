/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Settings by name: find, parse and print them. All of it uses the table of settings_rows.c.
 */
#include <base/assert.h>
#include <ssd/model/settings.h>
#include <ssd/model/toml.h>

/* A key for the reader of a description, without effect on the drive */
#define DESCRIPTION_TABLE "drive"
#define DESCRIPTION_KEY "description"

static void
say_name(struct text *why, const struct setting *row)
{
	setting_check(row);
	text_str(why, row->table);
	text_char(why, '.');
	text_str(why, row->key);
}

const struct setting *
settings_find(struct span table, struct span key)
{
	for (uint32_t i = 0; i < settings_count; i += 1) {
		if (span_equal(table, settings[i].table) && span_equal(key, settings[i].key)) {
			return &settings[i];
		}
	}
	return NULL;
}

uint8_t *
settings_field(struct ssd_config *config, const struct setting *row, uint32_t ns)
{
	uint8_t *base = (uint8_t *)config;

	setting_check(row);
	ASSERT(ns < SSD_NS_MAX);
	if (span_equal(span_of(row->table), SETTING_NAMESPACE)) {
		base = (uint8_t *)&config->ns[ns];
	}
	return base + row->offset;
}

static uint64_t
widest(uint32_t nbytes)
{
	ASSERT(nbytes == 1 || nbytes == 2 || nbytes == 4 || nbytes == 8);
	return UINT64_MAX >> (64 - 8 * nbytes);
}

static void
store(uint8_t *field, uint32_t nbytes, uint64_t value)
{
	uint32_t value32 = (uint32_t)value;
	uint16_t value16 = (uint16_t)value;

	ASSERT(value <= widest(nbytes));
	switch (nbytes) {
	case 1:
		*field = (uint8_t)value;
		break;
	case 2:
		memcpy(field, &value16, sizeof(value16));
		break;
	case 4:
		memcpy(field, &value32, sizeof(value32));
		break;
	default:
		memcpy(field, &value, sizeof(value));
		break;
	}
}

static uint64_t
load(const uint8_t *field, uint32_t nbytes)
{
	uint64_t value = 0;
	uint32_t value32;
	uint16_t value16;

	ASSERT(nbytes == 1 || nbytes == 2 || nbytes == 4 || nbytes == 8);
	switch (nbytes) {
	case 1:
		return *field;
	case 2:
		memcpy(&value16, field, sizeof(value16));
		return value16;
	case 4:
		memcpy(&value32, field, sizeof(value32));
		return value32;
	default:
		memcpy(&value, field, sizeof(value));
		return value;
	}
}

void
settings_values(const struct setting *row, struct text *why)
{
	setting_check(row);
	switch (row->kind) {
	case SETTING_NUMBER:
		text_str(why, "a whole number from 0 to ");
		text_u64(why, widest(row->nbytes));
		break;
	case SETTING_BYTES:
		text_str(why, "a size such as 4096, 64KiB or 4GiB");
		text_str(why, row->nbytes < 8 ? ", below 4GiB" : "");
		break;
	case SETTING_YESNO:
		text_str(why, "true or false");
		break;
	case SETTING_TEXT:
		text_str(why, "printable ASCII text of at most ");
		text_u64(why, row->nbytes - 1);
		text_str(why, " characters, without \" and \\");
		break;
	case SETTING_CHOICE:
		text_str(why, "one of these words: ");
		text_str(why, row->choices);
		break;
	case SETTING_LIST:
		text_str(why, "a list of at most ");
		text_u64(why, row->count);
		text_str(why, " whole numbers from 0 to ");
		text_u64(why, widest(row->nbytes));
		break;
	case SETTING_HEX:
		text_u64(why, row->nbytes);
		text_str(why, " bytes as ");
		text_u64(why, 2 * row->nbytes);
		text_str(why, " hexadecimal digits");
		break;
	default:
		(void)NEVER(true);
		break;
	}
}

static void
say_expected(struct text *why, const struct setting *row)
{
	setting_check(row);
	settings_values(row, why);
	text_str(why, " (");
	text_str(why, row->help);
	text_str(why, ")");
}

static bool
put_number(const struct setting *row, uint8_t *field, struct span value)
{
	uint64_t number;
	bool good = row->kind == SETTING_BYTES ? span_to_bytes(value, &number)
					       : span_to_u64(value, &number);

	ASSERT(row->kind == SETTING_NUMBER || row->kind == SETTING_BYTES);
	if (!good || number > widest(row->nbytes)) {
		return false;
	}
	store(field, row->nbytes, number);
	return true;
}

static bool
put_text(const struct setting *row, uint8_t *field, struct span value)
{
	ASSERT(row->kind == SETTING_TEXT && row->nbytes > 0);
	if (value.nbytes >= row->nbytes) {
		return false;
	}
	for (size_t i = 0; i < value.nbytes; i += 1) {
		/* the TOML subset cannot represent " and \ in a text */
		if (value.at[i] < 0x20 || value.at[i] > 0x7E || value.at[i] == '"' ||
		    value.at[i] == '\\') {
			return false;
		}
	}
	memset(field, 0, row->nbytes);
	if (value.nbytes) {
		memcpy(field, value.at, value.nbytes);
	}
	return true;
}

static bool
put_choice(const struct setting *row, uint8_t *field, struct span value)
{
	struct span words = span_of(row->choices);

	ASSERT(row->kind == SETTING_CHOICE);
	for (uint64_t i = 0; words.at; i += 1) {
		if (span_same(span_cut(&words, ' '), value)) {
			store(field, row->nbytes, i);
			return true;
		}
	}
	return false;
}

static struct span
trim(struct span span)
{
	while (span.nbytes && (span.at[0] == ' ' || span.at[0] == '\t')) {
		span.at += 1;
		span.nbytes -= 1;
	}
	while (span.nbytes &&
	       (span.at[span.nbytes - 1] == ' ' || span.at[span.nbytes - 1] == '\t')) {
		span.nbytes -= 1;
	}
	return span;
}

static bool
put_list(const struct setting *row, uint8_t *field, struct span value, char sep)
{
	uint64_t number;
	uint32_t n = 0;
	struct span rest = trim(value);

	ASSERT(row->kind == SETTING_LIST);
	memset(field, 0, (size_t)row->nbytes * row->count);
	while (rest.nbytes) {
		struct span item = trim(span_cut(&rest, sep));

		if (n == row->count || !span_to_u64(item, &number) ||
		    number > widest(row->nbytes)) {
			return false;
		}
		store(field + (size_t)n * row->nbytes, row->nbytes, number);
		n += 1;
	}
	return n > 0;
}

static int
nibble(char c)
{
	struct span digits = span_of("0123456789abcdef0123456789ABCDEF");

	for (size_t i = 0; i < digits.nbytes; i += 1) {
		if (digits.at[i] == c) {
			return (int)(i % 16);
		}
	}
	return -1;
}

static bool
put_hex(const struct setting *row, uint8_t *field, struct span value)
{
	uint32_t ndigits = 0;

	ASSERT(row->kind == SETTING_HEX);
	memset(field, 0, row->nbytes);
	for (size_t i = 0; i < value.nbytes; i += 1) {
		int four_bits = nibble(value.at[i]);

		if (value.at[i] == '-') { /* UUID notation */
			continue;
		}
		if (four_bits < 0 || ndigits == 2 * row->nbytes) {
			return false;
		}
		field[ndigits / 2] = (uint8_t)(field[ndigits / 2] << 4 | four_bits);
		ndigits += 1;
	}
	return ndigits == 2 * row->nbytes;
}

static bool
put(const struct setting *row, uint8_t *field, struct span value, char list_sep, struct text *why)
{
	bool good = false;

	setting_check(row);
	switch (row->kind) {
	case SETTING_NUMBER:
	case SETTING_BYTES:
		good = put_number(row, field, value);
		break;
	case SETTING_YESNO:
		good = span_equal(value, "true") || span_equal(value, "false");
		store(field, row->nbytes, span_equal(value, "true"));
		break;
	case SETTING_TEXT:
		good = put_text(row, field, value);
		break;
	case SETTING_CHOICE:
		good = put_choice(row, field, value);
		break;
	case SETTING_LIST:
		good = put_list(row, field, value, list_sep);
		break;
	case SETTING_HEX:
		good = put_hex(row, field, value);
		break;
	default:
		(void)NEVER(true);
		break;
	}
	if (!good) {
		text_quote(why, value);
		text_str(why, " is not a value of ");
		say_name(why, row);
		text_str(why, ": give ");
		say_expected(why, row);
	}
	return good;
}

static bool
type_fits(const struct setting *row, const struct toml_value *value)
{
	setting_check(row);
	switch (row->kind) {
	case SETTING_NUMBER:
		return value->type == TOML_INTEGER && !value->negative;
	case SETTING_BYTES:
		return value->type == TOML_STRING ||
		       (value->type == TOML_INTEGER && !value->negative);
	case SETTING_YESNO:
		return value->type == TOML_BOOLEAN;
	case SETTING_LIST:
		return value->type == TOML_ARRAY;
	default:
		return value->type == TOML_STRING;
	}
}

static void
say_keys(struct text *why, struct span table)
{
	const char *between = "";

	for (uint32_t i = 0; i < settings_count; i += 1) {
		if (span_equal(table, settings[i].table)) {
			text_str(why, between);
			text_str(why, settings[i].key);
			between = ", ";
		}
	}
}

static bool
is_description(struct span table, struct span key)
{
	return span_equal(table, DESCRIPTION_TABLE) && span_equal(key, DESCRIPTION_KEY);
}

static void
say_line(struct text *why, uint32_t line, uint32_t column)
{
	text_str(why, "line ");
	text_u64(why, line);
	if (column) {
		text_str(why, ", column ");
		text_u64(why, column);
	}
	text_str(why, ": ");
}

static bool
apply_entry(struct ssd_config *config, const struct toml *toml, const struct toml_entry *entry,
	    struct text *why)
{
	const struct toml_table *table = &toml->tables[entry->table];
	const struct setting *row = settings_find(table->name, entry->key);

	ASSERT(entry->table < toml->ntables);
	if (is_description(table->name, entry->key) && entry->value.type == TOML_STRING) {
		return true;
	}
	say_line(why, entry->line, entry->column);
	if (!row) {
		text_quote(why, entry->key);
		if (entry->table == 0) {
			text_str(why, " stands before the first [table]; put it into [drive], "
				 "[model], [simple], [nand], [fdp] or [[namespace]]");
			return false;
		}
		text_str(why, " is not a key of [");
		text_str(why, table->is_array ? "[" : "");
		text_quote(why, table->name);
		text_str(why, table->is_array ? "]]; valid are: " : "]; valid are: ");
		say_keys(why, table->name);
		return false;
	}
	if (!type_fits(row, &entry->value)) {
		say_name(why, row);
		text_str(why, " needs ");
		text_str(why, row->kind == SETTING_NUMBER || row->kind == SETTING_YESNO
				      ? "" : row->kind == SETTING_LIST ? "[in brackets] "
								       : "\"in quotes\" ");
		say_expected(why, row);
		return false;
	}
	if (!put(row, settings_field(config, row, table->index), entry->value.text, ',', why)) {
		return false;
	}
	ASSERT(why->cap > 0);
	why->len = 0; /* no error: drop the position */
	why->buf[0] = '\0';
	return true;
}

static bool
check_tables(struct ssd_config *config, const struct toml *toml, struct text *why)
{
	bool seen_namespace = false;

	ASSERT(toml->ntables > 0 && toml->ntables <= TOML_TABLES_MAX);
	for (uint32_t i = 1; i < toml->ntables; i += 1) {
		const struct toml_table *table = &toml->tables[i];
		bool is_ns = span_equal(table->name, SETTING_NAMESPACE);
		bool known = false;

		for (uint32_t j = 0; j < settings_count; j += 1) {
			known |= span_equal(table->name, settings[j].table);
		}
		if (!known || is_ns != table->is_array || table->index >= SSD_NS_MAX) {
			say_line(why, table->line, 0);
			text_quote(why, table->name);
			text_str(why, " is not a table of this kind; valid are [drive], [model], "
				 "[simple], [nand], [fdp] and at most 32 [[namespace]]");
			return false;
		}
		if (is_ns && !seen_namespace) { /* they replace the default ones */
			memset(config->ns, 0, sizeof(config->ns));
			seen_namespace = true;
		}
	}
	return true;
}

bool
settings_from_toml(struct ssd_config *config, struct span text, struct text *why)
{
	struct toml toml;
	struct toml_error error;

	if (!toml_parse(&toml, text, &error)) {
		say_line(why, error.line, error.column);
		text_str(why, error.text);
		return false;
	}
	if (!check_tables(config, &toml, why)) {
		return false;
	}
	ASSERT(toml.nentries <= TOML_ENTRIES_MAX);
	for (uint32_t i = 0; i < toml.nentries; i += 1) {
		if (!apply_entry(config, &toml, &toml.entries[i], why)) {
			return false;
		}
	}
	return true;
}

/* Does `sentence` contain `word` as a whole word? */
static bool
names_word(const char *sentence, struct span word)
{
	struct span rest = span_of(sentence);

	while (rest.nbytes) {
		struct span at = {.at = rest.at, .nbytes = 0};

		while (at.nbytes < rest.nbytes &&
		       (nibble(rest.at[at.nbytes]) >= 0 || rest.at[at.nbytes] == '_' ||
			(rest.at[at.nbytes] >= 'g' && rest.at[at.nbytes] <= 'z'))) {
			at.nbytes += 1;
		}
		ASSERT(at.nbytes <= rest.nbytes);
		if (span_same(at, word)) {
			return true;
		}
		at.nbytes += at.nbytes ? 0 : 1;
		rest.at += at.nbytes;
		rest.nbytes -= at.nbytes;
	}
	return false;
}

void
settings_blame(struct span description, const struct ssd_config *config, const char *sentence,
	       struct text *why)
{
	struct ssd_config described, made = *config;
	char unread_buf[64];
	struct text unread = text_on(unread_buf, sizeof(unread_buf));
	struct toml toml;
	struct toml_error error;

	ssd_config_default(&described);
	if (!toml_parse(&toml, description, &error) ||
	    !settings_from_toml(&described, description, &unread)) {
		toml.nentries = 0;
	}
	for (uint32_t i = 0; i < toml.nentries; i += 1) {
		const struct toml_entry *entry = &toml.entries[i];
		const struct toml_table *table = &toml.tables[entry->table];
		const struct setting *row = settings_find(table->name, entry->key);

		ASSERT(entry->table < toml.ntables);
		/* skip values that a URI has changed */
		if (!row || !names_word(sentence, entry->key) ||
		    memcmp(settings_field(&described, row, table->index),
			   settings_field(&made, row, table->index),
			   (size_t)row->nbytes * row->count)) {
			continue;
		}
		text_str(why, "line ");
		text_u64(why, entry->line);
		text_str(why, ", ");
		text_span(why, entry->key);
		text_str(why, " = ");
		text_quote(why, entry->value.text);
		text_str(why, ": ");
	}
	text_str(why, sentence);
}

const struct setting *
settings_find_name(struct span key)
{
	struct span rest = key, table;

	for (uint32_t i = 0; i < setting_aliases_count; i += 1) {
		if (span_equal(key, setting_aliases[i].alias)) {
			rest = span_of(setting_aliases[i].name);
		}
	}
	table = span_cut(&rest, '.');
	return settings_find(table, rest);
}

bool
settings_set(struct ssd_config *config, struct span key, struct span value, struct text *why)
{
	const struct setting *row = settings_find_name(key);

	if (!row) {
		text_quote(why, key);
		text_str(why, " is not a setting; valid are ");
		for (uint32_t i = 0; i < setting_aliases_count; i += 1) {
			text_str(why, setting_aliases[i].alias);
			text_str(why, ", ");
		}
		text_str(why, "and table.key of a description, such as simple.read_delay_ns");
		return false;
	}
	return put(row, settings_field(config, row, 0), value, ':', why);
}

static void
print_list(const struct setting *row, const uint8_t *field, struct text *out)
{
	uint32_t n = row->count;

	ASSERT(row->kind == SETTING_LIST && n > 0);
	while (n > 1 && load(field + (size_t)(n - 1) * row->nbytes, row->nbytes) == 0) {
		n -= 1;
	}
	text_char(out, '[');
	for (uint32_t i = 0; i < n; i += 1) {
		text_str(out, i ? ", " : "");
		text_u64(out, load(field + (size_t)i * row->nbytes, row->nbytes));
	}
	text_char(out, ']');
}

static void
print_value(const struct setting *row, const uint8_t *field, struct text *out)
{
	struct span words;

	setting_check(row);
	switch (row->kind) {
	case SETTING_NUMBER:
		text_u64(out, load(field, row->nbytes));
		break;
	case SETTING_BYTES:
		text_char(out, '"');
		text_bytes(out, load(field, row->nbytes));
		text_char(out, '"');
		break;
	case SETTING_YESNO:
		text_str(out, *field ? "true" : "false");
		break;
	case SETTING_CHOICE:
		words = span_of(row->choices);
		for (uint64_t i = load(field, row->nbytes); i > 0; i -= 1) {
			(void)span_cut(&words, ' ');
		}
		text_char(out, '"');
		text_span(out, span_cut(&words, ' '));
		text_char(out, '"');
		break;
	case SETTING_LIST:
		print_list(row, field, out);
		break;
	case SETTING_HEX:
		text_char(out, '"');
		for (uint32_t i = 0; i < row->nbytes; i += 1) {
			text_char(out, "0123456789abcdef"[field[i] >> 4]);
			text_char(out, "0123456789abcdef"[field[i] & 0xF]);
		}
		text_char(out, '"');
		break;
	default:
		text_char(out, '"');
		text_str(out, (const char *)field);
		text_char(out, '"');
		break;
	}
}

void
settings_default(const struct setting *row, struct text *out)
{
	struct ssd_config config;

	setting_check(row);
	ssd_config_default(&config);
	memset(config.ns, 0, sizeof(config.ns)); /* a description starts from none */
	print_value(row, settings_field(&config, row, 0), out);
}

const char *
settings_unit(const struct setting *row)
{
	setting_check(row);
	static const struct {
		const char *end, *unit;
	} units[] = {
		{"_nbytes", "bytes"}, {"_ns", "ns"}, {"_mib_s", "MiB/s"}, {"_seconds", "s"},
		{"_ppm", "ppm"}, {"_lba", "blocks"}, {"_k", "K"}, {"_bits", "bits"},
	};
	struct span key = span_of(row->key);

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i += 1) {
		struct span end = span_of(units[i].end);

		if (key.nbytes >= end.nbytes &&
		    span_same((struct span){.at = key.at + key.nbytes - end.nbytes,
					    .nbytes = end.nbytes}, end)) {
			return units[i].unit;
		}
	}
	return row->kind == SETTING_BYTES || span_equal(key, "nbytes") ? "bytes"
	       : row->kind == SETTING_NUMBER || row->kind == SETTING_LIST ? "number" : "";
}

static void
print_header(const char *table, bool is_ns, struct text *out)
{
	text_str(out, out->len ? "\n" : "");
	text_str(out, is_ns ? "[[" : "[");
	text_str(out, table);
	text_str(out, is_ns ? "]]\n" : "]\n");
}

/* Print the rows of one table that differ from `base`; a namespace always gets a header */
static void
print_table(const char *table, const struct ssd_config *config, const struct ssd_config *base,
	    uint32_t ns, struct text *out)
{
	bool is_ns = span_equal(span_of(table), SETTING_NAMESPACE);
	bool headed = is_ns;

	ASSERT(ns < SSD_NS_MAX);
	if (is_ns) {
		print_header(table, is_ns, out);
	}

	for (uint32_t i = 0; i < settings_count; i += 1) {
		const struct setting *row = &settings[i];
		size_t nbytes = (size_t)row->nbytes * row->count;
		const uint8_t *field = (const uint8_t *)(is_ns ? (const void *)&config->ns[ns]
							       : config) + row->offset;
		const uint8_t *usual = (const uint8_t *)(is_ns ? (const void *)&base->ns[ns]
							       : base) + row->offset;

		if (!span_equal(span_of(table), row->table) || memcmp(field, usual, nbytes) == 0) {
			continue;
		}
		if (!headed) {
			print_header(table, is_ns, out);
			headed = true;
		}
		text_str(out, row->key);
		text_str(out, " = ");
		print_value(row, field, out);
		text_char(out, '\n');
	}
}

void
settings_print(const struct ssd_config *config, struct text *out)
{
	static const char *const tables[] = {"drive", "fdp", "model", "simple", "nand"};
	struct ssd_config base;
	uint32_t nns = 1; /* at least one table: without, the default namespace is read back */

	ssd_config_default(&base);
	memset(base.ns, 0, sizeof(base.ns)); /* a description starts from none */
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i += 1) {
		print_table(tables[i], config, &base, 0, out);
	}
	for (uint32_t ns = 0; ns < SSD_NS_MAX; ns += 1) {
		nns = memcmp(&config->ns[ns], &base.ns[ns], sizeof(base.ns[ns])) ? ns + 1 : nns;
	}
	ASSERT(nns <= SSD_NS_MAX);
	for (uint32_t ns = 0; ns < nns; ns += 1) {
		print_table(SETTING_NAMESPACE, config, &base, ns, out);
	}
}
