/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What this is
 *   The NVM command set, and access to blocks for the command sets that are made of it (zones).
 *
 * Terms
 *   row           the handler of an opcode (nvm_rows)
 *   fast path     Read and Write of plain blocks in contiguous memory (fast.c); all other commands
 *   take
 *                 the slow path, through nvm_parse()
 *   change        a command that changes blocks, between nvm_change_begin() and nvm_change_end()
 *   fused         Compare and Write as one operation: the first half is held (fused.c)
 *   placement     which blocks belong together: a stream or a reclaim unit handle
 *
 * Life cycle of a command
 *   nvm_parse() checks range, size and protection information and prepares the host's memory;
 *   transfer.c moves the blocks; time_of() schedules the completion. A change is first recorded for
 *   undoing (media/cache.h, media/media.h), then stored, then marked as written.
 *
 * States
 *   Those of a fused pair are in fused.c. Other commands have none: they complete within
 *   ssd_begin().
 *
 * Ownership
 *   nvm/state.h: first halves with their data, and a scratch block, within struct ssd.
 *
 * Threads
 *   The caller's.
 *
 * Errors
 *   A status. Blocks of a transfer that the host aborts have either value, and count as written.
 *
 * What it does not do
 *   Zone rules (zns), features and logs (ctrl), the undo log (media).
 */
#ifndef SSD_NVM_NVM_H
#define SSD_NVM_NVM_H

#include <ssd/host_memory.h>
#include <ssd/kind.h>
#include <ssd/media/blocks.h>
#include <ssd/media/cache.h>
#include <ssd/ns.h>
#include <ssd/schedule.h>

extern const struct ssd_kind nvm_kind;
extern const struct ssd_row nvm_rows[256];
/* The fast path, with the null model and with any other model. It calls the handler of the row for
 * commands that it cannot process, and ends with trace_command(). */
extern const ssd_begin_fn nvm_fast_free[256];
extern const ssd_begin_fn nvm_fast_timed[256];

/* The block range of one command and how its data are transferred */
struct nvm_io {
	uint64_t lba;
	uint32_t nlb;
	uint8_t prinfo;	 /* enum xnvme_spec_prinfo */
	uint32_t checks; /* enum pi_check */
	bool fua;
	uint16_t stream;
	uint32_t host_stride; /* bytes per block in the host's data buffer */
	uint32_t host_meta;   /* metadata bytes per block that are transferred */
	struct pi_tags tags;  /* of the first block */
	uint64_t remap;	      /* added to each reference tag before it is stored */
};

/* Returns 0, or LBA Out of Range; nlb must not be 0 */
static inline uint16_t
nvm_range(const struct ssd_ns *ns, uint64_t lba, uint64_t nlb)
{
	ASSERT(nlb > 0);
	return lba < ns->nlba && nlb <= ns->nlba - lba ? STATUS(SUCCESS) : REFUSE(LBA_OUT_OF_RANGE);
}

/* Parse and check a command that reads or writes: range, size, protection information */
uint16_t nvm_parse(const struct ssd *ssd, const struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		   const struct ssd_work *work, struct nvm_io *io);

/* The same for a command that moves no data: only the namespace limits the range */
uint16_t nvm_parse_dataless(const struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
			    struct nvm_io *io);

/* Check that blocks are readable; on failure count a media error and return its status */
uint16_t nvm_readable(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint64_t nlb,
		      bool dulbe);

/* Returns 0 when the reference tag of a command for blocks from `lba` on can be checked as
 * requested, else the status */
uint16_t nvm_ref_refusal(const struct pi_format *pi, uint32_t prinfo, const struct pi_tags *tags,
			 uint64_t lba);

/* Start of every command that reads blocks, after parsing: schedules its time, whether it fails or
 * not, and counts `commands` host read commands. False: work->status has the error. */
bool nvm_read_begin(struct ssd *ssd, struct ssd_ns *ns, const struct nvm_io *io, uint32_t commands,
		    struct ssd_work *work);

/* Before and after a change of blocks: write protection, cache, bad blocks, written. `stream`:
 * their placement */
uint16_t nvm_change_begin(struct ssd *ssd, struct ssd_ns *ns, uint64_t lba, uint32_t nlb, bool fua,
			  uint16_t stream);
void nvm_change_end(struct ssd *ssd, struct ssd_ns *ns, uint64_t lba, uint32_t nlb);

/* Transfer the blocks of a checked command */
uint16_t nvm_read_blocks(struct ssd *ssd, struct ssd_ns *ns, const struct nvm_io *io,
			 const struct ssd_work *work);
uint16_t nvm_write_blocks(struct ssd *ssd, struct ssd_ns *ns, const struct nvm_io *io,
			  const struct ssd_work *work);

/* Load and store one block of media: the data, followed by the metadata */
void nvm_fetch(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint8_t *block);
void nvm_store(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, const uint8_t *block);

/* Fetch block i of the host's data, followed by its metadata; bytes that are not transferred are
 * zero */
uint16_t nvm_pull_block(const struct ssd_ns *ns, const struct nvm_io *io,
			const struct ssd_work *work, uint32_t i, uint8_t *block);

/* Rows that have their own files */
void nvm_read(struct ssd *, struct ssd_ns *, const struct xnvme_spec_cmd *, struct ssd_work *);
void nvm_write(struct ssd *, struct ssd_ns *, const struct xnvme_spec_cmd *, struct ssd_work *);
/* Zone Append: cmd has the start of the zone, `lba` is the assigned address */
void nvm_append(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		struct ssd_work *work, uint64_t lba);
void nvm_flush(struct ssd *, struct ssd_ns *, const struct xnvme_spec_cmd *, struct ssd_work *);
void nvm_compare(struct ssd *, struct ssd_ns *, const struct xnvme_spec_cmd *, struct ssd_work *);
void nvm_verify(struct ssd *, struct ssd_ns *, const struct xnvme_spec_cmd *, struct ssd_work *);
void nvm_write_zeroes(struct ssd *, struct ssd_ns *, const struct xnvme_spec_cmd *,
		      struct ssd_work *);
void nvm_write_uncorrectable(struct ssd *, struct ssd_ns *, const struct xnvme_spec_cmd *,
			     struct ssd_work *);
void nvm_dsm(struct ssd *, struct ssd_ns *, const struct xnvme_spec_cmd *, struct ssd_work *);
void nvm_copy(struct ssd *, struct ssd_ns *, const struct xnvme_spec_cmd *, struct ssd_work *);

#endif /* SSD_NVM_NVM_H */
