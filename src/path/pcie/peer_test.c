/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The driver against faulty vfio-user servers and controllers. Every call must end with an error in
 * time, and the process must survive.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <cmocka.h>
#include <libxnvme.h>
#include <path/pcie/fake_server_test.h>

#define SHORT_US 300000u /* for answers that never come */
#define LONG_US 20000000u
#define TOO_LONG_S 60u /* the test hangs: SIGALRM ends it */

static char path[64], uri[96];
static struct fake_server *server;

static int
begin(void **state)
{
	static uint32_t number;

	(void)state;
	(void)snprintf(path, sizeof(path), "/tmp/peer-%d-%u", getpid(), number++);
	(void)snprintf(uri, sizeof(uri), "vfio-user:%s", path);
	(void)alarm(TOO_LONG_S);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	(void)alarm(0);
	return 0;
}

static struct xnvme_dev *
open_against(enum fault fault, const char *options, uint32_t timeout_us)
{
	struct xnvme_opts opts = xnvme_opts_default();
	char name[sizeof(uri) + 32];

	(void)snprintf(name, sizeof(name), "%s%s", uri, options);
	server = fake_server_start(path, fault);
	opts.admin_timeout = timeout_us;
	opts.command_timeout = fault == FAULT_STRAY_ENDLESS ? SHORT_US : LONG_US;
	opts.host_heap_size = 4 << 20;
	opts.nsid = 1;
	return xnvme_dev_open(name, &opts);
}

static void
refused_against(enum fault fault, const char *options, int err, const char *because)
{
	struct xnvme_dev *dev = open_against(fault, options, SHORT_US);

	assert_null(dev);
	assert_int_equal(errno, err);
	if (!strstr(xnvme_err_text(), because)) {
		print_message("not '%s' but: %s\n", because, xnvme_err_text());
		fail();
	}
	fake_server_stop(server);
}

static void
works_against(enum fault fault)
{
	struct xnvme_dev *dev = open_against(fault, "", LONG_US);
	struct xnvme_cmd_ctx ctx;
	void *buf;

	if (!dev) {
		print_message("%s\n", xnvme_err_text());
	}
	assert_non_null(dev);
	ctx = xnvme_cmd_ctx_from_dev(dev);
	buf = xnvme_buf_alloc(dev, 4096);
	assert_non_null(buf);
	for (uint32_t i = 0; i < 200; ++i) {
		assert_int_equal(xnvme_nvm_read(&ctx, 1, 0, 0, buf, NULL), 0);
	}
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
}

static void
one_that_behaves(void **state)
{
	(void)state;
	works_against(FAULT_NONE);
	assert_int_equal(fake_server_enabled(server), 1);
	fake_server_stop(server);
}

static void
a_busy_server(void **state)
{
	(void)state;
	refused_against(FAULT_BUSY, "", EBUSY, "busy: serves another client");
}

/* One deadline per request, independent of other messages */
static void
servers_that_do_not_answer(void **state)
{
	static const enum fault faults[] = {FAULT_SILENT, FAULT_DRIP, FAULT_ENDLESS_DMA,
					    FAULT_ENDLESS_MUTE};

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); ++i) {
		refused_against(faults[i], "", ETIMEDOUT, "did not answer within 300 ms");
	}
}

/* Closing does not wait for bytes that never come */
static void
a_twin_that_is_no_socket(void **state)
{
	struct xnvme_dev *dev;

	(void)state;
	dev = open_against(FAULT_TWIN_PIPE, ",memory=messages", SHORT_US);
	assert_null(dev);
	fake_server_stop(server);
}

static void
doorbells_that_are_not_there(void **state)
{
	(void)state;
	refused_against(FAULT_DOORBELLS_SHORT, "", EPROTO, "the file of the doorbells has 0 bytes");
	works_against(FAULT_DOORBELLS_UNSEALED);
	fake_server_stop(server);
}

static void
memory_is_sealed(void **state)
{
	void *mine = aligned_alloc(4096, 8192);
	struct xnvme_dev *dev;

	(void)state;
	dev = open_against(FAULT_CUTS_MEMORY, "", LONG_US);
	assert_non_null(dev);
	assert_int_equal(xnvme_mem_map(dev, mine, 8192), 0);
	memset(mine, 1, 8192);
	assert_int_equal(xnvme_mem_unmap(dev, mine), 0);
	xnvme_dev_close(dev);
	assert_int_equal(fake_server_files(server), 2);
	assert_int_equal(fake_server_cut(server), 0);
	fake_server_stop(server);
	free(mine);
}

static void
completions_of_no_command(void **state)
{
	(void)state;
	works_against(FAULT_STRAY);
	fake_server_stop(server);
}

static void
count_done(struct xnvme_cmd_ctx *ctx, void *arg)
{
	*(uint32_t *)arg += 1;
	xnvme_queue_put_cmd_ctx(ctx->async.queue, ctx);
}

/* A queue still notices that its own commands do not complete */
static void
completions_of_no_command_for_ever(void **state)
{
	struct xnvme_queue *queue = NULL;
	struct xnvme_cmd_ctx *ctx;
	struct xnvme_dev *dev;
	uint32_t done = 0;
	void *buf;

	(void)state;
	dev = open_against(FAULT_STRAY_ENDLESS, "", LONG_US);
	assert_non_null(dev);
	buf = xnvme_buf_alloc(dev, 4096);
	assert_int_equal(xnvme_queue_init(dev, 8, 0, &queue), 0);
	xnvme_queue_set_cb(queue, count_done, &done);
	ctx = xnvme_queue_get_cmd_ctx(queue);
	assert_int_equal(xnvme_nvm_read(ctx, 1, 0, 0, buf, NULL), 0);
	(void)xnvme_queue_drain(queue);
	assert_int_equal(done, 1);
	(void)xnvme_queue_term(queue);
	xnvme_buf_free(dev, buf);
	xnvme_dev_close(dev);
	fake_server_stop(server);
}

/* A server that cannot signal fails when it should: the driver disables the pin, and messages until
 * the first vector is used, and then vector 0 of the admin queue has a descriptor too */
static void
a_server_that_cannot_signal(void **state)
{
	struct xnvme_dev *dev;
	struct xnvme_queue *queue = NULL;

	(void)state;
	works_against(FAULT_NO_SIGNAL);
	assert_int_equal(fake_server_enabled(server), 1); /* no reset meanwhile */
	fake_server_stop(server);
	dev = open_against(FAULT_NO_SIGNAL, "", LONG_US);
	assert_non_null(dev);
	assert_int_equal(xnvme_queue_init(dev, 16, 0, &queue), 0);
	assert_true(xnvme_queue_get_completion_fd(queue) >= 0);
	assert_int_equal(xnvme_queue_term(queue), 0);
	xnvme_dev_close(dev);
	assert_int_equal(fake_server_enabled(server), 1);
	fake_server_stop(server);
}

/* A single read of "failed" is not accepted */
static void
a_failure_that_is_none(void **state)
{
	(void)state;
	works_against(FAULT_FAILS_ONCE);
	assert_int_equal(fake_server_enabled(server), 1);
	fake_server_stop(server);
}

static void
queues_of_any_length(void **state)
{
	(void)state;
	works_against(FAULT_TINY_QUEUES);
	fake_server_stop(server);
}

/* A process without free file descriptors gets that error, and not out of memory */
static void
no_more_files(void **state)
{
	struct rlimit old, few;
	uint32_t told = 0;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	few = old;
	few.rlim_cur = (rlim_t)dup(0);
	close((int)few.rlim_cur);
	for (rlim_t more = 0; more < 4; ++more) { /* the listener, and the client's descriptors */
		struct rlimit limit = {few.rlim_cur + 3 + more, old.rlim_max};
		struct xnvme_opts opts = xnvme_opts_default();
		struct xnvme_dev *dev;

		server = fake_server_start(path, FAULT_NONE);
		opts.admin_timeout = LONG_US;
		opts.host_heap_size = 4 << 20;
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
		dev = xnvme_dev_open(uri, &opts);
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
		if (dev) {
			xnvme_dev_close(dev);
		} else { /* the server, in this process too, may give another error */
			assert_int_not_equal(errno, ENOMEM);
			assert_null(strstr(xnvme_err_text(), "no memory of"));
			told += errno == EMFILE && strstr(xnvme_err_text(), strerror(EMFILE));
		}
		fake_server_stop(server);
	}
	assert_true(told > 0);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(one_that_behaves),
		T(a_busy_server),
		T(servers_that_do_not_answer),
		T(a_twin_that_is_no_socket),
		T(doorbells_that_are_not_there),
		T(memory_is_sealed),
		T(completions_of_no_command),
		T(completions_of_no_command_for_ever),
		T(a_server_that_cannot_signal),
		T(a_failure_that_is_none),
		T(queues_of_any_length),
		T(no_more_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
