/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lblk: blocks of a namespace of the NVM command set.
 */
#include "lblk.h"

static struct xnvme_cli_sub subs[] = {
	TOOL_SUB("enum", "List the namespaces of logical blocks of this machine", lblk_sub_enum,
		 TOOL_ENUM_OPTS),
	TOOL_SUB("info", "Show the geometry and identifiers of a device", tool_sub_info,
		 TOOL_URI, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("idfy", "Identify the namespace for the NVM Command Set", lblk_sub_idfy,
		 TOOL_URI, {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT}, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("dir-send", "Send a directive operation", lblk_sub_dir_send,
		 TOOL_URI, {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DSPEC, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_DTYPE, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DOPER, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_ENDIR, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_TGTDIR, XNVME_CLI_LOPT}, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("dir-receive", "Receive the answer of a directive operation", lblk_sub_dir_receive,
		 TOOL_URI, {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DTYPE, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_DOPER, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_NSR, XNVME_CLI_LOPT}, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("read", "Read logical blocks, and their metadata where a buffer is given",
		 lblk_sub_read, TOOL_READ_OPTS),
	TOOL_SUB("write", "Write logical blocks, and their metadata where it is given",
		 lblk_sub_write, TOOL_WRITE_OPTS),
	TOOL_SUB("write-zeros", "Write zeroes to a range of logical blocks", lblk_sub_write_zeros,
		 TOOL_WRITE_OPTS),
	TOOL_SUB("write-uncor", "Mark logical blocks so that reading them fails",
		 lblk_sub_write_uncor, TOOL_WRITE_OPTS),
	TOOL_SUB("write-dir", "Write logical blocks with a directive",
		 lblk_sub_write_dir,
		 TOOL_BLOCKS_OF_FILES, {XNVME_CLI_OPT_DTYPE, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DSPEC, XNVME_CLI_LOPT}, XNVME_CLI_SYNC_OPTS),
	TOOL_SUB("write-read-pi", "Write with protection information, read back and verify",
		 lblk_sub_write_read_pi,
		 TOOL_BLOCKS, {XNVME_CLI_OPT_PRACT, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_PRCHK, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_APPTAG, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_APPTAG_MASK, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DATA_INPUT, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_META_INPUT, XNVME_CLI_LOPT}, XNVME_CLI_SYNC_OPTS),
	TOOL_SUB("compare", "Compare logical blocks with a buffer", lblk_sub_compare,
		 TOOL_WRITE_OPTS),
};

static struct xnvme_cli cli = {
	.title = "Inspect, read and write namespaces of logical blocks",
	.descr_short = "Inspect, read and write namespaces of logical blocks",
	.descr_long = "Read, write and compare blocks of a namespace of the NVM command set",
	.nsubs = sizeof(subs) / sizeof(subs[0]),
	.subs = subs,
};

int
main(int argc, char **argv)
{
	return xnvme_cli_run(&cli, argc, argv, XNVME_CLI_INIT_DEV_OPEN);
}
