/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Zone Management Receive: reports and extended reports; ZNS Command Set 1.1, Zone Management
 * Receive. A report is written zone by zone, so that its length is not limited.
 */
#include <ssd/nvm/nvm.h>
#include <ssd/zns/zns.h>

struct report {
	uint64_t nbytes;  /* size of the host's buffer */
	uint64_t at;	  /* bytes of it in use */
	uint64_t matched; /* matching zones, including those beyond the buffer */
	uint32_t entry_nbytes;
	uint8_t filter; /* state; 0: all */
};

static uint8_t
filter_state(uint8_t zrasf)
{
	static const uint8_t states[] = {
		0,
		XNVME_SPEC_ZND_STATE_EMPTY,
		XNVME_SPEC_ZND_STATE_IOPEN,
		XNVME_SPEC_ZND_STATE_EOPEN,
		XNVME_SPEC_ZND_STATE_CLOSED,
		XNVME_SPEC_ZND_STATE_FULL,
		XNVME_SPEC_ZND_STATE_RONLY,
		XNVME_SPEC_ZND_STATE_OFFLINE,
	};

	ASSERT(zrasf < sizeof(states));
	return states[zrasf];
}

static uint16_t
report_zone(struct ssd *ssd, const struct ssd_ns *ns, uint64_t index, struct report *report,
	    const struct ssd_work *work)
{
	const struct saved_zone *zone = &zns_zones(ssd, ns)[index];
	uint8_t state = zns_zone_state(zone);
	uint64_t start = index * zns_zone_nlb(ssd, ns);
	struct xnvme_spec_znd_descr descr = {.zt = XNVME_SPEC_ZND_TYPE_SEQWR};
	uint16_t status;

	zone_check(ssd, ns, index);
	ASSERT(report->at + report->entry_nbytes <= report->nbytes);
	descr.zs = state & 15u;
	descr.za.zrwav = (zone->attributes & ZONE_HAS_AREA) != 0;
	descr.za.zdev = (zone->attributes & ZONE_HAS_DESCRIPTOR) != 0;
	descr.zcap = zns_zone_cap(ssd, ns);
	descr.zslba = start;
	/* no write pointer in these states: all ones */
	descr.wp = state >= XNVME_SPEC_ZND_STATE_RONLY ? UINT64_MAX : start + zone->written;
	status = host_push(work, report->at, &descr, sizeof(descr));
	if (!status && report->entry_nbytes > sizeof(descr)) {
		/* without an extension (ZDEV 0) it is all zero, as in the table */
		status = host_push(work, report->at + sizeof(descr), zns_descriptor(ssd, ns, index),
				   report->entry_nbytes - sizeof(descr));
	}
	report->at += report->entry_nbytes;
	return status;
}

static uint16_t
report_all(struct ssd *ssd, const struct ssd_ns *ns, uint64_t first, struct report *report,
	   bool partial, const struct ssd_work *work)
{
	uint64_t count = zns_zone_count(ssd, ns);
	struct xnvme_spec_znd_report_hdr header = {0};
	uint64_t listed = 0;

	zns_check(ssd, ns);
	for (uint64_t i = first; i < count; ++i) {
		uint16_t status;

		if (report->filter && zns_zone_state(&zns_zones(ssd, ns)[i]) != report->filter) {
			continue;
		}
		if (report->at + report->entry_nbytes <= report->nbytes) {
			status = report_zone(ssd, ns, i, report, work);
			if (status) {
				return status;
			}
			listed += 1;
		} else if (partial) {
			break;
		}
		report->matched += 1;
	}
	ASSERT(listed <= report->matched);
	header.nzones = partial ? listed : report->matched;
	return host_push(work, 0, &header, sizeof(header));
}

/* Zero the host's buffer after the last descriptor */
static uint16_t
clear_rest(struct ssd *ssd, const struct report *report, const struct ssd_work *work)
{
	uint16_t status = STATUS(SUCCESS);

	ASSERT(report->at <= report->nbytes);
	memset(ssd->page, 0, sizeof(ssd->page));
	for (uint64_t at = report->at; at < report->nbytes && !status; at += PAGE_NBYTES) {
		uint64_t part =
			report->nbytes - at < PAGE_NBYTES ? report->nbytes - at : PAGE_NBYTES;

		status = host_push(work, at, ssd->page, part);
	}
	return status;
}

void
zone_receive_begin(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		   struct ssd_work *work)
{
	uint8_t action = cmd->znd.mgmt_recv.zra;
	uint8_t filter = cmd->znd.mgmt_recv.zrasf;
	uint64_t lba = cmd->znd.mgmt_recv.slba;
	uint32_t extension = zns_config(ssd, ns)->descriptor_nbytes;
	struct report report = {.nbytes = ((uint64_t)cmd->znd.mgmt_recv.ndwords + 1) * 4,
				.at = sizeof(struct xnvme_spec_znd_report_hdr),
				.entry_nbytes = sizeof(struct xnvme_spec_znd_descr)};

	zns_check(ssd, ns);
	if (action > XNVME_SPEC_ZND_CMD_MGMT_RECV_ACTION_REPORT_EXTENDED ||
	    filter > XNVME_SPEC_ZND_CMD_MGMT_RECV_SF_OFFLINE || report.nbytes < report.at ||
	    is_too_long(ssd, report.nbytes)) {
		work->status = REFUSE(INVALID_FIELD);
		return;
	}
	if (action == XNVME_SPEC_ZND_CMD_MGMT_RECV_ACTION_REPORT_EXTENDED) {
		if (extension == 0) {
			work->status = REFUSE(INVALID_FIELD);
			return;
		}
		report.entry_nbytes += extension;
	}
	if (lba >= ns->nlba) {
		work->status = REFUSE(LBA_OUT_OF_RANGE);
		return;
	}
	report.filter = filter_state(filter);
	work->status = host_prepare(work, report.nbytes, 0, true);
	if (!work->status) {
		work->status = report_all(ssd, ns, lba / zns_zone_nlb(ssd, ns), &report,
					  cmd->znd.mgmt_recv.partial, work);
	}
	if (!work->status) {
		work->status = clear_rest(ssd, &report, work);
	}
}
