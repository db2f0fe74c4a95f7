/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xnvme format, sanitize, dsm: erase or deallocate data on the media.
 */
#include <errno.h>
#include <inttypes.h>

#include "xnvme.h"

int
xnvme_sub_format(struct xnvme_cli *cli)
{
	struct xnvme_cli_args *args = &cli->args;
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(args->dev);
	uint32_t nsid = tool_nsid(cli);

	xnvme_cli_pinf("xnvme_adm_format: {nsid: 0x%08x, lbafl: 0x%" PRIx64 ", lbafu: 0x%x, mset: "
		       "0x%x, ses: 0x%x, pi: "
		       "0x%x, pil: 0x%x}",
		       nsid, args->lbafl, args->lbafu, args->mset, args->ses, args->pi, args->pil);
	ctx.cmd.common.opcode = XNVME_SPEC_NVM_OPC_FMT;
	ctx.cmd.common.nsid = nsid;
	ctx.cmd.format.lbafl = args->lbafl & 0xF;
	ctx.cmd.format.lbafu = args->lbafu & 0x3;
	ctx.cmd.format.mset = args->mset & 1;
	ctx.cmd.format.ses = args->ses & 0x7;
	ctx.cmd.format.pi = args->pi & 0x7;
	ctx.cmd.format.pil = args->pil & 1;
	return tool_cmd_end("xnvme_adm_format()", &ctx,
			    xnvme_cmd_pass_admin(&ctx, NULL, 0, NULL, 0));
}

int
xnvme_sub_sanitize(struct xnvme_cli *cli)
{
	struct xnvme_cli_args *args = &cli->args;
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(args->dev);
	int err;

	xnvme_cli_pinf("xnvme_nvm_sanitize: {sanact: 0x%x, ause: 0x%x, ovrpat: 0x%x, "
		       "owpass: 0x%x, oipbp: 0x%x, nodas: 0x%x}",
		       args->sanact, args->ause, args->ovrpat, args->owpass, args->oipbp,
		       args->nodas);
	err = xnvme_nvm_sanitize(&ctx, (uint8_t)args->sanact, args->ause, args->ovrpat,
				 (uint8_t)args->owpass, args->oipbp, args->nodas);
	return tool_cmd_end("xnvme_nvm_sanitize()", &ctx, err);
}

int
xnvme_sub_dsm(struct xnvme_cli *cli)
{
	struct xnvme_cli_args *args = &cli->args;
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(args->dev);
	struct xnvme_spec_dsm_range *range;
	int err;

	range = tool_buf(args->dev, sizeof(*range), NULL, &err);
	if (!range) {
		return err;
	}
	range->slba = args->slba;
	range->llb = args->llb;
	xnvme_cli_pinf("xNVMe DSM");
	err = xnvme_nvm_dsm(&ctx, tool_nsid(cli), range, 0, args->ad, args->idw, args->idr);
	err = tool_cmd_end("xnvme_nvm_dsm()", &ctx, err);
	xnvme_buf_free(args->dev, range);
	return err;
}
