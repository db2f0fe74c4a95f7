/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * nvmevirt stat: print the counters of a virtual SSD.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "nvmevirt.h"

static void
print_stats(const struct nvmevirt_stats *stats)
{
	const struct {
		const char *name;
		uint64_t value;
	} rows[] = {
		{"now_ns", stats->now_ns},
		{"read_cmds", stats->read_cmds},
		{"write_cmds", stats->write_cmds},
		{"read_nbytes", stats->read_nbytes},
		{"write_nbytes", stats->write_nbytes},
		{"error_cmds", stats->error_cmds},
		{"cache_dirty_nbytes", stats->cache_dirty_nbytes},
		{"user_program_nbytes", stats->user_program_nbytes},
		{"gc_program_nbytes", stats->gc_program_nbytes},
		{"user_read_ops", stats->user_read_ops},
		{"gc_read_ops", stats->gc_read_ops},
		{"erases", stats->erases},
		{"lines", stats->lines},
		{"free_lines", stats->free_lines},
		{"gc_moves", stats->gc_moves},
		{"wear_moves", stats->wear_moves},
		{"buffer_hits", stats->buffer_hits},
		{"erase_min", stats->erase_min},
		{"erase_max", stats->erase_max},
		{"waf_ppm", stats->waf_ppm},
		{"media_address_space_nbytes", stats->media_nbytes},
		{"state_address_space_nbytes", stats->state_nbytes},
		{"nqueues", stats->nqueues},
	};

	printf("nvmevirt_stat:\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
		printf("  %s: %" PRIu64 "\n", rows[i].name, rows[i].value);
	}
	printf("  trace_hash: 0x%016" PRIx64 "\n", stats->trace_hash);
	printf("  media_was_left: %s\n", stats->media_was_left ? "true" : "false");
}

int
nvmevirt_sub_stat(struct xnvme_cli *cli)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct nvmevirt_stats stats;
	struct nvmevirt *ssd;
	struct xnvme_dev *dev;
	int err = xnvme_cli_to_opts(cli, &opts);

	if (err) {
		xnvme_cli_perr("xnvme_cli_to_opts()", err);
		return err;
	}
	dev = xnvme_dev_open(cli->args.uri, &opts);
	if (!dev) {
		err = -errno;
		xnvme_cli_perr("xnvme_dev_open()", err);
		return err;
	}
	err = nvmevirt_from_dev(dev, &ssd);
	if (err) {
		nvmevirt_fail("nvmevirt_from_dev()", err);
	} else {
		nvmevirt_get_stats(ssd, &stats);
		print_stats(&stats);
		nvmevirt_destroy(ssd);
	}
	xnvme_dev_close(dev);
	return err;
}
