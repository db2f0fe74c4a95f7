/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * NVMeVirt's presets as configurations, by name.
 */
#ifndef SSD_TIME_NVMEVIRT1_PRESETS_H
#define SSD_TIME_NVMEVIRT1_PRESETS_H

#include <base/text.h>
#include <ssd/time/config.h>

struct nvmevirt1_preset {
	const char *name;
	bool key_value;
	struct model_config config;
};

extern const struct nvmevirt1_preset nvmevirt1_presets[];
extern const size_t nvmevirt1_preset_count;

/* NULL when no preset has that name */
const struct nvmevirt1_preset *nvmevirt1_preset_of(struct span name);

#endif /* SSD_TIME_NVMEVIRT1_PRESETS_H */
