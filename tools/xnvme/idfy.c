/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xnvme idfy*: Identify; NVM Express Base Specification 2.0, Identify.
 */
#include <errno.h>

#include "xnvme.h"

/* Print the data structure for CNS and CSI; a note if there is no print function for it */
static void
print_idfy(uint32_t cns, uint32_t csi, struct xnvme_spec_idfy *idfy)
{
	switch (cns) {
	case XNVME_SPEC_IDFY_NS:
	case XNVME_SPEC_IDFY_NS_ALLOC:
		xnvme_spec_idfy_ns_pr(&idfy->ns, XNVME_PR_DEF);
		return;
	case XNVME_SPEC_IDFY_CTRLR:
		xnvme_spec_idfy_ctrlr_pr(&idfy->ctrlr, XNVME_PR_DEF);
		return;
	case XNVME_SPEC_IDFY_IOCS:
		xnvme_spec_idfy_cs_pr(&idfy->cs, XNVME_PR_DEF);
		return;
	case XNVME_SPEC_IDFY_NS_IOCS:
		if (csi == XNVME_SPEC_CSI_ZONED) {
			xnvme_spec_znd_idfy_ns_pr((struct xnvme_spec_znd_idfy_ns *)idfy,
						  XNVME_PR_DEF);
			return;
		}
		if (csi == XNVME_SPEC_CSI_KV) {
			xnvme_spec_kvs_idfy_ns_pr((struct xnvme_spec_kvs_idfy_ns *)idfy,
						  XNVME_PR_DEF);
			return;
		}
		xnvme_spec_nvm_idfy_ns_pr((struct xnvme_spec_nvm_idfy_ns *)idfy, XNVME_PR_DEF);
		return;
	case XNVME_SPEC_IDFY_CTRLR_IOCS:
		if (csi == XNVME_SPEC_CSI_ZONED) {
			xnvme_spec_znd_idfy_ctrlr_pr((struct xnvme_spec_znd_idfy_ctrlr *)idfy,
						     XNVME_PR_DEF);
			return;
		}
		xnvme_spec_nvm_idfy_ctrlr_pr((struct xnvme_spec_nvm_idfy_ctrlr *)idfy,
					     XNVME_PR_DEF);
		return;
	default:
		xnvme_cli_pinf("No pretty-printer for the given cns(0x%x)", cns);
		xnvme_cli_pinf("Use --data-output to dump the result to file");
		return;
	}
}

static int
identify(struct xnvme_cli *cli, uint32_t cns, uint32_t nsid)
{
	struct xnvme_dev *dev = cli->args.dev;
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	struct xnvme_spec_idfy *idfy;
	uint32_t csi = cli->given[XNVME_CLI_OPT_CSI] ? cli->args.csi : xnvme_dev_get_csi(dev);
	int err;

	idfy = tool_buf(dev, sizeof(*idfy), NULL, &err);
	if (!idfy) {
		return err;
	}
	ctx.cmd.common.opcode = XNVME_SPEC_ADM_OPC_IDFY;
	ctx.cmd.common.nsid = nsid;
	ctx.cmd.idfy.cns = cns & 0xFF;
	ctx.cmd.idfy.cntid = cli->args.cntid & 0xFFFF;
	ctx.cmd.idfy.nvmsetid = cli->args.setid & 0xFFFF;
	ctx.cmd.idfy.uuid = cli->args.uuid & 0x7F;
	ctx.cmd.idfy.csi = cli->given[XNVME_CLI_OPT_CSI] || cns == XNVME_SPEC_IDFY_NS_IOCS ||
					   cns == XNVME_SPEC_IDFY_CTRLR_IOCS
				   ? csi & 0xFF
				   : 0;
	err = tool_cmd_end("xnvme_cmd_pass_admin()", &ctx,
			   xnvme_cmd_pass_admin(&ctx, idfy, sizeof(*idfy), NULL, 0));
	if (!err) {
		print_idfy(cns, csi, idfy);
		err = tool_dump(cli->args.data_output, idfy, sizeof(*idfy));
	}
	xnvme_buf_free(dev, idfy);
	return err;
}

int
xnvme_sub_idfy(struct xnvme_cli *cli)
{
	return identify(cli, cli->args.cns, tool_nsid(cli));
}

int
xnvme_sub_idfy_ns(struct xnvme_cli *cli)
{
	return identify(cli, XNVME_SPEC_IDFY_NS, tool_nsid(cli));
}

int
xnvme_sub_idfy_ctrlr(struct xnvme_cli *cli)
{
	return identify(cli, XNVME_SPEC_IDFY_CTRLR, 0);
}

int
xnvme_sub_idfy_cs(struct xnvme_cli *cli)
{
	/* FFFFh selects the controller that processes the command (I/O Command Set data) */
	if (!cli->given[XNVME_CLI_OPT_CNTID]) {
		cli->args.cntid = 0xFFFF;
	}
	return identify(cli, XNVME_SPEC_IDFY_IOCS, 0);
}
