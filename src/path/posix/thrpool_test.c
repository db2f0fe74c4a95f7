/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads of the library must not disturb the program */
#include <libnvmevirt.h>
#include <libxnvme.h>

#include <setjmp.h>
#include <stdarg.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static volatile sig_atomic_t handled;

static void
handle(int number)
{
	(void)number;
	handled = 1;
}

/* The program waits for a signal in its only thread; no other thread may take it */
static void
expect_signal(void)
{
	struct timespec while_others_may = {0, 50000000};
	struct timespec limit = {2, 0};
	sigset_t set;

	handled = 0;
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGUSR1);
	assert_ptr_not_equal(signal(SIGUSR1, handle), SIG_ERR);
	assert_int_equal(pthread_sigmask(SIG_BLOCK, &set, NULL), 0);
	assert_int_equal(kill(getpid(), SIGUSR1), 0);
	(void)nanosleep(&while_others_may, NULL);
	assert_int_equal(sigtimedwait(&set, NULL, &limit), SIGUSR1);
	assert_int_equal(handled, 0);
	assert_int_equal(pthread_sigmask(SIG_UNBLOCK, &set, NULL), 0);
}

/* The signal went to a thread of the pool, whose handler woke no thread */
static void
a_pool_takes_no_signal(void **state)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev;
	struct xnvme_queue *queue;

	(void)state;
	opts.async = "thrpool";
	dev = xnvme_dev_open("1MiB", &opts);
	assert_non_null(dev);
	assert_int_equal(xnvme_queue_init(dev, 4, 0, &queue), 0);
	expect_signal();
	assert_int_equal(xnvme_queue_term(queue), 0);
	xnvme_dev_close(dev);
}

static void
a_function_takes_no_signal(void **state)
{
	struct xnvme_dev *dev = xnvme_dev_open("pci-virt:null,size=1MiB", NULL);
	struct xnvme_queue *queue;

	(void)state;
	assert_non_null(dev);
	assert_int_equal(xnvme_queue_init(dev, 4, 0, &queue), 0);
	assert_true(xnvme_queue_get_completion_fd(queue) >= 0); /* starts a thread */
	expect_signal();
	assert_int_equal(xnvme_queue_term(queue), 0);
	xnvme_dev_close(dev);
}

static void
a_server_takes_no_signal(void **state)
{
	struct nvmevirt_server *server;
	char path[64];

	(void)state;
	(void)snprintf(path, sizeof(path), "/tmp/xnvme_signal_test_%d", (int)getpid());
	assert_int_equal(nvmevirt_serve_vfio_user("virt:null,size=1MiB", path, 0, &server), 0);
	expect_signal();
	nvmevirt_server_stop(server);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pool_takes_no_signal),
		cmocka_unit_test(a_function_takes_no_signal),
		cmocka_unit_test(a_server_takes_no_signal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
