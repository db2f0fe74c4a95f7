/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Faults planned for blocks affect exactly the commands that access these blocks, through any field
 * or list; their statuses are counted in SMART; a removed drive stays removed.
 */
#include <ssd/rig_test.h>

#define AT 100u /* the fault is planned for [AT, AT + COUNT) */
#define COUNT 8u

static void
plan(struct rig *rig, uint32_t nsid, uint16_t status)
{
	struct ssd_fault fault = {.action = SSD_FAULT_FAIL, .match_io = true, .nsid = nsid,
				  .lba = AT, .nlb = COUNT, .status = status};

	assert_int_equal(ssd_fault_plan(rig->ssd, &fault, 1), 0);
}

static uint16_t
dsm(struct rig *rig, uint64_t first, uint64_t second, uint32_t nlb)
{
	struct xnvme_spec_dsm_range ranges[2] = {{.slba = first, .llb = nlb},
						 {.slba = second, .llb = nlb}};
	struct xnvme_spec_cmd cmd = {0};

	memcpy(rig->buf, ranges, sizeof(ranges));
	cmd.common.opcode = XNVME_SPEC_NVM_OPC_DATASET_MANAGEMENT;
	cmd.common.nsid = 1;
	cmd.dsm.nr = 1;
	cmd.dsm.ad = 1;
	return rig_io(rig, &cmd);
}

/* Two ranges of `nlb` blocks; with descriptors that contain an NSID, in `from_nsid` */
static uint16_t
copy(struct rig *rig, uint32_t from_nsid, uint64_t first, uint64_t second, uint32_t nlb,
     uint64_t to)
{
	struct xnvme_spec_cmd cmd = {0};
	uint16_t last = (uint16_t)(nlb - 1);

	memset(rig->buf, 0, 64);
	for (uint32_t i = 0; i < 2; ++i) {
		memcpy(rig->buf + i * 32, &from_nsid, 4);
		memcpy(rig->buf + i * 32 + 8, i ? &second : &first, 8);
		memcpy(rig->buf + i * 32 + 16, &last, 2);
	}
	cmd.common.opcode = XNVME_SPEC_NVM_OPC_SCOPY;
	cmd.common.nsid = 1;
	cmd.scopy.sdlba = to;
	cmd.scopy.nr = 1;
	cmd.scopy.df = from_nsid ? 2 : 0;
	return rig_io(rig, &cmd);
}

static void
two_namespaces(struct ssd_config *config)
{
	config->ns[1] = config->ns[0];
}

static void
allow_copies_across(struct rig *rig)
{
	struct xnvme_spec_cmd cmd = {0};

	memset(rig->buf, 0, 512);
	rig->buf[4] = 1 << 2; /* CDFE: format 2h */
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_SFEAT;
	cmd.sfeat.cdw10.fid = XNVME_SPEC_FEAT_HOST_BEHAVIOR;
	assert_ok(rig_admin(rig, &cmd));
}

static void
blocks_are_found_in_every_list(void **state)
{
	static const uint8_t ranged[] = {1, 2, 4, 8, 0xC};
	const uint16_t bad = STATUS(UNRECOVERED_READ_ERROR);
	struct rig *rig = rig_new(two_namespaces);

	(void)state;
	allow_copies_across(rig);
	plan(rig, 0, bad);
	for (uint32_t i = 0; i < sizeof(ranged); ++i) {
		assert_ok(rig_blocks(rig, ranged[i], 1, AT - 4, 4, 0));
		assert_status(rig_blocks(rig, ranged[i], 1, AT - 4, 5, 0), bad);
		assert_status(rig_blocks(rig, ranged[i], 1, AT + COUNT - 1, 1, 0), bad);
		assert_ok(rig_blocks(rig, 1, 1, AT + COUNT, 9, 0));
	}
	assert_ok(rig_blocks(rig, 0, 1, AT, 1, 0)); /* Flush: no blocks, for any value of dword
						     * 10 */
	assert_ok(rig_blocks(rig, 8, 1, 0, 64, 0));
	assert_ok(dsm(rig, 0, AT - 8, 8));
	assert_status(dsm(rig, 0, AT - 7, 8), bad);
	assert_status(dsm(rig, AT + 7, 0, 1), bad);
	assert_ok(dsm(rig, AT, AT, 0));
	assert_ok(copy(rig, 0, 0, 8, 8, 200));
	assert_status(copy(rig, 0, 0, AT, 8, 200), bad);
	assert_status(copy(rig, 0, 0, 8, 8, AT - 15), bad); /* the second half of 16 */
	assert_ok(copy(rig, 0, 0, 8, 8, AT - 16));
	plan(rig, 2, bad);
	assert_ok(copy(rig, 0, AT, AT, 8, 200));
	assert_status(copy(rig, 2, 0, AT, 8, 200), bad);
	assert_ok(copy(rig, 2, 0, 8, 8, AT));
	rig_free(rig);
}

static void
zoned(struct ssd_config *config)
{
	config->ns[0].kind = SSD_NS_ZNS;
	config->ns[0].lba_nbytes = 4096;
	config->ns[0].zns.zone_nbytes = 1 << 20;
}

static uint16_t
zone_command(struct rig *rig, uint8_t opcode, uint64_t lba, uint32_t nlb, uint32_t cdw13)
{
	struct xnvme_spec_cmd cmd = {0};

	cmd.common.opcode = opcode;
	cmd.common.nsid = 1;
	cmd.nvm.slba = lba;
	cmd.common.cdw12 = nlb - 1;
	cmd.common.cdw13 = cdw13;
	return rig_io(rig, &cmd);
}

/* A zone has 256 blocks: the fault is in the first one */
static void
appends_go_to_the_write_pointer(void **state)
{
	const uint8_t append = XNVME_SPEC_ZND_OPC_APPEND, send = XNVME_SPEC_ZND_OPC_MGMT_SEND;
	const uint32_t reset = XNVME_SPEC_ZND_CMD_MGMT_SEND_RESET;
	struct rig *rig = rig_new(zoned);

	(void)state;
	plan(rig, 0, STATUS(UNRECOVERED_READ_ERROR));
	for (uint32_t i = 0; i < 12; ++i) {
		assert_ok(zone_command(rig, append, 0, 8, 0));
	}
	assert_ok(zone_command(rig, append, 0, 4, 0)); /* the write pointer is at AT */
	assert_status(zone_command(rig, append, 0, 1, 0), STATUS(UNRECOVERED_READ_ERROR));
	assert_ok(zone_command(rig, append, 256, 1, 0));
	assert_status(zone_command(rig, send, 0, 1, reset), STATUS(UNRECOVERED_READ_ERROR));
	assert_status(zone_command(rig, send, 256, 1, reset | 1 << 8),
		      STATUS(UNRECOVERED_READ_ERROR));
	assert_ok(zone_command(rig, send, 256, 1, reset));
	rig_free(rig);
}

static uint64_t
media_errors(struct rig *rig)
{
	uint64_t count;

	assert_ok(rig_log(rig, XNVME_SPEC_LOG_HEALTH, 512));
	memcpy(&count, rig->buf + 160, sizeof(count));
	return count;
}

static void
media_errors_are_counted(void **state)
{
	static const uint16_t counted[] = {0x280, 0x281, 0x282, 0x283, 0x284};
	static const uint16_t others[] = {0x285, 0x286, 0x287, 0x006, 0x371};
	struct rig *rig = rig_new(NULL);

	(void)state;
	for (uint32_t i = 0; i < 5; ++i) {
		plan(rig, 0, (uint16_t)(counted[i] | STATUS_DNR));
		assert_status(rig_read(rig, AT, 1), counted[i]);
		assert_int_equal(media_errors(rig), i + 1);
		plan(rig, 0, others[i]);
		assert_status(rig_read(rig, AT, 1), others[i]);
		assert_int_equal(media_errors(rig), i + 1);
	}
	assert_int_equal(ssd_fault_plan(rig->ssd, NULL, 0), 0);
	assert_ok(rig_blocks(rig, 4, 1, AT, 1, 0)); /* Write Uncorrectable */
	assert_status(rig_read(rig, AT, 1), STATUS(UNRECOVERED_READ_ERROR));
	assert_int_equal(media_errors(rig), 6);
	rig_free(rig);
}

static void
a_removed_drive_stays_removed(void **state)
{
	struct ssd_fault fault = {.action = SSD_FAULT_REMOVE, .count = 1};
	struct rig *rig = rig_new(NULL);

	(void)state;
	assert_int_equal(ssd_fault_plan(rig->ssd, &fault, 1), 0);
	for (int i = 0; i < 3; ++i) {
		rig_read(rig, 0, 1);
		assert_int_equal(rig->work.verdict, SSD_LOST);
		assert_true(ssd_is_removed(rig->ssd) && ssd_is_fatal(rig->ssd));
		if (i) {
			ssd_power_cut(rig->ssd, rig->now);
		} else {
			ssd_reset(rig->ssd, rig->now, SSD_EVERYBODY);
		}
	}
	rig_free(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_are_found_in_every_list),
		cmocka_unit_test(appends_go_to_the_write_pointer),
		cmocka_unit_test(media_errors_are_counted),
		cmocka_unit_test(a_removed_drive_stays_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
