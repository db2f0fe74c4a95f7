/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Commands that erase user data: Format NVM and Sanitize; NVMe Base 2.0, Format NVM, Sanitize,
 * Sanitize Operations. Both are permanent: a power cut restores nothing.
 */
#include <ssd/ctrl/admin.h>
#include <ssd/ctrl/ctrl.h>
#include <ssd/ctrl/identify.h>
#include <ssd/ctrl/timer.h>
#include <ssd/media/media.h>
#include <ssd/ns.h>
#include <ssd/schedule.h>

#define SANITIZE_NS NS_PER_S

static ns_t
time_to_trim(struct ssd *ssd, uint32_t index)
{
	const struct ssd_ns *ns = &ssd->ns[index];

	ASSERT(ssd->saved->ns[index].exists);
	return time_of(ssd, MODEL_TRIM, ns, 0, ns->nlba, false);
}

struct format {
	uint32_t index;
	uint8_t pi_type;
	bool extended, pi_first;
};

static uint16_t
parse_format(const struct ssd *ssd, const struct ssd_work *work, const struct xnvme_spec_cmd *cmd,
	     struct format *format)
{
	const struct lba_format *lbaf;

	ASSERT(ssd->nformats <= LBA_FORMATS);
	format->index = cmd->format.lbafl | (uint32_t)cmd->format.lbafu << 4;
	format->pi_type = cmd->format.pi;
	format->extended = cmd->format.mset;
	format->pi_first = cmd->format.pil;
	if (format->index >= ssd->nformats) {
		return REFUSE(INVALID_FORMAT);
	}
	lbaf = &lba_formats[format->index];
	if (format->pi_type > 3 ||
	    (format->pi_type && lbaf->meta_nbytes < pi_tuple_nbytes(lbaf->guard))) {
		return REFUSE(INVALID_FORMAT);
	}
	if (guard_is_refused(ssd, work, format->pi_type, lbaf->guard)) {
		return REFUSE(INVALID_NS_OR_FORMAT);
	}
	if (cmd->format.ses > XNVME_SPEC_FORMAT_SES_CRYPTO) {
		return REFUSE(INVALID_FIELD);
	}
	return STATUS(SUCCESS);
}

static uint16_t
check_target(const struct ssd *ssd, uint32_t index)
{
	ASSERT(ssd->saved->ns[index].exists);
	if (ssd->features.ns_current[index][FEATURE_PROTECT]) {
		return REFUSE(NS_WRITE_PROTECTED);
	}
	return STATUS(SUCCESS);
}

/* The namespaces that are formatted: an allocated one, or all attached ones; NVMe Base 2.1, Format
 * NVM, Operation Scope */
static bool
is_target(const struct ssd *ssd, uint32_t index, uint32_t nsid)
{
	const struct saved_ns *saved = &ssd->saved->ns[index];

	ASSERT(index < ssd->ns_max);
	return saved->exists && (nsid == NSID_ALL ? saved->attached : nsid == index + 1);
}

/* Key-value namespaces have a single format */
static bool
suits(const struct saved_ns *saved, const struct format *format)
{
	ASSERT(saved->exists);
	return saved->kind != SSD_NS_KV || (format->index == 0 && format->pi_type == 0);
}

/* The capacity stays the same, in blocks of another size */
static void
format_one(struct ssd *ssd, uint32_t index, const struct format *format)
{
	struct saved_ns *saved = &ssd->saved->ns[index];
	uint32_t old_shift = lba_formats[saved->format].shift;

	ASSERT(saved->exists && format->index < ssd->nformats);
	ns_erase(ssd, index);
	if (saved->kind != SSD_NS_KV) {
		uint64_t nbytes = saved->nlba << old_shift;
		bool metadata = lba_formats[format->index].meta_nbytes != 0;

		ns_saved_begin(ssd, index);
		saved->format = (uint8_t)format->index;
		saved->nlba = nbytes >> lba_formats[format->index].shift;
		saved->extended = metadata && format->extended;
		saved->pi_type = format->pi_type;
		saved->pi_first = format->pi_type && format->pi_first;
		ns_saved_end(ssd);
	}
	ns_refresh(ssd, index);
	ns_check(ssd, &ssd->ns[index]);
	ns_changed(ssd, index + 1);
}

void
format_begin(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	     struct ssd_work *work)
{
	uint32_t nsid = cmd->common.nsid;
	struct format format;

	command_check(ssd, ns, work);
	(void)ns;
	work->status = parse_format(ssd, work, cmd, &format);
	if (!work->status && nsid != NSID_ALL && !ns_exists(ssd, nsid)) {
		work->status = ns_refusal(ssd, nsid);
	}
	if (!work->status && nsid != NSID_ALL && ns_is_refused(ssd, work, &ssd->ns[nsid - 1])) {
		work->status = REFUSE(INVALID_NS_OR_FORMAT);
	}
	for (uint32_t i = 0; i < ssd->ns_max && !work->status; ++i) {
		if (is_target(ssd, i, nsid)) {
			work->status = suits(&ssd->saved->ns[i], &format) ? check_target(ssd, i)
									  : REFUSE(INVALID_FORMAT);
		}
	}
	if (work->status) {
		return;
	}
	timer_self_test_end(ssd, XNVME_SPEC_SELFTEST_RESULT_FORMAT);
	for (uint32_t i = 0; i < ssd->ns_max; ++i) {
		if (is_target(ssd, i, nsid)) {
			work->ready_at = ns_max(work->ready_at, time_to_trim(ssd, i));
			format_one(ssd, i, &format);
		}
	}
}

/* For every action, blocks end up deallocated and read as zeroes (No-Deallocate After Sanitize is
 * inhibited: SANICAP.NDI). The pattern of Overwrite is never visible and therefore not written. */
static void
sanitize_all(struct ssd *ssd)
{
	ssd_check(ssd);
	for (uint32_t i = 0; i < ssd->ns_max; ++i) {
		if (!ssd->saved->ns[i].exists) {
			continue;
		}
		time_to_trim(ssd, i);
		ns_erase(ssd, i);
	}
}

void
sanitize_begin(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	       struct ssd_work *work)
{
	uint32_t action = cmd->sanitize.sanact;
	struct saved *saved = ssd->saved;

	command_check(ssd, ns, work);
	(void)ns;
	if (action == 0 || action > XNVME_SPEC_SANITIZE_CRYPTO_ERASE) {
		work->status = REFUSE(INVALID_FIELD);
		return;
	}
	if (ssd->timer.sanitize_until != NS_NEVER) {
		work->status = STATUS(SANITIZE_IN_PROGRESS);
		return;
	}
	for (uint32_t i = 0; i < ssd->ns_max && !work->status; ++i) {
		if (saved->ns[i].exists) {
			work->status = check_target(ssd, i);
		}
	}
	if (work->status) {
		return;
	}
	/* blocks are always deallocated (NDI). Feature 17h selects whether a command that forbids
	 * it fails, or completes with a report afterwards: Sanitize Config */
	if (cmd->sanitize.nodas && !(ssd->features.current[FEATURE_SANITIZE] & 1)) {
		work->status = REFUSE(INVALID_FIELD);
		return;
	}
	if (action == XNVME_SPEC_SANITIZE_EXIT_FAILURE) {
		/* sanitize never fails here: no failure mode to exit is no error */
		return;
	}
	timer_self_test_end(ssd, XNVME_SPEC_SELFTEST_RESULT_SANITIZE);
	saved->sanitize_cdw10 = cmd->common.ndt;
	saved->sanitize_nodas = cmd->sanitize.nodas;
	saved->sanitize_passes = 0;
	saved->sanitize_status = XNVME_SPEC_SANITIZE_SOS_IN_PROGRESS;
	sanitize_all(ssd);
	timer_sanitize(ssd, SANITIZE_NS, 0);
}

/* After a power loss during the operation: erasing again is harmless, and the elapsed time
 * counts */
void
sanitize_resume(struct ssd *ssd)
{
	if (ssd->saved->sanitize_status == XNVME_SPEC_SANITIZE_SOS_IN_PROGRESS) {
		sanitize_all(ssd);
		timer_sanitize(ssd, SANITIZE_NS, ssd->saved->sanitize_done_ns);
	}
}
