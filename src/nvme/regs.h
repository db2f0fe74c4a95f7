/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Controller properties (NVMe Base 2.0, Controller Properties): their offsets and the meaning of
 * their bits. Over PCIe they are registers in BAR0, over fabrics they are Property Get and Set. The
 * numbers are in libxnvme_spec_reg.h; these are the short names that host and SSD use.
 */
#ifndef NVME_REGS_H
#define NVME_REGS_H

#include <base/assert.h>
#include <env/env.h>
#include <libxnvme_spec.h>

enum reg {
	REG_CAP = XNVME_SPEC_REG_CAP,
	REG_VS = XNVME_SPEC_REG_VS,
	REG_INTMS = XNVME_SPEC_REG_INTMS,
	REG_INTMC = XNVME_SPEC_REG_INTMC,
	REG_CC = XNVME_SPEC_REG_CC,
	REG_CSTS = XNVME_SPEC_REG_CSTS,
	REG_NSSR = XNVME_SPEC_REG_NSSR,
	REG_AQA = XNVME_SPEC_REG_AQA,
	REG_ASQ = XNVME_SPEC_REG_ASQ,
	REG_ACQ = XNVME_SPEC_REG_ACQ,
	REG_CRTO = XNVME_SPEC_REG_CRTO,
	REG_DOORBELLS = XNVME_SPEC_REG_DOORBELL, /* NVMe over PCIe 1.0, Doorbells */
};

#define NSSR_NVME XNVME_SPEC_NSSR_RESET /* "NVMe": the value that resets the subsystem */
#define VS_2_0 0x00020000u

/* Extract a field of a register value; shift a value to its field */
#define REG_FIELD(value, shift, width) \
	((uint32_t)((uint64_t)(value) >> (shift)) & ((1u << (width)) - 1u))
#define REG_PUT(value, shift) ((uint64_t)(value) << (shift))

#define CAP_MQES(cap) ((uint32_t)xnvme_spec_cap_mqes(cap)) /* 0's based */
#define CAP_CQR(cap) ((uint32_t)xnvme_spec_cap_cqr(cap))
#define CAP_AMS(cap) ((uint32_t)xnvme_spec_cap_ams(cap))
#define CAP_TO(cap) ((uint32_t)xnvme_spec_cap_to(cap)) /* in 500 ms */
#define CAP_DSTRD(cap) ((uint32_t)xnvme_spec_cap_dstrd(cap))
#define CAP_NSSRS(cap) ((uint32_t)xnvme_spec_cap_nssrs(cap))
#define CAP_CSS(cap) ((uint32_t)xnvme_spec_cap_css(cap))
#define CAP_MPSMIN(cap) ((uint32_t)xnvme_spec_cap_mpsmin(cap)) /* 2 ^ (12 + value) bytes */
#define CAP_MPSMAX(cap) ((uint32_t)xnvme_spec_cap_mpsmax(cap))
#define CAP_CSS_NVM XNVME_SPEC_CAP_CSS_NVM
#define CAP_CSS_IOCS XNVME_SPEC_CAP_CSS_IOCS
#define CAP_CSS_ADMIN_ONLY XNVME_SPEC_CAP_CSS_ADMIN_ONLY

#define CC_EN(cc) ((uint32_t)xnvme_spec_cc_en(cc))
#define CC_CSS(cc) ((uint32_t)xnvme_spec_cc_css(cc))
#define CC_MPS(cc) ((uint32_t)xnvme_spec_cc_mps(cc))
#define CC_AMS(cc) ((uint32_t)xnvme_spec_cc_ams(cc))
#define CC_SHN(cc) ((uint32_t)xnvme_spec_cc_shn(cc))
#define CC_IOSQES(cc) ((uint32_t)xnvme_spec_cc_iosqes(cc))
#define CC_IOCQES(cc) ((uint32_t)xnvme_spec_cc_iocqes(cc))
#define CC_CSS_NVM XNVME_SPEC_CC_CSS_NVM
#define CC_CSS_IOCS XNVME_SPEC_CC_CSS_ALL
#define CC_CSS_ADMIN_ONLY XNVME_SPEC_CC_CSS_ADMIN_ONLY
#define CC_AMS_ROUND_ROBIN XNVME_SPEC_CC_AMS_RR
#define CC_AMS_WEIGHTED XNVME_SPEC_CC_AMS_WRR
#define CC_SHN_NONE XNVME_SPEC_CC_SHN_NONE
#define CC_SHN_NORMAL XNVME_SPEC_CC_SHN_NORMAL
#define CC_SHN_ABRUPT XNVME_SPEC_CC_SHN_ABRUPT

#define CSTS_RDY 0x01u
#define CSTS_CFS 0x02u
#define CSTS_SHST(csts) ((uint32_t)xnvme_spec_csts_shst(csts))
#define CSTS_NSSRO 0x10u
#define CSTS_SHST_NORMAL XNVME_SPEC_CSTS_SHST_NORMAL
#define CSTS_SHST_OCCURRING XNVME_SPEC_CSTS_SHST_OCCURRING
#define CSTS_SHST_COMPLETE XNVME_SPEC_CSTS_SHST_COMPLETE

#define AQA_ASQS(aqa) ((uint32_t)xnvme_spec_aqa_asqs(aqa)) /* 0's based */
#define AQA_ACQS(aqa) ((uint32_t)xnvme_spec_aqa_acqs(aqa))

/* Offset of a queue's doorbell in BAR0 */
static inline uint32_t
reg_doorbell(uint32_t qid, bool cq, uint32_t dstrd)
{
	ASSERT(qid <= UINT16_MAX + 1u); /* 65536: the end of the last queue's doorbells */
	ASSERT(dstrd <= 15);            /* CAP.DSTRD has four bits */
	return cq ? xnvme_spec_cq_doorbell(qid, dstrd) : xnvme_spec_sq_doorbell(qid, dstrd);
}

#endif /* NVME_REGS_H */
