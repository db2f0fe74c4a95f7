/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The list of values that xnvme_opts.be accepts.
 */
#ifndef HOST_BE_H
#define HOST_BE_H

#include <libxnvme.h>

struct be_name {
	char text[32];
	struct xnvme_be_attr attr;
	struct xnvme_be_attr_706 main_attr;
	uint32_t roles;
};

struct be_names {
	int cnt;      /* all */
	int in_build; /* these come first */
	struct be_name name[64];
};

#endif /* HOST_BE_H */
