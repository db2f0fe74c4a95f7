/* SPDX-License-Identifier: BSD-3-Clause */
#include <libxnvme.h>

#include <string.h>

void
xnvme_opts_set_defaults(struct xnvme_opts *opts)
{
	memset(opts, 0, sizeof(*opts));
	opts->rdwr = 1;
	opts->nsid = 1;
	opts->create_mode = 0600;
	opts->admin_timeout = 60000000;   /* microseconds */
	opts->command_timeout = 30000000; /* microseconds */
}

struct xnvme_opts
xnvme_opts_default(void)
{
	struct xnvme_opts opts;

	xnvme_opts_set_defaults(&opts);
	return opts;
}
