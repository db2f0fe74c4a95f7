/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * State of the controller: its part of struct ssd.
 */
#ifndef SSD_CTRL_STATE_H
#define SSD_CTRL_STATE_H

#include <base/assert.h>
#include <ssd/config.h>
#include <ssd/limits.h>
#include <ssd/ssd.h>
#include <ssd/timestamp.h>

#define ERROR_LOG_ENTRIES 64u
#define SELF_TEST_RESULTS 20u
#define AER_MAX 16u

/* Rows of features whose value is one dword; see feature.c */
#define FEATURE_ROWS 24
#define FEATURE_TIMESTAMP_NBYTES 8

enum feature_row {
	FEATURE_ARBITRATION,
	FEATURE_POWER,
	FEATURE_TEMPERATURE_OVER,
	FEATURE_TEMPERATURE_UNDER,
	FEATURE_ERROR_RECOVERY,
	FEATURE_CACHE,
	FEATURE_QUEUES,
	FEATURE_COALESCING,
	FEATURE_VECTOR,
	FEATURE_ATOMICITY,
	FEATURE_ASYNC_EVENTS,
	FEATURE_TIMESTAMP,
	FEATURE_KEEP_ALIVE,
	FEATURE_HOST_BEHAVIOR,
	FEATURE_SANITIZE,
	FEATURE_FDP,
	FEATURE_FDP_EVENTS,
	FEATURE_PROGRESS,
	FEATURE_HOST_ID,
	FEATURE_PROTECT,
	FEATURE_LBA_STATUS,
	FEATURE_COMMAND_SETS,
	FEATURE_KV,
	FEATURE_COUNT,
};
STATIC_ASSERT(FEATURE_COUNT <= FEATURE_ROWS, "too few rows for the features");

/* Current values of features; see feature.c */
struct features {
	uint32_t current[FEATURE_ROWS];
	uint32_t ns_current[SSD_NS_MAX][FEATURE_ROWS];
	struct timestamp timestamp;
	uint8_t host_behavior[512];
	uint8_t host_id[16];
};

struct held {
	uint16_t sqid;
	uint16_t cid;
};

struct pending_event {
	ns_t due;
	struct ssd_event event;
};
#define AER_OWNERS_MAX 8 /* owners of event requests; those of others are refused */
#define EVENTS_MAX (48 + AER_OWNERS_MAX * AER_MAX)

/* An event to report through an Asynchronous Event Request; see aer.c */
struct async_event {
	uint8_t type; /* enum xnvme_spec_async_event_type */
	uint8_t info;
	uint8_t log; /* reading this log page enables the next event of this type */
};
#define AER_WAITING_MAX 16
struct aer {
	uint16_t owner; /* 0: unused, except in the first entry, which belongs to owner 0 */
	struct held held[AER_MAX];
	uint32_t nheld;
	struct async_event waiting[AER_WAITING_MAX];
	uint32_t nwaiting;
	uint32_t reported; /* bit type: reported, and its log page not read since */
	uint8_t log[8];	   /* the log page to read, by type */
};

/* Held requests, and completions that are delivered later */
struct events {
	struct aer aer[AER_OWNERS_MAX];
	struct pending_event pending[EVENTS_MAX];
	uint32_t npending;
};

/* What log pages report and no other state contains; see log.c */
struct logs {
	struct xnvme_spec_log_erri_entry error[ERROR_LOG_ENTRIES];
	uint64_t nerrors; /* since power on; the newest is at nerrors - 1, modulo
			   * ERROR_LOG_ENTRIES */
	uint32_t changed_ns[SSD_NS_MAX];
	uint32_t nchanged_ns;
	uint8_t telemetry_generation;
};

/* LBA Status Information; see lba_status.c */
struct lba_status {
	bool is_new; /* blocks became unreadable since the host last read the log */
	bool frozen; /* the host is reading the log: `page` is its state at the start */
	uint8_t page[PAGE_NBYTES];
};

/* State of the Streams directive in one namespace; see directive.c */
#define STREAMS_MAX 16
struct streams {
	bool enabled;
	uint8_t allocated;
	uint8_t nopen;
	uint16_t open[STREAMS_MAX];
};

/* Background operations of the controller; see timer.c. A time of NS_NEVER: not running. */
struct timer {
	ns_t sanitize_from, sanitize_until;
	ns_t self_test_from, self_test_until;
	uint8_t self_test_code;
	uint32_t self_test_nsid;
	ns_t keep_alive_until;
	ns_t asked_until; /* the instant that ssd_waits_until() returns; 0: none */
};

#endif /* SSD_CTRL_STATE_H */
