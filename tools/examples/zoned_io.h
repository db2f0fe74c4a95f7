/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Shared by the zoned examples: selecting a zone, allocating a buffer.
 */
#ifndef TOOLS_EXAMPLES_ZONED_IO_H
#define TOOLS_EXAMPLES_ZONED_IO_H

#include "example.h"

/* Select the zone at --slba, or else an empty zone for writing, or the first one for reading */
static inline int
zoned_io_choose(struct xnvme_cli *cli, bool is_read, struct xnvme_spec_znd_descr *zone)
{
	int err;

	if (is_read || cli->given[XNVME_CLI_OPT_SLBA]) {
		err = xnvme_znd_descr_from_dev(cli->args.dev, cli->args.slba, zone);
	} else {
		err = xnvme_znd_descr_from_dev_in_state(cli->args.dev, XNVME_SPEC_ZND_STATE_EMPTY,
							zone);
	}
	if (err) {
		xnvme_cli_perr("xnvme_znd_descr_from_dev()", err);
		return err;
	}
	xnvme_cli_pinf("Using the following zone:");
	xnvme_spec_znd_descr_pr(zone, XNVME_PR_DEF);
	return 0;
}

/* Allocate a buffer for all blocks of the zone; for writing, fill it with letters */
static inline char *
zoned_io_buf(struct xnvme_cli *cli, const struct xnvme_spec_znd_descr *zone, bool is_read,
	     size_t *nbytes)
{
	char *buf;

	*nbytes = zone->zcap * xnvme_dev_get_geo(cli->args.dev)->lba_nbytes;
	xnvme_cli_pinf("Allocating and filling buf_nbytes: %zu", *nbytes);
	buf = xnvme_buf_alloc(cli->args.dev, *nbytes);
	if (!buf) {
		xnvme_cli_perr("xnvme_buf_alloc()", -errno);
		return NULL;
	}
	xnvme_buf_fill(buf, *nbytes, is_read ? "zero" : "anum");
	return buf;
}

/* The sub-commands read, write and append, all with the same arguments */
#define ZONED_IO_SUB(name_, func_, opts_) \
	{ \
		name_, name_ " the blocks of a zone", name_ " the blocks of a zone", func_, \
		{ \
			{XNVME_CLI_OPT_POSA_TITLE, XNVME_CLI_SKIP}, \
				{XNVME_CLI_OPT_URI, XNVME_CLI_POSA}, \
				{XNVME_CLI_OPT_NON_POSA_TITLE, XNVME_CLI_SKIP}, \
				{XNVME_CLI_OPT_SLBA, XNVME_CLI_LOPT}, \
				{XNVME_CLI_OPT_QDEPTH, XNVME_CLI_LOPT}, \
				{XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT}, opts_, \
		} \
	}

#endif /* TOOLS_EXAMPLES_ZONED_IO_H */
