/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The NVM command set; NVM Command Set 1.0
 */
#ifndef LIBXNVME_SPEC_NVM_H
#define LIBXNVME_SPEC_NVM_H

#include <libxnvme_spec_idfy.h>

/* Anonymous members are an extension in C99 and C++, flexible array members in C++ */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"

#ifdef __cplusplus
extern "C" {
#endif

#define XNVME_SPEC_NVM_SCOPY_NENTRY_MAX 128

/* Protection Information Formats; NVM Command Set 1.0, End-to-end Data Protection */
enum xnvme_spec_nvm_ns_pif {
	XNVME_SPEC_NVM_NS_16B_GUARD = 0x0,
	XNVME_SPEC_NVM_NS_32B_GUARD = 0x1,
	XNVME_SPEC_NVM_NS_64B_GUARD = 0x2,
};

/* Opcodes for NVM Commands; NVM Command Set 1.0, I/O Commands. FMT and SANITIZE are admin
 * commands; upstream lists them here. 0Dh to 15h, reservations: NVMe Base 2.0, I/O Commands; 12h
 * and 1Dh: TP4146. */
enum xnvme_spec_nvm_opc {
	XNVME_SPEC_NVM_OPC_FLUSH = 0x0,
	XNVME_SPEC_NVM_OPC_WRITE = 0x1,
	XNVME_SPEC_NVM_OPC_READ = 0x2,
	XNVME_SPEC_NVM_OPC_WRITE_UNCORRECTABLE = 0x4,
	XNVME_SPEC_NVM_OPC_COMPARE = 0x5,
	XNVME_SPEC_NVM_OPC_WRITE_ZEROES = 0x8,
	XNVME_SPEC_NVM_OPC_DATASET_MANAGEMENT = 0x9,
	XNVME_SPEC_NVM_OPC_VERIFY = 0xc,
	XNVME_SPEC_NVM_OPC_RESERVATION_REGISTER = 0xd,
	XNVME_SPEC_NVM_OPC_RESERVATION_REPORT = 0xe,
	XNVME_SPEC_NVM_OPC_RESERVATION_ACQUIRE = 0x11,
	XNVME_SPEC_NVM_OPC_RESERVATION_RELEASE = 0x15,
	XNVME_SPEC_NVM_OPC_CANCEL = 0x18,
	XNVME_SPEC_NVM_OPC_SCOPY = 0x19,
	XNVME_SPEC_NVM_OPC_IO_MGMT_RECV = 0x12,
	XNVME_SPEC_NVM_OPC_IO_MGMT_SEND = 0x1d,
	XNVME_SPEC_NVM_OPC_FMT = 0x80,
	XNVME_SPEC_NVM_OPC_SANITIZE = 0x84,
};

/* Copy format of xnvme_nvm_scopy(); for its value in the command see enum xnvme_spec_copy_format */
enum xnvme_nvm_scopy_fmt {
	XNVME_NVM_SCOPY_FMT_ZERO = 0x1,
	XNVME_NVM_SCOPY_FMT_SRCLEN = 0x100,
};

/* Descriptor Format of Copy; NVM Command Set 1.0, Copy; 2h and 3h: TP4130, across namespaces */
enum xnvme_spec_copy_format {
	XNVME_SPEC_COPY_FORMAT_0 = 0x0,
	XNVME_SPEC_COPY_FORMAT_1 = 0x1,
	XNVME_SPEC_COPY_FORMAT_2 = 0x2,
	XNVME_SPEC_COPY_FORMAT_3 = 0x3,
};

/*
 * PRINFO: actions on protection information; NVM Command Set 1.0, End-to-end Data Protection
 */
enum xnvme_spec_prinfo {
	XNVME_SPEC_PRINFO_PRCHK_REF = 0x1,
	XNVME_SPEC_PRINFO_PRCHK_APP = 0x2,
	XNVME_SPEC_PRINFO_PRCHK_GUARD = 0x4,
	XNVME_SPEC_PRINFO_PRACT = 0x8,
};

/*
 * Protection Information; NVM Command Set 1.0, End-to-end Data Protection. On the media and on
 * the wire every field is
 * big-endian: guard first, then Application Tag, then Storage and Reference Space.
 */
struct xnvme_pif {
	union {
		struct {
			uint16_t guard;
			uint16_t app_tag;
			uint32_t stor_ref_space;
		} g16;
		struct {
			uint32_t guard;
			uint16_t app_tag;
			uint16_t stor_ref_space_p1;
			uint64_t stor_ref_space_p2;
		} g32;
		struct {
			uint64_t guard;
			uint16_t app_tag;
			uint16_t stor_ref_space_p1;
			uint32_t stor_ref_space_p2;
		} g64;
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_pif) == 16, "incorrect size")

/*
 * Bytes of a protection information tuple by format; NVM Command Set 1.0, End-to-end Data
 * Protection
 */
#define XNVME_SPEC_PI_16B_NBYTES 8
#define XNVME_SPEC_PI_32B_NBYTES 16
#define XNVME_SPEC_PI_64B_NBYTES 16

/* Extended LBA Format; NVM Command Set 1.0, Identify */
struct xnvme_spec_elbaf {
	uint32_t sts : 7;
	uint32_t pif : 2;
	uint32_t rsvd : 23;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_elbaf) == 4, "incorrect size")

/* Read, Write and similar commands; NVM Command Set 1.0, Read, Write */
struct xnvme_spec_cmd_nvm {
	uint32_t cdw00_09[10];
	uint64_t slba;
	uint32_t nlb : 16;
	uint32_t rsvd : 4;
	uint32_t dtype : 4;
	uint32_t stc : 1;
	uint32_t rsvd2 : 1;
	uint32_t prinfo : 4;
	uint32_t fua : 1;
	uint32_t lr : 1;
	union {
		struct {
			uint32_t af : 4;
			uint32_t al : 2;
			uint32_t sr : 1;
			uint32_t incom : 1;
			uint32_t rsvd3 : 8;
			uint32_t dspec : 16;
		};
		uint32_t val;
	} cdw13;
	uint32_t ilbrt : 32;
	uint32_t lbat : 16;
	uint32_t lbatm : 16;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_nvm) == 64, "incorrect size")

/* Range of Dataset Management; NVM Command Set 1.0, Dataset Management */
struct xnvme_spec_dsm_range {
	uint32_t cattr;
	uint32_t llb;
	uint64_t slba;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_dsm_range) == 16, "incorrect size")

/* Dataset Management; NVM Command Set 1.0 */
struct xnvme_spec_cmd_dsm {
	uint32_t cdw00_09[10];
	uint32_t nr : 8;
	uint32_t rsvd1 : 24;
	uint32_t idr : 1;
	uint32_t idw : 1;
	uint32_t ad : 1;
	uint32_t rsvd2 : 29;
	uint32_t cdw12_15[4];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_dsm) == 64, "incorrect size")

/* Write Zeroes; NVM Command Set 1.0 */
struct xnvme_spec_nvm_write_zeroes {
	uint32_t cdw00_09[10];
	uint64_t slba;
	uint32_t nlb : 16;
	uint32_t rsvd1 : 8;
	uint32_t stc : 1;
	uint32_t deac : 1;
	uint32_t prinfo : 4;
	uint32_t fua : 1;
	uint32_t lr : 1;
	uint32_t cdw_13;
	uint32_t ilbrt : 32;
	uint32_t lbat : 16;
	uint32_t lbatm : 16;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_write_zeroes) == 64, "incorrect size")

/* Compare; NVM Command Set 1.0 */
struct xnvme_spec_nvm_compare {
	uint32_t cdw00_09[10];
	uint64_t slba;
	uint32_t nlb : 16;
	uint32_t rsvd1 : 8;
	uint32_t stc : 1;
	uint32_t rsvd2 : 1;
	uint32_t prinfo : 4;
	uint32_t fua : 1;
	uint32_t lr : 1;
	uint32_t cdw_13;
	uint32_t ilbrt : 32;
	uint32_t lbat : 16;
	uint32_t lbatm : 16;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_compare) == 64, "incorrect size")

/* Source Range Entry, Copy Descriptor Format 0h; NVM Command Set 1.0, Copy */
struct xnvme_spec_nvm_scopy_fmt_zero {
	uint8_t rsvd0[8];
	uint64_t slba;
	uint32_t nlb : 16;
	uint32_t rsvd20 : 16;
	uint16_t rsvd22;
	uint16_t sopt; /* format 2h: bit 0, Fast Copy only */
	uint32_t eilbrt;
	uint16_t elbat;
	uint16_t elbatm;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_scopy_fmt_zero) == 32, "incorrect size")

/* Source Range Entry, Copy Descriptor Format 2h: 0h with the source's namespace; TP4130 */
struct xnvme_spec_nvm_copy_fmt_two {
	uint32_t snsid; /* 0 */
	uint8_t rsvd4[4]; /* 4 */
	uint64_t slba; /* 8 */
	uint16_t nlb; /* 16: 0's based */
	uint8_t rsvd18[4]; /* 18 */
	uint16_t sopt; /* 22 */
	uint32_t eilbrt; /* 24 */
	uint16_t elbat; /* 28 */
	uint16_t elbatm; /* 30 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_copy_fmt_two) == 32, "incorrect size")

/* Source Range Entry, Copy Descriptor Format 1h, 32b and 64b guard; NVM Command Set 1.0, Copy */
struct xnvme_spec_nvm_copy_fmt_one {
	uint8_t rsvd0[8]; /* 0 */
	uint64_t slba; /* 8 */
	uint16_t nlb; /* 16: 0's based */
	uint8_t rsvd18[8]; /* 18 */
	uint8_t elbt[10]; /* 26: expected storage and reference tags, big-endian */
	uint16_t elbat; /* 36 */
	uint16_t elbatm; /* 38 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_copy_fmt_one) == 40, "incorrect size")

/* Source Range Entry, Copy Descriptor Format 3h: 1h with the source's namespace; TP4130 */
struct xnvme_spec_nvm_copy_fmt_three {
	uint32_t snsid; /* 0 */
	uint8_t rsvd4[4]; /* 4 */
	uint64_t slba; /* 8 */
	uint16_t nlb; /* 16: 0's based */
	uint8_t rsvd18[4]; /* 18 */
	uint16_t sopt; /* 22 */
	uint8_t rsvd24[2]; /* 24 */
	uint8_t elbt[10]; /* 26 */
	uint16_t elbat; /* 36 */
	uint16_t elbatm; /* 38 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_copy_fmt_three) == 40, "incorrect size")

/* 128 Source Range Entries of format 0h; NVM Command Set 1.0, Copy */
struct xnvme_spec_nvm_scopy_source_range {
	struct xnvme_spec_nvm_scopy_fmt_zero entry[128];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_scopy_source_range) == 4096, "incorrect size")

/* Copy; NVM Command Set 1.0. rsvd1 bit 18: PIREMAP and the like of later revisions. */
struct xnvme_spec_nvm_cmd_scopy {
	uint32_t cdw00_09[10];
	uint64_t sdlba;
	uint32_t nr : 8;
	uint32_t df : 4;
	uint32_t prinfor : 4;
	uint32_t rsvd1 : 4;
	uint32_t dtype : 4;
	uint32_t rsvd2 : 2;
	uint32_t prinfow : 4;
	uint32_t fua : 1;
	uint32_t lr : 1;
	uint32_t rsvd3 : 16;
	uint32_t dspec : 16;
	uint32_t ilbrt;
	uint32_t lbat : 16;
	uint32_t lbatm : 16;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_cmd_scopy) == 64, "incorrect size")

/* Start and length: a vendor specific copy format of upstream programs; not in a standard */
struct xnvme_spec_nvm_cmd_scopy_fmt_srclen {
	uint64_t start;
	uint64_t len;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_cmd_scopy_fmt_srclen) == 16, "incorrect size")

/* Commands of the NVM command set; NVM Command Set 1.0, I/O Commands */
struct xnvme_spec_nvm_cmd {
	union {
		struct xnvme_spec_nvm_cmd_scopy scopy;
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_cmd) == 64, "incorrect size")

/* Action Type of Get LBA Status; NVM Command Set 1.0, Get LBA Status */
enum xnvme_spec_lba_status_atype {
	XNVME_SPEC_LBA_STATUS_ATYPE_SCAN = 0x10,
	XNVME_SPEC_LBA_STATUS_ATYPE_TRACKED = 0x11,
};

/* Get LBA Status; NVM Command Set 1.0 */
struct xnvme_spec_cmd_lba_status {
	uint32_t cdw00_09[10]; /* 0 */
	uint64_t slba; /* 40 */
	uint32_t mndw; /* 48: 0's based */
	uint16_t rl; /* 52 */
	uint8_t rsvd13; /* 54 */
	uint8_t atype; /* 55 */
	uint32_t cdw14_15[2]; /* 56 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_lba_status) == 64, "incorrect size")

/* LBA Status Descriptor; NVM Command Set 1.0, Get LBA Status */
struct xnvme_spec_lba_status_descr {
	uint64_t dslba; /* 0 */
	uint32_t nlb; /* 8 */
	uint8_t rsvd12; /* 12 */
	uint8_t status; /* 13 */
	uint8_t rsvd14[2]; /* 14 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_lba_status_descr) == 16, "incorrect size")

/* LBA Status Descriptor List; NVM Command Set 1.0, Get LBA Status */
struct xnvme_spec_lba_status_list {
	uint32_t nlsd; /* 0 */
	uint8_t cmpc; /* 4: 1 ended because the buffer was full, 2 complete */
	uint8_t rsvd5[3]; /* 5 */
	struct xnvme_spec_lba_status_descr descr[]; /* 8 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_lba_status_list) == 8, "incorrect size")

/* Reservation Type; NVMe Base 2.0, Reservations */
enum xnvme_spec_resv_type {
	XNVME_SPEC_RESV_WRITE_EXCLUSIVE = 0x1,
	XNVME_SPEC_RESV_EXCLUSIVE_ACCESS = 0x2,
	XNVME_SPEC_RESV_WRITE_EXCLUSIVE_REG_ONLY = 0x3,
	XNVME_SPEC_RESV_EXCLUSIVE_ACCESS_REG_ONLY = 0x4,
	XNVME_SPEC_RESV_WRITE_EXCLUSIVE_ALL_REG = 0x5,
	XNVME_SPEC_RESV_EXCLUSIVE_ACCESS_ALL_REG = 0x6,
};

/*
 * Reservation Register, Acquire, Release: dword 10; NVMe Base 2.0, Reservation Register,
 * Reservation Acquire, Reservation Release
 */
struct xnvme_spec_cmd_resv {
	uint32_t cdw00_09[10]; /* 0 */
	uint32_t action : 3;
	uint32_t iekey : 1;
	uint32_t rsvd10 : 4;
	uint32_t rtype : 8;
	uint32_t rsvd10_16 : 14;
	uint32_t cptpl : 2; /* of Register */
	uint32_t cdw11_15[5]; /* 44 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_resv) == 64, "incorrect size")

/* Actions of Reservation Register (RREGA); NVMe Base 2.0, Reservation Register */
enum xnvme_spec_resv_rrega {
	XNVME_SPEC_RESV_REGISTER = 0x0,
	XNVME_SPEC_RESV_UNREGISTER = 0x1,
	XNVME_SPEC_RESV_REPLACE = 0x2,
};

/* Actions of Reservation Acquire (RACQA); NVMe Base 2.0, Reservation Acquire */
enum xnvme_spec_resv_racqa {
	XNVME_SPEC_RESV_ACQUIRE = 0x0,
	XNVME_SPEC_RESV_PREEMPT = 0x1,
	XNVME_SPEC_RESV_PREEMPT_ABORT = 0x2,
};

/* Actions of Reservation Release (RRELA); NVMe Base 2.0, Reservation Release */
enum xnvme_spec_resv_rrela {
	XNVME_SPEC_RESV_RELEASE = 0x0,
	XNVME_SPEC_RESV_CLEAR = 0x1,
};

/*
 * Data of Reservation Register and Acquire: two keys; of Release: the first; NVMe Base 2.0,
 * Reservation Acquire
 */
struct xnvme_spec_resv_keys {
	uint64_t crkey; /* 0 */
	uint64_t key; /* 8: new key of Register, key to preempt of Acquire */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_resv_keys) == 16, "incorrect size")

/* Reservation Report: dwords 10 and 11; NVMe Base 2.0, Reservation Report */
struct xnvme_spec_cmd_resv_report {
	uint32_t cdw00_09[10]; /* 0 */
	uint32_t numd; /* 40: 0's based */
	uint32_t eds : 1;
	uint32_t rsvd11 : 31;
	uint32_t cdw12_15[4]; /* 48 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_cmd_resv_report) == 64, "incorrect size")

/* Registered Controller; NVMe Base 2.0, Reservation Report */
struct xnvme_spec_resv_regctl {
	uint16_t cntlid; /* 0 */
	uint8_t rcsts; /* 2: bit 0, holds the reservation */
	uint8_t rsvd3[5]; /* 3 */
	uint64_t hostid; /* 8 */
	uint64_t rkey; /* 16 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_resv_regctl) == 24, "incorrect size")

/* Registered Controller, extended: 128-bit host identifier; NVMe Base 2.0, Reservation Report */
struct xnvme_spec_resv_regctl_ext {
	uint16_t cntlid; /* 0 */
	uint8_t rcsts; /* 2 */
	uint8_t rsvd3[5]; /* 3 */
	uint64_t rkey; /* 8 */
	uint8_t hostid[16]; /* 16 */
	uint8_t rsvd32[32]; /* 32 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_resv_regctl_ext) == 64, "incorrect size")

/*
 * Reservation Status; if extended, 40 more reserved bytes, then regctl_ext; NVMe Base 2.0,
 * Reservation Report
 */
struct xnvme_spec_resv_status {
	uint32_t gen; /* 0 */
	uint8_t rtype; /* 4 */
	uint8_t regctl[2]; /* 5: number of registered controllers, little-endian */
	uint8_t rsvd7[2]; /* 7 */
	uint8_t ptpls; /* 9 */
	uint8_t rsvd10[14]; /* 10 */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_resv_status) == 24, "incorrect size")

/* Identify Controller, NVM Command Set (CNS 06h); NVM Command Set 1.0, Identify */
struct xnvme_spec_nvm_idfy_ctrlr {
	uint8_t vsl;
	uint8_t wzsl;
	uint8_t wusl;
	uint8_t dmrl;
	uint32_t dmrsl;
	uint64_t dmsl;
	uint8_t reserved16[4080];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_idfy_ctrlr) == 4096, "incorrect size")

/* Identify Namespace, NVM Command Set (CNS 05h); NVM Command Set 1.0, Identify */
struct xnvme_spec_nvm_idfy_ns {
	uint64_t lbstm;
	union {
		struct {
			uint8_t gpists : 1;
			uint8_t gpistm : 1;
			uint8_t stcrs : 1;
			uint8_t reserved3 : 5;
		};
		uint8_t val;
	} pic;
	uint8_t reserved9[3];
	struct xnvme_spec_elbaf elbaf[64];
	uint8_t reserved268[3828];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_idfy_ns) == 4096, "incorrect size")

/* Data returned by Identify for the NVM command set; NVM Command Set 1.0, Identify */
struct xnvme_spec_nvm_idfy {
	union {
		struct xnvme_spec_idfy base;
		struct xnvme_spec_nvm_idfy_ctrlr ctrlr;
		struct xnvme_spec_nvm_idfy_ns ns;
	};
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_idfy) == 4096, "incorrect size")

#ifdef __cplusplus
}
#endif

#pragma GCC diagnostic pop

#endif /* LIBXNVME_SPEC_NVM_H */
