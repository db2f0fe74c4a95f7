/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Submission queue entries: the common part, data pointers, admin commands; NVMe Base 2.0,
 * Submission Queue Entry, Admin Command Set
 *
 * The structures in this header and in those of the command sets have the layout of the standard,
 * byte for byte. Bit-fields rely on the layout of gcc and clang on a little-endian machine; on
 * other machines this header does not compile.
 */
#ifndef LIBXNVME_SPEC_CMD_H
#define LIBXNVME_SPEC_CMD_H

#include <libxnvme_base.h>

/* Anonymous members are an extension in C99 and C++, flexible array members in C++ */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"

#ifdef __cplusplus
extern "C" {
#endif

#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "These structures are bytes of NVMe, little-endian: build for a little-endian machine"
#endif

#define XNVME_SPEC_CTRLR_SN_LEN 20
#define XNVME_SPEC_CTRLR_MN_LEN 40
#define XNVME_SPEC_CTRLR_FR_LEN 8

/* NSID of all namespaces (broadcast); NVMe Base 2.0, Namespaces */
#define XNVME_SPEC_NSID_ALL 0xffffffffU

/* I/O Command Set Identifier; NVMe Base 2.0, Identify */
enum xnvme_spec_csi {
	XNVME_SPEC_CSI_NVM = 0x0,
	XNVME_SPEC_CSI_KV = 0x1,
	XNVME_SPEC_CSI_ZONED = 0x2,
};

/* Opcodes for Admin Commands; NVMe Base 2.0, Admin Command Set */
enum xnvme_spec_adm_opc {
	XNVME_SPEC_ADM_OPC_DELETE_SQ = 0x0,
	XNVME_SPEC_ADM_OPC_CREATE_SQ = 0x1,
	XNVME_SPEC_ADM_OPC_LOG = 0x2,
	XNVME_SPEC_ADM_OPC_DELETE_CQ = 0x4,
	XNVME_SPEC_ADM_OPC_CREATE_CQ = 0x5,
	XNVME_SPEC_ADM_OPC_IDFY = 0x6,
	XNVME_SPEC_ADM_OPC_ABORT = 0x8,
	XNVME_SPEC_ADM_OPC_SFEAT = 0x9,
	XNVME_SPEC_ADM_OPC_GFEAT = 0xa,
	XNVME_SPEC_ADM_OPC_ASYNC_EVENT = 0xc,
	XNVME_SPEC_ADM_OPC_NS_MGMT = 0xd,
	XNVME_SPEC_ADM_OPC_FW_COMMIT = 0x10,
	XNVME_SPEC_ADM_OPC_FW_DOWNLOAD = 0x11,
	XNVME_SPEC_ADM_OPC_SELFTEST = 0x14,
	XNVME_SPEC_ADM_OPC_NS_ATTACH = 0x15,
	XNVME_SPEC_ADM_OPC_KEEP_ALIVE = 0x18,
	XNVME_SPEC_ADM_OPC_DSEND = 0x19,
	XNVME_SPEC_ADM_OPC_DRECV = 0x1a,
	XNVME_SPEC_ADM_OPC_VIRT_MGMT = 0x1c,
	XNVME_SPEC_ADM_OPC_MI_SEND = 0x1d,
	XNVME_SPEC_ADM_OPC_MI_RECV = 0x1e,
	XNVME_SPEC_ADM_OPC_CAPACITY_MGMT = 0x20,
	XNVME_SPEC_ADM_OPC_LOCKDOWN = 0x24,
	XNVME_SPEC_ADM_OPC_DOORBELL_BUFFER = 0x7c,
	XNVME_SPEC_ADM_OPC_FABRICS = 0x7f,
	XNVME_SPEC_ADM_OPC_FORMAT = 0x80,
	XNVME_SPEC_ADM_OPC_SECURITY_SEND = 0x81,
	XNVME_SPEC_ADM_OPC_SECURITY_RECV = 0x82,
	XNVME_SPEC_ADM_OPC_SANITIZE = 0x84,
	XNVME_SPEC_ADM_OPC_GET_LBA_STATUS = 0x86,
};

/* Upper half of CDW12 of Read, Write and similar commands; NVM Command Set 1.0, Read */
enum xnvme_spec_flag {
	XNVME_SPEC_FLAG_LIMITED_RETRY = 0x8000,
	XNVME_SPEC_FLAG_FORCE_UNIT_ACCESS = 0x4000,
	XNVME_SPEC_FLAG_PRINFO_PRCHK_REF = 0x400,
	XNVME_SPEC_FLAG_PRINFO_PRCHK_APP = 0x800,
	XNVME_SPEC_FLAG_PRINFO_PRCHK_GUARD = 0x1000,
	XNVME_SPEC_FLAG_PRINFO_PRACT = 0x2000,
};

/* FUSE field of CDW0; NVMe Base 2.0, Submission Queue Entry */
enum xnvme_spec_fuse {
	XNVME_SPEC_FUSE_NONE = 0x0,
	XNVME_SPEC_FUSE_FIRST = 0x1,
	XNVME_SPEC_FUSE_SECOND = 0x2,
};

/* SGL Descriptor Type; NVMe Base 2.0, Scatter Gather List. 5h: Transport SGL Data Block. */
enum xnvme_nvme_sgl_descriptor_type {
	XNVME_SPEC_SGL_DESCR_TYPE_DATA_BLOCK = 0x0,
	XNVME_SPEC_SGL_DESCR_TYPE_BIT_BUCKET = 0x1,
	XNVME_SPEC_SGL_DESCR_TYPE_SEGMENT = 0x2,
	XNVME_SPEC_SGL_DESCR_TYPE_LAST_SEGMENT = 0x3,
	XNVME_SPEC_SGL_DESCR_TYPE_KEYED_DATA_BLOCK = 0x4,
	XNVME_SPEC_SGL_DESCR_TYPE_TRANSPORT_DATA_BLOCK = 0x5,
	XNVME_SPEC_SGL_DESCR_TYPE_VENDOR_SPECIFIC = 0xf,
};

/*
 * SGL Descriptor Sub Type; NVMe Base 2.0, Scatter Gather List. Ah: transport specific, as in
 * NVMe/TCP.
 */
enum xnvme_spec_sgl_descriptor_subtype {
	XNVME_SPEC_SGL_DESCR_SUBTYPE_ADDRESS = 0x0,
	XNVME_SPEC_SGL_DESCR_SUBTYPE_OFFSET = 0x1,
	XNVME_SPEC_SGL_DESCR_SUBTYPE_TRANSPORT = 0xa,
};

/* PRP or SGL for Data Transfer; NVMe Base 2.0, Submission Queue Entry */
enum xnvme_spec_psdt {
	XNVME_SPEC_PSDT_PRP = 0x0,
	XNVME_SPEC_PSDT_SGL_MPTR_CONTIGUOUS = 0x1,
	XNVME_SPEC_PSDT_SGL_MPTR_SGL = 0x2,
};

/*
 * SGL descriptor; NVMe Base 2.0, Scatter Gather List. The keyed form: length in 24 bits, then a
 * 32-bit key.
 */
struct xnvme_spec_sgl_descriptor {
	uint64_t addr;
	union {
		struct {
			uint64_t rsvd : 56;
			uint64_t subtype : 4;
			uint64_t type : 4;
		} generic;
		struct {
			uint64_t len : 32;
			uint64_t rsvd : 24;
			uint64_t subtype : 4;
			uint64_t type : 4;
		} unkeyed;
		struct {
			uint8_t len[3];
			uint8_t key[4];
			uint8_t id; /* subtype in bits 3:0, type in bits 7:4 */
		} keyed;
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_sgl_descriptor) == 16, "incorrect size")

/* Common Command Format; NVMe Base 2.0, Submission Queue Entry */
struct xnvme_spec_cmd_common {
	uint16_t opcode : 8;
	uint16_t fuse : 2;
	uint16_t rsvd : 4;
	uint16_t psdt : 2;
	uint16_t cid;
	uint32_t nsid;
	uint32_t cdw02;
	uint32_t cdw03;
	uint64_t mptr;
	union {
		struct {
			uint64_t prp1;
			uint64_t prp2;
		} prp;
		struct xnvme_spec_sgl_descriptor sgl;
		struct {
			uint64_t data;
			uint32_t metadata_len;
			uint32_t data_len;
		} lnx_ioctl;
	} dptr;
	uint32_t ndt;
	uint32_t ndm;
	uint32_t cdw12;
	uint32_t cdw13;
	uint32_t cdw14;
	uint32_t cdw15;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_common) == 64, "incorrect size")

/* Create I/O Submission Queue; NVMe Base 2.0 */
struct xnvme_spec_cmd_create_sq {
	uint32_t cdw00_09[10]; /* 0 */
	uint16_t qid; /* 40 */
	uint16_t qsize; /* 42: 0's based */
	uint16_t pc : 1;
	uint16_t qprio : 2;
	uint16_t rsvd11 : 13;
	uint16_t cqid; /* 46 */
	uint16_t nvmsetid; /* 48 */
	uint16_t rsvd12; /* 50 */
	uint32_t cdw13_15[3]; /* 52 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_create_sq) == 64, "incorrect size")

/* Create I/O Completion Queue; NVMe Base 2.0 */
struct xnvme_spec_cmd_create_cq {
	uint32_t cdw00_09[10]; /* 0 */
	uint16_t qid; /* 40 */
	uint16_t qsize; /* 42: 0's based */
	uint16_t pc : 1;
	uint16_t ien : 1;
	uint16_t rsvd11 : 14;
	uint16_t iv; /* 46 */
	uint32_t cdw12_15[4]; /* 48 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_create_cq) == 64, "incorrect size")

/*
 * Delete I/O Submission Queue, Delete I/O Completion Queue; NVMe Base 2.0, Delete I/O Submission
 * Queue
 */
struct xnvme_spec_cmd_delete_q {
	uint32_t cdw00_09[10]; /* 0 */
	uint16_t qid; /* 40 */
	uint16_t rsvd10; /* 42 */
	uint32_t cdw11_15[5]; /* 44 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_delete_q) == 64, "incorrect size")

/* Abort; NVMe Base 2.0 */
struct xnvme_spec_cmd_abort {
	uint32_t cdw00_09[10]; /* 0 */
	uint16_t sqid; /* 40 */
	uint16_t cid; /* 42 */
	uint32_t cdw11_15[5]; /* 44 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_abort) == 64, "incorrect size")

/* Self-test Code of Device Self-test; NVMe Base 2.0, Device Self-test */
enum xnvme_spec_selftest_stc {
	XNVME_SPEC_SELFTEST_SHORT = 0x1,
	XNVME_SPEC_SELFTEST_EXTENDED = 0x2,
	XNVME_SPEC_SELFTEST_VENDOR = 0xe,
	XNVME_SPEC_SELFTEST_ABORT = 0xf,
};

/* Device Self-test; NVMe Base 2.0 */
struct xnvme_spec_cmd_selftest {
	uint32_t cdw00_09[10]; /* 0 */
	uint32_t stc : 4;
	uint32_t rsvd10 : 28;
	uint32_t cdw11_15[5]; /* 44 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_selftest) == 64, "incorrect size")

/* Commit Action of Firmware Commit; NVMe Base 2.0, Firmware Commit */
enum xnvme_spec_fw_commit_ca {
	XNVME_SPEC_FW_COMMIT_REPLACE = 0x0,
	XNVME_SPEC_FW_COMMIT_REPLACE_ACTIVATE = 0x1,
	XNVME_SPEC_FW_COMMIT_ACTIVATE = 0x2,
	XNVME_SPEC_FW_COMMIT_REPLACE_ACTIVATE_NOW = 0x3,
	XNVME_SPEC_FW_COMMIT_BOOT_REPLACE = 0x6,
	XNVME_SPEC_FW_COMMIT_BOOT_ACTIVATE = 0x7,
};

/* Firmware Commit; NVMe Base 2.0 */
struct xnvme_spec_cmd_fw_commit {
	uint32_t cdw00_09[10]; /* 0 */
	uint32_t fs : 3;
	uint32_t ca : 3;
	uint32_t rsvd10 : 25;
	uint32_t bpid : 1;
	uint32_t cdw11_15[5]; /* 44 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_fw_commit) == 64, "incorrect size")

/* Firmware Image Download; NVMe Base 2.0 */
struct xnvme_spec_cmd_fw_download {
	uint32_t cdw00_09[10]; /* 0 */
	uint32_t numd; /* 40: 0's based */
	uint32_t ofst; /* 44: in dwords */
	uint32_t cdw12_15[4]; /* 48 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_fw_download) == 64, "incorrect size")

/* Select of Namespace Management; NVMe Base 2.0, Namespace Management */
enum xnvme_spec_ns_mgmt_sel {
	XNVME_SPEC_NS_MGMT_CREATE = 0x0,
	XNVME_SPEC_NS_MGMT_DELETE = 0x1,
};

/* Namespace Management; NVMe Base 2.0 */
struct xnvme_spec_cmd_ns_mgmt {
	uint32_t cdw00_09[10]; /* 0 */
	uint32_t sel : 4;
	uint32_t rsvd10 : 28;
	uint32_t rsvd11 : 24;
	uint32_t csi : 8;
	uint32_t cdw12_15[4]; /* 48 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_ns_mgmt) == 64, "incorrect size")

/* Select of Namespace Attachment; NVMe Base 2.0, Namespace Attachment */
enum xnvme_spec_ns_attach_sel {
	XNVME_SPEC_NS_ATTACH_ATTACH = 0x0,
	XNVME_SPEC_NS_ATTACH_DETACH = 0x1,
};

/* Namespace Attachment; NVMe Base 2.0 */
struct xnvme_spec_cmd_ns_attach {
	uint32_t cdw00_09[10]; /* 0 */
	uint32_t sel : 4;
	uint32_t rsvd10 : 28;
	uint32_t cdw11_15[5]; /* 44 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_ns_attach) == 64, "incorrect size")

/* Sanitize Action; NVMe Base 2.0, Sanitize */
enum xnvme_spec_sanitize_sanact {
	XNVME_SPEC_SANITIZE_EXIT_FAILURE = 0x1,
	XNVME_SPEC_SANITIZE_BLOCK_ERASE = 0x2,
	XNVME_SPEC_SANITIZE_OVERWRITE = 0x3,
	XNVME_SPEC_SANITIZE_CRYPTO_ERASE = 0x4,
};

/* Sanitize; NVMe Base 2.0 */
struct xnvme_spec_cmd_sanitize {
	uint32_t cdw00_09[10];
	uint32_t sanact : 3;
	uint32_t ause : 1;
	uint32_t owpass : 4;
	uint32_t oipbp : 1;
	uint32_t nodas : 1;
	uint32_t rsvd : 22;
	uint32_t ovrpat;
	uint32_t cdw12_15[4];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_sanitize) == 64, "incorrect size")

/* Secure Erase Settings of Format NVM; NVMe Base 2.0, Format NVM */
enum xnvme_spec_format_ses {
	XNVME_SPEC_FORMAT_SES_NONE = 0x0,
	XNVME_SPEC_FORMAT_SES_USER_DATA = 0x1,
	XNVME_SPEC_FORMAT_SES_CRYPTO = 0x2,
};

/* Format NVM; NVMe Base 2.0 */
struct xnvme_spec_cmd_format {
	uint32_t cdw00_09[10];
	uint32_t lbafl : 4;
	uint32_t mset : 1;
	uint32_t pi : 3;
	uint32_t pil : 1;
	uint32_t ses : 3;
	uint32_t lbafu : 2;
	uint32_t rsvd : 18;
	uint32_t cdw11_15[5];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_format) == 64, "incorrect size")

/* Identify; NVMe Base 2.0 */
struct xnvme_spec_cmd_idfy {
	uint32_t cdw00_09[10];
	uint32_t cns : 8;
	uint32_t rsvd1 : 8;
	uint32_t cntid : 16;
	uint32_t nvmsetid : 16;
	uint32_t rsvd2 : 8;
	uint32_t csi : 8;
	uint32_t cdw12_13[2];
	uint32_t uuid : 7;
	uint32_t rsvd3 : 25;
	uint32_t cdw15;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_idfy) == 64, "incorrect size")

/* Get Log Page; NVMe Base 2.0 */
struct xnvme_spec_cmd_log {
	uint32_t cdw00_09[10];
	uint32_t lid : 8;
	uint32_t lsp : 7;
	uint32_t rae : 1;
	uint32_t numdl : 16;
	uint32_t numdu : 16;
	uint32_t lsi : 16;
	uint32_t lpol;
	uint32_t lpou;
	uint32_t uuidx : 7;
	uint32_t rsvd1 : 16;
	uint32_t ot : 1;
	uint32_t csi : 8;
	uint32_t cdw15;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_log) == 64, "incorrect size")

#ifdef __cplusplus
}
#endif

#pragma GCC diagnostic pop

#endif /* LIBXNVME_SPEC_CMD_H */
