/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * NVMe over Fabrics: commands, Connect data, discovery; NVMe Base 2.0, Fabrics Command Set
 */
#ifndef LIBXNVME_SPEC_FABRICS_H
#define LIBXNVME_SPEC_FABRICS_H

#include <libxnvme_spec_cmd.h>

/* Anonymous members are an extension in C99 and C++, flexible array members in C++ */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"

#ifdef __cplusplus
extern "C" {
#endif

/* Fabrics Command Type; NVMe Base 2.0, Fabrics Command Set */
enum xnvme_spec_fabrics_fctype {
	XNVME_SPEC_FABRICS_PROPERTY_SET = 0x00,
	XNVME_SPEC_FABRICS_CONNECT = 0x01,
	XNVME_SPEC_FABRICS_PROPERTY_GET = 0x04,
	XNVME_SPEC_FABRICS_AUTH_SEND = 0x05,
	XNVME_SPEC_FABRICS_AUTH_RECV = 0x06,
	XNVME_SPEC_FABRICS_DISCONNECT = 0x08,
};

/* Transport types; NVMe Base 2.0, Get Log Page */
enum xnvme_spec_fabrics_trtype {
	XNVME_SPEC_TRTYPE_RDMA = 0x1,
	XNVME_SPEC_TRTYPE_FC = 0x2,
	XNVME_SPEC_TRTYPE_TCP = 0x3,
	XNVME_SPEC_TRTYPE_LOOP = 0xfe,
};

/* Address families; NVMe Base 2.0, Get Log Page */
enum xnvme_spec_fabrics_adrfam {
	XNVME_SPEC_ADRFAM_IPV4 = 0x1,
	XNVME_SPEC_ADRFAM_IPV6 = 0x2,
	XNVME_SPEC_ADRFAM_IB = 0x3,
	XNVME_SPEC_ADRFAM_FC = 0x4,
	XNVME_SPEC_ADRFAM_LOOP = 0xfe,
};

/* Subsystem types of a discovery entry; NVMe Base 2.0, Get Log Page */
enum xnvme_spec_fabrics_subtype {
	XNVME_SPEC_SUBTYPE_REFERRAL = 0x1,
	XNVME_SPEC_SUBTYPE_NVM = 0x2,
	XNVME_SPEC_SUBTYPE_DISCOVERY = 0x3,
};

/* Well-known NQN of all discovery subsystems; NVMe Base 2.0, NVMe Qualified Names */
#define XNVME_SPEC_DISCOVERY_NQN "nqn.2014-08.org.nvmexpress.discovery"

/*
 * Connect's CNTLID: any controller (dynamic model), any static controller; NVMe Base 2.0, Connect
 */
#define XNVME_SPEC_CNTLID_DYNAMIC 0xffffU
#define XNVME_SPEC_CNTLID_STATIC 0xfffeU

/* Bits of Connect's CATTR; NVMe Base 2.0, Connect */
#define XNVME_SPEC_CONNECT_CATTR_PRIORITY 0x03U
#define XNVME_SPEC_CONNECT_CATTR_NO_SQ_FLOW 0x04U
#define XNVME_SPEC_CONNECT_CATTR_SQ_DELETE 0x08U

/* Common fields of Fabrics commands; NVMe Base 2.0, Fabrics Command Set */
struct xnvme_spec_fabrics_common {
	uint8_t opcode; /* 0: 7Fh */
	uint8_t flags; /* 1 */
	uint16_t cid; /* 2 */
	uint8_t fctype; /* 4 */
	uint8_t rsvd5[19]; /* 5 */
	struct xnvme_spec_sgl_descriptor sgl1; /* 24 */
	uint8_t specific[24]; /* 40 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_fabrics_common) == 64, "incorrect size")

/* Connect; NVMe Base 2.0 */
struct xnvme_spec_fabrics_connect {
	uint8_t opcode; /* 0 */
	uint8_t flags; /* 1 */
	uint16_t cid; /* 2 */
	uint8_t fctype; /* 4 */
	uint8_t rsvd5[19]; /* 5 */
	struct xnvme_spec_sgl_descriptor sgl1; /* 24 */
	uint16_t recfmt; /* 40 */
	uint16_t qid; /* 42 */
	uint16_t sqsize; /* 44: 0's based */
	uint8_t cattr; /* 46 */
	uint8_t rsvd47; /* 47 */
	uint32_t kato; /* 48: milliseconds */
	uint8_t rsvd52[12]; /* 52 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_fabrics_connect) == 64, "incorrect size")

/* Property Get and Property Set; NVMe Base 2.0, Property Get, Property Set */
struct xnvme_spec_fabrics_prop {
	uint8_t opcode; /* 0 */
	uint8_t flags; /* 1 */
	uint16_t cid; /* 2 */
	uint8_t fctype; /* 4 */
	uint8_t rsvd5[35]; /* 5 */
	uint8_t attrib; /* 40: size, 0 is four bytes and 1 is eight */
	uint8_t rsvd41[3]; /* 41 */
	uint32_t ofst; /* 44 */
	uint64_t value; /* 48: of Property Set */
	uint8_t rsvd56[8]; /* 56 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_fabrics_prop) == 64, "incorrect size")

/* Disconnect; NVMe Base 2.0 */
struct xnvme_spec_fabrics_disconnect {
	uint8_t opcode; /* 0 */
	uint8_t flags; /* 1 */
	uint16_t cid; /* 2 */
	uint8_t fctype; /* 4 */
	uint8_t rsvd5[35]; /* 5 */
	uint16_t recfmt; /* 40 */
	uint8_t rsvd42[22]; /* 42 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_fabrics_disconnect) == 64, "incorrect size")

/* Data of Connect; NVMe Base 2.0, Connect */
struct xnvme_spec_fabrics_connect_data {
	uint8_t hostid[16]; /* 0 */
	uint16_t cntlid; /* 16 */
	uint8_t rsvd18[238]; /* 18 */
	char subnqn[256]; /* 256 */
	char hostnqn[256]; /* 512 */
	uint8_t rsvd768[256]; /* 768 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_fabrics_connect_data) == 1024, "incorrect size")

/* Completion of Connect; NVMe Base 2.0, Connect */
struct xnvme_spec_fabrics_connect_cpl {
	union {
		struct {
			uint16_t cntlid;
			uint16_t authreq;
		} success;
		struct {
			uint16_t ipo; /* byte offset of the invalid parameter */
			uint8_t iattr; /* bit 0: 1 in the data, 0 in the command */
			uint8_t rsvd3;
		} invalid;
		uint32_t val;
	}; /* 0 */
	uint32_t rsvd4; /* 4 */
	uint16_t sqhd; /* 8 */
	uint16_t rsvd10; /* 10 */
	uint16_t cid; /* 12 */
	uint16_t status; /* 14 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_fabrics_connect_cpl) == 16, "incorrect size")

/* Entry of the Discovery log page; NVMe Base 2.0, Get Log Page */
struct xnvme_spec_log_discovery_entry {
	uint8_t trtype; /* 0 */
	uint8_t adrfam; /* 1 */
	uint8_t subtype; /* 2 */
	uint8_t treq; /* 3 */
	uint16_t portid; /* 4 */
	uint16_t cntlid; /* 6 */
	uint16_t asqsz; /* 8 */
	uint16_t eflags; /* 10 */
	uint8_t rsvd12[20]; /* 12 */
	char trsvcid[32]; /* 32 */
	uint8_t rsvd64[192]; /* 64 */
	char subnqn[256]; /* 256 */
	char traddr[256]; /* 512 */
	uint8_t tsas[256]; /* 768 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_log_discovery_entry) == 1024, "incorrect size")

/* Discovery log page (70h); NVMe Base 2.0, Get Log Page */
struct xnvme_spec_log_discovery {
	uint64_t genctr; /* 0 */
	uint64_t numrec; /* 8 */
	uint16_t recfmt; /* 16 */
	uint8_t rsvd18[1006]; /* 18 */
	struct xnvme_spec_log_discovery_entry entry[]; /* 1024 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_log_discovery) == 1024, "incorrect size")

#ifdef __cplusplus
}
#endif

#pragma GCC diagnostic pop

#endif /* LIBXNVME_SPEC_FABRICS_H */
