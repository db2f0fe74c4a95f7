/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which settings have an effect on a drive, according to the table. A key that no model, no
 * namespace and no other setting uses is refused: a drive that ignores a key differs from what its
 * user expects.
 */
#include <base/assert.h>
#include <ssd/model/settings.h>
#include <ssd/model/toml.h>

#define OF_MODELS                                                                                \
	(SETTING_OF_SIMPLE | SETTING_OF_PARALLEL | SETTING_OF_PARALLEL_ZONES |                    \
	 SETTING_OF_NVMEVIRT1 | SETTING_OF_NVMEVIRT1_ZONES | SETTING_OF_NVMEVIRT1_SIMPLE)

static bool is_used(const struct ssd_config *config, const struct setting *row, uint32_t ns);

static const uint8_t *
field_at(const struct ssd_config *config, const struct setting *row, uint32_t ns)
{
	setting_check(row);
	return settings_field((struct ssd_config *)(uintptr_t)config, row, ns);
}

static bool
is_of_namespace(const struct setting *row)
{
	setting_check(row);
	return span_equal(span_of(row->table), SETTING_NAMESPACE);
}

static bool
has_zones(const struct ssd_config *config)
{
	for (uint32_t i = 0; i < SSD_NS_MAX; i += 1) {
		if (config->ns[i].nbytes && config->ns[i].kind == SSD_NS_ZNS) {
			return true;
		}
	}
	return false;
}

/* The model of a drive with its kind of NAND, or the kind of a namespace; 0: the null model, or an
 * unknown one */
static uint32_t
setting_of(const struct ssd_config *config, const struct setting *row, uint32_t ns)
{
	struct span model = span_of_field(config->model.name, sizeof(config->model.name));
	bool zones = config->model.nand.zone_nbytes && has_zones(config);

	ASSERT(!is_of_namespace(row) || ns < SSD_NS_MAX);
	if (is_of_namespace(row)) {
		return SETTING_OF_NVM << config->ns[ns].kind;
	}
	if (span_equal(model, "simple")) {
		return SETTING_OF_SIMPLE;
	}
	if (span_equal(model, "parallel")) {
		return zones ? SETTING_OF_PARALLEL_ZONES : SETTING_OF_PARALLEL;
	}
	if (span_equal(model, "nvmevirt1")) {
		return config->model.nand.channels == 0 ? SETTING_OF_NVMEVIRT1_SIMPLE
		       : zones ? SETTING_OF_NVMEVIRT1_ZONES : SETTING_OF_NVMEVIRT1;
	}
	return 0;
}

static bool
is_set(const struct ssd_config *config, const struct setting *row, uint32_t ns)
{
	const uint8_t *field = field_at(config, row, ns);

	setting_check(row);
	for (size_t i = 0; i < (size_t)row->nbytes * row->count; i += 1) {
		if (field[i]) {
			return true;
		}
	}
	return false;
}

/* Does the field have the value `word`? */
static bool
has_value(const struct setting *row, const uint8_t *field, struct span word)
{
	struct span words;
	uint32_t choice;

	setting_check(row);
	if (row->kind == SETTING_TEXT) {
		return span_same(span_of_field((const char *)field, row->nbytes), word);
	}
	if (NEVER(row->kind != SETTING_CHOICE)) {
		return false;
	}
	ASSERT(row->nbytes == sizeof(choice));
	memcpy(&choice, field, sizeof(choice));
	words = span_of(row->choices);
	while (choice > 0) {
		(void)span_cut(&words, ' ');
		choice -= 1;
	}
	return span_same(span_cut(&words, ' '), word);
}

static bool
holds_in(const struct ssd_config *config, const struct setting *row, struct span value, uint32_t ns)
{
	ASSERT(ns < SSD_NS_MAX);
	if (value.at) {
		return has_value(row, field_at(config, row, ns), value);
	}
	return is_set(config, row, ns) && is_used(config, row, ns);
}

/* Check one condition of the table for a row of the drive (ns: SSD_NS_MAX) or of a namespace */
static bool
holds(const struct ssd_config *config, struct span condition, uint32_t ns)
{
	struct span value = condition, key = span_cut(&value, '=');
	const struct setting *row = settings_find_name(key);

	ASSERT(ns <= SSD_NS_MAX);
	if (span_equal(key, "media")) { /* not a setting: see virt/spec.c */
		return config->no_media;
	}
	if (NEVER(!row)) {
		return false;
	}
	if (!is_of_namespace(row)) {
		return holds_in(config, row, value, 0);
	}
	if (ns < SSD_NS_MAX) {
		return holds_in(config, row, value, ns);
	}
	for (ns = 0; ns < SSD_NS_MAX; ns += 1) { /* of any namespace */
		if (config->ns[ns].nbytes && holds_in(config, row, value, ns)) {
			return true;
		}
	}
	return false;
}

/* The first alternative that holds completely; none: at == NULL */
static struct span
overridden_by(const struct ssd_config *config, const struct setting *row, uint32_t ns)
{
	struct span rest = span_of(row->unless ? row->unless : "");

	setting_check(row);
	while (rest.nbytes) {
		struct span all = span_cut(&rest, ' '), more = all;
		bool every = true;

		while (more.nbytes) {
			every &= holds(config, span_cut(&more, '+'), ns);
		}
		if (every) {
			return all;
		}
	}
	return (struct span){.at = NULL, .nbytes = 0};
}

static bool
is_empty_slot(const struct ssd_config *config, const struct setting *row, uint32_t ns)
{
	ASSERT(!is_of_namespace(row) || ns < SSD_NS_MAX);
	return is_of_namespace(row) && config->ns[ns].nbytes == 0 &&
	       !span_equal(span_of(row->key), "nbytes");
}

static bool
is_used(const struct ssd_config *config, const struct setting *row, uint32_t ns)
{
	uint32_t scope = is_of_namespace(row) ? ns : SSD_NS_MAX;

	setting_check(row);
	return !is_empty_slot(config, row, ns) &&
	       (row->of == 0 || (row->of & setting_of(config, row, ns))) &&
	       (!row->needs || holds(config, span_of(row->needs), scope)) &&
	       !overridden_by(config, row, scope).at;
}

static bool
is_default(const struct ssd_config *config, const struct setting *row, uint32_t ns)
{
	struct ssd_config plain;

	setting_check(row);
	ssd_config_default(&plain);
	return !is_set(config, row, ns) ||
	       (!is_of_namespace(row) && memcmp(field_at(config, row, 0), field_at(&plain, row, 0),
						(size_t)row->nbytes * row->count) == 0);
}

static const struct {
	uint32_t of;
	const char *words;
} names[] = {
	{SETTING_OF_SIMPLE, "simple"},
	{SETTING_OF_PARALLEL | SETTING_OF_PARALLEL_ZONES, "parallel"},
	{SETTING_OF_PARALLEL, "parallel without nand.zone_nbytes"},
	{SETTING_OF_PARALLEL_ZONES, "parallel with nand.zone_nbytes"},
	{SETTING_OF_NVMEVIRT1 | SETTING_OF_NVMEVIRT1_ZONES, "nvmevirt1"},
	{SETTING_OF_NVMEVIRT1, "nvmevirt1 without nand.zone_nbytes"},
	{SETTING_OF_NVMEVIRT1_ZONES, "nvmevirt1 with nand.zone_nbytes"},
	{SETTING_OF_NVMEVIRT1_SIMPLE, "nvmevirt1 without nand.channels"},
	{SETTING_OF_NVM, "nvm"},
	{SETTING_OF_ZNS, "zns"},
	{SETTING_OF_KV, "kv"},
};

/* List models or kinds, each once */
static void
say_of(struct text *why, uint32_t of)
{
	const char *between = "";

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i += 1) {
		if ((of & names[i].of) == names[i].of) {
			text_str(why, between);
			text_str(why, names[i].words);
			between = ", ";
			of &= ~names[i].of;
		}
	}
	text_str(why, between[0] ? "" : "null");
}

static void
say_all(struct text *why, struct span conditions)
{
	const char *between = "";

	while (conditions.nbytes) {
		text_str(why, between);
		text_span(why, span_cut(&conditions, '+'));
		between = " and ";
	}
}

/* table.key, and its short names */
static void
say_name(const struct setting *row, struct text *why)
{
	setting_check(row);
	text_str(why, row->table);
	text_char(why, '.');
	text_str(why, row->key);
	for (uint32_t i = 0; i < setting_aliases_count; i += 1) {
		if (settings_find_name(span_of(setting_aliases[i].alias)) == row) {
			text_str(why, " (");
			text_str(why, setting_aliases[i].alias);
			text_char(why, ')');
		}
	}
}

/* Explain why the key has no effect and what to do */
static void
say_unused(const struct ssd_config *config, const struct setting *row, uint32_t ns,
	   struct text *why)
{
	uint32_t of = setting_of(config, row, ns);
	struct span other;

	setting_check(row);
	say_name(row, why);
	text_str(why, " has no effect here: ");
	if (is_empty_slot(config, row, ns)) {
		text_str(why, "the namespace has no nbytes; set namespace.nbytes");
	} else if (row->of && !(row->of & of)) {
		text_str(why, row->of & OF_MODELS ? "it is a setting of the model "
						  : "it is a setting of namespaces of the kind ");
		say_of(why, row->of);
		text_str(why, row->of & OF_MODELS ? ", and the model is " : ", and this one is ");
		say_of(why, of);
		text_str(why, row->of & OF_MODELS ? "; change model.name"
						  : "; change namespace.kind");
	} else if (row->needs && !holds(config, span_of(row->needs),
					is_of_namespace(row) ? ns : SSD_NS_MAX)) {
		text_str(why, "it needs ");
		text_str(why, row->needs);
		text_str(why, "; set that");
	} else {
		other = overridden_by(config, row, is_of_namespace(row) ? ns : SSD_NS_MAX);
		ASSERT(other.at);
		text_str(why, "it is overridden by ");
		say_all(why, other);
		text_str(why, "; omit that");
	}
	text_str(why, ", or omit this key");
}

bool
settings_check_key(const struct ssd_config *config, struct span key, struct text *why)
{
	const struct setting *row = settings_find_name(key);

	if (!row || is_used(config, row, 0) || is_default(config, row, 0)) {
		return true;
	}
	say_unused(config, row, 0, why);
	return false;
}

bool
settings_check_toml(struct span text, const struct ssd_config *own, const struct ssd_config *final,
		    struct text *why)
{
	struct toml toml;
	struct toml_error error;

	if (NEVER(!toml_parse(&toml, text, &error))) { /* it was parsed before */
		return true;
	}
	for (uint32_t i = 0; i < toml.nentries; i += 1) {
		const struct toml_entry *entry = &toml.entries[i];
		const struct toml_table *table = &toml.tables[entry->table];
		const struct setting *row = settings_find(table->name, entry->key);

		if (!row || is_default(own, row, table->index) ||
		    is_used(own, row, table->index) || is_used(final, row, table->index)) {
			continue;
		}
		text_str(why, "line ");
		text_u64(why, entry->line);
		text_str(why, ", column ");
		text_u64(why, entry->column);
		text_str(why, ": ");
		say_unused(own, row, table->index, why);
		return false;
	}
	return true;
}

void
settings_drop_unused(struct ssd_config *config)
{
	struct ssd_config before = *config, plain;

	ssd_config_default(&plain);
	for (uint32_t i = 0; i < settings_count; i += 1) {
		const struct setting *row = &settings[i];
		size_t nbytes = (size_t)row->nbytes * row->count;
		bool is_ns = is_of_namespace(row);

		for (uint32_t ns = 0; ns < (is_ns ? SSD_NS_MAX : 1); ns += 1) {
			if (is_used(&before, row, ns)) {
				continue;
			}
			if (is_ns) {
				memset(settings_field(config, row, ns), 0, nbytes);
			} else {
				memcpy(settings_field(config, row, ns), field_at(&plain, row, ns),
				       nbytes);
			}
		}
	}
}

void
settings_when(const struct setting *row, struct text *out)
{
	struct span rest = span_of(row->unless ? row->unless : "");
	const char *between = "";

	setting_check(row);
	if (row->of & OF_MODELS) {
		text_str(out, "model ");
		say_of(out, row->of);
		between = "; ";
	} else if (row->of && row->of != (SETTING_OF_NVM | SETTING_OF_ZNS | SETTING_OF_KV)) {
		text_str(out, "kind ");
		say_of(out, row->of);
		between = "; ";
	}
	if (row->needs) {
		text_str(out, between);
		text_str(out, "needs ");
		text_str(out, row->needs);
		between = "; ";
	}
	text_str(out, rest.nbytes ? between : "");
	between = "not with ";
	while (rest.nbytes) {
		text_str(out, between);
		say_all(out, span_cut(&rest, ' '));
		between = ", or with ";
	}
}
