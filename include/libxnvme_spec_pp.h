/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Printers of the structures of the standard
 *
 * All print one YAML mapping, return how many bytes they printed or -EIO when the stream failed,
 * may block as the stream does, keep nothing, and may be called from any thread. A NULL structure
 * prints as `~`. `opts` is an enum xnvme_pr; every value gives the same text today.
 */
#ifndef LIBXNVME_SPEC_PP_H
#define LIBXNVME_SPEC_PP_H

#include <stdio.h>
#include <libxnvme_spec.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Print SMART / Health Information (02h) to `stream`; NVMe Base 2.0, Get Log Page */
int xnvme_spec_log_health_fpr(FILE *stream, const struct xnvme_spec_log_health_entry *log,
			      int opts);

/** Print SMART / Health Information (02h) to stdout; NVMe Base 2.0, Get Log Page */
int xnvme_spec_log_health_pr(const struct xnvme_spec_log_health_entry *log, int opts);

/** Print Sanitize Status (81h) to `stream`; NVMe Base 2.0, Get Log Page */
int xnvme_spec_log_sanitize_fpr(FILE *stream, const struct xnvme_spec_log_sanitize_entry *log,
				int opts);

/** Print Sanitize Status (81h) to stdout; NVMe Base 2.0, Get Log Page */
int xnvme_spec_log_sanitize_pr(const struct xnvme_spec_log_sanitize_entry *log, int opts);

/** Print `limit` entries of Error Information (01h) to `stream`; NVMe Base 2.0, Get Log Page */
int xnvme_spec_log_erri_fpr(FILE *stream, const struct xnvme_spec_log_erri_entry *log, int limit,
			    int opts);

/** Print `limit` entries of Error Information (01h) to stdout; NVMe Base 2.0, Get Log Page */
int xnvme_spec_log_erri_pr(const struct xnvme_spec_log_erri_entry *log, int limit, int opts);

/** Print FDP Configurations (20h) to stdout; `log` has at least log->size bytes; TP4146 */
int xnvme_spec_log_fdp_conf_pr(const struct xnvme_spec_log_fdp_conf *log, int opts);

/** Print FDP Statistics (22h) to stdout; TP4146 */
int xnvme_spec_log_fdp_stats_pr(const struct xnvme_spec_log_fdp_stats *log, int opts);

/** Print `limit` entries of FDP Events (23h) to stdout; `log` has room for as many; TP4146 */
int xnvme_spec_log_fdp_events_pr(const struct xnvme_spec_log_fdp_events *log, int limit, int opts);

/** Print at most `limit` entries of Reclaim Unit Handle Usage (21h) to stdout; TP4146 */
int xnvme_spec_log_ruhu_pr(const struct xnvme_spec_log_ruhu *log, int limit, int opts);

/** Print at most `limit` entries of Reclaim Unit Handle Status to stdout; TP4146 */
int xnvme_spec_ruhs_pr(const struct xnvme_spec_ruhs *ruhs, int limit, int opts);

/** Print Identify Namespace to `stream`; NVM Command Set 1.0, Identify */
int xnvme_spec_idfy_ns_fpr(FILE *stream, const struct xnvme_spec_idfy_ns *idfy, int opts);

/** Print Identify Namespace to stdout; NVM Command Set 1.0, Identify */
int xnvme_spec_idfy_ns_pr(const struct xnvme_spec_idfy_ns *idfy, int opts);

/** Print Identify Controller to `stream`; NVMe Base 2.0, Identify */
int xnvme_spec_idfy_ctrlr_fpr(FILE *stream, const struct xnvme_spec_idfy_ctrlr *idfy, int opts);

/** Print Identify Controller to stdout; NVMe Base 2.0, Identify */
int xnvme_spec_idfy_ctrlr_pr(const struct xnvme_spec_idfy_ctrlr *idfy, int opts);

/**
 * Print the combinations of I/O command sets that are not empty to `stream`; NVMe Base 2.0,
 * Identify
 */
int xnvme_spec_idfy_cs_fpr(FILE *stream, const struct xnvme_spec_idfy_cs *idfy, int opts);

/**
 * Print the combinations of I/O command sets that are not empty to stdout; NVMe Base 2.0,
 * Identify
 */
int xnvme_spec_idfy_cs_pr(const struct xnvme_spec_idfy_cs *idfy, int opts);

/**
 * Print the value of feature `fid`; one that is not known prints as a number to `stream`; NVMe
 * Base 2.0, Set Features
 */
int xnvme_spec_feat_fpr(FILE *stream, uint8_t fid, struct xnvme_spec_feat feat, int opts);

/**
 * Print the value of feature `fid`; one that is not known prints as a number to stdout; NVMe Base
 * 2.0, Set Features
 */
int xnvme_spec_feat_pr(uint8_t fid, struct xnvme_spec_feat feat, int opts);

/** Print the supported FDP events to stdout; `buf` holds as many as `feat` says; TP4146 */
int xnvme_spec_feat_fdp_events_pr(void *buf, struct xnvme_spec_feat feat, int opts);

/** Print a command, sixteen dwords in binary to `stream`; NVMe Base 2.0, Submission Queue Entry */
int xnvme_spec_cmd_fpr(FILE *stream, struct xnvme_spec_cmd *cmd, int opts);

/** Print a command, sixteen dwords in binary to stdout; NVMe Base 2.0, Submission Queue Entry */
int xnvme_spec_cmd_pr(struct xnvme_spec_cmd *cmd, int opts);

/**
 * Print Return Parameters of the Identify directive to stdout; NVMe Base 2.0, Identify Directive
 */
int xnvme_spec_drecv_idfy_pr(struct xnvme_spec_idfy_dir_rp *idfy, int opts);

/** Print Return Parameters of the Streams directive to stdout; NVMe Base 2.0, Streams Directive */
int xnvme_spec_drecv_srp_pr(struct xnvme_spec_streams_dir_rp *srp, int opts);

/**
 * Print Get Status of the Streams directive; `sgs` holds sgs->open_sc identifiers to stdout; NVMe
 * Base 2.0, Streams Directive
 */
int xnvme_spec_drecv_sgs_pr(struct xnvme_spec_streams_dir_gs *sgs, int opts);

/**
 * Print the result of Allocate Resources of the Streams directive to stdout; NVMe Base 2.0,
 * Streams Directive
 */
int xnvme_spec_drecv_sar_pr(struct xnvme_spec_alloc_resource sar, int opts);

/** Print a source range of Copy to `stream`; NVM Command Set 1.0, Copy */
int xnvme_spec_nvm_scopy_fmt_zero_fpr(FILE *stream,
				      const struct xnvme_spec_nvm_scopy_fmt_zero *entry, int opts);

/** Print a source range of Copy to stdout; NVM Command Set 1.0, Copy */
int xnvme_spec_nvm_scopy_fmt_zero_pr(const struct xnvme_spec_nvm_scopy_fmt_zero *entry, int opts);

/** Print `nr` + 1 source ranges of Copy to `stream`; NVM Command Set 1.0, Copy */
int xnvme_spec_nvm_scopy_source_range_fpr(FILE *stream,
					  const struct xnvme_spec_nvm_scopy_source_range *srange,
					  uint8_t nr, int opts);

/** Print `nr` + 1 source ranges of Copy to stdout; NVM Command Set 1.0, Copy */
int xnvme_spec_nvm_scopy_source_range_pr(const struct xnvme_spec_nvm_scopy_source_range *srange,
					 uint8_t nr, int opts);

/** Print Identify Controller of the NVM command set to `stream`; NVM Command Set 1.0, Identify */
int xnvme_spec_nvm_idfy_ctrlr_fpr(FILE *stream, struct xnvme_spec_nvm_idfy_ctrlr *idfy, int opts);

/** Print Identify Controller of the NVM command set to stdout; NVM Command Set 1.0, Identify */
int xnvme_spec_nvm_idfy_ctrlr_pr(struct xnvme_spec_nvm_idfy_ctrlr *idfy, int opts);

/** Print Identify Namespace of the NVM command set to `stream`; NVM Command Set 1.0, Identify */
int xnvme_spec_nvm_idfy_ns_fpr(FILE *stream, struct xnvme_spec_nvm_idfy_ns *idfy, int opts);

/** Print Identify Namespace of the NVM command set to stdout; NVM Command Set 1.0, Identify */
int xnvme_spec_nvm_idfy_ns_pr(struct xnvme_spec_nvm_idfy_ns *idfy, int opts);

/**
 * Print Identify Controller of the Zoned Namespace command set to `stream`; ZNS Command Set 1.1,
 * Identify
 */
int xnvme_spec_znd_idfy_ctrlr_fpr(FILE *stream, struct xnvme_spec_znd_idfy_ctrlr *zctrlr, int opts);

/**
 * Print Identify Controller of the Zoned Namespace command set to stdout; ZNS Command Set 1.1,
 * Identify
 */
int xnvme_spec_znd_idfy_ctrlr_pr(struct xnvme_spec_znd_idfy_ctrlr *zctrlr, int opts);

/** Print an LBA format extension, as one line to `stream`; ZNS Command Set 1.1, Identify */
int xnvme_spec_znd_idfy_lbafe_fpr(FILE *stream, struct xnvme_spec_znd_idfy_lbafe *zonef, int opts);

/**
 * Print Identify Namespace of the Zoned Namespace command set to `stream`; ZNS Command Set 1.1,
 * Identify
 */
int xnvme_spec_znd_idfy_ns_fpr(FILE *stream, struct xnvme_spec_znd_idfy_ns *zns, int opts);

/**
 * Print Identify Namespace of the Zoned Namespace command set to stdout; ZNS Command Set 1.1,
 * Identify
 */
int xnvme_spec_znd_idfy_ns_pr(struct xnvme_spec_znd_idfy_ns *zns, int opts);

/** Print the Changed Zone List (BFh) to `stream`; ZNS Command Set 1.1, Get Log Page */
int xnvme_spec_znd_log_changes_fpr(FILE *stream, const struct xnvme_spec_znd_log_changes *changes,
				   int opts);

/** Print the Changed Zone List (BFh) to stdout; ZNS Command Set 1.1, Get Log Page */
int xnvme_spec_znd_log_changes_pr(const struct xnvme_spec_znd_log_changes *changes, int opts);

/** Print a zone descriptor to `stream`; ZNS Command Set 1.1, Zone Management Receive */
int xnvme_spec_znd_descr_fpr(FILE *stream, const struct xnvme_spec_znd_descr *descr, int opts);

/** Print a zone descriptor to stdout; ZNS Command Set 1.1, Zone Management Receive */
int xnvme_spec_znd_descr_pr(const struct xnvme_spec_znd_descr *descr, int opts);

/** Print the header of Report Zones to `stream`; ZNS Command Set 1.1, Zone Management Receive */
int xnvme_spec_znd_report_hdr_fpr(FILE *stream, const struct xnvme_spec_znd_report_hdr *hdr,
				  int opts);

/** Print the header of Report Zones to stdout; ZNS Command Set 1.1, Zone Management Receive */
int xnvme_spec_znd_report_hdr_pr(const struct xnvme_spec_znd_report_hdr *hdr, int opts);

/**
 * Print the fields of a zone descriptor, each `indent` blanks deep, `sep` between them; ZNS Command
 * Set 1.1, Zone Management Receive
 */
int xnvme_spec_znd_descr_fpr_yaml(FILE *stream, const struct xnvme_spec_znd_descr *descr,
				  int indent, const char *sep);

/**
 * Print Identify Namespace of the Key Value command set to `stream`; KV Command Set 1.0, Identify
 */
int xnvme_spec_kvs_idfy_ns_fpr(FILE *stream, const struct xnvme_spec_kvs_idfy_ns *idfy, int opts);

/** Print Identify Namespace of the Key Value command set to stdout; KV Command Set 1.0, Identify */
int xnvme_spec_kvs_idfy_ns_pr(const struct xnvme_spec_kvs_idfy_ns *idfy, int opts);

/**
 * A status in the words of the standard, such as "Invalid Field in Command"; NVMe Base 2.0,
 * Status Field
 *
 * `eval` is SCT << 8 | SC; flags above are ignored. Never NULL: "Vendor Specific" or "Unknown
 * Status" for what has no name. Values that Fabrics commands use otherwise have their meaning in
 * the NVM command set. Static text. Does not block; any thread.
 */
const char *xnvme_spec_sc_str(enum xnvme_spec_sc eval);

/**
 * Name of a value: that of the constant without XNVME_SPEC_; "ENOSYS" when it has none
 *
 * Static text. The same for every function that follows and ends in _str.
 */
const char *xnvme_spec_adm_opc_str(enum xnvme_spec_adm_opc eval);

const char *xnvme_spec_csi_str(enum xnvme_spec_csi eval);

const char *xnvme_spec_feat_id_str(enum xnvme_spec_feat_id eval);

const char *xnvme_spec_feat_sel_str(enum xnvme_spec_feat_sel eval);

const char *xnvme_spec_flag_str(enum xnvme_spec_flag eval);

const char *xnvme_spec_idfy_cns_str(enum xnvme_spec_idfy_cns eval);

const char *xnvme_spec_log_lpi_str(enum xnvme_spec_log_lpi eval);

const char *xnvme_spec_znd_log_lid_str(enum xnvme_spec_znd_log_lid eval);

const char *xnvme_spec_nvm_cmd_cpl_sc_str(enum xnvme_spec_nvm_cmd_cpl_sc eval);

const char *xnvme_spec_nvm_opc_str(enum xnvme_spec_nvm_opc eval);

const char *xnvme_spec_psdt_str(enum xnvme_spec_psdt eval);

const char *xnvme_spec_sgl_descriptor_subtype_str(enum xnvme_spec_sgl_descriptor_subtype eval);

const char *xnvme_spec_znd_cmd_mgmt_recv_action_str(enum xnvme_spec_znd_cmd_mgmt_recv_action eval);

const char *xnvme_spec_znd_cmd_mgmt_recv_action_sf_str(
	enum xnvme_spec_znd_cmd_mgmt_recv_action_sf eval);

const char *xnvme_spec_znd_cmd_mgmt_send_action_str(enum xnvme_spec_znd_cmd_mgmt_send_action eval);

const char *xnvme_spec_znd_opc_str(enum xnvme_spec_znd_opc eval);

const char *xnvme_spec_znd_mgmt_send_action_so_str(enum xnvme_spec_znd_mgmt_send_action_so eval);

const char *xnvme_spec_znd_status_code_str(enum xnvme_spec_znd_status_code eval);

const char *xnvme_spec_znd_state_str(enum xnvme_spec_znd_state eval);

const char *xnvme_spec_znd_type_str(enum xnvme_spec_znd_type eval);

/** Print the controller properties to `stream`; NVMe Base 2.0, Controller Properties */
int xnvme_spec_ctrlr_bar_fpr(FILE *stream, struct xnvme_spec_ctrlr_bar *bar, int opts);

/**
 * Print the controller properties and the fields of CAP, CC and CSTS to stdout; NVMe Base 2.0,
 * Controller Properties
 */
int xnvme_spec_ctrlr_bar_pp(struct xnvme_spec_ctrlr_bar *bar, int opts);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_SPEC_PP_H */
