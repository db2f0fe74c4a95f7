/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Background operations of a controller (Sanitize, self-test) end for a host that polls: on a
 * stopped virtual clock, and when the host is a series of short processes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../temp_dir.h"
#include "virt_test.h"

enum { LID_SELF_TEST = 0x06, LID_SANITIZE = 0x81, POLLS_MAX = 200 };

static uint8_t page[512];

static int
admin(struct xnvme_dev *dev, uint8_t opcode, uint32_t nsid, uint32_t cdw10)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	bool is_log = opcode == XNVME_SPEC_ADM_OPC_LOG;

	ctx.cmd.common.opcode = opcode;
	ctx.cmd.common.nsid = nsid;
	ctx.cmd.common.ndt = cdw10;
	return xnvme_cmd_pass_admin(&ctx, is_log ? page : NULL, is_log ? sizeof(page) : 0, NULL, 0);
}

static void
read_log(struct xnvme_dev *dev, uint8_t lid)
{
	uint32_t dwords = sizeof(page) / 4 - 1;

	assert_int_equal(admin(dev, XNVME_SPEC_ADM_OPC_LOG, UINT32_MAX, lid | dwords << 16), 0);
}

static void
start_sanitize(struct xnvme_dev *dev)
{
	assert_int_equal(admin(dev, XNVME_SPEC_ADM_OPC_SANITIZE, 0, 2), 0);
}

/* Sanitize Status log: SPROG, the progress, in bytes 0 and 1; SSTAT, its state in bits 2:0, in
 * bytes 2 and 3 */
static bool
sanitize_runs(struct xnvme_dev *dev)
{
	read_log(dev, LID_SANITIZE);
	return (page[2] & 7) == XNVME_SPEC_SANITIZE_SOS_IN_PROGRESS;
}

static uint32_t
polls_until_sanitized(struct xnvme_dev *dev)
{
	uint32_t polls = 1, before = 0;

	while (sanitize_runs(dev)) {
		uint32_t progress = page[0] | (uint32_t)page[1] << 8;

		assert_true(progress >= before);
		before = progress;
		assert_true(polls < POLLS_MAX);
		polls += 1;
	}
	return polls;
}

static void
polling_moves_a_clock_that_stands_still(void **state)
{
	static const char *const schemes[] = {"virt:", "pci-virt:"};
	uint32_t polls[2];

	(void)state;
	for (int i = 0; i < 2; i += 1) {
		char uri[128];
		struct xnvme_dev *dev;
		uint32_t n = 0;

		snprintf(uri, sizeof(uri), "%snull,size=1MiB,clock=virtual", schemes[i]);
		dev = open_dev(uri);
		start_sanitize(dev);
		polls[i] = polls_until_sanitized(dev);
		assert_true(polls[i] > 10); /* the progress is visible */
		start_sanitize(dev);
		while (write_lba(dev, 0, 1)) { /* fails with Sanitize In Progress */
			assert_true((n += 1) < POLLS_MAX);
		}
		for (uint32_t code = 1; code <= 2; code += 1) {
			assert_int_equal(admin(dev, XNVME_SPEC_ADM_OPC_SELFTEST, 1, code), 0);
			n = 0;
			do {
				read_log(dev, LID_SELF_TEST);
				assert_true((n += 1) < POLLS_MAX);
			} while (page[0] & 15);
			assert_int_equal(page[4], code << 4); /* result: passed */
		}
		xnvme_dev_close(dev);
	}
	assert_int_equal(polls[0], polls[1]);
}

/* Polling by Asynchronous Event Requests only also lets the operation end */
static void
an_event_comes_to_who_asks_again(void **state)
{
	struct xnvme_dev *dev = open_dev("virt:null,size=1MiB,clock=virtual");
	uint32_t n = 0;

	(void)state;
	start_sanitize(dev);
	while (admin(dev, XNVME_SPEC_ADM_OPC_ASYNC_EVENT, 0, 0)) {
		assert_true((n += 1) < POLLS_MAX);
	}
	assert_false(sanitize_runs(dev));
	xnvme_dev_close(dev);
}

static void
work_ends_when_the_last_host_has_gone(void **state)
{
	static const char *const clocks[] = {"real", "virtual"};

	(void)state;
	for (int i = 0; i < 2; i += 1) {
		struct xnvme_dev *dev;
		char uri[512];

		snprintf(uri, sizeof(uri), "virt:null,size=1MiB,clock=%s,media=%s/work-%d",
			 clocks[i], temp_dir, i);
		dev = open_dev(uri);
		assert_int_equal(admin(dev, XNVME_SPEC_ADM_OPC_SELFTEST, 1, 2), 0);
		xnvme_dev_close(dev);
		dev = open_dev(uri);
		read_log(dev, LID_SELF_TEST);
		assert_int_equal(page[0] & 15, 0);
		assert_int_equal(page[4], 0x20);
		start_sanitize(dev);
		assert_true(sanitize_runs(dev));
		xnvme_dev_close(dev);
		dev = open_dev(uri);
		assert_false(sanitize_runs(dev));
		assert_int_equal(read_lba(dev, 0), 0);
		xnvme_dev_close(dev);
		snprintf(uri, sizeof(uri), "%s/work-%d", temp_dir, i);
		assert_int_equal(unlink(uri), 0);
	}
}

static long
page_faults(void)
{
	struct rusage usage;

	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_minflt;
}

/* The index has 8 GiB, of which one key uses a page: Format accesses only used pages */
static void
a_format_takes_as_long_as_there_are_keys(void **state)
{
	struct xnvme_dev *dev = open_dev("virt:kv-prototype,clock=virtual");
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	uint8_t key[16] = "key", *value = xnvme_buf_alloc(dev, 4096);
	uint32_t nsid = xnvme_dev_get_nsid(dev), listed;
	long before;

	(void)state;
	assert_int_equal(xnvme_kvs_store(&ctx, nsid, key, 3, value, 4096, 0), 0);
	before = page_faults();
	assert_int_equal(admin(dev, XNVME_SPEC_ADM_OPC_FORMAT, nsid, 0), 0);
	assert_int_equal(xnvme_kvs_list(&ctx, nsid, key, 0, value, 4096), 0);
	memcpy(&listed, value, sizeof(listed));
	assert_int_equal(listed, 0);
	assert_true(page_faults() - before < 10000);
	xnvme_buf_free(dev, value);
	xnvme_dev_close(dev);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(polling_moves_a_clock_that_stands_still),
		cmocka_unit_test(an_event_comes_to_who_asks_again),
		cmocka_unit_test(work_ends_when_the_last_host_has_gone),
		cmocka_unit_test(a_format_takes_as_long_as_there_are_keys),
	};

	return cmocka_run_group_tests(tests, temp_dir_make, temp_dir_remove);
}
