/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A ring shared with the kernel: the common part of io_uring and io_uring_cmd.
 *
 * The best set of features that the kernel supports is used and listed in queue.features. A feature
 * that the user requires (polling) is refused with a reason when it is unavailable. Submissions are
 * batched: they are passed to the kernel when completions are requested, in the same system call.
 *
 * Threads. A queue may move from one thread to another while nothing is outstanding. A kernel that
 * ties a ring to the thread that uses it first (SINGLE_ISSUER) gets that first use late, at the
 * first submission; when another thread takes over, a new ring is created.
 */
#ifndef PATH_LINUX_URING_H
#define PATH_LINUX_URING_H

#include <host/process.h>
#include <host/queue.h>
#include <path/linux/kernel_ring.h>
#include <base/likely.h>

struct uring {
	/* hot */
	char *sqes;         /* entries of the submission ring; one is always free, since there are
			     * as many as the queue's capacity */
	uint32_t sqe_shift; /* log2 of an entry's bytes */
	uint32_t sqe_mask;
	uint32_t tail;      /* entries prepared, ever */
	uint32_t submitted;    /* entries submitted, ever */
	uint64_t prefix;    /* first eight bytes of an entry except the opcode: flags, descriptor */
	uint32_t *khead;    /* completions taken, ever; shared with the kernel */
	uint32_t *ktail;    /* completions posted, ever; shared with the kernel */
	struct io_uring_cqe *cqes;
	uint32_t cqe_mask;
	uint32_t *kflags;   /* requests of the kernel; shared */
	int enter_fd;       /* descriptor or index for io_uring_enter() */
	uint32_t enter_flags;
	uint32_t *sq_ktail; /* entries that the kernel may take, ever; shared */
	const void *self;   /* the thread that may use the fast path into the kernel; NULL: none */
	uint64_t threads_ended; /* process.threads_ended when `self` was set */
	struct xnvme_queue *q;
	uint64_t owner;     /* the thread that may enter it, when `bound` */
	uint64_t nap_ns;    /* sleep at most so long for a completion when submitting; 0: none */
	bool alarm_set;     /* the timeout that ends a nap is in the ring; see set_alarm() */

	struct kernel_ring ring; /* the ring; the hot fields above are copies from it */
	bool started;         /* a ring that was created disabled is enabled */
	bool bound;           /* only one thread may enter it */
	bool eager;           /* submit at once: a thread waits on the event descriptor */
	bool polled;          /* completions appear only when the kernel polls for them */
	bool is_side;         /* second ring of a queue: never polled, never bound */
	bool fixed_bufs;      /* the device's registered memory is buffer 0 of the ring */
	bool fixed_file;      /* the descriptor is number 0 of the ring's own table */
	uint32_t cmd_timeout_ms; /* timeout of each entry for an NVMe command */
	int fd;               /* target of the commands */
	int event_fd;         /* -1: none */
	struct __kernel_timespec alarm_ts;
	struct xnvme_cmd_ctx alarm; /* user_data of the alarm's completion; no command of the
				     * user */
};

/* Can a ring of this `shape` be created? Checked at open, when another path can still be chosen. 0,
 * or -errno with err_set(). */
int uring_try(uint32_t shape);

/* Explain why a ring cannot be created, and what helps; `err` is positive. Returns -err. */
int uring_explain(uint32_t shape, uint32_t entries, int err);

/* Create a ring for `q` whose commands go to `fd`; `u` is zeroed except for nap_ns and is_side.
 * `shape`: required flags, IORING_SETUP_SQE128 and the like. `buffers`: register the device's
 * memory, if it has any for that. 0, or -errno with err_set(). */
int uring_init(struct uring *u, struct xnvme_queue *q, int fd, uint32_t shape, bool buffers);
void uring_fini(struct uring *u);

/* Submit pending entries and have the kernel post completions. 0, or -errno with nothing lost: the
 * next call continues. */
int uring_enter(struct uring *u);

/* Handle the result `rc` of io_uring_enter() */
int uring_entered(struct uring *u, int rc);

/* Run one command in an otherwise empty ring and take its completion: see kernel_ring_run() */
int uring_run(struct uring *u, const void *entry);

/* For struct path: wait for completions; create an event descriptor */
int uring_wait(struct uring *u, uint64_t timeout_ns);
int uring_event_fd(struct uring *u);

/* For rings of NVMe commands: write the timeout into all entries, where it stays */
void uring_set_timeout(struct uring *u, uint32_t timeout_ms);

/* Number of entries that are prepared but not submitted */
static inline uint32_t
uring_pending(const struct uring *u)
{
	return u->tail - u->submitted;
}

/* Does the kernel request to be entered, for completions that it has not posted? */
static inline bool
uring_calls(const struct uring *u)
{
	uint32_t asks = IORING_SQ_CQ_OVERFLOW | IORING_SQ_TASKRUN;

	return __atomic_load_n(u->kflags, __ATOMIC_RELAXED) & asks;
}

/* Can completions be read without entering the kernel? */
static inline bool
uring_is_quiet(const struct uring *u)
{
	return !u->polled && u->tail == u->submitted && !uring_calls(u);
}

static inline bool
uring_is_empty(const struct uring *u)
{
	return *u->khead == __atomic_load_n(u->ktail, __ATOMIC_ACQUIRE);
}

/* May the caller enter the kernel without preparations? Checked before each system call. (An index
 * in thread-local storage would cost a little less, if it were static; but then the library could
 * not be loaded at run time, since it needs more of that storage than the loader reserves.) */
static inline bool
uring_is_mine(const struct uring *u)
{
	return LIKELY(u->self == __builtin_thread_pointer() &&
		      u->threads_ended == atomic_load_explicit(&process.threads_ended,
							       memory_order_relaxed));
}

/* Fast path of uring_enter(), for each poke. A bare system call: liburing's general submit function
 * costs 40 instructions more. */
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
	rc = (uint32_t)io_uring_enter((unsigned int)u->enter_fd, tail - u->submitted, 0,
				      u->enter_flags, NULL);
	if (UNLIKELY(u->submitted + rc != u->tail)) { /* fewer, or an error */
		return uring_entered(u, (int)rc);
	}
	u->submitted += rc;
	return 0;
}

/* The same with nothing pending: have the kernel post completions */
static inline int
uring_collect(struct uring *u)
{
	int rc;

	if (!uring_is_mine(u)) {
		return uring_enter(u);
	}
	rc = io_uring_enter((unsigned int)u->enter_fd, 0, 0, u->enter_flags, NULL);
	return UNLIKELY(rc) ? uring_entered(u, rc) : 0;
}

/* Take an entry for a command, which is outstanding from now on: its first eight bytes (opcode,
 * flags, ioprio, descriptor) and its user_data, the context, are set. Bytes from 48 on of an entry
 * of 64 bytes are zero and never written. */
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

/* Is `buf` in the memory that the ring has registered? Called only when `fixed_bufs`. The kernel
 * checks the length. */
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

/* After the entry is filled. An error of the kernel does not fail the command: it stays pending. */
static inline int
uring_submitted(struct uring *u)
{
	if (UNLIKELY(u->eager)) {
		(void)uring_enter(u);
	}
	return 0;
}

#endif /* PATH_LINUX_URING_H */
