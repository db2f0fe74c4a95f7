/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Operations on a controller that are not commands: resets, rescans, registers.
 */
#include <host/dev.h>

#include <base/assert.h>

static int
pseudo(struct xnvme_dev *dev, enum pseudo_opcode opcode, void *data, size_t nbytes)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);

	dev_open_check(dev);
	ctx.opts |= CMD_OPTS_PSEUDO;
	ctx.cmd.common.opcode = (uint8_t)opcode;
	return xnvme_cmd_pass_admin(&ctx, data, nbytes, NULL, 0);
}

int
xnvme_subsystem_reset(struct xnvme_dev *dev)
{
	return pseudo(dev, PSEUDO_SUBSYSTEM_RESET, NULL, 0);
}

int
xnvme_controller_reset(struct xnvme_dev *dev)
{
	return pseudo(dev, PSEUDO_CONTROLLER_RESET, NULL, 0);
}

int
xnvme_namespace_rescan(struct xnvme_dev *dev)
{
	return pseudo(dev, PSEUDO_NAMESPACE_RESCAN, NULL, 0);
}

int
xnvme_controller_get_registers(struct xnvme_dev *dev, struct xnvme_spec_ctrlr_bar *bar)
{
	STATIC_ASSERT(sizeof(*bar) == 4096, "not the registers below the doorbells");
	return pseudo(dev, PSEUDO_GET_REGISTERS, bar, sizeof(*bar));
}
