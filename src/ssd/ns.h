/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Namespaces: the saved table, the run-time state computed from it, and the shared capacity.
 */
#ifndef SSD_NS_H
#define SSD_NS_H

#include <ssd/engine.h>

struct lba_format {
	uint8_t shift;
	uint8_t meta_nbytes;
	uint8_t guard;	     /* enum xnvme_spec_nvm_ns_pif */
	uint8_t performance; /* RP: 0 best */
};
#define LBA_FORMATS 12
extern const struct lba_format lba_formats[LBA_FORMATS];
uint32_t lba_format_count(const struct ssd_config *config);
/* Index of the format with these properties; LBA_FORMATS when there is none */
uint32_t lba_format_find(uint32_t lba_nbytes, uint32_t meta_nbytes, uint32_t guard_bits);

void ns_create_configured(struct ssd *ssd);
/* Enclose a change of an entry of the saved table: the change is undone when the process ends in
 * between */
void ns_saved_begin(struct ssd *ssd, uint32_t index);
void ns_saved_end(struct ssd *ssd);
/* While media are restored: undo the change that was not finished */
void ns_saved_undo(struct ssd *ssd);
bool ns_saved_is_sane(const struct ssd *ssd); /* of the table of restored media */
/* Find `nbytes` of contiguous free capacity; false when there is none */
bool ns_place(const struct ssd *ssd, uint64_t nbytes, uint64_t *base);
uint8_t storage_nbits_of(uint8_t guard);
void ns_fill(struct ssd *ssd, struct saved_ns *saved, uint32_t slot, bool configured);
void ns_refresh(struct ssd *ssd, uint32_t index);
void ns_refresh_all(struct ssd *ssd);
/* Protection information with larger guards needs a host that enabled it (Host Behavior Support,
 * LBAFEE); NVM Command Set 1.2, LBA Format Extensions. The host of this process, owner 0, always
 * supports it: it is built from the same sources. */
#define HOST_KNOWS_EXTENSIONS_AT 2
static inline bool
guard_is_refused(const struct ssd *ssd, const struct ssd_work *work, uint8_t pi_type, uint8_t guard)
{
	return pi_type && guard != XNVME_SPEC_NVM_NS_16B_GUARD && work->owner != 0 &&
	       !ssd->features.host_behavior[HOST_KNOWS_EXTENSIONS_AT];
}

static inline bool
ns_is_refused(const struct ssd *ssd, const struct ssd_work *work, const struct ssd_ns *ns)
{
	return guard_is_refused(ssd, work, ns->pi.type, ns->pi.guard);
}

/* The status of a command whose NSID is not an active namespace */
uint16_t ns_refusal(const struct ssd *ssd, uint32_t nsid);
uint64_t ns_unallocated_nbytes(const struct ssd *ssd);
/* The atomic unit across a power failure; NVM Command Set 1.0, Atomic Operation */
struct atomic_unit {
	uint64_t nlb;	   /* size of one write: NAWUPF, or AWUPF */
	uint64_t boundary; /* NABSPF: blocks between boundaries; 0: none */
	uint64_t offset;   /* NABO: offset of the first boundary */
};
struct atomic_unit ns_atomic_unit(const struct ssd *ssd, const struct ssd_ns *ns);

#endif /* SSD_NS_H */
