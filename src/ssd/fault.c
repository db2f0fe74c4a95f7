/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Planned faults. A plan is data, and its random numbers come from the SSD's seed: the same seed
 * and the same commands meet the same faults.
 */
#include <base/bytes.h>
#include <base/prng.h>
#include <ssd/check.h>
#include <ssd/host_memory.h>
#include <ssd/kind.h>

int
ssd_fault_plan(struct ssd *ssd, const struct ssd_fault *plan, uint32_t count)
{
	ssd_check(ssd);
	if (count > SSD_FAULTS_MAX) {
		return -ENV_EINVAL;
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
	ssd_check(ssd);
	return index < ssd->fault.count ? ssd->fault.hits[index] : 0;
}

uint32_t
ssd_planned_cuts(const struct ssd *ssd)
{
	ssd_check(ssd);
	return ssd->fault.cuts;
}

/* Do the blocks overlap those of the fault? */
static bool
meets(const struct ssd_fault *fault, uint32_t nsid, uint64_t lba, uint64_t nlb)
{
	ASSERT(fault->nlb > 0);
	if (fault->nsid && fault->nsid != nsid) {
		return false;
	}
	/* differences of unsigned numbers: a sum could overflow */
	return lba >= fault->lba ? nlb && lba - fault->lba < fault->nlb : fault->lba - lba < nlb;
}

static bool
dsm_meets(const struct ssd_fault *fault, const struct xnvme_spec_cmd *cmd,
	  const struct ssd_work *work)
{
	uint32_t count = cmd->dsm.nr + 1u;
	struct xnvme_spec_dsm_range range;

	ASSERT(fault->nlb > 0);
	if (host_prepare(work, count * sizeof(range), 0, false)) {
		return false; /* the command itself completes with that status */
	}
	for (uint32_t i = 0; i < count; ++i) {
		if (host_pull(work, i * sizeof(range), &range, sizeof(range))) {
			return false;
		}
		if (meets(fault, cmd->common.nsid, range.slba, range.llb)) {
			return true;
		}
	}
	return false;
}

/* The ranges of a Copy, each in the namespace of its descriptor, and the destination range */
static bool
copy_meets(const struct ssd_fault *fault, const struct xnvme_spec_cmd *cmd,
	   const struct ssd_work *work)
{
	uint32_t count = cmd->scopy.nr + 1u;
	uint32_t nbytes = cmd->scopy.df & 1 ? 40 : 32;
	uint64_t total = 0;

	ASSERT(fault->nlb > 0);
	if (host_prepare(work, count * nbytes, 0, false)) {
		return false;
	}
	for (uint32_t i = 0; i < count; ++i) {
		uint32_t nsid = cmd->common.nsid;
		uint8_t bytes[40];
		uint64_t nlb;

		if (host_pull(work, (uint64_t)i * nbytes, bytes, nbytes)) {
			return false;
		}
		if (cmd->scopy.df >= 2) {
			nsid = (uint32_t)get_le(bytes, 4);
		}
		nlb = get_le(bytes + 16, 2) + 1;
		total += nlb;
		if (meets(fault, nsid, get_le(bytes + 8, 8), nlb)) {
			return true;
		}
	}
	return meets(fault, cmd->common.nsid, cmd->scopy.sdlba, total);
}

/* Does the command read, change or manage blocks of the fault? */
static bool
touches(struct ssd *ssd, const struct ssd_fault *fault, const struct xnvme_spec_cmd *cmd,
	const struct ssd_work *work)
{
	const struct ssd_ns *ns = ns_of(ssd, cmd->common.nsid);
	uint64_t lba, nlb;

	ASSERT(fault >= ssd->fault.plan && fault < ssd->fault.plan + ssd->fault.count);
	if (work->sqid == 0 || !ns_is_active(ns) || ns->kind == SSD_NS_KV) {
		return false;
	}
	switch (cmd->common.opcode) {
	case XNVME_SPEC_NVM_OPC_WRITE:
	case XNVME_SPEC_NVM_OPC_READ:
	case XNVME_SPEC_NVM_OPC_WRITE_UNCORRECTABLE:
	case XNVME_SPEC_NVM_OPC_COMPARE:
	case XNVME_SPEC_NVM_OPC_WRITE_ZEROES:
	case XNVME_SPEC_NVM_OPC_VERIFY:
		return meets(fault, ns->nsid, cmd->nvm.slba, cmd->nvm.nlb + 1u);
	case XNVME_SPEC_NVM_OPC_DATASET_MANAGEMENT:
		return dsm_meets(fault, cmd, work);
	case XNVME_SPEC_NVM_OPC_SCOPY:
		return copy_meets(fault, cmd, work);
	default:
		return ns->ops->range && ns->ops->range(ssd, ns, cmd, &lba, &nlb) &&
		       meets(fault, ns->nsid, lba, nlb);
	}
}

static bool
matches(struct ssd *ssd, const struct ssd_fault *fault, const struct xnvme_spec_cmd *cmd,
	const struct ssd_work *work)
{
	if ((fault->match_opcode && cmd->common.opcode != fault->opcode) ||
	    (fault->match_sqid && work->sqid != fault->sqid) ||
	    (fault->match_io && work->sqid == 0)) {
		return false;
	}
	if (fault->nlb) {
		return touches(ssd, fault, cmd, work);
	}
	return fault->nsid == 0 || cmd->common.nsid == fault->nsid;
}

const struct ssd_fault *
fault_look(struct ssd *ssd, const struct xnvme_spec_cmd *cmd, const struct ssd_work *work)
{
	struct fault_state *state = &ssd->fault;

	ssd_check(ssd);
	for (uint32_t i = 0; i < state->count; ++i) {
		const struct ssd_fault *fault = &state->plan[i];

		if (!matches(ssd, fault, cmd, work)) {
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
		state->hits[i] += 1;
		return fault;
	}
	return NULL;
}

bool
fault_before(struct ssd *ssd, const struct ssd_fault *fault, struct ssd_work *work)
{
	ASSERT(fault >= ssd->fault.plan && fault < ssd->fault.plan + ssd->fault.count);
	ASSERT(!ssd->fatal);
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
		ssd->fault.cuts += 1;
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
