/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lblk write-read-pi: write blocks with protection information, read them back, check both ends.
 * NVM Command Set Specification 1.0, End-to-end Data Protection.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "lblk.h"

/* The reference tag of the first block: its address, truncated to the size of the tag, which is 32
 * bits with a 16b guard, 48 bits with a 64b guard; a 32b guard leaves all 64 bits */
static uint64_t
ref_tag(const struct xnvme_cli *cli)
{
	const struct xnvme_geo *geo = xnvme_dev_get_geo(cli->args.dev);

	switch (geo->pi_format) {
	case XNVME_SPEC_NVM_NS_16B_GUARD:
		return cli->args.slba & XNVME_REFTAG_MASK_16;
	case XNVME_SPEC_NVM_NS_64B_GUARD:
		return cli->args.slba & XNVME_REFTAG_MASK_64;
	default:
		return cli->args.slba;
	}
}

/* Set up `pi` from the format of the namespace */
static int
init_pi(struct xnvme_cli *cli, struct xnvme_pi_ctx *pi)
{
	struct xnvme_cli_args *args = &cli->args;
	const struct xnvme_geo *geo = xnvme_dev_get_geo(args->dev);
	int err;

	if (!geo->pi_type) {
		return tool_refuse("this namespace keeps no protection information; format it with "
				   "metadata and --pi 1, 2 or 3");
	}
	err = xnvme_pi_ctx_init(pi, geo->lba_nbytes, geo->nbytes_oob, geo->lba_extended,
				geo->pi_loc, (enum xnvme_pi_type)geo->pi_type, args->prchk,
				0, (uint16_t)args->apptag_mask, (uint16_t)args->apptag,
				(enum xnvme_spec_nvm_ns_pif)geo->pi_format);
	err = err ? err : xnvme_pi_ctx_set_ref_tag(pi, ref_tag(cli));
	if (err) {
		xnvme_cli_perr("xnvme_pi_ctx_init()", err);
	}
	return err;
}

/* Set the protection information fields of a command: PRACT is the highest bit of PRINFO */
static void
prep_pi(struct xnvme_cmd_ctx *ctx, const struct xnvme_cli *cli, uint8_t opcode, uint32_t nsid)
{
	const struct xnvme_cli_args *args = &cli->args;
	uint64_t ref = ref_tag(cli);

	xnvme_prep_nvm(ctx, opcode, nsid, args->slba, (uint16_t)args->nlb);
	ctx->cmd.nvm.prinfo = ((args->pract ? 0x8u : 0) | (args->prchk & 0x7u)) & 0xF;
	ctx->cmd.nvm.ilbrt = (uint32_t)ref;
	ctx->cmd.common.cdw03 = (uint32_t)(ref >> 32);
	ctx->cmd.nvm.lbat = (uint16_t)args->apptag;
	ctx->cmd.nvm.lbatm = (uint16_t)args->apptag_mask;
}

static int
pass_pi(struct xnvme_cli *cli, uint8_t opcode, struct lblk_bufs *bufs)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(cli->args.dev);

	xnvme_cli_pinf("Sending the command...");
	prep_pi(&ctx, cli, opcode, tool_nsid(cli));
	return tool_cmd_end(
		"xnvme_cmd_pass()", &ctx,
		xnvme_cmd_pass(&ctx, bufs->data, bufs->data_nbytes, bufs->meta, bufs->meta_nbytes));
}

/* With PRACT, and metadata that consist of protection information only, no metadata are
 * transferred */
static void
bare_blocks(const struct xnvme_cli *cli, struct lblk_bufs *bufs)
{
	const struct xnvme_geo *geo = xnvme_dev_get_geo(cli->args.dev);
	size_t tuple = xnvme_pi_size((enum xnvme_spec_nvm_ns_pif)geo->pi_format);

	if (cli->args.pract && geo->nbytes_oob == tuple) {
		bufs->data_nbytes = ((size_t)cli->args.nlb + 1) * geo->nbytes;
		bufs->meta_nbytes = 0;
		xnvme_buf_free(bufs->dev, bufs->meta);
		bufs->meta = NULL;
	}
}

int
lblk_sub_write_read_pi(struct xnvme_cli *cli)
{
	struct xnvme_cli_args *args = &cli->args;
	struct xnvme_pi_ctx pi;
	struct lblk_bufs bufs = {.dev = args->dev};
	uint32_t nblocks = args->nlb + 1;
	int err;

	xnvme_cli_pinf("Writing nsid: 0x%x, slba: 0x%016" PRIx64 ", nlb: %u, pract: %d, "
		       "prchk: 0x%x, apptag: 0x%x, apptag_mask: 0x%x",
		       tool_nsid(cli), args->slba, args->nlb, args->pract, args->prchk,
		       args->apptag, args->apptag_mask);
	err = lblk_bufs_alloc(cli, &bufs, true);
	err = err ? err : init_pi(cli, &pi);
	if (err) {
		lblk_bufs_free(&bufs);
		return err;
	}
	bare_blocks(cli, &bufs);
	if (!args->pract) {
		xnvme_pi_generate(&pi, bufs.data, bufs.meta, nblocks);
	}
	err = pass_pi(cli, XNVME_SPEC_NVM_OPC_WRITE, &bufs);
	if (!err) {
		memset(bufs.data, 0, bufs.data_nbytes);
		if (bufs.meta) {
			memset(bufs.meta, 0, bufs.meta_nbytes);
		}
		err = pass_pi(cli, XNVME_SPEC_NVM_OPC_READ, &bufs);
	}
	if (!err && !args->pract && xnvme_pi_verify(&pi, bufs.data, bufs.meta, nblocks)) {
		err = xnvme_cli_refuse(-EBADMSG, "the protection information of what was read "
						 "back is not right");
	}
	lblk_bufs_free(&bufs);
	return err;
}
