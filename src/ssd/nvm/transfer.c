/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Common to Read, Write, Compare and similar commands: checking a command, and transferring its
 * blocks and their metadata between the media and the host.
 */
#include <base/bytes.h>
#include <ssd/media/media.h>
#include <ssd/nvm/nvm.h>

uint16_t
nvm_ref_refusal(const struct pi_format *pi, uint32_t prinfo, const struct pi_tags *tags,
		uint64_t lba)
{
	uint32_t nbits = pi_ref_nbits(pi);
	uint64_t mask = nbits >= 64 ? UINT64_MAX : (1ULL << nbits) - 1;

	ASSERT(pi->type > 0 && pi->type <= 3);
	if (!(prinfo & XNVME_SPEC_PRINFO_PRCHK_REF)) {
		return STATUS(SUCCESS);
	}
	return pi->type == 3 || (pi->type == 1 && (tags->ref & mask) != (lba & mask))
		       ? REFUSE(INVALID_PI)
		       : STATUS(SUCCESS);
}

/* Parse the protection information fields of a command; NVM Command Set 1.0, End-to-end Data
 * Protection */
static uint16_t
parse_protection(const struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd, struct nvm_io *io)
{
	ASSERT(ns->pi.type > 0);
	io->checks = io->prinfo & 7u;
	if (cmd->common.cdw12 & (1u << 24)) {
		io->checks |= PI_CHECK_STORAGE; /* STC */
	}
	pi_tags_from_cmd(&ns->pi, cmd, &io->tags);
	return nvm_ref_refusal(&ns->pi, io->prinfo, &io->tags, io->lba);
}

uint16_t
nvm_parse_dataless(const struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd, struct nvm_io *io)
{
	uint16_t status;

	ASSERT(ns_is_active(ns));
	memset(io, 0, sizeof(*io));
	io->lba = cmd->nvm.slba;
	io->nlb = cmd->nvm.nlb + 1u;
	io->fua = cmd->nvm.fua;
	io->prinfo = cmd->nvm.prinfo;
	status = nvm_range(ns, io->lba, io->nlb);
	if (!status && ns->pi.type) {
		status = parse_protection(ns, cmd, io);
	}
	return status;
}

uint16_t
nvm_parse(const struct ssd *ssd, const struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	  const struct ssd_work *work, struct nvm_io *io)
{
	uint16_t status = nvm_parse_dataless(ns, cmd, io);
	uint64_t nbytes;

	ns_check(ssd, ns);
	io->host_meta = ns->meta_nbytes;
	if (ns->pi.type) {
		io->host_meta = pi_moved_meta_nbytes(&ns->pi, io->prinfo & XNVME_SPEC_PRINFO_PRACT);
	}
	io->host_stride = ns->lba_nbytes + (ns->extended ? io->host_meta : 0);
	nbytes = (uint64_t)io->nlb * io->host_stride;
	if (is_too_long(ssd, nbytes)) {
		return REFUSE(INVALID_FIELD);
	}
	if (status) {
		return status;
	}
	return host_prepare(work, nbytes, ns->extended ? 0 : (uint64_t)io->nlb * io->host_meta,
			    cmd->common.opcode == XNVME_SPEC_NVM_OPC_READ);
}

uint16_t
nvm_readable(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint64_t nlb, bool dulbe)
{
	uint64_t bit = ns->sector + lba;

	blocks_check(ssd, ns, lba, nlb);
	if ((ns->care_read & CARE_BAD) && bits_any(ssd->bad, bit, nlb)) {
		return REFUSE(UNRECOVERED_READ_ERROR);
	}
	if (dulbe && (ns->care_read & CARE_DULBE) &&
	    bits_find(ssd->written, bit, nlb, false) != bit + nlb) {
		return REFUSE(DEALLOCATED_OR_UNWRITTEN);
	}
	return STATUS(SUCCESS);
}

bool
nvm_read_begin(struct ssd *ssd, struct ssd_ns *ns, const struct nvm_io *io, uint32_t commands,
	       struct ssd_work *work)
{
	blocks_check(ssd, ns, io->lba, io->nlb);
	work->ready_at = time_of(ssd, MODEL_READ, ns, io->lba, io->nlb, io->fua);
	work->status = nvm_readable(ssd, ns, io->lba, io->nlb, true);
	if (work->status) {
		return false;
	}
	ssd->saved->read_cmds += commands;
	ssd->saved->read_nbytes += (uint64_t)io->nlb << ns->shift;
	return true;
}

uint16_t
nvm_change_begin(struct ssd *ssd, struct ssd_ns *ns, uint64_t lba, uint32_t nlb, bool fua,
		 uint16_t stream)
{
	blocks_check(ssd, ns, lba, nlb);
	if (ns->care_write & CARE_PROTECT) {
		return REFUSE(NS_WRITE_PROTECTED);
	}
	ssd->saved->other_write_cmds += 1;
	if (ns->care_write & CARE_CACHE) {
		cache_before_write(ssd, ns, lba, nlb, fua || !cache_is_on(ssd), stream);
	}
	journal_begin(ssd, ns, lba, nlb);
	return STATUS(SUCCESS);
}

void
nvm_change_end(struct ssd *ssd, struct ssd_ns *ns, uint64_t lba, uint32_t nlb)
{
	blocks_check(ssd, ns, lba, nlb);
	blocks_make_good(ssd, ns, lba, nlb);
	blocks_mark(ssd, ns, lba, nlb);
	journal_end(ssd);
}

void
nvm_fetch(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint8_t *block)
{
	uint8_t *meta = block + ns->lba_nbytes;

	ASSERT(lba < ns->nlba);
	if (ssd->data) {
		memcpy(block, blocks_data(ssd, ns, lba), ns->lba_nbytes);
	} else if (ssd->config.pattern == SSD_PATTERN_LBA) {
		for (uint32_t i = 0; i < ns->lba_nbytes; i += 8) {
			put_le(block + i, (lba << ns->shift) + i, 8);
		}
	} else {
		memset(block, 0, ns->lba_nbytes);
	}
	if (ns->meta_nbytes == 0) {
		return;
	}
	if (ns->pi.type && !bits_get(ssd->written, ns->sector + lba)) {
		/* never written: protection information of all ones, which is not checked; NVM
		 * Command Set 1.0, Deallocate */
		uint32_t tuple = pi_tuple_nbytes(ns->pi.guard);

		memset(meta, 0, ns->meta_nbytes);
		memset(meta + (ns->pi.first ? 0 : ns->meta_nbytes - tuple), 0xFF, tuple);
	} else {
		memcpy(meta, blocks_meta(ssd, ns, lba), ns->meta_nbytes);
	}
}

static uint16_t
push_block(const struct ssd_ns *ns, const struct nvm_io *io, const struct ssd_work *work,
	   uint32_t i, const uint8_t *block)
{
	const uint8_t *meta = block + ns->lba_nbytes;
	uint64_t at = (uint64_t)i * io->host_stride;
	uint16_t status = host_push(work, at, block, ns->lba_nbytes);

	ASSERT(i < io->nlb && io->host_stride >= ns->lba_nbytes);
	if (status || io->host_meta == 0) {
		return status;
	}
	if (ns->extended) {
		return host_push(work, at + ns->lba_nbytes, meta, io->host_meta);
	}
	return host_push_meta(work, (uint64_t)i * io->host_meta, meta, io->host_meta);
}

uint16_t
nvm_pull_block(const struct ssd_ns *ns, const struct nvm_io *io, const struct ssd_work *work,
	       uint32_t i, uint8_t *block)
{
	uint8_t *meta = block + ns->lba_nbytes;
	uint64_t at = (uint64_t)i * io->host_stride;
	uint16_t status = host_pull(work, at, block, ns->lba_nbytes);

	ASSERT(i < io->nlb && io->host_stride >= ns->lba_nbytes);
	if (status || ns->meta_nbytes == 0) {
		return status;
	}
	memset(meta, 0, ns->meta_nbytes);
	if (io->host_meta == 0) {
		return STATUS(SUCCESS);
	}
	if (ns->extended) {
		return host_pull(work, at + ns->lba_nbytes, meta, io->host_meta);
	}
	return host_pull_meta(work, (uint64_t)i * io->host_meta, meta, io->host_meta);
}

void
nvm_store(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, const uint8_t *block)
{
	ASSERT(lba < ns->nlba);
	if (ssd->data) {
		memcpy(blocks_data(ssd, ns, lba), block, ns->lba_nbytes);
	}
	if (ns->meta_nbytes) {
		memcpy(blocks_meta(ssd, ns, lba), block + ns->lba_nbytes, ns->meta_nbytes);
	}
}

uint16_t
nvm_read_blocks(struct ssd *ssd, struct ssd_ns *ns, const struct nvm_io *io,
		const struct ssd_work *work)
{
	struct pi_tags tags = io->tags;

	blocks_check(ssd, ns, io->lba, io->nlb);
	if (ns->meta_nbytes == 0 && ssd->data) {
		return host_push(work, 0, blocks_data(ssd, ns, io->lba),
				 (uint64_t)io->nlb << ns->shift);
	}
	for (uint32_t i = 0; i < io->nlb; ++i) {
		uint16_t status = STATUS(SUCCESS);

		nvm_fetch(ssd, ns, io->lba + i, ssd->block);
		if (ns->pi.type) {
			status = pi_verify(&ns->pi, &tags, io->checks, ssd->block,
					   ssd->block + ns->lba_nbytes);
			pi_tags_next(&ns->pi, &tags);
		}
		if (!status) {
			status = push_block(ns, io, work, i, ssd->block);
		}
		if (status) {
			return status;
		}
	}
	return STATUS(SUCCESS);
}

/* Check all of the host's blocks before the first of them is stored */
static uint16_t
check_blocks(struct ssd *ssd, const struct ssd_ns *ns, const struct nvm_io *io,
	     const struct ssd_work *work)
{
	struct pi_tags tags = io->tags;

	blocks_check(ssd, ns, io->lba, io->nlb);
	if (!ns->pi.type || (io->prinfo & XNVME_SPEC_PRINFO_PRACT)) {
		return STATUS(SUCCESS);
	}
	for (uint32_t i = 0; i < io->nlb; ++i) {
		uint16_t status = nvm_pull_block(ns, io, work, i, ssd->block);

		if (!status) {
			status = pi_verify(&ns->pi, &tags, io->checks, ssd->block,
					   ssd->block + ns->lba_nbytes);
			pi_tags_next(&ns->pi, &tags);
		}
		if (status) {
			return status;
		}
	}
	return STATUS(SUCCESS);
}

/* Prepare the tuple to store: generated, or the host's with its reference tag shifted */
static void
protect(const struct ssd_ns *ns, const struct nvm_io *io, const struct pi_tags *tags,
	uint8_t *block)
{
	uint8_t *meta = block + ns->lba_nbytes;
	struct pi_tags made = *tags;
	uint64_t guard;

	ASSERT(ns->pi.type > 0 && ns->meta_nbytes > 0);
	if (!(io->prinfo & XNVME_SPEC_PRINFO_PRACT)) {
		if (io->remap == 0) {
			return;
		}
		pi_parse(&ns->pi, meta, &guard, &made);
	}
	made.ref += io->remap;
	pi_generate(&ns->pi, &made, block, meta);
}

static uint16_t
store_blocks(struct ssd *ssd, const struct ssd_ns *ns, const struct nvm_io *io,
	     const struct ssd_work *work)
{
	struct pi_tags tags = io->tags;

	blocks_check(ssd, ns, io->lba, io->nlb);
	if (!ssd->data) {
		return STATUS(SUCCESS);
	}
	if (ns->meta_nbytes == 0) {
		return host_pull(work, 0, blocks_data(ssd, ns, io->lba),
				 (uint64_t)io->nlb << ns->shift);
	}
	for (uint32_t i = 0; i < io->nlb; ++i) {
		uint16_t status = nvm_pull_block(ns, io, work, i, ssd->block);

		if (status) {
			return status;
		}
		if (ns->pi.type) {
			protect(ns, io, &tags, ssd->block);
			pi_tags_next(&ns->pi, &tags);
		}
		nvm_store(ssd, ns, io->lba + i, ssd->block);
	}
	return STATUS(SUCCESS);
}

uint16_t
nvm_write_blocks(struct ssd *ssd, struct ssd_ns *ns, const struct nvm_io *io,
		 const struct ssd_work *work)
{
	uint16_t status = check_blocks(ssd, ns, io, work);

	blocks_check(ssd, ns, io->lba, io->nlb);
	if (!status) {
		status = nvm_change_begin(ssd, ns, io->lba, io->nlb, io->fua, io->stream);
	}
	if (status) {
		return status;
	}
	if (!journal_keeps(ssd, ns, io->nlb)) {
		blocks_mark_ahead(ssd, ns, io->lba, io->nlb);
	}
	status = store_blocks(ssd, ns, io, work);
	/* an aborted transfer has changed some blocks: they count as written */
	nvm_change_end(ssd, ns, io->lba, io->nlb);
	return status;
}
