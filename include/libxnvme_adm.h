/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Admin commands (NVMe Base 2.0, sections of the same titles).
 *
 * Each function sets the fields of the command that it has parameters for, keeps the caller's
 * values of the other fields, passes the command, blocks until it is complete, and returns what
 * xnvme_cmd_pass_admin() returns; an xnvme_prep function only sets the fields. Any thread. The
 * context is a synchronous one.
 */
#ifndef LIBXNVME_ADM_H
#define LIBXNVME_ADM_H

#include <libxnvme_cmd.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Identify with all its fields; `dbuf` receives 4096 bytes. `nsid` is 8 bits wide for
 * compatibility: for greater ones use the functions below.
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
 * Sets the fields of Get Log Page for `dbuf_nbytes` bytes from byte offset `lpo_nbytes` on. The
 * length is rounded up to a multiple of four; the buffer must have that many bytes.
 */
void xnvme_prep_adm_log(struct xnvme_cmd_ctx *ctx, uint8_t lid, uint8_t lsp, uint64_t lpo_nbytes,
			uint32_t nsid, uint8_t rae, uint32_t dbuf_nbytes);

/** Get Log Page; -EINVAL when `dbuf_nbytes` is 0 or `lpo_nbytes` is not a multiple of four */
int xnvme_adm_log(struct xnvme_cmd_ctx *ctx, uint8_t lid, uint8_t lsp, uint64_t lpo_nbytes,
		  uint32_t nsid, uint8_t rae, void *dbuf, uint32_t dbuf_nbytes);

/** Sets the fields of Get Features */
void xnvme_prep_adm_gfeat(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t fid, uint8_t sel);

/** Sets the fields of Set Features */
void xnvme_prep_adm_sfeat(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t fid, uint32_t feat,
			  uint8_t save);

/**
 * Get Features; the value is in ctx->cpl.cdw0, and in `dbuf` for a feature with a data structure
 */
int xnvme_adm_gfeat(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t fid, uint8_t sel,
		    void *dbuf, size_t dbuf_nbytes);

/** Set Features to `feat`, with `dbuf` for a feature with a data structure */
int xnvme_adm_sfeat(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t fid, uint32_t feat,
		    uint8_t save, const void *dbuf, size_t dbuf_nbytes);

/** Format NVM: destroys all data. `zf` is ignored. */
int xnvme_adm_format(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t lbaf, uint8_t zf,
		     uint8_t mset, uint8_t ses, uint8_t pi, uint8_t pil);

/** Sanitize: starts it; the Sanitize Status log has the progress. Destroys all data. */
int xnvme_nvm_sanitize(struct xnvme_cmd_ctx *ctx, uint8_t sanact, bool ause, uint32_t ovrpat,
		       uint8_t owpass, bool oipbp, bool nodas);

/** Directive Send */
int xnvme_adm_dir_send(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t doper, uint32_t dtype,
		       uint32_t dspec, uint32_t val);

/** Directive Receive; -EINVAL when `dbuf_nbytes` is 1 to 3 */
int xnvme_adm_dir_recv(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t doper, uint32_t dtype,
		       uint32_t val, void *dbuf, size_t dbuf_nbytes);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_ADM_H */
