/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Flexible Data Placement (TP4146; NVMe Base 2.1, Flexible Data Placement): the host says which
 * data belong
 * together.
 *
 *   handle      of a namespace, an index into its list of reclaim unit handles
 *   identifier  what a command carries: reclaim group in its upper bits, handle in the lower
 *   unit        what a reclaim unit handle writes into in one reclaim group, until it is full
 *
 *      empty ──fdp_wrote──▶ partly written ──fdp_wrote: full──▶ empty, the next one
 *                           partly written ──update_unit──────▶ empty, the next one
 *
 * A unit is a number of bytes here: how much of it is written. Which flash the data are on is the
 * timing model's: it is told a stream for each pair of group and handle, and keeps lines apart as
 * far as it can (ftl/ftl.h). What is said of units, handles and events survives power.
 */
#include <base/bytes.h>
#include <ssd/fdp.h>

#define PLACEMENT_TYPE XNVME_SPEC_DIR_DATA_PLACEMENT
#define MODE_ENABLE 0x1u
#define EVENTS_OF_HOST 0x80u /* event types below it */

/* What can happen here. Reclaim units have no time limit, resets do not touch them, and timing
 * models do not say which data they move. */
static const uint8_t event_types[] = {
	XNVME_SPEC_FDP_EVENT_RU_NOT_FULLY_WRITTEN,
	XNVME_SPEC_FDP_EVENT_INVALID_PID,
	XNVME_SPEC_FDP_EVENT_IMPLICIT_RU_CHANGE,
};
#define EVENT_TYPES ((uint32_t)sizeof(event_types))

/* A pair of reclaim group and handle, as a placement identifier names it */
struct place {
	uint16_t group;
	uint16_t handle; /* of the drive, not of the namespace */
};

/* ---- configuration ---- */

static bool
is_listed_before(const uint16_t *handles, uint32_t index)
{
	for (uint32_t i = 0; i < index; i++) {
		if (handles[i] == handles[index]) {
			return true;
		}
	}
	return false;
}

static const char *
list_wrong(const struct ssd_ns_config *ns, uint32_t handles)
{
	bool plain = bytes_are(ns->fdp_handles, 0, sizeof(ns->fdp_handles));
	uint32_t count = ns->fdp_nhandles ? ns->fdp_nhandles : 1;

	if (ns->kind != SSD_NS_NVM) {
		return "data are placed in namespaces of the kind nvm only: no zns or kv with fdp";
	}
	if (count > handles) {
		return "a namespace has no more placement handles than there are reclaim unit "
		       "handles: change fdp_nhandles or fdp.handles";
	}
	for (uint32_t i = 0; i < count && !plain; i++) {
		if (ns->fdp_handles[i] >= handles || is_listed_before(ns->fdp_handles, i)) {
			return "the placement handles of a namespace name different reclaim unit "
			       "handles that exist: change fdp_handles or fdp.handles";
		}
	}
	return NULL;
}

const char *
fdp_wrong(const struct ssd_config *config)
{
	const struct ssd_fdp_config *fdp = &config->fdp;
	uint32_t handles = fdp->handles ? fdp->handles : SSD_FDP_HANDLES_DEFAULT;
	uint32_t groups = fdp->groups ? fdp->groups : 1;
	const char *why = NULL;

	if (!fdp->enabled) {
		return NULL;
	}
	if (handles > SSD_FDP_HANDLES_MAX || handles * groups > FDP_UNITS_MAX) {
		return "there are at most 128 reclaim unit handles, and 512 with those of all "
		       "reclaim groups: change fdp.handles or fdp.groups";
	}
	if (fdp->unit_nbytes % PAGE_NBYTES || fdp->unit_nbytes > 1ULL << 44) {
		return "a reclaim unit is a multiple of 4096 bytes, at most 16 TiB: change "
		       "fdp.unit_nbytes";
	}
	if (fdp->persistently_isolated) {
		return "garbage collection mixes the data of handles: handles are initially "
		       "isolated only, leave fdp.persistently_isolated out";
	}
	for (uint32_t i = 0; i < SSD_NS_MAX && !why; i++) {
		why = config->ns[i].nbytes ? list_wrong(&config->ns[i], handles) : NULL;
	}
	return why;
}

void
fdp_fill_handles(const struct ssd_config *config, uint32_t slot, struct saved_ns *saved)
{
	const struct ssd_ns_config *ns = &config->ns[slot];
	bool plain = bytes_are(ns->fdp_handles, 0, sizeof(ns->fdp_handles));

	saved->nhandles = 1;
	if (!config->fdp.enabled) {
		return; /* and fdp_wrong() has not looked at the list */
	}
	saved->nhandles = ns->fdp_nhandles ? ns->fdp_nhandles : 1;
	saved->handles_of_host = ns->fdp_nhandles != 0;
	for (uint32_t i = 0; i < saved->nhandles && !NEVER(i >= SSD_FDP_HANDLES_MAX); i++) {
		saved->handles[i] = plain ? (uint16_t)i : ns->fdp_handles[i];
	}
}

uint16_t
fdp_take_handles(const struct ssd *ssd, const uint8_t *page, uint8_t kind, struct saved_ns *saved)
{
	uint64_t count = get_le(page + 392, 2); /* NPHNDLS; the list is at byte 512 */

	saved->nhandles = 1;
	if (!fdp_is_on(ssd)) {
		return STATUS_SUCCESS;
	}
	if (kind != SSD_NS_NVM) {
		return REFUSE(IO_COMMAND_SET_UNSUPPORTED);
	}
	if (count > ssd->config.fdp.handles) {
		return REFUSE(PLACEMENT_HANDLE_LIST);
	}
	for (uint32_t i = 0; i < count; i++) {
		saved->handles[i] = (uint16_t)get_le(page + 512 + 2 * i, 2);
		if (saved->handles[i] >= ssd->config.fdp.handles ||
		    is_listed_before(saved->handles, i)) {
			return REFUSE(PLACEMENT_HANDLE_LIST);
		}
	}
	saved->nhandles = count ? (uint8_t)count : 1;
	saved->handles_of_host = count != 0;
	return STATUS_SUCCESS;
}

bool
fdp_saved_is_sane(const struct ssd *ssd)
{
	const struct ssd_fdp_config *fdp = &ssd->config.fdp;

	for (uint32_t i = 0; i < SSD_NS_MAX && fdp->enabled; i++) {
		const struct saved_ns *ns = &ssd->saved->ns[i];

		if (ns->exists && (ns->nhandles == 0 || ns->nhandles > fdp->handles)) {
			return false;
		}
		for (uint32_t j = 0; ns->exists && j < ns->nhandles; j++) {
			if (ns->handles[j] >= fdp->handles) {
				return false;
			}
		}
	}
	for (uint32_t i = 0; i < FDP_UNITS_MAX && fdp->enabled; i++) {
		if (ssd->saved->fdp_written[i] >= fdp->unit_nbytes) {
			return false;
		}
	}
	return true;
}

/* ---- placement identifiers ---- */

/* RGIF: bits of an identifier that name its reclaim group */
static uint32_t
group_nbits(const struct ssd *ssd)
{
	uint32_t nbits = 0;

	while ((1u << nbits) < ssd->config.fdp.groups) {
		nbits++;
	}
	return nbits;
}

static bool
find_place(const struct ssd *ssd, const struct ssd_ns *ns, uint16_t identifier, struct place *place)
{
	uint32_t shift = 16 - group_nbits(ssd);
	uint32_t group = (uint32_t)identifier >> shift;
	uint32_t handle = identifier & ((1u << shift) - 1);

	if (group >= ssd->config.fdp.groups || handle >= ns->saved->nhandles) {
		return false;
	}
	place->group = (uint16_t)group;
	place->handle = ns->saved->handles[handle];
	return true;
}

static uint32_t
unit_of(const struct ssd *ssd, const struct place *place)
{
	uint32_t unit = (uint32_t)place->group * ssd->config.fdp.handles + place->handle;

	ASSERT(unit < FDP_UNITS_MAX);
	return unit;
}

static uint64_t
left_nbytes(const struct ssd *ssd, const struct place *place)
{
	return ssd->config.fdp.unit_nbytes - ssd->saved->fdp_written[unit_of(ssd, place)];
}

/* ---- events ---- */

static uint32_t
event_bit(uint8_t type)
{
	for (uint32_t i = 0; i < EVENT_TYPES; i++) {
		if (event_types[i] == type) {
			return 1u << i;
		}
	}
	return 0;
}

/* One more in its ring, the oldest makes way. `place` is where, `identifier` what the host said. */
static void
note_event(struct ssd *ssd, const struct ssd_ns *ns, uint8_t type, const struct place *place,
	   const uint16_t *identifier)
{
	struct fdp_ring *ring = &ssd->saved->fdp_ring[type < EVENTS_OF_HOST];
	struct xnvme_spec_fdp_event *event = &ring->event[ring->next % FDP_EVENTS_MAX];

	if (!(ssd->saved->fdp_events[place->handle] & event_bit(type))) {
		return;
	}
	memset(event, 0, sizeof(*event));
	event->type = type;
	event->fdpef.nsidv = 1;
	event->nsid = ns->nsid;
	if (identifier) {
		event->fdpef.piv = 1;
		event->pid = *identifier;
	}
	if (type != XNVME_SPEC_FDP_EVENT_INVALID_PID) {
		event->fdpef.lv = 1;
		event->rgid = place->group;
		event->ruhid = place->handle;
	}
	event->timestamp = feature_timestamp(ssd);
	ring->next++;
	ring->count += ring->count < FDP_EVENTS_MAX;
}

/* ---- writes ---- */

uint16_t
fdp_of_write(struct ssd *ssd, const struct ssd_ns *ns, uint32_t type, uint16_t specific,
	     uint16_t *stream)
{
	uint16_t identifier = type == PLACEMENT_TYPE ? specific : 0;
	struct place place = {0, ns->saved->handles[0]};

	if (!fdp_is_on(ssd)) {
		return type == PLACEMENT_TYPE ? REFUSE(INVALID_FIELD) : STATUS_SUCCESS;
	}
	if (!find_place(ssd, ns, identifier, &place)) {
		note_event(ssd, ns, XNVME_SPEC_FDP_EVENT_INVALID_PID, &place, &identifier);
		return REFUSE(INVALID_FIELD);
	}
	*stream = (uint16_t)(1 + unit_of(ssd, &place));
	return STATUS_SUCCESS;
}

void
fdp_wrote(struct ssd *ssd, const struct ssd_ns *ns, uint16_t stream, uint64_t nlb)
{
	uint64_t nbytes = nlb << ns->shift;
	uint32_t unit = stream - 1u;
	struct place place;

	if (!fdp_is_on(ssd) || NEVER(stream == 0 || unit >= FDP_UNITS_MAX)) {
		return;
	}
	place.group = (uint16_t)(unit / ssd->config.fdp.handles);
	place.handle = (uint16_t)(unit % ssd->config.fdp.handles);
	ssd->saved->fdp_host_nbytes += nbytes + nlb * ns->meta_nbytes;
	while (nbytes >= left_nbytes(ssd, &place)) {
		nbytes -= left_nbytes(ssd, &place);
		ssd->saved->fdp_written[unit] = 0;
		note_event(ssd, ns, XNVME_SPEC_FDP_EVENT_IMPLICIT_RU_CHANGE, &place, NULL);
	}
	ssd->saved->fdp_written[unit] += nbytes;
}

/* ---- I/O Management Receive and Send ---- */

static uint16_t
give_status(struct ssd *ssd, const struct ssd_ns *ns, const struct ssd_work *work, uint64_t nbytes)
{
	uint32_t groups = ssd->config.fdp.groups, count = groups * ns->saved->nhandles;
	struct xnvme_spec_ruhs head = {.nruhsd = (uint16_t)count};
	uint64_t at = sizeof(head);
	uint16_t status = host_push(work, 0, &head, nbytes < at ? nbytes : at);

	for (uint32_t i = 0; i < count && at < nbytes && !status; i++) {
		uint32_t group = i / ns->saved->nhandles, handle = i % ns->saved->nhandles;
		struct place place = {(uint16_t)group, ns->saved->handles[handle]};
		struct xnvme_spec_ruhs_desc desc = {.ruhi = place.handle};
		uint64_t part = nbytes - at < sizeof(desc) ? nbytes - at : sizeof(desc);

		desc.pi = (uint16_t)(group << (16 - group_nbits(ssd)) | handle);
		desc.ruamw = left_nbytes(ssd, &place) >> ns->shift;
		status = host_push(work, at, &desc, part);
		at += part;
	}
	memset(ssd->page, 0, sizeof(ssd->page));
	while (at < nbytes && !status) {
		uint64_t part = nbytes - at < PAGE_NBYTES ? nbytes - at : PAGE_NBYTES;

		status = host_push(work, at, ssd->page, part);
		at += part;
	}
	return status;
}

/* The status that a command of this pair deserves before it is looked at */
static uint16_t
management_refusal(const struct ssd *ssd)
{
	if (!fdp_is_there(ssd)) {
		return REFUSE(INVALID_OPCODE);
	}
	return fdp_is_on(ssd) ? STATUS_SUCCESS : REFUSE(FDP_DISABLED);
}

void
io_management_receive(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		      struct ssd_work *work)
{
	uint64_t nbytes = ((uint64_t)cmd->mgmt.mgmt_recv.numd + 1) * 4;

	work->status = management_refusal(ssd);
	if (work->status || cmd->mgmt.mgmt_recv.mo == 0) {
		return; /* operation 0 is none */
	}
	if (cmd->mgmt.mgmt_recv.mo != XNVME_SPEC_IO_MGMT_RECV_RUHS) {
		work->status = REFUSE(INVALID_FIELD);
		return;
	}
	work->status = host_prepare(work, nbytes, 0, true);
	if (!work->status) {
		work->status = give_status(ssd, ns, work, nbytes);
	}
}

/* The unit is not written any further */
static void
update_unit(struct ssd *ssd, const struct ssd_ns *ns, uint16_t identifier)
{
	struct place place;

	if (NEVER(!find_place(ssd, ns, identifier, &place))) {
		return;
	}
	/* left_nbytes() is never 0: a full unit has made way for the next one */
	note_event(ssd, ns, XNVME_SPEC_FDP_EVENT_RU_NOT_FULLY_WRITTEN, &place, &identifier);
	ssd->saved->fdp_written[unit_of(ssd, &place)] = 0;
}

void
io_management_send(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		   struct ssd_work *work)
{
	uint32_t count = cmd->mgmt.mgmt_send.mos + 1u;
	struct place place;

	work->status = management_refusal(ssd);
	if (work->status || cmd->mgmt.mgmt_send.mo == 0) {
		return;
	}
	if (cmd->mgmt.mgmt_send.mo != XNVME_SPEC_IO_MGMT_SEND_RUHU ||
	    count > (uint32_t)ssd->config.fdp.groups * ssd->config.fdp.handles) {
		work->status = REFUSE(INVALID_FIELD);
		return;
	}
	work->status = host_take(work, ssd->page, 2 * count);
	/* all of them or none */
	for (uint32_t i = 0; i < count && !work->status; i++) {
		if (!find_place(ssd, ns, (uint16_t)get_le(ssd->page + 2 * i, 2), &place)) {
			work->status = REFUSE(INVALID_FIELD);
		}
	}
	for (uint32_t i = 0; i < count && !work->status; i++) {
		update_unit(ssd, ns, (uint16_t)get_le(ssd->page + 2 * i, 2));
	}
}

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
	desc->fdpa.rgif = group_nbits(ssd) & 15;
	desc->fdpa.fdpvwc = ssd->cache.nbytes != 0;
	desc->fdpa.fdpcv = 1;
	desc->nrg = fdp->groups;
	desc->nruh = fdp->handles;
	desc->maxpids = (uint16_t)(fdp->groups * fdp->handles - 1);
	desc->nns = ssd->ns_max;
	desc->runs = fdp->unit_nbytes;
	for (uint32_t i = 0; i < fdp->handles; i++) {
		desc->ruh_desc[i].ruht = XNVME_SPEC_RUHT_INITIALLY_ISOLATED;
	}
	return log->size;
}

static uint64_t
fill_usage(struct ssd *ssd)
{
	struct xnvme_spec_log_ruhu *log = (void *)ssd->page;

	log->nruh = ssd->config.fdp.handles;
	for (uint32_t i = 0; i < SSD_NS_MAX; i++) {
		const struct saved_ns *ns = &ssd->saved->ns[i];

		for (uint32_t j = 0; ns->exists && j < ns->nhandles; j++) {
			struct xnvme_spec_ruhu_desc *desc = &log->ruhu_desc[ns->handles[j]];

			if (desc->ruha != XNVME_SPEC_RUHA_HOST) {
				desc->ruha = ns->handles_of_host ? XNVME_SPEC_RUHA_HOST
								 : XNVME_SPEC_RUHA_CTRLR;
			}
		}
	}
	return sizeof(*log) + log->nruh * sizeof(log->ruhu_desc[0]);
}

void
fdp_begin_counting(struct ssd *ssd)
{
	struct model_stats stats = {0};

	ssd->time->stats(ssd->model, &stats);
	ssd->fdp_programmed_nbytes = stats.user_program_bytes + stats.gc_program_bytes;
	ssd->fdp_erased_nbytes = stats.erases * stats.line_nbytes;
}

void
fdp_save_counters(struct ssd *ssd)
{
	uint64_t programmed = ssd->fdp_programmed_nbytes;
	uint64_t erased = ssd->fdp_erased_nbytes;

	if (fdp_is_on(ssd)) {
		fdp_begin_counting(ssd);
		ssd->saved->fdp_media_nbytes += ssd->fdp_programmed_nbytes - programmed;
		ssd->saved->fdp_erased_nbytes += ssd->fdp_erased_nbytes - erased;
	}
}

/* A model without flash moves nothing by itself: what the host writes is what the media take */
static uint64_t
fill_statistics(struct ssd *ssd)
{
	struct xnvme_spec_log_fdp_stats *log = (void *)ssd->page;
	struct model_stats stats = {0};

	fdp_save_counters(ssd);
	ssd->time->stats(ssd->model, &stats);
	log->hbmw[0] = ssd->saved->fdp_host_nbytes;
	log->mbmw[0] = stats.lines ? ssd->saved->fdp_media_nbytes : ssd->saved->fdp_host_nbytes;
	log->mbe[0] = ssd->saved->fdp_erased_nbytes;
	return sizeof(*log);
}

/* Oldest first. LSP bit 0: those that the host caused, else the controller's */
static uint64_t
fill_events(struct ssd *ssd, bool of_host)
{
	const struct fdp_ring *ring = &ssd->saved->fdp_ring[of_host];
	struct xnvme_spec_log_fdp_events *log = (void *)ssd->page;
	uint32_t count = (uint32_t)(ring->count < FDP_EVENTS_MAX ? ring->count : FDP_EVENTS_MAX);

	STATIC_ASSERT(sizeof(*log) + FDP_EVENTS_MAX * sizeof(log->event[0]) <= PAGE_NBYTES,
		      "all events are shown at once");
	log->nevents = count;
	for (uint32_t i = 0; i < count; i++) {
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
	/* the configurations are there to choose one */
	return want->lid == XNVME_SPEC_LOG_FDPCONF || fdp_is_on(ssd) ? STATUS_SUCCESS
								     : REFUSE(FDP_DISABLED);
}

uint64_t
fdp_fill_log(struct ssd *ssd, const struct log_want *want)
{
	switch (want->lid) {
	case XNVME_SPEC_LOG_FDPCONF:
		return fill_configurations(ssd);
	case XNVME_SPEC_LOG_FDPRUHU:
		return fill_usage(ssd);
	case XNVME_SPEC_LOG_FDPSTATS:
		return fill_statistics(ssd);
	default:
		return fill_events(ssd, want->specific & 1);
	}
}

/* ---- features ---- */

static bool
has_namespaces(const struct ssd *ssd)
{
	for (uint32_t i = 0; i < SSD_NS_MAX; i++) {
		if (ssd->saved->ns[i].exists) {
			return true;
		}
	}
	return false;
}

/* The drive places data from now on, or does not: only while there is nothing to place. It stays so
 * whatever happens to power; enabled anew, it begins with nothing written and no events. */
uint16_t
fdp_set_mode(struct ssd *ssd, const struct feature_want *want)
{
	struct saved *saved = ssd->saved;
	bool on = want->value12 & MODE_ENABLE;

	if ((want->value & 0xFFFF) != ENDURANCE_GROUP || (on && (want->value12 >> 8 & 0xFF) != 0)) {
		return REFUSE(INVALID_FIELD); /* there is configuration 0 only */
	}
	if (has_namespaces(ssd)) {
		return REFUSE(SEQUENCE_ERROR);
	}
	if (on && saved->fdp_off) {
		memset(saved->fdp_written, 0, sizeof(saved->fdp_written));
		memset(saved->fdp_events, 0, sizeof(saved->fdp_events));
		memset(saved->fdp_ring, 0, sizeof(saved->fdp_ring));
		saved->fdp_host_nbytes = saved->fdp_media_nbytes = saved->fdp_erased_nbytes = 0;
		fdp_begin_counting(ssd);
	}
	memset(ssd->streams, 0, sizeof(ssd->streams)); /* of namespaces that are gone */
	saved->fdp_off = !on;
	return STATUS_SUCCESS;
}

uint16_t
fdp_get_mode(struct ssd *ssd, const struct feature_want *want)
{
	if ((want->value & 0xFFFF) != ENDURANCE_GROUP) {
		return REFUSE(INVALID_FIELD);
	}
	want->work->result = fdp_is_on(ssd) ? MODE_ENABLE : 0;
	return STATUS_SUCCESS;
}

/* Dword 11 of both: placement handle, number of event types */
static uint16_t
events_refusal(const struct ssd *ssd, const struct feature_want *want)
{
	if (!fdp_is_on(ssd)) {
		return REFUSE(FDP_DISABLED);
	}
	return (want->value & 0xFFFF) < want->ns->saved->nhandles ? STATUS_SUCCESS
								  : REFUSE(INVALID_FIELD);
}

uint16_t
fdp_set_events(struct ssd *ssd, const struct feature_want *want)
{
	uint32_t count = want->value >> 16 & 0xFF, bits = 0;
	uint8_t types[255];
	uint16_t status = events_refusal(ssd, want);
	uint8_t *enabled;

	if (!status && count == 0) {
		status = REFUSE(INVALID_FIELD);
	}
	if (!status) {
		status = host_take(want->work, types, count);
	}
	for (uint32_t i = 0; i < count && !status; i++) {
		bits |= event_bit(types[i]);
		status = event_bit(types[i]) ? STATUS_SUCCESS : REFUSE(INVALID_FIELD);
	}
	if (status) {
		return status;
	}
	enabled = &ssd->saved->fdp_events[want->ns->saved->handles[want->value & 0xFFFF]];
	*enabled = (uint8_t)(want->value12 & 1 ? *enabled | bits : *enabled & ~bits);
	return STATUS_SUCCESS;
}

/* As many descriptors as the host has asked for; dword 0 says how many those are */
uint16_t
fdp_get_events(struct ssd *ssd, const struct feature_want *want)
{
	struct xnvme_spec_fdp_event_desc desc[EVENT_TYPES] = {0};
	uint32_t count = want->value >> 16 & 0xFF;
	uint16_t status = events_refusal(ssd, want);
	uint8_t enabled;

	if (status) {
		return status;
	}
	enabled = ssd->saved->fdp_events[want->ns->saved->handles[want->value & 0xFFFF]];
	count = count < EVENT_TYPES ? count : EVENT_TYPES;
	for (uint32_t i = 0; i < count; i++) {
		desc[i].type = event_types[i];
		desc[i].fdpeta.val = enabled >> i & 1; /* FDPEE */
	}
	want->work->result = count;
	return host_give(want->work, desc, count * sizeof(desc[0]));
}
