/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One command through a queue, waiting for its completion in poll(2): the queue's file descriptor
 * becomes readable when there are completions to reap, so it works in any event loop.
 */
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "example.h"

#define TIMEOUT_MS 10000

/* Sleep until the descriptor is readable, then reap; repeat until no command is outstanding */
static int
sleep_and_reap(struct xnvme_queue *queue, int fd)
{
	while (xnvme_queue_get_outstanding(queue)) {
		struct pollfd ready = {.fd = fd, .events = POLLIN};
		uint64_t count;
		int got = poll(&ready, 1, TIMEOUT_MS);

		if (got <= 0) {
			return got ? -errno : -ETIMEDOUT;
		}
		if (read(fd, &count, sizeof(count)) < 0 && errno != EAGAIN) {
			return -errno;
		}
		got = xnvme_queue_poke(queue, 0);
		if (got < 0) {
			return got;
		}
	}
	return 0;
}

static int
io(struct xnvme_cli *cli, struct xnvme_queue *queue, void *buf, size_t nbytes, uint8_t opcode)
{
	struct example_counts counts = {0};
	struct xnvme_cmd_ctx *ctx;
	int fd, err;

	fd = xnvme_queue_get_completion_fd(queue);
	if (fd < 0) {
		xnvme_cli_perr("xnvme_queue_get_completion_fd()", fd);
		return fd;
	}
	xnvme_queue_set_cb(queue, example_on_complete, &counts);
	ctx = xnvme_queue_get_cmd_ctx(queue);
	xnvme_prep_nvm(ctx, opcode, xnvme_dev_get_nsid(cli->args.dev), cli->args.slba, 0);
	err = example_pass(ctx, buf, nbytes);
	if (err) {
		xnvme_cli_perr("xnvme_cmd_pass()", err);
		xnvme_queue_put_cmd_ctx(queue, ctx);
		return err;
	}
	/* Submissions may be batched: a poke submits all of them */
	err = xnvme_queue_poke(queue, 0);
	err = err < 0 ? err : sleep_and_reap(queue, fd);
	if (err) {
		xnvme_cli_perr("poll()", err);
		return err;
	}
	printf("cb_args: {completed: %u, ecount: %u}\n", counts.completed, counts.ecount);
	return counts.completed == 1 && !counts.ecount ? 0 : -EIO;
}

static int
run(struct xnvme_cli *cli, uint8_t opcode)
{
	size_t nbytes = xnvme_dev_get_geo(cli->args.dev)->lba_nbytes;
	struct xnvme_queue *queue = NULL;
	void *buf;
	int err;

	xnvme_cli_pinf("Allocate a payload-buffer of nbytes: %zu", nbytes);
	buf = xnvme_buf_alloc(cli->args.dev, nbytes);
	if (!buf) {
		xnvme_cli_perr("xnvme_buf_alloc()", -errno);
		return -ENOMEM;
	}
	xnvme_buf_fill(buf, nbytes, "anum");
	err = xnvme_queue_init(cli->args.dev, 1, 0, &queue);
	if (err) {
		xnvme_cli_perr("xnvme_queue_init()", err);
	} else {
		err = io(cli, queue, buf, nbytes, opcode);
		xnvme_queue_term(queue);
	}
	xnvme_buf_free(cli->args.dev, buf);
	return err;
}

static int
sub_read(struct xnvme_cli *cli)
{
	return run(cli, XNVME_SPEC_NVM_OPC_READ);
}

static int
sub_write(struct xnvme_cli *cli)
{
	return run(cli, XNVME_SPEC_NVM_OPC_WRITE);
}

static struct xnvme_cli_sub subs[] = {
	{
		"read",
		"Read one block",
		"Read one block",
		sub_read,
		{
			{XNVME_CLI_OPT_POSA_TITLE, XNVME_CLI_SKIP},
			{XNVME_CLI_OPT_URI, XNVME_CLI_POSA},
			{XNVME_CLI_OPT_NON_POSA_TITLE, XNVME_CLI_SKIP},
			{XNVME_CLI_OPT_SLBA, XNVME_CLI_LOPT},
			XNVME_CLI_ASYNC_OPTS,
		},
	},
	{
		"write",
		"Write one block",
		"Write one block",
		sub_write,
		{
			{XNVME_CLI_OPT_POSA_TITLE, XNVME_CLI_SKIP},
			{XNVME_CLI_OPT_URI, XNVME_CLI_POSA},
			{XNVME_CLI_OPT_NON_POSA_TITLE, XNVME_CLI_SKIP},
			{XNVME_CLI_OPT_SLBA, XNVME_CLI_LOPT},
			XNVME_CLI_ASYNC_OPTS,
		},
	},
};

static struct xnvme_cli cli = {
	.title = "Example: one asynchronous command and a file descriptor to sleep on",
	.descr_short = "One asynchronous command and a file descriptor to sleep on",
	.nsubs = sizeof(subs) / sizeof(subs[0]),
	.subs = subs,
};

int
main(int argc, char **argv)
{
	return xnvme_cli_run(&cli, argc, argv, XNVME_CLI_INIT_DEV_OPEN);
}
