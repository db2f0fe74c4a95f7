/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A virtual SSD through the public interfaces libxnvme and libnvmevirt only: media and faults.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../temp_dir.h"
#include "virt_test.h"

/* --- media ----------------------------------------------------------------------------------- */

static void
media_in_a_file_survives(void **state)
{
	char uri[512], path[256];
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev;
	struct stat info;

	(void)state;
	snprintf(path, sizeof(path), "%s/survives", temp_dir);
	snprintf(uri, sizeof(uri), "virt:null,size=4GiB,lba=4096,overcommit=true,media=%s",
		 path);
	dev = open_dev(uri);
	for (uint64_t lba = 0; lba < 100; lba += 1) {
		assert_int_equal(write_lba(dev, lba * 10000, (uint8_t)(lba + 1)), 0);
	}
	assert_null(xnvme_dev_open(uri, &opts)); /* a second SSD on the same file is refused */
	assert_int_equal(errno, EBUSY);
	xnvme_dev_close(dev);
	assert_int_equal(stat(path, &info), 0);
	assert_true(info.st_size > 4LL << 30);
	assert_true(info.st_blocks * 512LL < 4LL << 20);
	dev = open_dev(uri);
	for (uint64_t lba = 0; lba < 100; lba += 1) {
		assert_int_equal(read_lba(dev, lba * 10000), lba + 1);
		assert_int_equal(read_lba(dev, lba * 10000 + 1), 0);
	}
	xnvme_dev_close(dev);
	snprintf(uri, sizeof(uri), "virt:null,size=8GiB,lba=4096,media=%s", path);
	assert_null(xnvme_dev_open(uri, &opts));
	assert_non_null(strstr(xnvme_err_text(), "give the size=, lba= and other settings"));
	assert_int_equal(unlink(path), 0);
}

/* A restored drive with NAND keeps its mapping: reads of written blocks sense, others do not, and
 * over-provisioning is unchanged, so that further writes start garbage collection */
static void
a_drive_with_nand_is_restored(void **state)
{
	char uri[512];
	uint64_t alone[2];

	(void)state;
	snprintf(uri, sizeof(uri),
		 "virt:samsung-970-pro,size=256MiB,lba=4096,clock=virtual,media=%s/nand", temp_dir);
	for (int life = 0; life < 2; life += 1) {
		struct xnvme_dev *dev = open_dev(uri);
		struct nvmevirt *ssd = ssd_of(dev);
		uint64_t start;

		if (life == 0) {
			for (uint64_t lba = 0; lba < 64; lba += 1) {
				assert_int_equal(write_lba(dev, lba * 1000, (uint8_t)(1 + lba)), 0);
			}
			assert_int_equal(nvmevirt_clock_advance(ssd, 1000000000), 0);
		}
		start = nvmevirt_clock_get_ns(ssd);
		for (uint64_t lba = 0; lba < 64; lba += 1) {
			assert_int_equal(read_lba(dev, lba * 1000), 1 + lba);
		}
		alone[life] = (nvmevirt_clock_get_ns(ssd) - start) / 64;
		start = nvmevirt_clock_get_ns(ssd);
		assert_int_equal(read_lba(dev, 500), 0);
		assert_true(nvmevirt_clock_get_ns(ssd) - start < 40000); /* no sense: 21.5 us */
		nvmevirt_destroy(ssd);
		xnvme_dev_close(dev);
	}
	assert_true(alone[0] > 50000 && alone[0] < 75000); /* LSB and MSB pages: 29.8, 41.8 us */
	assert_true(alone[1] > 50000 && alone[1] < 75000);
}

static uint64_t
unsafe_shutdowns(struct xnvme_dev *dev)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	struct xnvme_spec_log_health_entry *log = xnvme_buf_alloc(dev, sizeof(*log));
	uint64_t count;

	assert_int_equal(xnvme_adm_log(&ctx, XNVME_SPEC_LOG_HEALTH, 0, 0, 0xFFFFFFFF, 0, log,
				       sizeof(*log)), 0);
	memcpy(&count, log->unsafe_shutdowns, sizeof(count));
	xnvme_buf_free(dev, log);
	return count;
}

static int
flush(struct xnvme_dev *dev)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);

	xnvme_prep_nvm(&ctx, XNVME_SPEC_NVM_OPC_FLUSH, xnvme_dev_get_nsid(dev), 0, 0);
	return xnvme_cmd_pass(&ctx, NULL, 0, NULL, 0);
}

/* A child writes all blocks repeatedly, flushes every 64 writes and reports each completed one. It
 * is killed while it writes; returns the last write that it reported. */
static uint32_t
write_and_be_killed(const char *uri, uint32_t writes)
{
	struct xnvme_dev *dev;
	int told[2];
	uint32_t last = 0;
	pid_t pid;

	assert_int_equal(pipe(told), 0);
	pid = fork();
	if (pid == 0) {
		dev = open_dev(uri);
		for (uint32_t i = 0;; i += 1) {
			if (write_lba(dev, i % 4096, (uint8_t)(1 + i / 4096)) ||
			    (i % 64 == 0 && flush(dev)) ||
			    write(told[1], &i, sizeof(i)) != sizeof(i)) {
				_exit(1);
			}
		}
	}
	close(told[1]);
	while (last < writes) {
		assert_int_equal(read(told[0], &last, sizeof(last)), sizeof(last));
	}
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	while (read(told[0], &last, sizeof(last)) == sizeof(last)) {
	}
	close(told[0]);
	return last;
}

/* A process is killed while it writes: every block has its old or its new contents, none is torn
 * (read_lba() compares each byte), and the drive reports the unsafe shutdown */
static void
killing_leaves_a_usable_drive(const char *drive, uint32_t writes)
{
	char uri[512];
	struct nvmevirt_stats stats;
	struct xnvme_dev *dev;
	uint32_t last;

	snprintf(uri, sizeof(uri), "virt:%s,lba=4096,media=%s/killed", drive, temp_dir);
	for (uint32_t round = 1; round <= 4; round += 1) {
		struct nvmevirt *ssd;

		last = write_and_be_killed(uri, writes);
		dev = open_dev(uri);
		ssd = ssd_of(dev);
		nvmevirt_get_stats(ssd, &stats);
		nvmevirt_destroy(ssd);
		assert_true(stats.media_was_left);
		assert_int_equal(unsafe_shutdowns(dev), round);
		for (uint32_t i = last >= 4095 ? last - 4095 : 0; i <= last; i += 1) {
			uint8_t byte = read_lba(dev, i % 4096), want = (uint8_t)(1 + i / 4096);

			/* the write after the last reported one may have completed */
			assert_true(byte == want ||
				    (i + 4096 == last + 1 && byte == (uint8_t)(want + 1)));
		}
		assert_int_equal(write_lba(dev, 0, 0xAB), 0);
		assert_int_equal(read_lba(dev, 0), 0xAB);
		xnvme_dev_close(dev);
		dev = open_dev(uri); /* after a clean shutdown nothing is reported */
		ssd = ssd_of(dev);
		nvmevirt_get_stats(ssd, &stats);
		nvmevirt_destroy(ssd);
		assert_false(stats.media_was_left);
		assert_int_equal(unsafe_shutdowns(dev), round);
		xnvme_dev_close(dev);
	}
	snprintf(uri, sizeof(uri), "%s/killed", temp_dir);
	assert_int_equal(unlink(uri), 0);
}

static void
a_killed_process_leaves_a_usable_drive(void **state)
{
	(void)state;
	killing_leaves_a_usable_drive("null,size=16MiB", 6000);
	killing_leaves_a_usable_drive("samsung-970-pro,size=256MiB,clock=virtual,cache=1MiB", 700);
}

static void
a_drive_without_media_is_as_large_as_you_like(void **state)
{
	struct xnvme_dev *dev = open_dev("virt:null,size=64TiB,lba=4096,media=none");

	(void)state;
	assert_int_equal(write_lba(dev, (64ULL << 40) / 4096 - 1, 7), 0);
	assert_int_equal(read_lba(dev, (64ULL << 40) / 4096 - 1), 0);
	xnvme_dev_close(dev);
}

/* --- faults ---------------------------------------------------------------------------------- */

struct broken {
	uint32_t nstatus[2]; /* [0] good, [1] the expected error */
	uint16_t sct, sc;
};

static void
count_status(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct broken *broken = arg;

	if (xnvme_cmd_ctx_cpl_status(ctx)) {
		assert_int_equal(ctx->cpl.status.sct, broken->sct);
		assert_int_equal(ctx->cpl.status.sc, broken->sc);
		broken->nstatus[1] += 1;
	} else {
		broken->nstatus[0] += 1;
	}
	assert_int_equal(xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx), 0);
}

/* 16 reads of one unit, 10 us each; calls `trouble` after 35 us, when three have completed */
static void
break_in_the_middle(void (*trouble)(struct nvmevirt *ssd), uint16_t sct, uint16_t sc)
{
	struct xnvme_dev *dev =
		open_dev("virt:null,size=1MiB,lba=4096,clock=virtual,model=simple,simple.units=1,"
			 "simple.read_time_ns=10000,simple.write_time_ns=10000");
	struct nvmevirt *ssd = ssd_of(dev);
	struct broken broken = {.sct = sct, .sc = sc};
	struct xnvme_queue *queue;
	uint8_t *buf = xnvme_buf_alloc(dev, LBA_NBYTES);

	assert_int_equal(xnvme_queue_init(dev, 16, 0, &queue), 0);
	xnvme_queue_set_cb(queue, count_status, &broken);
	for (uint64_t i = 0; i < 16; i += 1) {
		assert_int_equal(xnvme_nvm_read(xnvme_queue_get_cmd_ctx(queue), 1, i, 0, buf, NULL),
				 0);
	}
	assert_int_equal(nvmevirt_clock_advance(ssd, 35000), 0);
	trouble(ssd);
	assert_int_equal(xnvme_queue_drain(queue), 16);
	assert_int_equal(broken.nstatus[0], 3);
	assert_int_equal(broken.nstatus[1], 13);
	assert_int_equal(read_lba(dev, 0), 0); /* it works again */
	assert_int_equal(xnvme_queue_term(queue), 0);
	xnvme_buf_free(dev, buf);
	nvmevirt_destroy(ssd);
	xnvme_dev_close(dev);
}

static void
a_power_cut_ends_what_is_outstanding(void **state)
{
	(void)state;
	break_in_the_middle(nvmevirt_power_cut, 0, 0x05);
}

static void
a_reset_ends_what_is_outstanding(void **state)
{
	struct xnvme_dev *dev;

	(void)state;
	break_in_the_middle(nvmevirt_reset, 3, 0x71);
	dev = open_dev("virt:null,size=1MiB"); /* a reset requested by the host */
	assert_int_equal(write_lba(dev, 1, 3), 0);
	assert_int_equal(xnvme_controller_reset(dev), 0);
	assert_int_equal(xnvme_subsystem_reset(dev), 0);
	assert_int_equal(xnvme_namespace_rescan(dev), 0);
	assert_int_equal(read_lba(dev, 1), 3);
	xnvme_dev_close(dev);
}

/* Flushed blocks survive a power cut, those in the volatile cache are lost */
static void
a_power_cut_loses_what_was_not_durable(void **state)
{
	struct xnvme_dev *dev = open_dev("virt:null,size=1MiB,cache=64KiB,clock=virtual");
	struct nvmevirt *ssd = ssd_of(dev);
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);

	(void)state;
	assert_int_equal(write_lba(dev, 0, 1), 0);
	xnvme_prep_nvm(&ctx, XNVME_SPEC_NVM_OPC_FLUSH, xnvme_dev_get_nsid(dev), 0, 0);
	assert_int_equal(xnvme_cmd_pass(&ctx, NULL, 0, NULL, 0), 0);
	assert_int_equal(write_lba(dev, 0, 2), 0);
	assert_int_equal(write_lba(dev, 1, 2), 0);
	assert_int_equal(read_lba(dev, 0), 2);
	nvmevirt_power_cut(ssd);
	assert_int_equal(read_lba(dev, 0), 1);
	assert_int_equal(read_lba(dev, 1), 0);
	nvmevirt_destroy(ssd);
	xnvme_dev_close(dev);
}

/* Planned faults: each action occurs once, then commands succeed */
static void
faults_come_as_planned(void **state)
{
	static const struct nvmevirt_fault plan[] = {
		{.action = NVMEVIRT_FAULT_FAIL, .match_opcode = true, .opcode = 0x02,
		 .io_only = true,
		 .lba = 5, .nlb = 1, .count = 1, .status = 0x0281}, /* Unrecovered Read Error */
		{.action = NVMEVIRT_FAULT_DELAY, .match_opcode = true, .opcode = 0x02,
		 .io_only = true, .skip = 1, .count = 1, .delay_ns = 5000000},
		{.action = NVMEVIRT_FAULT_LOSE, .match_opcode = true, .opcode = 0x01,
		 .io_only = true, .count = 1},
		{.action = NVMEVIRT_FAULT_LOSE_COMPLETION, .match_opcode = true, .opcode = 0x01,
		 .io_only = true, .count = 1},
	};
	struct nvmevirt_fault bad = {.action = (enum nvmevirt_fault_action)99};
	struct xnvme_dev *dev = open_dev("virt:null,size=1MiB,clock=virtual");
	struct nvmevirt *ssd = ssd_of(dev);
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	uint8_t buf[512];
	uint64_t start;

	(void)state;
	assert_int_equal(nvmevirt_set_faults(ssd, plan, 4), 0);
	assert_int_equal(xnvme_nvm_read(&ctx, 1, 4, 3, buf, NULL), -EIO); /* includes block 5 */
	assert_int_equal(ctx.cpl.status.sct, 2);
	assert_int_equal(ctx.cpl.status.sc, 0x81);
	assert_int_equal(read_lba(dev, 5), 0);
	start = nvmevirt_clock_get_ns(ssd);
	assert_int_equal(read_lba(dev, 5), 0);
	assert_int_equal(nvmevirt_clock_get_ns(ssd) - start, 5000000);
	start = nvmevirt_clock_get_ns(ssd);
	assert_int_equal(write_lba(dev, 1, 7), -ETIMEDOUT);
	assert_int_equal(nvmevirt_clock_get_ns(ssd) - start, 30000000000ULL);
	assert_int_equal(read_lba(dev, 1), 0);
	assert_int_equal(write_lba(dev, 1, 7), -ETIMEDOUT); /* only the completion is lost */
	assert_int_equal(read_lba(dev, 1), 7);
	assert_int_equal(write_lba(dev, 1, 8), 0);
	for (uint32_t i = 0; i < 4; i += 1) {
		assert_int_equal(nvmevirt_get_fault_hits(ssd, i), 1);
	}
	assert_int_equal(nvmevirt_get_fault_hits(ssd, 4), 0);
	assert_int_equal(nvmevirt_set_faults(ssd, &bad, 1), -EINVAL);
	assert_int_equal(nvmevirt_set_faults(ssd, plan, 33), -EINVAL);
	assert_non_null(strstr(nvmevirt_err_text(), "more than 32 faults"));
	assert_int_equal(nvmevirt_set_faults(ssd, NULL, 0), 0);
	nvmevirt_destroy(ssd);
	xnvme_dev_close(dev);
}

/* After a fatal controller error no command completes until the controller is reset */
static void
a_fatal_controller_answers_again_after_a_reset(void **state)
{
	static const struct nvmevirt_fault plan = {.action = NVMEVIRT_FAULT_FATAL, .io_only = true,
						   .count = 1};
	struct xnvme_dev *dev = open_dev("virt:null,size=1MiB,clock=virtual");
	struct nvmevirt *ssd = ssd_of(dev);

	(void)state;
	assert_int_equal(write_lba(dev, 1, 7), 0);
	assert_int_equal(nvmevirt_set_faults(ssd, &plan, 1), 0);
	assert_int_equal(write_lba(dev, 1, 8), -ETIMEDOUT);
	assert_int_equal(write_lba(dev, 1, 9), -ETIMEDOUT);
	assert_int_equal(xnvme_controller_reset(dev), 0);
	assert_int_equal(read_lba(dev, 1), 7);
	nvmevirt_destroy(ssd);
	xnvme_dev_close(dev);
}

/* A planned power cut before a command: that command and all outstanding ones of any queue end with
 * a power loss status; later commands succeed, and unflushed data is lost */
static void
a_planned_power_cut_is_one_for_everybody(void **state)
{
	static const struct nvmevirt_fault plan = {.action = NVMEVIRT_FAULT_POWER_CUT,
						   .io_only = true, .skip = 20, .count = 1};
	struct xnvme_dev *dev = open_dev("virt:optane-p4800x,size=1MiB,cache=64KiB,lba=4096");
	struct nvmevirt *ssd = ssd_of(dev);
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	struct broken broken = {.sct = 0, .sc = 0x05};
	struct xnvme_queue *queue[2];
	uint8_t *buf = xnvme_buf_alloc(dev, LBA_NBYTES);
	struct timespec from, to;

	(void)state;
	assert_int_equal(write_lba(dev, 3, 9), 0);
	for (int i = 0; i < 2; i += 1) {
		assert_int_equal(xnvme_queue_init(dev, 16, 0, &queue[i]), 0);
		xnvme_queue_set_cb(queue[i], count_status, &broken);
	}
	assert_int_equal(nvmevirt_set_faults(ssd, &plan, 1), 0);
	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &from), 0);
	for (int i = 0; i < 32; i += 1) {
		assert_int_equal(xnvme_nvm_read(xnvme_queue_get_cmd_ctx(queue[i % 2]), 1, 3, 0, buf,
						NULL), 0);
	}
	assert_int_equal(xnvme_queue_drain(queue[0]), 16);
	assert_int_equal(xnvme_queue_drain(queue[1]), 16);
	assert_in_range(broken.nstatus[1], 1, 21);
	assert_int_equal(broken.nstatus[0] + broken.nstatus[1], 32);
	assert_int_equal(read_lba(dev, 3), 0);
	assert_int_equal(nvmevirt_set_faults(ssd, &plan, 1), 0);
	for (int i = 0; i < 20; i += 1) {
		assert_int_equal(read_lba(dev, 3), 0);
	}
	assert_int_equal(xnvme_nvm_read(&ctx, 1, 3, 0, buf, NULL), -EIO);
	assert_int_equal(ctx.cpl.status.sc, 0x05);
	assert_int_equal(read_lba(dev, 3), 0);
	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &to), 0);
	assert_true(to.tv_sec - from.tv_sec < 10); /* no command waited for the timeout of 30 s */
	for (int i = 0; i < 2; i += 1) {
		assert_int_equal(xnvme_queue_term(queue[i]), 0);
	}
	xnvme_buf_free(dev, buf);
	nvmevirt_destroy(ssd);
	xnvme_dev_close(dev);
}

/* A synchronous Asynchronous Event Request does not block: without an event it is aborted */
static void
an_event_request_gives_what_happened_or_is_taken_back(void **state)
{
	static const char *const uris[] = {"virt:null,size=1MiB",
					   "virt:null,size=1MiB,clock=virtual"};

	(void)state;
	for (size_t i = 0; i < 2; i += 1) {
		struct xnvme_dev *dev = open_dev(uris[i]);
		struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);

		for (int j = 0; j < 20; j += 1) { /* more than the limit of outstanding requests */
			ctx.cmd.common.opcode = 0x0C;
			assert_int_equal(xnvme_cmd_pass_admin(&ctx, NULL, 0, NULL, 0), -EIO);
			assert_int_equal(ctx.cpl.status.sct, 0);
			assert_int_equal(ctx.cpl.status.sc, 0x07);
		}
		xnvme_dev_close(dev);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(media_in_a_file_survives),
		cmocka_unit_test(a_drive_with_nand_is_restored),
		cmocka_unit_test(a_killed_process_leaves_a_usable_drive),
		cmocka_unit_test(a_drive_without_media_is_as_large_as_you_like),
		cmocka_unit_test(a_power_cut_ends_what_is_outstanding),
		cmocka_unit_test(a_reset_ends_what_is_outstanding),
		cmocka_unit_test(a_power_cut_loses_what_was_not_durable),
		cmocka_unit_test(faults_come_as_planned),
		cmocka_unit_test(a_fatal_controller_answers_again_after_a_reset),
		cmocka_unit_test(a_planned_power_cut_is_one_for_everybody),
		cmocka_unit_test(an_event_request_gives_what_happened_or_is_taken_back),
	};

	return cmocka_run_group_tests(tests, temp_dir_make, temp_dir_remove);
}
