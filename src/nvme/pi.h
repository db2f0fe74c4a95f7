/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Protection information (NVM Command Set 1.0, End-to-end Data Protection): a guard over the block,
 * an application tag, and a space that a storage tag and a reference tag share. Generated and
 * checked here for all three formats; host and SSD share the code.
 */
#ifndef NVME_PI_H
#define NVME_PI_H

#include <env/env.h>
#include <libxnvme_spec.h>

/* The format of a namespace. Call pi_format_valid() once; all other functions rely on it. */
struct pi_format {
	uint32_t data_nbytes; /* of a block, without metadata */
	uint32_t meta_nbytes; /* of a block; at least the tuple */
	uint8_t guard;        /* enum xnvme_spec_nvm_ns_pif */
	uint8_t type;         /* 1, 2 or 3 */
	uint8_t storage_nbits;
	bool first; /* the tuple is in the first bytes of the metadata, not in the last */
};

/* The tags to write to one block's tuple, or to expect there */
struct pi_tags {
	uint64_t ref;
	uint64_t storage;
	uint64_t storage_mask; /* bits of the storage tag that are compared */
	uint16_t app;
	uint16_t app_mask; /* bits of the application tag that are compared */
};

/* The checks: the PRCHK bits of PRINFO, and the storage tag */
enum pi_check {
	PI_CHECK_REF = XNVME_SPEC_PRINFO_PRCHK_REF,
	PI_CHECK_APP = XNVME_SPEC_PRINFO_PRCHK_APP,
	PI_CHECK_GUARD = XNVME_SPEC_PRINFO_PRCHK_GUARD,
	PI_CHECK_STORAGE = 0x10,
};

/* Bytes of a tuple: 8, 16 or 16; 0 for an unknown guard */
uint32_t pi_tuple_nbytes(uint8_t guard);

/* Bits that storage and reference tag share: 32, 80 or 48; 0 for an unknown guard */
uint32_t pi_space_nbits(uint8_t guard);

/* Are guard and type known, does the metadata hold the tuple, and is the storage tag's size allowed
 * with the guard? */
bool pi_format_valid(const struct pi_format *format);

/* Bits of the reference tag; 0 when the storage tag takes the whole space */
uint32_t pi_ref_nbits(const struct pi_format *format);

/* Bytes of metadata that one block moves between host and SSD: 0 when the SSD inserts and strips
 * the tuple (PRACT) and the metadata is only the tuple (NVM Command Set 1.0, End-to-end Data
 * Protection) */
uint32_t pi_moved_meta_nbytes(const struct pi_format *format, bool pract);

/* Reads the tags from dwords 2, 3, 14 and 15 of a command; the storage mask is all ones */
void pi_tags_from_cmd(const struct pi_format *format, const struct xnvme_spec_cmd *cmd,
		      struct pi_tags *tags);

/* Writes them there, for Read, Write and similar commands; keeps all other bits */
void pi_tags_to_cmd(const struct pi_format *format, const struct pi_tags *tags,
		    struct xnvme_spec_cmd *cmd);

/* Advances to the tags of the next block: the reference tag increments for types 1 and 2, and stays
 * for type 3 */
void pi_tags_next(const struct pi_format *format, struct pi_tags *tags);

/* The guard of one block: over the data and, when the tuple comes last, the metadata before it */
uint64_t pi_guard(const struct pi_format *format, const uint8_t *data, const uint8_t *meta);

/* Writes the tuple of one block into its metadata; the rest of the metadata is read, not changed */
void pi_generate(const struct pi_format *format, const struct pi_tags *tags, const uint8_t *data,
		 uint8_t *meta);

/* Checks one block. Returns STATUS(SUCCESS), or the status of the first of guard, application,
 * storage and reference tag that is selected and differs. A tuple that disables checking passes:
 * application tag FFFFh, and for type 3 the reference tag all ones too. */
uint16_t pi_verify(const struct pi_format *format, const struct pi_tags *tags, uint32_t checks,
		   const uint8_t *data, const uint8_t *meta);

/* Reads the guard and the tags of a tuple */
void pi_parse(const struct pi_format *format, const uint8_t *meta, uint64_t *guard,
	      struct pi_tags *tags);

#endif /* NVME_PI_H */
