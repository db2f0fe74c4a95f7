/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the sub-commands of the tools share.
 */
#ifndef TOOLS_TOOL_H
#define TOOLS_TOOL_H

#include <libxnvme.h>
#include <libxnvme_cli.h>

/* Declared again, for the compiler to check our formats */
void xnvme_cli_pinf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A row of a tool's table: a sub-command, one sentence about it, what runs it, its options */
/* clang-format off */
#define TOOL_SUB(name_, sentence, command_, ...) \
	{.name = (name_), .descr_short = (sentence), .command = (command_), .opts = {__VA_ARGS__}}

/* A positional argument and the headings around it; most sub-commands begin with a URI */
#define TOOL_POSITIONAL(opt) \
	{XNVME_CLI_OPT_POSA_TITLE, XNVME_CLI_SKIP}, {(opt), XNVME_CLI_POSA}, \
		{XNVME_CLI_OPT_NON_POSA_TITLE, XNVME_CLI_SKIP}
#define TOOL_URI TOOL_POSITIONAL(XNVME_CLI_OPT_URI)

/* Which path */
#define TOOL_PATH_OPTS \
	{XNVME_CLI_OPT_BE, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_SYNC, XNVME_CLI_LOPT}, \
		{XNVME_CLI_OPT_ASYNC, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_MEM, XNVME_CLI_LOPT}

/* Which blocks, and for a command that takes data, which */
#define TOOL_BLOCKS \
	TOOL_URI, {XNVME_CLI_OPT_SLBA, XNVME_CLI_LREQ}, {XNVME_CLI_OPT_NLB, XNVME_CLI_LREQ}, \
		{XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT}
#define TOOL_BLOCKS_OF_FILES \
	TOOL_BLOCKS, {XNVME_CLI_OPT_DATA_INPUT, XNVME_CLI_LOPT}, \
		{XNVME_CLI_OPT_META_INPUT, XNVME_CLI_LOPT}

/* All that a sub-command that reads or writes blocks has */
#define TOOL_READ_OPTS \
	TOOL_BLOCKS, {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT}, \
		{XNVME_CLI_OPT_META_OUTPUT, XNVME_CLI_LOPT}, XNVME_CLI_SYNC_OPTS
#define TOOL_WRITE_OPTS TOOL_BLOCKS_OF_FILES, XNVME_CLI_SYNC_OPTS

/* The namespace that was asked for, or else that of the device */
uint32_t tool_nsid(const struct xnvme_cli *cli);

/* What the status of a completion means, with its numbers */
void tool_status(const struct xnvme_spec_cpl *cpl, char *text, size_t nbytes);

/* 0 when the command was started and ended well. Otherwise prints the completion and an error, and
 * returns a negative errno: `err`, or -EIO when only the completion tells of an error. */
int tool_cmd_end(const char *what, struct xnvme_cmd_ctx *ctx, int err);

/* Report that what was asked for cannot be, in a sentence that says what can; returns -EINVAL */
int tool_refuse(const char *sentence);

/* A buffer of `nbytes` cleared bytes, then filled from the file `path` unless that is NULL; NULL,
 * and the error was printed, when there is none. Freed with xnvme_buf_free(). */
void *tool_buf(struct xnvme_dev *dev, size_t nbytes, const char *path, int *err);

/* Write the buffer to the file of --data-output, when that was given */
int tool_dump(const char *path, void *buf, size_t nbytes);

/* A quoted YAML string, whatever is in it, on stdout */
void tool_yaml_string(const char *text);

/* Sub-commands that several tools have */
int tool_sub_info(struct xnvme_cli *cli);
int tool_sub_enum(struct xnvme_cli *cli);
int tool_enum_csi(struct xnvme_cli *cli, int csi);

#define TOOL_ENUM_OPTS \
	{XNVME_CLI_OPT_NON_POSA_TITLE, XNVME_CLI_SKIP}, {XNVME_CLI_OPT_SYS_URI, XNVME_CLI_LOPT}, \
		{XNVME_CLI_OPT_FLAGS, XNVME_CLI_LOPT}, XNVME_CLI_CORE_OPTS

#endif /* TOOLS_TOOL_H */
