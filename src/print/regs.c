/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Controller properties.
 */
#include <inttypes.h>
#include <libxnvme_spec_pp.h>
#include <print/print.h>

#define R(member) FIELD(xnvme_spec_ctrlr_bar, member, FORM_HEX)
#define CAP(name) {"cap_" #name, xnvme_spec_cap_##name}

static const struct field registers[] = {
	R(cap),    R(vs),     R(intms),  R(intmc),   R(cc),      R(csts),    R(nssr),
	R(aqa),    R(asq),    R(acq),    R(cmbloc),  R(cmbsz),   R(bpinfo),  R(bprsel),
	R(bpmbl),  R(cmbmsc), R(cmbsts), R(cmbebs),  R(cmbswtp), R(nssd),    R(crto),
	R(pmrcap), R(pmrctl), R(pmrsts), R(pmrebs),  R(pmrswtp), R(pmrmscl), R(pmrmscu),
};

int
xnvme_spec_ctrlr_bar_fpr(FILE *stream, struct xnvme_spec_ctrlr_bar *bar, int opts)
{
	struct out o = out_to(stream);

	(void)opts;
	if (out_head(&o, "xnvme_spec_ctrlr_bar", bar)) {
		OUT_FIELDS(&o, 2, bar, registers);
	}
	return out_end(&o);
}

/* The registers with the fields of those that programs look into */
struct part {
	const char *name;
	uint64_t (*get)(uint64_t value);
};

static const struct part cap_parts[] = {
	CAP(mqes), CAP(cqr),  CAP(ams),    CAP(to),     CAP(dstrd), CAP(nssrs), CAP(css), CAP(bps),
	CAP(cps),  CAP(pmrs), CAP(mpsmin), CAP(mpsmax), CAP(cmbs),  CAP(nsss),  CAP(crms),
};

struct part32 {
	const char *name;
	uint32_t (*get)(uint32_t value);
};

#define CC(name) {"cc_" #name, xnvme_spec_cc_##name}
static const struct part32 cc_parts[] = {
	CC(en), CC(css), CC(mps), CC(ams), CC(shn), CC(iosqes), CC(iocqes), CC(crime),
};

#define CSTS(name) {"csts_" #name, xnvme_spec_csts_##name}
static const struct part32 csts_parts[] = {
	CSTS(rdy), CSTS(cfs), CSTS(shst), CSTS(nssro), CSTS(pp), CSTS(st),
};

static int
out_parts32(uint32_t value, const struct part32 *parts, size_t count)
{
	struct out o = out_to(stdout);

	for (size_t i = 0; i < count; ++i) {
		out(&o, "  %s: %#x\n", parts[i].name, parts[i].get(value));
	}
	return out_end(&o);
}

int
xnvme_spec_ctrlr_bar_pp(struct xnvme_spec_ctrlr_bar *bar, int opts)
{
	int total = xnvme_spec_ctrlr_bar_fpr(stdout, bar, opts);
	struct out o = out_to(stdout);
	int part;

	if (!bar || total < 0) {
		return total;
	}
	for (size_t i = 0; i < sizeof(cap_parts) / sizeof(cap_parts[0]); ++i) {
		out(&o, "  %s: %#" PRIx64 "\n", cap_parts[i].name, cap_parts[i].get(bar->cap));
	}
	part = out_end(&o);
	if (part < 0) {
		return part;
	}
	total += part;
	part = out_parts32(bar->cc, cc_parts, sizeof(cc_parts) / sizeof(cc_parts[0]));
	if (part < 0) {
		return part;
	}
	total += part;
	part = out_parts32(bar->csts, csts_parts, sizeof(csts_parts) / sizeof(csts_parts[0]));
	return part < 0 ? part : total + part;
}
