/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Zoned Namespace command set: one row per opcode; read, write and append. The zone states are
 * in zone.c, management is in zone_manage.c, reports are in zone_report.c.
 */
#include <base/bytes.h>
#include <ssd/kind.h>
#include <ssd/nvm/nvm.h>
#include <ssd/zns/zns.h>

static uint16_t
zns_readable(struct ssd *ssd, struct ssd_ns *ns, uint64_t lba, uint32_t nlb)
{
	uint64_t zone_nlb = zns_zone_nlb(ssd, ns);
	uint64_t first = lba / zone_nlb;
	uint64_t last = (lba + nlb - 1) / zone_nlb;

	ASSERT(nlb > 0 && last < zns_zone_count(ssd, ns));
	if (first != last && !zns_config(ssd, ns)->read_across) {
		return REFUSE(ZND_BOUNDARY_ERROR);
	}
	for (uint64_t i = first; i <= last; ++i) {
		if (zns_zones(ssd, ns)[i].state == XNVME_SPEC_ZND_STATE_OFFLINE) {
			return REFUSE(ZND_IS_OFFLINE);
		}
	}
	return STATUS(SUCCESS);
}

static uint64_t
area_nlb(const struct ssd *ssd, const struct ssd_ns *ns)
{
	ASSERT(ns->kind == SSD_NS_ZNS);
	return zns_config(ssd, ns)->zrwa_nbytes >> ns->shift;
}

static uint64_t
area_unit_nlb(const struct ssd *ssd, const struct ssd_ns *ns)
{
	uint64_t nlb = zns_config(ssd, ns)->zrwa_flush_nbytes >> ns->shift;

	ASSERT(ns->kind == SSD_NS_ZNS);
	return nlb ? nlb : 1;
}

/* Can [from, from + nlb) of a zone be written now? Checks its state, its capacity, its write
 * pointer. */
static uint16_t
writable(const struct ssd *ssd, const struct ssd_ns *ns, const struct saved_zone *zone,
	 uint64_t from, uint64_t nlb)
{
	uint16_t status = zns_state_refusal(zns_zone_state(zone));

	ASSERT(zone->written <= zns_zone_cap(ssd, ns));
	if (status) {
		return status;
	}
	if (from + nlb > zns_zone_cap(ssd, ns)) {
		return REFUSE(ZND_BOUNDARY_ERROR);
	}
	if (zone->attributes & ZONE_HAS_AREA) {
		/* the area, and as much beyond it as an implicit flush can free */
		uint64_t end = zone->written + 2 * area_nlb(ssd, ns);

		return from >= zone->written && from + nlb <= end ? STATUS(SUCCESS)
								  : REFUSE(ZND_INVALID_WRITE);
	}
	return from == zone->written ? STATUS(SUCCESS) : REFUSE(ZND_INVALID_WRITE);
}

/* The write pointer after a write up to `end` */
static uint64_t
pointer_after(const struct ssd *ssd, const struct ssd_ns *ns, const struct saved_zone *zone,
	      uint64_t end)
{
	uint64_t area = area_nlb(ssd, ns);
	uint64_t unit = area_unit_nlb(ssd, ns);
	uint64_t cap = zns_zone_cap(ssd, ns);
	uint64_t beyond;

	ASSERT(zone->written <= cap && end <= cap);
	if (!(zone->attributes & ZONE_HAS_AREA)) {
		return end;
	}
	if (end == cap) {
		return cap;
	}
	if (end <= zone->written + area) {
		return zone->written;
	}
	beyond = end - (zone->written + area);
	beyond = (beyond + unit - 1) / unit * unit;
	return zone->written + beyond < cap ? zone->written + beyond : cap;
}

/* Writes the blocks: nvm_write() and similar functions, with the address */
typedef void (*zone_write_fn)(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
			      struct ssd_work *work, uint64_t lba);

/* Check, open, write, advance: a Write, Write Zeroes or Append of blocks in one zone */
static void
write_zone(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	   struct ssd_work *work, uint64_t lba, zone_write_fn begin)
{
	uint32_t nlb = cmd->nvm.nlb + 1u;
	uint64_t zone_nlb = zns_zone_nlb(ssd, ns);
	uint64_t index = lba / zone_nlb;
	uint64_t from = lba % zone_nlb;
	struct saved_zone *zone;

	zns_check(ssd, ns);
	work->status = nvm_range(ns, lba, nlb);
	if (!work->status && (ns->care_write & CARE_PROTECT)) {
		work->status = REFUSE(NS_WRITE_PROTECTED);
	}
	if (work->status) {
		return;
	}
	zone = &zns_zones(ssd, ns)[index];
	work->status = writable(ssd, ns, zone, from, nlb);
	if (!work->status && zns_zone_state(zone) != XNVME_SPEC_ZND_STATE_EOPEN) {
		work->status = zns_zone_open(ssd, ns, index, XNVME_SPEC_ZND_STATE_IOPEN);
	}
	if (work->status) {
		return;
	}
	zone_check(ssd, ns, index);
	begin(ssd, ns, cmd, work, lba);
	if (!work->status) {
		zns_zone_advance(ssd, ns, index, pointer_after(ssd, ns, zone, from + nlb));
	} else if (!(zone->attributes & ZONE_HAS_AREA)) {
		/* discard the blocks of an aborted transfer beyond the write pointer */
		cache_settle(ssd, ns, lba, nlb);
		blocks_forget(ssd, ns, lba, nlb);
		blocks_make_good(ssd, ns, lba, nlb);
	}
}

static void
write_blocks(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	     struct ssd_work *work, uint64_t lba)
{
	ASSERT(lba < ns->nlba);
	(void)lba;
	nvm_write(ssd, ns, cmd, work);
}

static void
zero_blocks(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	    struct ssd_work *work, uint64_t lba)
{
	ASSERT(lba < ns->nlba);
	(void)lba;
	nvm_write_zeroes(ssd, ns, cmd, work);
}

static void
spoil_blocks(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	     struct ssd_work *work, uint64_t lba)
{
	ASSERT(lba < ns->nlba);
	(void)lba;
	nvm_write_uncorrectable(ssd, ns, cmd, work);
}

static void
zns_write(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	  struct ssd_work *work)
{
	zns_check(ssd, ns);
	write_zone(ssd, ns, cmd, work, cmd->nvm.slba, write_blocks);
}

/* Unreadable blocks advance the write pointer like any other write */
static void
zns_write_uncorrectable(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
			struct ssd_work *work)
{
	zns_check(ssd, ns);
	write_zone(ssd, ns, cmd, work, cmd->nvm.slba, spoil_blocks);
}

static void
zns_write_zeroes(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
		 struct ssd_work *work)
{
	struct xnvme_spec_cmd plain = *cmd;

	zns_check(ssd, ns);
	plain.write_zeroes.deac = 0; /* blocks before the write pointer are written blocks */
	write_zone(ssd, ns, &plain, work, cmd->nvm.slba, zero_blocks);
}

/* Run a command that reads blocks, if their zones allow it */
static void
read_zones(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	   struct ssd_work *work, ssd_begin_fn begin)
{
	zns_check(ssd, ns);
	work->status = nvm_range(ns, cmd->nvm.slba, cmd->nvm.nlb + 1u);
	if (!work->status) {
		work->status = zns_readable(ssd, ns, cmd->nvm.slba, cmd->nvm.nlb + 1u);
	}
	if (!work->status) {
		begin(ssd, ns, cmd, work);
	}
}

static void
zns_read(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	 struct ssd_work *work)
{
	read_zones(ssd, ns, cmd, work, nvm_read);
}

static void
zns_compare(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	    struct ssd_work *work)
{
	read_zones(ssd, ns, cmd, work, nvm_compare);
}

static void
zns_verify(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	   struct ssd_work *work)
{
	read_zones(ssd, ns, cmd, work, nvm_verify);
}

static uint64_t
append_limit_nbytes(const struct ssd *ssd, const struct ssd_ns *ns)
{
	uint8_t limit = zns_config(ssd, ns)->append_limit;

	ASSERT(ns->kind == SSD_NS_ZNS);
	limit = limit ? limit : ssd->config.mdts;
	return limit ? (uint64_t)PAGE_NBYTES << limit : UINT64_MAX;
}

/* Tags of type 1 count from the zone's start and must be remapped; tags of type 3 cannot be
 * remapped */
static uint16_t
append_protection(const struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd)
{
	bool remap = cmd->znd.append.piremap;

	ASSERT(ns->pi.type <= 3);
	return (ns->pi.type == 1 && !remap) || (ns->pi.type == 3 && remap) ? REFUSE(INVALID_PI)
									   : STATUS(SUCCESS);
}

/* An append is a write to an address that the controller chooses */
static void
zns_append(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	   struct ssd_work *work)
{
	uint64_t zslba = cmd->znd.append.zslba;
	uint32_t nlb = cmd->znd.append.nlb + 1u;
	uint64_t zone_nlb = zns_zone_nlb(ssd, ns);
	const struct saved_zone *zone;
	uint64_t lba;

	zns_check(ssd, ns);
	work->status = nvm_range(ns, zslba, 1);
	if (work->status) {
		return;
	}
	if (zslba % zone_nlb || ((uint64_t)nlb << ns->shift) > append_limit_nbytes(ssd, ns)) {
		work->status = REFUSE(INVALID_FIELD);
		return;
	}
	zone = &zns_zones(ssd, ns)[zslba / zone_nlb];
	if (zone->attributes & ZONE_HAS_AREA) {
		work->status = REFUSE(ZND_INVALID_ZONE_OP);
		return;
	}
	work->status = zns_state_refusal(zns_zone_state(zone));
	if (work->status) {
		return;
	}
	if (nlb > zns_zone_cap(ssd, ns) - zone->written) {
		work->status = REFUSE(ZND_BOUNDARY_ERROR);
		return;
	}
	work->status = append_protection(ns, cmd);
	if (work->status) {
		return;
	}
	zone_check(ssd, ns, zslba / zone_nlb);
	lba = zslba + zone->written;
	write_zone(ssd, ns, cmd, work, lba, nvm_append);
	if (!work->status) {
		work->result = lba;
	}
}

static void
zns_identify_ns(struct ssd *ssd, const struct ssd_ns *ns)
{
	struct xnvme_spec_znd_idfy_ns *idfy = (void *)ssd->page;
	const struct ssd_zns_config *config = zns_config(ssd, ns);
	uint64_t zone_nbytes = zns_zone_nbytes(&ssd->config, ns->saved->slot);

	ASSERT(ns->kind == SSD_NS_ZNS);
	ASSERT(ssd->nformats <= SSD_LBA_FORMATS_MAX);
	idfy->ozcs.bits.razb = config->read_across;
	idfy->ozcs.bits.zrwasup = config->zrwa_count != 0;
	idfy->mar = config->max_active - 1; /* 0 becomes FFFFFFFFh, which means no limit */
	idfy->mor = config->max_open - 1;
	if (config->zrwa_count) {
		idfy->numzrwa = config->zrwa_count - 1;
		idfy->zrwafg = (uint16_t)area_unit_nlb(ssd, ns);
		idfy->zrwas = (uint16_t)area_nlb(ssd, ns);
		idfy->zrwacap.bits.expflushsup = 1;
	}
	for (uint32_t i = 0; i < ssd->nformats; ++i) {
		idfy->lbafe[i].zsze = zone_nbytes >> lba_formats[i].shift;
		idfy->lbafe[i].zdes = (uint8_t)(config->descriptor_nbytes / 64);
	}
}

static void
zns_identify_ctrlr(struct ssd *ssd)
{
	struct xnvme_spec_znd_idfy_ctrlr *idfy = (void *)ssd->page;
	uint32_t slot = kind_slot(ssd, SSD_NS_ZNS);

	/* 0 means MDTS, as in the configuration */
	idfy->zasl = slot < SSD_NS_MAX ? ssd->config.ns[slot].zns.append_limit : 0;
}

static const char *
zns_wrong(const struct ssd_ns_config *ns, uint32_t lba_nbytes)
{
	const struct ssd_zns_config *zns = &ns->zns;

	if (zns->zone_nbytes % PAGE_NBYTES || zns->zone_cap_nbytes % PAGE_NBYTES) {
		return "zone size and capacity are multiples of 4096 bytes: change zone_nbytes or "
		       "zone_cap_nbytes";
	}
	if (zns->zone_nbytes && zns->zone_nbytes < 16 * PAGE_NBYTES) {
		return "a zone has at least 64 KiB: change zone_nbytes";
	}
	if (zns->zone_nbytes && zns->zone_cap_nbytes > zns->zone_nbytes) {
		return "the capacity of a zone is at most its size: change zone_cap_nbytes";
	}
	if (ns->nbytes < (zns->zone_nbytes ? zns->zone_nbytes : ZONE_NBYTES_DEFAULT)) {
		return "a zoned namespace holds at least one zone: enlarge nbytes or shrink "
		       "zone_nbytes";
	}
	if (zns->max_active && zns->max_open > zns->max_active) {
		return "no more zones can be open than active: change max_open or max_active";
	}
	if (zns->zrwa_nbytes % lba_nbytes || zns->zrwa_flush_nbytes % lba_nbytes) {
		return "the random write area of a zone is whole blocks: change zrwa_nbytes or "
		       "zrwa_flush_nbytes";
	}
	if (zns->zrwa_count && zns->zrwa_nbytes == 0) {
		return "zones with a random write area need its size: set zrwa_nbytes, or omit "
		       "zrwa_count";
	}
	if (zns->zrwa_nbytes / lba_nbytes > UINT16_MAX) {
		return "the random write area of a zone is at most 65535 blocks: change "
		       "zrwa_nbytes";
	}
	if (zns->descriptor_nbytes % 64 || zns->descriptor_nbytes > 16320) {
		return "a zone descriptor extension is a multiple of 64 bytes up to 16320: change "
		       "descriptor_nbytes";
	}
	return NULL;
}

static void
zns_fill(const struct ssd_config *config, uint32_t slot, bool configured, struct saved_ns *saved)
{
	uint64_t zone_nlb = zns_zone_nbytes(config, slot) >> lba_formats[saved->format].shift;

	(void)configured;
	ASSERT(zone_nlb > 0);
	saved->nlba -= saved->nlba % zone_nlb;
}

static bool
zns_is_sane(const struct ssd *ssd, const struct saved_ns *saved)
{
	uint32_t shift = lba_formats[saved->format].shift;

	return saved->nlba % (zns_zone_nbytes(&ssd->config, saved->slot) >> shift) == 0;
}

/* An append writes at the write pointer, management addresses zones */
static bool
zns_range(struct ssd *ssd, const struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd, uint64_t *lba,
	  uint64_t *nlb)
{
	uint64_t zone_nlb = zns_zone_nlb(ssd, ns), at = cmd->nvm.slba;

	if (at >= ns->nlba) {
		return false;
	}
	switch (cmd->common.opcode) {
	case XNVME_SPEC_ZND_OPC_APPEND:
		*lba = at + zns_zones(ssd, ns)[at / zone_nlb].written;
		*nlb = cmd->znd.append.nlb + 1u;
		return true;
	case XNVME_SPEC_ZND_OPC_MGMT_SEND:
		*lba = cmd->znd.mgmt_send.select_all ? 0 : at - at % zone_nlb;
		*nlb = cmd->znd.mgmt_send.select_all ? ns->nlba : zone_nlb;
		return true;
	default:
		return false;
	}
}

#define CHANGES (EFFECT_SUPPORTED | EFFECT_DATA)

static const struct ssd_row zns_rows[256] = {
	[XNVME_SPEC_NVM_OPC_FLUSH] = {nvm_flush, EFFECT_SUPPORTED, NSID_BROADCAST},
	[XNVME_SPEC_NVM_OPC_WRITE] = {zns_write, CHANGES, NSID_ACTIVE},
	[XNVME_SPEC_NVM_OPC_READ] = {zns_read, EFFECT_SUPPORTED, NSID_ACTIVE},
	[XNVME_SPEC_NVM_OPC_WRITE_UNCORRECTABLE] = {zns_write_uncorrectable, CHANGES, NSID_ACTIVE},
	[XNVME_SPEC_NVM_OPC_COMPARE] = {zns_compare, EFFECT_SUPPORTED, NSID_ACTIVE},
	[XNVME_SPEC_NVM_OPC_WRITE_ZEROES] = {zns_write_zeroes, CHANGES, NSID_ACTIVE},
	[XNVME_SPEC_NVM_OPC_DATASET_MANAGEMENT] = {nvm_dsm, CHANGES, NSID_ACTIVE},
	[XNVME_SPEC_NVM_OPC_VERIFY] = {zns_verify, EFFECT_SUPPORTED, NSID_ACTIVE},
	[XNVME_SPEC_ZND_OPC_MGMT_SEND] = {zone_send_begin, CHANGES, NSID_ACTIVE},
	[XNVME_SPEC_ZND_OPC_MGMT_RECV] = {zone_receive_begin, EFFECT_SUPPORTED, NSID_ACTIVE},
	[XNVME_SPEC_ZND_OPC_APPEND] = {zns_append, CHANGES, NSID_ACTIVE},
};

const struct ssd_kind zns_kind = {
	.csi = XNVME_SPEC_CSI_ZONED,
	.rows = zns_rows,
	.wrong = zns_wrong,
	.fill = zns_fill,
	.is_sane = zns_is_sane,
	.recover = zns_recover,
	.restore = zns_recount,
	.reset = zns_close_all,
	.undo_of = zns_undo_of,
	.is_newest = zns_ends_at,
	.undo = zns_undo,
	.power_cut = zns_power_cut,
	.erase = zns_erase,
	.readable = zns_readable,
	.range = zns_range,
	.identify_ns = zns_identify_ns,
	.identify_ctrlr = zns_identify_ctrlr,
};
