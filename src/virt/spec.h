/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a `virt:` URI asks for.
 *
 *   virt:<preset>[,key=value...]      a description that is compiled in
 *   virt:<file.toml>[,key=value...]   one from a file: a name that ends in .toml or holds a /
 *   virt:@<name>                      an SSD of this process that exists already
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
	VIRT_CLOCK_VIRTUAL, /* jumps to the next instant of interest when the host polls */
};

enum virt_media {
	VIRT_MEDIA_MEMORY,
	VIRT_MEDIA_FILE,
	VIRT_MEDIA_NONE,
};

struct virt_spec {
	char name[VIRT_NAME_NBYTES]; /* empty: nobody else can find it */
	bool attach;                 /* "virt:@name": everything below is unknown */
	enum virt_clock clock;
	enum virt_media media;
	char media_path[PATH_MAX];
	char description_path[PATH_MAX]; /* of its description; empty: it came from no file */
	bool overcommit; /* the file may become larger than the file system has room for */
	uint64_t seed;
	struct ssd_config config;
};

/* False with *why. `uri` begins with VIRT_SCHEME. Reads the description file if there is one. */
bool virt_spec_parse(struct virt_spec *spec, const char *uri, struct text *why);

/* The same from a description in memory and "key=value,key=value" (at == NULL: none) */
bool virt_spec_from_toml(struct virt_spec *spec, struct span toml, struct span keys,
			 struct text *why);

/* The SSD is told from others by `origin`, such as the socket that it is served on, unless the spec
 * gives an identity: identity=, serial=, name= or a media file */
void virt_spec_identify(struct virt_spec *spec, const char *origin);

/* `origin` as an identity: a hash of it when it is too long for one */
void virt_identity_of(char identity[SSD_IDENTITY_NBYTES], const char *origin);

/* A key that is one of the virtual SSD, not of the drive: a URI has it, a description has not */
bool virt_key_get(uint32_t index, struct nvmevirt_key *key);

/* Why there can be no such drive: `sentence`, with file, line and value where a description file is
 * to blame. Reads that file. */
void virt_spec_blame(const struct virt_spec *spec, const char *sentence, struct text *why);

/* NULL when they ask for the same SSD, otherwise the words for what differs */
const char *virt_spec_difference(const struct virt_spec *a, const struct virt_spec *b);

#endif /* VIRT_SPEC_H */
