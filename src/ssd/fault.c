/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Faults by plan. A plan is data, and its dice are the SSD's own: the same seed and the same
 * commands meet the same faults.
 */
#include <base/prng.h>
#include <ssd/engine.h>

int
ssd_fault_plan(struct ssd *ssd, const struct ssd_fault *plan, uint32_t count)
{
	if (count > SSD_FAULTS_MAX) {
		return -SSD_EINVAL;
	}
	memset(&ssd->fault, 0, offsetof(struct fault_state, cuts));
	if (count) {
		memcpy(ssd->fault.plan, plan, count * sizeof(*plan));
	}
	ssd->fault.count = count;
	attend(ssd, count ? ATTEND_FAULTS : 0, ATTEND_FAULTS);
	return 0;
}

uint64_t
ssd_fault_hits(const struct ssd *ssd, uint32_t index)
{
	return index < ssd->fault.count ? ssd->fault.hits[index] : 0;
}

uint32_t
ssd_planned_cuts(const struct ssd *ssd)
{
	return ssd->fault.cuts;
}

static bool
matches(const struct ssd_fault *fault, const struct xnvme_spec_cmd *cmd,
	const struct ssd_work *work)
{
	uint64_t lba = cmd->nvm.slba;

	if ((fault->match_opcode && cmd->common.opcode != fault->opcode) ||
	    (fault->match_sqid && work->sqid != fault->sqid) ||
	    (fault->match_io && work->sqid == 0) ||
	    (fault->nsid && cmd->common.nsid != fault->nsid)) {
		return false;
	}
	if (fault->nlb) {
		/* unsigned differences: no sum that could wrap */
		return work->sqid != 0 && (lba >= fault->lba ? lba - fault->lba < fault->nlb
							     : fault->lba - lba <= cmd->nvm.nlb);
	}
	return true;
}

const struct ssd_fault *
fault_look(struct ssd *ssd, const struct xnvme_spec_cmd *cmd, const struct ssd_work *work)
{
	struct fault_state *state = &ssd->fault;

	for (uint32_t i = 0; i < state->count; i++) {
		const struct ssd_fault *fault = &state->plan[i];

		if (!matches(fault, cmd, work)) {
			continue;
		}
		if (state->seen[i]++ < fault->skip) {
			continue;
		}
		if (fault->count && state->hits[i] >= fault->count) {
			continue;
		}
		if (fault->ppm && prng_next(&ssd->random) % 1000000 >= fault->ppm) {
			continue;
		}
		state->hits[i]++;
		return fault;
	}
	return NULL;
}

bool
fault_before(struct ssd *ssd, const struct ssd_fault *fault, struct ssd_work *work)
{
	switch (fault->action) {
	case SSD_FAULT_FAIL:
		work->status = fault->status;
		return true;
	case SSD_FAULT_LOSE:
		work->verdict = SSD_LOST;
		return true;
	case SSD_FAULT_REMOVE:
	case SSD_FAULT_FATAL:
		ssd->fatal = true;
		ssd->removed = fault->action == SSD_FAULT_REMOVE;
		attend(ssd, ATTEND_FATAL, 0);
		work->verdict = SSD_LOST;
		return true;
	case SSD_FAULT_POWER_CUT:
		ssd_power_cut(ssd, ssd->now);
		ssd->fault.cuts++;
		work->verdict = SSD_CUT;
		return true;
	case SSD_FAULT_DELAY:
	case SSD_FAULT_LOSE_COMPLETION:
		return false;
	}
	return false;
}

void
fault_after(const struct ssd_fault *fault, struct ssd_work *work)
{
	if (fault->action == SSD_FAULT_DELAY) {
		work->ready_at = fault->delay_ns < NS_NEVER - work->ready_at
					 ? work->ready_at + fault->delay_ns
					 : NS_NEVER - 1;
	} else if (fault->action == SSD_FAULT_LOSE_COMPLETION && work->verdict == SSD_DONE) {
		work->verdict = SSD_LOST;
	}
}
