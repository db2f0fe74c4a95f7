/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xnvme subsystem-reset, ctrlr-reset, ns-rescan, show-regs: operations on the controller.
 */
#include <errno.h>

#include "xnvme.h"

static int
report(const char *what, int err)
{
	if (err) {
		xnvme_cli_perr(what, err);
	}
	return err;
}

int
xnvme_sub_subsystem_reset(struct xnvme_cli *cli)
{
	return report("xnvme_subsystem_reset()", xnvme_subsystem_reset(cli->args.dev));
}

int
xnvme_sub_ctrlr_reset(struct xnvme_cli *cli)
{
	return report("xnvme_controller_reset()", xnvme_controller_reset(cli->args.dev));
}

int
xnvme_sub_ns_rescan(struct xnvme_cli *cli)
{
	return report("xnvme_namespace_rescan()", xnvme_namespace_rescan(cli->args.dev));
}

int
xnvme_sub_show_regs(struct xnvme_cli *cli)
{
	struct xnvme_spec_ctrlr_bar bar = {0};
	int err = xnvme_controller_get_registers(cli->args.dev, &bar);

	if (!err) {
		xnvme_spec_ctrlr_bar_pp(&bar, XNVME_PR_DEF);
	}
	return report("xnvme_controller_get_registers()", err);
}
