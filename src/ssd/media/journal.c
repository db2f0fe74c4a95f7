/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Media that outlive their process. The process may end between any two instructions (a signal, a
 * crash), in the middle of a block. NVMe guarantees that a block is never half old and half new
 * after that (AWUPF: at least one block is written as a whole or not at all). So the blocks that a
 * command changes are first copied to the journal in the media, and copied back on restore when the
 * command was not complete. That is one more copy for each write, only with such media.
 *
 * The order of stores of one thread is sufficient: a process ends at one point of its program, and
 * all earlier stores are in the mapping. Nothing is synced to disk: a crash of the machine may lose
 * the journal.
 *
 * A change of more than JOURNAL_DATA_NBYTES in one command (Copy, Write Zeroes and Deallocate, or a
 * Write without an MDTS) is not journaled: one of its blocks may be torn. Its blocks are marked as
 * written before they are stored, so that a later erase finds them.
 */
#include <ssd/media/media.h>

#define JOURNAL_HEADER_NBYTES 64u

/* The header of the journal; followed by the data, then the metadata, as before the change */
struct journal {
	uint64_t is_open; /* stored last, cleared first */
	uint64_t data_at, data_nbytes;
	uint64_t meta_at, meta_nbytes;
};

STATIC_ASSERT(sizeof(struct journal) <= JOURNAL_HEADER_NBYTES, "it has room");

static uint8_t *
kept(struct journal *journal)
{
	return (uint8_t *)journal + JOURNAL_HEADER_NBYTES;
}

/* The fences keep the compiler from reordering earlier and later stores */
static void
store_open(struct journal *journal, uint64_t is_open)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	*(volatile uint64_t *)&journal->is_open = is_open;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

void
journal_begin(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint64_t nlb)
{
	struct journal *journal = ssd->journal;

	if (!journal) {
		return;
	}
	ASSERT(ssd->data);
	ASSERT(nlb <= ns->nlba && lba <= ns->nlba - nlb);
	store_open(journal, 0);
	if (!journal_keeps(ssd, ns, nlb)) {
		return;
	}
	journal->data_at = ns->base + (lba << ns->shift);
	journal->data_nbytes = nlb << ns->shift;
	journal->meta_at = ssd->meta ? ns->meta + lba * ns->meta_nbytes : 0;
	journal->meta_nbytes = ssd->meta ? nlb * ns->meta_nbytes : 0;
	ASSERT(journal->meta_nbytes <= JOURNAL_META_NBYTES);
	memcpy(kept(journal), ssd->data + journal->data_at, journal->data_nbytes);
	if (journal->meta_nbytes) {
		memcpy(kept(journal) + journal->data_nbytes, ssd->meta + journal->meta_at,
		       journal->meta_nbytes);
	}
	store_open(journal, 1);
}

void
journal_end(struct ssd *ssd)
{
	if (ssd->journal) {
		store_open(ssd->journal, 0);
	}
}

static bool
lies_in(uint64_t at, uint64_t nbytes, uint64_t most, uint64_t size)
{
	return nbytes <= most && nbytes <= size && at <= size - nbytes;
}

bool
journal_undo(struct ssd *ssd)
{
	struct journal *journal = ssd->journal;

	if (!journal || journal->is_open == 0) {
		return true;
	}
	/* the values come from a file */
	if (journal->is_open != 1 ||
	    !lies_in(journal->data_at, journal->data_nbytes, JOURNAL_DATA_NBYTES,
		     ssd->pool_nbytes) ||
	    !lies_in(journal->meta_at, journal->meta_nbytes, JOURNAL_META_NBYTES,
		     ssd->meta ? ssd->meta_pool_nbytes : 0)) {
		return false;
	}
	memcpy(ssd->data + journal->data_at, kept(journal), journal->data_nbytes);
	if (journal->meta_nbytes) {
		memcpy(ssd->meta + journal->meta_at, kept(journal) + journal->data_nbytes,
		       journal->meta_nbytes);
	}
	store_open(journal, 0);
	return true;
}
