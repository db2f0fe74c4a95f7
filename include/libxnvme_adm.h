/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Admin commands (NVMe Base 2.0, sections of the same titles).
 *
 * Each function sets the fields of the command that it has parameters for, keeps the caller's
 * values of the other fields, passes the command, blocks until it is complete, and returns what
 * xnvme_cmd_pass_admin() returns; an xnvme_prep function only sets the fields. Any thread. The
 * context is a synchronous one.
 *
 * @param dbuf Receives 4096 bytes
 * @param csi Command set identifier, enum xnvme_spec_csi
 * @param fid Feature Identifier, enum xnvme_spec_feat_id
 * @param lid Log Page Identifier, enum xnvme_spec_log_lpi
 * @param lsp Log Specific Field, 7 bits; 0: none
 * @param lpo_nbytes Byte offset in the log page, a multiple of four
 * @param rae 1: Retain Asynchronous Event, the log page stays armed
 * @param doper Directive Operation, of the directive type
 * @param dtype Directive Type
 * @param feat Value of the feature: dword 11
 * @param save 1: the value persists over power cycles and resets
 *
 * @return What xnvme_cmd_pass_admin() returns: 0, or -errno
 * @error EIO The device completed the command with an error, whose status is in ctx->cpl
 * @error EBADF The command changes data or settings, and the handle is read-only
 * @error ENOTSUP The path does not support the command
 * @error EACCES The user lacks the privilege
 */
#ifndef LIBXNVME_ADM_H
#define LIBXNVME_ADM_H

#include <libxnvme_cmd.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Identify, with all its fields
 *
 * For namespaces above 255 use the functions below.
 *
 * @param cns Controller or Namespace Structure, enum xnvme_spec_idfy_cns
 * @param cntid Controller Identifier, for the structures that need one
 * @param nsid Namespace identifier; 8 bits wide for compatibility
 * @param nvmsetid NVM Set Identifier; in newer revisions: CNS Specific Identifier
 * @param uuid UUID Index; 0: none
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
 * Set the fields of Get Log Page, without passing the command
 *
 * @param dbuf_nbytes Bytes to read; rounded up to a multiple of four: the buffer must have that
 *   many
 */
void xnvme_prep_adm_log(struct xnvme_cmd_ctx *ctx, uint8_t lid, uint8_t lsp, uint64_t lpo_nbytes,
			uint32_t nsid, uint8_t rae, uint32_t dbuf_nbytes);

/**
 * Get Log Page
 *
 * @param dbuf Receives `dbuf_nbytes` bytes of the log page
 * @error EINVAL `dbuf_nbytes` is 0, or `lpo_nbytes` is not a multiple of four
 * @error EIO The device completed the command with an error, whose status is in ctx->cpl
 * @error ENOTSUP The path does not support the command
 */
int xnvme_adm_log(struct xnvme_cmd_ctx *ctx, uint8_t lid, uint8_t lsp, uint64_t lpo_nbytes,
		  uint32_t nsid, uint8_t rae, void *dbuf, uint32_t dbuf_nbytes);

/**
 * Set the fields of Get Features, without passing the command
 *
 * @param sel Value to get, enum xnvme_spec_feat_sel: current, default, saved, or capabilities
 */
void xnvme_prep_adm_gfeat(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t fid, uint8_t sel);

/** Set the fields of Set Features, without passing the command */
void xnvme_prep_adm_sfeat(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t fid, uint32_t feat,
			  uint8_t save);

/**
 * Get Features
 *
 * The value is in ctx->cpl.cdw0, and in `dbuf` for a feature with a data structure.
 *
 * @param sel Value to get, enum xnvme_spec_feat_sel: current, default, saved, or capabilities
 * @param dbuf Receives the data structure; NULL for a feature without one
 */
int xnvme_adm_gfeat(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t fid, uint8_t sel,
		    void *dbuf, size_t dbuf_nbytes);

/**
 * Set Features
 *
 * @param dbuf The data structure; NULL for a feature without one
 */
int xnvme_adm_sfeat(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t fid, uint32_t feat,
		    uint8_t save, const void *dbuf, size_t dbuf_nbytes);

/**
 * Format NVM: destroys all data
 *
 * @param lbaf Format Index of the LBA format
 * @param zf Ignored
 * @param mset 1: metadata are part of an extended data block; 0: separate
 * @param ses Secure Erase Settings: 0 none, 1 user data, 2 cryptographic
 * @param pi Protection information type; 0: none
 * @param pil 1: protection information at the start of the metadata; 0: end
 */
int xnvme_adm_format(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t lbaf, uint8_t zf,
		     uint8_t mset, uint8_t ses, uint8_t pi, uint8_t pil);

/**
 * Start Sanitize: destroys all data
 *
 * It completes when the sanitize operation has started; the Sanitize Status log has the progress.
 *
 * @param sanact Sanitize Action: 1 exit failure mode, 2 block erase, 3 overwrite, 4 crypto erase
 * @param ause Allow Unrestricted Sanitize Exit
 * @param ovrpat Overwrite Pattern, 32 bits
 * @param owpass Overwrite Pass Count, 1 to 15; 0 means 16
 * @param oipbp Overwrite Invert Pattern Between Passes
 * @param nodas No-Deallocate After Sanitize
 */
int xnvme_nvm_sanitize(struct xnvme_cmd_ctx *ctx, uint8_t sanact, bool ause, uint32_t ovrpat,
		       uint8_t owpass, bool oipbp, bool nodas);

/**
 * Directive Send
 *
 * @param dspec Directive Specific field
 * @param val Dword 12 of the command
 */
int xnvme_adm_dir_send(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t doper, uint32_t dtype,
		       uint32_t dspec, uint32_t val);

/**
 * Directive Receive
 *
 * @param val Dword 12 of the command
 * @param dbuf Receives the return parameters; NULL with 0 bytes
 * @error EINVAL `dbuf_nbytes` is 1 to 3
 * @error EIO The device completed the command with an error, whose status is in ctx->cpl
 * @error ENOTSUP The path does not support the command
 */
int xnvme_adm_dir_recv(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t doper, uint32_t dtype,
		       uint32_t val, void *dbuf, size_t dbuf_nbytes);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_ADM_H */
