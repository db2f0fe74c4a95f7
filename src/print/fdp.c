/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Flexible Data Placement: log pages, events, status of reclaim unit handles.
 */
#include <inttypes.h>
#include <libxnvme_spec_pp.h>
#include <print/stdout.h>
#include <string.h>
#include <print/print.h>

static void
out_conf(struct out *o, const struct xnvme_spec_fdp_conf_desc *desc,
	 const struct xnvme_spec_ruh_desc *ruh, uint32_t nruh)
{
	static const struct field fields[] = {
		FIELD(xnvme_spec_fdp_conf_desc, vss, FORM_DEC),
		FIELD(xnvme_spec_fdp_conf_desc, nrg, FORM_DEC),
		FIELD(xnvme_spec_fdp_conf_desc, nruh, FORM_DEC),
		FIELD(xnvme_spec_fdp_conf_desc, maxpids, FORM_DEC),
		FIELD(xnvme_spec_fdp_conf_desc, nns, FORM_DEC),
		FIELD(xnvme_spec_fdp_conf_desc, runs, FORM_DEC),
		FIELD(xnvme_spec_fdp_conf_desc, erutl, FORM_DEC),
	};

	out(o, "    - ds: %d\n", desc->ds);
	out(o, "      fdp attributes: {rgif: %d, fdpvwc: %d, fdpcv: %d, val: %#x}\n",
	    desc->fdpa.rgif, desc->fdpa.fdpvwc, desc->fdpa.fdpcv, desc->fdpa.val);
	OUT_FIELDS(o, 6, desc, fields);
	out(o, "      ruht: [");
	for (uint32_t i = 0; i < nruh; ++i) {
		out(o, "%s%d", i ? ", " : "", ruh[i].ruht);
	}
	out(o, "]\n");
}

int
print_log_fdp_conf(FILE *stream, const struct xnvme_spec_log_fdp_conf *log)
{
	struct out o = out_to(stream);
	const uint8_t *at = (const uint8_t *)log;
	uint64_t offset = sizeof(*log);

	if (!out_head(&o, "xnvme_spec_log_fdp_conf", log)) {
		return out_end(&o);
	}
	out(&o, "  ncfg: %d\n  version: %d\n  size: %u\n", log->ncfg, log->version, log->size);
	out(&o, "  config_desc:\n");
	for (uint32_t i = 0; i <= log->ncfg; ++i) {
		uint64_t left = offset < log->size ? log->size - offset : 0;
		struct xnvme_spec_fdp_conf_desc desc = {0};
		uint64_t room;

		/* a copy: the sizes of those before may leave it at any address */
		memcpy(&desc, at + offset, left < sizeof(desc) ? 0 : sizeof(desc));
		if (desc.ds < sizeof(desc) || desc.ds > left) {
			out(&o, "    - ~ # descriptor %u does not fit the log page\n", i);
			break;
		}
		room = (desc.ds - sizeof(desc)) / sizeof(desc.ruh_desc[0]);
		out_conf(&o, &desc, (const void *)(at + offset + sizeof(desc)),
			 (uint32_t)(desc.nruh < room ? desc.nruh : room));
		offset += desc.ds;
	}
	return out_end(&o);
}

int
xnvme_spec_log_fdp_conf_pr(const struct xnvme_spec_log_fdp_conf *log, int opts)
{
	(void)opts;
	return print_log_fdp_conf(stdout, log);
}

int
print_log_ruhu(FILE *stream, const struct xnvme_spec_log_ruhu *log, int limit)
{
	struct out o = out_to(stream);

	if (!out_head(&o, "xnvme_spec_log_ruhu", log)) {
		return out_end(&o);
	}
	limit = limit < log->nruh ? limit : log->nruh;
	out(&o, "  nruh: %d\n", log->nruh);
	out(&o, "  ruhu_desc:%s\n", limit > 0 ? "" : " []");
	for (int i = 0; i < limit; ++i) {
		out(&o, "    - %#x\n", log->ruhu_desc[i].ruha);
	}
	return out_end(&o);
}

int
xnvme_spec_log_ruhu_pr(const struct xnvme_spec_log_ruhu *log, int limit, int opts)
{
	(void)opts;
	return print_log_ruhu(stdout, log, limit);
}

int
print_log_fdp_stats(FILE *stream, const struct xnvme_spec_log_fdp_stats *log)
{
	static const struct field fields[] = {
		FIELD(xnvme_spec_log_fdp_stats, hbmw, FORM_PAIR),
		FIELD(xnvme_spec_log_fdp_stats, mbmw, FORM_PAIR),
		FIELD(xnvme_spec_log_fdp_stats, mbe, FORM_PAIR),
	};
	struct out o = out_to(stream);

	if (out_head(&o, "xnvme_spec_log_fdp_stats", log)) {
		OUT_FIELDS(&o, 2, log, fields);
	}
	return out_end(&o);
}

int
xnvme_spec_log_fdp_stats_pr(const struct xnvme_spec_log_fdp_stats *log, int opts)
{
	(void)opts;
	return print_log_fdp_stats(stdout, log);
}

int
print_log_fdp_events(FILE *stream, const struct xnvme_spec_log_fdp_events *log, int limit)
{
	struct out o = out_to(stream);

	if (!out_head(&o, "xnvme_spec_log_fdp_events", log)) {
		return out_end(&o);
	}
	out(&o, "  nevents: %u\n", log->nevents);
	out(&o, "  event:%s\n", limit > 0 ? "" : " []");
	for (int i = 0; i < limit; ++i) {
		const struct xnvme_spec_fdp_event *e = &log->event[i];

		out(&o, "    - {type: %#x, fdpef: %#x, pid: %d, timestamp: %" PRIu64, e->type,
		    e->fdpef.val, e->pid, e->timestamp);
		out(&o, ", nsid: %u, rgid: %d, ruhid: %d}\n", e->nsid, e->rgid, e->ruhid);
	}
	return out_end(&o);
}

int
xnvme_spec_log_fdp_events_pr(const struct xnvme_spec_log_fdp_events *log, int limit, int opts)
{
	(void)opts;
	return print_log_fdp_events(stdout, log, limit);
}

int
print_ruhs(FILE *stream, const struct xnvme_spec_ruhs *ruhs, int limit)
{
	struct out o = out_to(stream);

	if (!out_head(&o, "xnvme_spec_ruhs", ruhs)) {
		return out_end(&o);
	}
	limit = limit < ruhs->nruhsd ? limit : ruhs->nruhsd;
	out(&o, "  nruhsd: %d\n", ruhs->nruhsd);
	out(&o, "  ruhs_desc:%s\n", limit > 0 ? "" : " []");
	for (int i = 0; i < limit; ++i) {
		const struct xnvme_spec_ruhs_desc *d = &ruhs->desc[i];

		out(&o, "    - { pi: %d, ruhi: %d, earutr: %u, ruamw: %" PRIu64 "}\n", d->pi,
		    d->ruhi, d->earutr, d->ruamw);
	}
	return out_end(&o);
}

int
xnvme_spec_ruhs_pr(const struct xnvme_spec_ruhs *ruhs, int limit, int opts)
{
	(void)opts;
	return print_ruhs(stdout, ruhs, limit);
}

int
print_feat_fdp_events(FILE *stream, const struct xnvme_spec_fdp_event_desc *desc,
		      struct xnvme_spec_feat feat)
{
	struct out o = out_to(stream);
	uint32_t count = feat.val & 0xff; /* dword 0 of the completion: number of descriptors */

	out(&o, "feat:\n  nevents: %u\n  event:%s\n", count,
	    count && desc ? "" : " []");
	for (uint32_t i = 0; i < count && desc; ++i) {
		out(&o, "    - { type: %#x, event enabled: %d }\n", desc[i].type,
		    desc[i].fdpeta.ee);
	}
	return out_end(&o);
}

int
xnvme_spec_feat_fdp_events_pr(void *buf, struct xnvme_spec_feat feat, int opts)
{
	(void)opts;
	return print_feat_fdp_events(stdout, buf, feat);
}
