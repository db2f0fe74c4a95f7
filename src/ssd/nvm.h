/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Blocks: what the NVM command set's files, and zoned namespaces, share.
 */
#ifndef SSD_NVM_H
#define SSD_NVM_H

#include <base/bits.h>
#include <ssd/cache.h>
#include <ssd/engine.h>

/* Limits of Copy (MSSRL, MCL, MSRC + 1): one command keeps an SSD busy for so long at most */
#define COPY_RANGE_LBA_MAX 32768u
#define COPY_LBA_MAX 65536u
#define COPY_RANGES_MAX 128u

/* One command's range and how its bytes travel */
struct nvm_io {
	uint64_t lba;
	uint32_t nlb;
	uint8_t prinfo;	 /* enum xnvme_spec_prinfo */
	uint32_t checks; /* enum pi_check */
	bool fua;
	uint16_t stream;
	uint32_t host_stride; /* bytes of one block in the host's data */
	uint32_t host_meta;   /* bytes of one block's metadata that travel at all */
	struct pi_tags tags;  /* of the first block */
	uint64_t remap;	      /* reference tags are stored so much larger than they come */
};

static inline uint8_t *
nvm_data(const struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba)
{
	return ssd->data + ns->base + (lba << ns->shift);
}

static inline uint8_t *
nvm_meta(const struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba)
{
	return ssd->meta + ns->meta + lba * ns->meta_nbytes;
}

/* 0, or LBA Out of Range; nlb is not 0 */
static inline uint16_t
nvm_range(const struct ssd_ns *ns, uint64_t lba, uint64_t nlb)
{
	return lba < ns->nlba && nlb <= ns->nlba - lba ? STATUS_SUCCESS : REFUSE(LBA_RANGE);
}

void nvm_mark_slowly(struct ssd *ssd, uint64_t bit, uint64_t nlb);

/* Blocks have been written. Most often they had been before: look whether there is anything to do.
 */
static inline void
nvm_mark(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint32_t nlb)
{
	uint64_t bit = ns->sector + lba;

	if (UNLIKELY(ssd->written[bit >> 6] != ~0ULL || (bit & 63) + nlb > 64)) {
		nvm_mark_slowly(ssd, bit, nlb);
	}
}

/* The same before the first of them is stored */
static inline void
nvm_mark_ahead(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint32_t nlb)
{
	nvm_mark(ssd, ns, lba, nlb);
	__atomic_signal_fence(__ATOMIC_SEQ_CST); /* as the journal's stores: see there */
}

/* What a read-like or write-like command says, checked: range, size, protection information */
uint16_t nvm_parse(const struct ssd *ssd, const struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		   const struct ssd_work *work, struct nvm_io *io);

/* The same of a command that moves no data: no limit but the namespace */
uint16_t nvm_parse_dataless(const struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
			    struct nvm_io *io);

/* Is a block readable? Sets media errors and such */
uint16_t nvm_readable(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint64_t nlb,
		      bool dulbe);

/* There are more bad blocks than before; lba_status.c */
void lba_status_changed(struct ssd *ssd);

/* May the reference tag of a command about blocks from `lba` on be checked so? */
uint16_t nvm_ref_refusal(const struct pi_format *pi, uint32_t prinfo, const struct pi_tags *tags,
			 uint64_t lba);

/* What every command that reads blocks does when it has been parsed: it takes its time whether it
 * fails or not, and is counted as so many host read commands. False: work->status says why not. */
bool nvm_read_begin(struct ssd *ssd, struct ssd_ns *ns, const struct nvm_io *io, uint32_t commands,
		    struct ssd_work *work);

/* Before and after blocks change: write protection, cache, bad blocks, written. `stream`: where
 * they are placed */
uint16_t nvm_change_begin(struct ssd *ssd, struct ssd_ns *ns, uint64_t lba, uint32_t nlb, bool fua,
			  uint16_t stream);
void nvm_change_end(struct ssd *ssd, struct ssd_ns *ns, uint64_t lba, uint32_t nlb);

/* Blocks that were unreadable are so no more */
void nvm_make_good(struct ssd *ssd, struct ssd_ns *ns, uint64_t lba, uint64_t nlb);

/* Move the blocks of a checked command */
uint16_t nvm_read_blocks(struct ssd *ssd, struct ssd_ns *ns, const struct nvm_io *io,
			 const struct ssd_work *work);
uint16_t nvm_write_blocks(struct ssd *ssd, struct ssd_ns *ns, const struct nvm_io *io,
			  const struct ssd_work *work);

/* One block of media, metadata behind the data: as it is read, and as it will be */
void nvm_fetch(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint8_t *block);
void nvm_store(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, const uint8_t *block);

/* Block i of the host's data, metadata behind it; what does not travel is zero */
uint16_t nvm_pull_block(const struct ssd_ns *ns, const struct nvm_io *io,
			const struct ssd_work *work, uint32_t i, uint8_t *block);

/* rows in files of their own */
void nvm_read(struct ssd *, struct ssd_ns *, const struct xnvme_spec_cmd *, struct ssd_work *);
void nvm_write(struct ssd *, struct ssd_ns *, const struct xnvme_spec_cmd *, struct ssd_work *);
/* Zone Append: cmd has the zone's start, `lba` is where the data go */
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

#endif /* SSD_NVM_H */
