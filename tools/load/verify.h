/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Verification: write data derived from their address, read them back and compare, through queues
 * or with synchronous commands.
 */
#ifndef TOOLS_VERIFY_H
#define TOOLS_VERIFY_H

#include <stdatomic.h>

#include "../common/tool.h"

struct verify {
	struct xnvme_dev *dev;
	uint32_t iosize; /* bytes per command, a multiple of the block size */
	uint64_t nios;	 /* number of adjacent commands, from the first block on */
	uint32_t qdepth; /* 0: synchronous commands */
	uint64_t seed;
	atomic_bool *stop; /* set to stop the run; may be NULL */
	void (*on_mismatch)(uint64_t io, uint64_t slba, uint64_t nth); /* may be NULL */

	/* Results */
	uint64_t nverified, nmismatches, nwrite_failed, nread_failed;
	struct xnvme_spec_cpl first_failure;
};

/* Returns 0 when all data were verified; -EBADMSG when data differ, -EIO when commands failed,
 * -EINTR when stopped; or prints another error and returns it */
int verify_run(struct verify *v);

/* Returns 0 if the sizes are valid for the device; otherwise reports an error and returns it */
int verify_check_sizes(const struct verify *v);

#endif /* TOOLS_VERIFY_H */
