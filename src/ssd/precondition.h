/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A drive that is made as if it had been used: all of it written in order, or written in order and
 * then at random until garbage collection is in its steady state. No data are moved and, where the
 * timing model can be told so, no time passes.
 */
#ifndef SSD_PRECONDITION_H
#define SSD_PRECONDITION_H

#include <ssd/config.h>
#include <ssd/time/model.h>

struct precondition {
	bool fill;
	uint32_t overwrites; /* then so many times the capacity at random, 4 KiB at a time */
};

/* "none" or empty, "fill", "random", "random:N". False: it is none of these */
bool precondition_parse(const char *text, struct precondition *to);

/* What is wrong with that of a drive, or NULL */
const char *precondition_wrong(const struct ssd_config *config);

/* A timing model that is brought into a state */
struct settling {
	const struct model_ops *ops;
	struct model *model;
	ns_t now; /* goes on where the model can only be written to in time */
};

/* Blocks were written, long ago; at most 128 KiB in order, or 4 KiB */
void settle_write(struct settling *settling, uint64_t offset, uint64_t nbytes);

/* Everything in order */
void settle_range(struct settling *settling, uint64_t offset, uint64_t nbytes);

/* That was all: nothing is left in a buffer */
void settle_end(struct settling *settling);

/* The next place to overwrite, by a sequence of its own for each seed: in 0..pages-1 */
uint64_t precondition_next(uint64_t *random, uint64_t pages);
uint64_t precondition_random(uint64_t seed);

#endif /* SSD_PRECONDITION_H */
