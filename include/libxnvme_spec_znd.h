/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Zoned Namespace command set; ZNS Command Set 1.1
 */
#ifndef LIBXNVME_SPEC_ZND_H
#define LIBXNVME_SPEC_ZND_H

#include <libxnvme_spec_idfy.h>

/* Anonymous members are an extension in C99 and C++, flexible array members in C++ */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"

#ifdef __cplusplus
extern "C" {
#endif

#define ZND_CHANGES_LEN 511

/* Log Page Identifiers; ZNS Command Set 1.1, Get Log Page */
enum xnvme_spec_znd_log_lid {
	XNVME_SPEC_LOG_ZND_CHANGES = 0xbf,
};

/* Opcodes; ZNS Command Set 1.1 */
enum xnvme_spec_znd_opc {
	XNVME_SPEC_ZND_OPC_MGMT_SEND = 0x79,
	XNVME_SPEC_ZND_OPC_MGMT_RECV = 0x7a,
	XNVME_SPEC_ZND_OPC_APPEND = 0x7d,
};

/*
 * ZSASO, action specific option of Zone Management Send; ZNS Command Set 1.1, Zone Management
 * Send
 */
enum xnvme_spec_znd_mgmt_send_action_so {
	XNVME_SPEC_ZND_MGMT_OPEN_WITH_ZRWA = 0x1,
};

/* Zone Send Action; ZNS Command Set 1.1, Zone Management Send */
enum xnvme_spec_znd_cmd_mgmt_send_action {
	XNVME_SPEC_ZND_CMD_MGMT_SEND_CLOSE = 0x1,
	XNVME_SPEC_ZND_CMD_MGMT_SEND_FINISH = 0x2,
	XNVME_SPEC_ZND_CMD_MGMT_SEND_OPEN = 0x3,
	XNVME_SPEC_ZND_CMD_MGMT_SEND_RESET = 0x4,
	XNVME_SPEC_ZND_CMD_MGMT_SEND_OFFLINE = 0x5,
	XNVME_SPEC_ZND_CMD_MGMT_SEND_DESCRIPTOR = 0x10,
	XNVME_SPEC_ZND_CMD_MGMT_SEND_FLUSH = 0x11,
};

/*
 * Zone Receive Action Specific Field: which zones to report; ZNS Command Set 1.1, Zone Management
 * Receive
 */
enum xnvme_spec_znd_cmd_mgmt_recv_action_sf {
	XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_ALL = 0x0,
	XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_EMPTY = 0x1,
	XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_IOPEN = 0x2,
	XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_EOPEN = 0x3,
	XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_CLOSED = 0x4,
	XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_FULL = 0x5,
	XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_RONLY = 0x6,
	XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_OFFLINE = 0x7,
};

/* Zone Receive Action; ZNS Command Set 1.1, Zone Management Receive */
enum xnvme_spec_znd_cmd_mgmt_recv_action {
	XNVME_SPEC_ZND_CMD_MGMT_RECV_ACTION_REPORT = 0x0,
	XNVME_SPEC_ZND_CMD_MGMT_RECV_ACTION_REPORT_EXTENDED = 0x1,
};

/* Zone Type; ZNS Command Set 1.1, Zone Types */
enum xnvme_spec_znd_type {
	XNVME_SPEC_ZND_TYPE_SEQWR = 0x2,
};

/* Zone State; ZNS Command Set 1.1, Zone State Machine */
enum xnvme_spec_znd_state {
	XNVME_SPEC_ZND_STATE_EMPTY = 0x1,
	XNVME_SPEC_ZND_STATE_IOPEN = 0x2,
	XNVME_SPEC_ZND_STATE_EOPEN = 0x3,
	XNVME_SPEC_ZND_STATE_CLOSED = 0x4,
	XNVME_SPEC_ZND_STATE_RONLY = 0xd,
	XNVME_SPEC_ZND_STATE_FULL = 0xe,
	XNVME_SPEC_ZND_STATE_OFFLINE = 0xf,
};

/* Zone Management Send; ZNS Command Set 1.1 */
struct xnvme_spec_znd_cmd_mgmt_send {
	uint32_t cdw00_09[10];
	uint64_t slba;
	uint32_t nrange;
	uint32_t zsa : 8;
	uint32_t select_all : 1;
	uint32_t zsaso : 1;
	uint32_t rsvd : 22;
	uint32_t cdw14_15[2];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_znd_cmd_mgmt_send) == 64, "incorrect size")

/* Zone Management Receive; ZNS Command Set 1.1 */
struct xnvme_spec_znd_cmd_mgmt_recv {
	uint32_t cdw00_09[10];
	uint64_t slba;
	uint32_t ndwords;
	uint32_t zra : 8;
	uint32_t zrasf : 8;
	uint32_t partial : 1;
	uint32_t rsvd : 15;
	uint64_t addrs_dst;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_znd_cmd_mgmt_recv) == 64, "incorrect size")

/* Zone Append; ZNS Command Set 1.1. PIREMAP requests that reference tags are remapped. */
struct xnvme_spec_znd_cmd_append {
	uint32_t cdw00_09[10];
	uint64_t zslba;
	uint32_t nlb : 16;
	uint32_t rsvd : 4;
	uint32_t dtype : 4;
	uint32_t rsvd2 : 1;
	uint32_t piremap : 1;
	uint32_t prinfo : 4;
	uint32_t fua : 1;
	uint32_t lr : 1;
	union {
		uint32_t cdw13_15[3];
		struct {
			uint16_t rsvd13;
			uint16_t dspec;
			uint32_t ilbrt;
			uint16_t lbat;
			uint16_t lbatm;
		};
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_znd_cmd_append) == 64, "incorrect size")

/* Commands; ZNS Command Set 1.1, I/O Commands */
struct xnvme_spec_znd_cmd {
	union {
		struct xnvme_spec_znd_cmd_mgmt_send mgmt_send;
		struct xnvme_spec_znd_cmd_mgmt_recv mgmt_recv;
		struct xnvme_spec_znd_cmd_append append;
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_znd_cmd) == 64, "incorrect size")

/* Identify Controller, Zoned Namespace Command Set (CNS 06h); ZNS Command Set 1.1, Identify */
struct xnvme_spec_znd_idfy_ctrlr {
	uint8_t zasl;
	uint8_t rsvd8[4095];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_znd_idfy_ctrlr) == 4096, "incorrect size")

/* LBA Format Extension; ZNS Command Set 1.1, Identify */
struct xnvme_spec_znd_idfy_lbafe {
	uint64_t zsze;
	uint8_t zdes;
	uint8_t rsvd[7];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_znd_idfy_lbafe) == 16, "incorrect size")

/* Identify Namespace, Zoned Namespace Command Set (CNS 05h); ZNS Command Set 1.1, Identify */
struct xnvme_spec_znd_idfy_ns {
	union {
		struct {
			uint16_t vzcap : 1;
			uint16_t zae : 1;
			uint16_t rsvd : 14;
		} bits;
		uint16_t val;
	} zoc;
	union {
		struct {
			uint16_t razb : 1;
			uint16_t zrwasup : 1;
			uint16_t rsvd : 14;
		} bits;
		uint16_t val;
	} ozcs;
	uint32_t mar;
	uint32_t mor;
	uint32_t rrl;
	uint32_t frl;
	uint8_t rsvd12[24];
	uint32_t numzrwa;
	uint16_t zrwafg;
	uint16_t zrwas;
	union {
		struct {
			uint8_t expflushsup : 1;
			uint8_t rsvd0 : 7;
		} bits;
		uint8_t val;
	} zrwacap;
	uint8_t rsvd53[2763];
	union {
		struct xnvme_spec_znd_idfy_lbafe lbafe[64];
		struct {
			uint8_t lbafe16[256];
			uint8_t rsvd3072[768];
		};
	};
	uint8_t vs[256];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_znd_idfy_ns) == 4096, "incorrect size")

/* Data returned by Identify for the Zoned Namespace command set; ZNS Command Set 1.1, Identify */
struct xnvme_spec_znd_idfy {
	union {
		struct xnvme_spec_idfy base;
		struct xnvme_spec_znd_idfy_ctrlr zctrlr;
		struct xnvme_spec_znd_idfy_ns zns;
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_znd_idfy) == 4096, "incorrect size")

/* Changed Zone List (BFh); ZNS Command Set 1.1, Get Log Page */
struct xnvme_spec_znd_log_changes {
	uint16_t nidents;
	uint8_t rsvd2[6];
	uint64_t idents[511];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_znd_log_changes) == 4096, "incorrect size")

/* Zone Descriptor; ZNS Command Set 1.1, Zone Management Receive */
struct xnvme_spec_znd_descr {
	uint8_t zt : 4;
	uint8_t rsvd0 : 4;
	uint8_t rsvd1 : 4;
	uint8_t zs : 4;
	union {
		struct {
			uint8_t zfc : 1;
			uint8_t zfr : 1;
			uint8_t rzr : 1;
			uint8_t zrwav : 1;
			uint8_t rsvd3 : 3;
			uint8_t zdev : 1;
		};
		uint8_t val;
	} za;
	uint8_t rsvd7[5];
	uint64_t zcap;
	uint64_t zslba;
	uint64_t wp;
	uint8_t rsvd63[32];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_znd_descr) == 64, "incorrect size")

/* Report Zones, the header; ZNS Command Set 1.1, Zone Management Receive */
struct xnvme_spec_znd_report_hdr {
	uint64_t nzones;
	uint8_t rsvd[56];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_znd_report_hdr) == 64, "incorrect size")

#ifdef __cplusplus
}
#endif

#pragma GCC diagnostic pop

#endif /* LIBXNVME_SPEC_ZND_H */
