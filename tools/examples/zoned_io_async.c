/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Read, write or append all blocks of a zone through a queue. Only the command line selects the
 * path:
 *
 *   zoned_io_async append /dev/nvme0n1 --async thrpool
 *   zoned_io_async append /dev/ng0n1   --async io_uring_cmd --qdepth 32
 *   zoned_io_async append virt:wd-zn540
 *
 * Several appends may be outstanding, since the device returns the address of each. Writes must be
 * outstanding one at a time: a zone requires them in the order of their addresses, and queues do
 * not guarantee any order.
 */
#include <stdio.h>

#include "../common/tool_stop.h"
#include "zoned_io.h"

#define DEFAULT_QDEPTH 8

struct job {
	uint8_t opcode;
	const char *verb;
	uint32_t qdepth;
	struct xnvme_spec_znd_descr zone;
	struct example_counts counts;
};

static void
prep(struct xnvme_cmd_ctx *ctx, const struct job *job, uint32_t nsid, uint64_t i)
{
	if (job->opcode == XNVME_SPEC_ZND_OPC_APPEND) {
		ctx->cmd.common.opcode = XNVME_SPEC_ZND_OPC_APPEND;
		ctx->cmd.common.nsid = nsid;
		ctx->cmd.znd.append.zslba = job->zone.zslba;
		ctx->cmd.znd.append.nlb = 0;
		return;
	}
	xnvme_prep_nvm(ctx, job->opcode, nsid, job->zone.zslba + i, 0);
}

static int
io(struct xnvme_cli *cli, struct xnvme_queue *queue, struct job *job, char *buf)
{
	struct xnvme_dev *dev = cli->args.dev;
	size_t nbytes = xnvme_dev_get_geo(dev)->lba_nbytes;
	int err = 0;

	xnvme_queue_set_cb(queue, example_on_complete, &job->counts);
	tool_stop_catch();
	xnvme_cli_timer_start(cli);
	for (uint64_t i = 0; !err && !job->counts.ecount && i < job->zone.zcap &&
	     !atomic_load(&tool_stop); ++i) {
		struct xnvme_cmd_ctx *ctx = example_next_ctx(queue, job->qdepth);

		if (!ctx) {
			err = -EIO;
			break;
		}
		prep(ctx, job, xnvme_dev_get_nsid(dev), i);
		err = example_pass(ctx, buf + i * nbytes, nbytes);
		if (err) {
			xnvme_cli_perr("xnvme_cmd_pass()", err);
			xnvme_queue_put_cmd_ctx(queue, ctx);
		} else {
			job->counts.submitted += 1;
		}
		xnvme_cli_progress(job->verb, i + 1, job->zone.zcap);
	}
	if (xnvme_queue_drain(queue) < 0 && !err) {
		err = -EIO;
	}
	xnvme_cli_timer_stop(cli);
	err = !err && job->counts.ecount ? -EIO : err;
	return err ? err : tool_stop_report("the zone was not read or written to its end");
}

static int
run(struct xnvme_cli *cli, uint8_t opcode, const char *verb)
{
	struct xnvme_cli_args *args = &cli->args;
	struct job job = {.opcode = opcode, .verb = verb};
	bool is_read = opcode == XNVME_SPEC_NVM_OPC_READ;
	struct xnvme_queue *queue = NULL;
	size_t nbytes;
	char *buf;
	int err = zoned_io_choose(cli, is_read, &job.zone);

	if (err) {
		return err;
	}
	job.qdepth = cli->given[XNVME_CLI_OPT_QDEPTH] ? args->qdepth : DEFAULT_QDEPTH;
	if (!job.qdepth || job.qdepth > 4096) {
		return xnvme_cli_usage("--qdepth is 1 to 4096");
	}
	if (opcode == XNVME_SPEC_NVM_OPC_WRITE) {
		job.qdepth = 1;
	}
	buf = zoned_io_buf(cli, &job.zone, is_read, &nbytes);
	if (!buf) {
		return -ENOMEM;
	}
	xnvme_cli_pinf("Initializing async. context + alloc/init requests");
	err = xnvme_queue_init(args->dev, example_capacity(job.qdepth), 0, &queue);
	if (err) {
		xnvme_cli_perr("xnvme_queue_init()", err);
	} else {
		xnvme_cli_pinf("%s uri: '%s', qd: %u", verb, args->uri, job.qdepth);
		err = io(cli, queue, &job, buf);
		xnvme_queue_term(queue);
		xnvme_cli_timer_bw_pr(cli, "Wall-clock",
				      job.counts.completed * nbytes / job.zone.zcap);
		xnvme_cli_pinf("cb_args: {submitted: %u, completed: %u, ecount: %u}",
			       job.counts.submitted, job.counts.completed, job.counts.ecount);
	}
	if (!err && is_read && args->data_output) {
		err = xnvme_buf_to_file(buf, nbytes, args->data_output);
	}
	xnvme_buf_free(args->dev, buf);
	return err;
}

static int
sub_read(struct xnvme_cli *cli)
{
	return run(cli, XNVME_SPEC_NVM_OPC_READ, "Read");
}

static int
sub_write(struct xnvme_cli *cli)
{
	return run(cli, XNVME_SPEC_NVM_OPC_WRITE, "Write");
}

static int
sub_append(struct xnvme_cli *cli)
{
	return run(cli, XNVME_SPEC_ZND_OPC_APPEND, "Append");
}

static struct xnvme_cli_sub subs[] = {
	ZONED_IO_SUB("read", sub_read, XNVME_CLI_ASYNC_OPTS),
	ZONED_IO_SUB("write", sub_write, XNVME_CLI_ASYNC_OPTS),
	ZONED_IO_SUB("append", sub_append, XNVME_CLI_ASYNC_OPTS),
};

static struct xnvme_cli cli = {
	.title = "Example: asynchronous I/O of a zone",
	.descr_short = "Asynchronous I/O: read / write / append of the blocks of a zone",
	.nsubs = sizeof(subs) / sizeof(subs[0]),
	.subs = subs,
};

int
main(int argc, char **argv)
{
	return xnvme_cli_run(&cli, argc, argv, XNVME_CLI_INIT_DEV_OPEN);
}
