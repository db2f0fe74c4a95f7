/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The parameters of an Identify command, and helpers for command sets that several files use.
 */
#ifndef SSD_CTRL_IDENTIFY_H
#define SSD_CTRL_IDENTIFY_H

#include <ssd/kind.h>

/* Limits of Copy (MSSRL, MCL, MSRC + 1): they bound the time that one command occupies an SSD */
#define COPY_RANGE_LBA_MAX 32768u
#define COPY_LBA_MAX 65536u
#define COPY_RANGES_MAX 128u

struct identify {
	uint8_t cns;
	uint8_t csi;
	bool allocated; /* includes namespaces that are not attached */
	uint16_t cntid;
	uint16_t specific; /* CNS Specific Identifier */
	uint32_t nsid;
	const struct ssd_ns *found; /* NULL: no such namespace */
	uint16_t refusal;	    /* the status in that case; 0: return zeroes */
};

/* The slot that configures namespaces of a kind; SSD_NS_MAX if none */
static inline uint32_t
kind_slot(const struct ssd *ssd, enum ssd_ns_kind kind)
{
	uint32_t slot = 0;

	while (slot < SSD_NS_MAX &&
	       !(ssd->config.ns[slot].nbytes && ssd->config.ns[slot].kind == kind)) {
		slot += 1;
	}
	return slot;
}

static inline bool
has_kind(const struct ssd *ssd, enum ssd_ns_kind kind)
{
	return kind == SSD_NS_NVM || kind_slot(ssd, kind) < SSD_NS_MAX;
}

static inline bool
has_csi(const struct ssd *ssd, uint8_t csi)
{
	uint32_t kind = kind_of_csi(ssd, csi);

	return kind != KIND_NONE && has_kind(ssd, (enum ssd_ns_kind)kind);
}

static inline bool
ns_exists(const struct ssd *ssd, uint32_t nsid)
{
	return nsid - 1 < ssd->ns_max && ssd->saved->ns[nsid - 1].exists;
}

static inline uint64_t
get_be24(const uint8_t *bytes)
{
	return (uint64_t)bytes[0] << 16 | (uint64_t)bytes[1] << 8 | bytes[2];
}

#endif /* SSD_CTRL_IDENTIFY_H */
