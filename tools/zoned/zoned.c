/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * zoned: zones of a namespace of the Zoned Namespace command set.
 */
#include "zoned.h"

/* Options that select a zone, or all zones */
/* clang-format off */
#define ZONE_OPTS \
	TOOL_URI, {XNVME_CLI_OPT_SLBA, XNVME_CLI_LREQ}, {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT}, \
		{XNVME_CLI_OPT_ALL, XNVME_CLI_LFLG}, XNVME_CLI_SYNC_OPTS

static struct xnvme_cli_sub subs[] = {
	TOOL_SUB("enum", "List the zoned namespaces of this machine", zoned_sub_enum,
		 TOOL_ENUM_OPTS),
	TOOL_SUB("info", "Show the geometry and identifiers of a device", tool_sub_info,
		 TOOL_URI, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("idfy-ctrlr", "Identify the controller for the Zoned Namespace Command Set",
		 zoned_sub_idfy_ctrlr,
		 TOOL_URI, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("idfy-ns", "Identify the namespace for the Zoned Namespace Command Set",
		 zoned_sub_idfy_ns,
		 TOOL_URI, {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT}, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("changes", "Get the Changed Zone List log page", zoned_sub_changes,
		 TOOL_URI, {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT}, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("errors", "Get the Error Information log page", zoned_sub_errors,
		 TOOL_URI, {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT}, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("read", "Read logical blocks", lblk_sub_read,
		 TOOL_READ_OPTS),
	TOOL_SUB("write", "Write logical blocks at the zone's write pointer", lblk_sub_write,
		 TOOL_WRITE_OPTS),
	TOOL_SUB("append", "Append logical blocks to a zone", zoned_sub_append,
		 TOOL_WRITE_OPTS),
	TOOL_SUB("mgmt-open", "Open a Zone", zoned_sub_mgmt_open,
		 ZONE_OPTS),
	TOOL_SUB("mgmt-open-zrwa", "Open a Zone with a Random Write Area", zoned_sub_mgmt_open_zrwa,
		 TOOL_URI, {XNVME_CLI_OPT_SLBA, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT}, XNVME_CLI_SYNC_OPTS),
	TOOL_SUB("mgmt-flush", "Commit a Random Write Area up to and with a block",
		 zoned_sub_mgmt_flush,
		 TOOL_URI, {XNVME_CLI_OPT_SLBA, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT}, XNVME_CLI_SYNC_OPTS),
	TOOL_SUB("mgmt-close", "Change a zone to the state Closed", zoned_sub_mgmt_close,
		 ZONE_OPTS),
	TOOL_SUB("mgmt-finish", "Change a zone to the state Full", zoned_sub_mgmt_finish,
		 ZONE_OPTS),
	TOOL_SUB("mgmt-reset", "Change a zone to the state Empty", zoned_sub_mgmt_reset,
		 ZONE_OPTS),
	TOOL_SUB("mgmt", "Send a zone action that is given by its number", zoned_sub_mgmt,
		 TOOL_URI, {XNVME_CLI_OPT_SLBA, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_ZSA, XNVME_CLI_LREQ}, {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_ALL, XNVME_CLI_LFLG}, {XNVME_CLI_OPT_DATA_INPUT, XNVME_CLI_LOPT},
		 XNVME_CLI_SYNC_OPTS),
	TOOL_SUB("report", "Show the zoned geometry", zoned_sub_report,
		 TOOL_URI, {XNVME_CLI_OPT_SLBA, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_LIMIT, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT}, XNVME_CLI_SYNC_OPTS),
};

static struct xnvme_cli cli = {
	.title = "Inspect, read, write and manage zoned namespaces",
	.descr_short = "Inspect, read, write and manage zoned namespaces",
	.descr_long = "Ask, read, write, append and manage the zones of a zoned namespace",
	.nsubs = sizeof(subs) / sizeof(subs[0]),
	.subs = subs,
};

int
main(int argc, char **argv)
{
	return xnvme_cli_run(&cli, argc, argv, XNVME_CLI_INIT_DEV_OPEN);
}
