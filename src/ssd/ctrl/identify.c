/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Identify: one row per CNS value. Each fills ssd->page, which is zeroed before; NVMe Base 2.0,
 * Identify.
 */
#include <base/bytes.h>
#include <ssd/ctrl/admin.h>
#include <ssd/ctrl/identify.h>
#include <ssd/fdp/fdp.h>
#include <ssd/host_memory.h>
#include <ssd/kind.h>
#include <ssd/ns.h>

#define TEMPERATURE_WARNING_K 343
#define ONCS_COPY_IS_ONE_WRITE (1u << 9) /* NVMCSA: one write with regard to atomicity */
#define TEMPERATURE_CRITICAL_K 353

static void
identify_check(const struct ssd *ssd, const struct identify *want)
{
	ASSERT(ssd->nformats > 0 && ssd->nformats <= LBA_FORMATS);
	ASSERT(!want->found || want->found->nsid == want->nsid);
	ASSERT(!want->found || want->found->saved->exists);
}

static uint16_t
identify_sub(char *subnqn, const struct ssd_config *config)
{
	static const char prefix[] = "nqn.2024-01.io.xnvme:virtual:";
	uint32_t at = sizeof(prefix) - 1;

	STATIC_ASSERT(sizeof(prefix) + sizeof(config->serial) <= sizeof(config->subnqn),
		      "the name fits");
	if (config->subnqn[0]) {
		memcpy(subnqn, config->subnqn, sizeof(config->subnqn));
		return STATUS(SUCCESS);
	}
	memcpy(subnqn, prefix, at);
	for (uint32_t i = 0; i < sizeof(config->serial) && config->serial[i]; ++i) {
		subnqn[at++] = config->serial[i];
	}
	return STATUS(SUCCESS);
}

static void
identify_abilities(const struct ssd *ssd, struct xnvme_spec_idfy_ctrlr *ctrlr)
{
	ctrlr->oaes.ns_attribute_notices = 1;
	ctrlr->oaes.lba_sia_notices = 1;
	ctrlr->oaes.zone_changes = has_kind(ssd, SSD_NS_ZNS);
	ctrlr->ctratt.host_id_exhid_supported = 1;
	ctrlr->ctratt.endurance_groups = 1;
	ctrlr->ctratt.namespace_granularity = 1;
	ctrlr->ctratt.extended_lba_formats = 1;
	ctrlr->ctratt.flexible_data_placement = fdp_is_there(ssd);
	ctrlr->oacs.format = 1;
	ctrlr->oacs.ns_manage = 1;
	ctrlr->oacs.device_self_test = 1;
	ctrlr->oacs.directives = 1;
	ctrlr->oacs.lba_status = 1;
	ctrlr->oncs.compare = 1;
	ctrlr->oncs.write_unc = 1;
	ctrlr->oncs.dsm = 1;
	ctrlr->oncs.write_zeroes = 1;
	ctrlr->oncs.set_features_save = 1;
	ctrlr->oncs.timestamp = 1;
	ctrlr->oncs.verify = 1;
	ctrlr->oncs.copy = 1;
	ctrlr->oncs.val |= ONCS_COPY_IS_ONE_WRITE;
	ctrlr->fuses = 1; /* Compare and Write */
	ctrlr->fna.crypto_erase_supported = 1;
	ctrlr->vwc.present = ssd->config.cache_nbytes != 0;
	ctrlr->vwc.flush_broadcast = 3; /* NSID FFFFFFFFh flushes all */
	ctrlr->nwpc = 7;		/* write protection: until power cycle, permanent */
	ctrlr->cdfs.format0 = 1;
	ctrlr->cdfs.format1 = 1;
	ctrlr->cdfs.format2 = 1; /* from other namespaces */
	ctrlr->cdfs.format3 = 1;
	ctrlr->sanicap.bits.crypto_erase = 1;
	ctrlr->sanicap.bits.block_erase = 1;
	ctrlr->sanicap.bits.overwrite = 1;
	ctrlr->sanicap.bits.ndi = 1;	 /* blocks are always deallocated */
	ctrlr->sanicap.bits.nodmmas = 1; /* media are not modified afterwards */
	ctrlr->lpa.ns_smart = 1; /* the same for each */
	ctrlr->lpa.celp = 1;
	ctrlr->lpa.edlp = 1;
	ctrlr->lpa.telemetry = 1;
	ctrlr->lpa.mel = 1; /* Supported Log Pages, Feature Identifiers Supported */
}

static uint16_t
identify_ctrlr(struct ssd *ssd, const struct identify *want)
{
	struct xnvme_spec_idfy_ctrlr *ctrlr = (void *)ssd->page;
	const struct ssd_config *config = &ssd->config;

	identify_check(ssd, want);
	ASSERT(config->aer_limit > 0 && config->atomic_power_lba > 0); /* 0's based fields */
	(void)want;
	ctrlr->vid = config->vid;
	ctrlr->ssvid = config->ssvid;
	put_ascii(ctrlr->sn, config->serial, sizeof(ctrlr->sn));
	put_ascii(ctrlr->mn, config->model_number, sizeof(ctrlr->mn));
	put_ascii(ctrlr->fr, config->firmware, sizeof(ctrlr->fr));
	put_le(ctrlr->ieee, get_be24(config->ieee_oui), 3);
	ctrlr->mdts = config->mdts;
	ctrlr->cntlid = config->cntlid;
	ctrlr->ver.val = 0x00020000;
	ctrlr->cntrltype = 1; /* I/O controller */
	identify_abilities(ssd, ctrlr);
	ctrlr->acl = 3;
	ctrlr->aerl = (uint8_t)(config->aer_limit - 1);
	ctrlr->frmw.slot1_ro = 1;
	ctrlr->frmw.num_slots = 1;
	ctrlr->elpe = ERROR_LOG_ENTRIES - 1;
	ctrlr->wctemp = TEMPERATURE_WARNING_K;
	ctrlr->cctemp = TEMPERATURE_CRITICAL_K;
	ctrlr->tnvmcap[0] = ssd->pool_nbytes;
	ctrlr->unvmcap[0] = ns_unallocated_nbytes(ssd);
	ctrlr->edstt = 1; /* minutes */
	ctrlr->kas = 10;  /* in 100 ms */
	ctrlr->endgidmax = ENDURANCE_GROUP;
	ctrlr->sqes.val = 0x66;
	ctrlr->cqes.val = 0x44;
	ctrlr->maxcmd = config->transport.maxcmd;
	ctrlr->nn = ssd->ns_max;
	ctrlr->mnan = ssd->ns_max;
	ctrlr->awun = (uint16_t)(config->atomic_lba - 1);
	ctrlr->awupf = (uint16_t)(config->atomic_power_lba - 1);
	ctrlr->acwu = FUSED_LBA_MAX - 1;
	ctrlr->sgls.val = config->transport.sgls;
	ctrlr->nvmf_specific.ioccsz = config->transport.ioccsz;
	ctrlr->nvmf_specific.iorcsz = config->transport.iorcsz;
	ctrlr->nvmf_specific.icdoff = config->transport.icdoff;
	ctrlr->nvmf_specific.msdbd = config->transport.msdbd;
	ctrlr->psd[0].mp = 2500; /* in 10 mW */
	return identify_sub((char *)ctrlr->subnqn, config);
}

static void
identify_formats(const struct ssd *ssd, struct xnvme_spec_idfy_ns *idfy)
{
	bool metadata = ssd->nformats > 2;

	ASSERT(ssd->nformats > 0 && ssd->nformats <= SSD_LBA_FORMATS_MAX);
	idfy->nlbaf = (uint8_t)(ssd->nformats - 1);
	for (uint32_t i = 0; i < ssd->nformats; ++i) {
		idfy->lbaf[i].ds = lba_formats[i].shift;
		idfy->lbaf[i].ms = lba_formats[i].meta_nbytes;
		idfy->lbaf[i].rp = lba_formats[i].performance & 3u;
	}
	idfy->mc.extended = metadata;
	idfy->mc.pointer = metadata;
	idfy->dpc.val = metadata ? 0x1F : 0; /* types 1 to 3, first or last */
	idfy->nsfeat.dealloc_or_unwritten_error = 1;
	idfy->nsfeat.guid_never_reused = 0;
	idfy->dlfeat.bits.read_value = 1; /* zeroes */
	idfy->dlfeat.bits.write_zero_deallocate = 1;
	idfy->mssrl = COPY_RANGE_LBA_MAX;
	idfy->mcl = COPY_LBA_MAX;
	idfy->msrc = COPY_RANGES_MAX - 1;
	idfy->endgid = ENDURANCE_GROUP;
	idfy->nmic.can_share = 0;
	idfy->fpi.fpi_supported = 1;
}

static void
identify_blocks(const struct ssd *ssd, const struct ssd_ns *ns, struct xnvme_spec_idfy_ns *idfy)
{
	const struct saved_ns *saved = ns->saved;
	uint32_t per_page = PAGE_NBYTES >> ns->shift;
	const struct ssd_ns_config *config = &ssd->config.ns[saved->slot];

	ns_check(ssd, ns);
	identify_formats(ssd, idfy);
	idfy->nsze = idfy->ncap = idfy->nuse = ns->nlba;
	if (saved->kind == SSD_NS_ZNS) {
		idfy->nsfeat.dealloc_or_unwritten_error = 0;
	}
	if (config->atomic_power_lba || config->atomic_boundary_lba) {
		const struct atomic_unit unit = ns_atomic_unit(ssd, ns);
		uint64_t atomic_nlb = ssd->config.atomic_lba;

		atomic_nlb = unit.nlb > atomic_nlb ? unit.nlb : atomic_nlb;
		idfy->nsfeat.ns_atomic_write_unit = 1;
		idfy->nawun = (uint16_t)(atomic_nlb - 1);
		idfy->nawupf = (uint16_t)(unit.nlb - 1);
		idfy->nacwu = FUSED_LBA_MAX - 1;
		idfy->nabspf = (uint16_t)(unit.boundary ? unit.boundary - 1 : 0);
		idfy->nabo = (uint16_t)unit.offset;
	}
	idfy->nsfeat.optimal_performance = 1;
	/* NOWS, the optimal write size, is a multiple of the granularity NPWG */
	idfy->npwg = idfy->npwa = idfy->npdg = idfy->npda = idfy->nows = (uint16_t)(per_page - 1);
	idfy->flbas.format = saved->format & 15u;
	idfy->flbas.extended = saved->extended & 1u;
	idfy->dps.pit = saved->pi_type & 7u;
	idfy->dps.md_start = saved->pi_first & 1u;
	idfy->nvmcap[0] = saved->nbytes;
	idfy->nsattr = ssd->features.ns_current[ns->nsid - 1][FEATURE_PROTECT] ? 1 : 0;
	memcpy(idfy->nguid, saved->nguid, 16);
	memcpy(&idfy->eui64, saved->eui64, 8);
}

/* CNS 00h and 11h. 05h with CSI 0 returns a different structure: identify_ns_csi() */
static uint16_t
identify_ns(struct ssd *ssd, const struct identify *want)
{
	struct xnvme_spec_idfy_ns *idfy = (void *)ssd->page;

	identify_check(ssd, want);
	if (want->nsid == NSID_ALL) {
		identify_formats(ssd, idfy);
		return STATUS(SUCCESS);
	}
	if (!want->found) {
		return want->refusal;
	}
	if (want->found->kind == SSD_NS_KV) {
		return REFUSE(INVALID_IOCS);
	}
	identify_blocks(ssd, want->found, idfy);
	return STATUS(SUCCESS);
}

static uint16_t
identify_ns_nvm(struct ssd *ssd)
{
	struct xnvme_spec_nvm_idfy_ns *idfy = (void *)ssd->page;

	idfy->lbstm = UINT64_MAX; /* every bit of a storage tag can be compared */
	for (uint32_t i = 0; i < ssd->nformats; ++i) {
		idfy->elbaf[i].pif = lba_formats[i].guard & 3u;
		idfy->elbaf[i].sts = storage_nbits_of(lba_formats[i].guard) & 0x7Fu;
	}
	return STATUS(SUCCESS);
}

static uint16_t
identify_ns_csi(struct ssd *ssd, const struct identify *want)
{
	identify_check(ssd, want);
	if (want->nsid == NSID_ALL) {
		return want->csi == XNVME_SPEC_CSI_NVM ? identify_ns_nvm(ssd)
						       : REFUSE(INVALID_NS_OR_FORMAT);
	}
	if (!want->found) {
		return want->refusal;
	}
	if (want->csi == XNVME_SPEC_CSI_NVM) {
		return want->found->kind == SSD_NS_KV ? REFUSE(INVALID_IOCS)
						      : identify_ns_nvm(ssd);
	}
	if (want->found->ops->csi != want->csi) {
		return REFUSE(INVALID_IOCS);
	}
	want->found->ops->identify_ns(ssd, want->found);
	return STATUS(SUCCESS);
}

static uint16_t
identify_ctrlr_csi(struct ssd *ssd, const struct identify *want)
{
	const struct ssd_kind *kind = ssd->kinds[kind_of_csi(ssd, want->csi)];

	identify_check(ssd, want);
	if (!has_csi(ssd, want->csi)) {
		return REFUSE(INVALID_FIELD);
	}
	/* for the NVM command set zero, no limit: the range count limits Dataset Management */
	if (kind->identify_ctrlr) {
		kind->identify_ctrlr(ssd);
	}
	return STATUS(SUCCESS);
}

static uint16_t
identify_independent(struct ssd *ssd, const struct identify *want)
{
	struct xnvme_spec_idfy_ns_csindep *idfy = (void *)ssd->page;

	identify_check(ssd, want);
	if (!want->found) {
		return want->refusal;
	}
	idfy->fpi = 0x80;
	idfy->endgid = ENDURANCE_GROUP;
	idfy->nstat = 1;
	idfy->nsattr = ssd->features.ns_current[want->nsid - 1][FEATURE_PROTECT] ? 1 : 0;
	return STATUS(SUCCESS);
}

/* CNS 09h and 0Ah: the data structure of a namespace in LBA format CNSSID */
static uint16_t
identify_format(struct ssd *ssd, const struct identify *want)
{
	identify_check(ssd, want);
	if (want->specific >= ssd->nformats) {
		return REFUSE(INVALID_FIELD);
	}
	identify_formats(ssd, (void *)ssd->page);
	return STATUS(SUCCESS);
}

static uint16_t
identify_format_csi(struct ssd *ssd, const struct identify *want)
{
	identify_check(ssd, want);
	if (want->specific >= ssd->nformats) {
		return REFUSE(INVALID_FIELD);
	}
	return want->csi == XNVME_SPEC_CSI_NVM ? identify_ns_nvm(ssd) : REFUSE(INVALID_IOCS);
}

static uint16_t
list_namespaces(struct ssd *ssd, const struct identify *want, bool by_csi)
{
	struct xnvme_spec_idfy_nslist *list = (void *)ssd->page;
	uint32_t count = 0;

	identify_check(ssd, want);
	if (want->nsid >= 0xFFFFFFFEu) {
		return REFUSE(INVALID_NS_OR_FORMAT);
	}
	if (by_csi && !has_csi(ssd, want->csi)) {
		return REFUSE(INVALID_FIELD);
	}
	for (uint32_t i = 0; i < ssd->ns_max; ++i) {
		const struct saved_ns *saved = &ssd->saved->ns[i];
		bool there = saved->exists && (want->allocated || saved->attached) &&
			     (!by_csi || ssd->kinds[saved->kind]->csi == want->csi);

		if (there && i + 1 > want->nsid) {
			list->nsid[count++] = i + 1;
		}
	}
	ASSERT(count <= ssd->ns_max);
	return STATUS(SUCCESS);
}

static uint16_t
identify_list(struct ssd *ssd, const struct identify *want)
{
	return list_namespaces(ssd, want, false);
}

static uint16_t
identify_list_csi(struct ssd *ssd, const struct identify *want)
{
	return list_namespaces(ssd, want, true);
}

/* Append one identifier of a namespace; returns its length in bytes */
static uint32_t
describe(uint8_t *at, uint8_t type, const void *nid, uint8_t nbytes)
{
	ASSERT(nbytes > 0 && nbytes <= 16);
	at[0] = type;
	at[1] = nbytes;
	memcpy(at + 4, nid, nbytes);
	return 4u + nbytes;
}

static uint16_t
identify_descriptors(struct ssd *ssd, const struct identify *want)
{
	uint8_t *at = ssd->page;
	const struct saved_ns *saved;
	uint8_t csi;

	identify_check(ssd, want);
	if (!want->found) {
		return want->refusal ? want->refusal : REFUSE(INVALID_FIELD);
	}
	saved = want->found->saved;
	csi = want->found->ops->csi;
	at += describe(at, XNVME_SPEC_IDFY_NIDT_EUI64, saved->eui64, 8);
	at += describe(at, XNVME_SPEC_IDFY_NIDT_NGUID, saved->nguid, 16);
	at += describe(at, XNVME_SPEC_IDFY_NIDT_UUID, saved->uuid, 16);
	describe(at, XNVME_SPEC_IDFY_NIDT_CSI, &csi, 1);
	return STATUS(SUCCESS);
}

static uint16_t
identify_controllers(struct ssd *ssd, const struct identify *want)
{
	struct xnvme_spec_idfy_ctrlrlist *list = (void *)ssd->page;

	identify_check(ssd, want);
	if (want->cns == XNVME_SPEC_IDFY_CTRLR_NS) {
		if (!ns_exists(ssd, want->nsid)) {
			return ns_refusal(ssd, want->nsid);
		}
		if (!ssd->saved->ns[want->nsid - 1].attached) {
			return STATUS(SUCCESS);
		}
	}
	if (want->cntid <= ssd->config.cntlid) {
		list->num = 1;
		list->cntlid[0] = ssd->config.cntlid;
	}
	return STATUS(SUCCESS);
}

static uint16_t
identify_granularity(struct ssd *ssd, const struct identify *want)
{
	struct xnvme_spec_idfy_nsgran *list = (void *)ssd->page;

	identify_check(ssd, want);
	(void)want;
	list->entry[0].nszegran = 1ULL << 20;
	list->entry[0].ncapgran = 1ULL << 20;
	return STATUS(SUCCESS);
}

static uint16_t
identify_endurance_groups(struct ssd *ssd, const struct identify *want)
{
	struct xnvme_spec_idfy_endglist *list = (void *)ssd->page;

	identify_check(ssd, want);
	if (want->specific <= ENDURANCE_GROUP) {
		list->num = 1;
		list->endgid[0] = ENDURANCE_GROUP;
	}
	return STATUS(SUCCESS);
}

static uint16_t
identify_command_sets(struct ssd *ssd, const struct identify *want)
{
	struct xnvme_spec_idfy_cs *cs = (void *)ssd->page;

	identify_check(ssd, want);
	if (want->cntid != 0xFFFF && want->cntid != ssd->config.cntlid) {
		return REFUSE(INVALID_FIELD);
	}
	for (uint8_t csi = 0; csi < 3; ++csi) {
		cs->iocsc[0].val |= has_csi(ssd, csi) ? 1ULL << csi : 0;
	}
	return STATUS(SUCCESS);
}

struct identify_row {
	uint16_t (*fill)(struct ssd *ssd, const struct identify *want);
	uint8_t found; /* namespaces that it can describe */
};
enum { ANY, ACTIVE, ALLOCATED };

static const struct identify_row identify_rows[] = {
	[XNVME_SPEC_IDFY_NS] = {identify_ns, ACTIVE},
	[XNVME_SPEC_IDFY_CTRLR] = {identify_ctrlr, ANY},
	[XNVME_SPEC_IDFY_NSLIST] = {identify_list, ANY},
	[XNVME_SPEC_IDFY_NSDSCR] = {identify_descriptors, ACTIVE},
	[XNVME_SPEC_IDFY_NS_IOCS] = {identify_ns_csi, ACTIVE},
	[XNVME_SPEC_IDFY_CTRLR_IOCS] = {identify_ctrlr_csi, ANY},
	[XNVME_SPEC_IDFY_NSLIST_IOCS] = {identify_list_csi, ANY},
	[XNVME_SPEC_IDFY_NS_CSINDEP] = {identify_independent, ACTIVE},
	[XNVME_SPEC_IDFY_NS_FORMAT] = {identify_format, ANY},
	[XNVME_SPEC_IDFY_NS_FORMAT_IOCS] = {identify_format_csi, ANY},
	[XNVME_SPEC_IDFY_NSLIST_ALLOC] = {identify_list, ALLOCATED},
	[XNVME_SPEC_IDFY_NS_ALLOC] = {identify_ns, ALLOCATED},
	[XNVME_SPEC_IDFY_CTRLR_NS] = {identify_controllers, ANY},
	[XNVME_SPEC_IDFY_CTRLR_SUB] = {identify_controllers, ANY},
	[XNVME_SPEC_IDFY_NSGRAN] = {identify_granularity, ANY},
	[XNVME_SPEC_IDFY_ENDGL] = {identify_endurance_groups, ANY},
	[XNVME_SPEC_IDFY_NSLIST_ALLOC_IOCS] = {identify_list_csi, ALLOCATED},
	[XNVME_SPEC_IDFY_NS_ALLOC_IOCS] = {identify_ns_csi, ALLOCATED},
	[XNVME_SPEC_IDFY_IOCS] = {identify_command_sets, ANY},
};

void
identify_begin(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	       struct ssd_work *work)
{
	uint8_t cns = cmd->idfy.cns;
	struct identify want = {.cns = cns,
				.csi = cmd->idfy.csi,
				.cntid = cmd->idfy.cntid,
				.specific = cmd->idfy.nvmsetid,
				.nsid = cmd->common.nsid};

	command_check(ssd, ns, work);
	if (cns >= sizeof(identify_rows) / sizeof(identify_rows[0]) || !identify_rows[cns].fill) {
		work->status = REFUSE(INVALID_FIELD);
		return;
	}
	want.allocated = identify_rows[cns].found == ALLOCATED;
	want.found = ns;
	if (want.allocated && ns_exists(ssd, want.nsid)) {
		want.found = &ssd->ns[want.nsid - 1];
	}
	/* a valid NSID without such a namespace returns zeroes */
	want.refusal = want.nsid == 0 || want.nsid > ssd->ns_max ? REFUSE(INVALID_NS_OR_FORMAT) : 0;
	memset(ssd->page, 0, sizeof(ssd->page));
	work->status = identify_rows[cns].fill(ssd, &want);
	if (!work->status) {
		work->status = host_give(work, ssd->page, sizeof(ssd->page));
	}
}
