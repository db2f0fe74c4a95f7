/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A ring that moves to another thread, with faults: prepared entries arrive, and no command in the
 * kernel is lost. Commands read a pipe: the test decides when they complete. Also waits that a
 * signal must not end.
 */
#include <path/linux/uring.h>

#include <setjmp.h>
#include <stdarg.h>
#include <errno.h>
#include <os/os.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

static struct {
	bool one_entry; /* the kernel accepts only the first entry */
	bool no_file;   /* and registers no files */
	bool is_old;    /* and reports the features of Linux 5.5 */
	bool no_event;  /* and registers no event */
	unsigned int calls;
} fake;

/* These three replace liburing's */
int
io_uring_setup(unsigned int entries, struct io_uring_params *params)
{
	long rc = syscall(__NR_io_uring_setup, entries, params);

	if (fake.is_old) {
		params->features &= ~(IORING_FEAT_EXT_ARG | IORING_FEAT_RW_CUR_POS);
	}
	return rc < 0 ? -errno : (int)rc;
}

int
io_uring_enter(unsigned int fd, unsigned int to_submit, unsigned int least, unsigned int flags,
	       sigset_t *signals)
{
	long rc;

	fake.calls += 1;
	if (fake.one_entry && to_submit > 1) {
		to_submit = 1;
		least = 0;
	}
	rc = syscall(__NR_io_uring_enter, fd, to_submit, least, flags, signals, _NSIG / 8);
	return rc < 0 ? -errno : (int)rc;
}

int
io_uring_register(unsigned int fd, unsigned int what, const void *arg, unsigned int count)
{
	long rc;

	if (fake.no_file && what == IORING_REGISTER_FILES) {
		return -EMFILE;
	}
	if (fake.no_event && what == IORING_REGISTER_EVENTFD) {
		return -ENOMEM;
	}
	rc = syscall(__NR_io_uring_register, fd, what, arg, count);
	return rc < 0 ? -errno : (int)rc;
}

struct rig {
	struct xnvme_dev dev;
	struct xnvme_queue q;
	struct uring u;
	struct xnvme_cmd_ctx ctx;
	int pipe[2];
	char byte;
};

/* A ring that is tied to this thread; NULL: unsupported by this system */
static struct rig *
rig_make(uint64_t nap_ns)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	assert_non_null(rig);
	memset(&fake, 0, sizeof(fake));
	assert_int_equal(pipe(rig->pipe), 0);
	rig->q.dev = &rig->dev;
	rig->q.capacity = 4;
	rig->u.nap_ns = nap_ns;
	if (uring_init(&rig->u, &rig->q, rig->pipe[0], 0, false) == 0 && !rig->u.started) {
		assert_int_equal(uring_enter(&rig->u), 0);
		assert_true(rig->u.bound);
		return rig;
	}
	return NULL; /* for the rest of the process */
}

static void
rig_free(struct rig *rig)
{
	uring_fini(&rig->u);
	(void)close(rig->pipe[0]);
	(void)close(rig->pipe[1]);
	free(rig);
}

static void
prepare_read(struct rig *rig)
{
	struct io_uring_sqe *sqe = uring_sqe(&rig->u, &rig->ctx, &rig->q, IORING_OP_READ);

	sqe->off = UINT64_MAX; /* a pipe has no offset */
	sqe->addr = (uintptr_t)&rig->byte;
	sqe->len = 1;
	sqe->rw_flags = 0;
}

/* The read's result; skips the alarm's. Without assertions: it runs in any thread */
static int
end_read(struct rig *rig)
{
	if (write(rig->pipe[1], "x", 1) != 1) {
		return -EIO;
	}
	for (int tries = 0; tries < 2000; ++tries) {
		int err = uring_enter(&rig->u);

		while (!err && !uring_is_empty(&rig->u)) {
			uint32_t head = *rig->u.khead;
			uint64_t whose = rig->u.cqes[head & rig->u.cqe_mask].user_data;
			int res = rig->u.cqes[head & rig->u.cqe_mask].res;

			__atomic_store_n(rig->u.khead, head + 1, __ATOMIC_RELEASE);
			if (whose != (uintptr_t)&rig->u.alarm) {
				return whose == (uintptr_t)&rig->ctx ? res : -EPROTO;
			}
			rig->u.alarm_set = false;
		}
		if (err) {
			return err;
		}
		(void)usleep(1000);
	}
	return -ETIME;
}

/* Also ends the read: when a thread ends the kernel cancels its commands */
static void *
enter(void *arg)
{
	struct rig *rig = arg;
	int err = uring_enter(&rig->u);

	return (void *)(intptr_t)(err ? err : end_read(rig));
}

static int
read_in_another_thread(struct rig *rig)
{
	pthread_t thread;
	void *rc;

	assert_int_equal(pthread_create(&thread, NULL, enter, rig), 0);
	assert_int_equal(pthread_join(thread, &rc), 0);
	return (int)(intptr_t)rc;
}

/* A pending alarm was counted as the command in the kernel */
static void
an_alarm_hides_no_command(void **state)
{
	struct rig *rig = rig_make(1000000);

	(void)state;
	if (!rig) {
		skip();
	}
	rig->u.alarm_set = false;
	prepare_read(rig);
	fake.one_entry = true;
	assert_int_equal(uring_enter(&rig->u), 0);
	assert_int_equal(uring_pending(&rig->u), 1);
	assert_int_equal(read_in_another_thread(rig), -EBUSY);
	fake.one_entry = false;
	assert_int_equal(end_read(rig), 1);
	rig_free(rig);
}

/* Entries prepared for a ring with registered files used its index in a ring without */
static void
what_was_prepared_moves_to_a_ring_without_files(void **state)
{
	struct rig *rig = rig_make(0);

	(void)state;
	if (!rig) {
		skip();
	}
	assert_true(rig->u.fixed_file);
	prepare_read(rig);
	fake.no_file = true;
	assert_int_equal(read_in_another_thread(rig), 1);
	assert_false(rig->u.fixed_file);
	assert_null(strstr(rig->q.features, "registered_file"));
	rig_free(rig);
}

/* A queue's list of features was lost after a failed move, its naps after a successful one */
static void
features_stay_what_they_are(void **state)
{
	struct rig *rig = rig_make(1000000);
	char features[sizeof(rig->q.features)];
	struct rlimit none, usual;

	(void)state;
	if (!rig) {
		skip();
	}
	memcpy(features, rig->q.features, sizeof(features));
	assert_non_null(strstr(features, "naps"));
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
	none = usual;
	none.rlim_cur = 0;
	prepare_read(rig);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(read_in_another_thread(rig), -EMFILE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
	assert_string_equal(rig->q.features, features);
	assert_int_equal(read_in_another_thread(rig), 1);
	assert_non_null(strstr(rig->q.features, "batching,naps"));
	rig_free(rig);
}

static int ticks;
static int tick_end; /* the fifth tick writes the awaited byte here */

static void
tick(int number)
{
	(void)number;
	if (++ticks == 5) {
		(void)!write(tick_end, "x", 1);
	}
}

/* A signal ended the wait, and the buffer was freed while the kernel could still write to it */
static void
a_signal_ends_no_wait_for_a_buffer(void **state)
{
	const struct itimerval each = {{0, 5000}, {0, 5000}}, never = {{0, 0}, {0, 0}};
	struct sigaction action = {.sa_handler = tick};
	struct io_uring_params params = {0};
	struct io_uring_sqe sqe = {0};
	struct kernel_ring ring;
	int ends[2];
	char byte;

	(void)state;
	if (kernel_ring_make(&ring, 1, &params)) {
		skip();
	}
	assert_int_equal(pipe(ends), 0);
	tick_end = ends[1];
	io_uring_prep_read(&sqe, ends[0], &byte, 1, (uint64_t)-1);
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &each, NULL), 0);
	assert_int_equal(kernel_ring_run(&ring, &sqe), 1);
	assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
	assert_true(ticks >= 5);
	kernel_ring_free(&ring);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

/* The kernel may leave its flag set after the announced work is done: do not wait for that */
static void
a_stale_flag_blocks_no_other(void **state)
{
	struct rig *rig = rig_make(0);
	uint32_t stale = IORING_SQ_TASKRUN;

	(void)state;
	if (!rig) {
		skip();
	}
	assert_true(uring_event_fd(&rig->u) >= 0);
	rig->u.kflags = &stale;
	fake.calls = 0;
	(void)alarm(20);
	assert_int_equal(uring_enter(&rig->u), 0);
	(void)alarm(0);
	assert_in_range(fake.calls, 1, 4);
	prepare_read(rig);
	assert_int_equal(uring_enter(&rig->u), 0);
	assert_int_equal(end_read(rig), 1);
	rig_free(rig);
}

static void *
ask_for_event(void *rig)
{
	return (void *)(intptr_t)uring_event_fd(&((struct rig *)rig)->u);
}

/* The kernel refuses registrations from another thread than the ring's: EEXIST */
static void
a_queue_that_moved_has_an_event(void **state)
{
	struct rig *rig = rig_make(0);
	pthread_t thread;
	void *rc;

	(void)state;
	if (!rig) {
		skip();
	}
	assert_int_equal(pthread_create(&thread, NULL, ask_for_event, rig), 0);
	assert_int_equal(pthread_join(thread, &rc), 0);
	assert_true((intptr_t)rc >= 0);
	prepare_read(rig);
	assert_int_equal(uring_enter(&rig->u), 0);
	assert_int_equal(write(rig->pipe[1], "x", 1), 1);
	assert_int_equal(os_poll_readable((int)(intptr_t)rc, 10000000000), 1);
	assert_int_equal(end_read(rig), 1);
	rig_free(rig);
}

/* The ring moved without its event, and a thread that waited on it was never woken */
static void
no_queue_moves_without_its_event(void **state)
{
	struct rig *rig = rig_make(0);

	(void)state;
	if (!rig) {
		skip();
	}
	assert_true(uring_event_fd(&rig->u) >= 0);
	prepare_read(rig);
	fake.no_event = true;
	assert_int_equal(read_in_another_thread(rig), -ENOMEM);
	fake.no_event = false;
	assert_int_equal(read_in_another_thread(rig), 1);
	rig_free(rig);
}

/* Before Linux 5.11 the waiting call has no timeout */
static void
an_old_kernel_waits_no_longer_either(void **state)
{
	struct rig *rig = rig_make(0);

	(void)state;
	if (!rig) {
		skip();
	}
	rig->u.ring.features &= ~IORING_FEAT_EXT_ARG;
	prepare_read(rig);
	assert_int_equal(uring_enter(&rig->u), 0);
	(void)alarm(20);
	assert_int_equal(uring_wait(&rig->u, 1000000), 0);
	assert_true(uring_is_empty(&rig->u));
	assert_int_equal(write(rig->pipe[1], "x", 1), 1);
	assert_int_equal(uring_wait(&rig->u, 10000000000), 0);
	(void)alarm(0);
	assert_int_equal(end_read(rig), 1);
	rig_free(rig);
}

/* It creates rings, but refused each read */
static void
a_kernel_without_plain_reads_is_skipped(void **state)
{
	int rc;

	(void)state;
	fake.is_old = true;
	rc = uring_try(0);
	fake.is_old = false;
	if (rc == -EPERM || rc == -ENOSYS) {
		skip();
	}
	assert_int_equal(rc, -ENOTSUP);
	assert_non_null(strstr(xnvme_err_text(), "Linux 5.6"));
	assert_int_equal(uring_try(0), 0);
}

/* Not every failure to create a ring is a missing permission */
static void
a_ring_without_a_descriptor_is_not_called_forbidden(void **state)
{
	struct rlimit was, none;

	(void)state;
	if (uring_try(0)) {
		skip();
	}
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	none = was;
	none.rlim_cur = 0; /* open ones stay open */
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(uring_try(0), -EMFILE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
	assert_non_null(strstr(xnvme_err_text(), "ulimit -n"));
	assert_null(strstr(xnvme_err_text(), "seccomp"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_alarm_hides_no_command),
		cmocka_unit_test(what_was_prepared_moves_to_a_ring_without_files),
		cmocka_unit_test(features_stay_what_they_are),
		cmocka_unit_test(a_signal_ends_no_wait_for_a_buffer),
		cmocka_unit_test(a_stale_flag_blocks_no_other),
		cmocka_unit_test(a_queue_that_moved_has_an_event),
		cmocka_unit_test(no_queue_moves_without_its_event),
		cmocka_unit_test(an_old_kernel_waits_no_longer_either),
		cmocka_unit_test(a_kernel_without_plain_reads_is_skipped),
		cmocka_unit_test(a_ring_without_a_descriptor_is_not_called_forbidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
