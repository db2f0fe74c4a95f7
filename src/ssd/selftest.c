/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Device Self-test; NVMe Base 2.0, Device Self-test Operations. There is no hardware that could
 * fail, so a test
 * takes its time, can be aborted, and passes. Get LBA Status: NVM Command Set 1.0, Get LBA Status.
 */
#include <base/bits.h>
#include <base/bytes.h>
#include <ssd/admin.h>
#include <ssd/identify.h>
#include <ssd/nvm.h>
#include <ssd/timer.h>

#define SHORT_TEST_NS (2 * NS_PER_S)
#define EXTENDED_TEST_NS (60 * NS_PER_S) /* EDSTT: 1 minute */

void
self_test_begin(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		struct ssd_work *work)
{
	uint8_t code = cmd->common.ndt & 15; /* dword 10: STC */
	uint32_t nsid = cmd->common.nsid;

	/* NSID 0 tests the controller, FFFFFFFFh all its namespaces too */
	if (nsid != 0 && nsid != NSID_ALL && !ns_is_active(ns)) {
		work->status = ns_refusal(ssd, nsid);
		return;
	}
	switch (code) {
	case XNVME_SPEC_SELFTEST_SHORT:
	case XNVME_SPEC_SELFTEST_EXTENDED:
		if (ssd->timer.self_test_until != NS_NEVER) {
			work->status = STATUS_SELF_TEST_IN_PROGRESS;
			return;
		}
		timer_self_test(ssd, code, nsid,
				code == XNVME_SPEC_SELFTEST_SHORT ? SHORT_TEST_NS
								  : EXTENDED_TEST_NS);
		break;
	case XNVME_SPEC_SELFTEST_ABORT:
		timer_self_test_end(ssd, XNVME_SPEC_SELFTEST_RESULT_ABORTED);
		break;
	default:
		work->status = REFUSE(INVALID_FIELD);
	}
}

/* One list of ranges of bad blocks, as many as ssd->page holds; returns how many blocks it covers
 */
static void
list_bad(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint64_t nlb, uint32_t room)
{
	struct xnvme_spec_lba_status_list *list = (void *)ssd->page;
	uint64_t end = ns->sector + lba + nlb;
	uint64_t at = ns->sector + lba;

	list->cmpc = 1;
	while (ns->saved->bad_lba && at < end) {
		uint64_t from = bits_find(ssd->bad, at, end - at, true);
		uint64_t to = bits_find(ssd->bad, from, end - from, false);
		struct xnvme_spec_lba_status_descr *descr = &list->descr[list->nlsd];

		if (from == end) {
			return;
		}
		if (list->nlsd == room) {
			list->cmpc = 2;
			return;
		}
		descr->dslba = from - ns->sector;
		descr->nlb = to - from > UINT32_MAX ? UINT32_MAX : (uint32_t)(to - from);
		descr->status = 1; /* may be unrecoverable */
		list->nlsd++;
		at = from + descr->nlb;
	}
}

void
lba_status_begin(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		 struct ssd_work *work)
{
	uint64_t lba = get_le((const uint8_t *)cmd + 40, 8);
	uint64_t nbytes = ((uint64_t)cmd->common.cdw12 + 1) * 4; /* MNDW */
	uint64_t nlb = cmd->common.cdw13 & 0xFFFF;		 /* RL */
	uint8_t action = (uint8_t)(cmd->common.cdw13 >> 24);
	uint32_t real = nbytes < PAGE_NBYTES ? (uint32_t)nbytes : PAGE_NBYTES;

	if (ns->kind == SSD_NS_KV || (action != XNVME_SPEC_LBA_STATUS_ATYPE_SCAN &&
				      action != XNVME_SPEC_LBA_STATUS_ATYPE_TRACKED)) {
		work->status = REFUSE(INVALID_FIELD);
		return;
	}
	if (lba >= ns->nlba || nlb > ns->nlba - lba) {
		work->status = REFUSE(LBA_RANGE);
		return;
	}
	if (real < sizeof(struct xnvme_spec_lba_status_list)) {
		work->status = REFUSE(INVALID_FIELD);
		return;
	}
	memset(ssd->page, 0, sizeof(ssd->page));
	list_bad(ssd, ns, lba, nlb ? nlb : ns->nlba - lba,
		 (real - (uint32_t)sizeof(struct xnvme_spec_lba_status_list)) /
			 (uint32_t)sizeof(struct xnvme_spec_lba_status_descr));
	work->status = host_give(work, ssd->page, real);
}
