/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The structures and constants of the NVMe standard: the only definition of each in the tree
 *
 * The comment of each structure names its section of the standard: NVMe Base 2.0, NVM Command Set
 * 1.0, ZNS Command Set 1.1, KV Command Set 1.0, NVMe PCIe Transport 1.0. Sections are named by
 * title, since their numbers change between revisions, and omitted where the title is the name of
 * the structure. Names and layouts are those of upstream xNVMe where it has them; where its layout
 * differs from the standard's, the layout follows the standard and the names stay. Freestanding.
 */
#ifndef LIBXNVME_SPEC_H
#define LIBXNVME_SPEC_H

#include <libxnvme_base.h>
#include <libxnvme_spec_reg.h>
#include <libxnvme_spec_status.h>
#include <libxnvme_spec_cmd.h>
#include <libxnvme_spec_dir.h>
#include <libxnvme_spec_idfy.h>
#include <libxnvme_spec_feat.h>
#include <libxnvme_spec_log.h>
#include <libxnvme_spec_fdp.h>
#include <libxnvme_spec_nvm.h>
#include <libxnvme_spec_znd.h>
#include <libxnvme_spec_kv.h>
#include <libxnvme_spec_fabrics.h>

/* Anonymous members are an extension in C99 and C++, flexible array members in C++ */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"

#ifdef __cplusplus
extern "C" {
#endif

/* A submission queue entry of any command; NVMe Base 2.0, Submission Queue Entry */
struct xnvme_spec_cmd {
	union {
		struct xnvme_spec_cmd_common common;
		struct xnvme_spec_cmd_sanitize sanitize;
		struct xnvme_spec_cmd_format format;
		struct xnvme_spec_cmd_log log;
		struct xnvme_spec_cmd_gfeat gfeat;
		struct xnvme_spec_cmd_sfeat sfeat;
		struct xnvme_spec_cmd_idfy idfy;
		struct xnvme_spec_cmd_dsend dsend;
		struct xnvme_spec_cmd_drecv drecv;
		struct xnvme_spec_cmd_nvm nvm;
		struct xnvme_spec_cmd_dsm dsm;
		struct xnvme_spec_nvm_cmd_scopy scopy;
		struct xnvme_spec_nvm_write_zeroes write_zeroes;
		struct xnvme_spec_znd_cmd znd;
		struct xnvme_spec_io_mgmt_cmd mgmt;
		struct xnvme_spec_kvs_cmd kvs;
		struct xnvme_spec_nvm_compare compare;
		struct xnvme_spec_cmd_create_sq create_sq;
		struct xnvme_spec_cmd_create_cq create_cq;
		struct xnvme_spec_cmd_delete_q delete_q;
		struct xnvme_spec_cmd_abort abort;
		struct xnvme_spec_cmd_selftest selftest;
		struct xnvme_spec_cmd_fw_commit fw_commit;
		struct xnvme_spec_cmd_fw_download fw_download;
		struct xnvme_spec_cmd_ns_mgmt ns_mgmt;
		struct xnvme_spec_cmd_ns_attach ns_attach;
		struct xnvme_spec_cmd_lba_status lba_status;
		struct xnvme_spec_cmd_resv resv;
		struct xnvme_spec_cmd_resv_report resv_report;
		struct xnvme_spec_fabrics_common fabrics;
		struct xnvme_spec_fabrics_connect connect;
		struct xnvme_spec_fabrics_prop prop;
		struct xnvme_spec_fabrics_disconnect disconnect;
		uint32_t cdw[16];
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd) == 64, "incorrect size")

#ifdef __cplusplus
}
#endif

#pragma GCC diagnostic pop

#endif /* LIBXNVME_SPEC_H */
