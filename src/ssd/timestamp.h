/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The time of day: set by the host (feature Timestamp), and advanced by the time of the SSD.
 */
#ifndef SSD_TIMESTAMP_H
#define SSD_TIMESTAMP_H

#include <base/time.h>
#include <stdint.h>

struct timestamp {
	uint64_t ms;	/* since 1970, as set */
	ns_t at;	/* when it was set */
	uint8_t origin; /* 0: time since power on; 1: set by the host */
};

/* The Timestamp data structure; NVMe Base 2.0, Timestamp */
static inline uint64_t
timestamp_read(const struct timestamp *timestamp, ns_t now)
{
	uint64_t ms = timestamp->ms + (now - timestamp->at) / 1000000;

	return (ms & 0xFFFFFFFFFFFF) | (uint64_t)timestamp->origin << 49;
}

#endif /* SSD_TIMESTAMP_H */
