/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What distinguishes one SSD from every other: serial number, controller ID and, for each
 * namespace, NGUID, EUI64 and UUID. Values that are not configured are derived from its identity
 * and the seed, so that two SSDs differ and the same SSD is the same in every run.
 */
#ifndef SSD_IDENTITY_H
#define SSD_IDENTITY_H

#include <ssd/config.h>

/* A number that differs between identities, and between seeds */
uint64_t identity_hash(const struct ssd_config *config, uint64_t seed);

/* Fill in the serial number and the controller ID where they are not configured. An SSD without an
 * identity is the only one: XNVME0001, controller 0 */
void identity_fill(struct ssd_config *config, uint64_t seed);

#endif /* SSD_IDENTITY_H */
