/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Modelled on the file system of a database on an NVMe device: it opens by the name of a driver,
 * reads placement handles before each command, copies through a buffer of the device, shares one
 * queue between threads by a lock, waits for a future that the callback sets, and closes the device
 * before it terminates the queue. In synchronous mode it has no queue and sets no callback.
 */
#include "forms.h"
#include <errno.h>
#include <pthread.h>

#define DEPTH 64
#define THREADS 3
#define ROUNDS 40

struct store {
	struct xnvme_dev *dev;
	struct xnvme_queue *queue; /* NULL: synchronous */
	uint32_t nsid, lba_nbytes;
	uint64_t lba_cnt;
	pthread_mutex_t lock;
};

struct worker {
	struct store *store;
	uint64_t slba;
};

static void
completed(struct xnvme_cmd_ctx *ctx, void *cb_arg)
{
	int *done = cb_arg;

	if (xnvme_cmd_ctx_cpl_status(ctx)) {
		xnvme_cli_pinf("Command did not complete successfully");
		xnvme_cmd_ctx_pr(ctx, XNVME_PR_DEF);
	}
	*done = xnvme_cmd_ctx_cpl_status(ctx) ? -1 : 1;
	xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx);
}

/* Reads the placement handle with a length that is not a multiple of four. A device without
 * flexible data placement has none; the handle is then 0. */
static uint32_t
placement(struct store *store)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(store->dev);
	uint32_t nbytes = sizeof(struct xnvme_spec_ruhs) + 7 + sizeof(struct xnvme_spec_ruhs_desc);
	struct xnvme_spec_ruhs *ruhs = xnvme_buf_alloc(store->dev, nbytes);
	uint32_t cdw13;

	CHECK(ruhs);
	memset(ruhs, 0, nbytes);
	xnvme_nvm_mgmt_recv(&ctx, store->nsid, XNVME_SPEC_IO_MGMT_RECV_RUHS, 0, ruhs, nbytes);
	cdw13 = (uint32_t)ruhs->desc[0].pi << 16;
	xnvme_buf_free(store->dev, ruhs);
	return cdw13;
}

static int
submit(struct store *store, struct xnvme_cmd_ctx *ctx, bool write, uint64_t slba, void *buf)
{
	int err = write ? xnvme_nvm_write(ctx, store->nsid, slba, 1, buf, NULL)
			: xnvme_nvm_read(ctx, store->nsid, slba, 1, buf, NULL);

	if (err) {
		xnvme_cli_perr("xnvme_nvm_read() or xnvme_nvm_write()", err);
	}
	return err;
}

static void
transfer(struct store *store, bool write, uint64_t slba, void *buf)
{
	struct xnvme_cmd_ctx sync = xnvme_cmd_ctx_from_dev(store->dev);
	struct xnvme_cmd_ctx *ctx = &sync;
	int done = 0;

	sync.cmd.common.cdw13 = placement(store);
	if (!store->queue) {
		CHECK(!submit(store, ctx, write, slba, buf));
		return;
	}
	pthread_mutex_lock(&store->lock);
	ctx = xnvme_queue_get_cmd_ctx(store->queue);
	CHECK(ctx);
	xnvme_cmd_ctx_set_cb(ctx, completed, &done);
	CHECK(!submit(store, ctx, write, slba, buf));
	while (!done) {
		CHECK(xnvme_queue_poke(store->queue, 0) >= 0);
		pthread_mutex_unlock(&store->lock);
		pthread_mutex_lock(&store->lock);
	}
	pthread_mutex_unlock(&store->lock);
	CHECK(done == 1);
}

static void *
work(void *arg)
{
	struct worker *worker = arg;
	struct store *store = worker->store;
	size_t nbytes = 2 * (size_t)store->lba_nbytes;
	char *buf = xnvme_buf_alloc(store->dev, nbytes);
	char *copy = malloc(nbytes);

	CHECK(buf && copy);
	for (int round = 0; round < ROUNDS; ++round) {
		memset(copy, (int)worker->slba + round, nbytes);
		memcpy(buf, copy, nbytes);
		transfer(store, true, worker->slba, buf);
		memset(buf, 0xee, nbytes);
		transfer(store, false, worker->slba, buf);
		CHECK(!memcmp(buf, copy, nbytes));
	}
	free(copy);
	xnvme_buf_free(store->dev, buf);
	return NULL;
}

static void
run(const char *uri, const char *sync, const char *async)
{
	struct store store = {.lock = PTHREAD_MUTEX_INITIALIZER};
	struct xnvme_opts opts = xnvme_opts_default();
	struct worker workers[THREADS];
	pthread_t threads[THREADS];

	opts.sync = sync;
	opts.async = async;
	store.dev = xnvme_dev_open(uri, &opts);
	if (!store.dev) {
		xnvme_cli_perr("xnvme_dev_open()", errno);
		exit(1);
	}
	if (async) {
		CHECK(!xnvme_queue_init(store.dev, DEPTH, 0, &store.queue));
		CHECK(!xnvme_queue_set_cb(store.queue, completed, NULL));
	} else {
		CHECK(xnvme_queue_set_cb(store.queue, completed, NULL) == -EINVAL);
	}
	store.nsid = xnvme_dev_get_nsid(store.dev);
	store.lba_nbytes = xnvme_dev_get_geo(store.dev)->lba_nbytes;
	store.lba_cnt = xnvme_dev_get_ns(store.dev)->nsze;
	CHECK(store.lba_cnt * store.lba_nbytes == xnvme_dev_get_geo(store.dev)->tbytes);
	for (unsigned i = 0; i < THREADS; ++i) {
		workers[i] = (struct worker){.store = &store, .slba = 2 * i};
		CHECK(!pthread_create(&threads[i], NULL, work, &workers[i]));
	}
	for (unsigned i = 0; i < THREADS; ++i) {
		pthread_join(threads[i], NULL);
	}
	xnvme_dev_close(store.dev);
	CHECK(!store.queue || !xnvme_queue_term(store.queue));
	printf("%s sync %s async %s\n", uri, sync ? sync : "-", async ? async : "-");
}

/* io_uring_cmd is refused with a message that lists the valid paths */
static void
refused(const char *uri)
{
	struct xnvme_opts opts = xnvme_opts_default();

	opts.async = "io_uring_cmd";
	CHECK(!xnvme_dev_open(uri, &opts));
	CHECK(strstr(xnvme_err_text(), "io_uring_cmd") && strstr(xnvme_err_text(), "what works"));
}

int
main(void)
{
	static const char *const ssds[] = {"virt:samsung-970-pro,size=64MiB",
					   "pci-virt:samsung-970-pro,size=64MiB"};

	run("64MiB", NULL, "thrpool");
	for (size_t i = 0; i < sizeof(ssds) / sizeof(ssds[0]); ++i) {
		run(ssds[i], "nvme", NULL);
		run(ssds[i], "spdk", NULL);
		run(ssds[i], "nvme", "nvme");
		run(ssds[i], NULL, "spdk");
		refused(ssds[i]);
	}
	return 0;
}
