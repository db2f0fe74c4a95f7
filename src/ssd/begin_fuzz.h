/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzz targets of the engine: bytes become commands, media and power cuts.
 */
#ifndef SSD_BEGIN_FUZZ_H
#define SSD_BEGIN_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Run bytes as commands and disturbances on a new SSD; returns its trace hash. Aborts when an
 * invariant is violated. */
uint64_t fuzz_begin(const uint8_t *data, size_t nbytes);

/* The same, with media that are damaged while power is off; 0 when the SSD refused them */
uint64_t fuzz_media(const uint8_t *data, size_t nbytes);

#endif /* SSD_BEGIN_FUZZ_H */
