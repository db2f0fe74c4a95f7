/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Classifies URIs. Always done, whatever options the user sets.
 */
#ifndef HOST_URI_H
#define HOST_URI_H

#include <host/path.h>

/* Returns the kind of handle that `uri` names; 0 with -errno in `*err`, after err_set(), when it
 * cannot be determined. Accesses the file system. `may_create`: a path that does not exist is a
 * file to be created. */
enum handle_kind uri_classify(const char *uri, bool may_create, int *err);

/* "a regular file", for messages */
const char *kind_noun(enum handle_kind kind);
/* "file", for tables */
const char *kind_name(enum handle_kind kind);

/* Bytes in "1GB", "512MiB", "64k". All units are binary, unlike those of options: GB, GiB and G
 * mean 2^30, for compatibility. False when `text` is not such a size or exceeds 64 bits. */
bool uri_size(const char *text, uint64_t *nbytes);

/* Is it a PCI function: "0000:03:00.0", "03:00.0", "0000:03:00.0,KEY=VALUE"? */
bool uri_is_pci(const char *uri);

#endif /* HOST_URI_H */
