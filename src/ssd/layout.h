/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The layout of media and memory, see layout.c.
 */
#ifndef SSD_LAYOUT_H
#define SSD_LAYOUT_H

#include <ssd/config.h>

struct ssd_layout {
	/* offsets in the media, or in memory without media */
	uint64_t data, meta, saved, journal, written, bad, chunks, zones, zone_descriptors, kv;
	uint64_t kv_chunks;
	uint64_t media_nbytes;
	uint64_t zone_nbytes_min;
	uint32_t zone_descriptor_nbytes;
	uint64_t pool_nbytes, data_nbytes, meta_nbytes;
	/* offsets in memory */
	uint64_t ring, model, tables, memory_nbytes;
};
const char *layout_of(const struct ssd_config *config, struct ssd_layout *layout);
uint64_t config_fingerprint(const struct ssd_config *config, const struct ssd_layout *layout);

#endif /* SSD_LAYOUT_H */
