/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Faults between a user-space driver and its controller: every command completes exactly once, with
 * the status of the fault, and the queue works afterwards.
 *
 *   faults pci-virt | vfio-user-poll | vfio-user-event | vfio-user-messages
 */
#include <errno.h>
#include <libnvmevirt.h>
#include <libxnvme.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DEPTH 16u
#define BLOCK 512u
#define TIMEOUT_US 400000u
#define SCT_GENERIC 0
#define SCT_PATH 3
#define SCT_HOST 7
#define SC_ABORT_REQUESTED 0x07
#define SC_ABORTED_BY_HOST 0x71

static struct {
	const char *way;
	char uri[128], path[64];
	struct nvmevirt *ssd;
	struct nvmevirt_server *server;
	struct xnvme_dev *dev;
	struct xnvme_queue *queue;
	char *buf;
	struct {
		uint32_t times;
		uint32_t sct, sc;
	} ends[DEPTH];
} t;

#define CHECK(cond) check(cond, #cond, __LINE__)

static void
check(bool cond, const char *what, int line)
{
	if (!cond) {
		printf("FAILED %s: line %d: %s\n  last error: %s\n", t.way, line, what,
		       xnvme_err_text());
		exit(1);
	}
}

static uint64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

static void
start(void)
{
	static uint32_t number;
	struct xnvme_opts opts = xnvme_opts_default();
	char virt[64];

	number += 1;
	snprintf(virt, sizeof(virt), "virt:@faulty%u", number);
	opts.command_timeout = opts.admin_timeout = TIMEOUT_US;
	if (strcmp(t.way, "pci-virt") == 0) {
		snprintf(t.uri, sizeof(t.uri), "pci-virt:null,size=16MiB,name=faulty%u", number);
	} else {
		char served[64];

		snprintf(served, sizeof(served), "virt:null,size=16MiB,name=faulty%u", number);
		snprintf(t.path, sizeof(t.path), "/tmp/faults-%d", getpid());
		snprintf(t.uri, sizeof(t.uri), "vfio-user:%s%s", t.path,
			 strcmp(t.way, "vfio-user-messages") ? "" : ",memory=messages");
		CHECK(nvmevirt_serve_vfio_user(
			      served, t.path,
			      strcmp(t.way, "vfio-user-poll") ? 0 : NVMEVIRT_SERVE_POLL,
			      &t.server) == 0);
	}
	t.dev = xnvme_dev_open(t.uri, &opts);
	CHECK(t.dev != NULL);
	CHECK(nvmevirt_create(virt, &t.ssd) == 0);
	CHECK(xnvme_queue_init(t.dev, DEPTH, 0, &t.queue) == 0);
	t.buf = xnvme_buf_alloc(t.dev, DEPTH * BLOCK);
	CHECK(t.buf != NULL);
}

static void
stop(void)
{
	CHECK(xnvme_queue_term(t.queue) == 0);
	xnvme_buf_free(t.dev, t.buf);
	xnvme_dev_close(t.dev);
	nvmevirt_destroy(t.ssd);
	nvmevirt_server_stop(t.server);
	t.server = NULL;
}

static void
ended(struct xnvme_cmd_ctx *ctx, void *arg)
{
	size_t i = (size_t)(uintptr_t)arg;

	t.ends[i].times += 1;
	t.ends[i].sct = ctx->cpl.status.sct;
	t.ends[i].sc = ctx->cpl.status.sc;
	CHECK(xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx) == 0);
}

/* DEPTH reads, all outstanding at once; each must end exactly once within `limit_ms` */
static void
burst(uint64_t limit_ms)
{
	uint64_t deadline = now_ms() + limit_ms;

	memset(t.ends, 0, sizeof(t.ends));
	for (uint32_t i = 0; i < DEPTH; ++i) {
		struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(t.queue);

		CHECK(ctx != NULL);
		xnvme_cmd_ctx_set_cb(ctx, ended, (void *)(uintptr_t)i);
		xnvme_prep_nvm(ctx, XNVME_SPEC_NVM_OPC_READ, 1, i, 0);
		CHECK(xnvme_cmd_pass(ctx, t.buf + i * BLOCK, BLOCK, NULL, 0) == 0);
	}
	while (xnvme_queue_get_outstanding(t.queue) > 0) {
		CHECK(xnvme_queue_poke(t.queue, 0) >= 0);
		CHECK(now_ms() < deadline);
	}
	for (uint32_t i = 0; i < DEPTH; ++i) {
		CHECK(t.ends[i].times == 1);
	}
}

static void
works(int line)
{
	nvmevirt_set_faults(t.ssd, NULL, 0);
	burst(3000);
	for (uint32_t i = 0; i < DEPTH; ++i) {
		if (t.ends[i].sct || t.ends[i].sc) {
			printf("line %d: command %u: type %u, code 0x%x\n", line, i, t.ends[i].sct,
			       t.ends[i].sc);
		}
		CHECK(t.ends[i].sct == 0 && t.ends[i].sc == 0);
	}
}

#define all_is_well() works(__LINE__)

static void
plan(enum nvmevirt_fault_action action, uint64_t skip, uint64_t count)
{
	const struct nvmevirt_fault fault = {.action = action,
					     .match_opcode = true,
					     .io_only = true,
					     .opcode = XNVME_SPEC_NVM_OPC_READ,
					     .skip = skip,
					     .count = count,
					     .status = 0x281,
					     .delay_ns = 20000000000ull};

	CHECK(nvmevirt_set_faults(t.ssd, &fault, 1) == 0);
}

/* One command ends with an error of the SSD; the others succeed */
static void
an_error_of_the_medium(void)
{
	plan(NVMEVIRT_FAULT_FAIL, 5, 1);
	burst(3000);
	for (uint32_t i = 0; i < DEPTH; ++i) {
		CHECK(i == 5 ? t.ends[i].sct == 2 && t.ends[i].sc == 0x81
			     : t.ends[i].sct == 0 && t.ends[i].sc == 0);
	}
	all_is_well();
}

/* A command that is lost or far too late is aborted after the timeout; the others succeed */
static void
a_command_that_does_not_complete(enum nvmevirt_fault_action action)
{
	uint64_t began = now_ms();

	plan(action, 3, 1);
	burst(5000);
	CHECK(now_ms() - began >= TIMEOUT_US / 1000);
	for (uint32_t i = 0; i < DEPTH; ++i) {
		CHECK(i == 3 ? t.ends[i].sct == SCT_GENERIC && t.ends[i].sc == SC_ABORT_REQUESTED
			     : t.ends[i].sct == 0 && t.ends[i].sc == 0);
	}
	all_is_well();
}

/* The driver resets the controller and recreates the queue; outstanding commands end with a status
 * that permits a retry. The same after a power cut, when the driver finds the function disabled. */
static void
a_controller_that_fails(enum nvmevirt_fault_action action)
{
	uint32_t aborted = 0;

	plan(action, 7, 1);
	burst(5000);
	for (uint32_t i = 0; i < DEPTH; ++i) {
		bool by_host = t.ends[i].sct == SCT_PATH && t.ends[i].sc == SC_ABORTED_BY_HOST;

		aborted += by_host;
		CHECK(by_host || (t.ends[i].sct == 0 && t.ends[i].sc == 0));
	}
	CHECK(aborted >= 1);
	all_is_well();
	all_is_well();
}

static void
commands_that_are_waited_for(void)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(t.dev);

	plan(NVMEVIRT_FAULT_LOSE, 0, 1);
	CHECK(xnvme_nvm_read(&ctx, 1, 0, 0, t.buf, NULL) == -EIO);
	CHECK(ctx.cpl.status.sc == SC_ABORT_REQUESTED);
	ctx = xnvme_cmd_ctx_from_dev(t.dev);
	CHECK(xnvme_nvm_read(&ctx, 1, 0, 0, t.buf, NULL) == 0);
	plan(NVMEVIRT_FAULT_FATAL, 0, 1);
	ctx = xnvme_cmd_ctx_from_dev(t.dev);
	CHECK(xnvme_nvm_read(&ctx, 1, 0, 0, t.buf, NULL) == -EIO);
	CHECK(ctx.cpl.status.sct == SCT_PATH && ctx.cpl.status.sc == SC_ABORTED_BY_HOST);
	ctx = xnvme_cmd_ctx_from_dev(t.dev);
	CHECK(xnvme_nvm_read(&ctx, 1, 0, 0, t.buf, NULL) == 0);
	burst(5000); /* the queue detects the reset now; its commands may end with a retry */
	all_is_well();
}

/* A reset by the host and a reset by the SSD, while commands are outstanding */
static void
resets(void)
{
	plan(NVMEVIRT_FAULT_LOSE, 0, 4);
	memset(t.ends, 0, sizeof(t.ends));
	for (uint32_t i = 0; i < 4; ++i) {
		struct xnvme_cmd_ctx *ctx = xnvme_queue_get_cmd_ctx(t.queue);

		xnvme_cmd_ctx_set_cb(ctx, ended, (void *)(uintptr_t)i);
		xnvme_prep_nvm(ctx, XNVME_SPEC_NVM_OPC_READ, 1, i, 0);
		CHECK(xnvme_cmd_pass(ctx, t.buf, BLOCK, NULL, 0) == 0);
	}
	CHECK(xnvme_queue_poke(t.queue, 0) >= 0);
	CHECK(xnvme_controller_reset(t.dev) == 0);
	CHECK(xnvme_queue_drain(t.queue) == 4);
	for (uint32_t i = 0; i < 4; ++i) {
		CHECK(t.ends[i].times == 1 && t.ends[i].sct == SCT_PATH);
	}
	all_is_well();
	nvmevirt_reset(t.ssd); /* by the SSD: the driver finds the controller disabled */
	burst(5000);
	all_is_well();
	nvmevirt_power_cut(t.ssd);
	burst(5000);
	all_is_well();
}

/* The SSD is removed: its registers read as ones, and outstanding commands end with ENODEV */
static void
removed_test(void)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(t.dev);
	uint32_t gone = 0;

	plan(NVMEVIRT_FAULT_REMOVE, 7, 1);
	burst(5000);
	for (uint32_t i = 0; i < DEPTH; ++i) {
		bool lost = t.ends[i].sct == SCT_HOST && t.ends[i].sc == ENODEV;

		gone += lost;
		CHECK(lost || (t.ends[i].sct == 0 && t.ends[i].sc == 0));
	}
	CHECK(gone >= 1);
	CHECK(xnvme_nvm_read(&ctx, 1, 0, 0, t.buf, NULL) == -ENODEV);
	CHECK(xnvme_controller_reset(t.dev) != 0); /* a reset does not restore it */
	burst(1000);
	for (uint32_t i = 0; i < DEPTH; ++i) {
		CHECK(t.ends[i].sct == SCT_HOST && t.ends[i].sc == ENODEV);
	}
}

/* The server stops, which removes the controller: all commands complete, no call hangs */
static void
removal(void)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(t.dev);

	nvmevirt_server_stop(t.server);
	t.server = NULL;
	burst(5000);
	for (uint32_t i = 0; i < DEPTH; ++i) {
		CHECK(t.ends[i].sct == SCT_HOST && t.ends[i].sc == ENODEV);
	}
	CHECK(xnvme_nvm_read(&ctx, 1, 0, 0, t.buf, NULL) == -ENODEV);
	burst(1000);
}

int
main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: faults pci-virt|vfio-user-poll|vfio-user-event|"
				"vfio-user-messages\n");
		return 2;
	}
	t.way = argv[1];
	start();
	all_is_well();
	an_error_of_the_medium();
	a_command_that_does_not_complete(NVMEVIRT_FAULT_LOSE);
	a_command_that_does_not_complete(NVMEVIRT_FAULT_LOSE_COMPLETION);
	a_command_that_does_not_complete(NVMEVIRT_FAULT_DELAY);
	a_controller_that_fails(NVMEVIRT_FAULT_FATAL);
	a_controller_that_fails(NVMEVIRT_FAULT_POWER_CUT);
	commands_that_are_waited_for();
	resets();
	removed_test();
	stop();
	start();
	if (t.server) {
		removal();
	}
	stop();
	start(); /* all resources were released: a second start works */
	all_is_well();
	stop();
	printf("ok %s\n", t.way);
	return 0;
}
