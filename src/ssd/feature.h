/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One Get or Set Features command.
 */
#ifndef SSD_FEATURE_H
#define SSD_FEATURE_H

#include <ssd/engine.h>

struct feature_want {
	struct ssd_work *work;
	struct ssd_ns *ns; /* NULL: of the controller */
	uint32_t *current;
	uint32_t value; /* dword 11 */
};

/* The entry of Feature Identifiers Supported and Effects; 0: not supported */
uint32_t feature_effects(uint8_t fid);

#endif /* SSD_FEATURE_H */
