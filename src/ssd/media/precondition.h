/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A drive prepared as if it had been used: written completely in order, or written in order and
 * then randomly until garbage collection is in its steady state. No data are moved and, where the
 * timing model supports it, no time passes.
 */
#ifndef SSD_MEDIA_PRECONDITION_H
#define SSD_MEDIA_PRECONDITION_H

#include <ssd/config.h>
#include <ssd/time/model.h>

struct precondition {
	bool fill;
	uint32_t overwrites; /* random overwrites, times the capacity, 4 KiB each */
};

/* "none" or empty, "fill", "random", "random:N". False: none of these */
bool precondition_parse(const char *text, struct precondition *to);

/* The reason why a drive cannot be prepared as configured, or NULL */
const char *precondition_wrong(const struct ssd_config *config);

/* A timing model that is being prepared */
struct settling {
	const struct model_ops *ops;
	struct model *model;
	ns_t now; /* advances if the model can only be written in time */
};

/* Record a write of long ago: at most 128 KiB in order, or 4 KiB */
void settle_write(struct settling *settling, uint64_t offset, uint64_t nbytes);

/* Write the whole range in order */
void settle_range(struct settling *settling, uint64_t offset, uint64_t nbytes);

/* End of the preparation: the buffers are empty */
void settle_end(struct settling *settling);

/* The next page to overwrite, in 0..pages-1, from a separate random sequence for each seed */
uint64_t precondition_next(uint64_t *random, uint64_t pages);
uint64_t precondition_random(uint64_t seed);

#endif /* SSD_MEDIA_PRECONDITION_H */
