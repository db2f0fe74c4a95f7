/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xnvme: find, identify, manage and test devices.
 */
#include "xnvme.h"

/* A command given dword by dword, with data and metadata from and to files */
#define PASSTHROUGH_OPTS \
	{XNVME_CLI_OPT_CDW00, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_CDW01, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_CDW02, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_CDW03, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_CDW04, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_CDW05, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_CDW06, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_CDW07, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_CDW08, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_CDW09, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_CDW10, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_CDW11, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_CDW12, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_CDW13, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_CDW14, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_CDW15, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_OPCODE, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_CMD_INPUT, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_DATA_INPUT, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_DATA_NBYTES, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_META_INPUT, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_META_OUTPUT, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_META_NBYTES, XNVME_CLI_LOPT}, \
	{XNVME_CLI_OPT_VERBOSE, XNVME_CLI_LFLG}

static struct xnvme_cli_sub subs[] = {
	TOOL_SUB("list", "List the devices of this machine, unopened", xnvme_sub_list,
		 TOOL_ENUM_OPTS),
	TOOL_SUB("enum", "Open each device of this machine and list it", tool_sub_enum,
		 TOOL_ENUM_OPTS),
	{
		"scan",
		"Scan for devices, from what the system tells of them",
		"Scan for devices, from what the system tells of them. Only namespaces whose "
		"command set it does not tell are opened and asked",
		xnvme_sub_scan,
		{
			TOOL_ENUM_OPTS,
		},
	},
	TOOL_SUB("info", "Show the geometry and identifiers of a device", tool_sub_info,
		 TOOL_URI, XNVME_CLI_ASYNC_OPTS),
	TOOL_SUB("idfy", "Send an Identify command with the given CNS and CSI", xnvme_sub_idfy,
		 TOOL_URI, {XNVME_CLI_OPT_CNS, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_CNTID, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_SETID, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_UUID, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_CSI, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT},
		 XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("idfy-ns", "Identify the namespace", xnvme_sub_idfy_ns,
		 TOOL_URI, {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT}, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("idfy-ctrlr", "Identify the controller", xnvme_sub_idfy_ctrlr,
		 TOOL_URI, {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT}, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("idfy-cs", "Identify the I/O command sets of the controller",
		 xnvme_sub_idfy_cs,
		 TOOL_URI, {XNVME_CLI_OPT_CNTID, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT}, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("log", "Get the log page with the given identifier", xnvme_sub_log,
		 TOOL_URI, {XNVME_CLI_OPT_LID, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_LSP, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_LPO_NBYTES, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_RAE, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DATA_NBYTES, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT}, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("log-erri", "Get the Error Information log page", xnvme_sub_log_erri,
		 TOOL_URI, {XNVME_CLI_OPT_LIMIT, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT}, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("log-health", "Get the SMART / Health Information log page",
		 xnvme_sub_log_health,
		 TOOL_URI, {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT}, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("log-sanitize", "Retrieve the Sanitize Status log", xnvme_sub_log_sanitize,
		 TOOL_URI, {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT}, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("log-fdp-config", "Get the FDP Configurations log page", xnvme_sub_log_fdp_config,
		 TOOL_URI, {XNVME_CLI_OPT_DATA_NBYTES, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_LSI, XNVME_CLI_LREQ}, {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT}, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("log-ruhu", "Get the Reclaim Unit Handle Usage log page", xnvme_sub_log_ruhu,
		 TOOL_URI, {XNVME_CLI_OPT_LIMIT, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_LSI, XNVME_CLI_LREQ}, {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT}, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("log-fdp-stats", "Get the FDP Statistics log page", xnvme_sub_log_fdp_stats,
		 TOOL_URI, {XNVME_CLI_OPT_LSI, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT},
		 XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("log-fdp-events", "Get the FDP Events log page", xnvme_sub_log_fdp_events,
		 TOOL_URI, {XNVME_CLI_OPT_LIMIT, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_LSI, XNVME_CLI_LREQ}, {XNVME_CLI_OPT_LSP, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT},
		 XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("feature-get", "Get a feature", xnvme_sub_feature_get,
		 TOOL_URI, {XNVME_CLI_OPT_FID, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_SEL, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_CDW11, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DATA_NBYTES, XNVME_CLI_LOPT}, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("feature-set", "Set a feature", xnvme_sub_feature_set,
		 TOOL_URI, {XNVME_CLI_OPT_FID, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_FEAT, XNVME_CLI_LREQ}, {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_SAVE, XNVME_CLI_LFLG}, {XNVME_CLI_OPT_CDW12, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DATA_INPUT, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DATA_NBYTES, XNVME_CLI_LOPT}, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("set-fdp-events", "Enable or disable FDP events", xnvme_sub_set_fdp_events,
		 TOOL_URI, {XNVME_CLI_OPT_FID, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_FEAT, XNVME_CLI_LREQ}, {XNVME_CLI_OPT_CDW12, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_SAVE, XNVME_CLI_LFLG},
		 XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("format", "Format a namespace: all its data are lost", xnvme_sub_format,
		 TOOL_URI, {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_LBAFL, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_LBAFU, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_MSET, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_SES, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_PI, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_PIL, XNVME_CLI_LOPT},
		 XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("sanitize", "Start a sanitize operation: all data are lost", xnvme_sub_sanitize,
		 TOOL_URI, {XNVME_CLI_OPT_SANACT, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_AUSE, XNVME_CLI_LFLG}, {XNVME_CLI_OPT_OVRPAT, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_OWPASS, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_OIPBP, XNVME_CLI_LFLG},
		 {XNVME_CLI_OPT_NODAS, XNVME_CLI_LFLG}, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("fdp-ruhs", "Get the status of the reclaim unit handles", xnvme_sub_fdp_ruhs,
		 TOOL_URI, {XNVME_CLI_OPT_LIMIT, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT}, XNVME_CLI_SYNC_OPTS),
	TOOL_SUB("fdp-ruhu", "Let a placement identifier refer to an empty reclaim unit",
		 xnvme_sub_fdp_ruhu,
		 TOOL_URI, {XNVME_CLI_OPT_PID, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT}, XNVME_CLI_SYNC_OPTS),
	TOOL_SUB("pioc", "Pass an I/O command whose fields are given", xnvme_sub_pioc,
		 TOOL_URI, PASSTHROUGH_OPTS, XNVME_CLI_SYNC_OPTS),
	TOOL_SUB("padc", "Pass an admin command whose fields are given", xnvme_sub_padc,
		 TOOL_URI, PASSTHROUGH_OPTS, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("library-info", "Show the version of the library and what it was built with",
		 xnvme_sub_library_info,
		 {XNVME_CLI_OPT_NONE, XNVME_CLI_SKIP}),
	TOOL_SUB("dsm", "Send hints about a range of logical blocks, such as deallocate",
		 xnvme_sub_dsm, TOOL_URI, {XNVME_CLI_OPT_NSID, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_SLBA, XNVME_CLI_LREQ}, {XNVME_CLI_OPT_LLB, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_AD, XNVME_CLI_LFLG}, {XNVME_CLI_OPT_IDW, XNVME_CLI_LFLG},
		 {XNVME_CLI_OPT_IDR, XNVME_CLI_LFLG}, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("subsystem-reset", "Reset the NVM subsystem", xnvme_sub_subsystem_reset,
		 TOOL_URI, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("show-regs", "Show the registers of the controller", xnvme_sub_show_regs,
		 TOOL_URI, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("ctrlr-reset", "Reset the controller", xnvme_sub_ctrlr_reset,
		 TOOL_URI, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("ns-rescan", "Look for added and removed namespaces again", xnvme_sub_ns_rescan,
		 TOOL_URI, XNVME_CLI_ADMIN_OPTS),
	TOOL_SUB("paths", "Show which paths fit a device, or go through all of them",
		 xnvme_sub_paths,
		 {XNVME_CLI_OPT_POSA_TITLE, XNVME_CLI_SKIP}, {XNVME_CLI_OPT_URI, XNVME_CLI_POSN},
		 {XNVME_CLI_OPT_NON_POSA_TITLE, XNVME_CLI_SKIP},
		 {XNVME_CLI_OPT_DEMO, XNVME_CLI_LFLG}, {XNVME_CLI_OPT_SEED, XNVME_CLI_LOPT},
		 XNVME_CLI_CORE_OPTS),
	TOOL_SUB("doctor", "Check what of this machine decides which paths work, and how fast",
		 doctor_sub,
		 {XNVME_CLI_OPT_POSA_TITLE, XNVME_CLI_SKIP}, {XNVME_CLI_OPT_URI, XNVME_CLI_POSN},
		 {XNVME_CLI_OPT_NON_POSA_TITLE, XNVME_CLI_SKIP}, XNVME_CLI_CORE_OPTS),
};

static struct xnvme_cli cli = {
	.title = "xnvme - inspect and manage NVMe devices",
	.descr_short = "Inspect and manage NVMe devices",
	.descr_long = "Cross-platform NVMe utility: find, identify, manage and try devices",
	.nsubs = sizeof(subs) / sizeof(subs[0]),
	.subs = subs,
};

int
main(int argc, char **argv)
{
	return xnvme_cli_run(&cli, argc, argv, XNVME_CLI_INIT_DEV_OPEN);
}
