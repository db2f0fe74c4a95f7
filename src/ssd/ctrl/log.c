/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Log pages: one row per log identifier. A row fills ssd->page with the whole page, of which the
 * command reads a window; NVMe Base 2.0, Get Log Page.
 */
#include <base/bytes.h>
#include <ssd/ctrl/admin.h>
#include <ssd/ctrl/ctrl.h>
#include <ssd/ctrl/feature.h>
#include <ssd/ctrl/identify.h>
#include <ssd/ctrl/log.h>
#include <ssd/ctrl/timer.h>
#include <ssd/fdp/fdp.h>
#include <ssd/host_memory.h>
#include <ssd/kind.h>
#include <ssd/media/media.h>
#include <ssd/ns.h>

#define TELEMETRY_HEADER_NBYTES 512

uint8_t
health_warnings(const struct ssd *ssd)
{
	uint32_t temperature = ssd->config.temperature_k;
	uint8_t warnings = 0;

	if (temperature >= ssd->features.current[FEATURE_TEMPERATURE_OVER] ||
	    temperature < ssd->features.current[FEATURE_TEMPERATURE_UNDER]) {
		warnings |= XNVME_SPEC_HEALTH_WARN_TEMPERATURE;
	}
	return warnings;
}

/* Data that could not be stored, read back, or verified: SMART's Media and Data Integrity Errors
 * (NVMe Base 2.0, SMART / Health Information), caused by a fault or by the contents of the media */
static bool
is_media_error(uint16_t status)
{
	switch (status & (uint16_t)~(STATUS_DNR | STATUS_MORE)) {
	case XNVME_SPEC_SC_WRITE_FAULT:
	case STATUS(UNRECOVERED_READ_ERROR):
	case XNVME_SPEC_SC_GUARD_CHECK_ERROR:
	case XNVME_SPEC_SC_APPTAG_CHECK_ERROR:
	case XNVME_SPEC_SC_REFTAG_CHECK_ERROR:
	case XNVME_SPEC_SC_STORAGE_TAG_CHECK_ERROR:
	case XNVME_SPEC_SC_KV_UNRECOVERED_ERROR:
		return true;
	default:
		return false;
	}
}

void
error_note(struct ssd *ssd, const struct xnvme_spec_cmd *cmd, struct ssd_work *work)
{
	struct xnvme_spec_log_erri_entry *entry;

	ssd_check(ssd);
	ASSERT(work->status != STATUS(SUCCESS));
	entry = &ssd->logs.error[ssd->logs.nerrors % ERROR_LOG_ENTRIES];
	ssd->logs.nerrors += 1;
	ssd->saved->errors += 1;
	ssd->saved->media_errors += is_media_error(work->status);
	work->status |= STATUS_MORE;
	memset(entry, 0, sizeof(*entry));
	entry->ecnt = ssd->saved->errors;
	entry->sqid = work->sqid;
	entry->cid = cmd->common.cid;
	entry->status.val = (uint16_t)(work->status << 1);
	entry->eloc = 0xFFFF; /* no particular byte of the command */
	entry->nsid = cmd->common.nsid;
	entry->lba = work->sqid ? cmd->nvm.slba : 0;
}

uint64_t
busy_ns(const struct ssd *ssd)
{
	ASSERT(ssd->busy_until >= ssd->powered_at + ssd->idle_ns);
	return ssd->saved->busy_ns + ssd->busy_until - ssd->powered_at - ssd->idle_ns;
}

static uint64_t
hours_on(const struct ssd *ssd)
{
	ssd_check(ssd);
	return (ssd->saved->powered_ns + (ssd->now - ssd->powered_at)) / (3600 * NS_PER_S);
}

/* Data Units of SMART: thousands of 512 bytes, rounded up */
static uint64_t
data_units(uint64_t nbytes)
{
	return (nbytes + 511999) / 512000;
}

/* Data Units of endurance groups: 10^9 bytes, rounded up */
static uint64_t
billions(uint64_t nbytes)
{
	return (nbytes + 999999999) / 1000000000;
}

/* ---- pages that ssd->page holds completely ---- */

static uint64_t
fill_supported(struct ssd *ssd, const struct log_want *want)
{
	struct xnvme_spec_log_supported *log = (void *)ssd->page;

	(void)want;
	for (uint32_t lid = 0; lid < 256; ++lid) {
		log->lids[lid] =
			log_is_there(ssd, (uint8_t)lid) ? XNVME_SPEC_LOG_SUPPORTED_LSUPP : 0;
	}
	return sizeof(*log);
}

static uint64_t
fill_errors(struct ssd *ssd, const struct log_want *want)
{
	struct xnvme_spec_log_erri_entry *log = (void *)ssd->page;

	ssd_check(ssd);
	(void)want;
	/* newest first */
	for (uint32_t i = 0; i < ERROR_LOG_ENTRIES && i < ssd->logs.nerrors; ++i) {
		log[i] = ssd->logs.error[(ssd->logs.nerrors - 1 - i) % ERROR_LOG_ENTRIES];
	}
	return ERROR_LOG_ENTRIES * sizeof(*log);
}

static uint64_t
fill_health(struct ssd *ssd, const struct log_want *want)
{
	struct xnvme_spec_log_health_entry *log = (void *)ssd->page;
	const struct saved *saved = ssd->saved;

	ssd_check(ssd);
	(void)want;
	log->crit_warn = health_warnings(ssd);
	log->comp_temp = ssd->config.temperature_k;
	log->avail_spare = 100;
	log->avail_spare_thresh = 10;
	put_le(log->data_units_read, data_units(saved->read_nbytes), 8);
	put_le(log->data_units_written, data_units(saved->write_nbytes), 8);
	put_le(log->host_read_cmds, saved->read_cmds, 8);
	put_le(log->host_write_cmds, saved->write_cmds, 8);
	put_le(log->ctrlr_busy_time, busy_ns(ssd) / (60 * NS_PER_S), 8);
	put_le(log->pwr_cycles, saved->power_cycles, 8);
	put_le(log->pwr_on_hours, hours_on(ssd), 8);
	put_le(log->unsafe_shutdowns, saved->unsafe_shutdowns, 8);
	put_le(log->mdi_errs, saved->media_errors, 8);
	put_le(log->nr_err_logs, saved->errors, 8);
	log->temp_sens[0] = ssd->config.temperature_k;
	return sizeof(*log);
}

static uint64_t
fill_firmware(struct ssd *ssd, const struct log_want *want)
{
	struct xnvme_spec_log_fw *log = (void *)ssd->page;

	(void)want;
	log->afi = 1;
	put_ascii(log->frs[0], ssd->config.firmware, sizeof(log->frs[0]));
	return sizeof(*log);
}

static uint64_t
fill_changed(struct ssd *ssd, const struct log_want *want)
{
	struct xnvme_spec_log_chns *log = (void *)ssd->page;

	ASSERT(ssd->logs.nchanged_ns <= SSD_NS_MAX);
	memcpy(log->nsid, ssd->logs.changed_ns, ssd->logs.nchanged_ns * sizeof(log->nsid[0]));
	if (!want->retain) {
		ssd->logs.nchanged_ns = 0;
	}
	return sizeof(*log);
}

/* Zone states change by commands only: the list is always empty */
static uint64_t
fill_changed_zones(struct ssd *ssd, const struct log_want *want)
{
	ASSERT(!want->ns || ns_is_active(want->ns));
	(void)ssd;
	return want->ns && want->ns->kind == SSD_NS_ZNS ? sizeof(struct xnvme_spec_znd_log_changes)
							: 0;
}

static uint64_t
fill_effects(struct ssd *ssd, const struct log_want *want)
{
	struct xnvme_spec_log_effects *log = (void *)ssd->page;
	const struct ssd_row *io = ssd->kinds[kind_of_csi(ssd, want->csi)]->rows;

	for (uint32_t opcode = 0; opcode < 256; ++opcode) {
		log->acs[opcode] = admin_rows[opcode].begin ? admin_rows[opcode].effects : 0;
		log->iocs[opcode] = io[opcode].begin ? io[opcode].effects : 0;
	}
	if (!fdp_is_there(ssd)) {
		log->iocs[XNVME_SPEC_NVM_OPC_IO_MGMT_RECV] = 0;
		log->iocs[XNVME_SPEC_NVM_OPC_IO_MGMT_SEND] = 0;
	}
	return sizeof(*log);
}

static uint64_t
fill_self_test(struct ssd *ssd, const struct log_want *want)
{
	struct xnvme_spec_log_selftest *log = (void *)ssd->page;
	const struct timer *timer = &ssd->timer;

	ASSERT(ssd->saved->self_tests <= SELF_TEST_RESULTS);
	(void)want;
	if (timer->self_test_until != NS_NEVER) {
		log->operation = timer->self_test_code;
		log->completion = (uint8_t)timer_progress(ssd, timer->self_test_from,
							  timer->self_test_until, 100);
	}
	for (uint32_t i = 0; i < SELF_TEST_RESULTS; ++i) {
		log->result[i].dsts = XNVME_SPEC_SELFTEST_RESULT_UNUSED;
		if (i < ssd->saved->self_tests) {
			log->result[i] = ssd->saved->self_test[i];
		}
	}
	return sizeof(*log);
}

/* Telemetry without data areas: header only */
static uint64_t
fill_telemetry(struct ssd *ssd, const struct log_want *want)
{
	struct xnvme_spec_log_telemetry *log = (void *)ssd->page;

	ASSERT(want->lid == XNVME_SPEC_LOG_TELEHOST || want->lid == XNVME_SPEC_LOG_TELECTRLR);
	if (want->lid == XNVME_SPEC_LOG_TELEHOST && (want->specific & 1)) {
		ssd->logs.telemetry_generation += 1;
	}
	log->lid = want->lid;
	put_le(log->ieee, get_be24(ssd->config.ieee_oui), 3);
	log->host_gen = ssd->logs.telemetry_generation;
	return TELEMETRY_HEADER_NBYTES;
}

static uint64_t
fill_endurance(struct ssd *ssd, const struct log_want *want)
{
	struct xnvme_spec_log_endurance_group *log = (void *)ssd->page;
	const struct saved *saved = ssd->saved;
	struct model_stats stats;

	ssd_check(ssd);
	if (want->specific_id != ENDURANCE_GROUP) {
		return 0;
	}
	flash_count_stats(ssd, &stats);
	log->avail_spare = 100;
	log->avail_spare_thresh = 10;
	log->data_units_read[0] = billions(saved->read_nbytes);
	log->data_units_written[0] = billions(saved->write_nbytes);
	log->media_units_written[0] = billions(stats.user_program_bytes + stats.gc_program_bytes);
	log->host_read_cmds[0] = saved->read_cmds;
	log->host_write_cmds[0] = saved->write_cmds;
	log->mdi_errs[0] = saved->media_errors;
	log->nr_err_logs[0] = saved->errors;
	log->tegcap[0] = ssd->pool_nbytes;
	log->uegcap[0] = ns_unallocated_nbytes(ssd);
	return sizeof(*log);
}

static uint64_t
fill_features(struct ssd *ssd, const struct log_want *want)
{
	struct xnvme_spec_log_features *log = (void *)ssd->page;

	(void)want;
	for (uint32_t fid = 0; fid < 256; ++fid) {
		log->fids[fid] = feature_effects(ssd, (uint8_t)fid);
	}
	return sizeof(*log);
}

static uint64_t
fill_sanitize(struct ssd *ssd, const struct log_want *want)
{
	struct xnvme_spec_log_sanitize_entry *log = (void *)ssd->page;
	const struct saved *saved = ssd->saved;
	const struct timer *timer = &ssd->timer;
	bool running = saved->sanitize_status == XNVME_SPEC_SANITIZE_SOS_IN_PROGRESS;

	ssd_check(ssd);
	(void)want;
	log->sprog = 0xFFFF;
	if (timer->sanitize_until != NS_NEVER) {
		log->sprog = (uint16_t)timer_progress(ssd, timer->sanitize_from,
						      timer->sanitize_until, 0xFFFF);
	}
	log->sstat.val = (uint16_t)(saved->sanitize_status | saved->sanitize_passes << 3);
	log->sstat.gde =
		!running && saved->write_cmds + saved->other_write_cmds == saved->erased_at;
	log->scdw10 = saved->sanitize_cdw10;
	log->eto = log->etbe = log->etce = 1; /* seconds at most */
	log->etodmm = log->etbenmm = log->etcenmm = 1;
	return sizeof(*log);
}

struct log_row {
	uint64_t (*fill)(struct ssd *ssd, const struct log_want *want); /* bytes; 0: no such page */
	bool per_ns; /* an NSID selects a namespace; other pages are of the controller */
};

static const struct log_row rows[256] = {
	[XNVME_SPEC_LOG_SUPPORTED] = {fill_supported, false},
	[XNVME_SPEC_LOG_ERRI] = {fill_errors, false},
	[XNVME_SPEC_LOG_HEALTH] = {fill_health, false},
	[XNVME_SPEC_LOG_FW] = {fill_firmware, false},
	[XNVME_SPEC_LOG_CHNS] = {fill_changed, false},
	[XNVME_SPEC_LOG_CSAE] = {fill_effects, false},
	[XNVME_SPEC_LOG_SELFTEST] = {fill_self_test, false},
	[XNVME_SPEC_LOG_TELEHOST] = {fill_telemetry, false},
	[XNVME_SPEC_LOG_TELECTRLR] = {fill_telemetry, false},
	[XNVME_SPEC_LOG_ENDURANCE_GROUP] = {fill_endurance, false},
	[XNVME_SPEC_LOG_LBA_STATUS] = {lba_status_fill_log, false},
	[XNVME_SPEC_LOG_FEATURES] = {fill_features, false},
	[XNVME_SPEC_LOG_FDPCONF] = {fdp_fill_log, false},
	[XNVME_SPEC_LOG_FDPRUHU] = {fdp_fill_log, false},
	[XNVME_SPEC_LOG_FDPSTATS] = {fdp_fill_log, false},
	[XNVME_SPEC_LOG_FDPEVENTS] = {fdp_fill_log, false},
	[XNVME_SPEC_LOG_SANITIZE] = {fill_sanitize, false},
	[XNVME_SPEC_LOG_ZND_CHANGES] = {fill_changed_zones, true},
};

bool
log_is_there(const struct ssd *ssd, uint8_t lid)
{
	if (lid == XNVME_SPEC_LOG_ZND_CHANGES) {
		return has_kind(ssd, SSD_NS_ZNS);
	}
	return rows[lid].fill != NULL && (!fdp_is_log(lid) || fdp_is_there(ssd));
}

void
log_begin(struct ssd *ssd, struct ssd_ns *ns, const struct xnvme_spec_cmd *cmd,
	  struct ssd_work *work)
{
	uint64_t offset = (uint64_t)cmd->log.lpou << 32 | cmd->log.lpol;
	uint64_t nbytes = (((uint64_t)cmd->log.numdu << 16 | cmd->log.numdl) + 1) * 4;
	uint32_t nsid = cmd->common.nsid;
	struct log_want want = {.lid = cmd->log.lid,
				.csi = cmd->log.csi,
				.specific = cmd->log.lsp,
				.specific_id = cmd->log.lsi,
				.retain = cmd->log.rae,
				.ns = ns};
	uint64_t there;

	command_check(ssd, ns, work);
	if (!log_is_there(ssd, want.lid)) {
		work->status = REFUSE(INVALID_LOG_PAGE);
		return;
	}
	if (nsid != 0 && nsid != NSID_ALL && !rows[want.lid].per_ns && !ns_is_active(ns)) {
		work->status = ns_refusal(ssd, nsid);
		return;
	}
	if ((offset & 3) || cmd->log.ot || is_too_long(ssd, nbytes)) {
		work->status = REFUSE(INVALID_FIELD);
		return;
	}
	if (fdp_is_log(want.lid)) {
		work->status = fdp_log_refusal(ssd, &want);
	}
	if (work->status) {
		return;
	}
	memset(ssd->page, 0, sizeof(ssd->page));
	there = rows[want.lid].fill(ssd, &want);
	ASSERT(there <= sizeof(ssd->page));
	if (there == 0 || offset > there) {
		work->status = REFUSE(INVALID_FIELD);
		return;
	}
	work->status = host_prepare(work, nbytes, 0, true);
	if (!work->status) {
		work->status = log_push(ssd, work, offset, nbytes, there);
	}
	if (!work->status && !want.retain) {
		aer_log_read(ssd, work->owner, want.lid);
	}
}

/* Return the window [offset, offset + nbytes) of a page of `there` bytes; zeroes follow its end */
uint16_t
log_push(struct ssd *ssd, const struct ssd_work *work, uint64_t offset, uint64_t nbytes,
	 uint64_t there)
{
	uint64_t real = there - offset < nbytes ? there - offset : nbytes;
	uint16_t status = host_push(work, 0, ssd->page + offset, real);

	ASSERT(offset <= there && there <= sizeof(ssd->page));
	memset(ssd->page, 0, sizeof(ssd->page));
	for (uint64_t at = real; at < nbytes && !status; at += sizeof(ssd->page)) {
		uint64_t part = nbytes - at < sizeof(ssd->page) ? nbytes - at : sizeof(ssd->page);

		status = host_push(work, at, ssd->page, part);
	}
	return status;
}
