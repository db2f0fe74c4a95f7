/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * `enum`: lists the devices that can be opened, of any command set or of one.
 */
#include <errno.h>

#include "tool.h"

#define LIST_MAX 4096

struct collector {
	struct xnvme_cli_enumeration *list;
	int csi; /* -1: any */
	int err;
};

static int
collect(struct xnvme_dev *dev, void *arg)
{
	struct collector *collector = arg;
	bool wanted = collector->csi < 0 || xnvme_dev_get_csi(dev) == collector->csi;

	if (wanted && !collector->err) {
		collector->err =
			xnvme_cli_enumeration_append(collector->list, xnvme_dev_get_ident(dev));
	}
	return XNVME_ENUMERATE_DEV_CLOSE;
}

/* List the namespaces of one command set, or of any (-1) */
int
tool_enum_csi(struct xnvme_cli *cli, int csi)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct collector collector = {NULL, csi, 0};
	int err = xnvme_cli_to_opts(cli, &opts);

	err = err ? err : xnvme_cli_enumeration_alloc(&collector.list, LIST_MAX);
	if (err) {
		xnvme_cli_perr("xnvme_cli_enumeration_alloc()", err);
		return err;
	}
	/* all namespaces of the scan, unless --dev-nsid selects one */
	opts.nsid = cli->given[XNVME_CLI_OPT_DEV_NSID] ? cli->args.dev_nsid : 0;
	err = xnvme_enumerate(cli->args.sys_uri, &opts, collect, &collector);
	err = err ? err : collector.err;
	if (err) {
		xnvme_cli_perr("xnvme_enumerate()", err);
	} else {
		xnvme_cli_enumeration_pr(collector.list, XNVME_PR_DEF);
	}
	if (!err && *xnvme_err_text()) {
		xnvme_cli_pinf("%s", xnvme_err_text()); /* the skipped devices, and why */
	}
	xnvme_cli_enumeration_free(collector.list);
	return err;
}

int
tool_sub_enum(struct xnvme_cli *cli)
{
	return tool_enum_csi(cli, -1);
}
