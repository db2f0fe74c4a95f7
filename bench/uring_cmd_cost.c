/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Instructions per NVMe command of the library and of a liburing loop written by hand.
 *
 * usage: uring_cmd_cost xnvme|raw URI QD COUNT
 *
 * Reads COUNT blocks at queue depth QD from a generic character device. After each batch both
 * loops sleep until the device is done, so that neither counts empty polls: only preparing,
 * submitting and completing remain. Runs under callgrind with two values of COUNT; the difference
 * divided by the difference of the counts is the cost of one command.
 */
#include <libxnvme.h>

#include <fcntl.h>
#include <liburing.h>
#include <linux/nvme_ioctl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define SPAN 1024      /* blocks that are read repeatedly: a power of two */
/* Time limit of a batch: an emulated device needs a few milliseconds for 32 commands, and more on a
 * busy machine; a late command adds rounds of polling to the count */
#define PAUSE_US(depth) (30000 + 300 * (depth))

struct work {
	const char *uri;
	uint32_t depth;
	uint64_t left;
	uint64_t done;
	uint32_t block;
	char *buf;
};

static void
completed(struct xnvme_cmd_ctx *ctx, void *arg)
{
	struct work *work = arg;

	if (xnvme_cmd_ctx_cpl_status(ctx)) {
		abort();
	}
	work->done += 1;
	xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx);
}

/* The loop that callgrind counts; raw_loop() is its counterpart. A completion arrives with the
 * first poke or with the second, at the cost of one more round: runs at depth 1 therefore
 * differ. */
static __attribute__((noinline)) void
xnvme_loop(struct work *work, struct xnvme_queue *queue, uint32_t nsid)
{
	uint64_t total = work->left;

	for (uint64_t at = 0; work->done < total;) {
		while (at < total && at - work->done < work->depth) {
			struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);

			if (xnvme_nvm_read(ctx, nsid, at & (SPAN - 1), 0, work->buf, NULL)) {
				abort();
			}
			at += 1;
		}
		xnvme_queue_poke(queue, 0);
		usleep(PAUSE_US(work->depth));
		xnvme_queue_poke(queue, 0);
	}
}

static int
run_xnvme(struct work *work)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_queue *queue = NULL;
	struct xnvme_dev *dev;
	uint32_t nsid;

	opts.async = "io_uring_cmd";
	dev = xnvme_dev_open(work->uri, &opts);
	if (!dev || xnvme_queue_init(dev, (uint16_t)work->depth, 0, &queue)) {
		fprintf(stderr, "uring_cmd_cost: %s\n", xnvme_err_text());
		return 1;
	}
	nsid = xnvme_dev_get_nsid(dev);
	work->block = xnvme_dev_get_geo(dev)->lba_nbytes;
	work->buf = xnvme_buf_alloc(dev, 4096);
	xnvme_queue_set_cb(queue, completed, work);
	xnvme_loop(work, queue, nsid);
	xnvme_queue_term(queue);
	xnvme_buf_free(dev, work->buf);
	xnvme_dev_close(dev);
	return 0;
}

static void
raw_read(struct io_uring *ring, const struct work *work, uint32_t nsid, uint64_t slba)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);
	struct nvme_uring_cmd *cmd;

	if (!sqe) {
		abort();
	}
	sqe->ioprio = 0;
	sqe->fd = 0; /* index in the ring's file table */
	sqe->off = 0;
	sqe->uring_cmd_flags = 0;
	cmd = (struct nvme_uring_cmd *)sqe->cmd;
	sqe->opcode = IORING_OP_URING_CMD;
	sqe->flags = IOSQE_FIXED_FILE;
	sqe->cmd_op = NVME_URING_CMD_IO;
	memset(cmd, 0, sizeof(*cmd));
	cmd->opcode = 0x02;
	cmd->nsid = nsid;
	cmd->addr = (uintptr_t)work->buf;
	cmd->data_len = work->block;
	cmd->cdw10 = (uint32_t)slba;
	cmd->cdw11 = (uint32_t)(slba >> 32);
}

static uint32_t
raw_reap(struct io_uring *ring)
{
	struct io_uring_cqe *cqe;
	unsigned int head;
	uint32_t seen = 0;

	io_uring_for_each_cqe(ring, head, cqe) {
		if (cqe->res) {
			abort();
		}
		seen += 1;
	}
	io_uring_cq_advance(ring, seen);
	return seen;
}

static __attribute__((noinline)) void
raw_loop(struct work *work, struct io_uring *ring, uint32_t nsid)
{
	uint64_t total = work->left;

	for (uint64_t at = 0; work->done < total;) {
		while (at < total && at - work->done < work->depth) {
			raw_read(ring, work, nsid, at & (SPAN - 1));
			at += 1;
		}
		io_uring_submit_and_get_events(ring);
		work->done += raw_reap(ring);
		usleep(PAUSE_US(work->depth));
		io_uring_get_events(ring);
		work->done += raw_reap(ring);
	}
}

static int
run_raw(struct work *work)
{
	struct io_uring_params params = {
		.flags = IORING_SETUP_SQE128 | IORING_SETUP_CQE32 | IORING_SETUP_SUBMIT_ALL |
			 IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN |
			 IORING_SETUP_TASKRUN_FLAG};
	struct io_uring ring;
	int fd = open(work->uri, O_RDONLY);
	int nsid = fd < 0 ? -1 : ioctl(fd, NVME_IOCTL_ID);

	if (nsid < 0 || io_uring_queue_init_params(work->depth, &ring, &params) ||
	    io_uring_register_files(&ring, &fd, 1)) {
		perror("uring_cmd_cost");
		return 1;
	}
	work->block = 512;
	work->buf = aligned_alloc(4096, 4096);
	raw_loop(work, &ring, (uint32_t)nsid);
	io_uring_queue_exit(&ring);
	close(fd);
	free(work->buf);
	return 0;
}

int
main(int argc, char **argv)
{
	struct work work = {0};

	if (argc != 5) {
		fprintf(stderr, "usage: uring_cmd_cost xnvme|raw URI QD COUNT\n");
		return 2;
	}
	work.uri = argv[2];
	work.depth = (uint32_t)atoi(argv[3]);
	work.left = strtoull(argv[4], NULL, 10);
	return strcmp(argv[1], "raw") ? run_xnvme(&work) : run_raw(&work);
}
