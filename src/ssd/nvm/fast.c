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
struct straight {
	uint64_t lba;
	uint64_t nbytes;
	uint32_t nlb;
};

/* `limit_nlb` is read_nlb or write_nlb. It is at most nlba, so the difference does not wrap.
 * `more`: number of blocks after the first. */
static inline bool
is_plain(const struct ssd_ns *ns, uint32_t limit_nlb, const struct xnvme_spec_cmd *cmd,
	 uint32_t more, struct straight *way)
{
	way->lba = cmd->nvm.slba;
	way->nlb = more + 1;
	way->nbytes = (uint64_t)way->nlb << ns->shift;
	return more < limit_nlb && way->lba <= ns->nlba - way->nlb;
}

static inline bool
go_straight(const struct ssd_ns *ns, uint32_t limit_nlb, const struct xnvme_spec_cmd *cmd,
	    uint32_t more, const struct ssd_work *work, struct straight *way)
{
	return is_plain(ns, limit_nlb, cmd, more, way) && work->dma->start_nbytes >= way->nbytes;
}

static inline void
copy_out(const struct ssd *ssd, const struct ssd_ns *ns, const struct straight *way,
	 const struct ssd_work *work)
{
	ASSERT(way->nlb > 0 && way->lba + way->nlb <= ns->nlba);
	if (LIKELY(ssd->data)) {
		memcpy(work->dma->start, blocks_data(ssd, ns, way->lba), way->nbytes);
	} else {
		memset(work->dma->start, 0, way->nbytes);
	}
}

static inline void
copy_in(const struct ssd *ssd, const struct ssd_ns *ns, const struct straight *way,
	const struct ssd_work *work)
{
	ASSERT(way->nlb > 0 && way->lba + way->nlb <= ns->nlba);
	if (LIKELY(ssd->data)) {
		memcpy(blocks_data(ssd, ns, way->lba), work->dma->start, way->nbytes);
	}
}

/* Call the timing model. It returns an instant that is not before now. */
static inline void
time_straight(struct ssd *ssd, const struct model_io *io, struct ssd_work *work)
{
	ns_t ready = ssd->time_begin(ssd->model, ssd->now, io);

	ASSERT(ready >= ssd->now);
	work->ready_at = ready;
	ssd->trace += ready;
	busy_until(ssd, ready);
}

static inline void
shape(const struct ssd_ns *ns, const struct straight *way, bool fua, enum model_op op,
      struct model_io *io)
{
	ASSERT(way->nbytes > 0);
	*io = (struct model_io){
		.op = op,
		.offset = ns->base + (way->lba << ns->shift),
		.nbytes = way->nbytes,
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
	struct straight way;
	struct model_io io;

	command_check(ssd, ns, work);
	if (!is_plain(ns, ns->read_nlb, cmd, cmd->nvm.nlb, &way) || !ssd->data) {
		begin_slowly(ssd, ns, cmd, work);
		return;
	}
	work->status = host_prepare(work, way.nbytes, 0, true);
	if (!work->status) {
		work->status = host_push(work, 0, blocks_data(ssd, ns, way.lba), way.nbytes);
	}
	if (work->status) {
		end_slowly(ssd, cmd, work);
		return;
	}
	ssd->saved->read_cmds++;
	ssd->saved->read_nbytes += way.nbytes;
	trace_command(ssd, cmd, 0);
	shape(ns, &way, cmd->nvm.fua, MODEL_READ, &io);
	time_straight(ssd, &io, work);
}

static void
read_free(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	  struct ssd_work *work)
{
	struct straight way;

	command_check(ssd, ns, work);
	if (UNLIKELY(!go_straight(ns, ns->read_nlb, cmd, cmd->nvm.nlb, work, &way))) {
		read_pieces(ssd, ns, cmd, work);
		return;
	}
	ssd->saved->read_cmds++;
	ssd->saved->read_nbytes += way.nbytes;
	trace_command(ssd, cmd, ssd->now);
	copy_out(ssd, ns, &way, work);
}

static void
read_timed(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	   struct ssd_work *work)
{
	struct straight way;
	struct model_io io;

	command_check(ssd, ns, work);
	if (UNLIKELY(!go_straight(ns, ns->read_nlb, cmd, blocks_and_options(cmd), work, &way))) {
		read_pieces(ssd, ns, cmd, work);
		return;
	}
	ssd->saved->read_cmds++;
	ssd->saved->read_nbytes += way.nbytes;
	trace_command(ssd, cmd, 0);
	shape(ns, &way, false, MODEL_READ, &io);
	copy_out(ssd, ns, &way, work);
	time_straight(ssd, &io, work);
}

/* A write marks its blocks as written. The fast path requires that they already are, as in a drive
 * in use, and that their marks share a word. Then one comparison checks the range, since a range
 * that wraps around spans words. `more`: number of blocks after the first. */
static inline bool
write_straight(const struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd, uint32_t more,
	       const struct ssd_work *work, struct straight *way)
{
	uint64_t last = cmd->nvm.slba + more;

	way->lba = cmd->nvm.slba;
	way->nlb = more + 1;
	way->nbytes = (uint64_t)way->nlb << ns->shift;
	return more < ns->write_nlb && last < ns->nlba && way->lba >> 6 == last >> 6 &&
	       ns->written[last >> 6] == ~0ULL && work->dma->start_nbytes >= way->nbytes;
}

static void __attribute__((noinline))
write_pieces(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	     struct ssd_work *work)
{
	struct straight way;
	struct model_io io;

	command_check(ssd, ns, work);
	if (!is_plain(ns, ns->write_nlb, cmd, cmd->nvm.nlb, &way) || cmd->nvm.dtype || !ssd->data) {
		begin_slowly(ssd, ns, cmd, work);
		return;
	}
	work->status = host_prepare(work, way.nbytes, 0, false);
	if (!work->status) {
		work->status = host_pull(work, 0, blocks_data(ssd, ns, way.lba), way.nbytes);
		/* an aborted transfer has changed some blocks: they count as written */
		blocks_mark(ssd, ns, way.lba, way.nlb);
	}
	if (work->status) {
		ssd->saved->other_write_cmds++;
		end_slowly(ssd, cmd, work);
		return;
	}
	ssd->saved->write_cmds++;
	ssd->saved->write_nbytes += way.nbytes;
	trace_command(ssd, cmd, 0);
	shape(ns, &way, cmd->nvm.fua, MODEL_WRITE, &io);
	time_straight(ssd, &io, work);
}

static void
write_free(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	   struct ssd_work *work)
{
	struct straight way;

	command_check(ssd, ns, work);
	if (UNLIKELY(cmd->common.cdw12 & CDW12_DTYPE ||
		     !write_straight(ns, cmd, cmd->nvm.nlb, work, &way))) {
		write_pieces(ssd, ns, cmd, work);
		return;
	}
	ssd->saved->write_cmds++;
	ssd->saved->write_nbytes += way.nbytes;
	trace_command(ssd, cmd, ssd->now);
	copy_in(ssd, ns, &way, work);
}

static void
write_timed(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	    struct ssd_work *work)
{
	struct straight way;
	struct model_io io;

	command_check(ssd, ns, work);
	if (UNLIKELY(!write_straight(ns, cmd, blocks_and_options(cmd), work, &way))) {
		write_pieces(ssd, ns, cmd, work);
		return;
	}
	ssd->saved->write_cmds++;
	ssd->saved->write_nbytes += way.nbytes;
	trace_command(ssd, cmd, 0);
	shape(ns, &way, false, MODEL_WRITE, &io);
	copy_in(ssd, ns, &way, work);
	time_straight(ssd, &io, work);
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
