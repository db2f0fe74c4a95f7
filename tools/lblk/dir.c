/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lblk dir-send, dir-receive, write-dir: directives; NVM Express Base Specification 2.0,
 * Directives.
 */
#include <errno.h>
#include <inttypes.h>

#include "lblk.h"

#define RECEIVE_NBYTES 4096

int
lblk_sub_dir_send(struct xnvme_cli *cli)
{
	struct xnvme_cli_args *args = &cli->args;
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(args->dev);
	uint32_t nsid = tool_nsid(cli);
	int err;

	xnvme_cli_pinf("cmd_dsend: {nsid: 0x%x, doper:0x%x, dtype: 0x%x, dspec: 0x%x, endir: 0x%x, "
		       "tgtdir: 0x%x}",
		       nsid, args->doper, args->dtype, args->dspec, args->endir, args->tgtdir);
	err = xnvme_adm_dir_send(&ctx, nsid, (uint8_t)args->doper, args->dtype, args->dspec,
				 args->endir | args->tgtdir << 8);
	return tool_cmd_end("xnvme_adm_dsend()", &ctx, err);
}

/* Print the received data, by directive type and operation */
static void
print_received(const struct xnvme_cli_args *args, const struct xnvme_cmd_ctx *ctx, void *buf)
{
	if (args->dtype == XNVME_SPEC_DIR_IDENTIFY && args->doper == XNVME_SPEC_DRECV_IDFY_RETPR) {
		xnvme_spec_drecv_idfy_pr(buf, XNVME_PR_DEF);
		return;
	}
	if (args->dtype == XNVME_SPEC_DIR_STREAMS &&
	    args->doper == XNVME_SPEC_DRECV_STREAMS_RETPR) {
		xnvme_spec_drecv_srp_pr(buf, XNVME_PR_DEF);
		return;
	}
	if (args->dtype == XNVME_SPEC_DIR_STREAMS &&
	    args->doper == XNVME_SPEC_DRECV_STREAMS_GETST) {
		xnvme_spec_drecv_sgs_pr(buf, XNVME_PR_DEF);
		return;
	}
	if (args->dtype == XNVME_SPEC_DIR_STREAMS &&
	    args->doper == XNVME_SPEC_DRECV_STREAMS_ALLRS) {
		struct xnvme_spec_alloc_resource sar = {.val = ctx->cpl.cdw0};

		xnvme_spec_drecv_sar_pr(sar, XNVME_PR_DEF);
		return;
	}
	xnvme_cli_pinf("No pretty-printer for dtype 0x%x with doper 0x%x", args->dtype,
		       args->doper);
}

int
lblk_sub_dir_receive(struct xnvme_cli *cli)
{
	struct xnvme_cli_args *args = &cli->args;
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(args->dev);
	bool has_data = args->doper != XNVME_SPEC_DRECV_STREAMS_ALLRS ||
			args->dtype != XNVME_SPEC_DIR_STREAMS;
	uint32_t nsid = tool_nsid(cli);
	void *buf;
	int err;

	buf = tool_buf(args->dev, RECEIVE_NBYTES, NULL, &err);
	if (!buf) {
		return err;
	}
	xnvme_cli_pinf("cmd_drecv: {nsid: 0x%x, doper:0x%x, dtype: 0x%x, nsr: 0x%x}", nsid,
		       args->doper, args->dtype, args->nsr);
	err = xnvme_adm_dir_recv(&ctx, nsid, (uint8_t)args->doper, args->dtype, args->nsr,
				 has_data ? buf : NULL, has_data ? RECEIVE_NBYTES : 0);
	err = tool_cmd_end("xnvme_adm_drecv()", &ctx, err);
	if (!err) {
		print_received(args, &ctx, buf);
	}
	xnvme_buf_free(args->dev, buf);
	return err;
}

int
lblk_sub_write_dir(struct xnvme_cli *cli)
{
	struct xnvme_cli_args *args = &cli->args;
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(args->dev);
	uint32_t nsid = tool_nsid(cli);
	struct lblk_bufs bufs;
	int err;

	xnvme_cli_pinf("Writing nsid: 0x%x, slba: 0x%016" PRIx64 ", nlb: %u", nsid, args->slba,
		       args->nlb);
	err = lblk_bufs_alloc(cli, &bufs, true);
	if (!err) {
		xnvme_cli_pinf("Preparing and sending the command...");
		xnvme_prep_nvm(&ctx, XNVME_SPEC_NVM_OPC_WRITE, nsid, args->slba,
			       (uint16_t)args->nlb);
		ctx.cmd.nvm.dtype = args->dtype & 0xF;
		ctx.cmd.nvm.cdw13.dspec = args->dspec & 0xFFFF;
		err = xnvme_cmd_pass(&ctx, bufs.data, bufs.data_nbytes, bufs.meta,
				     bufs.meta_nbytes);
		err = tool_cmd_end("xnvme_cmd_pass()", &ctx, err);
	}
	lblk_bufs_free(&bufs);
	return err;
}
