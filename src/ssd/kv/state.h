/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * State of key-value namespaces: their part of struct ssd.
 */
#ifndef SSD_KV_STATE_H
#define SSD_KV_STATE_H

#include <stdint.h>

/* Tables on the media, for all namespaces, by their capacity; see index.c */
struct kv_state {
	uint8_t *tables;
	uint64_t *chunks; /* one bit per KV_CHUNK_NBYTES: that part may have keys */
};

#endif /* SSD_KV_STATE_H */
