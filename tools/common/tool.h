/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Shared by the sub-commands of the tools.
 */
#ifndef TOOLS_TOOL_H
#define TOOLS_TOOL_H

#include <libxnvme.h>
#include <libxnvme_cli.h>

/* Redeclared with the attribute with which the compiler checks the formats */
void xnvme_cli_pinf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A row of a tool's table: sub-command, one-sentence description, function, options */
/* clang-format off */
#define TOOL_SUB(name_, sentence, command_, ...) \
	{.name = (name_), .descr_short = (sentence), .command = (command_), .opts = {__VA_ARGS__}}

/* A positional argument and the headings around it; for most sub-commands the first is a URI */
#define TOOL_POSITIONAL(opt) \
	{XNVME_CLI_OPT_POSA_TITLE, XNVME_CLI_SKIP}, {(opt), XNVME_CLI_POSA}, \
		{XNVME_CLI_OPT_NON_POSA_TITLE, XNVME_CLI_SKIP}
#define TOOL_URI TOOL_POSITIONAL(XNVME_CLI_OPT_URI)

/* Options that select the path */
#define TOOL_PATH_OPTS \
	{XNVME_CLI_OPT_BE, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_SYNC, XNVME_CLI_LOPT}, \
		{XNVME_CLI_OPT_ASYNC, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_MEM, XNVME_CLI_LOPT}

/* Options that select the blocks, and the data of commands that write */
#define TOOL_BLOCKS \
	TOOL_URI, {XNVME_CLI_OPT_SLBA, XNVME_CLI_LREQ}, {XNVME_CLI_OPT_NLB, XNVME_CLI_LREQ}, \
		{XNVME_CLI_OPT_NSID, XNVME_CLI_LOPT}
#define TOOL_BLOCKS_OF_FILES \
	TOOL_BLOCKS, {XNVME_CLI_OPT_DATA_INPUT, XNVME_CLI_LOPT}, \
		{XNVME_CLI_OPT_META_INPUT, XNVME_CLI_LOPT}

/* All options of a sub-command that reads or writes blocks */
#define TOOL_READ_OPTS \
	TOOL_BLOCKS, {XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT}, \
		{XNVME_CLI_OPT_META_OUTPUT, XNVME_CLI_LOPT}, XNVME_CLI_SYNC_OPTS
#define TOOL_WRITE_OPTS TOOL_BLOCKS_OF_FILES, XNVME_CLI_SYNC_OPTS

/* The NSID of --nsid, or else that of the device */
uint32_t tool_nsid(const struct xnvme_cli *cli);

/* Describe the status of a completion, with its numbers */
void tool_status(const struct xnvme_spec_cpl *cpl, char *text, size_t nbytes);

/* Returns 0 when the command was started and completed successfully. Otherwise prints the
 * completion and an error, and returns a negative errno: `err`, or -EIO when only the completion
 * has an error. */
int tool_cmd_end(const char *what, struct xnvme_cmd_ctx *ctx, int err);

/* Report an invalid request; the sentence names the valid ones. Returns -EINVAL. */
int tool_refuse(const char *sentence);

/* Memory of the machine in bytes; UINT64_MAX: unknown */
uint64_t tool_memory_nbytes(void);

/* Allocate a buffer of `nbytes` zeroes and fill it from the file `path` (may be NULL). The caller
 * frees it with xnvme_buf_free(). On failure prints the error and returns NULL. */
void *tool_buf(struct xnvme_dev *dev, size_t nbytes, const char *path, int *err);

/* Write the buffer to `path`, the file of --data-output; do nothing if it is NULL */
int tool_dump(const char *path, void *buf, size_t nbytes);

/* Print any text to stdout as a quoted YAML string */
void tool_yaml_string(const char *text);

/* Sub-commands that are common to several tools */
int tool_sub_info(struct xnvme_cli *cli);
int tool_sub_enum(struct xnvme_cli *cli);
int tool_enum_csi(struct xnvme_cli *cli, int csi);

#define TOOL_ENUM_OPTS \
	{XNVME_CLI_OPT_NON_POSA_TITLE, XNVME_CLI_SKIP}, {XNVME_CLI_OPT_SYS_URI, XNVME_CLI_LOPT}, \
		{XNVME_CLI_OPT_FLAGS, XNVME_CLI_LOPT}, XNVME_CLI_CORE_OPTS

#endif /* TOOLS_TOOL_H */
