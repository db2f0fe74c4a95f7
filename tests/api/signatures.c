/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * generated once from the list of the interface: every function that programs written for xNVMe
 * 0.7.5 may call. Each is declared again, so that the compiler rejects a different signature, and
 * listed in a table, so that the linker rejects a missing one. X40: the version of xNVMe does not
 * change when its interface does.
 */
#include <stdio.h>
#include <libxnvme.h>

int xnvme_adm_idfy(struct xnvme_cmd_ctx *ctx, uint8_t cns, uint16_t cntid, uint8_t nsid,
	uint16_t nvmsetid, uint8_t uuid, struct xnvme_spec_idfy *dbuf);
int xnvme_adm_idfy_ctrlr(struct xnvme_cmd_ctx *ctx, struct xnvme_spec_idfy *dbuf);
int xnvme_adm_idfy_ctrlr_csi(struct xnvme_cmd_ctx *ctx, uint8_t csi,
	struct xnvme_spec_idfy *dbuf);
int xnvme_adm_idfy_ns(struct xnvme_cmd_ctx *ctx, uint32_t nsid, struct xnvme_spec_idfy *dbuf);
int xnvme_adm_idfy_ns_csi(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t csi,
	struct xnvme_spec_idfy *dbuf);
void xnvme_prep_adm_log(struct xnvme_cmd_ctx *ctx, uint8_t lid, uint8_t lsp, uint64_t lpo_nbytes,
	uint32_t nsid, uint8_t rae, uint32_t dbuf_nbytes);
int xnvme_adm_log(struct xnvme_cmd_ctx *ctx, uint8_t lid, uint8_t lsp, uint64_t lpo_nbytes,
	uint32_t nsid, uint8_t rae, void *dbuf, uint32_t dbuf_nbytes);
void xnvme_prep_adm_gfeat(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t fid, uint8_t sel);
void xnvme_prep_adm_sfeat(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t fid, uint32_t feat,
	uint8_t save);
int xnvme_adm_gfeat(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t fid, uint8_t sel,
	void *dbuf, size_t dbuf_nbytes);
int xnvme_adm_sfeat(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t fid, uint32_t feat,
	uint8_t save, const void *dbuf, size_t dbuf_nbytes);
int xnvme_adm_format(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t lbaf, uint8_t zf,
	uint8_t mset, uint8_t ses, uint8_t pi, uint8_t pil);
int xnvme_nvm_sanitize(struct xnvme_cmd_ctx *ctx, uint8_t sanact, bool ause, uint32_t ovrpat,
	uint8_t owpass, bool oipbp, bool nodas);
int xnvme_adm_dir_send(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t doper, uint32_t dtype,
	uint32_t dspec, uint32_t val);
int xnvme_adm_dir_recv(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t doper, uint32_t dtype,
	uint32_t val, void *dbuf, size_t dbuf_nbytes);
int xnvme_be_attr_fpr(FILE *stream, const struct xnvme_be_attr *attr, int opts);
int xnvme_be_attr_pr(const struct xnvme_be_attr *attr, int opts);
int xnvme_be_attr_list_bundled(struct xnvme_be_attr_list **list);
int xnvme_be_attr_list_fpr(FILE *stream, const struct xnvme_be_attr_list *list, int opts);
int xnvme_be_attr_list_pr(const struct xnvme_be_attr_list *list, int opts);
const struct xnvme_be_attr *xnvme_be_attr_get(int idx);
void *xnvme_buf_alloc(const struct xnvme_dev *dev, size_t nbytes);
void *xnvme_buf_realloc(const struct xnvme_dev *dev, void *buf, size_t nbytes);
void xnvme_buf_free(const struct xnvme_dev *dev, void *buf);
void *xnvme_buf_phys_alloc(const struct xnvme_dev *dev, size_t nbytes, uint64_t *phys);
void xnvme_buf_phys_free(const struct xnvme_dev *dev, void *buf);
void *xnvme_buf_phys_realloc(const struct xnvme_dev *dev, void *buf, size_t nbytes,
	uint64_t *phys);
int xnvme_buf_vtophys(const struct xnvme_dev *dev, void *buf, uint64_t *phys);
void *xnvme_buf_virt_alloc(size_t alignment, size_t nbytes);
void xnvme_buf_virt_free(void *buf);
int xnvme_buf_fill(void *buf, size_t nbytes, const char *content);
void *xnvme_buf_clear(void *buf, size_t nbytes);
int xnvme_buf_memcpy(void *dst, const void *src, size_t nbytes);
size_t xnvme_buf_diff(const void *expected, const void *actual, size_t nbytes);
void xnvme_buf_diff_pr(const void *expected, const void *actual, size_t nbytes, int opts);
int xnvme_buf_to_file(void *buf, size_t nbytes, const char *path);
int xnvme_buf_from_file(void *buf, size_t nbytes, const char *path);
void xnvme_cli_args_pr(struct xnvme_cli_args *args, int opts);
const struct xnvme_cli_opt_attr *xnvme_cli_get_opt_attr(enum xnvme_cli_opt opt);
int xnvme_cli_enumeration_alloc(struct xnvme_cli_enumeration **list, uint32_t capacity);
void xnvme_cli_enumeration_free(struct xnvme_cli_enumeration *list);
int xnvme_cli_enumeration_append(struct xnvme_cli_enumeration *list,
	const struct xnvme_ident *entry);
int xnvme_cli_enumeration_fpr(FILE *stream, struct xnvme_cli_enumeration *list, int opts);
int xnvme_cli_enumeration_fpp(FILE *stream, struct xnvme_cli_enumeration *list, int opts);
int xnvme_cli_enumeration_pp(struct xnvme_cli_enumeration *list, int opts);
int xnvme_cli_enumeration_pr(struct xnvme_cli_enumeration *list, int opts);
uint64_t xnvme_cli_timer_start(struct xnvme_cli *cli);
uint64_t xnvme_cli_timer_stop(struct xnvme_cli *cli);
void xnvme_cli_timer_bw_pr(struct xnvme_cli *cli, const char *prefix, size_t nbytes);
void xnvme_cli_pinf(const char *format, ...);
void xnvme_cli_perr(const char *msg, int err);
int xnvme_cli_run(struct xnvme_cli *cli, int argc, char **argv, int opts);
int xnvme_cli_to_opts(const struct xnvme_cli *cli, struct xnvme_opts *opts);
void xnvme_cmd_ctx_pr(const struct xnvme_cmd_ctx *ctx, int opts);
struct xnvme_cmd_ctx xnvme_cmd_ctx_from_dev(struct xnvme_dev *dev);
struct xnvme_cmd_ctx *xnvme_cmd_ctx_from_queue(struct xnvme_queue *queue);
void xnvme_cmd_ctx_clear(struct xnvme_cmd_ctx *ctx);
int xnvme_cmd_pass(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	size_t mbuf_nbytes);
int xnvme_cmd_passv(struct xnvme_cmd_ctx *ctx, struct iovec *dvec, size_t dvec_cnt,
	size_t dvec_nbytes, struct iovec *mvec, size_t mvec_cnt, size_t mvec_nbytes);
int xnvme_cmd_pass_iov(struct xnvme_cmd_ctx *ctx, struct iovec *dvec, size_t dvec_cnt,
	size_t dvec_nbytes, void *mbuf, size_t mbuf_nbytes);
int xnvme_cmd_pass_admin(struct xnvme_cmd_ctx *ctx, void *dbuf, size_t dbuf_nbytes, void *mbuf,
	size_t mbuf_nbytes);
int xnvme_dev_fpr(FILE *stream, const struct xnvme_dev *dev, int opts);
int xnvme_dev_pr(const struct xnvme_dev *dev, int opts);
int xnvme_enumerate(const char *sys_uri, struct xnvme_opts *opts, xnvme_enumerate_cb cb_func,
	void *cb_args);
int xnvme_dev_derive_geo(struct xnvme_dev *dev);
const struct xnvme_geo *xnvme_dev_get_geo(const struct xnvme_dev *dev);
const struct xnvme_spec_idfy_ctrlr *xnvme_dev_get_ctrlr(const struct xnvme_dev *dev);
const struct xnvme_spec_idfy_ctrlr *xnvme_dev_get_ctrlr_css(const struct xnvme_dev *dev);
const struct xnvme_spec_idfy_ns *xnvme_dev_get_ns(const struct xnvme_dev *dev);
const struct xnvme_spec_idfy_ns *xnvme_dev_get_ns_css(const struct xnvme_dev *dev);
uint32_t xnvme_dev_get_nsid(const struct xnvme_dev *dev);
uint8_t xnvme_dev_get_csi(const struct xnvme_dev *dev);
const struct xnvme_ident *xnvme_dev_get_ident(const struct xnvme_dev *dev);
const struct xnvme_opts *xnvme_dev_get_opts(const struct xnvme_dev *dev);
const void *xnvme_dev_get_be_state(const struct xnvme_dev *dev);
uint64_t xnvme_dev_get_ssw(const struct xnvme_dev *dev);
struct xnvme_dev *xnvme_dev_open(const char *dev_uri, struct xnvme_opts *opts);
void xnvme_dev_close(struct xnvme_dev *dev);
struct xnvme_dev *xnvme_file_open(const char *pathname, struct xnvme_opts *opts);
int xnvme_file_close(struct xnvme_dev *fh);
int xnvme_file_pread(struct xnvme_cmd_ctx *ctx, void *buf, size_t count, off_t offset);
int xnvme_file_pwrite(struct xnvme_cmd_ctx *ctx, void *buf, size_t count, off_t offset);
int xnvme_file_sync(struct xnvme_dev *fh);
struct xnvme_cmd_ctx xnvme_file_get_cmd_ctx(struct xnvme_dev *fh);
int xnvme_geo_fpr(FILE *stream, const struct xnvme_geo *geo, int opts);
int xnvme_geo_pr(const struct xnvme_geo *geo, int opts);
int xnvme_ident_yaml(FILE *stream, const struct xnvme_ident *ident, int indent, const char *sep,
	int head);
int xnvme_ident_fpr(FILE *stream, const struct xnvme_ident *ident, int opts);
int xnvme_ident_pr(const struct xnvme_ident *ident, int opts);
int xnvme_ident_from_uri(const char *uri, struct xnvme_ident *ident);
int xnvme_kvs_retrieve(struct xnvme_cmd_ctx *ctx, uint32_t nsid, const void *key, uint8_t key_len,
	const void *vbuf, uint32_t vbuf_nbytes, uint8_t opt);
int xnvme_kvs_store(struct xnvme_cmd_ctx *ctx, uint32_t nsid, const void *key, uint8_t key_len,
	const void *vbuf, uint32_t vbuf_nbytes, uint8_t opt);
int xnvme_kvs_delete(struct xnvme_cmd_ctx *ctx, uint32_t nsid, const void *key, uint8_t key_len);
int xnvme_kvs_exist(struct xnvme_cmd_ctx *ctx, uint32_t nsid, const void *key, uint8_t key_len);
int xnvme_kvs_list(struct xnvme_cmd_ctx *ctx, uint32_t nsid, const void *key, uint8_t key_len,
	const void *vbuf, uint32_t vbuf_nbytes);
int xnvme_lba_range_fpr(FILE *stream, struct xnvme_lba_range *range, int opts);
int xnvme_lba_range_pr(struct xnvme_lba_range *range, int opts);
struct xnvme_lba_range xnvme_lba_range_from_offset_nbytes(struct xnvme_dev *dev, uint64_t offset,
	uint64_t nbytes);
struct xnvme_lba_range xnvme_lba_range_from_slba_elba(struct xnvme_dev *dev, uint64_t slba,
	uint64_t elba);
struct xnvme_lba_range xnvme_lba_range_from_slba_naddrs(struct xnvme_dev *dev, uint64_t slba,
	uint64_t naddrs);
struct xnvme_lba_range xnvme_lba_range_from_zdescr(struct xnvme_dev *dev,
	struct xnvme_spec_znd_descr *zdescr);
int xnvme_lba_fpr(FILE *stream, uint64_t lba, enum xnvme_pr opts);
int xnvme_lba_pr(uint64_t lba, enum xnvme_pr opts);
int xnvme_lba_fprn(FILE *stream, const uint64_t *lba, uint16_t nlb, enum xnvme_pr opts);
int xnvme_lba_prn(const uint64_t *lba, uint16_t nlb, enum xnvme_pr opts);
const struct xnvme_libconf *xnvme_libconf_get(void);
int xnvme_libconf_fpr(FILE *stream, enum xnvme_pr opts);
int xnvme_libconf_pr(enum xnvme_pr opts);
int xnvme_mem_map(const struct xnvme_dev *dev, void *vaddr, size_t nbytes);
int xnvme_mem_unmap(const struct xnvme_dev *dev, void *buf);
int xnvme_nvm_read(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba, uint16_t nlb,
	void *dbuf, void *mbuf);
int xnvme_nvm_write(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba, uint16_t nlb,
	const void *dbuf, const void *mbuf);
int xnvme_nvm_write_uncorrectable(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba,
	uint16_t nlb);
int xnvme_nvm_write_zeroes(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba, uint16_t nlb);
void xnvme_prep_nvm(struct xnvme_cmd_ctx *ctx, uint8_t opcode, uint32_t nsid, uint64_t slba,
	uint16_t nlb);
int xnvme_nvm_scopy(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t sdlba,
	struct xnvme_spec_nvm_scopy_fmt_zero *ranges, uint8_t nr,
	enum xnvme_nvm_scopy_fmt copy_fmt);
int xnvme_nvm_dsm(struct xnvme_cmd_ctx *ctx, uint32_t nsid,
	struct xnvme_spec_dsm_range *dsm_range, uint8_t nr, bool ad, bool idw, bool idr);
int xnvme_nvm_mgmt_recv(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t mo, uint16_t mos,
	void *dbuf, uint32_t dbuf_nbytes);
int xnvme_nvm_mgmt_send(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint8_t mo, uint16_t mos,
	void *dbuf, uint32_t dbuf_nbytes);
int xnvme_nvm_compare(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba, uint16_t nlb,
	void *dbuf, void *mbuf);
void xnvme_opts_set_defaults(struct xnvme_opts *opts);
struct xnvme_opts xnvme_opts_default(void);
int xnvme_opts_pr(const struct xnvme_opts *opts, int pr_opts);
size_t xnvme_pi_size(enum xnvme_spec_nvm_ns_pif pi_format);
int xnvme_pi_ctx_init(struct xnvme_pi_ctx *ctx, uint32_t block_size, uint32_t md_size,
	bool md_interleave, bool pi_loc, enum xnvme_pi_type pi_type, uint32_t pi_flags,
	uint32_t init_ref_tag, uint16_t apptag_mask, uint16_t app_tag,
	enum xnvme_spec_nvm_ns_pif pi_format);
void xnvme_pi_generate(struct xnvme_pi_ctx *ctx, uint8_t *data_buf, uint8_t *md_buf,
	uint32_t num_blocks);
int xnvme_pi_verify(struct xnvme_pi_ctx *ctx, uint8_t *data_buf, uint8_t *md_buf,
	uint32_t num_blocks);
int xnvme_queue_init(struct xnvme_dev *dev, uint16_t capacity, int opts,
	struct xnvme_queue **queue);
uint32_t xnvme_queue_get_capacity(struct xnvme_queue *queue);
uint32_t xnvme_queue_get_outstanding(struct xnvme_queue *queue);
int xnvme_queue_term(struct xnvme_queue *queue);
int xnvme_queue_poke(struct xnvme_queue *queue, uint32_t max);
int xnvme_queue_drain(struct xnvme_queue *queue);
int xnvme_queue_wait(struct xnvme_queue *queue);
struct xnvme_cmd_ctx *xnvme_queue_get_cmd_ctx(struct xnvme_queue *queue);
int xnvme_queue_put_cmd_ctx(struct xnvme_queue *queue, struct xnvme_cmd_ctx *ctx);
int xnvme_queue_set_cb(struct xnvme_queue *queue, xnvme_queue_cb cb, void *cb_arg);
int xnvme_queue_get_completion_fd(struct xnvme_queue *queue);
int xnvme_scan(const char *sys_uri, struct xnvme_opts *opts, xnvme_scan_cb cb_func,
	void *cb_args);
int xnvme_spec_log_health_fpr(FILE *stream, const struct xnvme_spec_log_health_entry *log,
	int opts);
int xnvme_spec_log_health_pr(const struct xnvme_spec_log_health_entry *log, int opts);
int xnvme_spec_log_sanitize_fpr(FILE *stream, const struct xnvme_spec_log_sanitize_entry *log,
	int opts);
int xnvme_spec_log_sanitize_pr(const struct xnvme_spec_log_sanitize_entry *log, int opts);
int xnvme_spec_log_erri_fpr(FILE *stream, const struct xnvme_spec_log_erri_entry *log, int limit,
	int opts);
int xnvme_spec_log_erri_pr(const struct xnvme_spec_log_erri_entry *log, int limit, int opts);
int xnvme_spec_log_fdp_conf_pr(const struct xnvme_spec_log_fdp_conf *log, int opts);
int xnvme_spec_log_fdp_stats_pr(const struct xnvme_spec_log_fdp_stats *log, int opts);
int xnvme_spec_log_fdp_events_pr(const struct xnvme_spec_log_fdp_events *log, int limit,
	int opts);
int xnvme_spec_log_ruhu_pr(const struct xnvme_spec_log_ruhu *log, int limit, int opts);
int xnvme_spec_ruhs_pr(const struct xnvme_spec_ruhs *ruhs, int limit, int opts);
int xnvme_spec_idfy_ns_fpr(FILE *stream, const struct xnvme_spec_idfy_ns *idfy, int opts);
int xnvme_spec_idfy_ns_pr(const struct xnvme_spec_idfy_ns *idfy, int opts);
int xnvme_spec_idfy_ctrlr_fpr(FILE *stream, const struct xnvme_spec_idfy_ctrlr *idfy, int opts);
int xnvme_spec_idfy_ctrlr_pr(const struct xnvme_spec_idfy_ctrlr *idfy, int opts);
int xnvme_spec_idfy_cs_fpr(FILE *stream, const struct xnvme_spec_idfy_cs *idfy, int opts);
int xnvme_spec_idfy_cs_pr(const struct xnvme_spec_idfy_cs *idfy, int opts);
int xnvme_spec_feat_fpr(FILE *stream, uint8_t fid, struct xnvme_spec_feat feat, int opts);
int xnvme_spec_feat_pr(uint8_t fid, struct xnvme_spec_feat feat, int opts);
int xnvme_spec_feat_fdp_events_pr(void *buf, struct xnvme_spec_feat feat, int opts);
int xnvme_spec_cmd_fpr(FILE *stream, struct xnvme_spec_cmd *cmd, int opts);
int xnvme_spec_cmd_pr(struct xnvme_spec_cmd *cmd, int opts);
int xnvme_spec_drecv_idfy_pr(struct xnvme_spec_idfy_dir_rp *idfy, int opts);
int xnvme_spec_drecv_srp_pr(struct xnvme_spec_streams_dir_rp *srp, int opts);
int xnvme_spec_drecv_sgs_pr(struct xnvme_spec_streams_dir_gs *sgs, int opts);
int xnvme_spec_drecv_sar_pr(struct xnvme_spec_alloc_resource sar, int opts);
int xnvme_spec_nvm_scopy_fmt_zero_fpr(FILE *stream,
	const struct xnvme_spec_nvm_scopy_fmt_zero *entry, int opts);
int xnvme_spec_nvm_scopy_fmt_zero_pr(const struct xnvme_spec_nvm_scopy_fmt_zero *entry, int opts);
int xnvme_spec_nvm_scopy_source_range_fpr(FILE *stream,
	const struct xnvme_spec_nvm_scopy_source_range *srange, uint8_t nr, int opts);
int xnvme_spec_nvm_scopy_source_range_pr(const struct xnvme_spec_nvm_scopy_source_range *srange,
	uint8_t nr, int opts);
int xnvme_spec_nvm_idfy_ctrlr_fpr(FILE *stream, struct xnvme_spec_nvm_idfy_ctrlr *idfy, int opts);
int xnvme_spec_nvm_idfy_ctrlr_pr(struct xnvme_spec_nvm_idfy_ctrlr *idfy, int opts);
int xnvme_spec_nvm_idfy_ns_fpr(FILE *stream, struct xnvme_spec_nvm_idfy_ns *idfy, int opts);
int xnvme_spec_nvm_idfy_ns_pr(struct xnvme_spec_nvm_idfy_ns *idfy, int opts);
int xnvme_spec_znd_idfy_ctrlr_fpr(FILE *stream, struct xnvme_spec_znd_idfy_ctrlr *zctrlr,
	int opts);
int xnvme_spec_znd_idfy_ctrlr_pr(struct xnvme_spec_znd_idfy_ctrlr *zctrlr, int opts);
int xnvme_spec_znd_idfy_lbafe_fpr(FILE *stream, struct xnvme_spec_znd_idfy_lbafe *zonef,
	int opts);
int xnvme_spec_znd_idfy_ns_fpr(FILE *stream, struct xnvme_spec_znd_idfy_ns *zns, int opts);
int xnvme_spec_znd_idfy_ns_pr(struct xnvme_spec_znd_idfy_ns *zns, int opts);
int xnvme_spec_znd_log_changes_fpr(FILE *stream, const struct xnvme_spec_znd_log_changes *changes,
	int opts);
int xnvme_spec_znd_log_changes_pr(const struct xnvme_spec_znd_log_changes *changes, int opts);
int xnvme_spec_znd_descr_fpr(FILE *stream, const struct xnvme_spec_znd_descr *descr, int opts);
int xnvme_spec_znd_descr_pr(const struct xnvme_spec_znd_descr *descr, int opts);
int xnvme_spec_znd_report_hdr_fpr(FILE *stream, const struct xnvme_spec_znd_report_hdr *hdr,
	int opts);
int xnvme_spec_znd_report_hdr_pr(const struct xnvme_spec_znd_report_hdr *hdr, int opts);
int xnvme_spec_znd_descr_fpr_yaml(FILE *stream, const struct xnvme_spec_znd_descr *descr,
	int indent, const char *sep);
int xnvme_spec_kvs_idfy_ns_fpr(FILE *stream, const struct xnvme_spec_kvs_idfy_ns *idfy, int opts);
int xnvme_spec_kvs_idfy_ns_pr(const struct xnvme_spec_kvs_idfy_ns *idfy, int opts);
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
const char *xnvme_spec_znd_cmd_mgmt_recv_action_str(
	enum xnvme_spec_znd_cmd_mgmt_recv_action eval);
const char *xnvme_spec_znd_cmd_mgmt_recv_action_sf_str(
	enum xnvme_spec_znd_cmd_mgmt_recv_action_sf eval);
const char *xnvme_spec_znd_cmd_mgmt_send_action_str(
	enum xnvme_spec_znd_cmd_mgmt_send_action eval);
const char *xnvme_spec_znd_opc_str(enum xnvme_spec_znd_opc eval);
const char *xnvme_spec_znd_mgmt_send_action_so_str(enum xnvme_spec_znd_mgmt_send_action_so eval);
const char *xnvme_spec_znd_status_code_str(enum xnvme_spec_znd_status_code eval);
const char *xnvme_spec_znd_state_str(enum xnvme_spec_znd_state eval);
const char *xnvme_spec_znd_type_str(enum xnvme_spec_znd_type eval);
int xnvme_spec_ctrlr_bar_fpr(FILE *stream, struct xnvme_spec_ctrlr_bar *bar, int opts);
int xnvme_spec_ctrlr_bar_pp(struct xnvme_spec_ctrlr_bar *bar, int opts);
int xnvme_subsystem_reset(struct xnvme_dev *dev);
int xnvme_controller_reset(struct xnvme_dev *dev);
int xnvme_namespace_rescan(struct xnvme_dev *dev);
int xnvme_controller_get_registers(struct xnvme_dev *dev, struct xnvme_spec_ctrlr_bar *bar);
int xnvme_ver_major(void);
int xnvme_ver_minor(void);
int xnvme_ver_patch(void);
int xnvme_ver_fpr(FILE *stream, int opts);
int xnvme_ver_pr(int opts);
const struct xnvme_spec_znd_idfy_ns *xnvme_znd_dev_get_ns(struct xnvme_dev *dev);
const struct xnvme_spec_znd_idfy_ctrlr *xnvme_znd_dev_get_ctrlr(struct xnvme_dev *dev);
const struct xnvme_spec_znd_idfy_lbafe *xnvme_znd_dev_get_lbafe(struct xnvme_dev *dev);
int xnvme_znd_mgmt_recv(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba,
	enum xnvme_spec_znd_cmd_mgmt_recv_action zra,
	enum xnvme_spec_znd_cmd_mgmt_recv_action_sf zrasf, uint8_t partial, void *dbuf,
	uint32_t dbuf_nbytes);
int xnvme_znd_descr_from_dev(struct xnvme_dev *dev, uint64_t slba,
	struct xnvme_spec_znd_descr *zdescr);
int xnvme_znd_descr_from_dev_in_state(struct xnvme_dev *dev, enum xnvme_spec_znd_state state,
	struct xnvme_spec_znd_descr *zdescr);
int xnvme_znd_stat(struct xnvme_dev *dev, enum xnvme_spec_znd_cmd_mgmt_recv_action_sf sfield,
	uint64_t *nzones);
struct xnvme_spec_znd_log_changes *xnvme_znd_log_changes_from_dev(struct xnvme_dev *dev);
int xnvme_znd_mgmt_send(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t zslba, bool select_all,
	enum xnvme_spec_znd_cmd_mgmt_send_action zsa,
	enum xnvme_spec_znd_mgmt_send_action_so zsa_so, void *dbuf);
int xnvme_znd_append(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t zslba, uint16_t nlb,
	const void *dbuf, const void *mbuf);
int xnvme_znd_zrwa_flush(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t lba);
int xnvme_znd_report_get_descr(const struct xnvme_znd_report *report, uint32_t index,
	struct xnvme_spec_znd_descr **descr, void **ext);
int xnvme_znd_report_fpr(FILE *stream, const struct xnvme_znd_report *report, int flags);
int xnvme_znd_report_pr(const struct xnvme_znd_report *report, int flags);
struct xnvme_znd_report *xnvme_znd_report_from_dev(struct xnvme_dev *dev, uint64_t slba,
	size_t limit, uint8_t extended);
int xnvme_znd_report_find_arbitrary(const struct xnvme_znd_report *report,
	enum xnvme_spec_znd_state state, uint64_t *zlba, int opts);

typedef void (*any_function)(void);

static const any_function functions[] = {
	(any_function)xnvme_adm_idfy,
	(any_function)xnvme_adm_idfy_ctrlr,
	(any_function)xnvme_adm_idfy_ctrlr_csi,
	(any_function)xnvme_adm_idfy_ns,
	(any_function)xnvme_adm_idfy_ns_csi,
	(any_function)xnvme_prep_adm_log,
	(any_function)xnvme_adm_log,
	(any_function)xnvme_prep_adm_gfeat,
	(any_function)xnvme_prep_adm_sfeat,
	(any_function)xnvme_adm_gfeat,
	(any_function)xnvme_adm_sfeat,
	(any_function)xnvme_adm_format,
	(any_function)xnvme_nvm_sanitize,
	(any_function)xnvme_adm_dir_send,
	(any_function)xnvme_adm_dir_recv,
	(any_function)xnvme_be_attr_fpr,
	(any_function)xnvme_be_attr_pr,
	(any_function)xnvme_be_attr_list_bundled,
	(any_function)xnvme_be_attr_list_fpr,
	(any_function)xnvme_be_attr_list_pr,
	(any_function)xnvme_be_attr_get,
	(any_function)xnvme_buf_alloc,
	(any_function)xnvme_buf_realloc,
	(any_function)xnvme_buf_free,
	(any_function)xnvme_buf_phys_alloc,
	(any_function)xnvme_buf_phys_free,
	(any_function)xnvme_buf_phys_realloc,
	(any_function)xnvme_buf_vtophys,
	(any_function)xnvme_buf_virt_alloc,
	(any_function)xnvme_buf_virt_free,
	(any_function)xnvme_buf_fill,
	(any_function)xnvme_buf_clear,
	(any_function)xnvme_buf_memcpy,
	(any_function)xnvme_buf_diff,
	(any_function)xnvme_buf_diff_pr,
	(any_function)xnvme_buf_to_file,
	(any_function)xnvme_buf_from_file,
	(any_function)xnvme_cli_args_pr,
	(any_function)xnvme_cli_get_opt_attr,
	(any_function)xnvme_cli_enumeration_alloc,
	(any_function)xnvme_cli_enumeration_free,
	(any_function)xnvme_cli_enumeration_append,
	(any_function)xnvme_cli_enumeration_fpr,
	(any_function)xnvme_cli_enumeration_fpp,
	(any_function)xnvme_cli_enumeration_pp,
	(any_function)xnvme_cli_enumeration_pr,
	(any_function)xnvme_cli_timer_start,
	(any_function)xnvme_cli_timer_stop,
	(any_function)xnvme_cli_timer_bw_pr,
	(any_function)xnvme_cli_pinf,
	(any_function)xnvme_cli_perr,
	(any_function)xnvme_cli_run,
	(any_function)xnvme_cli_to_opts,
	(any_function)xnvme_cmd_ctx_pr,
	(any_function)xnvme_cmd_ctx_from_dev,
	(any_function)xnvme_cmd_ctx_from_queue,
	(any_function)xnvme_cmd_ctx_clear,
	(any_function)xnvme_cmd_pass,
	(any_function)xnvme_cmd_passv,
	(any_function)xnvme_cmd_pass_iov,
	(any_function)xnvme_cmd_pass_admin,
	(any_function)xnvme_dev_fpr,
	(any_function)xnvme_dev_pr,
	(any_function)xnvme_enumerate,
	(any_function)xnvme_dev_derive_geo,
	(any_function)xnvme_dev_get_geo,
	(any_function)xnvme_dev_get_ctrlr,
	(any_function)xnvme_dev_get_ctrlr_css,
	(any_function)xnvme_dev_get_ns,
	(any_function)xnvme_dev_get_ns_css,
	(any_function)xnvme_dev_get_nsid,
	(any_function)xnvme_dev_get_csi,
	(any_function)xnvme_dev_get_ident,
	(any_function)xnvme_dev_get_opts,
	(any_function)xnvme_dev_get_be_state,
	(any_function)xnvme_dev_get_ssw,
	(any_function)xnvme_dev_open,
	(any_function)xnvme_dev_close,
	(any_function)xnvme_file_open,
	(any_function)xnvme_file_close,
	(any_function)xnvme_file_pread,
	(any_function)xnvme_file_pwrite,
	(any_function)xnvme_file_sync,
	(any_function)xnvme_file_get_cmd_ctx,
	(any_function)xnvme_geo_fpr,
	(any_function)xnvme_geo_pr,
	(any_function)xnvme_ident_yaml,
	(any_function)xnvme_ident_fpr,
	(any_function)xnvme_ident_pr,
	(any_function)xnvme_ident_from_uri,
	(any_function)xnvme_kvs_retrieve,
	(any_function)xnvme_kvs_store,
	(any_function)xnvme_kvs_delete,
	(any_function)xnvme_kvs_exist,
	(any_function)xnvme_kvs_list,
	(any_function)xnvme_lba_range_fpr,
	(any_function)xnvme_lba_range_pr,
	(any_function)xnvme_lba_range_from_offset_nbytes,
	(any_function)xnvme_lba_range_from_slba_elba,
	(any_function)xnvme_lba_range_from_slba_naddrs,
	(any_function)xnvme_lba_range_from_zdescr,
	(any_function)xnvme_lba_fpr,
	(any_function)xnvme_lba_pr,
	(any_function)xnvme_lba_fprn,
	(any_function)xnvme_lba_prn,
	(any_function)xnvme_libconf_get,
	(any_function)xnvme_libconf_fpr,
	(any_function)xnvme_libconf_pr,
	(any_function)xnvme_mem_map,
	(any_function)xnvme_mem_unmap,
	(any_function)xnvme_nvm_read,
	(any_function)xnvme_nvm_write,
	(any_function)xnvme_nvm_write_uncorrectable,
	(any_function)xnvme_nvm_write_zeroes,
	(any_function)xnvme_prep_nvm,
	(any_function)xnvme_nvm_scopy,
	(any_function)xnvme_nvm_dsm,
	(any_function)xnvme_nvm_mgmt_recv,
	(any_function)xnvme_nvm_mgmt_send,
	(any_function)xnvme_nvm_compare,
	(any_function)xnvme_opts_set_defaults,
	(any_function)xnvme_opts_default,
	(any_function)xnvme_opts_pr,
	(any_function)xnvme_pi_size,
	(any_function)xnvme_pi_ctx_init,
	(any_function)xnvme_pi_generate,
	(any_function)xnvme_pi_verify,
	(any_function)xnvme_queue_init,
	(any_function)xnvme_queue_get_capacity,
	(any_function)xnvme_queue_get_outstanding,
	(any_function)xnvme_queue_term,
	(any_function)xnvme_queue_poke,
	(any_function)xnvme_queue_drain,
	(any_function)xnvme_queue_wait,
	(any_function)xnvme_queue_get_cmd_ctx,
	(any_function)xnvme_queue_put_cmd_ctx,
	(any_function)xnvme_queue_set_cb,
	(any_function)xnvme_queue_get_completion_fd,
	(any_function)xnvme_scan,
	(any_function)xnvme_spec_log_health_fpr,
	(any_function)xnvme_spec_log_health_pr,
	(any_function)xnvme_spec_log_sanitize_fpr,
	(any_function)xnvme_spec_log_sanitize_pr,
	(any_function)xnvme_spec_log_erri_fpr,
	(any_function)xnvme_spec_log_erri_pr,
	(any_function)xnvme_spec_log_fdp_conf_pr,
	(any_function)xnvme_spec_log_fdp_stats_pr,
	(any_function)xnvme_spec_log_fdp_events_pr,
	(any_function)xnvme_spec_log_ruhu_pr,
	(any_function)xnvme_spec_ruhs_pr,
	(any_function)xnvme_spec_idfy_ns_fpr,
	(any_function)xnvme_spec_idfy_ns_pr,
	(any_function)xnvme_spec_idfy_ctrlr_fpr,
	(any_function)xnvme_spec_idfy_ctrlr_pr,
	(any_function)xnvme_spec_idfy_cs_fpr,
	(any_function)xnvme_spec_idfy_cs_pr,
	(any_function)xnvme_spec_feat_fpr,
	(any_function)xnvme_spec_feat_pr,
	(any_function)xnvme_spec_feat_fdp_events_pr,
	(any_function)xnvme_spec_cmd_fpr,
	(any_function)xnvme_spec_cmd_pr,
	(any_function)xnvme_spec_drecv_idfy_pr,
	(any_function)xnvme_spec_drecv_srp_pr,
	(any_function)xnvme_spec_drecv_sgs_pr,
	(any_function)xnvme_spec_drecv_sar_pr,
	(any_function)xnvme_spec_nvm_scopy_fmt_zero_fpr,
	(any_function)xnvme_spec_nvm_scopy_fmt_zero_pr,
	(any_function)xnvme_spec_nvm_scopy_source_range_fpr,
	(any_function)xnvme_spec_nvm_scopy_source_range_pr,
	(any_function)xnvme_spec_nvm_idfy_ctrlr_fpr,
	(any_function)xnvme_spec_nvm_idfy_ctrlr_pr,
	(any_function)xnvme_spec_nvm_idfy_ns_fpr,
	(any_function)xnvme_spec_nvm_idfy_ns_pr,
	(any_function)xnvme_spec_znd_idfy_ctrlr_fpr,
	(any_function)xnvme_spec_znd_idfy_ctrlr_pr,
	(any_function)xnvme_spec_znd_idfy_lbafe_fpr,
	(any_function)xnvme_spec_znd_idfy_ns_fpr,
	(any_function)xnvme_spec_znd_idfy_ns_pr,
	(any_function)xnvme_spec_znd_log_changes_fpr,
	(any_function)xnvme_spec_znd_log_changes_pr,
	(any_function)xnvme_spec_znd_descr_fpr,
	(any_function)xnvme_spec_znd_descr_pr,
	(any_function)xnvme_spec_znd_report_hdr_fpr,
	(any_function)xnvme_spec_znd_report_hdr_pr,
	(any_function)xnvme_spec_znd_descr_fpr_yaml,
	(any_function)xnvme_spec_kvs_idfy_ns_fpr,
	(any_function)xnvme_spec_kvs_idfy_ns_pr,
	(any_function)xnvme_spec_adm_opc_str,
	(any_function)xnvme_spec_csi_str,
	(any_function)xnvme_spec_feat_id_str,
	(any_function)xnvme_spec_feat_sel_str,
	(any_function)xnvme_spec_flag_str,
	(any_function)xnvme_spec_idfy_cns_str,
	(any_function)xnvme_spec_log_lpi_str,
	(any_function)xnvme_spec_znd_log_lid_str,
	(any_function)xnvme_spec_nvm_cmd_cpl_sc_str,
	(any_function)xnvme_spec_nvm_opc_str,
	(any_function)xnvme_spec_psdt_str,
	(any_function)xnvme_spec_sgl_descriptor_subtype_str,
	(any_function)xnvme_spec_znd_cmd_mgmt_recv_action_str,
	(any_function)xnvme_spec_znd_cmd_mgmt_recv_action_sf_str,
	(any_function)xnvme_spec_znd_cmd_mgmt_send_action_str,
	(any_function)xnvme_spec_znd_opc_str,
	(any_function)xnvme_spec_znd_mgmt_send_action_so_str,
	(any_function)xnvme_spec_znd_status_code_str,
	(any_function)xnvme_spec_znd_state_str,
	(any_function)xnvme_spec_znd_type_str,
	(any_function)xnvme_spec_ctrlr_bar_fpr,
	(any_function)xnvme_spec_ctrlr_bar_pp,
	(any_function)xnvme_subsystem_reset,
	(any_function)xnvme_controller_reset,
	(any_function)xnvme_namespace_rescan,
	(any_function)xnvme_controller_get_registers,
	(any_function)xnvme_ver_major,
	(any_function)xnvme_ver_minor,
	(any_function)xnvme_ver_patch,
	(any_function)xnvme_ver_fpr,
	(any_function)xnvme_ver_pr,
	(any_function)xnvme_znd_dev_get_ns,
	(any_function)xnvme_znd_dev_get_ctrlr,
	(any_function)xnvme_znd_dev_get_lbafe,
	(any_function)xnvme_znd_mgmt_recv,
	(any_function)xnvme_znd_descr_from_dev,
	(any_function)xnvme_znd_descr_from_dev_in_state,
	(any_function)xnvme_znd_stat,
	(any_function)xnvme_znd_log_changes_from_dev,
	(any_function)xnvme_znd_mgmt_send,
	(any_function)xnvme_znd_append,
	(any_function)xnvme_znd_zrwa_flush,
	(any_function)xnvme_znd_report_get_descr,
	(any_function)xnvme_znd_report_fpr,
	(any_function)xnvme_znd_report_pr,
	(any_function)xnvme_znd_report_from_dev,
	(any_function)xnvme_znd_report_find_arbitrary,
};

int
main(void)
{
	size_t cnt = 0;

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); ++i) {
		cnt += functions[i] != NULL;
	}
	printf("%zu functions with the signatures that programs expect\n", cnt);
	return cnt != sizeof(functions) / sizeof(functions[0]);
}
