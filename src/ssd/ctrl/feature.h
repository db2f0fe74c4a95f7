/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The parameters of one Get or Set Features command.
 */
#ifndef SSD_FEATURE_H
#define SSD_FEATURE_H

#include <ssd/engine.h>

struct feature_want {
	struct ssd_work *work;
	struct ssd_ns *ns; /* NULL: a feature of the controller */
	uint32_t *current;
	uint32_t value; /* dword 11 */
	uint32_t value12;
};

/* The entry of Feature Identifiers Supported and Effects; 0: not supported */
uint32_t feature_effects(const struct ssd *ssd, uint8_t fid);

/* The current Timestamp data structure */
uint64_t feature_timestamp(const struct ssd *ssd);

#endif /* SSD_FEATURE_H */
