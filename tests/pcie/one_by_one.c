/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Submits reads one by one, with a poke after each and at most 32 in flight: the cost of doorbells
 * without batching. Prints the number of commands; the calling script counts the doorbell writes.
 *
 *   one_by_one URI COUNT
 */
#include <errno.h>
#include <libxnvme.h>
#include <stdio.h>
#include <stdlib.h>

#define DEPTH 32u

static struct {
	uint64_t completed, failed;
} t;

static void
done(struct xnvme_cmd_ctx *ctx, void *arg)
{
	(void)arg;
	t.completed += 1;
	t.failed += xnvme_cmd_ctx_cpl_status(ctx) != 0;
	(void)xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx);
}

static int
read_all(struct xnvme_dev *dev, struct xnvme_queue *queue, uint64_t count)
{
	size_t nbytes = xnvme_dev_get_geo(dev)->lba_nbytes;
	void *buf = xnvme_buf_alloc(dev, nbytes);
	int err = buf ? 0 : -1;

	for (uint64_t i = 0; i < count && !err;) {
		struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);

		if (ctx) {
			xnvme_cmd_ctx_set_cb(ctx, done, NULL);
			xnvme_prep_nvm(ctx, XNVME_SPEC_NVM_OPC_READ, xnvme_dev_get_nsid(dev), i, 0);
			err = xnvme_cmd_pass(ctx, buf, nbytes, NULL, 0);
			i += !err;
			if (err == -EBUSY || err == -EAGAIN) {
				err = xnvme_queue_put_cmd_ctx(queue, ctx);
			}
		}
		err = xnvme_queue_poke(queue, 0) < 0 ? -1 : err; /* writes the doorbell */
	}
	err = xnvme_queue_drain(queue) < 0 ? -1 : err;
	xnvme_buf_free(dev, buf);
	return err;
}

int
main(int argc, char **argv)
{
	struct xnvme_opts opts = xnvme_opts_default();
	uint64_t count = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
	struct xnvme_dev *dev = count ? xnvme_dev_open(argv[1], &opts) : NULL;
	struct xnvme_queue *queue = NULL;
	int err;

	if (!dev) {
		fprintf(stderr, "usage: one_by_one URI COUNT: %s\n", xnvme_err_text());
		return 2;
	}
	err = xnvme_queue_init(dev, DEPTH, 0, &queue);
	err = err ? err : read_all(dev, queue, count);
	if (queue) {
		(void)xnvme_queue_term(queue);
	}
	printf("%llu completed, %llu failed; %s\n", (unsigned long long)t.completed,
	       (unsigned long long)t.failed, xnvme_dev_get_features(dev));
	xnvme_dev_close(dev);
	return err || t.completed != count || t.failed ? 1 : 0;
}
