/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Zone Management Send: one row per action; ZNS Command Set 1.1, Zone Management Send.
 */
#include <ssd/nvm/nvm.h>
#include <ssd/zns/zns.h>

struct action_row {
	uint16_t (*one)(struct ssd *ssd, struct ssd_ns *ns, uint64_t index);
	uint32_t all_states; /* bit per state: zones that Select All applies to; 0: none */
	enum model_op op;
};

static uint16_t
open_one(struct ssd *ssd, struct ssd_ns *ns, uint64_t index)
{
	zone_check(ssd, ns, index);
	return zns_zone_open(ssd, ns, index, XNVME_SPEC_ZND_STATE_EOPEN);
}

#define IN(name) (1u << XNVME_SPEC_ZND_STATE_##name)
#define ACTION(name) XNVME_SPEC_ZND_CMD_MGMT_SEND_##name

static const struct action_row actions[] = {
	[ACTION(CLOSE)] = {zns_zone_close, IN(IOPEN) | IN(EOPEN), MODEL_OTHER},
	[ACTION(FINISH)] = {zns_zone_finish, IN(IOPEN) | IN(EOPEN) | IN(CLOSED), MODEL_ZONE_FINISH},
	[ACTION(OPEN)] = {open_one, IN(CLOSED), MODEL_OTHER},
	[ACTION(RESET)] = {zns_zone_reset, IN(IOPEN) | IN(EOPEN) | IN(CLOSED) | IN(FULL),
			   MODEL_ZONE_RESET},
	[ACTION(OFFLINE)] = {zns_zone_offline, IN(RONLY), MODEL_OTHER},
};

static void
act_on(struct ssd *ssd, struct ssd_ns *ns, const struct action_row *action, uint64_t index,
       struct ssd_work *work)
{
	uint64_t nlb = zns_zone_nlb(ssd, ns);
	bool idle = zns_zone_state(&zns_zones(ssd, ns)[index]) == XNVME_SPEC_ZND_STATE_EMPTY;

	zone_check(ssd, ns, index);
	work->status = action->one(ssd, ns, index);
	if (!work->status && !(idle && action->op == MODEL_ZONE_RESET)) {
		work->ready_at = ns_max(work->ready_at,
					time_of(ssd, action->op, ns, index * nlb, nlb, false));
	}
}

/* The first zone that fails ends the command */
static void
act_on_all(struct ssd *ssd, struct ssd_ns *ns, const struct action_row *action,
	   struct ssd_work *work)
{
	uint64_t count = zns_zone_count(ssd, ns);

	zns_check(ssd, ns);
	ASSERT(action->one);
	for (uint64_t i = 0; i < count && !work->status; ++i) {
		if (action->all_states >> zns_zone_state(&zns_zones(ssd, ns)[i]) & 1) {
			act_on(ssd, ns, action, i, work);
		}
	}
}

static uint16_t
set_descriptor(struct ssd *ssd, struct ssd_ns *ns, uint64_t index, const struct ssd_work *work)
{
	uint32_t nbytes = zns_config(ssd, ns)->descriptor_nbytes;
	uint16_t status;

	zone_check(ssd, ns, index);
	ASSERT(nbytes <= ssd->zns.descriptor_nbytes);
	if (nbytes == 0) {
		return REFUSE(INVALID_FIELD);
	}
	status = host_prepare(work, nbytes, 0, false);
	if (!status) {
		status = zns_zone_can_describe(ssd, ns, index);
	}
	if (!status) {
		status = host_pull(work, 0, zns_descriptor(ssd, ns, index), nbytes);
	}
	if (!status) {
		zns_zone_describe(ssd, ns, index);
	}
	return status;
}

/* Commit everything up to and including `lba` from the random write area */
static uint16_t
flush_area(struct ssd *ssd, struct ssd_ns *ns, uint64_t lba)
{
	const struct ssd_zns_config *config = zns_config(ssd, ns);
	uint64_t nlb = zns_zone_nlb(ssd, ns);
	struct saved_zone *zone = &zns_zones(ssd, ns)[lba / nlb];
	uint64_t unit = config->zrwa_flush_nbytes >> ns->shift;
	uint64_t end = lba % nlb + 1;
	uint8_t state = zns_zone_state(zone);

	zone_check(ssd, ns, lba / nlb);
	unit = unit ? unit : 1;
	if (!(zone->attributes & ZONE_HAS_AREA) ||
	    (state != XNVME_SPEC_ZND_STATE_EOPEN && state != XNVME_SPEC_ZND_STATE_IOPEN &&
	     state != XNVME_SPEC_ZND_STATE_CLOSED)) {
		return REFUSE(ZND_INVALID_ZONE_OP);
	}
	if (end <= zone->written || end > zone->written + (config->zrwa_nbytes >> ns->shift) ||
	    (end - zone->written) % unit || end > zns_zone_cap(ssd, ns)) {
		return REFUSE(INVALID_FIELD);
	}
	zns_zone_advance(ssd, ns, lba / nlb, end);
	return STATUS(SUCCESS);
}

void
zone_send_begin(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		struct ssd_work *work)
{
	uint8_t action = cmd->znd.mgmt_send.zsa;
	uint64_t lba = cmd->znd.mgmt_send.slba;
	uint64_t nlb = zns_zone_nlb(ssd, ns);
	bool all = cmd->znd.mgmt_send.select_all;
	bool known = action < sizeof(actions) / sizeof(actions[0]) && actions[action].one;

	zns_check(ssd, ns);
	if (!known && (all || (action != ACTION(DESCRIPTOR) && action != ACTION(FLUSH)))) {
		work->status = REFUSE(INVALID_FIELD);
	} else if (ns->care_write & CARE_PROTECT) {
		work->status = REFUSE(NS_WRITE_PROTECTED);
	} else if (all) {
		act_on_all(ssd, ns, &actions[action], work);
	} else if (lba >= ns->nlba) {
		work->status = REFUSE(LBA_OUT_OF_RANGE);
	} else if (action == ACTION(FLUSH)) {
		work->status = flush_area(ssd, ns, lba);
	} else if (lba % nlb) {
		work->status = REFUSE(INVALID_FIELD);
	} else if (action == ACTION(DESCRIPTOR)) {
		work->status = set_descriptor(ssd, ns, lba / nlb, work);
	} else if (action == ACTION(OPEN) && cmd->znd.mgmt_send.zsaso) {
		work->status = zns_zone_take_area(ssd, ns, lba / nlb);
	} else {
		act_on(ssd, ns, &actions[action], lba / nlb, work);
	}
}
