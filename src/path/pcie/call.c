/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Commands that the caller waits for. Memory that the controller cannot reach is carried over
 * through a buffer of the driver's own: the caller waits anyway.
 */
#include <errno.h>
#include <host/err.h>
#include <host/queue.h>
#include <path/pcie/pcie.h>
#include <string.h>

/* Bits 1:0 of an opcode say which way data flows (NVMe Base 2.0, Opcodes) */
static bool
to_controller(const struct xnvme_cmd_ctx *ctx)
{
	return ctx->cmd.common.opcode & 1;
}

static bool
from_controller(const struct xnvme_cmd_ctx *ctx)
{
	return ctx->cmd.common.opcode & 2;
}

static bool
reachable(const struct ctrl *ctrl, const struct payload *payload, bool admin)
{
	for (uint32_t i = 0; i < payload->vec_cnt; ++i) {
		if (!dma_find(&ctrl->dma, payload->vec[i].iov_base, payload->vec[i].iov_len) ||
		    !ctrl->sgl || admin) {
			return false;
		}
	}
	return (!payload->data || ((uintptr_t)payload->data & 3) == 0) &&
	       (!payload->data || !payload->data_nbytes ||
		dma_find(&ctrl->dma, payload->data, payload->data_nbytes)) &&
	       (!payload->meta || !payload->meta_nbytes ||
		(((uintptr_t)payload->meta & 3) == 0 &&
		 dma_find(&ctrl->dma, payload->meta, payload->meta_nbytes)));
}

/* Between the pieces and one buffer */
static void
gather(const struct payload *payload, uint8_t *flat, bool scatter)
{
	size_t at = 0;

	for (uint32_t i = 0; i < payload->vec_cnt; ++i) {
		const struct iovec *vec = &payload->vec[i];

		memcpy(scatter ? vec->iov_base : flat + at, scatter ? flat + at : vec->iov_base,
		       vec->iov_len);
		at += vec->iov_len;
	}
	if (payload->vec_cnt == 0 && payload->data) {
		memcpy(scatter ? payload->data : flat, scatter ? flat : payload->data,
		       payload->data_nbytes);
	}
}

static int
call_carried(struct xnvme_cmd_ctx *ctx, struct ctrl_shared *shared, const struct payload *payload,
	     uint64_t timeout_ns)
{
	struct dma *dma = &shared->qp.ctrl->dma;
	struct payload own = {.data_nbytes = payload->data_nbytes,
			      .meta_nbytes = payload->meta_nbytes};
	int err = 0;

	own.data = own.data_nbytes ? dma_alloc(dma, own.data_nbytes) : NULL;
	own.meta = payload->meta && own.meta_nbytes ? dma_alloc(dma, own.meta_nbytes) : NULL;
	if ((own.data_nbytes && !own.data) || (payload->meta && own.meta_nbytes && !own.meta)) {
		err = -errno; /* and what dma_alloc() says */
	}
	if (!err && to_controller(ctx)) {
		gather(payload, own.data, false);
		if (own.meta) {
			memcpy(own.meta, payload->meta, own.meta_nbytes);
		}
	}
	if (!err) {
		err = shared_call(shared, &ctx->cmd, &own, timeout_ns, &ctx->cpl);
	}
	if (!err && from_controller(ctx)) {
		gather(payload, own.data, true);
		if (own.meta) {
			memcpy(payload->meta, own.meta, own.meta_nbytes);
		}
	}
	dma_free(dma, own.data);
	dma_free(dma, own.meta);
	return err;
}

/* What is not a command: NVMe Base 2.0, Resets */
static int
pseudo(struct xnvme_cmd_ctx *ctx, struct ctrl *ctrl, const struct payload *payload)
{
	switch (ctx->cmd.common.opcode) {
	case PSEUDO_SUBSYSTEM_RESET:
		return ctrl_reset(ctrl, true);
	case PSEUDO_CONTROLLER_RESET:
		return ctrl_reset(ctrl, false);
	case PSEUDO_NAMESPACE_RESCAN:
		return 0; /* there is no kernel between us that kept a list */
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
	err = reachable(ctrl, payload, admin)
		      ? shared_call(shared, &ctx->cmd, payload, timeout_ns, &ctx->cpl)
		      : call_carried(ctx, shared, payload, timeout_ns);
	if (err && err != -EIO) {
		(void)cpl_set_errno(ctx, err);
	}
	return err;
}
