/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Look-up of the built-in descriptions.
 */
#include <ssd/model/preset.h>

const struct preset *
preset_find(struct span name)
{
	for (uint32_t i = 0; i < presets_count; i += 1) {
		if (span_equal(name, presets[i].name)) {
			return &presets[i];
		}
	}
	return NULL;
}
