/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Zoned Namespace command set
 */
#ifndef LIBXNVME_ZND_H
#define LIBXNVME_ZND_H

#include <stdio.h>
#include <libxnvme_cmd.h>

#ifdef __cplusplus
extern "C" {
#endif

struct xnvme_znd_report {
	uint64_t nzones;
	uint32_t zd_nbytes;
	uint32_t zdext_nbytes;
	uint64_t zslba;
	uint64_t zelba;
	uint32_t nentries;
	uint8_t extended;
	uint8_t _pad[3];
	uint64_t zrent_nbytes;
	uint64_t report_nbytes;
	uint64_t entries_nbytes;
	uint8_t storage[];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_znd_report) == 64, "incorrect size")

const struct xnvme_spec_znd_idfy_ns *xnvme_znd_dev_get_ns(struct xnvme_dev *dev);

const struct xnvme_spec_znd_idfy_ctrlr *xnvme_znd_dev_get_ctrlr(struct xnvme_dev *dev);

const struct xnvme_spec_znd_idfy_lbafe *xnvme_znd_dev_get_lbafe(struct xnvme_dev *dev);

int xnvme_znd_mgmt_recv(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t slba, enum xnvme_spec_znd_cmd_mgmt_recv_action zra, enum xnvme_spec_znd_cmd_mgmt_recv_action_sf zrasf, uint8_t partial, void *dbuf, uint32_t dbuf_nbytes);

int xnvme_znd_descr_from_dev(struct xnvme_dev *dev, uint64_t slba, struct xnvme_spec_znd_descr *zdescr);

int xnvme_znd_descr_from_dev_in_state(struct xnvme_dev *dev, enum xnvme_spec_znd_state state, struct xnvme_spec_znd_descr *zdescr);

int xnvme_znd_stat(struct xnvme_dev *dev, enum xnvme_spec_znd_cmd_mgmt_recv_action_sf sfield, uint64_t *nzones);

struct xnvme_spec_znd_log_changes *xnvme_znd_log_changes_from_dev(struct xnvme_dev *dev);

int xnvme_znd_mgmt_send(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t zslba, bool select_all, enum xnvme_spec_znd_cmd_mgmt_send_action zsa, enum xnvme_spec_znd_mgmt_send_action_so zsa_so, void *dbuf);

int xnvme_znd_append(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t zslba, uint16_t nlb, const void *dbuf, const void *mbuf);

int xnvme_znd_zrwa_flush(struct xnvme_cmd_ctx *ctx, uint32_t nsid, uint64_t lba);

int xnvme_znd_report_get_descr(const struct xnvme_znd_report *report, uint32_t index, struct xnvme_spec_znd_descr **descr, void **ext);

int xnvme_znd_report_fpr(FILE *stream, const struct xnvme_znd_report *report, int flags);

int xnvme_znd_report_pr(const struct xnvme_znd_report *report, int flags);

struct xnvme_znd_report *xnvme_znd_report_from_dev(struct xnvme_dev *dev, uint64_t slba, size_t limit, uint8_t extended);

int xnvme_znd_report_find_arbitrary(const struct xnvme_znd_report *report, enum xnvme_spec_znd_state state, uint64_t *zlba, int opts);

/* Pointer to descriptor `nth` of a report of plain (not extended) descriptors */
#define XNVME_ZND_REPORT_DESCR(rprt, nth) \
	((struct xnvme_spec_znd_descr *)&(rprt)->storage[(nth) * (rprt)->zrent_nbytes])

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_ZND_H */
