/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fetches the far memory that a command needs before the command is taken from its queue: a fetch
 * may take any time, and must not happen while the SSD is in use. Only the engine computes how much
 * a command transfers, so this fetches all that its pointers may describe: PRP2 both as a page and
 * as a list.
 */
#include <export/pci/impl.h>

#define OPC_TO_SSD 1u /* bits 1:0 of an opcode (NVMe Base 2.0, Opcodes) */
#define OPC_TO_HOST 2u
#define META_NBYTES_MAX 128u /* per block */

/* Progress through a list of PRP entries or SGL descriptors */
struct ahead {
	struct pci_func *f;
	uint64_t left; /* bytes of data that the command may still describe */
	uint32_t budget;
	bool in;  /* data is transferred to the SSD */
	bool all; /* all memory so far is available */
};

/* False: some of it is not yet available; all of it was requested. Unmapped memory is not waited
 * for. */
static bool
at_hand(struct pci_func *f, uint64_t addr, uint64_t nbytes)
{
	bool all = true;

	ASSERT(f->ops->far_ready);
	while (nbytes > 0) {
		uint64_t got = nbytes;
		bool far;

		if (!host_find(f, addr, &got, false, &far) && !far) {
			break;
		}
		all = (!far || f->ops->far_ready(f->arg, addr, got)) && all;
		addr += got;
		nbytes -= got;
	}
	return all;
}

static void
need_data(struct ahead *a, uint64_t addr, uint64_t nbytes)
{
	nbytes = nbytes < a->left ? nbytes : a->left;
	a->left -= nbytes;
	if (a->in) {
		a->all = at_hand(a->f, addr, nbytes) && a->all;
	}
}

/* Follow a possible list of PRP entries at `list`, page by page, up to the first invalid entry. A
 * list never contains 0, but memory that is no list often does. */
static void
need_prp_list(struct ahead *a, uint64_t list)
{
	uint64_t page = a->f->page_nbytes, entry = list;

	while (a->left > 0 && a->budget > 0 && list != 0 && !(list & 7)) {
		uint64_t slots = (page - (list & (page - 1))) / 8;

		ASSERT(slots > 0 && slots <= page / 8);
		if (!at_hand(a->f, list, slots * 8)) {
			a->all = false;
			return;
		}
		for (; slots > 0 && a->left > 0 && a->budget > 0; --slots, --a->budget) {
			if (!host_peek(a->f, list, &entry, sizeof(entry)) || entry == 0 ||
			    (entry & (page - 1))) {
				return;
			}
			need_data(a, entry, page);
			list += 8;
		}
		list = entry; /* the last entry may point to the next page of the list */
	}
}

static void
need_prp(struct ahead *a, const struct xnvme_spec_cmd *cmd)
{
	uint64_t page = a->f->page_nbytes;
	uint64_t prp1 = cmd->common.dptr.prp.prp1, prp2 = cmd->common.dptr.prp.prp2;

	ASSERT((page & (page - 1)) == 0);
	need_data(a, prp1, page - (prp1 & (page - 1)));
	if (a->in && prp2 != 0 && !(prp2 & (page - 1))) {
		a->all = at_hand(a->f, prp2, page) && a->all; /* PRP2 as a page of data */
	}
	need_prp_list(a, prp2);
}

/* A descriptor, and the segments that it refers to */
static void
need_sgl(struct ahead *a, const struct xnvme_spec_sgl_descriptor *first)
{
	struct xnvme_spec_sgl_descriptor d = *first;
	uint64_t addr = 0, count = 1;

	for (; count > 0 && a->left > 0 && a->budget > 0; --a->budget) {
		uint64_t nbytes = d.unkeyed.len;

		count -= 1;
		switch (d.unkeyed.type) {
		case XNVME_SPEC_SGL_DESCR_TYPE_DATA_BLOCK:
			need_data(a, d.addr, nbytes);
			break;
		case XNVME_SPEC_SGL_DESCR_TYPE_SEGMENT:
		case XNVME_SPEC_SGL_DESCR_TYPE_LAST_SEGMENT:
			addr = d.addr;
			count = nbytes / sizeof(d);
			count = count < a->budget ? count : a->budget;
			if (!at_hand(a->f, addr, count * sizeof(d))) {
				a->all = false;
				return;
			}
			break;
		default:
			break;
		}
		if (count > 0 && !host_peek(a->f, addr, &d, sizeof(d))) {
			return;
		}
		addr += sizeof(d);
	}
}

static void
need_meta(struct ahead *a, const struct xnvme_spec_cmd *cmd)
{
	struct ahead meta = {
		.f = a->f, .left = UINT32_MAX, .budget = a->budget, .in = a->in, .all = true};
	uint64_t mptr = cmd->common.mptr, nbytes = (cmd->nvm.nlb + 1ull) * META_NBYTES_MAX;
	struct xnvme_spec_sgl_descriptor d;
	bool far;

	if (cmd->common.psdt == XNVME_SPEC_PSDT_SGL_MPTR_SGL) {
		meta.all = at_hand(a->f, mptr, sizeof(d));
		if (meta.all && host_peek(a->f, mptr, &d, sizeof(d))) {
			need_sgl(&meta, &d);
		}
	} else if (a->in && (host_find(a->f, mptr, &nbytes, false, &far) || far)) {
		need_data(&meta, mptr, nbytes);
	}
	a->all = a->all && meta.all;
}

bool
ahead_ready(struct pci_func *f, const struct xnvme_spec_cmd *cmd, uint16_t sqid)
{
	struct ahead a = {.f = f,
			  .left = f->config.xfer_nbytes_max,
			  .budget = f->config.xfer_nbytes_max / 4096 + SGL_DESCRIPTORS_MAX,
			  .in = cmd->common.opcode & OPC_TO_SSD,
			  .all = true};

	ASSERT(f->far);
	if (!f->ops->far_ready || !(cmd->common.opcode & (OPC_TO_SSD | OPC_TO_HOST))) {
		return true;
	}
	if (!f->ops->far_ready(f->arg, 0, 0)) {
		return false;
	}
	if (cmd->common.psdt == XNVME_SPEC_PSDT_PRP) {
		need_prp(&a, cmd);
	} else {
		need_sgl(&a, &cmd->common.dptr.sgl);
	}
	if (sqid != 0) {
		need_meta(&a, cmd);
	}
	return a.all;
}

bool
ahead_entry_ready(struct pci_func *f, uint64_t addr)
{
	return !f->ops->far_ready || f->ops->far_ready(f->arg, addr, SQE_NBYTES);
}
