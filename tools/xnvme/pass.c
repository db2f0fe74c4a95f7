/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xnvme pioc, padc: pass a user-defined command to a namespace or to the controller. The dwords are
 * those of --cmd-input, or 0; --cdwN override them, and --opcode and --nsid override both.
 */
#include <errno.h>
#include <string.h>

#include "xnvme.h"

#define PAYLOAD_NBYTES_MAX (1UL << 30)

struct payload {
	void *buf;
	size_t nbytes;
};

static int
prep_cmd(struct xnvme_cli *cli, struct xnvme_spec_cmd *cmd)
{
	static const enum xnvme_cli_opt cdw_opts[16] = {
		XNVME_CLI_OPT_CDW00, XNVME_CLI_OPT_CDW01, XNVME_CLI_OPT_CDW02, XNVME_CLI_OPT_CDW03,
		XNVME_CLI_OPT_CDW04, XNVME_CLI_OPT_CDW05, XNVME_CLI_OPT_CDW06, XNVME_CLI_OPT_CDW07,
		XNVME_CLI_OPT_CDW08, XNVME_CLI_OPT_CDW09, XNVME_CLI_OPT_CDW10, XNVME_CLI_OPT_CDW11,
		XNVME_CLI_OPT_CDW12, XNVME_CLI_OPT_CDW13, XNVME_CLI_OPT_CDW14, XNVME_CLI_OPT_CDW15,
	};
	uint32_t cdw[16] = {0};

	if (cli->args.cmd_input) {
		int err = xnvme_buf_from_file(cdw, sizeof(cdw), cli->args.cmd_input);

		if (err) {
			xnvme_cli_perr("xnvme_buf_from_file(--cmd-input)", err);
			return err;
		}
	}
	for (int i = 0; i < 16; ++i) {
		if (cli->given[cdw_opts[i]]) {
			cdw[i] = cli->args.cdw[i];
		}
	}
	memcpy(cmd, cdw, sizeof(cdw));
	if (cli->given[XNVME_CLI_OPT_OPCODE]) {
		cmd->common.opcode = cli->args.opcode & 0xFF;
	}
	if (cli->given[XNVME_CLI_OPT_NSID]) {
		cmd->common.nsid = cli->args.nsid;
	}
	return 0;
}

static int
prep_payload(struct xnvme_dev *dev, struct payload *payload, size_t nbytes, const char *input)
{
	int err;

	if (!nbytes) {
		return input ? tool_refuse("a file to send needs the bytes to send of it: "
					   "--data-nbytes, --meta-nbytes")
			     : 0;
	}
	if (nbytes > PAYLOAD_NBYTES_MAX) {
		return tool_refuse("--data-nbytes and --meta-nbytes are at most 1 GiB");
	}
	payload->buf = tool_buf(dev, nbytes, input, &err);
	payload->nbytes = payload->buf ? nbytes : 0;
	return err;
}

/*
 * Print the four dwords of the completion as the controller returned them; NVMe Base, Completion
 * Queue Entry. The kernel returns only dwords 0 and 1 and the status: the rest is 0 then. Prints
 * nothing if the command did not start.
 */
static void
print_completion(struct xnvme_cmd_ctx *ctx, int err)
{
	uint32_t dw[4];

	if (err && !xnvme_cmd_ctx_cpl_status(ctx)) {
		return;
	}
	memcpy(dw, &ctx->cpl, sizeof(dw));
	printf("xnvme_spec_cpl: {dw0: 0x%08x, dw1: 0x%08x, dw2: 0x%08x, dw3: 0x%08x}\n", dw[0],
	       dw[1], dw[2], dw[3]);
}

static int
pass_payloads(struct xnvme_cli *cli, struct xnvme_cmd_ctx *ctx, struct payload *data,
	      struct payload *meta, bool admin)
{
	struct xnvme_cli_args *args = &cli->args;
	int err = prep_payload(args->dev, data, args->data_nbytes, args->data_input);

	err = err ? err : prep_payload(args->dev, meta, args->meta_nbytes, args->meta_input);
	if (err) {
		return err;
	}
	if (args->verbose) {
		xnvme_cli_pinf("Submitting ...");
		xnvme_spec_cmd_pr(&ctx->cmd, XNVME_PR_DEF);
	}
	memset(&ctx->cpl, 0, sizeof(ctx->cpl));
	if (admin) {
		err = xnvme_cmd_pass_admin(ctx, data->buf, data->nbytes, meta->buf, meta->nbytes);
		print_completion(ctx, err);
		err = tool_cmd_end("xnvme_cmd_pass_admin()", ctx, err);
	} else {
		err = xnvme_cmd_pass(ctx, data->buf, data->nbytes, meta->buf, meta->nbytes);
		print_completion(ctx, err);
		err = tool_cmd_end("xnvme_cmd_pass()", ctx, err);
	}
	if (err) {
		return err;
	}
	if (args->verbose) {
		xnvme_cli_pinf("No submission nor completion errors");
		xnvme_cmd_ctx_pr(ctx, XNVME_PR_DEF);
	}
	err = data->buf ? tool_dump(args->data_output, data->buf, data->nbytes) : 0;
	err = !err && meta->buf ? tool_dump(args->meta_output, meta->buf, meta->nbytes) : err;
	return err;
}

static int
pass(struct xnvme_cli *cli, bool admin)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(cli->args.dev);
	struct payload data = {NULL, 0}, meta = {NULL, 0};
	int err = prep_cmd(cli, &ctx.cmd);

	err = err ? err : pass_payloads(cli, &ctx, &data, &meta, admin);
	xnvme_buf_free(cli->args.dev, meta.buf);
	xnvme_buf_free(cli->args.dev, data.buf);
	return err;
}

int
xnvme_sub_pioc(struct xnvme_cli *cli)
{
	return pass(cli, false);
}

int
xnvme_sub_padc(struct xnvme_cli *cli)
{
	return pass(cli, true);
}
