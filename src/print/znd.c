/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Zones.
 */
#include <inttypes.h>
#include <libxnvme_spec_pp.h>
#include <libxnvme_util.h>
#include <libxnvme_znd.h>
#include <print/print.h>

static void
out_descr(struct out *o, const struct xnvme_spec_znd_descr *d, int indent, const char *sep)
{
	out(o, "%*szslba: 0x%016" PRIx64 "%s", indent, "", d->zslba, sep);
	out(o, "%*swp: 0x%016" PRIx64 "%s", indent, "", d->wp, sep);
	out(o, "%*szcap: %" PRIu64 "%s", indent, "", d->zcap, sep);
	out(o, "%*szt: 0x%x%s", indent, "", d->zt, sep);
	out(o, "%*szs: %17s%s", indent, "", xnvme_spec_znd_state_str(d->zs), sep);
	out(o, "%*sza: '0b" XNVME_I8_FMT "'", indent, "", XNVME_I8_TO_STR(d->za.val));
}

int
xnvme_spec_znd_descr_fpr_yaml(FILE *stream, const struct xnvme_spec_znd_descr *descr, int indent,
			      const char *sep)
{
	struct out o = out_to(stream);

	if (!descr) {
		out(&o, "~");
	} else {
		out_descr(&o, descr, indent, sep);
	}
	return out_end(&o);
}

int
xnvme_spec_znd_descr_fpr(FILE *stream, const struct xnvme_spec_znd_descr *descr, int opts)
{
	struct out o = out_to(stream);

	(void)opts;
	if (out_head(&o, "xnvme_spec_znd_descr", descr)) {
		out_descr(&o, descr, 2, "\n");
		out(&o, "\n");
	}
	return out_end(&o);
}

int
xnvme_spec_znd_descr_pr(const struct xnvme_spec_znd_descr *descr, int opts)
{
	return xnvme_spec_znd_descr_fpr(stdout, descr, opts);
}

int
xnvme_spec_znd_report_hdr_fpr(FILE *stream, const struct xnvme_spec_znd_report_hdr *hdr, int opts)
{
	struct out o = out_to(stream);

	(void)opts;
	if (out_head(&o, "xnvme_spec_znd_report_hdr", hdr)) {
		out(&o, "  nzones: %" PRIu64 "\n", hdr->nzones);
	}
	return out_end(&o);
}

int
xnvme_spec_znd_report_hdr_pr(const struct xnvme_spec_znd_report_hdr *hdr, int opts)
{
	return xnvme_spec_znd_report_hdr_fpr(stdout, hdr, opts);
}

static void
out_entries(struct out *o, const struct xnvme_znd_report *report)
{
	out(o, "  entries:%s\n", report->nentries ? "" : " []");
	for (uint32_t i = 0; i < report->nentries; ++i) {
		const struct xnvme_spec_znd_descr *d =
			(const void *)&report->storage[i * report->zrent_nbytes];

		out(o, "    - {");
		out_descr(o, d, 0, ", ");
		out(o, "}\n");
	}
}

int
xnvme_znd_report_fpr(FILE *stream, const struct xnvme_znd_report *report, int flags)
{
	struct out o = out_to(stream);

	(void)flags;
	if (!out_head(&o, "xnvme_znd_report", report)) {
		return out_end(&o);
	}
	out(&o, "  report_nbytes: %" PRIu64 "\n", report->report_nbytes);
	out(&o, "  entries_nbytes: %" PRIu64 "\n", report->entries_nbytes);
	out(&o, "  zd_nbytes: %u\n", report->zd_nbytes);
	out(&o, "  zdext_nbytes: %u\n", report->zdext_nbytes);
	out(&o, "  zrent_nbytes: %" PRIu64 "\n", report->zrent_nbytes);
	out(&o, "  zslba: 0x%016" PRIx64 "\n", report->zslba);
	out(&o, "  zelba: 0x%016" PRIx64 "\n", report->zelba);
	out(&o, "  nzones: %" PRIu64 "\n", report->nzones);
	out(&o, "  nentries: %u\n", report->nentries);
	out(&o, "  extended: %d\n", report->extended);
	out_entries(&o, report);
	return out_end(&o);
}

int
xnvme_znd_report_pr(const struct xnvme_znd_report *report, int flags)
{
	return xnvme_znd_report_fpr(stdout, report, flags);
}
