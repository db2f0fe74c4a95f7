/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Metadata and protection information of every format: inserted, checked, stripped; Copy; fused
 * Compare and Write; faults by plan.
 */
#include <nvme/pi.h>
#include <ssd/rig_test.h>

#define PRACT (8u << 26)
#define CHECK_GUARD (4u << 26)
#define CHECK_REF (1u << 26)

static struct ssd_ns_config shape;

static void
shaped(struct ssd_config *config)
{
	shape.nbytes = 4u << 20;
	config->ns[0] = shape;
}

static uint16_t
io(struct rig *rig, uint8_t opcode, uint64_t lba, uint32_t nlb, uint32_t flags, uint32_t ref)
{
	struct xnvme_spec_cmd cmd = {0};
	struct pi_format format = {.data_nbytes = shape.lba_nbytes,
				   .meta_nbytes = shape.meta_nbytes,
				   .type = shape.pi_type,
				   .first = shape.pi_first,
				   .storage_nbits = shape.pi_guard_bits == 32 ? 16 : 0};
	struct pi_tags tags = {.ref = ref, .app = 0x1234, .app_mask = 0xFFFF};

	format.guard = shape.pi_guard_bits == 64   ? XNVME_SPEC_NVM_NS_64B_GUARD
		       : shape.pi_guard_bits == 32 ? XNVME_SPEC_NVM_NS_32B_GUARD
						   : XNVME_SPEC_NVM_NS_16B_GUARD;
	cmd.common.opcode = opcode;
	cmd.common.nsid = 1;
	cmd.nvm.slba = lba;
	cmd.common.cdw12 = (nlb - 1) | flags;
	if (shape.pi_type) {
		pi_tags_to_cmd(&format, &tags, &cmd);
	}
	return rig_io(rig, &cmd);
}

/* Write with the tuple made by the SSD, read it as it is, spoil it, see it found */
static void
one_format(void)
{
	struct rig *rig = rig_new(shaped);
	uint32_t stride = shape.lba_nbytes + (shape.meta_extended ? shape.meta_nbytes : 0u);
	uint32_t tuple = shape.pi_guard_bits <= 16 ? 8 : 16;
	uint32_t ref_check = shape.pi_type == 3 ? 0 : CHECK_REF;
	uint8_t *meta = shape.meta_extended ? rig->buf + shape.lba_nbytes : rig->meta;
	uint32_t at = shape.pi_first ? 0 : shape.meta_nbytes - tuple;

	memset(rig->buf, 0x5A, sizeof(rig->buf));
	memset(rig->meta, 0x77, sizeof(rig->meta));
	/* never written: not checked, and all ones */
	assert_ok(io(rig, 2, 8, 1, CHECK_GUARD | ref_check, 8));
	assert_bytes(meta + at, 0xFF, tuple);
	memset(rig->buf, 0x5A, 4 * stride);
	assert_ok(io(rig, 1, 8, 4, PRACT, 8));
	assert_ok(io(rig, 2, 8, 4, CHECK_GUARD | ref_check, 8));
	assert_bytes(rig->buf, 0x5A, shape.lba_nbytes);
	/* what was read can be written as it is */
	assert_ok(io(rig, 1, 8, 4, CHECK_GUARD | ref_check, 8));
	assert_ok(io(rig, 0x0C, 8, 4, CHECK_GUARD | ref_check, 8));
	assert_ok(io(rig, 5, 8, 4, CHECK_GUARD | ref_check, 8));
	/* one bit of the first block's data: the guard finds it, and nothing is stored */
	rig->buf[3] ^= 1;
	assert_status(io(rig, 1, 8, 4, CHECK_GUARD, 8), STATUS_GUARD_CHECK);
	assert_ok(io(rig, 2, 8, 4, CHECK_GUARD | ref_check, 8));
	/* unchecked it goes through, and is found when it is read */
	rig->buf[3] ^= 1;
	assert_ok(io(rig, 1, 8, 4, 0, 8));
	assert_status(io(rig, 2, 8, 4, CHECK_GUARD, 8), STATUS_GUARD_CHECK);
	assert_status(io(rig, 0x0C, 8, 4, CHECK_GUARD, 8), STATUS_GUARD_CHECK);
	assert_ok(io(rig, 2, 9, 3, CHECK_GUARD, 9));
	if (shape.pi_type == 1) {
		assert_status(io(rig, 2, 8, 4, CHECK_REF, 9), STATUS_PROTECTION_INFO);
	} else if (shape.pi_type == 2) {
		assert_status(io(rig, 2, 9, 3, CHECK_REF, 99), STATUS_REF_TAG_CHECK);
	} else {
		assert_status(io(rig, 2, 8, 4, CHECK_REF, 8), STATUS_PROTECTION_INFO);
	}
	rig_free(rig);
}

static void
every_protection_format(void **state)
{
	static const uint8_t bits[] = {16, 32, 64};
	uint32_t count = 0;

	(void)state;
	for (uint32_t i = 0; i < 2 * 3 * 3 * 2 * 2 * 3; i++) {
		shape = (struct ssd_ns_config){0};
		shape.lba_nbytes = i & 1 ? 4096 : 512;
		shape.pi_type = (uint8_t)(1 + i / 2 % 3);
		shape.pi_guard_bits = bits[i / 6 % 3];
		shape.meta_extended = i / 18 % 2;
		shape.pi_first = i / 36 % 2;
		shape.meta_nbytes = (uint16_t[]){8, 16, 64}[i / 72 % 3];
		if (shape.pi_guard_bits > 16 &&
		    (shape.lba_nbytes == 512 || shape.meta_nbytes == 8)) {
			continue;
		}
		one_format();
		count++;
	}
	assert_int_equal(count, 2 * 3 * 4 * 3 + 3 * 2 * 4 * 2);
}

static uint16_t
format_with(struct rig *rig, uint32_t lbaf, uint32_t pi_type)
{
	struct xnvme_spec_cmd cmd = {0};

	cmd.common.opcode = XNVME_SPEC_ADM_OPC_FORMAT;
	cmd.common.nsid = 1;
	cmd.common.ndt = lbaf | pi_type << 5;
	return rig_admin(rig, &cmd);
}

/* A host says that it knows larger guards before it uses them; the one in this process need not */
static void
larger_guards_are_for_hosts_that_know_them(void **state)
{
	static const uint8_t opcodes[] = {1, 2, 4, 5, 8, 0x0C, 0x19};
	struct rig *rig;

	(void)state;
	shape = (struct ssd_ns_config){
		.lba_nbytes = 4096, .meta_nbytes = 16, .pi_type = 1, .pi_guard_bits = 64};
	rig = rig_new(shaped);
	assert_ok(io(rig, 1, 8, 1, PRACT, 8));
	rig->owner = 5;
	for (uint32_t i = 0; i < sizeof(opcodes); i++) {
		assert_status(io(rig, opcodes[i], 8, 1, PRACT, 8), STATUS_INVALID_NAMESPACE);
	}
	assert_ok(rig_blocks(rig, 0, 1, 0, 1, 0)); /* Flush reaches no blocks */
	assert_status(format_with(rig, 0, 0), STATUS_INVALID_NAMESPACE);
	memset(rig->buf, 0, 512);
	rig->buf[2] = 1;
	assert_ok(rig_set_feature(rig, 0, XNVME_SPEC_FEAT_HOST_BEHAVIOR, 0, false));
	assert_ok(io(rig, 2, 8, 1, PRACT | CHECK_GUARD, 8));
	assert_ok(format_with(rig, 0, 0));
	ssd_reset(rig->ssd, rig->now, SSD_EVERYBODY);
	assert_status(format_with(rig, 10, 1), STATUS_INVALID_NAMESPACE);
	assert_ok(format_with(rig, 10, 0)); /* without protection it is just metadata */
	assert_ok(format_with(rig, 5, 1));
	rig->owner = 0;
	assert_ok(format_with(rig, 10, 1));
	rig_free(rig);
}

/* Compare checks protection information on both sides, and compares what else there is */
static void
compare_checks_both_sides(void **state)
{
	struct rig *rig;

	(void)state;
	shape = (struct ssd_ns_config){.lba_nbytes = 512, .meta_nbytes = 16, .pi_type = 1};
	rig = rig_new(shaped);
	memset(rig->buf, 0x5A, 512);
	memset(rig->meta, 0x77, 16);
	assert_ok(io(rig, 1, 8, 1, PRACT, 8));
	assert_ok(io(rig, 2, 8, 1, 0, 8));
	assert_ok(io(rig, 5, 8, 1, CHECK_GUARD | CHECK_REF, 8));
	rig->meta[8] ^= 1; /* the host's guard */
	assert_ok(io(rig, 5, 8, 1, CHECK_REF, 8));
	assert_status(io(rig, 5, 8, 1, CHECK_GUARD, 8), STATUS_GUARD_CHECK);
	rig->meta[8] ^= 1;
	rig->meta[15] ^= 1; /* its reference tag */
	assert_status(io(rig, 5, 8, 1, CHECK_REF, 8), STATUS_REF_TAG_CHECK);
	rig->meta[15] ^= 1;
	rig->meta[0] ^= 1; /* its own metadata */
	assert_status(io(rig, 5, 8, 1, 0, 8), STATUS_COMPARE_FAILURE);
	assert_status(io(rig, 5, 8, 1, PRACT, 8), STATUS_PROTECTION_INFO);
	rig_free(rig);
}

static void
metadata_without_protection(void **state)
{
	struct rig *rig;

	(void)state;
	for (uint32_t extended = 0; extended < 2; extended++) {
		shape = (struct ssd_ns_config){
			.lba_nbytes = 512, .meta_nbytes = 16, .meta_extended = extended};
		rig = rig_new(shaped);
		for (uint32_t i = 0; i < 4 * 528; i++) {
			rig->buf[i] = (uint8_t)(i * 7);
			rig->meta[i % 64] = (uint8_t)(i * 3);
		}
		assert_ok(io(rig, 1, 0, 4, 0, 0));
		memset(rig->buf, 0, 4 * 528);
		memset(rig->meta, 0, 64);
		assert_ok(io(rig, 2, 0, 4, 0, 0));
		for (uint32_t i = 0; i < 4u * (extended ? 528 : 512); i++) {
			assert_int_equal(rig->buf[i], (uint8_t)(i * 7));
		}
		rig->dma.meta_nbytes = 63;
		rig->dma.nbytes = 4 * 528 - 1;
		assert_status(io(rig, 2, 0, 4, 0, 0),
			      extended ? STATUS_DATA_SGL_LENGTH : STATUS_META_SGL_LENGTH);
		rig_free(rig);
	}
}

static void
copy_gathers_ranges(void **state)
{
	struct xnvme_spec_nvm_scopy_fmt_zero *range;
	struct xnvme_spec_cmd cmd = {0};
	struct rig *rig;

	(void)state;
	shape = (struct ssd_ns_config){.lba_nbytes = 512};
	rig = rig_new(shaped);
	for (uint8_t i = 0; i < 16; i++) {
		assert_ok(rig_write(rig, i, 1, (uint8_t)(0x10 + i)));
	}
	memset(rig->buf, 0, 4096);
	range = (void *)rig->buf;
	range[0].slba = 4;
	range[0].nlb = 1;
	range[1].slba = 9;
	cmd.common.opcode = 0x19;
	cmd.common.nsid = 1;
	cmd.scopy.sdlba = 100;
	cmd.scopy.nr = 1;
	assert_ok(rig_io(rig, &cmd));
	assert_int_equal(rig->work.result, 2);
	assert_ok(rig_read(rig, 100, 4));
	assert_bytes(rig->buf, 0x14, 512);
	assert_bytes(rig->buf + 512, 0x15, 512);
	assert_bytes(rig->buf + 1024, 0x19, 512);
	assert_bytes(rig->buf + 1536, 0, 512);
	memset(rig->buf, 0, 4096);
	range[1].slba = 8192;
	assert_status(rig_io(rig, &cmd), STATUS_LBA_RANGE);
	range[1].slba = 0;
	range[1].nlb = 0xFFFF;
	assert_status(rig_io(rig, &cmd), STATUS_COMMAND_SIZE_LIMIT);
	cmd.scopy.nr = 200;
	assert_status(rig_io(rig, &cmd), STATUS_COMMAND_SIZE_LIMIT);
	cmd.scopy.nr = 0;
	cmd.scopy.df = 7;
	assert_status(rig_io(rig, &cmd), STATUS_INVALID_FIELD);
	rig_free(rig);
}

static uint16_t
half(struct rig *rig, uint8_t opcode, uint8_t fuse, uint64_t lba, uint32_t nlb)
{
	struct xnvme_spec_cmd cmd = {0};

	cmd.common.opcode = opcode;
	cmd.common.fuse = fuse & 3u;
	cmd.common.nsid = 1;
	cmd.nvm.slba = lba;
	cmd.nvm.nlb = (uint16_t)(nlb - 1);
	return rig_io(rig, &cmd);
}

static void
compare_and_write_is_one(void **state)
{
	struct ssd_event event;
	struct rig *rig;

	(void)state;
	shape = (struct ssd_ns_config){.lba_nbytes = 512};
	rig = rig_new(shaped);
	memset(rig->buf, 0, 1024);
	assert_ok(half(rig, 5, 1, 0, 2));
	assert_int_equal(rig->work.verdict, SSD_HELD);
	assert_false(ssd_next_event(rig->ssd, rig->now, 0, &event));
	memset(rig->buf, 3, 1024);
	assert_ok(half(rig, 1, 2, 0, 2));
	assert_true(ssd_next_event(rig->ssd, rig->now, 0, &event));
	assert_int_equal(event.status, 0);
	assert_ok(rig_read(rig, 0, 2));
	assert_bytes(rig->buf, 3, 1024);
	/* it differs: both fail, nothing is written */
	memset(rig->buf, 4, 1024);
	assert_ok(half(rig, 5, 1, 0, 2));
	assert_status(half(rig, 1, 2, 0, 2), STATUS_ABORTED_FAILED_FUSED);
	assert_true(ssd_next_event(rig->ssd, rig->now, 0, &event));
	assert_status(event.status, STATUS_COMPARE_FAILURE);
	assert_ok(rig_read(rig, 0, 2));
	assert_bytes(rig->buf, 3, 1024);
	/* something else in between; a second without a first; too long */
	assert_ok(half(rig, 5, 1, 0, 2));
	assert_ok(rig_read(rig, 0, 2));
	assert_true(ssd_next_event(rig->ssd, rig->now, 0, &event));
	assert_status(event.status, STATUS_ABORTED_MISSING_FUSED);
	assert_status(half(rig, 1, 2, 0, 2), STATUS_ABORTED_MISSING_FUSED);
	assert_ok(half(rig, 5, 1, 0, 5));
	assert_status(half(rig, 1, 2, 0, 5), STATUS_ABORTED_FAILED_FUSED);
	assert_true(ssd_next_event(rig->ssd, rig->now, 0, &event));
	assert_status(event.status, STATUS_ATOMIC_WRITE_UNIT);
	assert_ok(half(rig, 5, 1, 0, 2));
	assert_status(half(rig, 1, 2, 1, 2), STATUS_INVALID_FIELD);
	assert_status(half(rig, 1, 3, 1, 2), STATUS_INVALID_FIELD);
	rig_free(rig);
}

static uint16_t
half_of(struct rig *rig, uint16_t sqid, uint8_t opcode, uint8_t fuse, uint8_t byte)
{
	struct xnvme_spec_cmd cmd = {0};

	memset(rig->buf, byte, 512);
	cmd.common.opcode = opcode;
	cmd.common.fuse = fuse & 3u;
	cmd.common.nsid = 1;
	return rig_begin(rig, sqid, &cmd);
}

/* Two hosts want the same block with a compare and write each: the first to bring its second half
 * wins, whatever else happens on other queues in between */
static void
halves_of_two_queues_do_not_meet(void **state)
{
	struct ssd_event event;
	struct rig *rig;

	(void)state;
	shape = (struct ssd_ns_config){.lba_nbytes = 512};
	rig = rig_new(shaped);
	assert_ok(half_of(rig, 1, 5, 1, 0));
	assert_ok(half_of(rig, 2, 5, 1, 0));
	assert_ok(half_of(rig, 3, 2, 0, 0xEE));
	assert_ok(rig_log(rig, XNVME_SPEC_LOG_HEALTH, 512));
	assert_ok(half_of(rig, 2, 1, 2, 0x22));
	assert_true(ssd_next_event(rig->ssd, rig->now, 0, &event));
	assert_int_equal(event.sqid, 2);
	assert_int_equal(event.status, 0);
	assert_status(half_of(rig, 1, 1, 2, 0x11), STATUS_ABORTED_FAILED_FUSED);
	assert_true(ssd_next_event(rig->ssd, rig->now, 0, &event));
	assert_int_equal(event.sqid, 1);
	assert_status(event.status, STATUS_COMPARE_FAILURE);
	assert_ok(rig_read(rig, 0, 1));
	assert_bytes(rig->buf, 0x22, 512);
	/* a second half that cannot be written ends both, the write with its own error */
	assert_ok(half_of(rig, 1, 5, 1, 0x22));
	assert_ok(rig_set_feature(rig, 1, XNVME_SPEC_FEAT_NS_WRITE_PROTECT, 1, false));
	assert_status(half_of(rig, 1, 1, 2, 0x11), STATUS_WRITE_PROTECTED);
	assert_true(ssd_next_event(rig->ssd, rig->now, 0, &event));
	assert_int_equal(event.status, 0);
	/* more first halves than there is room for are to be tried again */
	for (uint16_t sqid = 1; sqid <= 8; sqid++) {
		assert_ok(half_of(rig, sqid, 5, 1, 0));
	}
	assert_int_equal(half_of(rig, 9, 5, 1, 0), STATUS_INTERRUPTED);
	ssd_reset(rig->ssd, rig->now, 0);
	assert_false(ssd_next_event(rig->ssd, rig->now, 0, &event));
	rig_free(rig);
}

static void
faults_hit_whom_they_should(void **state)
{
	struct ssd_fault plan[] = {
		{.action = SSD_FAULT_FAIL,
		 .match_opcode = true,
		 .opcode = 2,
		 .lba = 10,
		 .nlb = 2,
		 .skip = 1,
		 .count = 2,
		 .status = STATUS_UNRECOVERED_READ},
		{.action = SSD_FAULT_DELAY, .match_opcode = true, .opcode = 0, .delay_ns = 500},
		{.action = SSD_FAULT_LOSE_COMPLETION,
		 .match_opcode = true,
		 .opcode = 1,
		 .lba = 77,
		 .nlb = 1},
	};
	struct rig *rig;
	ns_t before;

	(void)state;
	shape = (struct ssd_ns_config){.lba_nbytes = 512};
	rig = rig_new(shaped);
	assert_int_equal(ssd_fault_plan(rig->ssd, plan, 3), 0);
	assert_ok(rig_read(rig, 10, 1)); /* skipped */
	assert_status(rig_read(rig, 4, 7), STATUS_UNRECOVERED_READ);
	assert_ok(rig_read(rig, 12, 1));
	assert_status(rig_read(rig, 11, 1), STATUS_UNRECOVERED_READ);
	assert_ok(rig_read(rig, 11, 1));
	assert_int_equal(ssd_fault_hits(rig->ssd, 0), 2);
	before = rig->now;
	assert_ok(rig_blocks(rig, 0, 1, 0, 1, 0));
	assert_int_equal(rig->now, before + 500);
	rig_write(rig, 77, 1, 5);
	assert_int_equal(rig->work.verdict, SSD_LOST);
	assert_ok(rig_read(rig, 77, 1));
	assert_bytes(rig->buf, 5, 512);
	plan[0] = (struct ssd_fault){.action = SSD_FAULT_FATAL};
	assert_int_equal(ssd_fault_plan(rig->ssd, plan, 1), 0);
	rig_read(rig, 0, 1);
	assert_int_equal(rig->work.verdict, SSD_LOST);
	assert_true(ssd_is_fatal(rig->ssd));
	assert_int_equal(ssd_fault_plan(rig->ssd, NULL, 0), 0);
	ssd_reset(rig->ssd, rig->now, SSD_EVERYBODY);
	assert_ok(rig_read(rig, 0, 1));
	assert_int_equal(ssd_fault_plan(rig->ssd, plan, 33), -SSD_EINVAL);
	rig_free(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_protection_format),
		cmocka_unit_test(larger_guards_are_for_hosts_that_know_them),
		cmocka_unit_test(compare_checks_both_sides),
		cmocka_unit_test(metadata_without_protection),
		cmocka_unit_test(halves_of_two_queues_do_not_meet),
		cmocka_unit_test(copy_gathers_ranges),
		cmocka_unit_test(compare_and_write_is_one),
		cmocka_unit_test(faults_hit_whom_they_should),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
