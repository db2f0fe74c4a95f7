/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <base/prng.h>
#include <virt/spec.h>
#include <ssd/model/preset.h>
#include <ssd/model/settings.h>
#include <ssd/model/toml.h>

static const char how_to_write[] =
	"; write virt:<preset>, virt:<file.toml> or virt:@<name>, then ,key=value";

static void
copy_span(char *to, struct span span)
{
	if (span.nbytes) {
		memcpy(to, span.at, span.nbytes);
	}
	to[span.nbytes] = '\0';
}

static bool
set_name(struct virt_spec *spec, struct span value, struct text *why)
{
	bool good = value.nbytes > 0 && value.nbytes < VIRT_NAME_NBYTES;

	for (size_t i = 0; i < value.nbytes; i += 1) {
		char c = value.at[i];

		good &= (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
	}
	if (!good) {
		text_quote(why, value);
		text_str(why, " is not a name of a virtual SSD; use 1 to 63 letters, digits, ., - "
			 "and _");
		return false;
	}
	copy_span(spec->name, value);
	return true;
}

static bool
set_clock(struct virt_spec *spec, struct span value, struct text *why)
{
	if (span_equal(value, "real")) {
		spec->clock = VIRT_CLOCK_REAL;
	} else if (span_equal(value, "virtual")) {
		spec->clock = VIRT_CLOCK_VIRTUAL;
	} else {
		text_quote(why, value);
		text_str(why, " is not a clock; it is real (the default) or virtual");
		return false;
	}
	return true;
}

static bool
set_media(struct virt_spec *spec, struct span value, struct text *why)
{
	if (value.nbytes == 0 || value.nbytes >= sizeof(spec->media_path)) {
		text_str(why, "media= needs memory (the default), none, or the name of a file");
		return false;
	}
	spec->media = span_equal(value, "memory") ? VIRT_MEDIA_MEMORY
		      : span_equal(value, "none") ? VIRT_MEDIA_NONE : VIRT_MEDIA_FILE;
	if (spec->media == VIRT_MEDIA_FILE) {
		copy_span(spec->media_path, value);
	}
	return true;
}

static bool
set_seed(struct virt_spec *spec, struct span value, struct text *why)
{
	if (!span_to_u64(value, &spec->seed)) {
		text_quote(why, value);
		text_str(why, " is not a seed; give a whole number below 2^64");
		return false;
	}
	return true;
}

static bool
set_overcommit(struct virt_spec *spec, struct span value, struct text *why)
{
	spec->overcommit = span_equal(value, "true");
	if (!spec->overcommit && !span_equal(value, "false")) {
		text_quote(why, value);
		text_str(why, " is not a value of overcommit; give true or false (the media file "
			 "may become larger than the free space)");
		return false;
	}
	return true;
}

static const struct virt_key {
	const char *key;
	bool (*set)(struct virt_spec *spec, struct span value, struct text *why);
	const char *values, *standard, *help;
} keys[] = {
	{"name", set_name, "1 to 63 letters, digits, ., - and _", "none",
	 "other handles of this process find it as virt:@NAME"},
	{"clock", set_clock, "real or virtual", "real",
	 "whose time: virtual jumps from event to event as the host polls"},
	{"media", set_media, "memory, none or a path", "memory",
	 "what holds the bytes; none: they are lost, a path: the file of that name keeps them"},
	{"seed", set_seed, "a whole number below 2^64", "0", "of every random choice of the drive"},
	{"overcommit", set_overcommit, "true or false", "false",
	 "the media file may become larger than the free space of its file system"},
};

enum { KEYS_COUNT = sizeof(keys) / sizeof(keys[0]), KEYS_SEEN_MAX = 64 };

bool
virt_key_get(uint32_t index, struct nvmevirt_key *key)
{
	if (index >= KEYS_COUNT) {
		return false;
	}
	*key = (struct nvmevirt_key){.name = "", .unit = ""};
	snprintf(key->alias, sizeof(key->alias), "%s", keys[index].key);
	snprintf(key->values, sizeof(key->values), "%s", keys[index].values);
	snprintf(key->standard, sizeof(key->standard), "%s", keys[index].standard);
	key->meaning = keys[index].help;
	return true;
}

static bool
set_key(struct virt_spec *spec, struct span key, struct span value, struct text *why)
{
	for (size_t i = 0; i < KEYS_COUNT; i += 1) {
		if (span_equal(key, keys[i].key)) {
			return keys[i].set(spec, value, why);
		}
	}
	if (settings_set(&spec->config, key, value, why)) {
		return true;
	}
	for (size_t i = 0; i < KEYS_COUNT && strstr(why->buf, "is not a setting"); i += 1) {
		text_str(why, i ? ", " : "; and, of the virtual SSD, ");
		text_str(why, keys[i].key);
	}
	return false;
}

static bool
set_keys(struct virt_spec *spec, struct span rest, struct text *why)
{
	struct span seen[KEYS_SEEN_MAX];
	size_t nseen = 0;

	while (rest.at) {
		struct span value = span_cut(&rest, ',');
		struct span whole = value;
		struct span key = span_cut(&value, '=');

		if (!value.at || key.nbytes == 0) {
			text_quote(why, whole);
			text_str(why, " is not key=value");
			text_str(why, how_to_write);
			return false;
		}
		for (size_t i = 0; i < nseen; i += 1) {
			if (span_same(seen[i], key)) {
				text_quote(why, key);
				text_str(why, " is given twice; keep one");
				return false;
			}
		}
		if (nseen == KEYS_SEEN_MAX) {
			text_str(why, "more than 64 key=value; put them into a description file");
			return false;
		}
		seen[nseen] = key;
		nseen += 1;
		if (!set_key(spec, key, value, why)) {
			return false;
		}
	}
	spec->config.no_media = spec->media == VIRT_MEDIA_NONE;
	spec->config.journal = spec->media == VIRT_MEDIA_FILE;
	for (size_t i = 0; i < nseen; i += 1) {
		if (!settings_check_key(&spec->config, seen[i], why)) {
			return false;
		}
	}
	if (spec->overcommit && spec->media != VIRT_MEDIA_FILE) {
		text_str(why, "overcommit has no effect here: it is about media files; set "
			 "media=FILE, or omit overcommit");
		return false;
	}
	return true;
}

static void
spec_default(struct virt_spec *spec)
{
	memset(spec, 0, sizeof(*spec)); /* padding too: configurations are compared as bytes */
	ssd_config_default(&spec->config);
}

bool
virt_spec_from_toml(struct virt_spec *spec, struct span toml, struct span rest, struct text *why)
{
	struct ssd_config own; /* the configuration of the description, without the keys */

	spec_default(spec);
	if (!settings_from_toml(&spec->config, toml, why)) {
		return false;
	}
	own = spec->config;
	if (!set_keys(spec, rest, why) ||
	    !settings_check_toml(toml, &own, &spec->config, why)) {
		return false;
	}
	settings_drop_unused(&spec->config);
	return true;
}

static void
say_errno(struct text *why, const char *what, const char *path, int err)
{
	text_str(why, what);
	text_quote(why, span_of(path));
	text_str(why, ": ");
	text_str(why, strerror(err));
}

/* Reads the whole file; the caller frees the result. NULL with *why on failure. */
static char *
read_all(int fd, const char *path, size_t *nbytes, struct text *why)
{
	char *buf = malloc(TOML_TEXT_NBYTES_MAX + 1);
	ssize_t got = 1;

	*nbytes = 0;
	while (buf && got > 0 && *nbytes <= TOML_TEXT_NBYTES_MAX) {
		got = read(fd, buf + *nbytes, TOML_TEXT_NBYTES_MAX + 1 - *nbytes);
		*nbytes += got > 0 ? (size_t)got : 0;
	}
	if (!buf || got < 0) {
		say_errno(why, "cannot read the description ", path, buf ? errno : ENOMEM);
		free(buf);
		return NULL;
	}
	return buf; /* one byte more than allowed, if there is one: the parser reports that */
}

static char *
read_description(const char *path, size_t *nbytes, struct text *why)
{
	struct stat info;
	char *buf = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || fstat(fd, &info)) {
		say_errno(why, "cannot read the description ", path, errno);
	} else if (!S_ISREG(info.st_mode)) {
		text_quote(why, span_of(path));
		text_str(why, " is not a regular file; a description of an SSD is one");
	} else {
		buf = read_all(fd, path, nbytes, why);
	}
	if (fd >= 0) {
		close(fd);
	}
	return buf;
}

static bool
from_file(struct virt_spec *spec, struct span source, struct span rest, struct text *why)
{
	char path[PATH_MAX], inner_buf[1024];
	struct text inner = text_on(inner_buf, sizeof(inner_buf));
	struct span toml;
	bool good;

	if (source.nbytes >= sizeof(path)) {
		text_str(why, "the name of the description file is too long");
		return false;
	}
	copy_span(path, source);
	char *buf = read_description(path, &toml.nbytes, why);

	if (!buf) {
		return false;
	}
	toml.at = buf;
	good = virt_spec_from_toml(spec, toml, rest, &inner);
	free(buf);
	if (!good) {
		text_str(why, path);
		text_str(why, ": ");
		text_str(why, inner_buf);
	}
	copy_span(spec->description_path, source);
	return good;
}

void
virt_spec_blame(const struct virt_spec *spec, const char *sentence, struct text *why)
{
	struct text unread = text_on((char[256]){0}, 256);
	struct span toml = {.at = NULL};
	char *buf = NULL;

	if (spec->description_path[0]) {
		buf = read_description(spec->description_path, &toml.nbytes, &unread);
		text_str(why, spec->description_path);
		text_str(why, ": ");
	}
	if (buf) {
		toml.at = buf;
		settings_blame(toml, &spec->config, sentence, why);
	} else {
		text_str(why, sentence);
	}
	free(buf);
}

static bool
is_file(struct span source)
{
	static const char suffix[5] = ".toml";

	return (source.nbytes > sizeof(suffix) &&
		memcmp(source.at + source.nbytes - sizeof(suffix), suffix, sizeof(suffix)) == 0) ||
	       (source.nbytes && memchr(source.at, '/', source.nbytes));
}

static bool
parse_attach(struct virt_spec *spec, struct span name, struct span rest, struct text *why)
{
	spec_default(spec);
	spec->attach = true;
	if (rest.at) {
		text_str(why, "virt:@<name> names an SSD that exists and takes no key=value; give "
			 "them where it is made");
		return false;
	}
	return set_name(spec, name, why);
}

bool
virt_spec_parse(struct virt_spec *spec, const char *uri, struct text *why)
{
	struct span rest = {.at = uri, .nbytes = strnlen(uri, VIRT_URI_NBYTES_MAX)};
	struct span source;
	const struct preset *preset;

	if (rest.nbytes == VIRT_URI_NBYTES_MAX ||
	    strncmp(uri, VIRT_SCHEME, sizeof(VIRT_SCHEME) - 1) != 0) {
		text_str(why, "a URI of a virtual SSD begins with virt: and is shorter than 4096 "
			 "bytes");
		return false;
	}
	rest.at += sizeof(VIRT_SCHEME) - 1;
	rest.nbytes -= sizeof(VIRT_SCHEME) - 1;
	source = span_cut(&rest, ',');
	if (source.nbytes && source.at[0] == '@') {
		source.at += 1;
		source.nbytes -= 1;
		return parse_attach(spec, source, rest, why);
	}
	if (is_file(source)) {
		return from_file(spec, source, rest, why);
	}
	preset = preset_find(source);
	if (!preset) {
		text_quote(why, source);
		text_str(why, " is not a preset; there are ");
		for (uint32_t i = 0; i < presets_count; i += 1) {
			text_str(why, i ? ", " : "");
			text_str(why, presets[i].name);
		}
		text_str(why, how_to_write);
		return false;
	}
	return virt_spec_from_toml(spec, span_of(preset->toml), rest, why);
}

void
virt_spec_identify(struct virt_spec *spec, const char *origin)
{
	if (!spec->config.identity[0] && !spec->config.serial[0] && !spec->name[0] &&
	    spec->media != VIRT_MEDIA_FILE) {
		virt_identity_of(spec->config.identity, origin);
	}
}

void
virt_identity_of(char identity[SSD_IDENTITY_NBYTES], const char *origin)
{
	size_t nbytes = strlen(origin);
	uint64_t hash = nbytes;

	if (nbytes < SSD_IDENTITY_NBYTES) {
		memcpy(identity, origin, nbytes + 1);
		return;
	}
	for (size_t i = 0; i < nbytes; i += 1) {
		hash = prng_mix((hash ^ (uint8_t)origin[i]) + 1);
	}
	(void)snprintf(identity, SSD_IDENTITY_NBYTES, "%016llx", (unsigned long long)hash);
}

const char *
virt_spec_difference(const struct virt_spec *a, const struct virt_spec *b)
{
	if (a->clock != b->clock) {
		return "the clock";
	}
	if (a->media != b->media || strcmp(a->media_path, b->media_path) != 0) {
		return "the media";
	}
	if (a->seed != b->seed) {
		return "the seed";
	}
	if (memcmp(&a->config, &b->config, offsetof(struct ssd_config, identity)) != 0) {
		return "the drive itself (preset, size, LBA size, model or another setting)";
	}
	return NULL;
}
