/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What this is
 *   The media: where blocks are stored, which of them have data, and what a power cut or a killed
 *   process leaves of a change. It stores bytes for command sets, and has no commands of its own.
 *
 * Terms
 *   written, bad  marks of blocks, one bit each (blocks.h)
 *   chunk         a part of the marks that may have a bit set; the others need not be read
 *   record        the undo information of one change of blocks (cache.c)
 *   durable       a power cut can no longer undo the change
 *   journal       old data of the command that is running, for media that outlive the process
 *   restore       the start with media that an earlier SSD has left
 *   precondition  media prepared as if the drive had been used
 *
 * Life cycle of a change
 *   A command calls cache_before_write(), if the drive loses data on a power cut, and
 *   journal_begin(); changes the blocks; and calls journal_end(). At its end cache_command_ends()
 *   sets the instant when the change is durable, for a cached one a later flush does.
 *
 * States
 *      new ──ssd_init──▶ in use ──power cut: cache_lose()──▶ in use
 *      in use ──process ends──▶ left ──journal_undo(), recover of each kind──▶ in use
 *      any ──ns_erase()──▶ zeroes
 *
 * Ownership
 *   The export owns the memory of the media and of the undo log; pointers to both are in struct
 *   ssd. media/state.h declares the undo log and the counters of flash operations.
 *
 * Threads
 *   The caller's. A process may end between any two stores: their order is part of each algorithm,
 *   and keeps the media valid at each point.
 *
 * Errors
 *   Media come from outside: invalid contents are refused or repaired by ssd_init(), never
 *   asserted.
 *
 * What it does not do
 *   Sync to disk: a crash of the machine may lose writes. Zones and keys: their folders restore
 *   them, by the hooks of kind.h. Time: the models in time/ compute it, restore.c only fills them.
 */
#ifndef SSD_MEDIA_MEDIA_H
#define SSD_MEDIA_MEDIA_H

#include <ssd/engine.h>

/* journal.c: blocks that a command is changing, for media that outlive the process */
#define JOURNAL_DATA_NBYTES (1ULL << 20)
#define JOURNAL_META_NBYTES (JOURNAL_DATA_NBYTES / SECTOR_NBYTES * META_NBYTES_MAX)
#define JOURNAL_NBYTES (PAGE_NBYTES + JOURNAL_DATA_NBYTES + JOURNAL_META_NBYTES)
/* Is a change of `nlb` blocks undone when the process ends in the middle of it? Always true without
 * a journal: the media then end with the process. */
static inline bool
journal_keeps(const struct ssd *ssd, const struct ssd_ns *ns, uint64_t nlb)
{
	return !ssd->journal || nlb <= JOURNAL_DATA_NBYTES >> ns->shift;
}
void journal_begin(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint64_t nlb);
void journal_end(struct ssd *ssd);
/* Undo the change that the last process did not finish; false: the journal is invalid */
bool journal_undo(struct ssd *ssd);

/* restore.c: the timing model's state for restored media */
void restore_model(struct ssd *ssd);

/* precondition.c. The media record how they were prepared. Returns NULL, or the reason why they
 * cannot be prepared as configured. */
const char *precondition_remember(struct ssd *ssd, bool is_new);

/* Prepare the drive as recorded in its media; false: nothing is recorded */
bool precondition_restore(struct ssd *ssd);

/* flash_count.c */
void flash_count_begin(struct ssd *ssd);
void flash_count_save(struct ssd *ssd);
void flash_count_stats(const struct ssd *ssd, struct model_stats *stats);

/* erase.c: erase the whole namespace permanently */
void ns_erase(struct ssd *ssd, uint32_t index);

#endif /* SSD_MEDIA_MEDIA_H */
