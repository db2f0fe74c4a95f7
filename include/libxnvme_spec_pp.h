/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Print functions of the structures of the standard
 *
 * Each prints one YAML mapping. A NULL structure prints as `~`.
 *
 * @param stream Where to print; the function blocks if the stream does
 * @param opts Output format, a value of enum xnvme_pr; all values select the same text today
 * @param limit Number of entries to print
 * @param log The log page; NULL prints as `~`
 * @param idfy The data; NULL prints as `~`
 * @param eval The value
 * @param feat Value of the feature
 *
 * @return The number of bytes printed, or -EIO when the stream fails
 *
 * @note Any thread; no reference to the arguments is kept.
 */
#ifndef LIBXNVME_SPEC_PP_H
#define LIBXNVME_SPEC_PP_H

#include <stdio.h>
#include <libxnvme_spec.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Print SMART / Health Information (02h); NVMe Base 2.0, Get Log Page */
int xnvme_spec_log_health_fpr(FILE *stream, const struct xnvme_spec_log_health_entry *log,
			      int opts);

/** As xnvme_spec_log_health_fpr(), to stdout */
int xnvme_spec_log_health_pr(const struct xnvme_spec_log_health_entry *log, int opts);

/** Print Sanitize Status (81h); NVMe Base 2.0, Get Log Page */
int xnvme_spec_log_sanitize_fpr(FILE *stream, const struct xnvme_spec_log_sanitize_entry *log,
				int opts);

/** As xnvme_spec_log_sanitize_fpr(), to stdout */
int xnvme_spec_log_sanitize_pr(const struct xnvme_spec_log_sanitize_entry *log, int opts);

/**
 * Print entries of Error Information (01h); NVMe Base 2.0, Get Log Page
 *
 * @param log At least `limit` entries; NULL prints as `~`
 */
int xnvme_spec_log_erri_fpr(FILE *stream, const struct xnvme_spec_log_erri_entry *log, int limit,
			    int opts);

/** As xnvme_spec_log_erri_fpr(), to stdout */
int xnvme_spec_log_erri_pr(const struct xnvme_spec_log_erri_entry *log, int limit, int opts);

/**
 * Print FDP Configurations (20h) to stdout; TP4146
 *
 * @param log The log page, of log->size bytes; NULL prints as `~`
 */
int xnvme_spec_log_fdp_conf_pr(const struct xnvme_spec_log_fdp_conf *log, int opts);

/** Print FDP Statistics (22h) to stdout; TP4146 */
int xnvme_spec_log_fdp_stats_pr(const struct xnvme_spec_log_fdp_stats *log, int opts);

/**
 * Print entries of FDP Events (23h) to stdout; TP4146
 *
 * @param log The log page, with at least `limit` entries; NULL prints as `~`
 */
int xnvme_spec_log_fdp_events_pr(const struct xnvme_spec_log_fdp_events *log, int limit, int opts);

/**
 * Print entries of Reclaim Unit Handle Usage (21h) to stdout; TP4146
 *
 * @param limit Maximum number of entries to print
 */
int xnvme_spec_log_ruhu_pr(const struct xnvme_spec_log_ruhu *log, int limit, int opts);

/**
 * Print entries of Reclaim Unit Handle Status to stdout; TP4146
 *
 * @param ruhs The status; NULL prints as `~`
 * @param limit Maximum number of entries to print
 */
int xnvme_spec_ruhs_pr(const struct xnvme_spec_ruhs *ruhs, int limit, int opts);

/** Print Identify Namespace; NVM Command Set 1.0, Identify */
int xnvme_spec_idfy_ns_fpr(FILE *stream, const struct xnvme_spec_idfy_ns *idfy, int opts);

/** As xnvme_spec_idfy_ns_fpr(), to stdout */
int xnvme_spec_idfy_ns_pr(const struct xnvme_spec_idfy_ns *idfy, int opts);

/** Print Identify Controller; NVMe Base 2.0, Identify */
int xnvme_spec_idfy_ctrlr_fpr(FILE *stream, const struct xnvme_spec_idfy_ctrlr *idfy, int opts);

/** As xnvme_spec_idfy_ctrlr_fpr(), to stdout */
int xnvme_spec_idfy_ctrlr_pr(const struct xnvme_spec_idfy_ctrlr *idfy, int opts);

/** Print the non-empty combinations of I/O command sets; NVMe Base 2.0, Identify */
int xnvme_spec_idfy_cs_fpr(FILE *stream, const struct xnvme_spec_idfy_cs *idfy, int opts);

/** As xnvme_spec_idfy_cs_fpr(), to stdout */
int xnvme_spec_idfy_cs_pr(const struct xnvme_spec_idfy_cs *idfy, int opts);

/**
 * Print the value of a feature, as a number if the feature is unknown; NVMe Base 2.0, Set Features
 *
 * @param fid Feature Identifier
 */
int xnvme_spec_feat_fpr(FILE *stream, uint8_t fid, struct xnvme_spec_feat feat, int opts);

/** As xnvme_spec_feat_fpr(), to stdout */
int xnvme_spec_feat_pr(uint8_t fid, struct xnvme_spec_feat feat, int opts);

/**
 * Print the supported FDP events to stdout; TP4146
 *
 * @param buf The events
 * @param feat Value of the feature, with the number of events in `buf`
 */
int xnvme_spec_feat_fdp_events_pr(void *buf, struct xnvme_spec_feat feat, int opts);

/**
 * Print a command, as 16 dwords in binary; NVMe Base 2.0, Submission Queue Entry
 *
 * @param cmd The command; NULL prints as `~`
 */
int xnvme_spec_cmd_fpr(FILE *stream, struct xnvme_spec_cmd *cmd, int opts);

/** As xnvme_spec_cmd_fpr(), to stdout */
int xnvme_spec_cmd_pr(struct xnvme_spec_cmd *cmd, int opts);

/**
 * Print Return Parameters of the Identify directive to stdout; NVMe Base 2.0, Identify Directive
 */
int xnvme_spec_drecv_idfy_pr(struct xnvme_spec_idfy_dir_rp *idfy, int opts);

/**
 * Print Return Parameters of the Streams directive to stdout; NVMe Base 2.0, Streams Directive
 *
 * @param srp The return parameters; NULL prints as `~`
 */
int xnvme_spec_drecv_srp_pr(struct xnvme_spec_streams_dir_rp *srp, int opts);

/**
 * Print Get Status of the Streams directive to stdout; NVMe Base 2.0, Streams Directive
 *
 * @param sgs The status, with sgs->open_sc identifiers; NULL prints as `~`
 */
int xnvme_spec_drecv_sgs_pr(struct xnvme_spec_streams_dir_gs *sgs, int opts);

/**
 * Print the result of Allocate Resources of the Streams directive to stdout; NVMe Base 2.0, Streams
 * Directive
 *
 * @param sar Dword 0 of the completion
 */
int xnvme_spec_drecv_sar_pr(struct xnvme_spec_alloc_resource sar, int opts);

/**
 * Print a source range of Copy; NVM Command Set 1.0, Copy
 *
 * @param entry The source range; NULL prints as `~`
 */
int xnvme_spec_nvm_scopy_fmt_zero_fpr(FILE *stream,
				      const struct xnvme_spec_nvm_scopy_fmt_zero *entry, int opts);

/** As xnvme_spec_nvm_scopy_fmt_zero_fpr(), to stdout */
int xnvme_spec_nvm_scopy_fmt_zero_pr(const struct xnvme_spec_nvm_scopy_fmt_zero *entry, int opts);

/**
 * Print source ranges of Copy; NVM Command Set 1.0, Copy
 *
 * @param srange The source ranges; NULL prints as `~`
 * @param nr Number of ranges, 0's based: 0 means one
 */
int xnvme_spec_nvm_scopy_source_range_fpr(FILE *stream,
					  const struct xnvme_spec_nvm_scopy_source_range *srange,
					  uint8_t nr, int opts);

/** As xnvme_spec_nvm_scopy_source_range_fpr(), to stdout */
int xnvme_spec_nvm_scopy_source_range_pr(const struct xnvme_spec_nvm_scopy_source_range *srange,
					 uint8_t nr, int opts);

/** Print Identify Controller of the NVM command set; NVM Command Set 1.0, Identify */
int xnvme_spec_nvm_idfy_ctrlr_fpr(FILE *stream, struct xnvme_spec_nvm_idfy_ctrlr *idfy, int opts);

/** As xnvme_spec_nvm_idfy_ctrlr_fpr(), to stdout */
int xnvme_spec_nvm_idfy_ctrlr_pr(struct xnvme_spec_nvm_idfy_ctrlr *idfy, int opts);

/** Print Identify Namespace of the NVM command set; NVM Command Set 1.0, Identify */
int xnvme_spec_nvm_idfy_ns_fpr(FILE *stream, struct xnvme_spec_nvm_idfy_ns *idfy, int opts);

/** As xnvme_spec_nvm_idfy_ns_fpr(), to stdout */
int xnvme_spec_nvm_idfy_ns_pr(struct xnvme_spec_nvm_idfy_ns *idfy, int opts);

/**
 * Print Identify Controller of the Zoned Namespace command set; ZNS Command Set 1.1, Identify
 *
 * @param zctrlr The data; NULL prints as `~`
 */
int xnvme_spec_znd_idfy_ctrlr_fpr(FILE *stream, struct xnvme_spec_znd_idfy_ctrlr *zctrlr, int opts);

/** As xnvme_spec_znd_idfy_ctrlr_fpr(), to stdout */
int xnvme_spec_znd_idfy_ctrlr_pr(struct xnvme_spec_znd_idfy_ctrlr *zctrlr, int opts);

/**
 * Print an LBA format extension, as one line; ZNS Command Set 1.1, Identify
 *
 * @param zonef The format extension; NULL prints as `~`
 */
int xnvme_spec_znd_idfy_lbafe_fpr(FILE *stream, struct xnvme_spec_znd_idfy_lbafe *zonef, int opts);

/**
 * Print Identify Namespace of the Zoned Namespace command set; ZNS Command Set 1.1, Identify
 *
 * @param zns The data; NULL prints as `~`
 */
int xnvme_spec_znd_idfy_ns_fpr(FILE *stream, struct xnvme_spec_znd_idfy_ns *zns, int opts);

/** As xnvme_spec_znd_idfy_ns_fpr(), to stdout */
int xnvme_spec_znd_idfy_ns_pr(struct xnvme_spec_znd_idfy_ns *zns, int opts);

/**
 * Print the Changed Zone List (BFh); ZNS Command Set 1.1, Get Log Page
 *
 * @param changes The log page; NULL prints as `~`
 */
int xnvme_spec_znd_log_changes_fpr(FILE *stream, const struct xnvme_spec_znd_log_changes *changes,
				   int opts);

/** As xnvme_spec_znd_log_changes_fpr(), to stdout */
int xnvme_spec_znd_log_changes_pr(const struct xnvme_spec_znd_log_changes *changes, int opts);

/**
 * Print a zone descriptor; ZNS Command Set 1.1, Zone Management Receive
 *
 * @param descr The zone descriptor; NULL prints as `~`
 */
int xnvme_spec_znd_descr_fpr(FILE *stream, const struct xnvme_spec_znd_descr *descr, int opts);

/** As xnvme_spec_znd_descr_fpr(), to stdout */
int xnvme_spec_znd_descr_pr(const struct xnvme_spec_znd_descr *descr, int opts);

/**
 * Print the header of Report Zones; ZNS Command Set 1.1, Zone Management Receive
 *
 * @param hdr The header; NULL prints as `~`
 */
int xnvme_spec_znd_report_hdr_fpr(FILE *stream, const struct xnvme_spec_znd_report_hdr *hdr,
				  int opts);

/** As xnvme_spec_znd_report_hdr_fpr(), to stdout */
int xnvme_spec_znd_report_hdr_pr(const struct xnvme_spec_znd_report_hdr *hdr, int opts);

/**
 * Print the fields of a zone descriptor; ZNS Command Set 1.1, Zone Management Receive
 *
 * @param descr The zone descriptor
 * @param indent Blanks before each field
 * @param sep Text between fields
 */
int xnvme_spec_znd_descr_fpr_yaml(FILE *stream, const struct xnvme_spec_znd_descr *descr,
				  int indent, const char *sep);

/** Print Identify Namespace of the Key Value command set; KV Command Set 1.0, Identify */
int xnvme_spec_kvs_idfy_ns_fpr(FILE *stream, const struct xnvme_spec_kvs_idfy_ns *idfy, int opts);

/** As xnvme_spec_kvs_idfy_ns_fpr(), to stdout */
int xnvme_spec_kvs_idfy_ns_pr(const struct xnvme_spec_kvs_idfy_ns *idfy, int opts);

/**
 * Get the standard's name of a status, such as "Invalid Field in Command"; NVMe Base 2.0, Status
 * Field
 *
 * Values with one meaning in the NVM command set and another for Fabrics commands have the name of
 * the NVM command set. Does not block; any thread.
 *
 * @param eval SCT << 8 | SC; higher bits are ignored
 * @return The name, static; never NULL: "Vendor Specific" or "Unknown Status" for values without a
 *   name
 */
const char *xnvme_spec_sc_str(enum xnvme_spec_sc eval);

/**
 * Get the name of a value: the constant's without XNVME_SPEC_
 *
 * Does not block; any thread.
 *
 * @return The name, static; "ENOSYS" for values without one
 */
const char *xnvme_spec_adm_opc_str(enum xnvme_spec_adm_opc eval);

/** As xnvme_spec_adm_opc_str(), of a command set identifier */
const char *xnvme_spec_csi_str(enum xnvme_spec_csi eval);

/** As xnvme_spec_adm_opc_str(), of a Feature Identifier */
const char *xnvme_spec_feat_id_str(enum xnvme_spec_feat_id eval);

/** As xnvme_spec_adm_opc_str(), of a Select value of Get Features */
const char *xnvme_spec_feat_sel_str(enum xnvme_spec_feat_sel eval);

/** As xnvme_spec_adm_opc_str(), of a flag */
const char *xnvme_spec_flag_str(enum xnvme_spec_flag eval);

/** As xnvme_spec_adm_opc_str(), of a CNS value of Identify */
const char *xnvme_spec_idfy_cns_str(enum xnvme_spec_idfy_cns eval);

/** As xnvme_spec_adm_opc_str(), of a Log Page Identifier */
const char *xnvme_spec_log_lpi_str(enum xnvme_spec_log_lpi eval);

/** As xnvme_spec_adm_opc_str(), of a Log Page Identifier of the Zoned Namespace command set */
const char *xnvme_spec_znd_log_lid_str(enum xnvme_spec_znd_log_lid eval);

/** As xnvme_spec_adm_opc_str(), of a status code of the NVM command set */
const char *xnvme_spec_nvm_cmd_cpl_sc_str(enum xnvme_spec_nvm_cmd_cpl_sc eval);

/** As xnvme_spec_adm_opc_str(), of an opcode of the NVM command set */
const char *xnvme_spec_nvm_opc_str(enum xnvme_spec_nvm_opc eval);

/** As xnvme_spec_adm_opc_str(), of a PRP or SGL for Data Transfer value */
const char *xnvme_spec_psdt_str(enum xnvme_spec_psdt eval);

/** As xnvme_spec_adm_opc_str(), of an SGL descriptor sub type */
const char *xnvme_spec_sgl_descriptor_subtype_str(enum xnvme_spec_sgl_descriptor_subtype eval);

/** As xnvme_spec_adm_opc_str(), of a Zone Receive Action */
const char *xnvme_spec_znd_cmd_mgmt_recv_action_str(enum xnvme_spec_znd_cmd_mgmt_recv_action eval);

/** As xnvme_spec_adm_opc_str(), of a Zone Receive Action Specific Field */
const char *xnvme_spec_znd_cmd_mgmt_recv_action_sf_str(
	enum xnvme_spec_znd_cmd_mgmt_recv_action_sf eval);

/** As xnvme_spec_adm_opc_str(), of a Zone Send Action */
const char *xnvme_spec_znd_cmd_mgmt_send_action_str(enum xnvme_spec_znd_cmd_mgmt_send_action eval);

/** As xnvme_spec_adm_opc_str(), of an opcode of the Zoned Namespace command set */
const char *xnvme_spec_znd_opc_str(enum xnvme_spec_znd_opc eval);

/** As xnvme_spec_adm_opc_str(), of a Zone Send Action Specific Option */
const char *xnvme_spec_znd_mgmt_send_action_so_str(enum xnvme_spec_znd_mgmt_send_action_so eval);

/** As xnvme_spec_adm_opc_str(), of a status code of the Zoned Namespace command set */
const char *xnvme_spec_znd_status_code_str(enum xnvme_spec_znd_status_code eval);

/** As xnvme_spec_adm_opc_str(), of a zone state */
const char *xnvme_spec_znd_state_str(enum xnvme_spec_znd_state eval);

/** As xnvme_spec_adm_opc_str(), of a zone type */
const char *xnvme_spec_znd_type_str(enum xnvme_spec_znd_type eval);

/**
 * Print the controller properties; NVMe Base 2.0, Controller Properties
 *
 * @param bar The properties; NULL prints as `~`
 */
int xnvme_spec_ctrlr_bar_fpr(FILE *stream, struct xnvme_spec_ctrlr_bar *bar, int opts);

/** As xnvme_spec_ctrlr_bar_fpr(), to stdout, with the fields of CAP, CC and CSTS */
int xnvme_spec_ctrlr_bar_pp(struct xnvme_spec_ctrlr_bar *bar, int opts);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_SPEC_PP_H */
