/* SPDX-License-Identifier: BSD-3-Clause */
#include <host/adm_emul.h>

#include <base/assert.h>
#include <errno.h>
#include <host/err.h>
#include <host_built.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* answer_identify() clears a page of this size, then one of these is written to it */
#define PAGE_NBYTES 4096
STATIC_ASSERT(sizeof(struct xnvme_spec_idfy_ctrlr) <= PAGE_NBYTES, "beyond the page");
STATIC_ASSERT(sizeof(struct xnvme_spec_idfy_ns) <= PAGE_NBYTES, "beyond the page");
STATIC_ASSERT(sizeof(struct xnvme_spec_fs_idfy_ctrlr) <= PAGE_NBYTES, "beyond the page");
STATIC_ASSERT(sizeof(struct xnvme_spec_fs_idfy_ns) <= PAGE_NBYTES, "beyond the page");
STATIC_ASSERT(sizeof(struct xnvme_spec_znd_idfy_ns) <= PAGE_NBYTES, "beyond the page");
STATIC_ASSERT(sizeof(struct xnvme_spec_nvm_idfy_ctrlr) <= PAGE_NBYTES, "beyond the page");
STATIC_ASSERT(sizeof(struct xnvme_spec_log_health_entry) == 512, "the length of the log page");

#define KELVIN_ROOM 300 /* constant, below the thresholds: the media have no sensor */

void
adm_emul_init(struct adm_emul *emul)
{
	memset(emul, 0, sizeof(*emul));
	emul->mdts_nbytes = 1024 * 1024;
	emul->lbads = 9;
	emul->mor = UINT32_MAX;
	emul->mar = UINT32_MAX;
	emul->feat[XNVME_SPEC_FEAT_TEMP_THRESHOLD] = 0xFFFF; /* over-temperature threshold: never */
	emul->feat[XNVME_SPEC_FEAT_VWCACHE] = 1; /* the page cache, in effect */
	emul->feat[XNVME_SPEC_FEAT_NQUEUES] = 63u << 16 | 63u;
}

static void
pad(void *field, size_t nbytes, const char *text)
{
	size_t len = strlen(text);

	memset(field, ' ', nbytes);
	memcpy(field, text, len < nbytes ? len : nbytes);
}

/* NVMe Base 2.0, Identify Controller */
static void
page_ctrlr(const struct xnvme_dev *dev, const struct adm_emul *emul,
	   struct xnvme_spec_idfy_ctrlr *page)
{
	uint32_t mdts = (uint32_t)XNVME_ILOG2(emul->mdts_nbytes);

	ASSERT(emul->mdts_nbytes > 0 && dev->ident.nsid);
	pad(page->sn, sizeof(page->sn), "none");
	pad(page->mn, sizeof(page->mn), emul->model);
	pad(page->fr, sizeof(page->fr), BUILT_VERSION);
	/* rounds up: the path enforces the exact limit */
	mdts += (emul->mdts_nbytes & (emul->mdts_nbytes - 1)) != 0;
	page->mdts = mdts > 12 ? (uint8_t)(mdts - 12) : 1;
	page->ver.val = 0x00020000; /* 2.0.0 */
	page->cntrltype = 1;        /* I/O controller */
	page->aerl = 3;
	page->elpe = 0;
	page->frmw.slot1_ro = 1;
	page->frmw.num_slots = 1;
	page->lpa.celp = 1;
	page->lpa.edlp = 1;
	page->wctemp = KELVIN_ROOM + 43;
	page->cctemp = KELVIN_ROOM + 53;
	page->sqes.val = 0x66;
	page->cqes.val = 0x44;
	page->maxcmd = 4096;
	page->nn = dev->ident.nsid;
	page->oncs.compare = 1;
	page->oncs.dsm = 1;
	page->oncs.write_zeroes = 1;
	page->oncs.verify = 1;
	page->oncs.copy = 1;
	page->vwc.present = 1;
	page->cdfs.format0 = 1;
	page->mnan = 0;
	(void)snprintf((char *)page->subnqn, sizeof(page->subnqn),
		       "nqn.2026-11.io.xnvme:%.200s", dev->ident.uri);
	page->psd[0].mp = 1; /* in hundredths of a watt: the only power state must have a value */
}

/* NVM Command Set 1.0, Identify Namespace */
static void
page_ns(const struct adm_emul *emul, struct xnvme_spec_idfy_ns *page)
{
	adm_emul_check(emul);
	page->nsze = emul->nsze;
	page->ncap = emul->nsze;
	page->nuse = emul->nsze;
	page->nlbaf = 0;
	page->lbaf[0].ds = emul->lbads;
	page->dlfeat.bits.read_value = emul->discard_zeroes ? 1 : 0;
	page->dlfeat.bits.write_zero_deallocate = 1;
	page->nsattr = emul->read_only ? 1 : 0;
	page->mssrl = UINT16_MAX;
	page->msrc = 127;
	page->mcl = (page->msrc + 1U) * page->mssrl; /* fits in an int, which programs use for it */
	if (emul->optimal_write_nbytes >> emul->lbads) {
		page->nsfeat.optimal_performance = 1;
		page->npwg = (uint16_t)((emul->optimal_write_nbytes >> emul->lbads) - 1);
		page->npwa = page->npwg;
		page->nows = page->npwg;
	}
}

/* A UUID that is constant for a URI: FNV-1a, twice with different bases */
static void
uuid_of(const char *uri, uint8_t uuid[16])
{
	uint64_t hash[2] = {0xCBF29CE484222325ULL, 0x84222325CBF29CE4ULL};

	for (const char *p = uri; *p; ++p) {
		for (int i = 0; i < 2; ++i) {
			hash[i] = (hash[i] ^ (uint8_t)*p) * 0x100000001B3ULL;
		}
	}
	memcpy(uuid, hash, 16);
	uuid[6] = (uint8_t)((uuid[6] & 0x0F) | 0x80); /* RFC 9562: version 8, free form */
	uuid[8] = (uint8_t)((uuid[8] & 0x3F) | 0x80);
}

/* NVMe Base 2.0, Identify: a UUID, and the command set */
static void
page_descriptors(const struct xnvme_dev *dev, const struct adm_emul *emul, uint8_t *page)
{
	ASSERT(dev->ident.uri[0]); /* else all handles would have the same UUID */
	page[0] = 3;
	page[1] = 16;
	uuid_of(dev->ident.uri, &page[4]);
	page[20] = 4;
	page[21] = 1;
	page[24] = emul->nzone ? XNVME_SPEC_CSI_ZONED : XNVME_SPEC_CSI_NVM;
}

static void
page_fs_ctrlr(const struct adm_emul *emul, struct xnvme_spec_fs_idfy_ctrlr *page)
{
	adm_emul_check(emul);
	ASSERT(emul->file_set);
	page->caps.direct = emul->direct;
	page->limits.file_data_size = INT64_MAX;
	page->iosizes.min = emul->direct ? 1u << emul->lbads : 1;
	page->iosizes.max = emul->mdts_nbytes;
	page->iosizes.opt = 64 * 1024;
	page->ac = 0xAC;
	page->dc = 0xDC;
}

static void
page_fs_ns(const struct adm_emul *emul, struct xnvme_spec_fs_idfy_ns *page)
{
	ASSERT(emul->file_set && emul->nbytes >= emul->nsze << emul->lbads);
	page->nsze = emul->nbytes;
	page->ncap = emul->nbytes;
	page->nuse = emul->nbytes;
	page->ac = 0xAC;
	page->dc = 0xDC;
}

static void
page_zns(const struct adm_emul *emul, struct xnvme_spec_znd_idfy_ns *page)
{
	ASSERT(emul->nzone && emul->zsze);
	page->mor = emul->mor;
	page->mar = emul->mar;
	page->lbafe[0].zsze = emul->zsze;
}

/* All fields stay 0: Verify, Write Zeroes and Write Uncorrectable are limited only by the field of
 * the command, a DSM by its 256 ranges */
static void
page_nvm_ctrlr(struct xnvme_spec_nvm_idfy_ctrlr *page)
{
	page->dmrl = 0; /* no limit reported: all 256 ranges */
}

/* CNS 05h and 06h: the pages of a command set. Returns false for an unsupported set. */
static bool
page_of_set(const struct adm_emul *emul, uint8_t csi, bool ctrlr, void *page)
{
	adm_emul_check(emul);
	switch (csi) {
	case XNVME_SPEC_CSI_NVM:
		if (ctrlr) {
			page_nvm_ctrlr(page);
		}
		return true;
	case XNVME_SPEC_CSI_FS:
		if (!emul->file_set) {
			return false;
		}
		if (ctrlr) {
			page_fs_ctrlr(emul, page);
		} else {
			page_fs_ns(emul, page);
		}
		return true;
	case XNVME_SPEC_CSI_ZONED:
		if (!emul->nzone) {
			return false;
		}
		if (!ctrlr) {
			page_zns(emul, page);
		}
		return true;
	default:
		return false;
	}
}

/* The namespace has the NSID of the handle, which is not always 1: the block device of an NVMe
 * namespace keeps that namespace's NSID */
static bool
names_the_namespace(const struct xnvme_dev *dev, uint32_t nsid)
{
	ASSERT(dev->ident.nsid && dev->ident.nsid != UINT32_MAX);
	return nsid == dev->ident.nsid || nsid == UINT32_MAX;
}

/* Fills a zeroed page; returns a status */
static uint16_t
identify(const struct xnvme_cmd_ctx *ctx, const struct adm_emul *emul, void *page)
{
	const struct xnvme_dev *dev = ctx->dev;
	uint32_t nsid = ctx->cmd.common.nsid;
	uint8_t csi = ctx->cmd.idfy.csi;
	uint8_t *bytes = page;

	STATIC_ASSERT(!STATUS(SUCCESS), "a successful page is cleared");
	switch (ctx->cmd.idfy.cns) {
	case XNVME_SPEC_IDFY_NS:
		page_ns(emul, page);
		return names_the_namespace(dev, nsid) ? STATUS(SUCCESS)
						      : STATUS(INVALID_NS_OR_FORMAT);
	case XNVME_SPEC_IDFY_CTRLR:
		page_ctrlr(dev, emul, page);
		return STATUS(SUCCESS);
	case XNVME_SPEC_IDFY_NSLIST:
	case XNVME_SPEC_IDFY_NSLIST_IOCS: /* NSIDs greater than the given one */
		if (nsid >= UINT32_MAX - 1) {
			return STATUS(INVALID_NS_OR_FORMAT);
		}
		if (nsid < dev->ident.nsid) {
			memcpy(page, &dev->ident.nsid, sizeof(dev->ident.nsid));
		}
		return STATUS(SUCCESS);
	case XNVME_SPEC_IDFY_NSDSCR:
		page_descriptors(dev, emul, page);
		return nsid == dev->ident.nsid ? STATUS(SUCCESS) : STATUS(INVALID_NS_OR_FORMAT);
	case XNVME_SPEC_IDFY_NS_IOCS:
		if (!names_the_namespace(dev, nsid)) {
			return STATUS(INVALID_NS_OR_FORMAT);
		}
		return page_of_set(emul, csi, false, page) ? STATUS(SUCCESS)
							   : STATUS(INVALID_FIELD);
	case XNVME_SPEC_IDFY_CTRLR_IOCS:
		return page_of_set(emul, csi, true, page) ? STATUS(SUCCESS)
							  : STATUS(INVALID_FIELD);
	case 0x08: /* namespace, independent of the command set */
		bytes[13] = emul->read_only ? 1 : 0; /* NSATTR */
		bytes[14] = 1;                       /* NSTAT: ready */
		return nsid == dev->ident.nsid ? STATUS(SUCCESS) : STATUS(INVALID_NS_OR_FORMAT);
	case XNVME_SPEC_IDFY_IOCS:
		bytes[0] = emul->nzone ? 0x5 : 0x1; /* combination 0: NVM, or NVM and zoned */
		return STATUS(SUCCESS);
	default:
		return STATUS(INVALID_FIELD);
	}
}

static void
log_supported(uint8_t *page)
{
	static const uint8_t pages[] = {
		XNVME_SPEC_LOG_SUPPORTED, XNVME_SPEC_LOG_ERRI, XNVME_SPEC_LOG_HEALTH,
		XNVME_SPEC_LOG_FW, XNVME_SPEC_LOG_CSAE,
	};

	for (size_t i = 0; i < sizeof(pages); ++i) {
		page[pages[i] * 4u] = 1; /* LSUPP */
	}
}

static void
log_effects(const struct adm_emul *emul, uint8_t *page)
{
	static const uint8_t admin[] = {XNVME_SPEC_ADM_OPC_LOG, XNVME_SPEC_ADM_OPC_IDFY,
					XNVME_SPEC_ADM_OPC_SFEAT, XNVME_SPEC_ADM_OPC_GFEAT};
	static const uint8_t reads[] = {XNVME_SPEC_NVM_OPC_FLUSH, XNVME_SPEC_NVM_OPC_READ,
					XNVME_SPEC_NVM_OPC_COMPARE, 0x0C};
	static const uint8_t writes[] = {XNVME_SPEC_NVM_OPC_WRITE, XNVME_SPEC_NVM_OPC_WRITE_ZEROES,
					 XNVME_SPEC_NVM_OPC_DATASET_MANAGEMENT,
					 XNVME_SPEC_NVM_OPC_SCOPY};

	STATIC_ASSERT(1024 + UINT8_MAX * 4 < PAGE_NBYTES, "an opcode beyond the page");
	for (size_t i = 0; i < sizeof(admin); ++i) {
		page[admin[i] * 4u] = 1; /* CSUPP */
	}
	for (size_t i = 0; i < sizeof(reads); ++i) {
		page[1024 + reads[i] * 4u] = 1;
	}
	for (size_t i = 0; i < sizeof(writes); ++i) {
		page[1024 + writes[i] * 4u] = 3; /* CSUPP and LBCC: changes logical blocks */
	}
	if (emul->nzone) {
		page[1024 + XNVME_SPEC_ZND_OPC_MGMT_RECV * 4u] = 1;
		page[1024 + XNVME_SPEC_ZND_OPC_MGMT_SEND * 4u] = 3;
	}
}

/* Fills a zeroed page of 4096 bytes. Returns its length, 0 for an unsupported page. */
static size_t
log_page(const struct adm_emul *emul, uint8_t lid, uint8_t *page)
{
	struct xnvme_spec_log_health_entry health = {0};

	switch (lid) {
	case XNVME_SPEC_LOG_SUPPORTED:
		log_supported(page);
		return 1024;
	case XNVME_SPEC_LOG_ERRI: /* one entry with an error count of zero: no error */
		return 64;
	case XNVME_SPEC_LOG_HEALTH:
		health.comp_temp = KELVIN_ROOM;
		health.avail_spare = 100;
		health.avail_spare_thresh = 10;
		memcpy(page, &health, sizeof(health));
		return sizeof(health);
	case XNVME_SPEC_LOG_FW:
		page[0] = 1; /* slot 1 is active */
		pad(&page[8], 8, BUILT_VERSION);
		return 512;
	case XNVME_SPEC_LOG_CSAE:
		log_effects(emul, page);
		return 4096;
	default:
		return 0;
	}
}

static int
get_log(struct xnvme_cmd_ctx *ctx, const struct payload *payload, const struct adm_emul *emul)
{
	uint8_t page[PAGE_NBYTES] = {0};
	uint64_t offset = ctx->cmd.log.lpol | (uint64_t)ctx->cmd.log.lpou << 32;
	size_t asked = ((size_t)ctx->cmd.log.numdl + ((size_t)ctx->cmd.log.numdu << 16) + 1) * 4;
	size_t nbytes = log_page(emul, ctx->cmd.log.lid, page);

	payload_check(payload);
	adm_emul_check(emul);
	ASSERT(nbytes <= sizeof(page));
	if (!nbytes) {
		return err_set(cpl_set_status(ctx, STATUS(INVALID_LOG_PAGE)),
			       "'%s' has no log page 0x%02x; there are 00h, 01h, 02h, 03h and 05h",
			       ctx->dev->ident.uri, ctx->cmd.log.lid);
	}
	if (offset > nbytes) {
		return err_set(cpl_set_status(ctx, STATUS(INVALID_FIELD)),
			       "log page 0x%02x has %zu bytes; the offset is beyond it",
			       ctx->cmd.log.lid, nbytes);
	}
	size_t room = payload->data_nbytes < asked ? payload->data_nbytes : asked;
	size_t part = nbytes - offset < room ? nbytes - offset : room;

	if (!payload->data) {
		return err_set(cpl_set_errno(ctx, EFAULT), "a log page needs a buffer");
	}
	ASSERT(part <= payload->data_nbytes && offset + part <= sizeof(page));
	memset(payload->data, 0, payload->data_nbytes);
	memcpy(payload->data, page + offset, part);
	return 0;
}

static bool
has_feature(uint32_t fid)
{
	switch (fid) {
	case XNVME_SPEC_FEAT_ARBITRATION:
	case XNVME_SPEC_FEAT_PWR_MGMT:
	case XNVME_SPEC_FEAT_TEMP_THRESHOLD:
	case XNVME_SPEC_FEAT_ERROR_RECOVERY:
	case XNVME_SPEC_FEAT_VWCACHE:
	case XNVME_SPEC_FEAT_NQUEUES:
	case XNVME_SPEC_FEAT_WRITE_ATOMICITY:
	case XNVME_SPEC_FEAT_ASYNC_EVENT:
		return true;
	default:
		return false;
	}
}

static int
no_feature(struct xnvme_cmd_ctx *ctx, uint32_t fid)
{
	ASSERT(!has_feature(fid));
	return err_set(cpl_set_status(ctx, STATUS(INVALID_FIELD)), "'%s' has no feature 0x%02x; "
		       "there "
		       "are 01h, 02h, 04h, 05h, 06h, 07h, 0Ah and 0Bh", ctx->dev->ident.uri, fid);
}

static int
get_feature(struct xnvme_cmd_ctx *ctx, struct adm_emul *emul)
{
	uint32_t fid = ctx->cmd.gfeat.cdw10.fid;
	struct adm_emul fresh;

	if (!has_feature(fid)) {
		return no_feature(ctx, fid);
	}
	ASSERT(fid < sizeof(emul->feat) / sizeof(emul->feat[0]));
	switch (ctx->cmd.gfeat.cdw10.sel) {
	case XNVME_SPEC_FEAT_SEL_CURRENT:
		ctx->cpl.cdw0 = atomic_load_explicit(&emul->feat[fid], memory_order_relaxed);
		return 0;
	case XNVME_SPEC_FEAT_SEL_DEFAULT:
	case XNVME_SPEC_FEAT_SEL_SAVED: /* no feature is saveable: returns the default */
		adm_emul_init(&fresh);
		ctx->cpl.cdw0 = fresh.feat[fid];
		return 0;
	case XNVME_SPEC_FEAT_SEL_SUPPORTED:
		ctx->cpl.cdw0 = fid == XNVME_SPEC_FEAT_NQUEUES ? 0 : 1u << 2; /* changeable */
		return 0;
	default:
		return err_set(cpl_set_status(ctx, STATUS(INVALID_FIELD)), "select %u of get "
			       "features is reserved", ctx->cmd.gfeat.cdw10.sel);
	}
}

static int
set_feature(struct xnvme_cmd_ctx *ctx, struct adm_emul *emul)
{
	uint32_t fid = ctx->cmd.sfeat.cdw10.fid;

	if (!has_feature(fid)) {
		return no_feature(ctx, fid);
	}
	ASSERT(fid < sizeof(emul->feat) / sizeof(emul->feat[0]));
	if (ctx->cmd.sfeat.cdw10.save) {
		return err_set(cpl_set_status(ctx, STATUS(FEATURE_NOT_SAVEABLE)),
			       "feature 0x%02x cannot be saved here; set it without save", fid);
	}
	if (fid == XNVME_SPEC_FEAT_NQUEUES) { /* constant: the completion reports it */
		ctx->cpl.cdw0 = emul->feat[fid];
		return 0;
	}
	if (fid == XNVME_SPEC_FEAT_PWR_MGMT && ctx->cmd.sfeat.feat.val & 0x1F) {
		return err_set(cpl_set_status(ctx, STATUS(INVALID_FIELD)),
			       "there is power state 0 only");
	}
	atomic_store_explicit(&emul->feat[fid], ctx->cmd.sfeat.feat.val, memory_order_relaxed);
	return 0;
}

static int
answer_identify(struct xnvme_cmd_ctx *ctx, const struct payload *payload,
		const struct adm_emul *emul)
{
	payload_check(payload);
	if (!payload->data || payload->data_nbytes < PAGE_NBYTES) {
		return err_set(cpl_set_errno(ctx, EINVAL), "identify fills 4096 bytes; the buffer "
			       "has %zu", payload->data_nbytes);
	}
	memset(payload->data, 0, PAGE_NBYTES);

	uint16_t status = identify(ctx, emul, payload->data);

	if (status) {
		memset(payload->data, 0, PAGE_NBYTES);
		return err_set(cpl_set_status(ctx, status), "'%s' has no identify page "
			       "for CNS 0x%02x, CSI 0x%02x, namespace 0x%x", ctx->dev->ident.uri,
			       ctx->cmd.idfy.cns, ctx->cmd.idfy.csi, ctx->cmd.common.nsid);
	}
	return 0;
}

int
adm_emul_call(struct xnvme_cmd_ctx *ctx, const struct payload *payload, struct adm_emul *emul)
{
	adm_emul_check(emul);
	dev_check(ctx->dev);
	if (ctx->opts & CMD_OPTS_PSEUDO) {
		return err_set(cpl_set_errno(ctx, ENOTSUP), ctx->dev->kind == KIND_NVME_BLOCK ?
			       "the controller of '%s' is reached by the admin path 'nvme' only, "
			       "and this handle has another one; name it (admin=nvme), as a user "
			       "with CAP_SYS_ADMIN" :
			       "'%s' has no controller to reset, rescan or read registers of",
			       ctx->dev->ident.uri);
	}
	switch (ctx->cmd.common.opcode) {
	case XNVME_SPEC_ADM_OPC_IDFY:
		return answer_identify(ctx, payload, emul);
	case XNVME_SPEC_ADM_OPC_LOG:
		return get_log(ctx, payload, emul);
	case XNVME_SPEC_ADM_OPC_GFEAT:
		return get_feature(ctx, emul);
	case XNVME_SPEC_ADM_OPC_SFEAT:
		return set_feature(ctx, emul);
	default:
		return err_set(cpl_set_status(ctx, STATUS(INVALID_OPCODE)), "'%s' has no admin "
			       "command 0x%02x; it takes identify, get log page, get features and "
			       "set features", ctx->dev->ident.uri, ctx->cmd.common.opcode);
	}
}
