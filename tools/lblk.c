/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lblk: blocks of a namespace of the NVM command set.
 */
#include "lblk.h"

static struct xnvme_cli_sub subs[] = {
	TOOL_SUB("enum", "Enumerate Logical Block Namespaces on the system", lblk_sub_enum,
		 TOOL_ENUM_OPTS),
	TOOL_SUB("info", "Retrieve derived information for the given URI", tool_sub_info,
		 TOOL_URI, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("idfy", "Identify the namespace for the given URI", lblk_sub_idfy,
		 TOOL_URI, {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT}, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("dir-send", "Directive send for the given URI", lblk_sub_dir_send,
		 TOOL_URI, {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DSPEC, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_DTYPE, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DOPER, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_ENDIR, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_TGTDIR, XNVME_CLI_LOPT}, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("dir-receive", "Directive receive for the given URI", lblk_sub_dir_receive,
		 TOOL_URI, {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DTYPE, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_DOPER, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_NSR, XNVME_CLI_LOPT}, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("read", "Read data and optionally metadata", lblk_sub_read,
		 TOOL_READ_OPTS),
	TOOL_SUB("write", "Writes data and optionally metadata", lblk_sub_write,
		 TOOL_WRITE_OPTS),
	TOOL_SUB("write-zeros", "Set a range of logical blocks to zero", lblk_sub_write_zeros,
		 TOOL_WRITE_OPTS),
	TOOL_SUB("write-uncor", "Mark a range of logical blocks as invalid", lblk_sub_write_uncor,
		 TOOL_WRITE_OPTS),
	TOOL_SUB("write-dir", "Writes directive specific data and optionally metadata",
		 lblk_sub_write_dir,
		 TOOL_BLOCKS_OF_FILES, {XNVME_CLI_OPT_DTYPE, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DSPEC, XNVME_CLI_LOPT}, XNVME_CLI_SYNC_OPTS),
	TOOL_SUB("write-read-pi", "Writes and then read with protection information",
		 lblk_sub_write_read_pi,
		 TOOL_BLOCKS, {XNVME_CLI_OPT_PRACT, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_PRCHK, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_APPTAG, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_APPTAG_MASK, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DATA_INPUT, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_META_INPUT, XNVME_CLI_LOPT}, XNVME_CLI_SYNC_OPTS),
	TOOL_SUB("compare", "Compare data and optionally metadata", lblk_sub_compare,
		 TOOL_WRITE_OPTS),
};

static struct xnvme_cli cli = {
	.title = "Logical Block Namespace Utility",
	.descr_short = "Logical Block Namespace Utility",
	.descr_long = "Read, write and compare blocks of a namespace of the NVM command set",
	.nsubs = sizeof(subs) / sizeof(subs[0]),
	.subs = subs,
};

int
main(int argc, char **argv)
{
	return xnvme_cli_run(&cli, argc, argv, XNVME_CLI_INIT_DEV_OPEN);
}
