/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Admin commands: one row per opcode, and the checks that apply to all of them.
 */
#include <ssd/ctrl/admin.h>
#include <ssd/ctrl/ctrl.h>
#include <ssd/ctrl/timer.h>
#include <ssd/ns.h>

#define OPC(name) XNVME_SPEC_ADM_OPC_##name
#define PLAIN EFFECT_SUPPORTED
#define NS_INVENTORY (PLAIN | EFFECT_INVENTORY | EFFECT_ALONE_NS)

const struct ssd_row admin_rows[256] = {
	[OPC(LOG)] = {log_begin, PLAIN, NSID_OWN},
	[OPC(IDFY)] = {identify_begin, PLAIN, NSID_OWN},
	[OPC(ABORT)] = {abort_begin, PLAIN, NSID_OWN},
	[OPC(SFEAT)] = {set_feature_begin, PLAIN | EFFECT_CONTROLLER, NSID_OWN},
	[OPC(GFEAT)] = {get_feature_begin, PLAIN, NSID_OWN},
	[OPC(ASYNC_EVENT)] = {aer_begin, PLAIN, NSID_OWN},
	[OPC(NS_MGMT)] = {ns_management_begin, NS_INVENTORY | EFFECT_DATA, NSID_OWN},
	[OPC(SELFTEST)] = {self_test_begin, PLAIN, NSID_OWN},
	[OPC(NS_ATTACH)] = {ns_attachment_begin, NS_INVENTORY, NSID_OWN},
	[OPC(KEEP_ALIVE)] = {keep_alive_begin, PLAIN, NSID_OWN},
	[OPC(DSEND)] = {directive_send_begin, PLAIN, NSID_OWN},
	[OPC(DRECV)] = {directive_receive_begin, PLAIN, NSID_OWN},
	[OPC(FORMAT)] = {format_begin, PLAIN | EFFECT_DATA | EFFECT_NS | EFFECT_ALONE_NS, NSID_OWN},
	[OPC(SANITIZE)] = {sanitize_begin, PLAIN | EFFECT_DATA | EFFECT_ALONE, NSID_OWN},
	[OPC(GET_LBA_STATUS)] = {lba_status_begin, PLAIN, NSID_ACTIVE},
};

/* While a sanitize operation is in progress, or has failed, only commands that access no user data
 * are processed: NVMe Base 2.0, Sanitize Operations */
static bool
allowed_while_sanitizing(uint8_t opcode)
{
	switch (opcode) {
	case XNVME_SPEC_ADM_OPC_LOG:
	case XNVME_SPEC_ADM_OPC_IDFY:
	case XNVME_SPEC_ADM_OPC_ABORT:
	case XNVME_SPEC_ADM_OPC_SFEAT:
	case XNVME_SPEC_ADM_OPC_GFEAT:
	case XNVME_SPEC_ADM_OPC_ASYNC_EVENT:
	case XNVME_SPEC_ADM_OPC_KEEP_ALIVE:
	case XNVME_SPEC_ADM_OPC_SANITIZE:
		return true;
	default:
		return false;
	}
}

void
admin_begin(struct ssd *ssd, const struct xnvme_spec_cmd *cmd, struct ssd_work *work)
{
	uint32_t nsid = cmd->common.nsid;
	const struct ssd_row *row = &admin_rows[cmd->common.opcode];
	struct ssd_ns *ns = ns_of(ssd, nsid);

	command_check(ssd, NULL, work);
	ASSERT(work->sqid == 0);
	aer_meet(ssd, work->owner);
	if (!row->begin) {
		work->status = REFUSE(INVALID_OPCODE);
		return;
	}
	/* no admin command is half of a fused operation */
	if (cmd->common.fuse != 0) {
		work->status = REFUSE(INVALID_FIELD);
		return;
	}
	if ((ssd->attend & ATTEND_SANITIZE) && !allowed_while_sanitizing(cmd->common.opcode)) {
		work->status = sanitize_refusal(ssd);
		return;
	}
	if (row->nsid == NSID_ACTIVE && !ns_is_active(ns)) {
		work->status = ns_refusal(ssd, nsid);
		return;
	}
	row->begin(ssd, ns_is_active(ns) ? ns : NULL, cmd, work);
}
