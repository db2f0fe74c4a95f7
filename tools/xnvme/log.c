/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xnvme log*: Get Log Page; NVM Express Base Specification 2.0, Get Log Page.
 */
#include <errno.h>
#include <inttypes.h>

#include "xnvme.h"

#define LOG_NBYTES_DEFAULT 4096
#define ERRI_LIMIT_DEFAULT 1
#define ERRI_LIMIT_MAX 256 /* maximum entries of the log: ELPE is a byte, 0's based */

/* Read `nbytes` of a log page into a new buffer; on failure prints the error and returns NULL */
static void *
fetch(struct xnvme_cli *cli, const char *what, uint8_t lid, uint32_t nsid, uint32_t nbytes,
      int *err)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(cli->args.dev);
	void *buf = tool_buf(cli->args.dev, nbytes, NULL, err);

	if (!buf) {
		return NULL;
	}
	*err = xnvme_adm_log(&ctx, lid, (uint8_t)cli->args.lsp, cli->args.lpo_nbytes, nsid,
			     (uint8_t)cli->args.rae, buf, nbytes);
	*err = tool_cmd_end(what, &ctx, *err);
	if (*err) {
		xnvme_buf_free(cli->args.dev, buf);
		return NULL;
	}
	return buf;
}

int
xnvme_sub_log(struct xnvme_cli *cli)
{
	struct xnvme_cli_args *args = &cli->args;
	uint32_t nsid = tool_nsid(cli);
	uint32_t nbytes = LOG_NBYTES_DEFAULT;
	void *buf;
	int err;

	if (cli->given[XNVME_CLI_OPT_DATA_NBYTES]) {
		if (!args->data_nbytes || args->data_nbytes > UINT32_MAX || args->data_nbytes % 4) {
			return tool_refuse("--data-nbytes is a multiple of 4, from 4 to 4 GiB");
		}
		nbytes = (uint32_t)args->data_nbytes;
	}
	xnvme_cli_pinf("xnvme_adm_log: {lid: 0x%x, lsp: 0x%x, lpo_nbytes: %" PRIu64 ", nsid: 0x%x, "
		       "rae: %u}",
		       args->lid, args->lsp, args->lpo_nbytes, nsid, args->rae);
	buf = fetch(cli, "xnvme_adm_log()", (uint8_t)args->lid, nsid, nbytes, &err);
	if (!buf) {
		return err;
	}
	if (!args->data_output) {
		xnvme_cli_pinf("No printer for log-pages");
		xnvme_cli_pinf("Use --data-output to dump the result to file");
	}
	err = tool_dump(args->data_output, buf, nbytes);
	xnvme_buf_free(args->dev, buf);
	return err;
}

int
xnvme_sub_log_erri(struct xnvme_cli *cli)
{
	uint32_t limit = cli->given[XNVME_CLI_OPT_LIMIT] ? cli->args.limit : ERRI_LIMIT_DEFAULT;
	uint32_t nbytes = limit * (uint32_t)sizeof(struct xnvme_spec_log_erri_entry);
	void *buf;
	int err;

	if (!limit || limit > ERRI_LIMIT_MAX) {
		return tool_refuse("--limit is 1 to 256");
	}
	xnvme_cli_pinf("Allocating and clearing buffer...");
	xnvme_cli_pinf("Retrieving error-info-log ...");
	buf = fetch(cli, "xnvme_adm_log(XNVME_SPEC_LOG_ERRI)", XNVME_SPEC_LOG_ERRI, 0, nbytes,
		    &err);
	if (!buf) {
		return err;
	}
	xnvme_cli_pinf("%u error log page entries:", limit);
	xnvme_spec_log_erri_pr(buf, (int)limit, XNVME_PR_DEF);
	err = tool_dump(cli->args.data_output, buf, nbytes);
	xnvme_buf_free(cli->args.dev, buf);
	return err;
}

int
xnvme_sub_log_health(struct xnvme_cli *cli)
{
	/* The log of the whole controller, unless --nsid selects a namespace */
	uint32_t nsid = cli->given[XNVME_CLI_OPT_NSID] ? cli->args.nsid : 0xFFFFFFFF;
	const uint32_t nbytes = sizeof(struct xnvme_spec_log_health_entry);
	void *buf;
	int err;

	xnvme_cli_pinf("Allocating and clearing buffer...");
	xnvme_cli_pinf("Retrieving SMART / health log page ...");
	buf = fetch(cli, "xnvme_adm_log(XNVME_SPEC_LOG_HEALTH)", XNVME_SPEC_LOG_HEALTH, nsid,
		    nbytes, &err);
	if (!buf) {
		return err;
	}
	xnvme_spec_log_health_pr(buf, XNVME_PR_DEF);
	err = tool_dump(cli->args.data_output, buf, nbytes);
	xnvme_buf_free(cli->args.dev, buf);
	return err;
}

int
xnvme_sub_log_sanitize(struct xnvme_cli *cli)
{
	const uint32_t nbytes = sizeof(struct xnvme_spec_log_sanitize_entry);
	void *buf;
	int err;

	xnvme_cli_pinf("Allocating and clearing buffer...");
	xnvme_cli_pinf("Retrieving Sanitize log page ...");
	buf = fetch(cli, "xnvme_adm_log(XNVME_SPEC_LOG_SANITIZE)", XNVME_SPEC_LOG_SANITIZE, 0,
		    nbytes, &err);
	if (!buf) {
		return err;
	}
	xnvme_spec_log_sanitize_pr(buf, XNVME_PR_DEF);
	err = tool_dump(cli->args.data_output, buf, nbytes);
	xnvme_buf_free(cli->args.dev, buf);
	return err;
}
