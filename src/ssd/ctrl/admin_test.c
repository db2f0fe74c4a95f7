/* SPDX-License-Identifier: BSD-3-Clause */
/* Admin commands: identify, features, logs, events, self-test, directives */
#include <ssd/rig_test.h>

static void
identify_says_what_was_configured(void **state)
{
	struct rig *rig = rig_new(NULL);
	const struct xnvme_spec_idfy_ctrlr *ctrlr = (const void *)rig->buf;
	const struct xnvme_spec_idfy_ns *ns = (const void *)rig->buf;

	(void)state;
	assert_ok(rig_identify(rig, XNVME_SPEC_IDFY_CTRLR, 0, 0));
	assert_memory_equal(ctrlr->sn, "XNVME0001           ", 20);
	assert_int_equal(ctrlr->ver.val, 0x20000);
	assert_int_equal(ctrlr->mdts, 7);
	assert_int_equal(ctrlr->nn, 32);
	assert_int_equal(ctrlr->sqes.val, 0x66);
	assert_int_equal(ctrlr->cqes.val, 0x44);
	assert_int_equal(ctrlr->tnvmcap[0], 16u << 20);
	assert_int_equal(ctrlr->unvmcap[0], 0);
	assert_int_equal(ctrlr->vwc.present, 0);
	assert_memory_equal(ctrlr->subnqn, "nqn.", 4);
	assert_ok(rig_identify(rig, XNVME_SPEC_IDFY_NS, 1, 0));
	assert_int_equal(ns->nsze, 32768);
	assert_int_equal(ns->lbaf[ns->flbas.format].ds, 9);
	assert_int_equal(ns->nlbaf, 1);
	/* an inactive namespace is all zero, an NSID out of range an error */
	assert_ok(rig_identify(rig, XNVME_SPEC_IDFY_NS, 2, 0));
	assert_bytes(rig->buf, 0, 4096);
	assert_status(rig_identify(rig, XNVME_SPEC_IDFY_NS, 33, 0), STATUS(INVALID_NS_OR_FORMAT));
	assert_status(rig_identify(rig, XNVME_SPEC_IDFY_NS, 0, 0), STATUS(INVALID_NS_OR_FORMAT));
	assert_ok(rig_identify(rig, XNVME_SPEC_IDFY_NS, 0xFFFFFFFF, 0));
	assert_int_equal(ns->lbaf[1].ds, 12);
	rig_free(rig);
}

static void
identify_lists(void **state)
{
	struct rig *rig = rig_new(NULL);
	uint32_t first;
	uint8_t csi;

	(void)state;
	assert_ok(rig_identify(rig, XNVME_SPEC_IDFY_NSLIST, 0, 0));
	memcpy(&first, rig->buf, 4);
	assert_int_equal(first, 1);
	assert_bytes(rig->buf + 4, 0, 4092);
	assert_ok(rig_identify(rig, XNVME_SPEC_IDFY_NSLIST, 1, 0));
	assert_bytes(rig->buf, 0, 4096);
	assert_status(rig_identify(rig, XNVME_SPEC_IDFY_NSLIST, 0xFFFFFFFE, 0),
		      STATUS(INVALID_NS_OR_FORMAT));
	assert_ok(rig_identify(rig, XNVME_SPEC_IDFY_NSDSCR, 1, 0));
	assert_int_equal(rig->buf[0], XNVME_SPEC_IDFY_NIDT_EUI64);
	csi = rig->buf[4 + 8 + 4 + 16 + 4 + 16 + 4];
	assert_int_equal(rig->buf[4 + 8 + 4 + 16 + 4 + 16], XNVME_SPEC_IDFY_NIDT_CSI);
	assert_int_equal(csi, 0);
	assert_ok(rig_identify(rig, XNVME_SPEC_IDFY_IOCS, 0, 0));
	for (uint32_t cns = 0; cns < 256; ++cns) {
		/* every value completes, and unknown ones are refused */
		uint16_t status = rig_identify(rig, (uint8_t)cns, 1, 0);

		if (cns > XNVME_SPEC_IDFY_IOCS) {
			assert_status(status, STATUS(INVALID_FIELD));
		}
	}
	rig_free(rig);
}

static void
features_have_four_values(void **state)
{
	const uint8_t fid = XNVME_SPEC_FEAT_SW_PROGRESS;
	struct rig *rig = rig_new(NULL);

	(void)state;
	assert_ok(rig_set_feature(rig, 0, fid, 5, false));
	assert_ok(rig_get_feature(rig, 0, fid, XNVME_SPEC_FEAT_SEL_CURRENT));
	assert_int_equal(rig->work.result, 5);
	assert_ok(rig_get_feature(rig, 0, fid, XNVME_SPEC_FEAT_SEL_SAVED));
	assert_int_equal(rig->work.result, 0);
	ssd_reset(rig->ssd, rig->now, SSD_EVERYBODY);
	assert_ok(rig_get_feature(rig, 0, fid, XNVME_SPEC_FEAT_SEL_CURRENT));
	assert_int_equal(rig->work.result, 0);
	assert_ok(rig_set_feature(rig, 0, fid, 6, true));
	ssd_reset(rig->ssd, rig->now, SSD_EVERYBODY);
	assert_ok(rig_get_feature(rig, 0, fid, XNVME_SPEC_FEAT_SEL_CURRENT));
	assert_int_equal(rig->work.result, 6);
	rig_reopen(rig);
	assert_ok(rig_get_feature(rig, 0, fid, XNVME_SPEC_FEAT_SEL_CURRENT));
	assert_int_equal(rig->work.result, 6);
	assert_ok(rig_get_feature(rig, 0, fid, XNVME_SPEC_FEAT_SEL_DEFAULT));
	assert_int_equal(rig->work.result, 0);
	assert_ok(rig_get_feature(rig, 0, fid, XNVME_SPEC_FEAT_SEL_SUPPORTED));
	assert_int_equal(rig->work.result, 5);
	assert_status(rig_get_feature(rig, 0, fid, 5), STATUS(INVALID_FIELD));
	rig_free(rig);
}

/* NSID 0, used by hosts that treat it as a feature of the controller: the first namespace's
 * value */
static void
error_recovery_of_no_namespace(void **state)
{
	const uint8_t fid = XNVME_SPEC_FEAT_ERROR_RECOVERY;
	struct rig *rig = rig_new(NULL);

	(void)state;
	assert_ok(rig_set_feature(rig, 1, fid, 7, false));
	assert_ok(rig_get_feature(rig, 0, fid, XNVME_SPEC_FEAT_SEL_CURRENT));
	assert_int_equal(rig->work.result, 7);
	assert_ok(rig_get_feature(rig, 0, fid, XNVME_SPEC_FEAT_SEL_DEFAULT));
	assert_status(rig_set_feature(rig, 0, fid, 7, false), STATUS(INVALID_NS_OR_FORMAT));
	rig_free(rig);
}

/* NOWS and NPWG are 0's based */
static void
optimal_writes_are_whole_granules(void **state)
{
	const struct xnvme_spec_idfy_ns *idfy;
	struct rig *rig = rig_new(NULL);

	(void)state;
	assert_ok(rig_identify(rig, XNVME_SPEC_IDFY_NS, 1, 0));
	idfy = (const void *)rig->buf;
	assert_true(idfy->nsfeat.optimal_performance);
	assert_int_equal((idfy->nows + 1) % (idfy->npwg + 1), 0);
	rig_free(rig);
}

static void
features_refuse_what_they_cannot(void **state)
{
	struct rig *rig = rig_new(NULL);

	(void)state;
	assert_status(rig_get_feature(rig, 0, 0, 0), STATUS(INVALID_FIELD));
	assert_status(rig_set_feature(rig, 0, 0x55, 0, false), STATUS(INVALID_FIELD));
	assert_status(rig_set_feature(rig, 0, XNVME_SPEC_FEAT_NQUEUES, 0, true),
		      STATUS(FEATURE_NOT_SAVEABLE));
	assert_status(rig_set_feature(rig, 1, XNVME_SPEC_FEAT_ARBITRATION, 0, false),
		      STATUS(FEATURE_NOT_NS_SPECIFIC));
	assert_status(rig_set_feature(rig, 0, XNVME_SPEC_FEAT_PWR_MGMT, 1, false),
		      STATUS(INVALID_FIELD));
	assert_status(rig_set_feature(rig, 0, XNVME_SPEC_FEAT_NQUEUES, 0xFFFF, false),
		      STATUS(INVALID_FIELD));
	assert_ok(rig_set_feature(rig, 0, XNVME_SPEC_FEAT_NQUEUES, 0x00030FFF, false));
	assert_int_equal(rig->work.result, 3 << 16 | 63);
	assert_ok(rig_get_feature(rig, 0, XNVME_SPEC_FEAT_NQUEUES, 0));
	assert_int_equal(rig->work.result, 3 << 16 | 63);
	/* without a cache the feature does not exist */
	assert_status(rig_get_feature(rig, 0, XNVME_SPEC_FEAT_VWCACHE, 0), STATUS(INVALID_FIELD));
	rig_free(rig);
}

static void
timestamp_runs_with_the_clock(void **state)
{
	struct rig *rig = rig_new(NULL);
	uint64_t ms = 1000000;

	(void)state;
	memcpy(rig->buf, &ms, 8);
	assert_ok(rig_set_feature(rig, 0, XNVME_SPEC_FEAT_TIMESTAMP, 0, false));
	rig->now += 7 * NS_PER_S;
	assert_ok(rig_get_feature(rig, 0, XNVME_SPEC_FEAT_TIMESTAMP, 0));
	memcpy(&ms, rig->buf, 8);
	assert_int_equal(ms & 0xFFFFFFFFFFFF, 1007000);
	assert_int_equal(ms >> 48, 2);
	rig_free(rig);
}

static void
logs_count_what_happened(void **state)
{
	struct rig *rig = rig_new(NULL);
	const struct xnvme_spec_log_health_entry *health = (const void *)rig->buf;
	const struct xnvme_spec_log_erri_entry *error = (const void *)rig->buf;
	const struct xnvme_spec_log_effects *effects = (const void *)rig->buf;

	(void)state;
	for (uint32_t i = 0; i < 1001; ++i) {
		assert_ok(rig_write(rig, 0, 1, 0));
	}
	assert_ok(rig_read(rig, 0, 1));
	assert_status(rig_read(rig, 1u << 30, 1), STATUS(LBA_OUT_OF_RANGE));
	assert_ok(rig_log(rig, XNVME_SPEC_LOG_HEALTH, 512));
	assert_int_equal(health->data_units_written[0], 2);
	assert_int_equal(health->data_units_read[0], 1);
	assert_int_equal(health->host_write_cmds[0] | health->host_write_cmds[1] << 8, 1001);
	assert_int_equal(health->host_read_cmds[0], 1);
	assert_int_equal(health->nr_err_logs[0], 1);
	assert_int_equal(health->pwr_cycles[0], 1);
	assert_ok(rig_log(rig, XNVME_SPEC_LOG_ERRI, 128));
	assert_int_equal(error[0].ecnt, 1);
	assert_int_equal(error[0].sqid, 1);
	assert_int_equal(error[0].lba, 1u << 30);
	assert_int_equal((error[0].status.val >> 1) & 0x7FF, STATUS(LBA_OUT_OF_RANGE));
	assert_int_equal(error[1].ecnt, 0);
	assert_ok(rig_log(rig, XNVME_SPEC_LOG_CSAE, 4096));
	assert_int_equal(effects->acs[XNVME_SPEC_ADM_OPC_IDFY] & 1, 1);
	assert_int_equal(effects->iocs[XNVME_SPEC_NVM_OPC_WRITE] & 3, 3);
	assert_int_equal(effects->iocs[0x7D], 0);
	rig_free(rig);
}

static void
logs_have_windows_and_ends(void **state)
{
	struct rig *rig = rig_new(NULL);
	struct xnvme_spec_cmd cmd = {0};

	(void)state;
	/* longer than the page, up to the host's buffer: the rest is zero */
	assert_ok(rig_log(rig, XNVME_SPEC_LOG_HEALTH, 8192));
	assert_bytes(rig->buf + 512, 0, 8192 - 512);
	assert_ok(rig_log(rig, XNVME_SPEC_LOG_HEALTH, RIG_BUF_NBYTES / 2));
	/* but at most MDTS */
	assert_status(rig_log(rig, XNVME_SPEC_LOG_HEALTH, RIG_BUF_NBYTES / 2 + 4),
		      STATUS(INVALID_FIELD));
	rig->dma.nbytes = 4096;
	assert_status(rig_log(rig, XNVME_SPEC_LOG_HEALTH, 8192), STATUS(DATA_SGL_LENGTH_INVALID));
	rig->dma.nbytes = sizeof(rig->buf);
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_LOG;
	cmd.log.lid = XNVME_SPEC_LOG_HEALTH;
	cmd.log.numdl = 0xFFFF;
	cmd.log.numdu = 0xFFFF;
	assert_status(rig_admin(rig, &cmd), STATUS(INVALID_FIELD));
	cmd.log.numdu = 0;
	cmd.log.numdl = 3;
	cmd.log.lpol = 512;
	assert_ok(rig_admin(rig, &cmd));
	cmd.log.lpol = 516;
	assert_status(rig_admin(rig, &cmd), STATUS(INVALID_FIELD));
	cmd.log.lpol = 2;
	assert_status(rig_admin(rig, &cmd), STATUS(INVALID_FIELD));
	cmd.log.lpol = 0xFFFFFFFC;
	cmd.log.lpou = 0xFFFFFFFF;
	assert_status(rig_admin(rig, &cmd), STATUS(INVALID_FIELD));
	for (uint32_t lid = 0; lid < 256; ++lid) {
		uint16_t status = rig_log(rig, (uint8_t)lid, 512) & 0x7FF;

		assert_true(status == STATUS(SUCCESS) || status == STATUS(INVALID_LOG_PAGE) ||
			    status == STATUS(INVALID_FIELD));
	}
	rig_free(rig);
}

static uint16_t
admin(struct rig *rig, uint8_t opcode, uint32_t nsid, uint32_t cdw10, uint32_t cdw11)
{
	struct xnvme_spec_cmd cmd = {0};

	cmd.common.opcode = opcode;
	cmd.common.nsid = nsid;
	cmd.common.ndt = cdw10;
	cmd.common.ndm = cdw11;
	return rig_admin(rig, &cmd);
}

static void
events_wait_for_requests(void **state)
{
	struct rig *rig = rig_new(NULL);
	struct ssd_event event;

	(void)state;
	for (uint32_t i = 0; i < 4; ++i) {
		assert_ok(admin(rig, XNVME_SPEC_ADM_OPC_ASYNC_EVENT, 0, 0, 0));
		assert_int_equal(rig->work.verdict, SSD_HELD);
	}
	assert_status(admin(rig, XNVME_SPEC_ADM_OPC_ASYNC_EVENT, 0, 0, 0),
		      STATUS(ASYNC_LIMIT_EXCEEDED));
	assert_false(ssd_next_event(rig->ssd, rig->now, 0, &event));
	/* a threshold below the temperature raises a health event, if enabled */
	assert_ok(rig_set_feature(rig, 0, XNVME_SPEC_FEAT_TEMP_THRESHOLD, 300, false));
	assert_false(ssd_next_event(rig->ssd, rig->now, 0, &event));
	assert_ok(rig_set_feature(rig, 0, XNVME_SPEC_FEAT_ASYNC_EVENT, 0x1FF, false));
	assert_ok(rig_set_feature(rig, 0, XNVME_SPEC_FEAT_TEMP_THRESHOLD, 400, false));
	assert_ok(rig_set_feature(rig, 0, XNVME_SPEC_FEAT_TEMP_THRESHOLD, 300, false));
	assert_true(ssd_next_event(rig->ssd, rig->now, 0, &event));
	assert_int_equal(event.cid, 0);
	assert_int_equal(event.result, 0x020101);
	/* the next event of that type waits until the log page is read */
	assert_ok(rig_set_feature(rig, 0, XNVME_SPEC_FEAT_TEMP_THRESHOLD, 400, false));
	assert_ok(rig_set_feature(rig, 0, XNVME_SPEC_FEAT_TEMP_THRESHOLD, 300, false));
	assert_false(ssd_next_event(rig->ssd, rig->now, 0, &event));
	assert_ok(rig_log(rig, XNVME_SPEC_LOG_HEALTH, 512));
	assert_true(ssd_next_event(rig->ssd, rig->now, 0, &event));
	assert_int_equal(event.cid, 1);
	/* Abort completes a held command */
	assert_ok(admin(rig, XNVME_SPEC_ADM_OPC_ABORT, 0, 3u << 16, 0));
	assert_int_equal(rig->work.result, 0);
	assert_true(ssd_next_event(rig->ssd, rig->now, 0, &event));
	assert_int_equal(event.cid, 3);
	assert_status(event.status, STATUS(ABORT_REQUESTED));
	assert_ok(admin(rig, XNVME_SPEC_ADM_OPC_ABORT, 0, 999u << 16, 0));
	assert_int_equal(rig->work.result, 1);
	ssd_reset(rig->ssd, rig->now, SSD_EVERYBODY);
	assert_ok(admin(rig, XNVME_SPEC_ADM_OPC_ASYNC_EVENT, 0, 0, 0));
	rig_free(rig);
}

static void
unknown_admin_opcodes(void **state)
{
	static const uint8_t known[] = {0x02, 0x06, 0x08, 0x09, 0x0A, 0x0C, 0x0D, 0x14,
					0x15, 0x18, 0x19, 0x1A, 0x80, 0x84, 0x86};
	struct rig *rig = rig_new(NULL);

	(void)state;
	for (uint32_t opcode = 0; opcode < 256; ++opcode) {
		if (!memchr(known, (int)opcode, sizeof(known))) {
			assert_int_equal(admin(rig, (uint8_t)opcode, 1, 0, 0),
					 STATUS(INVALID_OPCODE) | STATUS_DNR);
		}
	}
	rig_free(rig);
}

static void
self_test_takes_time(void **state)
{
	struct rig *rig = rig_new(NULL);
	const struct xnvme_spec_log_selftest *log = (const void *)rig->buf;

	(void)state;
	assert_ok(admin(rig, XNVME_SPEC_ADM_OPC_SELFTEST, 1, 1, 0));
	assert_status(admin(rig, XNVME_SPEC_ADM_OPC_SELFTEST, 1, 2, 0),
		      STATUS(SELF_TEST_IN_PROGRESS));
	rig->now += NS_PER_S;
	assert_ok(rig_log(rig, XNVME_SPEC_LOG_SELFTEST, 564));
	assert_int_equal(log->operation, 1);
	assert_int_equal(log->completion, 50);
	assert_int_equal(log->result[0].dsts, 0xF);
	rig->now += 2 * NS_PER_S;
	ssd_tick(rig->ssd, rig->now);
	assert_ok(rig_log(rig, XNVME_SPEC_LOG_SELFTEST, 564));
	assert_int_equal(log->operation, 0);
	assert_int_equal(log->result[0].dsts, 0x10);
	assert_int_equal(log->result[0].nsid, 1);
	assert_ok(admin(rig, XNVME_SPEC_ADM_OPC_SELFTEST, 0xFFFFFFFF, 2, 0));
	assert_ok(admin(rig, XNVME_SPEC_ADM_OPC_SELFTEST, 0xFFFFFFFF, 15, 0));
	assert_ok(rig_log(rig, XNVME_SPEC_LOG_SELFTEST, 564));
	assert_int_equal(log->result[0].dsts, 0x21);
	assert_int_equal(log->result[1].dsts, 0x10);
	assert_status(admin(rig, XNVME_SPEC_ADM_OPC_SELFTEST, 1, 7, 0), STATUS(INVALID_FIELD));
	rig_free(rig);
}

static void
long_self_tests_outlive_power(void **state)
{
	struct rig *rig = rig_new(NULL);
	const struct xnvme_spec_log_selftest *log = (const void *)rig->buf;

	(void)state;
	assert_ok(admin(rig, XNVME_SPEC_ADM_OPC_SELFTEST, 1, 1, 0));
	ssd_reset(rig->ssd, rig->now, 0);
	assert_ok(rig_log(rig, XNVME_SPEC_LOG_SELFTEST, 564));
	assert_int_equal(log->operation, 0);
	assert_int_equal(log->result[0].dsts, 0x12); /* a reset ends a short one */
	assert_ok(admin(rig, XNVME_SPEC_ADM_OPC_SELFTEST, 1, 1, 0));
	rig_reopen(rig);
	assert_ok(rig_log(rig, XNVME_SPEC_LOG_SELFTEST, 564));
	assert_int_equal(log->operation, 0);
	assert_int_equal(log->result[0].dsts, 0x12);
	assert_int_equal(log->result[1].dsts, 0x12);
	assert_int_equal(log->result[2].dsts, 0xF);
	assert_ok(admin(rig, XNVME_SPEC_ADM_OPC_SELFTEST, 0, 2, 0));
	ssd_reset(rig->ssd, rig->now, 0);
	ssd_power_cut(rig->ssd, rig->now);
	rig_reopen(rig);
	assert_ok(rig_log(rig, XNVME_SPEC_LOG_SELFTEST, 564));
	assert_int_equal(log->operation, 2);
	rig->now += 61 * NS_PER_S;
	assert_ok(rig_log(rig, XNVME_SPEC_LOG_SELFTEST, 564));
	assert_int_equal(log->operation, 0);
	assert_int_equal(log->result[0].dsts, 0x20);
	rig_reopen(rig);
	assert_ok(rig_log(rig, XNVME_SPEC_LOG_SELFTEST, 564));
	assert_int_equal(log->operation, 0);
	rig_free(rig);
}

static void
keep_alive_or_die(void **state)
{
	struct rig *rig = rig_new(NULL);

	(void)state;
	assert_ok(rig_set_feature(rig, 0, XNVME_SPEC_FEAT_KATO, 5000, false));
	rig->now += 4 * NS_PER_S;
	assert_ok(admin(rig, XNVME_SPEC_ADM_OPC_KEEP_ALIVE, 0, 0, 0));
	rig->now += 4 * NS_PER_S;
	assert_ok(rig_read(rig, 0, 1));
	assert_false(ssd_is_fatal(rig->ssd));
	assert_int_equal(ssd_tick(rig->ssd, rig->now), 9 * NS_PER_S);
	rig->now += 2 * NS_PER_S;
	rig_read(rig, 0, 1);
	assert_int_equal(rig->work.verdict, SSD_LOST);
	assert_true(ssd_is_fatal(rig->ssd));
	ssd_reset(rig->ssd, rig->now, SSD_EVERYBODY);
	assert_ok(rig_read(rig, 0, 1));
	rig_free(rig);
}

static void
streams_are_hints(void **state)
{
	struct rig *rig = rig_new(NULL);
	struct xnvme_spec_cmd cmd = {0};

	(void)state;
	cmd.common.opcode = XNVME_SPEC_NVM_OPC_WRITE;
	cmd.common.nsid = 1;
	cmd.nvm.dtype = XNVME_SPEC_DIR_STREAMS;
	cmd.nvm.cdw13.dspec = 9;
	assert_status(rig_io(rig, &cmd), STATUS(INVALID_FIELD));
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_DSEND;
	memset(&cmd.common.ndt, 0, 24);
	cmd.dsend.doper = XNVME_SPEC_DSEND_IDFY_ENDIR;
	cmd.dsend.cdw12.endir = 1;
	cmd.dsend.cdw12.tdtype = XNVME_SPEC_DIR_STREAMS;
	cmd.common.nsid = 2;
	assert_status(rig_admin(rig, &cmd), STATUS(INVALID_FIELD));
	cmd.common.nsid = 0;
	assert_status(rig_admin(rig, &cmd), STATUS(INVALID_NS_OR_FORMAT));
	cmd.common.nsid = XNVME_SPEC_NSID_ALL; /* in every namespace */
	assert_ok(rig_admin(rig, &cmd));
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_DRECV;
	memset(&cmd.common.ndt, 0, 24);
	cmd.drecv.numd = 7;
	cmd.drecv.dtype = XNVME_SPEC_DIR_STREAMS;
	cmd.drecv.doper = XNVME_SPEC_DRECV_STREAMS_RETPR;
	assert_ok(rig_admin(rig, &cmd));
	assert_int_equal(rig->buf[0], 16);
	cmd.drecv.doper = XNVME_SPEC_DRECV_STREAMS_GETST;
	assert_status(rig_admin(rig, &cmd), STATUS(INVALID_FIELD));
	cmd.common.nsid = 1;
	memset(&cmd.common.ndt, 0, 24);
	cmd.common.opcode = XNVME_SPEC_NVM_OPC_WRITE;
	cmd.nvm.dtype = XNVME_SPEC_DIR_STREAMS;
	for (uint32_t id = 1; id < 40; ++id) {
		cmd.nvm.cdw13.dspec = (uint16_t)id;
		assert_ok(rig_io(rig, &cmd));
	}
	memset(&cmd.common.ndt, 0, 24);
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_DRECV;
	cmd.drecv.numd = 7;
	cmd.drecv.dtype = XNVME_SPEC_DIR_STREAMS;
	cmd.drecv.doper = XNVME_SPEC_DRECV_STREAMS_GETST;
	assert_ok(rig_admin(rig, &cmd));
	assert_int_equal(rig->buf[0], 16);
	assert_int_equal(rig->buf[2], 24); /* the sixteen newest */
	rig_free(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identify_says_what_was_configured),
		cmocka_unit_test(identify_lists),
		cmocka_unit_test(features_have_four_values),
		cmocka_unit_test(features_refuse_what_they_cannot),
		cmocka_unit_test(error_recovery_of_no_namespace),
		cmocka_unit_test(optimal_writes_are_whole_granules),
		cmocka_unit_test(timestamp_runs_with_the_clock),
		cmocka_unit_test(logs_count_what_happened),
		cmocka_unit_test(logs_have_windows_and_ends),
		cmocka_unit_test(events_wait_for_requests),
		cmocka_unit_test(unknown_admin_opcodes),
		cmocka_unit_test(self_test_takes_time),
		cmocka_unit_test(long_self_tests_outlive_power),
		cmocka_unit_test(keep_alive_or_die),
		cmocka_unit_test(streams_are_hints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
