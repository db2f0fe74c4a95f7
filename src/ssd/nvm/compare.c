/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Commands that read blocks without returning them: Compare and Verify.
 */
#include <ssd/nvm/nvm.h>

/* Compare the host's blocks with the media, block by block in ssd->block */
static uint16_t
compare_blocks(struct ssd *ssd, struct ssd_ns *ns, const struct nvm_io *io,
	       const struct ssd_work *work)
{
	struct pi_tags tags = io->tags;
	uint32_t from = 0, until = io->host_meta;

	blocks_check(ssd, ns, io->lba, io->nlb);
	/* protection information is checked on both sides, but not compared: NVM Command Set 1.2,
	 * Compare */
	if (ns->pi.type) {
		uint32_t tuple = pi_tuple_nbytes(ns->pi.guard);

		from = ns->pi.first ? tuple : 0;
		until = ns->pi.first ? ns->meta_nbytes : ns->meta_nbytes - tuple;
	}
	ASSERT(from <= until && until <= ns->meta_nbytes);
	for (uint32_t i = 0; i < io->nlb; ++i) {
		const uint8_t *ours = ssd->block + ns->lba_nbytes;
		const uint8_t *theirs = ssd->nvm.block + ns->lba_nbytes;
		uint16_t status = nvm_pull_block(ns, io, work, i, ssd->nvm.block);

		nvm_fetch(ssd, ns, io->lba + i, ssd->block);
		if (!status && ns->pi.type) {
			status = pi_verify(&ns->pi, &tags, io->checks, ssd->nvm.block, theirs);
			status = status ? status
					: pi_verify(&ns->pi, &tags, io->checks, ssd->block, ours);
			pi_tags_next(&ns->pi, &tags);
		}
		if (status) {
			return status;
		}
		if (memcmp(ssd->block, ssd->nvm.block, ns->lba_nbytes) != 0 ||
		    (io->host_meta && memcmp(ours + from, theirs + from, until - from) != 0)) {
			return REFUSE(COMPARE_FAILURE);
		}
	}
	return STATUS(SUCCESS);
}

void
nvm_compare(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	    struct ssd_work *work)
{
	struct nvm_io io;

	command_check(ssd, ns, work);
	work->status = nvm_parse(ssd, ns, cmd, work, &io);
	if (!work->status && ns->pi.type && (io.prinfo & XNVME_SPEC_PRINFO_PRACT)) {
		work->status = REFUSE(INVALID_PI); /* the command neither inserts nor strips
							 * protection information */
	}
	if (!work->status && nvm_read_begin(ssd, ns, &io, 1, work)) {
		work->status = compare_blocks(ssd, ns, &io, work);
	}
}

void
nvm_verify(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	   struct ssd_work *work)
{
	struct pi_tags tags;
	struct nvm_io io;

	command_check(ssd, ns, work);
	work->status = nvm_parse_dataless(ns, cmd, &io);
	/* its blocks count as data read, but not as a host read command */
	if (work->status || !nvm_read_begin(ssd, ns, &io, 0, work)) {
		return;
	}
	tags = io.tags;
	for (uint32_t i = 0; i < io.nlb && ns->pi.type && !work->status; ++i) {
		nvm_fetch(ssd, ns, io.lba + i, ssd->block);
		work->status = pi_verify(&ns->pi, &tags, io.checks, ssd->block,
					 ssd->block + ns->lba_nbytes);
		pi_tags_next(&ns->pi, &tags);
	}
}
