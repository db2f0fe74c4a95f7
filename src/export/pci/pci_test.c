/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Registers, queues, arbitration, interrupts, reset and shutdown of the PCI function, over a fake
 * engine and a fake host.
 */
#include <export/pci/pci_test_fake.h>

#define CSTS_SHST_MASK 0xCu

static int
setup(void **state)
{
	(void)state;
	fake_start(NULL);
	fake_enable(0);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	fake_stop();
	return 0;
}

static void
two_queues(void)
{
	assert_int_equal(fake_create_cq(1, ENTRIES, 1), 0);
	assert_int_equal(fake_create_sq(1, 1, ENTRIES, 0), 0);
	assert_int_equal(fake_create_cq(2, ENTRIES, 2), 0);
	assert_int_equal(fake_create_sq(2, 2, ENTRIES, 0), 0);
}

static void
registers(void **state)
{
	uint64_t cap;

	(void)state;
	pci_reg_read(fake.f, REG_CAP, &cap, 8);
	assert_int_equal(CAP_MQES(cap), 63);
	assert_int_equal(CAP_CQR(cap), 1);
	assert_int_equal(CAP_MPSMAX(cap), 4);
	assert_true(CAP_CSS(cap) & CAP_CSS_IOCS);
	assert_int_equal(xnvme_spec_cap_crms(cap), 1);
	assert_int_equal(fake_reg(REG_CRTO), 2); /* at most CAP.TO */
	assert_int_equal(fake_reg(REG_VS), VS_2_0);
	assert_int_equal(fake_reg(REG_CSTS), CSTS_RDY);
	fake_reg_set(REG_VS, 0);
	assert_int_equal(fake_reg(REG_VS), VS_2_0);
	assert_int_equal(fake_reg(0x800), 0);
	/* a byte in the middle of a register */
	pci_reg_read(fake.f, REG_CC + 2, &cap, 1);
	assert_int_equal((uint8_t)cap, 0x46);
	/* unaligned or partial writes change nothing */
	pci_reg_write(fake.f, 0, REG_CC + 2, &(uint32_t){0}, 2);
	assert_int_equal(fake_reg(REG_CSTS), CSTS_RDY);
}

static void
enable_with(uint32_t aqa, uint64_t asq, uint64_t acq, uint32_t cc, uint32_t csts)
{
	fake_reg_set(REG_CC, 0);
	assert_int_equal(fake_reg(REG_CSTS), 0);
	fake_reg_set(REG_AQA, aqa);
	pci_reg_write(fake.f, 0, REG_ASQ, &asq, 8);
	pci_reg_write(fake.f, 0, REG_ACQ, &acq, 8);
	fake_reg_set(REG_CC, cc);
	assert_int_equal(fake_reg(REG_CSTS), csts);
	fake_run();
}

static void
enable_that_makes_no_sense_is_fatal(void **state)
{
	uint32_t aqa = 7 | 7 << 16, cc = 1 | 6u << 16 | 4u << 20;

	(void)state;
	enable_with(aqa, fake_sq(0), fake_cq(0), cc, CSTS_RDY);
	enable_with(0, fake_sq(0), fake_cq(0), cc, CSTS_CFS);
	enable_with(aqa, 0, fake_cq(0), cc, CSTS_CFS);
	enable_with(aqa, fake_sq(0), fake_page(PAGES), cc, CSTS_CFS);
	enable_with(0xFFF0FFF, fake_page(PAGES - 1), fake_cq(0), cc, CSTS_CFS);
	enable_with(aqa, fake_sq(0), fake_cq(0), cc | 3 << 4, CSTS_CFS);  /* CSS */
	enable_with(aqa, fake_sq(0), fake_cq(0), cc | 5 << 7, CSTS_CFS);  /* MPS */
	enable_with(aqa, fake_sq(0), fake_cq(0), cc | 7 << 11, CSTS_CFS); /* AMS */
	enable_with(aqa, fake_sq(0), fake_cq(0), cc | 1 << 7, CSTS_CFS);  /* not 8 KiB aligned */
	fake.read_only[1] = true;
	pci_memory_changed(fake.f);
	enable_with(aqa, fake_sq(0), fake_cq(0), cc, CSTS_CFS);
	fake.read_only[1] = false;
	pci_memory_changed(fake.f);
	enable_with(aqa, fake_sq(0), fake_cq(0), cc, CSTS_RDY);
}

static void
queue_rules(void **state)
{
	struct xnvme_spec_cmd cmd = {0};

	(void)state;
	assert_int_equal(fake_create_sq(1, 1, ENTRIES, 0), STATUS(CQ_INVALID));
	assert_int_equal(fake_create_sq(1, 0, ENTRIES, 0), STATUS(INVALID_QID));
	assert_int_equal(fake_create_sq(1, 9, ENTRIES, 0), STATUS(INVALID_QID));
	assert_int_equal(fake_create_cq(1, 1, 0), STATUS(INVALID_QUEUE_SIZE));
	assert_int_equal(fake_create_cq(1, 65, 0), STATUS(INVALID_QUEUE_SIZE));
	assert_int_equal(fake_create_cq(1, 64, 9), STATUS(INVALID_INTERRUPT_VECTOR));
	assert_int_equal(fake_create_cq(9, 64, 0), STATUS(INVALID_QID));
	assert_int_equal(fake_create_cq(1, 64, 1), 0);
	assert_int_equal(fake_create_cq(1, 64, 1), STATUS(INVALID_QID));
	assert_int_equal(fake_create_sq(1, 1, 64, 0), 0);
	assert_int_equal(fake_create_sq(1, 1, 64, 0), STATUS(INVALID_QID));
	assert_int_equal(fake_delete(true, 1), STATUS(INVALID_QUEUE_DELETION));
	assert_int_equal(fake_delete(false, 0), STATUS(INVALID_QID));
	assert_int_equal(fake_delete(false, 1), 0);
	assert_int_equal(fake_delete(false, 1), STATUS(INVALID_QID));
	assert_int_equal(fake_delete(true, 1), 0);
	assert_int_equal(fake_delete(true, 1), STATUS(INVALID_QID));

	cmd.common.opcode = 5;
	cmd.common.ndt = 1 | 7 << 16;
	cmd.common.dptr.prp.prp1 = fake_cq(1);
	assert_int_equal(fake_admin(&cmd, NULL), STATUS(INVALID_FIELD)); /* not contiguous */
	cmd.common.ndm = 1;
	cmd.common.dptr.prp.prp1 += 16;
	assert_int_equal(fake_admin(&cmd, NULL), STATUS(PRP_OFFSET_INVALID));
	cmd.common.dptr.prp.prp1 = fake_page(PAGES);
	assert_int_equal(fake_admin(&cmd, NULL), STATUS(DATA_TRANSFER_ERROR));
}

static void
number_of_queues_is_agreed_before_the_first(void **state)
{
	struct xnvme_spec_cmd cmd = {0};
	uint64_t result;

	(void)state;
	cmd.common.opcode = 9;
	cmd.common.ndt = 7;
	cmd.common.ndm = 2 | 99 << 16;
	assert_int_equal(fake_admin(&cmd, &result), 0);
	assert_int_equal(result, 2 | 7 << 16);
	assert_int_equal(fake_create_cq(4, ENTRIES, 0), 0);
	assert_int_equal(fake_create_sq(4, 4, ENTRIES, 0), STATUS(INVALID_QID));
	assert_int_equal(fake_admin(&cmd, &result), STATUS(COMMAND_SEQUENCE_ERROR));
	cmd.common.opcode = 10;
	assert_int_equal(fake_admin(&cmd, &result), 0);
	assert_int_equal(result, 2 | 7 << 16);
	cmd.common.ndt = 7 | 1 << 8;
	assert_int_equal(fake_admin(&cmd, &result), 0);
	assert_int_equal(result, 7 | 7 << 16);
}

/* CC.CSS 7: I/O queues can be created, but no I/O command set is enabled */
static void
admin_commands_only(void **state)
{
	struct xnvme_spec_cmd cmd = {0};

	(void)state;
	fake_reg_set(REG_CC, 0);
	fake_enable(CC_CSS_ADMIN_ONLY << 4);
	assert_int_equal(fake_reg(REG_CSTS), CSTS_RDY);
	two_queues();
	fake.started = 0;
	assert_int_equal(fake_io(1, &cmd), STATUS(INVALID_OPCODE));
	assert_int_equal(fake.started, 0);
	assert_int_equal(fake_admin(&cmd, NULL), STATUS(INVALID_QID)); /* opcode 0: no such queue */
}

static void
phase_turns_over_many_rounds(void **state)
{
	struct xnvme_spec_cmd cmd = {0};

	(void)state;
	two_queues();
	for (uint16_t i = 0; i < 1000; ++i) {
		cmd.common.cid = i;
		assert_int_equal(fake_io(1 + i % 2, &cmd), 0);
	}
}

static void
no_submission_is_taken_without_a_slot_for_its_completion(void **state)
{
	struct xnvme_spec_cmd cmd = {0};
	struct xnvme_spec_cpl cpl;
	uint32_t got = 0;

	(void)state;
	assert_int_equal(fake_create_cq(1, 4, 1), 0); /* space for 3 */
	assert_int_equal(fake_create_sq(1, 1, ENTRIES, 0), 0);
	fake.entries[1] = ENTRIES;
	cmd.common.cdw12 = 100; /* due later: its entry is reserved, not used */
	for (uint16_t i = 0; i < 7; ++i) {
		cmd.common.cid = i;
		fake_put(1, &cmd);
	}
	fake.started = 0;
	fake_ring(1);
	fake_run();
	assert_int_equal(fake.started, 3);
	fake.entries[1] = 4;
	fake.now = 100;
	fake_run();
	assert_int_equal(fake.started, 3);
	for (uint32_t round = 0; round < 8; ++round) {
		while (fake_reap(1, &cpl)) {
			assert_int_equal(cpl.cid, got);
			got += 1;
		}
		fake.now += 100;
		fake_run();
	}
	assert_int_equal(got, 7);
}

static void
completions_come_when_they_are_due(void **state)
{
	static const uint32_t latency[] = {500, 100, 300, 100, 0};
	static const uint16_t order[] = {4, 1, 3, 2, 0};
	struct xnvme_spec_cmd cmd = {0};
	struct xnvme_spec_cpl cpl;
	uint32_t got = 0;

	(void)state;
	two_queues();
	for (uint16_t i = 0; i < 5; ++i) {
		cmd.common.cid = i;
		cmd.common.cdw12 = latency[i];
		fake_put(1, &cmd);
	}
	fake_ring(1);
	for (; fake.now <= 500; fake.now += 50) {
		ns_t next;

		fake_run();
		pci_run(fake.f, fake.now, &next);
		while (fake_reap(1, &cpl)) {
			assert_int_equal(cpl.cid, order[got]);
			assert_int_equal(fake.now, latency[order[got]]);
			got += 1;
		}
		assert_int_equal(next, got == 5 ? NS_NEVER : latency[order[got]]);
	}
	assert_int_equal(got, 5);
}

static void
deleting_a_queue_aborts_what_is_in_it(void **state)
{
	struct xnvme_spec_cmd cmd = {0};
	struct xnvme_spec_cpl cpl;

	(void)state;
	two_queues();
	cmd.common.cdw12 = 1000;
	for (uint32_t i = 0; i < 5; ++i) {
		cmd.common.cid = (uint16_t)i;
		fake_put(1, &cmd);
		fake_put(2, &cmd);
	}
	fake_ring(1);
	fake_ring(2);
	fake_run();
	assert_int_equal(fake_delete(false, 1), 0);
	for (uint32_t i = 0; i < 5; ++i) {
		assert_true(fake_reap(1, &cpl));
		assert_int_equal(cpl.status.val >> 1, STATUS(ABORTED_SQ_DELETION));
	}
	assert_int_equal(fake_delete(true, 1), 0);
	fake.now = 1000;
	fake_run();
	for (uint32_t i = 0; i < 5; ++i) {
		assert_true(fake_reap(2, &cpl));
		assert_int_equal(cpl.status.val, fake.cq_phase[2]);
	}
}

static void
abort_ends_what_is_pending_or_lost(void **state)
{
	struct xnvme_spec_cmd cmd = {0}, abort = {0};
	struct xnvme_spec_cpl cpl;
	uint64_t result;

	(void)state;
	two_queues();
	cmd.common.cid = 77;
	cmd.common.cdw14 = SSD_LOST;
	fake_put(1, &cmd);
	fake_ring(1);
	fake.now = NS_PER_S;
	fake_run();
	assert_false(fake_reap(1, &cpl));
	abort.common.opcode = 8;
	abort.common.ndt = 1 | 77u << 16;
	assert_int_equal(fake_admin(&abort, &result), 0);
	assert_int_equal(result, 0);
	assert_true(fake_reap(1, &cpl));
	assert_int_equal(cpl.cid, 77);
	assert_int_equal(cpl.status.val >> 1, STATUS(ABORT_REQUESTED));
	assert_int_equal(fake_admin(&abort, &result), 0);
	assert_int_equal(result, 1); /* no command to abort */
	abort.common.ndt = 3;
	assert_int_equal(fake_admin(&abort, &result), STATUS(INVALID_FIELD));
}

static void
an_event_request_holds_no_completion_entry(void **state)
{
	struct xnvme_spec_cmd aer = {0};
	struct xnvme_spec_cpl cpl;

	(void)state;
	aer.common.opcode = 0x0C;
	aer.common.cid = 0x123;
	aer.common.cdw14 = SSD_HELD;
	fake_put(0, &aer);
	fake_ring(0);
	fake_run();
	assert_false(fake_reap(0, &cpl));
	two_queues();
	fake.event = true;
	fake_run();
	assert_true(fake_reap(0, &cpl));
	assert_int_equal(cpl.cid, 0x123);
	assert_int_equal(cpl.result, 0x42);
}

/* A planned power cut in the middle of a burst: the function is in its power-on state, no
 * outstanding command completes, no further one is fetched, and it can be enabled again */
static void
a_planned_power_cut_starts_the_function_over(void **state)
{
	struct xnvme_spec_cmd cmd = fake_cmd(2, 1, 4096, fake_page(40), 0);
	struct xnvme_spec_cpl cpl;

	(void)state;
	two_queues();
	fake.started = 0;
	for (uint16_t i = 0; i < 4; ++i) {
		cmd.common.cid = i;
		cmd.common.cdw12 = 1000; /* completes so much later */
		cmd.common.cdw14 = i == 2 ? SSD_CUT : SSD_DONE;
		fake_put(1, &cmd);
	}
	fake_ring(1);
	fake_run();
	assert_int_equal(fake.started, 3);
	assert_int_equal(fake_reg(REG_CSTS), 0);
	assert_int_equal(fake_reg(REG_CC), 0);
	assert_int_equal(fake_reg(REG_AQA), 0);
	fake.now += 10000;
	fake_run();
	assert_false(fake_reap(1, &cpl));
	fake_enable(0);
	assert_int_equal(fake_reg(REG_CSTS), CSTS_RDY);
	two_queues();
	cmd.common.cdw12 = cmd.common.cdw14 = 0;
	assert_int_equal(fake_io(1, &cmd), 0);
}

static void
doorbells_that_no_driver_writes_are_ignored(void **state)
{
	struct xnvme_spec_cmd cmd = {0};
	struct pci_stats stats;

	(void)state;
	two_queues();
	fake.started = 0;
	fake_reg_set(reg_doorbell(1, false, 0), ENTRIES);
	fake_reg_set(reg_doorbell(1, true, 0), 3);
	fake_reg_set(reg_doorbell(2, false, 0), 0xFFFFFFFF);
	fake_reg_set(reg_doorbell(2, true, 0), 0xFFFFFFFF);
	fake_reg_set(reg_doorbell(9, false, 0), 1);
	fake_run();
	fake_run();
	assert_int_equal(fake.started, 0);
	for (uint32_t i = 0; i < 7; ++i) { /* until the completion doorbell is read: 3 is invalid */
		fake_put(1, &cmd);
	}
	fake_ring(1);
	fake_run();
	assert_int_equal(fake.started, 7);
	pci_stats(fake.f, &stats);
	assert_in_range(stats.invalid_doorbells, 3, 5);
	assert_int_equal(fake.errors[0], 1); /* the queue that does not exist */
	assert_int_equal(fake.errors[0] + fake.errors[1], stats.invalid_doorbells);
	assert_int_equal(fake_reg(REG_CSTS), CSTS_RDY);
}

static void
an_invalid_doorbell_value_of_0_is_reported(void **state)
{
	struct xnvme_spec_cmd cmd = {0};

	(void)state;
	two_queues();
	pci_msix_enable(fake.f, false); /* heads are read with each write of them */
	for (uint32_t i = 0; i < 3; ++i) {
		assert_int_equal(fake_io(1, &cmd), 0);
	}
	fake_reg_set(reg_doorbell(1, true, 0), 0); /* back from 3, with nothing posted */
	assert_int_equal(fake.errors[1], 1);
}

static void
weights(void **state)
{
	struct xnvme_spec_cmd cmd = {0};
	uint32_t count[8] = {0};

	(void)state;
	fake_reg_set(REG_CC, 0);
	fake_enable(CC_AMS_WEIGHTED << 11);
	cmd.common.opcode = 9;
	cmd.common.ndt = 1;
	cmd.common.ndm = 7u | 0u << 8 | 1u << 16 | 3u << 24; /* low 1, medium 2, high 4 */
	assert_int_equal(fake_admin(&cmd, NULL), 0);
	cmd = (struct xnvme_spec_cmd){0};
	for (uint32_t qid = 1; qid <= 4; ++qid) {
		assert_int_equal(fake_create_cq(qid, 64, 1), 0);
		assert_int_equal(fake_create_sq(qid, qid, 64, qid - 1), 0);
		for (uint32_t i = 0; i < 63; ++i) {
			fake_put(qid, &cmd);
		}
	}
	fake.started = 0;
	for (uint32_t qid = 1; qid <= 4; ++qid) {
		fake_ring(qid);
	}
	fake_run();
	for (uint32_t i = 0; i < 63; ++i) {
		assert_int_equal(fake.order[i], 1); /* urgent first */
	}
	for (uint32_t i = 63; i < 63 + 70; ++i) {
		count[fake.order[i]] += 1;
	}
	assert_int_equal(count[2], 40);
	assert_int_equal(count[3], 20);
	assert_int_equal(count[4], 10);
	assert_int_equal(fake.started, 4 * 63); /* and no queue starves */
}

static void
round_robin_with_burst(void **state)
{
	static const uint16_t expected[] = {1, 1, 2, 2, 1, 1, 2, 2};
	struct xnvme_spec_cmd cmd = {0};

	(void)state;
	cmd.common.opcode = 9;
	cmd.common.ndt = 1;
	cmd.common.ndm = 1; /* bursts of two */
	assert_int_equal(fake_admin(&cmd, NULL), 0);
	two_queues();
	cmd = (struct xnvme_spec_cmd){0};
	for (uint32_t i = 0; i < 4; ++i) {
		fake_put(1, &cmd);
		fake_put(2, &cmd);
	}
	fake.f->arb_last[0] = 1;
	fake.started = 0;
	fake_ring(1);
	fake_ring(2);
	fake_run();
	assert_memory_equal(fake.order, expected, sizeof(expected));
}

static void
coalescing(void **state)
{
	struct xnvme_spec_cmd cmd = {0};
	ns_t next;

	(void)state;
	two_queues();
	cmd.common.opcode = 9;
	cmd.common.ndt = 8;
	cmd.common.ndm = 2 | 5 << 8; /* three, or 500 us */
	assert_int_equal(fake_admin(&cmd, NULL), 0);
	cmd.common.ndt = 9;
	cmd.common.ndm = 2 | 1 << 16; /* vector 2: no coalescing */
	assert_int_equal(fake_admin(&cmd, NULL), 0);
	cmd = (struct xnvme_spec_cmd){0};
	fake_io(1, &cmd);
	fake_io(2, &cmd);
	assert_int_equal(fake.interrupts[1], 0);
	assert_int_equal(fake.interrupts[2], 1);
	pci_run(fake.f, fake.now, &next);
	assert_int_equal(next, 500 * NS_PER_US);
	fake_io(1, &cmd);
	assert_int_equal(fake.interrupts[1], 0);
	fake_io(1, &cmd);
	assert_int_equal(fake.interrupts[1], 1); /* the third */
	fake_io(1, &cmd);
	assert_int_equal(fake.interrupts[1], 1);
	fake.now = 500 * NS_PER_US;
	fake_run();
	assert_int_equal(fake.interrupts[1], 2); /* the time limit */
}

static void
pin_follows_the_queues(void **state)
{
	struct xnvme_spec_cmd cmd = {0};
	struct xnvme_spec_cpl cpl;

	(void)state;
	pci_msix_enable(fake.f, false);
	fake_put(0, &cmd);
	fake_ring(0);
	fake_run();
	assert_true(fake.pin);
	fake_reg_set(REG_INTMS, 1);
	assert_false(fake.pin);
	fake_reg_set(REG_INTMC, 1);
	assert_true(fake.pin);
	assert_true(fake_reap(0, &cpl));
	assert_false(fake.pin); /* at once, by the doorbell write */
	assert_int_equal(fake.interrupts[0], 0);
}

static void
reset_forgets_queues_and_keeps_the_admin_registers(void **state)
{
	struct xnvme_spec_cmd cmd = {0};

	(void)state;
	two_queues();
	cmd.common.cdw12 = 1000;
	fake_put(1, &cmd);
	fake_ring(1);
	fake_run();
	fake_reg_set(REG_CC, 0);
	assert_int_equal(fake_reg(REG_CSTS), 0);
	assert_int_equal(fake.resets, 1);
	assert_int_equal(fake_reg(REG_AQA), 7 | 7 << 16);
	fake.now = 2000;
	fake_run();
	fake_enable(0);
	assert_int_equal(fake_delete(false, 1), STATUS(INVALID_QID));
	two_queues();
	fake_reg_set(REG_NSSR, NSSR_NVME);
	assert_int_equal(fake_reg(REG_CSTS), CSTS_NSSRO);
	assert_int_equal(fake_reg(REG_CC), 0);
	assert_int_equal(fake_reg(REG_AQA), 0);
	fake_enable(0);
	fake_reg_set(REG_CSTS, CSTS_NSSRO);
	assert_int_equal(fake_reg(REG_CSTS), CSTS_RDY);
}

static void
shutdown_takes_its_time(void **state)
{
	ns_t next;

	(void)state;
	two_queues();
	fake_reg_set(REG_CC, fake_reg(REG_CC) | CC_SHN_NORMAL << 14);
	assert_int_equal(CSTS_SHST(fake_reg(REG_CSTS)), CSTS_SHST_OCCURRING);
	pci_run(fake.f, 999, &next);
	assert_int_equal(next, 1000);
	assert_int_equal(CSTS_SHST(fake_reg(REG_CSTS)), CSTS_SHST_OCCURRING);
	pci_run(fake.f, 1000, &next);
	assert_int_equal(CSTS_SHST(fake_reg(REG_CSTS)), CSTS_SHST_COMPLETE);
	fake_reg_set(REG_CC, 0);
	assert_int_equal(fake_reg(REG_CSTS), 0);
	fake_enable(0);
	two_queues();
}

static void
a_shutdown_while_disabled_ends_when_it_is_enabled(void **state)
{
	ns_t next;

	(void)state;
	fake_reg_set(REG_CC, 0);
	fake_reg_set(REG_CC, CC_SHN_NORMAL << 14);
	assert_int_equal(CSTS_SHST(fake_reg(REG_CSTS)), CSTS_SHST_OCCURRING);
	fake_enable(0);
	assert_int_equal(fake_reg(REG_CSTS), CSTS_RDY);
	pci_run(fake.f, 2000, &next); /* the shutdown would be complete */
	assert_int_equal(fake_reg(REG_CSTS), CSTS_RDY);
	two_queues();
}

static void
memory_that_goes_away(void **state)
{
	struct xnvme_spec_cmd cmd = {0};
	struct xnvme_spec_cpl cpl;

	(void)state;
	two_queues();
	fake.unmapped[2] = true; /* submission queue 1 */
	pci_memory_changed(fake.f);
	fake_put(1, &cmd);
	fake_ring(1);
	fake_run();
	assert_false(fake_reap(1, &cpl));
	assert_int_equal(fake_io(2, &cmd), 0);
	fake.unmapped[2] = false;
	pci_memory_changed(fake.f);
	fake_run();
	assert_true(fake_reap(1, &cpl)); /* it has waited */
	cmd.common.cdw12 = 100;
	fake_put(1, &cmd);
	fake_ring(1);
	fake_run();
	fake.unmapped[3] = true; /* completion queue 1, with an entry to post */
	pci_memory_changed(fake.f);
	fake.now = 100;
	fake_run();
	assert_int_equal(fake_reg(REG_CSTS), CSTS_RDY | CSTS_CFS);
	fake.unmapped[3] = false;
	pci_memory_changed(fake.f);
	fake_reg_set(REG_CC, 0);
	fake_enable(0);
	two_queues();
}

static void
shadow_doorbells(void **state)
{
	struct xnvme_spec_cmd cmd = {0};
	struct xnvme_spec_cpl cpl;
	uint32_t *shadow = fake_at(fake_page(40)), *event_idx = fake_at(fake_page(41));

	(void)state;
	cmd.common.opcode = 0x7C;
	cmd.common.dptr.prp.prp1 = fake_page(40);
	cmd.common.dptr.prp.prp2 = fake_page(41) + 4;
	assert_int_equal(fake_admin(&cmd, NULL), STATUS(INVALID_FIELD));
	cmd.common.dptr.prp.prp2 = fake_page(PAGES);
	assert_int_equal(fake_admin(&cmd, NULL), STATUS(DATA_TRANSFER_ERROR));
	cmd.common.dptr.prp.prp2 = fake_page(41);
	shadow[2] = 5; /* left by another queue */
	assert_int_equal(fake_admin(&cmd, NULL), 0);
	two_queues();
	cmd = (struct xnvme_spec_cmd){0};
	fake_put(1, &cmd);
	shadow[2] = 1;
	fake_run();
	assert_true(fake_reap(1, &cpl));
	assert_int_equal(event_idx[2], 0); /* already passed: the host does not ring */
	assert_false(pci_before_wait(fake.f));
	assert_int_equal(event_idx[2], 1); /* the next one rings */
	fake_put(1, &cmd);
	shadow[2] = 2;
	assert_true(pci_before_wait(fake.f));
	fake_run();
	assert_true(fake_reap(1, &cpl));
	fake.unmapped[40] = true; /* unmapped: back to the doorbells in BAR0 */
	pci_memory_changed(fake.f);
	fake_put(1, &cmd);
	fake_ring(1);
	fake_run();
	assert_true(fake_reap(1, &cpl));
}

/* Without bus mastering no host memory is read or written: waiting work continues later */
static void
hands_off_unless_bus_master(void **state)
{
	struct xnvme_spec_cmd cmd = fake_cmd(2, 1, 512, fake_page(100), 0);
	struct xnvme_spec_cpl cpl;
	uint8_t *before = malloc(PAGES * PAGE);
	uint32_t started;
	ns_t next;

	(void)state;
	two_queues();
	cmd.common.cdw12 = 1000; /* ns */
	fake_put(1, &cmd);
	fake_ring(1);
	fake_run();
	pci_bus_master(fake.f, false);
	started = fake.started;
	fake_put(1, &cmd);
	fake_ring(1);
	fake.now = 5000;
	memcpy(before, fake.mem, PAGES * PAGE);
	assert_int_equal(pci_run(fake.f, fake.now, &next), 0);
	assert_int_equal(next, NS_NEVER); /* the due command causes no further runs */
	assert_false(pci_before_wait(fake.f));
	assert_memory_equal(before, fake.mem, PAGES * PAGE);
	assert_int_equal(fake.started, started);
	assert_int_equal(fake.interrupts[1], 0);
	assert_int_equal(fake_reg(REG_CSTS), CSTS_RDY);
	pci_bus_master(fake.f, true);
	fake_run();
	assert_true(fake_reap(1, &cpl));
	assert_int_equal(fake.interrupts[1], 1);
	fake.now += 1000;
	fake_run();
	assert_true(fake_reap(1, &cpl));
	free(before);
}

static void
failed_and_removed(void **state)
{
	struct xnvme_spec_cmd cmd = {0};
	struct xnvme_spec_cpl cpl;

	(void)state;
	two_queues();
	fake.fatal = true;
	fake_io(1, &cmd);
	assert_int_equal(fake_reg(REG_CSTS), CSTS_RDY | CSTS_CFS);
	fake_put(1, &cmd);
	fake_ring(1);
	fake_run();
	assert_false(fake_reap(1, &cpl));
	fake.fatal = false;
	fake_reg_set(REG_CC, 0);
	fake_enable(0);
	assert_int_equal(fake_reg(REG_CSTS), CSTS_RDY);
	pci_remove(fake.f);
	assert_int_equal(fake_reg(REG_CSTS), UINT32_MAX);
	fake_reg_set(REG_CC, 0);
	fake_run();
	assert_int_equal(fake_reg(REG_CAP), UINT32_MAX);
}

static void
identify_tells_what_the_transport_can(void **state)
{
	struct xnvme_spec_cmd cmd = {0};
	struct xnvme_spec_idfy_ctrlr *ctrlr = fake_at(fake_page(50));

	(void)state;
	cmd.common.opcode = 6;
	cmd.common.ndt = 1;
	cmd.common.dptr.prp.prp1 = fake_page(50);
	assert_int_equal(fake_admin(&cmd, NULL), 0);
	assert_int_equal(ctrlr->sqes.max, 6);
	assert_int_equal(ctrlr->cqes.min, 4);
	assert_true(ctrlr->oacs.doorbell_buffer_config);
	assert_int_equal(ctrlr->sgls.supported, 1);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(registers),
		T(enable_that_makes_no_sense_is_fatal),
		T(queue_rules),
		T(number_of_queues_is_agreed_before_the_first),
		T(admin_commands_only),
		T(phase_turns_over_many_rounds),
		T(no_submission_is_taken_without_a_slot_for_its_completion),
		T(completions_come_when_they_are_due),
		T(deleting_a_queue_aborts_what_is_in_it),
		T(abort_ends_what_is_pending_or_lost),
		T(an_event_request_holds_no_completion_entry),
		T(a_planned_power_cut_starts_the_function_over),
		T(doorbells_that_no_driver_writes_are_ignored),
		T(an_invalid_doorbell_value_of_0_is_reported),
		T(weights),
		T(round_robin_with_burst),
		T(coalescing),
		T(pin_follows_the_queues),
		T(reset_forgets_queues_and_keeps_the_admin_registers),
		T(shutdown_takes_its_time),
		T(a_shutdown_while_disabled_ends_when_it_is_enabled),
		T(memory_that_goes_away),
		T(shadow_doorbells),
		T(hands_off_unless_bus_master),
		T(failed_and_removed),
		T(identify_tells_what_the_transport_can),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
