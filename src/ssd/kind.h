/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The kinds of namespaces, as tables of functions: what the core and the lower folders need of a
 * command set, without a call to its folder. A new kind is a new table, listed in kinds.c.
 *
 * A hook that is NULL has nothing to do. `index` is the index of a namespace of this kind. None of
 * them is called on the fast path.
 */
#ifndef SSD_KIND_H
#define SSD_KIND_H

#include <ssd/engine.h>

/* What undoing a change of blocks requires */
enum undo {
	UNDO_BY_DATA,  /* the data before the change */
	UNDO_BY_RANGE, /* the range: blocks after the write pointer have no data */
	UNDO_NEVER,    /* the change needs no undoing */
};

struct ssd_kind {
	/* Commands: tables by opcode, 256 entries. `fast` NULL: there is no fast path */
	uint8_t csi; /* Command Set Identifier */
	const struct ssd_row *rows;
	const ssd_begin_fn *fast_free;	/* with the null model */
	const ssd_begin_fn *fast_timed; /* with any other model */

	/* Configuration: returns why it is invalid, or NULL */
	const char *(*wrong)(const struct ssd_ns_config *ns, uint32_t lba_nbytes);

	/* Complete the saved entry of a new namespace in slot `slot`. `configured`: it is one of
	 * the configuration, else the host creates it. */
	void (*fill)(const struct ssd_config *config, uint32_t slot, bool configured,
		     struct saved_ns *saved);

	/* Restored media: check the saved entry; complete a change that a killed process did not
	 * finish; compute the state that is not saved */
	bool (*is_sane)(const struct ssd *ssd, const struct saved_ns *saved);
	void (*recover)(struct ssd *ssd, uint32_t index);
	void (*restore)(struct ssd *ssd, uint32_t index);

	/* Controller reset, or power is on again */
	void (*reset)(struct ssd *ssd, uint32_t index);

	/* The write cache. NULL: UNDO_BY_DATA */
	enum undo (*undo_of)(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba);
	/* Power cut, for a change that is undone by range: is it the newest, which ends at block
	 * `end`? Undo it from `lba` on */
	bool (*is_newest)(struct ssd *ssd, const struct ssd_ns *ns, uint64_t end);
	void (*undo)(struct ssd *ssd, struct ssd_ns *ns, uint64_t lba, uint64_t nlb);
	/* Power cut: blocks with this placement were lost; the log of changes is empty again */
	void (*lost)(struct ssd *ssd, uint16_t stream);
	void (*power_cut)(struct ssd *ssd, uint32_t index);

	/* Format, Sanitize, deletion: nothing remains of what the kind stores beside the blocks */
	void (*erase)(struct ssd *ssd, uint32_t index);

	/* Copy: the status of reading these blocks */
	uint16_t (*readable)(struct ssd *ssd, struct ssd_ns *ns, uint64_t lba, uint32_t nlb);

	/* Planned faults: the blocks of a command that only this kind has; false: none */
	bool (*range)(struct ssd *ssd, const struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		      uint64_t *lba, uint64_t *nlb);

	/* Identify, with this CSI: fill ssd->page, which is zeroed before */
	void (*identify_ns)(struct ssd *ssd, const struct ssd_ns *ns);
	void (*identify_ctrlr)(struct ssd *ssd);
};

/* Indices of ssd->kinds: enum ssd_ns_kind, and the kind of an inactive namespace */
enum {
	KIND_NONE = SSD_NS_KV + 1,
	KINDS,
};
extern const struct ssd_kind *const ssd_kinds[KINDS];

/* The kind with this command set; KIND_NONE when there is none */
static inline uint32_t
kind_of_csi(const struct ssd *ssd, uint8_t csi)
{
	uint32_t kind = 0;

	while (kind < KIND_NONE && ssd->kinds[kind]->csi != csi) {
		kind += 1;
	}
	return kind;
}

#endif /* SSD_KIND_H */
