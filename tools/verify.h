/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writing data that says where it belongs, reading it back, comparing: through queues or through
 * synchronous commands.
 */
#ifndef TOOLS_VERIFY_H
#define TOOLS_VERIFY_H

#include <stdatomic.h>

#include "tool.h"

struct verify {
	struct xnvme_dev *dev;
	uint32_t iosize; /* bytes per command: a multiple of the block */
	uint64_t nios;	 /* commands side by side, from the first block on */
	uint32_t qdepth; /* 0: synchronous commands, one after the other */
	uint64_t seed;
	atomic_bool *stop;					       /* NULL: nobody stops it */
	void (*on_mismatch)(uint64_t io, uint64_t slba, uint64_t nth); /* NULL: only counted */

	/* What was seen */
	uint64_t nverified, nmismatches, nwrite_failed, nread_failed;
	struct xnvme_spec_cpl first_failure;
};

/* 0 when all was verified; -EBADMSG when data differs, -EIO when commands failed, -EINTR when it
 * was stopped, or another error, which was printed */
int verify_run(struct verify *v);

/* Whether the sizes fit the device; refuses them with a sentence otherwise */
int verify_check_sizes(const struct verify *v);

#endif /* TOOLS_VERIFY_H */
