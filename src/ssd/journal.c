/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Media that outlive their process: it may end between any two instructions (a signal, a crash), in
 * the middle of a block. NVMe promises that a block is never half old and half new after that
 * (AWUPF: at least one block is written as a whole or not at all). So what a command is about to
 * change is kept in the media first, and put back when they are taken up again while the command
 * was not done. That is one copy more for each write, only with such media.
 *
 * The order of stores of one thread is enough: a process ends at one point of its program, and what
 * came before that is in the mapping. No disk is asked: losing the machine may lose the journal.
 *
 * A change of more than JOURNAL_DATA_NBYTES in one command (Copy, Write Zeroes and Deallocate, or a
 * Write without an MDTS) is not kept: of it a block may be torn. What it stores counts as written
 * before it is stored, so that whatever erases it later finds it.
 */
#include <ssd/engine.h>

#define JOURNAL_HEADER_NBYTES 64u

/* At the journal's place; followed by the data, then the metadata, as they were */
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

/* The compiler keeps the order of stores before and after */
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
	store_open(journal, 0);
	if (!journal_keeps(ssd, ns, nlb)) {
		return;
	}
	journal->data_at = ns->base + (lba << ns->shift);
	journal->data_nbytes = nlb << ns->shift;
	journal->meta_at = ssd->meta ? ns->meta + lba * ns->meta_nbytes : 0;
	journal->meta_nbytes = ssd->meta ? nlb * ns->meta_nbytes : 0;
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
journal_take_back(struct ssd *ssd)
{
	struct journal *journal = ssd->journal;

	if (!journal || journal->is_open == 0) {
		return true;
	}
	/* it comes from a file */
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
