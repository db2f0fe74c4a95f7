/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Log pages.
 */
#include <inttypes.h>
#include <libxnvme_spec_pp.h>
#include <print/print.h>

#define H(member, form) FIELD(xnvme_spec_log_health_entry, member, form)
#define S(member, form) FIELD(xnvme_spec_log_sanitize_entry, member, form)

int
xnvme_spec_log_health_fpr(FILE *stream, const struct xnvme_spec_log_health_entry *log, int opts)
{
	static const struct field fields[] = {
		H(crit_warn, FORM_HEX),
		H(comp_temp, FORM_DEC),
		H(avail_spare, FORM_DEC),
		H(avail_spare_thresh, FORM_DEC),
		H(pct_used, FORM_DEC),
		H(eg_crit_warn_sum, FORM_HEX),
		H(data_units_read, FORM_DEC),
		H(data_units_written, FORM_DEC),
		H(host_read_cmds, FORM_DEC),
		H(host_write_cmds, FORM_DEC),
		H(ctrlr_busy_time, FORM_DEC),
		H(pwr_cycles, FORM_DEC),
		H(pwr_on_hours, FORM_DEC),
		H(unsafe_shutdowns, FORM_DEC),
		H(mdi_errs, FORM_DEC),
		H(nr_err_logs, FORM_DEC),
		H(warn_comp_temp_time, FORM_DEC),
		H(crit_comp_temp_time, FORM_DEC),
	};
	static const struct field throttle[] = {
		H(tmt1tc, FORM_DEC),
		H(tmt2tc, FORM_DEC),
		H(tttmt1, FORM_DEC),
		H(tttmt2, FORM_DEC),
	};
	struct out o = out_to(stream);

	(void)opts;
	if (!out_head(&o, "xnvme_spec_log_health_entry", log)) {
		return out_end(&o);
	}
	OUT_FIELDS(&o, 2, log, fields);
	for (int i = 0; i < 8; ++i) {
		out(&o, "  temp_sens%d: %d\n", i + 1, log->temp_sens[i]);
	}
	OUT_FIELDS(&o, 2, log, throttle);
	return out_end(&o);
}

int
xnvme_spec_log_health_pr(const struct xnvme_spec_log_health_entry *log, int opts)
{
	return xnvme_spec_log_health_fpr(stdout, log, opts);
}

int
xnvme_spec_log_sanitize_fpr(FILE *stream, const struct xnvme_spec_log_sanitize_entry *log, int opts)
{
	static const struct field fields[] = {
		S(scdw10, FORM_HEX),  S(eto, FORM_DEC),     S(etbe, FORM_DEC),
		S(etce, FORM_DEC),    S(etodmm, FORM_DEC),  S(etbenmm, FORM_DEC),
		S(etcenmm, FORM_DEC), S(etpvds, FORM_DEC),  S(ssi, FORM_HEX),
	};
	struct out o = out_to(stream);

	(void)opts;
	if (!out_head(&o, "xnvme_spec_log_sanitize_entry", log)) {
		return out_end(&o);
	}
	out(&o, "  sprog: %d\n", log->sprog);
	out(&o, "  sstat: {sos: %d, opc: %d, gde: %d, mvcncld: %d, val: %#x}\n", log->sstat.sos,
	    log->sstat.opc, log->sstat.gde, log->sstat.mvcncld, log->sstat.val);
	OUT_FIELDS(&o, 2, log, fields);
	return out_end(&o);
}

int
xnvme_spec_log_sanitize_pr(const struct xnvme_spec_log_sanitize_entry *log, int opts)
{
	return xnvme_spec_log_sanitize_fpr(stdout, log, opts);
}

int
xnvme_spec_log_erri_fpr(FILE *stream, const struct xnvme_spec_log_erri_entry *log, int limit,
			int opts)
{
	struct out o = out_to(stream);

	(void)opts;
	if (log && limit <= 0) {
		out(&o, "xnvme_spec_log_erri: []\n");
		return out_end(&o);
	}
	if (!out_head(&o, "xnvme_spec_log_erri", log)) {
		return out_end(&o);
	}
	for (int i = 0; i < limit; ++i) {
		const struct xnvme_spec_log_erri_entry *e = &log[i];

		out(&o, "  - {ecnt: %" PRIu64 ", sqid: %d, cid: %d, status: %#x, eloc: %#x, ",
		    e->ecnt, e->sqid, e->cid, e->status.val, e->eloc);
		out(&o, "lba: %#" PRIx64 ", nsid: %u, ven_si: %d, trtype: %d, cmd_si: %#" PRIx64
			", trtype_si: %#x}\n",
		    e->lba, e->nsid, e->ven_si, e->trtype, e->cmd_si, e->trtype_si);
	}
	return out_end(&o);
}

int
xnvme_spec_log_erri_pr(const struct xnvme_spec_log_erri_entry *log, int limit, int opts)
{
	return xnvme_spec_log_erri_fpr(stdout, log, limit, opts);
}

int
xnvme_spec_znd_log_changes_fpr(FILE *stream, const struct xnvme_spec_znd_log_changes *changes,
			       int opts)
{
	struct out o = out_to(stream);
	int count;

	(void)opts;
	if (!out_head(&o, "xnvme_spec_znd_log_changes", changes)) {
		return out_end(&o);
	}
	/* FFFFh: more changed than fit, and none is listed (ZNS Command Set 1.1, Get Log Page) */
	count = changes->nidents > ZND_CHANGES_LEN ? 0 : changes->nidents;
	out(&o, "  nidents: %d\n", changes->nidents);
	out(&o, "  idents:%s\n", count ? "" : " []");
	for (int i = 0; i < count; ++i) {
		out(&o, "    - 0x%016" PRIx64 "\n", changes->idents[i]);
	}
	return out_end(&o);
}

int
xnvme_spec_znd_log_changes_pr(const struct xnvme_spec_znd_log_changes *changes, int opts)
{
	return xnvme_spec_znd_log_changes_fpr(stdout, changes, opts);
}
