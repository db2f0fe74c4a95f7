/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A controller shared by handles and queues, and its asynchronous events.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <libxnvme.h>
#include <nvme/regs.h>
#include <path/pcie/ctrl.h>

#define URI "pci-virt:null,size=16MiB"
#define QUEUES_MAX 70u
#define EVENT_TEMPERATURE 0x00020101u /* type health, temperature, log page 02h */

static struct xnvme_dev *
open_handle(uint32_t nsid)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev;

	opts.nsid = nsid;
	dev = xnvme_dev_open(URI, &opts);
	assert_non_null(dev);
	return dev;
}

static struct ctrl *
controller(void)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct ctrl *ctrl;

	assert_int_equal(ctrl_get(URI, bus_inproc_open, strchr(URI, ':') + 1, &opts, &ctrl), 0);
	return ctrl;
}

static void
set_feature(struct xnvme_dev *dev, uint8_t fid, uint32_t value)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);

	assert_int_equal(xnvme_adm_sfeat(&ctx, 0, fid, value, 0, NULL, 0), 0);
}

/* Reading the log page clears the event and enables the next */
static void
read_health(struct xnvme_dev *dev)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(dev);
	void *page = xnvme_buf_alloc(dev, 512);

	assert_int_equal(xnvme_adm_log(&ctx, XNVME_SPEC_LOG_HEALTH, 0, 0, UINT32_MAX, 0, page, 512),
			 0);
	xnvme_buf_free(dev, page);
}

static void
events_are_taken_and_asked_for_again(void **state)
{
	struct xnvme_dev *dev = open_handle(1);
	struct ctrl *ctrl = controller();

	(void)state;
	assert_int_equal(ctrl->events, 0);
	set_feature(dev, XNVME_SPEC_FEAT_ASYNC_EVENT, 0x02); /* temperature */
	for (uint32_t i = 1; i <= 5; ++i) {
		set_feature(dev, XNVME_SPEC_FEAT_TEMP_THRESHOLD, 1); /* 1 K: above the threshold */
		shared_poll(&ctrl->admin);
		assert_int_equal(ctrl->events, i);
		assert_int_equal(ctrl->last_event & 0x00FFFFFF, EVENT_TEMPERATURE);
		assert_int_not_equal(ctrl->aer_cid, UINT16_MAX);
		set_feature(dev, XNVME_SPEC_FEAT_TEMP_THRESHOLD, 400);
		read_health(dev);
	}
	/* a reset drops the outstanding event request; a new one follows */
	assert_int_equal(xnvme_controller_reset(dev), 0);
	set_feature(dev, XNVME_SPEC_FEAT_ASYNC_EVENT, 0x02);
	set_feature(dev, XNVME_SPEC_FEAT_TEMP_THRESHOLD, 1);
	shared_poll(&ctrl->admin);
	assert_int_equal(ctrl->events, 6);
	ctrl_put(ctrl);
	xnvme_dev_close(dev);
}

/* The last handle closes the controller, in any order of closing */
static void
handles_share_a_controller(void **state)
{
	struct xnvme_dev *dev[4] = {open_handle(1), open_handle(0), open_handle(1),
				    xnvme_dev_open(URI ",nsid=none", NULL)};
	struct xnvme_queue *queue[3] = {NULL}, *none;
	struct ctrl *ctrl = controller();
	void *buf = xnvme_buf_alloc(dev[2], 512);

	(void)state;
	assert_int_equal(ctrl->refs, 5);
	assert_int_equal(xnvme_queue_init(dev[3], 8, 0, &none), -ENOTSUP);
	xnvme_dev_close(dev[3]);
	for (size_t i = 0; i < 3; ++i) {
		assert_int_equal(xnvme_queue_init(dev[i], 8, 0, &queue[i]), 0);
	}
	ctrl_put(ctrl);
	assert_int_equal(xnvme_queue_term(queue[0]), 0);
	xnvme_dev_close(dev[0]);
	assert_int_equal(xnvme_queue_term(queue[1]), 0);
	xnvme_dev_close(dev[1]);
	assert_int_equal(ctrl->refs, 1);

	struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue[2]);

	xnvme_prep_nvm(ctx, XNVME_SPEC_NVM_OPC_READ, 1, 0, 0);
	assert_int_equal(xnvme_cmd_pass(ctx, buf, 512, NULL, 0), 0);
	assert_int_equal(xnvme_queue_drain(queue[2]), 1);
	assert_int_equal(xnvme_queue_term(queue[2]), 0);
	xnvme_buf_free(dev[2], buf);
	xnvme_dev_close(dev[2]);
}

/* As many as the controller allocated; closing a queue makes its identifier available again */
static void
queues_run_out_and_come_back(void **state)
{
	struct xnvme_queue *queue[QUEUES_MAX] = {NULL};
	struct xnvme_dev *dev = open_handle(1);
	uint32_t count = 0;

	(void)state;
	for (uint32_t round = 0; round < 3; ++round) {
		uint32_t made = 0;
		int err = 0;

		while (made < QUEUES_MAX && !err) {
			err = xnvme_queue_init(dev, 4, 0, &queue[made]);
			made += !err;
		}
		assert_int_equal(err, -ENOSPC);
		assert_non_null(strstr(xnvme_err_text(), "close a queue first"));
		assert_true(made > 0 && (round == 0 || made == count));
		count = made;
		for (uint32_t i = 0; i < 2 * made; ++i) { /* the odd ones first */
			uint32_t at = i % made;

			if (queue[at] && (i >= made || at % 2)) {
				assert_int_equal(xnvme_queue_term(queue[at]), 0);
				queue[at] = NULL;
			}
		}
	}
	xnvme_dev_close(dev);
}

/* Doorbells have the controller's stride, and the memory between them is not written */
static void
doorbells_lie_where_the_controller_says(void **state)
{
	static const struct {
		const char *uri;
		uint32_t stride;
	} ways[] = {{URI ",doorbell_stride=64", 64}, {URI ",doorbell_stride=4096", 4096}};

	(void)state;
	for (size_t w = 0; w < 2; ++w) {
		struct xnvme_opts opts = xnvme_opts_default();
		struct xnvme_dev *dev = xnvme_dev_open(ways[w].uri, &opts);
		struct xnvme_queue *queue[3] = {NULL};
		struct ctrl *ctrl;
		void *buf;

		assert_non_null(dev);
		buf = xnvme_buf_alloc(dev, 512);
		assert_int_equal(ctrl_get(ways[w].uri, bus_inproc_open,
					  strchr(ways[w].uri, ':') + 1, &opts, &ctrl), 0);
		assert_int_equal(4u << CAP_DSTRD(ctrl->cap), ways[w].stride);
		for (uint32_t q = 0; q < 3; ++q) {
			assert_int_equal(xnvme_queue_init(dev, 8, 0, &queue[q]), 0);
			for (uint32_t i = 0; i < 5; ++i) {
				struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(queue[q]);

				xnvme_prep_nvm(ctx, XNVME_SPEC_NVM_OPC_READ, 1, 0, 0);
				assert_int_equal(xnvme_cmd_pass(ctx, buf, 512, NULL, 0), 0);
				assert_int_equal(xnvme_queue_drain(queue[q]), 1);
			}
		}
		const uint8_t *bell = ctrl->bus->doorbells;
		uint32_t used = 0;

		for (uint32_t i = 0; i < ctrl->bus->doorbells_nbytes; ++i) {
			assert_true(bell[i] == 0 || i % ways[w].stride < 4);
			used += bell[i] == 5 && i >= 2 * ways[w].stride; /* I/O queues */
		}
		assert_true(used >= 6); /* tail and head of each; more if the driver has its own */
		for (uint32_t q = 0; q < 3; ++q) {
			assert_int_equal(xnvme_queue_term(queue[q]), 0);
		}
		xnvme_buf_free(dev, buf);
		ctrl_put(ctrl);
		xnvme_dev_close(dev);
	}
}

/* Two controllers of one SSD: the one that did not request the reset is disabled, and recovers */
static void
the_other_one_survives_a_subsystem_reset(void **state)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev[2];

	(void)state;
	dev[0] = xnvme_dev_open(URI ",name=both", &opts);
	dev[1] = xnvme_dev_open("pci-virt:@both", &opts);
	assert_true(dev[0] && dev[1]);
	for (uint32_t round = 0; round < 4; ++round) {
		struct xnvme_dev *asks = dev[round & 1], *other = dev[!(round & 1)];
		uint32_t tries = 0;
		int err;

		assert_int_equal(xnvme_subsystem_reset(asks), 0);
		do { /* commands submitted before it was noticed may end with the reset */
			struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(other);

			err = xnvme_adm_gfeat(&ctx, 0, XNVME_SPEC_FEAT_TEMP_THRESHOLD, 0, NULL, 0);
		} while (err && ++tries < 3);
		assert_int_equal(err, 0);
		assert_int_equal(tries > 0, 1); /* it was disabled */
	}
	xnvme_dev_close(dev[1]);
	xnvme_dev_close(dev[0]);
}

static sem_t opening, go_on;

static int
open_when_told(const char *name, uint64_t timeout_ns, bool read_only, struct bus **made)
{
	(void)sem_post(&opening);
	(void)sem_wait(&go_on);
	return bus_inproc_open(name, timeout_ns, read_only, made);
}

static void *
open_slowly(void *arg)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct ctrl *ctrl = NULL;

	(void)arg;
	assert_int_equal(ctrl_get("slow", open_when_told, "null,size=16MiB", &opts, &ctrl), 0);
	return ctrl;
}

/* A controller that does not answer blocks no other; a second opener of the same one waits */
static void
a_slow_controller_is_slow_alone(void **state)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct ctrl *other, *same;
	pthread_t thread;
	void *slow;

	(void)state;
	(void)sem_init(&opening, 0, 0);
	(void)sem_init(&go_on, 0, 0);
	assert_int_equal(pthread_create(&thread, NULL, open_slowly, NULL), 0);
	(void)sem_wait(&opening);
	(void)alarm(100); /* it would block for ever */
	assert_int_equal(ctrl_get(URI, bus_inproc_open, strchr(URI, ':') + 1, &opts, &other), 0);
	ctrl_put(other);
	(void)alarm(0);
	(void)sem_post(&go_on);
	assert_int_equal(ctrl_get("slow", NULL, NULL, &opts, &same), 0);
	(void)pthread_join(thread, &slow);
	assert_ptr_equal(same, slow);
	assert_int_equal(same->refs, 2);
	ctrl_put(same);
	ctrl_put(slow);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_slow_controller_is_slow_alone),
		cmocka_unit_test(events_are_taken_and_asked_for_again),
		cmocka_unit_test(handles_share_a_controller),
		cmocka_unit_test(queues_run_out_and_come_back),
		cmocka_unit_test(the_other_one_survives_a_subsystem_reset),
		cmocka_unit_test(doorbells_lie_where_the_controller_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
