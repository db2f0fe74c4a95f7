/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Asynchronous events, and all other completions after the return of ssd_begin().
 *
 *   raised ──aer_raise──▶ waiting ──deliver──▶ reported ──aer_log_read──▶ forgotten
 *
 * One event of a type is reported at a time: the next event of that type waits until the host has
 * read the log page of the previous one (NVMe Base 2.0, Asynchronous Event Request). Each owner of
 * queues has its own state here, as if it had its own controller: its own requests, every event
 * once, and its own log reads that enable the next event.
 */
#include <ssd/ctrl/admin.h>
#include <ssd/ctrl/ctrl.h>

static void
aer_check(const struct aer *aer)
{
	ASSERT(aer->nheld <= AER_MAX && aer->nwaiting <= AER_WAITING_MAX);
	ASSERT(aer->reported < 1U << 8);
}

void
event_add(struct ssd *ssd, ns_t due, const struct ssd_event *event)
{
	ssd_check(ssd);
	ASSERT(due >= ssd->now);
	/* aer_begin() and fused.c limit the held commands to fewer than EVENTS_MAX */
	if (NEVER(ssd->events.npending == EVENTS_MAX)) {
		return;
	}
	ssd->events.pending[ssd->events.npending].due = due;
	ssd->events.pending[ssd->events.npending].event = *event;
	ssd->events.npending += 1;
}

ns_t
event_due(const struct ssd *ssd)
{
	ns_t due = NS_NEVER;

	ssd_check(ssd);
	for (uint32_t i = 0; i < ssd->events.npending; ++i) {
		due = ns_min(due, ssd->events.pending[i].due);
	}
	return due;
}

bool
ssd_next_event(struct ssd *ssd, ns_t now, uint16_t owner, struct ssd_event *event)
{
	ssd_check(ssd);
	for (uint32_t i = 0; i < ssd->events.npending; ++i) {
		const struct pending_event *pending = &ssd->events.pending[i];

		if (pending->due <= now && pending->event.owner == owner) {
			*event = ssd->events.pending[i].event;
			ssd->events.npending -= 1;
			memmove(&ssd->events.pending[i], &ssd->events.pending[i + 1],
				(ssd->events.npending - i) * sizeof(ssd->events.pending[0]));
			return true;
		}
	}
	return false;
}

bool
ssd_has_event(const struct ssd *ssd, uint16_t owner)
{
	ssd_check(ssd);
	for (uint32_t i = 0; i < ssd->events.npending; ++i) {
		const struct pending_event *pending = &ssd->events.pending[i];

		if (pending->due <= ssd->now && pending->event.owner == owner) {
			return true;
		}
	}
	return false;
}

/* The first entry belongs to this process (owner 0); each other one to the owner of an admin
 * command, until ssd_forget() */
static struct aer *
aer_of(struct ssd *ssd, uint16_t owner)
{
	ASSERT(ssd->events.aer[0].owner == 0);
	for (uint32_t i = 0; i < AER_OWNERS_MAX; ++i) {
		if (ssd->events.aer[i].owner == owner && (i == 0 || owner != 0)) {
			return &ssd->events.aer[i];
		}
	}
	return NULL;
}

void
aer_meet(struct ssd *ssd, uint16_t owner)
{
	ssd_check(ssd);
	for (uint32_t i = 1; i < AER_OWNERS_MAX && !aer_of(ssd, owner); ++i) {
		if (ssd->events.aer[i].owner == 0) {
			ssd->events.aer[i].owner = owner;
		}
	}
}

static void
answer(struct ssd *ssd, struct aer *aer, uint32_t index, uint16_t status, uint32_t result)
{
	struct ssd_event event = {.owner = aer->owner,
				  .sqid = aer->held[index].sqid,
				  .cid = aer->held[index].cid,
				  .status = status,
				  .result = result};

	aer_check(aer);
	ASSERT(index < aer->nheld);
	aer->nheld -= 1;
	memmove(&aer->held[index], &aer->held[index + 1],
		(aer->nheld - index) * sizeof(aer->held[0]));
	event_add(ssd, ssd->now, &event);
}

static void
deliver(struct ssd *ssd, struct aer *aer)
{
	uint32_t i = 0;

	aer_check(aer);
	while (i < aer->nwaiting && aer->nheld > 0) {
		struct async_event event = aer->waiting[i];

		ASSERT(event.type < 8);
		if (aer->reported & (1u << event.type)) {
			i += 1;
			continue;
		}
		aer->reported |= 1u << event.type;
		aer->log[event.type] = event.log;
		aer->nwaiting -= 1;
		memmove(&aer->waiting[i], &aer->waiting[i + 1],
			(aer->nwaiting - i) * sizeof(aer->waiting[0]));
		answer(ssd, aer, 0, STATUS(SUCCESS),
		       xnvme_spec_async_event(event.type, event.info, event.log));
	}
}

/* Is the event enabled? Feature 0Bh; errors and command set events cannot be disabled */
static bool
is_wanted(const struct ssd *ssd, uint8_t type, uint8_t info)
{
	uint32_t wanted = ssd->features.current[FEATURE_ASYNC_EVENTS];

	ASSERT(type < 8);
	switch (type) {
	case XNVME_SPEC_ASYNC_EVENT_HEALTH:
		return wanted & (info == XNVME_SPEC_ASYNC_HEALTH_TEMPERATURE ? 0x02u : 0x1Du);
	case XNVME_SPEC_ASYNC_EVENT_NOTICE:
		if (info == XNVME_SPEC_ASYNC_NOTICE_ZONE_CHANGED) {
			return wanted & 0x08000000u;
		}
		return info < 8 && (wanted & (0x100u << info));
	default:
		return true;
	}
}

static void
raise_for(struct ssd *ssd, struct aer *aer, uint8_t type, uint8_t info, uint8_t log)
{
	aer_check(aer);
	for (uint32_t i = 0; i < aer->nwaiting; ++i) {
		if (aer->waiting[i].type == type && aer->waiting[i].info == info) {
			return; /* the same event is reported once */
		}
	}
	if (aer->nwaiting < AER_WAITING_MAX) {
		aer->waiting[aer->nwaiting++] = (struct async_event){type, info, log};
	}
	deliver(ssd, aer);
}

void
aer_raise(struct ssd *ssd, uint8_t type, uint8_t info, uint8_t log)
{
	ssd_check(ssd);
	ASSERT(log != 0);
	for (uint32_t i = 0; is_wanted(ssd, type, info) && i < AER_OWNERS_MAX; ++i) {
		if (i == 0 || ssd->events.aer[i].owner != 0) {
			raise_for(ssd, &ssd->events.aer[i], type, info, log);
		}
	}
}

void
ssd_raise_error(struct ssd *ssd, uint16_t owner, uint8_t info)
{
	struct aer *aer = aer_of(ssd, owner);

	ssd_check(ssd);
	if (aer) {
		raise_for(ssd, aer, XNVME_SPEC_ASYNC_EVENT_ERROR, info, XNVME_SPEC_LOG_ERRI);
	}
}

void
aer_log_read(struct ssd *ssd, uint16_t owner, uint8_t log)
{
	struct aer *aer = aer_of(ssd, owner);

	ssd_check(ssd);
	if (!aer) {
		return;
	}
	for (uint32_t type = 0; type < 8; ++type) {
		if ((aer->reported & (1u << type)) && aer->log[type] == log) {
			aer->reported &= ~(1u << type);
		}
	}
	deliver(ssd, aer);
}

/* Drop the requests of a queue; for all queues of an owner also its waiting events */
static void
forget_requests(struct aer *aer, uint16_t owner, uint16_t sqid)
{
	uint32_t kept = 0;

	aer_check(aer);
	if (queue_is_of(aer->owner, SSD_ALL_QUEUES, owner, sqid)) {
		*aer = (struct aer){.owner = 0};
		return;
	}
	for (uint32_t i = 0; i < aer->nheld; ++i) {
		if (!queue_is_of(aer->owner, aer->held[i].sqid, owner, sqid)) {
			aer->held[kept++] = aer->held[i];
		}
	}
	ASSERT(kept <= aer->nheld);
	aer->nheld = kept;
}

void
aer_forget(struct ssd *ssd, uint16_t owner, uint16_t sqid)
{
	for (uint32_t i = 0; i < AER_OWNERS_MAX; ++i) {
		if (i == 0 || ssd->events.aer[i].owner != 0) {
			forget_requests(&ssd->events.aer[i], owner, sqid);
		}
	}
}

void
event_forget(struct ssd *ssd, uint16_t owner, uint16_t sqid)
{
	uint32_t kept = 0;

	ssd_check(ssd);
	for (uint32_t i = 0; i < ssd->events.npending; ++i) {
		const struct ssd_event *event = &ssd->events.pending[i].event;

		if (!queue_is_of(event->owner, event->sqid, owner, sqid)) {
			ssd->events.pending[kept++] = ssd->events.pending[i];
		}
	}
	ASSERT(kept <= ssd->events.npending);
	ssd->events.npending = kept;
}

void
aer_begin(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	  struct ssd_work *work)
{
	struct aer *aer = aer_of(ssd, work->owner);
	uint32_t outstanding = aer ? aer->nheld : AER_MAX;

	command_check(ssd, ns, work);
	(void)ns;
	/* a completion that the export has not fetched yet still counts as outstanding */
	for (uint32_t i = 0; i < ssd->events.npending; ++i) {
		outstanding += ssd->events.pending[i].event.owner == work->owner;
	}
	if (outstanding >= ssd->config.aer_limit) {
		work->status = REFUSE(ASYNC_LIMIT_EXCEEDED);
		return;
	}
	ASSERT(aer->nheld < AER_MAX);
	aer->held[aer->nheld++] = (struct held){.sqid = work->sqid, .cid = cmd->common.cid};
	work->verdict = SSD_HELD;
	deliver(ssd, aer);
}

void
abort_begin(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	    struct ssd_work *work)
{
	uint16_t sqid = (uint16_t)cmd->common.ndt;
	uint16_t cid = (uint16_t)(cmd->common.ndt >> 16);
	struct aer *aer = aer_of(ssd, work->owner);

	command_check(ssd, ns, work);
	(void)ns;
	work->result = 1; /* not aborted: the command has already taken effect */
	for (uint32_t i = 0; aer && i < aer->nheld; ++i) {
		if (aer->held[i].sqid == sqid && aer->held[i].cid == cid) {
			answer(ssd, aer, i, STATUS(ABORT_REQUESTED), 0);
			work->result = 0;
			return;
		}
	}
}
