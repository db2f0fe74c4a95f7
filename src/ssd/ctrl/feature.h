/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Features, as other admin commands see them.
 */
#ifndef SSD_CTRL_FEATURE_H
#define SSD_CTRL_FEATURE_H

#include <ssd/want.h>

#define KV_DELETE_MUST_EXIST 1u /* feature 20h, EDNEK: deleting a missing key is an error */

/* The entry of Feature Identifiers Supported and Effects; 0: not supported */
uint32_t feature_effects(const struct ssd *ssd, uint8_t fid);

#endif /* SSD_CTRL_FEATURE_H */
