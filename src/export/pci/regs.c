/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Registers, and the state changes caused by writes to them.
 */
#include <export/pci/impl.h>

#define CC_WRITABLE 0x00FFFFF1u
#define AQA_WRITABLE 0x0FFF0FFFu
#define QUEUE_BASE_MASK 0xFFFFFFFFFFFFF000u

/* Clear all state that a controller reset clears */
void
func_forget(struct pci_func *f)
{
	queue_forget_all(f);
	func_feature_reset(f);
	irq_reset(f);
	f->page_nbytes = 4096;
	f->shutdown_due = NS_NEVER;
	f->csts &= CSTS_NSSRO;
}

/* CC.EN 1 to 0 (NVMe Base 2.0, Controller Level Reset): AQA, ASQ and ACQ stay */
void
func_reset(struct pci_func *f, ns_t now)
{
	func_forget(f);
	ssd_reset(f->ssd, now, f->owner);
	f->tick_due = ssd_tick(f->ssd, now);
	f->stats.resets += 1;
	func_check(f);
}

static bool
enable_makes_sense(const struct pci_func *f)
{
	uint32_t css = CC_CSS(f->cc);

	ASSERT(CC_EN(f->cc));
	return (css == CC_CSS_NVM || css == CC_CSS_IOCS || css == CC_CSS_ADMIN_ONLY) &&
	       CC_MPS(f->cc) <= CAP_MPSMAX(f->cap) && CC_AMS(f->cc) <= CC_AMS_WEIGHTED &&
	       AQA_ASQS(f->aqa) >= 1 && AQA_ACQS(f->aqa) >= 1 &&
	       ((f->asq | f->acq) & ((4096ull << CC_MPS(f->cc)) - 1)) == 0;
}

static void
func_enable(struct pci_func *f)
{
	ASSERT(!(f->csts & CSTS_RDY) && f->sqs[0].ring.entries == 0);
	f->csts &= CSTS_NSSRO;
	f->shutdown_due = NS_NEVER; /* of a shutdown while it was disabled */
	if (!enable_makes_sense(f)) {
		pci_fail(f);
		return;
	}
	f->page_nbytes = 4096u << CC_MPS(f->cc);
	queue_start_admin(f);
	if (!ring_is_mapped(f, &f->sqs[0].ring, SQE_NBYTES, false) ||
	    !ring_is_mapped(f, &f->cqs[0].ring, CQE_NBYTES, true)) {
		pci_fail(f);
		return;
	}
	f->csts |= CSTS_RDY;
	func_check(f);
}

static void
func_shutdown(struct pci_func *f, ns_t now, bool abrupt)
{
	ASSERT(CSTS_SHST(f->csts) == CSTS_SHST_NORMAL && f->shutdown_due == NS_NEVER);
	f->csts = (f->csts & ~0xCu) | CSTS_SHST_OCCURRING << 2;
	f->shutdown_due = ssd_shutdown(f->ssd, now, abrupt);
}

static void
write_cc(struct pci_func *f, ns_t now, uint32_t value)
{
	uint32_t old = f->cc;

	ASSERT(!(f->csts & CSTS_RDY) || CC_EN(old));
	f->cc = value & CC_WRITABLE;
	if (CC_EN(old) && !CC_EN(f->cc)) {
		func_reset(f, now);
	} else if (!CC_EN(old) && CC_EN(f->cc)) {
		func_enable(f);
	}
	if (CC_SHN(f->cc) != CC_SHN_NONE && CC_SHN(f->cc) != CC_SHN(old) &&
	    CSTS_SHST(f->csts) == CSTS_SHST_NORMAL) {
		func_shutdown(f, now, CC_SHN(f->cc) == CC_SHN_ABRUPT);
	}
}

void
pci_reset(struct pci_func *f, ns_t now)
{
	func_check(f);
	f->cc = 0;
	f->aqa = 0;
	f->asq = f->acq = 0;
	f->intm = 0;
	f->csts = 0;
	func_reset(f, now);
}

void
pci_subsystem_reset(struct pci_func *f, ns_t now)
{
	pci_reset(f, now);
	ASSERT(f->csts == 0 && f->cc == 0);
	f->csts = CSTS_NSSRO;
}

static uint32_t
read_word(const struct pci_func *f, uint32_t offset)
{
	ASSERT(offset < REG_DOORBELLS && offset % 4 == 0);
	switch (offset) {
	case REG_CAP:
		return (uint32_t)f->cap;
	case REG_CAP + 4:
		return (uint32_t)(f->cap >> 32);
	case REG_VS:
		return VS_2_0;
	case REG_INTMS:
	case REG_INTMC:
		return f->intm;
	case REG_CC:
		return f->cc;
	case REG_CSTS:
		return f->csts;
	case REG_AQA:
		return f->aqa;
	case REG_ASQ:
		return (uint32_t)f->asq;
	case REG_ASQ + 4:
		return (uint32_t)(f->asq >> 32);
	case REG_ACQ:
		return (uint32_t)f->acq;
	case REG_ACQ + 4:
		return (uint32_t)(f->acq >> 32);
	case REG_CRTO:
		return f->config.timeout_500ms; /* ready with media: never ready without them */
	default:
		return 0;
	}
}

static uint64_t
with_word(uint64_t old, bool high, uint32_t value)
{
	return high ? (old & 0xFFFFFFFFu) | (uint64_t)value << 32
		    : (old & ~(uint64_t)0xFFFFFFFFu) | value;
}

static void
write_word(struct pci_func *f, ns_t now, uint32_t offset, uint32_t value)
{
	ASSERT(offset < REG_DOORBELLS && offset % 4 == 0);
	func_check(f);
	switch (offset) {
	case REG_INTMS:
		f->intm |= value;
		irq_pin_update(f);
		break;
	case REG_INTMC:
		f->intm &= ~value;
		irq_pin_update(f);
		break;
	case REG_CC:
		write_cc(f, now, value);
		break;
	case REG_CSTS:
		f->csts &= ~(value & CSTS_NSSRO); /* write one to clear */
		break;
	case REG_NSSR:
		if (value == NSSR_NVME && f->ops->subsystem_reset) {
			f->ops->subsystem_reset(f->arg);
		} else if (value == NSSR_NVME) {
			pci_subsystem_reset(f, now);
		}
		break;
	case REG_AQA:
		f->aqa = value & AQA_WRITABLE;
		break;
	case REG_ASQ:
	case REG_ASQ + 4:
		f->asq = with_word(f->asq, offset != REG_ASQ, value) & QUEUE_BASE_MASK;
		break;
	case REG_ACQ:
	case REG_ACQ + 4:
		f->acq = with_word(f->acq, offset != REG_ACQ, value) & QUEUE_BASE_MASK;
		break;
	default:
		break;
	}
}

/* A doorbell write through the export; the host may also store to that memory directly */
static void
write_doorbell(struct pci_func *f, uint32_t offset, uint32_t value)
{
	uint32_t stride = 4u << f->config.dstrd;
	uint32_t index = (offset - REG_DOORBELLS) / stride;

	ASSERT(offset >= REG_DOORBELLS && offset % 4 == 0);
	bool there = (offset - REG_DOORBELLS) % stride == 0 && index / 2 <= f->config.ioq_max;

	if (there) {
		there = (index & 1 ? f->cqs[index / 2].ring.entries
				   : f->sqs[index / 2].ring.entries) > 0;
	}
	if (!there) { /* the queue does not exist */
		f->stats.invalid_doorbells += 1;
		ssd_raise_error(f->ssd, f->owner, XNVME_SPEC_ASYNC_ERROR_INVALID_DOORBELL_REGISTER);
		return;
	}
	shared_write(index & 1 ? f->cqs[index / 2].doorbell : f->sqs[index / 2].doorbell, value);
	if (index & 1) {
		irq_pin_update(f); /* at once: the host has consumed these entries */
	}
}

void
pci_reg_read(struct pci_func *f, uint32_t offset, void *data, uint32_t nbytes)
{
	uint8_t *out = data;

	func_check(f);
	ASSERT(offset + nbytes >= offset);
	for (uint32_t i = 0; i < nbytes; ++i) {
		uint32_t at = offset + i;
		uint32_t word = f->removed           ? UINT32_MAX
				: at < REG_DOORBELLS ? read_word(f, at & ~3u)
						     : 0;

		out[i] = (uint8_t)(word >> 8 * (at & 3));
	}
}

void
pci_reg_write(struct pci_func *f, ns_t now, uint32_t offset, const void *data, uint32_t nbytes)
{
	const uint8_t *in = data;

	func_check(f);
	ASSERT(offset + nbytes >= offset);
	if (f->removed || (offset & 3) || (nbytes & 3)) {
		return; /* registers are written as whole words (NVMe over PCIe 1.0, Doorbells) */
	}
	for (uint32_t i = 0; i < nbytes; i += 4) {
		uint32_t value;

		memcpy(&value, in + i, sizeof(value));
		if (offset + i < REG_DOORBELLS) {
			write_word(f, now, offset + i, value);
		} else {
			write_doorbell(f, offset + i, value);
		}
	}
}
