/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Commands, and what directives and Copy carry.
 */
#include <inttypes.h>
#include <libxnvme_cmd.h>
#include <libxnvme_spec_pp.h>
#include <libxnvme_util.h>
#include <print/print.h>
#include <print/stdout.h>

int
xnvme_spec_cmd_fpr(FILE *stream, struct xnvme_spec_cmd *cmd, int opts)
{
	struct out o = out_to(stream);

	(void)opts;
	if (!out_head(&o, "xnvme_spec_cmd", cmd)) {
		return out_end(&o);
	}
	for (int i = 0; i < 16; ++i) {
		out(&o, "  - '" XNVME_I32_FMT "'\n", XNVME_I32_TO_STR(cmd->cdw[i]));
	}
	return out_end(&o);
}

int
xnvme_spec_cmd_pr(struct xnvme_spec_cmd *cmd, int opts)
{
	return xnvme_spec_cmd_fpr(stdout, cmd, opts);
}

void
xnvme_cmd_ctx_pr(const struct xnvme_cmd_ctx *ctx, int opts)
{
	struct out o = out_to(stdout);

	(void)opts;
	if (!ctx) {
		out(&o, "xnvme_cmd_ctx: ~\n");
		return;
	}
	out(&o, "xnvme_cmd_ctx: {cdw0: 0x%x, sc: 0x%x, sct: 0x%x}\n", ctx->cpl.cdw0,
	    ctx->cpl.status.sc, ctx->cpl.status.sct);
}

/* `placement` is how the first of the three says it */
#define OUT_DIRECTIVES(o, name, dirs, placement) \
	out(o, "  " name ":\n    identify: %d\n    streams: %d\n    " placement ": %d\n", \
	    (dirs).identify, (dirs).streams, (dirs).data_placement)

int
print_drecv_idfy(FILE *stream, const struct xnvme_spec_idfy_dir_rp *idfy)
{
	struct out o = out_to(stream);

	if (out_head(&o, "xnvme_spec_idfy_dir_rp", idfy)) {
		OUT_DIRECTIVES(&o, "directives_supported", idfy->directives_supported,
			       "data placement");
		OUT_DIRECTIVES(&o, "directives_enabled", idfy->directives_enabled,
			       "data_placement");
		OUT_DIRECTIVES(&o, "directives_persistence", idfy->directives_persistence,
			       "data_placement");
	}
	return out_end(&o);
}

int
xnvme_spec_drecv_idfy_pr(struct xnvme_spec_idfy_dir_rp *idfy, int opts)
{
	(void)opts;
	return print_drecv_idfy(stdout, idfy);
}

int
print_drecv_srp(FILE *stream, const struct xnvme_spec_streams_dir_rp *srp)
{
	static const struct field fields[] = {
		FIELD(xnvme_spec_streams_dir_rp, msl, FORM_DEC),
		FIELD(xnvme_spec_streams_dir_rp, nssa, FORM_DEC),
		FIELD(xnvme_spec_streams_dir_rp, nsso, FORM_DEC),
		FIELD_AS(xnvme_spec_streams_dir_rp, "nssc", nssc.val, FORM_HEX),
		FIELD(xnvme_spec_streams_dir_rp, sws, FORM_DEC),
		FIELD(xnvme_spec_streams_dir_rp, sgs, FORM_DEC),
		FIELD(xnvme_spec_streams_dir_rp, nsa, FORM_DEC),
		FIELD(xnvme_spec_streams_dir_rp, nso, FORM_DEC),
	};
	struct out o = out_to(stream);

	if (out_head(&o, "xnvme_spec_streams_dir_rp", srp)) {
		OUT_FIELDS(&o, 2, srp, fields);
	}
	return out_end(&o);
}

int
xnvme_spec_drecv_srp_pr(struct xnvme_spec_streams_dir_rp *srp, int opts)
{
	(void)opts;
	return print_drecv_srp(stdout, srp);
}

int
print_drecv_sgs(FILE *stream, const struct xnvme_spec_streams_dir_gs *sgs)
{
	struct out o = out_to(stream);

	if (!out_head(&o, "xnvme_spec_streams_dir_gs", sgs)) {
		return out_end(&o);
	}
	out(&o, "  open_sc: %d\n  sid: [", sgs->open_sc);
	for (int i = 0; i < sgs->open_sc; ++i) {
		out(&o, "%s%d", i ? ", " : "", sgs->sid[i]);
	}
	out(&o, "]\n");
	return out_end(&o);
}

int
xnvme_spec_drecv_sgs_pr(struct xnvme_spec_streams_dir_gs *sgs, int opts)
{
	(void)opts;
	return print_drecv_sgs(stdout, sgs);
}

int
print_drecv_sar(FILE *stream, struct xnvme_spec_alloc_resource sar)
{
	struct out o = out_to(stream);

	out(&o, "xnvme_spec_alloc_resource: {nsa: %d}\n", (int)sar.bits.nsa);
	return out_end(&o);
}

int
xnvme_spec_drecv_sar_pr(struct xnvme_spec_alloc_resource sar, int opts)
{
	(void)opts;
	return print_drecv_sar(stdout, sar);
}

static void
out_range(struct out *o, const struct xnvme_spec_nvm_scopy_fmt_zero *entry)
{
	out(o, "{slba: 0x%016" PRIx64 ", nlb: %d, eilbrt: 0x%x, elbat: 0x%x, elbatm: 0x%x}\n",
	    entry->slba, (int)entry->nlb, entry->eilbrt, entry->elbat, entry->elbatm);
}

int
xnvme_spec_nvm_scopy_fmt_zero_fpr(FILE *stream, const struct xnvme_spec_nvm_scopy_fmt_zero *entry,
				  int opts)
{
	struct out o = out_to(stream);

	(void)opts;
	if (!entry) {
		out_head(&o, "xnvme_spec_nvm_scopy_fmt_zero", entry);
		return out_end(&o);
	}
	out(&o, "xnvme_spec_nvm_scopy_fmt_zero: ");
	out_range(&o, entry);
	return out_end(&o);
}

int
xnvme_spec_nvm_scopy_fmt_zero_pr(const struct xnvme_spec_nvm_scopy_fmt_zero *entry, int opts)
{
	return xnvme_spec_nvm_scopy_fmt_zero_fpr(stdout, entry, opts);
}

int
xnvme_spec_nvm_scopy_source_range_fpr(FILE *stream,
				      const struct xnvme_spec_nvm_scopy_source_range *srange,
				      uint8_t nr, int opts)
{
	struct out o = out_to(stream);

	(void)opts;
	if (!out_head(&o, "xnvme_spec_nvm_scopy_source_range", srange)) {
		return out_end(&o);
	}
	out(&o, "  nr: %d\n  entries:\n", nr + 1);
	for (int i = 0; i <= nr && i < XNVME_SPEC_NVM_SCOPY_NENTRY_MAX; ++i) {
		out(&o, "    - ");
		out_range(&o, &srange->entry[i]);
	}
	return out_end(&o);
}

int
xnvme_spec_nvm_scopy_source_range_pr(const struct xnvme_spec_nvm_scopy_source_range *srange,
				     uint8_t nr, int opts)
{
	return xnvme_spec_nvm_scopy_source_range_fpr(stdout, srange, nr, opts);
}
