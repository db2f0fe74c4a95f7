/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Scatter gather lists (NVMe Base 2.0, Scatter Gather List): data blocks, bit buckets, segments and
 * last segments. A segment descriptor may only be the last of its segment; a last segment contains
 * none.
 */
#include <export/pci/impl.h>

struct walk {
	uint64_t left;       /* bytes of the transfer not yet described */
	uint64_t addr;       /* the next descriptor of this segment */
	uint32_t in_segment; /* remaining descriptors in it, including the next */
	bool last;
	uint32_t budget;
};

/* Continue in the segment that a descriptor refers to */
static uint16_t
enter(struct walk *w, const struct xnvme_spec_sgl_descriptor *d)
{
	if (w->last || w->in_segment > 0) {
		return STATUS(INVALID_SGL_SEGMENT);
	}
	if (d->unkeyed.len == 0 || (d->unkeyed.len & 15) || (d->addr & 7)) {
		return STATUS(INVALID_SGL_SEGMENT);
	}
	w->addr = d->addr;
	w->in_segment = (uint32_t)d->unkeyed.len / 16;
	w->last = d->unkeyed.type == XNVME_SPEC_SGL_DESCR_TYPE_LAST_SEGMENT;
	ASSERT(w->in_segment > 0);
	return STATUS(SUCCESS);
}

static uint16_t
take(struct xfer *x, struct scatter *sc, struct walk *w, const struct xnvme_spec_sgl_descriptor *d)
{
	uint64_t nbytes = d->unkeyed.len < w->left ? d->unkeyed.len : w->left;

	ASSERT(w->left > 0);
	if (d->unkeyed.subtype != XNVME_SPEC_SGL_DESCR_SUBTYPE_ADDRESS) {
		return STATUS(SGL_TYPE_INVALID);
	}
	switch (d->unkeyed.type) {
	case XNVME_SPEC_SGL_DESCR_TYPE_DATA_BLOCK:
		w->left -= nbytes;
		return scatter_add(x, sc, d->addr, nbytes);
	case XNVME_SPEC_SGL_DESCR_TYPE_BIT_BUCKET:
		if (!x->to_host) {
			return STATUS(SUCCESS); /* a bit bucket has no data for the SSD */
		}
		w->left -= nbytes;
		return scatter_bucket(sc, nbytes);
	case XNVME_SPEC_SGL_DESCR_TYPE_SEGMENT:
	case XNVME_SPEC_SGL_DESCR_TYPE_LAST_SEGMENT:
		return enter(w, d);
	default:
		return STATUS(SGL_TYPE_INVALID);
	}
}

uint16_t
xfer_sgl(struct xfer *x, struct scatter *sc, const struct xnvme_spec_sgl_descriptor *first,
	 uint64_t nbytes, uint16_t too_short)
{
	struct walk w = {.left = nbytes, .budget = SGL_DESCRIPTORS_MAX};
	struct xnvme_spec_sgl_descriptor d = *first;
	uint16_t status = take(x, sc, &w, &d);

	ASSERT(x->sqid != 0); /* admin commands use PRPs only over PCIe */
	/* descriptors beyond the transfer are ignored (oversized lists are allowed) */
	while (status == STATUS(SUCCESS) && w.left > 0) {
		if (w.in_segment == 0) {
			return too_short;
		}
		if (w.budget == 0) {
			return STATUS(INVALID_SGL_COUNT);
		}
		if (!host_read(x->f, w.addr, &d, sizeof(d))) {
			return STATUS(DATA_TRANSFER_ERROR);
		}
		w.addr += sizeof(d);
		w.in_segment -= 1;
		w.budget -= 1;
		status = take(x, sc, &w, &d);
		ASSERT(status != STATUS(SUCCESS) || sc->nbytes == nbytes - w.left);
	}
	return status;
}
