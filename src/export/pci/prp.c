/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Physical region pages (NVMe Base 2.0, Physical Region Page Entry and List): PRP1 may start inside
 * a page; PRP2 is the second and last page, or, when more are needed, the address of a list of
 * pages.
 */
#include <export/pci/impl.h>

/* Walk the list page by page; the last entry points to the next page of the list when more than one
 * page of data remains there */
static uint16_t
walk_list(struct xfer *x, uint64_t list, uint64_t left)
{
	uint64_t page = x->f->page_nbytes, entry;
	uint64_t slots;
	uint16_t status;

	ASSERT(left > page); /* otherwise PRP2 is the last page */
	if (list & 7) {
		return STATUS(PRP_OFFSET_INVALID);
	}
	slots = (page - (list & (page - 1))) / 8;
	while (left > 0) {
		ASSERT(slots > 0);
		if (!host_read(x->f, list, &entry, sizeof(entry))) {
			return STATUS(DATA_TRANSFER_ERROR);
		}
		if (entry & (page - 1)) {
			return STATUS(PRP_OFFSET_INVALID);
		}
		if (slots == 1 && left > page) {
			list = entry;
			slots = page / 8;
			continue;
		}
		status = scatter_add(x, &x->data, entry, left < page ? left : page);
		if (status != STATUS(SUCCESS)) {
			return status;
		}
		left -= left < page ? left : page;
		list += 8;
		slots -= 1;
	}
	return STATUS(SUCCESS);
}

uint16_t
xfer_prp(struct xfer *x, uint64_t nbytes)
{
	uint64_t prp1 = x->cmd->common.dptr.prp.prp1, prp2 = x->cmd->common.dptr.prp.prp2;
	uint64_t page = x->f->page_nbytes, first = page - (prp1 & (page - 1));
	uint16_t status;

	ASSERT(nbytes > 0 && x->data.nsegs == 0);
	ASSERT((page & (page - 1)) == 0);
	if (prp1 & 3) {
		return STATUS(PRP_OFFSET_INVALID); /* dword aligned */
	}
	first = first < nbytes ? first : nbytes;
	status = scatter_add(x, &x->data, prp1, first);
	nbytes -= first;
	if (status != STATUS(SUCCESS) || nbytes == 0) {
		return status;
	}
	if (nbytes > page) {
		return walk_list(x, prp2, nbytes);
	}
	return prp2 & (page - 1) ? STATUS(PRP_OFFSET_INVALID)
					 : scatter_add(x, &x->data, prp2, nbytes);
}
