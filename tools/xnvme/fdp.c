/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xnvme log-fdp-*, log-ruhu, fdp-*: Flexible Data Placement, NVM Express Base Specification 2.0
 * with TP4146: logs of an endurance group, and the reclaim unit handles of a namespace.
 */
#include <errno.h>

#include "xnvme.h"

/* Bytes after the transferred part of the configuration log. The print function trusts the counts
 * in the log, and one configuration may list up to 65536 reclaim unit handles of four bytes. */
#define CONF_SLACK_NBYTES (512 * 1024)
#define LIMIT_MAX 65536

static int
fetch(struct xnvme_cli *cli, const char *what, uint8_t lid, void *buf, uint32_t nbytes)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(cli->args.dev);
	uint32_t nsid = cli->given[XNVME_CLI_OPT_NSID] ? cli->args.nsid : 0;

	xnvme_prep_adm_log(&ctx, lid, (uint8_t)cli->args.lsp, 0, nsid, 0, nbytes);
	ctx.cmd.log.lsi = cli->args.lsi & 0xFFFF;
	return tool_cmd_end(what, &ctx, xnvme_cmd_pass_admin(&ctx, buf, nbytes, NULL, 0));
}

static int
refuse_limit(const struct xnvme_cli *cli)
{
	if (cli->args.limit && cli->args.limit <= LIMIT_MAX) {
		return 0;
	}
	return tool_refuse("--limit is 1 to 65536");
}

int
xnvme_sub_log_fdp_config(struct xnvme_cli *cli)
{
	size_t nbytes = cli->args.data_nbytes;
	void *buf;
	int err;

	if (nbytes < sizeof(struct xnvme_spec_log_fdp_conf) || nbytes > (1 << 20) || nbytes % 4) {
		return tool_refuse("--data-nbytes is a multiple of 4, from 16 to 1 MiB");
	}
	xnvme_cli_pinf("Allocating and clearing buffer...");
	buf = tool_buf(cli->args.dev, nbytes + CONF_SLACK_NBYTES, NULL, &err);
	if (!buf) {
		return err;
	}
	xnvme_cli_pinf("Retrieving FDP configurations log page ...");
	err = fetch(cli, "xnvme_adm_log(XNVME_SPEC_LOG_FDPCONF)", XNVME_SPEC_LOG_FDPCONF, buf,
		    (uint32_t)nbytes);
	if (!err) {
		xnvme_spec_log_fdp_conf_pr(buf, XNVME_PR_DEF);
		err = tool_dump(cli->args.data_output, buf, nbytes);
	}
	xnvme_buf_free(cli->args.dev, buf);
	return err;
}

int
xnvme_sub_log_ruhu(struct xnvme_cli *cli)
{
	uint32_t nbytes = (uint32_t)sizeof(struct xnvme_spec_log_ruhu);
	void *buf;
	int err = refuse_limit(cli);

	if (err) {
		return err;
	}
	nbytes += cli->args.limit * (uint32_t)sizeof(struct xnvme_spec_ruhu_desc);
	xnvme_cli_pinf("Allocating and clearing buffer...");
	buf = tool_buf(cli->args.dev, nbytes, NULL, &err);
	if (!buf) {
		return err;
	}
	xnvme_cli_pinf("Retrieving ruhu-log ...");
	err = fetch(cli, "xnvme_adm_log(XNVME_SPEC_LOG_FDPRUHU)", XNVME_SPEC_LOG_FDPRUHU, buf,
		    nbytes);
	if (!err) {
		xnvme_cli_pinf("%u reclaim unit handle usage:", cli->args.limit);
		xnvme_spec_log_ruhu_pr(buf, (int)cli->args.limit, XNVME_PR_DEF);
		err = tool_dump(cli->args.data_output, buf, nbytes);
	}
	xnvme_buf_free(cli->args.dev, buf);
	return err;
}

int
xnvme_sub_log_fdp_stats(struct xnvme_cli *cli)
{
	const uint32_t nbytes = sizeof(struct xnvme_spec_log_fdp_stats);
	void *buf;
	int err;

	xnvme_cli_pinf("Allocating and clearing buffer...");
	buf = tool_buf(cli->args.dev, nbytes, NULL, &err);
	if (!buf) {
		return err;
	}
	xnvme_cli_pinf("Retrieving FDP statistics log page ...");
	err = fetch(cli, "xnvme_adm_log(XNVME_SPEC_LOG_FDPSTATS)", XNVME_SPEC_LOG_FDPSTATS, buf,
		    nbytes);
	if (!err) {
		xnvme_spec_log_fdp_stats_pr(buf, XNVME_PR_DEF);
		err = tool_dump(cli->args.data_output, buf, nbytes);
	}
	xnvme_buf_free(cli->args.dev, buf);
	return err;
}

int
xnvme_sub_log_fdp_events(struct xnvme_cli *cli)
{
	uint32_t nbytes = (uint32_t)sizeof(struct xnvme_spec_log_fdp_events);
	void *buf;
	int err = refuse_limit(cli);

	if (err) {
		return err;
	}
	nbytes += cli->args.limit * (uint32_t)sizeof(struct xnvme_spec_fdp_event);
	xnvme_cli_pinf("Allocating and clearing buffer...");
	buf = tool_buf(cli->args.dev, nbytes, NULL, &err);
	if (!buf) {
		return err;
	}
	xnvme_cli_pinf("Retrieving fdp-events-log ...");
	err = fetch(cli, "xnvme_adm_log(XNVME_SPEC_LOG_FDPEVENTS)", XNVME_SPEC_LOG_FDPEVENTS, buf,
		    nbytes);
	if (!err) {
		xnvme_cli_pinf("%u fdp events log page entries:", cli->args.limit);
		xnvme_spec_log_fdp_events_pr(buf, (int)cli->args.limit, XNVME_PR_DEF);
		err = tool_dump(cli->args.data_output, buf, nbytes);
	}
	xnvme_buf_free(cli->args.dev, buf);
	return err;
}

int
xnvme_sub_fdp_ruhs(struct xnvme_cli *cli)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(cli->args.dev);
	uint32_t nbytes = (uint32_t)sizeof(struct xnvme_spec_ruhs);
	void *buf;
	int err = refuse_limit(cli);

	if (err) {
		return err;
	}
	nbytes += cli->args.limit * (uint32_t)sizeof(struct xnvme_spec_ruhs_desc);
	xnvme_cli_pinf("Allocating and clearing buffer...");
	buf = tool_buf(cli->args.dev, nbytes, NULL, &err);
	if (!buf) {
		return err;
	}
	xnvme_cli_pinf("Retrieving ruhs ...");
	err = xnvme_nvm_mgmt_recv(&ctx, tool_nsid(cli), XNVME_SPEC_IO_MGMT_RECV_RUHS, 0, buf,
				  nbytes);
	err = tool_cmd_end("xnvme_nvm_mgmt_recv()", &ctx, err);
	if (!err) {
		xnvme_cli_pinf("%u reclaim unit handle status:", cli->args.limit);
		xnvme_spec_ruhs_pr(buf, (int)cli->args.limit, XNVME_PR_DEF);
	}
	xnvme_buf_free(cli->args.dev, buf);
	return err;
}

int
xnvme_sub_fdp_ruhu(struct xnvme_cli *cli)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(cli->args.dev);
	uint16_t *pids;
	int err;

	pids = tool_buf(cli->args.dev, sizeof(*pids), NULL, &err);
	if (!pids) {
		return err;
	}
	pids[0] = (uint16_t)cli->args.pid;
	xnvme_cli_pinf("Updating ruh ...");
	/* the Management Operation Specific field is the number of identifiers, 0's based */
	err = xnvme_nvm_mgmt_send(&ctx, tool_nsid(cli), XNVME_SPEC_IO_MGMT_SEND_RUHU, 0, pids,
				  sizeof(*pids));
	err = tool_cmd_end("xnvme_nvm_mgmt_send()", &ctx, err);
	xnvme_buf_free(cli->args.dev, pids);
	return err;
}
