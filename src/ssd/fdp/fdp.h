/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What this is
 *   Flexible Data Placement: the host groups data that belong together; NVMe Base 2.1.
 *
 * Terms
 *   handle      of a namespace, an index into its list of reclaim unit handles
 *   identifier  the field of a command: reclaim group in its upper bits, handle in the lower ones
 *   unit        what a reclaim unit handle writes in one reclaim group, until it is full
 *   event       what a host can read about its units, in a ring of the newest ones
 *
 * Life cycle of a write
 *   fdp_of_write() turns the identifier into a stream, fdp_wrote() counts the blocks in its unit.
 *   The stream is passed to the timing model, which separates the flash of different streams.
 *
 * States
 *   Those of a unit are in fdp.c. The whole feature is enabled or disabled by the host, while no
 *   namespace exists (fdp_set_mode).
 *
 * Ownership
 *   fdp/state.h: units, events and counters survive power, in struct saved; the rest is in struct
 *   ssd.
 *
 * Threads
 *   The caller's.
 *
 * Errors
 *   An unknown identifier is an event, not an error: the write takes handle 0. Wrong commands get a
 *   status. A configuration that cannot work is refused by fdp_wrong().
 *
 * What it does not do
 *   Flash: a unit is a number here. Endurance groups other than 1, several configurations.
 */
#ifndef SSD_FDP_FDP_H
#define SSD_FDP_FDP_H

#include <ssd/check.h>
#include <ssd/want.h>

#define ENDURANCE_GROUP 1

/* Returns why the configuration is invalid, or NULL; layout.c */
const char *fdp_wrong(const struct ssd_config *config);
/* Placement handles of a namespace: as configured, else handles 0, 1, 2 ... */
void fdp_fill_handles(const struct ssd_config *config, uint32_t slot, struct saved_ns *saved);
/* Placement handles that the host lists for a new namespace; NVMe Base 2.1, Namespace Management */
uint16_t fdp_take_handles(const struct ssd *ssd, const uint8_t *page, uint8_t kind,
			  struct saved_ns *saved);
/* Check the state on media that come from outside */
bool fdp_saved_is_sane(const struct ssd *ssd);

/* Called at the end of ssd_init() */
void fdp_restore(struct ssd *ssd);
/* From here on the timing model's counters count the host's commands */
void fdp_begin_counting(struct ssd *ssd);
/* Add the counters that do not survive power to the saved ones */
void fdp_save_counters(struct ssd *ssd);

/* Choose the placement of a write. `type` 0, and an identifier that does not exist: the default,
 * handle 0. *stream is the reclaim unit handle for the timing model and for fdp_wrote(); 0:
 * placement is off. */
uint16_t fdp_of_write(struct ssd *ssd, const struct ssd_ns *ns, uint32_t type, uint16_t specific,
		      uint16_t *stream);
/* Account for blocks that were written to this handle */
void fdp_wrote(struct ssd *ssd, const struct ssd_ns *ns, uint16_t stream, uint64_t nlb);

/* A power cut has undone a write to this handle */
void fdp_lost(struct ssd *ssd, uint16_t stream);
/* Restart the time limit of every unit */
void fdp_power_up(struct ssd *ssd);

/* Shared by fdp.c and fdp_log.c: the supported event types, the bit of each in saved->fdp.events,
 * and the update of units and events to the current instant */
#define FDP_EVENT_TYPES 6
extern const uint8_t fdp_event_types[FDP_EVENT_TYPES];
uint32_t fdp_event_bit(uint8_t type);
uint32_t fdp_group_nbits(const struct ssd *ssd);
void fdp_settle(struct ssd *ssd);

/* The status of reading a log page of fdp_log.c; 0: readable */
uint16_t fdp_log_refusal(const struct ssd *ssd, const struct log_want *want);
bool fdp_is_log(uint8_t lid);
uint64_t fdp_fill_log(struct ssd *ssd, const struct log_want *want);

uint16_t fdp_set_mode(struct ssd *ssd, const struct feature_want *want);
uint16_t fdp_get_mode(struct ssd *ssd, const struct feature_want *want);
uint16_t fdp_set_events(struct ssd *ssd, const struct feature_want *want);
uint16_t fdp_get_events(struct ssd *ssd, const struct feature_want *want);

/* Rows of the NVM command set */
ssd_begin_row io_management_receive;
ssd_begin_row io_management_send;

#endif /* SSD_FDP_FDP_H */
