/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Values of features.
 */
#include <libxnvme_spec_pp.h>
#include <print/out.h>

static void
out_known(struct out *o, uint8_t fid, struct xnvme_spec_feat f)
{
	switch (fid) {
	case XNVME_SPEC_FEAT_ARBITRATION:
		out(o, "feat: {ab: %d, lpw: %d, mpw: %d, hpw: %d}\n", f.arbitration.ab,
		    f.arbitration.lpw, f.arbitration.mpw, f.arbitration.hpw);
		break;
	case XNVME_SPEC_FEAT_PWR_MGMT:
		out(o, "feat: {ps: %d, wh: %d}\n", f.pwr_mgmt.ps, f.pwr_mgmt.wh);
		break;
	case XNVME_SPEC_FEAT_TEMP_THRESHOLD:
		out(o, "feat: {tmpth: %d, tmpsel: 0x%x, thsel: 0x%x}\n", f.temp_threshold.tmpth,
		    f.temp_threshold.tmpsel, f.temp_threshold.thsel);
		break;
	case XNVME_SPEC_FEAT_ERROR_RECOVERY:
		out(o, "feat: {dulbe: %d, tler: %d}\n", f.error_recovery.dulbe,
		    f.error_recovery.tler);
		break;
	case XNVME_SPEC_FEAT_VWCACHE:
		out(o, "feat: {wce: %d}\n", f.vwcache.wce);
		break;
	case XNVME_SPEC_FEAT_NQUEUES:
		out(o, "feat: { nsqa: %d, ncqa: %d }\n", f.nqueues.nsqa, f.nqueues.ncqa);
		break;
	case XNVME_SPEC_FEAT_INTR_COALESCING:
		out(o, "feat: {thr: %d, time: %d}\n", f.intr_coalescing.thr,
		    f.intr_coalescing.time);
		break;
	case XNVME_SPEC_FEAT_INTR_VECTOR:
		out(o, "feat: {iv: %d, cd: %d}\n", f.intr_vector.iv, f.intr_vector.cd);
		break;
	case XNVME_SPEC_FEAT_WRITE_ATOMICITY:
		out(o, "feat: {dn: %d}\n", f.write_atomicity.dn);
		break;
	case XNVME_SPEC_FEAT_FDP_MODE:
		out(o, "feat: { fdpe: %d, fdpci: %d }\n", f.fdp_mode.fdpe, f.fdp_mode.fdpci);
		break;
	default:
		out(o, "feat: {fid: 0x%x, val: 0x%x}\n", fid, f.val);
		break;
	}
}

int
xnvme_spec_feat_fpr(FILE *stream, uint8_t fid, struct xnvme_spec_feat feat, int opts)
{
	struct out o = out_to(stream);

	(void)opts;
	out_known(&o, fid, feat);
	return out_end(&o);
}

int
xnvme_spec_feat_pr(uint8_t fid, struct xnvme_spec_feat feat, int opts)
{
	return xnvme_spec_feat_fpr(stdout, fid, feat, opts);
}
