/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Flexible Data Placement (TP4146; NVMe Base 2.1, Flexible Data Placement): the host groups data
 * that belong together.
 *
 *   handle      of a namespace, an index into its list of reclaim unit handles
 *   identifier  the field of a command: reclaim group in its upper bits, handle in the lower ones
 *   unit        what a reclaim unit handle writes in one reclaim group, until it is full
 *
 *      empty ──fdp_wrote──▶ partly written ──fdp_wrote: full──────────▶ empty, the next one
 *                           partly written ──update_unit──────────────▶ empty, the next one
 *                           partly written ──expire: time limit───────▶ empty, the next one
 *                           partly written ──fdp_lost: power cut──────▶ empty, the next one
 *
 * A unit is only a number here: the bytes written to it. The timing model chooses the flash of the
 * data: it gets a stream for each pair of group and handle, and separates their lines as far as it
 * can (ftl/ftl.h). The state of units, handles and events survives power.
 */
#include <base/bytes.h>
#include <ssd/fdp/fdp.h>
#include <ssd/host_memory.h>

#define PLACEMENT_TYPE XNVME_SPEC_DIR_DATA_PLACEMENT
#define EVENTS_OF_HOST 0x80u /* event types below this value are the host's */

/* The index of a type is its bit in saved->fdp.events */
const uint8_t fdp_event_types[FDP_EVENT_TYPES] = {
	XNVME_SPEC_FDP_EVENT_RU_NOT_FULLY_WRITTEN, XNVME_SPEC_FDP_EVENT_RU_TIME_LIMIT,
	XNVME_SPEC_FDP_EVENT_CTRLR_RESET,	   XNVME_SPEC_FDP_EVENT_INVALID_PID,
	XNVME_SPEC_FDP_EVENT_MEDIA_REALLOCATED,	   XNVME_SPEC_FDP_EVENT_IMPLICIT_RU_CHANGE,
};

/* A pair of reclaim group and handle, decoded from a placement identifier */
struct place {
	uint16_t group;
	uint16_t handle; /* of the drive, not of the namespace */
};

/* ---- configuration ---- */

static bool
is_listed_before(const uint16_t *handles, uint32_t index)
{
	ASSERT(index < SSD_FDP_HANDLES_MAX);
	for (uint32_t i = 0; i < index; ++i) {
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
	for (uint32_t i = 0; i < count && !plain; ++i) {
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
	for (uint32_t i = 0; i < SSD_NS_MAX && !why; ++i) {
		why = config->ns[i].nbytes ? list_wrong(&config->ns[i], handles) : NULL;
	}
	return why;
}

void
fdp_fill_handles(const struct ssd_config *config, uint32_t slot, struct saved_ns *saved)
{
	const struct ssd_ns_config *ns = &config->ns[slot];
	bool plain = bytes_are(ns->fdp_handles, 0, sizeof(ns->fdp_handles));

	ASSERT(slot < SSD_NS_MAX);
	saved->nhandles = 1;
	if (!config->fdp.enabled) {
		return; /* fdp_wrong() has not checked the list */
	}
	saved->nhandles = ns->fdp_nhandles ? ns->fdp_nhandles : 1;
	saved->handles_of_host = ns->fdp_nhandles != 0;
	for (uint32_t i = 0; i < saved->nhandles && !NEVER(i >= SSD_FDP_HANDLES_MAX); ++i) {
		saved->handles[i] = plain ? (uint16_t)i : ns->fdp_handles[i];
	}
}

uint16_t
fdp_take_handles(const struct ssd *ssd, const uint8_t *page, uint8_t kind, struct saved_ns *saved)
{
	uint64_t count = get_le(page + 392, 2); /* NPHNDLS; the list is at byte 512 */

	saved->nhandles = 1;
	if (!fdp_is_on(ssd)) {
		return STATUS(SUCCESS);
	}
	if (kind != SSD_NS_NVM) {
		return REFUSE(IOCS_NOT_SUPPORTED);
	}
	if (count > ssd->config.fdp.handles) {
		return REFUSE(INVALID_PLACEMENT_HANDLE_LIST);
	}
	ASSERT(ssd->config.fdp.handles <= SSD_FDP_HANDLES_MAX);
	for (uint32_t i = 0; i < count; ++i) {
		saved->handles[i] = (uint16_t)get_le(page + 512 + 2 * i, 2);
		if (saved->handles[i] >= ssd->config.fdp.handles ||
		    is_listed_before(saved->handles, i)) {
			return REFUSE(INVALID_PLACEMENT_HANDLE_LIST);
		}
	}
	saved->nhandles = count ? (uint8_t)count : 1;
	saved->handles_of_host = count != 0;
	return STATUS(SUCCESS);
}

bool
fdp_saved_is_sane(const struct ssd *ssd)
{
	const struct ssd_fdp_config *fdp = &ssd->config.fdp;

	for (uint32_t i = 0; i < SSD_NS_MAX && fdp->enabled; ++i) {
		const struct saved_ns *ns = &ssd->saved->ns[i];

		if (ns->exists && (ns->nhandles == 0 || ns->nhandles > fdp->handles)) {
			return false;
		}
		for (uint32_t j = 0; ns->exists && j < ns->nhandles; ++j) {
			if (ns->handles[j] >= fdp->handles) {
				return false;
			}
		}
	}
	for (uint32_t i = 0; i < FDP_UNITS_MAX && fdp->enabled; ++i) {
		if (ssd->saved->fdp.written[i] >= fdp->unit_nbytes) {
			return false;
		}
	}
	return true;
}

/* ---- placement identifiers ---- */

/* RGIF: bits of an identifier that hold its reclaim group */
uint32_t
fdp_group_nbits(const struct ssd *ssd)
{
	uint32_t nbits = 0;

	while ((1u << nbits) < ssd->config.fdp.groups) {
		nbits += 1;
	}
	ASSERT(nbits <= 16);
	return nbits;
}

static uint32_t
units_of(const struct ssd *ssd)
{
	return (uint32_t)ssd->config.fdp.groups * ssd->config.fdp.handles;
}

/* A unit that is being written is not full */
static void
unit_check(const struct ssd *ssd, uint32_t unit)
{
	ASSERT(unit < units_of(ssd) && units_of(ssd) <= FDP_UNITS_MAX);
	ASSERT(ssd->saved->fdp.written[unit] < ssd->config.fdp.unit_nbytes);
}

static bool
find_place(const struct ssd *ssd, const struct ssd_ns *ns, uint16_t identifier, struct place *place)
{
	uint32_t shift = 16 - fdp_group_nbits(ssd);
	uint32_t group = (uint32_t)identifier >> shift;
	uint32_t handle = identifier & ((1u << shift) - 1);

	ns_check(ssd, ns);
	if (group >= ssd->config.fdp.groups || handle >= ns->saved->nhandles) {
		return false;
	}
	ASSERT(ns->saved->handles[handle] < ssd->config.fdp.handles);
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
	unit_check(ssd, unit_of(ssd, place));
	return ssd->config.fdp.unit_nbytes - ssd->saved->fdp.written[unit_of(ssd, place)];
}

/* ---- events ---- */

uint32_t
fdp_event_bit(uint8_t type)
{
	for (uint32_t i = 0; i < FDP_EVENT_TYPES; ++i) {
		if (fdp_event_types[i] == type) {
			return 1u << i;
		}
	}
	return 0;
}

/* Append an event to its ring, replacing the oldest when it is full */
static struct xnvme_spec_fdp_event *
add_event(struct ssd *ssd, uint8_t type)
{
	struct fdp_ring *ring = &ssd->saved->fdp.ring[type < EVENTS_OF_HOST];
	struct xnvme_spec_fdp_event *event = &ring->event[ring->next % FDP_EVENTS_MAX];

	memset(event, 0, sizeof(*event));
	event->type = type;
	event->timestamp = timestamp_read(&ssd->features.timestamp, ssd->now);
	ring->next += 1;
	ring->count += ring->count < FDP_EVENTS_MAX;
	return event;
}

/* Record an event at `place`, if the host has enabled it. `ns` and `identifier` (as in the command)
 * are NULL when the controller caused it. */
static void
note_event(struct ssd *ssd, const struct ssd_ns *ns, uint8_t type, const struct place *place,
	   const uint16_t *identifier)
{
	struct xnvme_spec_fdp_event *event;

	ASSERT(place->handle < ssd->config.fdp.handles && place->group < ssd->config.fdp.groups);
	if (!(ssd->saved->fdp.events[place->handle] & fdp_event_bit(type))) {
		return;
	}
	event = add_event(ssd, type);
	if (ns) {
		event->fdpef.nsidv = 1;
		event->nsid = ns->nsid;
	}
	if (identifier) {
		event->fdpef.piv = 1;
		event->pid = *identifier;
	}
	event->fdpef.lv = 1;
	event->rgid = place->group;
	event->ruhid = place->handle;
}

static bool
any_wants(const struct ssd *ssd, uint8_t type)
{
	ASSERT(fdp_event_bit(type));
	for (uint32_t i = 0; i < ssd->config.fdp.handles; ++i) {
		if (ssd->saved->fdp.events[i] & fdp_event_bit(type)) {
			return true;
		}
	}
	return false;
}

/* The number of blocks in `pages` pages of flash; 0 (unknown) when block sizes of namespaces
 * differ */
static uint16_t
blocks_of_pages(const struct ssd *ssd, uint64_t pages)
{
	uint8_t shift = 0;

	ASSERT(pages > 0);
	for (uint32_t i = 0; i < SSD_NS_MAX; ++i) {
		if (ssd->saved->ns[i].exists) {
			if (shift && shift != ssd->ns[i].shift) {
				return 0;
			}
			shift = ssd->ns[i].shift;
		}
	}
	pages = shift ? pages * (PAGE_NBYTES >> shift) : 0;
	return pages < UINT16_MAX ? (uint16_t)pages : UINT16_MAX;
}

/* Record the data that garbage collection has moved since the last call. The timing model does not
 * attribute them to handles: the event has no handle, and is recorded when any handle has it
 * enabled. */
static void
note_moves(struct ssd *ssd)
{
	struct xnvme_spec_fdp_event_media_reallocated moved = {0};
	struct model_stats stats = {0};
	uint64_t pages;

	if (!any_wants(ssd, XNVME_SPEC_FDP_EVENT_MEDIA_REALLOCATED)) {
		return;
	}
	ssd->time->stats(ssd->model, &stats);
	pages = stats.gc_moves - ssd->fdp.moved_pages;
	ssd->fdp.moved_pages = stats.gc_moves;
	if (pages) {
		moved.nlbam = blocks_of_pages(ssd, pages);
		memcpy(add_event(ssd, XNVME_SPEC_FDP_EVENT_MEDIA_REALLOCATED)->type_specific,
		       &moved, sizeof(moved));
	}
}

/* ---- units ---- */

static struct place
place_of(const struct ssd *ssd, uint32_t unit)
{
	unit_check(ssd, unit);
	return (struct place){.group = (uint16_t)(unit / ssd->config.fdp.handles),
			      .handle = (uint16_t)(unit % ssd->config.fdp.handles)};
}

/* The time limit of a unit; NS_NEVER when there is no limit, or the unit is empty */
static ns_t
expires_at(const struct ssd *ssd, uint32_t unit)
{
	ns_t limit = ssd->config.fdp.unit_seconds * NS_PER_S;

	unit_check(ssd, unit);
	return limit && ssd->saved->fdp.written[unit] ? ssd->fdp.opened[unit] + limit : NS_NEVER;
}

/* Expire reclaim units past their time limit, oldest first. Done lazily, on access; the event
 * carries the time of the access. */
static void
expire(struct ssd *ssd)
{
	while (ssd->config.fdp.unit_seconds) {
		uint32_t first = 0;
		struct place place;

		for (uint32_t i = 1; i < units_of(ssd); ++i) {
			first = expires_at(ssd, i) < expires_at(ssd, first) ? i : first;
		}
		if (expires_at(ssd, first) > ssd->now) {
			return;
		}
		unit_check(ssd, first);
		place = place_of(ssd, first);
		note_event(ssd, NULL, XNVME_SPEC_FDP_EVENT_RU_TIME_LIMIT, &place, NULL);
		ssd->saved->fdp.written[first] = 0;
	}
}

/* EARUTR: remaining seconds, rounded up; 0 when there is no limit */
static uint32_t
seconds_left(const struct ssd *ssd, uint32_t unit)
{
	ns_t until = expires_at(ssd, unit);

	unit_check(ssd, unit);
	return until == NS_NEVER ? ssd->config.fdp.unit_seconds
				 : (uint32_t)((until - ssd->now + NS_PER_S - 1) / NS_PER_S);
}

static void
fill_unit(struct ssd *ssd, uint32_t unit, uint64_t nbytes)
{
	unit_check(ssd, unit);
	ASSERT(nbytes < ssd->config.fdp.unit_nbytes);
	if (ssd->saved->fdp.written[unit] == 0) {
		ssd->fdp.opened[unit] = ssd->now;
	}
	ssd->saved->fdp.written[unit] += nbytes;
}

/* ---- writes ---- */

uint16_t
fdp_of_write(struct ssd *ssd, const struct ssd_ns *ns, uint32_t type, uint16_t specific,
	     uint16_t *stream)
{
	uint16_t identifier = type == PLACEMENT_TYPE ? specific : 0;
	struct place place = {0, ns->saved->handles[0]};

	ns_check(ssd, ns);
	if (!fdp_is_on(ssd)) {
		return type == PLACEMENT_TYPE ? REFUSE(INVALID_FIELD) : STATUS(SUCCESS);
	}
	if (!find_place(ssd, ns, identifier, &place)) {
		/* the write succeeds with a placement that the controller chooses: NVMe Base 2.1,
		 * FDP Event */
		note_event(ssd, ns, XNVME_SPEC_FDP_EVENT_INVALID_PID, &place, &identifier);
	}
	*stream = (uint16_t)(1 + unit_of(ssd, &place));
	return STATUS(SUCCESS);
}

void
fdp_wrote(struct ssd *ssd, const struct ssd_ns *ns, uint16_t stream, uint64_t nlb)
{
	uint64_t nbytes = nlb << ns->shift;
	uint32_t unit = stream - 1u;
	struct place place;

	ns_check(ssd, ns);
	if (!fdp_is_on(ssd) || NEVER(stream == 0 || unit >= FDP_UNITS_MAX)) {
		return;
	}
	expire(ssd);
	place = place_of(ssd, unit);
	ssd->saved->fdp.host_nbytes += nbytes + nlb * ns->meta_nbytes;
	while (nbytes >= left_nbytes(ssd, &place)) {
		nbytes -= left_nbytes(ssd, &place);
		ssd->saved->fdp.written[unit] = 0;
		note_event(ssd, ns, XNVME_SPEC_FDP_EVENT_IMPLICIT_RU_CHANGE, &place, NULL);
		note_moves(ssd);
	}
	fill_unit(ssd, unit, nbytes);
}

/* Power was cut while data of this unit were in the cache. The rest of the unit stays unwritten: a
 * reset has modified the handle. */
void
fdp_lost(struct ssd *ssd, uint16_t stream)
{
	uint32_t unit = stream - 1u;
	struct place place;

	if (!fdp_is_on(ssd) || stream == 0 || NEVER(unit >= units_of(ssd)) ||
	    ssd->saved->fdp.written[unit] == 0) {
		return;
	}
	unit_check(ssd, unit);
	place = place_of(ssd, unit);
	note_event(ssd, NULL, XNVME_SPEC_FDP_EVENT_CTRLR_RESET, &place, NULL);
	ssd->saved->fdp.written[unit] = 0;
}

void
fdp_settle(struct ssd *ssd)
{
	expire(ssd);
	note_moves(ssd);
}

/* The time without power does not count, and the time before it is unknown */
void
fdp_power_up(struct ssd *ssd)
{
	for (uint32_t i = 0; i < FDP_UNITS_MAX; ++i) {
		ssd->fdp.opened[i] = ssd->now;
	}
}

void
fdp_restore(struct ssd *ssd)
{
	struct model_stats stats = {0};

	ssd->time->stats(ssd->model, &stats);
	ssd->fdp.moved_pages = stats.gc_moves;
	fdp_begin_counting(ssd);
	fdp_power_up(ssd);
}

/* ---- I/O Management Receive and Send ---- */

static uint16_t
give_status(struct ssd *ssd, const struct ssd_ns *ns, const struct ssd_work *work, uint64_t nbytes)
{
	uint32_t groups = ssd->config.fdp.groups, count = groups * ns->saved->nhandles;
	struct xnvme_spec_ruhs head = {.nruhsd = (uint16_t)count};
	uint64_t at = sizeof(head);
	uint16_t status = host_push(work, 0, &head, nbytes < at ? nbytes : at);

	ASSERT(count <= FDP_UNITS_MAX);
	for (uint32_t i = 0; i < count && at < nbytes && !status; ++i) {
		/* ordered by placement handle, then by reclaim group: Reclaim Unit Handle Status */
		uint32_t handle = i / groups, group = i % groups;
		struct place place = {(uint16_t)group, ns->saved->handles[handle]};
		struct xnvme_spec_ruhs_desc desc = {.ruhi = place.handle};
		uint64_t part = nbytes - at < sizeof(desc) ? nbytes - at : sizeof(desc);

		desc.pi = (uint16_t)(group << (16 - fdp_group_nbits(ssd)) | handle);
		desc.ruamw = left_nbytes(ssd, &place) >> ns->shift;
		desc.earutr = seconds_left(ssd, unit_of(ssd, &place));
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

/* The status of these two commands before any other check */
static uint16_t
management_refusal(const struct ssd *ssd)
{
	if (!fdp_is_there(ssd)) {
		return REFUSE(INVALID_OPCODE);
	}
	return fdp_is_on(ssd) ? STATUS(SUCCESS) : REFUSE(FDP_DISABLED);
}

void
io_management_receive(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		      struct ssd_work *work)
{
	uint64_t nbytes = ((uint64_t)cmd->mgmt.mgmt_recv.numd + 1) * 4;

	command_check(ssd, ns, work);
	work->status = management_refusal(ssd);
	if (work->status || cmd->mgmt.mgmt_recv.mo == 0) {
		return; /* operation 0 is no action */
	}
	if (cmd->mgmt.mgmt_recv.mo != XNVME_SPEC_IO_MGMT_RECV_RUHS) {
		work->status = REFUSE(INVALID_FIELD);
		return;
	}
	if (is_too_long(ssd, nbytes)) {
		work->status = REFUSE(INVALID_FIELD);
		return;
	}
	work->status = host_prepare(work, nbytes, 0, true);
	expire(ssd);
	if (!work->status) {
		work->status = give_status(ssd, ns, work, nbytes);
	}
}

/* End a unit before it is full */
static void
update_unit(struct ssd *ssd, const struct ssd_ns *ns, uint16_t identifier)
{
	struct place place;

	ns_check(ssd, ns);
	if (NEVER(!find_place(ssd, ns, identifier, &place))) {
		return;
	}
	/* an empty unit may stay; full ones were already replaced */
	if (ssd->saved->fdp.written[unit_of(ssd, &place)] == 0) {
		return;
	}
	note_event(ssd, ns, XNVME_SPEC_FDP_EVENT_RU_NOT_FULLY_WRITTEN, &place, &identifier);
	ssd->saved->fdp.written[unit_of(ssd, &place)] = 0;
}

void
io_management_send(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		   struct ssd_work *work)
{
	uint32_t count = cmd->mgmt.mgmt_send.mos + 1u;
	struct place place;

	command_check(ssd, ns, work);
	work->status = management_refusal(ssd);
	if (work->status || cmd->mgmt.mgmt_send.mo == 0) {
		return;
	}
	if (cmd->mgmt.mgmt_send.mo != XNVME_SPEC_IO_MGMT_SEND_RUHU ||
	    count > units_of(ssd)) {
		work->status = REFUSE(INVALID_FIELD);
		return;
	}
	work->status = host_take(work, ssd->page, 2 * count);
	expire(ssd);
	/* all of them or none */
	for (uint32_t i = 0; i < count && !work->status; ++i) {
		if (!find_place(ssd, ns, (uint16_t)get_le(ssd->page + 2 * i, 2), &place)) {
			work->status = REFUSE(INVALID_FIELD);
		}
	}
	for (uint32_t i = 0; i < count && !work->status; ++i) {
		update_unit(ssd, ns, (uint16_t)get_le(ssd->page + 2 * i, 2));
	}
}
