/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Features: one row per feature, each with a current, a default and, where supported, a saved
 * value; NVMe Base 2.0, Get Features, Set Features.
 *
 *   current ──set, SV = 1──▶ current and saved;  reset: current becomes saved, or else default
 */
#include <base/bytes.h>
#include <ssd/ctrl/admin.h>
#include <ssd/ctrl/ctrl.h>
#include <ssd/ctrl/feature.h>
#include <ssd/ctrl/identify.h>
#include <ssd/ctrl/timer.h>
#include <ssd/fdp/fdp.h>
#include <ssd/host_memory.h>
#include <ssd/media/cache.h>
#include <ssd/ns.h>

#define CAN_SAVE 0x1u
#define CAN_CHANGE 0x4u
#define PER_NAMESPACE 0x2u

static uint16_t
set_temperature(struct ssd *ssd, const struct feature_want *want)
{
	uint8_t warned = health_warnings(ssd);

	want_check(want);
	*want->current = want->value & 0xFFFF;
	if (health_warnings(ssd) & ~warned) {
		aer_raise(ssd, XNVME_SPEC_ASYNC_EVENT_HEALTH, XNVME_SPEC_ASYNC_HEALTH_TEMPERATURE,
			  XNVME_SPEC_LOG_HEALTH);
	}
	return STATUS(SUCCESS);
}

static uint16_t
set_cache(struct ssd *ssd, const struct feature_want *want)
{
	want_check(want);
	if (ssd->config.cache_nbytes == 0) {
		return REFUSE(INVALID_FIELD);
	}
	if (!(want->value & 1)) {
		cache_flush(ssd, NSID_ALL);
	}
	return STATUS(SUCCESS);
}

/* Grants the requested number of queues, both 0's based, up to the limit. The export rejects the
 * command after the first queue was created, which only the export knows. */
static uint16_t
set_queues(struct ssd *ssd, const struct feature_want *want)
{
	uint32_t most = ssd->config.io_queues - 1u;
	uint32_t sqs = want->value & 0xFFFF;
	uint32_t cqs = want->value >> 16;

	want_check(want);
	ASSERT(ssd->config.io_queues > 0);
	if (sqs == 0xFFFF || cqs == 0xFFFF) {
		return REFUSE(INVALID_FIELD);
	}
	sqs = sqs < most ? sqs : most;
	cqs = cqs < most ? cqs : most;
	*want->current = cqs << 16 | sqs;
	want->work->result = *want->current;
	return STATUS(SUCCESS);
}

static uint16_t
set_power(struct ssd *ssd, const struct feature_want *want)
{
	want_check(want);
	(void)ssd;
	/* power state 0 is the only one */
	return (want->value & 0x1F) == 0 ? STATUS(SUCCESS) : REFUSE(INVALID_FIELD);
}

static uint16_t
set_vector(struct ssd *ssd, const struct feature_want *want)
{
	want_check(want);
	return (want->value & 0xFFFF) <= ssd->config.io_queues ? STATUS(SUCCESS)
							       : REFUSE(INVALID_FIELD);
}

static uint16_t
set_keep_alive(struct ssd *ssd, const struct feature_want *want)
{
	want_check(want);
	timer_keep_alive(ssd, want->value);
	return STATUS(SUCCESS);
}

static uint16_t
set_timestamp(struct ssd *ssd, const struct feature_want *want)
{
	uint8_t bytes[FEATURE_TIMESTAMP_NBYTES];
	uint16_t status = host_take(want->work, bytes, sizeof(bytes));

	want_check(want);
	if (!status) {
		ssd->features.timestamp = (struct timestamp){get_le(bytes, 6), ssd->now, 1};
	}
	return status;
}

static uint16_t
get_timestamp(struct ssd *ssd, const struct feature_want *want)
{
	uint8_t bytes[FEATURE_TIMESTAMP_NBYTES];

	want_check(want);
	put_le(bytes, timestamp_read(&ssd->features.timestamp, ssd->now), sizeof(bytes));
	return host_give(want->work, bytes, sizeof(bytes));
}

static uint16_t
set_host_behavior(struct ssd *ssd, const struct feature_want *want)
{
	uint8_t bytes[sizeof(ssd->features.host_behavior)];
	uint16_t status = host_take(want->work, bytes, sizeof(bytes));

	want_check(want);
	if (status) {
		return status;
	}
	if (bytes[0] > 1 || bytes[1] > 1 || bytes[2] > 1) {
		return REFUSE(INVALID_FIELD);
	}
	memcpy(ssd->features.host_behavior, bytes, sizeof(bytes));
	return STATUS(SUCCESS);
}

static uint16_t
get_host_behavior(struct ssd *ssd, const struct feature_want *want)
{
	want_check(want);
	return host_give(want->work, ssd->features.host_behavior,
			 sizeof(ssd->features.host_behavior));
}

static uint16_t
set_host_id(struct ssd *ssd, const struct feature_want *want)
{
	uint32_t nbytes = want->value & 1 ? 16 : 8; /* EXHID */
	uint8_t bytes[16] = {0};
	uint16_t status = host_take(want->work, bytes, nbytes);

	want_check(want);
	if (!status) {
		memcpy(ssd->features.host_id, bytes, sizeof(bytes));
	}
	return status;
}

static uint16_t
get_host_id(struct ssd *ssd, const struct feature_want *want)
{
	want_check(want);
	return host_give(want->work, ssd->features.host_id, want->value & 1 ? 16 : 8);
}

/* Namespace Write Protection: Permanent is irrevocable; Until Power Cycle ends with the next power
 * cycle */
static uint16_t
set_protect(struct ssd *ssd, const struct feature_want *want)
{
	uint32_t state = want->value & 7;

	want_check(want);
	ns_check(ssd, want->ns);
	(void)ssd;
	if (state > XNVME_SPEC_NS_WRITE_PROTECT_PERMANENT) {
		return REFUSE(INVALID_FIELD);
	}
	if (*want->current >= XNVME_SPEC_NS_WRITE_PROTECT_UNTIL_POWER_CYCLE &&
	    state != *want->current) {
		return REFUSE(FEATURE_NOT_CHANGEABLE);
	}
	want->ns->saved->protect = (uint8_t)state;
	return STATUS(SUCCESS);
}

/* Poll and report interval are always 0, and 0 is returned to the host: NVM Command Set 1.2, LBA
 * Status Information Attributes */
static uint16_t
set_lba_status(struct ssd *ssd, const struct feature_want *want)
{
	want_check(want);
	(void)ssd;
	want->work->result = 0;
	return STATUS(SUCCESS);
}

/* Combination 0, all supported command sets, is the only one */
static uint16_t
set_command_sets(struct ssd *ssd, const struct feature_want *want)
{
	want_check(want);
	(void)ssd;
	return (want->value & 0x1FF) == 0 ? STATUS(SUCCESS) : REFUSE(IOCS_COMBINATION_REJECTED);
}

struct feature_row_def {
	uint8_t fid;
	uint8_t abilities; /* as Select 011b reports them */
	uint32_t mask;	   /* bits of dword 11 that form the value */
	uint16_t (*set)(struct ssd *ssd, const struct feature_want *want); /* NULL: store it */
	uint16_t (*get)(struct ssd *ssd, const struct feature_want *want); /* returns data in
									    * addition to dword 0 */
};

static const struct feature_row_def rows[FEATURE_COUNT] = {
    [FEATURE_ARBITRATION] = {XNVME_SPEC_FEAT_ARBITRATION, CAN_CHANGE | CAN_SAVE, 0xFFFFFF07, NULL,
			     NULL},
    [FEATURE_POWER] = {XNVME_SPEC_FEAT_PWR_MGMT, CAN_CHANGE | CAN_SAVE, 0xFF, set_power, NULL},
    [FEATURE_TEMPERATURE_OVER] = {XNVME_SPEC_FEAT_TEMP_THRESHOLD, CAN_CHANGE | CAN_SAVE, 0xFFFF,
				  set_temperature, NULL},
    [FEATURE_TEMPERATURE_UNDER] = {0, CAN_CHANGE | CAN_SAVE, 0xFFFF, set_temperature, NULL},
    [FEATURE_ERROR_RECOVERY] = {XNVME_SPEC_FEAT_ERROR_RECOVERY,
				CAN_CHANGE | CAN_SAVE | PER_NAMESPACE, 0x1FFFF, NULL, NULL},
    [FEATURE_CACHE] = {XNVME_SPEC_FEAT_VWCACHE, CAN_CHANGE | CAN_SAVE, 1, set_cache, NULL},
    [FEATURE_QUEUES] = {XNVME_SPEC_FEAT_NQUEUES, CAN_CHANGE, 0xFFFFFFFF, set_queues, NULL},
    [FEATURE_COALESCING] = {XNVME_SPEC_FEAT_INTR_COALESCING, CAN_CHANGE | CAN_SAVE, 0xFFFF, NULL,
			    NULL},
    [FEATURE_VECTOR] = {XNVME_SPEC_FEAT_INTR_VECTOR, CAN_CHANGE, 0x1FFFF, set_vector, NULL},
    [FEATURE_ATOMICITY] = {XNVME_SPEC_FEAT_WRITE_ATOMICITY, CAN_CHANGE | CAN_SAVE, 1, NULL, NULL},
    [FEATURE_ASYNC_EVENTS] = {XNVME_SPEC_FEAT_ASYNC_EVENT, CAN_CHANGE | CAN_SAVE, 0x080021FF, NULL,
			      NULL},
    [FEATURE_TIMESTAMP] = {XNVME_SPEC_FEAT_TIMESTAMP, CAN_CHANGE, 0, set_timestamp, get_timestamp},
    [FEATURE_KEEP_ALIVE] = {XNVME_SPEC_FEAT_KATO, CAN_CHANGE, 0xFFFFFFFF, set_keep_alive, NULL},
    [FEATURE_HOST_BEHAVIOR] = {XNVME_SPEC_FEAT_HOST_BEHAVIOR, CAN_CHANGE, 0, set_host_behavior,
			       get_host_behavior},
    [FEATURE_SANITIZE] = {XNVME_SPEC_FEAT_SANITIZE, CAN_CHANGE | CAN_SAVE, 1, NULL, NULL},
    [FEATURE_FDP] = {XNVME_SPEC_FEAT_FDP_MODE, CAN_CHANGE, 0, fdp_set_mode, fdp_get_mode},
    [FEATURE_FDP_EVENTS] = {XNVME_SPEC_FEAT_FDP_EVENTS, CAN_CHANGE | PER_NAMESPACE, 0,
			    fdp_set_events, fdp_get_events},
    [FEATURE_PROGRESS] = {XNVME_SPEC_FEAT_SW_PROGRESS, CAN_CHANGE | CAN_SAVE, 0xFF, NULL, NULL},
    [FEATURE_HOST_ID] = {XNVME_SPEC_FEAT_HOST_ID, CAN_CHANGE, 0, set_host_id, get_host_id},
    [FEATURE_PROTECT] = {XNVME_SPEC_FEAT_NS_WRITE_PROTECT, CAN_CHANGE | PER_NAMESPACE, 7,
			 set_protect, NULL},
    [FEATURE_LBA_STATUS] = {XNVME_SPEC_FEAT_LBA_STATUS, CAN_CHANGE, 0, set_lba_status, NULL},
    [FEATURE_COMMAND_SETS] = {XNVME_SPEC_FEAT_IOCS_PROFILE, CAN_CHANGE, 0x1FF, set_command_sets,
			      NULL},
    [FEATURE_KV] = {XNVME_SPEC_FEAT_KV_CONFIG, CAN_CHANGE | CAN_SAVE | PER_NAMESPACE, 1, NULL,
		    NULL},
};

static uint32_t
default_of(const struct ssd *ssd, uint32_t row)
{
	uint32_t queues = ssd->config.io_queues - 1u;

	ASSERT(row < FEATURE_COUNT && ssd->config.io_queues > 0);
	switch (row) {
	case FEATURE_TEMPERATURE_OVER:
		return 343;
	case FEATURE_CACHE:
		return ssd->config.cache_nbytes ? 1 : 0;
	case FEATURE_QUEUES:
		return queues << 16 | queues;
	case FEATURE_FDP:
		return fdp_is_there(ssd) ? 1 : 0;
	case FEATURE_KV:
		return KV_DELETE_MUST_EXIST;
	default:
		return 0;
	}
}

static bool
is_per_namespace(uint32_t row)
{
	ASSERT(row < FEATURE_COUNT);
	return rows[row].abilities & PER_NAMESPACE;
}

/* Some features exist only if the drive has what they control */
static bool
is_there(const struct ssd *ssd, uint32_t row)
{
	ASSERT(row < FEATURE_COUNT);
	switch (row) {
	case FEATURE_CACHE:
		return ssd->config.cache_nbytes != 0;
	case FEATURE_FDP:
	case FEATURE_FDP_EVENTS:
		return fdp_is_there(ssd);
	case FEATURE_KV:
		return has_kind(ssd, SSD_NS_KV);
	default:
		return true;
	}
}

/* Some features exist only in namespaces of one kind */
static bool
is_there_in(const struct ssd_ns *ns, uint32_t row)
{
	ASSERT(ns_is_active(ns) && row < FEATURE_COUNT);
	return row != FEATURE_KV || ns->kind == SSD_NS_KV;
}

uint32_t
feature_effects(const struct ssd *ssd, uint8_t fid)
{
	for (uint32_t row = 0; row < FEATURE_COUNT; ++row) {
		if (rows[row].fid == fid && fid && is_there(ssd, row)) {
			return XNVME_SPEC_FEATURES_FSUPP |
			       (is_per_namespace(row) ? XNVME_SPEC_FEATURES_NCC
						      : XNVME_SPEC_FEATURES_CCC);
		}
	}
	return 0;
}

void
feature_reset_namespace(struct ssd *ssd, uint32_t index)
{
	const struct saved *saved = ssd->saved;

	ASSERT(index < SSD_NS_MAX);
	for (uint32_t row = 0; row < FEATURE_COUNT; ++row) {
		ssd->features.ns_current[index][row] = saved->ns_has_saved[index] & (1u << row)
						      ? saved->ns_feature[index][row]
						      : default_of(ssd, row);
	}
	ssd->features.ns_current[index][FEATURE_PROTECT] = saved->ns[index].protect;
}

void
feature_reset(struct ssd *ssd)
{
	const struct saved *saved = ssd->saved;

	ssd_check(ssd);
	for (uint32_t row = 0; row < FEATURE_COUNT; ++row) {
		ssd->features.current[row] = saved->has_saved & (1u << row) ? saved->feature[row]
								   : default_of(ssd, row);
	}
	for (uint32_t i = 0; i < SSD_NS_MAX; ++i) {
		feature_reset_namespace(ssd, i);
	}
	memset(ssd->features.host_behavior, 0, sizeof(ssd->features.host_behavior));
	memset(ssd->features.host_id, 0, sizeof(ssd->features.host_id));
}

/* The row of a feature, or FEATURE_COUNT. Temperature thresholds: THSEL selects over or under; the
 * only sensor is the composite one, or all of them (TMPSEL Fh, in Set Features) */
static uint32_t
row_of(const struct ssd *ssd, const struct xnvme_spec_cmd *cmd, bool set)
{
	uint8_t fid = cmd->gfeat.cdw10.fid;
	uint32_t value = cmd->gfeat.cdw11;

	if (fid == XNVME_SPEC_FEAT_TEMP_THRESHOLD) {
		uint32_t sensor = (value >> 16) & 15;
		uint32_t type = (value >> 20) & 3;

		if ((sensor != 0 && !(set && sensor == 15)) || type > 1) {
			return FEATURE_COUNT;
		}
		return type ? FEATURE_TEMPERATURE_UNDER : FEATURE_TEMPERATURE_OVER;
	}
	for (uint32_t row = 0; row < FEATURE_COUNT; ++row) {
		if (rows[row].fid == fid && fid != 0) {
			return is_there(ssd, row) ? row : FEATURE_COUNT;
		}
	}
	return FEATURE_COUNT;
}

static void
get_value(struct ssd *ssd, uint32_t row, uint32_t index, uint8_t select, struct feature_want *want)
{
	const struct saved *saved = ssd->saved;
	bool per_ns = is_per_namespace(row);
	uint32_t has = per_ns ? saved->ns_has_saved[index] : saved->has_saved;
	uint32_t value = per_ns ? saved->ns_feature[index][row] : saved->feature[row];

	ASSERT(row < FEATURE_COUNT && (!per_ns || index < SSD_NS_MAX));
	want_check(want);
	switch (select) {
	case XNVME_SPEC_FEAT_SEL_CURRENT:
		want->work->result = *want->current;
		want->work->status = rows[row].get ? rows[row].get(ssd, want) : STATUS(SUCCESS);
		return;
	case XNVME_SPEC_FEAT_SEL_SAVED:
		if (rows[row].abilities & CAN_SAVE && has & (1u << row)) {
			want->work->result = value;
			return;
		}
		/* never saved: the default value; Get Features */
		want->work->result = default_of(ssd, row);
		return;
	case XNVME_SPEC_FEAT_SEL_DEFAULT:
		want->work->result = default_of(ssd, row);
		return;
	case XNVME_SPEC_FEAT_SEL_SUPPORTED:
		want->work->result = rows[row].abilities;
		return;
	default:
		want->work->status = REFUSE(INVALID_FIELD);
	}
}

/* Error Recovery was a feature of the controller before it became one of each namespace: older
 * hosts request it with NSID 0 and get the value of the first active namespace */
static struct ssd_ns *
first_active(struct ssd *ssd)
{
	uint32_t i = 0;

	while (i < ssd->ns_max && !ns_is_active(&ssd->ns[i])) {
		i += 1;
	}
	ASSERT(ssd->ns_max <= SSD_NS_MAX);
	return i < ssd->ns_max ? &ssd->ns[i] : NULL;
}

void
get_feature_begin(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		  struct ssd_work *work)
{
	uint32_t row = row_of(ssd, cmd, false);
	uint32_t index = cmd->common.nsid - 1;
	struct feature_want want = {.work = work, .ns = ns, .value = cmd->gfeat.cdw11};

	command_check(ssd, ns, work);
	if (row >= FEATURE_COUNT) {
		work->status = REFUSE(INVALID_FIELD);
		return;
	}
	if (row == FEATURE_ERROR_RECOVERY && cmd->common.nsid == 0) {
		ns = want.ns = first_active(ssd);
		index = ns ? ns->nsid - 1 : 0;
	}
	if (is_per_namespace(row) && (!ns || !is_there_in(ns, row))) {
		work->status = ns ? REFUSE(INVALID_FIELD) : ns_refusal(ssd, cmd->common.nsid);
		return;
	}
	want.current = is_per_namespace(row) ? &ssd->features.ns_current[index][row]
					     : &ssd->features.current[row];
	get_value(ssd, row, index, cmd->gfeat.cdw10.sel, &want);
}

/* Set one feature of one namespace, or of the controller */
static void
set_value(struct ssd *ssd, uint32_t row, struct feature_want *want, bool save)
{
	struct saved *saved = ssd->saved;
	uint32_t value;

	want_check(want);
	ASSERT(is_per_namespace(row) == (want->ns != NULL));
	if (!rows[row].set || rows[row].mask == 0) {
		*want->current = want->value & rows[row].mask;
	}
	if (rows[row].set) {
		want->work->status = rows[row].set(ssd, want);
		if (want->work->status) {
			return;
		}
		if (rows[row].mask && row != FEATURE_QUEUES) {
			*want->current = want->value & rows[row].mask;
		}
	}
	value = *want->current;
	if (save && want->ns) {
		saved->ns_feature[want->ns->nsid - 1][row] = value;
		saved->ns_has_saved[want->ns->nsid - 1] |= 1u << row;
	} else if (save) {
		saved->feature[row] = value;
		saved->has_saved |= 1u << row;
	}
}

static void
set_every_namespace(struct ssd *ssd, uint32_t row, struct feature_want *want, bool save)
{
	ASSERT(is_per_namespace(row) && want->work);
	for (uint32_t i = 0; i < ssd->ns_max && !want->work->status; ++i) {
		if (ns_is_active(&ssd->ns[i]) && is_there_in(&ssd->ns[i], row)) {
			want->ns = &ssd->ns[i];
			want->current = &ssd->features.ns_current[i][row];
			set_value(ssd, row, want, save);
		}
	}
}

void
set_feature_begin(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		  struct ssd_work *work)
{
	uint32_t row = row_of(ssd, cmd, true);
	uint32_t nsid = cmd->common.nsid;
	bool save = cmd->sfeat.cdw10.save;
	struct feature_want want = {
		.work = work, .value = cmd->sfeat.feat.val, .value12 = cmd->common.cdw12};

	command_check(ssd, ns, work);
	if (row >= FEATURE_COUNT) {
		work->status = REFUSE(INVALID_FIELD);
		return;
	}
	if (save && !(rows[row].abilities & CAN_SAVE)) {
		work->status = REFUSE(FEATURE_NOT_SAVEABLE);
		return;
	}
	if (!is_per_namespace(row)) {
		if (nsid != 0 && nsid != NSID_ALL) {
			work->status = ns_is_active(ns) ? REFUSE(FEATURE_NOT_NS_SPECIFIC)
							: ns_refusal(ssd, nsid);
			return;
		}
		want.current = &ssd->features.current[row];
		set_value(ssd, row, &want, save);
	} else if (nsid == NSID_ALL && row == FEATURE_FDP_EVENTS) {
		work->status = REFUSE(INVALID_FIELD); /* handles belong to one namespace */
	} else if (nsid == NSID_ALL) {
		set_every_namespace(ssd, row, &want, save);
	} else if (!ns || !is_there_in(ns, row)) {
		work->status = ns ? REFUSE(INVALID_FIELD) : ns_refusal(ssd, nsid);
	} else {
		want.ns = ns;
		want.current = &ssd->features.ns_current[nsid - 1][row];
		set_value(ssd, row, &want, save);
	}
	ns_refresh_all(ssd);
}
