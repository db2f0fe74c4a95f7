/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Admin commands: fill the fields of the command as the standard lays them out, then pass it.
 * Section numbers are those of NVMe Base 2.0.
 */
#include <host/dev.h>
#include <host/err.h>

#include <base/assert.h>
#include <errno.h>
#include <string.h>


static void
prep_idfy(struct xnvme_cmd_ctx *ctx, uint8_t cns, uint32_t nsid, uint8_t csi)
{
	STATIC_ASSERT(sizeof(struct xnvme_spec_idfy) == 4096, "the bytes that the device writes");
	dev_open_check(ctx->dev);
	ctx->cmd.common.opcode = XNVME_SPEC_ADM_OPC_IDFY;
	ctx->cmd.common.nsid = nsid;
	ctx->cmd.idfy.cns = cns;
	ctx->cmd.idfy.csi = csi;
}

/* 5.17 */
int
xnvme_adm_idfy(struct xnvme_cmd_ctx *ctx, uint8_t cns, uint16_t cntid, uint8_t nsid,
	       uint16_t nvmsetid, uint8_t uuid, struct xnvme_spec_idfy *dbuf)
{
	prep_idfy(ctx, cns, nsid, 0);
	ctx->cmd.idfy.cntid = cntid;
	ctx->cmd.idfy.nvmsetid = nvmsetid;
	ctx->cmd.idfy.uuid = uuid & 0x7Fu;
	return xnvme_cmd_pass_admin(ctx, dbuf, sizeof(*dbuf), NULL, 0);
}

int
xnvme_adm_idfy_ctrlr(struct xnvme_cmd_ctx *ctx, struct xnvme_spec_idfy *dbuf)
{
	prep_idfy(ctx, XNVME_SPEC_IDFY_CTRLR, 0, 0);
	return xnvme_cmd_pass_admin(ctx, dbuf, sizeof(*dbuf), NULL, 0);
}

int
xnvme_adm_idfy_ctrlr_csi(struct xnvme_cmd_ctx *ctx, uint8_t csi, struct xnvme_spec_idfy *dbuf)
{
	prep_idfy(ctx, XNVME_SPEC_IDFY_CTRLR_IOCS, 0, csi);
	return xnvme_cmd_pass_admin(ctx, dbuf, sizeof(*dbuf), NULL, 0);
}

int
xnvme_adm_idfy_ns(struct xnvme_cmd_ctx *ctx, uint32_t nsid, struct xnvme_spec_idfy *dbuf)
{
	prep_idfy(ctx, XNVME_SPEC_IDFY_NS, nsid, 0);
	return xnvme_cmd_pass_admin(ctx, dbuf, sizeof(*dbuf), NULL, 0);
}

int
xnvme_adm_idfy_ns_csi(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t csi,
		      struct xnvme_spec_idfy *dbuf)
{
	prep_idfy(ctx, XNVME_SPEC_IDFY_NS_IOCS, nsid, csi);
	return xnvme_cmd_pass_admin(ctx, dbuf, sizeof(*dbuf), NULL, 0);
}

/* 5.16. The number of dwords is zeroes based; a length that is not a multiple of four rounds up. */
void
xnvme_prep_adm_log(struct xnvme_cmd_ctx *ctx, uint8_t lid, uint8_t lsp, uint64_t lpo_nbytes,
		   uint32_t nsid, uint8_t rae, uint32_t dbuf_nbytes)
{
	uint32_t numd = (uint32_t)(((uint64_t)dbuf_nbytes + 3) / 4) - 1;

	ctx->cmd.common.opcode = XNVME_SPEC_ADM_OPC_LOG;
	ctx->cmd.common.nsid = nsid;
	ctx->cmd.log.lid = lid;
	ctx->cmd.log.lsp = lsp & 0x7Fu;
	ctx->cmd.log.rae = rae & 1u;
	ctx->cmd.log.numdl = numd & 0xFFFFu;
	ctx->cmd.log.numdu = (uint16_t)(numd >> 16);
	ctx->cmd.log.lpol = (uint32_t)lpo_nbytes;
	ctx->cmd.log.lpou = (uint32_t)(lpo_nbytes >> 32);
}

/* For lengths that are not a multiple of four. The controller writes whole dwords, so the last one
 * would not fit in the caller's buffer. */
static int
log_by_dwords(struct xnvme_cmd_ctx *ctx, void *dbuf, uint32_t dbuf_nbytes)
{
	size_t nbytes = ((size_t)dbuf_nbytes + 3) & ~(size_t)3;
	void *buf = xnvme_buf_alloc(ctx->dev, nbytes);
	int err;

	ASSERT(dbuf && dbuf_nbytes % 4);
	if (!buf) {
		return -errno;
	}
	err = xnvme_cmd_pass_admin(ctx, buf, nbytes, NULL, 0);
	if (!err) {
		memcpy(dbuf, buf, dbuf_nbytes);
	}
	xnvme_buf_free(ctx->dev, buf);
	return err;
}

int
xnvme_adm_log(struct xnvme_cmd_ctx *ctx, uint8_t lid, uint8_t lsp, uint64_t lpo_nbytes,
	      uint32_t nsid, uint8_t rae, void *dbuf, uint32_t dbuf_nbytes)
{
	dev_open_check(ctx->dev);
	if (!dbuf_nbytes || lpo_nbytes & 3) {
		return err_set(-EINVAL, "a log page of %u bytes at offset %llu: the length must "
			       "not be zero and the offset a multiple of four", dbuf_nbytes,
			       (unsigned long long)lpo_nbytes);
	}
	xnvme_prep_adm_log(ctx, lid, lsp, lpo_nbytes, nsid, rae, dbuf_nbytes);
	return dbuf && dbuf_nbytes % 4 ? log_by_dwords(ctx, dbuf, dbuf_nbytes)
				       : xnvme_cmd_pass_admin(ctx, dbuf, dbuf_nbytes, NULL, 0);
}

/* 5.15 */
void
xnvme_prep_adm_gfeat(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t fid, uint8_t sel)
{
	ctx->cmd.common.opcode = XNVME_SPEC_ADM_OPC_GFEAT;
	ctx->cmd.common.nsid = nsid;
	ctx->cmd.gfeat.cdw10.fid = fid;
	ctx->cmd.gfeat.cdw10.sel = sel & 0x7u;
}

/* 5.27 */
void
xnvme_prep_adm_sfeat(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t fid, uint32_t feat,
		     uint8_t save)
{
	ctx->cmd.common.opcode = XNVME_SPEC_ADM_OPC_SFEAT;
	ctx->cmd.common.nsid = nsid;
	ctx->cmd.sfeat.cdw10.fid = fid;
	ctx->cmd.sfeat.cdw10.save = save & 1u;
	ctx->cmd.sfeat.feat.val = feat;
}

int
xnvme_adm_gfeat(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t fid, uint8_t sel, void *dbuf,
		size_t dbuf_nbytes)
{
	dev_open_check(ctx->dev);
	xnvme_prep_adm_gfeat(ctx, nsid, fid, sel);
	return xnvme_cmd_pass_admin(ctx, dbuf, dbuf_nbytes, NULL, 0);
}

int
xnvme_adm_sfeat(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t fid, uint32_t feat,
		uint8_t save, const void *dbuf, size_t dbuf_nbytes)
{
	dev_open_check(ctx->dev);
	xnvme_prep_adm_sfeat(ctx, nsid, fid, feat, save);
	return xnvme_cmd_pass_admin(ctx, (void *)(uintptr_t)dbuf, dbuf_nbytes, NULL, 0);
}

/* 5.14. The number of the format is split over two fields. The standard has no field for `zf` (zero
 * fill) now. */
int
xnvme_adm_format(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t lbaf, uint8_t zf,
		 uint8_t mset, uint8_t ses, uint8_t pi, uint8_t pil)
{
	(void)zf;
	dev_open_check(ctx->dev);
	ctx->cmd.common.opcode = XNVME_SPEC_ADM_OPC_FORMAT;
	ctx->cmd.common.nsid = nsid;
	ctx->cmd.format.lbafl = lbaf & 0xFu;
	ctx->cmd.format.lbafu = (lbaf >> 4) & 0x3u;
	ctx->cmd.format.mset = mset & 1u;
	ctx->cmd.format.ses = ses & 0x7u;
	ctx->cmd.format.pi = pi & 0x7u;
	ctx->cmd.format.pil = pil & 1u;
	return xnvme_cmd_pass_admin(ctx, NULL, 0, NULL, 0);
}

/* 5.24 */
int
xnvme_nvm_sanitize(struct xnvme_cmd_ctx *ctx, uint8_t sanact, bool ause, uint32_t ovrpat,
		   uint8_t owpass, bool oipbp, bool nodas)
{
	dev_open_check(ctx->dev);
	ctx->cmd.common.opcode = XNVME_SPEC_ADM_OPC_SANITIZE;
	ctx->cmd.sanitize.sanact = sanact & 0x7u;
	ctx->cmd.sanitize.ause = ause;
	ctx->cmd.sanitize.ovrpat = ovrpat;
	ctx->cmd.sanitize.owpass = owpass & 0xFu;
	ctx->cmd.sanitize.oipbp = oipbp;
	ctx->cmd.sanitize.nodas = nodas;
	return xnvme_cmd_pass_admin(ctx, NULL, 0, NULL, 0);
}

/* 5.9 */
int
xnvme_adm_dir_send(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t doper, uint32_t dtype,
		   uint32_t dspec, uint32_t val)
{
	dev_open_check(ctx->dev);
	ctx->cmd.common.opcode = XNVME_SPEC_ADM_OPC_DSEND;
	ctx->cmd.common.nsid = nsid;
	ctx->cmd.dsend.numd = 0;
	ctx->cmd.dsend.doper = doper;
	ctx->cmd.dsend.dtype = dtype & 0xFFu;
	ctx->cmd.dsend.dspec = dspec & 0xFFFFu;
	ctx->cmd.dsend.cdw12.val = val;
	return xnvme_cmd_pass_admin(ctx, NULL, 0, NULL, 0);
}

/* 5.8. The number of dwords is zeroes based. */
int
xnvme_adm_dir_recv(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t doper, uint32_t dtype,
		   uint32_t val, void *dbuf, size_t dbuf_nbytes)
{
	dev_open_check(ctx->dev);
	if (dbuf_nbytes && dbuf_nbytes < 4) { /* the controller writes at least a dword */
		return err_set(-EINVAL, "a directive receive into %zu bytes: give none, or 4 and "
			       "more", dbuf_nbytes);
	}
	ctx->cmd.common.opcode = XNVME_SPEC_ADM_OPC_DRECV;
	ctx->cmd.common.nsid = nsid;
	ctx->cmd.drecv.numd = dbuf_nbytes ? (uint32_t)(dbuf_nbytes / 4) - 1 : 0;
	ctx->cmd.drecv.doper = doper;
	ctx->cmd.drecv.dtype = dtype & 0xFFu;
	ctx->cmd.drecv.cdw12.val = val;
	ASSERT(!dbuf_nbytes || ((size_t)ctx->cmd.drecv.numd + 1) * 4 <= dbuf_nbytes);
	return xnvme_cmd_pass_admin(ctx, dbuf, dbuf_nbytes, NULL, 0);
}
