/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An emulated controller for handles without one: completes admin commands on behalf of a file, a
 * block device or memory, as NVMe Base 2.0 makes mandatory for an I/O controller with one
 * namespace.
 */
#ifndef HOST_ADM_EMUL_H
#define HOST_ADM_EMUL_H

#include <host/dev.h>

struct adm_emul {
	const char *model;
	uint64_t nsze;       /* blocks */
	uint32_t mdts_nbytes;
	uint32_t optimal_write_nbytes; /* 0: unknown */
	uint64_t nbytes;     /* size in bytes that the file pseudo set reports */
	uint8_t lbads;       /* log2 of a block's bytes */
	bool file_set;       /* supports the file pseudo command set (CSI 1Fh) too */
	bool direct;         /* O_DIRECT, as the file pseudo set reports it */
	bool discard_zeroes; /* deallocated blocks read as zeroes */
	bool read_only;
	uint32_t nzone;      /* > 0: a zoned namespace of this many zones */
	uint64_t zsze;       /* blocks */
	uint32_t mor;        /* zeroes based; 0xFFFFFFFF: no limit */
	uint32_t mar;
	_Atomic uint32_t feat[32]; /* current values of features 00h..1Fh: Set Features */
};

/* What the pages and a block's size in bytes are computed from */
static inline void
adm_emul_check(const struct adm_emul *emul)
{
	ASSERT(emul->model && emul->mdts_nbytes > 0);
	ASSERT(emul->lbads >= 9 && emul->lbads < 32);
	ASSERT(emul->nsze <= UINT64_MAX >> emul->lbads);
	ASSERT(!emul->nzone || emul->zsze);
}

/* Sets the values after a power-on; the caller fills in the properties of the media */
void adm_emul_init(struct adm_emul *emul);

/* Runs one admin command; returns what a path's `call` returns. Any thread. */
int adm_emul_call(struct xnvme_cmd_ctx *ctx, const struct payload *payload,
		  struct adm_emul *emul);

#endif /* HOST_ADM_EMUL_H */
