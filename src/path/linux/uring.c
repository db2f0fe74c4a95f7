/* SPDX-License-Identifier: BSD-3-Clause */
#include <path/linux/uring.h>

#include <base/assert.h>
#include <errno.h>
#include <linux/nvme_ioctl.h>
#include <host/err.h>
#include <os/os.h>
#include <os/thread.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Best first. A kernel refuses unknown flags with EINVAL: SUBMIT_ALL came with Linux 5.18,
 * COOP_TASKRUN and TASKRUN_FLAG with 5.19, SINGLE_ISSUER with 6.0, DEFER_TASKRUN with 6.1 */
static const struct {
	uint32_t flags;
	const char *names;
} features[] = {
	{IORING_SETUP_SUBMIT_ALL | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN |
	 IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_R_DISABLED,
	 "single_issuer,defer_taskrun,submit_all"},
	{IORING_SETUP_SUBMIT_ALL | IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG,
	 "coop_taskrun,submit_all"},
	{IORING_SETUP_SUBMIT_ALL, "submit_all"},
	{0, ""},
};
#define THREAD_BOUND (IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN)

/* A unique number per thread that is never reused, unlike pthread_t and thread ids */
static uint64_t
thread_number(void)
{
	if (!this_thread.number) {
		this_thread.number = 1 + atomic_fetch_add_explicit(&process.threads, 1,
								   memory_order_relaxed);
	}
	return this_thread.number;
}

static void
thread_ends(void *mark)
{
	(void)mark;
	(void)atomic_fetch_add_explicit(&process.threads_ended, 1, memory_order_relaxed);
}

static void
make_key(void)
{
	process.ending_is_told = !pthread_key_create(&process.ending, thread_ends);
}

/* When the library is unloaded: threads that end later must not call into it */
static __attribute__((destructor)) void
delete_key(void)
{
	if (process.ending_is_told) {
		(void)pthread_key_delete(process.ending);
	}
}

/* Will the end of the calling thread be counted? */
static bool
watch_thread(void)
{
	return !pthread_once(&process.ending_once, make_key) && process.ending_is_told &&
	       !pthread_setspecific(process.ending, &process);
}

static void
add_feature(const struct uring *u, const char *name)
{
	struct xnvme_queue *q = u->q;
	size_t used = strlen(q->features);

	if (u->is_side) {
		return; /* the queue's features describe its own ring */
	}
	(void)snprintf(q->features + used, sizeof(q->features) - used, "%s%s", used ? "," : "",
		       name);
}

/* Explain what forbids io_uring, and how to enable it. `err` is the error of io_uring_setup() */
static int
forbidden(int err)
{
	char setting[16] = "0";
	FILE *file = fopen("/proc/sys/kernel/io_uring_disabled", "re"); /* since Linux 6.6 */

	if (file) {
		if (fscanf(file, "%15s", setting) != 1) {
			setting[0] = '0';
		}
		(void)fclose(file);
	}
	if (err == EPERM && setting[0] != '0') {
		return err_set(-err, "io_uring is not available: the setting "
			       "kernel.io_uring_disabled is %s, which forbids it%s. Allow it (as "
			       "root: sysctl kernel.io_uring_disabled=0), or choose async=libaio "
			       "or async=thrpool", setting, setting[0] == '1' ?
			       " to all but CAP_SYS_ADMIN and the group kernel.io_uring_group" :
			       "");
	}
	return err_set(-err, "io_uring is not available (%s): %s. Allow it (run the container with "
		       "--security-opt seccomp=unconfined, or a filter that lets io_uring_setup, "
		       "io_uring_enter and io_uring_register pass), or choose async=libaio or "
		       "async=thrpool", strerror(err), err == ENOSYS ?
		       "the kernel is built without it, or a container's seccomp filter hides it" :
		       "a container's seccomp filter forbids it");
}

int
uring_explain(uint32_t shape, uint32_t entries, int err)
{
	switch (err) {
	case ENOSYS:
	case EPERM:
	case EACCES:
		return forbidden(err);
	case EINVAL:
		return err_set(-err, shape & IORING_SETUP_SQE128 ?
			       "this kernel's io_uring cannot carry NVMe commands (that takes "
			       "Linux 5.19 or later); choose async=thrpool" :
			       "this kernel's io_uring refuses a ring of this kind; choose "
			       "async=libaio or async=thrpool");
	case ENOMEM:
		return err_set(-err, "no memory for a ring of %u entries: raise the limit of "
			       "locked memory (ulimit -l)", entries);
	case EMFILE:
	case ENFILE:
		return err_set(-err, "no file descriptor left for a ring: raise the limit "
			       "(ulimit -n)");
	default:
		return err_set(-err, "cannot make a ring of %u entries: %s", entries,
			       strerror(err));
	}
}

int
uring_try(uint32_t shape)
{
	struct io_uring_params params = {.flags = shape};
	int ring = io_uring_setup(1, &params);

	if (ring < 0) {
		return uring_explain(shape, 1, -ring);
	}
	(void)close(ring);
	/* added together with the operations that read and write without vectors */
	if (!(params.features & IORING_FEAT_RW_CUR_POS)) {
		return err_set(-ENOTSUP, "this kernel's io_uring cannot read and write without "
			       "vectors: that takes Linux 5.6 or later; choose async=libaio or "
			       "async=thrpool");
	}
	return 0;
}

static int
make_ring(struct uring *u, uint32_t must, bool may_bind)
{
	uint32_t entries = u->q->capacity + (u->nap_ns != 0); /* one for the alarm */
	int err = -EINVAL;

	for (size_t i = 0; i < sizeof(features) / sizeof(features[0]) && err == -EINVAL; ++i) {
		struct io_uring_params params = {.flags = must | features[i].flags};

		if (features[i].flags & THREAD_BOUND &&
		    (!may_bind || must & (IORING_SETUP_SQPOLL | IORING_SETUP_IOPOLL))) {
			continue;
		}
		if (must & IORING_SETUP_SQPOLL) {
			/* the kernel's thread submits: there is no task work to defer */
			params.flags &= ~(uint32_t)(IORING_SETUP_COOP_TASKRUN |
						    IORING_SETUP_TASKRUN_FLAG);
			params.sq_thread_idle = 1000; /* ms: sleeps after a second without work */
		}
		err = kernel_ring_make(&u->ring, entries, &params);
		if (!err) {
			/* with SQPOLL the first set has less than its name lists */
			add_feature(u, must & IORING_SETUP_SQPOLL && features[i].flags ?
				    "submit_all" : features[i].names);
		}
	}
	u->started = !(u->ring.setup_flags & IORING_SETUP_R_DISABLED);
	return err;
}

static struct io_uring_sqe *
entry_at(const struct uring *u, uint32_t at)
{
	return (struct io_uring_sqe *)(void *)(u->sqes +
					       ((size_t)(at & u->sqe_mask) << u->sqe_shift));
}

void
uring_set_timeout(struct uring *u, uint32_t timeout_ms)
{
	u->cmd_timeout_ms = timeout_ms;
	for (uint32_t i = 0; i < u->ring.sq_entries; ++i) {
		((struct nvme_uring_cmd *)entry_at(u, i)->cmd)->timeout_ms = timeout_ms;
	}
}

/* Copy what submit and reap need from a new ring into hot fields */
static void
learn_ring(struct uring *u)
{
	const struct kernel_ring *ring = &u->ring;
	struct io_uring_sqe first = {.flags = u->fixed_file ? IOSQE_FIXED_FILE : 0,
				     .fd = u->fixed_file ? 0 : u->fd};

	u->sqes = ring->sqes;
	u->sqe_shift = ring->sqe_shift;
	u->sqe_mask = ring->sq_entries - 1;
	u->tail = *ring->sq_tail;
	u->submitted = u->tail;
	u->khead = ring->cq_head;
	u->ktail = ring->cq_tail;
	u->cqes = ring->cqes;
	u->cqe_mask = ring->cq_mask;
	u->kflags = ring->sq_flags;
	u->sq_ktail = ring->sq_tail;
	u->self = NULL;
	u->enter_fd = ring->enter_fd;
	u->enter_flags = IORING_ENTER_GETEVENTS | ring->enter_flags;
	memcpy(&u->prefix, &first, sizeof(u->prefix));
}

static int
register_with(const struct uring *u, unsigned int what, const void *arg, unsigned int count)
{
	int rc = io_uring_register((unsigned int)u->ring.fd, what, arg, count);

	return rc < 0 ? rc : 0;
}

/* Register what makes each command cheaper; optional */
static void
register_what_helps(struct uring *u)
{
	u->fixed_file = !register_with(u, IORING_REGISTER_FILES, &u->fd, 1);
	if (u->fixed_file) {
		add_feature(u, "registered_file");
	}
}

/* Requested by the user: failure is an error */
static int
register_buffers(struct uring *u)
{
	struct xnvme_dev *dev = u->q->dev;
	struct iovec region = {dev->registered, dev->registered_nbytes};
	int err = dev->registered ? register_with(u, IORING_REGISTER_BUFFERS, &region, 1) :
				    -ENODEV;

	u->fixed_bufs = !err;
	if (!dev->registered) {
		return 0;
	}
	if (err) {
		return err_set(err, "the kernel does not register %zu bytes of buffers (%s): raise "
			       "the limit of locked memory (ulimit -l), or set host_heap_size to "
			       "less", region.iov_len, strerror(-err));
	}
	add_feature(u, "registered_buffers");
	return 0;
}

static void
name_modes(struct uring *u)
{
	if (u->ring.setup_flags & IORING_SETUP_IOPOLL) {
		add_feature(u, "iopoll");
	}
	if (u->ring.setup_flags & IORING_SETUP_SQPOLL) {
		add_feature(u, "sqpoll");
	}
	add_feature(u, "batching");
	if (u->nap_ns) {
		add_feature(u, "naps");
	}
}

/* A submission thread of the kernel pays off if it and the submitter have one processor each */
static bool
poller_has_a_place(void)
{
	return 2 * (atomic_load_explicit(&process.pollers, memory_order_relaxed) + 1) <=
	       sysconf(_SC_NPROCESSORS_ONLN);
}

static void
exit_ring(struct uring *u)
{
	if (u->ring.setup_flags & IORING_SETUP_SQPOLL) {
		(void)atomic_fetch_sub_explicit(&process.pollers, 1, memory_order_relaxed);
	}
	kernel_ring_free(&u->ring);
}

int
uring_init(struct uring *u, struct xnvme_queue *q, int fd, uint32_t shape, bool buffers)
{
	uint32_t must = shape;
	int err;

	u->q = q;
	u->fd = fd;
	u->event_fd = -1;
	if ((q->opts & XNVME_QUEUE_IOPOLL || q->dev->opts.poll_io) && !u->is_side) {
		must |= IORING_SETUP_IOPOLL;
	}
	if ((q->opts & XNVME_QUEUE_SQPOLL || q->dev->opts.poll_sq) && !u->is_side) {
		must |= IORING_SETUP_SQPOLL;
	}
	err = -EINVAL;
	if (q->dev->opts.policy == XNVME_POLICY_THROUGHPUT && !u->is_side && poller_has_a_place()) {
		err = make_ring(u, must | IORING_SETUP_SQPOLL, true);
	}
	err = err ? make_ring(u, must, !u->is_side) : 0;
	if (err) {
		return uring_explain(shape, q->capacity, -err);
	}
	if (u->ring.setup_flags & IORING_SETUP_SQPOLL) {
		(void)atomic_fetch_add_explicit(&process.pollers, 1, memory_order_relaxed);
	}
	u->polled = must & IORING_SETUP_IOPOLL;
	register_what_helps(u);
	err = buffers ? register_buffers(u) : 0;
	if (err) {
		exit_ring(u);
		return err;
	}
	name_modes(u);
	learn_ring(u);
	return 0;
}

void
uring_fini(struct uring *u)
{
	/* The kernel frees a ring some time after it is closed, and a registered file with it: the
	 * device would stay busy that long. Unregistering fails for another thread's ring: then it
	 * stays busy. */
	if (u->fixed_file) {
		(void)register_with(u, IORING_UNREGISTER_FILES, NULL, 0);
	}
	exit_ring(u);
	if (u->event_fd >= 0) {
		(void)close(u->event_fd);
	}
}

/* The first use: a kernel that ties rings to threads ties this one to the calling thread */
static int
start(struct uring *u)
{
	int err = register_with(u, IORING_REGISTER_ENABLE_RINGS, NULL, 0);

	if (err) {
		return err_set(err, "the kernel does not start a ring: %s", strerror(-err));
	}
	u->started = true;
	u->bound = true;
	u->owner = thread_number();
	if (kernel_ring_register_fd(&u->ring)) {
		add_feature(u, "registered_ring");
		u->enter_fd = u->ring.enter_fd;
		u->enter_flags |= u->ring.enter_flags;
	}
	return 0;
}

/* The alarm belongs to the ring and is no command of the user */
static bool
is_command(const struct uring *u, const struct io_uring_sqe *sqe)
{
	return sqe->user_data != (uintptr_t)&u->alarm;
}

/* Outstanding commands, without those still to be submitted */
static uint32_t
commands_in_kernel(const struct uring *u)
{
	uint32_t count = u->q->outstanding;

	for (uint32_t at = u->submitted; at != u->tail; ++at) {
		count -= is_command(u, entry_at(u, at));
	}
	return count;
}

static int
tie_event(struct uring *u, int event_fd)
{
	int err = register_with(u, IORING_REGISTER_EVENTFD, &event_fd, 1);

	return err ? err_set(err, "the kernel does not tie an event descriptor to the ring: %s",
			     strerror(-err)) : 0;
}

/* Create a ring that any thread may use; `old` is the former content of `u` */
static int
make_free_ring(struct uring *u, const struct uring *old, uint32_t shape)
{
	int err = make_ring(u, shape, false);

	if (err) {
		return uring_explain(shape, u->q->capacity, -err);
	}
	register_what_helps(u);
	err = old->fixed_bufs ? register_buffers(u) : 0; /* entries that move may refer to them */
	if (!err && old->event_fd >= 0) {
		err = tie_event(u, old->event_fd); /* a thread waits on it */
	}
	if (err) {
		kernel_ring_free(&u->ring);
	}
	return err;
}

/* Copy the pending entries of the old ring, with the new ring's form of the descriptor */
static void
move_commands(struct uring *u, const struct uring *old)
{
	for (uint32_t at = old->submitted; at != old->tail; ++at) {
		const struct io_uring_sqe *from = entry_at(old, at);
		char *to = (char *)entry_at(u, u->tail);

		if (is_command(u, from)) {
			memcpy(to, from, (size_t)1 << u->sqe_shift);
			memcpy(to + 1, (char *)&u->prefix + 1, sizeof(u->prefix) - 1);
			u->tail += 1;
		}
	}
}

/*
 * Another thread uses the queue now, which a thread-bound ring refuses. While the kernel has no
 * command of it, a new ring, which any thread may use, replaces it; prepared entries move over.
 */
static int
move_ring(struct uring *u)
{
	uint32_t shape = u->ring.setup_flags & (IORING_SETUP_SQE128 | IORING_SETUP_CQE32);
	uint32_t in_kernel = commands_in_kernel(u);
	char names[sizeof(u->q->features)];
	struct uring old = *u;
	int err;

	if (in_kernel > 0) {
		return err_set(-EBUSY, "another thread has %u commands outstanding on this queue: "
			       "poke it there until there are none, then move it", in_kernel);
	}
	memcpy(names, u->q->features, sizeof(names));
	u->q->features[0] = '\0';
	u->bound = false;
	u->alarm_set = false; /* it stays in the old ring */
	err = make_free_ring(u, &old, shape);
	if (err) {
		*u = old;
		memcpy(u->q->features, names, sizeof(names));
		return err;
	}
	name_modes(u);
	learn_ring(u);
	if (shape & IORING_SETUP_SQE128) {
		uring_set_timeout(u, old.cmd_timeout_ms);
	}
	move_commands(u, &old);
	kernel_ring_free(&old.ring);
	return 0;
}

/* The kernel's thread takes entries itself; wake it when it sleeps */
static uint32_t
poller_flags(const struct uring *u)
{
	/* full: the tail is published before the flag is read; otherwise both sides could sleep */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return __atomic_load_n(u->kflags, __ATOMIC_RELAXED) & IORING_SQ_NEED_WAKEUP
		       ? IORING_ENTER_SQ_WAKEUP : 0;
}

/*
 * Bounds a nap, the sleep of a submission until something completes, by a timeout entry in the
 * ring. The timeout of the system call would be armed and disarmed with each call, which in a
 * virtual machine costs more than a read of a loop device. After the alarm has expired, the next
 * nap sets it again.
 */
static void
set_alarm(struct uring *u)
{
	struct io_uring_sqe *sqe = entry_at(u, u->tail);

	u->alarm_ts.tv_nsec = (long long)u->nap_ns;
	io_uring_prep_timeout(sqe, &u->alarm_ts, 0, 0);
	sqe->user_data = (uintptr_t)&u->alarm;
	u->alarm_set = true;
	u->tail += 1;
}

/* Check that the caller may enter the ring. The ring's thread uses the fast path of uring_poke()
 * from now on. */
static int
take_ring(struct uring *u)
{
	int err = u->started ? 0 : start(u);

	if (!err && u->bound && u->owner != thread_number()) {
		err = move_ring(u);
	}
	if (!err && u->bound && !u->nap_ns && u->event_fd < 0 && watch_thread()) {
		u->threads_ended = atomic_load_explicit(&process.threads_ended,
							memory_order_relaxed);
		u->self = __builtin_thread_pointer();
	}
	return err;
}

static int
enter_once(struct uring *u)
{
	bool naps = u->nap_ns != 0;
	uint32_t flags = u->enter_flags;
	uint32_t pending;

	if (naps && !u->alarm_set) {
		set_alarm(u);
	}
	pending = uring_pending(u);
	/* release: entries are filled before the kernel may take them */
	__atomic_store_n(u->sq_ktail, u->tail, __ATOMIC_RELEASE);
	if (u->ring.setup_flags & IORING_SETUP_SQPOLL) {
		u->submitted = u->tail;
		flags |= poller_flags(u);
	}
	return io_uring_enter((unsigned int)u->enter_fd, pending, naps, flags, NULL);
}

int
uring_entered(struct uring *u, int rc)
{
	if (rc >= 0) {
		u->submitted += (uint32_t)rc < uring_pending(u) ? (uint32_t)rc : uring_pending(u);
		return 0;
	}
	/* temporary conditions are no error */
	return rc == -EAGAIN || rc == -EBUSY || rc == -EINTR ? 0 :
	       err_set(rc, "the kernel refuses to take commands from a ring: %s", strerror(-rc));
}

int
uring_enter(struct uring *u)
{
	enum { MOST_IDLE = 2 }; /* enters without a completion, although the kernel reports work */
	int err = take_ring(u);
	int idle = 0;

	if (err) {
		return err;
	}
	do {
		uint32_t posted = __atomic_load_n(u->ktail, __ATOMIC_RELAXED);

		err = uring_entered(u, enter_once(u));
		idle = posted == __atomic_load_n(u->ktail, __ATOMIC_RELAXED) ? idle + 1 : 0;
		/* The kernel signals the event when work appears, but not when part of it remains:
		 * a thread that waits on the event would miss the rest. The flag may be stale: it
		 * is set after the work is queued, maybe when that is already done, and cleared by
		 * the next work only. */
	} while (!err && u->event_fd >= 0 && !uring_pending(u) && !uring_is_quiet(u) &&
		 idle < MOST_IDLE);
	return err;
}

int
uring_wait(struct uring *u, uint64_t timeout_ns)
{
	int err;

	if (uring_pending(u) || u->polled || (u->bound && u->owner != thread_number())) {
		err = uring_enter(u);
		if (err || u->polled) {
			return err; /* to wait on a polled ring, poll again */
		}
	}
	if (timeout_ns != UINT64_MAX && !(u->ring.features & IORING_FEAT_EXT_ARG)) {
		/* before Linux 5.11 the waiting call has no timeout */
		err = uring_is_empty(u) ? os_poll_readable(u->ring.fd, timeout_ns) : 0;
		return err < 0 ? err : 0;
	}
	err = kernel_ring_wait(&u->ring, timeout_ns);
	return err == -ETIME || err == -EINTR || err == -EAGAIN ? 0 : err;
}

int
uring_run(struct uring *u, const void *entry)
{
	int rc = kernel_ring_run(&u->ring, entry);

	u->tail = *u->sq_ktail;
	u->submitted = u->tail;
	return rc;
}

int
uring_event_fd(struct uring *u)
{
	int err;

	if (u->polled) {
		return err_set(-ENOTSUP, "a queue that polls the device has no event to wait for: "
			       "poke it, or open without poll_io");
	}
	/* a ring of another thread refuses this registration too */
	err = u->bound && u->owner != thread_number() ? move_ring(u) : 0;
	if (err) {
		return err;
	}
	u->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (u->event_fd < 0) {
		return err_set(-errno, "cannot make an event descriptor: %s", strerror(errno));
	}
	err = tie_event(u, u->event_fd);
	if (err) {
		(void)close(u->event_fd);
		u->event_fd = -1;
		return err;
	}
	u->eager = true;
	u->self = NULL; /* uring_enter() handles the event */
	u->nap_ns = 0; /* the user waits on the descriptor instead */
	return u->event_fd;
}
