/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Commands that change blocks without a data transfer: Write Zeroes, Write Uncorrectable, Dataset
 * Management. Only the namespace limits the first two (WZSL and WUSL are 0).
 */
#include <ssd/ctrl/directive.h>
#include <ssd/ctrl/log.h>
#include <ssd/fdp/fdp.h>
#include <ssd/media/media.h>
#include <ssd/nvm/nvm.h>

/* Deallocate blocks, so that they are as if never written */
static void
deallocate(struct ssd *ssd, struct ssd_ns *ns, uint64_t lba, uint64_t nlb)
{
	blocks_check(ssd, ns, lba, nlb);
	/* in a zone this is durable at once: undoing it would move the write pointer */
	if ((ns->care_write & CARE_CACHE) && ns->kind != SSD_NS_ZNS) {
		if (nlb <= 65536) {
			cache_before_write(ssd, ns, lba, (uint32_t)nlb, !cache_is_on(ssd), 0);
		} else {
			cache_flush(ssd, NSID_ALL);
		}
	}
	journal_begin(ssd, ns, lba, nlb);
	blocks_forget(ssd, ns, lba, nlb);
	blocks_make_good(ssd, ns, lba, nlb);
	journal_end(ssd);
}

static uint16_t
zero_blocks(struct ssd *ssd, struct ssd_ns *ns, const struct nvm_io *io)
{
	uint16_t status = nvm_change_begin(ssd, ns, io->lba, io->nlb, io->fua, io->stream);
	struct pi_tags tags = io->tags;

	blocks_check(ssd, ns, io->lba, io->nlb);
	if (status) {
		return status;
	}
	if (ssd->data) {
		memset(blocks_data(ssd, ns, io->lba), 0, (uint64_t)io->nlb << ns->shift);
	}
	for (uint32_t i = 0; i < io->nlb && ns->meta_nbytes; ++i) {
		uint8_t *meta = blocks_meta(ssd, ns, io->lba + i);

		memset(meta, 0, ns->meta_nbytes);
		if (ns->pi.type && (io->prinfo & XNVME_SPEC_PRINFO_PRACT)) {
			pi_generate(&ns->pi, &tags, blocks_data(ssd, ns, io->lba + i), meta);
			pi_tags_next(&ns->pi, &tags);
		}
	}
	nvm_change_end(ssd, ns, io->lba, io->nlb);
	return STATUS(SUCCESS);
}

/* Placement of blocks without data: here Directive Type has three bits, dword 12 bits 22:20 */
static uint16_t
find_stream(struct ssd *ssd, const struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	    uint16_t *stream)
{
	ns_check(ssd, ns);
	return directive_of_write(ssd, ns, cmd->common.cdw12 >> 20 & 7,
				  (uint16_t)(cmd->common.cdw13 >> 16), stream);
}

void
nvm_write_zeroes(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		 struct ssd_work *work)
{
	bool deac = cmd->write_zeroes.deac;
	struct nvm_io io;

	command_check(ssd, ns, work);
	work->status = nvm_parse_dataless(ns, cmd, &io);
	if (!work->status && (ns->care_write & CARE_PROTECT)) {
		work->status = REFUSE(NS_WRITE_PROTECTED);
	}
	if (work->status) {
		return;
	}
	/* a block whose protection information must be generated is not deallocated */
	if (deac && !(ns->pi.type && (io.prinfo & XNVME_SPEC_PRINFO_PRACT)) && !io.fua) {
		deallocate(ssd, ns, io.lba, io.nlb);
		work->ready_at = time_of(ssd, MODEL_TRIM, ns, io.lba, io.nlb, false);
		return;
	}
	work->status = find_stream(ssd, ns, cmd, &io.stream);
	if (!work->status) {
		work->status = zero_blocks(ssd, ns, &io);
	}
	if (work->status) {
		return;
	}
	if (ns->care_write & CARE_PLACE) {
		fdp_wrote(ssd, ns, io.stream, io.nlb);
	}
	work->ready_at = time_of_stream(ssd, MODEL_WRITE, ns, io.lba, io.nlb, io.fua, io.stream);
}

void
nvm_write_uncorrectable(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
			struct ssd_work *work)
{
	uint64_t lba = cmd->nvm.slba;
	uint32_t nlb = cmd->nvm.nlb + 1u;
	uint64_t bit = ns->sector + lba, more;
	uint16_t stream = 0;

	command_check(ssd, ns, work);
	work->status = nvm_range(ns, lba, nlb);
	if (!work->status) {
		work->status = find_stream(ssd, ns, cmd, &stream);
	}
	if (!work->status) {
		work->status = nvm_change_begin(ssd, ns, lba, nlb, false, stream);
	}
	if (work->status) {
		return;
	}
	more = nlb - bits_count(ssd->bad, bit, nlb);
	ASSERT(more <= nlb);
	ns->saved->bad_lba += more;
	bits_set(ssd->bad, bit, nlb);
	ns_refresh(ssd, ns->nsid - 1);
	if (more) {
		lba_status_changed(ssd);
	}
	if (ns->care_write & CARE_PLACE) {
		fdp_wrote(ssd, ns, stream, nlb);
	}
	work->ready_at = time_of(ssd, MODEL_OTHER, ns, lba, nlb, false);
}

static uint16_t
dsm_range(const struct ssd_work *work, uint32_t i, struct xnvme_spec_dsm_range *range)
{
	ASSERT((i + 1ULL) * sizeof(*range) <= work->dma->nbytes);
	return host_pull(work, (uint64_t)i * sizeof(*range), range, sizeof(*range));
}

void
nvm_dsm(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd, struct ssd_work *work)
{
	uint32_t count = cmd->dsm.nr + 1u;
	struct xnvme_spec_dsm_range range;

	command_check(ssd, ns, work);
	if (cmd->dsm.ad && (ns->care_write & CARE_PROTECT)) {
		work->status = REFUSE(NS_WRITE_PROTECTED);
		return;
	}
	work->status = host_prepare(work, count * sizeof(range), 0, false);
	if (work->status) {
		return;
	}
	/* all ranges are checked before the first change */
	for (uint32_t i = 0; i < count; ++i) {
		work->status = dsm_range(work, i, &range);
		if (!work->status && range.llb) {
			work->status = nvm_range(ns, range.slba, range.llb);
		}
		if (work->status) {
			return;
		}
	}
	for (uint32_t i = 0; i < count && cmd->dsm.ad; ++i) {
		work->status = dsm_range(work, i, &range);
		if (!work->status && range.llb) {
			/* again: the host may have changed it meanwhile */
			work->status = nvm_range(ns, range.slba, range.llb);
		}
		if (work->status) {
			return;
		}
		if (range.llb) {
			deallocate(ssd, ns, range.slba, range.llb);
			work->ready_at =
			    ns_max(work->ready_at,
				   time_of(ssd, MODEL_TRIM, ns, range.slba, range.llb, false));
		}
	}
}
