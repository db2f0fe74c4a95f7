/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xnvme feature-get, feature-set, set-fdp-events: NVM Express Base Specification 2.0, Get Features,
 * Set Features.
 */
#include <errno.h>
#include <string.h>

#include "xnvme.h"

/* Bytes after the data: the print function of FDP events reads as many entries as the device
 * reports, at most so many bytes */
#define FDP_EVENTS_SLACK_NBYTES 512
#define DATA_NBYTES_MAX (1 << 20)
#define FDP_EVENTS_ALL 0xFFu
#define FDP_EVENTS_NBYTES 256 /* one byte for each of up to 255 event types, in whole dwords */

static int
refuse_nbytes(size_t nbytes)
{
	if (nbytes <= DATA_NBYTES_MAX) {
		return 0;
	}
	return tool_refuse("--data-nbytes is at most 1 MiB");
}

/* Get Features with SEL 3 returns the capabilities of a feature instead of its value (NVMe Base
 * 2.0, Get Features) */
static void
print_supported(uint32_t cdw0)
{
	printf("feat: {saveable: %u, namespace_specific: %u, changeable: %u}\n", cdw0 & 1,
	       (cdw0 >> 1) & 1, (cdw0 >> 2) & 1);
}

static void
print_feat(const struct xnvme_cli_args *args, uint32_t cdw0, void *dbuf)
{
	struct xnvme_spec_feat feat = {.val = cdw0};

	if (args->sel == XNVME_SPEC_FEAT_SEL_SUPPORTED) {
		print_supported(cdw0);
	} else if (args->fid == XNVME_SPEC_FEAT_FDP_EVENTS && dbuf) {
		xnvme_spec_feat_fdp_events_pr(dbuf, feat, XNVME_PR_DEF);
	} else {
		xnvme_spec_feat_pr((uint8_t)args->fid, feat, XNVME_PR_DEF);
	}
}

int
xnvme_sub_feature_get(struct xnvme_cli *cli)
{
	struct xnvme_cli_args *args = &cli->args;
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(args->dev);
	size_t nbytes = args->data_nbytes;
	uint32_t nsid = tool_nsid(cli);
	void *dbuf = NULL;
	int err = refuse_nbytes(nbytes);

	if (err) {
		return err;
	}
	if (nbytes) {
		dbuf = tool_buf(args->dev, nbytes + FDP_EVENTS_SLACK_NBYTES, NULL, &err);
		if (!dbuf) {
			return err;
		}
	}
	xnvme_cli_pinf("cmd_gfeat: {nsid: 0x%x, fid: 0x%x, sel: 0x%x}", nsid, args->fid, args->sel);
	xnvme_prep_adm_gfeat(&ctx, nsid, (uint8_t)args->fid, (uint8_t)args->sel);
	ctx.cmd.gfeat.cdw11 = args->cdw[11];
	err = tool_cmd_end("xnvme_cmd_pass_admin()", &ctx,
			   xnvme_cmd_pass_admin(&ctx, dbuf, nbytes, NULL, 0));
	if (!err) {
		print_feat(args, ctx.cpl.cdw0, dbuf);
		err = dbuf ? tool_dump(args->data_output, dbuf, nbytes) : 0;
	}
	xnvme_buf_free(args->dev, dbuf);
	return err;
}

/* Without --nsid a feature of the controller is set with NSID 0: an NSID of a namespace is an error
 * (NVMe Base 2.0, Set Features) */
static uint32_t
set_nsid(const struct xnvme_cli *cli)
{
	switch (cli->args.fid) {
	case XNVME_SPEC_FEAT_LBA_RANGETYPE:
	case XNVME_SPEC_FEAT_ERROR_RECOVERY:
	case XNVME_SPEC_FEAT_FDP_EVENTS:
		return tool_nsid(cli);
	default:
		return cli->args.nsid;
	}
}

/* Send Set Features as given by the options; frees `dbuf` */
static int
send_feature(struct xnvme_cli *cli, void *dbuf, size_t nbytes)
{
	struct xnvme_cli_args *args = &cli->args;
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(args->dev);
	uint32_t nsid = set_nsid(cli);
	int err;

	xnvme_cli_pinf("cmd_sfeat: {nsid: 0x%x, fid: 0x%x, save: 0x%x, feat: 0x%x, cdw12: 0x%x}",
		       nsid, args->fid, args->save, args->feat, args->cdw[12]);
	xnvme_prep_adm_sfeat(&ctx, nsid, (uint8_t)args->fid, args->feat, args->save);
	ctx.cmd.sfeat.cdw12 = args->cdw[12];
	err = tool_cmd_end("xnvme_cmd_pass_admin()", &ctx,
			   xnvme_cmd_pass_admin(&ctx, dbuf, nbytes, NULL, 0));
	xnvme_buf_free(args->dev, dbuf);
	return err;
}

int
xnvme_sub_feature_set(struct xnvme_cli *cli)
{
	struct xnvme_cli_args *args = &cli->args;
	size_t nbytes = args->data_nbytes;
	void *dbuf = NULL;
	int err = refuse_nbytes(nbytes);

	if (err) {
		return err;
	}
	if (args->data_input && !nbytes) {
		return tool_refuse("--data-input needs --data-nbytes, the bytes to send of it");
	}
	if (nbytes) {
		dbuf = tool_buf(args->dev, nbytes, args->data_input, &err);
		if (!dbuf) {
			return err;
		}
	}
	return send_feature(cli, dbuf, nbytes);
}

/* The data of feature 1Eh list event types; bits 23:16 of --feat are their number; NVMe Base 2.1,
 * Flexible Data Placement Events. The number FFh, longer than any list, selects all of them. */
int
xnvme_sub_set_fdp_events(struct xnvme_cli *cli)
{
	static const uint8_t types[] = {
		XNVME_SPEC_FDP_EVENT_RU_NOT_FULLY_WRITTEN, XNVME_SPEC_FDP_EVENT_RU_TIME_LIMIT,
		XNVME_SPEC_FDP_EVENT_CTRLR_RESET,	   XNVME_SPEC_FDP_EVENT_INVALID_PID,
		XNVME_SPEC_FDP_EVENT_MEDIA_REALLOCATED,	   XNVME_SPEC_FDP_EVENT_IMPLICIT_RU_CHANGE,
	};
	struct xnvme_cli_args *args = &cli->args;
	uint32_t count = args->feat >> 16 & 0xFF;
	void *dbuf;
	int err;

	if (args->fid != XNVME_SPEC_FEAT_FDP_EVENTS) {
		return tool_refuse("--fid is 0x1e here; any other feature is set by feature-set");
	}
	if (count == FDP_EVENTS_ALL) {
		count = sizeof(types);
		args->feat = (args->feat & ~(FDP_EVENTS_ALL << 16)) | count << 16;
	}
	if (count == 0 || count > sizeof(types)) {
		return tool_refuse("--feat is 0xNN0000 + placement handle, where NN is how many "
				   "event types are meant: 1 to 6, in the order of their numbers, "
				   "or ff for all");
	}
	/* the controller reads one byte per event; a path may require whole dwords */
	dbuf = tool_buf(args->dev, FDP_EVENTS_NBYTES, NULL, &err);
	if (!dbuf) {
		return err;
	}
	memcpy(dbuf, types, count);
	return send_feature(cli, dbuf, FDP_EVENTS_NBYTES);
}
