/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The NVM command set: one row per opcode (the table is at the end); read, write and flush, by way
 * of nvm_parse() and the functions of transfer.c. fast.c is the fast path.
 */
#include <ssd/ctrl/directive.h>
#include <ssd/fdp/fdp.h>
#include <ssd/nvm/nvm.h>

void
nvm_read(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	 struct ssd_work *work)
{
	struct nvm_io io;

	command_check(ssd, ns, work);
	work->status = nvm_parse(ssd, ns, cmd, work, &io);
	if (!work->status && nvm_read_begin(ssd, ns, &io, 1, work)) {
		work->status = nvm_read_blocks(ssd, ns, &io, work);
	}
}

/* The rest of a write whose command has been read */
static void
write_parsed(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	     struct ssd_work *work, struct nvm_io *io, enum model_op op)
{
	blocks_check(ssd, ns, io->lba, io->nlb);
	work->status =
		directive_of_write(ssd, ns, cmd->nvm.dtype, cmd->nvm.cdw13.dspec, &io->stream);
	if (!work->status) {
		work->status = nvm_write_blocks(ssd, ns, io, work);
	}
	if (work->status) {
		return;
	}
	ssd->saved->write_cmds += 1;
	ssd->saved->write_nbytes += (uint64_t)io->nlb << ns->shift;
	if (ns->care_write & CARE_PLACE) {
		fdp_wrote(ssd, ns, io->stream, io->nlb);
	}
	work->ready_at = time_of_stream(ssd, op, ns, io->lba, io->nlb, io->fua, io->stream);
}

void
nvm_write(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	  struct ssd_work *work)
{
	struct nvm_io io;

	command_check(ssd, ns, work);
	work->status = nvm_parse(ssd, ns, cmd, work, &io);
	if (!work->status) {
		write_parsed(ssd, ns, cmd, work, &io, MODEL_WRITE);
	}
}

void
nvm_append(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	   struct ssd_work *work, uint64_t lba)
{
	struct nvm_io io;

	command_check(ssd, ns, work);
	ASSERT(ns->kind == SSD_NS_ZNS);
	work->status = nvm_parse(ssd, ns, cmd, work, &io);
	if (work->status) {
		return;
	}
	io.remap = cmd->znd.append.piremap ? lba - io.lba : 0;
	io.lba = lba;
	write_parsed(ssd, ns, cmd, work, &io, MODEL_ZONE_APPEND);
}

void
nvm_flush(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	  struct ssd_work *work)
{
	command_check(ssd, ns, work);
	(void)cmd;
	work->ready_at = time_of(ssd, MODEL_FLUSH, ns, 0, 0, false);
	cache_flush_at(ssd, ns ? ns->nsid : NSID_ALL, work->ready_at);
}

#define CHANGES (EFFECT_SUPPORTED | EFFECT_DATA)

const struct ssd_row nvm_rows[256] = {
	[0x00] = {nvm_flush, EFFECT_SUPPORTED, NSID_BROADCAST},
	[0x01] = {nvm_write, CHANGES, NSID_ACTIVE},
	[0x02] = {nvm_read, EFFECT_SUPPORTED, NSID_ACTIVE},
	[0x04] = {nvm_write_uncorrectable, CHANGES, NSID_ACTIVE},
	[0x05] = {nvm_compare, EFFECT_SUPPORTED, NSID_ACTIVE},
	[0x08] = {nvm_write_zeroes, CHANGES, NSID_ACTIVE},
	[0x09] = {nvm_dsm, CHANGES, NSID_ACTIVE},
	[0x0C] = {nvm_verify, EFFECT_SUPPORTED, NSID_ACTIVE},
	[0x12] = {io_management_receive, EFFECT_SUPPORTED, NSID_ACTIVE},
	[0x19] = {nvm_copy, CHANGES, NSID_ACTIVE},
	[0x1D] = {io_management_send, EFFECT_SUPPORTED, NSID_ACTIVE},
};

static void
nvm_fill(const struct ssd_config *config, uint32_t slot, bool configured, struct saved_ns *saved)
{
	if (configured) {
		fdp_fill_handles(config, slot, saved);
	}
}

const struct ssd_kind nvm_kind = {
	.csi = XNVME_SPEC_CSI_NVM,
	.rows = nvm_rows,
	.fast_free = nvm_fast_free,
	.fast_timed = nvm_fast_timed,
	.fill = nvm_fill,
	.lost = fdp_lost,
};
