/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Devices, their geometry and options, and ranges of blocks.
 */
#include <inttypes.h>
#include <libxnvme.h>
#include <print/host.h>
#include <print/print.h>

static void
out_ident(struct out *o, const struct xnvme_ident *ident, int indent, const char *sep)
{
	out(o, "%*suri: ", indent, "");
	out_text(o, ident->uri, sizeof(ident->uri));
	out(o, "%s%*sdtype: 0x%x%s", sep, indent, "", ident->dtype, sep);
	out(o, "%*snsid: 0x%x%s", indent, "", ident->nsid, sep);
	out(o, "%*scsi: 0x%x%s", indent, "", ident->csi, sep);
	out(o, "%*skernel_driver: ", indent, "");
	out_text(o, ident->kernel_driver, sizeof(ident->kernel_driver));
	out(o, "%s%*ssubnqn: ", sep, indent, "");
	out_text(o, ident->subnqn, sizeof(ident->subnqn));
}

int
xnvme_ident_yaml(FILE *stream, const struct xnvme_ident *ident, int indent, const char *sep,
		 int head)
{
	struct out o = out_to(stream);

	if (head) {
		out(&o, "%*sxnvme_ident:%s", indent, "", ident ? "\n" : " ");
		indent += 2;
	}
	if (ident) {
		out_ident(&o, ident, indent, sep);
	} else {
		out(&o, "~");
	}
	return out_end(&o);
}

int
xnvme_ident_fpr(FILE *stream, const struct xnvme_ident *ident, int opts)
{
	struct out o = out_to(stream);

	(void)opts;
	if (out_head(&o, "xnvme_ident", ident)) {
		out_ident(&o, ident, 2, "\n");
		out(&o, "\n");
	}
	return out_end(&o);
}

int
xnvme_ident_pr(const struct xnvme_ident *ident, int opts)
{
	return xnvme_ident_fpr(stdout, ident, opts);
}

static const char *
geo_type(enum xnvme_geo_type type)
{
	switch (type) {
	case XNVME_GEO_CONVENTIONAL:
		return "XNVME_GEO_CONVENTIONAL";
	case XNVME_GEO_ZONED:
		return "XNVME_GEO_ZONED";
	case XNVME_GEO_KV:
		return "XNVME_GEO_KV";
	case XNVME_GEO_UNKNOWN:
	default:
		return "XNVME_GEO_UNKNOWN";
	}
}

int
print_geo(FILE *stream, const struct xnvme_geo *geo, int indent)
{
#define G(member) FIELD(xnvme_geo, member, FORM_DEC)
	static const struct field fields[] = {
		G(npugrp), G(npunit),      G(nzone),      G(nsect),        G(nbytes), G(nbytes_oob),
		G(tbytes), G(mdts_nbytes), G(lba_nbytes), G(lba_extended), G(ssw),    G(pi_type),
		G(pi_loc), G(pi_format),
	};
	struct out o = out_to(stream);

	out(&o, "%*s", indent, "");
	if (out_head(&o, "xnvme_geo", geo)) {
		out(&o, "%*stype: %s\n", indent + 2, "", geo_type(geo->type));
		OUT_FIELDS(&o, indent + 2, geo, fields);
	}
	return out_end(&o);
}

int
xnvme_geo_fpr(FILE *stream, const struct xnvme_geo *geo, int opts)
{
	(void)opts;
	return print_geo(stream, geo, 0);
}

int
xnvme_geo_pr(const struct xnvme_geo *geo, int opts)
{
	return xnvme_geo_fpr(stdout, geo, opts);
}

static void
out_name(struct out *o, int indent, const char *key, const char *value)
{
	out(o, "%*s%s: ", indent, "", key);
	if (value) {
		out_text(o, value, SIZE_MAX);
	} else {
		out(o, "~");
	}
	out(o, "\n");
}

int
print_opts(FILE *stream, const struct xnvme_opts *opts, int indent)
{
	struct out o = out_to(stream);

	out(&o, "%*s", indent, "");
	if (out_head(&o, "xnvme_opts", opts)) {
		out_name(&o, indent + 2, "be", opts->be);
		out_name(&o, indent + 2, "mem", opts->mem);
		out_name(&o, indent + 2, "dev", opts->dev);
		out_name(&o, indent + 2, "admin", opts->admin);
		out_name(&o, indent + 2, "sync", opts->sync);
		out_name(&o, indent + 2, "async", opts->async);
	}
	return out_end(&o);
}

int
xnvme_opts_pr(const struct xnvme_opts *opts, int pr_opts)
{
	(void)pr_opts;
	return print_opts(stdout, opts, 0);
}

int
xnvme_lba_range_fpr(FILE *stream, struct xnvme_lba_range *range, int opts)
{
	struct out o = out_to(stream);

	(void)opts;
	if (out_head(&o, "xnvme_lba_range", range)) {
		out(&o, "  slba: 0x%016" PRIx64 "\n", range->slba);
		out(&o, "  elba: 0x%016" PRIx64 "\n", range->elba);
		out(&o, "  naddrs: %u\n", range->naddrs);
		out(&o, "  nbytes: %" PRIu64 "\n", range->nbytes);
		out(&o, "  attr: {is_zoned: %d, is_valid: %d}\n", range->attr.is_zoned,
		    range->attr.is_valid);
	}
	return out_end(&o);
}

int
xnvme_lba_range_pr(struct xnvme_lba_range *range, int opts)
{
	return xnvme_lba_range_fpr(stdout, range, opts);
}

int
xnvme_lba_fpr(FILE *stream, uint64_t lba, enum xnvme_pr opts)
{
	struct out o = out_to(stream);

	(void)opts;
	out(&o, "lba: 0x%016" PRIx64 "\n", lba);
	return out_end(&o);
}

int
xnvme_lba_pr(uint64_t lba, enum xnvme_pr opts)
{
	return xnvme_lba_fpr(stdout, lba, opts);
}

int
xnvme_lba_fprn(FILE *stream, const uint64_t *lba, uint16_t nlb, enum xnvme_pr opts)
{
	struct out o = out_to(stream);

	(void)opts;
	if (!lba) {
		out_head(&o, "lbas", NULL);
		return out_end(&o);
	}
	out(&o, "lbas:%s\n", nlb ? "" : " []");
	for (uint16_t i = 0; i < nlb; ++i) {
		out(&o, "  - 0x%016" PRIx64 "\n", lba[i]);
	}
	return out_end(&o);
}

int
xnvme_lba_prn(const uint64_t *lba, uint16_t nlb, enum xnvme_pr opts)
{
	return xnvme_lba_fprn(stdout, lba, nlb, opts);
}
