/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Read or write a range of blocks with a queue that is kept full. The command line selects the
 * path: --async io_uring, --async thrpool, ...; the program is the same for all paths.
 */
#include <stdio.h>

#include "../common/tool_stop.h"
#include "example.h"

#define DEFAULT_QDEPTH 8
#define DEFAULT_NBLOCKS 8

static int
io(struct xnvme_cli *cli, struct xnvme_queue *queue, struct xnvme_lba_range *range, char *buf,
   uint8_t opcode, struct example_counts *counts)
{
	struct xnvme_dev *dev = cli->args.dev;
	size_t nbytes = xnvme_dev_get_geo(dev)->lba_nbytes;
	int err = 0;

	xnvme_queue_set_cb(queue, example_on_complete, counts);
	tool_stop_catch();
	xnvme_cli_timer_start(cli);
	for (uint64_t i = 0; !err && i < range->naddrs && !atomic_load(&tool_stop); ++i) {
		struct xnvme_cmd_ctx *ctx = example_next_ctx(queue, cli->args.qdepth);

		if (!ctx) {
			err = -EIO;
			break;
		}
		xnvme_prep_nvm(ctx, opcode, xnvme_dev_get_nsid(dev), range->slba + i, 0);
		err = example_pass(ctx, buf + i * nbytes, nbytes);
		if (err) {
			xnvme_cli_perr("xnvme_cmd_pass()", err);
			xnvme_queue_put_cmd_ctx(queue, ctx);
		} else {
			counts->submitted += 1;
		}
	}
	if (xnvme_queue_drain(queue) < 0 && !err) {
		err = -EIO;
	}
	xnvme_cli_timer_stop(cli);
	err = !err && counts->ecount ? -EIO : err;
	return err ? err : tool_stop_report("the range was not read or written to its end");
}

static int
with_buffer(struct xnvme_cli *cli, struct xnvme_queue *queue, struct xnvme_lba_range *range,
	    bool write)
{
	struct xnvme_cli_args *args = &cli->args;
	struct example_counts counts = {0};
	char *buf;
	int err;

	xnvme_cli_pinf("Allocating and filling buf of nbytes: %zu", (size_t)range->nbytes);
	buf = xnvme_buf_alloc(args->dev, range->nbytes);
	if (!buf) {
		xnvme_cli_perr("xnvme_buf_alloc()", -errno);
		return -ENOMEM;
	}
	err = xnvme_buf_fill(buf, range->nbytes,
			     !write ? "zero" : (args->data_input ? args->data_input : "anum"));
	if (err) {
		xnvme_cli_perr("xnvme_buf_fill()", err);
	}
	xnvme_cli_pinf("%s uri: '%s', qd: %u", write ? "Write" : "Read", args->uri, args->qdepth);
	xnvme_lba_range_pr(range, XNVME_PR_DEF);
	err = err ? err
		  : io(cli, queue, range, buf,
		       write ? XNVME_SPEC_NVM_OPC_WRITE : XNVME_SPEC_NVM_OPC_READ, &counts);
	if (!err) {
		xnvme_cli_timer_bw_pr(cli, "wall-clock", range->nbytes);
	}
	xnvme_cli_pinf("cb_args: {submitted: %u, completed: %u, ecount: %u}", counts.submitted,
		       counts.completed, counts.ecount);
	if (!err && !write && args->data_output) {
		xnvme_cli_pinf("dumping to: '%s'", args->data_output);
		err = xnvme_buf_to_file(buf, range->nbytes, args->data_output);
	}
	xnvme_buf_free(args->dev, buf);
	return err;
}

static int
run(struct xnvme_cli *cli, bool write)
{
	struct xnvme_cli_args *args = &cli->args;
	struct xnvme_queue *queue = NULL;
	struct xnvme_lba_range range;
	int err;

	if (!cli->given[XNVME_CLI_OPT_QDEPTH]) {
		args->qdepth = DEFAULT_QDEPTH;
	}
	if (!cli->given[XNVME_CLI_OPT_ELBA]) {
		args->elba = args->slba + DEFAULT_NBLOCKS - 1;
	}
	range = xnvme_lba_range_from_slba_elba(args->dev, args->slba, args->elba);
	if (!range.attr.is_valid || !args->qdepth || args->qdepth > 4096) {
		return xnvme_cli_usage("--slba to --elba is not a range of blocks of the device, "
				       "or --qdepth is not 1 to 4096");
	}
	xnvme_cli_pinf("Initializing queue and setting default callback function and arguments");
	err = xnvme_queue_init(args->dev, example_capacity(args->qdepth), 0, &queue);
	if (err) {
		xnvme_cli_perr("xnvme_queue_init()", err);
		return err;
	}
	err = with_buffer(cli, queue, &range, write);
	xnvme_queue_term(queue);
	return err;
}

static int
sub_read(struct xnvme_cli *cli)
{
	return run(cli, false);
}

static int
sub_write(struct xnvme_cli *cli)
{
	return run(cli, true);
}

static struct xnvme_cli_sub subs[] = {
	{
		"read",
		"Read the LBAs [SLBA,ELBA]",
		"Read the LBAs [SLBA,ELBA]",
		sub_read,
		{
			{XNVME_CLI_OPT_POSA_TITLE, XNVME_CLI_SKIP},
			{XNVME_CLI_OPT_URI, XNVME_CLI_POSA},
			{XNVME_CLI_OPT_NON_POSA_TITLE, XNVME_CLI_SKIP},
			{XNVME_CLI_OPT_SLBA, XNVME_CLI_LOPT},
			{XNVME_CLI_OPT_ELBA, XNVME_CLI_LOPT},
			{XNVME_CLI_OPT_QDEPTH, XNVME_CLI_LOPT},
			{XNVME_CLI_OPT_DATA_OUTPUT, XNVME_CLI_LOPT},
			XNVME_CLI_ASYNC_OPTS,
		},
	},
	{
		"write",
		"Write the LBAs [SLBA,ELBA]",
		"Write the LBAs [SLBA,ELBA]",
		sub_write,
		{
			{XNVME_CLI_OPT_POSA_TITLE, XNVME_CLI_SKIP},
			{XNVME_CLI_OPT_URI, XNVME_CLI_POSA},
			{XNVME_CLI_OPT_NON_POSA_TITLE, XNVME_CLI_SKIP},
			{XNVME_CLI_OPT_SLBA, XNVME_CLI_LOPT},
			{XNVME_CLI_OPT_ELBA, XNVME_CLI_LOPT},
			{XNVME_CLI_OPT_QDEPTH, XNVME_CLI_LOPT},
			{XNVME_CLI_OPT_DATA_INPUT, XNVME_CLI_LOPT},
			XNVME_CLI_ASYNC_OPTS,
		},
	},
};

static struct xnvme_cli cli = {
	.title = "Example: asynchronous I/O of logical blocks",
	.descr_short = "Asynchronous I/O: read / write of LBAs [SLBA,ELBA]",
	.nsubs = sizeof(subs) / sizeof(subs[0]),
	.subs = subs,
};

int
main(int argc, char **argv)
{
	return xnvme_cli_run(&cli, argc, argv, XNVME_CLI_INIT_DEV_OPEN);
}
