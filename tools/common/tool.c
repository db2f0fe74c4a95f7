/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Overview
 *   The command-line tools. Each is a list of sub-commands as data (struct xnvme_cli) and a
 *   function per sub-command. They include public headers only, so any program can do what they
 *   do. There is one file per family of sub-commands.
 *
 * Nouns
 *   tool         a program: xnvme, lblk, zoned, kvs, xdd, xnvme_file, xnvmeperf
 *   sub-command  selected by the first argument; gets the parsed arguments and an open device
 *
 * Flow of one run
 *   main() -> xnvme_cli_run() -> the sub-command -> records on stdout, `# ...` lines of
 *   information on stdout, `# ERR: ...` lines on stderr -> exit code
 *
 * Ownership and lifetimes
 *   xnvme_cli_run() opens and closes the device. The sub-command owns its buffers and frees them on
 *   every return path.
 *
 * Threads
 *   One, unless documented otherwise for the sub-command (xnvmeperf: one per processor).
 *
 * Errors
 *   A sub-command reports the failure with the name of the failed call, and returns 0 or a negative
 *   errno; xnvme_cli_run() then reports the sub-command, and the exit code is 1.
 *
 * Scope
 *   The code here is independent of paths, devices and platforms. The library prints the records.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

uint32_t
tool_nsid(const struct xnvme_cli *cli)
{
	return cli->given[XNVME_CLI_OPT_NSID] ? cli->args.nsid : xnvme_dev_get_nsid(cli->args.dev);
}

void
tool_status(const struct xnvme_spec_cpl *cpl, char *text, size_t nbytes)
{
	uint32_t sct = cpl->status.sct, sc = cpl->status.sc;

	if (sct == XNVME_STATUS_CODE_TYPE_VENDOR) { /* an error of the host: the code is an errno */
		snprintf(text, nbytes, "%s (sct 0x%x, sc 0x%x)", strerror((int)sc), sct, sc);
	} else {
		snprintf(text, nbytes, "the device answered %s (sct 0x%x, sc 0x%x)",
			 xnvme_spec_sc_str((enum xnvme_spec_sc)(sct << 8 | sc)), sct, sc);
	}
}

/* Empty for an error of the host: xnvme_err_text() describes it */
static void
explain_status(struct xnvme_cmd_ctx *ctx, char *text, size_t nbytes)
{
	text[0] = '\0';
	if (xnvme_cmd_ctx_cpl_status(ctx) &&
	    ctx->cpl.status.sct != XNVME_STATUS_CODE_TYPE_VENDOR) {
		tool_status(&ctx->cpl, text, nbytes);
	}
}

/* The errno of a completion with an error: that of the host, as a synchronous call returns it */
static int
status_err(const struct xnvme_spec_cpl *cpl)
{
	bool is_hosts = cpl->status.sct == XNVME_STATUS_CODE_TYPE_VENDOR && cpl->status.sc;

	return is_hosts ? -(int)cpl->status.sc : -EIO;
}

int
tool_cmd_end(const char *what, struct xnvme_cmd_ctx *ctx, int err)
{
	char why[128];

	if (!err && !xnvme_cmd_ctx_cpl_status(ctx)) {
		return 0;
	}
	err = err ? -abs(err) : status_err(&ctx->cpl);
	explain_status(ctx, why, sizeof(why));
	xnvme_cmd_ctx_pr(ctx, XNVME_PR_DEF);
	xnvme_cli_perr_why(what, err, why[0] ? why : NULL);
	return err;
}

int
tool_refuse(const char *sentence)
{
	return xnvme_cli_refuse(-EINVAL, "%s", sentence);
}

uint64_t
tool_memory_nbytes(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);

	return pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : UINT64_MAX;
}

void *
tool_buf(struct xnvme_dev *dev, size_t nbytes, const char *path, int *err)
{
	void *buf;

	if (nbytes > tool_memory_nbytes()) { /* promised all the same; using it ends the process */
		*err = xnvme_cli_refuse(-ENOMEM, "a buffer of %zu bytes is larger than the memory "
					"of the machine; ask for less at a time", nbytes);
		return NULL;
	}
	buf = xnvme_buf_alloc(dev, nbytes);
	if (!buf) {
		*err = errno ? -errno : -ENOMEM;
		xnvme_cli_perr("xnvme_buf_alloc()", *err);
		return NULL;
	}
	xnvme_buf_clear(buf, nbytes);
	*err = path ? xnvme_buf_from_file(buf, nbytes, path) : 0;
	if (*err) {
		xnvme_cli_perr("xnvme_buf_from_file()", *err);
		xnvme_buf_free(dev, buf);
		return NULL;
	}
	return buf;
}

int
tool_dump(const char *path, void *buf, size_t nbytes)
{
	int err;

	if (!path) {
		return 0;
	}
	xnvme_cli_pinf("dumping to: '%s'", path);
	err = xnvme_buf_to_file(buf, nbytes, path);
	if (err) {
		xnvme_cli_perr("xnvme_buf_to_file()", err);
	}
	return err;
}

void
tool_yaml_string(const char *text)
{
	putchar('\'');
	for (; *text; ++text) {
		if (*text == '\'') {
			putchar('\'');
		}
		putchar((unsigned char)*text < 0x20 ? ' ' : *text);
	}
	putchar('\'');
}

/* Read one block if the device has blocks; ignore errors */
static void
use_once(struct xnvme_dev *dev, struct xnvme_queue *queue)
{
	const struct xnvme_geo *geo = xnvme_dev_get_geo(dev);
	struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);
	void *buf = geo->lba_nbytes && geo->nsect ? xnvme_buf_alloc(dev, geo->lba_nbytes) : NULL;

	if (buf && ctx && !xnvme_nvm_read(ctx, xnvme_dev_get_nsid(dev), 0, 0, buf, NULL)) {
		(void)xnvme_queue_drain(queue);
	}
	xnvme_buf_free(dev, buf);
}

int
tool_sub_info(struct xnvme_cli *cli)
{
	struct xnvme_dev *dev = cli->args.dev;
	struct xnvme_queue *queue = NULL;

	xnvme_dev_pr(dev, XNVME_PR_DEF);
	printf("xnvme_resolved:\n  kind: '%s'\n  features: ", xnvme_dev_get_kind(dev));
	/* only a queue has the list of features in use, and some appear only after an I/O */
	if (xnvme_dev_get_opts(dev)->async && !xnvme_queue_init(dev, 1, 0, &queue)) {
		use_once(dev, queue);
		tool_yaml_string(xnvme_queue_get_features(queue));
		(void)xnvme_queue_term(queue);
	} else {
		tool_yaml_string(xnvme_dev_get_features(dev));
	}
	printf("\n  note: ");
	tool_yaml_string(xnvme_dev_get_note(dev));
	printf("\n");
	return 0;
}
