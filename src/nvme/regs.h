/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Controller properties (NVMe Base 2.0, 3.1.3): where they are and what their bits mean. Over PCIe
 * they are registers in BAR0, over fabrics they are Property Get and Set.
 */
#ifndef NVME_REGS_H
#define NVME_REGS_H

#include <env/env.h>

enum reg {
	REG_CAP = 0x00,
	REG_VS = 0x08,
	REG_INTMS = 0x0C,
	REG_INTMC = 0x10,
	REG_CC = 0x14,
	REG_CSTS = 0x1C,
	REG_NSSR = 0x20,
	REG_AQA = 0x24,
	REG_ASQ = 0x28,
	REG_ACQ = 0x30,
	REG_DOORBELLS = 0x1000, /* NVMe over PCIe 1.0, 3.1.2 */
};

#define NSSR_NVME 0x4E564D65u /* "NVMe": the value that resets the subsystem */
#define VS_2_0 0x00020000u

/* A field of a register value, and a value put in its place */
#define REG_FIELD(value, shift, width) \
	((uint32_t)((uint64_t)(value) >> (shift)) & ((1u << (width)) - 1u))
#define REG_PUT(value, shift) ((uint64_t)(value) << (shift))

#define CAP_MQES(cap) REG_FIELD(cap, 0, 16) /* 0's based */
#define CAP_CQR(cap) REG_FIELD(cap, 16, 1)
#define CAP_AMS(cap) REG_FIELD(cap, 17, 2)
#define CAP_TO(cap) REG_FIELD(cap, 24, 8) /* in 500 ms */
#define CAP_DSTRD(cap) REG_FIELD(cap, 32, 4)
#define CAP_NSSRS(cap) REG_FIELD(cap, 36, 1)
#define CAP_CSS(cap) REG_FIELD(cap, 37, 8)
#define CAP_MPSMIN(cap) REG_FIELD(cap, 48, 4) /* 2 ^ (12 + value) bytes */
#define CAP_MPSMAX(cap) REG_FIELD(cap, 52, 4)
#define CAP_CSS_NVM 0x01u
#define CAP_CSS_IOCS 0x40u
#define CAP_CSS_ADMIN_ONLY 0x80u

#define CC_EN(cc) REG_FIELD(cc, 0, 1)
#define CC_CSS(cc) REG_FIELD(cc, 4, 3)
#define CC_MPS(cc) REG_FIELD(cc, 7, 4)
#define CC_AMS(cc) REG_FIELD(cc, 11, 3)
#define CC_SHN(cc) REG_FIELD(cc, 14, 2)
#define CC_IOSQES(cc) REG_FIELD(cc, 16, 4)
#define CC_IOCQES(cc) REG_FIELD(cc, 20, 4)
#define CC_CSS_NVM 0u
#define CC_CSS_IOCS 6u
#define CC_CSS_ADMIN_ONLY 7u
#define CC_AMS_ROUND_ROBIN 0u
#define CC_AMS_WEIGHTED 1u
#define CC_SHN_NONE 0u
#define CC_SHN_NORMAL 1u
#define CC_SHN_ABRUPT 2u

#define CSTS_RDY 0x01u
#define CSTS_CFS 0x02u
#define CSTS_SHST(csts) REG_FIELD(csts, 2, 2)
#define CSTS_NSSRO 0x10u
#define CSTS_SHST_NORMAL 0u
#define CSTS_SHST_OCCURRING 1u
#define CSTS_SHST_COMPLETE 2u

#define AQA_ASQS(aqa) REG_FIELD(aqa, 0, 12) /* 0's based */
#define AQA_ACQS(aqa) REG_FIELD(aqa, 16, 12)

/* Where a queue's doorbells lie in BAR0 */
static inline uint32_t
reg_doorbell(uint32_t qid, bool cq, uint32_t dstrd)
{
	return REG_DOORBELLS + (2 * qid + (cq ? 1u : 0u)) * (4u << dstrd);
}

#endif /* NVME_REGS_H */
