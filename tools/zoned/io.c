/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * zoned append, mgmt*: Zone Append, and changing the states of zones. Zoned Namespace Command Set
 * Specification 1.1, Zone Append, Zone Management Send.
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
mgmt_so(struct xnvme_cli *cli, uint32_t zsa, enum xnvme_spec_znd_mgmt_send_action_so so,
	void *descr)
{
	struct xnvme_cli_args *args = &cli->args;
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(args->dev);
	enum xnvme_spec_znd_cmd_mgmt_send_action action =
		(enum xnvme_spec_znd_cmd_mgmt_send_action)zsa;
	int err;

	xnvme_cli_pinf("MGMT: zslba: 0x%016" PRIx64 ", zsa: 0x%x, str: %s", args->slba, zsa,
		       xnvme_spec_znd_cmd_mgmt_send_action_str(action));
	err = xnvme_znd_mgmt_send(&ctx, tool_nsid(cli), args->slba, args->all, action, so, descr);
	return tool_cmd_end("xnvme_znd_mgmt_send()", &ctx, err);
}

static int
mgmt(struct xnvme_cli *cli, uint32_t zsa)
{
	return mgmt_so(cli, zsa, 0, NULL);
}

/* Set Zone Descriptor Extension is the only action with data */
static int
mgmt_descr(struct xnvme_cli *cli)
{
	const struct xnvme_spec_znd_idfy_lbafe *lbafe = xnvme_znd_dev_get_lbafe(cli->args.dev);
	void *descr;
	int err;

	if (!lbafe || !lbafe->zdes) {
		return tool_refuse(lbafe ? "zones of this namespace have no descriptor extension"
					 : "this is no zoned namespace");
	}
	if (!cli->args.data_input) {
		return tool_refuse("to set a zone's descriptor extension takes its bytes; name a "
				   "file with --data-input");
	}
	descr = tool_buf(cli->args.dev, lbafe->zdes * 64UL, cli->args.data_input, &err);
	if (!descr) {
		return err;
	}
	err = mgmt_so(cli, XNVME_SPEC_ZND_CMD_MGMT_SEND_DESCRIPTOR, 0, descr);
	xnvme_buf_free(cli->args.dev, descr);
	return err;
}

int
zoned_sub_mgmt(struct xnvme_cli *cli)
{
	if (cli->args.zsa == XNVME_SPEC_ZND_CMD_MGMT_SEND_DESCRIPTOR) {
		return mgmt_descr(cli);
	}
	if (cli->args.data_input) {
		return tool_refuse("--data-input goes with --zsa 0x10, Set Zone Descriptor "
				   "Extension: no other action takes data");
	}
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
	return mgmt_so(cli, XNVME_SPEC_ZND_CMD_MGMT_SEND_OPEN, XNVME_SPEC_ZND_MGMT_OPEN_WITH_ZRWA,
		       NULL);
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
