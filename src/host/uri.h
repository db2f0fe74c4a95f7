/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What does a URI name? Always asked, whatever else the user said.
 */
#ifndef HOST_URI_H
#define HOST_URI_H

#include <host/path.h>

/* The kind of handle that `uri` names, 0 with err_set() when it cannot be told; looks at the file
 * system. `may_create`: a path that does not exist is a file to come. -errno goes to `*err`. */
enum handle_kind uri_classify(const char *uri, bool may_create, int *err);

/* "a regular file", for sentences */
const char *kind_noun(enum handle_kind kind);
/* "file", for tables */
const char *kind_name(enum handle_kind kind);

/* Bytes in "1GB", "512MiB"; GB and GiB both mean 2^30, as they always did here. False when `text`
 * is not such a size or does not fit. */
bool uri_size(const char *text, uint64_t *nbytes);

/* "0000:03:00.0", "03:00.0", "0000:03:00.0,KEY=VALUE": a PCI function */
bool uri_is_pci(const char *uri);

#endif /* HOST_URI_H */
