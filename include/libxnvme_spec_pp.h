/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Print functions of the structures of the standard
 *
 * Each prints one YAML mapping and returns the number of bytes printed, or -EIO when the stream
 * fails. It blocks if the stream does and keeps no reference to its arguments. Any thread. A NULL
 * structure prints as `~`. `opts` is of enum xnvme_pr; all values select the same text today.
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

/** Print `limit` entries of FDP Events (23h) to stdout; `log` has at least `limit`; TP4146 */
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

/** Print the non-empty combinations of I/O command sets to `stream`; NVMe Base 2.0, Identify */
int xnvme_spec_idfy_cs_fpr(FILE *stream, const struct xnvme_spec_idfy_cs *idfy, int opts);

/** Print the non-empty combinations of I/O command sets to stdout; NVMe Base 2.0, Identify */
int xnvme_spec_idfy_cs_pr(const struct xnvme_spec_idfy_cs *idfy, int opts);

/**
 * Print the value of feature `fid` to `stream`, as a number if the feature is unknown; NVMe Base
 * 2.0, Set Features
 */
int xnvme_spec_feat_fpr(FILE *stream, uint8_t fid, struct xnvme_spec_feat feat, int opts);

/**
 * Print the value of feature `fid` to stdout, as a number if the feature is unknown; NVMe Base
 * 2.0, Set Features
 */
int xnvme_spec_feat_pr(uint8_t fid, struct xnvme_spec_feat feat, int opts);

/** Print the supported FDP events to stdout; `feat` has the number of events in `buf`; TP4146 */
int xnvme_spec_feat_fdp_events_pr(void *buf, struct xnvme_spec_feat feat, int opts);

/** Print a command to `stream`, as 16 dwords in binary; NVMe Base 2.0, Submission Queue Entry */
int xnvme_spec_cmd_fpr(FILE *stream, struct xnvme_spec_cmd *cmd, int opts);

/** Print a command to stdout, as 16 dwords in binary; NVMe Base 2.0, Submission Queue Entry */
int xnvme_spec_cmd_pr(struct xnvme_spec_cmd *cmd, int opts);

/**
 * Print Return Parameters of the Identify directive to stdout; NVMe Base 2.0, Identify Directive
 */
int xnvme_spec_drecv_idfy_pr(struct xnvme_spec_idfy_dir_rp *idfy, int opts);

/** Print Return Parameters of the Streams directive to stdout; NVMe Base 2.0, Streams Directive */
int xnvme_spec_drecv_srp_pr(struct xnvme_spec_streams_dir_rp *srp, int opts);

/**
 * Print Get Status of the Streams directive to stdout; `sgs` has sgs->open_sc identifiers; NVMe
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

/** Print an LBA format extension to `stream`, as one line; ZNS Command Set 1.1, Identify */
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
 * Print the fields of a zone descriptor, indented by `indent` blanks, separated by `sep`; ZNS
 * Command Set 1.1, Zone Management Receive
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
 * Get the standard's name of a status, such as "Invalid Field in Command"; NVMe Base 2.0, Status
 * Field
 *
 * `eval` is SCT << 8 | SC; higher bits are ignored. Never NULL: "Vendor Specific" or "Unknown
 * Status" for values without a name. Values with one meaning in the NVM command set and another for
 * Fabrics commands have the name of the NVM command set. Static text. Does not block; any thread.
 */
const char *xnvme_spec_sc_str(enum xnvme_spec_sc eval);

/**
 * Get the name of a value: the constant's without XNVME_SPEC_; "ENOSYS" for values without one
 *
 * Static text. This applies to all functions below whose names end in _str.
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
