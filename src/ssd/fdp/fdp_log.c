/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Log pages 20h to 23h and features 1Dh and 1Eh of flexible data placement; NVMe Base 2.1, Get Log
 * Page, Get Features.
 */
#include <base/bytes.h>
#include <ssd/fdp/fdp.h>
#include <ssd/host_memory.h>

#define MODE_ENABLE 0x1u

/* ---- logs ---- */

static uint64_t
fill_configurations(struct ssd *ssd)
{
	const struct ssd_fdp_config *fdp = &ssd->config.fdp;
	struct xnvme_spec_log_fdp_conf *log = (void *)ssd->page;
	struct xnvme_spec_fdp_conf_desc *desc = (void *)(ssd->page + sizeof(*log));
	uint32_t nbytes = sizeof(*desc) + fdp->handles * (uint32_t)sizeof(desc->ruh_desc[0]);

	nbytes = (nbytes + 7) / 8 * 8;
	log->ncfg = 0; /* 0's based: one */
	log->size = (uint32_t)sizeof(*log) + nbytes;
	desc->ds = (uint16_t)nbytes;
	desc->fdpa.rgif = fdp_group_nbits(ssd) & 15;
	desc->fdpa.fdpvwc = ssd->config.cache_nbytes != 0;
	desc->fdpa.fdpcv = 1;
	desc->nrg = fdp->groups;
	desc->nruh = fdp->handles;
	desc->maxpids = (uint16_t)(fdp->groups * fdp->handles - 1);
	desc->nns = ssd->ns_max;
	desc->runs = fdp->unit_nbytes;
	desc->erutl = fdp->unit_seconds;
	for (uint32_t i = 0; i < fdp->handles; ++i) {
		desc->ruh_desc[i].ruht = XNVME_SPEC_RUHT_INITIALLY_ISOLATED;
	}
	ASSERT(log->size <= PAGE_NBYTES);
	return log->size;
}

static uint64_t
fill_usage(struct ssd *ssd)
{
	struct xnvme_spec_log_ruhu *log = (void *)ssd->page;

	log->nruh = ssd->config.fdp.handles;
	for (uint32_t i = 0; i < SSD_NS_MAX; ++i) {
		const struct saved_ns *ns = &ssd->saved->ns[i];

		for (uint32_t j = 0; ns->exists && j < ns->nhandles; ++j) {
			struct xnvme_spec_ruhu_desc *desc = &log->ruhu_desc[ns->handles[j]];

			if (desc->ruha != XNVME_SPEC_RUHA_HOST) {
				desc->ruha = ns->handles_of_host ? XNVME_SPEC_RUHA_HOST
								 : XNVME_SPEC_RUHA_CTRLR;
			}
		}
	}
	ASSERT(log->nruh <= SSD_FDP_HANDLES_MAX);
	return sizeof(*log) + log->nruh * sizeof(log->ruhu_desc[0]);
}

void
fdp_begin_counting(struct ssd *ssd)
{
	struct model_stats stats = {0};

	ssd->time->stats(ssd->model, &stats);
	ssd->fdp.programmed_nbytes = stats.user_program_bytes + stats.gc_program_bytes;
	ssd->fdp.erased_nbytes = stats.erases * stats.line_nbytes;
}

void
fdp_save_counters(struct ssd *ssd)
{
	uint64_t programmed = ssd->fdp.programmed_nbytes;
	uint64_t erased = ssd->fdp.erased_nbytes;

	if (fdp_is_on(ssd)) {
		fdp_begin_counting(ssd);
		ASSERT(ssd->fdp.programmed_nbytes >= programmed);
		ASSERT(ssd->fdp.erased_nbytes >= erased);
		ssd->saved->fdp.media_nbytes += ssd->fdp.programmed_nbytes - programmed;
		ssd->saved->fdp.erased_nbytes += ssd->fdp.erased_nbytes - erased;
	}
}

/* A model without flash moves no data itself: the media write what the host writes */
static uint64_t
fill_statistics(struct ssd *ssd)
{
	struct xnvme_spec_log_fdp_stats *log = (void *)ssd->page;
	struct model_stats stats = {0};

	fdp_save_counters(ssd);
	ssd->time->stats(ssd->model, &stats);
	log->hbmw[0] = ssd->saved->fdp.host_nbytes;
	log->mbmw[0] = stats.lines ? ssd->saved->fdp.media_nbytes : ssd->saved->fdp.host_nbytes;
	log->mbe[0] = ssd->saved->fdp.erased_nbytes;
	return sizeof(*log);
}

/* Oldest first. LSP bit 0: events of the host, else of the controller */
static uint64_t
fill_events(struct ssd *ssd, bool of_host)
{
	const struct fdp_ring *ring = &ssd->saved->fdp.ring[of_host];
	struct xnvme_spec_log_fdp_events *log = (void *)ssd->page;
	uint32_t count = (uint32_t)(ring->count < FDP_EVENTS_MAX ? ring->count : FDP_EVENTS_MAX);

	STATIC_ASSERT(sizeof(*log) + FDP_EVENTS_MAX * sizeof(log->event[0]) <= PAGE_NBYTES,
		      "all events are shown at once");
	log->nevents = count;
	for (uint32_t i = 0; i < count; ++i) {
		log->event[i] = ring->event[(ring->next - count + i) % FDP_EVENTS_MAX];
	}
	return sizeof(*log) + FDP_EVENTS_MAX * sizeof(log->event[0]);
}

bool
fdp_is_log(uint8_t lid)
{
	return lid >= XNVME_SPEC_LOG_FDPCONF && lid <= XNVME_SPEC_LOG_FDPEVENTS;
}

uint16_t
fdp_log_refusal(const struct ssd *ssd, const struct log_want *want)
{
	if (want->specific_id != ENDURANCE_GROUP) {
		return REFUSE(INVALID_FIELD);
	}
	/* the configurations can be read in order to choose one */
	return want->lid == XNVME_SPEC_LOG_FDPCONF || fdp_is_on(ssd) ? STATUS(SUCCESS)
								     : REFUSE(FDP_DISABLED);
}

uint64_t
fdp_fill_log(struct ssd *ssd, const struct log_want *want)
{
	ASSERT(fdp_is_log(want->lid) && fdp_is_there(ssd));
	switch (want->lid) {
	case XNVME_SPEC_LOG_FDPCONF:
		return fill_configurations(ssd);
	case XNVME_SPEC_LOG_FDPRUHU:
		return fill_usage(ssd);
	case XNVME_SPEC_LOG_FDPSTATS:
		return fill_statistics(ssd);
	default:
		fdp_settle(ssd);
		return fill_events(ssd, want->specific & 1);
	}
}

/* ---- features ---- */

static bool
has_namespaces(const struct ssd *ssd)
{
	for (uint32_t i = 0; i < SSD_NS_MAX; ++i) {
		if (ssd->saved->ns[i].exists) {
			return true;
		}
	}
	return false;
}

/* Enable or disable placement: only while no namespace exists. The setting survives power; when it
 * is enabled again, all units are empty and there are no events. */
uint16_t
fdp_set_mode(struct ssd *ssd, const struct feature_want *want)
{
	struct saved *saved = ssd->saved;
	bool on = want->value12 & MODE_ENABLE;

	ASSERT(!want->ns && fdp_is_there(ssd));
	if ((want->value & 0xFFFF) != ENDURANCE_GROUP || (on && (want->value12 >> 8 & 0xFF) != 0)) {
		return REFUSE(INVALID_FIELD); /* configuration 0 is the only one */
	}
	if (has_namespaces(ssd)) {
		return REFUSE(COMMAND_SEQUENCE_ERROR);
	}
	if (on && saved->fdp.off) {
		memset(saved->fdp.written, 0, sizeof(saved->fdp.written));
		memset(saved->fdp.events, 0, sizeof(saved->fdp.events));
		memset(saved->fdp.ring, 0, sizeof(saved->fdp.ring));
		saved->fdp.host_nbytes = saved->fdp.media_nbytes = saved->fdp.erased_nbytes = 0;
		fdp_begin_counting(ssd);
	}
	memset(ssd->streams, 0, sizeof(ssd->streams)); /* of namespaces that were deleted */
	saved->fdp.off = !on;
	return STATUS(SUCCESS);
}

uint16_t
fdp_get_mode(struct ssd *ssd, const struct feature_want *want)
{
	ASSERT(want->work && fdp_is_there(ssd));
	if ((want->value & 0xFFFF) != ENDURANCE_GROUP) {
		return REFUSE(INVALID_FIELD);
	}
	want->work->result = fdp_is_on(ssd) ? MODE_ENABLE : 0;
	return STATUS(SUCCESS);
}

/* Dword 11 of both: placement handle, number of event types */
static uint16_t
events_refusal(const struct ssd *ssd, const struct feature_want *want)
{
	ASSERT(ns_is_active(want->ns));
	if (!fdp_is_on(ssd)) {
		return REFUSE(FDP_DISABLED);
	}
	return (want->value & 0xFFFF) < want->ns->saved->nhandles ? STATUS(SUCCESS)
								  : REFUSE(INVALID_FIELD);
}

uint16_t
fdp_set_events(struct ssd *ssd, const struct feature_want *want)
{
	uint32_t count = want->value >> 16 & 0xFF, bits = 0;
	uint8_t types[255];
	uint16_t status = events_refusal(ssd, want);
	uint8_t *enabled;

	ASSERT(ns_is_active(want->ns));
	if (!status && count == 0) {
		status = REFUSE(INVALID_FIELD);
	}
	if (!status) {
		status = host_take(want->work, types, count);
	}
	for (uint32_t i = 0; i < count && !status; ++i) {
		bits |= fdp_event_bit(types[i]);
		status = fdp_event_bit(types[i]) ? STATUS(SUCCESS) : REFUSE(INVALID_FIELD);
	}
	if (status) {
		return status;
	}
	fdp_settle(ssd); /* earlier events are recorded with the earlier settings */
	enabled = &ssd->saved->fdp.events[want->ns->saved->handles[want->value & 0xFFFF]];
	*enabled = (uint8_t)(want->value12 & 1 ? *enabled | bits : *enabled & ~bits);
	return STATUS(SUCCESS);
}

/* Returns at most as many descriptors as the host requests; dword 0 has their number */
uint16_t
fdp_get_events(struct ssd *ssd, const struct feature_want *want)
{
	struct xnvme_spec_fdp_event_desc desc[FDP_EVENT_TYPES] = {0};
	uint32_t count = want->value >> 16 & 0xFF;
	uint16_t status = events_refusal(ssd, want);
	uint8_t enabled;

	if (status) {
		return status;
	}
	enabled = ssd->saved->fdp.events[want->ns->saved->handles[want->value & 0xFFFF]];
	STATIC_ASSERT(FDP_EVENT_TYPES <= 8, "one bit each in saved->fdp.events");
	count = count < FDP_EVENT_TYPES ? count : FDP_EVENT_TYPES;
	for (uint32_t i = 0; i < count; ++i) {
		desc[i].type = fdp_event_types[i];
		desc[i].fdpeta.val = enabled >> i & 1; /* FDPEE */
	}
	want->work->result = count;
	return host_give(want->work, desc, count * sizeof(desc[0]));
}
