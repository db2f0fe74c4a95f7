/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Values of features: where their fields lie, as a table.
 */
#include <libxnvme_spec_pp.h>
#include <print/print.h>

#define PARTS_MAX 11

struct part {
	const char *name;
	uint8_t shift;
	uint8_t nbits;
	bool hex;
};

struct feature {
	uint8_t fid;
	bool spaced; /* { a: 1 }, not {a: 1}: as scripts know it */
	struct part parts[PARTS_MAX];
};

/* NVMe Base 2.0, Set Features; NVM Command Set 1.0, Set Features; FDP: TP4146 */
static const struct feature features[] = {
	{XNVME_SPEC_FEAT_ARBITRATION,
	 false,
	 {{"ab", 0, 3, 0}, {"lpw", 8, 8, 0}, {"mpw", 16, 8, 0}, {"hpw", 24, 8, 0}}},
	{XNVME_SPEC_FEAT_PWR_MGMT, false, {{"ps", 0, 5, 0}, {"wh", 5, 3, 0}}},
	{XNVME_SPEC_FEAT_LBA_RANGETYPE, false, {{"num", 0, 6, 0}}},
	{XNVME_SPEC_FEAT_TEMP_THRESHOLD,
	 false,
	 {{"tmpth", 0, 16, 0}, {"tmpsel", 16, 4, 1}, {"thsel", 20, 2, 1}}},
	{XNVME_SPEC_FEAT_ERROR_RECOVERY, false, {{"dulbe", 16, 1, 0}, {"tler", 0, 16, 0}}},
	{XNVME_SPEC_FEAT_VWCACHE, false, {{"wce", 0, 1, 0}}},
	{XNVME_SPEC_FEAT_NQUEUES, true, {{"nsqa", 0, 16, 0}, {"ncqa", 16, 16, 0}}},
	{XNVME_SPEC_FEAT_INTR_COALESCING, false, {{"thr", 0, 8, 0}, {"time", 8, 8, 0}}},
	{XNVME_SPEC_FEAT_INTR_VECTOR, false, {{"iv", 0, 16, 0}, {"cd", 16, 1, 0}}},
	{XNVME_SPEC_FEAT_WRITE_ATOMICITY, false, {{"dn", 0, 1, 0}}},
	{XNVME_SPEC_FEAT_ASYNC_EVENT,
	 false,
	 {{"shcw", 0, 8, 1},
	  {"nan", 8, 1, 0},
	  {"fan", 9, 1, 0},
	  {"tln", 10, 1, 0},
	  {"anacn", 11, 1, 0},
	  {"plealcn", 12, 1, 0},
	  {"lsin", 13, 1, 0},
	  {"egealpcn", 14, 1, 0},
	  {"nnvmss", 15, 1, 0},
	  {"zdcn", 27, 1, 0},
	  {"dlpcn", 31, 1, 0}}},
	{XNVME_SPEC_FEAT_APST, false, {{"apste", 0, 1, 0}}},
	{XNVME_SPEC_FEAT_HMB, false, {{"ehm", 0, 1, 0}, {"mr", 1, 1, 0}}},
	{XNVME_SPEC_FEAT_KATO, false, {{"kato", 0, 32, 0}}},
	{XNVME_SPEC_FEAT_HCTM, false, {{"tmt2", 0, 16, 0}, {"tmt1", 16, 16, 0}}},
	{XNVME_SPEC_FEAT_NOPSC, false, {{"noppme", 0, 1, 0}}},
	{XNVME_SPEC_FEAT_IOCS_PROFILE, false, {{"iocsci", 0, 9, 0}}},
	{XNVME_SPEC_FEAT_FDP_MODE, true, {{"fdpe", 0, 1, 0}, {"fdpci", 8, 8, 0}}},
	{XNVME_SPEC_FEAT_HOST_ID, false, {{"exhid", 0, 1, 0}}},
	{XNVME_SPEC_FEAT_NS_WRITE_PROTECT, false, {{"wps", 0, 3, 0}}},
};

static const struct feature *
feature_of(uint8_t fid)
{
	for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); ++i) {
		if (features[i].fid == fid) {
			return &features[i];
		}
	}
	return NULL;
}

static void
out_feature(struct out *o, const struct feature *feature, uint32_t value)
{
	out(o, "feat: {%s", feature->spaced ? " " : "");
	for (size_t i = 0; i < PARTS_MAX && feature->parts[i].name; ++i) {
		const struct part *part = &feature->parts[i];
		uint32_t field = value >> part->shift;

		field &= (uint32_t)((UINT64_C(1) << part->nbits) - 1);
		out(o, part->hex ? "%s%s: 0x%x" : "%s%s: %u", i ? ", " : "", part->name, field);
	}
	out(o, "%s}\n", feature->spaced ? " " : "");
}

int
xnvme_spec_feat_fpr(FILE *stream, uint8_t fid, struct xnvme_spec_feat feat, int opts)
{
	const struct feature *feature = feature_of(fid);
	struct out o = out_to(stream);

	(void)opts;
	if (feature) {
		out_feature(&o, feature, feat.val);
	} else {
		out(&o, "feat: {fid: 0x%x, val: 0x%x}\n", fid, feat.val);
	}
	return out_end(&o);
}

int
xnvme_spec_feat_pr(uint8_t fid, struct xnvme_spec_feat feat, int opts)
{
	return xnvme_spec_feat_fpr(stdout, fid, feat, opts);
}
