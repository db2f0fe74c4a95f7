/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * State of zoned namespaces: their part of struct ssd and of the media.
 */
#ifndef SSD_ZNS_STATE_H
#define SSD_ZNS_STATE_H

#include <ssd/config.h>

/* One zone as stored on the media. All zero: an empty zone. */
struct saved_zone {
	uint64_t written; /* blocks from the zone's start to its write pointer */
	uint8_t state;	  /* enum xnvme_spec_znd_state; 0 means empty */
	uint8_t attributes;
	uint8_t rsvd[6];
};
#define ZONE_HAS_AREA 0x01u	  /* attributes: a random write area */
#define ZONE_HAS_DESCRIPTOR 0x02u /* a descriptor extension */

/* Zone resources in use in a namespace; see zone.c */
struct zns_count {
	uint32_t open, active, areas;
	uint32_t unsettled; /* upper bound of full zones that a power cut may shorten */
	uint64_t cursor; /* where the search for a zone to close starts */
};

struct zns_state {
	/* tables on the media, for all namespaces, by their capacity */
	struct saved_zone *zones;
	uint8_t *descriptors;
	uint64_t zone_nbytes_min;   /* of all namespaces: the capacity of an entry */
	uint32_t descriptor_nbytes; /* of an entry of `descriptors` */
	struct zns_count count[SSD_NS_MAX];
};

#endif /* SSD_ZNS_STATE_H */
