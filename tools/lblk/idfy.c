/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lblk enum, idfy: namespaces of the NVM command set.
 */
#include <errno.h>

#include "lblk.h"

int
lblk_sub_enum(struct xnvme_cli *cli)
{
	return tool_enum_csi(cli, XNVME_SPEC_CSI_NVM);
}

int
lblk_sub_idfy(struct xnvme_cli *cli)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(cli->args.dev);
	uint32_t nsid = tool_nsid(cli);
	struct xnvme_spec_idfy *idfy;
	int err;

	idfy = tool_buf(cli->args.dev, sizeof(*idfy), NULL, &err);
	if (!idfy) {
		return err;
	}
	xnvme_cli_pinf("xnvme_adm_idfy: {nsid: 0x%x}", nsid);
	err = xnvme_adm_idfy_ns(&ctx, nsid, idfy);
	err = tool_cmd_end("xnvme_adm_idfy_ns()", &ctx, err);
	if (!err) {
		xnvme_spec_idfy_ns_pr(&idfy->ns, XNVME_PR_DEF);
		err = tool_dump(cli->args.data_output, idfy, sizeof(*idfy));
	}
	xnvme_buf_free(cli->args.dev, idfy);
	return err;
}
