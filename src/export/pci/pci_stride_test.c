/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Doorbells with a stride of more than four bytes.
 */
#include <export/pci/pci_test_fake.h>

static int
setup_apart(uint32_t dstrd)
{
	const struct pci_config config = {.ioq_max = 8,
					  .entries_max = 64,
					  .inflight_max = 64,
					  .vectors = 9,
					  .dstrd = dstrd,
					  .xfer_nbytes_max = 128 * 1024,
					  .timeout_500ms = 2};

	fake_start(&config);
	fake_enable(0);
	return 0;
}

static int
setup_wide(void **state)
{
	(void)state;
	return setup_apart(4);
}

static int
setup_widest(void **state)
{
	(void)state;
	return setup_apart(10); /* a page for each */
}

static int
teardown(void **state)
{
	(void)state;
	fake_stop();
	return 0;
}

/* Their offsets with a stride; the words between them are no doorbells */
static void
doorbells_lie_a_stride_apart(void **state)
{
	struct pci_stats stats;

	(void)state;
	assert_int_equal(CAP_DSTRD((uint64_t)fake_reg(REG_CAP + 4) << 32), fake.f->config.dstrd);
	assert_int_equal(fake_create_cq(1, ENTRIES, 1), 0);
	assert_int_equal(fake_create_sq(1, 1, ENTRIES, 0), 0);
	fake_reg_set(REG_DOORBELLS + 12, 1); /* queue 1's head with a stride of four bytes */
	pci_stats(fake.f, &stats);
	assert_int_equal(stats.invalid_doorbells, 1);
	for (uint32_t i = 0; i < 3 * ENTRIES; ++i) { /* its doorbells wrap */
		struct xnvme_spec_cmd cmd = fake_cmd(2, (uint16_t)i, 512, fake_page(100), 0);

		assert_int_equal(fake_io(1, &cmd), 0);
	}
	pci_stats(fake.f, &stats);
	assert_int_equal(stats.invalid_doorbells, 1);
}

/* Drivers assume that the buffers hold the words of all queues: otherwise shadow doorbells are not
 * offered */
static void
shadow_doorbells_that_would_not_fit(void **state)
{
	struct xnvme_spec_cmd cmd = {0};
	struct xnvme_spec_idfy_ctrlr *ctrlr = fake_at(fake_page(50));

	(void)state;
	cmd.common.opcode = 6;
	cmd.common.ndt = 1;
	cmd.common.dptr.prp.prp1 = fake_page(50);
	assert_int_equal(fake_admin(&cmd, NULL), 0);
	assert_false(ctrlr->oacs.doorbell_buffer_config);
	cmd.common.opcode = XNVME_SPEC_ADM_OPC_DOORBELL_BUFFER;
	cmd.common.ndt = 0;
	cmd.common.dptr.prp.prp2 = fake_page(51);
	assert_int_equal(fake_admin(&cmd, NULL), STATUS(INVALID_OPCODE));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(doorbells_lie_a_stride_apart, setup_wide, teardown),
		cmocka_unit_test_setup_teardown(shadow_doorbells_that_would_not_fit, setup_widest,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
