/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The NVM command set: one row per opcode (the table is at the end); read, write and flush. The
 * straight way through read and write is for namespaces without metadata whose host memory lies in
 * one piece; everything else goes through nvm_parse() and the functions of nvm_blocks.c.
 */
#include <ssd/directive.h>
#include <ssd/hot.h>
#include <ssd/nvm.h>

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

void
nvm_read(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
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
		ssd->saved->read_nbytes += (uint64_t)io.nlb << ns->shift;
	}
}

/* Can the host's memory be reached directly (not while there is something to prepare), and is there
 * enough of it? */
static inline bool
is_direct(const struct ssd_dma *dma, uint64_t nbytes)
{
	return dma->flat && dma->nbytes >= nbytes;
}

/* Let the timing model and the trace know of a command that has gone the straight way */
static void __attribute__((noinline))
end_timed(struct ssd *ssd, const struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	  struct ssd_work *work, enum model_op op)
{
	struct model_io io = {.op = op,
			      .nsid = ns->nsid,
			      .offset = ns->base + (cmd->nvm.slba << ns->shift),
			      .nbytes = (cmd->nvm.nlb + 1ULL) << ns->shift,
			      .fua = cmd->nvm.fua};
	ns_t ready = ns_max(ssd->time->begin(ssd->model, ssd->now, &io), ssd->now);

	work->ready_at = ready;
	busy_until(ssd, ready);
	trace_command(ssd, cmd, ready);
}

static inline void
end_fast(struct ssd *ssd, const struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	 struct ssd_work *work, enum model_op op)
{
	if (ssd->time_free) {
		trace_command(ssd, cmd, ssd->now);
	} else {
		end_timed(ssd, ns, cmd, work, op);
	}
}

/* `read_nlb` is at most `nlba`, so the difference does not wrap */
static void
nvm_read_fast(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	      struct ssd_work *work)
{
	uint64_t lba = cmd->nvm.slba;
	uint32_t nlb = cmd->nvm.nlb + 1u;
	uint64_t nbytes = (uint64_t)nlb << ns->shift;
	uint64_t offset = ns->base + (lba << ns->shift);

	if (UNLIKELY(nlb > ns->read_nlb || lba > ns->nlba - nlb || !is_direct(work->dma, nbytes))) {
		begin_slowly(ssd, ns, cmd, work);
		return;
	}
	ssd->saved->read_cmds++;
	ssd->saved->read_nbytes += nbytes;
	end_fast(ssd, ns, cmd, work, MODEL_READ);
	if (LIKELY(ssd->data)) {
		memcpy(work->dma->flat, ssd->data + offset, nbytes);
	} else {
		memset(work->dma->flat, 0, nbytes);
	}
}

void
nvm_write(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
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
	ssd->saved->write_nbytes += (uint64_t)io.nlb << ns->shift;
	work->ready_at = time_of_stream(ssd, MODEL_WRITE, ns, io.lba, io.nlb, io.fua, io.stream);
}

static void
nvm_write_fast(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	       struct ssd_work *work)
{
	uint64_t lba = cmd->nvm.slba;
	uint32_t nlb = cmd->nvm.nlb + 1u;
	uint64_t nbytes = (uint64_t)nlb << ns->shift;
	uint64_t offset = ns->base + (lba << ns->shift);

	if (UNLIKELY(nlb > ns->write_nlb || lba > ns->nlba - nlb || cmd->nvm.dtype ||
		     !is_direct(work->dma, nbytes))) {
		begin_slowly(ssd, ns, cmd, work);
		return;
	}
	nvm_mark(ssd, ns, lba, nlb);
	ssd->saved->write_cmds++;
	ssd->saved->write_nbytes += nbytes;
	end_fast(ssd, ns, cmd, work, MODEL_WRITE);
	if (LIKELY(ssd->data)) {
		memcpy(ssd->data + offset, work->dma->flat, nbytes);
	}
}

void
nvm_flush(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	  struct ssd_work *work)
{
	(void)cmd;
	cache_flush(ssd, ns ? ns->nsid : NSID_ALL);
	work->ready_at = time_of(ssd, MODEL_FLUSH, ns, 0, 0, false);
}

#define CHANGES (EFFECT_SUPPORTED | EFFECT_DATA)

const struct ssd_row nvm_rows[256] = {
	[0x00] = {nvm_flush, EFFECT_SUPPORTED, NSID_BROADCAST, NULL},
	[0x01] = {nvm_write, CHANGES, NSID_ACTIVE, nvm_write_fast},
	[0x02] = {nvm_read, EFFECT_SUPPORTED, NSID_ACTIVE, nvm_read_fast},
	[0x04] = {nvm_write_uncorrectable, CHANGES, NSID_ACTIVE, NULL},
	[0x05] = {nvm_compare, EFFECT_SUPPORTED, NSID_ACTIVE, NULL},
	[0x08] = {nvm_write_zeroes, CHANGES, NSID_ACTIVE, NULL},
	[0x09] = {nvm_dsm, CHANGES, NSID_ACTIVE, NULL},
	[0x0C] = {nvm_verify, EFFECT_SUPPORTED, NSID_ACTIVE, NULL},
	[0x19] = {nvm_copy, CHANGES, NSID_ACTIVE, NULL},
};
