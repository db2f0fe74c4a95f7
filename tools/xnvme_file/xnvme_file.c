/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xnvme_file: file I/O through the same paths as devices.
 */
#include "file_io.h"

static struct xnvme_cli_sub subs[] = {
	TOOL_SUB("write-read", "Write a file and read it back", file_sub_write_read,
		 {XNVME_CLI_OPT_POSA_TITLE, XNVME_CLI_SKIP}, {XNVME_CLI_OPT_URI, XNVME_CLI_POSA},
		 {XNVME_CLI_OPT_DATA_NBYTES, XNVME_CLI_POSA},
		 {XNVME_CLI_OPT_NON_POSA_TITLE, XNVME_CLI_SKIP}, TOOL_PATH_OPTS),
	TOOL_SUB("dump-sync", "Write --data-nbytes bytes to a file", file_sub_dump_sync,
		 TOOL_POSITIONAL(XNVME_CLI_OPT_DATA_OUTPUT),
		 {XNVME_CLI_OPT_DATA_NBYTES, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_IOSIZE, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_DIRECT, XNVME_CLI_LFLG},
		 TOOL_PATH_OPTS),
	TOOL_SUB("dump-sync-iovec", "Write --data-nbytes bytes to a file",
		 file_sub_dump_sync_iovec,
		 TOOL_POSITIONAL(XNVME_CLI_OPT_DATA_OUTPUT),
		 {XNVME_CLI_OPT_DATA_NBYTES, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_IOSIZE, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_DIRECT, XNVME_CLI_LFLG},
		 {XNVME_CLI_OPT_VEC_CNT, XNVME_CLI_LOPT}, TOOL_PATH_OPTS),
	TOOL_SUB("dump-async", "Write a buffer of 'data-nbytes' to file --data-output",
		 file_sub_dump_async,
		 TOOL_POSITIONAL(XNVME_CLI_OPT_DATA_OUTPUT),
		 {XNVME_CLI_OPT_DATA_NBYTES, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_IOSIZE, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_QDEPTH, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DIRECT, XNVME_CLI_LFLG}, TOOL_PATH_OPTS),
	TOOL_SUB("dump-async-iovec", "Write a buffer of 'data-nbytes' to file --data-output",
		 file_sub_dump_async_iovec,
		 TOOL_POSITIONAL(XNVME_CLI_OPT_DATA_OUTPUT),
		 {XNVME_CLI_OPT_DATA_NBYTES, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_IOSIZE, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_QDEPTH, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DIRECT, XNVME_CLI_LFLG}, {XNVME_CLI_OPT_VEC_CNT, XNVME_CLI_LOPT},
		 TOOL_PATH_OPTS),
	TOOL_SUB("load-sync", "Read a whole file", file_sub_load_sync,
		 TOOL_POSITIONAL(XNVME_CLI_OPT_DATA_INPUT), {XNVME_CLI_OPT_IOSIZE, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DIRECT, XNVME_CLI_LFLG}, TOOL_PATH_OPTS),
	TOOL_SUB("load-async", "Read a whole file", file_sub_load_async,
		 TOOL_POSITIONAL(XNVME_CLI_OPT_DATA_INPUT), {XNVME_CLI_OPT_IOSIZE, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_QDEPTH, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_DIRECT, XNVME_CLI_LFLG},
		 TOOL_PATH_OPTS),
	TOOL_SUB("copy-sync", "Copy file --data-input to --data-output", copy_sub_sync,
		 {XNVME_CLI_OPT_POSA_TITLE, XNVME_CLI_SKIP},
		 {XNVME_CLI_OPT_DATA_INPUT, XNVME_CLI_POSA},
		 {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_POSA},
		 {XNVME_CLI_OPT_NON_POSA_TITLE, XNVME_CLI_SKIP},
		 {XNVME_CLI_OPT_IOSIZE, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_DIRECT, XNVME_CLI_LFLG},
		 TOOL_PATH_OPTS),
	TOOL_SUB("copy-async", "Copy file --data-input to --data-output", copy_sub_async,
		 {XNVME_CLI_OPT_POSA_TITLE, XNVME_CLI_SKIP},
		 {XNVME_CLI_OPT_DATA_INPUT, XNVME_CLI_POSA},
		 {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_POSA},
		 {XNVME_CLI_OPT_NON_POSA_TITLE, XNVME_CLI_SKIP},
		 {XNVME_CLI_OPT_IOSIZE, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_QDEPTH, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DIRECT, XNVME_CLI_LFLG}, TOOL_PATH_OPTS),
};

static struct xnvme_cli cli = {
	.title = "xnvme_file - files through the paths of devices",
	.descr_short = "Files through the paths of devices",
	.descr_long = "Write, read and copy files through any path",
	.nsubs = sizeof(subs) / sizeof(subs[0]),
	.subs = subs,
};

int
main(int argc, char **argv)
{
	return xnvme_cli_run(&cli, argc, argv, XNVME_CLI_INIT_NONE);
}
