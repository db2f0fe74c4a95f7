/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The contents of a `virt:` URI.
 *
 *   virt:<preset>[,key=value...]      a built-in description
 *   virt:<file.toml>[,key=value...]   one from a file: a name that ends in .toml or contains a /
 *   virt:@<name>                      an existing SSD of this process
 */
#ifndef VIRT_SPEC_H
#define VIRT_SPEC_H

#include <libnvmevirt.h>
#include <limits.h>
#include <base/text.h>
#include <ssd/config.h>

#define VIRT_SCHEME "virt:"

enum {
	VIRT_NAME_NBYTES = 64,
	VIRT_URI_NBYTES_MAX = 4096,
};

enum virt_clock {
	VIRT_CLOCK_REAL,    /* CLOCK_MONOTONIC */
	VIRT_CLOCK_VIRTUAL, /* advances to the next event when the host polls */
};

enum virt_media {
	VIRT_MEDIA_MEMORY,
	VIRT_MEDIA_FILE,
	VIRT_MEDIA_NONE,
};

struct virt_spec {
	char name[VIRT_NAME_NBYTES]; /* empty: it cannot be shared by name */
	bool attach;                 /* "virt:@name": the fields below do not describe the SSD */
	enum virt_clock clock;
	enum virt_media media;
	char media_path[PATH_MAX];
	char description_path[PATH_MAX]; /* of its description file; empty: there is none */
	bool read_only;  /* the media file is not written; set by the opener */
	bool overcommit; /* the file may exceed the free space of its file system */
	uint64_t seed;
	struct ssd_config config;
};

/* Parses `uri`, which begins with VIRT_SCHEME. Reads the description file if there is one. Returns
 * false with *why. */
bool virt_spec_parse(struct virt_spec *spec, const char *uri, struct text *why);

/* The same from a description in memory and "key=value,key=value" (at == NULL: no keys) */
bool virt_spec_from_toml(struct virt_spec *spec, struct span toml, struct span keys,
			 struct text *why);

/* Derives the identity of the SSD from `origin`, such as the socket that it is served on, unless
 * the spec has one already: identity=, serial=, name= or a media file */
void virt_spec_identify(struct virt_spec *spec, const char *origin);

/* `origin` as an identity: a hash of it when it is too long for one */
void virt_identity_of(char identity[SSD_IDENTITY_NBYTES], const char *origin);

/* A key of the virtual SSD, not of the drive: allowed in a URI, not in a description */
bool virt_key_get(uint32_t index, struct nvmevirt_key *key);

/* Appends to *why the reason why the drive is invalid: `sentence`, with file, line and value if a
 * description file causes it. Reads that file. */
void virt_spec_blame(const struct virt_spec *spec, const char *sentence, struct text *why);

/* NULL when both describe the same SSD, otherwise a text for what differs */
const char *virt_spec_difference(const struct virt_spec *a, const struct virt_spec *b);

#endif /* VIRT_SPEC_H */
