/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The features of queues and interrupts (NVMe Base 2.0, Set Features). None of them is saveable: a
 * reset restores their defaults.
 */
#include <export/pci/impl.h>

#define FID_ARBITRATION 0x01u
#define FID_QUEUES 0x07u
#define FID_COALESCING 0x08u
#define FID_VECTOR 0x09u
#define CHANGEABLE 4u          /* result of "supported capabilities" (SEL 3) */
#define ARBITRATION_DEFAULT 7u /* no limit to a burst, all weights 1 */
#define ARBITRATION_MASK 0xFFFFFF07u

static uint32_t
lesser(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint16_t
set_queues(struct pci_func *f, uint32_t value, uint64_t *result)
{
	uint32_t nsq = value & 0xFFFF, ncq = value >> 16; /* 0's based */

	if (nsq == 0xFFFF || ncq == 0xFFFF) {
		return STATUS(INVALID_FIELD);
	}
	for (uint32_t qid = 1; qid <= f->config.ioq_max; ++qid) {
		if (f->cqs[qid].ring.entries > 0) {
			return STATUS(COMMAND_SEQUENCE_ERROR); /* only before a queue exists */
		}
	}
	f->sq_allocated = lesser(nsq + 1, f->config.ioq_max);
	f->cq_allocated = lesser(ncq + 1, f->config.ioq_max);
	func_check(f);
	*result = (f->sq_allocated - 1) | (f->cq_allocated - 1) << 16;
	return STATUS(SUCCESS);
}

static uint16_t
set(struct pci_func *f, uint32_t fid, uint32_t value, uint64_t *result)
{
	switch (fid) {
	case FID_ARBITRATION:
		f->arbitration = value & ARBITRATION_MASK;
		arb_configure(f, value);
		return STATUS(SUCCESS);
	case FID_QUEUES:
		return set_queues(f, value, result);
	case FID_COALESCING:
		f->coalesce_threshold = value & 0xFF;
		f->coalesce_time_100us = value >> 8 & 0xFF;
		return STATUS(SUCCESS);
	default:
		ASSERT(fid == FID_VECTOR);
		if ((value & 0xFFFF) >= f->config.vectors) {
			return STATUS(INVALID_FIELD);
		}
		f->vectors[value & 0xFFFF].no_coalescing = value >> 16 & 1;
		return STATUS(SUCCESS);
	}
}

static uint16_t
get(const struct pci_func *f, uint32_t fid, bool current, uint32_t value, uint64_t *result)
{
	uint32_t most = f->config.ioq_max - 1;

	ASSERT(most <= 0xFFFF && f->sq_allocated >= 1 && f->cq_allocated >= 1);
	switch (fid) {
	case FID_ARBITRATION:
		*result = current ? f->arbitration : ARBITRATION_DEFAULT;
		return STATUS(SUCCESS);
	case FID_QUEUES:
		*result = current ? (f->sq_allocated - 1) | (f->cq_allocated - 1) << 16
				  : most | most << 16;
		return STATUS(SUCCESS);
	case FID_COALESCING:
		*result = current ? f->coalesce_threshold | f->coalesce_time_100us << 8 : 0;
		return STATUS(SUCCESS);
	default:
		ASSERT(fid == FID_VECTOR);
		if ((value & 0xFFFF) >= f->config.vectors) {
			return STATUS(INVALID_FIELD);
		}
		*result = value & 0xFFFF;
		if (current && f->vectors[value & 0xFFFF].no_coalescing) {
			*result |= 1u << 16;
		}
		return STATUS(SUCCESS);
	}
}

bool
func_feature_begin(struct pci_func *f, const struct xnvme_spec_cmd *cmd, struct ssd_work *work)
{
	uint32_t fid = cmd->common.ndt & 0xFF, value = cmd->common.ndm;
	uint32_t sel = cmd->common.ndt >> 8 & 7;
	bool save = cmd->common.ndt >> 31;

	ASSERT(work->verdict == SSD_DONE && work->status == STATUS(SUCCESS) && work->result == 0);
	if (fid != FID_ARBITRATION && fid != FID_QUEUES && fid != FID_COALESCING &&
	    fid != FID_VECTOR) {
		return false;
	}
	if (cmd->common.opcode == XNVME_SPEC_ADM_OPC_SFEAT) {
		work->status = save ? STATUS(FEATURE_NOT_SAVEABLE)
				    : set(f, fid, value, &work->result);
	} else if (sel == XNVME_SPEC_FEAT_SEL_SUPPORTED) {
		work->result = CHANGEABLE;
	} else if (sel > XNVME_SPEC_FEAT_SEL_SUPPORTED) {
		work->status = STATUS(INVALID_FIELD);
	} else {
		work->status =
			get(f, fid, sel == XNVME_SPEC_FEAT_SEL_CURRENT, value, &work->result);
	}
	return true;
}

void
func_feature_reset(struct pci_func *f)
{
	f->sq_allocated = f->cq_allocated = f->config.ioq_max;
	f->coalesce_threshold = f->coalesce_time_100us = 0;
	f->arbitration = ARBITRATION_DEFAULT;
	arb_configure(f, ARBITRATION_DEFAULT);
	memset(f->arb_last, 0, sizeof(f->arb_last));
}
