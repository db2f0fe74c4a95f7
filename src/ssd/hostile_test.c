/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Inputs that broke virtual SSDs before: invalid commands of every opcode, to namespaces of every
 * kind, with every timing model; transfers larger than a model's buffer; and resets, shutdowns and
 * power cuts in every state of a controller.
 */
#include <ssd/rig_test.h>

#define NS_NBYTES (4u << 20)

static const char *model;

static void
all_kinds(struct ssd_config *config)
{
	config->nvm_nbytes = 32u << 20;
	config->cache_nbytes = 1u << 20;
	for (uint32_t i = 0; i < 3; ++i) {
		config->ns[i].nbytes = NS_NBYTES;
	}
	config->ns[1].kind = SSD_NS_ZNS;
	config->ns[1].zns.zone_nbytes = 1u << 20;
	config->ns[2].kind = SSD_NS_KV;
	memcpy(config->model.name, model, strlen(model) + 1);
	config->model.simple = (struct model_simple_config){
		.read_delay_ns = 1000, .read_time_ns = 2000, .write_time_ns = 3000};
	/* a buffer of a tenth of the largest transfer */
	rig_small_nand(config, 64, 65536, 512);
}

/* The drive works: each namespace returns what was written */
static void
works(struct rig *rig)
{
	struct xnvme_spec_cmd cmd = {0};

	memset(rig->buf, 0x61, 4096);
	assert_ok(rig_blocks(rig, XNVME_SPEC_NVM_OPC_WRITE, 1, 16, 8, 0));
	memset(rig->buf, 0, 4096);
	assert_ok(rig_blocks(rig, XNVME_SPEC_NVM_OPC_READ, 1, 16, 8, 0));
	assert_bytes(rig->buf, 0x61, 4096);
	cmd.common.opcode = XNVME_SPEC_ZND_OPC_MGMT_SEND;
	cmd.common.nsid = 2;
	cmd.znd.mgmt_send.zsa = XNVME_SPEC_ZND_CMD_MGMT_SEND_RESET;
	assert_ok(rig_io(rig, &cmd));
	assert_ok(rig_blocks(rig, XNVME_SPEC_ZND_OPC_APPEND, 2, 0, 8, 0));
	assert_int_equal(rig->work.result, 0);
	memset(&cmd, 0, sizeof(cmd));
	cmd.common.opcode = XNVME_SPEC_KV_OPC_STORE;
	cmd.common.nsid = 3;
	cmd.kvs.key = 7;
	cmd.kvs.cdw11.kl = 3;
	cmd.kvs.cdw10 = 100;
	assert_ok(rig_io(rig, &cmd));
}

static void
no_opcode_and_no_address_breaks_anything(void **state)
{
	static const char *const models[] = {"null", "simple", "parallel"};
	static const uint64_t addresses[] = {
		0, NS_NBYTES / 512 - 1, NS_NBYTES / 512, 3 * NS_NBYTES / 512,
		1ULL << 32, 1ULL << 55, 1ULL << 63, UINT64_MAX - 7, UINT64_MAX};
	static const uint32_t nsids[] = {0, 1, 2, 3, 4, 33, 0x7FFFFFFF, 0xFFFFFFFE, UINT32_MAX};
	struct xnvme_spec_cmd cmd;

	(void)state;
	for (uint32_t m = 0; m < 3; ++m) {
		struct rig *rig;

		model = models[m];
		rig = rig_new(all_kinds);
		for (uint32_t i = 0; i < 256 * 9 * 9 * 3; ++i) {
			uint32_t opcode = i % 256, address = i / 256 % 9, nsid = i / 256 / 9 % 9;
			uint16_t status;

			memset(&cmd, 0, sizeof(cmd));
			memset(rig->buf, 0xFF, 8192);
			cmd.common.opcode = (uint8_t)opcode;
			cmd.common.nsid = nsids[nsid];
			memcpy((uint8_t *)&cmd + 40, &addresses[address], 8);
			cmd.common.cdw12 = (uint32_t[]){7, 0xFFFF, UINT32_MAX}[i / 256 / 81];
			status = rig_io(rig, &cmd);
			if (opcode > 0x7F || nsids[nsid] == 0 || nsids[nsid] > 3) {
				bool flush = opcode == 0 && nsids[nsid] == UINT32_MAX;

				assert_true(status & STATUS_DNR || flush);
			}
			/* a finite instant, for every command */
			assert_true(rig->work.ready_at < 1000 * NS_PER_S);
		}
		works(rig);
		rig_free(rig);
	}
}

/* Writes of the largest transfer, ten times the buffer, over the whole drive, three times */
static void
transfers_larger_than_the_buffer(void **state)
{
	struct rig *rig;

	(void)state;
	model = "parallel";
	rig = rig_new(all_kinds);
	memset(rig->buf, 0x33, sizeof(rig->buf));
	for (uint32_t round = 0; round < 3; ++round) {
		for (uint64_t lba = 0; lba < NS_NBYTES / 512; lba += 1024) {
			ns_t before = rig->now;

			assert_ok(rig_blocks(rig, 1, 1, lba, 1024, round == 2 ? 1u << 30 : 0));
			assert_in_range(rig->now - before, 1, NS_PER_S);
		}
	}
	/* and blocks smaller than a page, everywhere */
	for (uint64_t lba = 1; lba < NS_NBYTES / 512; lba += 5) {
		assert_ok(rig_blocks(rig, 1, 1, lba, 1, 0));
	}
	works(rig);
	rig_free(rig);
}

static void
areas_that_there_are_none_of(void **state)
{
	struct xnvme_spec_cmd cmd = {0};
	struct rig *rig;

	(void)state;
	model = "null";
	rig = rig_new(all_kinds);
	cmd.common.opcode = XNVME_SPEC_ZND_OPC_MGMT_SEND;
	cmd.common.nsid = 2;
	cmd.znd.mgmt_send.zsa = XNVME_SPEC_ZND_CMD_MGMT_SEND_OPEN;
	cmd.znd.mgmt_send.zsaso = 1;
	assert_status(rig_io(rig, &cmd), STATUS(INVALID_FIELD));
	works(rig);
	rig_free(rig);
}

/* ---- every disturbance in every state ---- */

enum condition {
	IDLE,
	EVENT_HELD,
	FIRST_HALF,
	DIRTY,
	SANITIZING,
	TESTING,
	DEAD,
	SHUT_DOWN,
	SHUT_DOWN_ABRUPTLY,
	FAULTS_PLANNED,
	NO_NAMESPACE,
	CONDITIONS,
};

static uint16_t
admin(struct rig *rig, uint8_t opcode, uint32_t nsid, uint32_t cdw10)
{
	struct xnvme_spec_cmd cmd = {0};

	memset(rig->buf, 0, 4096);
	rig->buf[0] = 1; /* a list of one controller */
	cmd.common.opcode = opcode;
	cmd.common.nsid = nsid;
	cmd.common.ndt = cdw10;
	return rig_admin(rig, &cmd);
}

static void
bring_about(struct rig *rig, enum condition condition)
{
	static const struct ssd_fault lose = {.action = SSD_FAULT_LOSE, .match_io = true};
	static const struct ssd_fault die = {.action = SSD_FAULT_FATAL, .count = 1};
	struct xnvme_spec_cmd cmd = {0};

	switch (condition) {
	case EVENT_HELD:
		assert_ok(admin(rig, XNVME_SPEC_ADM_OPC_ASYNC_EVENT, 0, 0));
		break;
	case FIRST_HALF:
		cmd.common.opcode = XNVME_SPEC_NVM_OPC_COMPARE;
		cmd.common.fuse = 1;
		cmd.common.nsid = 1;
		assert_ok(rig_io(rig, &cmd));
		break;
	case DIRTY:
		works(rig);
		break;
	case SANITIZING:
		assert_ok(admin(rig, XNVME_SPEC_ADM_OPC_SANITIZE, 0, 2));
		break;
	case TESTING:
		/* refused when a test is running already */
		(void)admin(rig, XNVME_SPEC_ADM_OPC_SELFTEST, 1, 2);
		break;
	case DEAD:
		assert_int_equal(ssd_fault_plan(rig->ssd, &die, 1), 0);
		rig_read(rig, 0, 1);
		assert_true(ssd_is_fatal(rig->ssd));
		break;
	case SHUT_DOWN:
	case SHUT_DOWN_ABRUPTLY:
		rig->now = ssd_shutdown(rig->ssd, rig->now, condition != SHUT_DOWN);
		break;
	case FAULTS_PLANNED:
		assert_int_equal(ssd_fault_plan(rig->ssd, &lose, 1), 0);
		break;
	case NO_NAMESPACE:
		for (uint32_t nsid = 1; nsid <= 3; ++nsid) {
			assert_ok(admin(rig, XNVME_SPEC_ADM_OPC_NS_ATTACH, nsid, 1));
		}
		break;
	default:
		break;
	}
}

static void
disturb(struct rig *rig, uint32_t how)
{
	switch (how) {
	case 0:
		ssd_reset(rig->ssd, rig->now, SSD_EVERYBODY);
		break;
	case 1:
		rig->now = ssd_shutdown(rig->ssd, rig->now, false);
		ssd_reset(rig->ssd, rig->now, SSD_EVERYBODY);
		break;
	case 2:
		rig->now = ssd_shutdown(rig->ssd, rig->now, true);
		ssd_power_cut(rig->ssd, rig->now);
		break;
	case 3:
		ssd_power_cut(rig->ssd, rig->now);
		break;
	case 4:
		ssd_reset(rig->ssd, rig->now, SSD_EVERYBODY);
		ssd_reset(rig->ssd, rig->now, SSD_EVERYBODY);
		break;
	default:
		rig_reopen(rig);
		break;
	}
}

/* Host actions that end conditions which a disturbance does not end */
static void
make_up(struct rig *rig, enum condition condition)
{
	(void)ssd_fault_plan(rig->ssd, NULL, 0);
	if (condition == SANITIZING) {
		assert_status(rig_read(rig, 0, 1), STATUS(SANITIZE_IN_PROGRESS));
		rig->now += 2 * NS_PER_S;
	}
	for (uint32_t nsid = 1; nsid <= 3 && condition == NO_NAMESPACE; ++nsid) {
		assert_status(rig_blocks(rig, 2, nsid, 0, 1, 0), STATUS(INVALID_FIELD));
		assert_ok(admin(rig, XNVME_SPEC_ADM_OPC_NS_ATTACH, nsid, 0));
	}
}

static void
any_disturbance_in_any_state(void **state)
{
	struct ssd_event event;

	(void)state;
	model = "simple";
	for (uint32_t i = 0; i < CONDITIONS * CONDITIONS * 6; ++i) {
		enum condition first = i % CONDITIONS, second = i / CONDITIONS % CONDITIONS;
		uint32_t how = i / CONDITIONS / CONDITIONS;
		struct rig *rig;

		/* a controller that is dead or sanitizing processes no other command */
		if (first == DEAD || first == SANITIZING || first == FAULTS_PLANNED ||
		    first == NO_NAMESPACE) {
			continue;
		}
		rig = rig_new(all_kinds);
		bring_about(rig, first);
		bring_about(rig, second);
		disturb(rig, how);
		assert_false(ssd_is_fatal(rig->ssd));
		while (ssd_next_event(rig->ssd, rig->now, 0, &event)) {
			fail_msg("state %u then %u, disturbance %u: an answer is left", first,
				 second, how);
		}
		make_up(rig, second);
		works(rig);
		assert_ok(rig_identify(rig, XNVME_SPEC_IDFY_CTRLR, 0, 0));
		assert_ok(admin(rig, XNVME_SPEC_ADM_OPC_ASYNC_EVENT, 0, 0));
		rig_free(rig);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_opcode_and_no_address_breaks_anything),
		cmocka_unit_test(transfers_larger_than_the_buffer),
		cmocka_unit_test(areas_that_there_are_none_of),
		cmocka_unit_test(any_disturbance_in_any_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
