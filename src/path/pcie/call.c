/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Synchronous commands. Data in memory that the controller cannot reach is copied through a buffer
 * of the driver.
 */
#include <errno.h>
#include <host/carry.h>
#include <host/err.h>
#include <host/queue.h>
#include <path/pcie/pcie.h>

static int
call_carried(struct xnvme_cmd_ctx *ctx, struct ctrl_shared *shared, const struct payload *payload,
	     uint64_t timeout_ns)
{
	struct payload own;
	struct carry *carry = carry_begin(ctx, payload, &own);
	int err = -ENOMEM;

	if (carry) {
		err = shared_call(shared, &ctx->cmd, &own, timeout_ns, &ctx->cpl);
	}
	if (err && err != -EIO) {
		(void)cpl_set_errno(ctx, err);
	}
	if (carry) {
		carry_end(ctx, carry); /* according to the completion */
	}
	return err;
}

/* Pseudo commands, which are not NVMe commands: NVMe Base 2.0, Resets */
static int
pseudo(struct xnvme_cmd_ctx *ctx, struct ctrl *ctrl, const struct payload *payload)
{
	switch (ctx->cmd.common.opcode) {
	case PSEUDO_SUBSYSTEM_RESET:
		return ctrl_reset(ctrl, true);
	case PSEUDO_CONTROLLER_RESET:
		return ctrl_reset(ctrl, false);
	case PSEUDO_NAMESPACE_RESCAN:
		return 0; /* no kernel is involved that caches a list of namespaces */
	case PSEUDO_GET_REGISTERS:
		return ctrl_registers(ctrl, payload->data, payload->data_nbytes);
	default:
		return err_set(-ENOTSUP, "the driver in user space does not know this");
	}
}

int
pcie_call(struct xnvme_cmd_ctx *ctx, enum path_role role, const struct payload *payload)
{
	struct ctrl *ctrl = ctx->dev->handle;
	bool admin = role == ROLE_ADMIN;
	struct ctrl_shared *shared = admin ? &ctrl->admin : &ctrl->io;
	uint64_t timeout_ns = admin ? ctrl->admin_timeout_ns : ctrl->command_timeout_ns;
	int err;

	if (ctx->opts & CMD_OPTS_PSEUDO) {
		return pseudo(ctx, ctrl, payload);
	}
	if (!admin && pcie_wrong_length(pcie_block_opcodes(ctx->dev), ctx->dev->lba_nbytes,
					&ctx->cmd, payload->data_nbytes)) {
		return cpl_set_errno(ctx, err_set(-EINVAL,
						  "%zu bytes of data are not what %u "
						  "blocks of %u bytes need",
						  payload->data_nbytes, ctx->cmd.nvm.nlb + 1u,
						  ctx->dev->geo.lba_nbytes));
	}
	timeout_ns = timeout_ns ? timeout_ns : UINT64_MAX;
	err = shared_call(shared, &ctx->cmd, payload, timeout_ns, &ctx->cpl);
	if (err == QPAIR_CARRY) {
		return call_carried(ctx, shared, payload, timeout_ns);
	}
	if (err && err != -EIO) {
		(void)cpl_set_errno(ctx, err);
	}
	return err;
}
