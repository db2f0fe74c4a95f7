/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The NVM command set: fill the fields of the command, compute the size of its buffers, pass it.
 * Calls with a context of a queue submit, calls with a context of a device block.
 */
#include <host/dev.h>
#include <host/err.h>
#include <host/nvm.h>
#include <host/queue.h>
#include <base/likely.h>

#include <base/assert.h>
#include <errno.h>

/* Passes the data and metadata of a read, write, compare or append. When the controller inserts and
 * strips protection information (PRACT) and that is all of the metadata, the host's buffer has none
 * of it, also for extended blocks: NVM Command Set 1.0, End-to-end Data Protection. */
int
nvm_pass_blocks(struct xnvme_cmd_ctx *ctx, void *dbuf, void *mbuf)
{
	const struct xnvme_geo *geo = &ctx->dev->geo;
	size_t count = (size_t)ctx->cmd.nvm.nlb + 1;
	size_t block = ctx->dev->lba_nbytes;
	uint32_t pi_nbytes = geo->pi_format == XNVME_SPEC_NVM_NS_16B_GUARD ? 8 : 16;
	bool stripped = geo->pi_type && ctx->cmd.nvm.prinfo & 0x8 && geo->nbytes_oob == pi_nbytes;

	geo_check(ctx->dev);
	if (stripped && geo->lba_extended) {
		block = geo->nbytes;
	}
	return xnvme_cmd_pass(ctx, dbuf, count * block, mbuf,
			      mbuf && !stripped ? count * geo->nbytes_oob : 0);
}

int
blocks_checked(struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, uint64_t slba, uint64_t nlb,
	       void *dbuf, void *mbuf)
{
	ASSERT(ctx->async.queue == q && ctx->cmd.nvm.slba == slba && ctx->cmd.nvm.nlb == nlb);
	(void)q;
	(void)slba;
	(void)nlb;
	return nvm_pass_blocks(ctx, dbuf, mbuf);
}

int
xnvme_nvm_read(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba, uint16_t nlb, void *dbuf,
	       void *mbuf)
{
	xnvme_prep_nvm(ctx, XNVME_SPEC_NVM_OPC_READ, nsid, slba, nlb);
	if (UNLIKELY(!(ctx->opts & XNVME_CMD_ASYNC))) {
		return nvm_pass_blocks(ctx, dbuf, mbuf);
	}
	queue_check(ctx->async.queue);
	return ctx->async.queue->read(ctx, ctx->async.queue, slba, nlb, dbuf, mbuf);
}

int
xnvme_nvm_write(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba, uint16_t nlb,
		const void *dbuf, const void *mbuf)
{
	void *data = (void *)(uintptr_t)dbuf, *meta = (void *)(uintptr_t)mbuf;

	xnvme_prep_nvm(ctx, XNVME_SPEC_NVM_OPC_WRITE, nsid, slba, nlb);
	if (UNLIKELY(!(ctx->opts & XNVME_CMD_ASYNC))) {
		return nvm_pass_blocks(ctx, data, meta);
	}
	queue_check(ctx->async.queue);
	return ctx->async.queue->write(ctx, ctx->async.queue, slba, nlb, data, meta);
}

int
xnvme_nvm_compare(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba, uint16_t nlb,
		  void *dbuf, void *mbuf)
{
	dev_open_check(ctx->dev);
	xnvme_prep_nvm(ctx, XNVME_SPEC_NVM_OPC_COMPARE, nsid, slba, nlb);
	return nvm_pass_blocks(ctx, dbuf, mbuf);
}

int
xnvme_nvm_write_uncorrectable(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba,
			      uint16_t nlb)
{
	dev_open_check(ctx->dev);
	xnvme_prep_nvm(ctx, XNVME_SPEC_NVM_OPC_WRITE_UNCORRECTABLE, nsid, slba, nlb);
	return xnvme_cmd_pass(ctx, NULL, 0, NULL, 0);
}

int
xnvme_nvm_write_zeroes(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba, uint16_t nlb)
{
	dev_open_check(ctx->dev);
	xnvme_prep_nvm(ctx, XNVME_SPEC_NVM_OPC_WRITE_ZEROES, nsid, slba, nlb);
	return xnvme_cmd_pass(ctx, NULL, 0, NULL, 0);
}

int
xnvme_nvm_scopy(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t sdlba,
		struct xnvme_spec_nvm_scopy_fmt_zero *ranges, uint8_t nr,
		enum xnvme_nvm_scopy_fmt copy_fmt)
{
	size_t nbytes = ((size_t)nr + 1) * sizeof(*ranges);

	dev_open_check(ctx->dev);
	STATIC_ASSERT(sizeof(*ranges) == 32, "Source Range Entries, descriptor format 0h");
	ctx->cmd.common.opcode = XNVME_SPEC_NVM_OPC_SCOPY;
	ctx->cmd.common.nsid = nsid;
	ctx->cmd.scopy.sdlba = sdlba;
	ctx->cmd.scopy.nr = nr;
	switch (copy_fmt) {
	case XNVME_NVM_SCOPY_FMT_ZERO:
		ctx->cmd.scopy.df = 0;
		break;
	case XNVME_NVM_SCOPY_FMT_SRCLEN:
	default:
		return err_set(-EINVAL, "descriptor format 0x%x of a copy is not supported; use "
			       "XNVME_NVM_SCOPY_FMT_ZERO", copy_fmt);
	}
	return xnvme_cmd_pass(ctx, ranges, nbytes, NULL, 0);
}

int
xnvme_nvm_dsm(struct xnvme_cmd_ctx *ctx, uint32_t nsid, struct xnvme_spec_dsm_range *dsm_range,
	      uint8_t nr, bool ad, bool idw, bool idr)
{
	STATIC_ASSERT(sizeof(*dsm_range) == 16, "Range Definition of Dataset Management");
	dev_open_check(ctx->dev);
	ctx->cmd.common.opcode = XNVME_SPEC_NVM_OPC_DATASET_MANAGEMENT;
	ctx->cmd.common.nsid = nsid;
	ctx->cmd.dsm.nr = nr;
	ctx->cmd.dsm.ad = ad;
	ctx->cmd.dsm.idw = idw;
	ctx->cmd.dsm.idr = idr;
	return xnvme_cmd_pass(ctx, dsm_range, ((size_t)nr + 1) * sizeof(*dsm_range), NULL, 0);
}

int
xnvme_nvm_mgmt_recv(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t mo, uint16_t mos,
		    void *dbuf, uint32_t dbuf_nbytes)
{
	dev_open_check(ctx->dev);
	ctx->cmd.common.opcode = XNVME_SPEC_NVM_OPC_IO_MGMT_RECV;
	ctx->cmd.common.nsid = nsid;
	ctx->cmd.mgmt.mgmt_recv.mo = mo;
	ctx->cmd.mgmt.mgmt_recv.mos = mos;
	ctx->cmd.mgmt.mgmt_recv.numd = dbuf_nbytes >= 4 ? dbuf_nbytes / 4 - 1 : 0;
	return xnvme_cmd_pass(ctx, dbuf, dbuf_nbytes, NULL, 0);
}

int
xnvme_nvm_mgmt_send(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t mo, uint16_t mos,
		    void *dbuf, uint32_t dbuf_nbytes)
{
	dev_open_check(ctx->dev);
	ctx->cmd.common.opcode = XNVME_SPEC_NVM_OPC_IO_MGMT_SEND;
	ctx->cmd.common.nsid = nsid;
	ctx->cmd.mgmt.mgmt_send.mo = mo;
	ctx->cmd.mgmt.mgmt_send.mos = mos;
	return xnvme_cmd_pass(ctx, dbuf, dbuf_nbytes, NULL, 0);
}
