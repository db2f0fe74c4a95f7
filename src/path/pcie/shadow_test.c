/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Shadow doorbells (NVMe Base 2.0, Doorbell Buffer Config): a register is written only when the
 * controller requested it. The test counts writes of the registers of a virtual SSD, behind a bus
 * with unmapped doorbells, so that each write is counted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <libxnvme.h>
#include <nvme/regs.h>
#include <path/pcie/ctrl.h>

#define SSD "null,size=16MiB"
#define URI "pci-virt:" SSD
#define BLOCK 512u
#define DEPTH 32u
#define COMMANDS 20000u

static struct {
	struct bus bus; /* base: must be first */
	struct bus *real;
	bool cheap;    /* like plain memory: shadow doorbells would gain nothing */
	bool asleep;   /* the SSD does not run, even when polled */
	uint32_t rung; /* writes of doorbells of I/O queues */
} counted;

static int
count_read(struct bus *bus, uint32_t offset, void *data, uint32_t nbytes)
{
	(void)bus;
	return counted.real->ops->read(counted.real, offset, data, nbytes);
}

static int
count_write(struct bus *bus, uint32_t offset, const void *data, uint32_t nbytes)
{
	(void)bus;
	counted.rung += offset >= reg_doorbell(1, false, 0);
	return counted.real->ops->write(counted.real, offset, data, nbytes);
}

static int
count_map(struct bus *bus, const struct dma_region *region)
{
	(void)bus;
	return counted.real->ops->map(counted.real, region);
}

static int
count_unmap(struct bus *bus, uint64_t iova, size_t nbytes)
{
	(void)bus;
	return counted.real->ops->unmap(counted.real, iova, nbytes);
}

static void
count_run(struct bus *bus)
{
	(void)bus;
	if (!counted.asleep) {
		counted.real->ops->run(counted.real);
	}
}

static void
count_close(struct bus *bus)
{
	(void)bus;
	counted.real->ops->close(counted.real);
}

static const struct bus_ops ops = {
	.name = "counted",
	.read = count_read,
	.write = count_write,
	.map = count_map,
	.unmap = count_unmap,
	.run = count_run,
	.close = count_close,
};

static int
open_counted(const char *name, uint64_t timeout_ns, bool read_only, struct bus **bus)
{
	int err = bus_inproc_open(name, timeout_ns, read_only, &counted.real);

	counted.bus = (struct bus){.ops = &ops,
				   .doorbells_cheap = counted.cheap,
				   .iova_end = UINT64_MAX};
	*bus = &counted.bus;
	return err;
}

/* A handle finds the existing controller of its name: the one of this test */
static struct xnvme_dev *
open_dev(struct ctrl **ctrl, bool cheap)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev;

	counted.cheap = cheap;
	counted.asleep = false;
	assert_int_equal(ctrl_get(URI, open_counted, SSD, &opts, ctrl), 0);
	assert_int_equal((*ctrl)->shadow == NULL, cheap);
	dev = xnvme_dev_open(URI, &opts);
	assert_non_null(dev);
	assert_int_equal(strstr(xnvme_dev_get_features(dev), "shadow_doorbells") == NULL, cheap);
	return dev;
}

static void
done(struct xnvme_cmd_ctx *ctx, void *arg)
{
	uint32_t *count = arg;

	assert_int_equal(xnvme_cmd_ctx_cpl_status(ctx), 0);
	*count += 1;
	assert_int_equal(xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx), 0);
}

static void
submit(struct xnvme_queue *queue, void *buf, uint32_t *count)
{
	struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue);

	assert_non_null(ctx);
	xnvme_cmd_ctx_set_cb(ctx, done, count);
	xnvme_prep_nvm(ctx, XNVME_SPEC_NVM_OPC_READ, 1, 0, 0);
	assert_int_equal(xnvme_cmd_pass(ctx, buf, BLOCK, NULL, 0), 0);
}

/* Submit reads one by one; the doorbell writes for them */
static uint32_t
rings_for(bool cheap)
{
	struct xnvme_queue *queue = NULL;
	uint32_t count = 0;
	struct ctrl *ctrl;
	struct xnvme_dev *dev = open_dev(&ctrl, cheap);
	void *buf = xnvme_buf_alloc(dev, BLOCK);

	assert_int_equal(xnvme_queue_init(dev, DEPTH, 0, &queue), 0);
	counted.rung = 0;
	for (uint32_t i = 0; i < COMMANDS; ++i) {
		submit(queue, buf, &count);
		while (count <= i) {
			assert_true(xnvme_queue_poke(queue, 0) >= 0);
		}
	}
	uint32_t rung = counted.rung;

	assert_int_equal(count, COMMANDS);
	assert_int_equal(xnvme_queue_term(queue), 0);
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
	ctrl_put(ctrl);
	return rung;
}

static void
registers_that_are_not_polled_are_not_written(void **state)
{
	(void)state;
	/* without: one per submission and one per completion */
	assert_int_equal(rings_for(true), 2 * COMMANDS);
	/* with, while the SSD polls: none; its event index stays behind the doorbell */
	assert_int_equal(rings_for(false), 0);
}

/* An SSD that is about to sleep requests the next notification; it gets exactly one */
static void
who_sleeps_is_told_once(void **state)
{
	struct xnvme_queue *queue = NULL;
	uint32_t count = 0, qid;
	struct ctrl *ctrl;
	struct xnvme_dev *dev = open_dev(&ctrl, false);
	void *buf = xnvme_buf_alloc(dev, BLOCK);
	uint32_t *event_idx, *shadow;

	(void)state;
	assert_int_equal(xnvme_queue_init(dev, DEPTH, 0, &queue), 0);
	for (qid = ctrl->ioq_max; !ctrl->qid_used[qid]; --qid) {
	}
	shadow = (uint32_t *)(void *)(ctrl->shadow + reg_doorbell(qid, false, ctrl->dstrd) -
				      REG_DOORBELLS);
	event_idx = (uint32_t *)(void *)((uint8_t *)shadow + DMA_PAGE);
	for (uint32_t round = 1; round <= 100; ++round) {
		uint32_t want = count + 8;

		counted.asleep = true;
		*event_idx = *shadow; /* what the SSD writes before it sleeps */
		counted.rung = 0;
		for (uint32_t i = 0; i < 8; ++i) {
			submit(queue, buf, &count);
			assert_int_equal(xnvme_queue_poke(queue, 0), 0);
			assert_int_equal(counted.rung, 1);
		}
		counted.asleep = false;
		while (count < want) {
			assert_true(xnvme_queue_poke(queue, 0) >= 0);
		}
	}
	assert_int_equal(xnvme_queue_term(queue), 0);
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
	ctrl_put(ctrl);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers_that_are_not_polled_are_not_written),
		cmocka_unit_test(who_sleeps_is_told_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
