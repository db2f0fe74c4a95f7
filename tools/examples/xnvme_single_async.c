/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One read through a queue: submit it, then reap its completion, which calls a callback.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "example.h"

static int
read_first_block(struct xnvme_dev *dev, struct xnvme_queue *queue, void *buf, size_t nbytes)
{
	struct example_counts counts = {0};
	struct xnvme_cmd_ctx *ctx;
	int err;

	xnvme_queue_set_cb(queue, example_on_complete, &counts);
	ctx = xnvme_queue_get_cmd_ctx(queue);
	xnvme_prep_nvm(ctx, XNVME_SPEC_NVM_OPC_READ, xnvme_dev_get_nsid(dev), 0, 0);
	err = xnvme_cmd_pass(ctx, buf, nbytes, NULL, 0);
	if (err) {
		fprintf(stderr, "xnvme_cmd_pass(): %s\n", xnvme_err_text());
		xnvme_queue_put_cmd_ctx(queue, ctx);
		return err;
	}
	printf("# Submission succeeded\n");

	/* Returns the number of completed commands, or a negative errno */
	err = xnvme_queue_drain(queue);
	if (err < 0 || counts.ecount || counts.completed != 1) {
		fprintf(stderr, "xnvme_queue_drain(): %d, failed: %u\n", err, counts.ecount);
		return err < 0 ? err : -EIO;
	}
	printf("# Command completed succesfully\n");
	return 0;
}

static int
with_queue(struct xnvme_dev *dev)
{
	size_t nbytes = xnvme_dev_get_geo(dev)->lba_nbytes;
	struct xnvme_queue *queue = NULL;
	void *buf;
	int err = xnvme_queue_init(dev, 2, 0, &queue);

	if (err) {
		fprintf(stderr, "xnvme_queue_init(): %s\n", xnvme_err_text());
		return err;
	}
	printf("# Allocate a payload-buffer of nbytes: %zu\n", nbytes);
	buf = xnvme_buf_alloc(dev, nbytes);
	err = buf ? read_first_block(dev, queue, buf, nbytes) : -ENOMEM;
	xnvme_buf_free(dev, buf);
	xnvme_queue_term(queue);
	return err;
}

int
main(int argc, char **argv)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev;
	int err;

	if (argc != 2) {
		fprintf(stderr, "usage: %s URI\n", argv[0]);
		return 2;
	}
	dev = xnvme_dev_open(argv[1], &opts);
	if (!dev) {
		fprintf(stderr, "xnvme_dev_open(): %s: %s\n", strerror(errno), xnvme_err_text());
		return 1;
	}
	err = with_queue(dev);
	xnvme_dev_close(dev);
	if (fflush(stdout)) { /* the output is incomplete, e.g. on a full disk */
		perror("stdout");
		return 1;
	}
	return err ? 1 : 0;
}
