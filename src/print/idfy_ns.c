/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Identify Namespace, of all command sets.
 */
#include <inttypes.h>
#include <libxnvme_spec_pp.h>
#include <print/print.h>

#define F(member, form) FIELD(xnvme_spec_idfy_ns, member, form)
#define V(member) FIELD_AS(xnvme_spec_idfy_ns, #member, member.val, FORM_HEX)

static const struct field sizes[] = {
	F(nsze, FORM_DEC), F(ncap, FORM_DEC), F(nuse, FORM_DEC), F(nlbaf, FORM_DEC)};

static const struct field atomics[] = {
	V(dpc),
	V(dps),
	FIELD_AS(xnvme_spec_idfy_ns, "nsrescap", nsrescap.val, FORM_HEX),
	V(fpi),
	V(dlfeat),
	F(nawun, FORM_HEX),
	F(nawupf, FORM_HEX),
	F(nacwu, FORM_HEX),
	F(nabsn, FORM_HEX),
	F(nabspf, FORM_HEX),
	F(noiob, FORM_DEC),
};

static const struct field preferences[] = {
	F(npwg, FORM_DEC),
	F(npwa, FORM_DEC),
	F(npdg, FORM_DEC),
	F(npda, FORM_DEC),
	F(nows, FORM_DEC),
	F(mssrl, FORM_DEC),
	F(mcl, FORM_DEC),
	F(msrc, FORM_DEC),
	F(anagrpid, FORM_HEX),
	F(nsattr, FORM_HEX),
	F(nvmsetid, FORM_HEX),
	F(endgid, FORM_HEX),
	F(nguid, FORM_BYTES),
	F(eui64, FORM_HEX),
};

static void
out_features(struct out *o, const struct xnvme_spec_idfy_ns *ns)
{
	out(o, "  nsfeat:\n");
	out(o, "    thin_prov: %d\n", ns->nsfeat.thin_prov);
	out(o, "    ns_atomic_write_unit: %d\n", ns->nsfeat.ns_atomic_write_unit);
	out(o, "    dealloc_or_unwritten_error: %d\n", ns->nsfeat.dealloc_or_unwritten_error);
	out(o, "    guid_never_reused: %d\n", ns->nsfeat.guid_never_reused);
	out(o, "    optimal_performance: %d\n", ns->nsfeat.optimal_performance);
	out(o, "    reserved1: %d\n", ns->nsfeat.reserved1);
	out(o, "  flbas:\n");
	out(o, "    format_lsb: %d\n", ns->flbas.format);
	out(o, "    extended: %d\n", ns->flbas.extended);
	out(o, "    format_msb: %d\n", ns->flbas.format_msb);
	out(o, "    reserved2: %d\n", ns->flbas.reserved2);
	out(o, "  mc:\n");
	out(o, "    extended: %d\n", ns->mc.extended);
	out(o, "    pointer: %d\n", ns->mc.pointer);
	out(o, "    reserved3: %d\n", ns->mc.reserved3);
}

int
xnvme_spec_idfy_ns_fpr(FILE *stream, const struct xnvme_spec_idfy_ns *idfy, int opts)
{
	struct out o = out_to(stream);

	(void)opts;
	if (!out_head(&o, "xnvme_spec_idfy_ns", idfy)) {
		return out_end(&o);
	}
	OUT_FIELDS(&o, 2, idfy, sizes);
	out_features(&o, idfy);
	OUT_FIELDS(&o, 2, idfy, atomics);
	out(&o, "  nvmcap:\n    - %" PRIu64 "\n    - %" PRIu64 "\n", idfy->nvmcap[0],
	    idfy->nvmcap[1]);
	OUT_FIELDS(&o, 2, idfy, preferences);
	out(&o, "  # ms: meta-data-size-in-nbytes\n");
	out(&o, "  # ds: data-size in 2^ds bytes\n");
	out(&o, "  # rp: relative performance 00b, 1b 10b, 11b\n");
	out(&o, "  lbaf:\n");
	for (int i = 0; i <= idfy->nlbaf && i < 64; ++i) {
		out(&o, "    - {ms: %d, ds: %d, rp: %d}\n", idfy->lbaf[i].ms, idfy->lbaf[i].ds,
		    idfy->lbaf[i].rp);
	}
	return out_end(&o);
}

int
xnvme_spec_idfy_ns_pr(const struct xnvme_spec_idfy_ns *idfy, int opts)
{
	return xnvme_spec_idfy_ns_fpr(stdout, idfy, opts);
}

int
xnvme_spec_nvm_idfy_ns_fpr(FILE *stream, struct xnvme_spec_nvm_idfy_ns *idfy, int opts)
{
	struct out o = out_to(stream);

	(void)opts;
	if (!out_head(&o, "xnvme_spec_nvm_idfy_ns", idfy)) {
		return out_end(&o);
	}
	out(&o, "  lbstm: %#" PRIx64 "\n", idfy->lbstm);
	out(&o, "  pic: {gpists: %d, gpistm: %d, stcrs: %d, val: %#x}\n", idfy->pic.gpists,
	    idfy->pic.gpistm, idfy->pic.stcrs, idfy->pic.val);
	out(&o, "  elbaf:\n");
	for (int i = 0; i < 64; ++i) {
		out(&o, "    - {sts: %d, pif: %d}\n", (int)idfy->elbaf[i].sts,
		    (int)idfy->elbaf[i].pif);
	}
	return out_end(&o);
}

int
xnvme_spec_nvm_idfy_ns_pr(struct xnvme_spec_nvm_idfy_ns *idfy, int opts)
{
	return xnvme_spec_nvm_idfy_ns_fpr(stdout, idfy, opts);
}

static void
out_lbafe(struct out *o, const struct xnvme_spec_znd_idfy_lbafe *zonef)
{
	out(o, "{ zsze: %" PRIu64 ", zdes: %d }\n", zonef->zsze, zonef->zdes);
}

int
xnvme_spec_znd_idfy_lbafe_fpr(FILE *stream, struct xnvme_spec_znd_idfy_lbafe *zonef, int opts)
{
	struct out o = out_to(stream);

	(void)opts;
	if (zonef) {
		out_lbafe(&o, zonef);
	} else {
		out(&o, "~\n");
	}
	return out_end(&o);
}

/* Sixteen formats are always shown; those beyond only when there are any */
static int
lbafe_count(const struct xnvme_spec_znd_idfy_ns *zns)
{
	int count = 16;

	for (int i = 16; i < 64; ++i) {
		if (zns->lbafe[i].zsze) {
			count = i + 1;
		}
	}
	return count;
}

int
xnvme_spec_znd_idfy_ns_fpr(FILE *stream, struct xnvme_spec_znd_idfy_ns *zns, int opts)
{
	static const struct field resources[] = {
		FIELD(xnvme_spec_znd_idfy_ns, mar, FORM_DEC),
		FIELD(xnvme_spec_znd_idfy_ns, mor, FORM_DEC),
		FIELD(xnvme_spec_znd_idfy_ns, rrl, FORM_DEC),
		FIELD(xnvme_spec_znd_idfy_ns, frl, FORM_DEC),
	};
	static const struct field zrwa[] = {
		FIELD(xnvme_spec_znd_idfy_ns, numzrwa, FORM_DEC),
		FIELD(xnvme_spec_znd_idfy_ns, zrwas, FORM_DEC),
		FIELD(xnvme_spec_znd_idfy_ns, zrwafg, FORM_DEC),
	};
	struct out o = out_to(stream);

	(void)opts;
	if (!out_head(&o, "xnvme_spec_znd_idfy_ns", zns)) {
		return out_end(&o);
	}
	out(&o, "  zoc: { vzcap: %d, zae: %d }\n", zns->zoc.bits.vzcap, zns->zoc.bits.zae);
	out(&o, "  ozcs:\n    val: %#x\n    razb: %d\n    zrwasup: %d\n", zns->ozcs.val,
	    zns->ozcs.bits.razb, zns->ozcs.bits.zrwasup);
	OUT_FIELDS(&o, 2, zns, resources);
	out(&o, "  lbafe:\n");
	for (int i = 0; i < lbafe_count(zns); ++i) {
		out(&o, "  - ");
		out_lbafe(&o, &zns->lbafe[i]);
	}
	OUT_FIELDS(&o, 2, zns, zrwa);
	out(&o, "  zrwacap:\n    val: %#x\n    expflushsup: %d\n", zns->zrwacap.val,
	    zns->zrwacap.bits.expflushsup);
	return out_end(&o);
}

int
xnvme_spec_znd_idfy_ns_pr(struct xnvme_spec_znd_idfy_ns *zns, int opts)
{
	return xnvme_spec_znd_idfy_ns_fpr(stdout, zns, opts);
}

int
xnvme_spec_kvs_idfy_ns_fpr(FILE *stream, const struct xnvme_spec_kvs_idfy_ns *idfy, int opts)
{
	static const struct field fields[] = {
		FIELD(xnvme_spec_kvs_idfy_ns, nsze, FORM_DEC),
		FIELD(xnvme_spec_kvs_idfy_ns, nuse, FORM_DEC),
		FIELD(xnvme_spec_kvs_idfy_ns, nsfeat, FORM_HEX),
		FIELD(xnvme_spec_kvs_idfy_ns, nkvf, FORM_DEC),
		FIELD(xnvme_spec_kvs_idfy_ns, nmic, FORM_HEX),
		FIELD(xnvme_spec_kvs_idfy_ns, rescap, FORM_HEX),
		FIELD(xnvme_spec_kvs_idfy_ns, fpi, FORM_HEX),
		FIELD(xnvme_spec_kvs_idfy_ns, novg, FORM_DEC),
		FIELD(xnvme_spec_kvs_idfy_ns, anagrpid, FORM_HEX),
		FIELD(xnvme_spec_kvs_idfy_ns, nsattr, FORM_HEX),
		FIELD(xnvme_spec_kvs_idfy_ns, nvmsetid, FORM_HEX),
		FIELD(xnvme_spec_kvs_idfy_ns, endgid, FORM_HEX),
		FIELD(xnvme_spec_kvs_idfy_ns, nguid, FORM_PAIR),
		FIELD(xnvme_spec_kvs_idfy_ns, eui64, FORM_HEX),
	};
	struct out o = out_to(stream);

	(void)opts;
	if (!out_head(&o, "xnvme_spec_kvs_idfy_ns", idfy)) {
		return out_end(&o);
	}
	OUT_FIELDS(&o, 2, idfy, fields);
	out(&o, "  kvf:\n");
	for (int i = 0; i <= idfy->nkvf && i < 16; ++i) {
		out(&o, "    - {kml: %d, fopt: %#x, vml: %u, mnk: %u}\n", idfy->kvf[i].kml,
		    idfy->kvf[i].fopt, idfy->kvf[i].vml, idfy->kvf[i].mnk);
	}
	return out_end(&o);
}

int
xnvme_spec_kvs_idfy_ns_pr(const struct xnvme_spec_kvs_idfy_ns *idfy, int opts)
{
	return xnvme_spec_kvs_idfy_ns_fpr(stdout, idfy, opts);
}
