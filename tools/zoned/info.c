/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * zoned enum, idfy-*, changes, errors, report: information about a zoned namespace. Zoned Namespace
 * Command Set Specification 1.1, Identify, Get Log Page, Zone Management Receive.
 */
#include <errno.h>
#include <inttypes.h>

#include "zoned.h"

int
zoned_sub_enum(struct xnvme_cli *cli)
{
	return tool_enum_csi(cli, XNVME_SPEC_CSI_ZONED);
}

int
zoned_sub_idfy_ctrlr(struct xnvme_cli *cli)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(cli->args.dev);
	struct xnvme_spec_idfy *idfy;
	int err;

	idfy = tool_buf(cli->args.dev, sizeof(*idfy), NULL, &err);
	if (!idfy) {
		return err;
	}
	xnvme_cli_pinf("xnvme_adm_idfy_ctrlr: {nsid: 0x%x, csi: CSI_ZONED}", tool_nsid(cli));
	err = xnvme_adm_idfy_ctrlr_csi(&ctx, XNVME_SPEC_CSI_ZONED, idfy);
	err = tool_cmd_end("xnvme_adm_idfy_ctrlr_csi()", &ctx, err);
	if (!err) {
		xnvme_spec_znd_idfy_ctrlr_pr((struct xnvme_spec_znd_idfy_ctrlr *)idfy,
					     XNVME_PR_DEF);
	}
	xnvme_buf_free(cli->args.dev, idfy);
	return err;
}

int
zoned_sub_idfy_ns(struct xnvme_cli *cli)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(cli->args.dev);
	uint32_t nsid = tool_nsid(cli);
	struct xnvme_spec_idfy *idfy;
	int err;

	idfy = tool_buf(cli->args.dev, sizeof(*idfy), NULL, &err);
	if (!idfy) {
		return err;
	}
	xnvme_cli_pinf("xnvme_adm_idfy_ns: {nsid: 0x%x, csi: CSI_ZONED}", nsid);
	err = xnvme_adm_idfy_ns_csi(&ctx, nsid, XNVME_SPEC_CSI_ZONED, idfy);
	err = tool_cmd_end("xnvme_adm_idfy_ns_csi()", &ctx, err);
	if (!err) {
		xnvme_spec_znd_idfy_ns_pr((struct xnvme_spec_znd_idfy_ns *)idfy, XNVME_PR_DEF);
	}
	xnvme_buf_free(cli->args.dev, idfy);
	return err;
}

int
zoned_sub_changes(struct xnvme_cli *cli)
{
	struct xnvme_spec_znd_log_changes *changes;
	int err;

	xnvme_cli_pinf("Retrieving the Changed Zone List");
	changes = xnvme_znd_log_changes_from_dev(cli->args.dev);
	if (!changes) {
		err = errno ? -errno : -EIO;
		xnvme_cli_pinf("Zoned Changes log page is an optional feature");
		xnvme_cli_perr("xnvme_znd_log_changes_from_dev()", err);
		return err;
	}
	xnvme_spec_znd_log_changes_pr(changes, XNVME_PR_DEF);
	err = tool_dump(cli->args.data_output, changes, sizeof(*changes));
	xnvme_buf_free(cli->args.dev, changes);
	return err;
}

/* Print the used entries of the error log: those with a nonzero error count */
int
zoned_sub_errors(struct xnvme_cli *cli)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(cli->args.dev);
	const struct xnvme_spec_idfy_ctrlr *ctrlr = xnvme_dev_get_ctrlr(cli->args.dev);
	uint32_t nentries = (ctrlr ? ctrlr->elpe : 0u) + 1, nvalid = 0;
	uint32_t nbytes = nentries * (uint32_t)sizeof(struct xnvme_spec_log_erri_entry);
	struct xnvme_spec_log_erri_entry *log;
	int err;

	log = tool_buf(cli->args.dev, nbytes, NULL, &err);
	if (!log) {
		return err;
	}
	err = xnvme_adm_log(&ctx, XNVME_SPEC_LOG_ERRI, 0, 0, tool_nsid(cli), 0, log, nbytes);
	err = tool_cmd_end("xnvme_adm_log(XNVME_SPEC_LOG_ERRI)", &ctx, err);
	if (!err) {
		while (nvalid < nentries && log[nvalid].ecnt) {
			nvalid += 1;
		}
		xnvme_cli_pinf("Error-Information-Log has %u valid entries", nvalid);
		xnvme_spec_log_erri_pr(log, (int)nentries, XNVME_PR_DEF);
		err = tool_dump(cli->args.data_output, log, nbytes);
	}
	xnvme_buf_free(cli->args.dev, log);
	return err;
}

int
zoned_sub_report(struct xnvme_cli *cli)
{
	struct xnvme_cli_args *args = &cli->args;
	struct xnvme_znd_report *report;
	int err;

	xnvme_cli_pinf("Zone Information Report for lba: 0x%016" PRIx64 ", limit: %u", args->slba,
		       args->limit);
	report = xnvme_znd_report_from_dev(args->dev, args->slba, args->limit, 0);
	if (!report) {
		err = errno ? -errno : -EIO;
		xnvme_cli_perr("xnvme_znd_report_from_dev()", err);
		return err;
	}
	xnvme_znd_report_pr(report, XNVME_PR_DEF);
	err = tool_dump(args->data_output, report, report->report_nbytes);
	xnvme_buf_virt_free(report);
	return err;
}
