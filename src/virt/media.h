/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The contents of the media: memory, a persistent file, or nothing at all.
 *
 * A file is a page of header, then the media, mapped shared, so that written data is in the page
 * cache and outlives the process however it ends. Its space is reserved when it is opened or, with
 * overcommit, allocated as it is written. The header has a magic number, the size, whether the file
 * was closed properly, and the identity of its SSD: a file that is moved keeps its serial number.
 * With read_only the file must exist and is not written: the mapping is private.
 */
#ifndef VIRT_MEDIA_H
#define VIRT_MEDIA_H

#include <base/text.h>
#include <virt/spec.h>

struct media {
	void *bytes;     /* NULL: no media */
	uint64_t nbytes;
	void *header;    /* NULL unless it is a file */
	int fd;          /* -1 unless it is a file */
	bool created;    /* media_open() created the file */
	char identity[SSD_IDENTITY_NBYTES]; /* of a file: given, or derived from its first path */
	bool was_left;   /* the file was in use when its last process ended: not closed */
};

/* Opens `nbytes` of media for `spec`; 0 for VIRT_MEDIA_NONE. Returns 0, or -errno with *why. */
int media_open(struct media *media, const struct virt_spec *spec, uint64_t nbytes,
	       struct text *why);

/* Marks a file as closed and unmaps it. `forget`: also removes the file if media_open() created
 * it. */
void media_close(struct media *media, const struct virt_spec *spec, bool forget);

/* Zeroed memory that is not resident until it is accessed; NULL with errno set on failure */
void *media_map_memory(uint64_t nbytes);

#endif /* VIRT_MEDIA_H */
