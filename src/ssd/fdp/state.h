/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * State of Flexible Data Placement: its part of struct ssd and of the saved state.
 */
#ifndef SSD_FDP_STATE_H
#define SSD_FDP_STATE_H

#include <base/time.h>
#include <libxnvme_spec.h>
#include <ssd/config.h>

/* Events of flexible data placement: one log page of 4 KiB holds all of them; see fdp.c */
#define FDP_EVENTS_MAX 63
#define FDP_UNITS_MAX 512 /* pairs of reclaim group and reclaim unit handle */
struct fdp_ring {
	uint64_t next; /* events so far; the newest is at next - 1, modulo FDP_EVENTS_MAX */
	uint64_t count; /* events still stored */
	struct xnvme_spec_fdp_event event[FDP_EVENTS_MAX];
};

/* Flexible data placement, saved */
struct saved_fdp {
	uint64_t host_nbytes, media_nbytes, erased_nbytes;
	uint64_t written[FDP_UNITS_MAX]; /* bytes in each reclaim unit that is being written */
	uint8_t events[SSD_FDP_HANDLES_MAX]; /* enabled event types, by reclaim unit handle */
	struct fdp_ring ring[2];	     /* of the controller, of the host */
	uint8_t off;			     /* disabled by the host */
};

struct fdp_state {
	/* values of the timing model's counters at the last fdp_save_counters() */
	uint64_t programmed_nbytes, erased_nbytes;
	uint64_t moved_pages; /* moved by garbage collection, and reported in events */
	ns_t opened[FDP_UNITS_MAX]; /* first write to each unit that has data */
};

#endif /* SSD_FDP_STATE_H */
