/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Admin commands, each filled in and passed (NVMe Base 2.0, in sections of these names).
 *
 * All but the xnvme_prep ones block until the command is complete; any thread. They return what
 * xnvme_cmd_pass_admin() returns. The context is a synchronous one. Fields that a function does
 * not name keep what the caller put there.
 */
#ifndef LIBXNVME_ADM_H
#define LIBXNVME_ADM_H

#include <libxnvme_cmd.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Identify (5.17) with all its fields; `nsid` is 8 bits wide for compatibility: for greater ones
 * use the functions below. Fills 4096 bytes.
 */
int xnvme_adm_idfy(struct xnvme_cmd_ctx *ctx, uint8_t cns, uint16_t cntid, uint8_t nsid,
		   uint16_t nvmsetid, uint8_t uuid, struct xnvme_spec_idfy *dbuf);

/** Identify Controller (CNS 01h) */
int xnvme_adm_idfy_ctrlr(struct xnvme_cmd_ctx *ctx, struct xnvme_spec_idfy *dbuf);

/** Identify Controller of command set `csi` (CNS 06h) */
int xnvme_adm_idfy_ctrlr_csi(struct xnvme_cmd_ctx *ctx, uint8_t csi,
			     struct xnvme_spec_idfy *dbuf);

/** Identify Namespace (NVM Command Set 1.0, Identify) */
int xnvme_adm_idfy_ns(struct xnvme_cmd_ctx *ctx, uint32_t nsid, struct xnvme_spec_idfy *dbuf);

/** Identify Namespace of command set `csi` (CNS 05h) */
int xnvme_adm_idfy_ns_csi(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t csi,
			  struct xnvme_spec_idfy *dbuf);

/**
 * Fills in Get Log Page (5.16): `dbuf_nbytes` bytes from byte `lpo_nbytes` on; a length that is no
 * multiple of four rounds up, and the buffer must have room for that
 */
void xnvme_prep_adm_log(struct xnvme_cmd_ctx *ctx, uint8_t lid, uint8_t lsp, uint64_t lpo_nbytes,
			uint32_t nsid, uint8_t rae, uint32_t dbuf_nbytes);

/** Get Log Page (5.16); -EINVAL for no bytes or an offset that is no multiple of four */
int xnvme_adm_log(struct xnvme_cmd_ctx *ctx, uint8_t lid, uint8_t lsp, uint64_t lpo_nbytes,
		  uint32_t nsid, uint8_t rae, void *dbuf, uint32_t dbuf_nbytes);

/** Fills in Get Features (5.15) */
void xnvme_prep_adm_gfeat(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t fid, uint8_t sel);

/** Fills in Set Features (5.27) */
void xnvme_prep_adm_sfeat(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t fid, uint32_t feat,
			  uint8_t save);

/**
 * Get Features (5.15); the value is in ctx->cpl.cdw0, a structure in `dbuf` where the feature
 * has one
 */
int xnvme_adm_gfeat(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t fid, uint8_t sel,
		    void *dbuf, size_t dbuf_nbytes);

/** Set Features (5.27) to `feat`, with a structure in `dbuf` where the feature has one */
int xnvme_adm_sfeat(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t fid, uint32_t feat,
		    uint8_t save, const void *dbuf, size_t dbuf_nbytes);

/** Format NVM (5.14): all data are lost. `zf` is not looked at. */
int xnvme_adm_format(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t lbaf, uint8_t zf,
		     uint8_t mset, uint8_t ses, uint8_t pi, uint8_t pil);

/** Sanitize (5.24): begins it; the sanitize log tells how far it is. All data are lost. */
int xnvme_nvm_sanitize(struct xnvme_cmd_ctx *ctx, uint8_t sanact, bool ause, uint32_t ovrpat,
		       uint8_t owpass, bool oipbp, bool nodas);

/** Directive Send (5.9) */
int xnvme_adm_dir_send(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t doper, uint32_t dtype,
		       uint32_t dspec, uint32_t val);

/** Directive Receive (5.8); -EINVAL for a buffer of 1 to 3 bytes */
int xnvme_adm_dir_recv(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t doper, uint32_t dtype,
		       uint32_t val, void *dbuf, size_t dbuf_nbytes);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_ADM_H */
