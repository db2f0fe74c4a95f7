/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The fast path of Read and Write: a namespace without metadata and without conditions of CARE_*,
 * and contiguous host memory whose address is known. Fragmented memory is processed out of line
 * (read_pieces, write_pieces); all other commands take the slow path, begin_slowly().
 *
 * There are two variants of each function, so that the null model costs no branch. They are leaf
 * functions as far as possible: the first steps call no function, and the copy is last or next to
 * last.
 */
#include <ssd/hot.h>
#include <ssd/nvm/nvm.h>

/* A command on the fast path */
struct fast_rw {
	uint64_t lba;
	uint64_t nbytes;
	uint32_t nlb;
};

/* `limit_nlb` is read_nlb or write_nlb. It is at most nlba, so the difference does not wrap.
 * `more`: number of blocks after the first. */
static inline bool
is_plain(const struct ssd_ns *ns, uint32_t limit_nlb, const struct xnvme_spec_cmd *cmd,
	 uint32_t more, struct fast_rw *rw)
{
	rw->lba = cmd->nvm.slba;
	rw->nlb = more + 1;
	rw->nbytes = (uint64_t)rw->nlb << ns->shift;
	return more < limit_nlb && rw->lba <= ns->nlba - rw->nlb;
}

static inline bool
take_fast_path(const struct ssd_ns *ns, uint32_t limit_nlb, const struct xnvme_spec_cmd *cmd,
	       uint32_t more, const struct ssd_work *work, struct fast_rw *rw)
{
	return is_plain(ns, limit_nlb, cmd, more, rw) && work->dma->start_nbytes >= rw->nbytes;
}

static inline void
copy_out(const struct ssd *ssd, const struct ssd_ns *ns, const struct fast_rw *rw,
	 const struct ssd_work *work)
{
	ASSERT(rw->nlb > 0 && rw->lba + rw->nlb <= ns->nlba);
	if (LIKELY(ssd->data)) {
		memcpy(work->dma->start, blocks_data(ssd, ns, rw->lba), rw->nbytes);
	} else {
		memset(work->dma->start, 0, rw->nbytes);
	}
}

static inline void
copy_in(const struct ssd *ssd, const struct ssd_ns *ns, const struct fast_rw *rw,
	const struct ssd_work *work)
{
	ASSERT(rw->nlb > 0 && rw->lba + rw->nlb <= ns->nlba);
	if (LIKELY(ssd->data)) {
		memcpy(blocks_data(ssd, ns, rw->lba), work->dma->start, rw->nbytes);
	}
}

/* Call the timing model. It returns an instant that is not before now. */
static inline void
time_fast(struct ssd *ssd, const struct model_io *io, struct ssd_work *work)
{
	ns_t ready = ssd->time_begin(ssd->model, ssd->now, io);

	ASSERT(ready >= ssd->now);
	work->ready_at = ready;
	ssd->trace += ready;
	busy_until(ssd, ready);
}

static inline void
shape(const struct ssd_ns *ns, const struct fast_rw *rw, bool fua, enum model_op op,
      struct model_io *io)
{
	ASSERT(rw->nbytes > 0);
	*io = (struct model_io){
		.op = op,
		.offset = ns->base + (rw->lba << ns->shift),
		.nbytes = rw->nbytes,
		.fua = fua,
	};
}

#define CDW12_DTYPE (15u << 20) /* Directive Type: NVM Command Set 1.0, Write command */

/*
 * The number of blocks, with all options in higher bits: FUA, Directive Type and others (NVM
 * Command Set 1.0, Read and Write command). With a timing model, a command with an option leaves
 * the fast path: its value exceeds every limit, which is at most 65536. One comparison checks both.
 */
static inline uint32_t
blocks_and_options(const struct xnvme_spec_cmd *cmd)
{
	return cmd->common.cdw12;
}

/* The host's memory is fragmented, or must be prepared, but the command is otherwise plain */
static void __attribute__((noinline))
read_pieces(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	    struct ssd_work *work)
{
	struct fast_rw rw;
	struct model_io io;

	command_check(ssd, ns, work);
	if (!is_plain(ns, ns->read_nlb, cmd, cmd->nvm.nlb, &rw) || !ssd->data) {
		begin_slowly(ssd, ns, cmd, work);
		return;
	}
	work->status = host_prepare(work, rw.nbytes, 0, true);
	if (!work->status) {
		work->status = host_push(work, 0, blocks_data(ssd, ns, rw.lba), rw.nbytes);
	}
	if (work->status) {
		end_slowly(ssd, cmd, work);
		return;
	}
	ssd->saved->read_cmds += 1;
	ssd->saved->read_nbytes += rw.nbytes;
	trace_command(ssd, cmd, 0);
	shape(ns, &rw, cmd->nvm.fua, MODEL_READ, &io);
	time_fast(ssd, &io, work);
}

static void
read_free(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	  struct ssd_work *work)
{
	struct fast_rw rw;

	command_check(ssd, ns, work);
	if (UNLIKELY(!take_fast_path(ns, ns->read_nlb, cmd, cmd->nvm.nlb, work, &rw))) {
		read_pieces(ssd, ns, cmd, work);
		return;
	}
	ssd->saved->read_cmds += 1;
	ssd->saved->read_nbytes += rw.nbytes;
	trace_command(ssd, cmd, ssd->now);
	copy_out(ssd, ns, &rw, work);
}

static void
read_timed(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	   struct ssd_work *work)
{
	struct fast_rw rw;
	struct model_io io;

	command_check(ssd, ns, work);
	if (UNLIKELY(!take_fast_path(ns, ns->read_nlb, cmd, blocks_and_options(cmd), work, &rw))) {
		read_pieces(ssd, ns, cmd, work);
		return;
	}
	ssd->saved->read_cmds += 1;
	ssd->saved->read_nbytes += rw.nbytes;
	trace_command(ssd, cmd, 0);
	shape(ns, &rw, false, MODEL_READ, &io);
	copy_out(ssd, ns, &rw, work);
	time_fast(ssd, &io, work);
}

/* A write marks its blocks as written. The fast path requires that they already are, as in a drive
 * in use, and that their marks share a word. Then one comparison checks the range, since a range
 * that wraps around spans words. `more`: number of blocks after the first. */
static inline bool
write_fast(const struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd, uint32_t more,
	   const struct ssd_work *work, struct fast_rw *rw)
{
	uint64_t last = cmd->nvm.slba + more;

	rw->lba = cmd->nvm.slba;
	rw->nlb = more + 1;
	rw->nbytes = (uint64_t)rw->nlb << ns->shift;
	return more < ns->write_nlb && last < ns->nlba && rw->lba >> 6 == last >> 6 &&
	       ns->written[last >> 6] == ~0ULL && work->dma->start_nbytes >= rw->nbytes;
}

static void __attribute__((noinline))
write_pieces(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	     struct ssd_work *work)
{
	struct fast_rw rw;
	struct model_io io;

	command_check(ssd, ns, work);
	if (!is_plain(ns, ns->write_nlb, cmd, cmd->nvm.nlb, &rw) || cmd->nvm.dtype || !ssd->data) {
		begin_slowly(ssd, ns, cmd, work);
		return;
	}
	work->status = host_prepare(work, rw.nbytes, 0, false);
	if (!work->status) {
		work->status = host_pull(work, 0, blocks_data(ssd, ns, rw.lba), rw.nbytes);
		/* an aborted transfer has changed some blocks: they count as written */
		blocks_mark(ssd, ns, rw.lba, rw.nlb);
	}
	if (work->status) {
		ssd->saved->other_write_cmds += 1;
		end_slowly(ssd, cmd, work);
		return;
	}
	ssd->saved->write_cmds += 1;
	ssd->saved->write_nbytes += rw.nbytes;
	trace_command(ssd, cmd, 0);
	shape(ns, &rw, cmd->nvm.fua, MODEL_WRITE, &io);
	time_fast(ssd, &io, work);
}

static void
write_free(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	   struct ssd_work *work)
{
	struct fast_rw rw;

	command_check(ssd, ns, work);
	if (UNLIKELY(cmd->common.cdw12 & CDW12_DTYPE ||
		     !write_fast(ns, cmd, cmd->nvm.nlb, work, &rw))) {
		write_pieces(ssd, ns, cmd, work);
		return;
	}
	ssd->saved->write_cmds += 1;
	ssd->saved->write_nbytes += rw.nbytes;
	trace_command(ssd, cmd, ssd->now);
	copy_in(ssd, ns, &rw, work);
}

static void
write_timed(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	    struct ssd_work *work)
{
	struct fast_rw rw;
	struct model_io io;

	command_check(ssd, ns, work);
	if (UNLIKELY(!write_fast(ns, cmd, blocks_and_options(cmd), work, &rw))) {
		write_pieces(ssd, ns, cmd, work);
		return;
	}
	ssd->saved->write_cmds += 1;
	ssd->saved->write_nbytes += rw.nbytes;
	trace_command(ssd, cmd, 0);
	shape(ns, &rw, false, MODEL_WRITE, &io);
	copy_in(ssd, ns, &rw, work);
	time_fast(ssd, &io, work);
}

STATIC_ASSERT(XNVME_SPEC_NVM_OPC_WRITE == 1 && XNVME_SPEC_NVM_OPC_READ == 2,
	      "no entry of the tables is left empty");

const ssd_begin_fn nvm_fast_free[256] = {
	[0] = begin_slowly,
	[XNVME_SPEC_NVM_OPC_WRITE] = write_free,
	[XNVME_SPEC_NVM_OPC_READ] = read_free,
	[3 ... 255] = begin_slowly,
};

const ssd_begin_fn nvm_fast_timed[256] = {
	[0] = begin_slowly,
	[XNVME_SPEC_NVM_OPC_WRITE] = write_timed,
	[XNVME_SPEC_NVM_OPC_READ] = read_timed,
	[3 ... 255] = begin_slowly,
};
