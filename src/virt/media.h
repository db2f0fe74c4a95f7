/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The bytes that survive: memory, a file that stays, or nothing at all.
 *
 * A file is a page of header and then the media, mapped shared, so that what was written is in the
 * page cache and outlives the process however it ends. Its space is reserved when it is opened or,
 * with overcommit, taken as it is written. The header says what it is, how large, whether it was
 * closed or left, and the identity of its SSD: a file that is moved keeps its serial number.
 */
#ifndef VIRT_MEDIA_H
#define VIRT_MEDIA_H

#include <base/text.h>
#include <virt/spec.h>

struct media {
	void *bytes;     /* NULL: no media */
	uint64_t nbytes;
	void *header;    /* of a file, else NULL */
	int fd;          /* of a file, else -1 */
	bool created;    /* the file was not there before */
	char identity[SSD_IDENTITY_NBYTES]; /* of a file: given, or made from its first path */
	bool was_left;   /* the file was in use when its last process ended: not closed */
};

/* 0, or -errno with *why. `nbytes` of media for `spec`; 0 for VIRT_MEDIA_NONE. */
int media_open(struct media *media, const struct virt_spec *spec, uint64_t nbytes,
	       struct text *why);

/* Marks a file as closed, and writes it back. `forget`: remove the file again if it was made by
 * media_open(). */
void media_close(struct media *media, const struct virt_spec *spec, bool forget);

/* Zeroed memory that is not backed until it is touched; NULL and errno */
void *media_map_memory(uint64_t nbytes);

#endif /* VIRT_MEDIA_H */
