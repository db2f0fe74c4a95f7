/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The built-in descriptions: each NAME.toml of this folder, as text.
 */
#ifndef SSD_MODEL_PRESET_H
#define SSD_MODEL_PRESET_H

#include <base/text.h>

struct preset {
	const char *name;
	const char *toml;
};

extern const struct preset presets[];
extern const uint32_t presets_count;

/* NULL when no preset has this name */
const struct preset *preset_find(struct span name);

#endif /* SSD_MODEL_PRESET_H */
