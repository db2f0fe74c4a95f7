/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Controller properties (registers): NVMe Base 2.0, Controller Properties; doorbells: NVMe PCIe
 * Transport 1.0, Doorbells
 *
 * Values are host integers. The accessors shift and mask, so they work in any byte order.
 */
#ifndef LIBXNVME_SPEC_REG_H
#define LIBXNVME_SPEC_REG_H

#include <libxnvme_base.h>

/* Anonymous members are an extension in C99 and C++, flexible array members in C++ */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"

#ifdef __cplusplus
extern "C" {
#endif

/* VS property, also VER of Identify Controller; NVMe Base 2.0, Controller Properties */
union xnvme_spec_vs_register {
	uint32_t val;
	struct {
		uint32_t ter : 8;
		uint32_t mnr : 8;
		uint32_t mjr : 16;
	} bits;
};
XNVME_STATIC_ASSERT(sizeof(union xnvme_spec_vs_register) == 4, "incorrect size")

/* Offsets of the properties; NVMe Base 2.0, Controller Properties */
enum xnvme_spec_reg {
	XNVME_SPEC_REG_CAP = 0x0,
	XNVME_SPEC_REG_VS = 0x8,
	XNVME_SPEC_REG_INTMS = 0xc,
	XNVME_SPEC_REG_INTMC = 0x10,
	XNVME_SPEC_REG_CC = 0x14,
	XNVME_SPEC_REG_CSTS = 0x1c,
	XNVME_SPEC_REG_NSSR = 0x20,
	XNVME_SPEC_REG_AQA = 0x24,
	XNVME_SPEC_REG_ASQ = 0x28,
	XNVME_SPEC_REG_ACQ = 0x30,
	XNVME_SPEC_REG_CMBLOC = 0x38,
	XNVME_SPEC_REG_CMBSZ = 0x3c,
	XNVME_SPEC_REG_BPINFO = 0x40,
	XNVME_SPEC_REG_BPRSEL = 0x44,
	XNVME_SPEC_REG_BPMBL = 0x48,
	XNVME_SPEC_REG_CMBMSC = 0x50,
	XNVME_SPEC_REG_CMBSTS = 0x58,
	XNVME_SPEC_REG_CMBEBS = 0x5c,
	XNVME_SPEC_REG_CMBSWTP = 0x60,
	XNVME_SPEC_REG_NSSD = 0x64,
	XNVME_SPEC_REG_CRTO = 0x68,
	XNVME_SPEC_REG_PMRCAP = 0xe00,
	XNVME_SPEC_REG_PMRCTL = 0xe04,
	XNVME_SPEC_REG_PMRSTS = 0xe08,
	XNVME_SPEC_REG_PMREBS = 0xe0c,
	XNVME_SPEC_REG_PMRSWTP = 0xe10,
	XNVME_SPEC_REG_PMRMSCL = 0xe14,
	XNVME_SPEC_REG_PMRMSCU = 0xe18,
	XNVME_SPEC_REG_DOORBELL = 0x1000,
};

/* Bits of CAP.CSS; NVMe Base 2.0, Controller Properties */
enum xnvme_spec_cap_css {
	XNVME_SPEC_CAP_CSS_NVM = 0x01,
	XNVME_SPEC_CAP_CSS_IOCS = 0x40,
	XNVME_SPEC_CAP_CSS_ADMIN_ONLY = 0x80,
};

/* Values of CC.CSS; NVMe Base 2.0, Controller Properties */
enum xnvme_spec_cc_css {
	XNVME_SPEC_CC_CSS_NVM = 0x0,
	XNVME_SPEC_CC_CSS_ALL = 0x6,
	XNVME_SPEC_CC_CSS_ADMIN_ONLY = 0x7,
};

/* Values of CC.AMS; NVMe Base 2.0, Controller Properties */
enum xnvme_spec_cc_ams {
	XNVME_SPEC_CC_AMS_RR = 0x0,
	XNVME_SPEC_CC_AMS_WRR = 0x1,
	XNVME_SPEC_CC_AMS_VENDOR = 0x7,
};

/* Values of CC.SHN; NVMe Base 2.0, Controller Properties */
enum xnvme_spec_cc_shn {
	XNVME_SPEC_CC_SHN_NONE = 0x0,
	XNVME_SPEC_CC_SHN_NORMAL = 0x1,
	XNVME_SPEC_CC_SHN_ABRUPT = 0x2,
};

/* Values of CSTS.SHST; NVMe Base 2.0, Controller Properties */
enum xnvme_spec_csts_shst {
	XNVME_SPEC_CSTS_SHST_NORMAL = 0x0,
	XNVME_SPEC_CSTS_SHST_OCCURRING = 0x1,
	XNVME_SPEC_CSTS_SHST_COMPLETE = 0x2,
};

/* Value of NSSR that resets the subsystem: "NVMe"; NVMe Base 2.0, Controller Properties */
#define XNVME_SPEC_NSSR_RESET 0x4e564d65U

/*
 * Defines xnvme_spec_<reg>_<field>(value), which reads a field, and
 * xnvme_spec_<reg>_set_<field>(value, field), which returns `value` with the field replaced.
 */
#define XNVME_SPEC_REG_FIELD(reg, type, field, shift, nbits) \
	static inline type xnvme_spec_##reg##_##field(type value) \
	{ \
		return (type)(value >> (shift)) & (type)((UINT64_C(1) << (nbits)) - 1); \
	} \
	static inline type xnvme_spec_##reg##_set_##field(type value, type field) \
	{ \
		const type mask = (type)((UINT64_C(1) << (nbits)) - 1); \
		return (type)((value & ~(type)(mask << (shift))) | \
			      (type)((field & mask) << (shift))); \
	}

/* CAP: Controller Capabilities; NVMe Base 2.0, Controller Properties */
XNVME_SPEC_REG_FIELD(cap, uint64_t, mqes, 0, 16)
XNVME_SPEC_REG_FIELD(cap, uint64_t, cqr, 16, 1)
XNVME_SPEC_REG_FIELD(cap, uint64_t, ams, 17, 2)
XNVME_SPEC_REG_FIELD(cap, uint64_t, to, 24, 8)
XNVME_SPEC_REG_FIELD(cap, uint64_t, dstrd, 32, 4)
XNVME_SPEC_REG_FIELD(cap, uint64_t, nssrs, 36, 1)
XNVME_SPEC_REG_FIELD(cap, uint64_t, css, 37, 8)
XNVME_SPEC_REG_FIELD(cap, uint64_t, bps, 45, 1)
XNVME_SPEC_REG_FIELD(cap, uint64_t, cps, 46, 2)
XNVME_SPEC_REG_FIELD(cap, uint64_t, mpsmin, 48, 4)
XNVME_SPEC_REG_FIELD(cap, uint64_t, mpsmax, 52, 4)
XNVME_SPEC_REG_FIELD(cap, uint64_t, pmrs, 56, 1)
XNVME_SPEC_REG_FIELD(cap, uint64_t, cmbs, 57, 1)
XNVME_SPEC_REG_FIELD(cap, uint64_t, nsss, 58, 1)
XNVME_SPEC_REG_FIELD(cap, uint64_t, crms, 59, 2)

/* VS: Version; NVMe Base 2.0, Controller Properties */
XNVME_SPEC_REG_FIELD(vs, uint32_t, ter, 0, 8)
XNVME_SPEC_REG_FIELD(vs, uint32_t, mnr, 8, 8)
XNVME_SPEC_REG_FIELD(vs, uint32_t, mjr, 16, 16)

/* CC: Controller Configuration; NVMe Base 2.0, Controller Properties */
XNVME_SPEC_REG_FIELD(cc, uint32_t, en, 0, 1)
XNVME_SPEC_REG_FIELD(cc, uint32_t, css, 4, 3)
XNVME_SPEC_REG_FIELD(cc, uint32_t, mps, 7, 4)
XNVME_SPEC_REG_FIELD(cc, uint32_t, ams, 11, 3)
XNVME_SPEC_REG_FIELD(cc, uint32_t, shn, 14, 2)
XNVME_SPEC_REG_FIELD(cc, uint32_t, iosqes, 16, 4)
XNVME_SPEC_REG_FIELD(cc, uint32_t, iocqes, 20, 4)
XNVME_SPEC_REG_FIELD(cc, uint32_t, crime, 24, 1)

/* CSTS: Controller Status; NVMe Base 2.0, Controller Properties */
XNVME_SPEC_REG_FIELD(csts, uint32_t, rdy, 0, 1)
XNVME_SPEC_REG_FIELD(csts, uint32_t, cfs, 1, 1)
XNVME_SPEC_REG_FIELD(csts, uint32_t, shst, 2, 2)
XNVME_SPEC_REG_FIELD(csts, uint32_t, nssro, 4, 1)
XNVME_SPEC_REG_FIELD(csts, uint32_t, pp, 5, 1)
XNVME_SPEC_REG_FIELD(csts, uint32_t, st, 6, 1)

/* AQA: Admin Queue Attributes, sizes 0's based; NVMe Base 2.0, Controller Properties */
XNVME_SPEC_REG_FIELD(aqa, uint32_t, asqs, 0, 12)
XNVME_SPEC_REG_FIELD(aqa, uint32_t, acqs, 16, 12)

/* CMBLOC: Controller Memory Buffer Location; NVMe Base 2.0, Controller Properties */
XNVME_SPEC_REG_FIELD(cmbloc, uint32_t, bir, 0, 3)
XNVME_SPEC_REG_FIELD(cmbloc, uint32_t, cqmms, 3, 1)
XNVME_SPEC_REG_FIELD(cmbloc, uint32_t, cqpds, 4, 1)
XNVME_SPEC_REG_FIELD(cmbloc, uint32_t, cdpmls, 5, 1)
XNVME_SPEC_REG_FIELD(cmbloc, uint32_t, cdpcils, 6, 1)
XNVME_SPEC_REG_FIELD(cmbloc, uint32_t, cdmmms, 7, 1)
XNVME_SPEC_REG_FIELD(cmbloc, uint32_t, cqda, 8, 1)
XNVME_SPEC_REG_FIELD(cmbloc, uint32_t, ofst, 12, 20)

/* CMBSZ: Controller Memory Buffer Size; NVMe Base 2.0, Controller Properties */
XNVME_SPEC_REG_FIELD(cmbsz, uint32_t, sqs, 0, 1)
XNVME_SPEC_REG_FIELD(cmbsz, uint32_t, cqs, 1, 1)
XNVME_SPEC_REG_FIELD(cmbsz, uint32_t, lists, 2, 1)
XNVME_SPEC_REG_FIELD(cmbsz, uint32_t, rds, 3, 1)
XNVME_SPEC_REG_FIELD(cmbsz, uint32_t, wds, 4, 1)
XNVME_SPEC_REG_FIELD(cmbsz, uint32_t, szu, 8, 4)
XNVME_SPEC_REG_FIELD(cmbsz, uint32_t, sz, 12, 20)

/* CMBMSC: Controller Memory Buffer Memory Space Control; NVMe Base 2.0, Controller Properties */
XNVME_SPEC_REG_FIELD(cmbmsc, uint64_t, cre, 0, 1)
XNVME_SPEC_REG_FIELD(cmbmsc, uint64_t, cmse, 1, 1)
XNVME_SPEC_REG_FIELD(cmbmsc, uint64_t, cba, 12, 52)

/* CRTO: Controller Ready Timeouts, in units of 500 ms; NVMe Base 2.0, Controller Properties */
XNVME_SPEC_REG_FIELD(crto, uint32_t, crwmt, 0, 16)
XNVME_SPEC_REG_FIELD(crto, uint32_t, crimt, 16, 16)

/**
 * Get the offset of a submission queue tail doorbell; NVMe PCIe Transport 1.0, Doorbells
 *
 * @param qid Queue identifier; 0: the admin queue
 * @param dstrd CAP.DSTRD, the doorbell stride
 * @return Bytes from the start of BAR0
 */
static inline uint32_t
xnvme_spec_sq_doorbell(uint32_t qid, uint32_t dstrd)
{
	return XNVME_SPEC_REG_DOORBELL + (2U * qid) * (4U << dstrd);
}

/** As xnvme_spec_sq_doorbell(), of a completion queue head doorbell */
static inline uint32_t
xnvme_spec_cq_doorbell(uint32_t qid, uint32_t dstrd)
{
	return XNVME_SPEC_REG_DOORBELL + (2U * qid + 1U) * (4U << dstrd);
}

/* Layout of the properties in BAR0; NVMe Base 2.0, Controller Properties */
struct xnvme_spec_ctrlr_bar {
	uint64_t cap;
	uint32_t vs;
	uint32_t intms;
	uint32_t intmc;
	uint32_t cc;
	uint32_t rsvd24;
	uint32_t csts;
	uint32_t nssr;
	uint32_t aqa;
	uint64_t asq;
	uint64_t acq;
	uint32_t cmbloc;
	uint32_t cmbsz;
	uint32_t bpinfo;
	uint32_t bprsel;
	uint64_t bpmbl;
	uint64_t cmbmsc;
	uint32_t cmbsts;
	union {
		uint8_t rsvd92[3492];
		struct {
			uint32_t cmbebs;
			uint32_t cmbswtp;
			uint32_t nssd;
			uint32_t crto;
		};
	};
	uint32_t pmrcap;
	uint32_t pmrctl;
	uint32_t pmrsts;
	uint32_t pmrebs;
	uint32_t pmrswtp;
	uint32_t pmrmscl;
	uint32_t pmrmscu;
	uint8_t css[484];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_spec_ctrlr_bar) == 4096, "incorrect size")

#ifdef __cplusplus
}
#endif

#pragma GCC diagnostic pop

#endif /* LIBXNVME_SPEC_REG_H */
