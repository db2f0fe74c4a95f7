/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Flexible data placement from the host's side: TP4146, NVMe Base 2.1, Flexible Data Placement.
 */
#include <base/prng.h>
#include <ssd/rig_test.h>

#define UNIT_NBYTES (64u << 10)
#define UNIT_NLB (UNIT_NBYTES / 512)

static void
with_fdp(struct ssd_config *config)
{
	config->fdp.enabled = true;
	config->fdp.handles = 4;
	config->fdp.unit_nbytes = UNIT_NBYTES;
	config->ns[0].fdp_nhandles = 3;
	config->ns[0].fdp_handles[0] = 2;
	config->ns[0].fdp_handles[1] = 0;
	config->ns[0].fdp_handles[2] = 3;
}

static void
with_groups(struct ssd_config *config)
{
	with_fdp(config);
	config->fdp.groups = 3;
}

static void
with_two(struct ssd_config *config)
{
	with_fdp(config);
	config->ns[1].nbytes = 4u << 20;
	config->ns[1].fdp_handles[0] = 1;
}

static void
with_flash(struct ssd_config *config)
{
	with_fdp(config);
	memcpy(config->model.name, "parallel", 9);
	config->ns[0].nbytes = 64u << 20;
	rig_small_nand(config, 256, 1u << 20, 4096);
	/* little spare space, or nothing is moved in either case */
	config->model.nand.raw_nbytes = config->ns[0].nbytes / 100 * 115;
}

static uint16_t
place(struct rig *rig, uint8_t type, uint16_t identifier, uint64_t lba, uint32_t nlb)
{
	struct xnvme_spec_cmd cmd = {0};

	cmd.common.opcode = XNVME_SPEC_NVM_OPC_WRITE;
	cmd.common.nsid = 1;
	cmd.nvm.slba = lba;
	cmd.nvm.nlb = (uint16_t)(nlb - 1);
	cmd.nvm.dtype = type & 15u;
	cmd.nvm.cdw13.dspec = identifier;
	return rig_io(rig, &cmd);
}

static uint16_t
fdp_log(struct rig *rig, uint8_t lid, uint8_t lsp, uint32_t nbytes)
{
	struct xnvme_spec_cmd cmd = {0};

	memset(rig->buf, 0xEE, nbytes);
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_LOG;
	cmd.log.lid = lid;
	cmd.log.lsp = lsp & 15u;
	cmd.log.lsi = 1;
	cmd.log.numdl = (uint16_t)(nbytes / 4 - 1);
	return rig_admin(rig, &cmd);
}

static uint16_t
feature(struct rig *rig, uint8_t opcode, uint32_t nsid, uint8_t fid, uint32_t cdw11, uint32_t cdw12)
{
	struct xnvme_spec_cmd cmd = {0};

	cmd.common.opcode = opcode;
	cmd.common.nsid = nsid;
	cmd.sfeat.cdw10.fid = fid;
	cmd.sfeat.feat.val = cdw11;
	cmd.common.cdw12 = cdw12;
	return rig_admin(rig, &cmd);
}

static void
enable_events(struct rig *rig, uint16_t handle)
{
	rig->buf[0] = XNVME_SPEC_FDP_EVENT_RU_NOT_FULLY_WRITTEN;
	rig->buf[1] = XNVME_SPEC_FDP_EVENT_INVALID_PID;
	rig->buf[2] = XNVME_SPEC_FDP_EVENT_IMPLICIT_RU_CHANGE;
	assert_ok(feature(rig, XNVME_SPEC_ADM_OPC_SFEAT, 1, XNVME_SPEC_FEAT_FDP_EVENTS,
			  3u << 16 | handle, 1));
}

static uint16_t
receive(struct rig *rig, uint8_t operation, uint32_t nbytes)
{
	struct xnvme_spec_cmd cmd = {0};

	memset(rig->buf, 0xEE, nbytes + 4);
	cmd.common.opcode = XNVME_SPEC_NVM_OPC_IO_MGMT_RECV;
	cmd.common.nsid = 1;
	cmd.mgmt.mgmt_recv.mo = operation;
	cmd.mgmt.mgmt_recv.numd = nbytes / 4 - 1;
	return rig_io(rig, &cmd);
}

static uint16_t
update(struct rig *rig, const uint16_t *identifiers, uint32_t count)
{
	struct xnvme_spec_cmd cmd = {0};

	memcpy(rig->buf, identifiers, 2 * count);
	cmd.common.opcode = XNVME_SPEC_NVM_OPC_IO_MGMT_SEND;
	cmd.common.nsid = 1;
	cmd.mgmt.mgmt_send.mo = XNVME_SPEC_IO_MGMT_SEND_RUHU;
	cmd.mgmt.mgmt_send.mos = (uint16_t)(count - 1);
	return rig_io(rig, &cmd);
}

/* Blocks left in the unit of a status entry */
static uint64_t
left(struct rig *rig, uint32_t index)
{
	const struct xnvme_spec_ruhs *ruhs = (void *)rig->buf;

	assert_ok(receive(rig, XNVME_SPEC_IO_MGMT_RECV_RUHS, 1024));
	assert_in_range(index, 0, ruhs->nruhsd - 1);
	return ruhs->desc[index].ruamw;
}

static void
configuration_is_as_configured(void **state)
{
	struct rig *rig = rig_new(with_groups);
	const struct xnvme_spec_log_fdp_conf *log = (void *)rig->buf;
	const struct xnvme_spec_idfy_ctrlr *ctrlr = (void *)rig->buf;

	(void)state;
	assert_ok(rig_identify(rig, XNVME_SPEC_IDFY_CTRLR, 0, 0));
	assert_true(ctrlr->ctratt.flexible_data_placement);
	assert_int_equal(ctrlr->endgidmax, 1);
	assert_ok(fdp_log(rig, XNVME_SPEC_LOG_FDPCONF, 0, 256));
	assert_int_equal(log->ncfg, 0);
	assert_int_equal(log->size, 16 + 64 + 4 * 4);
	assert_int_equal(log->conf_desc[0].ds, 64 + 4 * 4);
	assert_int_equal(log->conf_desc[0].fdpa.fdpcv, 1);
	assert_int_equal(log->conf_desc[0].fdpa.rgif, 2);
	assert_int_equal(log->conf_desc[0].nrg, 3);
	assert_int_equal(log->conf_desc[0].nruh, 4);
	assert_int_equal(log->conf_desc[0].maxpids, 11);
	assert_int_equal(log->conf_desc[0].runs, UNIT_NBYTES);
	for (uint32_t i = 0; i < 4; ++i) {
		assert_int_equal(log->conf_desc[0].ruh_desc[i].ruht,
				 XNVME_SPEC_RUHT_INITIALLY_ISOLATED);
	}
	/* of another endurance group */
	assert_status(rig_log(rig, XNVME_SPEC_LOG_FDPCONF, 256), STATUS(INVALID_FIELD));
	rig_free(rig);
}

static void
usage_tells_whose_choice_it_was(void **state)
{
	struct rig *rig = rig_new(with_two);
	const struct xnvme_spec_log_ruhu *log = (void *)rig->buf;

	(void)state;
	/* the second namespace has no list: handle 1 of the drive, as configured */
	assert_ok(fdp_log(rig, XNVME_SPEC_LOG_FDPRUHU, 0, 64));
	assert_int_equal(log->nruh, 4);
	assert_int_equal(log->ruhu_desc[0].ruha, XNVME_SPEC_RUHA_HOST);
	assert_int_equal(log->ruhu_desc[1].ruha, XNVME_SPEC_RUHA_CTRLR);
	assert_int_equal(log->ruhu_desc[2].ruha, XNVME_SPEC_RUHA_HOST);
	assert_int_equal(log->ruhu_desc[3].ruha, XNVME_SPEC_RUHA_HOST);
	rig_free(rig);
}

static void
units_fill_and_make_way(void **state)
{
	struct rig *rig = rig_new(with_fdp);
	const struct xnvme_spec_ruhs *ruhs = (void *)rig->buf;
	const struct xnvme_spec_log_fdp_events *events = (void *)rig->buf;

	(void)state;
	assert_ok(receive(rig, XNVME_SPEC_IO_MGMT_RECV_RUHS, 256));
	assert_int_equal(ruhs->nruhsd, 3);
	for (uint32_t i = 0; i < 3; ++i) {
		assert_int_equal(ruhs->desc[i].pi, i);
		assert_int_equal(ruhs->desc[i].ruhi, rig->config.ns[0].fdp_handles[i]);
		assert_int_equal(ruhs->desc[i].ruamw, UNIT_NLB);
	}
	assert_bytes(rig->buf + 112, 0, 144);
	/* no directive: placement handle 0 */
	assert_ok(place(rig, 0, 0, 0, 8));
	assert_ok(place(rig, XNVME_SPEC_DIR_DATA_PLACEMENT, 0, 8, 8));
	assert_ok(place(rig, XNVME_SPEC_DIR_DATA_PLACEMENT, 2, 16, 8));
	assert_int_equal(left(rig, 0), UNIT_NLB - 16);
	assert_int_equal(left(rig, 1), UNIT_NLB);
	assert_int_equal(left(rig, 2), UNIT_NLB - 8);
	enable_events(rig, 0);
	assert_ok(place(rig, 0, 0, 0, UNIT_NLB - 17));
	assert_int_equal(left(rig, 0), 1);
	assert_ok(fdp_log(rig, XNVME_SPEC_LOG_FDPEVENTS, 0, 256));
	assert_int_equal(events->nevents, 0);
	assert_ok(place(rig, 0, 0, 0, UNIT_NLB + 2)); /* across two units */
	assert_int_equal(left(rig, 0), UNIT_NLB - 1);
	assert_ok(fdp_log(rig, XNVME_SPEC_LOG_FDPEVENTS, 0, 256));
	assert_int_equal(events->nevents, 2);
	assert_int_equal(events->event[1].type, XNVME_SPEC_FDP_EVENT_IMPLICIT_RU_CHANGE);
	assert_int_equal(events->event[1].ruhid, 2);
	assert_int_equal(events->event[1].nsid, 1);
	assert_true(events->event[1].fdpef.lv && events->event[1].fdpef.nsidv);
	/* they survive power */
	rig_reopen(rig);
	assert_int_equal(left(rig, 0), UNIT_NLB - 1);
	assert_ok(fdp_log(rig, XNVME_SPEC_LOG_FDPEVENTS, 0, 256));
	assert_int_equal(events->nevents, 2);
	rig_free(rig);
}

/* A write with an identifier that does not exist succeeds with a placement of the controller's
 * choice, and raises an event: NVMe Base 2.1, FDP Event */
static void
bad_identifiers_go_to_the_first_handle(void **state)
{
	struct rig *rig = rig_new(with_fdp);
	const struct xnvme_spec_log_fdp_events *events = (void *)rig->buf;

	(void)state;
	enable_events(rig, 0);
	memset(rig->buf, 0x22, 512);
	for (uint32_t id = 3; id < 0x10000; id = id * 2 + 1) {
		assert_ok(place(rig, XNVME_SPEC_DIR_DATA_PLACEMENT, (uint16_t)id, 0, 1));
	}
	/* other directives are not supported */
	assert_status(place(rig, XNVME_SPEC_DIR_STREAMS, 1, 0, 1), STATUS(INVALID_FIELD));
	assert_status(place(rig, 3, 0, 0, 1), STATUS(INVALID_FIELD));
	assert_ok(rig_read(rig, 0, 1));
	assert_bytes(rig->buf, 0x22, 512);
	assert_int_equal(left(rig, 0), UNIT_NLB - 15);
	assert_int_equal(left(rig, 1), UNIT_NLB);
	assert_ok(fdp_log(rig, XNVME_SPEC_LOG_FDPEVENTS, 1, 2048));
	assert_int_equal(events->nevents, 15);
	assert_int_equal(events->event[0].type, XNVME_SPEC_FDP_EVENT_INVALID_PID);
	assert_int_equal(events->event[0].pid, 3);
	assert_int_equal(events->event[0].fdpef.val, 7); /* all of them are valid */
	assert_int_equal(events->event[0].ruhid, 2);	 /* its placement */
	assert_int_equal(events->event[14].pid, 0xFFFF);
	assert_ok(fdp_log(rig, XNVME_SPEC_LOG_FDPEVENTS, 0, 2048));
	assert_int_equal(events->nevents, 0);
	rig_free(rig);
}

static void
updates_begin_a_new_unit(void **state)
{
	struct rig *rig = rig_new(with_groups);
	const struct xnvme_spec_ruhs *ruhs = (void *)rig->buf;
	const struct xnvme_spec_log_fdp_events *events = (void *)rig->buf;
	const uint16_t in_group_2 = 2u << 14 | 1, bad_group = 3u << 14;

	(void)state;
	enable_events(rig, 1);
	assert_ok(receive(rig, XNVME_SPEC_IO_MGMT_RECV_RUHS, 1024));
	assert_int_equal(ruhs->nruhsd, 9);
	/* by handle, then by group */
	for (uint32_t i = 0; i < 9; ++i) {
		assert_int_equal(ruhs->desc[i].pi, (i % 3) << 14 | i / 3);
	}
	assert_ok(place(rig, XNVME_SPEC_DIR_DATA_PLACEMENT, in_group_2, 0, 5));
	assert_ok(place(rig, XNVME_SPEC_DIR_DATA_PLACEMENT, bad_group, 0, 7));
	assert_int_equal(left(rig, 5), UNIT_NLB - 5);
	assert_int_equal(left(rig, 3), UNIT_NLB);
	assert_int_equal(left(rig, 0), UNIT_NLB - 7);
	/* one bad identifier: none is updated */
	assert_status(update(rig, (uint16_t[]){in_group_2, bad_group}, 2), STATUS(INVALID_FIELD));
	assert_int_equal(left(rig, 5), UNIT_NLB - 5);
	assert_ok(update(rig, (uint16_t[]){0, in_group_2}, 2));
	assert_int_equal(left(rig, 5), UNIT_NLB);
	/* an empty unit stays */
	assert_ok(update(rig, (uint16_t[]){in_group_2}, 1));
	assert_ok(fdp_log(rig, XNVME_SPEC_LOG_FDPEVENTS, 1, 1024));
	assert_int_equal(events->nevents, 1); /* events of handle 0 are not enabled */
	assert_int_equal(events->event[0].type, XNVME_SPEC_FDP_EVENT_RU_NOT_FULLY_WRITTEN);
	assert_int_equal(events->event[0].pid, in_group_2);
	assert_int_equal(events->event[0].rgid, 2);
	assert_int_equal(events->event[0].ruhid, 0);
	/* more than the ring holds: the oldest are replaced, the log stays one page */
	for (uint32_t i = 0; i < 100; ++i) {
		uint16_t identifier = i < 98 ? 1 : in_group_2;

		assert_ok(place(rig, XNVME_SPEC_DIR_DATA_PLACEMENT, identifier, 0, 1));
		assert_ok(update(rig, &identifier, 1));
	}
	assert_ok(fdp_log(rig, XNVME_SPEC_LOG_FDPEVENTS, 1, 4096));
	assert_int_equal(events->nevents, 63);
	assert_int_equal(events->event[60].rgid, 0);
	assert_int_equal(events->event[61].rgid, 2);
	assert_int_equal(events->event[62].rgid, 2);
	/* more identifiers than possible */
	memset(rig->buf, 0, 64);
	assert_status(update(rig, (uint16_t[13]){0}, 13), STATUS(INVALID_FIELD));
	rig_free(rig);
}

static void
statuses_are_cut_to_what_was_asked(void **state)
{
	struct rig *rig = rig_new(with_fdp);

	(void)state;
	assert_ok(receive(rig, XNVME_SPEC_IO_MGMT_RECV_RUHS, 4));
	assert_bytes(rig->buf + 4, 0xEE, 4);
	assert_ok(receive(rig, XNVME_SPEC_IO_MGMT_RECV_RUHS, 20));
	assert_int_equal(rig->buf[14], 3);
	assert_bytes(rig->buf + 20, 0xEE, 4);
	assert_ok(receive(rig, 0, 16));
	assert_bytes(rig->buf, 0xEE, 16);
	assert_status(receive(rig, 2, 16), STATUS(INVALID_FIELD));
	rig_free(rig);
}

static void
statistics_count_bytes(void **state)
{
	struct rig *rig = rig_new(with_fdp);
	const struct xnvme_spec_log_fdp_stats *log = (void *)rig->buf;
	struct xnvme_spec_cmd copy = {0};

	(void)state;
	assert_ok(place(rig, XNVME_SPEC_DIR_DATA_PLACEMENT, 1, 0, 8));
	assert_ok(rig_write(rig, 8, 2, 1));
	copy.common.opcode = XNVME_SPEC_NVM_OPC_SCOPY;
	copy.common.nsid = 1;
	copy.scopy.sdlba = 100;
	copy.scopy.dtype = XNVME_SPEC_DIR_DATA_PLACEMENT;
	copy.scopy.dspec = 2;
	memset(rig->buf, 0, 32);
	rig->buf[16] = 3; /* four blocks from 0 on */
	assert_ok(rig_io(rig, &copy));
	assert_int_equal(left(rig, 2), UNIT_NLB - 4);
	/* Write Zeroes and Write Uncorrectable write as well */
	assert_ok(rig_blocks(rig, 0x08, 1, 200, 5, XNVME_SPEC_DIR_DATA_PLACEMENT << 20));
	assert_ok(rig_blocks(rig, 0x04, 1, 210, 6, 0));
	assert_int_equal(left(rig, 0), UNIT_NLB - 2 - 5 - 6);
	assert_ok(fdp_log(rig, XNVME_SPEC_LOG_FDPSTATS, 0, 64));
	assert_int_equal(log->hbmw[0], 25 * 512);
	assert_int_equal(log->mbmw[0], 25 * 512); /* without flash nothing is collected */
	assert_int_equal(log->mbe[0], 0);
	rig_free(rig);
}

/* Each handle writes its own lines: when they are overwritten completely, nothing must be moved.
 * With both kinds of data in one handle, the overwrites leave holes that must be collected. */
static void
churn(bool apart, uint64_t *host, uint64_t *media, uint64_t *erased)
{
	struct rig *rig = rig_new(with_flash);
	const struct xnvme_spec_log_fdp_stats *log = (void *)rig->buf;
	uint32_t nlb = (64u << 20) / 512 / 8; /* commands of 8 blocks */

	for (uint32_t i = 0; i < 6 * nlb; ++i) {
		/* the lower half is written once, a piece of it with each write to the upper
		 * half */
		uint32_t half = nlb / 2;
		uint64_t cold = i % half, hot = half + (i * 7ULL) % (half / 4);

		if (i < half) {
			assert_ok(place(rig, XNVME_SPEC_DIR_DATA_PLACEMENT, 1, cold * 8, 8));
		}
		assert_ok(place(rig, XNVME_SPEC_DIR_DATA_PLACEMENT, apart ? 2 : 1, hot * 8, 8));
	}
	assert_ok(fdp_log(rig, XNVME_SPEC_LOG_FDPSTATS, 0, 64));
	*host = log->hbmw[0];
	*media = log->mbmw[0];
	*erased = log->mbe[0];
	rig_free(rig);
}

static void
handles_keep_lines_apart(void **state)
{
	uint64_t host, media, erased, mixed_host, mixed_media, mixed_erased;

	(void)state;
	churn(true, &host, &media, &erased);
	churn(false, &mixed_host, &mixed_media, &mixed_erased);
	print_message("apart: host %llu media %llu erased %llu; mixed: media %llu erased %llu\n",
		      (unsigned long long)host, (unsigned long long)media,
		      (unsigned long long)erased, (unsigned long long)mixed_media,
		      (unsigned long long)mixed_erased);
	assert_int_equal(host, mixed_host);
	assert_true(erased > 0 && erased < media);
	assert_true(mixed_media > media);
}

static void
mode_changes_without_namespaces_only(void **state)
{
	struct rig *rig = rig_new(with_fdp);
	const uint8_t set = XNVME_SPEC_ADM_OPC_SFEAT, get = XNVME_SPEC_ADM_OPC_GFEAT;
	const uint8_t mode = XNVME_SPEC_FEAT_FDP_MODE;
	struct xnvme_spec_cmd cmd = {0};

	(void)state;
	assert_ok(feature(rig, get, 0, mode, 1, 0));
	assert_int_equal(rig->work.result, 1);
	assert_status(feature(rig, get, 0, mode, 2, 0), STATUS(INVALID_FIELD));
	assert_status(feature(rig, set, 0, mode, 1, 0), STATUS(COMMAND_SEQUENCE_ERROR));
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_NS_MGMT;
	cmd.common.nsid = XNVME_SPEC_NSID_ALL;
	cmd.common.ndt = XNVME_SPEC_NS_MGMT_DELETE;
	assert_ok(rig_admin(rig, &cmd));
	assert_status(feature(rig, set, 0, mode, 1, 1u | 1u << 8), STATUS(INVALID_FIELD));
	assert_ok(feature(rig, set, 0, mode, 1, 0));
	assert_status(fdp_log(rig, XNVME_SPEC_LOG_FDPSTATS, 0, 64), STATUS(FDP_DISABLED));
	assert_ok(fdp_log(rig, XNVME_SPEC_LOG_FDPCONF, 0, 64));
	rig_reopen(rig);
	assert_ok(feature(rig, get, 0, mode, 1, 0));
	assert_int_equal(rig->work.result, 0);
	assert_ok(feature(rig, set, 0, mode, 1, 1));
	/* a namespace with its own list */
	cmd.common.nsid = 0;
	cmd.common.ndt = XNVME_SPEC_NS_MGMT_CREATE;
	memset(rig->buf, 0, 4096);
	rig->buf[1] = rig->buf[9] = 8; /* 2048 blocks */
	rig->buf[392] = 2;
	rig->buf[512] = 3;
	rig->buf[514] = 3;
	assert_status(rig_admin(rig, &cmd), STATUS(INVALID_PLACEMENT_HANDLE_LIST));
	rig->buf[514] = 4;
	assert_status(rig_admin(rig, &cmd), STATUS(INVALID_PLACEMENT_HANDLE_LIST));
	rig->buf[514] = 1;
	assert_ok(rig_admin(rig, &cmd));
	assert_ok(fdp_log(rig, XNVME_SPEC_LOG_FDPRUHU, 0, 64));
	assert_int_equal(rig->buf[8 + 8 * 1], XNVME_SPEC_RUHA_HOST);
	assert_int_equal(rig->buf[8 + 8 * 2], XNVME_SPEC_RUHA_UNUSED);
	assert_int_equal(rig->buf[8 + 8 * 3], XNVME_SPEC_RUHA_HOST);
	rig_free(rig);
}

static void
events_are_enabled_by_handle(void **state)
{
	struct rig *rig = rig_new(with_fdp);
	const uint8_t set = XNVME_SPEC_ADM_OPC_SFEAT, get = XNVME_SPEC_ADM_OPC_GFEAT;
	const uint8_t fid = XNVME_SPEC_FEAT_FDP_EVENTS;
	const struct xnvme_spec_fdp_event_desc *desc = (void *)rig->buf;

	(void)state;
	enable_events(rig, 1);
	rig->buf[0] = XNVME_SPEC_FDP_EVENT_INVALID_PID;
	assert_ok(feature(rig, set, 1, fid, 1u << 16 | 1, 0));
	assert_ok(feature(rig, get, 1, fid, 255u << 16 | 1, 0));
	assert_int_equal(rig->work.result, 6);
	for (uint32_t i = 0; i < 6; ++i) {
		assert_int_equal(desc[i].fdpeta.ee,
				 desc[i].type == XNVME_SPEC_FDP_EVENT_RU_NOT_FULLY_WRITTEN ||
					 desc[i].type == XNVME_SPEC_FDP_EVENT_IMPLICIT_RU_CHANGE);
	}
	assert_ok(feature(rig, get, 1, fid, 1u << 16 | 2, 0));
	assert_int_equal(rig->work.result, 1);
	assert_int_equal(desc[0].fdpeta.ee, 0);
	assert_status(feature(rig, get, 1, fid, 1u << 16 | 3, 0), STATUS(INVALID_FIELD));
	assert_status(feature(rig, get, 9, fid, 1u << 16, 0), STATUS(INVALID_FIELD));
	rig->buf[0] = 0x70; /* vendor specific, not supported */
	assert_status(feature(rig, set, 1, fid, 1u << 16, 1), STATUS(INVALID_FIELD));
	assert_status(feature(rig, set, XNVME_SPEC_NSID_ALL, fid, 1u << 16, 1),
		      STATUS(INVALID_FIELD));
	rig_free(rig);
}

static void
enable_one(struct rig *rig, uint16_t handle, uint8_t type)
{
	rig->buf[0] = type;
	assert_ok(feature(rig, XNVME_SPEC_ADM_OPC_SFEAT, 1, XNVME_SPEC_FEAT_FDP_EVENTS,
			  1u << 16 | handle, 1));
}

static void
with_time_limit(struct ssd_config *config)
{
	with_fdp(config);
	config->fdp.unit_seconds = 10;
}

static void
units_that_stay_open_too_long_make_way(void **state)
{
	struct rig *rig = rig_new(with_time_limit);
	const struct xnvme_spec_log_fdp_conf *conf = (void *)rig->buf;
	const struct xnvme_spec_ruhs *ruhs = (void *)rig->buf;
	const struct xnvme_spec_log_fdp_events *events = (void *)rig->buf;

	(void)state;
	assert_ok(fdp_log(rig, XNVME_SPEC_LOG_FDPCONF, 0, 256));
	assert_int_equal(conf->conf_desc[0].erutl, 10);
	enable_one(rig, 0, XNVME_SPEC_FDP_EVENT_RU_TIME_LIMIT);
	enable_one(rig, 1, XNVME_SPEC_FDP_EVENT_RU_TIME_LIMIT);
	assert_ok(place(rig, XNVME_SPEC_DIR_DATA_PLACEMENT, 1, 0, 1));
	rig->now += 4 * NS_PER_S;
	assert_ok(place(rig, XNVME_SPEC_DIR_DATA_PLACEMENT, 0, 0, 1));
	assert_ok(place(rig, XNVME_SPEC_DIR_DATA_PLACEMENT, 1, 0, 1)); /* does not start over */
	assert_ok(receive(rig, XNVME_SPEC_IO_MGMT_RECV_RUHS, 256));
	assert_int_equal(ruhs->desc[0].earutr, 10);
	assert_int_equal(ruhs->desc[1].earutr, 6);
	assert_int_equal(ruhs->desc[2].earutr, 10); /* empty */
	rig->now += 6 * NS_PER_S;
	assert_int_equal(left(rig, 0), UNIT_NLB - 1);
	assert_int_equal(left(rig, 1), UNIT_NLB);
	rig->now += 100 * NS_PER_S;
	assert_ok(fdp_log(rig, XNVME_SPEC_LOG_FDPEVENTS, 1, 256));
	assert_int_equal(events->nevents, 2);
	assert_int_equal(events->event[0].type, XNVME_SPEC_FDP_EVENT_RU_TIME_LIMIT);
	assert_int_equal(events->event[0].ruhid, 0);
	assert_int_equal(events->event[1].ruhid, 2);
	assert_int_equal(events->event[1].fdpef.val, 4); /* a placement, but no namespace */
	/* time without power does not count */
	assert_ok(place(rig, XNVME_SPEC_DIR_DATA_PLACEMENT, 1, 0, 1));
	rig->now += 9 * NS_PER_S;
	ssd_power_cut(rig->ssd, rig->now);
	rig->now += 9 * NS_PER_S;
	assert_int_equal(left(rig, 1), UNIT_NLB - 1);
	rig_free(rig);
}

static void
with_cache(struct ssd_config *config)
{
	with_fdp(config);
	config->cache_nbytes = 1u << 20;
}

static void
power_cuts_end_units_that_lost_data(void **state)
{
	struct rig *rig = rig_new(with_cache);
	const struct xnvme_spec_log_fdp_conf *conf = (void *)rig->buf;
	const struct xnvme_spec_log_fdp_events *events = (void *)rig->buf;
	const struct xnvme_spec_log_fdp_stats *stats = (void *)rig->buf;

	(void)state;
	assert_ok(fdp_log(rig, XNVME_SPEC_LOG_FDPCONF, 0, 256));
	assert_int_equal(conf->conf_desc[0].fdpa.fdpvwc, 1);
	for (uint16_t handle = 0; handle < 3; ++handle) {
		enable_one(rig, handle, XNVME_SPEC_FDP_EVENT_CTRLR_RESET);
	}
	memset(rig->buf, 0x11, 4096);
	assert_ok(place(rig, XNVME_SPEC_DIR_DATA_PLACEMENT, 0, 0, 8));
	assert_ok(rig_blocks(rig, 0, 1, 0, 1, 0));
	memset(rig->buf, 0x22, 4096);
	assert_ok(place(rig, XNVME_SPEC_DIR_DATA_PLACEMENT, 1, 0, 8));
	assert_ok(place(rig, XNVME_SPEC_DIR_DATA_PLACEMENT, 1, 8, 8));
	ssd_power_cut(rig->ssd, rig->now);
	/* flushed data stay, and their unit continues */
	assert_ok(rig_read(rig, 0, 8));
	assert_bytes(rig->buf, 0x11, 4096);
	assert_ok(rig_read(rig, 8, 8));
	assert_bytes(rig->buf, 0, 4096);
	assert_int_equal(left(rig, 0), UNIT_NLB - 8);
	assert_int_equal(left(rig, 1), UNIT_NLB);
	assert_ok(fdp_log(rig, XNVME_SPEC_LOG_FDPEVENTS, 1, 256));
	assert_int_equal(events->nevents, 1); /* once for each handle */
	assert_int_equal(events->event[0].type, XNVME_SPEC_FDP_EVENT_CTRLR_RESET);
	assert_int_equal(events->event[0].fdpef.val, 4);
	assert_int_equal(events->event[0].ruhid, 0);
	/* the host's writes count nevertheless */
	assert_ok(fdp_log(rig, XNVME_SPEC_LOG_FDPSTATS, 0, 64));
	assert_int_equal(stats->hbmw[0], 24 * 512);
	/* a reset loses nothing and modifies nothing */
	assert_ok(place(rig, XNVME_SPEC_DIR_DATA_PLACEMENT, 2, 0, 8));
	ssd_reset(rig->ssd, rig->now, SSD_EVERYBODY);
	assert_int_equal(left(rig, 2), UNIT_NLB - 8);
	rig_free(rig);
}

static void
fused_writes_are_placed(void **state)
{
	struct rig *rig = rig_new(with_cache);
	struct xnvme_spec_cmd cmd = {0};
	struct ssd_event event;

	(void)state;
	cmd.common.nsid = 1;
	cmd.common.opcode = XNVME_SPEC_NVM_OPC_COMPARE;
	cmd.common.fuse = 1;
	memset(rig->buf, 0, 512);
	assert_ok(rig_io(rig, &cmd));
	assert_int_equal(rig->work.verdict, SSD_HELD);
	cmd.common.opcode = XNVME_SPEC_NVM_OPC_WRITE;
	cmd.common.fuse = 2;
	cmd.nvm.dtype = XNVME_SPEC_DIR_DATA_PLACEMENT;
	cmd.nvm.cdw13.dspec = 2;
	memset(rig->buf, 0x33, 512);
	assert_ok(rig_io(rig, &cmd));
	assert_true(ssd_next_event(rig->ssd, rig->now, 0, &event));
	assert_int_equal(event.status, 0);
	assert_int_equal(left(rig, 2), UNIT_NLB - 1);
	ssd_power_cut(rig->ssd, rig->now);
	assert_ok(rig_read(rig, 0, 1));
	assert_bytes(rig->buf, 0, 512);
	assert_int_equal(left(rig, 2), UNIT_NLB);
	rig_free(rig);
}

static void
collection_is_told_of(void **state)
{
	struct rig *rig = rig_new(with_flash);
	const struct xnvme_spec_log_fdp_events *events = (void *)rig->buf;
	struct xnvme_spec_fdp_event_media_reallocated moved;
	uint32_t nlb = (64u << 20) / 512 / 8;
	uint64_t random = 5;
	uint32_t blocks = 0;
	struct ssd_stats stats;

	(void)state;
	enable_one(rig, 1, XNVME_SPEC_FDP_EVENT_MEDIA_REALLOCATED);
	for (uint32_t i = 0; i < 3 * nlb; ++i) {
		assert_ok(rig_write(rig, prng_next(&random) % nlb * 8, 8, 1));
	}
	ssd_stats(rig->ssd, &stats);
	assert_true(stats.model.gc_moves > 0);
	assert_ok(fdp_log(rig, XNVME_SPEC_LOG_FDPEVENTS, 0, 4096));
	assert_int_not_equal(events->nevents, 0);
	for (uint32_t i = 0; i < events->nevents; ++i) {
		assert_int_equal(events->event[i].type, XNVME_SPEC_FDP_EVENT_MEDIA_REALLOCATED);
		assert_int_equal(events->event[i].fdpef.val, 0);
		memcpy(&moved, events->event[i].type_specific, sizeof(moved));
		assert_int_not_equal(moved.nlbam, 0);
		assert_int_equal(moved.sef.lbav, 0);
		blocks += moved.nlbam;
	}
	/* the ring only holds the last ones */
	assert_in_range(blocks, 1, stats.model.gc_moves * 8);
	rig_free(rig);
}

static void
drives_without_it_know_nothing_of_it(void **state)
{
	struct rig *rig = rig_new(NULL);
	const struct xnvme_spec_idfy_ctrlr *ctrlr = (void *)rig->buf;

	(void)state;
	assert_ok(rig_identify(rig, XNVME_SPEC_IDFY_CTRLR, 0, 0));
	assert_false(ctrlr->ctratt.flexible_data_placement);
	assert_status(fdp_log(rig, XNVME_SPEC_LOG_FDPCONF, 0, 64), STATUS(INVALID_LOG_PAGE));
	assert_status(receive(rig, XNVME_SPEC_IO_MGMT_RECV_RUHS, 64), STATUS(INVALID_OPCODE));
	assert_status(update(rig, (uint16_t[]){0}, 1), STATUS(INVALID_OPCODE));
	assert_status(place(rig, XNVME_SPEC_DIR_DATA_PLACEMENT, 0, 0, 1), STATUS(INVALID_FIELD));
	assert_status(feature(rig, XNVME_SPEC_ADM_OPC_GFEAT, 0, XNVME_SPEC_FEAT_FDP_MODE, 1, 0),
		      STATUS(INVALID_FIELD));
	rig_free(rig);
}

static void
wrong_configurations_are_refused(void **state)
{
	struct ssd_config config;

	(void)state;
#define WRONG(change)                                                                              \
	ssd_config_default(&config);                                                               \
	with_fdp(&config);                                                                         \
	assert_int_not_equal(ssd_bytes_needed(&config), 0);                                        \
	change;                                                                                    \
	assert_int_equal(ssd_bytes_needed(&config), 0)

	WRONG(config.fdp.handles = 3);
	WRONG(config.fdp.handles = 129);
	WRONG(config.fdp.groups = 129);
	WRONG(config.ns[0].fdp_nhandles = 0; config.ns[0].fdp_handles[0] = 4);
	WRONG(config.fdp.unit_nbytes = 1000);
	WRONG(config.fdp.persistently_isolated = true);
	WRONG(config.ns[0].fdp_handles[1] = 2);
	WRONG(config.ns[0].fdp_nhandles = 5);
	WRONG(config.ns[0].kind = SSD_NS_KV);
#undef WRONG
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(configuration_is_as_configured),
		cmocka_unit_test(usage_tells_whose_choice_it_was),
		cmocka_unit_test(units_fill_and_make_way),
		cmocka_unit_test(bad_identifiers_go_to_the_first_handle),
		cmocka_unit_test(updates_begin_a_new_unit),
		cmocka_unit_test(statuses_are_cut_to_what_was_asked),
		cmocka_unit_test(statistics_count_bytes),
		cmocka_unit_test(handles_keep_lines_apart),
		cmocka_unit_test(mode_changes_without_namespaces_only),
		cmocka_unit_test(events_are_enabled_by_handle),
		cmocka_unit_test(units_that_stay_open_too_long_make_way),
		cmocka_unit_test(power_cuts_end_units_that_lost_data),
		cmocka_unit_test(fused_writes_are_placed),
		cmocka_unit_test(collection_is_told_of),
		cmocka_unit_test(drives_without_it_know_nothing_of_it),
		cmocka_unit_test(wrong_configurations_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
