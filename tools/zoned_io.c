/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * zoned append, mgmt*: writing where the device says, and moving zones between their states. Zoned
 * Namespace Command Set Specification 1.1, sections 3.4.1 and 3.4.3.
 */
#include <errno.h>
#include <inttypes.h>

#include "zoned.h"

int
zoned_sub_append(struct xnvme_cli *cli)
{
	struct xnvme_cli_args *args = &cli->args;
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(args->dev);
	struct lblk_bufs bufs;
	int err;

	xnvme_cli_pinf("Zone Append nlb: %u to zslba: 0x%016" PRIx64, args->nlb, args->slba);
	err = lblk_bufs_alloc(cli, &bufs, true);
	if (!err) {
		err = xnvme_znd_append(&ctx, tool_nsid(cli), args->slba, (uint16_t)args->nlb,
				       bufs.data, bufs.meta);
		err = tool_cmd_end("xnvme_znd_append()", &ctx, err);
	}
	if (!err) {
		xnvme_cli_pinf("Appended to slba: 0x%016" PRIx64, ctx.cpl.result);
	}
	lblk_bufs_free(&bufs);
	return err;
}

static int
mgmt_so(struct xnvme_cli *cli, uint32_t zsa, enum xnvme_spec_znd_mgmt_send_action_so so)
{
	struct xnvme_cli_args *args = &cli->args;
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(args->dev);
	enum xnvme_spec_znd_cmd_mgmt_send_action action =
		(enum xnvme_spec_znd_cmd_mgmt_send_action)zsa;
	int err;

	xnvme_cli_pinf("MGMT: zslba: 0x%016" PRIx64 ", zsa: 0x%x, str: %s", args->slba, zsa,
		       xnvme_spec_znd_cmd_mgmt_send_action_str(action));
	err = xnvme_znd_mgmt_send(&ctx, tool_nsid(cli), args->slba, args->all, action, so, NULL);
	return tool_cmd_end("xnvme_znd_mgmt_send()", &ctx, err);
}

static int
mgmt(struct xnvme_cli *cli, uint32_t zsa)
{
	return mgmt_so(cli, zsa, 0);
}

int
zoned_sub_mgmt(struct xnvme_cli *cli)
{
	return mgmt(cli, cli->args.zsa);
}

int
zoned_sub_mgmt_open(struct xnvme_cli *cli)
{
	return mgmt(cli, XNVME_SPEC_ZND_CMD_MGMT_SEND_OPEN);
}

int
zoned_sub_mgmt_open_zrwa(struct xnvme_cli *cli)
{
	return mgmt_so(cli, XNVME_SPEC_ZND_CMD_MGMT_SEND_OPEN, XNVME_SPEC_ZND_MGMT_OPEN_WITH_ZRWA);
}

int
zoned_sub_mgmt_flush(struct xnvme_cli *cli)
{
	return mgmt(cli, XNVME_SPEC_ZND_CMD_MGMT_SEND_FLUSH);
}

int
zoned_sub_mgmt_close(struct xnvme_cli *cli)
{
	return mgmt(cli, XNVME_SPEC_ZND_CMD_MGMT_SEND_CLOSE);
}

int
zoned_sub_mgmt_finish(struct xnvme_cli *cli)
{
	return mgmt(cli, XNVME_SPEC_ZND_CMD_MGMT_SEND_FINISH);
}

int
zoned_sub_mgmt_reset(struct xnvme_cli *cli)
{
	return mgmt(cli, XNVME_SPEC_ZND_CMD_MGMT_SEND_RESET);
}
