/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The counters of a drive agree between logs, nvmevirt_get_stats(), and the tool after the drive is
 * closed.
 *
 * usage: virt_count_test NVMEVIRT
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../temp_dir.h"
#include "virt_test.h"

enum { NLB = 2, DRIVE_LBAS = 16384, OVERWRITES = 23, DEPTH = 16 };

static const char *tool;

static void
count_errors(struct xnvme_cmd_ctx *ctx, void *arg)
{
	uint64_t *nerrors = arg;

	*nerrors += xnvme_cmd_ctx_cpl_status(ctx) != 0;
	xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx);
}

/* Writes the whole drive in order, then three quarters of it at random: the lines of the last
 * quarter wear less, so wear levelling moves its data */
static void
overwrite(struct xnvme_dev *dev)
{
	uint8_t *buf = xnvme_buf_alloc(dev, NLB * LBA_NBYTES);
	uint64_t random = 88172645463325252ULL, nerrors = 0;
	struct xnvme_queue *queue;

	memset(buf, 0x5A, NLB * LBA_NBYTES);
	assert_int_equal(xnvme_queue_init(dev, DEPTH, 0, &queue), 0);
	xnvme_queue_set_cb(queue, count_errors, &nerrors);
	for (uint64_t i = 0; i < OVERWRITES * DRIVE_LBAS / NLB; i += 1) {
		struct xnvme_cmd_ctx *ctx;
		uint64_t at = i;

		if (i >= DRIVE_LBAS / NLB) {
			at = next_random(&random) % (DRIVE_LBAS / NLB * 3 / 4);
		}
		while (xnvme_queue_get_outstanding(queue) == DEPTH) {
			assert_true(xnvme_queue_poke(queue, 0) >= 0);
		}
		ctx = xnvme_queue_get_cmd_ctx(queue);
		assert_int_equal(xnvme_nvm_write(ctx, xnvme_dev_get_nsid(dev), at * NLB, NLB - 1,
						 buf, NULL), 0);
	}
	assert_true(xnvme_queue_drain(queue) >= 0);
	assert_int_equal(nerrors, 0);
	assert_int_equal(xnvme_queue_term(queue), 0);
	xnvme_buf_free(dev, buf);
}

/* The unit of the Endurance Group Information log: 10^9 bytes, rounded up */
static uint64_t
billions(uint64_t nbytes)
{
	return (nbytes + 999999999) / 1000000000;
}

static void
logs_agree(struct xnvme_dev *dev, const struct nvmevirt_stats *stats)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	struct xnvme_spec_log_endurance_group *group = xnvme_buf_alloc(dev, sizeof(*group));
	struct xnvme_spec_log_health_entry *health = xnvme_buf_alloc(dev, sizeof(*health));
	uint64_t programmed = stats->user_program_nbytes + stats->gc_program_nbytes;
	uint64_t units, cmds;

	assert_int_equal(xnvme_adm_log(&ctx, XNVME_SPEC_LOG_HEALTH, 0, 0, 0xFFFFFFFF, 0, health,
				       sizeof(*health)), 0);
	memcpy(&units, health->data_units_written, sizeof(units));
	memcpy(&cmds, health->host_write_cmds, sizeof(cmds));
	assert_int_equal(units, (stats->write_nbytes + 511999) / 512000);
	assert_int_equal(cmds, stats->write_cmds);

	xnvme_prep_adm_log(&ctx, XNVME_SPEC_LOG_ENDURANCE_GROUP, 0, 0, 0, 0, sizeof(*group));
	ctx.cmd.log.lsi = 1;
	assert_int_equal(xnvme_cmd_pass_admin(&ctx, group, sizeof(*group), NULL, 0), 0);
	assert_int_equal(group->data_units_written[0], billions(stats->write_nbytes));
	assert_int_equal(group->media_units_written[0], billions(programmed));
	assert_int_equal(group->host_write_cmds[0], stats->write_cmds);
	assert_true(group->media_units_written[0] > group->data_units_written[0]);
	xnvme_buf_free(dev, health);
	xnvme_buf_free(dev, group);
}

/* The value of `name` in the output of `nvmevirt stat` */
static uint64_t
printed(const char *text, const char *name)
{
	char row[64];
	const char *at;

	snprintf(row, sizeof(row), "\n  %s: ", name);
	at = strstr(text, row);
	if (!at) {
		fail_msg("no %s in: %s", name, text);
	}
	return strtoull(at + strlen(row), NULL, 10);
}

static void
tool_agrees(const char *uri, const struct nvmevirt_stats *stats)
{
	char command[1024], text[4096];
	size_t nbytes;
	FILE *out;

	snprintf(command, sizeof(command), "'%s' stat '%s'", tool, uri);
	out = popen(command, "r");
	assert_non_null(out);
	nbytes = fread(text, 1, sizeof(text) - 1, out);
	text[nbytes] = '\0';
	assert_int_equal(pclose(out), 0);
	assert_int_equal(printed(text, "write_cmds"), stats->write_cmds);
	assert_int_equal(printed(text, "write_nbytes"), stats->write_nbytes);
	assert_int_equal(printed(text, "gc_moves"), stats->gc_moves);
	assert_int_equal(printed(text, "wear_moves"), stats->wear_moves);
	assert_int_equal(printed(text, "erases"), stats->erases);
	assert_int_equal(printed(text, "user_program_nbytes"), stats->user_program_nbytes);
	assert_int_equal(printed(text, "gc_program_nbytes"), stats->gc_program_nbytes);
	assert_int_equal(printed(text, "waf_ppm"), stats->waf_ppm);
	assert_in_range(printed(text, "free_lines"), 1, stats->lines);
}

static void
all_who_are_asked_say_the_same(void **state)
{
	struct nvmevirt_stats stats, again;
	struct xnvme_dev *dev;
	struct nvmevirt *ssd;
	char uri[512];

	(void)state;
	snprintf(uri, sizeof(uri), "virt:samsung-970-pro,size=64MiB,lba=4096,clock=virtual,"
		 "nand.wear_gap=32,media=%s/media", temp_dir);
	dev = open_dev(uri);
	ssd = ssd_of(dev);
	overwrite(dev);
	nvmevirt_get_stats(ssd, &stats);
	print_message("WAF %.3f, %llu erases, %llu moves, %llu for wear\n",
		      (double)stats.waf_ppm / 1e6, (unsigned long long)stats.erases,
		      (unsigned long long)stats.gc_moves, (unsigned long long)stats.wear_moves);
	assert_true(stats.waf_ppm > 1000000);
	assert_in_range(stats.wear_moves, 1, stats.gc_moves - 1);
	assert_int_equal(stats.gc_program_nbytes, stats.gc_moves * 4096);
	assert_in_range(stats.free_lines, 1, stats.lines);
	assert_true(stats.erases >= stats.lines * stats.erase_min);
	assert_true(stats.erases <= stats.lines * stats.erase_max);
	/* bytes programmed for the host equal bytes written, less what is still buffered */
	assert_in_range(stats.user_program_nbytes, stats.write_nbytes / 100 * 99,
			stats.write_nbytes);
	logs_agree(dev, &stats);
	nvmevirt_destroy(ssd);
	xnvme_dev_close(dev);

	dev = open_dev(uri); /* restored media include the drive's counters */
	ssd = ssd_of(dev);
	nvmevirt_get_stats(ssd, &again);
	assert_int_equal(again.gc_moves, stats.gc_moves);
	assert_int_equal(again.wear_moves, stats.wear_moves);
	assert_int_equal(again.erases, stats.erases);
	logs_agree(dev, &again);
	nvmevirt_destroy(ssd);
	xnvme_dev_close(dev);
	tool_agrees(uri, &again);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all_who_are_asked_say_the_same, temp_dir_make,
						temp_dir_remove),
	};

	if (argc != 2) {
		fprintf(stderr, "usage: virt_count_test NVMEVIRT\n");
		return 2;
	}
	tool = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
