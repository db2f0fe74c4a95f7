/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A ring shared with the kernel: what io_uring and io_uring_cmd have in common.
 *
 * The best set of features that the kernel has is taken and named in queue.features; what the
 * user insists on (polling) is refused with a reason when it cannot be had. Submissions are
 * batched: they are handed over when completions are asked for, in the same system call.
 *
 * Threads. A queue may move from one thread to another while nothing is outstanding. A kernel
 * that ties a ring to the thread that uses it first (SINGLE_ISSUER) is told about the first use
 * late, at the first submission; when another thread takes over, the ring is made anew.
 */
#ifndef PATH_LINUX_URING_H
#define PATH_LINUX_URING_H

#include <host/queue.h>
#include <path/linux/kernel_ring.h>

struct uring {
	/* hot */
	char *sqes;         /* the submission ring's entries; no entry is ever wanting, since there
			     * are as many as the queue has room for commands */
	uint32_t sqe_shift; /* log2 of an entry's bytes */
	uint32_t sqe_mask;
	uint32_t tail;      /* entries prepared, ever */
	uint32_t handed;    /* entries handed over, ever */
	uint64_t prefix;    /* an entry's first eight bytes but for the opcode: flags, descriptor */
	uint32_t *khead;    /* completions taken, ever; shared with the kernel */
	uint32_t *ktail;    /* completions posted, ever; shared with the kernel */
	struct io_uring_cqe *cqes;
	uint32_t cqe_mask;
	uint32_t *kflags;   /* what the kernel asks for; shared */
	int enter_fd;       /* what io_uring_enter is called with */
	uint32_t enter_flags;
	uint32_t *sq_ktail; /* entries that the kernel may take, ever; shared */
	const void *self;   /* the thread that may take the short way into the kernel; NULL: none */
	uint64_t threads_ended; /* uring_threads_ended when that was found out */
	struct xnvme_queue *q;
	uint64_t owner;     /* who may enter it, when `bound` */
	uint64_t nap_ns;    /* how long to sleep for a completion when handing over; 0: not */
	bool alarm_set;     /* a timeout is in the ring that ends a nap; see set_alarm() */

	struct kernel_ring ring; /* the whole; the hot fields above are copies of its */
	bool started;         /* a ring that was made disabled is enabled */
	bool bound;           /* only one thread may enter it */
	bool eager;           /* hand over at once: somebody sleeps on the event descriptor */
	bool polled;          /* completions appear only when the kernel is made to look */
	bool aside;           /* stands beside the queue's own ring: never polled, never bound */
	bool fixed_bufs;      /* the device's registered memory is buffer 0 of the ring */
	bool fixed_file;      /* the descriptor is number 0 of the ring's own table */
	uint32_t cmd_timeout_ms; /* what each entry for an NVMe command says */
	int fd;               /* what commands go to */
	int event_fd;         /* -1: none */
	struct __kernel_timespec alarm_ts;
	struct xnvme_cmd_ctx alarm; /* what the alarm's completion names: no command of anybody */
};

/* Can a ring of this `shape` be had at all? Asked at open, when another path may still be taken.
 * 0, or -errno with err_set(). */
int uring_try(uint32_t shape);

/* Why a ring cannot be had, and what would help; `err` is positive. Returns -err. */
int uring_explain(uint32_t shape, uint32_t entries, int err);

/* Makes a ring for `q` whose commands go to `fd`; `u` is zeroed but for nap_ns and aside. `shape`:
 * IORING_SETUP_SQE128 and the like, which must be had. `buffers`: register the device's memory, if
 * it has some for that. 0, or -errno with err_set(). */
int uring_init(struct uring *u, struct xnvme_queue *q, int fd, uint32_t shape, bool buffers);
void uring_fini(struct uring *u);

/* Hands over what is pending and has the kernel post what is complete. 0, or -errno with nothing
 * lost: the next call goes on where this one stopped. */
int uring_enter(struct uring *u);

/* Threads that took the short way and have ended. The next one may live at the same address; then
 * this differs from what the ring has noted. Relaxed will do: who gets the address of a thread that
 * has ended sees all that it did. */
extern uint64_t uring_threads_ended __attribute__((visibility("hidden")));

/* What is left to do after io_uring_enter() returned `rc` */
int uring_entered(struct uring *u, int rc);

/* Runs one command, which is alone in the ring, and takes its completion: see kernel_ring_run() */
int uring_run(struct uring *u, const void *entry);

/* For struct path: wait until something may be reaped; make an event descriptor */
int uring_wait(struct uring *u, uint64_t timeout_ns);
int uring_event_fd(struct uring *u);

/* For rings of NVMe commands: writes the timeout into all entries, where it stays */
void uring_set_timeout(struct uring *u, uint32_t timeout_ms);

/* Prepared, but not handed over */
static inline uint32_t
uring_pending(const struct uring *u)
{
	return u->tail - u->handed;
}

/* Does the kernel ask to be entered, for completions that it has not posted? */
static inline bool
uring_calls(const struct uring *u)
{
	uint32_t asks = IORING_SQ_CQ_OVERFLOW | IORING_SQ_TASKRUN;

	return __atomic_load_n(u->kflags, __ATOMIC_RELAXED) & asks;
}

/* May completions of a ring be looked for without entering the kernel? */
static inline bool
uring_is_quiet(const struct uring *u)
{
	return !u->polled && u->tail == u->handed && !uring_calls(u);
}

static inline bool
uring_is_empty(const struct uring *u)
{
	return *u->khead == __atomic_load_n(u->ktail, __ATOMIC_ACQUIRE);
}

/* May the caller enter the kernel without preparations? Asked before each system call. (A number in
 * thread-local storage would cost a little less, if it were static; but then the library could not
 * be loaded at run time, since it has more of that storage than is kept free.) */
static inline bool
uring_is_mine(const struct uring *u)
{
	return __builtin_expect(u->self == __builtin_thread_pointer() &&
				u->threads_ended == __atomic_load_n(&uring_threads_ended,
								    __ATOMIC_RELAXED), 1);
}

/* uring_enter() for those who do it for each poke. A bare system call: liburing's
 * general way to submit costs 40 instructions more. */
static inline int
uring_poke(struct uring *u)
{
	uint32_t tail = u->tail;
	uint32_t rc;

	if (!uring_is_mine(u)) {
		return uring_enter(u);
	}
	/* release: entries are filled before the kernel may take them */
	__atomic_store_n(u->sq_ktail, tail, __ATOMIC_RELEASE);
	rc = (uint32_t)io_uring_enter((unsigned int)u->enter_fd, tail - u->handed, 0,
				      u->enter_flags, NULL);
	if (__builtin_expect(u->handed + rc != u->tail, 0)) { /* fewer, or an error */
		return uring_entered(u, (int)rc);
	}
	u->handed += rc;
	return 0;
}

/* The same where nothing is pending: has the kernel post what is complete */
static inline int
uring_collect(struct uring *u)
{
	int rc;

	if (!uring_is_mine(u)) {
		return uring_enter(u);
	}
	rc = io_uring_enter((unsigned int)u->enter_fd, 0, 0, u->enter_flags, NULL);
	return __builtin_expect(rc, 0) ? uring_entered(u, rc) : 0;
}

/* An entry to fill for a command that is now outstanding: its first eight bytes (opcode, flags,
 * ioprio, descriptor) and its user_data, which is the context, are set. What lies behind byte 48
 * of an entry of 64 bytes is zero and is never written. */
static inline struct io_uring_sqe *
uring_sqe_of(struct uring *u, struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, uint64_t first,
	     uint32_t shift)
{
	char *entry = u->sqes + ((size_t)(u->tail & u->sqe_mask) << shift);
	struct io_uring_sqe *sqe = (struct io_uring_sqe *)(void *)entry;

	__builtin_memcpy(sqe, &first, sizeof(first));
	sqe->user_data = (uintptr_t)ctx;
	u->tail += 1;
	q->outstanding += 1;
	return sqe;
}

/* Does `buf` lie in the memory that the ring has registered? Asked only when `fixed_bufs`. The
 * kernel checks the length. */
static inline bool
uring_is_fixed(const struct xnvme_dev *dev, const void *buf)
{
	return (uintptr_t)buf - (uintptr_t)dev->registered < dev->registered_nbytes;
}

static inline struct io_uring_sqe *
uring_sqe(struct uring *u, struct xnvme_cmd_ctx *ctx, struct xnvme_queue *q, uint8_t opcode)
{
	return uring_sqe_of(u, ctx, q, u->prefix | opcode, u->sqe_shift);
}

/* After the entry is filled. An error of the kernel is not the command's: it stays pending. */
static inline int
uring_submitted(struct uring *u)
{
	if (__builtin_expect(u->eager, 0)) {
		(void)uring_enter(u);
	}
	return 0;
}

#endif /* PATH_LINUX_URING_H */
