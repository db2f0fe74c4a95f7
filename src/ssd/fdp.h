/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Flexible Data Placement: what its commands, logs and features ask of it.
 */
#ifndef SSD_FDP_H
#define SSD_FDP_H

#include <ssd/engine.h>
#include <ssd/feature.h>
#include <ssd/log.h>

#define ENDURANCE_GROUP 1

/* What is wrong with the configuration, or NULL; layout.c */
const char *fdp_wrong(const struct ssd_config *config);
/* The list of a namespace: as configured, else handles 0, 1, 2 ... */
void fdp_fill_handles(const struct ssd_config *config, uint32_t slot, struct saved_ns *saved);
/* The list that the host gives to a new namespace; NVMe Base 2.1, Namespace Management */
uint16_t fdp_take_handles(const struct ssd *ssd, const uint8_t *page, uint8_t kind,
			  struct saved_ns *saved);
/* Media come from outside */
bool fdp_saved_is_sane(const struct ssd *ssd);

/* The end of ssd_init() */
void fdp_take_up(struct ssd *ssd);
/* From here on the timing model's counters are the host's doing */
void fdp_begin_counting(struct ssd *ssd);
/* Counters that do not survive power go to those that do */
void fdp_save_counters(struct ssd *ssd);

/* Configured: there is such a drive. On: it places data */
static inline bool
fdp_is_there(const struct ssd *ssd)
{
	return ssd->config.fdp.enabled;
}

static inline bool
fdp_is_on(const struct ssd *ssd)
{
	return ssd->config.fdp.enabled && !ssd->saved->fdp_off;
}

/* Where a write goes. `type` 0: the default, handle 0, as is that of an identifier that does not
 * exist. *stream names the reclaim unit handle to the timing model and to fdp_wrote(); 0: placement
 * is off */
uint16_t fdp_of_write(struct ssd *ssd, const struct ssd_ns *ns, uint32_t type, uint16_t specific,
		      uint16_t *stream);
/* Blocks have been written there */
void fdp_wrote(struct ssd *ssd, const struct ssd_ns *ns, uint16_t stream, uint64_t nlb);

/* A power cut has taken blocks back that were written there */
void fdp_lost(struct ssd *ssd, uint16_t stream);
/* The time limit of every unit begins anew */
void fdp_power_up(struct ssd *ssd);

/* What fdp_log.c needs of fdp.c: the events that there are, and the bit of each in
 * saved->fdp_events; units and events as they are now */
#define FDP_EVENT_TYPES 6
extern const uint8_t fdp_event_types[FDP_EVENT_TYPES];
uint32_t fdp_event_bit(uint8_t type);
uint32_t fdp_group_nbits(const struct ssd *ssd);
void fdp_settle(struct ssd *ssd);

/* A log identifier of this file: the status that its reading deserves */
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

#endif /* SSD_FDP_H */
