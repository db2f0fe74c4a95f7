/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Commands of a host before its first I/O: every CNS value, every log page, every feature, on a
 * drive with namespaces of all kinds; 32 of them, created and deleted by the host.
 */
#include <ssd/rig_test.h>

#define NSID_NVM 1u
#define NSID_ZNS 2u
#define NSID_KV 3u
#define NSID_DETACHED 4u
#define NSID_NONE 20u

static void
mixed(struct ssd_config *config)
{
	config->nvm_nbytes = 128u << 20;
	config->metadata = true;
	config->cache_nbytes = 1u << 20;
	for (uint32_t i = 0; i < 4; ++i) {
		config->ns[i].nbytes = 2u << 20;
	}
	config->ns[1].kind = SSD_NS_ZNS;
	config->ns[1].zns.zone_nbytes = 1u << 20;
	config->ns[2].kind = SSD_NS_KV;
	config->ns[3].detached = true;
}

static void
placed(struct ssd_config *config)
{
	config->fdp.enabled = true;
}

/* Supported values; all others are Invalid Field in Command */
enum says { SOMETHING, ZEROES, REFUSES };
static const struct {
	uint8_t cns;
	uint8_t csi;
	uint32_t nsid;
	enum says says;
	uint16_t status;
} asked[] = {
	{0x00, 0, NSID_NVM, SOMETHING, 0},
	{0x00, 0, NSID_ZNS, SOMETHING, 0},
	{0x00, 0, NSID_KV, REFUSES, STATUS(INVALID_IOCS)},
	{0x00, 0, NSID_DETACHED, ZEROES, 0},
	{0x00, 0, NSID_NONE, ZEROES, 0},
	{0x00, 0, UINT32_MAX, SOMETHING, 0},
	{0x00, 0, 0, REFUSES, STATUS(INVALID_NS_OR_FORMAT)},
	{0x00, 0, 33, REFUSES, STATUS(INVALID_NS_OR_FORMAT)},
	{0x01, 0, 0, SOMETHING, 0},
	{0x02, 0, 0, SOMETHING, 0},
	{0x02, 0, NSID_KV, ZEROES, 0}, /* the last active one */
	{0x02, 0, 0xFFFFFFFE, REFUSES, STATUS(INVALID_NS_OR_FORMAT)},
	{0x02, 0, UINT32_MAX, REFUSES, STATUS(INVALID_NS_OR_FORMAT)},
	{0x03, 0, NSID_NVM, SOMETHING, 0},
	{0x03, 0, NSID_KV, SOMETHING, 0},
	{0x03, 0, NSID_DETACHED, REFUSES, STATUS(INVALID_FIELD)},
	{0x03, 0, 33, REFUSES, STATUS(INVALID_NS_OR_FORMAT)},
	{0x05, 0, NSID_NVM, SOMETHING, 0},
	{0x05, 0, NSID_KV, REFUSES, STATUS(INVALID_IOCS)},
	{0x05, 1, NSID_KV, SOMETHING, 0},
	{0x05, 1, NSID_NVM, REFUSES, STATUS(INVALID_IOCS)},
	{0x05, 2, NSID_ZNS, SOMETHING, 0},
	{0x05, 2, NSID_NVM, REFUSES, STATUS(INVALID_IOCS)},
	{0x05, 3, NSID_NVM, REFUSES, STATUS(INVALID_IOCS)},
	{0x05, 0, NSID_DETACHED, ZEROES, 0},
	{0x06, 0, 0, ZEROES, 0}, /* no limits */
	{0x06, 1, 0, ZEROES, 0}, /* as the KV Command Set requires */
	{0x06, 2, 0, ZEROES, 0}, /* ZASL 0: as MDTS */
	{0x06, 3, 0, REFUSES, STATUS(INVALID_FIELD)},
	{0x07, 0, 0, SOMETHING, 0},
	{0x07, 1, 0, SOMETHING, 0},
	{0x07, 2, 0, SOMETHING, 0},
	{0x07, 3, 0, REFUSES, STATUS(INVALID_FIELD)},
	{0x07, 0, 0xFFFFFFFE, REFUSES, STATUS(INVALID_NS_OR_FORMAT)},
	{0x08, 0, NSID_NVM, SOMETHING, 0},
	{0x08, 0, NSID_KV, SOMETHING, 0},
	{0x08, 0, NSID_DETACHED, ZEROES, 0},
	{0x08, 0, 0, REFUSES, STATUS(INVALID_NS_OR_FORMAT)},
	{0x09, 0, 0, SOMETHING, 0},
	{0x0A, 0, 0, SOMETHING, 0},
	{0x10, 0, 0, SOMETHING, 0},
	{0x11, 0, NSID_DETACHED, SOMETHING, 0},
	{0x11, 0, NSID_NONE, ZEROES, 0},
	{0x12, 0, NSID_NVM, SOMETHING, 0},
	{0x12, 0, NSID_DETACHED, ZEROES, 0},
	{0x12, 0, NSID_NONE, REFUSES, STATUS(INVALID_FIELD)},
	{0x12, 0, 33, REFUSES, STATUS(INVALID_NS_OR_FORMAT)},
	{0x13, 0, 0, SOMETHING, 0},
	{0x16, 0, 0, SOMETHING, 0},
	{0x19, 0, 0, SOMETHING, 0},
	{0x1A, 2, 0, SOMETHING, 0},
	{0x1A, 3, 0, REFUSES, STATUS(INVALID_FIELD)},
	{0x1B, 0, NSID_DETACHED, SOMETHING, 0},
	{0x1B, 2, NSID_DETACHED, REFUSES, STATUS(INVALID_IOCS)},
	{0x1C, 0, 0, SOMETHING, 0},
};

static void
every_cns_is_answered_or_refused(void **state)
{
	struct rig *rig = rig_new(mixed);
	bool known[256] = {false};
	size_t zeroes;

	(void)state;
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); ++i) {
		uint16_t status = rig_identify(rig, asked[i].cns, asked[i].nsid, asked[i].csi);

		known[asked[i].cns] = true;
		if (asked[i].says == REFUSES) {
			if (status != (asked[i].status | STATUS_DNR)) {
				fail_msg("CNS %02x CSI %u NSID %x: %04x", asked[i].cns,
					 asked[i].csi, asked[i].nsid, status);
			}
			assert_bytes(rig->buf, 0xEE, 4096);
			continue;
		}
		zeroes = 0;
		while (zeroes < 4096 && rig->buf[zeroes] == 0) {
			zeroes += 1;
		}
		if (status || (zeroes == 4096) != (asked[i].says == ZEROES)) {
			fail_msg("CNS %02x CSI %u NSID %x: %04x, %zu zeroes", asked[i].cns,
				 asked[i].csi, asked[i].nsid, status, zeroes);
		}
	}
	for (uint32_t cns = 0; cns < 256; ++cns) {
		if (!known[cns]) {
			assert_int_equal(rig_identify(rig, (uint8_t)cns, NSID_NVM, 0),
					 STATUS(INVALID_FIELD) | STATUS_DNR);
		}
	}
	/* selectors in addition to the NSID */
	assert_status(rig_identify_by(rig, 0x09, 0, 0, 0, 12), STATUS(INVALID_FIELD));
	assert_status(rig_identify_by(rig, 0x1C, 0, 0, 7, 0), STATUS(INVALID_FIELD));
	assert_ok(rig_identify_by(rig, 0x1C, 0, 0, 0xFFFF, 0));
	assert_int_equal(rig->buf[0], 7); /* NVM, KV and zones, all at once */
	assert_ok(rig_identify_by(rig, 0x13, 0, 0, 1, 0));
	assert_bytes(rig->buf, 0, 4096); /* none from controller 1 on */
	assert_ok(rig_identify_by(rig, 0x19, 0, 0, 0, 2));
	assert_bytes(rig->buf, 0, 4096);
	rig_free(rig);
}

static void
promises_of_identify_are_those_of_the_logs(void **state)
{
	struct rig *rig = rig_new(mixed);
	const struct xnvme_spec_idfy_ctrlr *ctrlr = (const void *)rig->buf;

	(void)state;
	assert_ok(rig_identify(rig, 0x01, 0, 0));
	assert_int_equal(ctrlr->oacs.val, 1u << 1 | 1u << 3 | 1u << 4 | 1u << 5 | 1u << 9);
	/* compare, uncorrectable, DSM, zeroes, save, timestamp, verify, copy as one write */
	assert_int_equal(ctrlr->oncs.val, 0x03DF);
	assert_int_equal(ctrlr->oaes.val, 1u << 8 | 1u << 13 | 1u << 27);
	assert_int_equal(ctrlr->cdfs.val & 15, 15);
	assert_int_equal(ctrlr->fuses, 1);
	assert_int_equal(ctrlr->vwc.val, 7);
	assert_int_equal(ctrlr->fna.val, 4);
	assert_int_equal(ctrlr->cntrltype, 1);
	assert_int_equal(ctrlr->lpa.val & 0x2F, 0x2F);
	rig_free(rig);
}

/* Supported log pages, their length, and whether they are of placement */
static const struct {
	uint8_t lid;
	uint16_t nbytes;
	bool placement;
} logs[] = {
	{0x00, 1024, false}, {0x01, 4096, false}, {0x02, 512, false},  {0x03, 512, false},
	{0x04, 4096, false}, {0x05, 4096, false}, {0x06, 564, false},  {0x07, 512, false},
	{0x08, 512, false},  {0x09, 512, false},  {0x0E, 16, false},   {0x12, 1024, false},
	{0x20, 112, true},   {0x21, 64, true},	  {0x22, 64, true},    {0x23, 64, true},
	{0x81, 512, false},  {0xBF, 4096, false},
};

static uint16_t
get_log(struct rig *rig, uint8_t lid, uint32_t nsid, uint64_t offset, uint32_t nbytes, bool retain)
{
	struct xnvme_spec_cmd cmd = {0};

	memset(rig->buf, 0xEE, nbytes);
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_LOG;
	cmd.common.nsid = nsid;
	cmd.log.lid = lid;
	cmd.log.rae = retain;
	cmd.log.lsi = 1;
	cmd.log.numdl = (uint16_t)(nbytes / 4 - 1);
	cmd.log.lpol = (uint32_t)offset;
	cmd.log.lpou = (uint32_t)(offset >> 32);
	return rig_admin(rig, &cmd);
}

static void
check_logs(struct rig *rig, bool placement)
{
	uint32_t supported[256];
	bool there[256] = {false};

	assert_ok(get_log(rig, 0x00, 0, 0, 1024, false));
	memcpy(supported, rig->buf, sizeof(supported));
	for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); ++i) {
		uint32_t nsid = logs[i].lid == 0xBF ? NSID_ZNS : 0, n = logs[i].nbytes;

		there[logs[i].lid] =
			logs[i].placement ? placement : logs[i].lid != 0xBF || !placement;
		if (!there[logs[i].lid]) {
			continue;
		}
		assert_ok(get_log(rig, logs[i].lid, nsid, 0, n, true));
		if (get_log(rig, logs[i].lid, nsid, n / 8 * 4, n, true)) {
			fail_msg("log %02x: %04x", logs[i].lid, rig->work.status);
		}
		assert_status(get_log(rig, logs[i].lid, nsid, 1ULL << 40, 4, true),
			      STATUS(INVALID_FIELD));
		assert_status(get_log(rig, logs[i].lid, 33, 0, n, true),
			      logs[i].lid == 0xBF ? STATUS(INVALID_FIELD)
						  : STATUS(INVALID_NS_OR_FORMAT));
	}
	for (uint32_t lid = 0; lid < 256; ++lid) {
		assert_int_equal(supported[lid] & 1, there[lid]);
		if (!there[lid]) {
			assert_int_equal(get_log(rig, (uint8_t)lid, 0, 0, 512, false),
					 STATUS(INVALID_LOG_PAGE) | STATUS_DNR);
		}
	}
}

static void
every_log_page_is_there_or_refused(void **state)
{
	struct rig *rig = rig_new(mixed);

	(void)state;
	check_logs(rig, false);
	rig_free(rig);
	rig = rig_new(placed);
	check_logs(rig, true);
	rig_free(rig);
}

/* Every feature behaves as Select 3 reports */
static void
every_feature_does_what_it_says(void **state)
{
	struct rig *rig = rig_new(mixed);
	uint32_t effects[256];

	(void)state;
	assert_ok(get_log(rig, 0x12, 0, 0, 1024, false));
	memcpy(effects, rig->buf, sizeof(effects));
	for (uint32_t fid = 0; fid < 256; ++fid) {
		uint32_t nsid = fid == XNVME_SPEC_FEAT_KV_CONFIG ? NSID_KV : NSID_NVM;
		uint16_t status = rig_get_feature(rig, nsid, (uint8_t)fid, 3);
		uint32_t can = (uint32_t)rig->work.result;

		if (!(effects[fid] & 1)) {
			assert_status(status, STATUS(INVALID_FIELD));
			assert_status(rig_set_feature(rig, 0, (uint8_t)fid, 0, false),
				      STATUS(INVALID_FIELD));
			continue;
		}
		assert_ok(status);
		assert_true(can & XNVME_SPEC_FEAT_CAP_CHANGEABLE);
		nsid = can & XNVME_SPEC_FEAT_CAP_NS_SPECIFIC ? nsid : 0;
		memset(rig->buf, 0, 4096);
		status = rig_set_feature(rig, nsid, (uint8_t)fid, 0, true);
		assert_status(status, can & XNVME_SPEC_FEAT_CAP_SAVEABLE
					      ? STATUS(SUCCESS)
					      : STATUS(FEATURE_NOT_SAVEABLE));
		memset(rig->buf, 0, 4096);
		assert_ok(rig_set_feature(rig, nsid, (uint8_t)fid, 0, false));
		for (uint8_t select = 0; select < 3; ++select) {
			assert_ok(rig_get_feature(rig, nsid, (uint8_t)fid, select));
		}
		if (!nsid) {
			assert_status(rig_set_feature(rig, NSID_NVM, (uint8_t)fid, 0, false),
				      STATUS(FEATURE_NOT_NS_SPECIFIC));
		} else {
			assert_status(rig_set_feature(rig, NSID_NONE, (uint8_t)fid, 0, false),
				      STATUS(INVALID_FIELD));
			assert_status(rig_set_feature(rig, 0, (uint8_t)fid, 0, false),
				      STATUS(INVALID_NS_OR_FORMAT));
		}
	}
	/* a feature with a single value cannot be changed */
	assert_status(rig_set_feature(rig, 0, XNVME_SPEC_FEAT_IOCS_PROFILE, 1, false),
		      STATUS(IOCS_COMBINATION_REJECTED));
	assert_ok(rig_set_feature(rig, 0, XNVME_SPEC_FEAT_LBA_STATUS, 100 << 16 | 100, false));
	assert_int_equal(rig->work.result, 0);
	assert_status(rig_get_feature(rig, NSID_NVM, XNVME_SPEC_FEAT_KV_CONFIG, 0),
		      STATUS(INVALID_FIELD));
	rig_free(rig);
}

/* ---- 32 namespaces of all kinds ---- */

static uint16_t
create(struct rig *rig, uint8_t csi)
{
	uint64_t nsze = csi == 1 ? 2u << 20 : 2u << 20 >> 9;
	struct xnvme_spec_cmd cmd = {0};

	memset(rig->buf, 0, 4096);
	memcpy(rig->buf, &nsze, 8);
	if (csi != 1) {
		memcpy(rig->buf + 8, &nsze, 8);
	}
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_NS_MGMT;
	cmd.common.ndm = (uint32_t)csi << 24;
	return rig_admin(rig, &cmd);
}

static uint16_t
attach(struct rig *rig, uint32_t nsid, uint32_t select)
{
	struct xnvme_spec_cmd cmd = {0};

	memset(rig->buf, 0, 4096);
	rig->buf[0] = 1;
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_NS_ATTACH;
	cmd.common.nsid = nsid;
	cmd.common.ndt = select;
	return rig_admin(rig, &cmd);
}

static uint16_t
use(struct rig *rig, uint32_t nsid, uint8_t csi)
{
	struct xnvme_spec_cmd cmd = {0};

	memset(rig->buf, (int)nsid, 512);
	cmd.common.opcode = csi == 2 ? XNVME_SPEC_ZND_OPC_APPEND : 1; /* Write, Store */
	cmd.common.nsid = nsid;
	if (csi == 1) {
		cmd.kvs.key = nsid;
		cmd.kvs.cdw11.kl = 4;
		cmd.kvs.cdw10 = 512;
	}
	return rig_io(rig, &cmd);
}

static uint32_t
count_listed(struct rig *rig, uint8_t cns, uint8_t csi)
{
	uint32_t count = 0, nsid;

	assert_ok(rig_identify(rig, cns, 0, csi));
	do {
		memcpy(&nsid, rig->buf + 4 * count, 4);
		count += nsid != 0;
	} while (nsid);
	return count;
}

static void
thirty_two_of_all_kinds(void **state)
{
	struct rig *rig = rig_new(mixed);
	struct xnvme_spec_cmd cmd = {0};

	(void)state;
	assert_ok(attach(rig, NSID_DETACHED, 0));
	for (uint32_t nsid = 5; nsid <= 32; ++nsid) {
		assert_ok(create(rig, (uint8_t)(nsid % 3)));
		assert_int_equal(rig->work.result, nsid);
		assert_status(use(rig, nsid, (uint8_t)(nsid % 3)), STATUS(INVALID_FIELD));
		assert_ok(attach(rig, nsid, 0));
	}
	assert_status(create(rig, 0), STATUS(NSID_UNAVAILABLE));
	assert_status(create(rig, 3), STATUS(IOCS_NOT_SUPPORTED));
	for (uint32_t nsid = 5; nsid <= 32; ++nsid) {
		assert_ok(use(rig, nsid, (uint8_t)(nsid % 3)));
	}
	assert_int_equal(count_listed(rig, 0x02, 0), 32);
	assert_int_equal(count_listed(rig, 0x07, 0), 2 + 9);
	assert_int_equal(count_listed(rig, 0x07, 1), 1 + 9);
	assert_int_equal(count_listed(rig, 0x07, 2), 1 + 10);
	rig_reopen(rig);
	for (uint32_t nsid = 6; nsid <= 32; nsid += 3) {
		memset(rig->buf, 0, 512);
		assert_ok(rig_blocks(rig, 2, nsid, 0, 1, 0));
		assert_bytes(rig->buf, (uint8_t)nsid, 512);
	}
	/* format and delete all of them together */
	assert_ok(attach(rig, 6, 1));
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_FORMAT;
	cmd.common.nsid = XNVME_SPEC_NSID_ALL;
	assert_ok(rig_admin(rig, &cmd));
	assert_ok(attach(rig, 6, 0));
	assert_ok(rig_blocks(rig, 2, 6, 0, 1, 0));
	assert_bytes(rig->buf, 6, 512); /* it was not attached: not a target */
	assert_ok(rig_blocks(rig, 2, 9, 0, 1, 0));
	assert_bytes(rig->buf, 0, 512);
	cmd.common.ndt = 1; /* key-value namespaces have no other format */
	assert_status(rig_admin(rig, &cmd), STATUS(INVALID_FORMAT));
	memset(&cmd, 0, sizeof(cmd));
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_NS_MGMT;
	cmd.common.nsid = XNVME_SPEC_NSID_ALL;
	cmd.common.ndt = XNVME_SPEC_NS_MGMT_DELETE;
	assert_ok(rig_admin(rig, &cmd));
	assert_int_equal(count_listed(rig, 0x10, 0), 0);
	rig_free(rig);
}

/* ---- LBA status ---- */

static uint16_t
lba_status(struct rig *rig, uint8_t action, uint64_t lba, uint16_t nlb, uint32_t nbytes)
{
	struct xnvme_spec_cmd cmd = {0};

	memset(rig->buf, 0xEE, 4096);
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_GET_LBA_STATUS;
	cmd.common.nsid = NSID_NVM;
	memcpy((uint8_t *)&cmd + 40, &lba, 8);
	cmd.common.cdw12 = nbytes / 4 - 1;
	cmd.common.cdw13 = (uint32_t)action << 24 | nlb;
	return rig_admin(rig, &cmd);
}

static void
lba_status_lists_what_cannot_be_read(void **state)
{
	struct rig *rig = rig_new(mixed);
	const struct xnvme_spec_lba_status_list *list = (const void *)rig->buf;

	(void)state;
	assert_ok(lba_status(rig, 0x10, 0, 0, 4096));
	assert_int_equal(list->nlsd, 0);
	assert_int_equal(list->cmpc, 2); /* complete */
	assert_ok(rig_blocks(rig, 4, NSID_NVM, 10, 5, 0));
	assert_ok(rig_blocks(rig, 4, NSID_NVM, 100, 1, 0));
	for (uint8_t action = 0x10; action < 0x12; ++action) {
		assert_ok(lba_status(rig, action, 0, 0, 4096));
		assert_int_equal(list->nlsd, 2);
		assert_int_equal(list->cmpc, 2);
		assert_int_equal(list->descr[0].dslba, 10);
		assert_int_equal(list->descr[0].nlb, 4); /* 0's based */
		assert_int_equal(list->descr[0].status, 3);
		assert_int_equal(list->descr[1].dslba, 100);
		assert_int_equal(list->descr[1].nlb, 0);
	}
	assert_ok(lba_status(rig, 0x11, 0, 0, 24));
	assert_int_equal(list->nlsd, 1);
	assert_int_equal(list->cmpc, 1); /* more descriptors exist */
	assert_bytes(rig->buf + 24, 0xEE, 8);
	assert_ok(lba_status(rig, 0x11, 12, 50, 4096));
	assert_int_equal(list->nlsd, 1);
	assert_int_equal(list->descr[0].dslba, 12);
	assert_int_equal(list->descr[0].nlb, 2);
	assert_status(lba_status(rig, 0x12, 0, 0, 4096), STATUS(INVALID_FIELD));
	assert_status(lba_status(rig, 0x10, 4096, 0, 4096), STATUS(LBA_OUT_OF_RANGE));
	assert_status(lba_status(rig, 0x10, 4095, 2, 4096), STATUS(LBA_OUT_OF_RANGE));
	rig_free(rig);
}

static uint32_t
dword(const struct rig *rig, uint32_t at)
{
	uint32_t value;

	memcpy(&value, rig->buf + at, 4);
	return value;
}

static void
lba_status_is_announced(void **state)
{
	struct rig *rig = rig_new(mixed);
	struct xnvme_spec_cmd cmd = {0};
	struct ssd_event event;

	(void)state;
	assert_ok(rig_set_feature(rig, 0, XNVME_SPEC_FEAT_ASYNC_EVENT, 1u << 13, false));
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_ASYNC_EVENT;
	rig_admin(rig, &cmd);
	rig_admin(rig, &cmd);
	assert_ok(rig_blocks(rig, 4, NSID_NVM, 10, 5, 0));
	assert_true(ssd_next_event(rig->ssd, rig->now, 0, &event));
	assert_int_equal(event.result, 0x0E0502);
	assert_ok(get_log(rig, 0x0E, 0, 0, 64, true));
	assert_int_equal(dword(rig, 0), 16 + 16 + 16);
	assert_int_equal(dword(rig, 4), 1);  /* elements */
	assert_int_equal(dword(rig, 8), 5);  /* blocks */
	assert_int_equal(dword(rig, 12), 1u << 16); /* generation */
	assert_int_equal(dword(rig, 16), NSID_NVM);
	assert_int_equal(dword(rig, 20), 1); /* ranges */
	assert_int_equal(rig->buf[24], 0x11);
	assert_int_equal(dword(rig, 32), 10);
	assert_int_equal(dword(rig, 40), 4);
	/* during a read with RAE the page does not change; the next event waits for the end of the
	 * read */
	assert_ok(rig_blocks(rig, 4, NSID_NVM, 50, 1, 0));
	assert_false(ssd_next_event(rig->ssd, rig->now, 0, &event));
	assert_ok(get_log(rig, 0x0E, 0, 0, 64, false));
	assert_int_equal(dword(rig, 8), 5);
	assert_int_equal(dword(rig, 12), 1u << 16);
	assert_true(ssd_next_event(rig->ssd, rig->now, 0, &event));
	assert_ok(get_log(rig, 0x0E, 0, 0, 64, false));
	assert_int_equal(dword(rig, 8), 6);
	assert_int_equal(dword(rig, 12), 2u << 16);
	/* the same blocks again are no change; the generation survives power loss */
	assert_ok(rig_blocks(rig, 4, NSID_NVM, 50, 1, 0));
	rig_reopen(rig);
	assert_ok(get_log(rig, 0x0E, 0, 0, 64, false));
	assert_int_equal(dword(rig, 12), 2u << 16);
	/* too many to list: the host must scan the whole namespace */
	for (uint32_t i = 0; i < 512; ++i) {
		assert_ok(rig_blocks(rig, 4, NSID_NVM, 1000 + 2 * i, 1, 0));
	}
	assert_ok(get_log(rig, 0x0E, 0, 0, 64, false));
	assert_int_equal(dword(rig, 0), 32);
	assert_int_equal(dword(rig, 20), UINT32_MAX);
	rig_free(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cns_is_answered_or_refused),
		cmocka_unit_test(promises_of_identify_are_those_of_the_logs),
		cmocka_unit_test(every_log_page_is_there_or_refused),
		cmocka_unit_test(every_feature_does_what_it_says),
		cmocka_unit_test(thirty_two_of_all_kinds),
		cmocka_unit_test(lba_status_lists_what_cannot_be_read),
		cmocka_unit_test(lba_status_is_announced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
