/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Namespace Management and Namespace Attachment; NVMe Base 2.0, the sections of these names.
 *
 *   none ──create──▶ allocated ──attach──▶ active ──detach──▶ allocated ──delete──▶ none
 *
 * A namespace is contiguous in the capacity. When no hole is large enough, creating it fails with
 * Namespace Insufficient Capacity, even if the sum of the holes is sufficient.
 */
#include <base/bits.h>
#include <base/bytes.h>
#include <ssd/ctrl/admin.h>
#include <ssd/ctrl/ctrl.h>
#include <ssd/ctrl/identify.h>
#include <ssd/ctrl/timer.h>
#include <ssd/fdp/fdp.h>
#include <ssd/host_memory.h>
#include <ssd/media/cache.h>
#include <ssd/media/media.h>
#include <ssd/ns.h>

void
ns_changed(struct ssd *ssd, uint32_t nsid)
{
	uint32_t i = 0;

	ASSERT(nsid > 0 && nsid <= SSD_NS_MAX);
	while (i < ssd->logs.nchanged_ns && ssd->logs.changed_ns[i] < nsid) {
		i += 1;
	}
	if (i == ssd->logs.nchanged_ns || ssd->logs.changed_ns[i] != nsid) {
		/* NSIDs are at most 32, so the list always has space; it is ascending */
		ASSERT(ssd->logs.nchanged_ns < SSD_NS_MAX);
		memmove(&ssd->logs.changed_ns[i + 1], &ssd->logs.changed_ns[i],
			(ssd->logs.nchanged_ns - i) * sizeof(ssd->logs.changed_ns[0]));
		ssd->logs.changed_ns[i] = nsid;
		ssd->logs.nchanged_ns += 1;
	}
	aer_raise(ssd, XNVME_SPEC_ASYNC_EVENT_NOTICE, XNVME_SPEC_ASYNC_NOTICE_NS_CHANGED,
		  XNVME_SPEC_LOG_CHNS);
}

/* For a key-value namespace the host specifies little more than its size; KV Command Set 1.0,
 * Namespace Management. ANA groups and NVM sets are not supported: their fields are ignored, here
 * and below. */
static uint16_t
wanted_keys(const struct ssd *ssd, const struct xnvme_spec_idfy_ns *ask, struct saved_ns *saved)
{
	if (ask->nsze > ssd->pool_nbytes) {
		return REFUSE(NS_INSUFFICIENT_CAPACITY);
	}
	if (ask->nsze < EXTENT_NBYTES || ask->nsze > 1ULL << 40 || ask->nmic.can_share ||
	    ask->endgid > 1) {
		return REFUSE(INVALID_FIELD);
	}
	saved->kind = SSD_NS_KV;
	saved->nlba = ask->nsze >> SECTOR_SHIFT;
	saved->nbytes = (ask->nsze + EXTENT_NBYTES - 1) / EXTENT_NBYTES * EXTENT_NBYTES;
	ASSERT(saved->nlba << SECTOR_SHIFT <= saved->nbytes);
	return STATUS(SUCCESS);
}

/* Check the requested namespace and copy the fields that the host may set */
static uint16_t
wanted(const struct ssd *ssd, const struct ssd_work *work, const struct xnvme_spec_idfy_ns *ask,
       uint8_t csi, struct saved_ns *saved)
{
	uint32_t index = ask->flbas.format | (uint32_t)ask->flbas.format_msb << 4;
	const struct lba_format *format;

	if (!has_csi(ssd, csi)) {
		return REFUSE(IOCS_NOT_SUPPORTED);
	}
	if (csi == XNVME_SPEC_CSI_KV) {
		return wanted_keys(ssd, ask, saved);
	}
	if (index >= ssd->nformats) {
		return REFUSE(INVALID_FORMAT);
	}
	ASSERT(index < LBA_FORMATS);
	format = &lba_formats[index];
	if (ask->dps.pit > 3 ||
	    (ask->dps.pit && format->meta_nbytes < pi_tuple_nbytes(format->guard))) {
		return REFUSE(INVALID_FORMAT);
	}
	if (guard_is_refused(ssd, work, ask->dps.pit, format->guard)) {
		return REFUSE(INVALID_NS_OR_FORMAT);
	}
	if (ask->nsze == 0 || ask->nsze > ssd->pool_nbytes >> format->shift) {
		return REFUSE(NS_INSUFFICIENT_CAPACITY);
	}
	if (ask->ncap != ask->nsze) {
		return REFUSE(THIN_PROVISIONING_NOT_SUPPORTED);
	}
	if (ask->nmic.can_share || ask->endgid > 1) {
		return REFUSE(INVALID_FIELD);
	}
	saved->kind = csi == XNVME_SPEC_CSI_ZONED ? SSD_NS_ZNS : SSD_NS_NVM;
	saved->format = (uint8_t)index;
	saved->extended = format->meta_nbytes && ask->flbas.extended;
	saved->pi_type = ask->dps.pit;
	saved->pi_first = ask->dps.pit && ask->dps.md_start;
	saved->nlba = ask->nsze;
	saved->nbytes =
		((ask->nsze << format->shift) + EXTENT_NBYTES - 1) / EXTENT_NBYTES * EXTENT_NBYTES;
	return STATUS(SUCCESS);
}

static uint32_t
free_index(const struct ssd *ssd)
{
	uint32_t index = 0;

	while (index < ssd->ns_max && ssd->saved->ns[index].exists) {
		index += 1;
	}
	ASSERT(index <= SSD_NS_MAX);
	return index;
}

static void
create(struct ssd *ssd, const struct xnvme_spec_cmd *cmd, struct ssd_work *work)
{
	uint32_t index = free_index(ssd);
	struct saved_ns saved = {0};
	uint32_t slot;

	ssd_check(ssd);
	work->status = host_take(work, ssd->page, sizeof(ssd->page));
	if (work->status) {
		return;
	}
	/* dword 11, bits 31:24: CSI */
	work->status =
		wanted(ssd, work, (void *)ssd->page, (uint8_t)(cmd->common.ndm >> 24), &saved);
	if (work->status) {
		return;
	}
	if (index == ssd->ns_max) {
		work->status = REFUSE(NSID_UNAVAILABLE);
		return;
	}
	if (!ns_place(ssd, saved.nbytes, &saved.base)) {
		work->status = REFUSE(NS_INSUFFICIENT_CAPACITY);
		return;
	}
	work->status = fdp_take_handles(ssd, ssd->page, saved.kind, &saved);
	if (work->status) {
		return;
	}
	slot = kind_slot(ssd, saved.kind);
	ns_fill(ssd, &saved, slot < SSD_NS_MAX ? slot : 0, false);
	if (saved.nlba == 0) {
		/* smaller than a zone */
		work->status = REFUSE(NS_INSUFFICIENT_CAPACITY);
		return;
	}
	ns_saved_begin(ssd, index);
	ssd->saved->ns[index] = saved;
	ns_saved_end(ssd);
	ns_refresh(ssd, index);
	ns_check(ssd, &ssd->ns[index]);
	ns_erase(ssd, index);
	work->result = index + 1;
}

static void
delete_one(struct ssd *ssd, uint32_t index)
{
	bool attached = ssd->saved->ns[index].attached;

	ASSERT(index < ssd->ns_max && ssd->saved->ns[index].exists);
	cache_flush(ssd, index + 1);
	ns_erase(ssd, index);
	ns_saved_begin(ssd, index);
	memset(&ssd->saved->ns[index], 0, sizeof(ssd->saved->ns[index]));
	ns_saved_end(ssd);
	ssd->saved->ns_has_saved[index] = 0;
	feature_reset_namespace(ssd, index);
	ns_refresh(ssd, index);
	if (attached) {
		ns_changed(ssd, index + 1);
	}
}

/* Delete one namespace or all of them; nothing is deleted when one of them is write protected */
static uint16_t
delete_some(struct ssd *ssd, uint32_t nsid)
{
	ssd_check(ssd);
	if (nsid != NSID_ALL && !ns_exists(ssd, nsid)) {
		return ns_refusal(ssd, nsid);
	}
	for (uint32_t i = 0; i < ssd->ns_max; ++i) {
		if ((nsid == NSID_ALL || nsid == i + 1) &&
		    ssd->features.ns_current[i][FEATURE_PROTECT]) {
			return REFUSE(NS_WRITE_PROTECTED);
		}
	}
	for (uint32_t i = 0; i < ssd->ns_max; ++i) {
		if (ssd->saved->ns[i].exists && (nsid == NSID_ALL || nsid == i + 1)) {
			delete_one(ssd, i);
		}
	}
	return STATUS(SUCCESS);
}

void
ns_management_begin(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		    struct ssd_work *work)
{
	command_check(ssd, ns, work);
	(void)ns;
	switch (cmd->common.ndt & 15) { /* dword 10: SEL */
	case XNVME_SPEC_NS_MGMT_CREATE:
		create(ssd, cmd, work);
		break;
	case XNVME_SPEC_NS_MGMT_DELETE:
		work->status = delete_some(ssd, cmd->common.nsid);
		break;
	default:
		work->status = REFUSE(INVALID_FIELD);
	}
}

/* The data are a list of controllers, which must be this one */
static uint16_t
check_list(const struct ssd *ssd, const struct xnvme_spec_idfy_ctrlrlist *list)
{
	if (list->num != 1 || list->cntlid[0] != ssd->config.cntlid) {
		return REFUSE(CTRLR_LIST_INVALID);
	}
	return STATUS(SUCCESS);
}

void
ns_attachment_begin(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		    struct ssd_work *work)
{
	uint32_t nsid = cmd->common.nsid;
	uint32_t select = cmd->common.ndt & 15;
	struct saved_ns *saved;

	command_check(ssd, ns, work);
	(void)ns;
	if (!ns_exists(ssd, nsid)) {
		work->status = ns_refusal(ssd, nsid);
		return;
	}
	if (select > XNVME_SPEC_NS_ATTACH_DETACH) {
		work->status = REFUSE(INVALID_FIELD);
		return;
	}
	work->status = host_take(work, ssd->page, sizeof(ssd->page));
	if (!work->status) {
		work->status = check_list(ssd, (void *)ssd->page);
	}
	if (work->status) {
		return;
	}
	saved = &ssd->saved->ns[nsid - 1];
	if (select == XNVME_SPEC_NS_ATTACH_ATTACH && saved->attached) {
		work->status = REFUSE(NS_ALREADY_ATTACHED);
	} else if (select == XNVME_SPEC_NS_ATTACH_DETACH && !saved->attached) {
		work->status = REFUSE(NS_NOT_ATTACHED);
	} else {
		saved->attached = select == XNVME_SPEC_NS_ATTACH_ATTACH;
		if (!saved->attached && ssd->timer.self_test_nsid == nsid) {
			timer_self_test_end(ssd, XNVME_SPEC_SELFTEST_RESULT_NS_REMOVED);
		}
		ns_refresh(ssd, nsid - 1);
		ns_changed(ssd, nsid);
	}
}
