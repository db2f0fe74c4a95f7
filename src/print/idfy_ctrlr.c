/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Identify Controller.
 */
#include <libxnvme_spec_pp.h>
#include <print/print.h>

#define F(member, form) FIELD(xnvme_spec_idfy_ctrlr, member, form)
#define V(member) FIELD_AS(xnvme_spec_idfy_ctrlr, #member, member.val, FORM_HEX)

static const struct field identity[] = {
	F(vid, FORM_HEX),    F(ssvid, FORM_HEX), F(sn, FORM_TEXT),
	F(mn, FORM_TEXT),    F(fr, FORM_TEXT),   F(rab, FORM_DEC),
};

static const struct field capabilities[] = {
	V(cmic),
	F(mdts, FORM_DEC),
	F(cntlid, FORM_DEC),
	V(ver),
	F(rtd3r, FORM_DEC),
	F(rtd3e, FORM_DEC),
	V(oaes),
	V(ctratt),
	F(rrls, FORM_HEX),
	F(cntrltype, FORM_HEX),
	F(crdt1, FORM_DEC),
	F(crdt2, FORM_DEC),
	F(crdt3, FORM_DEC),
	V(nvmsr),
	V(vwci),
	V(mec),
	V(oacs),
	F(acl, FORM_DEC),
	F(aerl, FORM_DEC),
	V(frmw),
};

static const struct field limits[] = {
	F(elpe, FORM_DEC),
	F(npss, FORM_DEC),
	V(avscc),
	V(apsta),
	F(wctemp, FORM_DEC),
	F(cctemp, FORM_DEC),
	F(mtfa, FORM_DEC),
	F(hmpre, FORM_DEC),
	F(hmmin, FORM_DEC),
	F(tnvmcap, FORM_PAIR),
	F(unvmcap, FORM_PAIR),
	V(rpmbs),
	F(edstt, FORM_DEC),
	V(dsto),
	F(fwug, FORM_DEC),
	F(kas, FORM_DEC),
	V(hctma),
	F(mntmt, FORM_DEC),
	F(mxtmt, FORM_DEC),
	V(sanicap),
	F(hmminds, FORM_DEC),
	F(hmmaxd, FORM_DEC),
	F(nsetidmax, FORM_DEC),
	F(endgidmax, FORM_DEC),
	F(anatt, FORM_DEC),
	V(anacap),
	F(anagrpmax, FORM_DEC),
	F(nanagrpid, FORM_DEC),
	F(pels, FORM_DEC),
	F(domain_identifier, FORM_DEC),
	F(megcap, FORM_PAIR),
	V(sqes),
	V(cqes),
	F(maxcmd, FORM_DEC),
	F(nn, FORM_DEC),
};

static const struct field commands[] = {
	F(fuses, FORM_HEX), V(fna),
	V(vwc),             F(awun, FORM_DEC),
	F(awupf, FORM_DEC), F(nvscc, FORM_DEC),
	F(acwu, FORM_DEC),
};

static const struct field transport[] = {
	V(sgls),
	F(mnan, FORM_DEC),
	F(maxdna, FORM_PAIR),
	F(maxcna, FORM_DEC),
	F(subnqn, FORM_TEXT),
};

static void
out_lpa(struct out *o, const struct xnvme_spec_idfy_ctrlr *idfy)
{
	out(o, "  lpa: { ns_smart: %d, celp: %d, edlp: %d, telemetry: %d, pel: %d, mel: %d, ",
	    idfy->lpa.ns_smart, idfy->lpa.celp, idfy->lpa.edlp, idfy->lpa.telemetry, idfy->lpa.pel,
	    idfy->lpa.mel);
	out(o, "tel_da4: %d, val: %#x}\n", idfy->lpa.tel_da4, idfy->lpa.val);
}

static void
out_oncs(struct out *o, const struct xnvme_spec_idfy_ctrlr *idfy)
{
	out(o, "  oncs:\n");
	out(o, "    compare: %d\n", idfy->oncs.compare);
	out(o, "    write_unc: %d\n", idfy->oncs.write_unc);
	out(o, "    dsm: %d\n", idfy->oncs.dsm);
	out(o, "    write_zeroes: %d\n", idfy->oncs.write_zeroes);
	out(o, "    set_features_save: %d\n", idfy->oncs.set_features_save);
	out(o, "    reservations: %d\n", idfy->oncs.reservations);
	out(o, "    timestamp: %d\n", idfy->oncs.timestamp);
	out(o, "    verify: %d\n", idfy->oncs.verify);
	out(o, "    copy: %d\n", idfy->oncs.copy);
}

static void
out_cdfs(struct out *o, const struct xnvme_spec_idfy_ctrlr *idfy)
{
	out(o, "  cdfs:\n");
	out(o, "    val: %#x\n", idfy->cdfs.val);
	out(o, "    format0: %d\n", idfy->cdfs.format0);
	out(o, "    format1: %d\n", idfy->cdfs.format1);
	out(o, "    format2: %d\n", idfy->cdfs.format2);
	out(o, "    format3: %d\n", idfy->cdfs.format3);
}

int
xnvme_spec_idfy_ctrlr_fpr(FILE *stream, const struct xnvme_spec_idfy_ctrlr *idfy, int opts)
{
	struct out o = out_to(stream);

	(void)opts;
	if (!out_head(&o, "xnvme_spec_idfy_ctrlr", idfy)) {
		return out_end(&o);
	}
	OUT_FIELDS(&o, 2, idfy, identity);
	/* quoted: its digits are hexadecimal, most significant byte last */
	out(&o, "  ieee: '%02x%02x%02x'\n", idfy->ieee[2], idfy->ieee[1], idfy->ieee[0]);
	OUT_FIELDS(&o, 2, idfy, capabilities);
	out_lpa(&o, idfy);
	OUT_FIELDS(&o, 2, idfy, limits);
	out_oncs(&o, idfy);
	OUT_FIELDS(&o, 2, idfy, commands);
	out_cdfs(&o, idfy);
	OUT_FIELDS(&o, 2, idfy, transport);
	return out_end(&o);
}

int
xnvme_spec_idfy_ctrlr_pr(const struct xnvme_spec_idfy_ctrlr *idfy, int opts)
{
	return xnvme_spec_idfy_ctrlr_fpr(stdout, idfy, opts);
}

int
xnvme_spec_nvm_idfy_ctrlr_fpr(FILE *stream, struct xnvme_spec_nvm_idfy_ctrlr *idfy, int opts)
{
	static const struct field fields[] = {
		FIELD(xnvme_spec_nvm_idfy_ctrlr, vsl, FORM_DEC),
		FIELD(xnvme_spec_nvm_idfy_ctrlr, wzsl, FORM_DEC),
		FIELD(xnvme_spec_nvm_idfy_ctrlr, wusl, FORM_DEC),
		FIELD(xnvme_spec_nvm_idfy_ctrlr, dmrl, FORM_DEC),
		FIELD(xnvme_spec_nvm_idfy_ctrlr, dmrsl, FORM_DEC),
		FIELD(xnvme_spec_nvm_idfy_ctrlr, dmsl, FORM_DEC),
	};
	struct out o = out_to(stream);

	(void)opts;
	if (out_head(&o, "xnvme_spec_nvm_idfy_ctrlr", idfy)) {
		OUT_FIELDS(&o, 2, idfy, fields);
	}
	return out_end(&o);
}

int
xnvme_spec_nvm_idfy_ctrlr_pr(struct xnvme_spec_nvm_idfy_ctrlr *idfy, int opts)
{
	return xnvme_spec_nvm_idfy_ctrlr_fpr(stdout, idfy, opts);
}

int
xnvme_spec_znd_idfy_ctrlr_fpr(FILE *stream, struct xnvme_spec_znd_idfy_ctrlr *zctrlr, int opts)
{
	struct out o = out_to(stream);

	(void)opts;
	if (out_head(&o, "xnvme_spec_znd_idfy_ctrlr", zctrlr)) {
		out(&o, "  zasl: %d\n", zctrlr->zasl);
	}
	return out_end(&o);
}

int
xnvme_spec_znd_idfy_ctrlr_pr(struct xnvme_spec_znd_idfy_ctrlr *zctrlr, int opts)
{
	return xnvme_spec_znd_idfy_ctrlr_fpr(stdout, zctrlr, opts);
}

int
xnvme_spec_idfy_cs_fpr(FILE *stream, const struct xnvme_spec_idfy_cs *idfy, int opts)
{
	struct out o = out_to(stream);
	int shown = 0;

	(void)opts;
	if (!idfy) {
		out_head(&o, "xnvme_spec_idfy_cs", NULL);
		return out_end(&o);
	}
	for (int i = 0; i < XNVME_SPEC_IDFY_CS_IOCSC_LEN; ++i) {
		const struct xnvme_spec_cs_vector v = idfy->iocsc[i];

		if (!v.val) {
			continue; /* no such combination */
		}
		out(&o, "%s", shown++ ? "" : "xnvme_spec_idfy_cs:\n");
		out(&o, "  - { iocsci: %d, val: %#llx, nvm: %d, kv: %d, zns: %d }\n", i,
		    (unsigned long long)v.val, (int)v.nvm, (int)v.kv, (int)v.zns);
	}
	out(&o, "%s", shown ? "" : "xnvme_spec_idfy_cs: []\n");
	return out_end(&o);
}

int
xnvme_spec_idfy_cs_pr(const struct xnvme_spec_idfy_cs *idfy, int opts)
{
	return xnvme_spec_idfy_cs_fpr(stdout, idfy, opts);
}
