/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xdd: copy between files and devices.
 */
#include "../stream/copy.h"

static struct xnvme_cli_sub subs[] = {
	TOOL_SUB("sync", "Copy --data-nbytes of --data-input, from --offset on, to the start of "
		 "--data-output", copy_sub_sync,
		 {XNVME_CLI_OPT_DATA_INPUT, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_DATA_NBYTES, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_IOSIZE, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_DIRECT, XNVME_CLI_LFLG},
		 {XNVME_CLI_OPT_OFFSET, XNVME_CLI_LOPT}, TOOL_PATH_OPTS),
	TOOL_SUB("async", "Copy --data-nbytes of --data-input, from --offset on, to the start of "
		 "--data-output", copy_sub_async,
		 {XNVME_CLI_OPT_DATA_INPUT, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_DATA_NBYTES, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_IOSIZE, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_QDEPTH, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DIRECT, XNVME_CLI_LFLG}, {XNVME_CLI_OPT_OFFSET, XNVME_CLI_LOPT},
		 TOOL_PATH_OPTS),
};

static struct xnvme_cli cli = {
	.title = "xdd - copy between files and devices",
	.descr_short = "Copy between files and devices",
	.descr_long = "Copy bytes from a file or device to a file or device, through any path",
	.nsubs = sizeof(subs) / sizeof(subs[0]),
	.subs = subs,
};

int
main(int argc, char **argv)
{
	return xnvme_cli_run(&cli, argc, argv, XNVME_CLI_INIT_NONE);
}
