/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Unreadable blocks: Get LBA Status, and the log page and notice that lead a host to it; NVM
 * Command Set 1.2, Get LBA Status, LBA Status Information. The only ones are those of Write
 * Uncorrectable, and all of them are tracked, so a scan finds no others.
 */
#include <base/bits.h>
#include <base/bytes.h>
#include <ssd/ctrl/admin.h>
#include <ssd/ctrl/ctrl.h>
#include <ssd/ctrl/log.h>
#include <ssd/host_memory.h>

#define CMPC_INCOMPLETE 1
#define CMPC_COMPLETE 2
#define LBARS_UNCORRECTABLE 3 /* marked by the host, each of them */
#define NO_RANGES UINT32_MAX  /* NLRD: scan the whole namespace */
#define ELEMENT_NBYTES 16u
#define RANGE_NBYTES 16u

/* A run of bad blocks */
struct run {
	uint64_t lba;
	uint64_t nlb;
};

/* Find the next run in [*at, end), bits of ssd->bad, limited to a 0's based dword; *at moves to its
 * end */
static bool
next_run(const struct ssd *ssd, const struct ssd_ns *ns, uint64_t *at, uint64_t end,
	 struct run *run)
{
	uint64_t from, to;

	ASSERT(*at >= ns->sector && end <= ns->sector + ns->nlba);
	if (ns->saved->bad_lba == 0 || *at >= end) {
		return false;
	}
	from = bits_find(ssd->bad, *at, end - *at, true);
	if (from == end) {
		return false;
	}
	to = bits_find(ssd->bad, from, end - from, false);
	run->lba = from - ns->sector;
	run->nlb = to - from > 1ULL << 32 ? 1ULL << 32 : to - from;
	*at = from + run->nlb;
	return true;
}

static void
list_bad(struct ssd *ssd, const struct ssd_ns *ns, uint64_t lba, uint64_t nlb, uint32_t room)
{
	struct xnvme_spec_lba_status_list *list = (void *)ssd->page;
	uint64_t at = ns->sector + lba, end = at + nlb;
	struct run run;

	ASSERT(lba < ns->nlba && nlb > 0 && nlb <= ns->nlba - lba);
	list->cmpc = CMPC_COMPLETE;
	while (next_run(ssd, ns, &at, end, &run)) {
		struct xnvme_spec_lba_status_descr *descr = &list->descr[list->nlsd];

		if (list->nlsd == room) {
			list->cmpc = CMPC_INCOMPLETE;
			return;
		}
		descr->dslba = run.lba;
		descr->nlb = (uint32_t)(run.nlb - 1);
		descr->status = LBARS_UNCORRECTABLE;
		list->nlsd += 1;
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

	command_check(ssd, ns, work);
	if (ns->kind == SSD_NS_KV || (action != XNVME_SPEC_LBA_STATUS_ATYPE_SCAN &&
				      action != XNVME_SPEC_LBA_STATUS_ATYPE_TRACKED)) {
		work->status = REFUSE(INVALID_FIELD);
		return;
	}
	if (lba >= ns->nlba || nlb > ns->nlba - lba) {
		work->status = REFUSE(LBA_OUT_OF_RANGE);
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

/* More blocks are bad. The report interval is always 0: the host is notified at once. */
void
lba_status_changed(struct ssd *ssd)
{
	ssd_check(ssd);
	if (!ssd->lba_status.is_new) {
		ssd->lba_status.is_new = true;
		ssd->saved->lba_status_generation += 1;
	}
	aer_raise(ssd, XNVME_SPEC_ASYNC_EVENT_NOTICE, XNVME_SPEC_ASYNC_NOTICE_LBA_STATUS,
		  XNVME_SPEC_LOG_LBA_STATUS);
}

/* Add the element of one namespace, at most `room` bytes: its ranges, or that they are too many */
static uint32_t
add_element(struct ssd *ssd, const struct ssd_ns *ns, uint8_t *at, uint32_t room)
{
	uint64_t bit = ns->sector, end = bit + ns->nlba;
	uint32_t nbytes = ELEMENT_NBYTES, count = 0;
	struct run run;

	ns_check(ssd, ns);
	ASSERT(room >= ELEMENT_NBYTES);
	while (count != NO_RANGES && next_run(ssd, ns, &bit, end, &run)) {
		if (nbytes + RANGE_NBYTES > room) {
			memset(at, 0, nbytes);
			nbytes = ELEMENT_NBYTES;
			count = NO_RANGES;
		} else {
			put_le(at + nbytes, run.lba, 8);
			put_le(at + nbytes + 8, run.nlb - 1, 4);
			nbytes += RANGE_NBYTES;
			count += 1;
		}
	}
	put_le(at, ns->nsid, 4);
	put_le(at + 4, count, 4);
	at[8] = XNVME_SPEC_LBA_STATUS_ATYPE_TRACKED;
	return nbytes;
}

static uint64_t
fill_page(struct ssd *ssd)
{
	uint32_t nbytes = 16, elements = 0;
	uint64_t bad = 0;

	for (uint32_t i = 0; i < ssd->ns_max; ++i) {
		const struct ssd_ns *ns = &ssd->ns[i];
		/* reserve one element for each following namespace, to report at least that it has
		 * bad blocks */
		uint32_t kept = (ssd->ns_max - 1 - i) * ELEMENT_NBYTES;

		if (ns_is_active(ns) && ns->kind != SSD_NS_KV && ns->saved->bad_lba) {
			nbytes += add_element(ssd, ns, ssd->page + nbytes,
					      PAGE_NBYTES - nbytes - kept);
			bad += ns->saved->bad_lba;
			elements += 1;
		}
	}
	ASSERT(nbytes <= PAGE_NBYTES);
	put_le(ssd->page, nbytes, 4);
	put_le(ssd->page + 4, elements, 4);
	put_le(ssd->page + 8, bad < UINT32_MAX ? bad : UINT32_MAX - 1, 4);
	put_le(ssd->page + 14, ssd->saved->lba_status_generation, 2);
	return nbytes;
}

/* A read with RAE set freezes the page until a read with RAE clear */
uint64_t
lba_status_fill_log(struct ssd *ssd, const struct log_want *want)
{
	ssd_check(ssd);
	if (ssd->lba_status.frozen) {
		memcpy(ssd->page, ssd->lba_status.page, sizeof(ssd->page));
	} else {
		fill_page(ssd);
		memcpy(ssd->lba_status.page, ssd->page, sizeof(ssd->page));
		ssd->lba_status.is_new = false;
	}
	ssd->lba_status.frozen = want->retain;
	return get_le(ssd->page, 4);
}
