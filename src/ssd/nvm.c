/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The NVM command set: one row per opcode; read, write and flush. The straight way through read and
 * write is for namespaces without metadata; everything else goes through nvm_parse() and the
 * functions of nvm_blocks.c, block by block where it must.
 */
#include <ssd/directive.h>
#include <ssd/nvm.h>

const struct ssd_row nvm_rows[256] = {
	[0x00] = {nvm_flush, EFFECT_SUPPORTED, NSID_BROADCAST},
	[0x01] = {nvm_write, EFFECT_SUPPORTED | EFFECT_DATA, NSID_ACTIVE},
	[0x02] = {nvm_read, EFFECT_SUPPORTED, NSID_ACTIVE},
	[0x04] = {nvm_write_uncorrectable, EFFECT_SUPPORTED | EFFECT_DATA, NSID_ACTIVE},
	[0x05] = {nvm_compare, EFFECT_SUPPORTED, NSID_ACTIVE},
	[0x08] = {nvm_write_zeroes, EFFECT_SUPPORTED | EFFECT_DATA, NSID_ACTIVE},
	[0x09] = {nvm_dsm, EFFECT_SUPPORTED | EFFECT_DATA, NSID_ACTIVE},
	[0x0C] = {nvm_verify, EFFECT_SUPPORTED, NSID_ACTIVE},
	[0x19] = {nvm_copy, EFFECT_SUPPORTED | EFFECT_DATA, NSID_ACTIVE},
};

ns_t
time_of_stream(struct ssd *ssd, enum model_op op, const struct ssd_ns *ns, uint64_t lba,
	       uint64_t nlb, bool fua, uint16_t stream)
{
	struct model_io io = {.op = op, .fua = fua, .stream = stream};
	ns_t ready;

	if (ssd->time_free) {
		return ssd->now;
	}
	if (ns) {
		io.nsid = ns->nsid;
		io.offset = ns->base + (lba << ns->shift);
		io.nbytes = nlb << ns->shift;
	}
	ready = ssd->time->begin(ssd->model, ssd->now, &io);
	return ns_max(ready, ssd->now);
}

ns_t
time_of(struct ssd *ssd, enum model_op op, const struct ssd_ns *ns, uint64_t lba, uint64_t nlb,
	bool fua)
{
	return time_of_stream(ssd, op, ns, lba, nlb, fua, 0);
}

/* The same, for the straight way */
static inline ns_t
time_of_blocks(struct ssd *ssd, enum model_op op, const struct ssd_ns *ns, uint64_t offset,
	       uint64_t nbytes, bool fua)
{
	struct model_io io;

	if (ssd->time_free) {
		return ssd->now;
	}
	io = (struct model_io){
		.op = op, .nsid = ns->nsid, .offset = offset, .nbytes = nbytes, .fua = fua};
	return ns_max(ssd->time->begin(ssd->model, ssd->now, &io), ssd->now);
}

static void __attribute__((noinline))
read_carefully(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	       struct ssd_work *work)
{
	struct nvm_io io;

	work->status = nvm_parse(ssd, ns, cmd, work, &io);
	if (work->status) {
		return;
	}
	/* a read that fails has taken its time all the same */
	work->ready_at = time_of(ssd, MODEL_READ, ns, io.lba, io.nlb, io.fua);
	work->status = nvm_readable(ssd, ns, io.lba, io.nlb, true);
	if (!work->status) {
		work->status = nvm_read_blocks(ssd, ns, &io, work);
	}
	if (!work->status) {
		ssd->saved->read_cmds++;
		ssd->saved->read_sectors += (uint64_t)io.nlb << (ns->shift - SECTOR_SHIFT);
	}
}

void
nvm_read(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	 struct ssd_work *work)
{
	struct ssd_dma *dma = work->dma;
	uint64_t lba = cmd->nvm.slba;
	uint32_t nlb = cmd->nvm.nlb + 1u;
	uint64_t nbytes = (uint64_t)nlb << ns->shift;
	uint64_t offset = ns->base + (lba << ns->shift);

	if (UNLIKELY(ns->care_read | (nlb > ns->max_nlb) | (lba >= ns->nlba) |
		     (nlb > ns->nlba - lba) | (dma->nbytes < nbytes) | (dma->prepare != NULL) |
		     (dma->flat == NULL))) {
		read_carefully(ssd, ns, cmd, work);
		return;
	}
	if (LIKELY(ssd->data)) {
		memcpy(dma->flat, ssd->data + offset, nbytes);
	} else {
		memset(dma->flat, 0, nbytes);
	}
	ssd->saved->read_cmds++;
	ssd->saved->read_sectors += nbytes >> SECTOR_SHIFT;
	work->ready_at = time_of_blocks(ssd, MODEL_READ, ns, offset, nbytes, cmd->nvm.fua);
}

static void __attribute__((noinline))
write_carefully(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		struct ssd_work *work)
{
	struct nvm_io io;

	work->status = nvm_parse(ssd, ns, cmd, work, &io);
	if (!work->status) {
		work->status = directive_of_write(ssd, ns, cmd->nvm.dtype, cmd->nvm.cdw13.dspec,
						  &io.stream);
	}
	if (!work->status) {
		work->status = nvm_write_blocks(ssd, ns, &io, work);
	}
	if (work->status) {
		return;
	}
	ssd->saved->write_cmds++;
	ssd->saved->write_sectors += (uint64_t)io.nlb << (ns->shift - SECTOR_SHIFT);
	work->ready_at = time_of_stream(ssd, MODEL_WRITE, ns, io.lba, io.nlb, io.fua, io.stream);
}

void
nvm_write(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	  struct ssd_work *work)
{
	struct ssd_dma *dma = work->dma;
	uint64_t lba = cmd->nvm.slba;
	uint32_t nlb = cmd->nvm.nlb + 1u;
	uint64_t nbytes = (uint64_t)nlb << ns->shift;
	uint64_t offset = ns->base + (lba << ns->shift);

	if (UNLIKELY(ns->care_write | (nlb > ns->max_nlb) | (lba >= ns->nlba) |
		     (nlb > ns->nlba - lba) | (dma->nbytes < nbytes) | (dma->prepare != NULL) |
		     (dma->flat == NULL) | (cmd->nvm.dtype != 0))) {
		write_carefully(ssd, ns, cmd, work);
		return;
	}
	if (LIKELY(ssd->data)) {
		memcpy(ssd->data + offset, dma->flat, nbytes);
	}
	nvm_mark(ssd, ns, lba, nlb);
	ssd->saved->write_cmds++;
	ssd->saved->write_sectors += nbytes >> SECTOR_SHIFT;
	work->ready_at = time_of_blocks(ssd, MODEL_WRITE, ns, offset, nbytes, cmd->nvm.fua);
}

void
nvm_flush(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	  struct ssd_work *work)
{
	(void)cmd;
	cache_flush(ssd, ns ? ns->nsid : NSID_ALL);
	work->ready_at = time_of(ssd, MODEL_FLUSH, ns, 0, 0, false);
}
